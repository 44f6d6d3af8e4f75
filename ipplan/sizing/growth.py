"""How far a cluster grows before something binds, in closed form."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from ipplan.counts import Count, choose, most
from ipplan.limits import CLUSTER_NODES, POOL_NODES
from ipplan.surges import steady_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ipplan.sizing.loads import Load, Range
    from ipplan.sizing.sizings import Sizing


class Bound(IntEnum):
    """What stops a cluster from growing; arrays hold these codes."""

    NOTHING = 0
    NODE_SUBNET = 1
    POD_SUBNET = 2
    POD_CIDR = 3
    ROUTES = 4
    CLUSTER_NODES = 5
    POOL_NODES = 6
    VNET_ADDRESSES = 7

    def __str__(self) -> str:
        """As results spell it."""
        return self.name.lower().replace("_", "-")


class Growth(NamedTuple):
    """The most nodes that fit, and what stops the next one.

    ``bound_by`` is a name, or an array of the codes of :class:`Bound`.
    """

    nodes: Count | None
    bound_by: Count | str | None


def bounds(
    sizing: Sizing, load: Load, room: Callable[[Range], Count | None]
) -> Iterator[tuple[Bound, Count]]:
    """Each thing that binds a pool while the others stay as they are.

    Yields
    ------
    Bound, int or ndarray of int
        The most nodes of one copy of the pool at its peak. [nodes]
    """
    copies = load.pool.copies
    for each in (*sizing.node_subnets, *sizing.pod_ranges):
        shared = any(other is load for other in each.loads)
        capacity = room(each) if shared else None
        if capacity is not None:
            cost = load.cost(each.kind)
            left = capacity - (each.addresses - cost * load.peak)
            yield Bound[each.kind.name], left // (copies * cost)
    others = sizing.peak_nodes - load.peak
    model = sizing.model
    if model.route_limit:
        routes = model.route_limit.value - sizing.demand.other_routes
        yield Bound.ROUTES, (routes - others) // copies
    yield Bound.CLUSTER_NODES, (CLUSTER_NODES.value - others) // copies
    if load.pool.literal:
        yield Bound.POOL_NODES, POOL_NODES.value
    if model.vnet_limit:
        cost = load.node_cost + load.pod_cost
        left = model.vnet_limit.value - (sizing.vnet_addresses - cost * load.peak)
        yield Bound.VNET_ADDRESSES, left // (copies * cost)


def peak_of(
    sizing: Sizing, load: Load, room: Callable[[Range], Count | None]
) -> tuple[Count, Count]:
    """The most nodes of a pool at its peak, and the code of what binds there."""
    found = bounds(sizing, load, room)
    code, peak = next(found)
    which: Count = int(code)
    for code, limit in found:
        tighter = limit < peak
        peak, which = choose(tighter, limit, peak), choose(tighter, int(code), which)
    return most(peak, 0), which


def growth(sizing: Sizing, *, chosen_bind: bool = True) -> Growth:
    """Nodes that the ranges still hold, whichever pool the growth goes to.

    Parameters
    ----------
    sizing : Sizing
        What was sized; an unknown node count grows to an unknown one.
    chosen_bind : bool
        Whether ranges that were chosen for it, and are not there yet, stop it too.

    Returns
    -------
    Growth
        The cluster's nodes in all, surge not among them. [nodes]
    """

    def room(kept: Range) -> Count | None:
        binds = chosen_bind or sizing.demand.given(kept.kind) is not None
        return kept.capacity if binds else None

    best: tuple[Count, Count] | None = None
    for each in sizing.loads:
        peak, code = peak_of(sizing, each, room)
        steady = each.pool.copies * steady_nodes(peak, each.pool.surge)
        total = sizing.nodes - each.nodes + steady
        if best is None:
            best = total, code
        else:
            fewer = total < best[0]
            best = choose(fewer, total, best[0]), choose(fewer, code, best[1])
    if best is None:
        return Growth(None, None)
    nodes, which = best
    return Growth(nodes, str(Bound(which)) if isinstance(which, int) else which)
