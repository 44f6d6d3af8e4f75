"""What must be carried, as one value: a Demand, and its arrays brought to one shape."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ipplan.counts import is_array
from ipplan.errors import ArgumentError
from ipplan.models import MODELS, Home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from ipplan.counts import Count
    from ipplan.inventory import NodePool


EXACT = 2**62
"""Counts below it, and their sums, are exact in arrays. [-]"""

LARGEST_NODE = max(
    row.block + row.spare + row.default_max_pods.value for row in MODELS.values()
)
"""More than a node takes besides its pods. [addresses]"""


SURGE_COUNTS = ("count", "percent")
POOL_COUNTS = ("nodes", "max_pods", "pods_per_node", "host_network_pods")
COUNTS = ("extra_addresses", "node_subnet", "pod_subnet", "pod_cidr")
"""What may be an array: of a surge, of a pool, and of the demand itself."""


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
        Features asked for, of :data:`ipplan.features.FEATURES`.
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
    open : bool
        Whether ranges that are not given are left open, as :func:`fit` has it,
        rather than chosen.
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
    open: bool = False

    def given(self, kind: Home) -> Count | None:
        """Prefix length of a range that exists already, if it does. [bits]."""
        if kind is Home.NODE_SUBNET:
            return self.node_subnet
        return self.pod_subnet if kind is Home.POD_SUBNET else self.pod_cidr


def map_arrays(demand: Demand, change: Callable[[NDArray[Any]], Any]) -> Demand:
    """Copy a demand with each of its arrays changed, in an order that never varies.

    Examples
    --------
    >>> import numpy as np
    >>> from ipplan.inventory import NodePool
    >>> demand = Demand((NodePool("a", np.array([3, 5])),))
    >>> map_arrays(demand, lambda array: 2 * array).pools[0].nodes
    array([ 6, 10])
    """
    pools = tuple(_map_pool(pool, change) for pool in demand.pools)
    return replace(demand, pools=pools, **_changed(demand, COUNTS, change))


def _map_pool(pool: NodePool, change: Callable[[NDArray[Any]], Any]) -> NodePool:
    changes = _changed(pool, POOL_COUNTS, change)
    surges = _changed(pool.max_surge, SURGE_COUNTS, change)
    if surges:
        changes["max_surge"] = replace(pool.max_surge, **surges)
    return replace(pool, **changes) if changes else pool


def _changed(
    value: object, names: tuple[str, ...], change: Callable[[NDArray[Any]], Any]
) -> dict[str, Any]:
    counts = {name: getattr(value, name) for name in names}
    return {name: change(each) for name, each in counts.items() if is_array(each)}


def arrays_of(demand: Demand) -> list[NDArray[Any]]:
    """Every array of a demand, in the order of :func:`map_arrays`.

    Examples
    --------
    >>> arrays_of(Demand(()))
    []
    """
    found: list[NDArray[Any]] = []
    map_arrays(demand, found.append)
    return found


def with_arrays(demand: Demand, arrays: Iterable[NDArray[Any]]) -> Demand:
    """Copy a demand with other arrays in place of its own, in their order.

    Examples
    --------
    >>> import numpy as np
    >>> from ipplan.inventory import NodePool
    >>> demand = Demand((NodePool("a", np.array([3, 5])),))
    >>> with_arrays(demand, [np.array([7])]).pools[0].nodes
    array([7])
    """
    others = iter(arrays)
    return map_arrays(demand, lambda _: next(others))


def widened(demand: Demand) -> Demand:
    """Bring every array of a demand to integers that hold every intermediate.

    Examples
    --------
    >>> import numpy as np
    >>> from ipplan.inventory import NodePool
    >>> demand = Demand((NodePool("a", np.array([3], dtype=np.int16)),))
    >>> widened(demand).pools[0].nodes.dtype
    dtype('int64')
    """
    return map_arrays(demand, lambda array: array.astype("int64"))


def largest_count(demand: Demand) -> int:
    """A number that no intermediate of a sizing exceeds, whatever the model.

    Examples
    --------
    >>> from ipplan.inventory import NodePool
    >>> largest_count(Demand((NodePool("a", 10, 30),)))
    21540
    """
    peak = sum(2 * pool.copies * largest(pool.nodes) for pool in demand.pools)
    surge = max((largest(pool.max_surge.count) for pool in demand.pools), default=0)
    pods = max((largest(pool.max_pods) for pool in demand.pools), default=0)
    beside = surge + largest(demand.extra_addresses) + 100
    return peak * 2 * (LARGEST_NODE + pods) + beside


def largest(value: Any) -> int:
    """The largest of a count or of an array of them; 0 for none.

    Examples
    --------
    >>> largest(3), largest(None)
    (3, 0)
    """
    return int(value.max(initial=0)) if is_array(value) else int(value or 0)


def broadcast(demand: Demand) -> Demand:
    """Bring every array of a demand, and its nodes, to the shape of all together.

    Raises
    ------
    ArgumentError
        Where the shapes do not go together.

    Examples
    --------
    >>> import numpy as np
    >>> from ipplan.inventory import NodePool
    >>> pool = NodePool("a", np.array([[3], [5]]), np.array([30, 110]))
    >>> broadcast(Demand((pool,))).pools[0].nodes
    array([[3, 3],
           [5, 5]])
    """
    arrays = arrays_of(demand)
    if not arrays:
        return demand
    import numpy as np

    if largest_count(demand) > EXACT:
        raise ArgumentError("pools", len(demand.pools), "too many nodes and pods")

    try:
        shape = np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise ArgumentError("shapes", shapes, "must broadcast") from None
    pools = [
        replace(pool, nodes=np.asarray(pool.nodes, dtype=np.int64))
        if isinstance(pool.nodes, int)
        else pool
        for pool in demand.pools
    ]
    whole = replace(demand, pools=tuple(pools))
    return with_arrays(whole, [np.broadcast_to(a, shape) for a in arrays_of(whole)])
