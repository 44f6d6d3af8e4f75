"""Charts as files: SVG, PNG, or an HTML page that needs no network."""

from __future__ import annotations

from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from ipplan.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from ipplan.views.charts import Chart


def _svg(chart: Chart) -> bytes:
    from ipplan.renderers.charts.pictures import svg

    return svg(chart).encode()


def _png(chart: Chart) -> bytes:
    from ipplan.renderers.charts.pictures import png

    return png(chart)


def _html(chart: Chart) -> bytes:
    from ipplan.renderers.charts.pages import page

    return page(chart).encode()


CHARTS: dict[str, Callable[[Any], bytes]] = {
    ".svg": _svg,
    ".png": _png,
    ".html": _html,
}
"""What a file's name may end in."""


def ending_of(path: str | PathLike[str]) -> str:
    """The ending of a file's name, or an ending itself; of :data:`CHARTS`.

    Raises
    ------
    ArgumentError
        For any other ending.

    Examples
    --------
    >>> ending_of("out/plan.SVG"), ending_of(".png")
    ('.svg', '.png')
    """
    text = str(path).lower()
    ending = text if text in CHARTS else PurePath(text).suffix
    if ending not in CHARTS:
        raise ArgumentError("chart", repr(str(path)), f"a file in {', '.join(CHARTS)}")
    return ending


def check(path: str | PathLike[str]) -> None:
    """Refuse before any work what :func:`draw` could not write.

    Raises
    ------
    ArgumentError
        For another ending, and where what draws is not installed.
    """
    ending_of(path)
    try:
        import_module("vl_convert")
    except ImportError as error:
        allowed = "it needs vl-convert: pip install ipplan[charts]"
        raise ArgumentError("chart", repr(str(path)), allowed) from error


def draw(chart: Chart, path: str | PathLike[str]) -> bytes:
    """A chart as the bytes of a file; the same ones for the same chart.

    Parameters
    ----------
    chart : Chart
        Of :func:`ipplan.views.charts.chart_of`.
    path : str or path
        Nothing is written there; its ending says in which form, of
        :data:`~ipplan.renderers.charts.CHARTS`.

    Raises
    ------
    ArgumentError
        For another ending, and where what draws is not installed.
    """
    check(path)
    return CHARTS[ending_of(path)](chart)
