"""A report as Markdown: for a wiki, with bars as text."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from ipplan.counts import counted
from ipplan.findings import Effect
from ipplan.renderers.reports.lines import drawn, legend
from ipplan.renderers.reports.pages import OWN, place
from ipplan.tables import escape_markdown, uncommanding
from ipplan.views import designs, occurrences
from ipplan.views.bars import bars, tightness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ipplan.contracts.checks import CheckFindingDocument
    from ipplan.contracts.reports import (
        AnswerDocument,
        AssumptionDocument,
        DecisionDocument,
        OptionDocument,
        PermanenceDocument,
        ReasonDocument,
        RelationDocument,
        ReportDocument,
        ReportRoomDocument,
        SeenAsDocument,
        SourceDocument,
    )
    from ipplan.views.bars import Bar


def report_markdown(document: ReportDocument) -> str:
    """A report as Markdown in GitHub's flavour; nothing in a name is obeyed.

    Parameters
    ----------
    document : ReportDocument
        As :func:`ipplan.documents.reports.report_document` gives it.
    """
    numbers = designs.references(document)
    parts = (_head, _decisions, _findings, _rooms, _matrix, _egress, _coverage)
    lines = chain.from_iterable(each(document, numbers) for each in parts)
    told = chain(lines, _sources(document["sources"], numbers))
    return uncommanding("\n\n".join(filter(None, told)) + "\n")


def _text(value: object) -> str:
    """Text that ends no line and no cell, and obeys nothing."""
    return escape_markdown(value)


def _code(value: str) -> str:
    """Our own words, or a range: what can't end a piece of code."""
    return f"`{value}`"


def _list(points: Sequence[str]) -> str:
    return "\n".join(f"- {each}" for each in points)


def _more(count: int, noun: str) -> str:
    told = f"And {counted(count, noun)} more: `ipplan report … -o json` lists all."
    return told if count else ""


def _ref(url: str | None, numbers: Mapping[str, int]) -> str:
    """The number of a page in the appendix, which leads to the page."""
    if url is None or url not in numbers:
        return ""
    number = numbers[url]
    return f" \\[[{number}]({url})\\]" if OWN.fullmatch(url) else f" \\[{number}\\]"


def _head(document: ReportDocument, _numbers: Mapping[str, int]) -> Iterator[str]:
    kind = "Network plan" if document["proposed"] else "Network estate, as it was read"
    yield f"# {_text(document['title'])}"
    yield f"{kind}, as of {document['as_of']}: {designs.read_words(document)}."
    if not document["complete"]:
        yield "**Incomplete**: there is more than was read."
    yield "## In short"
    yield _list([_answer(each) for each in document["answers"]])


def _answer(answer: AnswerDocument) -> str:
    state = designs.ANSWERS[answer["state"]]
    told = f"({state}) " if state else ""
    return f"**{_text(answer['question'])}** {told}{_text(answer['answer'])}"


def _decisions(document: ReportDocument, numbers: Mapping[str, int]) -> Iterator[str]:
    yield "## Decision"
    shown = designs.first(document["decisions"], designs.MOST_DECISIONS)
    said = {each["answer"] for each in document["answers"]}
    for each in shown.rows:
        yield from _decision(each, said, numbers)
    yield _more(shown.more, "decision")
    yield "### What can't be changed later"
    fixed = designs.first(document["permanences"], designs.MOST_FIXED)
    told = [_permanence(each, numbers) for each in fixed.rows]
    yield _list(told) or "Nothing that was read is fixed for good."
    yield _more(fixed.more, "thing")
    yield "### Assumptions"
    today = document["as_of"]
    told = [_assumption(each, today, numbers) for each in document["assumptions"]]
    yield _list(told)


def _decision(
    decision: DecisionDocument, said: set[str], numbers: Mapping[str, int]
) -> Iterator[str]:
    """The decision in words, where no answer has said it, and every model."""
    nodes, surge = decision["nodes"], decision["surge_nodes"]
    pods = ", ".join(map(str, decision["max_pods"]))
    facts = [
        f"nodes at the most: {designs.number(nodes, 'unknown')}",
        "" if surge is None else f"more while all pools are upgraded: {surge:,}",
        f"max pods: {pods}" if pods else "",
        f"uses {_text(', '.join(decision['needs']))}" if decision["needs"] else "",
    ]
    yield f"### {_text(designs.several(decision['clusters']))}"
    yield "" if decision["words"] in said else _text(decision["words"])
    yield f"{'; '.join(filter(None, facts))}."
    yield _list(
        [f"whatever the model: {_reason(each, numbers)}" for each in decision["shared"]]
    )
    columns = ["model", "standing", "why", "node subnet needed", "pods' range needed"]
    rows = [_option(each, decision["planned"], numbers) for each in decision["options"]]
    yield _table([*columns, "VNet addresses"], rows)


def _option(
    option: OptionDocument, planned: Sequence[str], numbers: Mapping[str, int]
) -> list[str]:
    """A row; what rules it out stands first, and what is planned with the chosen."""
    killed = option["killed_by"]
    others = [each for each in option["reasons"] if each != killed]
    reasons = [_reason(each, numbers) for each in others]
    if killed:
        reasons.insert(0, f"**{_reason(killed, numbers)}**")
    if option["chosen"]:
        reasons += map(_text, planned)
    return [
        f"{_text(option['title'])} ({option['model']})",
        designs.model_state(option),
        "; ".join(reasons),
        designs.prefixes(option["node_prefixes"]),
        designs.prefixes(option["pod_prefixes"]),
        designs.number(option["vnet_addresses"]),
    ]


def _reason(reason: ReasonDocument, numbers: Mapping[str, int]) -> str:
    return f"{_text(reason['text'])}{_ref(reason['source'], numbers)}"


def _permanence(each: PermanenceDocument, numbers: Mapping[str, int]) -> str:
    whose = designs.several(each["clusters"])
    of = f" ({_text(whose)})" if whose else ""
    said = f"{_text(each['words'])}{_ref(each['source'], numbers)}"
    return f"{designs.CHANGES[each['change']]}: **{_text(each['what'])}**{of}. {said}"


def _assumption(
    each: AssumptionDocument, today: str, numbers: Mapping[str, int]
) -> str:
    """What was taken for granted, with its day where that is another one."""
    day = "" if each["as_of"] == today else f" ({each['as_of']})"
    return f"{_text(each['text'])}{day}{_ref(each['source'], numbers)}"


def _findings(document: ReportDocument, numbers: Mapping[str, int]) -> Iterator[str]:
    count = document["summary"]
    told = (
        counted(count["error"], "error"),
        counted(count["warning"], "warning"),
        counted(count["note"], "note"),
    )
    yield "## What to fix"
    yield f"{', '.join(told)}."
    shown = designs.first(document["findings"], designs.MOST_FINDINGS)
    yield "\n".join(_finding(each, numbers) for each in shown.rows)
    yield _more(shown.more, "finding")
    others = designs.others(document)
    if others:
        yield f"Around the plan, and not of its making: {others}."


def _finding(finding: CheckFindingDocument, numbers: Mapping[str, int]) -> str:
    words = Effect(finding["effect"]).words
    said = f"{_text(finding['message'])}{_ref(finding['source'], numbers)}"
    lines = [f"- **{finding['severity']}**, {words}: {said}"]
    if finding["fix"]:
        lines.append(f"  - **fix**: {_text(finding['fix'])}")
    where = finding["location"]
    at = f", {_text(place(where))}" if where else ""
    return "\n".join([*lines, f"  - {_code(finding['rule'])}{at}"])


def _rooms(document: ReportDocument, numbers: Mapping[str, int]) -> Iterator[str]:
    yield "## Capacity"
    found = bars(document["rooms"])
    if found.rows:
        yield legend(found.rows)
        columns = ["range", "", "need / usable", "what binds"]
        yield _table(columns, [_bar(each) for each in found.rows])
        yield _more(found.more, "range")
    yield "### Subnets and pod CIDRs"
    shown = designs.worst(document["rooms"], designs.MOST_ROWS, tightness)
    short = list(designs.SHORT.values())
    columns = ["name", "CIDR", "purpose, and why its size", "usable", *short]
    common = occurrences.common(shown.rows)
    columns += ["free after surge", "now → maximum", "nodes left", "can it change?"]
    yield _table(columns, [_room(each, common, numbers) for each in shown.rows])
    yield _more(shown.more, "range")
    if common:
        yield f"All whose size is explained: {_text('; '.join(common))}."
    if occurrences.several_figures(document["rooms"]):
        yield (
            "Where ranges of a cluster say different numbers of nodes left, the "
            "smaller figure counts."
        )


def _bar(bar: Bar) -> list[str]:
    room = bar.room
    needs = [each["need"] for each in room["stages"] if each["need"] is not None]
    name = f"{_text(room['name'])} {' '.join(map(_code, room['cidrs']))}"
    need = f"{max(needs):,} / {designs.number(room['usable'])}"
    return [name, _code(drawn(bar)), need, _text(bar.words)]


def _room(
    room: ReportRoomDocument, common: Sequence[str], numbers: Mapping[str, int]
) -> list[str]:
    cidrs = " ".join(map(_code, room["cidrs"])) or "?"
    return [
        " ".join(filter(None, (_text(room["name"]), _text(room["network"])))),
        cidrs,
        _purpose(room, common) + _ref(room["source"], numbers),
        designs.number(room["usable"]),
        *(_stage(room, each) for each in designs.STAGES),
        designs.number(room["free"]),
        designs.of_clusters(room, room["growth"]),
        designs.of_clusters(room, room["nodes_left"]),
        _text(room["change"]) + _ref(room["change_source"], numbers),
    ]


def _purpose(room: ReportRoomDocument, common: Sequence[str]) -> str:
    """What it is for, what is in use, why it has its size, and what is not known."""
    used = room["used"]
    parts = [
        ", ".join(room["purpose"]) or "not said",
        "" if used is None else f"{used:,} in use",
        f"{room['others']:,} by others" if room["others"] else "",
        *(each for each in room["why"] if each not in common),
        *(f"unknown: {each}" for each in room["unknown"]),
    ]
    return "; ".join(_text(each) for each in parts if each)


def _stage(room: ReportRoomDocument, name: str) -> str:
    stage = designs.need_of(room, name)
    lacks = stage is not None and stage["fits"] is False
    return designs.need_cell(room, name) + (" \\!" if lacks else "")


def _matrix(document: ReportDocument, numbers: Mapping[str, int]) -> Iterator[str]:
    yield "## Ranges and what they meet"
    badness: Callable[[RelationDocument], tuple[int, ...]] = designs.relation_badness
    shown = designs.worst(document["matrix"], designs.MOST_ROWS, badness)
    columns = ["range", *map(_text, document["relations"])]
    yield _table(columns, [_relation(each) for each in shown.rows])
    yield _more(shown.more, "range")
    for ranges, words, source in occurrences.reuses(document["matrix"]):
        yield f"**{_text(ranges)}**: {_text(words)}{_ref(source, numbers)}"


def _relation(row: RelationDocument) -> list[str]:
    owners = _text(designs.several(row["owners"]))
    whose = f"{_code(row['cidr'])} {designs.KINDS[row['kind']]} of {owners}"
    cells = [
        ": ".join(
            filter(None, (designs.VERDICTS[each["verdict"]], _text(each["text"])))
        )
        for each in row["cells"]
    ]
    return [whose if row["cidr"] else owners, *cells]


def _egress(document: ReportDocument, numbers: Mapping[str, int]) -> Iterator[str]:
    yield "## Egress"
    shown = designs.first(document["egress"], designs.MOST_ROWS)
    columns = ["cluster", "inside", "let in", "on the internet", "let in"]
    rows = [_seen(each) for each in shown.rows]
    yield "### Source addresses that firewalls see"
    yield _table(columns, rows)
    yield "### Ports and public addresses"
    columns = ["cluster", "outbound type", "works", "ports a node", "public IPs"]
    rows = [_ports(each, numbers) for each in shown.rows]
    yield _table([*columns, "at the most", "how"], rows)
    yield _more(shown.more, "cluster")


def _seen(each: SeenAsDocument) -> list[str]:
    return [
        _text(each["cluster"]),
        _text(each["inside"]),
        " ".join(map(_code, each["inside_cidrs"])),
        _text(each["outside"]),
        " ".join(map(_code, each["outside_cidrs"])) or "not known",
    ]


def _ports(each: SeenAsDocument, numbers: Mapping[str, int]) -> list[str]:
    works = {True: "yes", False: "**no**", None: "unknown"}[each["fits"]]
    return [
        _text(each["cluster"]),
        _text(each["outbound_type"]),
        works,
        designs.number(each["ports"], "–"),
        designs.number(each["public_addresses"], "not known"),
        designs.number(each["most_public_addresses"], "–"),
        _text(each["words"]) + _ref(each["source"], numbers),
    ]


def _coverage(document: ReportDocument, _numbers: Mapping[str, int]) -> Iterator[str]:
    coverage, skipped = document["coverage"], document["skipped"]
    yield "## Coverage, and what is unknown"
    yield f"Read: {designs.read_words(document)}."
    yield f"Not read: {counted(skipped, 'object')}." if skipped else ""
    absent = designs.several(coverage["subscriptions_not_seen"])
    told = f"Subscriptions that are named and were not read: {_text(absent)}."
    yield told if absent else ""
    unseen = designs.first(coverage["networks_not_seen"], designs.MOST_ROWS)
    yield _list([f"not read: {_text(each['id'])}" for each in unseen.rows])
    yield _more(unseen.more, "VNet")
    shown = designs.first(document["not_known"], designs.MOST_ROWS)
    yield (
        _list([f"not known: {_text(each)}" for each in shown.rows])
        or "Not known: nothing that the rules ask for."
    )
    yield _more(shown.more, "thing")


def _sources(
    sources: Sequence[SourceDocument], numbers: Mapping[str, int]
) -> Iterator[str]:
    pages = {each["url"]: each for each in reversed(sources)}
    yield "## Rules and sources"
    yield "\n".join(
        f"{number}. {_source(pages[url])}" for url, number in numbers.items()
    )


def _source(source: SourceDocument) -> str:
    url = source["url"]
    page = f"<{url}>" if OWN.fullmatch(url) else _text(url)
    read = f", read {source['checked']}" if source["checked"] else ""
    used = ", ".join(occurrences.USES.get(each, each) for each in source["used_for"])
    return f"{page}{read}{f': {_text(used)}' if used else ''}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of cells that are Markdown already; counts stand to the right."""
    if not rows:
        return "None was read."
    sides = ["--:" if _is_count(cells) else ":--" for cells in zip(*rows, strict=True)]
    lines = [columns, sides, *rows]
    return "\n".join(f"| {' | '.join(each)} |" for each in lines)


def _is_count(cells: Sequence[str]) -> bool:
    return all(not each or each[0] in "?–\N{MINUS SIGN}0123456789" for each in cells)
