"""From a report to the terminal or a file, and from findings to an exit code."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ipplan.errors import ArgumentError
from ipplan.findings import Severity
from ipplan.renderers import RENDERERS, render
from ipplan.tables import printable

if TYPE_CHECKING:
    from ipplan.views.reports import Report

WIDEST = 120
"""Sentences are not set wider than this. [characters]"""


def check_output(output: str, fail_on: str = "never") -> None:
    """Refuse formats and severities that there are none of, before any work."""
    if output not in RENDERERS:
        raise ArgumentError("--output", repr(output), f"one of {', '.join(RENDERERS)}")
    severities = [*(each.value for each in Severity), "never"]
    if fail_on not in severities:
        raise ArgumentError(
            "--fail-on", repr(fail_on), f"one of {', '.join(severities)}"
        )


def emit(report: Report, output: str, out: str | None, query: str | None) -> None:
    """Print a report in one format, or write it to a file whole or not at all."""
    if query is not None:
        report = _queried(report, query)
    width = min(shutil.get_terminal_size((80, 24)).columns, WIDEST)
    text = render(report, output, width) + "\n"
    if out is None:
        code = sys.stdout.encoding or "utf-8"
        try:
            sys.stdout.write(text.encode(code, "backslashreplace").decode(code))
            sys.stdout.flush()
        except BrokenPipeError:  # whoever reads has enough; that is no failure
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    else:
        _write(text, out)


def _queried(report: Report, query: str) -> Report:
    import jmespath
    from jmespath.exceptions import JMESPathError

    from ipplan.views.rows import data_report

    try:
        return data_report(jmespath.search(query, report.document))
    except (JMESPathError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise ArgumentError(
            "--query", repr(query), f"a JMESPath query; {reason}"
        ) from None


def _write(text: str, out: str) -> None:
    import tempfile

    path = Path(out)
    try:
        handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(
                handle, "w", encoding="utf-8", errors="backslashreplace"
            ) as file:
                file.write(text)
            Path(beside).chmod(0o666 & ~_umask())
            Path(beside).replace(path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ArgumentError("--out", repr(out), f"{error.strerror}") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def tell(message: str) -> None:
    """One line on standard error."""
    sys.stderr.write(printable(message) + "\n")


def exit_for(models: list[Any], fail_on: str) -> None:
    """Exit with 1 where a finding is as bad as the severity named, or worse."""
    order = [each.value for each in Severity]
    bad = order[: order.index(fail_on) + 1] if fail_on in order else []
    if any(each["severity"] in bad for model in models for each in model["findings"]):
        raise typer.Exit(1)
