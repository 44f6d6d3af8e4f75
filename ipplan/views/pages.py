"""The page of a rule: what holds, how bad a breach is, why, who says so, who looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.tables import Table
from ipplan.views.reports import Entry, Report, Section

if TYPE_CHECKING:
    from ipplan.contracts.rules import RuleDocument


def rule_report(document: RuleDocument) -> Report:
    """The page of a rule."""
    severities = document["severities"]
    commands = ", ".join(f"ipplan {each}" for each in document["found_by"])
    lines = [("severity", " or ".join(severities)), ("found by", commands)]
    lines += [("why", document["source"])] if document["source"] else []
    reasons = filter(None, document["why"].split("\n\n"))
    sections = [
        Section(
            document["rule"], Table([]), entries=[Entry(document["summary"], lines)]
        ),
        *(Section("", Table([]), [reason]) for reason in reasons),
    ]
    flat = {**document, "severities": " ".join(severities), "found_by": commands}
    return Report(document, sections, [flat])
