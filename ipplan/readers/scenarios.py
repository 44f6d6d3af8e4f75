"""Scenarios out of a file: a column an axis of a sweep, a row a case."""

from __future__ import annotations

import csv
import json
import re
from functools import partial
from importlib import import_module
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ipplan.errors import ArgumentError, InventoryError
from ipplan.garbage import uncollected
from ipplan.readers.cells import allowed, of_numbers, of_texts
from ipplan.readers.headings import DELIMITERS
from ipplan.sweeps.arrow import pyarrow
from ipplan.sweeps.axes import AXES, MOST_VALUES, SURGE
from ipplan.tables import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from io import BufferedReader
    from os import PathLike

    from numpy.typing import NDArray

    from ipplan.sweeps.axes import Axis

    Values = dict[str, NDArray[Any] | list[str]]

MOST_TOLD = 20
"""Problems of a file that are told; it is read no further. [-]"""

LONGEST_LINE = 2**21
"""A line that is longer holds no scenario. [characters]"""

BLOCK = 16_384
"""Rows that are looked at together. [rows]"""

LONGEST = 60
"""Of what stood there, what is told. [characters]"""

NAMED = f"columns are named after axes: {', '.join(AXES)}"

_APART = re.compile(r"[\s_-]+")


def read_scenarios(path: str | PathLike[str]) -> Values:
    """Read cases for a sweep from a file, to be given as its ``scenarios``.

    Parameters
    ----------
    path : str or path
        CSV, TSV or Parquet, by its ending. The columns are named after axes, with
        blanks, ``-`` or ``_`` and in any case; percentages may end with ``%``, and
        prefix lengths begin with ``/``. Blank rows are passed over.

    Returns
    -------
    dict of str to ndarray or list of str
        Each axis in the order of the file; of the surge, spellings such as ``10%``.

    Raises
    ------
    InventoryError
        Where the file can't be read, or a cell is not what its axis takes: up to
        20 problems, each with its row and column. The heading is row 1 of CSV, as
        spreadsheets count; Parquet has its first scenario there.
    ArgumentError
        For Parquet where pyarrow is missing.

    Examples
    --------
    >>> read_scenarios("no-such-file.csv")
    Traceback (most recent call last):
    ...
    ipplan.errors.InventoryError: no-such-file.csv: No such file or directory
    """
    file = str(path)
    read = READERS.get(Path(file).suffix.lower())
    if read is None:
        beside = "standard input is not read; " if file == "-" else ""
        reason = f": {beside}a file that ends with one of {', '.join(READERS)}"
        raise InventoryError(file, [reason])
    found = _Found(file)
    try:
        _refuse_devices(Path(file), found)
        with Path(file).open("rb") as opened, uncollected():
            read(opened, found)
    except ArgumentError:  # pyarrow is missing
        raise
    except OSError as error:
        found.tell("", error.strerror or " ".join(str(error).split()))
    except UnicodeError:
        found.tell("", "not text in UTF-8 or UTF-16")
    except ValueError as error:  # a null byte in the name, a line without end
        found.tell("", " ".join(str(error).split()))
    return found.whole()


def _refuse_devices(path: Path, found: _Found) -> None:
    """Refuse what may never end, or never begin."""
    if path.exists() and not path.is_file() and not path.is_dir():
        found.tell("", "a device or a pipe; copy it to a file")
        found.refuse()


class _Found:
    """What was read of a file so far, and what is wrong with it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[str] = []
        self.rows = 0
        self.axes: tuple[Axis, ...] = ()
        self.blocks: dict[str, list[Any]] = {}

    def tell(self, where: str, reason: str) -> None:
        """Add a problem; give up when there are enough of them."""
        self.problems.append(f"{where}: {reason}")
        if len(self.problems) >= MOST_TOLD:
            self.refuse()

    def refuse(self) -> None:
        """Raise what was told, if anything."""
        if self.problems:
            raise InventoryError(self.file, self.problems)

    def head(self, where: str, names: Sequence[str]) -> None:
        """Take the heading, each axis once."""
        bare = [_APART.sub("_", name.strip().lower()) for name in names]
        if AXES.keys().isdisjoint(bare):
            self.tell(where, f"no heading; {NAMED}")
            self.refuse()
        for number, (name, given) in enumerate(zip(bare, names, strict=True)):
            place = f"{where} column {number + 1}"
            if name not in AXES:
                self.tell(place, f"{_shown(given)}; {NAMED}")
            elif name in bare[:number]:
                self.tell(place, f"{_shown(given)} is there twice")
        self.refuse()
        self.axes = tuple(AXES[name] for name in bare)
        self.blocks = {name: [] for name in bare}

    def count(self, rows: int) -> None:
        """So many rows more."""
        self.rows += rows
        if self.rows > MOST_VALUES:
            self.tell("", f"more than {MOST_VALUES:,} rows")
            self.refuse()

    def add(self, axis: Axis, cells: Any, rows: Sequence[int]) -> None:
        """Take some cells of a column, texts or numbers, each with its row."""
        is_text = isinstance(cells, list | tuple)
        values, wrong = (of_texts if is_text else of_numbers)(axis, cells)
        for number in wrong[:MOST_TOLD].tolist():
            place = f" row {rows[number]} {axis.name}"
            self.tell(place, f"{_shown(cells[number])}: {allowed(axis)}")
        self.blocks[axis.name].append(values)

    def whole(self) -> Values:
        """Every axis whole, or what is wrong."""
        import numpy as np

        if not self.rows and not self.problems:
            self.tell("", "no scenario in it")
        self.refuse()
        return {
            name: [*chain.from_iterable(blocks)]
            if name == SURGE
            else np.concatenate(blocks)
            for name, blocks in self.blocks.items()
        }


def _shown(value: Any) -> str:
    if not isinstance(value, str):
        return f"{value}"
    return repr(shortened(value, LONGEST)) if value.strip() else "empty"


def _read_text(opened: BufferedReader, found: _Found) -> None:
    encoding = json.detect_encoding(opened.peek(4)[:4])
    with TextIOWrapper(opened, encoding, newline="") as text:
        lines = _lines(text)
        first = _first_lines(lines)
        delimiter = max(DELIMITERS, key=first[-1].count) if first else DELIMITERS[0]
        reader = csv.reader(chain(first, lines), delimiter=delimiter, strict=True)
        rows = ((n, row) for n, row in enumerate(reader, 1) if "".join(row).strip())
        try:
            _read_rows(rows, found)
        except csv.Error as error:
            found.tell(f" line {reader.line_num}", f"not CSV: {error}")


def _lines(text: TextIOWrapper) -> Iterator[str]:
    """The lines; none is held that goes on for ever.

    Raises
    ------
    ValueError
        At one that is too long.
    """
    for line in iter(partial(text.readline, LONGEST_LINE + 1), ""):
        if len(line) > LONGEST_LINE:
            raise ValueError(f"a line is longer than {LONGEST_LINE:,} characters")
        yield line


def _first_lines(lines: Iterator[str]) -> list[str]:
    """Lines up to the first that is not blank."""
    found: list[str] = []
    for line in lines:
        found.append(line)
        if line.strip():
            break
    return found


def _read_rows(rows: Iterator[tuple[int, list[str]]], found: _Found) -> None:
    for number, heading in islice(rows, 1):
        found.head(f" row {number}", heading)
    while block := list(islice(rows, BLOCK)):
        found.count(len(block))
        width = len(found.axes)
        for number, row in block:
            if len(row) != width:
                expected = f"{width} cells expected, as in the heading"
                found.tell(f" row {number}", f"{expected}, got {len(row)}")
        kept = [each for each in block if len(each[1]) == width]
        numbers = [number for number, _ in kept]
        columns = zip(*(row for _, row in kept), strict=True)
        for axis, cells in zip(found.axes, columns, strict=False):
            found.add(axis, cells, numbers)


def _read_parquet(opened: BufferedReader, found: _Found) -> None:
    pa = pyarrow()
    parquet: Any = import_module("pyarrow.parquet")
    names = parquet.read_schema(opened).names
    opened.seek(0)  # as a dictionary, text that is there often is there once
    file = parquet.ParquetFile(opened, read_dictionary=names)
    found.head("", file.schema_arrow.names)
    for field in file.schema_arrow:
        if not _is_readable(pa.types, field.type):
            found.tell(f" column {field.name}", f"{field.type}: numbers, or text")
    found.refuse()
    for batch in file.iter_batches(BLOCK, use_threads=False):
        numbers = range(found.rows + 1, found.rows + len(batch) + 1)
        found.count(len(batch))
        for axis, cells in zip(found.axes, batch.columns, strict=True):
            _add_array(axis, cells, numbers, found)


def _is_readable(types: Any, kind: Any) -> bool:
    if types.is_dictionary(kind):
        kind = kind.value_type
    numeric = types.is_integer(kind) or types.is_floating(kind)
    return bool(numeric or types.is_string(kind) or types.is_large_string(kind))


def _add_array(axis: Axis, cells: Any, numbers: range, found: _Found) -> None:
    types = pyarrow().types
    if cells.null_count:
        gaps = cells.is_null().to_numpy(zero_copy_only=False).nonzero()[0]
        for gap in gaps[:MOST_TOLD].tolist():
            found.tell(f" row {numbers[gap]} {axis.name}", f"empty: {allowed(axis)}")
        return
    found.add(axis, _values(types, cells), numbers)


def _values(types: Any, cells: Any) -> Any:
    """Numbers as an array; texts as a list, in which equal ones are the same object."""
    if types.is_dictionary(cells.type):
        known, codes = _values(types, cells.dictionary), cells.indices.to_numpy()
        texts = isinstance(known, list)
        return [known[code] for code in codes.tolist()] if texts else known[codes]
    numeric = types.is_integer(cells.type) or types.is_floating(cells.type)
    return cells.to_numpy() if numeric else cells.to_pylist()


READERS: dict[str, Callable[[BufferedReader, _Found], None]] = {
    ".csv": _read_text,
    ".tsv": _read_text,
    ".parquet": _read_parquet,
}
"""What reads a file, by its ending."""
