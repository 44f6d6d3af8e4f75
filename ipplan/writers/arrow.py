"""Arrow's own files (IPC): record batches as memory has them, to be mapped."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

from ipplan.sweeps.arrow import batch, pyarrow, schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ipplan.sweeps.columns import Column
    from ipplan.sweeps.sweeps import Rows


def versions() -> dict[str, str]:
    """Libraries that decide what the bytes are."""
    return {"pyarrow": pyarrow().__version__}


def write(
    columns: Sequence[Column], _ending: str, chunks: Iterable[Rows], file: BinaryIO
) -> None:
    """Write the rows, a record batch a chunk."""
    _save(file, columns, (batch(columns, rows) for rows in chunks))


def join(
    columns: Sequence[Column], _ending: str, parts: Iterable[Path], file: BinaryIO
) -> None:
    """Write the parts' record batches into one file."""
    _save(file, columns, _batches(parts))


def _batches(parts: Iterable[Path]) -> Iterator[Any]:
    ipc: Any = import_module("pyarrow.ipc")

    for each in parts:
        with each.open("rb") as file:
            found = ipc.open_file(file)
            for number in range(found.num_record_batches):
                yield found.get_batch(number)


def _save(file: BinaryIO, columns: Sequence[Column], batches: Iterable[Any]) -> None:
    ipc: Any = import_module("pyarrow.ipc")

    with ipc.new_file(file, schema(columns)) as writer:
        for each in batches:
            writer.write_batch(each)
