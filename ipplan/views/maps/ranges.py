"""Pod and service ranges and networks elsewhere: to scale, what is shared told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ipplan.cidrs import Cidr
from ipplan.views.maps.badges import Badge, badges
from ipplan.views.maps.blocks import Share, shares
from ipplan.views.maps.places import Box, place, side_of
from ipplan.views.maps.words import Label, centred, label, label_in, spanned, width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ipplan.contracts.maps import MapDocument, MapRangeDocument

Use: TypeAlias = Literal["pods", "services", "on-premises"]

TITLES: dict[Use, str] = {
    "pods": "Pod ranges",
    "services": "Service ranges",
    "on-premises": "On premises and elsewhere",
}
"""By use, in the order in which they stand."""

SIDE = 96.0
"""Of the square that the largest range of a use is. [pixels]"""

TEXT = SIDE + 14
"""Where words begin. [pixels]"""

GAP = 24.0
"""Between columns. [pixels]"""

NARROW = 900.0
"""Columns stand below one another where there is less room. [pixels]"""

LINE = 15.0
LETTERS = 11.0
TITLE = 13.0
"""Height of a line, and sizes of letters. [pixels]"""

MOST = 12
"""Ranges of a use that are drawn, besides those that conflict."""

UNDIVIDED = "not divided"
"""What stands in a range that no subnets are cut from."""

MOST_OWNERS = 2
"""Owners that are named."""


@dataclass(frozen=True)
class Spot:
    """A range as it is drawn.

    Parameters
    ----------
    cidr, title : str
        The range, and all that is known of it.
    box : Box
        Where it is drawn. [pixels]
    shares : tuple of Share
        What it is filled with; empty where that is not known.
    is_shared : bool
        Whether several have it.
    marks : tuple of int
        Numbers of the findings about it.
    labels : tuple of Label
        That no subnets divide it, where there is room to say so.
    """

    cidr: str
    title: str
    box: Box
    shares: tuple[Share, ...]
    is_shared: bool
    marks: tuple[int, ...]
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Ranges:
    """All ranges as they are drawn.

    Parameters
    ----------
    spots : tuple of Spot
        Those within another one after it.
    words : tuple of Label
        What they are.
    badges : tuple of Badge
        Numbers of findings.
    width, height : float
        [pixels]
    """

    spots: tuple[Spot, ...]
    words: tuple[Label, ...]
    badges: tuple[Badge, ...]
    width: float
    height: float


class _Range(NamedTuple):
    cidr: Cidr
    document: MapRangeDocument


class _Column(NamedTuple):
    spots: list[Spot]
    words: list[Label]


def ranges(document: MapDocument, room: float) -> Ranges:
    """Pod and service ranges and networks elsewhere, each use to a scale of its own.

    Parameters
    ----------
    document : MapDocument
        Of :func:`ipplan.documents.maps.map_document`.
    room : float
        How wide it may be. [pixels]
    """
    used = [(TITLES[use], _of_use(document["ranges"], use)) for use in TITLES]
    is_narrow = room < NARROW
    wide = room if is_narrow else (room - 2 * GAP) / len(TITLES)
    column = _Column([], [])
    x = y = height = 0.0
    for title, found in (each for each in used if each[1]):
        bottom = _fill(column, title, found, Box(x, y, wide, 0))
        height = max(height, bottom)
        x, y = (x, bottom + GAP) if is_narrow else (x + wide + GAP, y)
    marked = [(each.box, each.marks) for each in column.spots if each.marks]
    words, spots = tuple(column.words), tuple(column.spots)
    return Ranges(spots, words, badges(marked), room, height)


def _of_use(every: Iterable[MapRangeDocument], use: Use) -> list[_Range]:
    found = [_Range(Cidr.parse(e["cidr"]), e) for e in every if e["use"] == use]
    return sorted(found, key=lambda each: each.cidr)


def _fill(column: _Column, title: str, found: Sequence[_Range], at: Box) -> float:
    """Draw the ranges of a use below each other; where they end."""
    column.words.append(label(title, at.x, at.y + TITLE, TITLE))
    y = at.y + TITLE + 12
    shown = _shown(found)
    for root, inner in _nested(shown):
        unit = min(e.cidr.length for e in found if e.cidr.version == root.cidr.version)
        y = _root(column, [root, *inner], unit, Box(at.x, y, at.width, 0))
    more = len(found) - len(shown)
    if more:
        column.words.append(label(f"and {more:,} more", at.x, y + LETTERS, LETTERS))
        y += LINE
    return y


def _shown(found: Sequence[_Range]) -> list[_Range]:
    """The first ones, and all that conflict."""
    plain = [each for each in found if not each.document["marks"]][:MOST]
    return [e for e in found if e.document["marks"] or any(e is p for p in plain)]


def _nested(found: Sequence[_Range]) -> list[tuple[_Range, list[_Range]]]:
    """Ranges in none of the others, each with those that are in it."""
    roots: list[tuple[_Range, list[_Range]]] = []
    for each in found:
        if roots and roots[-1][0].cidr.covers(each.cidr):
            roots[-1][1].append(each)
        else:
            roots.append((each, []))
    return roots


def _root(column: _Column, family: list[_Range], unit: int, at: Box) -> float:
    """Draw a range and those in it; where they end."""
    root = family[0]
    box = Box(at.x, at.y, *side_of(root.cidr.length, unit, SIDE))
    is_wide = box.width != box.height
    y = at.y
    for each in family:
        inside = box.part(place(each.cidr, root.cidr, wide=is_wide))
        spot = _spot(each.document, inside)
        whole = len(family) == 1 and not spot.shares
        whole = whole and each.document["use"] != "pods"
        column.spots.append(_undivided(spot) if whole else spot)
        indent = TEXT if each is root else TEXT + 14
        column.words.extend(_told(each, at.x + indent, y, at.width - indent))
        y += 2 * LINE + 4
    return max(y, box.y + box.height) + 10


def _spot(document: MapRangeDocument, box: Box) -> Spot:
    owners = ", ".join(document["owners"])
    title = f"{document['cidr']}: {spanned(document['addresses'])}, of {owners}"
    marks = tuple(document["marks"])
    filled = tuple(shares(document["fill"], box))
    return Spot(document["cidr"], title, box, filled, document["reused"], marks)


def _undivided(spot: Spot) -> Spot:
    """A range that nothing fills, with words that say so."""
    box, size = spot.box, LETTERS - 1
    if width_of(UNDIVIDED, size) + 8 > box.width or box.height < LINE:
        return spot
    y = box.y + box.height / 2 + size * 0.35
    told = centred(UNDIVIDED, box.x + box.width / 2, y, size, box.width)
    return replace(spot, labels=(told,))


def _told(each: _Range, x: float, y: float, room: float) -> Iterator[Label]:
    size = spanned(each.document["addresses"])
    text = f"{each.cidr}, {size}"
    yield label_in(text, x, y + LETTERS, LETTERS, room)
    owned = owners_of(each.document["owners"], is_shared=each.document["reused"])
    told = label_in(owned, x, y + LETTERS + LINE, LETTERS, room)
    yield _titled(told, each.document["owners"])


def _titled(told: Label, owners: Sequence[str]) -> Label:
    """A line about owners, with all of them as its title where some are left out."""
    is_all = len(owners) <= MOST_OWNERS and not told.title
    return told if is_all else told._replace(title=", ".join(owners))


def owners_of(owners: Sequence[str], *, is_shared: bool) -> str:
    """Whose a range is, in words.

    Examples
    --------
    >>> owners_of(["a", "b", "c", "d"], is_shared=True)
    'shared by a, b and 2 more'
    >>> owners_of(["a"], is_shared=False)
    'of a'
    """
    more = len(owners) - MOST_OWNERS
    named = ", ".join(owners[:MOST_OWNERS])
    told = f"{named} and {more} more" if more > 0 else " and ".join(owners)
    return f"{'shared by' if is_shared else 'of'} {told}"
