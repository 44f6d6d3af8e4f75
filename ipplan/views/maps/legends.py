"""The legend of a map: what areas look like that occur in it, and what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.views.maps.blocks import FILLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.contracts.maps import MapDocument, MapRangeDocument
    from ipplan.views.maps.blocks import Tile
    from ipplan.views.maps.panels import Panel

LEGEND = (
    ("reserved", "reserved by Azure"),
    ("used", "used"),
    ("growth", "up to the maximum and upgrades"),
    ("free", "free in a subnet"),
    ("space", "in no subnet"),
    ("unknown", "not known"),
    ("group", "several small subnets"),
    ("marked", "conflict, by its number"),
)
"""What areas look like, and what they are."""

IN_SMALL = {"used", "growth", "free", "group"}
"""What small panels show."""


def legend(
    document: MapDocument, panels: Iterable[Panel]
) -> tuple[tuple[str, str], ...]:
    """The entries of the legend for what occurs in a map.

    Parameters
    ----------
    document : MapDocument
        Of :func:`ipplan.documents.maps.map_document`.
    panels : iterable of Panel
        All that are drawn of it.
    """
    found = {kind for each in panels for kind in _in_panel(each)}
    found.update(kind for each in document["ranges"] for kind in _in_range(each))
    found.update(["marked"] if document["marks"] else [])
    return tuple((kind, words) for kind, words in LEGEND if kind in found)


def _in_range(one: MapRangeDocument) -> Iterator[str]:
    fill = one["fill"]
    return (kind for kind in FILLS if fill and fill[kind])  # type: ignore[literal-required]  # they are its keys


def _in_panel(panel: Panel) -> set[str]:
    tiles = (tile for plot in panel.plots for tile in plot.figure.tiles)
    found = {kind for tile in tiles for kind in _in_tile(tile)}
    return found & IN_SMALL if panel.level == "small" else found


def _in_tile(tile: Tile) -> Iterator[str]:
    if tile.kind != "subnet":
        yield tile.kind
    elif tile.shares:
        yield from (share.kind for share in tile.shares)
    elif ":" not in tile.cidr:
        yield "unknown"
