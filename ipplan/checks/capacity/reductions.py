"""Ways to need less: fewer surge nodes, and fewer nodes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.checks.remedies import Change, Remedy
from ipplan.counts import ceil_div, counted
from ipplan.limits import POOL_NODES
from ipplan.surges import Surge, steady_nodes, surge_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.checks.capacity.capacities import Capacity
    from ipplan.checks.surveys import Survey
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.pools import NodePool
    from ipplan.sizing.loads import Load
    from ipplan.sizing.tenants import Tenant

ONE = Surge(1)


def pools_changed(cluster: Cluster, changes: dict[str, dict[str, Any]]) -> Change:
    """The pools of a cluster with new values of some fields, by pool names."""
    pools = (replace(each, **changes.get(each.name, {})) for each in cluster.pools)
    return Change(cluster.id, "pools", tuple(pools))


class Taker(NamedTuple):
    """A pool of a cluster, by the cluster's id, and what a node of it takes.

    ``cost`` is in whatever is short: addresses, routes or nodes.
    """

    cluster: str
    load: Load
    cost: int = 1


def least_surge(survey: Survey, takers: Iterable[Taker], lack: int) -> Iterator[Remedy]:
    """One surge node in each of some pools, where that saves as much as is lacking.

    Nothing where a pool has no room even for that one beside its nodes.
    """
    takers = list(takers)
    if any(int(each.load.nodes) >= POOL_NODES.value for each in takers):
        return
    more = [each for each in takers if int(each.load.surge) > 1]
    if sum((int(each.load.surge) - 1) * each.cost for each in more) < lack or not more:
        return
    names: dict[str, list[str]] = {}
    for each in more:
        names.setdefault(each.cluster, []).append(each.load.pool.name)
    clusters = {key: survey.cluster_by_id[key] for key in names}
    whose = [
        f"{', '.join(own)} of {survey.called(clusters[key])}"
        for key, own in names.items()
    ]
    yield Remedy(
        f"set a max surge of 1 node in {' and '.join(whose)}",
        tuple(
            pools_changed(clusters[key], {name: {"max_surge": ONE} for name in own})
            for key, own in names.items()
        ),
    )


def fewer_nodes(
    survey: Survey, cluster: Cluster, load: Load, peak: int
) -> list[Remedy]:
    """Fewer nodes in a pool, so that it has no more than a peak while it surges.

    An autoscaler's maximum goes no lower than the nodes that there are, and a pool
    that does not scale keeps half of its nodes: less would be another cluster.

    Parameters
    ----------
    survey : Survey
        What there is; other ranges of the pool are filled no further.
    cluster : Cluster
        Whose pool it is.
    load : Load
        The pool as it is now.
    peak : int
        [nodes]
    """
    pool = load.pool
    peaks = [peak, *_peaks(survey.capacities_of.get(cluster.id, ()), cluster, pool)]
    nodes = int(steady_nodes(max(min(peaks), 0), pool.surge))
    scales = _floor(load)
    floor = scales or int(ceil_div(int(load.nodes), 2))
    if not floor <= nodes < int(load.nodes):
        return []
    name = survey.called(cluster)
    text = (
        f"lower the autoscaler's maximum of {pool.name} of {name} from "
        f"{int(load.nodes):,} to {counted(nodes, 'node')}"
        if scales
        else f"run {counted(nodes, 'node')} instead of {int(load.nodes):,} in "
        f"{pool.name} of {name}"
    )
    now = pool.current
    new = {"nodes": nodes, "current": now if now is None else min(now, nodes)}
    return [Remedy(text, (pools_changed(cluster, {pool.name: new}),))]


def _peaks(
    capacities: Iterable[Capacity], cluster: Cluster, pool: NodePool
) -> Iterator[int]:
    """The most nodes of a pool at its peak that each of its ranges holds."""
    for each in capacities:
        for tenant in each.tenants:
            if tenant.cluster == cluster.id and tenant.load.pool.name == pool.name:
                left = spare_of(each)
                if left is not None:
                    yield int(tenant.load.peak) + left // tenant.cost


def spare_of(capacity: Capacity) -> int | None:
    """What a range has left during an upgrade; negative where it lacks that much.

    None where that is not known. [addresses]
    """
    need, room = capacity.upgrade.need, capacity.room
    return None if need is None or room is None else room - need


def less_demand(
    survey: Survey, capacity: Capacity, *, scaled: bool = False
) -> Iterator[Remedy]:
    """Fewer nodes in one of the pools that share a range, the largest first.

    With ``scaled``, lower maxima of autoscalers alone, of several pools if need be.
    """
    spare = spare_of(capacity)
    if spare is None:
        return
    order = sorted(capacity.tenants, key=_need, reverse=True)
    tenants = [each for each in order if _floor(each.load) or not scaled]
    for tenant in tenants:
        cluster = survey.cluster_by_id[tenant.cluster]
        yield from fewer_nodes(survey, cluster, tenant.load, int(tenant.load.peak))
    if scaled:
        yield from _lower_maxima(survey, tenants, -spare)


def _need(tenant: Tenant) -> int:
    return tenant.need


def _floor(load: Load) -> int:
    """The nodes that an autoscaled pool has now; 0 for one that is not. [nodes]."""
    now = load.pool.current
    return max(now, 1) if now is not None and now < int(load.nodes) else 0


def _lower_maxima(
    survey: Survey, tenants: Iterable[Tenant], lack: int
) -> Iterator[Remedy]:
    """Lower maxima of several pools, each only as far as it has to be."""
    changes: dict[str, dict[str, dict[str, Any]]] = {}
    texts: list[str] = []
    for each in tenants:
        found, pool = each.load, each.load.pool
        peak = max(int(found.peak) - int(ceil_div(max(lack, 0), each.cost)), 0)
        nodes = max(int(steady_nodes(peak, pool.surge)), _floor(found))
        if nodes < int(found.nodes):
            saved = int(found.peak) - nodes - int(surge_nodes(nodes, pool.surge))
            lack -= saved * each.cost
            changes.setdefault(each.cluster, {})[pool.name] = {"nodes": nodes}
            name = survey.called(survey.cluster_by_id[each.cluster])
            texts.append(
                f"{pool.name} of {name} from {int(found.nodes):,} to {nodes:,}"
            )
    if lack <= 0 and len(texts) > 1:
        yield Remedy(
            f"lower the autoscalers' maxima of {', '.join(texts)} nodes",
            tuple(
                pools_changed(survey.cluster_by_id[key], own)
                for key, own in changes.items()
            ),
        )
