"""What may be written in ipplan's own YAML: a class an entry, a docstring a key.

The JSON Schema, the reference page and the messages are made from these classes.
"""

from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.json_schema import GenerateJsonSchema

from ipplan.features import FEATURES
from ipplan.inventory.externals import GroupKind, Holds
from ipplan.inventory.pools import DEFAULT_SURGE, Priority, System
from ipplan.models import MODELS, Home
from ipplan.readers.plan.looks import (
    Block,
    ClusterId,
    Count,
    Hosts,
    Label,
    MaxPods,
    MemberReference,
    Name,
    OwnZone,
    Place,
    PodBlock,
    Service,
    SubnetReference,
    SurgeText,
    Truth,
    VNetId,
    VNetReference,
    Zone,
    enum,
    word_of,
)
from ipplan.readers.readings import CLUSTER, VNET
from ipplan.readers.spellings import type_of
from ipplan.surges import Surge

Model = Annotated[str, word_of(MODELS), enum(MODELS)]
Feature = Annotated[str, word_of(FEATURES), enum(FEATURES)]


def _named_once(entries: list[Any]) -> list[Any]:
    """Entries of which no two are called the same."""
    seen: set[str] = set()
    for entry in entries:
        called: str = entry.called()
        if called.lower() in seen:
            message = f"two are called {called}"
            raise ValueError(message)
        seen.add(called.lower())
    return entries


ONCE = AfterValidator(_named_once)
AT_LEAST_ONE = Field(min_length=1)


class Entry(BaseModel):
    """An entry: keys that it does not have are refused."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class OnPremisesEntry(Entry):
    """A network outside Azure, or one in Azure that no file lists."""

    name: Label
    """What people call it; jump boxes and build agents name it so."""
    ranges: Annotated[list[Block], AT_LEAST_ONE]
    """What is routed there, IPv4 and IPv6."""
    attached_to: list[VNetReference] | None = None
    """VNets in which its VPN or ExpressRoute ends. Left out: every VNet reaches it, \
without reaching the others through it. Empty: none does."""
    holds: list[Holds] = []
    """What in it must stay reachable."""

    def called(self) -> str:
        """What sets it apart."""
        return self.name


class GroupEntry(Entry):
    """Networks or clusters that something joins without peerings of their own."""

    name: Label
    """What people call it."""
    kind: GroupKind
    """A Virtual WAN and a connected group of Network Manager join VNets; a mesh joins \
the pods of clusters."""
    members: Annotated[list[MemberReference], AT_LEAST_ONE]
    """VNets; clusters in a pod mesh."""

    @model_validator(mode="after")
    def fitting(self) -> Self:
        """Ids of VNets, or of clusters in a mesh."""
        kind = self.joins()
        for each in self.members:
            if each.startswith("/") and type_of(each) != kind:
                message = f"a {self.kind} joins resources of {kind}, not {each}"
                raise ValueError(message)
        return self

    def joins(self) -> str:
        """The type of what it joins."""
        return CLUSTER if self.kind == "pod-mesh" else VNET

    def called(self) -> str:
        """What sets it apart."""
        return self.name


class ClientEntry(Entry):
    """A machine from which people or pipelines reach API servers."""

    name: Label
    """What people call it."""
    network: Place
    """The VNet, or the network on premises, that it stands in."""
    dns_zones: list[Zone] = []
    """Private DNS zones that its network resolves."""

    def called(self) -> str:
        """What sets it apart."""
        return self.name


class SubnetEntry(Entry):
    """A subnet."""

    name: Name
    """Its name."""
    ranges: Annotated[list[Block], AT_LEAST_ONE]
    """Its address prefixes."""
    delegated_to: Service | None = None
    """The service that it is delegated to, such as \
Microsoft.ContainerService/managedClusters."""
    used: Count | None = None
    """Addresses that are taken, without Azure's five; left out: not known."""

    def called(self) -> str:
        """What sets it apart."""
        return self.name


class NamedEntry(Entry):
    """A resource that is named by its name or by its id."""

    name: Name | None = None
    """Its name; left out where there is an id."""
    resource_group: Name | None = None
    """Its resource group, where that matters."""

    def called(self) -> str:
        """What sets it apart."""
        identity: str | None = getattr(self, "id", None)
        return identity or f"{self.resource_group or ''}/{self.name}"

    @model_validator(mode="after")
    def named(self) -> Self:
        """A name or an id, and not both."""
        by_id = getattr(self, "id", None) is not None
        if by_id and (self.name or self.resource_group):
            message = "an id has the name and the resource group: leave those out"
            raise ValueError(message)
        if not by_id and not self.name:
            message = "needs a name, or an id"
            raise ValueError(message)
        return self


class VNetEntry(NamedEntry):
    """A VNet that no file shows, or that is to be."""

    id: VNetId | None = None
    """Its resource id, in place of name and resource group."""
    ranges: Annotated[list[Block], AT_LEAST_ONE]
    """Its address space."""
    subnets: Annotated[list[SubnetEntry], ONCE] = []
    """Its subnets."""


class PeeringEntry(Entry):
    """A peering as it is intended, both of its directions."""

    between: Annotated[list[VNetReference], Field(min_length=2, max_length=2)]
    """The two VNets."""
    forwarded_traffic: Truth = False
    """Whether each lets in what the other only forwards."""
    gateway_transit: VNetReference | None = None
    """The one of the two that lends its gateway; the other uses it."""
    only_subnets: dict[VNetReference, Annotated[list[Name], AT_LEAST_ONE]] | None = None
    """In a subnet peering, the names of the subnets that take part, for each of the \
two; left out: the whole of both."""
    ipv6_only: Truth = False
    """Whether only IPv6 takes part."""

    @model_validator(mode="after")
    def consistent(self) -> Self:
        """Two VNets, and no third one."""
        if len({each.lower() for each in self.between}) == 1:
            message = "between: a VNet is not peered with itself"
            raise ValueError(message)
        if self.gateway_transit not in {None, *self.between}:
            message = f"gateway_transit: expected one of {', '.join(self.between)}"
            raise ValueError(message)
        if self.only_subnets and set(self.only_subnets) != set(self.between):
            message = f"only_subnets: expected a list for {' and '.join(self.between)}"
            raise ValueError(message)
        return self

    def called(self) -> str:
        """What sets it apart."""
        return " and ".join(sorted(each.lower() for each in self.between))


class PoolEntry(Entry):
    """A node pool."""

    name: Name
    """Its name."""
    nodes: Count
    """Nodes at the most: the autoscaler's maximum where there is one."""
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
    subnet: SubnetReference | None = None
    """Its node subnet; left out: the cluster's."""
    pod_subnet: SubnetReference | None = None
    """Its pod subnet; left out: the cluster's."""

    def called(self) -> str:
        """What sets it apart."""
        return self.name


class ClusterEntry(NamedEntry):
    """A cluster that no file shows, or that is to be."""

    id: ClusterId | None = None
    """Its resource id, in place of name and resource group."""
    model: Model
    """Its network model."""
    pools: Annotated[list[PoolEntry], AT_LEAST_ONE, ONCE]
    """Its node pools."""
    subnet: SubnetReference | None = None
    """Node subnet of the pools that name none."""
    pod_subnet: SubnetReference | None = None
    """Pod subnet of the pools that name none."""
    pod_cidr: PodBlock | None = None
    """Its pod CIDR; left out: AKS's default where the model has one."""
    pod_cidrs: Annotated[list[PodBlock], AT_LEAST_ONE] | None = None
    """Its pod CIDRs of both families, in place of pod_cidr."""
    service_cidr: Block | None = None
    """Its service CIDR; left out: AKS's default."""
    service_cidrs: Annotated[list[Block], AT_LEAST_ONE] | None = None
    """Its service CIDRs of both families, in place of service_cidr."""
    private: Truth = False
    """Whether its API server has no public address."""
    private_dns_zone: OwnZone | None = None
    """Of a private cluster: system, none, or the id of a private DNS zone."""
    api_server_subnet: SubnetReference | None = None
    """The subnet of its API server, in API Server VNet Integration."""
    authorized_ranges: Hosts = []
    """Who may reach a public API server; left out: everybody."""
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


class PlanFile(Entry):
    """What stands in no export of Azure's: on-premises, and what is intended."""

    ipplan: Literal[1] = 1
    """The version of this format."""
    on_premises: Annotated[list[OnPremisesEntry], ONCE] = []
    """Networks outside Azure, and others that no file lists."""
    owned_public_ranges: list[Block] = []
    """Public ranges that are your own."""
    groups: Annotated[list[GroupEntry], ONCE] = []
    """What joins networks without peerings of their own."""
    jump_boxes: Annotated[list[ClientEntry], ONCE] = []
    """Machines from which people reach API servers."""
    build_agents: Annotated[list[ClientEntry], ONCE] = []
    """Machines from which pipelines reach API servers."""
    vnets: Annotated[list[VNetEntry], ONCE] = []
    """VNets beside those that files show."""
    peerings: Annotated[list[PeeringEntry], ONCE] = []
    """Peerings that are intended."""
    clusters: Annotated[list[ClusterEntry], ONCE] = []
    """Clusters beside those that files show."""


class _Schema(GenerateJsonSchema):
    """The schema as people read it: no null, which a file can't have, and no titles."""

    def nullable_schema(self, schema: Any) -> dict[str, Any]:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: Any) -> dict[str, Any]:
        if schema.get("default") is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def encode_default(self, dft: Any) -> Any:
        return f"{dft}" if isinstance(dft, Surge) else super().encode_default(dft)

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # pydantic's
        return False


@cache
def plan_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of ipplan's own YAML, for editors.

    Examples
    --------
    >>> plan_schema()["title"], plan_schema()["additionalProperties"]
    ('PlanFile', False)
    """
    schema = PlanFile.model_json_schema(schema_generator=_Schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
