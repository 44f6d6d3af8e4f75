"""Plans for what people have: so many pods, or clusters that exist."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ipplan.counts import CEILING, ceil_div
from ipplan.errors import ArgumentError
from ipplan.limits import MAX_MAX_PODS, MIN_MAX_PODS, PRIVATE_ENDPOINT
from ipplan.models import MODELS
from ipplan.sizing.arguments import count, max_pods_count, single
from ipplan.sizing.plans import Plan, size
from ipplan.surges import Surge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipplan.inventory.clusters import Cluster
    from ipplan.sizing.sizings import Sizing


def size_pods(
    pods: int,
    nodes: int | None = None,
    max_pods: int | None = None,
    *,
    model: list[str] | None = None,
    **demand: Any,
) -> list[Plan]:
    """Combinations of nodes and max pods that carry a number of pods.

    Parameters
    ----------
    pods : int
        Pods in all, those of the system among them. [pods]
    nodes, max_pods : int, optional
        Fixes one of the two, and the other follows.
    model : list of str, optional
        Names of :data:`ipplan.models.MODELS`; all where it is left out.
    **demand
        As :func:`ipplan.size` takes it.

    Returns
    -------
    list of Plan
        Where both are free: for each model the max pods that take the fewest VNet
        addresses, and each model's default. Fewest VNet addresses first.

    Raises
    ------
    ArgumentError
        Where what is fixed can't carry the pods.

    Examples
    --------
    >>> [plan.demand.pools[0].nodes for plan in size_pods(10_000, max_pods=110)]
    [91]
    """
    wanted = int(count("pods", pods, 1))
    densities = _densities(wanted, nodes, max_pods)
    if len(densities) > 1:
        tried = [_plan(wanted, each, model, demand) for each in densities]
        chosen = {row.default_max_pods.value for row in MODELS.values()}
        chosen |= {_best(tried, name) for name in tried[0]}
        densities = [each for each in densities if each in chosen]
    plans = [_plan(wanted, each, model, demand, nodes) for each in densities]
    return sorted(plans, key=_fewest)


def _densities(pods: int, nodes: int | None, max_pods: int | None) -> list[int]:
    low, high = MIN_MAX_PODS.value, MAX_MAX_PODS.value
    if nodes is None and max_pods is None:
        return list(range(low, high + 1))
    if nodes is None:
        return [int(max_pods_count(max_pods))]
    stated = int(count("nodes", nodes, 1))
    each = max(int(ceil_div(pods, stated)), low)
    most = high if max_pods is None else int(max_pods_count(max_pods))
    if each > most:
        allowed = f"{stated:,} nodes carry up to {stated * most:,} at {most} a node"
        raise ArgumentError("pods", f"{pods:,}", allowed)
    return [each if max_pods is None else most]


def _plan(
    pods: int,
    max_pods: int,
    model: list[str] | None,
    demand: dict[str, Any],
    nodes: int | None = None,
) -> Plan:
    carried = min(max_pods, int(demand.get("pods_per_node") or max_pods))
    needed = int(ceil_div(pods, carried)) if nodes is None else nodes
    return size(needed, max_pods, model=model, pods=pods, **demand)


def _best(plans: list[Plan], name: str) -> int:
    """Max pods of the plan in which a model takes the fewest addresses, nodes, pods."""

    def cost(sizing: Sizing) -> tuple[Any, ...]:
        return not sizing.feasible, sizing.vnet_addresses, sizing.nodes

    best = min((plan[name] for plan in plans), key=cost)
    return int(best.loads[0].max_pods)


def _fewest(plan: Plan) -> tuple[int, int]:
    costs = [int(each.vnet_addresses) for each in plan.values() if each.feasible]
    return min(costs, default=CEILING), int(plan.demand.pools[0].nodes or 0)


def size_cluster(
    cluster: Cluster,
    nodes: Any = None,
    max_pods: Any = None,
    *,
    max_surge: Any = None,
    pods_per_node: Any = None,
    host_network_pods: Any = None,
    extra_addresses: int = 0,
    needs: Sequence[str] = (),
    **demand: Any,
) -> Plan:
    """Size a cluster as it is, under every network model.

    Parameters
    ----------
    cluster : Cluster
        As :func:`ipplan.read_inventory` found it.
    nodes : int, optional
        Its nodes in all, for a cluster whose node count can't be known; others keep
        their pools. [nodes]
    max_pods, max_surge, pods_per_node, host_network_pods : optional
        In place of what every pool has: what if.
    needs : sequence of str
        Besides what the cluster itself uses.
    extra_addresses : int
        Besides the API server's private endpoint, which counts. [addresses]
    **demand
        As :func:`ipplan.size` takes it.

    Examples
    --------
    >>> from ipplan import Cluster, NodePool
    >>> cluster = Cluster("prod", (NodePool("a", 3, 30),), private=True)
    >>> plan = size_cluster(cluster)
    >>> plan["cni-node-subnet"].vnet_addresses
    125
    """
    given: dict[str, Any] = {
        "max_pods": None if max_pods is None else max_pods_count(max_pods),
        "max_surge": None if max_surge is None else Surge.parse(max_surge),
        "pods_per_node": pods_per_node,
        "host_network_pods": host_network_pods,
    }
    changes = {key: value for key, value in given.items() if value is not None}
    endpoint = PRIVATE_ENDPOINT.value if cluster.private_endpoint else 0
    demand |= {
        "extra_addresses": single("extra_addresses", extra_addresses) + endpoint,
        "pod_cidr": None if cluster.pod_cidr is None else str(cluster.pod_cidr),
        "needs": [*needs, *cluster.needs],
    }
    if not cluster.unknown:
        pools = [replace(pool, **changes) for pool in cluster.pools]
        return _sized(None, **demand, pools=pools)
    if nodes is None:
        return _sized(None, **demand, unknown=cluster.unknown)
    densities = {None if p.max_pods is None else int(p.max_pods) for p in cluster.pools}
    alike = {"max_pods": densities.pop()} if len(densities) == 1 else {}
    stated: dict[str, Any] = {**demand, **alike, **changes}
    return _sized(nodes, **stated)


def _sized(
    nodes: Any,
    max_pods: Any = None,
    *,
    model: list[str] | None = None,
    **demand: Any,
) -> Plan:
    return size(nodes, max_pods, model=model, **demand)
