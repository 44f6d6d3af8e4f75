"""Rules on nodes: how many a pool, a cluster and a route table hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.counts import ceil_div
from ipplan.models import RECOMMENDED
from ipplan.sizing.rules.hits import Hit, hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.sizing.sizings import Sizing


def pool_node_limit(sizing: Sizing) -> Iterator[Hit]:
    """A node pool has a ceiling on nodes, surge included."""
    for load in sizing.loads:
        if load.pool.literal:
            copies = load.pool.copies
            peak = load.peak if copies == 1 else load.peak // copies
            yield hit(
                peak > limits.POOL_NODES.value,
                "pool {pool} has {peak:,} nodes while it is upgraded and a pool holds "
                "{limit:,}: spread them over more pools",
                limits.POOL_NODES,
                pool=load.pool.name,
                peak=peak,
            )


def cluster_node_limit(sizing: Sizing) -> Iterator[Hit]:
    """A cluster has a ceiling on nodes, surge included."""
    yield hit(
        sizing.peak_nodes > limits.CLUSTER_NODES.value,
        "{peak:,} nodes at an upgrade and a cluster holds {limit:,}: use several "
        "clusters",
        limits.CLUSTER_NODES,
        peak=sizing.peak_nodes,
    )


def kubenet_route_limit(sizing: Sizing) -> Iterator[Hit]:
    """Each node takes a route of the cluster's route table, which holds so many."""
    routes = sizing.model.route_limit
    if routes:
        others = sizing.demand.other_routes
        room = routes.value - others
        yield hit(
            sizing.peak_nodes > room,
            "{peak:,} nodes at an upgrade take a route each, and the route table has "
            "room for {room}: {best} takes none",
            routes,
            peak=sizing.peak_nodes,
            room=f"{max(room, 0)} of {routes.value}" if others else routes.value,
            best=RECOMMENDED,
        )


def azure_npm_node_limit(sizing: Sizing) -> Iterator[Hit]:
    """Azure NPM has a ceiling on nodes."""
    if "network-policy=azure" in sizing.needs:
        yield hit(
            sizing.peak_nodes > limits.NPM_NODES.value,
            "{peak:,} nodes at an upgrade, and Azure NPM is supported up to {limit}: "
            "--need network-policy=cilium has no such limit",
            limits.NPM_NODES,
            peak=sizing.peak_nodes,
        )


def pools_spread(sizing: Sizing) -> Iterator[Hit]:
    """A cluster's total takes several pools."""
    for load in sizing.loads:
        if not load.pool.literal:
            copies = load.pool.copies
            pools = copies * ceil_div(load.peak, copies * limits.POOL_NODES.value)
            yield hit(
                pools > load.pool.copies,
                "{peak:,} nodes at an upgrade take {pools} pools of at most {limit:,}",
                limits.POOL_NODES,
                peak=load.peak,
                pools=pools,
            )


def surge_of_zero(sizing: Sizing) -> Iterator[Hit]:
    """A surge of 0 is only allowed where nodes may be unavailable."""
    for load in sizing.loads:
        if load.pool.priority == "regular":
            yield Hit(
                (load.surge == 0) & (load.nodes > 0),
                "pool {pool} has no surge node: maxSurge 0 needs maxUnavailable > 0, "
                "which system pools can't have",
                {"pool": load.pool.name},
                limits.ROLLING,
            )


def pool_count_limit(sizing: Sizing) -> Iterator[Hit]:
    """A cluster has a ceiling on node pools."""
    pools = sum(load.pool.copies for load in sizing.loads)
    yield hit(
        pools > limits.POOLS.value,
        "{pools} pools, and a cluster holds {limit}: use fewer, larger pools",
        limits.POOLS,
        pools=pools,
    )


def no_nodes(sizing: Sizing) -> Iterator[Hit]:
    """A cluster needs a system pool, which is supported from two nodes."""
    if sizing.loads:
        yield hit(
            sizing.nodes == 0,
            "no pool has a node, and a cluster needs a system pool of at least {limit}",
            limits.SYSTEM_NODES,
        )
