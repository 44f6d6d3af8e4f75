"""Arguments of size() and fit(): checked one by one, and made a Demand."""

from __future__ import annotations

import operator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from ipplan.counts import CEILING, Count, ceil_div, is_array
from ipplan.errors import ArgumentError
from ipplan.features import feature_named
from ipplan.inventory import (
    DEFAULT_SURGE,
    MOST_MAX_PODS,
    NodePool,
    Priority,
    System,
)
from ipplan.limits import (
    LARGEST_SUBNET,
    MAX_MAX_PODS,
    MIN_MAX_PODS,
    SMALLEST_SUBNET,
)
from ipplan.prefixes import BITS, network, prefix_length_of
from ipplan.sizing.demands import Demand, broadcast
from ipplan.surges import Surge

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_GROWTH = 1_000_000
"""Growth beyond it is no plan, and its product with nodes would not be exact. [%]"""

CLUSTER = "cluster"
"""The name of a cluster's total, which as many pools share as it takes."""


def demand_of(
    nodes: Any = None,
    max_pods: Any = None,
    *,
    max_surge: Any = DEFAULT_SURGE,
    add_nodes: Any = 0,
    growth: Any = 0,
    pods_per_node: Any = None,
    host_network_pods: Any = 0,
    extra_addresses: Any = 0,
    pools: Sequence[NodePool] = (),
    blue_green: bool = False,
    needs: Sequence[str] = (),
    other_routes: int = 0,
    node_subnet: Any = None,
    pod_subnet: Any = None,
    pod_cidr: Any = None,
    vnet_free: Sequence[Any] = (),
    pods: int | None = None,
    unknown: Sequence[str] = (),
) -> Demand:
    """Check what must be carried, and bring its arrays to one shape.

    Parameters
    ----------
    nodes, max_pods : int or array of int
        As :func:`ipplan.size` takes them; they go without ``pools``.
    max_surge : int, str, Surge, or array of such
        A count, or a percentage such as ``"33%"``.
    add_nodes : int or array of int
        Nodes to be added to ``nodes``. [nodes]
    growth : int or array of int
        Growth of ``nodes``, or of each pool, rounded up. [%]
    pods_per_node : int or array of int, optional
        Pods on a node that need an address; it changes ``cni-dynamic`` alone.
    host_network_pods : int or array of int
        Pods on a node that use the node's address; likewise. [pods/node]
    extra_addresses : int or array of int
        Load balancer front ends, private endpoints and others in the node subnet.
    pools : sequence of NodePool
        Node pools one by one, in place of ``nodes``.
    blue_green : bool
        Whether a rotation runs every pool twice.
    needs : sequence of str
        Names of :data:`ipplan.features.FEATURES`.
    other_routes : int
        Routes of the kubenet route table that are not a node's.
    node_subnet, pod_subnet, pod_cidr : network or prefix length, optional
        Ranges that exist already; the others are chosen.
    vnet_free : sequence of network
        Free address space: text, ``netaddr`` or ``ipaddress`` objects.
    pods : int, optional
        Pods in all, to be compared with a cluster's ceiling.
    unknown : sequence of str
        What can't be known of the demand.

    Raises
    ------
    ArgumentError
        For anything that is none of these.

    Examples
    --------
    >>> demand_of(50, add_nodes=10).pools[0].nodes
    60
    """
    pools, vnet_free = tuple(pools), _listed(vnet_free)
    shared: dict[str, Any] = {
        "max_surge": checked_surge(max_surge),
        "pods_per_node": optional("pods_per_node", pods_per_node, MAX_MAX_PODS.value),
        "host_network_pods": count(
            "host_network_pods", host_network_pods, 0, MAX_MAX_PODS.value
        ),
    }
    if nodes is None and not pools and not unknown:
        raise ArgumentError("nodes", nodes, "give nodes, pools, or what is unknown")
    stated = _stated(nodes, max_pods, pools, {"add_nodes": add_nodes, **shared})
    more, percent = (
        count("add_nodes", add_nodes),
        count("growth", growth, 0, MOST_GROWTH),
    )
    copies = 2 if blue_green else 1
    return broadcast(
        Demand(
            pools=tuple(_grown(pool, more, percent, copies) for pool in stated),
            extra_addresses=count("extra_addresses", extra_addresses),
            needs=tuple(dict.fromkeys(feature_named(need) for need in _listed(needs))),
            other_routes=single("other_routes", other_routes),
            node_subnet=given_length("node_subnet", node_subnet),
            pod_subnet=given_length("pod_subnet", pod_subnet),
            pod_cidr=given_length("pod_cidr", pod_cidr),
            vnet_free=_free(vnet_free),
            pods=None if pods is None else single("pods", pods, 1),
            unknown=(*unknown, *_without_nodes(stated)),
        )
    )


def _stated(
    nodes: Any,
    max_pods: Any,
    pools: Sequence[NodePool],
    shared: dict[str, Any],
) -> tuple[NodePool, ...]:
    """Pools as they were given, or a cluster's total as one."""
    if not pools and nodes is None:
        return ()
    if not pools:
        del shared["add_nodes"]
        total = count("nodes", nodes, 1)
        density = None if max_pods is None else max_pods_count(max_pods)
        return (NodePool(CLUSTER, total, density, literal=False, **shared),)
    alone = {"nodes": nodes, "max_pods": max_pods, **shared}
    for argument, value in alone.items():
        if is_array(value) or value not in (None, 0, DEFAULT_SURGE):
            raise ArgumentError(argument, value, "goes without pools: they have it")
    return check_pools(pools)


def _without_nodes(pools: Sequence[NodePool]) -> tuple[str, ...]:
    nameless = [pool.name for pool in pools if pool.nodes is None]
    why = ", ".join(f"pool {name} shows none" for name in nameless)
    return (f"node count: {why}; state --nodes N",) if why else ()


def _listed(values: Any) -> tuple[Any, ...]:
    """Several values, or the one that came bare."""
    return (values,) if isinstance(values, str) else tuple(values)


def single(argument: str, value: Any, low: int = 0) -> int:
    """Check a count of which there can only be one.

    Examples
    --------
    >>> single("other_routes", 3)
    3
    """
    found = count(argument, value, low)
    if not isinstance(found, int):
        raise ArgumentError(argument, "of arrays", "one whole number")
    return found


def _free(blocks: Sequence[Any]) -> tuple[Any, ...]:
    for block in blocks:
        network(block, "vnet_free")
    return tuple(blocks)


def _grown(pool: NodePool, more: Count, percent: Count, copies: int) -> NodePool:
    nodes = None if pool.nodes is None else grown(pool.nodes, more, percent)
    return replace(pool, nodes=nodes, copies=copies)


def count(argument: str, value: Any, low: int = 0, high: int = CEILING) -> Count:
    """Check a count, or an array of them, and make it an int or an array of ints.

    Raises
    ------
    ArgumentError
        For anything but whole numbers from low to high.

    Examples
    --------
    >>> count("nodes", 300, 1)
    300
    """
    allowed = f"a whole number from {low:,} to {high:,}"
    if getattr(value, "ndim", None) == 0:
        value = value.item()
    try:
        found = _whole_array(value) if is_array(value) else operator.index(value)
    except (TypeError, ValueError, OverflowError):
        raise ArgumentError(argument, repr(value), allowed) from None
    smallest, largest = _extremes(found)
    if smallest < low or largest > high:
        raise ArgumentError(argument, smallest if smallest < low else largest, allowed)
    return found


def _whole_array(value: Any) -> Count:
    import numpy as np

    if hasattr(value, "mask"):
        raise TypeError
    cells = np.asarray(value)
    if cells.dtype.kind == "O":
        whole = [min(operator.index(cell), CEILING + 1) for cell in cells.ravel()]
        cells = np.array(whole, dtype=np.int64).reshape(cells.shape)
    if cells.dtype.kind not in "iu":
        raise TypeError
    return cells


def _extremes(found: Count) -> tuple[int, int]:
    if isinstance(found, int):
        return found, found
    return (int(found.min()), int(found.max())) if found.size else (CEILING, 0)


def max_pods_count(value: Any) -> Count:
    """Check max pods that a person states: AKS refuses others.

    Raises
    ------
    ArgumentError
        Outside 10 to 250.

    Examples
    --------
    >>> max_pods_count(30)
    30
    """
    low, high = MIN_MAX_PODS.value, MAX_MAX_PODS.value
    try:
        return count("max_pods", value, low, high)
    except ArgumentError as error:
        allowed = f"AKS allows {low} to {high} pods a node (ipplan limits max-pods)"
        raise ArgumentError("max_pods", error.value, allowed) from None


def checked_surge(value: Any) -> Surge:
    """Check a surge, whether it is one already or a spelling of it.

    Raises
    ------
    ArgumentError
        For negative ones, percentages above 100, and a count with a percentage.

    Examples
    --------
    >>> checked_surge("33%")
    Surge(count=0, percent=33)
    """
    surge = Surge.parse(value)
    counts = count("max_surge", surge.count)
    percents = count("max_surge", surge.percent, 0, 100)
    if not any(isinstance(each, int) and each == 0 for each in (counts, percents)):
        both = (counts > 0) & (percents > 0)
        if both if isinstance(both, bool) else both.any():
            allowed = "a count or a percentage, not both"
            raise ArgumentError("max_surge", "both", allowed)
    return Surge(counts, percents)


def grown(nodes: Count, add_nodes: Count, growth: Count) -> Count:
    """Nodes after growth, which is rounded up.

    Raises
    ------
    ArgumentError
        Beyond 2³² − 1 nodes.

    Examples
    --------
    >>> grown(11, 0, 20), grown(50, 10, 0)
    (14, 60)
    """
    if not any(is_array(each) or each for each in (add_nodes, growth)):
        return nodes
    wide, more, percent = (
        each if isinstance(each, int) else each.astype("int64")
        for each in (nodes, add_nodes, growth)
    )
    return count("nodes", wide + more + ceil_div(wide * percent, 100))


def check_pools(pools: Sequence[NodePool]) -> tuple[NodePool, ...]:
    """Check pools that were given one by one.

    Raises
    ------
    ArgumentError
        For two of one name, and for counts that are none.

    Examples
    --------
    >>> check_pools([NodePool("a", 3), NodePool("a", 5)])
    Traceback (most recent call last):
    ...
    ipplan.errors.ArgumentError: pool 'a': a name can stand only once
    """
    names: set[str] = set()
    for pool in pools:
        if pool.name in names:
            raise ArgumentError("pool", repr(pool.name), "a name can stand only once")
        names.add(pool.name)
    return tuple(_checked(pool) for pool in pools)


def _checked(pool: NodePool) -> NodePool:
    high = MAX_MAX_PODS.value
    if not pool.literal and pool.nodes is not None:
        count(f"pool {pool.name} nodes", pool.nodes, 1)
    if not pool.literal and pool.max_pods is not None:
        max_pods_count(pool.max_pods)
    _one_of(pool.os, get_args(System), f"pool {pool.name} os")
    _one_of(pool.priority, get_args(Priority), f"pool {pool.name} priority")
    return replace(
        pool,
        max_surge=checked_surge(pool.max_surge),
        nodes=optional(f"pool {pool.name} nodes", pool.nodes),
        max_pods=optional(f"pool {pool.name} max_pods", pool.max_pods, MOST_MAX_PODS),
        pods_per_node=optional(
            f"pool {pool.name} pods_per_node", pool.pods_per_node, high
        ),
        host_network_pods=count(
            f"pool {pool.name} host_network_pods", pool.host_network_pods, 0, high
        ),
    )


def _one_of(value: str, words: tuple[str, ...], argument: str) -> None:
    if value not in words:
        raise ArgumentError(argument, repr(value), " or ".join(words))


def optional(argument: str, value: Any, high: int = CEILING) -> Count | None:
    """Check a count that may be left out.

    Examples
    --------
    >>> optional("pods_per_node", None) is None
    True
    """
    return None if value is None else count(argument, value, 0, high)


def given_length(argument: str, value: Any) -> Count | None:
    """Prefix length of a range that is there already, if one is.

    Raises
    ------
    ArgumentError
        For what is no range, and for a subnet that Azure does not allow.

    Examples
    --------
    >>> given_length("pod_cidr", "10.244.0.0/16"), given_length("pod_cidr", None)
    (16, None)
    """
    if value is None:
        return None
    low = 1 if argument == "pod_cidr" else LARGEST_SUBNET.value
    high = BITS if argument == "pod_cidr" else SMALLEST_SUBNET.value
    found = prefix_length_of(value, argument)
    smallest, largest = _extremes(found)
    if smallest < low or largest > high:
        raise ArgumentError(argument, value, f"Azure allows /{low} to /{high}")
    return found
