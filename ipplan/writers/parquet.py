"""Parquet: row groups of a part each, compressed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

from ipplan.sweeps.arrow import batch, pyarrow, schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ipplan.sweeps.columns import Column
    from ipplan.sweeps.sweeps import Rows

COMPRESSION = "zstd"

GROUP = 2**20
"""Rows of a row group, at most. [rows]"""


def versions() -> dict[str, str]:
    """Libraries that decide what the bytes are."""
    return {"pyarrow": pyarrow().__version__}


def write(
    columns: Sequence[Column], _ending: str, chunks: Iterable[Rows], file: BinaryIO
) -> None:
    """Write the rows as one row group."""
    batches = [batch(columns, rows) for rows in chunks]
    _save(file, columns, [pyarrow().Table.from_batches(batches)])


def join(
    columns: Sequence[Column], _ending: str, parts: Iterable[Path], file: BinaryIO
) -> None:
    """Write the parts' row groups into one file, a part at a time."""
    _save(file, columns, map(_table, parts))


def _table(part: Path) -> Any:
    parquet: Any = import_module("pyarrow.parquet")

    with part.open("rb") as file:
        return parquet.ParquetFile(file).read(use_threads=False)


def _save(file: BinaryIO, columns: Sequence[Column], tables: Iterable[Any]) -> None:
    parquet: Any = import_module("pyarrow.parquet")

    found = schema(columns)
    with parquet.ParquetWriter(file, found, compression=COMPRESSION) as writer:
        for table in tables:
            writer.write_table(table.cast(found), row_group_size=GROUP)
