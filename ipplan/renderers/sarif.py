"""SARIF 2.1.0: findings as code scanning follows them from run to run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ipplan.renderers.json import dumped
from ipplan.tables import printable
from ipplan.version import __version__

if TYPE_CHECKING:
    from ipplan.views.reports import Alert, Guideline, Report

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

LONGEST = 1_024
"""Of a description, what code scanning takes. [characters]"""

STDIN = "stdin"
"""The name of standard input: code scanning drops findings that are in no file."""

_SEVERITIES = {"error": "error", "warning": "warning", "note": "recommendation"}

_MARKS = re.compile(r"([\\\[\]])")


def render(report: Report, _output: str, _width: int) -> str:
    """A log with one run: every rule, and a result a finding."""
    scan = report.scan
    numbers = {each.rule: number for number, each in enumerate(scan.guidelines)}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "ipplan",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(each) for each in scan.guidelines],
            }
        },
        "invocations": [{"executionSuccessful": True, "exitCode": scan.exit_code}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, numbers[each.rule]) for each in scan.alerts],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return dumped(log)


def _rule(rule: Guideline) -> dict[str, Any]:
    why = " ".join(rule.why.split()) or rule.summary
    return {
        "id": rule.rule,
        "shortDescription": {"text": _cut(rule.summary)},
        "fullDescription": {"text": _cut(why)},
        "helpUri": rule.source,
        "help": {
            "text": f"{rule.summary}\n\n{rule.why}\n\n{rule.source}",
            "markdown": f"{rule.summary}\n\n{rule.why}\n\n<{rule.source}>",
        },
        "defaultConfiguration": {"level": rule.level},
        "properties": {
            "precision": "high",
            "problem.severity": _SEVERITIES[rule.level],
            "tags": ["azure", "aks", "network"],
        },
    }


def _cut(text: str) -> str:
    """As much of a text as is taken, up to the end of a word."""
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST - 4].rpartition(' ')[0]} ..."


def _result(alert: Alert, number: int) -> dict[str, Any]:
    said = [
        f"{alert.title}: {alert.message}",
        *([f"Fix: {alert.fix}"] * bool(alert.fix)),
    ]
    return {
        "ruleId": alert.rule,
        "ruleIndex": number,
        "level": alert.level,
        "message": {"text": "\n".join(map(_plain, said))},
        "locations": [
            {
                "physicalLocation": _physical(alert),
                "logicalLocations": [_logical(each) for each in alert.subjects],
            }
        ],
        "partialFingerprints": {
            "ipplan/v1": alert.fingerprint,
            "primaryLocationLineHash": f"{alert.fingerprint}:1",
        },
        "properties": {"source": alert.source},
    }


def _physical(alert: Alert) -> dict[str, Any]:
    """The file and its line; the first where it is not known, as one is asked for."""
    return {
        "artifactLocation": {"uri": quote(alert.file, errors="replace")}
        if alert.file
        else {"uri": STDIN, "description": {"text": "standard input"}},
        "region": {"startLine": alert.line or 1},
    }


def _logical(subject: Any) -> dict[str, str]:
    """A subject by its name, and by its resource id where it has one."""
    name = printable(subject["name"])
    whole = printable(subject["id"] or subject["name"])
    return {"name": name, "fullyQualifiedName": whole, "kind": subject["kind"]}


def _plain(text: str) -> str:
    """A line in which nothing is a link or a placeholder."""
    marked = _MARKS.sub(r"\\\1", printable(text))
    return marked.replace("{", "{{").replace("}", "}}")
