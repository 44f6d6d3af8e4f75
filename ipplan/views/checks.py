"""The report of ``ipplan check``: what matters, why, and the way out of it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from ipplan.counts import counted
from ipplan.findings import Effect
from ipplan.tables import Table
from ipplan.views.reports import Entry, Report, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipplan.contracts.checks import (
        CheckDocument,
        CheckFindingDocument,
        LocationDocument,
        RoomDocument,
        SharedDocument,
        VerdictDocument,
    )

SHOWN = 3
"""Names that are told one by one where one reason holds for many."""

MOST_UNKNOWN = 8
"""Reasons why something could not be judged that are told one by one."""

MOST_ROWS = 1_000
"""Rows that a table shows."""

MOST_SHARED = 50
"""Ranges of overlaps that do not matter that are told one by one."""

WORD = 7
"""The longest severity. [characters]"""


def check_report(document: CheckDocument, *, wide: bool = False) -> Report:
    """The report of ``ipplan check``."""
    nothing = Table([])
    sections = [
        Section(_summary(document), nothing, _unknown(document)),
        *finding_sections(document["findings"], wide=wide),
    ]
    if wide and document["capacity"]:
        sections.append(_capacity(document["capacity"]))
    ranges = document["not_relevant"]["ranges"]
    if ranges:
        entries = _shared(ranges)
        title = "Overlaps that do not matter"
        sections.append(Section(title, nothing, entries=entries))
    sections.append(Section(_verdict(document), nothing))
    records = [_record(each) for each in document["findings"]]
    return Report(document, sections, records)


def _summary(document: CheckDocument) -> str:
    """What was read, of how much of what it names, and what was not."""
    read = document["inventory"]
    parts = [
        counted(read["vnets"], "VNet"),
        counted(read["subnets"], "subnet"),
        counted(read["clusters"], "cluster"),
        counted(read["peerings"], "peering"),
    ]
    seen, unseen = read["subscriptions"], read["subscriptions_not_seen"]
    of = f" of {counted(seen, 'subscription')}" if seen else ""
    if unseen:
        of = f" of {seen} of the {seen + unseen} subscriptions that these networks name"
    elsewhere = read["external_ranges"]
    beside = f"; {counted(elsewhere, 'network')} elsewhere" if elsewhere else ""
    skipped = len(document["skipped"])
    less = f"; skipped {skipped:,}" if skipped else ""
    return f"read {', '.join(parts)}{of}{beside}{less}"


def _unknown(document: CheckDocument) -> list[str]:
    """What could not be judged: a line for each reason, and how much more there is."""
    whose: dict[str, list[str]] = {}
    for each in document["unknown"]:
        whose.setdefault(each["why"], []).append(each["what"])
    said = [f"unknown: {_several(names)}: {why}" for why, names in whose.items()]
    more = len(said) - MOST_UNKNOWN
    last = f"unknown: and {more:,} more; -o json has them"
    return [*said[:MOST_UNKNOWN], last] if more > 0 else said


def _several(names: Sequence[str]) -> str:
    """Names, of many the first, each once."""
    once = list(dict.fromkeys(names))
    more = len(once) - SHOWN
    return ", ".join(once[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def finding_sections(
    findings: Sequence[CheckFindingDocument], *, wide: bool = False
) -> list[Section]:
    """A section for each rule and effect: its page stands below the last finding."""
    sections: list[Section] = []
    for (effect, severity, rule), group in groupby(findings, _kind):
        title = f"{severity:<{WORD}}  {Effect(effect).words}"
        entries: list[Entry] = []
        told = list(group)
        for finding, after in zip(told, [*told[1:], None], strict=True):
            last = after is None or after["source"] != finding["source"]
            entries.append(Entry(finding["message"], _lines(finding, last, wide)))
        sections.append(Section(title, Table([]), aside=rule, entries=entries))
    return sections


def _kind(finding: CheckFindingDocument) -> tuple[str, str, str]:
    return finding["effect"], finding["severity"], finding["rule"]


def _lines(
    finding: CheckFindingDocument,
    last: bool,  # noqa: FBT001  # what an entry is, not a switch
    wide: bool,  # noqa: FBT001  # likewise
) -> list[tuple[str, str]]:
    """The way out and the page; where it stands and whom it is about in wide ones."""
    lines = [("fix", finding["fix"])] if finding["fix"] else []
    if wide:
        place = finding["location"]
        lines += [("at", _place(place))] if place else []
        lines += [("of", each["id"]) for each in finding["subjects"] if each["id"]]
        lines.append(("id", finding["fingerprint"]))
    return [*lines, *([("why", finding["source"])] if last else [])]


def _place(place: LocationDocument) -> str:
    """Where the first subject stands, as editors take it."""
    line = f":{place['line']}" if place["line"] else ""
    return f"{place['file']}{line} {place['path'].strip()}".rstrip()


def _capacity(rooms: Sequence[RoomDocument]) -> Section:
    """What each subnet and pod CIDR in use holds, operation by operation."""
    columns = ["subnet or cluster", "range", "room", "now", "maximum"]
    columns += ["upgrade", "rotation", "pre-flight", "nodes left", "unknown"]
    rows = [
        [
            each["name"],
            " ".join(each["cidrs"]),
            "?" if each["room"] is None else each["room"],
            _need(each["create"]),
            _need(each["maximum"]),
            _need(each["upgrade"]),
            _need(each["rotation"]),
            _marked(each["observed"], each["observed_fits"], "!"),
            each["nodes_left"],
            "; ".join(each["unknown"]),
        ]
        for each in rooms[:MOST_ROWS]
    ]
    more = len(rooms) - MOST_ROWS
    said = [f"and {more:,} more rows: -o json has them all"] if more > 0 else []
    title = "Addresses that nodes and pods need: ! without room, ~ perhaps without"
    return Section(title, Table(columns, rows), said)


def _need(verdict: VerdictDocument) -> str:
    certain = verdict["least"] is None or verdict["least_fits"] is False
    return _marked(verdict["need"], verdict["fits"], "!" if certain else "~")


def _marked(need: int | None, fits: bool | None, mark: str) -> str:  # noqa: FBT001  # a value
    """A need, with a mark behind it where there is no room for it."""
    text = "?" if need is None else f"{need:,}"
    return f"{text} {mark}" if fits is False else text


def _shared(ranges: Sequence[SharedDocument]) -> list[Entry]:
    """A line for each range that several have, and how many more there are."""
    said = [Entry(f"{e['cidr']}: {_several(e['names'])}") for e in ranges[:MOST_SHARED]]
    more = len(ranges) - MOST_SHARED
    last = Entry(f"and {more:,} more ranges: -o json --all has them")
    return [*said, last] if more > 0 else said


def _verdict(document: CheckDocument) -> str:
    """How many findings, how much was found and does not matter, and as of when."""
    count = document["summary"]
    words = [counted(count[each], each) for each in ("error", "warning", "note")]
    parts = [f"{', '.join(words)}."]
    if document["accepted"]:
        parts.append(f"Accepted by the baseline: {document['accepted']:,}.")
    if document["untried"]:
        untried = counted(document["untried"], "finding")
        parts.append(f"No time to try ways out of {untried}: mend others first.")
    overlaps = document["not_relevant"]["overlaps"]
    listed = document["not_relevant"]["ranges"] or not overlaps
    all_of_them = "" if listed else " (--all lists them)"
    parts.append(f"Overlaps that do not matter: {overlaps:,}{all_of_them}.")
    return f"{' '.join(parts)} As of {document['as_of']}."


def _record(finding: CheckFindingDocument) -> dict[str, Any]:
    """A row a finding."""
    subjects = finding["subjects"]
    place = finding["location"] or {"file": None, "path": None, "line": None}
    return {
        "severity": finding["severity"],
        "effect": finding["effect"],
        "rule": finding["rule"],
        "message": finding["message"],
        "fix": finding["fix"],
        "subjects": "; ".join(each["name"] for each in subjects),
        "ids": "; ".join(each["id"] for each in subjects if each["id"]),
        "cidrs": "; ".join(each["cidr"] for each in subjects if each["cidr"]),
        "source": finding["source"],
        "file": place["file"],
        "path": place["path"],
        "line": place["line"],
        "fingerprint": finding["fingerprint"],
    }
