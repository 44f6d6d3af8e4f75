"""Many scenarios as columns: the six that decide, in chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ipplan.errors import ArgumentError
from ipplan.models import MODELS, NetworkModel, model_named
from ipplan.sizing.arguments import demand_of
from ipplan.sizing.demands import arrays_of, largest_count, with_arrays
from ipplan.sizing.sizings import Sizing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from ipplan.sizing.demands import Demand

CHUNK = 50_000
"""Scenarios worked on at a time: what a formula's temporaries keep in cache. [-]"""

MIXED = 4 * CHUNK
"""Scenarios that are parted by their models at a time. [-]"""

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
    model: str | ArrayLike,
    out: Columns | None = None,
    **demand: Any,
) -> Columns:
    """Size many scenarios, in chunks that stay in the processor's cache.

    Parameters
    ----------
    nodes, max_pods, **demand
        As :func:`ipplan.size` takes them; at least one is an array, and the others
        broadcast.
    model : str, or array_like of str or int
        Of all scenarios, or of each: names, or positions in :data:`ipplan.MODELS`.
        An array broadcasts to the shape of the others.
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
    >>> models = ["kubenet", "cni-node-subnet"]
    >>> size_columns(nodes, 30, max_surge=1, model=models).node_addresses
    array([  51, 1891], dtype=int32)
    """
    found = demand_of(nodes, max_pods, **demand)
    if isinstance(model, str):
        return stream(model_named(model), found, out)
    return mixed(model, found, out)


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

    arrays, out, work = _prepared(demand, out)
    results = [column.reshape(-1) for column in out]
    size = results[0].size
    buffers = [np.empty(min(CHUNK, size), work) for _ in arrays]
    part = with_arrays(demand, buffers)
    for start in range(0, size, CHUNK):
        here = slice(start, start + CHUNK)
        if start + CHUNK > size > CHUNK:
            buffers = [buffer[: size - start] for buffer in buffers]
            part = with_arrays(demand, buffers)
        for buffer, array in zip(buffers, arrays, strict=True):
            buffer[...] = array[here]
        for column, value in zip(results, _six(Sizing(model, part)), strict=True):
            column[here] = value
    return out


def mixed(models: ArrayLike, demand: Demand, out: Columns | None = None) -> Columns:
    """The six columns where each scenario has a model of its own.

    Some at a time are parted by their models, sized, and put where they belong.

    Raises
    ------
    ArgumentError
        As :func:`stream` does, and for what is no model.

    Examples
    --------
    >>> mixed(["kubenet", "cni-overlay"], demand_of([500, 500])).feasible
    array([False,  True])
    """
    import numpy as np

    arrays, out, work = _prepared(demand, out)
    numbers = positions(models, out.peak_nodes.shape).reshape(-1)
    results = [column.reshape(-1) for column in out]
    for start in range(0, numbers.size, MIXED):
        here = slice(start, start + MIXED)
        parts = [array[here] for array in arrays]
        columns = [column[here] for column in results]
        for number, model in enumerate(MODELS.values()):
            rows = np.flatnonzero(numbers[here] == number)
            if rows.size:
                # Rows are inside; to clip them saves a check of each.
                chosen = [part.take(rows, mode="clip").astype(work) for part in parts]
                sizing = Sizing(model, with_arrays(demand, chosen))
                for column, value in zip(columns, _six(sizing), strict=True):
                    column[rows] = value
    return out


def positions(models: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Positions in :data:`ipplan.MODELS` of models by name or position.

    Raises
    ------
    ArgumentError
        For what is neither, and for an array that does not broadcast to a shape.

    Examples
    --------
    >>> positions([["kubenet"], ["cni-overlay"]], (2, 3))[:, 0].tolist() == [
    ...     list(MODELS).index(name) for name in ("kubenet", "cni-overlay")
    ... ]
    True
    """
    import numpy as np

    try:
        cells = np.asarray(models)
        np.broadcast_to(cells, shape)
    except ValueError:
        given = getattr(models, "shape", "of no shape")
        raise ArgumentError("model", given, f"must broadcast to {shape}") from None
    if cells.dtype.kind in "iu":
        known = (cells >= 0) & (cells < len(MODELS))
        found = cells.astype(np.uint8)
    else:
        found = np.full(cells.shape, len(MODELS), np.uint8)
        for number, name in enumerate(MODELS):
            found[cells == name] = number
        known = found < len(MODELS)
    if not known.all():
        wrong = cells[~known].tolist()[0]
        allowed = f"one of {', '.join(MODELS)}, or a position from 0 on"
        raise ArgumentError("model", repr(wrong), allowed)
    return np.broadcast_to(found, shape)


def _prepared(
    demand: Demand, out: Columns | None
) -> tuple[list[Any], Columns, Literal["i4", "i8"]]:
    """A demand's arrays in one dimension, room for its columns, and the type of work.

    Raises
    ------
    ArgumentError
        As :func:`stream` does.
    """
    import numpy as np

    arrays = arrays_of(demand)
    if not arrays or any(pool.subnet or pool.pod_subnet for pool in demand.pools):
        raise ArgumentError(
            "arguments", "given", "an array, and subnets that are shared"
        )
    work: Literal["i4", "i8"] = "i4" if largest_count(demand) < 2**31 else "i8"
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
    return [_flat(array) for array in arrays], out, work


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
