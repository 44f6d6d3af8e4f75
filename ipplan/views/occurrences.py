"""What of all that a report can say occurs in it: legends and notes say no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.views import designs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ipplan.contracts.reports import RelationDocument, ReportRoomDocument

USES = {
    "decisions": "the decision",
    "permanences": "what can’t change",
    "assumptions": "assumptions",
    "rooms": "the table of subnets",
    "egress": "egress",
    "reuse of ranges": "reuse of ranges",
}
"""What of a report rests on a page; other names are of rules and limits."""


def stages_of(rooms: Iterable[ReportRoomDocument]) -> list[str]:
    """The stages that occur, in their order."""
    found = {each["name"] for room in rooms for each in room["stages"]}
    return [each for each in designs.STAGES if each in found]


def verdicts_of(rows: Iterable[RelationDocument]) -> list[str]:
    """The verdicts that occur, the worst first."""
    found = {each["verdict"] for row in rows for each in row["cells"]}
    return [each for each in designs.VERDICTS if each in found]


def several_figures(rooms: Iterable[ReportRoomDocument]) -> set[str]:
    """Clusters of which ranges say different numbers of nodes that are left."""
    found: dict[str, set[int]] = {}
    for room in rooms:
        left = room["nodes_left"]
        if left is not None:
            for cluster in room["clusters"]:
                found.setdefault(cluster, set()).add(left)
    return {cluster for cluster, figures in found.items() if len(figures) > 1}


def common(rooms: Sequence[ReportRoomDocument]) -> list[str]:
    """Reasons that all ranges share whose size is explained, if there are several.

    Examples
    --------
    >>> common([{"why": ["a /26", "pinned"]}, {"why": []}, {"why": ["pinned"]}])
    ['pinned']
    """
    told = [each["why"] for each in rooms if each["why"]]
    if len(told) < 2:  # noqa: PLR2004  # one range shares with none
        return []
    return [each for each in dict.fromkeys(told[0]) if all(each in e for e in told)]


def reuses(rows: Iterable[RelationDocument]) -> list[tuple[str, str, str | None]]:
    """Each sentence on reuse: the ranges that it is about, itself, and its page."""
    found: dict[tuple[str, str, str | None], list[str]] = {}
    for row in rows:
        if row["reuse"]:
            key = (row["kind"], row["reuse"], row["reuse_source"])
            found.setdefault(key, []).append(row["cidr"])
    return [
        (f"{designs.KINDS[kind]} {designs.several(cidrs)}", words, source)
        for (kind, words, source), cidrs in found.items()
    ]
