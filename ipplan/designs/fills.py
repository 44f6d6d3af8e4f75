"""Fills: what a range is filled with, so that the parts add up to its addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import IPV4

if TYPE_CHECKING:
    from ipplan.designs.rooms import Room


class Fill(NamedTuple):
    """What an IPv4 range is filled with.

    Parameters
    ----------
    reserved : int
        Kept by Azure, or by the model at the edges. [addresses]
    used : int
        In use as Azure shows it; where it does not, what is needed at present.
        [addresses]
    growth : int
        What is needed besides for the maximum and upgrades: of autoscalers, failover
        and planned growth together, while all pools are upgraded. [addresses]
    free : int
        The rest. [addresses]
    """

    reserved: int
    used: int
    growth: int
    free: int


def fill(room: Room) -> Fill | None:
    """What the only IPv4 range of a subnet or pod CIDR is filled with.

    Parameters
    ----------
    room : Room
        Of several IPv4 ranges nothing says which of them are filled.

    Returns
    -------
    Fill or None
        None where it can't be known: no pool is known, or nothing shows what is in
        use. What is needed beyond what there is does not count; see :func:`over`.

    Examples
    --------
    >>> from datetime import date
    >>> from ipplan import Cidr, Cluster, Inventory, NodePool
    >>> from ipplan.designs.rooms import rooms
    >>> from ipplan.designs.studies import study
    >>> pool = NodePool("a", 3)
    >>> cidrs = (Cidr.parse("10.244.0.0/21"),)
    >>> cluster = Cluster("shop", (pool,), "cni-overlay", "c", pod_cidrs=cidrs)
    >>> inventory = Inventory(clusters=(cluster,))
    >>> (room,) = rooms(study(inventory, "shop", as_of=date(2026, 11, 28)))
    >>> fill(room)
    Fill(reserved=0, used=768, growth=256, free=1024)
    """
    steady = room.need("steady")
    used = steady if room.used is None else room.used
    several = sum(each.version == IPV4 for each in room.cidrs) != 1
    most = room.most if room.stages else used
    if several or room.usable is None or used is None or most is None:
        return None
    taken = min(used, room.usable)
    growth = min(max(most - taken, 0), room.usable - taken)
    return Fill(room.reserved or 0, taken, growth, room.usable - taken - growth)


def over(room: Room) -> int:
    """What is needed of a subnet or pod CIDR and lacks; 0 where that is not known.

    Returns
    -------
    int
        [addresses]
    """
    if room.usable is None:
        return 0
    return max((room.most or 0) - room.usable, (room.used or 0) - room.usable, 0)
