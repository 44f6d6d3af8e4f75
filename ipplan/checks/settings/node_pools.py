"""Rules on node pools: what AKS needs one for, and what it may be called."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.checks.capacity.reductions import pools_changed
from ipplan.checks.names import listed
from ipplan.checks.remedies import Change, Remedy
from ipplan.checks.rules import Hit, Side, rule, standing
from ipplan.findings import Effect, Severity
from ipplan.inventory.pools import NodePool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.checks.surveys import Survey
    from ipplan.inventory.clusters import Cluster

NO_SYSTEM = frozenset({"user", "gateway"})
"""Modes of pools that run nothing of what AKS itself needs."""

SYSTEM = "system"
"""The mode of those that do, and what a pool added for it is called."""

UNNAMED = "?"
"""What a pool is called whose name a file does not settle."""

_NAME = re.compile(r"[a-z][a-z0-9]*")


@rule(limits.SYSTEM_POOLS, Severity.ERROR, Severity.WARNING)
def system_pool_missing(survey: Survey) -> Iterator[Hit]:
    """A cluster has a system pool with nodes, of Linux and not of spot nodes.

    It runs what AKS itself needs, such as CoreDNS. Windows and spot pools can only be
    user pools. A pool whose mode no file says may be the one; so may one that AKS hosts
    or manages. An existing cluster without is a warning: one that is older than modes
    has user pools alone, and one whose system pool shows no nodes is stopped.
    """
    for cluster in survey.inventory.clusters:
        fit = [each for each in cluster.pools if _may_be_system(each)]
        if not fit and _shows_all(cluster):
            yield Hit(
                *standing(cluster),
                (Side(cluster),),
                f"{survey.called(cluster)} has no system pool: {_why_not(cluster)}",
                _with_system_pool(survey, cluster),
            )
        elif fit and Side(cluster).proposed and all(map(_is_empty, fit)):
            names = [each.name for each in fit]
            yield Hit(
                *standing(cluster),
                (Side(cluster),),
                f"{survey.called(cluster)} has no nodes in its system pool "
                f"{listed(names)}",
                (_with_nodes(survey, cluster, fit[0]),),
            )


def _shows_all(cluster: Cluster) -> bool:
    """Whether a cluster was read with its pools, and has no others than those."""
    hosts = "automatic" in cluster.needs or cluster.hosted_subnets or cluster.unbounded
    return bool(cluster.seen and cluster.pools and not hosts)


def _may_be_system(pool: NodePool) -> bool:
    regular = pool.os == "linux" and pool.priority == "regular"
    return regular and pool.mode not in NO_SYSTEM


def _is_empty(pool: NodePool) -> bool:
    """Whether a system pool is stated to have no nodes at present."""
    now = pool.nodes if pool.current is None else pool.current
    return pool.mode == SYSTEM and now == 0


def _why_not(cluster: Cluster) -> str:
    """What each pool is that can't be one."""
    return listed(f"{each.name} is {_kind(each)}" for each in cluster.pools)


def _kind(pool: NodePool) -> str:
    if pool.os == "windows":
        return "of Windows nodes"
    return "of spot nodes" if pool.priority == "spot" else f"a {pool.mode} pool"


def _with_system_pool(survey: Survey, cluster: Cluster) -> Iterator[Remedy]:
    """A user pool made a system pool, or one more pool beside the others."""
    name = survey.called(cluster)
    for pool in cluster.pools:
        if _may_be_system(replace(pool, mode=SYSTEM)) and pool.mode == "user":
            yield Remedy(
                f"make pool {pool.name} of {name} a system pool",
                (pools_changed(cluster, {pool.name: {"mode": SYSTEM}}),),
            )
    first, nodes = cluster.pools[0], limits.SYSTEM_NODES.value
    if SYSTEM not in {each.name for each in cluster.pools}:
        more = NodePool(
            SYSTEM,
            nodes,
            subnet=first.subnet,
            pod_subnet=first.pod_subnet,
            mode=SYSTEM,
            model=first.model,
        )
        yield Remedy(
            f"add to {name} a system pool of {nodes} Linux nodes",
            (Change(cluster.id, "pools", (*cluster.pools, more)),),
        )


def _with_nodes(survey: Survey, cluster: Cluster, pool: NodePool) -> Remedy:
    nodes = limits.SYSTEM_NODES.value
    most = max(int(pool.nodes or 0), nodes)
    return Remedy(
        f"run {nodes} nodes in pool {pool.name} of {survey.called(cluster)}",
        (pools_changed(cluster, {pool.name: {"nodes": most, "current": nodes}}),),
    )


@rule(limits.SYSTEM_POOLS, Severity.ERROR)
def pool_name(survey: Survey) -> Iterator[Hit]:
    """The name of a node pool is short, of lowercase letters and digits.

    A letter comes first. The name of a Linux pool has up to 12 characters, that of a
    Windows pool up to 6. What exists has such a name, so only plans are looked at.
    """
    for cluster in survey.inventory.clusters:
        if not Side(cluster).proposed:
            continue
        for pool in cluster.pools:
            if pool.literal and pool.name != UNNAMED and not _is_name(pool):
                yield Hit(
                    Severity.ERROR,
                    Effect.REFUSED,
                    (Side(cluster),),
                    f"pool {pool.name} of {survey.called(cluster)} has a name that AKS "
                    f"doesn't take: up to {pool.longest_name} lowercase letters and "
                    f"digits, a letter first, for {pool.os.capitalize()}",
                    _renamed(survey, cluster, pool),
                )


def _is_name(pool: NodePool) -> bool:
    return bool(_NAME.fullmatch(pool.name)) and len(pool.name) <= pool.longest_name


def _renamed(survey: Survey, cluster: Cluster, pool: NodePool) -> Iterator[Remedy]:
    """What AKS takes of a name, where no other pool has it."""
    kept = re.sub("[^a-z0-9]", "", pool.name.lower()).lstrip("0123456789")
    new = kept[: pool.longest_name]
    if new and new not in {each.name for each in cluster.pools}:
        yield Remedy(
            f"call pool {pool.name} of {survey.called(cluster)} {new}",
            (pools_changed(cluster, {pool.name: {"name": new}}),),
        )
