"""Columns of a sweep by name: the size contract's paths, joined with underscores."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal

from ipplan.errors import ArgumentError
from ipplan.inventory import DEFAULT_SURGE
from ipplan.models import Home
from ipplan.sizing.growth import Bound
from ipplan.sizing.rules import ERRORS
from ipplan.sweeps.axes import AXES, SURGE
from ipplan.sweeps.exhaustion import months_left

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from ipplan.sizing.loads import Range
    from ipplan.sweeps.grids import Cells, Grid

UNKNOWN = 2
"""What stands for neither yes nor no. [-]"""


@dataclass(frozen=True)
class Column:
    """One column: how its cells are worked out and kept.

    Parameters
    ----------
    name, unit, meaning : str
        As the documentation shows them.
    kind : {"whole", "float", "truth", "label"}
        Whole numbers are kept as ``int64`` or ``uint8``, truths as ``uint8`` with
        2 for neither, labels as ``uint16``, an index into ``labels``.
    dtype : str
        NumPy's name of how it is kept.
    none : int or None
        The kept value that stands for no answer; NaN always does.
    labels : tuple of str
        Of a label column.
    """

    name: str
    unit: str
    meaning: str
    kind: Literal["whole", "float", "truth", "label"]
    dtype: str
    none: int | None
    labels: tuple[str, ...]


@dataclass(frozen=True)
class _Row:
    """A column as it is written down, before a grid says what its labels are.

    ``cells`` gives its values for cells of one model: an array, or one for all of them.
    """

    unit: str
    meaning: str
    cells: Callable[[Cells], Any]
    kind: Literal["whole", "float", "truth", "label"] = "whole"
    dtype: str = "int64"
    none: int | None = None
    labels: Callable[[Grid], tuple[str, ...]] = lambda _: ()


def _of(name: str) -> Callable[[Cells], Any]:
    return attrgetter(f"sizing.{name}")


def _node(name: str) -> Callable[[Cells], Any]:
    return lambda cells: getattr(cells.sizing.node_subnets[0], name)


def _pod(name: str, default: Any = 0) -> Callable[[Cells], Any]:
    def found(cells: Cells) -> Any:
        ranges = cells.sizing.pod_ranges
        return getattr(ranges[0], name) if ranges else default

    return found


NOTHING_LEFT = -(2**62)
"""What stands for no range; one that is too small has 0 or less than 0 left."""


def _room(ranges: Sequence[Range], *, free: bool = False) -> Any:
    import numpy as np

    if not ranges:
        return NOTHING_LEFT
    room = ranges[0].capacity - (ranges[0].addresses if free else 0)
    return np.where(ranges[0].length > 0, room, NOTHING_LEFT)


def _kind(cells: Cells) -> int:
    ranges = cells.sizing.pod_ranges
    return 1 + _HOMES.index(ranges[0].kind.value) if ranges else 0


_HOMES = tuple(home.value for home in Home)
_BOUNDS = tuple(str(bound) for bound in Bound)
_REFUSALS = ("", *(rule.name for rule in ERRORS))


def _feasible(cells: Cells) -> Any:
    """1 or 0; unknown where nothing stops it and not all can be known."""
    import numpy as np

    broken = np.asarray(cells.sizing.broken)
    yes = UNKNOWN if cells.sizing.unknown else 1
    return np.where(broken, 0, yes).astype(np.uint8)


def _refused_by(cells: Cells) -> Any:
    """The first rule that stops it."""
    import numpy as np

    shape = next(iter(cells.inputs.values())).shape
    found: NDArray[Any] = np.zeros(shape, np.uint16)
    for number, rule in reversed(list(enumerate(ERRORS, start=1))):
        for hit in rule.hits(cells.sizing):
            found[np.broadcast_to(hit.where, shape)] = number
    return found


def _months_left(cells: Cells) -> Any:
    return months_left(cells.sizing, cells.inputs.get("growth_per_year", 0.0))


def _input(name: str) -> _Row:
    axis = AXES[name]
    dtype = "int64" if axis.whole else "float64"
    kind: Literal["whole", "float"] = "whole" if axis.whole else "float"
    return _Row(
        axis.unit,
        f"as given: {axis.meaning}",
        lambda cells: cells.inputs[name],
        kind,
        dtype,
    )


def _surge_labels(grid: Grid) -> tuple[str, ...]:
    return grid.surges.labels if grid.surges else (str(DEFAULT_SURGE),)


_ROWS: dict[str, _Row] = {
    "model": _Row(
        "",
        "name of the network model",
        lambda cells: cells.model,
        "label",
        "uint16",
        labels=lambda grid: tuple(row.name for row in grid.models),
    ),
    "nodes": _Row("nodes", "without surge; all growth included", _of("nodes")),
    "surge_nodes": _Row("nodes", "that an upgrade adds", _of("surge_nodes")),
    "peak_nodes": _Row("nodes", "while it is upgraded", _of("peak_nodes")),
    "max_pods": _Row(
        "pods/node", "that a node can run", lambda cells: cells.sizing.loads[0].max_pods
    ),
    "max_surge": _Row(
        "",
        "a count, or a percentage of the nodes",
        lambda cells: cells.inputs.get(SURGE, 0),
        "label",
        "uint16",
        labels=_surge_labels,
    ),
    "feasible": _Row(
        "", "it runs and can be upgraded", _feasible, "truth", "uint8", UNKNOWN
    ),
    "refused_by": _Row(
        "",
        "the first rule that stops it",
        _refused_by,
        "label",
        "uint16",
        0,
        lambda _: _REFUSALS,
    ),
    "node_subnet_prefix_length": _Row(
        "bits",
        "empty where no allowed subnet is enough",
        _node("length"),
        dtype="uint8",
        none=0,
    ),
    "node_subnet_addresses": _Row(
        "addresses", "the need, without Azure's five", _node("addresses")
    ),
    "node_subnet_addresses_with_reserved": _Row(
        "addresses", "the need with the five", _node("addresses_with_reserved")
    ),
    "node_subnet_usable": _Row(
        "addresses", "for use in a subnet of that length", _node("capacity"), none=0
    ),
    "node_subnet_free": _Row(
        "addresses",
        "left over for use",
        lambda cells: _room(cells.sizing.node_subnets, free=True),
        none=NOTHING_LEFT,
    ),
    "pod_range_kind": _Row(
        "",
        "`pod-subnet` or `pod-cidr`; empty where pods have none",
        _kind,
        "label",
        "uint16",
        0,
        lambda _: ("", *_HOMES),
    ),
    "pod_range_prefix_length": _Row(
        "bits",
        "as for the node subnet; empty where pods have none",
        _pod("length"),
        dtype="uint8",
        none=0,
    ),
    "pod_range_addresses": _Row(
        "addresses", "the need, without Azure's five", _pod("addresses"), none=0
    ),
    "pod_range_addresses_with_reserved": _Row(
        "addresses",
        "the need with the five of a subnet",
        _pod("addresses_with_reserved"),
        none=0,
    ),
    "pod_range_usable": _Row(
        "addresses",
        "for use in a range of that length",
        lambda cells: _room(cells.sizing.pod_ranges),
        none=NOTHING_LEFT,
    ),
    "pod_range_free": _Row(
        "addresses",
        "left over for use",
        lambda cells: _room(cells.sizing.pod_ranges, free=True),
        none=NOTHING_LEFT,
    ),
    "vnet_addresses": _Row(
        "addresses", "nodes, pods and extras in the VNet", _of("vnet_addresses")
    ),
    "grows_to_nodes": _Row(
        "nodes", "most nodes that the ranges hold", _of("grows_to.nodes")
    ),
    "grows_to_bound_by": _Row(
        "",
        "what stops the next node",
        _of("grows_to.bound_by"),
        "label",
        "uint16",
        labels=lambda _: _BOUNDS,
    ),
    "months_left": _Row(
        "months",
        "from the row's own on until its nodes outgrow the ranges; 0 where they do, or "
        "where it does not run; empty where never",
        _months_left,
        "float",
        "float64",
    ),
    **{f"input_{name}": _input(name) for name in AXES if name != SURGE},
}

COLUMNS = tuple(_ROWS)
"""Every column's name, in the order in which they stand."""

USUAL = (
    "model",
    "nodes",
    "max_pods",
    "max_surge",
    "feasible",
    "node_subnet_prefix_length",
    "node_subnet_addresses",
    "pod_range_kind",
    "pod_range_prefix_length",
    "pod_range_addresses",
    "vnet_addresses",
    "grows_to_nodes",
    "grows_to_bound_by",
)
"""Columns where none are chosen, besides those of the axes that vary."""


def columns_of(grid: Grid, names: Iterable[str] | None = None) -> tuple[Column, ...]:
    """The columns of a grid: those that are named, or the usual ones.

    Raises
    ------
    ArgumentError
        For a name that is no column's, and for an axis that was not given.
    """
    listed = (names,) if isinstance(names, str) else names
    wanted = usual_names(grid) if listed is None else list(dict.fromkeys(listed))
    if not wanted:
        raise ArgumentError("columns", "none", f"some of {', '.join(COLUMNS)}")
    for name in wanted:
        if name not in _ROWS or not _had(grid, name):
            allowed = ", ".join(each for each in COLUMNS if _had(grid, each))
            raise ArgumentError("columns", repr(name), f"some of {allowed}")
    return tuple(_column(grid, name) for name in wanted)


def _had(grid: Grid, name: str) -> bool:
    return not name.startswith("input_") or name[6:] in grid.names


SHOWN = ("nodes", "max_pods", SURGE)
"""Axes that have columns of their own; the first only where nothing grows."""

_GROWING = ("add_nodes", "growth", "growth_per_year", "months")


def usual_names(grid: Grid) -> list[str]:
    """The usual columns of a grid, with those of its axes behind the model."""
    grows = any(name in grid.names for name in _GROWING)
    shown = SHOWN[1:] if grows else SHOWN
    inputs = [f"input_{name}" for name in grid.names if name not in shown]
    timed = ["months_left"] if "growth_per_year" in grid.names else []
    return ["model", *inputs, *USUAL[1:], *timed]


def default_pods(grid: Grid) -> tuple[int, ...]:
    """The models' own max pods, each once; none where max pods are an axis."""
    if "max_pods" in grid.names:
        return ()
    return tuple(dict.fromkeys(row.default_max_pods.value for row in grid.models))


def _column(grid: Grid, name: str) -> Column:
    row = _ROWS[name]
    told = (row.unit, row.meaning, row.kind, row.dtype, row.none)
    return Column(name, *told, row.labels(grid))


def worked_out(columns: Sequence[Column], cells: Cells) -> dict[str, NDArray[Any]]:
    """Each column's values for some cells, as they are kept. Shape (cells,)."""
    import numpy as np

    shape = (len(next(iter(cells.inputs.values()))),)
    return {
        each.name: np.broadcast_to(_ROWS[each.name].cells(cells), shape).astype(
            each.dtype
        )
        for each in columns
    }


def missing(column: Column, values: NDArray[Any]) -> NDArray[Any] | None:
    """Where there is no answer; None where there is one everywhere."""
    import numpy as np

    if column.kind == "float":
        gaps = np.isnan(values)
    elif column.none is None:
        return None
    else:
        gaps = values == column.none
    return gaps if gaps.any() else None


def plain(
    columns: Sequence[Column], rows: Mapping[str, NDArray[Any]]
) -> dict[str, list[Any]]:
    """Rows as Python values: labels as text, and None where there is no answer.

    Examples
    --------
    >>> import numpy as np
    >>> made = Column("feasible", "", "", "truth", "uint8", UNKNOWN, ())
    >>> plain([made], {"feasible": np.array([0, 1, 2])})
    {'feasible': [False, True, None]}
    """
    return {each.name: _plain(each, rows[each.name]) for each in columns}


def _plain(column: Column, values: NDArray[Any]) -> list[Any]:
    gaps = missing(column, values)
    found: list[Any] = values.tolist()
    if column.kind == "label":
        found = [column.labels[code] for code in found]
    elif column.kind == "truth":
        found = [code == 1 for code in found]
    if gaps is None:
        return found
    return [None if gap else each for each, gap in zip(found, gaps, strict=True)]
