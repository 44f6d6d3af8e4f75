"""CSV and TSV: a row a line, safe to open in a spreadsheet."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, BinaryIO

from ipplan.sweeps.columns import missing
from ipplan.tables import inert

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ipplan.sweeps.columns import Column
    from ipplan.sweeps.sweeps import Rows

DELIMITERS = {".csv": ",", ".tsv": "\t"}

COPIED = 2**20
"""What is copied at a time. [bytes]"""


def versions() -> dict[str, str]:
    """Libraries that decide what the bytes are."""
    return {}


def write(
    columns: Sequence[Column], ending: str, chunks: Iterable[Rows], file: BinaryIO
) -> None:
    """Write a header, and a line a row."""
    delimiter = DELIMITERS[ending]
    nothing = "" if len(columns) > 1 else '""'  # a blank line would be no row
    line = delimiter.join(["%s"] * len(columns)) + "\n"
    file.write((line % tuple(each.name for each in columns)).encode())
    for rows in chunks:
        cells = [_cells(each, rows[each.name], delimiter, nothing) for each in columns]
        lines = map(line.__mod__, zip(*cells, strict=True))
        file.write("".join(lines).encode())


def _cells(
    column: Column, values: NDArray[Any], delimiter: str, nothing: str
) -> list[Any]:
    """What stands in a column's cells: numbers, or text that is quoted as need be."""
    if column.kind == "truth":
        return _picked(["false", "true", nothing], values)
    if column.kind == "label":
        texts = [_quoted(inert(label), delimiter) for label in column.labels]
        if column.none is not None:
            texts[column.none] = nothing
        return _picked(texts, values)
    gaps = missing(column, values)
    if gaps is None or not gaps.any():
        return list(values.tolist())
    cells = values.astype(object)
    cells[gaps] = nothing
    return list(cells)


def _picked(texts: Sequence[str], codes: NDArray[Any]) -> list[Any]:
    import numpy as np

    return list(np.array(texts, dtype=object)[codes])


def _quoted(text: str, delimiter: str) -> str:
    if delimiter not in text and '"' not in text:
        return text
    return '"' + text.replace('"', '""') + '"'


def join(
    columns: Sequence[Column], ending: str, parts: Iterable[Path], file: BinaryIO
) -> None:
    """Copy the parts behind each other, with the header of the first alone."""
    write(columns, ending, (), file)
    for each in parts:
        with each.open("rb") as part:
            part.readline()
            shutil.copyfileobj(part, file, COPIED)
