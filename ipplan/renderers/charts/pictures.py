"""Charts as SVG and PNG, drawn without a browser."""

from __future__ import annotations

from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ipplan.views.charts import Chart

SCALE = 2
"""Pixels of a PNG for each of the layout. [-]"""

_MODULES = {"break-even": "breakeven", "heat-map": "heatmaps", "fan": "fans"}


def specification(chart: Chart) -> Any:
    """The chart as Vega-Lite reads it."""
    module: Any = import_module(f"ipplan.renderers.charts.{_MODULES[chart.kind]}")
    return module.specification(chart)


def png(chart: Chart) -> bytes:
    """The chart in pixels, two for each of the layout."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(specification(chart), scale=SCALE))


def svg(chart: Chart) -> str:
    """The chart as SVG, with a title and a description for screen readers."""
    return described(chart, specification(chart))


def described(chart: Chart, drawn: Any) -> str:
    """A chart as SVG that was specified already, named for screen readers."""
    import vl_convert

    text: str = vl_convert.vegalite_to_svg(drawn)
    start, rest = text.split(">", 1)
    named = ' role="img" aria-labelledby="chart-title chart-notes"'
    title = f'<title id="chart-title">{escape(chart.title)}</title>'
    notes = f'<desc id="chart-notes">{escape(" ".join(chart.notes))}</desc>'
    return f"{start}{named}>{title}{notes}{rest}"
