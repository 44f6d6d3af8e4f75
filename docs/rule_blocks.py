"""The page of the rules: what each holds, why, what breaks it, and a way out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import examples
from blocks import folded, link, run, table

from ipplan.checks import RULES
from ipplan.sizing.rules import RULES as SIZING_RULES

if TYPE_CHECKING:
    from ipplan.checks.rules import Rule
    from ipplan.sizing.rules.hits import Rule as SizingRule

SAMPLES = Path("docs/samples/rules")
AS_OF = "2026-11-24"
"""The day on which the findings of the page were made."""

CHECKED = {rule.name for rule in RULES}


def check_index() -> str:
    """Every rule of ``ipplan check`` in one table, in the order of its report."""
    rows = [
        (
            f"[`{rule.name}`](#{rule.name})",
            ", ".join(each.value for each in rule.severities),
            rule.summary,
        )
        for rule in RULES
    ]
    return table(("rule", "severity", "what holds"), rows)


def sizing_index() -> str:
    """Every rule of a sizing in one table, in the order of its findings."""
    rows = [
        (f"[`{rule.name}`](#{rule.name})", rule.severity.value, rule.summary)
        for rule in SIZING_RULES
    ]
    return table(("rule", "severity", "what holds"), rows)


def sections() -> str:
    """A section for each rule, those of ``ipplan check`` first."""
    sizing = {rule.name: rule for rule in SIZING_RULES}
    parts = [_checked(rule, sizing.get(rule.name)) for rule in RULES]
    parts += [_sized(rule) for rule in SIZING_RULES if rule.name not in CHECKED]
    return "\n\n".join(parts)


def _checked(rule: Rule, sizing: SizingRule | None) -> str:
    command = f"ipplan check {SAMPLES / rule.name / 'breaks'}"
    finding = _finding(rule.name, f"{command} --as-of {AS_OF}", "findings")
    code, _ = run(command)
    told = f"\n$ echo $?\n{code}" if code else ""
    parts = [
        f"## {rule.name}",
        rule.summary,
        rule.why,
        f"```console\n$ {folded(command)}{told}\n```",
        _quote(finding),
        f"Source: {link(finding['source'])}",
    ]
    if sizing:
        parts.insert(-1, _also(sizing))
    return "\n\n".join(part for part in parts if part)


def _quote(finding: dict[str, Any]) -> str:
    effect = {
        "refused": "Azure will refuse this",
        "next-change-refused": "the next change will be refused",
        "breaks-traffic": "it breaks traffic",
        "works-but": "works, but",
        "information": "for your information",
    }[finding["effect"]]
    said = f"> **{finding['severity']}**, {effect}: {_shown(finding['message'])}"
    return f"{said}\n>\n> Fix: {_shown(finding['fix'])}" if finding["fix"] else said


def _shown(text: str) -> str:
    """Text whose angle brackets are shown."""
    return text.replace("<", "&lt;").replace("*", "\\*")


def _also(rule: SizingRule) -> str:
    """What a sizing says of the same rule."""
    command = examples.RULES[rule.name]
    finding = _finding(rule.name, command, "scenarios")
    return (
        f"`ipplan size` and `ipplan fit` tell it of what is yet to be sized:\n\n"
        f"```console\n$ {folded(command)}\n```\n\n"
        f"> **{rule.severity.value}**: {finding['message']}"
    )


def _sized(rule: SizingRule) -> str:
    command = examples.RULES[rule.name]
    finding = _finding(rule.name, command, "scenarios")
    parts = [
        f"## {rule.name}",
        rule.summary,
        rule.why,
        f"```console\n$ {folded(command)}\n```",
        f"> **{rule.severity.value}**: {finding['message']}",
        f"Source: {link(finding['source'])}",
    ]
    return "\n\n".join(part for part in parts if part)


def _finding(rule: str, command: str, key: str) -> dict[str, Any]:
    """The first finding of a rule that a command line reports."""
    _, output = run(f"{command} -o json")
    document = json.loads(output)
    found = document[key] if key == "findings" else list(_of_models(document))
    for finding in found:
        if finding["rule"] == rule:
            kept: dict[str, Any] = finding
            return kept
    message = f"{command} does not break {rule}"
    raise ValueError(message)


def _of_models(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        finding
        for scenario in document["scenarios"]
        for model in scenario["models"]
        for finding in model["findings"]
    ]
