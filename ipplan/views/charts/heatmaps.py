"""A heat map: the prefix that nodes and max pods need, a panel a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from ipplan.errors import ArgumentError
from ipplan.tables import Table
from ipplan.views.charts.slices import Slice, first_of, is_drawn, values_of
from ipplan.views.charts.words import fixed_words, left_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.models import NetworkModel
    from ipplan.sweeps.grids import Grid
    from ipplan.views.charts.slices import Reach

MOST_ROWS = 40
"""Values of max pods that are drawn; more are no taller than a line of text. [-]"""

TOLD_ROWS = 5
"""Values of max pods whose numbers the table has. [-]"""


LARGER = "larger subnet"
"""Where now the node subnet and now the pod subnet is the larger one."""


class Run(NamedTuple):
    """Numbers of nodes in a row that need the same prefix; 0 where they don't fit."""

    first: int
    last: int
    length: int


class Row(NamedTuple):
    """One value of max pods: its runs, the most nodes that fit, and why no more."""

    max_pods: int
    runs: tuple[Run, ...]
    last: int
    why: str

    @property
    def length(self) -> int:
        """What the most nodes need; 0 where none fit."""
        return next((r.length for r in self.runs if r.first <= self.last <= r.last), 0)


class MapPanel(NamedTuple):
    """One model; ``subnet`` is the one whose prefix is shown."""

    model: str
    subnet: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class HeatMap:
    """Prefix lengths over nodes and max pods.

    Parameters
    ----------
    title : str
        What is found.
    notes : tuple of str
        The question, what is assumed, what is left out.
    panels : tuple of MapPanel
        A model each.
    low, high : int
        The ends of the axis of nodes. [nodes]
    max_pods : tuple of int
        Those that are drawn, the fewest first. [pods/node]
    """

    title: str
    notes: tuple[str, ...]
    panels: tuple[MapPanel, ...]
    low: int
    high: int
    max_pods: tuple[int, ...]
    kind: Literal["heat-map"] = "heat-map"

    @property
    def table(self) -> Table:
        """A few rows of every panel in numbers."""
        columns = ["model", "max pods", "most nodes", "subnet", "stops at", "nodes in"]
        rows = [_told(panel, row) for panel in self.panels for row in _some(panel.rows)]
        return Table(columns, rows)


def _some(rows: tuple[Row, ...]) -> list[Row]:
    count = min(TOLD_ROWS, len(rows))
    steps = range(count)
    return [rows[round(i * (len(rows) - 1) / max(count - 1, 1))] for i in steps]


def _told(panel: MapPanel, row: Row) -> list[str]:
    held = [f"/{run.length} {run.last:,}" for run in row.runs if run.length]
    return [
        panel.model,
        f"{row.max_pods}",
        f"{row.last:,}" if row.last else "none",
        f"/{row.length} {panel.subnet}" if row.last else "",
        row.why or "the axis ends",
        ", ".join(held),
    ]


def heat_map(grid: Grid) -> HeatMap:
    """What every model needs against nodes and max pods.

    Raises
    ------
    ArgumentError
        Where the two do not vary, or an axis is drawn.
    """
    nodes = values_of(grid, "nodes")
    low, high = int(nodes.min()), int(nodes.max())
    pods = values_of(grid, "max_pods")
    if any(map(is_drawn, grid.dimensions)):
        raise ArgumentError("chart", "heat-map of a distribution", "draw a fan of it")
    values = _thinned(sorted({int(each) for each in pods}))
    fixed = first_of(grid, "nodes", "max_pods")
    where = Slice(grid, fixed)
    panels = tuple(_panel(where, model, low, high, values) for model in grid.models)
    words = fixed_words(grid, fixed, ("nodes", "max_pods"))
    asked = (
        f"Which subnet do {low:,} to {high:,} nodes of {values[0]} to {values[-1]} "
        f"max pods need? With {words}."
    )
    larger = (
        "The number is the prefix length of the subnet that each panel names; hatched: "
        "does not fit."
    )
    notes = (asked, larger, *left_out(grid, fixed))
    title = _title(panels, high)
    return HeatMap(title, notes, panels, low, high, tuple(values))


def _thinned(values: list[int]) -> list[int]:
    """At most so many of the values, the first and the last among them."""
    count = min(len(values), MOST_ROWS)
    last = len(values) - 1
    return [values[round(i * last / (count - 1))] for i in range(count)]


def _panel(
    where: Slice, model: NetworkModel, low: int, high: int, values: list[int]
) -> MapPanel:
    reaches = [where.reach(model, low, high, max_pods=each) for each in values]
    rows = tuple(
        Row(value, tuple(_runs(reach, high)), reach.last, reach.why)
        for value, reach in zip(values, reaches, strict=True)
    )
    return MapPanel(model.name, _subnet(reaches), rows)


def _subnet(reaches: list[Reach]) -> str:
    """The subnet that is the larger one wherever the model fits."""
    import numpy as np

    last = [each.subnets[-1] for each in reaches]
    always = all(
        np.all((each.lengths == one.length)[each.fits])
        for each, one in zip(reaches, last, strict=True)
    )
    return last[0].kind.words if always else LARGER


def _runs(reach: Reach, high: int) -> Iterator[Run]:
    import numpy as np

    lengths = np.where(reach.fits, reach.lengths, 0)
    starts = [0, *(np.flatnonzero(np.diff(lengths)) + 1).tolist()]
    stops = [*(int(reach.nodes[at]) - 1 for at in starts[1:]), high]
    for at, stop in zip(starts, stops, strict=True):
        yield Run(int(reach.nodes[at]), stop, int(lengths[at]))


def _title(panels: tuple[MapPanel, ...], high: int) -> str:
    """Who goes furthest, and who least far, with the most pods a node."""
    ends = [(panel, panel.rows[-1]) for panel in panels]
    best = max(ends, key=lambda end: (end[1].last, end[1].length))
    least = min(ends, key=lambda end: (end[1].last, end[1].length))
    pods = best[1].max_pods
    if not best[1].last:
        return f"At {pods} max pods nothing fits: {best[1].why}"
    found = f"At {pods} max pods {_far(*best, high)}"
    return found if least is best else f"{found}; {_far(*least, high)}"


def _far(panel: MapPanel, row: Row, high: int) -> str:
    if not row.last:
        return f"{panel.model} does not fit ({row.why})"
    goes = "still fits" if row.last == high else "stops at"
    subnet = panel.subnet.removeprefix("larger ")
    return f"{panel.model} {goes} {row.last:,} nodes, in a /{row.length} {subnet}"
