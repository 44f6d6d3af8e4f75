"""What the pools that share a range take at an operation, at a cost of a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.checks.capacity.costs import held_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
