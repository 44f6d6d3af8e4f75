"""Clusters as large as they are planned for: growth and a twin's load included."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from ipplan.layouts.plans import PlanError

if TYPE_CHECKING:
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.pools import NodePool
    from ipplan.layouts.plans import ClusterPlan


def grown(plan: ClusterPlan) -> Cluster:
    """A cluster with the nodes that its subnets must hold.

    Parameters
    ----------
    plan : ClusterPlan
        Its pools as they are stated, growth not included.

    Returns
    -------
    Cluster
        Each pool with the load of a twin, and then with the growth, rounded up. Where
        that is more than stated, what is stated is what the pool has now, unless the
        plan says that too.

    Raises
    ------
    ArgumentError
        For a pool whose nodes are not known.

    Examples
    --------
    >>> from ipplan import Cluster, NodePool
    >>> from ipplan.layouts.plans import ClusterPlan
    >>> cluster = Cluster("shop", (NodePool("web", 11),))
    >>> pool = grown(ClusterPlan(cluster, growth=20, shared_load=2)).pools[0]
    >>> pool.nodes, pool.current
    (27, 11)
    """
    cluster = plan.cluster
    nodes = [_nodes(cluster, each, plan) for each in cluster.pools]
    pools = tuple(map(_grown, cluster.pools, nodes))
    return cluster if pools == cluster.pools else replace(cluster, pools=pools)


def _grown(pool: NodePool, nodes: int) -> NodePool:
    """A pool with its most nodes: those that are stated are there from the start."""
    stated = int(cast("int", pool.nodes))
    if nodes == stated:
        return pool
    current = stated if pool.current is None else pool.current
    return replace(pool, nodes=nodes, current=current)


def _nodes(cluster: Cluster, pool: NodePool, plan: ClusterPlan) -> int:
    if pool.nodes is None or pool.unknown:
        why = pool.unknown or "none"
        allowed = "a number, or the autoscaler's maximum"
        name = f"nodes of pool {pool.name} of {cluster.name}"
        raise PlanError(name, why, allowed, cluster.origin)
    return _planned(int(pool.nodes), plan)


def _planned(nodes: int, plan: ClusterPlan) -> int:
    return -(-nodes * plan.shared_load * (100 + plan.growth) // 100)


def growth_of(nodes: int, plan: ClusterPlan) -> str:
    """How the nodes of a grown pool come about, in words; empty where they are stated.

    Examples
    --------
    >>> from ipplan import Cluster
    >>> from ipplan.layouts.plans import ClusterPlan
    >>> growth_of(11, ClusterPlan(Cluster("shop"), growth=20, shared_load=2))
    '27 = 11 × 2 + 20%'
    """
    times = f" × {plan.shared_load}" if plan.shared_load > 1 else ""
    more = f" + {plan.growth}%" if plan.growth else ""
    told = f"{_planned(nodes, plan):,} = {nodes:,}{times}{more}"
    return told if times or more else ""
