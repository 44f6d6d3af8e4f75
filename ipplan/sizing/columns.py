"""Many scenarios as columns: the six that decide, in chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.errors import ArgumentError
from ipplan.models import NetworkModel, model_named
from ipplan.sizing.arguments import demand_of
from ipplan.sizing.demands import arrays_of, largest_count, with_arrays
from ipplan.sizing.sizings import Sizing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ipplan.sizing.demands import Demand

CHUNK = 50_000
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
    _check_out(out, shape, work)
    if any(np.may_share_memory(column, a) for column in out for a in arrays):
        raise ArgumentError("out", "columns", "must not overlap the arguments")
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


def _check_out(out: Columns, shape: tuple[int, ...], work: str) -> None:
    import numpy as np

    needed = (work, work, work, "u1", "u1", "?")
    for name, column, kind in zip(Columns._fields, out, needed, strict=True):
        fits = column.shape == shape and np.can_cast(kind, column.dtype)
        if not (fits and column.flags.c_contiguous and column.flags.writeable):
            allowed = f"C-contiguous, of shape {shape} and a type that holds {kind}"
            raise ArgumentError("out", f"{name} {column.dtype}{column.shape}", allowed)


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
