"""What a node takes for certain, what AKS counts of it, and what it may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.models import Takes
from ipplan.sizing.sizings import seen_on_node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.sizing.tenants import Tenant


def least_cost(tenant: Tenant) -> int:
    """What a node of a pool takes for certain in its range.

    Less than the documented need where AKS was seen to count less, and for pods that
    take addresses only as they run: nobody knows how many will. Where a node gets the
    blocks of its max pods in whole, it needs all of them to become ready.

    Returns
    -------
    int
        [addresses/node]
    """
    model, found = tenant.model, tenant.load
    if tenant.kind is not model.home or is_given_blocks(tenant):
        return tenant.cost
    if model.takes is Takes.RUNNING_PODS and found.pool.pods_per_node is None:
        return model.block
    seen = (int(seen_on_node(found, model, row)) for row in model.observed)
    return min([tenant.cost, *seen])


def is_given_blocks(tenant: Tenant) -> bool:
    """Whether its nodes get blocks in whole when they are made, not one as AKS counts.

    Where the blocks are not there, AKS lets the nodes in and they do not become ready.
    """
    model = tenant.model
    whole = tenant.kind is model.home and model.takes is Takes.MAX_PODS
    return whole and model.block > 1


def held_now(tenant: Tenant) -> int:
    """What the nodes that a pool is known to have hold for certain. [addresses]."""
    now = tenant.load.pool.current
    if now is None:
        return 0
    as_they_run = tenant.model.takes is Takes.RUNNING_PODS
    return now * (least_cost(tenant) if as_they_run else tenant.cost)


def is_counted(tenant: Tenant) -> bool:
    """Whether AKS was seen to count its nodes before it acts."""
    return any(True for _ in _counted(tenant))


def counted_cost(tenant: Tenant) -> int:
    """What AKS was seen to count of a node, or its documented need. [addresses]."""
    return next(_counted(tenant), tenant.cost)


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
