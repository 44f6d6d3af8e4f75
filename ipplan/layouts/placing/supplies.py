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
    from ipplan.inventory.externals import PoolUse
    from ipplan.layouts.plans import LayoutPlan

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
        Names of the pools; empty where none is declared.
    ranges : tuple of Cidr
        Empty where nothing can be drawn.
    why : str
        Why it is that range, where no pool is declared.
    """

    words: str
    pools: tuple[str, ...]
    ranges: tuple[Cidr, ...]
    why: str = ""


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
        return Source(f"{_called(names)} ({_listed(ranges)})", names, ranges)
    if pool is not None or (use, version) not in _DEFAULTS:
        return Source(f"the address pools, which have no IPv{version}", (), ())
    cidr, why = _DEFAULTS[use, version]
    text = f"no address pool for {_WORDS[use]} of IPv{version}: {cidr}, {why}"
    return Source(str(cidr), (), (cidr,), text)


def _called(names: tuple[str, ...]) -> str:
    return f"pool {names[0]}" if len(names) == 1 else f"pools {', '.join(names)}"


def _listed(ranges: tuple[Cidr, ...]) -> str:
    return ", ".join(map(str, ranges))
