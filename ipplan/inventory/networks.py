"""VNets, their subnets and their peerings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ipplan.inventory.origins import (
    Origin,
    parent_of,
    resource_group_of,
    subscription_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.cidrs import Cidr

_NOWHERE = Origin()


class Holder(NamedTuple):
    """A resource that holds addresses of a subnet: a scale set, a load balancer.

    Parameters
    ----------
    id : str
        Resource id in lower case.
    addresses : int or None
        None where the list does not show how many, as of an Application Gateway: it
        is there once, whatever number of instances it has. [addresses]
    """

    id: str
    addresses: int | None


def total(counts: Iterable[int | None]) -> int | None:
    """Their sum; None where one of them is not known.

    Examples
    --------
    >>> total([2, 3]), total([2, None])
    (5, None)
    """
    known = list(counts)
    return None if None in known else sum(each or 0 for each in known)


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet of a VNet.

    Parameters
    ----------
    id, name : str
        Resource id in lower case, and the name as it is written.
    prefixes : tuple of Cidr
        One or several; empty where they are not known.
    delegations : tuple of str
        Services it is delegated to, such as
        ``Microsoft.ContainerService/managedClusters``.
    holders : tuple of Holder or None
        The resources whose IP configurations lie in it; None where the file does not
        list them.
    usage : int or None
        Addresses in use as Azure's usage figures count them; None where the file has
        none. [addresses]
    route_table, network_security_group, nat_gateway : str or None
        Resource ids in lower case.
    requested : int or None
        Addresses asked of an IPAM pool, where that gives the prefixes. [addresses]
    service_endpoints : tuple of str
        Services that it has endpoints of, such as ``Microsoft.Storage``.
    unresolved : tuple of str
        What the file does not settle, in its words.
    origin : Origin
        Where it was read; it does not count when subnets are compared.
    """

    id: str
    name: str
    prefixes: tuple[Cidr, ...] = ()
    delegations: tuple[str, ...] = ()
    holders: tuple[Holder, ...] | None = None
    usage: int | None = None
    route_table: str | None = None
    network_security_group: str | None = None
    nat_gateway: str | None = None
    requested: int | None = None
    service_endpoints: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    origin: Origin = field(default=_NOWHERE, compare=False)

    @property
    def vnet(self) -> str:
        """Id of the VNet that it is in."""
        return parent_of(self.id)

    @property
    def used(self) -> int | None:
        """Addresses in use, by Azure's figure or by its list. [addresses]."""
        if self.usage is not None or self.holders is None:
            return self.usage
        return total(each.addresses for each in self.holders)


@dataclass(frozen=True, slots=True)
class Peering:
    """One direction of a peering: what a VNet says of another.

    Parameters
    ----------
    id, name : str
        Resource id in lower case, and the name as it is written.
    remote : str or None
        Resource id of the other VNet; None where it is not known.
    state : str or None
        ``Connected``, ``Initiated`` or ``Disconnected``; None in a plan.
    sync_level : str or None
        ``FullyInSync``, ``RemoteNotInSync`` and the like; None where it is not said.
    remote_prefixes : tuple of Cidr
        The other VNet's address space as it is now, where that is said; else as it was
        at the last sync.
    synced_prefixes : tuple of Cidr
        The other VNet's address space at the last sync.
    complete : bool
        False where only the subnets named take part.
    local_subnets, remote_subnets : tuple of str
        Names of the subnets that take part where it is not complete.
    ipv6_only : bool
        Whether only IPv6 takes part.
    virtual_network_access, forwarded_traffic : bool
        Whether the other VNet's own traffic, and what it forwards, is let in.
    gateway_transit, remote_gateways : bool
        Whether this VNet lends its gateway, and whether it uses the other's.
    unresolved : tuple of str
        What the file does not settle, in its words.
    origin : Origin
        Where it was read; it does not count when peerings are compared.
    """

    id: str
    name: str
    remote: str | None = None
    state: str | None = None
    sync_level: str | None = None
    remote_prefixes: tuple[Cidr, ...] = ()
    synced_prefixes: tuple[Cidr, ...] = ()
    complete: bool = True
    local_subnets: tuple[str, ...] = ()
    remote_subnets: tuple[str, ...] = ()
    ipv6_only: bool = False
    virtual_network_access: bool = True
    forwarded_traffic: bool = False
    gateway_transit: bool = False
    remote_gateways: bool = False
    unresolved: tuple[str, ...] = ()
    origin: Origin = field(default=_NOWHERE, compare=False)

    @property
    def vnet(self) -> str:
        """Id of the VNet that has it."""
        return parent_of(self.id)

    @property
    def effective(self) -> bool:
        """Whether traffic flows as far as this side says; a plan is taken to work."""
        return self.virtual_network_access and self.state in {None, "Connected"}


@dataclass(frozen=True, slots=True)
class VNet:
    """A virtual network.

    Parameters
    ----------
    id, name : str
        Resource id in lower case, and the name as it is written. Names are no keys: one
        subscription can have many VNets of one name.
    prefixes : tuple of Cidr
        Its address space, IPv4 and IPv6; empty where it is not known.
    subnets : tuple of Subnet
        Those that were read, by id.
    peerings : tuple of Peering
        Its own sides, by id.
    location : str or None
        The region.
    dns_servers : tuple of str
        Its own; empty for Azure's.
    requested : int or None
        Addresses asked of an IPAM pool, where that gives the prefixes. [addresses]
    seen : bool
        False for a VNet of which only parts were read.
    unresolved : tuple of str
        What the file does not settle, in its words.
    origin : Origin
        Where it was read; it does not count when VNets are compared.
    """

    id: str
    name: str
    prefixes: tuple[Cidr, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    peerings: tuple[Peering, ...] = ()
    location: str | None = None
    dns_servers: tuple[str, ...] = ()
    requested: int | None = None
    seen: bool = True
    unresolved: tuple[str, ...] = ()
    origin: Origin = field(default=_NOWHERE, compare=False)

    @property
    def subscription(self) -> str | None:
        """The subscription that it is in, where its id says so."""
        return subscription_of(self.id)

    @property
    def resource_group(self) -> str | None:
        """The resource group that it is in, where its id says so."""
        return resource_group_of(self.id)
