"""Text for a terminal."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from ipplan.tables import plain, printable

if TYPE_CHECKING:
    from ipplan.views.reports import Report, Section


INDENT = " " * 23
"""Where the third column of an explanation stands."""


def render(report: Report, _output: str, width: int) -> str:
    """Each section: its question, its table, its sentences."""
    return "\n\n".join(_section(each, width) for each in report.sections)


def _section(section: Section, width: int) -> str:
    table = plain(section.table, width) if section.table.rows else ""
    sentences = "\n".join(_sentence(text, width) for text in section.sentences)
    title = fill(printable(section.title), width)
    return "\n\n".join(part for part in (title, table, sentences.rstrip()) if part)


def _sentence(text: str, width: int) -> str:
    """Wrap a sentence; columns keep their place, and a source its line."""
    clean = printable(text)
    if clean.startswith("["):
        return clean
    indent = INDENT if clean.startswith(" ") else ""
    return fill(
        clean,
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
