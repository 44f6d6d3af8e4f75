"""Rules on pods: how many a node, a pool and a cluster run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.counts import choose, plus
from ipplan.models import Takes
from ipplan.sizing.rules.hits import Hit, hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.sizing.sizings import Sizing


def max_pods_out_of_range(sizing: Sizing) -> Iterator[Hit]:
    """AKS has bounds on max pods."""
    for load in sizing.loads:
        if not load.pool.literal:
            continue  # a total's max pods were checked when they were stated
        values = {"pool": load.pool.name, "pods": load.max_pods}
        yield hit(
            load.max_pods < limits.MIN_MAX_PODS.value,
            "pool {pool} has max pods {pods}: AKS takes {limit} at the least, and max "
            "pods is fixed, so make another pool",
            limits.MIN_MAX_PODS,
            **values,
        )
        yield hit(
            load.max_pods > limits.MAX_MAX_PODS.value,
            "pool {pool} has max pods {pods}: AKS takes {limit} at the most, and max "
            "pods is fixed, so make another pool",
            limits.MAX_MAX_PODS,
            **values,
        )


def pods_exceed_max_pods(sizing: Sizing) -> Iterator[Hit]:
    """A node does not run more pods than its max pods, host-network pods among them."""
    for load in sizing.loads:
        pool = load.pool
        running = 0 if pool.pods_per_node is None else pool.pods_per_node
        stated = plus(pool.host_network_pods, running)
        yield hit(
            stated > load.max_pods,
            "{stated} pods a node are stated and max pods is {pods}, {limit} at the "
            "most: more nodes of fewer pods",
            limits.MAX_MAX_PODS,
            stated=stated,
            pods=load.max_pods,
        )


def pool_pods_minimum(sizing: Sizing) -> Iterator[Hit]:
    """Each pool must be able to run a minimum of pods in all."""
    for load in sizing.loads:
        nodes = load.steady
        few = nodes * load.max_pods < limits.POOL_PODS.value
        yield hit(
            few & (nodes > 0) if load.pool.literal else few,
            "pool {pool} runs {pods} pods ({nodes} x {each}) and AKS asks for {limit}: "
            "more nodes, or a higher --max-pods",
            limits.POOL_PODS,
            pool=load.pool.name,
            pods=nodes * load.max_pods,
            nodes=nodes,
            each=load.max_pods,
        )


def pod_ceiling(sizing: Sizing) -> Iterator[Hit]:
    """A cluster runs no more pods of the model than its pages state."""
    for ceiling in sizing.model.pod_ceilings:
        yield hit(
            sizing.stated_pods > ceiling.value,
            "{pods:,} pods are stated, and a cluster of {title} runs up to {limit:,}: "
            "use several clusters",
            ceiling,
            pods=sizing.stated_pods,
            title=sizing.model.title,
        )


def pods_may_exceed_ceiling(sizing: Sizing) -> Iterator[Hit]:
    """Full nodes would run more pods than a cluster may; nobody stated that they do."""
    for ceiling in sizing.model.pod_ceilings:
        stated = sizing.stated_pods > ceiling.value
        yield hit(
            (sizing.possible_pods > ceiling.value) & (stated == False),  # noqa: E712  # of arrays too
            "{pods:,} pods if every node is full; a cluster of {title} runs up to "
            "{limit:,}: state --pods-per-node",
            ceiling,
            pods=sizing.possible_pods,
            title=sizing.model.title,
        )


def windows_max_pods(sizing: Sizing) -> Iterator[Hit]:
    """Windows nodes are advised to run fewer pods."""
    for load in sizing.loads:
        if load.pool.os == "windows":
            yield hit(
                load.max_pods > limits.WINDOWS_MAX_PODS.value,
                "pool {pool} has max pods {pods}; {limit} is advised for Windows",
                limits.WINDOWS_MAX_PODS,
                pool=load.pool.name,
                pods=load.max_pods,
            )


def wasteful_max_pods(sizing: Sizing) -> Iterator[Hit]:
    """A node that takes whole blocks at its creation wastes none at 16N - 1 pods."""
    model = sizing.model
    if model.spare and model.takes is Takes.MAX_PODS:
        for load in sizing.loads:
            full = load.pod_cost - model.spare
            refused = full > limits.MAX_MAX_PODS.value
            yield Hit(
                load.max_pods < full,
                "max pods {pods} leaves {waste} of a node's addresses unused; {full} "
                "leaves none",
                {
                    "pods": load.max_pods,
                    "waste": full - load.max_pods,
                    "full": choose(refused, full - model.block, full),
                },
                model.source,
            )
