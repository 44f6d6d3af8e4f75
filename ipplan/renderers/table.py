"""Text for a terminal."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from ipplan.tables import plain, printable

if TYPE_CHECKING:
    from ipplan.views.reports import Report, Section


def render(report: Report, _output: str, width: int) -> str:
    """Each section: its question, its table, its sentences."""
    return "\n\n".join(_section(each, width) for each in report.sections)


def _section(section: Section, width: int) -> str:
    table = plain(section.table, width) if section.table.rows else ""
    sentences = "\n".join(_sentence(text, width) for text in section.sentences)
    title = fill(printable(section.title), width)
    return "\n\n".join(part for part in (title, table, sentences) if part)


def _sentence(text: str, width: int) -> str:
    lead = "\n" if text.startswith("\n") else ""
    clean = printable(text.lstrip("\n"))
    if clean.startswith("  "):
        return lead + clean.rstrip()
    return lead + fill(clean, width, break_long_words=False, break_on_hyphens=False)
