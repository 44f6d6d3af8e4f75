"""Maps as SVG: the whole picture, and its parts for pages."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ipplan.renderers.maps.styles import map_style, picture_style
from ipplan.renderers.pages import filled
from ipplan.views.maps.graphs import graph
from ipplan.views.maps.panels import panel
from ipplan.views.maps.ranges import ranges
from ipplan.views.maps.sheets import MARGIN, SWATCH, sheet, summary

if TYPE_CHECKING:
    from ipplan.contracts.maps import MapDocument, MapNetworkDocument
    from ipplan.views.maps.blocks import Figure
    from ipplan.views.maps.panels import Panel
    from ipplan.views.maps.places import Box
    from ipplan.views.maps.plots import Level

WIDTH = 1200.0
"""Of a map. [pixels]"""

ROOM = WIDTH - 2 * MARGIN
"""Of a part of it. [pixels]"""

SIDES: dict[Level, float] = {"large": 320.0, "medium": 192.0, "small": 128.0}
"""Of the largest square of a panel by itself. [pixels]"""

LOOKS = {
    "hub": " m-hub",
    "spoke": "",
    "alone": "",
    "more": " m-elsewhere",
    "group": " m-elsewhere",
    "on-premises": " m-elsewhere",
}
"""How boxes of the graph differ, by their kinds."""


def _pixels(value: float) -> str:
    """A number of pixels, as short as it can be written."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _filled(part: str, shown: Any, title: str, **more: Any) -> Markup:
    values = {
        "n": _pixels,
        "looks": LOOKS,
        "areas": _taken,
        "outlines": _outlines,
        **more,
    }
    text = filled("map_svg.jinja", part=part, shown=shown, title=title, **values)
    lines = (line.strip() for line in text.splitlines())
    return Markup("\n".join(line for line in lines if line))  # noqa: S704  # the template has escaped it


def _taken(shown: Figure, wanted: str) -> str:
    """What is used of the subnets of a block, or kept for growth, as one path."""
    return "".join(
        _rectangle(box)
        for tile in shown.tiles
        for kind, box in tile.shares
        if kind == wanted
    )


def _outlines(shown: Figure) -> dict[str, str]:
    """The subnets of a block as one path for each of their looks."""
    found: defaultdict[str, str] = defaultdict(str)
    for tile in shown.tiles:
        if tile.kind == "group":
            found["m-group"] += _rectangle(tile.box)
        elif tile.kind == "subnet":
            found["m-free" if tile.shares else "m-plain"] += _rectangle(tile.box)
    return found


def _rectangle(box: Box) -> str:
    """A rectangle as a part of a path."""
    x, y, wide, high = map(_pixels, box)
    return f"M{x} {y}h{wide}v{high}h-{wide}z"


MAP_STYLE = map_style()
"""How the parts look, by the variables of ``theme.css``."""

MAP_PATTERNS = _filled("patterns", None, "")
"""An empty picture with the patterns that the parts are filled with; one a page."""


def panel_svg(
    network: MapNetworkDocument, *, level: Level = "large", width: float = ROOM
) -> Markup:
    """A VNet as a picture of its own, without its name.

    Parameters
    ----------
    network : MapNetworkDocument
        Of a map.
    level : str
        How much is shown: large, medium or small.
    width : float
        How wide it may be. [pixels]
    """
    return panel_picture(alone(network, level, width))


def alone(network: MapNetworkDocument, level: Level, width: float) -> Panel:
    """A VNet as it is drawn by itself, without its name."""
    return panel(network, level, width, side=SIDES[level], is_headed=False)


def panel_picture(shown: Panel) -> Markup:
    """A VNet that is to be drawn by itself, as a picture."""
    network = shown.network
    spaces = ", ".join(each["cidr"] for each in network["blocks"])
    title = f"Address space of {network['name']}: {spaces or 'not known'}"
    return _filled("panel", shown, title)


def graph_svg(document: MapDocument, *, width: float = ROOM) -> Markup:
    """Who is joined to whom, as a picture of its own.

    Parameters
    ----------
    document : MapDocument
        Of :func:`ipplan.documents.maps.map_document`.
    width : float
        How wide it may be. [pixels]
    """
    title = f"Who reaches whom: {summary(document)}"
    return _filled("graph", graph(document, width), title)


def ranges_svg(document: MapDocument, *, width: float = ROOM) -> Markup:
    """Pod and service ranges and networks on premises, as a picture of their own.

    Parameters
    ----------
    document : MapDocument
        Of :func:`ipplan.documents.maps.map_document`.
    width : float
        How wide it may be. [pixels]
    """
    title = "Ranges of pods, of services and of networks elsewhere, to scale"
    return _filled("ranges", ranges(document, width), title)


def map_svg(document: MapDocument, *, width: float = WIDTH) -> str:
    """The whole map as one picture that needs nothing else.

    Parameters
    ----------
    document : MapDocument
        Of :func:`ipplan.documents.maps.map_document`.
    width : float
        [pixels]
    """
    told = [f"{e['number']}: {e['message']}" for e in document["marks"]]
    drawn = _filled(
        "sheet",
        sheet(document, width),
        f"Address map of {document['title']}",
        description=" ".join([summary(document) + ".", *told]),
        style=Markup(picture_style()),  # noqa: S704  # it is ours
        margin=MARGIN,
        swatch=SWATCH,
    )
    return f"{drawn}\n"
