"""What every report is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.limits import RULES_AS_OF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipplan.tables import Table

RULES_MONTH = f"{RULES_AS_OF:%Y-%m}"


class Section(NamedTuple):
    """A part of a report: a line that restates the question, a table, sentences."""

    title: str
    table: Table
    sentences: Sequence[str] = ()


class Report(NamedTuple):
    """A result as the renderers take it.

    Parameters
    ----------
    document : object
        What JSON, YAML and queries see.
    sections : sequence of Section
        What tables and Markdown show.
    records : sequence of dict
        What CSV and TSV hold: a row each, every column on every row.
    """

    document: Any
    sections: Sequence[Section]
    records: Sequence[dict[str, Any]] = ()


class Sources:
    """Pages by number: a mark where one is quoted, and a line for each at the end."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, source: str | None) -> str:
        """The page's number in brackets; nothing without a page."""
        if not source:
            return ""
        return f"[{self._numbers.setdefault(source, len(self._numbers) + 1)}]"

    def lines(self) -> list[str]:
        """Each page behind its number."""
        return [f"[{number}] {source}" for source, number in self._numbers.items()]


def assumed(assumptions: Sequence[str]) -> str:
    """What was taken for granted, and how old the rules are, in one line."""
    return f"assumed: {', '.join(assumptions)}; rules of {RULES_MONTH}"


def findings_shown(
    models: Sequence[Any], *, wide: bool, said: Sequence[str] = ()
) -> list[str]:
    """Warnings; wide reports show notes, and errors that else stand in the table.

    What the table says already is left out of narrow reports, by its rule's name.
    """
    shown: list[str] = []
    notes = 0
    for each in models:
        for finding in each["findings"]:
            severity, rule = finding["severity"], finding["rule"]
            if severity == "note" and not wide:
                notes += 1
            elif wide or (severity != "error" and rule not in said):
                text = f"{severity}: {each['model']}: {finding['message']}"
                shown.append(f"{text} <{finding['source']}>" if wide else text)
    if notes:
        shown.append(f"{notes} note{'s' if notes > 1 else ''}: -o wide shows them")
    return shown
