"""The blocks of a VNet to one scale, and what is dense in them enlarged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ipplan.cidrs import Cidr
from ipplan.cidrs.carving import common
from ipplan.views.maps.blocks import LEAST, LETTERS, Figure, figure
from ipplan.views.maps.flows import shelves
from ipplan.views.maps.places import Box, place, side_of
from ipplan.views.maps.words import Label, label, label_in, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.contracts.maps import (
        MapBlockDocument,
        MapNetworkDocument,
        MapSubnetDocument,
    )

Level: TypeAlias = Literal["large", "medium", "small"]


class Look(NamedTuple):
    """What a panel of a level is like."""

    side: float
    """Of the square that its largest block is. [pixels]"""
    least: float
    """The shortest side of a subnet that is drawn by itself. [pixels]"""
    letters: float
    """Size of headings and captions; 0 if there are none. [pixels]"""
    keys: int
    """Subnets that a list beneath names, where they have no room for it."""
    gap: float
    """Between a block and what is enlarged of it. [pixels]"""
    shrink: int
    """How much smaller a block is that is drawn beside an enlargement. [-]"""
    scale: str
    """How its scale is told."""


LOOKS: dict[Level, Look] = {
    "large": Look(320.0, LEAST, LETTERS, 14, 36.0, 2, "the largest square is a {}"),
    "medium": Look(144.0, LEAST, 10.0, 0, 14.0, 4, "a {}"),
    "small": Look(48.0, 3.0, 0.0, 0, 0.0, 1, ""),
}
"""By level."""

MOST_LARGE, MOST_MEDIUM = 12, 120
"""VNets that get large panels, or medium ones; where there are more, small ones."""

SPACE = 10.0
"""Between blocks. [pixels]"""

VERSIONS = (4, 6)
"""Of IP; each family of blocks has a scale of its own."""

SPARSE = 4
"""Bits by which the subnets of a block fill less than a sixteenth of it."""

WIDE = 1.6
"""How wide what is enlarged is where it is half as high, in sides of the square. [-]"""

MOST_AREA = 1.5
"""What all blocks take at most, in squares of the level."""


def level_of(networks: int) -> Level:
    """How much is shown of each of so many VNets.

    Examples
    --------
    >>> level_of(12), level_of(120), level_of(121)
    ('large', 'medium', 'small')
    """
    if networks <= MOST_LARGE:
        return "large"
    return "medium" if networks <= MOST_MEDIUM else "small"


class Plot(NamedTuple):
    """A block in a panel, or a part of one, enlarged."""

    figure: Figure
    captions: tuple[Label, ...]
    is_inset: bool = False
    is_enlarged: bool = False
    """Whether its subnets are in an enlargement beside it."""
    lines: tuple[tuple[float, float, float, float], ...] = ()
    """From the part in the block to its enlargement: from x, y to x, y."""


class _Item(NamedTuple):
    """A block that is to be placed, and the part of it that is enlarged."""

    block: MapBlockDocument
    cidr: Cidr
    width: float
    height: float
    region: Cidr | None
    room: float
    look: Look

    @property
    def caption(self) -> float:
        """How high a caption is, in pixels."""
        return self.look.letters + 4 if self.look.letters else 0.0

    @property
    def inset(self) -> tuple[float, float]:
        """Width and height of what is enlarged, in pixels."""
        if self.region is None:
            return 0.0, 0.0
        odd = (self.region.length - self.cidr.length) % 2
        wide = odd if self.width == self.height else 1 - odd
        if wide:
            across = min(WIDE * self.look.side, self.room)
            return across, across / 2
        return self.look.side, self.look.side

    @property
    def is_beside(self) -> bool:
        """Whether there is room for both beside each other."""
        return self.width + self.look.gap + self.inset[0] <= self.room

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of all of it, in pixels."""
        wide, high = self.inset
        gap = self.look.gap
        if not wide:
            return self.width, self.height + self.caption
        if self.is_beside:
            tall = max(self.height, high)
            return self.width + gap + wide, tall + self.caption
        return max(self.width, wide), self.height + gap + high + 2 * self.caption


class Plots(NamedTuple):
    """Blocks of a VNet, and what they take."""

    plots: list[Plot]
    width: float
    """[pixels]"""
    height: float
    """[pixels]"""


def plots_of(network: MapNetworkDocument, look: Look, room: float, top: float) -> Plots:
    """The blocks of both families, and subnets that are in none of them.

    Parameters
    ----------
    network : MapNetworkDocument
        Of a map.
    look : Look
        Of the level.
    room : float
        How wide they may be together. [pixels]
    top : float
        How far down they begin. [pixels]
    """
    blocks = [*network["blocks"], *map(_stray, network["strays"])]
    parsed = [(Cidr.parse(each["cidr"]), each) for each in blocks]
    items = [
        item
        for version in VERSIONS
        for item in _items([e for e in parsed if e[0].version == version], look, room)
    ]
    flow = shelves([each.size for each in items], room, SPACE)
    placed = zip(items, flow.places, strict=True)
    drawn = [plot for item, (x, y) in placed for plot in _drawn(item, x, y + top)]
    return Plots(drawn, flow.width, flow.height)


def _stray(subnet: MapSubnetDocument) -> MapBlockDocument:
    """A subnet that is in no block, as a block of its own."""
    return {
        "cidr": subnet["cidr"],
        "addresses": subnet["addresses"],
        "subnets": [subnet],
        "free": [],
        "marks": [],
    }


def _items(
    family: list[tuple[Cidr, MapBlockDocument]], look: Look, room: float
) -> Iterator[_Item]:
    """The blocks of a family at one scale, the largest first."""
    unit = min((cidr.length for cidr, _ in family), default=0)
    regions = {cidr: _region(cidr, block) for cidr, block in family}
    enlarged = bool(look.letters) and any(regions.values())
    side = look.side / look.shrink if enlarged else look.side
    taken = sum(2.0 ** (unit - cidr.length) for cidr, _ in family)
    while taken * side * side > MOST_AREA * look.side * look.side:
        side /= 2
    for cidr, block in sorted(family, key=lambda each: (each[0].length, each[0])):
        region = regions[cidr] if enlarged else None
        wide, high = side_of(cidr.length, unit, side)
        yield _Item(block, cidr, wide, high, region, room, look)


def _region(cidr: Cidr, block: MapBlockDocument) -> Cidr | None:
    """The part of a block that has all of its subnets, where that is a small one."""
    inside = [Cidr.parse(each["cidr"]) for each in block["subnets"]]
    if not inside:
        return None
    region = common(inside)
    return region if region.length - cidr.length >= SPARSE else None


def _drawn(item: _Item, x: float, y: float) -> Iterator[Plot]:
    """A block at a place, and what is enlarged of it."""
    look = item.look
    top = y + item.caption
    box = Box(x, top, item.width, item.height)
    alone = item.region is None and bool(look.letters)
    whole = figure(
        item.block,
        item.cidr,
        box,
        least=look.least,
        is_labelled=alone,
        is_marked=alone,
    )
    yield Plot(whole, _captions(item, box), is_enlarged=item.region is not None)
    if item.region is not None:
        yield _inset(item, item.region, box)


def _captions(item: _Item, box: Box) -> tuple[Label, ...]:
    if not item.look.letters:
        return ()
    text, size = str(item.cidr), item.look.letters
    shown = [text, f"/{item.cidr.length}"]
    fits = [each for each in shown if width_of(each, size) <= box.width]
    return tuple(label(each, box.x, box.y - 4, size) for each in fits[:1])


def _factor(  # noqa: PLR0913, PLR0917  # a text and where it stands
    region: Cidr, factor: int, look: Look, x: float, y: float, room: float
) -> Label:
    """How much wider a part is drawn, in as many words as have room."""
    texts = (f"{region}, {factor:,} times as wide", f"{region}, {factor:,}×")
    fits = [each for each in texts if width_of(each, look.letters) <= room]
    return label_in((*fits, texts[-1])[0], x, y - 4, look.letters, room)


def _inset(item: _Item, region: Cidr, box: Box) -> Plot:
    """What is enlarged of a block, with lines to where it is."""
    wide, high = item.inset
    x = box.x + box.width + item.look.gap if item.is_beside else box.x
    y = box.y if item.is_beside else box.y + box.height + item.look.gap + item.caption
    at = Box(x, y, wide, high)
    small = box.part(place(region, item.cidr, wide=box.width != box.height))
    factor = round(wide / small.width)
    caption = _factor(region, factor, item.look, x, y, wide)
    drawn = figure(item.block, region, at, least=item.look.least)
    right, bottom = small.x + small.width, small.y + small.height
    above = y - item.caption
    lines = (
        ((right, small.y, x, y), (right, bottom, x, y + high))
        if item.is_beside
        else ((small.x, bottom, x, above), (right, bottom, x + wide, above))
    )
    return Plot(drawn, (caption,), is_inset=True, lines=lines)
