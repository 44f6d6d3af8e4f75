"""Markdown: the tables of a report, for a wiki or a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.tables import escape_markdown, pipe

if TYPE_CHECKING:
    from ipplan.views.reports import Report, Section


def render(report: Report, _output: str, _width: int) -> str:
    """Each section: its question, its table, its sentences as a list."""
    return "\n\n".join(_section(each) for each in report.sections)


def _section(section: Section) -> str:
    table = pipe(section.table) if section.table.rows else ""
    sentences = "\n".join(
        f"- {escape_markdown(text.strip())}" for text in section.sentences if text
    )
    title = f"**{escape_markdown(section.title)}**" if section.title else ""
    return "\n\n".join(part for part in (title, table, sentences) if part)
