"""The report of ``ipplan explain`` on an error text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.tables import Table
from ipplan.views.reports import RULES_MONTH, Report, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipplan.contracts.diagnoses import (
        DiagnosisDocument,
        ErrorDocument,
        ReadingDocument,
    )


WITHOUT_NUMBERS = (
    "Paste the whole message: its numbers tell what was counted. ipplan check finds "
    "beforehand what does not fit, and says how large it has to be."
)
"""Where nothing can be worked out."""


def diagnosis_report(document: DiagnosisDocument, *, wide: bool = False) -> Report:
    """The report of ``ipplan explain``."""
    first = [document["meaning"], f"said by: {document['checked_by']} [1]"]
    if document["others"]:
        first.append(f"other errors in the text: {', '.join(document['others'])}")
    last = [f"[1] {document['source']}", f"rules of {RULES_MONTH}"]
    if document["rules"]:
        last.insert(0, f"found beforehand by: {', '.join(document['rules'])}")
    sections = [
        Section(_title(document["error"]), Table([]), first),
        *_numbers(document, wide=wide),
        Section("What to do", Table([]), document["remedies"] or [WITHOUT_NUMBERS]),
        Section("", Table([]), last),
    ]
    return Report(document, sections, _records(document))


def _title(error: ErrorDocument) -> str:
    """The error in one line, so that a wrong one is seen."""
    asked, left = error["preallocated"], error["available"]
    where = " in " + error["subnet"] if error["subnet"] and asked else ""
    name = f" ({error['subnet_name']})" if where and error["subnet_name"] else ""
    numbers = f": {asked:,} addresses" if asked else ""
    numbers += f" of {left:,} available" if asked and left is not None else ""
    return f"{error['code']}{numbers}{where}{name}"


def _numbers(document: DiagnosisDocument, *, wide: bool) -> list[Section]:
    """The readings and what there is to say of the numbers, if anything."""
    notes = list(document["notes"])
    if document["more_readings"]:
        notes.insert(0, f"and {document['more_readings']:,} more readings fit")
    if not document["readings"]:
        return [Section("", Table([]), notes)] if notes else []
    columns = [f"{document['error']['preallocated']:,} =", "model", "counted so", ""]
    if wide:
        columns += ["source"]
    rows = [_row(each, wide=wide) for each in document["readings"]]
    return [Section("", Table(columns, rows), notes)]


def _row(reading: ReadingDocument, *, wide: bool) -> Sequence[Any]:
    models = reading["models"]
    others = f" and {len(models) - 1} more" if models[1:] and not wide else ""
    named = ", ".join(models) if wide else models[0] + others
    row = [reading["formula"], named, reading["period"], reading["likelihood"]]
    return [*row, reading["source"]] if wide else row


def _records(document: DiagnosisDocument) -> list[dict[str, Any]]:
    """A row for each reading; one for the error where there is none."""
    error = document["error"]
    whole = {
        "code": error["code"],
        "preallocated": error["preallocated"],
        "available": error["available"],
        "subnet": error["subnet"],
    }
    keys = ("model", "nodes", "max_pods", "per_node", "formula", "period",
            "likelihood")  # fmt: skip
    readings: list[Any] = document["readings"] or [{}]
    return [{**whole, **{key: each.get(key) for key in keys}} for each in readings]
