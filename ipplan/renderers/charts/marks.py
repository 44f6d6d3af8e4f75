"""Marks, axes and layers in the words of Vega-Lite, which draws them."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from ipplan.renderers.charts.styles import FONT, GRID, INK, PALE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ipplan.renderers.charts.places import Scale

Rows = list[dict[str, Any]]
Spec = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
"""It names the language; nobody fetches it."""

TITLE_WIDTH = 100
"""Of a line of the title, and somewhat less than of one of the notes. [characters]"""


def axis_x(scale: Scale, title: str, **more: Any) -> Spec:
    """The axis of ``x``, with round numbers."""
    return _axis("x", scale, scale.ticks(44), title, **more)


def axis_y(scale: Scale, title: str, ticks: Sequence[float] = (), **more: Any) -> Spec:
    """The axis of ``y``, with round numbers or those that are given."""
    return _axis("y", scale, ticks or scale.ticks(36), title, **more)


def axis_time(scale: Scale, ticks: Sequence[float], title: str) -> Spec:
    """The axis of ``x`` with moments, milliseconds since 1970 in UTC."""
    words = "utcFormat(datum.value, '%Y-%m')"
    return _axis("x", scale, ticks, title, labelExpr=words, labelOverlap=True)


def bare(name: str, scale: Scale) -> Spec:
    """The axis of ``x`` or ``y`` without a line or a number."""
    return {**_axis(name, scale, (), ""), "axis": None}


def _axis(
    name: str, scale: Scale, ticks: Sequence[float], title: str, **more: Any
) -> Spec:
    ends: Spec = {"domain": [scale.low, scale.high], "nice": False}
    ends |= {"type": "log"} if scale.is_log else {"zero": False}
    given = {"values": list(ticks), "title": title, "labelFlush": False}
    axis = {"format": ",d", **given, **more}
    return {"field": name, "type": "quantitative", "scale": ends, "axis": axis}


def mark(kind: str, rows: Rows, x: Spec, y: Spec, **look: Any) -> Spec:
    """Marks of one kind for rows with ``x`` and ``y``, and ``x2``, ``y2``, ``text``.

    What a mark shows under the pointer stands in ``tip``.
    """
    first = rows[0] if rows else {}
    found: Spec = {"x": x, "y": y, "tooltip": {"value": None}}
    found |= {name: {"field": name} for name in ("x2", "y2") if name in first}
    if "text" in first:
        found["text"] = _words("text")
    if "tip" in first:
        found["tooltip"] = _words("tip")
    if "colour" in first:
        found["fill"] = found["stroke"] = {**_words("colour"), "scale": None}
    return _marks(kind, rows, found, look)


def rule_to(rows: Rows, x: Spec, y: Spec, pixel: float, **look: Any) -> Spec:
    """Lines from ``x``, ``y`` to a pixel beside the plot, at the height ``y2``."""
    found = {"x": x, "x2": {"value": pixel}, "y": y, "y2": {"field": "y2"}}
    return _marks("rule", rows, found, look)


def text_at(rows: Rows, pixel: float, y: Spec, **look: Any) -> Spec:
    """Texts at a pixel, most of them beside the plot."""
    found = {"x": {"value": pixel}, "y": y, "text": _words("text")}
    return _marks("text", rows, found, look)


def _marks(kind: str, rows: Rows, encoding: Spec, look: Spec) -> Spec:
    mark_ = {"type": kind, **look}
    return {"data": {"values": rows}, "mark": mark_, "encoding": encoding}


def _words(name: str) -> Spec:
    return {"field": name, "type": "nominal"}


def layers(marks: Iterable[Spec], scales: Sequence[Scale], title: Spec) -> Spec:
    """Marks upon each other, in a plot as large as its scales."""
    wide, high = (each.length for each in scales)
    return {"layer": list(marks), "width": wide, "height": high, "title": title}


def heading(title: str, *notes: str) -> Spec:
    """The title of a plot, with lines below it."""
    return {"text": title, "subtitle": list(notes), "fontSize": 13}


def whole(plots: list[Spec], columns: int, title: str, notes: Iterable[str]) -> Spec:
    """Plots beside and below each other under the finding, as a specification."""
    lines = [line for note in notes for line in _lines(note, TITLE_WIDTH + 30)]
    head = {"text": _lines(title, TITLE_WIDTH), "subtitle": lines, "fontSize": 17}
    return {
        "$schema": SCHEMA,
        "title": head,
        "padding": 16,
        "background": "white",
        "concat": plots,
        "columns": columns,
        "spacing": 28,
        "config": _LOOK,
    }


def _lines(text: str, width: int) -> list[str]:
    return wrap(text, width, break_on_hyphens=False)


_LOOK: Spec = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 11,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": GRID,
        "gridOpacity": 0.6,
        "domainColor": PALE,
        "tickColor": PALE,
    },
    "title": {
        "anchor": "start",
        "color": INK,
        "subtitleColor": PALE,
        "subtitleFontSize": 12,
        "subtitlePadding": 6,
        "lineHeight": 21,
        "offset": 14,
        "frame": "group",
    },
    "text": {"font": FONT, "color": INK},
}
