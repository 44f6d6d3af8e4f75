"""The page of a rule, as a plain document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.checks import RULES
from ipplan.layouts.rules import RULES as LAYOUT_RULES
from ipplan.sizing.rules import RULES as SIZING_RULES
from ipplan.version import __version__

if TYPE_CHECKING:
    from ipplan.contracts.rules import RuleDocument


def rule_document(name: str) -> RuleDocument | None:
    """What there is to say of a rule; None for what is no rule's name.

    A rule that sizing has as well is told as ``ipplan check`` has it.

    Examples
    --------
    >>> rule_document("kubenet-route-limit")["found_by"]
    ['check', 'size', 'fit']
    >>> rule_document("nonsense")
    """
    check = {each.name: each for each in RULES}.get(name)
    sizing = {each.name: each for each in SIZING_RULES}.get(name)
    layout = {each.name: each for each in LAYOUT_RULES}.get(name)
    other = sizing or layout
    found = check or other
    if found is None:
        return None
    severities = check.severities if check else [other.severity] if other else []
    finders = ["check"] if check else []
    finders += ["size", "fit"] if sizing else []
    finders += ["layout"] if layout else []
    paged = check or layout
    return {
        "kind": "ipplan.rule",
        "version": __version__,
        "rule": name,
        "summary": found.summary,
        "severities": [each.value for each in severities],
        "why": found.why,
        "found_by": finders,
        "source": paged.source if paged else None,
    }
