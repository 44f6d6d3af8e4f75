"""How many nodes clusters can still get, and what binds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.checks.capacity.reductions import spare_of
from ipplan.cidrs import IPV4
from ipplan.counts import counted
from ipplan.models import Home
from ipplan.sizing.tenants import nodes_left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.checks.capacity.capacities import Capacity
    from ipplan.designs.studies import Study
    from ipplan.inventory.clusters import Cluster
    from ipplan.sizing.sizings import Sizing
    from ipplan.sizing.tenants import Tenant


class Margin(NamedTuple):
    """How many nodes a cluster can still get in any one of its pools.

    Parameters
    ----------
    cluster : str
        As people call it.
    nodes : int or None
        The fewest that anything leaves; below 0 where there are too many already, and
        None where that can't be known. [nodes]
    binds : str
        When no more fit, in words: what is full or reached; why it is not known
        where it is not.
    """

    cluster: str
    nodes: int | None
    binds: str


def margins(study: Study) -> tuple[Margin, ...]:
    """The margin of each cluster of a study: the worst first, then the unknown ones.

    Parameters
    ----------
    study : Study
        A plan or an estate.

    Notes
    -----
    Of ranges it is what ``ipplan check`` says. A limit on nodes of a cluster counts as
    one more range, of which every node takes one. A range of which it is not known
    makes all unknown, unless another one is too small already; a subnet that AKS
    makes by itself does not show, and does not count. Of a range that clusters share
    and that is too small for all, each is told of what it alone could give up; where
    that is not enough, of what the range lacks.
    """
    sizings = {cluster.id: each for cluster, each in study.survey.standings}
    found = [_margin(study, each, sizings.get(each.id)) for each in study.clusters]
    return tuple(sorted(found, key=_order))


def _order(margin: Margin) -> tuple[bool, int, str]:
    return margin.nodes is None, margin.nodes or 0, margin.cluster


def _margin(study: Study, cluster: Cluster, sizing: Sizing | None) -> Margin:
    name = study.survey.called(cluster)
    if sizing is None:
        return Margin(name, None, "its network model is not known")
    if not sizing.loads:
        return Margin(name, None, "its node count is not known")
    tenants = _pools(study, cluster)
    if not tenants:
        return Margin(name, None, "none of its ranges was read")
    known, unknown = [*_ceilings(tenants, sizing)], list[str]()
    for left, what, full in _ranges(study, cluster):
        if left is None:
            unknown.append(what)
        else:
            known.append((left, f"{what} {full}"))
    nodes, binds = min(known)
    if unknown and nodes >= 0:
        return Margin(name, None, f"what {unknown[0]} has left is not known")
    return Margin(name, nodes, binds)


def _ranges(study: Study, cluster: Cluster) -> Iterator[tuple[int | None, str, str]]:
    """What each range of a cluster leaves, as ``ipplan check`` has it, in words."""
    for each in study.survey.capacities_of.get(cluster.id, []):
        ranges = ", ".join(map(str, each.cidrs)) or "of an unknown range"
        kind = "pod CIDR" if each.kind == "pod-cidr" else f"subnet {each.name}"
        left, full = _left(each, cluster), "is full"
        if _is_short_for_all(each):
            lack = counted(-(spare_of(each) or 0), "address", "es")
            full = f"has {lack} too few for all that share it"
        elif _adds_prefixes(each):
            full += ", if AKS uses all its ranges, which no page confirms"
        yield left, f"{kind} {ranges}", full


def _left(capacity: Capacity, cluster: Cluster) -> int | None:
    """Nodes that it leaves; of one that is short for several, what one can give up."""
    if not _is_short_for_all(capacity):
        return capacity.nodes_left
    own = [each for each in capacity.tenants if each.cluster == cluster.id]
    return nodes_left(own, spare_of(capacity) or 0)


def _is_short_for_all(capacity: Capacity) -> bool:
    """Whether clusters share it, and it is too small for all of them together."""
    several = len({each.cluster for each in capacity.tenants}) > 1
    short = capacity.nodes_left is not None and capacity.nodes_left < 0
    return several and short and spare_of(capacity) is not None


def _adds_prefixes(capacity: Capacity) -> bool:
    """Whether what it leaves rests on several ranges of a subnet."""
    several = sum(each.version == IPV4 for each in capacity.cidrs) > 1
    homes = {each.model.home for each in capacity.tenants}
    return several and capacity.kind != "pod-cidr" and homes == {Home.POD_CIDR}


def _ceilings(pools: list[Tenant], sizing: Sizing) -> Iterator[tuple[int, str]]:
    """What limits on nodes leave: of any cluster, and of a route table."""
    tenants = [
        each._replace(load=each.load._replace(node_cost=1, pod_cost=1))
        for each in pools
    ]
    peak = int(sizing.peak_nodes)
    most = limits.CLUSTER_NODES.value
    rooms = [(most, f"the limit of {most:,} nodes in a cluster is reached")]
    routes = sizing.model.route_limit
    if routes:
        room = routes.value - sizing.demand.other_routes
        rooms.append((room, f"{routes.value} routes, the limit of a table, are taken"))
    for room, what in rooms:
        yield nodes_left(tenants, room - peak) or 0, what


def _pools(study: Study, cluster: Cluster) -> list[Tenant]:
    """Its pools, each once, as some range of it has them."""
    found: dict[str, Tenant] = {}
    for capacity in study.survey.capacities_of.get(cluster.id, []):
        for each in capacity.tenants:
            if each.cluster == cluster.id:
                found[each.load.pool.name] = each
    return list(found.values())
