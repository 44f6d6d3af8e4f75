"""The lock of a layout, and what is not where a lock says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.layouts.locks import Lock, fitted
from ipplan.layouts.results import Move

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.cidrs import Cidr
    from ipplan.layouts.results import Layout


def lock_of(layout: Layout) -> Lock:
    """The lock that keeps a layout as it is.

    Parameters
    ----------
    layout : Layout
        As it was laid out.

    Examples
    --------
    >>> from ipplan.layouts.plans import LayoutPlan
    >>> from ipplan.layouts.results import Layout
    >>> lock_of(Layout(LayoutPlan("shop"))).plan
    'shop'
    """
    networks = {each.plan.id: each.prefixes for each in layout.networks}
    subnets = {each.want.id: each.prefixes for each in layout.subnets}
    pods = {each.plan.cluster.id: each.pod_cidrs for each in layout.clusters}
    services = {each.plan.cluster.id: each.service_cidrs for each in layout.clusters}
    return Lock(
        layout.plan.name, _some(networks | subnets), _some(pods), _some(services)
    )


def _some(ranges: dict[str, tuple[Cidr, ...]]) -> dict[str, tuple[Cidr, ...]]:
    return {key: ranges[key] for key in sorted(ranges) if ranges[key]}


def moves_between(lock: Lock, layout: Layout) -> tuple[Move, ...]:
    """What is still asked for and is not where a lock says.

    Parameters
    ----------
    lock : Lock
        What an earlier layout gave.
    layout : Layout
        What there is now.

    Returns
    -------
    tuple of Move
        Networks, subnets and clusters, each by id. A range more is no move, and neither
        is one less.
    """
    ids = (
        *(each.plan.id for each in layout.networks),
        *(each.want.id for each in layout.subnets),
        *(each.plan.cluster.id for each in layout.clusters),
    )
    return tuple(
        Move(identity, name, kind, before, after)
        for identity, name, kind, before, after in _pairs(fitted(lock, ids), layout)
        if {*before} - {*after} and {*after} - {*before}
    )


def _pairs(
    lock: Lock, layout: Layout
) -> Iterator[tuple[str, str, str, tuple[Cidr, ...], tuple[Cidr, ...]]]:
    """Everything that has ranges: its id, name and kind, and what it had and has."""
    for network in layout.networks:
        key, name = network.plan.id, network.plan.name
        yield key, name, "vnet", lock.ranges.get(key, ()), network.prefixes
    for subnet in layout.subnets:
        key, name = subnet.want.id, subnet.want.name
        yield key, name, "subnet", lock.ranges.get(key, ()), subnet.prefixes
    for each in layout.clusters:
        key, name = each.plan.cluster.id, each.plan.cluster.name
        pods, services = each.pod_cidrs, each.service_cidrs
        yield key, name, "pod CIDR", lock.pod_cidrs.get(key, ()), pods
        yield key, name, "service CIDR", lock.service_cidrs.get(key, ()), services
