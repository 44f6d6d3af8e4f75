"""The page of a rule: what holds, how bad a breach is, why, who says so, who looks."""

from __future__ import annotations

from typing import Any

from ipplan.checks import RULES
from ipplan.sizing.rules import RULES as SIZING_RULES
from ipplan.tables import Table
from ipplan.views.reports import Entry, Report, Section

BY_CHECK = "ipplan check"
BY_SIZING = "ipplan size, ipplan fit"


def rule_record(name: str) -> dict[str, Any] | None:
    """What there is to say of a rule; None for what is no rule's name.

    A rule that sizing has as well is told as ``ipplan check`` has it.

    Examples
    --------
    >>> rule_record("kubenet-route-limit")["found_by"]
    'ipplan check, ipplan size, ipplan fit'
    >>> rule_record("nonsense")
    """
    sizing = {each.name: each for each in SIZING_RULES}
    rule = next((each for each in RULES if each.name == name), None)
    finders = [BY_CHECK] if rule else []
    finders += [BY_SIZING] if name in sizing else []
    if not finders:
        return None
    found = rule or sizing[name]
    severities = rule.severities if rule else [sizing[name].severity]
    return {
        "rule": name,
        "summary": found.summary,
        "severities": [each.value for each in severities],
        "why": found.why,
        "found_by": ", ".join(finders),
        "source": rule.source if rule else None,
    }


def rule_report(record: dict[str, Any]) -> Report:
    """The page of a rule, from its record."""
    lines = [("severity", " or ".join(record["severities"]))]
    lines += [("found by", record["found_by"])]
    lines += [("why", record["source"])] if record["source"] else []
    entry = Entry(record["summary"], lines)
    sections = [
        Section(record["rule"], Table([]), entries=[entry]),
        *(
            Section("", Table([]), [part])
            for part in record["why"].split("\n\n")
            if part
        ),
    ]
    flat = {**record, "severities": " ".join(record["severities"])}
    return Report(record, sections, [flat])
