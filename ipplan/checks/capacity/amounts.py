"""What the pools that share a range take at an operation, at a cost of a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.checks.capacity.costs import held_now
from ipplan.limits import CLUSTER_NODES
from ipplan.models import Home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ipplan.checks.capacity.capacities import Verdict
    from ipplan.sizing.tenants import Tenant

    Cost = Callable[[Tenant], int]
    Amount = Callable[[Iterable[Tenant], Cost], int]


def cost(tenant: Tenant) -> int:
    """The documented need of a node. [addresses/node]."""
    return tenant.cost


def now(tenants: Iterable[Tenant], cost: Cost) -> int:
    """The pools at their present counts. [addresses]."""
    return sum(each.now * cost(each) for each in tenants)


def at_most(tenants: Iterable[Tenant], cost: Cost) -> int:
    """The pools at their maxima. [addresses]."""
    return sum(int(each.load.nodes) * cost(each) for each in tenants)


def surging(tenants: Iterable[Tenant], cost: Cost) -> int:
    """The same, while all are upgraded. [addresses]."""
    return sum(int(each.load.peak) * cost(each) for each in tenants)


def one_surging(tenants: Iterable[Tenant], cost: Cost) -> int:
    """The same, while the one that takes most is upgraded. [addresses]."""
    surges = [int(each.load.surge) * cost(each) for each in tenants]
    return at_most(tenants, cost) + max(surges, default=0)


def with_twin(tenants: Iterable[Tenant], cost: Cost) -> int:
    """The maxima, and the largest pool a second time. [addresses]."""
    twins = [int(each.load.nodes) * cost(each) for each in tenants]
    return at_most(tenants, cost) + max(twins, default=0)


def by_cluster(
    tenants: Iterable[Tenant], amount: Amount, cost: Cost
) -> Iterator[tuple[str, int, int]]:
    """What each cluster takes by itself, and what nodes of the others hold now."""
    clusters: dict[str, list[Tenant]] = {}
    for each in tenants:
        clusters.setdefault(each.cluster, []).append(each)
    held = {key: sum(map(held_now, own)) for key, own in clusters.items()}
    total = sum(held.values())
    for key, own in clusters.items():
        yield key, amount(own, cost), total - held[key]


def beyond_limits(tenants: Iterable[Tenant]) -> str:
    """Why pools of a pod CIDR can't have a twin of the largest beside them, in words.

    Empty where they can: no limit on the nodes of a cluster, nor on the routes of its
    nodes, keeps them from it.
    """
    pools = [each for each in tenants if each.kind is Home.POD_CIDR]
    nodes = with_twin(pools, _one)
    routes = next((e.model.route_limit for e in pools if e.model.route_limit), None)
    if routes and nodes > routes.value:
        most = f"{routes.value:,} routes of a route table"
    elif nodes > CLUSTER_NODES.value:
        most = f"{CLUSTER_NODES.value:,} nodes of a cluster"
    else:
        return ""
    return f"with a twin of the largest pool {nodes:,} nodes are more than the {most}"


def _one(_: Tenant) -> int:
    return 1


def limited(verdict: Verdict, tenants: Iterable[Tenant]) -> Verdict:
    """A verdict on a rotation, which does not fit where a limit on nodes bars it."""
    barred = verdict.fits and beyond_limits(tenants)
    return verdict._replace(fits=False) if barred else verdict
