"""How many nodes clusters can still get, and what binds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.sizing.tenants import nodes_left

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    makes by itself does not show, and does not count.
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
    for left, what in _ranges(study, cluster):
        if left is None:
            unknown.append(what)
        else:
            known.append((left, f"{what} is full"))
    nodes, binds = min(known)
    if unknown and nodes >= 0:
        return Margin(name, None, f"what {unknown[0]} has left is not known")
    return Margin(name, nodes, binds)


def _ranges(study: Study, cluster: Cluster) -> Iterator[tuple[int | None, str]]:
    """What each range of a cluster leaves, as ``ipplan check`` has it."""
    for each in study.survey.capacities_of.get(cluster.id, []):
        ranges = ", ".join(map(str, each.cidrs)) or "of an unknown range"
        kind = "pod CIDR" if each.kind == "pod-cidr" else f"subnet {each.name}"
        yield each.nodes_left, f"{kind} {ranges}"


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
