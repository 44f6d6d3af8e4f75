"""Columns and rows as text; the only module that knows tabulate."""

from __future__ import annotations

import re
import unicodedata
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_ROWS = 20
"""Rows that a table in a notebook shows before it says how many more there are."""


class Span(NamedTuple):
    """A row that is text behind its first cell: what stands where numbers would."""

    first: str
    text: str


GAP = 2
"""Blanks between columns. [characters]"""

NARROWEST = 8
"""Cells are not cut shorter than this. [characters]"""

OBEYED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that control a terminal or break a line rather than show."""


_COMMAND = re.compile(
    r"^([^\S\n]*):(?=:[a-z-]+(?: .*)?::)", re.MULTILINE | re.ASCII | re.IGNORECASE
)
OLD_COMMAND = re.compile(r"##(?=\[|vso\[)", re.IGNORECASE)
"""What build agents obey: at the start of a line, and wherever it stands."""


FORMULAS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the start of a formula."""

_CELL = re.compile(f";([{re.escape(''.join(FORMULAS))}])")
"""A formula where a spreadsheet that takes semicolons for commas begins a cell."""


class Table(NamedTuple):
    """A table of a report.

    Parameters
    ----------
    columns : sequence of str
        The header.
    rows : sequence of rows or Span
        Cells in the columns' order; numbers are set to the right.
    cut : tuple of int
        Columns whose cells are shortened where the terminal is too narrow for them.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any] | Span] = ()
    cut: tuple[int, ...] = ()


def printable(text: str) -> str:
    r"""Text with everything escaped that a terminal would obey rather than show.

    Examples
    --------
    >>> printable("web" + chr(27) + "[2J")
    'web\\x1b[2J'
    """
    if text.isprintable():  # the usual case, and all of what is obeyed is not
        return text
    return "".join(
        char
        if unicodedata.category(char) not in OBEYED
        else char.encode("unicode_escape").decode()
        for char in text
    )


def uncommanding(text: str) -> str:
    r"""Text that a build agent which reads along does not take for a command.

    GitHub Actions obeys lines that begin with ``::name::``, Azure Pipelines ``##vso[``
    wherever it stands.

    Examples
    --------
    >>> print(uncommanding("::stop-commands::x"), uncommanding("::1/128 ##vso[task.x]"))
    \::stop-commands::x ::1/128 #\#vso[task.x]
    """
    if "::" not in text and "##" not in text:
        return text
    return OLD_COMMAND.sub(r"#\\#", _COMMAND.sub(r"\1\\:", text))


def inert(value: Any) -> Any:
    """A cell of CSV; text that a spreadsheet would take for a formula is shown as text.

    Examples
    --------
    >>> inert("=1+1"), inert(True), inert(-1)
    ("'=1+1", 'true', -1)
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    text = _CELL.sub(r";'\1", printable(value))
    return "'" + text if text.lstrip().startswith(FORMULAS) else text


def cell(value: Any) -> str:
    """A cell as people read it: thousands apart, yes and no, and nothing for None.

    Examples
    --------
    >>> cell(10230), cell(True), cell(None)
    ('10,230', 'yes', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else printable(str(value))


def shortened(text: str, most: int) -> str:
    """Text of at most so many characters: its middle is left out, if anything.

    Examples
    --------
    >>> shortened("cli-vnet-optui6xlkg5rfdc", 16)
    'cli-vnet...5rfdc'
    """
    if len(text) <= most:
        return text
    tail = (most - 3) * 2 // 5
    return f"{text[: most - 3 - tail]}...{text[len(text) - tail :]}"


def fitted(table: Table, width: int) -> Table:
    """A table with the cells shortened that may be, until it is narrow enough.

    Examples
    --------
    >>> fitted(Table(["name"], [["abcdefghijklmnopqrst"]], (0,)), 12).rows
    [['abcdef...rst']]
    """
    rows = [row for row in table.rows if not isinstance(row, Span)]
    widths = [
        max(map(len, [title, *(cell(row[index]) for row in rows)]))
        for index, title in enumerate(table.columns)
    ]
    most = dict.fromkeys(table.cut, 0) | {index: widths[index] for index in table.cut}
    excess = sum(widths) + GAP * (len(widths) - 1) - width
    while excess > 0 and most and max(most.values()) > NARROWEST:
        most[max(most, key=most.__getitem__)] -= 1
        excess -= 1
    return table._replace(
        rows=[
            row
            if isinstance(row, Span)
            else [
                shortened(cell(value), most[index]) if index in most else value
                for index, value in enumerate(row)
            ]
            for row in table.rows
        ]
    )


def plain(table: Table, width: int) -> str:
    """A table as lines of text, at most as wide as the terminal where text can wrap.

    Examples
    --------
    >>> print(plain(Table(["model", "nodes"], [["kubenet", 363]]), 80))
    model    nodes
    kubenet    363
    """
    table = fitted(table, width) if table.cut else table
    header, *lines = _tabulated(table, "plain").split("\n")
    firsts = [cell(_first(row)) for row in table.rows]
    start = max(map(len, [*firsts, table.columns[0]])) + 2
    shown = [header]
    for row, first, line in zip(table.rows, firsts, lines, strict=True):
        if isinstance(row, Span):
            texts = wrap(printable(row.text), max(width - start, 20))
            beside = [first.ljust(start), *[" " * start] * (len(texts) - 1)]
            shown += [left + text for left, text in zip(beside, texts, strict=True)]
        else:
            shown.append(line)
    return "\n".join(line.rstrip() for line in shown)


def _first(row: Sequence[Any] | Span) -> Any:
    return row.first if isinstance(row, Span) else row[0]


def pipe(table: Table) -> str:
    r"""A table in Markdown; nothing in a cell can end it.

    Examples
    --------
    >>> print(pipe(Table(["name"], [["a|b"]])))
    | name |
    |:-----|
    | a\|b |
    """
    return _tabulated(table, "pipe")


def _tabulated(table: Table, style: str) -> str:
    import tabulate

    tabulate.MIN_PADDING = 0
    clean = escape_markdown if style == "pipe" else cell
    rows = [
        [clean(value) for value in _cells(row, len(table.columns), style)]
        for row in table.rows
    ]
    align = [
        "right" if _numeric(table, i) else "left" for i in range(len(table.columns))
    ]
    headers = [clean(column) for column in table.columns]
    return tabulate.tabulate(
        rows,
        headers,
        tablefmt=style,
        colalign=align if rows else None,
        disable_numparse=True,
    )


def _cells(row: Sequence[Any] | Span, width: int, style: str) -> Sequence[Any]:
    if isinstance(row, Span):
        text = row.text if style == "pipe" else ""
        return [row.first, text, *[""] * (width - 2)]
    return row


def _numeric(table: Table, index: int) -> bool:
    cells = [row[index] for row in table.rows if not isinstance(row, Span)]
    return bool(cells) and all(
        value is None or (isinstance(value, int) and not isinstance(value, bool))
        for value in cells
    )


def escape_markdown(value: Any) -> str:
    r"""Text for Markdown: its marks, and HTML, are shown rather than obeyed.

    Where a comment is shown, people and issues that it names are looked for after its
    marks: a blank without width behind ``@`` and ``#`` keeps them from being told.

    Examples
    --------
    >>> print(escape_markdown("<b>|*"))
    &lt;b&gt;\|\*
    """
    from html import escape

    text = escape(cell(value), quote=False)
    marked = "".join("\\" + c if c in "\\|`*_[]!~$#@" else c for c in text)
    apart = marked.replace("@", "@&#8203;").replace("\\#", "\\#&#8203;")
    return apart.replace("://", "\\://").replace("www.", "www\\.")


def text_table(columns: Mapping[str, Sequence[Any]]) -> str:
    """The first rows of columns as text, and how many more there are.

    Examples
    --------
    >>> print(text_table({"nodes": [10, 20]}))
    nodes
       10
       20
    """
    table, more = _head(columns)
    return plain(table, 80) + (f"\n... and {more:,} more rows" if more else "")


def html_table(columns: Mapping[str, Sequence[Any]]) -> str:
    """The first rows of columns as HTML, escaped, and how many more there are.

    Examples
    --------
    >>> "&lt;b&gt;" in html_table({"name": ["<b>"]})
    True
    """
    table, more = _head(columns)
    return _tabulated(table, "html") + (
        f"<p>… and {more:,} more rows</p>" if more else ""
    )


def _head(columns: Mapping[str, Sequence[Any]]) -> tuple[Table, int]:
    count = max((len(cells) for cells in columns.values()), default=0)
    heads = [cells[:MOST_ROWS] for cells in columns.values()]
    rows = list(zip(*heads, strict=True))
    return Table(list(columns), rows), max(count - MOST_ROWS, 0)
