"""A block of address space at a size: its subnets as tiles, the small ones together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ipplan.cidrs import Cidr
from ipplan.cidrs.carving import widened
from ipplan.views.maps.badges import Badge, badges
from ipplan.views.maps.places import Box, place
from ipplan.views.maps.words import Label, label, shortened, spanned, width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.contracts.maps import (
        MapBlockDocument,
        MapFillDocument,
        MapSubnetDocument,
    )

Kind: TypeAlias = Literal["subnet", "group", "space"]

LEAST = 8.0
"""Subnets with a shorter side are drawn together with those beside them. [pixels]"""

LETTERS = 11.0
"""Size of what is written into tiles. [pixels]"""

MARGIN = 4.0
"""Between a label and the edge of its tile. [pixels]"""

MOST_CUT = 7
"""Letters that are left of a name at least, with its ellipsis."""

MOST_APART = 40
"""Subnets with conflicts that are drawn by themselves however small they are."""

MOST_TITLED = 12
"""Subnets that the title of several names."""

FILLS = ("reserved", "used", "growth", "free")
"""From the bottom of a subnet upwards."""


class Share(NamedTuple):
    """A part of a tile that something fills."""

    kind: str
    box: Box


@dataclass(frozen=True)
class Tile:
    """A range in a figure.

    Parameters
    ----------
    kind : str
        A subnet, several that are too small, or what is in no subnet.
    cidr : str
        The range.
    box : Box
        Where it is drawn. [pixels]
    title : str
        All that is known of it, in words.
    name : str
        Of a subnet.
    shares : tuple of Share
        What a subnet is filled with; empty where that is not known.
    labels : tuple of Label
        What fits into it.
    marks : tuple of int
        Numbers of the findings about it.
    free : int or None
        Of a subnet, where that is known. [addresses]
    """

    kind: Kind
    cidr: str
    box: Box
    title: str
    name: str = ""
    shares: tuple[Share, ...] = ()
    labels: tuple[Label, ...] = ()
    marks: tuple[int, ...] = ()
    free: int | None = None


@dataclass(frozen=True)
class Figure:
    """A block, or a part of one, with its tiles.

    Parameters
    ----------
    cidr : str
        What is drawn.
    box : Box
        Where. [pixels]
    title : str
        What it is, in words.
    tiles : tuple of Tile
        What is in no subnet first; then by address.
    marks : tuple of int
        Numbers of the findings about the block itself.
    badges : tuple of Badge
        Where the numbers of findings stand.
    """

    cidr: str
    box: Box
    title: str
    tiles: tuple[Tile, ...]
    marks: tuple[int, ...] = ()
    badges: tuple[Badge, ...] = ()


def figure(  # noqa: PLR0913  # what is drawn, where, and how much of it
    block: MapBlockDocument,
    region: Cidr,
    box: Box,
    *,
    least: float = LEAST,
    is_labelled: bool = True,
    is_marked: bool = True,
) -> Figure:
    """A part of a block in a box.

    Parameters
    ----------
    block : MapBlockDocument
        Of a VNet.
    region : Cidr
        The whole block, or a part of it that has all of its subnets.
    box : Box
        A square, or twice as wide as high. [pixels]
    least : float
        The shortest side that a subnet of its own has. [pixels]
    is_labelled : bool
        Whether names are written into tiles.
    is_marked : bool
        Whether the numbers of findings stand on tiles.
    """
    shown = _Frame(region, box, least)
    tiles = [*shown.spaces(block["free"]), *shown.subnets(block["subnets"])]
    if is_labelled:
        tiles = [replace(each, labels=labels_of(each)) for each in tiles]
    title = f"{region}, {spanned(region.size)}"
    marks = tuple(block["marks"])
    marked = [(e.box, e.marks) for e in tiles if e.marks and is_marked]
    placed = badges([(box, marks), *marked] if marks else marked)
    return Figure(str(region), box, title, tuple(tiles), marks, placed)


class _Frame(NamedTuple):
    """What is drawn where, and how small."""

    region: Cidr
    box: Box
    least: float

    def at(self, cidr: Cidr) -> Box:
        wide = self.box.width != self.box.height
        return self.box.part(place(cidr, self.region, wide=wide))

    def visible(self) -> int:
        """The longest prefix that is drawn by itself."""
        length = self.region.length
        short = min(self.box.width, self.box.height)
        wide = self.box.width != self.box.height
        while short / (1 if wide else 2) >= self.least:
            short, wide, length = short / (1 if wide else 2), not wide, length + 1
        return length

    def spaces(self, free: Iterable[str]) -> Iterator[Tile]:
        limit = self.visible()
        for text in free:
            cidr = Cidr.parse(text)
            if cidr.length <= limit and self.region.covers(cidr):
                title = f"{text}: in no subnet, {spanned(cidr.size)}"
                yield Tile("space", text, self.at(cidr), title)

    def subnets(self, subnets: Iterable[MapSubnetDocument]) -> Iterator[Tile]:
        limit = self.visible()
        small: defaultdict[Cidr, list[MapSubnetDocument]] = defaultdict(list)
        marked: list[MapSubnetDocument] = []
        for each in subnets:
            cidr = Cidr.parse(each["cidr"])
            if cidr.length <= limit:
                yield _tile(each, self.at(cidr))
            elif each["marks"] and len(marked) < MOST_APART:
                marked.append(each)
            else:
                small[widened(cidr, limit)].append(each)
        for cidr, them in small.items():
            yield _group(cidr, them, self.at(cidr))
        for each in marked:
            yield _tile(each, self.grown(self.at(Cidr.parse(each["cidr"]))))

    def grown(self, box: Box) -> Box:
        """A box that can be seen, within the frame."""
        wide, high = max(box.width, self.least), max(box.height, self.least)
        right, bottom = self.box.x + self.box.width, self.box.y + self.box.height
        return Box(min(box.x, right - wide), min(box.y, bottom - high), wide, high)


def _tile(subnet: MapSubnetDocument, box: Box) -> Tile:
    return Tile(
        "subnet",
        subnet["cidr"],
        box,
        title_of(subnet),
        subnet["name"],
        tuple(shares(subnet["fill"], box)),
        marks=tuple(subnet["marks"]),
        free=subnet["fill"]["free"] if subnet["fill"] else None,
    )


def _group(cidr: Cidr, subnets: list[MapSubnetDocument], box: Box) -> Tile:
    count = len(subnets)
    told = f"{count} subnet{'s' if count > 1 else ''} in {cidr}"
    lines = [f"{each['name']} {each['cidr']}" for each in subnets[:MOST_TITLED]]
    more = [f"and {count - MOST_TITLED} more"] if count > MOST_TITLED else []
    title = ": ".join((told, "; ".join(lines + more)))
    marks = sorted({mark for each in subnets for mark in each["marks"]})
    return Tile("group", str(cidr), box, title, told, marks=tuple(marks))


def shares(fill: MapFillDocument | None, box: Box) -> Iterator[Share]:
    """What fills a box, from its bottom upwards, each as high as its share.

    Examples
    --------
    >>> fill = {"reserved": 4, "used": 4, "growth": 0, "free": 8}
    >>> [(kind, box.height) for kind, box in shares(fill, Box(0, 0, 16, 16))]
    [('reserved', 4.0), ('used', 4.0), ('free', 8.0)]
    """
    if fill is None:
        return
    counts = {kind: int(fill[kind]) for kind in FILLS}  # type: ignore[literal-required]  # they are its keys
    total = sum(counts.values())
    bottom = box.y + box.height
    for kind, count in counts.items():
        if count:
            high = box.height * count / total
            bottom -= high
            yield Share(kind, Box(box.x, bottom, box.width, high))


def title_of(subnet: MapSubnetDocument) -> str:
    """All that a map knows of a subnet, in words."""
    fill, over = subnet["fill"], subnet["over"]
    parts = [f"{subnet['name']} {subnet['cidr']}: {spanned(subnet['addresses'])}"]
    if fill:
        parts += [
            f"{fill['reserved']:,} reserved",
            f"{fill['used']:,} used",
            f"{fill['growth']:,} for maximum and upgrades",
            f"{fill['free']:,} free",
        ]
    elif ":" not in subnet["cidr"]:
        parts.append("what is used is not known")
    parts += [f"{over:,} short"] if over else []
    parts += [f"for {', '.join(subnet['purpose'])}"] if subnet["purpose"] else []
    parts += [f"clusters {', '.join(subnet['clusters'])}"] if subnet["clusters"] else []
    return ", ".join(parts)


def labels_of(tile: Tile) -> tuple[Label, ...]:
    """What can be written into a tile, from its top: name and range, or one of them."""
    box = tile.box
    badge = LETTERS * 2.4 if tile.marks else 0
    room = box.width - 2 * MARGIN
    lines = _lines(tile, room - badge, room)
    most = int((box.height - MARGIN) / (LETTERS + 3))
    x, y = box.x + MARGIN, box.y + MARGIN + LETTERS * 0.85
    return tuple(
        label(text, x, y + number * (LETTERS + 3), LETTERS)
        for number, text in enumerate(lines[:most])
    )


def _lines(tile: Tile, first: float, room: float) -> list[str]:
    """Lines by how much they matter; the first one has a badge beside it."""
    prefix = f"/{tile.cidr.rpartition('/')[2]}"
    ranges = [e for e in (tile.cidr, prefix) if width_of(e, LETTERS) <= room]
    if tile.kind == "space":
        return ranges[:1]
    name = shortened(tile.name, LETTERS, first)
    if len(name) < min(MOST_CUT, len(tile.name)):
        return []
    return [name, *ranges[:1]]
