"""CSV and TSV: the records, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

from ipplan.tables import printable, uncommanding

if TYPE_CHECKING:
    from ipplan.views.reports import Report

FORMULAS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_CELL = re.compile(f";([{re.escape(''.join(FORMULAS))}])")
"""A formula where a spreadsheet that takes semicolons for commas begins a cell."""

DELIMITERS = {"csv": ",", "tsv": "\t"}


def render(report: Report, output: str, _width: int) -> str:
    """A header, and a row a record."""
    text = io.StringIO()
    columns = list(dict.fromkeys(key for record in report.records for key in record))
    writer = csv.writer(text, delimiter=DELIMITERS[output], lineterminator="\n")
    writer.writerow([_inert(column) for column in columns])
    for record in report.records:
        writer.writerow([_inert(record.get(column)) for column in columns])
    return uncommanding(text.getvalue().rstrip("\n"))


def _inert(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula is shown as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    text = _CELL.sub(r";'\1", printable(value))
    return "'" + text if text.lstrip().startswith(FORMULAS) else text
