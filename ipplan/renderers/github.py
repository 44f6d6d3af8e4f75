"""GitHub's workflow commands: an annotation a finding, beside the line it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.tables import OLD_COMMAND, printable

if TYPE_CHECKING:
    from ipplan.views.reports import Alert, Report

COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
"""What GitHub calls the severities."""

_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def render(report: Report, _output: str, _width: int) -> str:
    """A workflow command a finding; where there is none, a line that says so."""
    alerts = [_command(each) for each in report.scan.alerts]
    return "\n".join(alerts or ["nothing found"])


def _command(alert: Alert) -> str:
    title = f"{alert.title} ({alert.rule})"
    properties = {
        "file": printable(alert.file),
        "line": f"{alert.line or 1}" if alert.file else "",
        "title": title,
    }
    said = ",".join(
        f"{name}={_escaped(value, _PROPERTY)}"
        for name, value in properties.items()
        if value
    )
    fix = f"fix: {alert.fix}" if alert.fix else ""
    lines = [printable(line) for line in (alert.message, fix, alert.source) if line]
    text = _escaped(chr(10).join(lines), _DATA)
    command = f"::{COMMANDS[alert.level]} {said}::{text}"
    return OLD_COMMAND.sub(r"#\\#", command)  # Azure Pipelines obeys it anywhere


def _escaped(text: str, marks: dict[str, str]) -> str:
    """Text that can't end the command, or the property that it stands in."""
    return "".join(marks.get(char, char) for char in text)
