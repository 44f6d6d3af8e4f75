"""Markdown: the tables of a report, for a wiki or a pull request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ipplan.tables import escape_markdown, pipe, uncommanding

if TYPE_CHECKING:
    from ipplan.views.reports import Entry, Report, Section

_OWN = re.compile(r"https://[A-Za-z0-9_./?=&#%+~:-]+")
"""A link that nothing can be hidden in."""


def render(report: Report, _output: str, _width: int) -> str:
    """Each section: its question, its entries, its table, its sentences as a list."""
    return uncommanding("\n\n".join(_section(each) for each in report.sections))


def _section(section: Section) -> str:
    table = pipe(section.table) if section.table.rows else ""
    sentences = "\n".join(
        f"- {escape_markdown(text.strip())}" for text in section.sentences if text
    )
    entries = "\n".join(line for each in section.entries for line in _entry(each))
    parts = (_title(section), entries, table, sentences)
    return "\n\n".join(part for part in parts if part)


def _title(section: Section) -> str:
    words = " ".join(section.title.split())
    title = f"**{escape_markdown(words)}**" if words else ""
    aside = f"({escape_markdown(section.aside)})" if section.aside else ""
    return f"{title} {aside}".strip()


def _entry(entry: Entry) -> list[str]:
    """A point of a list, and one below it for each line."""
    points = [
        f"  - {word}: {f'<{text}>' if _OWN.fullmatch(text) else escape_markdown(text)}"
        for word, text in entry.lines
    ]
    return [f"- {escape_markdown(entry.text)}", *points]
