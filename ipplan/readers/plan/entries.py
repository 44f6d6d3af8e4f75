"""What may be written in ipplan's own YAML: a class an entry, a docstring a key.

The JSON Schema, the reference page and the messages are made from these classes.
"""

# ruff: noqa: RUF012  # pydantic copies the lists that are defaults

from functools import cache
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic.json_schema import GenerateJsonSchema

from ipplan.inventory.externals import GroupKind, Holds, PoolUse
from ipplan.readers.plan.bases import AT_LEAST_ONE, ONCE, Entry, NamedEntry
from ipplan.readers.plan.clusters import ClusterEntry
from ipplan.readers.plan.looks import (
    Block,
    Count,
    Label,
    MemberReference,
    Name,
    NatGatewayReference,
    Place,
    RouteTableReference,
    SecurityGroupReference,
    Service,
    ServiceFamily,
    Truth,
    VNetId,
    VNetReference,
    Zone,
)
from ipplan.readers.plan.traffic import (
    FirewallEntry,
    NatGatewayEntry,
    RouteTableEntry,
    SecurityGroupEntry,
    ZoneEntry,
)
from ipplan.readers.readings import CLUSTER, VNET
from ipplan.readers.spellings import type_of
from ipplan.surges import Surge


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


class ClientEntry(Entry):
    """A machine from which people or pipelines reach API servers."""

    name: Label
    """What people call it."""
    network: Place
    """The VNet, or the network on premises, that it stands in."""
    dns_zones: list[Zone] = []
    """Private DNS zones that its network resolves."""


class AddressPoolEntry(Entry):
    """Ranges out of which new ones are drawn."""

    name: Label
    """What people call it."""
    ranges: Annotated[list[Block], AT_LEAST_ONE]
    """Of IPv4, of IPv6, or of both; no two pools have an address in common."""
    use: PoolUse = "vnets"
    """What is drawn from it."""


def _apart(pools: list[AddressPoolEntry]) -> list[AddressPoolEntry]:
    """Pools of which no address is in two ranges."""
    every = sorted((each, pool.name) for pool in pools for each in pool.ranges)
    for (outer, one), (inner, other) in pairwise(every):
        if outer.covers(inner):
            message = f"{inner} of {other} lies in {outer} of {one}"
            raise ValueError(message)
    return pools


class SubnetEntry(Entry):
    """A subnet."""

    name: Name
    """Its name."""
    ranges: Annotated[list[Block], AT_LEAST_ONE]
    """Its address prefixes."""
    delegated_to: Service | None = None
    """The service that it is delegated to, such as \
Microsoft.ContainerService/managedClusters."""
    service_endpoints: list[ServiceFamily] = []
    """Services that it has endpoints of, such as Microsoft.Storage."""
    used: Count | None = None
    """Addresses that are taken, without Azure's five; left out: not known."""
    network_security_group: SecurityGroupReference | None = None
    """The network security group on it."""
    route_table: RouteTableReference | None = None
    """The route table on it."""
    nat_gateway: NatGatewayReference | None = None
    """The NAT gateway on it."""


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


class PlanFile(Entry):
    """What stands in no export of Azure's: on-premises, and what is intended."""

    ipplan: Literal[1] = 1
    """The version of this format."""
    on_premises: Annotated[list[OnPremisesEntry], ONCE] = []
    """Networks outside Azure, and others that no file lists."""
    owned_public_ranges: list[Block] = []
    """Public ranges that are your own."""
    address_pools: Annotated[list[AddressPoolEntry], ONCE, AfterValidator(_apart)] = []
    """Ranges out of which new networks, pod CIDRs and service CIDRs are drawn."""
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
    security_groups: Annotated[list[SecurityGroupEntry], ONCE] = []
    """Network security groups beside those that files show."""
    route_tables: Annotated[list[RouteTableEntry], ONCE] = []
    """Route tables beside those that files show."""
    firewalls: Annotated[list[FirewallEntry], ONCE] = []
    """Azure Firewalls and other appliances through which traffic leaves."""
    nat_gateways: Annotated[list[NatGatewayEntry], ONCE] = []
    """NAT gateways beside those that files show."""
    private_dns_zones: Annotated[list[ZoneEntry], ONCE] = []
    """Private DNS zones, and which VNets resolve them."""


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
def schema_of(file: type[Entry] = PlanFile) -> dict[str, Any]:
    """JSON Schema (2020-12) of a kind of file, for editors.

    Examples
    --------
    >>> schema_of()["title"], schema_of()["additionalProperties"]
    ('PlanFile', False)
    """
    schema = file.model_json_schema(schema_generator=_Schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
