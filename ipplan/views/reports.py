"""What every report is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.limits import RULES_AS_OF

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ipplan.tables import Table

RULES_MONTH = f"{RULES_AS_OF:%Y-%m}"


class Entry(NamedTuple):
    """A sentence, and what belongs to it: each with a word before it, such as fix.

    Lines whose text begins with ``https://`` are links to pages of our own choice.

    Parameters
    ----------
    text : str
        The sentence.
    lines : sequence of pairs of str
        What belongs to it, each behind its word; without one, points of a list.
    code : sequence of str
        Commands, a line each, as a shell takes them.
    task : bool
        Whether it is something to do: Markdown has a box to tick.
    """

    text: str
    lines: Sequence[tuple[str, str]] = ()
    code: Sequence[str] = ()
    task: bool = False


class Section(NamedTuple):
    """A part of a report: a title, entries, a table, sentences.

    Parameters
    ----------
    title : str
        A line that restates the question, or says what follows.
    table : Table
        Shown where it has rows.
    sentences : sequence of str
        Below the table.
    aside : str
        Stands at the far end of the title's line.
    entries : sequence of Entry
        Between the title and the table.
    heading : bool
        Whether Markdown has its title as a heading, which others can link to.
    """

    title: str
    table: Table
    sentences: Sequence[str] = ()
    aside: str = ""
    entries: Sequence[Entry] = ()
    heading: bool = False


class Alert(NamedTuple):
    """A finding as tools take it that show findings beside the lines they are about.

    Parameters
    ----------
    rule : str
        The rule's id.
    level : str
        ``error``, ``warning`` or ``note``.
    title, message, fix, source : str
        What happens, what was found, the way out if there is one, and the page.
    fingerprint : str
        The same for the same finding, whatever else changes.
    file : str
        From the working directory; empty for standard input.
    line : int or None
        The line on which its first subject starts.
    subjects : sequence of dict
        As the document has them.
    """

    rule: str
    level: str
    title: str
    message: str
    fix: str
    source: str
    fingerprint: str
    file: str
    line: int | None
    subjects: Sequence[Mapping[str, Any]] = ()


class Guideline(NamedTuple):
    """A rule as those tools take it: its id, worst level, and its page."""

    rule: str
    level: str
    summary: str
    why: str
    source: str


class Scan(NamedTuple):
    """What was found, for tools that follow findings from run to run."""

    alerts: Sequence[Alert]
    guidelines: Sequence[Guideline]
    exit_code: int = 0


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
    scan : Scan
        What SARIF and annotations hold.
    """

    document: Any
    sections: Sequence[Section]
    records: Sequence[dict[str, Any]] = ()
    scan: Scan = Scan((), ())


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
