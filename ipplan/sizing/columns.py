"""Many scenarios as columns: the six that decide, in chunks, and the tidy table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.errors import ArgumentError
from ipplan.models import NetworkModel, model_named
from ipplan.sizing.arguments import demand_of
from ipplan.sizing.demands import arrays_of, largest_count, with_arrays
from ipplan.sizing.growth import Bound
from ipplan.sizing.sizings import Sizing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ipplan.sizing.demands import Demand
    from ipplan.sizing.plans import Plan

CHUNK = 49_152
"""Scenarios worked on at a time: what a formula's temporaries keep in cache. [-]"""

HEAP = 2**23
"""Freed memory that is worth keeping for the next chunk. [bytes]"""


class Columns(NamedTuple):
    """The six columns that decide a sizing, each of the scenarios' shape.

    Needs are without what Azure reserves; a prefix length is 0 where none is allowed.
    ``pod_addresses`` and ``pod_prefix_length`` are 0 where pods have no range of
    their own.
    """

    peak_nodes: NDArray[Any]
    node_addresses: NDArray[Any]
    pod_addresses: NDArray[Any]
    node_prefix_length: NDArray[Any]
    pod_prefix_length: NDArray[Any]
    feasible: NDArray[Any]


def size_columns(
    nodes: Any,
    max_pods: Any = None,
    *,
    model: str,
    out: Columns | None = None,
    **demand: Any,
) -> Columns:
    """Size many scenarios of one model, in chunks that stay in the processor's cache.

    Parameters
    ----------
    nodes, max_pods, model, **demand
        As :func:`ipplan.size` takes them; at least one is an array, and the others
        broadcast.
    out : Columns, optional
        C-contiguous arrays to write to, of an earlier call with such scenarios.

    Returns
    -------
    Columns
        Of the scenarios' common shape. Needs are ``int32`` where nothing on the way
        to them can exceed it and ``int64`` elsewhere, prefix lengths ``uint8``.

    Raises
    ------
    ArgumentError
        As :func:`ipplan.size` does, and for a demand without any array.

    Notes
    -----
    The formulas are those of :func:`ipplan.size`; they run on 32-bit integers where
    no intermediate can exceed them.

    Examples
    --------
    >>> import numpy as np
    >>> nodes = np.array([50, 60])
    >>> size_columns(nodes, 30, max_surge=1, model="cni-node-subnet").node_addresses
    array([1581, 1891], dtype=int32)
    """
    return stream(model_named(model), demand_of(nodes, max_pods, **demand), out)


def stream(model: NetworkModel, demand: Demand, out: Columns | None = None) -> Columns:
    """The six columns of a demand that holds arrays, chunk by chunk.

    Raises
    ------
    ArgumentError
        For a demand without arrays, or whose pools have subnets of their own.

    Examples
    --------
    >>> from ipplan.models import MODELS
    >>> stream(MODELS["kubenet"], demand_of([3, 500])).feasible
    array([ True, False])
    """
    import numpy as np

    arrays = arrays_of(demand)
    if not arrays or any(pool.subnet or pool.pod_subnet for pool in demand.pools):
        raise ArgumentError(
            "arguments", "given", "an array, and subnets that are shared"
        )
    work = "i4" if largest_count(demand) < 2**31 else "i8"
    shape = arrays[0].shape
    if out is None:
        kinds = (work, work, work, "u1", "u1", "?")
        out = Columns(*(np.empty(shape, kind) for kind in kinds))
    # The C library gives memory back to the system at every chunk, and pays for it
    # twice in page faults, until a block of this size was freed once.
    np.empty(HEAP, "u1")
    results = [column.reshape(-1) for column in out]
    flat = [_flat(array) for array in arrays]
    size = arrays[0].size
    buffers = [np.empty(min(CHUNK, size), work) for _ in flat]
    part = with_arrays(demand, buffers)
    for start in range(0, size, CHUNK):
        here = slice(start, start + CHUNK)
        if start + CHUNK > size > CHUNK:
            buffers = [buffer[: size - start] for buffer in buffers]
            part = with_arrays(demand, buffers)
        for buffer, array in zip(buffers, flat, strict=True):
            buffer[...] = array[here]
        for column, value in zip(results, _six(Sizing(model, part)), strict=True):
            column[here] = value
    return out


def _flat(array: NDArray[Any]) -> Any:
    """Something to slice in one dimension without copying the whole array."""
    return array.reshape(-1) if array.flags.c_contiguous else array.flat


def _six(sizing: Sizing) -> tuple[Any, ...]:
    nodes = sizing.node_subnets[0]
    pods = sizing.pod_ranges[0] if sizing.pod_ranges else None
    return (
        sizing.peak_nodes,
        nodes.addresses,
        pods.addresses if pods else 0,
        nodes.length,
        pods.length if pods else 0,
        sizing.feasible,
    )


def tidy(plan: Plan) -> dict[str, list[Any]]:
    """Columns with a row a model and scenario; ``None`` where there is no answer.

    Examples
    --------
    >>> from ipplan.sizing.plans import size
    >>> tidy(size(300, 30, model=["kubenet"]))["grows_to_nodes"]
    [363]
    """
    columns: dict[str, list[Any]] = {}
    for name, sizing in plan.items():
        for column, value in _tidy(name, sizing).items():
            columns.setdefault(column, []).extend(value)
    return columns


def _tidy(name: str, sizing: Sizing) -> dict[str, list[Any]]:
    import numpy as np

    load = sizing.loads[0] if len(sizing.loads) == 1 else None
    subnet = sizing.node_subnets[0] if len(sizing.node_subnets) == 1 else None
    pods = sizing.pod_ranges[0] if len(sizing.pod_ranges) == 1 else None
    bound = sizing.grows_to.bound_by
    given = {
        "nodes": sizing.nodes,
        "surge_nodes": sizing.surge_nodes,
        "max_pods": load and load.max_pods,
        "node_subnet_prefix_length": subnet and _none(subnet.length),
        "node_subnet_addresses": subnet and subnet.addresses,
        "node_subnet_free": subnet and subnet.free,
        "pod_range_kind": pods and str(pods.kind.value),
        "pod_range_prefix_length": pods and _none(pods.length),
        "pod_range_addresses": pods and pods.addresses,
        "pod_range_free": pods and pods.free,
        "vnet_addresses": sizing.vnet_addresses,
        "grows_to_nodes": sizing.grows_to.nodes,
        "grows_to_bound_by": bound
        if bound is None or isinstance(bound, str)
        else _names(bound),
        "feasible": sizing.feasible,
    }
    cells = {key: np.asarray(value, dtype=object) for key, value in given.items()}
    whole = np.broadcast_shapes(*(cell.shape for cell in cells.values()))
    spread = {k: np.broadcast_to(v, whole).ravel().tolist() for k, v in cells.items()}
    return {"model": [name] * len(spread["nodes"]), **spread}


def _none(length: Any) -> Any:
    import numpy as np

    return np.where(np.equal(length, 0), None, length)


def _names(codes: Any) -> Any:
    import numpy as np

    return np.array([str(bound) for bound in Bound], dtype=object)[codes]
