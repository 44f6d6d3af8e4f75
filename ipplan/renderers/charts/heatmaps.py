"""A heat map as a picture: a panel a model, hatched where it does not fit."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.renderers.charts import marks
from ipplan.renderers.charts.places import LETTER, Scale
from ipplan.renderers.charts.styles import ink_on, shade

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ipplan.views.charts.heatmaps import HeatMap, MapPanel, Row, Run

WIDE, HIGH = 270, 220
"""Of a panel. [pixels]"""

ALONE = 1.6
"""Times as large where there are one or two. [-]"""

ACROSS = 8
"""Tiles of the legend beside each other. [-]"""

TILE = 32
"""Of a tile. [pixels]"""

LINE = 14
"""Of a number on the axis. [pixels]"""

HATCH = 8
"""Between two lines of the hatching, across. [pixels]"""

WIDE_SPAN = 12
"""From this factor between the ends on, nodes are on a logarithmic axis. [-]"""


FEW = 12
"""So many values of max pods are all named on the axis. [-]"""

APART = 6
"""So many values of max pods are rows with a gap; between them nothing is told. [-]"""

GAP = 0.08
"""Of a row that stands apart, white above and below. [-]"""


class _Plane(NamedTuple):
    """The two axes, and the lower and upper edge of each value of max pods."""

    x: Scale
    y: Scale
    bands: list[tuple[float, float]]


def specification(chart: HeatMap) -> Any:
    """The chart as Vega-Lite reads it."""
    few = len(chart.panels) < 3  # noqa: PLR2004  # side by side they may be larger
    plane = _plane(chart, ALONE if few else 1)
    lengths = sorted(
        {run.length for each in chart.panels for row in each.rows for run in row.runs}
        - {0}
    )
    plots = [_plot(each, plane, lengths) for each in chart.panels]
    legend = [_legend(lengths)] if lengths else []
    return marks.whole([*plots, *legend], 2 if few else 3, chart.title, chart.notes)


def _plane(chart: HeatMap, times: float) -> _Plane:
    edges = _edges(chart.max_pods)
    gap = GAP if len(chart.max_pods) <= APART else 0
    bands = [(low + gap, high - gap) for low, high in pairwise(edges)]
    is_log = chart.high >= WIDE_SPAN * chart.low
    x = Scale(chart.low, chart.high + 1, round(WIDE * times), is_log=is_log)
    y = Scale(edges[0], edges[-1], round(HIGH * times), upwards=True)
    return _Plane(x, y, bands)


def _edges(pods: Sequence[int]) -> list[float]:
    """Between the values of max pods; of few values, rows of the same height."""
    if len(pods) <= APART:
        return [float(each) for each in range(len(pods) + 1)]
    between = [(a + b) / 2 for a, b in pairwise(pods)]
    half = min(b - a for a, b in pairwise(pods)) / 2
    return [pods[0] - half, *between, pods[-1] + half]


def _axis_y(pods: list[int], y: Scale) -> marks.Spec:
    """The axis of max pods, which names the first and the last of them."""
    title = "Max pods [pods/node]"
    if len(pods) <= APART:
        middles = [at + 0.5 for at in range(len(pods))]
        words = f"{pods}[floor(datum.value)]"
        return marks.axis_y(y, title, middles, grid=False, labelExpr=words)
    if len(pods) <= FEW:
        return marks.axis_y(y, title, pods, grid=False)
    ends = [float(pods[0]), float(pods[-1])]
    inner = [
        each
        for each in y.ticks(36)
        if all(abs(y.at(each) - y.at(end)) >= LINE for end in ends)
    ]
    return marks.axis_y(y, title, sorted(ends + inner), grid=False)


def _plot(panel: MapPanel, plane: _Plane, lengths: list[int]) -> Any:
    across = marks.axis_x(plane.x, "Nodes, before any surge [nodes]", grid=False)
    up = _axis_y([row.max_pods for row in panel.rows], plane.y)
    cells = list(_cells(panel, plane, lengths))
    parts = [
        marks.mark("rect", cells, across, up, strokeWidth=0.6),
        marks.mark("rule", _hatching(panel.rows, plane), across, up, color="#8c8c8c"),
        *_names(panel, plane, lengths, across, up),
    ]
    last = panel.rows[-1]
    end = f"up to {last.last:,} nodes" if last.last else "nothing"
    notes = (f"{last.max_pods} max pods: {end}", last.why or "and more, the axis ends")
    title = marks.heading(f"{panel.model}: /N of the {panel.subnet}", *notes)
    return marks.layers(parts, (plane.x, plane.y), title)


def _legend(lengths: list[int]) -> Any:
    """Each prefix in its colour."""
    places = [(i % ACROSS, i // ACROSS) for i in range(len(lengths))]
    high = ceil(len(lengths) / ACROSS)
    x = Scale(0, ACROSS, ACROSS * TILE)
    y = Scale(-high, 0, high * TILE, upwards=True)
    plain = marks.bare("x", x), marks.bare("y", y)
    tiles: marks.Rows = []
    names: dict[str, marks.Rows] = {}
    for length, (column, row) in zip(reversed(lengths), places, strict=True):
        colour = shade(length, lengths)
        tile = {"x": column, "x2": column + 1, "y": -row, "y2": -row - 1}
        tiles.append({**tile, "colour": colour})
        name = {"x": column + 0.5, "y": -row - 0.5, "text": f"/{length}"}
        names.setdefault(ink_on(colour), []).append(name)
    parts = [
        marks.mark("rect", tiles, *plain),
        *(
            marks.mark("text", rows, *plain, color=ink, fontWeight="bold")
            for ink, rows in names.items()
        ),
    ]
    title = marks.heading("Prefix length of the subnet")
    return marks.layers(parts, (x, y), title)


def _cells(
    panel: MapPanel, plane: _Plane, lengths: list[int]
) -> Iterator[dict[str, Any]]:
    """A rectangle for each run of each row; white where it does not fit."""
    for number, row in enumerate(panel.rows):
        for run in row.runs:
            yield {
                "x": run.first,
                "x2": run.last + 1,
                "y": plane.bands[number][0],
                "y2": plane.bands[number][1],
                "colour": shade(run.length, lengths) if run.length else "#ffffff",
                "tip": _tip(panel, row, run),
            }


def _tip(panel: MapPanel, row: Row, run: Run) -> str:
    where = f"{panel.model}, {row.max_pods} max pods, {run.first:,} to {run.last:,}"
    if run.length:
        return f"{where} nodes: a /{run.length} {panel.subnet}"
    return f"{where} nodes: does not fit ({row.why})"


def _hatching(rows: Sequence[Row], plane: _Plane) -> marks.Rows:
    """Lines upwards to the right wherever nothing fits, each as long as it can be."""
    found: marks.Rows = []
    for start in range(HATCH, plane.x.length + plane.y.length, HATCH):
        line: list[tuple[float, float]] = []
        for number, row in enumerate(rows):
            bottom, top = map(plane.y.at, plane.bands[number])
            for run in row.runs:
                if not run.length:
                    left, right = plane.x.at(run.first), plane.x.at(run.last + 1)
                    near, far = max(left, start - bottom), min(right, start - top)
                    if near < far:
                        line.append((near, far))
        found += [_segment(plane, start, *each) for each in _joined(line)]
    return found


def _joined(parts: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Pieces of a line, those that touch as one."""
    joined: list[tuple[float, float]] = []
    for left, right in sorted(parts):
        if joined and left - joined[-1][1] < 0.01:  # noqa: PLR2004  # of a pixel
            joined[-1] = (joined[-1][0], right)
        else:
            joined.append((left, right))
    yield from joined


def _segment(plane: _Plane, start: int, left: float, right: float) -> dict[str, float]:
    """From the left to the right, where x + y is the start. [pixels]."""
    x, y = plane.x.back, plane.y.back
    return {
        "x": x(left),
        "x2": x(right),
        "y": y(start - left),
        "y2": y(start - right),
    }


def _names(
    panel: MapPanel, plane: _Plane, lengths: list[int], across: Any, up: Any
) -> Iterator[Any]:
    """Each prefix where its area is largest, if its name has room there."""
    seen = {run.length for row in panel.rows for run in row.runs} - {0}
    for length in sorted(seen):
        share, x, y = max(_spots(panel.rows, plane, length))
        if share >= 1:
            row = {"x": x, "y": y, "text": f"/{length}"}
            ink = ink_on(shade(length, lengths))
            yield marks.mark(
                "text", [row], across, up, fontSize=11, fontWeight="bold", color=ink
            )


def _spots(
    rows: Sequence[Row], plane: _Plane, length: int
) -> Iterator[tuple[float, float, float]]:
    """How well a name would fit in each run, and the middle of the area there."""
    for number, row in enumerate(rows):
        for run in row.runs:
            if run.length == length:
                left, right = plane.x.at(run.first), plane.x.at(run.last + 1)
                pixel = (left + right) / 2
                half = min(2 * LETTER, (right - left) / 2)
                ends = plane.x.back(pixel - half), plane.x.back(pixel + half)
                below, above = _around(rows, number, ends, length)
                middle = plane.x.back(pixel)
                if len(rows) <= APART:  # no name lies across a gap
                    below = above = number
                low, high = plane.bands[below][0], plane.bands[above][1]
                tall = plane.y.at(low) - plane.y.at(high)
                share = min((right - left) / (4 * LETTER), tall / 13)
                yield share, middle, (low + high) / 2


def _around(
    rows: Sequence[Row], number: int, ends: tuple[float, float], length: int
) -> tuple[int, int]:
    """The lowest and the highest row around one that need the same there."""

    def same(at: int) -> bool:
        return 0 <= at < len(rows) and any(
            run.length == length and run.first <= ends[0] and ends[1] <= run.last + 1
            for run in rows[at].runs
        )

    below = above = number
    while same(below - 1):
        below -= 1
    while same(above + 1):
        above += 1
    return below, above
