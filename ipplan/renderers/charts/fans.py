"""An exhaustion fan as a picture: bands over time, and what each model holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.renderers.charts import marks
from ipplan.renderers.charts.places import Crowd, Scale, apart, box
from ipplan.renderers.charts.styles import INK, PALE, style_of
from ipplan.views.charts.fans import SHARES, START, by_words, day_after, share_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ipplan.views.charts.fans import Ceiling, Fan

WIDE, HIGH = 560, 430
"""Of the plot. [pixels]"""

WIDE_SPAN = 8
"""From this factor between the ends on, nodes are on a logarithmic axis. [-]"""

LABELS = WIDE + 72
"""Where the labels of the models stand. [pixels]"""

DAY = 86_400_000
"""[ms]."""

STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
"""From one tick to the next. [months]"""

MOST_TICKS = 9
"""Ticks that the axis has room for. [-]"""

EPOCH = 719_163
"""The first of January 1970, as Python counts days. [days]"""

FIRST = (5, 50, 25, 75, 95)
"""Shares in the order in which their crossings are named. [%]"""

NAME = 38
"""Half of what the name of a crossing takes. [pixels]"""

BANDS = ((0, 4, "#c9d7e3"), (1, 3, "#93aec6"))
"""From which share to which, and in which colour: the wide one first."""


def specification(chart: Fan) -> Any:
    """The chart as Vega-Lite reads it."""
    first, last = chart.months[0].day, chart.months[-1].day
    x = Scale(_moment(first), _moment(last), WIDE)
    across = marks.axis_time(x, _ticks(first, last), "Month [year-month]")
    y = _upwards(chart)
    up = marks.axis_y(y, "Nodes, before any surge [nodes]")
    parts = [
        *_bands(chart, across, up),
        *_ceilings(chart, x, y, across, up),
        *_shares(chart, y, up),
    ]
    plot = marks.layers(parts, (x, y), marks.heading(""))
    return marks.whole([plot], 1, chart.title, chart.notes)


def _moment(day: date) -> int:
    """The start of a day. [ms since 1970]."""
    return (day.toordinal() - EPOCH) * DAY


def _ticks(first: date, last: date) -> list[int]:
    """The starts of some months, at most so many as have room."""
    start, stop = (12 * day.year + day.month - 1 for day in (first, last))
    step = next(each for each in STEPS if (stop - start) // each < MOST_TICKS)
    months = range(start - start % -step, stop + 1, step)
    days = [first.replace(each // 12, each % 12 + 1, 1) for each in months]
    return [_moment(day) for day in days if day >= first]


def _upwards(chart: Fan) -> Scale:
    seen = [n for month in chart.months for n in (month.nodes[0], month.nodes[-1])]
    seen += [each.nodes for each in chart.ceilings if each.nodes]
    low, most = min(seen), max(seen)
    if most >= WIDE_SPAN * low:
        return Scale(low * 0.85, most * 1.15, HIGH, is_log=True, upwards=True)
    return Scale(0, most * 1.08, HIGH, upwards=True)


def _bands(chart: Fan, across: Any, up: Any) -> Iterator[Any]:
    for below, above, colour in BANDS:
        words = f"the middle {SHARES[above] - SHARES[below]} % of the cases"
        rows = [
            {
                "x": _moment(each.day),
                "y": each.nodes[below],
                "y2": each.nodes[above],
                "tip": f"{each.day:%Y-%m}, {words}: {each.nodes[below]:,} to "
                f"{each.nodes[above]:,} nodes",
            }
            for each in chart.months
        ]
        yield marks.mark("area", rows, across, up, color=colour, opacity=1)
    rows = [
        {
            "x": _moment(each.day),
            "y": each.nodes[2],
            "tip": f"{each.day:%Y-%m}, half of the cases: {each.nodes[2]:,} nodes",
        }
        for each in chart.months
    ]
    line = [{"x": row["x"], "y": row["y"]} for row in rows]
    yield marks.mark("line", line, across, up, color=INK, strokeWidth=2)
    yield marks.mark("point", rows, across, up, opacity=0, size=60, filled=True)


def _shares(chart: Fan, y: Scale, up: Any) -> Iterator[Any]:
    """What share of the cases has more nodes than each line, at the right."""
    last = chart.months[-1]
    crowd = Crowd()
    rows = [
        {"y": last.nodes[i], "text": f"{100 - SHARES[i]} %"}
        for i in (2, 0, 4, 1, 3)
        if crowd.has_room(box(0, y.at(last.nodes[i]), "", 12))
    ]
    look = {"align": "left", "fontSize": 11, "color": PALE}
    halo = {**look, "stroke": "white", "strokeWidth": 5}
    yield marks.text_at(rows, WIDE + 5, up, **halo)
    yield marks.text_at(rows, WIDE + 5, up, **look)
    top = [{"y": y.high, "text": ["cases with", "more nodes"]}]
    yield marks.text_at(top, WIDE + 5, up, dy=-28, lineHeight=12, **look)


def _ceilings(chart: Fan, x: Scale, y: Scale, across: Any, up: Any) -> Iterator[Any]:
    """A line at what the models hold, those with the same one together."""
    groups: dict[tuple[int, str], list[Ceiling]] = {}
    for each in chart.ceilings:
        if each.nodes:
            groups.setdefault((each.nodes, each.why), []).append(each)
    crowd = Crowd()
    for group in groups.values():
        one, style = group[0], style_of(group[0].model)
        row = {"x": x.low, "x2": x.high, "y": one.nodes, "tip": _tip(group)}
        look = {"color": style.colour, "strokeDash": style.dash, "strokeWidth": 2.4}
        yield marks.mark("rule", [row], across, up, **look)
        yield from _crossings(chart.months[0].day, one, (x, y), crowd, (across, up))
    yield from _labels(list(groups.values()), chart, y, across, up)


def _crossings(
    first: date,
    one: Ceiling,
    scales: tuple[Scale, Scale],
    crowd: Crowd,
    axes: tuple[Any, Any],
) -> Iterator[Any]:
    """Dots where a band's edge crosses a model's line, named where there is room."""
    x, y = scales
    rows: marks.Rows = []
    names: marks.Rows = []
    told = dict(zip(SHARES, zip(one.months, one.by, strict=True), strict=True))
    for share in FIRST:
        months, by = told[share]
        if by and by != START:
            moment, text = _moment(day_after(first, months)), f"{share} % by {by}"
            words = f"{share} % of the cases outgrow {one.model} by {by}"
            rows.append({"x": moment, "y": one.nodes, "tip": words})
            pixel = min(max(x.at(moment), NAME), WIDE - NAME)
            for aside in (-12, 13):
                level = y.at(one.nodes) + aside
                if crowd.has_room(box(pixel, level, text)):
                    name = {"x": x.back(pixel), "y": y.back(level), "text": text}
                    names.append(name)
                    break
    look: marks.Spec = {"fill": "white", "stroke": INK, "opacity": 1, "size": 40}
    yield marks.mark("point", rows, *axes, strokeWidth=1.4, **look)
    halo: marks.Spec = {
        "stroke": "white",
        "strokeWidth": 3,
        "strokeOpacity": 0.8,
        "strokeJoin": "round",
    }
    yield marks.mark("text", names, *axes, fontSize=10, **halo)
    yield marks.mark("text", names, *axes, fontSize=10)


def _labels(
    groups: list[list[Ceiling]], chart: Fan, y: Scale, across: Any, up: Any
) -> Iterator[Any]:
    last = chart.months[-1].day
    gap = min(62.0, HIGH / max(len(groups) - 1, 1))
    places = apart([y.at(group[0].nodes) for group in groups], gap, HIGH - 12)
    leaders: marks.Rows = []
    names: marks.Rows = []
    told: marks.Rows = []
    for group, place in zip(groups, places, strict=True):
        level = y.back(place)
        leaders.append({"x": _moment(last), "y": group[0].nodes, "y2": level})
        names.append({"y": level, "text": _models(group)})
        told.append({"y": level, "text": _said(group[0], f"{last:%Y-%m}")})
    thin = {"color": PALE, "strokeWidth": 0.7, "strokeDash": [2, 2]}
    yield marks.rule_to(leaders, across, up, LABELS - 4, **thin)
    look = {"align": "left", "baseline": "middle", "color": INK}
    yield marks.text_at(names, LABELS, up, fontSize=12, fontWeight="bold", **look)
    yield marks.text_at(told, LABELS, up, fontSize=11, dy=14, lineHeight=13, **look)


def _models(group: list[Ceiling]) -> str:
    return ", ".join(each.model for each in group)


def _tip(group: list[Ceiling]) -> str:
    return f"{_models(group)}: {group[0].nodes:,} nodes, {group[0].why}"


def _said(one: Ceiling, end: str) -> list[str]:
    """What a line is, and when the cases cross it."""
    by = dict(zip(SHARES, one.by, strict=True))
    when = [f"{share} % {by_words(by[share])}" for share in (5, 50) if by[share]]
    if by[5] == START:
        when[0] = f"{share_words(one.at_start)} {START}"
    outgrown = f"outgrown: {', '.join(when) or f'under 5 % by {end}'}"
    if by[50] == START:
        outgrown = f"too small at the start for {share_words(one.at_start)}"
    return [f"{one.nodes:,} nodes: {one.why}", outgrown]
