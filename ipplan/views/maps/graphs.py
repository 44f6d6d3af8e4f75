"""The graph of a map: where VNets stand, and the lines between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, sqrt
from typing import TYPE_CHECKING, NamedTuple

from ipplan.views.maps.badges import Badge, badges
from ipplan.views.maps.contents import marks_of
from ipplan.views.maps.flows import shelves
from ipplan.views.maps.joints import Branch, joints
from ipplan.views.maps.places import Box
from ipplan.views.maps.ways import peering_words
from ipplan.views.maps.words import Label, centred, width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ipplan.contracts.maps import (
        MapDocument,
        MapNetworkDocument,
        MapPeeringDocument,
    )
    from ipplan.views.maps.joints import Joints

WIDE, HIGH = 150.0, 40.0
"""Of the box of a VNet. [pixels]"""

HUB = 190.0
"""How wide the box of a hub is. [pixels]"""

WIDEST = 320.0
"""Of a box with a long name, where there are few boxes. [pixels]"""

FEW = 12
"""Boxes beneath a hub that are as wide as their names."""

GAP = 12.0
"""Between boxes. [pixels]"""

DROP = 26.0
"""Between rows of boxes, for the lines. [pixels]"""

BEND = 36.0
"""How far curves swing out. [pixels]"""

MOST_NAMED = 20
"""VNets that the title of many names."""

LETTERS = 11.0
"""Size of letters. [pixels]"""

PADDING, MARKED = 12.0, 44.0
"""Beside a name, and what the numbers of findings take there. [pixels]"""


class Node(NamedTuple):
    """A box of the graph."""

    id: str
    kind: str
    """Hub, spoke, alone, more, group or on-premises."""
    box: Box
    labels: tuple[Label, ...]
    title: str
    marks: tuple[int, ...] = ()
    is_broken: bool = False


class Edge(NamedTuple):
    """A line of the graph."""

    path: str
    """As SVG has it."""
    state: str
    """Connected, planned, broken; bus or link for what is no peering."""
    title: str = ""
    word: Label | None = None
    """What is wrong with it."""


@dataclass(frozen=True)
class Graph:
    """The graph of a map.

    Parameters
    ----------
    nodes, edges : tuple
        What is drawn; edges beneath.
    badges : tuple of Badge
        Numbers of findings.
    width, height : float
        [pixels]
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    badges: tuple[Badge, ...]
    width: float
    height: float


@dataclass
class _Sheet:
    """A graph that is being drawn, and where each VNet is in it."""

    found: Joints
    nodes: list[Node] = field(default_factory=list[Node])
    edges: list[Edge] = field(default_factory=list[Edge])
    at: dict[str, Box] = field(default_factory=dict[str, Box])


def graph(document: MapDocument, room: float) -> Graph:
    """The graph of a map: hubs above their spokes, and what joins them besides.

    Parameters
    ----------
    document : MapDocument
        Of :func:`ipplan.documents.maps.map_document`.
    room : float
        How wide it may be. [pixels]
    """
    sheet = _Sheet(joints(document))
    above = _elsewhere_row(sheet, room)
    columns = [_columns(each, room) for each in sheet.found.branches]
    sizes = [
        _size(branch, count)
        for branch, count in zip(sheet.found.branches, columns, strict=True)
    ]
    flow = shelves(sizes, room, DROP)
    for branch, count, (x, y) in zip(
        sheet.found.branches, columns, flow.places, strict=True
    ):
        _branch(sheet, branch, count, x, y + above)
    names = {each["id"]: each["name"] for each in document["networks"]}
    _links(sheet, names)
    _peerings(sheet, names)
    marked = [(each.box, each.marks) for each in sheet.nodes if each.marks]
    placed, height = badges(marked), above + flow.height
    height += BEND * 0.75 if sheet.found.others else 0.0
    width = max((e.box.x + e.box.width for e in sheet.nodes), default=0.0)
    return Graph(tuple(sheet.nodes), tuple(sheet.edges), placed, width, height)


def _wide(networks: Sequence[MapNetworkDocument], least: float) -> float:
    """How wide boxes are: as their longest name, where they are few."""
    if len(networks) > FEW:
        return least
    named = [
        width_of(each["name"], LETTERS) + PADDING + MARKED * bool(marks_of(each))
        for each in networks
    ]
    return min(max([least, *named]), WIDEST)


def _columns(branch: Branch, room: float) -> int:
    """Boxes in a row of a branch: somewhat wider than high."""
    boxes = len(branch.shown) + bool(branch.more)
    most = max(int((room - GAP) / (_wide(branch.shown, WIDE) + GAP)), 1)
    wanted = ceil(sqrt(3 * boxes)) if branch.hub else most
    return max(min(most, wanted, boxes), 1)


def _size(branch: Branch, columns: int) -> tuple[float, float]:
    boxes = len(branch.shown) + bool(branch.more)
    rows = ceil(boxes / columns)
    hub = _wide([branch.hub], HUB) if branch.hub else 0.0
    wide = max(columns * (_wide(branch.shown, WIDE) + GAP) + GAP, hub)
    top = HIGH if branch.hub else -DROP + GAP
    return wide, top + rows * (HIGH + DROP)


def _branch(sheet: _Sheet, branch: Branch, columns: int, x: float, y: float) -> None:
    """Draw a hub and its spokes in rows, each hanging on a line above it."""
    wide, _ = _size(branch, columns)
    each_wide = _wide(branch.shown, WIDE)
    left = x + (wide - columns * (each_wide + GAP) + GAP) / 2
    top = y
    if branch.hub:
        hub = _wide([branch.hub], HUB)
        box = Box(x + (wide - hub) / 2, y, hub, HIGH)
        _add(sheet, branch.hub, "hub", box)
        top = y + HIGH + DROP
    places = [
        Box(
            left + number % columns * (each_wide + GAP),
            top + number // columns * (HIGH + DROP),
            each_wide,
            HIGH,
        )
        for number in range(len(branch.shown) + bool(branch.more))
    ]
    kind = "spoke" if branch.hub else "alone"
    for each, place in zip(branch.shown, places, strict=False):
        _add(sheet, each, kind, place)
    if branch.more:
        _add_more(sheet, branch, places[-1])
    if branch.hub and places:
        _bus(sheet, branch, places, x, wide)


def _bus(
    sheet: _Sheet, branch: Branch, places: Sequence[Box], x: float, wide: float
) -> None:
    """The line from a hub, along each row, and down to each box."""
    rows = sorted({each.y for each in places})
    trunk = places[0].x - GAP / 2
    middle = x + wide / 2
    first = rows[0] - DROP / 2
    ends = [max(e.x + e.width / 2 for e in places if e.y == y) for y in rows]
    ends[0] = max(ends[0], middle)
    starts = [min(e.x + e.width / 2 for e in places if e.y == rows[0])]
    starts[0] = min(starts[0], middle) if len(rows) == 1 else trunk
    starts += [trunk] * (len(rows) - 1)
    parts = [f"M{middle:g} {rows[0] - DROP:g}V{first:g}"]
    parts += [
        f"M{start:g} {y - DROP / 2:g}H{end:g}"
        for start, end, y in zip(starts, ends, rows, strict=True)
    ]
    if len(rows) > 1:
        parts.append(f"M{trunk:g} {first:g}V{rows[-1] - DROP / 2:g}")
    sheet.edges.append(Edge("".join(parts), "bus"))
    for number, place in enumerate(places):
        down = f"M{place.x + place.width / 2:g} {place.y - DROP / 2:g}V{place.y:g}"
        is_one = number < len(branch.shown)
        peering = sheet.found.homes[branch.shown[number]["id"]] if is_one else None
        state = _state(peering) if peering else "connected"
        sheet.edges.append(Edge(down, state, peering_words(peering) if peering else ""))


def _state(peering: MapPeeringDocument) -> str:
    return "broken" if peering["one_sided"] else peering["state"]


def _wrong(peering: MapPeeringDocument | None) -> str:
    """What is wrong with a peering, in a word or two."""
    if peering is None:
        return ""
    if peering["state"] == "broken":
        return "peering broken"
    return "one side missing" if peering["one_sided"] else ""


def _add(sheet: _Sheet, network: MapNetworkDocument, kind: str, box: Box) -> None:
    """The box of a VNet."""
    sheet.at[network["id"]] = box
    peering = sheet.found.homes.get(network["id"])
    marks = tuple(sorted({*marks_of(network), *(peering["marks"] if peering else ())}))
    spaces = [each["cidr"] for each in network["blocks"]]
    more = f" +{len(spaces) - 1}" if len(spaces) > 1 else ""
    space = f"{spaces[0]}{more}" if spaces else "not known"
    wrong = _wrong(peering)
    title = ", ".join(
        [network["name"], *spaces, *([peering_words(peering)] if peering else [])]
    )
    labels = _lines(network["name"], wrong or space, box, bool(marks))
    sheet.nodes.append(
        Node(network["id"], kind, box, labels, title, marks, bool(wrong))
    )


def _lines(first: str, second: str, box: Box, is_marked: bool) -> tuple[Label, ...]:  # noqa: FBT001  # it is a row's last cell
    middle, room = box.x + box.width / 2, box.width - PADDING
    above = centred(first, middle, box.y + 17, LETTERS, room - MARKED * is_marked)
    return above, centred(second, middle, box.y + 31, LETTERS - 1, room)


def _add_more(sheet: _Sheet, branch: Branch, box: Box) -> None:
    """One box for many VNets that nothing is wrong with."""
    count = f"{len(branch.more):,} {'more ' if branch.shown else ''}"
    word = "spokes" if branch.hub else "VNets"
    sheet.at |= {each["id"]: box for each in branch.more}
    names = ", ".join(each["name"] for each in branch.more[:MOST_NAMED])
    told = "peered without conflict" if branch.hub else "without a hub"
    labels = _lines(count + word, told, box, is_marked=False)
    title = f"{count}{word} {told}: {names} ..."
    sheet.nodes.append(Node("", "more", box, labels, title))


def _elsewhere_row(sheet: _Sheet, room: float) -> float:
    """Groups and networks on premises, above all; where they end."""
    every = sheet.found.elsewhere
    flow = shelves([(WIDE, HIGH)] * len(every), room - GAP, GAP)
    for each, (x, y) in zip(every, flow.places, strict=True):
        box = Box(x + GAP, y, WIDE, HIGH)
        word = "on premises" if each.way == "on-premises" else "group"
        labels = _lines(each.name, word, box, is_marked=False)
        title = f"{each.name}, {word}: joins {len(each.networks):,} VNets"
        sheet.nodes.append(Node("", each.way, box, labels, title))
    return flow.height + BEND if every else 0.0


def _links(sheet: _Sheet, names: dict[str, str]) -> None:
    """Lines from groups and networks on premises to what they join, each once."""
    boxes = [e.box for e in sheet.nodes if e.kind in {"group", "on-premises"}]
    for box, each in zip(boxes, sheet.found.elsewhere, strict=True):
        joined = [e for e in each.networks if e in sheet.at]
        direct = [e for e in joined if not _is_behind(sheet, e, joined)]
        targets = {sheet.at[e]: e for e in direct}
        for target, network in targets.items():
            title = f"{each.name}: {names[network]}"
            sheet.edges.append(Edge(_down(box, target), "link", title))


def _is_behind(sheet: _Sheet, network: str, joined: Iterable[str]) -> bool:
    """Whether a VNet is a spoke of one that is joined as well."""
    peering = sheet.found.homes.get(network)
    return bool(peering and {*peering["networks"]} - {network} <= {*joined})


def _down(upper: Box, lower: Box) -> str:
    """A curve from the lower edge of a box to the upper one of another."""
    x, y = upper.x + upper.width / 2, upper.y + upper.height
    end = lower.x + lower.width / 2 + 24
    middle = (y + lower.y) / 2
    return f"M{x:g} {y:g}C{x:g} {middle:g} {end:g} {middle:g} {end:g} {lower.y:g}"


def _peerings(sheet: _Sheet, names: dict[str, str]) -> None:
    """Curves for all other peerings, each pair of boxes once unless it is broken."""
    drawn: set[tuple[Box, Box]] = set()
    for each in sheet.found.others:
        one, other = each["networks"]
        if one not in sheet.at or other not in sheet.at:
            continue
        ends = (sheet.at[one], sheet.at[other])
        if ends[0] == ends[1] or (ends in drawn and not _wrong(each)):
            continue
        drawn.add(ends)
        title = f"{names[one]} and {names[other]}: {peering_words(each)}"
        sheet.edges.append(_curve(*ends, _state(each), title, _wrong(each)))


def _curve(one: Box, other: Box, state: str, title: str, wrong: str) -> Edge:
    """A curve below two boxes, with a word where something is wrong."""
    x, y = one.x + one.width / 2 + 12, one.y + one.height
    end, low = other.x + other.width / 2 + 12, other.y + other.height
    path = f"M{x:g} {y:g}C{x:g} {y + BEND:g} {end:g} {low + BEND:g} {end:g} {low:g}"
    middle = (y + low) / 2 + BEND * 0.75
    word = centred(wrong, (x + end) / 2, middle, LETTERS - 1, WIDE) if wrong else None
    return Edge(path, state, title, word)
