"""What lets traffic in, sends it on and names it: NSGs, routes, firewalls, DNS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from ipplan.inventory.origins import Origin, resource_group_of, zone_of

if TYPE_CHECKING:
    from ipplan.cidrs import Cidr

_NOWHERE = Origin()

Direction = Literal["Inbound", "Outbound"]
Access = Literal["Allow", "Deny"]
OutletKind = Literal["firewall", "nat-gateway"]


class SecurityRule(NamedTuple):
    """A rule of a network security group, as Azure spells its parts.

    Parameters
    ----------
    name : str
        As it is written.
    priority : int
        The lowest that matches decides.
    direction : {"Inbound", "Outbound"}
        Whether it is for traffic to the subnet or from it.
    access : {"Allow", "Deny"}
        What it does with that.
    protocol : str
        ``*``, ``Tcp``, ``Udp``, ``Icmp`` and the like.
    sources, destinations : tuple of str
        CIDRs, addresses, service tags such as ``VirtualNetwork``, or ``*``.
    ports : tuple of str
        Destination ports: ``443``, ``30000-32767`` or ``*``.
    """

    name: str
    priority: int
    direction: Direction
    access: Access
    protocol: str = "*"
    sources: tuple[str, ...] = ("*",)
    destinations: tuple[str, ...] = ("*",)
    ports: tuple[str, ...] = ("*",)

    def __str__(self) -> str:
        """As a line of a table of rules.

        >>> str(SecurityRule("web", 100, "Inbound", "Allow", ports=("443",)))
        'web: 100 Inbound Allow * from * to *:443'
        """
        sources, destinations = ",".join(self.sources), ",".join(self.destinations)
        return (
            f"{self.name}: {self.priority} {self.direction} {self.access} "
            f"{self.protocol} from {sources} to {destinations}:{','.join(self.ports)}"
        )


@dataclass(frozen=True, slots=True)
class SecurityGroup:
    """A network security group (NSG).

    Parameters
    ----------
    id, name : str
        Resource id in lower case, and the name as it is written.
    rules : tuple of SecurityRule
        Its own; those that every group has by default are not among them.
    unresolved : tuple of str
        What the file does not settle, in its words.
    origin : Origin
        Where it was read; it does not count when groups are compared.
    """

    id: str
    name: str
    rules: tuple[SecurityRule, ...] = ()
    unresolved: tuple[str, ...] = ()
    origin: Origin = field(default=_NOWHERE, compare=False)


class Route(NamedTuple):
    """A route of a route table.

    Parameters
    ----------
    name : str
        As it is written.
    prefix : str
        The CIDR or service tag that it is for.
    next_hop_type : str
        ``VirtualAppliance``, ``VirtualNetworkGateway``, ``Internet`` and the like.
    next_hop : str or None
        The appliance's address.
    """

    name: str
    prefix: str
    next_hop_type: str
    next_hop: str | None = None

    def __str__(self) -> str:
        """As a line of a table of routes.

        >>> str(Route("out", "0.0.0.0/0", "VirtualAppliance", "10.0.0.4"))
        'out: 0.0.0.0/0 to VirtualAppliance 10.0.0.4'
        """
        hop = f" {self.next_hop}" if self.next_hop else ""
        return f"{self.name}: {self.prefix} to {self.next_hop_type}{hop}"


@dataclass(frozen=True, slots=True)
class RouteTable:
    """A route table.

    Parameters
    ----------
    id, name : str
        Resource id in lower case, and the name as it is written.
    routes : tuple of Route
        Its own; those that Azure adds to every subnet are not among them.
    unresolved : tuple of str
        What the file does not settle, in its words.
    origin : Origin
        Where it was read; it does not count when tables are compared.
    """

    id: str
    name: str
    routes: tuple[Route, ...] = ()
    unresolved: tuple[str, ...] = ()
    origin: Origin = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """A public IP address, or a prefix of them.

    Parameters
    ----------
    id, name : str
        Resource id in lower case, and the name as it is written.
    prefix : Cidr or None
        The address as a /32 or /128, or the prefix; None where Azure has yet to give
        it.
    origin : Origin
        Where it was read; it does not count when addresses are compared.
    """

    id: str
    name: str
    prefix: Cidr | None = None
    origin: Origin = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where traffic leaves for the internet: an Azure Firewall or a NAT gateway.

    Parameters
    ----------
    id, name : str
        Resource id in lower case, and the name as it is written.
    kind : {"firewall", "nat-gateway"}
        What it is.
    private_ips : tuple of str
        Addresses that routes name as their next hop; a NAT gateway has none.
    public_addresses : tuple of str
        Resource ids of its public addresses.
    public_prefixes : tuple of Cidr
        Those that are stated beside it, each as a /32 or a prefix.
    origin : Origin
        Where it was read; it does not count when outlets are compared.
    """

    id: str
    name: str
    kind: OutletKind = "firewall"
    private_ips: tuple[str, ...] = ()
    public_addresses: tuple[str, ...] = ()
    public_prefixes: tuple[Cidr, ...] = ()
    origin: Origin = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ZoneLink:
    """A private DNS zone linked to a VNet, which can then resolve its names.

    Parameters
    ----------
    id, name : str
        Resource id in lower case, and the name as it is written.
    vnet : str or None
        Id of the VNet; None where it is not known.
    origin : Origin
        Where it was read; it does not count when links are compared.
    """

    id: str
    name: str
    vnet: str | None = None
    origin: Origin = field(default=_NOWHERE, compare=False)

    @property
    def zone(self) -> str:
        """Id of the private DNS zone."""
        return zone_of(self.id)


@dataclass(frozen=True, slots=True)
class NodeInterface:
    """The network interface of a node, or that of a scale set's nodes.

    Parameters
    ----------
    id, name : str
        Resource id in lower case, of the interface or the scale set, and its name.
    network_security_group : str or None
        Id of the group on the interface itself.
    origin : Origin
        Where it was read; it does not count when interfaces are compared.
    """

    id: str
    name: str
    network_security_group: str | None = None
    origin: Origin = field(default=_NOWHERE, compare=False)

    @property
    def resource_group(self) -> str | None:
        """The resource group that it is in: that of a cluster's nodes, or none."""
        return resource_group_of(self.id)


@dataclass(frozen=True, slots=True)
class LoadBalancer:
    """A load balancer; those of a cluster are in the resource group of its nodes.

    Parameters
    ----------
    id, name : str
        Resource id in lower case, and the name as it is written.
    rules : tuple of int
        Load-balancing rules of each front end that has any. [rules]
    origin : Origin
        Where it was read; it does not count when load balancers are compared.
    """

    id: str
    name: str
    rules: tuple[int, ...] = ()
    origin: Origin = field(default=_NOWHERE, compare=False)

    @property
    def resource_group(self) -> str | None:
        """The resource group that it is in."""
        return resource_group_of(self.id)
