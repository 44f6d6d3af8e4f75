"""What may be written of clusters and node pools in ipplan's own YAML."""

# ruff: noqa: RUF012  # pydantic copies the lists that are defaults

from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import model_validator

from ipplan.features import FEATURES
from ipplan.inventory.pools import DEFAULT_SURGE, Priority, System
from ipplan.models import MODELS, Home
from ipplan.readers.plan.bases import AT_LEAST_ONE, ONCE, Entry, NamedEntry
from ipplan.readers.plan.looks import (
    Address,
    Block,
    ClusterId,
    Count,
    Hosts,
    MaxPods,
    Name,
    OwnZone,
    PodBlock,
    Region,
    SubnetReference,
    SurgeText,
    Truth,
    Version,
    enum,
    in_any_capitals,
    word_of,
    words,
)

Model = Annotated[str, word_of(MODELS), enum(MODELS)]
Feature = Annotated[str, word_of(FEATURES), enum(FEATURES)]
_Outbound = Literal[
    "loadBalancer",
    "managedNATGateway",
    "managedNATGatewayV2",
    "userAssignedNATGateway",
    "userDefinedRouting",
    "none",
    "block",
]
OutboundType = Annotated[_Outbound, in_any_capitals(_Outbound), words(_Outbound)]
_Identity = Literal["SystemAssigned", "UserAssigned", "ServicePrincipal"]
Identity = Annotated[_Identity, in_any_capitals(_Identity), words(_Identity)]

POLICY = "network-policy="
"""How the features begin of which a cluster has one at most."""


class PoolFields(Entry):
    """What is written of a node pool, wherever it stands."""

    name: Name
    """Its name."""
    nodes: Count
    """Nodes at the most: the autoscaler's maximum where there is one."""
    nodes_now: Count | None = None
    """Nodes that it has now; left out: not known."""
    max_pods: MaxPods | None = None
    """Max pods of a node; left out: the network model's default."""
    pods_per_node: Count | None = None
    """Pods on a node that need an address; left out: as many as can run."""
    max_surge: SurgeText = DEFAULT_SURGE
    """Nodes that an upgrade adds: a number, or a percentage; left out: 10%."""
    os: System = "linux"
    """The system of its nodes."""
    priority: Priority = "regular"
    """Spot pools never surge."""
    mode: Literal["system", "user"] | None = None
    """Whether it runs what AKS itself needs."""
    subnet: str | None = None
    """Its node subnet; left out: the cluster's."""
    pod_subnet: str | None = None
    """Its pod subnet; left out: the cluster's."""

    @model_validator(mode="after")
    def consistent(self) -> Self:
        """No more nodes now than there will be at the most."""
        if self.nodes_now is not None and self.nodes_now > self.nodes:
            message = f"nodes_now: {self.nodes_now} is more than nodes: {self.nodes}"
            raise ValueError(message)
        return self


PoolKind = TypeVar("PoolKind", bound=PoolFields)


class ClusterFields(NamedEntry, Generic[PoolKind]):
    """What is written of a cluster, wherever it stands."""

    id: ClusterId | None = None
    """Its resource id, in place of name and resource group."""
    model: Model
    """Its network model."""
    pools: Annotated[list[PoolKind], AT_LEAST_ONE, ONCE]
    """Its node pools."""
    subnet: str | None = None
    """Node subnet of the pools that name none."""
    pod_subnet: str | None = None
    """Pod subnet of the pools that name none."""
    pod_cidr: PodBlock | None = None
    """Its pod CIDR; left out: AKS's default where the model has one."""
    pod_cidrs: Annotated[list[PodBlock], AT_LEAST_ONE] | None = None
    """Its pod CIDRs of both families, in place of pod_cidr."""
    service_cidr: Block | None = None
    """Its service CIDR; left out: AKS's default."""
    service_cidrs: Annotated[list[Block], AT_LEAST_ONE] | None = None
    """Its service CIDRs of both families, in place of service_cidr."""
    dns_service_ip: Address | None = None
    """The address of its DNS service, out of the service CIDR."""
    private: Truth = False
    """Whether its API server has no public address."""
    private_dns_zone: OwnZone | None = None
    """Of a private cluster: system, none, or a private DNS zone."""
    public_fqdn: Truth | None = None
    """Whether a private cluster has a public name all the same."""
    api_server_subnet: str | None = None
    """The subnet of its API server, in API Server VNet Integration."""
    authorized_ranges: Hosts = []
    """Who may reach a public API server; left out: everybody."""
    outbound_type: OutboundType | None = None
    """How its traffic leaves, in AKS's words."""
    egress_ips: Hosts = []
    """Public addresses that its traffic leaves from, where nothing else shows them."""
    load_balancer_services: Count | None = None
    """Services of type LoadBalancer that it runs."""
    load_balancer_ports: Count | None = None
    """Ports of all of these services together."""
    identity: Identity | None = None
    """What it acts as."""
    location: Region | None = None
    """Its region."""
    kubernetes_version: Version | None = None
    """Its version of Kubernetes, in quotes."""
    node_resource_group: Name | None = None
    """The resource group of its nodes; left out: as AKS names it."""
    needs: list[Feature] = []
    """Features that it uses and not every model has."""

    @model_validator(mode="after")
    def consistent(self) -> Self:
        """No range twice, and none that the model does not have."""
        for name in ("pod_cidr", "service_cidr"):
            if getattr(self, name) and getattr(self, f"{name}s"):
                message = f"{name} or {name}s, and not both"
                raise ValueError(message)
        home = MODELS[self.model].home
        subnets = [self.pod_subnet, *(pool.pod_subnet for pool in self.pools)]
        wrong = {
            "pod CIDR": home is not Home.POD_CIDR and (self.pod_cidr or self.pod_cidrs),
            "pod subnet": home is not Home.POD_SUBNET and any(subnets),
        }
        for what, is_wrong in wrong.items():
            if is_wrong:
                message = f"{self.model} has no {what}: pods live in the {home.words}"
                raise ValueError(message)
        return self

    @model_validator(mode="after")
    def of_one_policy(self) -> Self:
        """One network policy engine at most."""
        asked = self.policies()
        if len(asked) > 1:
            message = f"needs: one network policy, and not {' and '.join(asked)}"
            raise ValueError(message)
        return self

    def policies(self) -> list[str]:
        """Network policy engines that it asks for."""
        asked = [need.removeprefix(POLICY) for need in self.needs if POLICY in need]
        return list(dict.fromkeys(asked))


class PoolEntry(PoolFields):
    """A node pool."""

    subnet: SubnetReference | None = None
    """Its node subnet; left out: the cluster's."""
    pod_subnet: SubnetReference | None = None
    """Its pod subnet; left out: the cluster's."""


class ClusterEntry(ClusterFields[PoolEntry]):
    """A cluster that no file shows, or that is to be."""

    subnet: SubnetReference | None = None
    """Node subnet of the pools that name none."""
    pod_subnet: SubnetReference | None = None
    """Pod subnet of the pools that name none."""
    api_server_subnet: SubnetReference | None = None
    """The subnet of its API server, in API Server VNet Integration."""
