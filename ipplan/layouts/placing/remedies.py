"""The smallest changes with which everything fits."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import IPV4, Cidr
from ipplan.cidrs.carving import Space, span, widened
from ipplan.cidrs.private import PRIVATE_IPV4, is_private

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ipplan.layouts.placing.supplies import Source
    from ipplan.layouts.plans import LayoutPlan
    from ipplan.layouts.results import Unfit


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
        The range of the pool that it replaces; None where it is one more.
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


def roomier(
    plan: LayoutPlan, source: Source, lengths: Collection[int], taken: Iterable[Cidr]
) -> Change | None:
    """What gives address pools room: one of their ranges wider, or else one more.

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
        The one with the fewest addresses; None where no private ones make room.
    """
    if not lengths:
        return None
    used = tuple(taken)
    found = _wider(plan, source, lengths, used)
    return found or _one_more(plan, source, lengths, used)


def _wider(
    plan: LayoutPlan, source: Source, lengths: Collection[int], used: tuple[Cidr, ...]
) -> Change | None:
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
        for cidr in takewhile(is_private, around):
            if not any(cidr.overlaps(each) for each in others):
                yield pool, own, cidr


def _one_more(
    plan: LayoutPlan, source: Source, lengths: Collection[int], used: tuple[Cidr, ...]
) -> Change | None:
    """A private range of IPv4 that nothing has; those of IPv6 are for sites to draw."""
    if not source.pools or source.version != IPV4:
        return None
    pools = (cidr for e in plan.inventory.address_pools for cidr in e.prefixes)
    free = Space(PRIVATE_IPV4, (*used, *pools))
    for length in range(max(lengths), max(span(lengths), 1) - 1, -1):
        cidr = free.lowest(length)
        if cidr and Space([cidr, *source.ranges], used).fits(lengths):
            return Change(cidr, pool=source.pools[0])
    return None


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
    >>> words(Change(Cidr.parse("172.16.0.0/15"), pool="weu"))
    'add 172.16.0.0/15 to address pool weu'
    """
    if change.pool and change.before is None:
        return f"add {change.cidr} to address pool {change.pool}"
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
            prefixes=(
                *(cidr for cidr in each.prefixes if cidr != change.before),
                change.cidr,
            ),
        )
        if each.name == change.pool
        else each
        for each in plan.inventory.address_pools
    )
    inventory = replace(plan.inventory, address_pools=tuple(pools))
    return replace(plan, inventory=inventory)


def declared(source: Source, lengths: Collection[int]) -> str:
    """What to declare where no pool can be given room; nothing can try that out.

    >>> from ipplan.layouts.placing.supplies import Source
    >>> declared(Source("10.0.0.0/8", (), (), 4), [22, 22])
    'declare an address pool with an IPv4 range of /21 or larger'
    >>> declared(Source("weu", ("weu",), (), 6), [64])
    'add an IPv6 range of /64 or larger to address pool weu'
    """
    family = "IPv4" if source.version == IPV4 else "IPv6"
    more = f"an {family} range of /{max(span(lengths, source.version), 0)} or larger"
    if source.pools:
        return f"add {more} to address pool {source.pools[0]}"
    return f"declare an address pool with {more}"
