"""Text for a terminal."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from ipplan.shells import folded
from ipplan.tables import plain, printable, uncommanding

if TYPE_CHECKING:
    from ipplan.views.reports import Entry, Report, Section


INDENT = " " * 23
"""Where the third column of an explanation stands."""


def render(report: Report, _output: str, width: int) -> str:
    """Each section: its question, its entries, its table, its sentences."""
    return uncommanding("\n\n".join(_section(each, width) for each in report.sections))


def _section(section: Section, width: int) -> str:
    table = plain(section.table, width) if section.table.rows else ""
    sentences = "\n".join(_sentence(text, width) for text in section.sentences)
    title = _title(section, width)
    entries = [line for each in section.entries for line in _entry(each, width)]
    head = "\n".join(part for part in (title, *entries) if part)
    return "\n\n".join(part for part in (head, table, sentences.rstrip()) if part)


def _title(section: Section, width: int) -> str:
    """The title, with what stands at the far end of its line, or below it."""
    title, aside = printable(section.title), printable(section.aside)
    room = width - len(title) - len(aside)
    if aside and room > 1:
        return f"{title}{' ' * room}{aside}"
    below = aside and aside.rjust(width)
    return "\n".join(part for part in (fill(title, width), below) if part)


def _entry(entry: Entry, width: int) -> list[str]:
    """Its text, and each line behind its word; words stand below one another."""
    longest = max((len(word) for word, _ in entry.lines), default=0)
    return [
        _wrapped(entry.text, width, "  ", f"  {_hang(entry)}"),
        *(
            _wrapped(
                text,
                width,
                f"    {word:<{longest}}  " if longest else "    ",
                " " * (longest + 6 if longest else 4),
            )
            for word, text in entry.lines
        ),
        *(
            f"    {printable(line)}"
            for command in entry.code
            for line in folded(command, width - 4)
        ),
    ]


def _hang(entry: Entry) -> str:
    """Blanks below the number of something to do."""
    return " " * (len(entry.text.partition(" ")[0]) + 1) if entry.task else ""


def _wrapped(text: str, width: int, first: str, others: str) -> str:
    return fill(
        printable(text),
        width,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _sentence(text: str, width: int) -> str:
    """Wrap a sentence; columns keep their place, and a source its line."""
    clean = printable(text)
    if clean.startswith("["):
        return clean
    return _wrapped(text, width, "", INDENT if clean.startswith(" ") else "")
