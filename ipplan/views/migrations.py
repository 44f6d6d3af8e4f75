"""The report of ``ipplan migrate``: which way is open, what bars it, what to do."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ipplan.counts import counted
from ipplan.tables import Table
from ipplan.views.reports import RULES_MONTH, Entry, Report, Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.contracts.migrations import (
        BarDocument,
        ClusterMigrationDocument,
        FreedDocument,
        MigrationDocument,
        PodCidrDocument,
        StepDocument,
    )

MOST_CLUSTERS = 200
"""Clusters whose steps are told."""

MOST_UNKNOWN = 8
"""Reasons why a range may not be free that are told one by one."""

_COUNTS = {
    "open": ("can move in place now", "can move in place now"),
    "removable": (
        "can when something is taken away first",
        "can when something is taken away first",
    ),
    "rebuild": ("needs a new pool or cluster", "need new pools or clusters"),
    "already": ("is there already", "are there already"),
    "unknown": ("can't be judged by what was read",) * 2,
}
"""What is said of one cluster, and of several."""

_OPEN = {
    "open": "yes",
    "removable": "after {}",
    "rebuild": "no",
    "already": "",
    "unknown": "?",
}
"""What a table says of the path in place."""

_WAYS = {
    "in-place": "in place",
    "new-pool": "new pool",
    "new-cluster": "new cluster",
    "already": "nothing to do",
    "unknown": "unknown",
}

_STATES = {"bars": "bars", "removable": "first", "unknown": "unknown"}
"""What stands before something that is in the way."""


def migration_report(document: MigrationDocument, *, wide: bool = False) -> Report:
    """The report of ``ipplan migrate``: a table of clusters, then each by itself."""
    every = document["clusters"]
    told = [each for each in every if wide or each["kind"] != "already"]
    sections = [
        Section(_summary(document), _table(every), [*_remarks(document, wide=wide)]),
        *(_section(each, wide=wide) for each in told[:MOST_CLUSTERS]),
    ]
    more = len(told) - MOST_CLUSTERS
    if more > 0:
        said = f"and {counted(more, 'cluster')} more: -o json has all"
        sections.append(Section("", Table([]), [said]))
    return Report(document, sections, [_record(each) for each in every])


# All clusters.


def _summary(document: MigrationDocument) -> str:
    """The question, and how many clusters there are of each kind."""
    totals: Any = document["totals"]
    words = [
        f"{totals[kind]:,} {one if totals[kind] == 1 else several}"
        for kind, (one, several) in _COUNTS.items()
        if totals[kind]
    ]
    start = f"{counted(totals['clusters'], 'cluster')} to {document['to']}"
    return f"{start}: {', '.join(words)}" if words else start


def _table(clusters: list[ClusterMigrationDocument]) -> Table:
    """A line a cluster."""
    columns = ["cluster", "model", "way", "open", "pod CIDR", "frees"]
    rows = [
        [
            each["name"],
            each["model"] or "?",
            _WAYS[each["way"]],
            _open(each),
            _range(each),
            _sum(each),
        ]
        for each in clusters
    ]
    return Table(columns, rows, cut=(0,))


def _open(each: ClusterMigrationDocument) -> str:
    """Whether the documented in-place path is open, in a few words."""
    first = sum(bar["state"] == "removable" for bar in each["bars"])
    return _OPEN[each["kind"]].format(first)


def _range(each: ClusterMigrationDocument) -> str:
    """The pod CIDR to ask for; a dash where none is needed."""
    pods = each["pod_cidr"]
    if pods is None:
        return "-"
    kept = " kept" if pods["kept"] else ""
    return f"{pods['cidr']}{kept}" if pods["cidr"] else "none free"


def _sum(each: ClusterMigrationDocument) -> int | str | None:
    """Addresses set free in all subnets; unknown where one is, or none was read."""
    freed = [part["freed"] for part in each["freed"]]
    if any(part is None for part in freed) or (each["pod_cidr"] and not freed):
        return "?"
    return sum(part for part in freed if part is not None) if freed else None


def _remarks(document: MigrationDocument, *, wide: bool) -> Iterator[str]:
    """When support ends, what was not seen, how old the rules are, and what is more."""
    yield from _deadlines(document)
    unknown = document["unknown"]
    for each in unknown[:MOST_UNKNOWN]:
        yield f"unknown: {each}"
    if len(unknown) > MOST_UNKNOWN:
        yield f"unknown: and {len(unknown) - MOST_UNKNOWN:,} more; -o json has them"
    yield f"as of {document['as_of']}; rules of {RULES_MONTH}"
    if not wide and any(each["steps"] for each in document["clusters"]):
        yield "all commands, sources and changes: -o wide or markdown; a script: -o az"


def _deadlines(document: MigrationDocument) -> Iterator[str]:
    """The days on which support of models ends that clusters have, and what is left."""
    today = date.fromisoformat(document["as_of"])
    days: dict[tuple[str, str], int] = {}
    for each in document["clusters"]:
        if each["deadline"]:
            key = each["deadline"], each["model"] or "?"
            days[key] = days.get(key, 0) + 1
    for (day, model), count in sorted(days.items()):
        left = (date.fromisoformat(day) - today).days
        ends, when = (
            ("ends", f"{counted(left, 'day')} left")
            if left >= 0
            else ("ended", f"{counted(-left, 'day')} ago")
        )
        who = counted(count, "cluster")
        yield f"support of {model} {ends} on {day} ({when}): {who}"


# One cluster.


def _section(each: ClusterMigrationDocument, *, wide: bool) -> Section:
    """What is found of a cluster: the verdict, bars, the range, steps, and the rest."""
    ways = f"{each['model'] or '?'} to {each['to']}, {_WAYS[each['way']]}"
    entries = [
        Entry(each["verdict"], [*_facts(each, wide=wide)]),
        *(_bar(bar, wide=wide) for bar in each["bars"]),
        *(_step(step, each["way"], wide=wide) for step in each["steps"]),
        *_after(each, wide=wide),
    ]
    return Section(each["name"], Table([]), aside=ways, entries=entries, heading=True)


def _facts(each: ClusterMigrationDocument, *, wide: bool) -> Iterator[tuple[str, str]]:
    """The pod CIDR, and what is set free where."""
    if wide:
        yield "of", each["id"]
    if each["pod_cidr"]:
        yield "pods", _pods(each["pod_cidr"])
    for part in each["freed"]:
        if part["freed"] or wide:
            yield "frees", _part(part)
    if wide:
        yield from (("why", source) for source in each["sources"])


def _pods(pods: PodCidrDocument) -> str:
    """The pod CIDR to ask for, how many nodes it holds, and why this one."""
    needed = "?" if pods["needed"] is None else f"{pods['needed']:,}"
    asked = f"{needed} needed"
    if pods["cidr"] is None or pods["nodes"] is None:
        return f"none is free ({asked}): {pods['words']}"
    how = "kept" if pods["kept"] else "to ask for"
    nodes = counted(pods["nodes"], "node")
    return f"{pods['cidr']} {how}: {nodes}, {asked}; {pods['words']}"


def _part(part: FreedDocument) -> str:
    """What a subnet holds before and after."""
    if part["freed"] is None or part["before"] is None or part["after"] is None:
        return f"{part['name']}: unknown"
    before = counted(part["before"], "address", "es")
    return f"{part['name']}: {part['freed']:,} of {before}, {part['after']:,} stay"


def _bar(bar: BarDocument, *, wide: bool) -> Entry:
    """What is in the way, and how to take it away."""
    lines = [("remedy", bar["remedy"])] if bar["remedy"] else []
    lines += [("why", bar["source"])] if wide else []
    return Entry(f"{_STATES[bar['state']]}: {bar['text']}", lines)


def _step(step: StepDocument, way: str, *, wide: bool) -> Entry:
    """What to do, what does not work meanwhile, and its commands.

    Short reports have those alone that update a cluster for good.
    """
    lines = [("outage", step["outage"])] if step["outage"] else []
    lines += [] if step["reversible"] else [("undo", "not possible")]
    lines += [("why", step["source"])] if wide and step["source"] else []
    text = f"{step['number']}. {step['text']}"
    updates = way == "in-place" and not step["reversible"]
    code = step["commands"] if wide or updates else ()
    return Entry(text, lines, code, task=True)


def _after(each: ClusterMigrationDocument, *, wide: bool) -> Iterator[Entry]:
    """What can't be undone, and what is different then."""
    if each["irreversible"]:
        lost = [("", text) for text in each["irreversible"]]
        yield Entry("can't be undone", lost)
    if each["changes"] and wide:
        yield Entry("different then", [("", text) for text in each["changes"]])


def _record(each: ClusterMigrationDocument) -> dict[str, Any]:
    """A row a cluster."""
    pods: Any = each["pod_cidr"] or dict.fromkeys(("cidr", "kept", "nodes", "needed"))
    return {
        "id": each["id"],
        "name": each["name"],
        "model": each["model"],
        "to": each["to"],
        "way": each["way"],
        "open": each["open"],
        "verdict": each["verdict"],
        "bars": "; ".join(bar["id"] for bar in each["bars"]),
        "remedies": "; ".join(bar["remedy"] for bar in each["bars"] if bar["remedy"]),
        "pod_cidr": pods["cidr"],
        "pod_cidr_kept": pods["kept"],
        "pod_cidr_nodes": pods["nodes"],
        "nodes_needed": pods["needed"],
        "freed": None if _sum(each) == "?" else _sum(each),
        "steps": len(each["steps"]),
        "outages": "; ".join(each["outages"]),
        "irreversible": "; ".join(each["irreversible"]),
        "deadline": each["deadline"],
    }
