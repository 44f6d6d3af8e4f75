"""Break-even curves as a picture: a line a model, labelled where it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.limits import LARGEST_SUBNET, SMALLEST_SUBNET, VNET_ADDRESSES
from ipplan.models import MODELS, Home
from ipplan.prefixes import usable
from ipplan.renderers.charts import marks
from ipplan.renderers.charts.places import LETTER, Box, Crowd, Scale, apart, box
from ipplan.renderers.charts.styles import INK, PALE, style_of
from ipplan.views.charts.breakeven import TOLD, times_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.views.charts.breakeven import BreakEven, Line, Panel

WIDE, HIGH = 560, 430
"""Of one plot; several are less high. [pixels]"""

LOWER = 300
"""Of one plot of several. [pixels]"""

WIDE_SPAN = 12
"""From this factor between the ends on, an axis is logarithmic. [-]"""

NAME = 10
"""Half of what the name of a prefix takes. [pixels]"""

LABELS = WIDE + 52
"""Where the labels of the lines stand. [pixels]"""

BLOCKS = f"the VNet's {VNET_ADDRESSES.value:,} count blocks here, not IPs"
"""Why a model goes on where others with pods in the VNet stop."""


def specification(chart: BreakEven) -> Any:
    """The chart as Vega-Lite reads it."""
    high = HIGH if len(chart.panels) == 1 else LOWER
    x = Scale(chart.low, chart.high, WIDE, is_log=chart.high >= WIDE_SPAN * chart.low)
    plots = [_plot(each, x, high) for each in chart.panels if each.lines]
    return marks.whole(plots, 1, chart.title, chart.notes)


def _plot(panel: Panel, x: Scale, high: int) -> Any:
    y = _upwards(panel, high, is_log=x.is_log)
    across = marks.axis_x(x, "Nodes, before any surge [nodes]", grid=False)
    up = marks.axis_y(y, "Addresses needed in the VNet [addresses]", grid=False)
    prefixes = _prefixes(x, y)
    rules = _without_text(prefixes)
    parts = [
        marks.mark("rule", rules, across, up, color="#c4c4c4", strokeWidth=1),
        *_capacities(panel, x, across, up),
        *(each for line in panel.lines for each in _curve(line, across, up)),
        *_steps(panel, x, y, across, up),
        *_ends(panel, y, across, up),
        *_named(prefixes, y, up),
    ]
    notes = (panel.finding,) if panel.title else ()
    return marks.layers(parts, (x, y), marks.heading(panel.title, *notes))


def _upwards(panel: Panel, high: int, *, is_log: bool) -> Scale:
    seen = [point.addresses for line in panel.lines for point in line.points]
    seen += [each.addresses for each in panel.capacities if each.addresses > 0]
    low, most = max(min(seen), 1), max(seen)
    if is_log or most >= WIDE_SPAN * low:
        return Scale(low * 0.8, most * 1.25, high, is_log=True, upwards=True)
    return Scale(0, most * 1.05, high, upwards=True)


def _prefixes(x: Scale, y: Scale) -> marks.Rows:
    """A line at what each subnet holds."""
    crowd = Crowd()
    rows: marks.Rows = []
    for length in range(LARGEST_SUBNET.value, SMALLEST_SUBNET.value + 1):
        room = int(usable(length))
        inside = y.low < room < y.high
        if inside and crowd.has_room(box(0, y.at(room), "/00", 12)):
            tip = f"a /{length} holds {room:,} addresses"
            row = {"x": x.low, "x2": x.high, "y": room, "tip": tip}
            rows.append({**row, "text": f"/{length}"})
    return rows


def _named(prefixes: marks.Rows, y: Scale, up: Any) -> Iterator[Any]:
    """The subnets' names at the right, upon whatever is drawn there."""
    look = {"align": "left", "fontSize": 11, "color": PALE}
    halo = {**look, "stroke": "white", "strokeWidth": 5, "strokeJoin": "round"}
    yield marks.text_at(prefixes, WIDE + 11, up, **halo)
    yield marks.text_at(prefixes, WIDE + 11, up, **look)
    top = [{"y": y.high, "text": ["smallest", "subnet"]}]
    yield marks.text_at(top, WIDE + 11, up, dy=-28, lineHeight=12, **look)


def _without_text(rows: marks.Rows) -> marks.Rows:
    return [{k: v for k, v in row.items() if k != "text"} for row in rows]


def _capacities(panel: Panel, x: Scale, across: Any, up: Any) -> Iterator[Any]:
    for each in panel.capacities:
        row = {"x": x.low, "x2": x.high, "y": each.addresses, "tip": each.words}
        yield marks.mark(
            "rule", [row], across, up, color=INK, strokeWidth=1.6, strokeDash=[10, 3]
        )
        name = {"x": x.low, "y": each.addresses, "text": each.words}
        yield marks.mark(
            "text", [name], across, up, align="left", dx=6, dy=-7, fontWeight="bold"
        )


def _curve(line: Line, across: Any, up: Any) -> Iterator[Any]:
    style = style_of(line.model)
    rows = [
        {"x": each.nodes, "y": each.addresses, "tip": _tip(line.model, each)}
        for each in line.points
    ]
    yield marks.mark(
        "line",
        _plain(rows),
        across,
        up,
        color=style.colour,
        strokeDash=style.dash,
        strokeWidth=style.width,
    )
    yield marks.mark("point", rows, across, up, opacity=0, size=60, filled=True)


def _plain(rows: marks.Rows) -> marks.Rows:
    return [{"x": row["x"], "y": row["y"]} for row in rows]


def _tip(model: str, point: Any) -> str:
    return (
        f"{model}: {point.nodes:,} nodes take {point.addresses:,} addresses, "
        f"the larger subnet a /{point.length}"
    )


def _steps(panel: Panel, x: Scale, y: Scale, across: Any, up: Any) -> Iterator[Any]:
    """Dots where a longer line needs a larger subnet, named where there is room."""
    crowd = _lines(panel, x, y)
    seen: marks.Rows = []
    names: marks.Rows = []
    for line in panel.lines:
        rows: marks.Rows = []
        for each in line.steps:
            tip = f"{line.model}: a /{each.length} is enough up to {each.nodes:,} nodes"
            row = {"x": each.nodes, "y": each.addresses}
            rows.append({**row, "tip": tip})
            if row not in seen:
                names += _name(row, f"/{each.length}", x, y, crowd)
            seen.append(row)
        look = {"fill": "white", "stroke": style_of(line.model).colour, "opacity": 1}
        yield marks.mark("point", rows, across, up, size=26, strokeWidth=1.6, **look)
    yield marks.mark("text", names, across, up, fontSize=10, color=INK)


def _lines(panel: Panel, x: Scale, y: Scale) -> Crowd:
    """Where the lines are, which no name should lie upon."""
    crowd = Crowd()
    for each in panel.capacities:
        wide = 6 + LETTER * len(each.words)
        over = y.at(each.addresses)
        crowd.taken.append(Box(6, over - 13, wide, over))
    for line in panel.lines:
        for point in line.points:
            right, down = x.at(point.nodes), y.at(point.addresses)
            crowd.taken.append(Box(right - 2, down - 1, right + 2, down + 1))
    return crowd


def _name(
    row: dict[str, Any], text: str, x: Scale, y: Scale, crowd: Crowd
) -> Iterator[dict[str, Any]]:
    """A name above a dot, or below it, or none where neither has room."""
    right, down = x.at(row["x"]), y.at(row["y"])
    for aside, below in ((-7, -11), (-3, -14), (9, 11)):
        over, under = right + aside, down + below
        inside = NAME < over < x.length and under < y.length - NAME
        if inside and crowd.has_room(box(over, under, text, 10)):
            yield {"x": x.back(over), "y": y.back(under), "text": text}
            return


def _ends(panel: Panel, y: Scale, across: Any, up: Any) -> Iterator[Any]:
    """A mark where each line ends, and what is to be said of it at the right."""
    lines = panel.lines
    gap = min(59.0, y.length / max(len(lines) - 1, 1))
    heights = [y.at(line.end.addresses) for line in lines]
    places = apart(heights, gap, y.length - 12)
    leaders: marks.Rows = []
    names: marks.Rows = []
    told: marks.Rows = []
    for line, place in zip(lines, places, strict=True):
        end = line.end
        level = y.back(place)
        leaders.append({"x": end.nodes, "y": end.addresses, "y2": level})
        names.append({"y": level, "text": line.model})
        told.append({"y": level, "text": _said(line)})
        style = style_of(line.model)
        tip = _tip(line.model, end) + (f"; then: {line.why}" if line.why else "")
        mark = [{"x": end.nodes, "y": end.addresses, "tip": tip}]
        look = {"shape": style.shape, "fill": style.colour, "stroke": INK}
        yield marks.mark(
            "point", mark, across, up, size=90, opacity=1, strokeWidth=0.8, **look
        )
    thin = {"color": PALE, "strokeWidth": 0.7, "strokeDash": [2, 2]}
    yield marks.rule_to(leaders, across, up, LABELS - 4, **thin)
    look = {"align": "left", "baseline": "middle", "color": INK}
    yield marks.text_at(names, LABELS, up, fontSize=12, fontWeight="bold", **look)
    yield marks.text_at(told, LABELS, up, fontSize=11, dy=14, lineHeight=13, **look)


def _said(line: Line) -> list[str]:
    """Where a line ends and why, and by how much it is beaten there."""
    end = line.end
    first = f"{end.nodes:,} nodes: {line.why or 'the axis ends, it still fits'}"
    takes = f"{end.addresses:,} IPs (/{end.length})"
    if line.times >= TOLD:
        second = f"{takes}, {times_words(line.times)} {line.best}'s"
    elif line.model == line.best:
        second = f"{takes}, the fewest"
    else:
        second = f"{takes}, as many as {line.best}"
    row = MODELS[line.model]
    by_blocks = row.home is Home.POD_SUBNET and row.vnet_limit is None
    return [first, second, BLOCKS] if by_blocks else [first, second]
