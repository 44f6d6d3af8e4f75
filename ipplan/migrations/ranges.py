"""The pod CIDR to ask for: ranges that would do, the best first, each tried out."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from ipplan.checks.choices import RESERVED, first_free
from ipplan.cidrs import IPV4, Cidr
from ipplan.cidrs.indexes import shortened
from ipplan.cidrs.private import PRIVATE_IPV4, is_private
from ipplan.limits import DEFAULT_POD_CIDR, DEFAULT_SERVICE_CIDR, MANAGED_VNET
from ipplan.models import Home
from ipplan.prefixes import prefix_for
from ipplan.usages import pod_cidr_tenants, unknown_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.inventory.clusters import Cluster
    from ipplan.migrations.cases import Case
    from ipplan.models import NetworkModel

DEFAULT = Cidr.parse(DEFAULT_POD_CIDR.value)
"""What AKS gives where nothing is asked for."""

MANAGED = tuple(map(Cidr.parse, MANAGED_VNET.value))
"""Where a VNet that AKS made can lie."""

SERVICES = Cidr.parse(DEFAULT_SERVICE_CIDR.value)
"""What AKS gives services, and most clusters have."""

LARGEST_LAST = tuple(
    sorted(
        PRIVATE_IPV4,
        key=lambda each: (each.size == max(e.size for e in PRIVATE_IPV4), each),
    )
)
"""Private ranges: the largest, which most VNets lie in, comes last."""

MOST_CHOICES = 4
"""Ranges of one cluster that are tried out."""


class Choice(NamedTuple):
    """A range that would do.

    Parameters
    ----------
    cidr : Cidr
        The range.
    words : str
        Why this one.
    kept : bool
        Whether it is the one that the cluster has.
    """

    cidr: Cidr
    words: str
    kept: bool = False


def nodes_needed(cluster: Cluster) -> int | None:
    """Nodes that a pod CIDR must hold: at the most, while all pools are upgraded.

    Parameters
    ----------
    cluster : Cluster
        With a model whose pods live in a pod CIDR.

    Returns
    -------
    int or None
        None where that can't be known. [nodes]

    Examples
    --------
    >>> from ipplan import Cluster, NodePool
    >>> nodes_needed(Cluster("c", (NodePool("a", 20),), "cni-overlay"))
    22
    """
    if not cluster.pools or any(unknown_of(cluster, cluster.pools)):
        return None
    tenants = pod_cidr_tenants(cluster)
    return sum(int(each.load.peak) for each in tenants)


def lengths(goal: NetworkModel, nodes: int | None) -> range:
    """Prefix lengths of ranges that hold some nodes, the largest first.

    The default is a /16; a larger one is asked for where that is too small, and a
    smaller one that is large enough where no /16 is free.

    Parameters
    ----------
    goal : NetworkModel
        The model that the cluster gets.
    nodes : int or None
        What it must hold; None where that can't be known. [nodes]

    Examples
    --------
    >>> from ipplan.models import MODELS
    >>> [lengths(MODELS["cni-overlay"], each) for each in (4, 256, 257, None)]
    [range(16, 23), range(16, 17), range(15, 16), range(16, 17)]
    """
    if nodes is None:
        return range(DEFAULT.length, DEFAULT.length + 1)
    need = int(
        prefix_for(max(nodes, 1) * goal.block, goal.kept, goal.largest, goal.smallest)
    )
    return range(min(need, DEFAULT.length), need + 1) if need else range(0)


def choices(case: Case) -> Iterator[Choice]:
    """The ranges that would do for the pods of a case, the best first.

    The one that it has, where it may stay; that one made larger; one of the address
    pools that are declared for pods; the default of AKS, which clusters may have in
    common; and the first private one that is free, where most VNets are not. What is
    new meets no service CIDR of a cluster that it reaches, and what no address pool
    declares is not the default of services either. Where declared pools have no room,
    the choices behind them say so.

    Parameters
    ----------
    case : Case
        A cluster that goes to a model with a pod CIDR.
    """
    goal = case.goal
    if goal is None or goal.home is not Home.POD_CIDR:
        return
    allowed = lengths(goal, nodes_needed(case.after(None)))
    taken, outside = _taken(case), _outside(case)
    yield from _own(case, allowed, taken, outside)
    taken += [*_services(case), *([] if case.homes else MANAGED)]
    pools = [e for e in case.survey.inventory.address_pools if e.use == "pods"]
    every = [e for pool in pools for e in pool.prefixes if e.version == IPV4]
    ranges = [each for each in every if is_private(each)]
    declared = list(_free(case, ranges, allowed, taken, "the first that is free in {}"))
    yield from declared
    full = "; what is meant for pods has no room in private space for one that would do"
    why = full if every and not declared else ""
    if DEFAULT.length in allowed and not _meets(DEFAULT, [*taken, *outside]):
        words = f"the default of AKS, which nothing that was read has{why}"
        yield Choice(DEFAULT, words)
    words = f"the first private range that nothing which it reaches has{why}"
    yield from _free(case, LARGEST_LAST, allowed, [*taken, SERVICES], words)


def _own(
    case: Case, allowed: range, taken: list[Cidr], outside: list[Cidr]
) -> Iterator[Choice]:
    """The pod CIDR that it has, as it is and larger."""
    path, own = case.first_path, case.cluster.pod_cidr
    if path is None or own is None or not path.keeps_pod_cidr or not allowed:
        return
    away = [*taken, *_narrow(outside, own.length)]
    if own.length <= allowed[-1] and not _meets(own, away):
        yield Choice(own, "the one that it has, which holds its nodes", kept=True)
    larger = (shortened(own, each) for each in allowed if each < own.length)
    clear = (e for e in larger if is_private(e) and not _meets(e, [*taken, *outside]))
    for each in islice(clear, 1):
        yield Choice(each, f"{own} made larger, which it may grow into")


def _free(
    case: Case, within: Iterable[Cidr], allowed: range, taken: list[Cidr], words: str
) -> Iterator[Choice]:
    """The first free range of the best length, clear of as much as can be."""
    blocks, outside = list(within), _outside(case)
    if not blocks:
        return
    clusters = case.survey.inventory.clusters
    others = [
        e for each in clusters if each is not case.cluster for e in each.pod_cidrs
    ]
    tiers = [(n, [*taken, *e]) for n in allowed for e in ([*outside, *others], outside)]
    tiers += [(n, [*taken, *_narrow(outside, n)]) for n in allowed]
    for length, away in tiers:
        found = first_free(blocks, away, length)
        if found is not None:
            block = next(each for each in blocks if each.covers(found))
            yield Choice(found, words.format(f"{block}, which is meant for pods"))
            return


def _narrow(outside: Iterable[Cidr], length: int) -> list[Cidr]:
    """Ranges elsewhere that a pod CIDR of a length would hide: longer prefixes win."""
    return [each for each in outside if each.length >= length]


def _meets(cidr: Cidr, ranges: Iterable[Cidr]) -> bool:
    return any(cidr.overlaps(each) for each in ranges)


def _taken(case: Case) -> list[Cidr]:
    """What no pod CIDR may meet: reserved ranges, services, all VNets that it reaches.

    Of a VNet all its space counts, and its subnets besides where that is not known.
    """
    known = case.survey.occupied
    spaces = (cidr for each in _reached(case) for cidr in known.get(each, ()))
    return [*RESERVED, *case.cluster.service_cidrs, *spaces]


def _reached(case: Case) -> dict[str, None]:
    """Ids of its VNets, and of all that they reach."""
    seen = dict.fromkeys(case.homes)
    for home in case.homes:
        seen |= dict.fromkeys(case.survey.peers.get(home, ()))
        for link in case.survey.inventory.reach.of(home):
            seen |= dict.fromkeys(link.networks)
    return seen


def _services(case: Case) -> list[Cidr]:
    """Ranges of services of the clusters that it reaches."""
    near = (each for home in _reached(case) for each in case.survey.in_vnet(home))
    return [e for each in near for e in each.service_cidrs if e.version == IPV4]


def _outside(case: Case) -> list[Cidr]:
    """Ranges of networks elsewhere that it reaches."""
    found = case.survey.external_ranges(case.cluster)
    return [cidr for each in found for cidr in each.prefixes]
