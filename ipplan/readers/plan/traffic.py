"""What may be written of rules, routes, firewalls and DNS in ipplan's own YAML."""

# ruff: noqa: RUF012  # pydantic copies the lists that are defaults

from typing import Annotated, Literal, Self

from pydantic import model_validator

from ipplan.inventory.traffic import Access, Direction
from ipplan.readers.plan.bases import AT_LEAST_ONE, ONCE, Entry, NamedEntry
from ipplan.readers.plan.looks import (
    Address,
    Destination,
    FirewallId,
    Hosts,
    Name,
    NatGatewayId,
    Peer,
    Ports,
    RouteTableId,
    RulePriority,
    SecurityGroupId,
    VNetReference,
    Zone,
    ZoneId,
    in_any_capitals,
    words,
)

_Protocol = Literal["*", "Tcp", "Udp", "Icmp", "Esp", "Ah"]
_NextHop = Literal[
    "VirtualAppliance", "VirtualNetworkGateway", "VnetLocal", "Internet", "None"
]


class SecurityRuleEntry(Entry):
    """A rule of a network security group."""

    name: Name
    """Its name."""
    priority: RulePriority
    """The lowest that matches decides."""
    direction: Annotated[Direction, in_any_capitals(Direction), words(Direction)]
    """Whether it is for traffic to the subnet or from it."""
    access: Annotated[Access, in_any_capitals(Access), words(Access)]
    """What it does with that."""
    protocol: Annotated[_Protocol, in_any_capitals(_Protocol), words(_Protocol)] = "*"
    """The protocol; left out: every one."""
    sources: Annotated[list[Peer], AT_LEAST_ONE] = ["*"]
    """CIDRs, addresses and service tags that the traffic is from; left out: all."""
    destinations: Annotated[list[Peer], AT_LEAST_ONE] = ["*"]
    """CIDRs, addresses and service tags that the traffic is for; left out: all."""
    ports: Annotated[list[Ports], AT_LEAST_ONE] = ["*"]
    """Destination ports, such as 443 and 30000-32767; left out: all."""


class SecurityGroupEntry(NamedEntry):
    """A network security group, without the rules that every one has by default."""

    id: SecurityGroupId | None = None
    """Its resource id, in place of name and resource group."""
    rules: Annotated[list[SecurityRuleEntry], ONCE] = []
    """Its own rules."""

    @model_validator(mode="after")
    def decided(self) -> Self:
        """No two rules of one direction with one priority."""
        seen: dict[tuple[str, int], str] = {}
        for rule in self.rules:
            first = seen.setdefault((rule.direction, rule.priority), rule.name)
            if first != rule.name:
                message = f"{first} and {rule.name} are both {rule.direction} with "
                message += f"priority {rule.priority}"
                raise ValueError(message)
        return self


class RouteEntry(Entry):
    """A route of a route table."""

    name: Name
    """Its name."""
    to: Destination
    """The CIDR or service tag that it is for."""
    next_hop_type: Annotated[_NextHop, in_any_capitals(_NextHop), words(_NextHop)]
    """Where that traffic goes next."""
    next_hop: Address | None = None
    """The address of the VirtualAppliance; nothing else has one."""

    @model_validator(mode="after")
    def consistent(self) -> Self:
        """An appliance has an address, and nothing else has."""
        appliance = self.next_hop_type == "VirtualAppliance"
        if appliance and self.next_hop is None:
            message = "next_hop: a VirtualAppliance needs its address"
            raise ValueError(message)
        if self.next_hop is not None and not appliance:
            message = "next_hop: only a VirtualAppliance has an address"
            raise ValueError(message)
        return self


class RouteTableEntry(NamedEntry):
    """A route table, without the routes that every subnet has by default."""

    id: RouteTableId | None = None
    """Its resource id, in place of name and resource group."""
    routes: Annotated[list[RouteEntry], ONCE] = []
    """Its own routes."""


class FirewallEntry(NamedEntry):
    """An Azure Firewall, or another appliance through which traffic leaves."""

    id: FirewallId | None = None
    """Its resource id, in place of name and resource group."""
    private_ip: Address | None = None
    """The address that routes name as their next hop."""
    public_ips: Hosts = []
    """Public addresses that traffic leaves from."""


class NatGatewayEntry(NamedEntry):
    """A NAT gateway."""

    id: NatGatewayId | None = None
    """Its resource id, in place of name and resource group."""
    public_ips: Hosts = []
    """Public addresses that traffic leaves from."""


class ZoneEntry(NamedEntry):
    """A private DNS zone; one that a file shows is meant where it has the name."""

    id: ZoneId | None = None
    """Its resource id, in place of name and resource group."""
    name: Zone | None = None
    """Its name; left out where there is an id."""
    linked_to: list[VNetReference]
    """VNets that are linked to it, which resolve its names."""
