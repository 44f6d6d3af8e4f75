"""Clusters as they stand: sized under their own model, with their own routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.cidrs import Cidr
from ipplan.errors import ArgumentError
from ipplan.models import MODELS
from ipplan.sizing.demands import Demand
from ipplan.sizing.sizings import Sizing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.estates import Inventory
    from ipplan.inventory.networks import Subnet
    from ipplan.inventory.traffic import Route, RouteTable


def standings(inventory: Inventory) -> Iterator[tuple[Cluster, Sizing]]:
    """Each cluster whose model is known, and its sizing.

    Where a route table was read that its nodes take routes of, the routes that are
    not its nodes' count.
    """
    tables = {each.id: each for each in inventory.route_tables}
    for cluster in inventory.clusters:
        if cluster.model is not None:
            demand = demand_of(cluster, tables, inventory.subnet_by_id)
            yield cluster, Sizing(MODELS[cluster.model], demand)


def demand_of(
    cluster: Cluster, tables: Mapping[str, RouteTable], subnets: Mapping[str, Subnet]
) -> Demand:
    """What a cluster asks for, as it stands.

    Parameters
    ----------
    cluster : Cluster
        Its pools at their most nodes, and the features that it uses.
    tables, subnets : mapping of str to RouteTable, to Subnet
        Those that were read, by id.

    Examples
    --------
    >>> from ipplan import Cluster, NodePool
    >>> demand_of(Cluster("c", (NodePool("a", 3),)), {}, {}).other_routes
    0
    """
    seen = (subnets[each] for each in cluster.subnets if each in subnets)
    named = {each.route_table for each in seen} & tables.keys()
    others = (_others(cluster, tables[each].routes) for each in named if each)
    return Demand(
        cluster.pools,
        needs=cluster.needs,
        other_routes=max(others, default=0),
        unknown=cluster.unknown,
    )


def _others(cluster: Cluster, routes: Iterable[Route]) -> int:
    """Routes that do not lead to a node's part of the pod CIDR. [routes]."""
    return sum(not _is_of_node(each, cluster) for each in routes)


def _is_of_node(route: Route, cluster: Cluster) -> bool:
    try:
        cidr = Cidr.parse(route.prefix)
    except ArgumentError:  # a service tag
        return False
    return any(each.covers(cidr) for each in cluster.pod_cidrs)
