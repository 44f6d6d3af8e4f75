"""From a report to the terminal or a file, and from findings to an exit code."""

from __future__ import annotations

import json
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, cast

import typer

from ipplan.emitters import EMITTERS
from ipplan.errors import ArgumentError
from ipplan.findings import Severity
from ipplan.renderers import RENDERERS, SCANS, render
from ipplan.tables import printable, uncommanding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ipplan.inventory.origins import Skipped
    from ipplan.views.reports import Report

LONGEST_REASON = 200
"""Of a library's own message, what is told. [characters]"""

UNREADABLE = 3
"""Exit code where a file, or with --strict an object, can't be read."""

STOPPED = 130
"""Exit code where somebody pressed Ctrl-C: 128 + SIGINT, as shells have it."""

MOST_TOLD = 20
"""Skipped objects that are told one by one."""

WIDEST = 120
"""Sentences are not set wider than this. [characters]"""


def check_output(
    output: str, fail_on: str = "never", *, beside: Iterable[str] = ()
) -> None:
    """Refuse formats and severities that there are none of, before any work.

    Some commands have formats besides those that all have.
    """
    check_format(output, [*RENDERERS, *beside])
    check_severity(fail_on)


def check_format(output: str, formats: Iterable[str]) -> None:
    """Refuse a format that a command has not, and say which other one has it."""
    formats = list(formats)
    if output not in formats:
        others = dict.fromkeys(SCANS, "check") | dict.fromkeys(EMITTERS, "layout")
        where = others.get(output)
        told = f"; {output} is a format of ipplan {where}" if where else ""
        allowed = f"one of {', '.join(formats)}{told}"
        raise ArgumentError("--output", repr(output), allowed)


def check_severity(fail_on: str) -> None:
    """Refuse a severity that there is none of."""
    severities = [*(each.value for each in Severity), "never"]
    if fail_on not in severities:
        raise ArgumentError(
            "--fail-on", repr(fail_on), f"one of {', '.join(severities)}"
        )


def spare(
    out: str | None,
    files: Iterable[str],
    what: str = "one of the files read",
    option: str = "--out",
) -> None:
    """Refuse to write over what is read, before any work; folders are looked into.

    A folder is refused, and a file in a folder that there is not. What is there and no
    regular file otherwise can be written to, and is as it was: a terminal.
    """
    if out:
        _check_place(out, option)
    # os.path has no quarrel with a name that is too long: writing it says what is wrong
    if out is None or (os.path.exists(out) and not os.path.isfile(out)):  # noqa: PTH110, PTH113
        return
    from ipplan.readers.files import expanded, same_file

    if any(same_file(out, file) for file, _ in expanded(files)):
        raise ArgumentError(option, repr(out), f"is {what}")


def _check_place(out: str, option: str) -> None:
    """Refuse a folder, and what lies in none."""
    if out.endswith(("/", os.sep)) or os.path.isdir(out):  # noqa: PTH112  # no quarrel with a name too long
        raise ArgumentError(option, repr(out), "is a folder: name a file in it")
    try:
        Path(out).parent.stat()
        with suppress(FileNotFoundError):
            Path(out).stat()  # a link that leads to itself
    except OSError as error:
        raise ArgumentError(option, repr(out), f"{error.strerror}") from None


def emit(report: Report, output: str, out: str | None, query: str | None) -> None:
    """Print a report in one format, or write it to a file whole or not at all."""
    if query is not None:
        if output in SCANS:
            allowed = f"not with -o {output}, which holds findings as they are"
            raise ArgumentError("--query", repr(query), allowed)
        report = _queried(report, query)
    width = min(shutil.get_terminal_size((80, 24)).columns, WIDEST)
    deliver(render(report, output, width) + "\n", output, out)


def deliver(text: str, output: str, out: str | None) -> None:
    """Print text of one format, or write it to a file whole or not at all."""
    if out is None:
        put(text, output)
    else:
        write(text.encode("utf-8", "backslashreplace"), out)


def put(text: str, output: str) -> None:
    """Print text on standard output, whatever that can show."""
    stdout = _stdout(output)
    code = stdout.encoding or "utf-8"
    shown = text.encode(code, "backslashreplace").decode(code)
    _told_of_failure(lambda: stdout.write(shown), stdout, output)


def stream(write: Callable[[BinaryIO], object], output: str) -> None:
    """Let somebody write bytes to standard output, as they come."""
    stdout = _stdout(output)
    _told_of_failure(lambda: write(stdout.buffer), stdout, output)


def _stdout(output: str) -> TextIO:
    stdout = cast("TextIO | None", sys.stdout)
    if stdout is None:
        raise ArgumentError("-o", repr(output), "standard output is closed")
    return stdout


def _told_of_failure(write: Callable[[], Any], stdout: TextIO, output: str) -> None:
    try:
        write()
        stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # who has read enough is no failure
            raise ArgumentError("-o", repr(output), f"{error.strerror}") from None


def _queried(report: Report, query: str) -> Report:
    import jmespath
    from jmespath.exceptions import JMESPathError

    from ipplan.views.rows import data_report

    try:
        found = jmespath.search(query, report.document)
        json.dumps(found, allow_nan=False)
    except (JMESPathError, RecursionError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())[:LONGEST_REASON]
        allowed = f"a JMESPath query that gives JSON; {reason}"
        raise ArgumentError("--query", repr(query), allowed) from None
    return data_report(found)


def write(data: bytes, out: str, option: str = "--out") -> None:
    """Write beside and rename; what is no regular file is written to as it is."""
    path = Path(out).resolve()
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _replace(path, data)
    except OSError as error:
        raise ArgumentError(option, repr(out), f"{error.strerror}") from None


def _replace(path: Path, data: bytes) -> None:
    import tempfile

    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    handle, beside = tempfile.mkstemp(prefix=".ipplan-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(beside).chmod(mode)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def tell(message: str) -> None:
    """One line on standard error, if anybody can be told there."""
    stderr = cast("TextIO | None", sys.stderr)
    if stderr is not None:
        with suppress(OSError):
            stderr.write(uncommanding(printable(message)) + "\n")
            stderr.flush()


def tell_skipped(skipped: Sequence[Skipped]) -> None:
    """What was passed over: a line for each that is broken, and for each other kind."""
    lines = [f"{each.where}: {each.reason}" for each in skipped if each.broken]
    others: dict[str, list[str]] = {}
    for each in skipped:
        if not each.broken:
            others.setdefault(each.reason, []).append(each.where)
    for reason, places in others.items():
        first = f"first at {places[0]}" if len(places) > 1 else f"at {places[0]}"
        lines.append(f"{len(places):,}: {reason} ({first})")
    for line in lines[:MOST_TOLD]:
        tell(f"skipped {line}")
    if len(lines) > MOST_TOLD:
        tell(f"skipped {len(lines) - MOST_TOLD:,} more")


def exit_for(models: list[Any], fail_on: str) -> None:
    """Exit with 1 where a finding is as bad as the severity named, or worse."""
    code = exit_code(models, fail_on)
    if code:
        raise typer.Exit(code)


def exit_code(models: Iterable[Any], fail_on: str) -> int:
    """1 where a finding is as bad as the severity named, or worse; else 0."""
    order = [each.value for each in Severity]
    bad = order[: order.index(fail_on) + 1] if fail_on in order else []
    found = (each["severity"] for model in models for each in model["findings"])
    return int(any(severity in bad for severity in found))
