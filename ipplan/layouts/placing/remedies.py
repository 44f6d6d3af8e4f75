"""The smallest changes with which everything fits."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import IPV4, Cidr
from ipplan.cidrs.carving import Space, widened
from ipplan.limits import PRIVATE_RANGES, UNIQUE_LOCAL_RANGE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ipplan.layouts.placing.supplies import Source
    from ipplan.layouts.plans import LayoutPlan
    from ipplan.layouts.results import Unfit

PRIVATE = tuple(map(Cidr.parse, (*PRIVATE_RANGES.value, UNIQUE_LOCAL_RANGE.value)))


class Change(NamedTuple):
    """A range more for a network, or a larger one for an address pool.

    Parameters
    ----------
    cidr : Cidr
        The new range.
    network : str
        Id of the network; empty where it is a pool's.
    pool : str
        The name of the pool.
    before : Cidr or None
        The range of the pool that it replaces.
    """

    cidr: Cidr
    network: str = ""
    pool: str = ""
    before: Cidr | None = None


class Missing(NamedTuple):
    """Something that found no room.

    Parameters
    ----------
    unfit : Unfit
        As it is told.
    change : Change or None
        What its remedy does to the plan.
    locked : bool
        Whether it is only the lock that can't be kept to.
    """

    unfit: Unfit
    change: Change | None = None
    locked: bool = False


def wider(
    plan: LayoutPlan, source: Source, lengths: Collection[int], taken: Iterable[Cidr]
) -> Change | None:
    """The address pool that has room for more with the fewest addresses added to it.

    Parameters
    ----------
    plan : LayoutPlan
        With its pools.
    source : Source
        Those that can be drawn from.
    lengths : collection of int
        Prefix lengths of what found no room. [bits]
    taken : iterable of Cidr
        What is not free.

    Returns
    -------
    Change or None
        None where no pool can be made so large of private addresses.
    """
    used = tuple(taken)
    found = (
        Change(cidr, pool=pool, before=own)
        for pool, own, cidr in _wider_ranges(plan, source)
        if Space([cidr, *source.ranges], used, own.version).fits(lengths)
    )
    return max(found, key=lambda each: (each.cidr.length, each.pool), default=None)


def _wider_ranges(plan: LayoutPlan, source: Source) -> Iterator[tuple[str, Cidr, Cidr]]:
    """Pools, each with a range of its own and one around it that no other pool has."""
    every = [(e.name, c) for e in plan.inventory.address_pools for c in e.prefixes]
    for pool, own in every:
        if pool not in source.pools or own not in source.ranges:
            continue
        others = [cidr for _, cidr in every if cidr != own]
        around = (widened(own, length) for length in range(own.length - 1, 0, -1))
        for cidr in takewhile(_is_private, around):
            if not any(cidr.overlaps(each) for each in others):
                yield pool, own, cidr


def _is_private(cidr: Cidr) -> bool:
    return any(private.covers(cidr) for private in PRIVATE)


def words(change: Change, called: str = "") -> str:
    """What to do to the plan.

    Parameters
    ----------
    change : Change
        The change.
    called : str
        The name of the network.

    Examples
    --------
    >>> words(Change(Cidr.parse("10.1.4.0/24"), network="/x/y"), "spoke")
    'add 10.1.4.0/24 to the ranges of spoke'
    """
    if change.pool:
        return f"widen {change.before} of address pool {change.pool} to {change.cidr}"
    return f"add {change.cidr} to the ranges of {called}"


def changed(plan: LayoutPlan, changes: Iterable[Change]) -> LayoutPlan:
    """A plan with some changes made."""
    for each in dict.fromkeys(changes):
        plan = _larger(plan, each) if each.pool else _more(plan, each)
    return plan


def _more(plan: LayoutPlan, change: Change) -> LayoutPlan:
    networks = (
        replace(each, prefixes=(*each.prefixes, change.cidr))
        if each.id == change.network
        else each
        for each in plan.networks
    )
    return replace(plan, networks=tuple(networks))


def _larger(plan: LayoutPlan, change: Change) -> LayoutPlan:
    pools = (
        replace(
            each,
            prefixes=tuple(
                change.cidr if cidr == change.before else cidr for cidr in each.prefixes
            ),
        )
        if each.name == change.pool
        else each
        for each in plan.inventory.address_pools
    )
    inventory = replace(plan.inventory, address_pools=tuple(pools))
    return replace(plan, inventory=inventory)


def declared(source: Source, length: int, version: int) -> str:
    """What to declare where no pool can be made larger.

    >>> from ipplan.layouts.placing.supplies import Source
    >>> declared(Source("10.0.0.0/8", (), ()), 22, 4)
    'declare an address pool with an IPv4 range of /22 or larger'
    """
    family = "IPv4" if version == IPV4 else "IPv6"
    more = "another" if source.pools else "an"
    return f"declare {more} address pool with an {family} range of /{length} or larger"
