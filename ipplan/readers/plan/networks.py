"""What may be written in a plan of networks that are to be laid out."""

# ruff: noqa: RUF012  # pydantic copies the lists that are defaults

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, Strict, WithJsonSchema, model_validator

from ipplan.counts import CEILING
from ipplan.features import FEATURES
from ipplan.layouts.demands.endpoints import ENDPOINTS
from ipplan.layouts.demands.services import SERVICES
from ipplan.limits import LARGEST_SUBNET, SMALLEST_SUBNET
from ipplan.readers.plan.bases import AT_LEAST_ONE, ONCE, Entry, NamedEntry
from ipplan.readers.plan.clusters import POLICY, ClusterFields, PoolFields
from ipplan.readers.plan.entries import PlanFile
from ipplan.readers.plan.looks import (
    Block,
    Count,
    FileName,
    Label,
    Name,
    PodBlock,
    Region,
    Service,
    ServiceFamily,
    Truth,
    VNetId,
    VNetReference,
    enum,
    word_of,
)

MOST_GROWTH = 1_000
"""Growth beyond it is a mistake. [%]"""

_GROWTH = re.compile(r"[0-9]{1,4}%", re.ASCII)
_LENGTH = re.compile(r"/[0-9]{1,3}", re.ASCII)
_POLICIES = [each.removeprefix(POLICY) for each in FEATURES if each.startswith(POLICY)]


def _percentage(value: Any) -> Any:
    """The number of a percentage."""
    if not isinstance(value, str) or not _GROWTH.fullmatch(value):
        message = "expected a percentage such as 20%"
        raise ValueError(message)
    return int(value[:-1])


def _length(value: Any) -> Any:
    """The number of a prefix length, which people write with a slash or without."""
    is_text = isinstance(value, str)
    return int(value[1:]) if is_text and _LENGTH.fullmatch(value) else value


_PERCENT = {"type": "string", "pattern": "^[0-9]+%$"}
_SLASH = {"type": ["integer", "string"], "pattern": "^/[0-9]+$"}

Growth = Annotated[
    int,
    Field(le=MOST_GROWTH),
    BeforeValidator(_percentage),
    WithJsonSchema(_PERCENT),
]
Length = Annotated[
    int,
    Strict(),
    Field(ge=LARGEST_SUBNET.value, le=SMALLEST_SUBNET.value),
    BeforeValidator(_length),
    WithJsonSchema(_SLASH),
]
Some = Annotated[int, Strict(), Field(ge=1, le=CEILING)]
ServiceKind = Annotated[str, word_of(SERVICES), enum(SERVICES)]
EndpointKind = Annotated[str, word_of(ENDPOINTS), enum(ENDPOINTS)]
Policy = Annotated[str, word_of(_POLICIES), enum(_POLICIES)]


class PlannedSubnetEntry(Entry):
    """A subnet for whatever people put into it."""

    name: Name
    """Its name."""
    prefix: Length | None = None
    """Its prefix length, such as /26."""
    hosts: Some | None = None
    """Addresses that it must have for use, in place of prefix."""
    delegated_to: Service | None = None
    """The service that it is delegated to."""
    service_endpoints: list[ServiceFamily] = []
    """Services that it has endpoints of, such as Microsoft.Storage."""

    @model_validator(mode="after")
    def sized_once(self) -> Self:
        """By its prefix length or by its hosts."""
        if self.prefix is not None and self.hosts is not None:
            message = "prefix or hosts, and not both"
            raise ValueError(message)
        return self


class ServiceEntry(Entry):
    """Something that takes a subnet of its own."""

    kind: ServiceKind
    """What it is."""
    count: Some = 1
    """How many of what it consists of: instances, machines, front ends."""
    name: Name | None = None
    """The name of its subnet; left out: as it is usual, or as Azure wants it."""
    prefix: Length | None = None
    """The prefix length of its subnet; left out: by the rule of its kind."""
    private_front_end: Truth = False
    """Of an Application Gateway: whether it has one, which takes an address more."""

    @model_validator(mode="after")
    def called_as_it_must(self) -> Self:
        """By the name that Azure wants, where it wants one."""
        row = SERVICES[self.kind]
        if self.name and row.imposed and self.name.lower() != row.subnet.lower():
            message = f"name: Azure wants {row.subnet} here, not {self.name}"
            raise ValueError(message)
        return self


class EndpointEntry(Entry):
    """Private endpoints of one kind of resource."""

    kind: EndpointKind
    """What they lead to."""
    count: Some = 1
    """How many resources have one."""
    replicas: Count = 0
    """Regions beside its own that a registry is replicated to."""


class IngressEntry(Entry):
    """What lets requests into a cluster."""

    kind: Literal[
        "application-gateway",
        "application-gateway-for-containers",
        "ingress-controller",
    ]
    """An Application Gateway has a subnet of its own, an ingress controller has the \
front end of an internal load balancer."""
    instances: Some = 1
    """Of an Application Gateway: instances at the most."""
    private_front_end: Truth = False
    """Of an Application Gateway: whether it has one, which takes an address more."""
    subnet: Name | None = None
    """The name of its subnet; left out: CLUSTER-application-gateway and the like."""


class PlannedPoolEntry(PoolFields):
    """A node pool."""

    subnet: Name | None = None
    """The name of its node subnet; left out: the cluster's."""
    pod_subnet: Name | None = None
    """The name of its pod subnet; left out: the cluster's."""


class PlannedClusterEntry(ClusterFields[PlannedPoolEntry]):
    """A cluster that stands in the network, or is to."""

    subnet: Name | None = None
    """The name of its node subnet; left out: CLUSTER-nodes."""
    pod_subnet: Name | None = None
    """The name of its pod subnet, where the model has one; left out: CLUSTER-pods."""
    api_server_subnet: Name | None = None
    """The name of the subnet of its API server; left out: CLUSTER-api-server."""
    pod_cidr: PodBlock | None = None
    """Its pod CIDR; left out: chosen, where the model has one."""
    service_cidr: Block | None = None
    """Its service CIDR; left out: chosen."""
    growth: Growth | None = None
    """Nodes of each pool that may be added later, such as 20%; their addresses are \
kept."""
    twin: Literal["blue-green"] | None = None
    """Two clusters, CLUSTER-blue and CLUSTER-green, with subnets of their own; they \
have the same pod CIDR."""
    dual_stack: Truth | None = None
    """Whether its nodes and pods have IPv6 as well; left out: as its network."""
    vnet_integration: Truth = False
    """Whether its API server has a subnet (API Server VNet Integration)."""
    network_policy: Policy | None = None
    """The engine of its network policy."""
    internal_load_balancers: Count = 0
    """Front ends of its internal load balancers. [addresses]"""
    load_balancer_subnet: Name | None = None
    """The name of their subnet; left out: CLUSTER-load-balancers."""
    private_link_services: Count = 0
    """Private Link services in front of it."""
    private_link_subnet: Name | None = None
    """The name of their subnet; left out: CLUSTER-private-links."""
    ingress: IngressEntry | None = None
    """What lets requests in."""
    virtual_nodes: Count = 0
    """Container groups that its virtual nodes run."""
    virtual_node_subnet: Name | None = None
    """The name of their subnet; left out: CLUSTER-virtual-nodes."""
    ports_per_node: Some | None = None
    """SNAT ports that a node is given; left out: by AKS's own table."""

    @model_validator(mode="after")
    def of_two_names(self) -> Self:
        """Twins have no id that both could have."""
        if self.twin and self.id:
            message = "twin: two clusters can't have one id: write its name"
            raise ValueError(message)
        return self

    def policies(self) -> list[str]:
        """Network policy engines that it asks for."""
        own = [self.network_policy] if self.network_policy else []
        return list(dict.fromkeys([*own, *super().policies()]))


class FailoverEntry(Entry):
    """Where everything of a network stands again, to take its load."""

    name: Name
    """The name of the other network."""
    resource_group: Name | None = None
    """Its resource group; left out: that of the first."""
    location: Region
    """Its region."""
    ranges: list[Block] = []
    """Its address space; left out: drawn from the pools."""
    pool: Label | None = None
    """The address pool to draw from; left out: as for the first."""
    hub: VNetReference | None = None
    """The network that it is a spoke of; left out: the hub of the first."""
    load: Literal["shared", "standby"] = "shared"
    """Whether both carry load, so that each has room for that of both; or one waits."""
    suffix: Annotated[Name, Field(max_length=20)] | None = None
    """What the names of its clusters end in; left out: dr, after a hyphen."""


class NetworkEntry(NamedEntry):
    """A network that is to be laid out; what exists of it stays as it is."""

    id: VNetId | None = None
    """Its resource id, in place of name and resource group."""
    location: Region | None = None
    """Its region."""
    ranges: list[Block] = []
    """Its address space; left out: as it exists, or drawn from the pools."""
    pool: Label | None = None
    """The address pool to draw from; left out: any that is for VNets."""
    dual_stack: Truth = False
    """Whether it has IPv6 as well."""
    hub: VNetReference | None = None
    """The network that it is a spoke of: it is peered with it, and uses its gateway."""
    failover: FailoverEntry | None = None
    """Another network, in which everything stands again."""
    services: list[ServiceEntry] = []
    """What takes a subnet of its own: firewall, Bastion, gateways, machines."""
    subnets: Annotated[list[PlannedSubnetEntry], ONCE] = []
    """Subnets for anything else."""
    private_endpoints: list[EndpointEntry] = []
    """Private endpoints, which share a subnet."""
    private_endpoint_subnet: Name = "private-endpoints"
    """The name of that subnet."""
    clusters: Annotated[list[PlannedClusterEntry], ONCE] = []
    """Clusters in it."""
    pinned: dict[Name, Annotated[list[Block], AT_LEAST_ONE]] = {}
    """Ranges of subnets that are fixed, by the names of these."""


class LayoutFile(PlanFile):
    """Networks that are to be laid out, and what stands around them."""

    name: Label | None = None
    """What the plan is called; left out: as its file, without the ending."""
    existing: list[FileName] = []
    """Files and folders of what exists, as ipplan check reads them; paths are from \
this file's folder."""
    networks: Annotated[list[NetworkEntry], AT_LEAST_ONE, ONCE]
    """Networks that are to be laid out."""
