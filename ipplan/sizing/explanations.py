"""The arithmetic of a sizing, step by step, each number with the row behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.counts import counted
from ipplan.models import Home, Takes
from ipplan.prefixes import BITS, usable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.limits import Basis
    from ipplan.sizing.loads import Load, Range
    from ipplan.sizing.sizings import Sizing


class Step(NamedTuple):
    """One line on the whiteboard."""

    value: str
    expression: str
    why: str
    source: str | None = None
    basis: Basis = "documented"


def explain(sizing: Sizing) -> list[tuple[str, list[Step]]]:
    """Each range of one scenario with the steps that lead to its size.

    Examples
    --------
    >>> import ipplan
    >>> found = explain(ipplan.size(300, 30, model="cni-dynamic"))
    >>> [(name, steps[0].value) for name, steps in found][1]
    ('pod subnet', '48 a node')
    """
    explained: list[tuple[str, list[Step]]] = []
    for each in sizing.ranges:
        shared = len(sizing.node_subnets) == 1
        name = each.kind.words
        title = name if shared else f"{name} of {', '.join(each.pools)}"
        explained.append((title, [*_demand(sizing, each), *_choice(sizing, each)]))
    if explained:
        explained.append(("growth", list(_growth(sizing))))
    return explained


def _demand(sizing: Sizing, each: Range) -> Iterator[Step]:
    for load in each.loads:
        yield _per_node(sizing, each, load)
        copies = load.pool.copies
        twice = f"{copies} x " if copies > 1 else ""
        nodes = f"({counted(load.steady, 'node')} + {load.surge // copies:,} surge)"
        total = load.peak * load.cost(each.kind)
        expression = f"{twice}{nodes} x {load.cost(each.kind)}"
        yield Step(f"{total:,}", expression, _surge(load), limits.ROLLING)
    beside = each.kind is Home.NODE_SUBNET and each is sizing.node_subnets[0]
    extra = sizing.demand.extra_addresses if beside else 0
    if extra:
        yield Step(f"{each.addresses:,}", f"+ {extra:,}", "other addresses, as stated")
    elif len(each.loads) > 1:
        yield Step(f"{each.addresses:,}", "all pools together", "they share the range")
    if len(each.loads) > 1:
        yield _one_at_a_time(each)


def _surge(load: Load) -> str:
    """How many nodes an upgrade adds, and why so many."""
    surge = load.pool.surge
    if load.pool.priority == "spot":
        return "a spot pool does not surge"
    if surge.percent:
        return f"surge {surge} of {load.steady:,}, rounded up"
    capped = surge.count > load.steady
    return f"surge {surge}" + (", and no more than the pool has" if capped else "")


def _one_at_a_time(each: Range) -> Step:
    surges = [load.surge * load.cost(each.kind) for load in each.loads]
    one = each.addresses - sum(surges) + max(surges)
    return Step(
        f"{one:,}",
        "if pools are upgraded one at a time",
        "for information; all at once is sized",
        limits.ROLLING,
    )


def _per_node(sizing: Sizing, each: Range, load: Load) -> Step:
    model = sizing.model
    value = f"{load.cost(each.kind)} a node"
    pool = "" if load.pool.literal is False else f" ({load.pool.name})"
    if each.kind is Home.NODE_SUBNET:
        beside = model.home is Home.NODE_SUBNET
        expression = f"1 + {load.max_pods} max pods" if beside else "1"
        why = "the node's own and its pods', reserved at its creation"
        why = why if beside else "the node's own"
        return Step(value, expression + pool, why, model.source)
    block = model.block
    if model.takes is Takes.NODE:
        why = f"a /{BITS + 1 - block.bit_length()} a node, whatever max pods is"
        return Step(value, f"{block}{pool}", why, model.source)
    expression = f"{block} x ceil(({load.pods} pods + {model.spare}) / {block}){pool}"
    running = model.takes is Takes.RUNNING_PODS
    why = (
        f"batches of {block}, at least {model.spare} free"
        if running
        else f"blocks of {block}, {model.spare} kept by the node"
    )
    return Step(value, expression, why, model.source)


def _choice(sizing: Sizing, each: Range) -> Iterator[Step]:
    if each.reserved:
        yield Step(
            f"{each.addresses_with_reserved:,}",
            f"+ {each.reserved}",
            "that Azure reserves in a subnet",
            limits.RESERVED_ADDRESSES.source,
        )
    if each.kept > each.reserved:
        yield Step(
            f"{each.addresses + each.kept:,}",
            f"or + {each.kept}",
            "two edge blocks that may not be whole",
            limits.STATIC_BLOCK_EDGE.source,
            limits.STATIC_BLOCK_EDGE.basis,
        )
    given = sizing.demand.given(each.kind)
    if each.prefix_length is None:
        yield Step("none", "no allowed prefix", "nothing holds that many addresses")
        return
    longer = usable(each.length + 1, each.kept)
    smaller = (
        f"; a /{each.length + 1} holds {max(longer, 0):,}" if given is None else ""
    )
    yield Step(
        f"/{each.length}",
        f"{each.usable:,} usable, {each.free:,} free",
        ("as it is" if given is not None else "the smallest that holds it") + smaller,
    )


def _growth(sizing: Sizing) -> Iterator[Step]:
    nodes, bound = sizing.grows_to
    yield Step(
        f"{nodes:,} nodes",
        f"most nodes, bound by {bound}",
        "with the same surge, whichever pool grows",
    )
