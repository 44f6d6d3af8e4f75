"""CSV and TSV: the records, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from ipplan.tables import inert, uncommanding

if TYPE_CHECKING:
    from ipplan.views.reports import Report

DELIMITERS = {"csv": ",", "tsv": "\t"}


def render(report: Report, output: str, _width: int) -> str:
    """A header, and a row a record."""
    text = io.StringIO()
    columns = list(dict.fromkeys(key for record in report.records for key in record))
    writer = csv.writer(text, delimiter=DELIMITERS[output], lineterminator="\n")
    writer.writerow([inert(column) for column in columns])
    for record in report.records:
        writer.writerow([inert(record.get(column)) for column in columns])
    return uncommanding(text.getvalue().rstrip("\n"))
