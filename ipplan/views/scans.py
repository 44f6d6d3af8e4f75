"""Findings for tools that show them beside lines: SARIF and GitHub's annotations."""

from __future__ import annotations

from os.path import normpath
from pathlib import PurePath
from typing import TYPE_CHECKING

from ipplan.findings import Effect
from ipplan.views.reports import Alert, Guideline, Scan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.checks.rules import Rule
    from ipplan.contracts.checks import CheckDocument, CheckFindingDocument


def scan(
    document: CheckDocument, rules: Iterable[Rule], folder: str, exit_code: int
) -> Scan:
    """What a check found, with files named from a folder.

    Parameters
    ----------
    document : CheckDocument
        What was found.
    rules : iterable of Rule
        Every rule that was looked at or not.
    folder : str
        The working directory, an absolute path.
    exit_code : int
        Of the command.
    """
    return Scan(
        [_alert(each, folder) for each in document["findings"]],
        [
            Guideline(e.name, e.severities[0].value, e.summary, e.why, e.source)
            for e in rules
        ],
        exit_code,
    )


def _alert(finding: CheckFindingDocument, folder: str) -> Alert:
    place = finding["location"]
    return Alert(
        rule=finding["rule"],
        level=finding["severity"],
        title=Effect(finding["effect"]).words,
        message=finding["message"],
        fix=finding["fix"] or "",
        source=finding["source"],
        fingerprint=finding["fingerprint"],
        file=named_from(folder, place["file"]) if place else "",
        line=place["line"] if place else None,
        subjects=finding["subjects"],
    )


def named_from(folder: str, file: str) -> str:
    """A file as it is named from a folder; nothing for standard input.

    What lies elsewhere keeps the name that it was given, and of an absolute path only
    the last part: what is published says nothing of the machine.

    Examples
    --------
    >>> named_from("/src", "/src/infra/vnets.json"), named_from("/src", "./a/../b.json")
    ('infra/vnets.json', 'b.json')
    >>> named_from("/src", "/tmp/vnets.json"), named_from("/src", "../vnets.json")
    ('vnets.json', '../vnets.json')
    """
    if file in {"", "-"}:
        return ""
    own = PurePath(normpath(file))
    whole = PurePath(normpath(PurePath(folder, file)))
    if whole.is_relative_to(folder):
        return whole.relative_to(folder).as_posix()
    return own.name if own.is_absolute() else own.as_posix()
