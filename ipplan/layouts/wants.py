"""What is to be carved: one subnet each, with all that adds up to its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ipplan.cidrs import Cidr
    from ipplan.limits import Limit


class Share(NamedTuple):
    """A part of what a subnet must hold.

    Parameters
    ----------
    what : str
        Whose it is, and how it adds up: ``pool web of shop: (40 nodes + 4 surge) ×
        31``.
    addresses : int
        What it takes. [addresses]
    source : str
        The page that says so; empty where the plan does.
    """

    what: str
    addresses: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class SubnetWant:
    """A subnet as it must be.

    Parameters
    ----------
    id, name, network : str
        Its resource id in lower case, its name, and the id of its VNet.
    purpose : str
        ``nodes``, ``pods``, ``general``, or the kind of a service.
    shares : tuple of Share
        What adds up to its need; empty where a prefix length was asked for.
    need : int
        What it must hold, without what is kept of it. [addresses]
    kept : int
        Addresses of it that nothing can use: Azure's five, and for static blocks the
        two blocks at the edges. [addresses]
    length : int
        The IPv4 prefix length to carve; 0 where no subnet can be so large. [bits]
    why : Limit or None
        The row that makes it larger than its need: a service's least or advised size.
    pinned : tuple of Cidr
        Ranges that the plan fixes.
    ipv6 : bool
        Whether it has a /64 as well.
    delegation : str or None
        The service that it is delegated to.
    service_endpoints : tuple of str
        Services that it has endpoints of.
    clusters : tuple of str
        Ids of the clusters that use it.
    beside : tuple of str
        The purposes of what else stands in it.
    """

    id: str
    name: str
    network: str
    purpose: str
    shares: tuple[Share, ...] = ()
    need: int = 0
    kept: int = 5
    length: int = 0
    why: Limit[int] | None = None
    pinned: tuple[Cidr, ...] = ()
    ipv6: bool = False
    delegation: str | None = None
    service_endpoints: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def purposes(self) -> tuple[str, ...]:
        """Everything that it is for.

        >>> SubnetWant("s", "s", "v", "nodes", beside=("jump-boxes",)).purposes
        ('nodes', 'jump-boxes')
        """
        return (self.purpose, *self.beside)
