"""What a report shows: bars to scale, rows worst first, pages by number, and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ipplan.counts import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ipplan.contracts.reports import (
        RelationDocument,
        ReportDocument,
        ReportRoomDocument,
        StageDocument,
    )

Item = TypeVar("Item")

MOST_ROWS = 300
"""Rows of its tables."""

MOST_FINDINGS = 150
"""Findings that it tells one by one."""

MOST_DECISIONS = 6
"""Decisions that it tells with every model; the largest come first."""

MOST_FIXED = 40
"""Things that can't be changed later that it tells."""

MOST_NAMES = 6
"""Names that are told one by one where a line is about many."""

STAGES = {
    "steady": "now",
    "maximum": "at the maximum",
    "upgrade": "+ surge of all pools",
    "rotation": "+ twin of the largest pool (blue/green)",
}
"""How stages are called."""

SHORT = {
    "steady": "Now",
    "maximum": "Maximum",
    "upgrade": "+ surge",
    "rotation": "+ twin",
}
"""The same as heads of columns."""

VERDICTS = {
    "refused": "refused",
    "breaks": "breaks traffic",
    "allowed": "allowed",
    "reusable": "reusable",
    "clear": "clear",
    "unknown": "unknown",
    "n/a": "n/a",
}
"""How the cells of the matrix are called, the worst first."""

MEANINGS = {
    "refused": "Azure refuses it, or the next change of it",
    "breaks": "it breaks traffic",
    "allowed": "it works, with a caution",
    "reusable": "it overlaps what it has nothing to do with",
    "clear": "it overlaps nothing",
    "unknown": "not all was read or stated",
    "n/a": "there is none",
}
"""What they mean."""

CHANGES = {
    "never": "can never change",
    "one-way": "can change one way only",
    "rebuild": "by a new pool or subnet",
    "unknown": "whether it can is not known",
    "limited": "can change within limits",
}
"""How firmly something is fixed, the firmest first."""

KINDS = {"vnet": "VNet", "pods": "pod CIDR", "services": "service CIDR"}
"""Whose a range is."""

ANSWERS = {
    "good": "good",
    "bad": "act",
    "warn": "look",
    "unknown": "unknown",
    "plain": "",
}
"""What stands before an answer, besides its colour."""


class Shown(NamedTuple):
    """What is shown of many, and how many more there are."""

    rows: Sequence[Any]
    more: int


def first(rows: Sequence[Item], most: int) -> Shown:
    """The first of many.

    Examples
    --------
    >>> first("abcd", 3)
    Shown(rows='abc', more=1)
    """
    return Shown(rows[:most], max(len(rows) - most, 0))


def worst(
    rows: Sequence[Item], most: int, badness: Callable[[Item], tuple[Any, ...]]
) -> Shown:
    """Of many those that matter the most, in the order in which they came.

    Examples
    --------
    >>> worst([5, 9, 7], 2, lambda each: (each,))
    Shown(rows=[5, 7], more=1)
    """
    places = sorted(range(len(rows)), key=lambda place: badness(rows[place]))
    kept = sorted(places[:most])
    return Shown([rows[place] for place in kept], max(len(rows) - most, 0))


def references(document: ReportDocument) -> dict[str, int]:
    """The number of each page, in the order of the appendix.

    Examples
    --------
    >>> references({"sources": [{"url": "https://learn.microsoft.com/azure/aks/"}]})
    {'https://learn.microsoft.com/azure/aks/': 1}
    """
    urls = dict.fromkeys(each["url"] for each in document["sources"])
    return {url: number for number, url in enumerate(urls, start=1)}


def need_of(room: ReportRoomDocument, stage: str) -> StageDocument | None:
    """What a range must hold at a stage; None where nothing is said of it."""
    return next((each for each in room["stages"] if each["name"] == stage), None)


def relation_badness(row: RelationDocument) -> tuple[int, ...]:
    """What sorts rows of the matrix: by their worst cells."""
    order = list(VERDICTS)
    return tuple(sorted(order.index(each["verdict"]) for each in row["cells"]))


def several(names: Iterable[str], most: int = MOST_NAMES) -> str:
    """Names in a line, each once; of many the first.

    Examples
    --------
    >>> several("abcd", 2), several([])
    ('a, b and 2 more', '')
    """
    once = list(dict.fromkeys(names))
    more = len(once) - most
    return ", ".join(once[:most]) + (f" and {more:,} more" if more > 0 else "")


def number(value: int | None, unknown: str = "?") -> str:
    """A count as people read it.

    Examples
    --------
    >>> number(1019), number(-186), number(None)
    ('1,019', '\N{MINUS SIGN}186', '?')
    """
    if value is None:
        return unknown
    return f"{value:,}".replace("-", "\N{MINUS SIGN}")


def prefixes(lengths: Sequence[int]) -> str:
    """Prefix lengths in a line; 0 says that no range is so large.

    Examples
    --------
    >>> prefixes([24, 22]), prefixes([0]), prefixes([])
    ('/24 /22', 'none so large', '')
    """
    return " ".join(f"/{each}" if each else "none so large" for each in lengths)


def read_words(document: ReportDocument) -> str:
    """How much was read, in a line."""
    read = document["inventory"]
    parts = [
        counted(read["vnets"], "VNet"),
        counted(read["subnets"], "subnet"),
        counted(read["clusters"], "cluster"),
        _peerings(document),
    ]
    if read["external_ranges"]:
        parts.append(f"{counted(read['external_ranges'], 'network')} elsewhere")
    return ", ".join(parts)


def _peerings(document: ReportDocument) -> str:
    """Peerings, of which Azure has one on each side, as pairs of VNets."""
    sides, pairs = document["inventory"]["peerings"], document["map"]["peerings"]
    if pairs and sides == 2 * len(pairs):
        both = "both directions" if len(pairs) == 1 else "both directions each"
        return f"{counted(len(pairs), 'peering')} ({both})"
    if not pairs:
        return counted(sides, "peering")
    if sides == len(pairs) == 1:
        return "1 peering from one side"
    return f"{counted(sides, 'peering')}, of {counted(len(pairs), 'pair')} of VNets"


def need_cell(room: ReportRoomDocument, stage: str) -> str:
    """What a range must hold at a stage: ``?`` if not known, a dash if it has none."""
    found = need_of(room, stage)
    if found is not None:
        return number(found["need"])
    first = stage == "steady" and not room["stages"]
    return "?" if first or _grows(room) else "–"


def of_clusters(room: ReportRoomDocument, value: int | None) -> str:
    """A count that only ranges of nodes and pods have."""
    return number(value, "?" if _grows(room) else "–")


def _grows(room: ReportRoomDocument) -> bool:
    """Whether its need goes through stages, as that of nodes and pods does."""
    return len(room["stages"]) > 1 or bool(room["clusters"] and not room["stages"])


def model_state(option: Mapping[str, Any]) -> str:
    """How a model stands, in a word or two.

    Examples
    --------
    >>> model_state({"chosen": True, "feasible": True, "killed_by": None})
    'chosen'
    """
    out = option["killed_by"] is not None or option["feasible"] is False
    if option["chosen"]:
        return "chosen, but ruled out" if out else "chosen"
    if out:
        return "ruled out"
    return "unknown" if option["feasible"] is None else "possible"


def others(document: ReportDocument) -> str:
    """How many findings there are around a plan; nothing where there are none."""
    counts = document["others"]
    nouns = (
        (counts["error"], "error"),
        (counts["warning"], "warning"),
        (counts["note"], "note"),
    )
    return ", ".join(counted(count, noun) for count, noun in nouns if count)
