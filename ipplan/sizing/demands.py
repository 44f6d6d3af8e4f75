"""What must be carried: arguments, checked and brought to one shape."""

from __future__ import annotations

import operator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from ipplan.counts import CEILING, Count, ceil_div, is_array
from ipplan.errors import ArgumentError
from ipplan.inventory import NodePool
from ipplan.limits import (
    LARGEST_SUBNET,
    MAX_MAX_PODS,
    MIN_MAX_PODS,
    POOL_NODES,
    SMALLEST_SUBNET,
)
from ipplan.models import Home, feature_named
from ipplan.prefixes import BITS, prefix_length_of
from ipplan.surges import surge_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from ipplan.surges import Surge

CLUSTER = "cluster"
"""The name of the demand that is a cluster's total, shared by as many pools as needed."""


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """What one sizing must carry, the same for every model.

    Parameters
    ----------
    pools : tuple of NodePool
        Growth included; empty where the node count is unknown.
    extra_addresses : int or ndarray of int
        Other addresses in the (first) node subnet. [addresses]
    needs : tuple of str
        Features asked for, of :data:`ipplan.models.FEATURES`.
    other_routes : int
        Routes of the kubenet route table that are not a node's. [routes]
    node_subnet, pod_subnet, pod_cidr : int or ndarray of int, or None
        Prefix lengths of ranges that exist already; None to choose them. [bits]
    vnet_free : tuple of network
        Free address space to place the subnets in; empty where none is named.
    pods : int or None
        Pods in all, where they were stated. [pods]
    unknown : tuple of str
        What can't be known, each with what to state.
    """

    pools: tuple[NodePool, ...]
    extra_addresses: Count = 0
    needs: tuple[str, ...] = ()
    other_routes: int = 0
    node_subnet: Count | None = None
    pod_subnet: Count | None = None
    pod_cidr: Count | None = None
    vnet_free: tuple[Any, ...] = ()
    pods: int | None = None
    unknown: tuple[str, ...] = ()

    def given(self, kind: Home) -> Count | None:
        """Prefix length of a range that exists already, if it does. [bits]."""
        if kind is Home.NODE_SUBNET:
            return self.node_subnet
        return self.pod_subnet if kind is Home.POD_SUBNET else self.pod_cidr


def count(argument: str, value: Any, low: int = 0, high: int = CEILING) -> Count:
    """Check a count, or an array of them, and make it an int or an int64 array.

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

    cells = np.asarray(value)
    if cells.dtype.kind == "u" or cells.dtype == object:
        cells = np.minimum(cells, CEILING + 1)
    elif cells.dtype.kind != "i":
        raise TypeError
    return cells.astype(np.int64)


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
    return count("nodes", nodes + add_nodes + ceil_div(nodes * growth, 100))


def pools_needed(nodes: int, surge: Surge) -> int:
    """Pools that a cluster's total is spread over.

    Examples
    --------
    >>> from ipplan.surges import Surge
    >>> pools_needed(2000, Surge(percent=10))
    3
    """
    peak = nodes + int(surge_nodes(nodes, surge))
    return int(ceil_div(peak, POOL_NODES.value))


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
    names = [pool.name for pool in pools]
    for name in names:
        if names.count(name) > 1:
            raise ArgumentError("pool", repr(name), "a name can stand only once")
    return tuple(_checked(pool) for pool in pools)


def _checked(pool: NodePool) -> NodePool:
    high = MAX_MAX_PODS.value
    return replace(
        pool,
        nodes=_given(f"pool {pool.name} nodes", pool.nodes),
        max_pods=_given(f"pool {pool.name} max_pods", pool.max_pods),
        pods_per_node=_given(f"pool {pool.name} pods_per_node", pool.pods_per_node),
        host_network_pods=count(
            f"pool {pool.name} host_network_pods", pool.host_network_pods, 0, high
        ),
    )


def _given(argument: str, value: Any) -> Count | None:
    return None if value is None else count(argument, value)


def needs_of(needs: Sequence[str]) -> tuple[str, ...]:
    """Check the features asked for.

    Examples
    --------
    >>> needs_of(["windows", "windows"])
    ('windows',)
    """
    return tuple(dict.fromkeys(feature_named(need) for need in needs))


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
    low = 0 if argument == "pod_cidr" else LARGEST_SUBNET.value
    high = BITS if argument == "pod_cidr" else SMALLEST_SUBNET.value
    found = prefix_length_of(value, argument)
    smallest, largest = _extremes(found)
    if smallest < low or largest > high:
        raise ArgumentError(argument, value, f"Azure allows /{low} to /{high}")
    return found


def map_arrays(value: Any, change: Callable[[NDArray[Any]], Any]) -> Any:
    """Copy a demand with each of its arrays changed, in an order that never varies.

    Examples
    --------
    >>> import numpy as np
    >>> demand = Demand((NodePool("a", np.array([3, 5])),))
    >>> map_arrays(demand, lambda array: 2 * array).pools[0].nodes
    array([ 6, 10])
    """
    if value is None or isinstance(value, int | str):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        parts = {part.name: getattr(value, part.name) for part in fields(value)}
        return replace(value, **{k: map_arrays(v, change) for k, v in parts.items()})
    if isinstance(value, tuple):
        return tuple(map_arrays(part, change) for part in value)
    return change(value) if is_array(value) else value


def arrays_of(demand: Demand) -> list[NDArray[Any]]:
    """Every array of a demand, in the order of :func:`map_arrays`.

    Examples
    --------
    >>> arrays_of(Demand((NodePool("a", 3),)))
    []
    """
    found: list[NDArray[Any]] = []
    map_arrays(demand, found.append)
    return found


def broadcast(demand: Demand) -> Demand:
    """Bring every array of a demand to the shape that they have together.

    Raises
    ------
    ArgumentError
        Where the shapes do not go together.

    Examples
    --------
    >>> import numpy as np
    >>> broadcast(Demand((NodePool("a", np.array([[3], [5]]), np.array([30, 110])),))).pools[0].nodes
    array([[3, 3],
           [5, 5]])
    """
    arrays = arrays_of(demand)
    if not arrays:
        return demand
    import numpy as np

    try:
        shaped = iter(np.broadcast_arrays(*arrays))
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise ArgumentError("arguments", shapes, "shapes that broadcast") from None
    result: Demand = map_arrays(demand, lambda _: next(shaped))
    return result
