"""What lets traffic in, sends it on and gives it names, as it is printed."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from ipplan.contracts.origins import OriginDocument  # noqa: TC001  # for the schema


class SecurityRuleDocument(TypedDict):
    """A rule of a network security group."""

    name: str
    """As it is written."""
    priority: int
    """The lowest that matches decides."""
    direction: Literal["Inbound", "Outbound"]
    """Whether it is for traffic to the subnet or from it."""
    access: Literal["Allow", "Deny"]
    """What it does with that."""
    protocol: str
    """*, Tcp, Udp, Icmp and the like."""
    sources: list[str]
    """CIDRs, addresses, service tags, ids of application security groups, or *; empty
    where they are not known."""
    destinations: list[str]
    """Likewise."""
    ports: list[str]
    """Destination ports and ranges of them, or *; empty where they are not known."""


class SecurityGroupDocument(TypedDict):
    """A network security group."""

    id: str
    """Resource id in lower case."""
    name: str
    """As it is written."""
    rules: list[SecurityRuleDocument]
    """Its own, by direction and priority; not those that every group has."""
    unresolved: list[str]
    """What the file does not settle, in its words."""
    origin: OriginDocument
    """Where it was read."""


class RouteDocument(TypedDict):
    """A route of a route table."""

    name: str
    """As it is written."""
    prefix: str
    """The CIDR or service tag that it is for."""
    next_hop_type: str
    """VirtualAppliance, VirtualNetworkGateway, Internet and the like."""
    next_hop: str | None
    """The appliance's address."""


class RouteTableDocument(TypedDict):
    """A route table."""

    id: str
    """Resource id in lower case."""
    name: str
    """As it is written."""
    routes: list[RouteDocument]
    """Its own, by name; not those that Azure adds to every subnet."""
    unresolved: list[str]
    """What the file does not settle, in its words."""
    origin: OriginDocument
    """Where it was read."""


class PublicAddressDocument(TypedDict):
    """A public IP address, or a prefix of them."""

    id: str
    """Resource id in lower case."""
    name: str
    """As it is written."""
    prefix: str | None
    """The address as a /32 or /128, or the prefix; null where Azure has yet to give
    it."""
    origin: OriginDocument
    """Where it was read."""


class OutletDocument(TypedDict):
    """Where traffic leaves for the internet."""

    id: str
    """Resource id in lower case."""
    name: str
    """As it is written."""
    kind: Literal["firewall", "nat-gateway"]
    """What it is."""
    private_ips: list[str]
    """Addresses that routes name as their next hop."""
    public_addresses: list[str]
    """Resource ids of its public IP addresses and prefixes."""
    public_prefixes: list[str]
    """Public addresses that are stated beside it."""
    origin: OriginDocument
    """Where it was read."""


class ZoneLinkDocument(TypedDict):
    """A link of a private DNS zone to a VNet."""

    id: str
    """Resource id in lower case; the zone's stands before virtualnetworklinks."""
    name: str
    """As it is written."""
    vnet: str | None
    """Id of the VNet; null where it is not known."""
    origin: OriginDocument
    """Where it was read."""


class NodeInterfaceDocument(TypedDict):
    """A network interface, or those of a scale set."""

    id: str
    """Resource id in lower case, of the interface or the scale set."""
    name: str
    """As it is written."""
    network_security_group: str | None
    """Resource id of the group on the interface itself."""
    origin: OriginDocument
    """Where it was read."""


class LoadBalancerDocument(TypedDict):
    """A load balancer."""

    id: str
    """Resource id in lower case."""
    name: str
    """As it is written."""
    rules: list[int]
    """Load-balancing rules of each front end that has any."""
    origin: OriginDocument
    """Where it was read."""
