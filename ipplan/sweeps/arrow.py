"""Rows as Arrow record batches; only this module knows how columns look there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.errors import ArgumentError
from ipplan.sweeps.columns import missing
from ipplan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ipplan.sweeps.columns import Column
    from ipplan.sweeps.sweeps import Sweep


def pyarrow() -> Any:
    """The pyarrow package, which is not among what ipplan must have.

    Raises
    ------
    ArgumentError
        Where it is not installed; it says how to.

    Examples
    --------
    >>> pyarrow().int64()
    DataType(int64)
    """
    from importlib import import_module

    try:
        return import_module("pyarrow")
    except ImportError:
        allowed = "pip install ipplan[arrow]"
        raise ArgumentError("pyarrow", "is missing", allowed) from None


def schema(columns: Sequence[Column]) -> Any:
    """Fields for some columns, each with its unit and meaning as metadata.

    Labels are dictionaries of text, truths ``bool``, whole numbers ``int64`` or
    ``uint8``; no answer is null.

    Returns
    -------
    pyarrow.Schema
    """
    pa = pyarrow()
    fields = [
        pa.field(
            each.name,
            _type(each),
            metadata={"unit": each.unit, "meaning": each.meaning},
        )
        for each in columns
    ]
    return pa.schema(fields, metadata={"ipplan": __version__})


def _type(column: Column) -> Any:
    pa = pyarrow()
    if column.kind == "label":  # an index that pandas, polars and Parquet all have
        return pa.dictionary(pa.int32(), pa.string())
    return pa.bool_() if column.kind == "truth" else pa.type_for_alias(column.dtype)


def batch(columns: Sequence[Column], rows: Mapping[str, NDArray[Any]]) -> Any:
    """Rows as Arrow has them; numbers without gaps are not copied.

    Parameters
    ----------
    columns : sequence of Column
        Which of the rows' columns, in which order.
    rows : mapping of str to ndarray, shape (rows,)
        As the columns keep them.

    Returns
    -------
    pyarrow.RecordBatch
    """
    arrays = [_array(each, rows[each.name]) for each in columns]
    return pyarrow().RecordBatch.from_arrays(arrays, schema=schema(columns))


def _array(column: Column, values: NDArray[Any]) -> Any:
    pa = pyarrow()
    gaps = missing(column, values)
    if column.kind == "truth":
        return pa.array(values == 1, mask=gaps)
    if column.kind != "label":
        return pa.array(values, mask=gaps)
    skipped = 0 if column.none is None else 1  # the label of no answer is the first
    codes = values.astype("int32") - skipped
    labels = pa.array(column.labels[skipped:], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=gaps), labels)


def reader(sweep: Sweep, progress: Callable[[int], None] | None = None) -> Any:
    """A sweep's rows as a stream of record batches, worked out as they are read.

    Parameters
    ----------
    sweep : Sweep
        Whose rows.
    progress : callable, optional
        Told how many cells were done since it was last told.

    Returns
    -------
    pyarrow.RecordBatchReader
        It holds one chunk at a time, whatever the size.
    """

    def batches() -> Iterator[Any]:
        for rows in sweep.chunks(progress=progress):
            yield batch(sweep.columns, rows)

    found = schema(sweep.columns)
    return pyarrow().RecordBatchReader.from_batches(found, batches())
