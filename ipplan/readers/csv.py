"""Lists of networks that went through a spreadsheet, or came out of a script.

A file with a column ``properties`` has a resource a row, as Resource Graph Explorer
downloads them. Any other has a VNet or a subnet a row, under whatever headings its
script chose; what such a file cannot say is said in ``incomplete``.
"""

from __future__ import annotations

import csv
import io
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ipplan.inventory.origins import name_of, normal_id
from ipplan.readers.headings import Columns, Header, header_of
from ipplan.readers.listings import Listing
from ipplan.readers.readings import (
    TYPES,
    Content,
    Found,
    Resource,
    Skipped,
    as_object,
)
from ipplan.readers.spellings import id_of, other, type_of, unsaid

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

LONGEST_CELL = 32_767
"""What Excel keeps of a cell. [characters]"""


def knows(content: Content) -> bool:
    """Whether this is no JSON, and a table under headings that networks have."""
    return content.document is None and header_of(content.text) is not None


def read(content: Content) -> Found:
    """Find networks, and clusters where the file has their properties.

    Parameters
    ----------
    content : Content
        Text with commas, semicolons or tabs between the cells.

    Returns
    -------
    Found
        ``where`` is a row as spreadsheets count them, the first being 1, behind a
        blank: :samp:`{" row 17"}`.
    """
    header = header_of(content.text)
    if header is None:
        return Found([], [], [])
    skipped: list[Skipped] = []
    with _cells_of_any_size(len(content.text)):
        rows = _rows(content.text, header, skipped)
        if "properties" in header.places:
            found = _read_resources(rows, content.file)
        else:
            found = _read_listing(rows, Listing(content.file, header.places))
    return found._replace(skipped=[*skipped, *found.skipped])


@contextmanager
def _cells_of_any_size(most: int) -> Generator[None]:
    """Let a cell be as long as the file: properties outgrow the limit of csv."""
    before = csv.field_size_limit(most)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _rows(
    text: str, header: Header, skipped: list[Skipped]
) -> Iterator[tuple[int, Columns]]:
    """Each row below the heading with its number; ragged ones are passed over."""
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    width, columns = header.width, header.reader()
    for number, row in enumerate(csv.reader(lines, delimiter=header.delimiter), 1):
        if number <= header.row or not "".join(row).strip():
            continue
        if len(row) != width and (len(row) < width or any(row[width:])):
            reason = f"{width} cells expected, as in the heading, got {len(row)}"
            skipped.append(Skipped(f" row {number}", reason, broken=True))
            continue
        yield number, columns(row)


def _read_listing(rows: Iterator[tuple[int, Columns]], listing: Listing) -> Found:
    refused = [listing.add(number, row) for number, row in rows]
    return listing.found()._replace(skipped=[each for each in refused if each])


def _read_resources(rows: Iterator[tuple[int, Columns]], file: str) -> Found:
    found = Found([], [], [])
    for number, row in rows:
        each = _resource(f" row {number}", row, file)
        if isinstance(each, Skipped):
            found.skipped.append(each)
        else:
            found.resources.append(each)
    return found


def _resource(where: str, row: Columns, file: str) -> Resource | Skipped:
    kind = type_of(row.id) or row.type.lower()
    if kind not in TYPES:
        return other(where, kind) if kind else Skipped(where, "no id and no type")
    identity = row.id if type_of(row.id) else _id_of(kind, row, file)
    if not identity:
        return Skipped(where, f"a {kind} without id and name", broken=True)
    properties = _decoded(row.properties)
    if properties is None:
        return Skipped(where, _refusal(row.properties), broken=True)
    fields: dict[str, Any] = {"id": row.id, "location": row.location or None}
    fields |= {"sku": _decoded(row.sku), "identity": _decoded(row.identity)}
    fields |= {**properties, "name": name_of(row.name or identity)}
    return Resource(kind, normal_id(identity), fields, where)


def _id_of(kind: str, row: Columns, file: str) -> str:
    """An id made of names, where there are as many as the type has parts."""
    names = row.name.split("/")
    if len(names) != kind.count("/") or not all(names):
        return ""
    subscription = row.subscription or unsaid("subscription", file)
    return id_of(kind, names, subscription, row.group or unsaid("resource group", file))


def _decoded(cell: str) -> dict[str, Any] | None:
    """The JSON object in a cell, or None where there is none."""
    try:
        return as_object(json.loads(cell))
    except (ValueError, RecursionError):
        return None


def _refusal(cell: str) -> str:
    cut = len(cell) >= LONGEST_CELL
    why = f"; Excel cuts a cell after {LONGEST_CELL:,} characters" if cut else ""
    return f"its properties are no JSON object{why}"
