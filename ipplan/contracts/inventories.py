"""What ``ipplan inventory`` prints, and reads back."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from ipplan.contracts.externals import (  # noqa: TC001  # for the schema
    AddressPoolDocument,
    ClientDocument,
    ExternalRangeDocument,
    GroupDocument,
)
from ipplan.contracts.origins import OriginDocument  # noqa: TC001  # for the schema
from ipplan.contracts.sizes import SkippedDocument
from ipplan.contracts.traffic import (  # noqa: TC001  # for the schema
    LoadBalancerDocument,
    NodeInterfaceDocument,
    OutletDocument,
    PublicAddressDocument,
    RouteTableDocument,
    SecurityGroupDocument,
    ZoneLinkDocument,
)


class VNetDocument(TypedDict):
    """A virtual network; its subnets and peerings stand in lists of their own."""

    id: str
    """Resource id in lower case, as Azure compares ids."""
    name: str
    """As it is written; names are no keys."""
    prefixes: list[str]
    """Its address space; empty where it is not known."""
    location: str | None
    """The region."""
    dns_servers: list[str]
    """Its own; empty for Azure's."""
    requested: int | None
    """Addresses asked of an IPAM pool."""
    seen: bool
    """False for a VNet of which only parts were read."""
    unresolved: list[str]
    """What the file does not settle, in its words."""
    origin: OriginDocument
    """Where it was read."""


class HolderDocument(TypedDict):
    """A resource that holds addresses of a subnet."""

    id: str
    """Resource id in lower case."""
    addresses: int | None
    """How many it holds; null where that does not show, as of a gateway."""


class CapacityDocument(TypedDict):
    """What a subnet must hold, holds and has left: worked out, and not read back."""

    usable: int | None
    """Addresses for use; null where the prefixes are not known."""
    clusters: list[str]
    """Ids of the clusters that use it."""
    need: int | None
    """What their pools take at their most nodes while all are upgraded."""
    used: int | None
    """Addresses in use as Azure shows them; null where it does not."""
    others: int | None
    """Those of them that are no node's of these clusters."""
    left: int | None
    """Usable and not in use; usable and not needed where no use is shown."""
    nodes_left: int | None
    """Nodes that any one of the pools can still get."""
    unknown: list[str]
    """What can't be known, and why."""


class SubnetDocument(TypedDict):
    """A subnet."""

    id: str
    """Resource id in lower case."""
    name: str
    """As it is written."""
    vnet: str
    """Id of its VNet."""
    prefixes: list[str]
    """One or several; empty where they are not known."""
    delegations: list[str]
    """Services it is delegated to."""
    holders: list[HolderDocument] | None
    """Resources whose IP configurations lie in it; null where that is not listed."""
    usage: int | None
    """Addresses in use by Azure's usage figures; null where there are none."""
    route_table: str | None
    """Resource id."""
    network_security_group: str | None
    """Resource id."""
    nat_gateway: str | None
    """Resource id."""
    requested: int | None
    """Addresses asked of an IPAM pool."""
    service_endpoints: list[str]
    """Services that it has endpoints of."""
    unresolved: list[str]
    """What the file does not settle, in its words."""
    origin: OriginDocument
    """Where it was read."""
    capacity: CapacityDocument
    """What it must hold, holds and has left."""


class PeeringDocument(TypedDict):
    """One direction of a peering."""

    id: str
    """Resource id in lower case."""
    name: str
    """As it is written."""
    vnet: str
    """Id of the VNet that has it."""
    remote: str | None
    """Id of the other VNet; null where it is not known."""
    state: str | None
    """Connected, Initiated or Disconnected; null in a plan."""
    sync_level: str | None
    """FullyInSync, RemoteNotInSync and the like."""
    remote_prefixes: list[str]
    """The other VNet's address space as it is now, or as it was at the last sync."""
    synced_prefixes: list[str]
    """The other VNet's address space at the last sync."""
    complete: bool
    """False where only the subnets named take part."""
    local_subnets: list[str]
    """Names of the subnets that take part."""
    remote_subnets: list[str]
    """Names of the other VNet's subnets that take part."""
    ipv6_only: bool
    """Whether only IPv6 takes part."""
    virtual_network_access: bool
    """Whether the other VNet's own traffic is let in."""
    forwarded_traffic: bool
    """Whether what the other VNet forwards is let in."""
    gateway_transit: bool
    """Whether this VNet lends its gateway."""
    remote_gateways: bool
    """Whether this VNet uses the other's gateway."""
    unresolved: list[str]
    """What the file does not settle, in its words."""
    origin: OriginDocument
    """Where it was read."""


class NodePoolDocument(TypedDict):
    """A node pool of a cluster."""

    name: str
    """Unique in its cluster."""
    nodes: int | None
    """The autoscaler's maximum, or the count; null where unknown."""
    max_pods: int | None
    """Pods a node; null for the model's default."""
    max_surge: str
    """A count, or a percentage such as 10%."""
    os: Literal["linux", "windows"]
    """The nodes' operating system."""
    priority: Literal["regular", "spot"]
    """Spot pools do not surge."""
    subnet: str | None
    """Id of the node subnet."""
    pod_subnet: str | None
    """Id of the pod subnet."""
    current: int | None
    """Nodes that it has now."""
    mode: str
    """system, user or gateway."""
    model: str | None
    """Its network model where pools of the cluster differ."""
    unknown: str
    """Why its node count says nothing of what it will be; empty if it does."""
    stopped: bool
    """Whether that is because it is stopped."""


class ClusterDocument(TypedDict):
    """An AKS cluster."""

    id: str
    """Resource id in lower case."""
    name: str
    """As it is written."""
    model: str | None
    """The name of its network model; null where it can't be told."""
    pools: list[NodePoolDocument]
    """Its node pools."""
    pod_cidrs: list[str]
    """Of both families."""
    service_cidrs: list[str]
    """Of both families."""
    dns_service_ip: str | None
    """Of the first family."""
    location: str | None
    """The region."""
    kubernetes_version: str | None
    """As it was asked for."""
    node_resource_group: str | None
    """In lower case."""
    identity: str | None
    """SystemAssigned, UserAssigned or ServicePrincipal."""
    network_plugin: str | None
    """azure, kubenet or none."""
    outbound_type: str | None
    """loadBalancer, userDefinedRouting and the like."""
    network_policy: str | None
    """The engine."""
    private: bool
    """Whether its API server has no public address."""
    public_fqdn: bool | None
    """Whether a private cluster has a public name."""
    private_dns_zone: str | None
    """system, none or a resource id."""
    vnet_integration: bool
    """Whether its API server lives in a subnet."""
    api_server_subnet: str | None
    """Id of that subnet where it is the user's own."""
    authorized_ranges: list[str]
    """Who may reach the public API server; empty for everybody."""
    egress_prefixes: list[str]
    """Public addresses that its traffic is stated to leave from."""
    load_balancer_services: int | None
    """Services of type LoadBalancer that it is stated to run."""
    load_balancer_ports: int | None
    """Ports of all these services together."""
    needs: list[str]
    """Features that it uses and not every model has."""
    hosted_subnets: list[str]
    """Ids of the subnets of hosted pools, which do not show."""
    unbounded: list[str]
    """Why its node count has no end, or does not show, whatever its pools say."""
    unknown: list[str]
    """What can't be known, each with what to state: worked out, and not read back."""
    assumed: list[str]
    """Fields that the file leaves to AKS's defaults."""
    unresolved: list[str]
    """What the file does not settle, in its words."""
    seen: bool
    """False for a cluster of which only pools were read."""
    origin: OriginDocument
    """Where it was read."""


class LinkDocument(TypedDict):
    """Networks that all reach one another in one way: worked out, not read back."""

    way: Literal["peering", "hub", "group", "on-premises"]
    """What joins them; a pair of peered networks counts once."""
    through: str | None
    """Id of the hub, or name of the group or external range."""
    networks: list[str]
    """Ids of VNets."""
    ipv6_only: bool
    """Whether only IPv6 takes this way."""


class UnseenDocument(TypedDict):
    """A VNet that something names and no file shows: worked out, not read back."""

    id: str
    """Resource id in lower case."""
    named_by: list[str]
    """Ids or names of what names it."""
    prefixes: list[str]
    """Its address space as peerings recorded it."""


class CoverageDocument(TypedDict):
    """How much of what the networks name was read: worked out, not read back."""

    subscriptions_seen: list[str]
    """Subscriptions of what was read."""
    subscriptions_not_seen: list[str]
    """Subscriptions that it names besides."""
    networks_not_seen: list[UnseenDocument]
    """VNets that are named and were not read."""


class ContradictionDocument(TypedDict):
    """Two files that say different things of one object."""

    id: str
    """Resource id in lower case."""
    field: str
    """What they differ in."""
    kept: str
    """The value that counts, and where it stood."""
    other: str
    """The value that does not, and where it stood."""


class SkippedObjectDocument(SkippedDocument):
    """An object that was not read."""

    broken: bool
    """Whether it should have been read, rather than being of another kind."""


class InventoryDocument(TypedDict):
    """What ``ipplan inventory -o json`` prints, and any command reads back."""

    kind: Literal["ipplan.inventory"]
    """Tells this document from others."""
    version: str
    """Of ipplan."""
    complete: bool
    """False where there is more: further pages, broken objects, what a file of its kind
    does not show."""
    coverage: CoverageDocument
    """How much of what the networks name was read."""
    vnets: list[VNetDocument]
    """By id."""
    subnets: list[SubnetDocument]
    """By VNet and id."""
    peerings: list[PeeringDocument]
    """One for each direction, as Azure counts them."""
    clusters: list[ClusterDocument]
    """By id."""
    external_ranges: list[ExternalRangeDocument]
    """On-premises and other networks that Azure does not list."""
    groups: list[GroupDocument]
    """Virtual WANs, Network Manager meshes and pod meshes that were declared."""
    clients: list[ClientDocument]
    """Jump boxes and build agents that were declared."""
    owned: list[str]
    """Public ranges that are the user's own."""
    address_pools: list[AddressPoolDocument]
    """Ranges out of which new ones are drawn, as declared."""
    security_groups: list[SecurityGroupDocument]
    """By id."""
    route_tables: list[RouteTableDocument]
    """By id."""
    public_addresses: list[PublicAddressDocument]
    """Public IP addresses and prefixes, by id."""
    outlets: list[OutletDocument]
    """Firewalls and NAT gateways, by id."""
    zone_links: list[ZoneLinkDocument]
    """Which VNets resolve which private DNS zones, by id."""
    node_interfaces: list[NodeInterfaceDocument]
    """Network interfaces and scale sets, by id; a cluster's are in the resource group
    of its nodes."""
    load_balancers: list[LoadBalancerDocument]
    """By id; a cluster's are in the resource group of its nodes."""
    reach: list[LinkDocument]
    """Which networks reach which."""
    skipped: list[SkippedObjectDocument]
    """Objects that were not read."""
    contradictions: list[ContradictionDocument]
    """Where files say different things of one object."""
    incomplete: list[str]
    """Why there is more than was read."""
