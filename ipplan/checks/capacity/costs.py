"""What a node takes for certain, what AKS counts of it, and what it may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.models import Takes
from ipplan.sizing.sizings import seen_on_node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.usages import Tenant


def least_cost(tenant: Tenant) -> int:
    """What a node of a pool takes for certain in its range.

    Less than the documented need where AKS was seen to count less, and for pods that
    take addresses only as they run: nobody knows how many will.

    Returns
    -------
    int
        [addresses/node]
    """
    model, found = tenant.model, tenant.load
    if tenant.kind is not model.home:
        return tenant.cost
    if model.takes is Takes.RUNNING_PODS and found.pool.pods_per_node is None:
        return model.block
    seen = (int(seen_on_node(found, model, row)) for row in model.observed)
    return min([tenant.cost, *seen])


def counted_before(tenants: Iterable[Tenant]) -> int | None:
    """What AKS was seen to count at the maximum; None where it was not seen."""
    total = 0
    for each in tenants:
        seen = list(_counted(each))
        if not seen:
            return None
        total += int(each.load.nodes) * seen[0]
    return total


def _counted(tenant: Tenant) -> Iterator[int]:
    """What AKS counts on a node before it acts, as far as that was seen."""
    if tenant.kind is not tenant.model.home:
        yield tenant.cost
    for row in tenant.model.observed:
        if row.what == "pre-flight":
            yield int(seen_on_node(tenant.load, tenant.model, row))


def most_held(tenant: Tenant) -> int:
    """The most that a node was seen to hold, or its documented need."""
    if tenant.kind is not tenant.model.home:
        return tenant.cost
    rows = (row for row in tenant.model.observed if row.what == "held")
    seen = (int(seen_on_node(tenant.load, tenant.model, row)) for row in rows)
    return max([tenant.cost, *seen])
