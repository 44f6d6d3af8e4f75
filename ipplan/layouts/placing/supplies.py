"""What ranges are drawn from: the address pools of a plan, or defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import IPV4, Cidr
from ipplan.cidrs.carving import widened
from ipplan.cidrs.spellings import IPV6
from ipplan.limits import (
    DEFAULT_POD_CIDR_IPV6,
    DEFAULT_SERVICE_CIDR_IPV6,
    PRIVATE_RANGES,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ipplan.inventory.externals import PoolUse
    from ipplan.layouts.plans import LayoutPlan
    from ipplan.layouts.takings import Aggregate

_TEN, _TWELVE, _, _SHARED = map(Cidr.parse, PRIVATE_RANGES.value)
_PODS_IPV6 = Cidr.parse(DEFAULT_POD_CIDR_IPV6.value)
_SERVICES_IPV6 = Cidr.parse(DEFAULT_SERVICE_CIDR_IPV6.value)
_SITE = 48

_DEFAULTS: dict[tuple[PoolUse, int], tuple[Cidr, str]] = {
    ("vnets", IPV4): (_TEN, "the largest private range"),
    ("pods", IPV4): (_SHARED, "private to Azure and seldom in use on premises"),
    ("services", IPV4): (_TWELVE, "private, without what AKS keeps of it"),
    # Clusters of a mesh have different ones, so there is more than AKS's own default.
    ("pods", IPV6): (widened(_PODS_IPV6, _SITE), "where AKS takes its default from"),
    ("services", IPV6): (_SERVICES_IPV6, "AKS's default"),
}
"""Where nothing is declared. Networks of IPv6 have no default: they are routed."""

_WORDS: dict[PoolUse, str] = {
    "vnets": "VNets",
    "pods": "pod CIDRs",
    "services": "service CIDRs",
}


class Source(NamedTuple):
    """What ranges of one use and family are drawn from.

    Parameters
    ----------
    words : str
        What to call it.
    pools : tuple of str
        Names of the pools, the one that is asked for even if it has no such ranges;
        empty where none is declared.
    ranges : tuple of Cidr
        Empty where nothing can be drawn.
    version : int
        4 or 6.
    why : str
        Why it is that range, where no pool is declared.
    """

    words: str
    pools: tuple[str, ...]
    ranges: tuple[Cidr, ...]
    version: int
    why: str = ""

    def assumed(self, found: Cidr, aggregates: Iterable[Aggregate]) -> Iterator[str]:
        """What was assumed when a range was drawn, in words."""
        if self.why:
            yield self.why
        yield from (each.words for each in aggregates if each.cidr.covers(found))


def source_of(
    plan: LayoutPlan, use: PoolUse, version: int, pool: str | None = None
) -> Source:
    """What ranges of one use and family are drawn from.

    Parameters
    ----------
    plan : LayoutPlan
        With the pools that it declares.
    use : {"vnets", "pods", "services"}
        What for.
    version : int
        4 or 6.
    pool : str or None
        The name of the only pool to draw from; None for all of that use.
    """
    pools = [
        each
        for each in plan.inventory.address_pools
        if each.use == use and (pool is None or each.name.lower() == pool.lower())
    ]
    named = [
        (each.name, cidr)
        for each in pools
        for cidr in each.prefixes
        if cidr.version == version
    ]
    if named:
        names = tuple(dict.fromkeys(name for name, _ in named))
        ranges = tuple(cidr for _, cidr in named)
        text = f"{_called(names)} ({_listed(ranges)}){_outside(plan, ranges)}"
        return Source(text, names, ranges, version)
    if pool is not None or (use, version) not in _DEFAULTS:
        names = tuple(each.name for each in pools if pool is not None)
        called = _called(names) if names else "the address pools"
        have = "has" if names else "have"
        text = f"{called}, which {have} no IPv{version}"
        return Source(text, names, (), version)
    cidr, why = _DEFAULTS[use, version]
    text = f"no address pool for {_WORDS[use]} of IPv{version}: {cidr}, {why}"
    called = f"{cidr}{_outside(plan, [cidr])}"
    return Source(called, (), (cidr,), version, text)


def _outside(plan: LayoutPlan, ranges: Collection[Cidr]) -> str:
    """Which of some ranges are on premises, so that nothing of them can be drawn."""
    found = (
        f", of which {cidr} is on premises ({each.name})"
        for each in plan.inventory.external_ranges
        for cidr in each.prefixes
        if cidr in ranges
    )
    return "".join(found)


def _called(names: tuple[str, ...]) -> str:
    return f"pool {names[0]}" if len(names) == 1 else f"pools {', '.join(names)}"


def _listed(ranges: tuple[Cidr, ...]) -> str:
    return ", ".join(map(str, ranges))
