"""Markdown: the tables of a report, for a wiki or a pull request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ipplan.shells import folded
from ipplan.tables import escape_markdown, pipe, printable, uncommanding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipplan.views.reports import Entry, Report, Section

_OWN = re.compile(r"https://[A-Za-z0-9_./?=&#%+~:-]+")
"""A link that nothing can be hidden in."""

_FENCE = re.compile(r"`+")

WIDTH = 80
"""Of commands, which are no text that could flow. [characters]"""


def render(report: Report, _output: str, _width: int) -> str:
    """Each section: its question, its entries, its table, its sentences as a list."""
    return uncommanding("\n\n".join(_section(each) for each in report.sections))


def _section(section: Section) -> str:
    table = pipe(section.table) if section.table.rows else ""
    sentences = "\n".join(
        f"- {escape_markdown(text.strip())}" for text in section.sentences if text
    )
    points = [line for each in section.entries for line in _entry(each)]
    entries = "\n".join(points).strip("\n")
    parts = (_title(section), entries, table, sentences)
    return "\n\n".join(part for part in parts if part)


def _title(section: Section) -> str:
    words = " ".join(section.title.split())
    start, end = ("## ", "") if section.heading else ("**", "**")
    title = f"{start}{escape_markdown(words)}{end}" if words else ""
    aside = f"({escape_markdown(section.aside)})" if section.aside else ""
    between = "\n\n" if section.heading and title and aside else " "
    return f"{title}{between}{aside}".strip()


def _entry(entry: Entry) -> list[str]:
    """A point of a list, one below it for each line, and a block of its commands."""
    points = [
        f"  - {f'{word}: ' if word else ''}{_linked(text)}"
        for word, text in entry.lines
    ]
    box = "[ ] " if entry.task else ""
    return [f"- {box}{escape_markdown(entry.text)}", *points, *_code(entry.code)]


def _linked(text: str) -> str:
    return f"<{text}>" if _OWN.fullmatch(text) else escape_markdown(text)


def _code(lines: Sequence[str]) -> list[str]:
    """A block that nothing in it can end: its fence is longer than any within."""
    if not lines:
        return []
    text = [printable(each) for command in lines for each in folded(command, WIDTH)]
    longest = max(map(len, _FENCE.findall("\n".join(text))), default=0)
    fence = "`" * max(longest + 1, 3)
    return ["", *(f"  {each}" for each in (f"{fence}sh", *text, fence)), ""]
