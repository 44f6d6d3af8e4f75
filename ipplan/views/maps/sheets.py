"""A whole map at a width: which VNets are shown how large, and what stands where."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ipplan.counts import counted
from ipplan.views.maps.badges import MOST_MARKS, Badge, badge_at
from ipplan.views.maps.contents import marks_in, subnets_of
from ipplan.views.maps.flows import shelves
from ipplan.views.maps.graphs import Graph, graph
from ipplan.views.maps.legends import legend
from ipplan.views.maps.panels import Panel, panel
from ipplan.views.maps.plots import level_of
from ipplan.views.maps.ranges import Ranges, ranges
from ipplan.views.maps.words import Label, label, label_in, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipplan.contracts.maps import (
        MapDocument,
        MapMarkDocument,
        MapNetworkDocument,
    )
    from ipplan.views.maps.plots import Level

MARGIN = 24.0
"""Around everything. [pixels]"""

GAPS: dict[Level, float] = {"large": 28.0, "medium": 18.0, "small": 8.0}
"""Between panels. [pixels]"""

MOST_NOTABLE = 60
"""Medium panels among small ones."""

MOST_EXAMPLES = 2
"""VNets that are shown larger for a finding that is about many."""

MOST_CROWDED = 12
"""VNets with nearly full subnets that are shown larger than others."""

CROWDED = 0.9
"""From this share of a subnet on that is taken, its VNet is a crowded one. [-]"""

TITLE, HEADING, TEXT = 22.0, 16.0, 12.0
"""Sizes of letters. [pixels]"""

LINE = 17.0
"""Height of a line. [pixels]"""

SWATCH = 16.0
"""Of the legend. [pixels]"""


class Swatch(NamedTuple):
    """An entry of the legend."""

    kind: str
    x: float
    y: float
    words: Label


class Placed(NamedTuple):
    """A panel on the sheet."""

    panel: Panel
    x: float
    y: float


class Note(NamedTuple):
    """A finding in the list beneath."""

    number: int
    severity: str
    badge: Badge
    head: Label
    lines: tuple[Label, ...]


@dataclass
class Sheet:
    """A whole map as it is drawn; it grows from the top to the bottom.

    Parameters
    ----------
    document : MapDocument
        What it shows.
    width, height : float
        [pixels]
    titles, headings, words : list of Label
        What is written.
    legend : list of Swatch
        What areas look like.
    graph, ranges : tuple or None
        Parts, and how far down they are; None where there is nothing to draw.
    panels : list of Placed
        VNets.
    notes : list of Note
        Findings.
    """

    document: MapDocument
    width: float
    height: float = MARGIN
    titles: list[Label] = field(default_factory=list[Label])
    headings: list[Label] = field(default_factory=list[Label])
    words: list[Label] = field(default_factory=list[Label])
    legend: list[Swatch] = field(default_factory=list[Swatch])
    graph: tuple[Graph, float] | None = None
    ranges: tuple[Ranges, float] | None = None
    panels: list[Placed] = field(default_factory=list[Placed])
    notes: list[Note] = field(default_factory=list[Note])

    @property
    def room(self) -> float:
        """Between the margins, in pixels."""
        return self.width - 2 * MARGIN


def sheet(document: MapDocument, width: float) -> Sheet:
    """A whole map at a width.

    Parameters
    ----------
    document : MapDocument
        Of :func:`ipplan.documents.maps.map_document`.
    width : float
        [pixels]
    """
    found = Sheet(document, width)
    rows = _rows(document, found.room)
    _head(found)
    _add_legend(found, [each for row in rows for each in row.panels])
    _add_graph(found)
    _add_panels(found, rows)
    _add_ranges(found)
    _add_notes(found)
    _foot(found)
    found.height += MARGIN
    return found


def summary(document: MapDocument) -> str:
    """What a map shows, in numbers.

    Parameters
    ----------
    document : MapDocument
        Of :func:`ipplan.documents.maps.map_document`.
    """
    totals = document["totals"]
    return " · ".join(
        [
            counted(totals["networks"], "VNet"),
            counted(totals["subnets"], "subnet"),
            counted(totals["clusters"], "cluster"),
            counted(totals["peerings"], "peering"),
            f"{totals['addresses']:,} IPv4 addresses",
            f"{totals['in_subnets']:,} of them in subnets",
        ]
    )


def _write(found: Sheet, text: str, size: float = TEXT) -> None:
    """A text in as many lines as it needs."""
    for line in wrapped(text, size, found.room):
        found.height += size * 1.4
        found.words.append(label(line, MARGIN, found.height - size * 0.3, size))


def _head(found: Sheet) -> None:
    document = found.document
    y = found.height + TITLE
    found.titles.append(label_in(document["title"], MARGIN, y, TITLE, found.room))
    found.height = y + 8
    what = "proposed plan" if document["proposed"] else "address map"
    _write(found, f"{what} · {summary(document)}")


def _add_legend(found: Sheet, panels: Sequence[Panel]) -> None:
    entries = legend(found.document, panels)
    texts = [label(words, 0, 0, TEXT) for _, words in entries]
    sizes = [(SWATCH + 6 + each.width, SWATCH) for each in texts]
    flow = shelves(sizes, found.room, 14)
    top = found.height + 12
    for (kind, _), text, (x, y) in zip(entries, texts, flow.places, strict=True):
        left = MARGIN + x
        words = text._replace(x=left + SWATCH + 6, y=top + y + SWATCH * 0.8)
        found.legend.append(Swatch(kind, left, top + y, words))
    found.height = top + flow.height


def _heading(found: Sheet, text: str) -> None:
    y = found.height + 2 * HEADING + 8
    found.headings.append(label(text, MARGIN, y, HEADING))
    found.height = y + 14


def _add_graph(found: Sheet) -> None:
    drawn = graph(found.document, found.room)
    if not drawn.edges:
        return
    _heading(found, "Who reaches whom")
    found.graph = (drawn, found.height)
    found.height += drawn.height + 8


class _Row(NamedTuple):
    """Panels of a level, and what they are."""

    panels: list[Panel]
    words: str = ""


def _rows(document: MapDocument, room: float) -> list[_Row]:
    """The panels of all VNets, those that are shown larger first."""
    networks = document["networks"]
    level = level_of(len(networks))
    if level != "small":
        return [_row(networks, level, room)] if networks else []
    notable, others = _notable(networks)
    told = "Hubs, VNets with conflicts, and the most crowded ones:"
    first = [_row(notable, "medium", room, told)] if notable else []
    word = "other VNet" if notable else "VNet"
    told = f"{counted(len(others), word)}, each to its own scale:"
    return [*first, _row(others, "small", room, told)]


def _row(
    networks: Sequence[MapNetworkDocument], level: Level, room: float, words: str = ""
) -> _Row:
    return _Row([panel(each, level, room) for each in networks], words)


def _add_panels(found: Sheet, rows: Sequence[_Row]) -> None:
    if rows:
        _heading(found, "Address space")
    for number, each in enumerate(rows):
        found.height += 14 if number else 0
        if each.words:
            _write(found, each.words)
        _add_row(found, each.panels)


def _add_row(found: Sheet, drawn: Sequence[Panel]) -> None:
    """Panels of a level on shelves."""
    gap = GAPS[drawn[0].level]
    flow = shelves([(e.width, e.height) for e in drawn], found.room, gap)
    top = found.height + 8
    for each, (x, y) in zip(drawn, flow.places, strict=True):
        found.panels.append(Placed(each, MARGIN + x, top + y))
    found.height = top + flow.height


def _notable(
    networks: Sequence[MapNetworkDocument],
) -> tuple[list[MapNetworkDocument], list[MapNetworkDocument]]:
    """VNets that are shown larger, as many as there may be, and the others."""
    crowded = sorted(networks, key=_crowding, reverse=True)[:MOST_CROWDED]
    wanted = {each["id"] for each in crowded if _crowding(each) > CROWDED}
    first = [each["id"] for each in networks if each["role"] == "hub"]
    order = dict.fromkeys([*first, *_examples(networks), *sorted(wanted)])
    chosen = set(list(order)[:MOST_NOTABLE])
    notable = [each for each in networks if each["id"] in chosen]
    return notable, [each for each in networks if each["id"] not in chosen]


def _crowding(network: MapNetworkDocument) -> float:
    """The largest share of a subnet that is taken."""
    fills = [each["fill"] for each in subnets_of(network)]
    taken = [
        1 - e["free"] / max(e["reserved"] + e["used"] + e["growth"] + e["free"], 1)
        for e in fills
        if e
    ]
    return max(taken, default=0.0)


def _examples(networks: Sequence[MapNetworkDocument]) -> list[str]:
    """Ids of the first VNets that each finding is about, the worst finding first."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for each in networks:
        for mark in marks_in(each):
            found[mark].append(each["id"])
    return [each for _, ids in sorted(found.items()) for each in ids[:MOST_EXAMPLES]]


def _add_ranges(found: Sheet) -> None:
    if not found.document["ranges"]:
        return
    _heading(found, "Pods, services and networks elsewhere")
    drawn = ranges(found.document, found.room)
    found.ranges = (drawn, found.height)
    found.height += drawn.height + 8


def _add_notes(found: Sheet) -> None:
    marks = found.document["marks"]
    if marks:
        _heading(found, "Conflicts")
    for each in marks[:MOST_MARKS]:
        found.notes.append(_note(found, each))
    if len(marks) > MOST_MARKS:
        _write(found, f"and {len(marks) - MOST_MARKS:,} more; ipplan check lists all")


def _note(found: Sheet, mark: MapMarkDocument) -> Note:
    y = found.height + LINE
    x = MARGIN + 40
    room = found.room - 40
    badge = badge_at(MARGIN + 32, y - 12, [mark["number"]])
    text = f"{mark['severity']} · {mark['effect']} · {mark['rule']}"
    head = label_in(text, x, y, TEXT, room)
    fixes = wrapped(f"Fix: {mark['fix']}", TEXT, room) if mark["fix"] else []
    lines = [*wrapped(mark["message"], TEXT, room), *fixes]
    lines += wrapped(mark["source"], TEXT, room)
    placed = tuple(
        label(line, x, y + LINE * (number + 1), TEXT)
        for number, line in enumerate(lines)
    )
    found.height = y + LINE * len(lines) + 8
    return Note(mark["number"], mark["severity"], badge, head, placed)


def _foot(found: Sheet) -> None:
    document = found.document
    if document["unknown"]:
        _heading(found, "Not on this map")
    for each in document["unknown"]:
        _write(found, each)
    found.height += 16
    notes = document["notes"]
    more = f" · {counted(notes, 'note')} not marked" if notes else ""
    _write(found, f"ipplan {document['version']} · as of {document['as_of']}{more}")
