"""Rules on what a cluster and its pools hold: the rules of sizing, as clusters stand.

What is looked at, and the summary of each rule, are those of the sizing rule of the
same name; what is told is of a cluster that exists or is planned.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ipplan import limits
from ipplan.checks.capacity.reductions import (
    Taker,
    fewer_nodes,
    least_surge,
    pools_changed,
)
from ipplan.checks.remedies import Change, Remedy
from ipplan.checks.rules import Hit, Side, rule
from ipplan.counts import ceil_div
from ipplan.features import FEATURES
from ipplan.findings import Effect, Severity
from ipplan.models import MODELS, RECOMMENDED
from ipplan.sizing.rules import nodes, pods
from ipplan.surges import surge_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ipplan.checks.surveys import Survey
    from ipplan.inventory.clusters import Cluster
    from ipplan.sizing.loads import Load
    from ipplan.sizing.rules.hits import Body
    from ipplan.sizing.sizings import Sizing

    WaysOut = Callable[[Survey, Cluster, Sizing, dict[str, Any]], Iterable[Remedy]]


MOST_NAMES = 5
"""Clusters that a message names."""

REFUSED = Severity.ERROR, Effect.REFUSED
RISKY = Severity.WARNING, Effect.WORKS_BUT
ADVICE = Severity.NOTE, Effect.INFORMATION


def _none(*_: object) -> tuple[Remedy, ...]:
    """No way out that can be tried."""
    return ()


def _told(
    survey: Survey,
    body: Body,
    verdict: tuple[Severity, Effect],
    message: str,
    ways_out: WaysOut = _none,
) -> Iterator[Hit]:
    """What a rule of sizing finds in the clusters as they stand, in other words."""
    for cluster, sizing in survey.standings:
        for found in body(sizing):
            if found.where:
                told = message.format(cluster=survey.called(cluster), **found.values)
                ways = ways_out(survey, cluster, sizing, found.values)
                sides = (Side(cluster),)
                yield Hit(*verdict, sides, told, ways, found.source)


@rule(limits.PLANNING, Severity.ERROR)
def max_pods_out_of_range(survey: Survey) -> Iterator[Hit]:
    """AKS has bounds on max pods.

    A pool takes 10 to 250 pods a node, whatever the network model, and keeps what it
    was made with.
    """
    yield from _told(
        survey,
        pods.max_pods_out_of_range,
        REFUSED,
        "pool {pool} of {cluster} has max pods {pods}, and the bound is {limit}",
        _within_bounds,
    )


def _within_bounds(
    survey: Survey, cluster: Cluster, _: Sizing, values: dict[str, Any]
) -> Iterator[Remedy]:
    yield _with_max_pods(survey, cluster, values["pool"], values["limit"])


def _with_max_pods(
    survey: Survey, cluster: Cluster, pool: str, max_pods: int
) -> Remedy:
    """A pool with other max pods; of one that exists that takes another pool."""
    name = survey.called(cluster)
    text = f"give pool {pool} of {name} max pods {max_pods}"
    if not cluster.origin.proposed:
        text = f"replace pool {pool} of {name} by one with max pods {max_pods}"
    return Remedy(text, (pools_changed(cluster, {pool: {"max_pods": max_pods}}),))


@rule(limits.PLANNING, Severity.ERROR)
def pods_exceed_max_pods(survey: Survey) -> Iterator[Hit]:
    """A node does not run more pods than its max pods, host-network pods among them.

    Pods beyond it wait for a node.
    """
    yield from _told(
        survey,
        pods.pods_exceed_max_pods,
        (Severity.ERROR, Effect.WORKS_BUT),
        "{cluster} is to run {stated} pods on a node of max pods {pods}",
    )


@rule(limits.PLANNING, Severity.ERROR)
def pool_pods_minimum(survey: Survey) -> Iterator[Hit]:
    """Each pool must be able to run a minimum of pods in all.

    Nodes times max pods must come to 30, so 10 pods a node take 3 nodes.
    """
    yield from _told(
        survey,
        pods.pool_pods_minimum,
        REFUSED,
        "pool {pool} of {cluster} can run {pods} pods ({nodes} x {each}), and AKS asks "
        "for {limit}",
        _more_nodes,
    )


def _more_nodes(
    survey: Survey, cluster: Cluster, _: Sizing, values: dict[str, Any]
) -> Iterator[Remedy]:
    if values["each"]:
        wanted = int(ceil_div(values["limit"], values["each"]))
        pool = values["pool"]
        yield Remedy(
            f"run {wanted} nodes in pool {pool} of {survey.called(cluster)}",
            (pools_changed(cluster, {pool: {"nodes": wanted}}),),
        )


@rule(limits.ROLLING, Severity.ERROR)
def pool_node_limit(survey: Survey) -> Iterator[Hit]:
    """A node pool has a ceiling on nodes, surge included.

    A pool is a scale set, and holds 1,000 nodes. An upgrade that would go beyond them
    is refused before it starts.
    """
    yield from _told(
        survey,
        nodes.pool_node_limit,
        REFUSED,
        "pool {pool} of {cluster} has {peak:,} nodes while it is upgraded, and a pool "
        "holds {limit:,}",
        _smaller_pools,
    )


def _smaller_pools(
    survey: Survey, cluster: Cluster, sizing: Sizing, values: dict[str, Any]
) -> Iterator[Remedy]:
    limit: int = values["limit"]
    found = next(e for e in sizing.loads if e.pool.name == values["pool"])
    takers = [Taker(cluster.id, found)]
    yield from least_surge(survey, takers, int(found.peak) - limit)
    yield from _spread(survey, cluster, found, limit)
    yield from fewer_nodes(survey, cluster, found, limit)


def _spread(
    survey: Survey, cluster: Cluster, found: Load, limit: int
) -> Iterator[Remedy]:
    """The nodes of a pool in as many pools as hold them."""
    pool = found.pool
    for count in range(2, limits.POOLS.value + 1):
        each = int(ceil_div(int(found.nodes), count))
        if each + int(surge_nodes(each, pool.surge)) <= limit:
            break
    else:
        return
    stem = pool.name[: pool.longest_name - len(str(count))]
    parts = tuple(
        replace(pool, name=f"{stem}{number}", nodes=each, current=None)
        for number in range(1, count + 1)
    )
    others = tuple(one for one in cluster.pools if one.name != pool.name)
    yield Remedy(
        f"spread pool {pool.name} of {survey.called(cluster)} over {count} pools of "
        f"{each:,} nodes",
        (Change(cluster.id, "pools", (*others, *parts)),),
    )


@rule(limits.LARGE, Severity.ERROR)
def cluster_node_limit(survey: Survey) -> Iterator[Hit]:
    """A cluster has a ceiling on nodes, surge included.

    It holds 5,000 nodes. At that count an upgrade is blocked, since there is no room
    for a surge node.
    """
    yield from _told(
        survey,
        nodes.cluster_node_limit,
        REFUSED,
        "{cluster} has {peak:,} nodes while it is upgraded, and a cluster holds "
        "{limit:,}",
        lambda survey, cluster, sizing, values: _fewer(
            survey, cluster, sizing, values["limit"]
        ),
    )


def _fewer(
    survey: Survey, cluster: Cluster, sizing: Sizing, most: int
) -> Iterator[Remedy]:
    """Less surge, or fewer nodes in the largest pool, so that a cluster has a peak."""
    lack = int(sizing.peak_nodes) - most
    takers = [Taker(cluster.id, each) for each in sizing.loads]
    yield from least_surge(survey, takers, lack)
    largest = max(sizing.loads, key=lambda each: int(each.peak))
    yield from fewer_nodes(survey, cluster, largest, int(largest.peak) - lack)


@rule(limits.KUBENET, Severity.ERROR)
def kubenet_route_limit(survey: Survey) -> Iterator[Hit]:
    """Each node takes a route of the cluster's route table, which holds so many.

    A route table holds 400 routes, those among them that somebody else put there. A
    cluster is made with up to 400 nodes, and upgraded with fewer, since a surge node
    takes a route too.
    """
    yield from _told(
        survey,
        nodes.kubenet_route_limit,
        REFUSED,
        "{cluster} has {peak:,} nodes while it is upgraded, each takes a route, and "
        "its route table has room for {room}",
        _fewer_routes,
    )


def _fewer_routes(
    survey: Survey, cluster: Cluster, sizing: Sizing, values: dict[str, Any]
) -> Iterator[Remedy]:
    room = max(values["limit"] - sizing.demand.other_routes, 0)
    lack = int(sizing.peak_nodes) - room
    takers = [Taker(cluster.id, each) for each in sizing.loads]
    yield from least_surge(survey, takers, lack)
    yield Remedy(
        f"move {survey.called(cluster)} to {MODELS[RECOMMENDED].title}, whose nodes "
        "take no routes",
        (Change(cluster.id, "model", RECOMMENDED),),
    )
    yield from _fewer(survey, cluster, sizing, room)


@rule(limits.AZURE_LIMITS, Severity.WARNING)
def pool_count_limit(survey: Survey) -> Iterator[Hit]:
    """A cluster has a ceiling on node pools.

    It holds 100 of them. The page that says so is of 2024, hence a warning.
    """
    yield from _told(
        survey,
        nodes.pool_count_limit,
        (Severity.WARNING, Effect.REFUSED),
        "{cluster} has {pools} pools, and a cluster holds {limit}",
    )


@rule(limits.NETWORK_POLICY, Severity.WARNING)
def azure_npm_node_limit(survey: Survey) -> Iterator[Hit]:
    """Azure NPM has a ceiling on nodes.

    It is supported up to 250 nodes.
    """
    yield from _told(
        survey,
        nodes.azure_npm_node_limit,
        RISKY,
        "{cluster} has {peak:,} nodes while it is upgraded, and Azure NPM is supported "
        "up to {limit}",
        _another_engine,
    )


def _another_engine(
    survey: Survey, cluster: Cluster, sizing: Sizing, values: dict[str, Any]
) -> Iterator[Remedy]:
    old = "network-policy=azure"
    new = FEATURES[old].instead
    needs = tuple(new if each == old else each for each in cluster.needs)
    yield Remedy(
        f"give {survey.called(cluster)} {FEATURES[new].title} in place of Azure NPM",
        (
            Change(cluster.id, "needs", needs),
            Change(cluster.id, "network_policy", new.partition("=")[2]),
        ),
    )
    yield from _fewer(survey, cluster, sizing, values["limit"])


@rule(limits.LARGE, Severity.WARNING)
def pod_ceiling(survey: Survey) -> Iterator[Hit]:
    """A cluster runs no more pods of the model than its pages state.

    The pages differ on the numbers, and none of them says what happens beyond. Only
    pods that were stated are compared, not nodes times max pods.
    """
    hits = _told(
        survey,
        pods.pod_ceiling,
        RISKY,
        "{cluster} is to run {pods:,} pods, and a cluster of {title} runs up to "
        "{limit:,}",
    )
    yield from _last_of_each(hits)


def _last_of_each(hits: Iterable[Hit]) -> Iterable[Hit]:
    """Of the ceilings that a cluster exceeds the last and highest."""
    return {id(each.sides[0].noun): each for each in hits}.values()


@rule(limits.LARGE, Severity.NOTE)
def pods_may_exceed_ceiling(survey: Survey) -> Iterator[Hit]:
    """Full nodes would run more pods than a cluster may; nobody stated that they do.

    What a cluster holds depends on the pods that really run. ipplan's YAML can state
    them, as `pods_per_node`.
    """
    hits = _told(
        survey,
        pods.pods_may_exceed_ceiling,
        ADVICE,
        "{cluster} would run {pods:,} pods with every node full, and a cluster of "
        "{title} runs up to {limit:,}",
    )
    yield from _last_of_each(hits)


@rule(limits.OVERLAY, Severity.NOTE)
def windows_max_pods(survey: Survey) -> Iterator[Hit]:
    """Windows nodes are advised to run fewer pods.

    More than 110 pods a node are allowed.
    """
    yield from _told(
        survey,
        pods.windows_max_pods,
        ADVICE,
        "Windows pool {pool} of {cluster} has max pods {pods}, and {limit} are advised",
        _advised,
    )


def _advised(
    survey: Survey, cluster: Cluster, _: Sizing, values: dict[str, Any]
) -> Iterator[Remedy]:
    if cluster.origin.proposed:
        yield _with_max_pods(survey, cluster, values["pool"], values["limit"])


@rule(limits.STATIC_BLOCK, Severity.NOTE)
def wasteful_max_pods(survey: Survey) -> Iterator[Hit]:
    """A node that takes whole blocks at its creation wastes none at 16N - 1 pods.

    A node keeps its blocks of 16 for life, and one address of them for itself.
    """
    hits: dict[tuple[int, int, int], dict[str, Cluster]] = {}
    for cluster, sizing in survey.standings:
        for found in pods.wasteful_max_pods(sizing):
            if found.where:
                key = tuple(found.values[each] for each in ("pods", "waste", "full"))
                hits.setdefault(key, {})[cluster.id] = cluster
    for (max_pods, waste, full), clusters in hits.items():
        names = [survey.called(each) for each in clusters.values()]
        more = len(names) - MOST_NAMES
        who = ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        yield Hit(
            *ADVICE,
            tuple(map(Side, clusters.values())),
            f"max pods {max_pods} in {who} leaves {waste} of a node's addresses "
            f"unused, and {full} would leave none",
        )
