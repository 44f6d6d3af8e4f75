"""Clusters whose pod CIDRs have to do with one another."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ipplan.models import MODELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.inventory.clusters import Cluster
    from ipplan.layouts.plans import LayoutPlan


def mates_of(plan: LayoutPlan) -> dict[str, frozenset[str]]:
    """Clusters whose pods must have other addresses, by the id of each that has such.

    Those of a pod mesh, and those that have one route table with a route for each node:
    that of a subnet which they share.

    Parameters
    ----------
    plan : LayoutPlan
        With its groups, and with clusters that exist.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for members in _circles(plan):
        for each in members:
            found[each] |= members - {each}
    return {key: frozenset(each) for key, each in found.items() if each}


def _circles(plan: LayoutPlan) -> Iterator[set[str]]:
    for group in plan.inventory.groups:
        if group.kind == "pod-mesh":
            yield set(group.members)
    routed: dict[str, set[str]] = defaultdict(set)
    for cluster in (*plan.inventory.clusters, *(e.cluster for _, e in plan.clusters)):
        if _is_routed(cluster):
            for subnet in cluster.subnets:
                routed[subnet].add(cluster.id)
    yield from routed.values()


def _is_routed(cluster: Cluster) -> bool:
    row = MODELS.get(cluster.model or "")
    return row is not None and row.route_limit is not None


def twins_of(plan: LayoutPlan) -> dict[str, tuple[str, ...]]:
    """Clusters that have one pod CIDR with others, by id: all of those, itself too.

    Parameters
    ----------
    plan : LayoutPlan
        Each cluster names the one that it is the twin of.
    """
    first = {each.cluster.id: each.twin for _, each in plan.clusters}
    groups: dict[str, list[str]] = defaultdict(list)
    for key in sorted(first):
        groups[_root(key, first)].append(key)
    return {key: tuple(each) for each in groups.values() if each[1:] for key in each}


def _root(key: str, first: dict[str, str | None]) -> str:
    """The cluster that others are twins of, however many are in between."""
    seen = {key}
    while (before := first.get(key)) and before not in seen:
        seen.add(before)
        key = before
    return min(seen) if before else key
