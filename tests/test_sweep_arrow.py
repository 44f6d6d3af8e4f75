import sys

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan import ArgumentError
from ipplan.sweeps import arrow
from ipplan.sweeps.columns import COLUMNS, plain
from ipplan.sweeps.grids import CHUNK
from ipplan.sweeps.sweeps import sweep
from ipplan.version import __version__
from tests import strategies

MODELS = ["cni-static-block", "cni-node-subnet", "kubenet"]
NAMES = [
    *(name for name in COLUMNS if not name.startswith("input_")),
    "input_nodes",
    "input_growth_per_year",
]


def made(**words):
    """A sweep with gaps in every column that can have some."""
    given_ = {
        "nodes": [3, 60, 10**8],
        "max_pods": [30, 250],
        "max_surge": "1,33%",
        "growth_per_year": [0, 12.5],
        "needs": ["virtual-nodes"],
        "model": MODELS,
        "columns": NAMES,
    }
    return sweep(**{**given_, **words})


SWEEP = made()
TOLD = SWEEP.head(SWEEP.cells)


def same(found):
    """Python values with NaN for None, as pandas has them."""
    return [None if each is None or each != each else each for each in found]  # noqa: PLR0124  # NaN is not itself


def test_an_arrow_table_has_the_rows_of_the_sweep():
    assert pa.table(SWEEP).to_pydict() == TOLD
    assert SWEEP.to_arrow().to_pydict() == TOLD
    assert {name for name, cells in TOLD.items() if None in cells} >= {
        "feasible",
        "refused_by",
        "node_subnet_prefix_length",
        "pod_range_kind",
        "pod_range_addresses",
        "pod_range_free",
        "months_left",
    }


def test_a_polars_frame_has_the_rows_of_the_sweep():
    for frame in (pl.DataFrame(SWEEP), SWEEP.to_polars()):
        assert frame.to_dict(as_series=False) == TOLD


def test_a_pandas_frame_has_the_rows_of_the_sweep():
    for frame in (SWEEP.to_pandas(), pd.DataFrame.from_arrow(SWEEP)):
        assert [*frame.columns] == NAMES
        for name in NAMES:
            assert same(frame[name].tolist()) == TOLD[name]
        assert [*frame["model"].cat.categories] == MODELS


def test_a_parquet_file_has_the_rows_of_the_sweep(tmp_path):
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table(SWEEP), path)
    assert pq.read_table(path).to_pydict() == TOLD
    assert pl.read_parquet(path).to_dict(as_series=False) == TOLD


@given(
    st.lists(strategies.nodes, min_size=1, max_size=4),
    st.lists(strategies.max_pods, min_size=1, max_size=3),
    st.integers(1, 5),
)
def test_batches_are_the_chunks_whatever_their_size(nodes, max_pods, size):
    found = made(nodes=nodes, max_pods=max_pods)
    batches = [arrow.batch(found.columns, rows) for rows in found.chunks(size)]
    table = pa.Table.from_batches(batches)
    assert table.to_pydict() == found.head(found.cells)
    assert table.schema == arrow.schema(found.columns)


def test_the_schema_says_what_the_columns_are():
    found = arrow.schema(SWEEP.columns)
    assert found.metadata == {b"ipplan": __version__.encode()}
    types = {
        "model": pa.dictionary(pa.int32(), pa.string()),
        "nodes": pa.int64(),
        "feasible": pa.bool_(),
        "node_subnet_prefix_length": pa.uint8(),
        "months_left": pa.float64(),
        "input_growth_per_year": pa.float64(),
    }
    assert {name: found.field(name).type for name in types} == types
    assert found.field("nodes").metadata == {
        b"unit": b"nodes",
        b"meaning": b"without surge; all growth included",
    }
    assert pa.table(SWEEP).schema.equals(found, check_metadata=True)


def test_numbers_without_gaps_are_not_copied():
    names = ["nodes", "vnet_addresses", "node_subnet_prefix_length", "months_left"]
    found = made(nodes=[3, 60], growth_per_year=[12.5], columns=names)
    (rows, *_) = found.chunks()
    batch = arrow.batch(found.columns, rows)
    for name in names:
        buffer = batch.column(name).buffers()[1]
        assert buffer.address == rows[name].ctypes.data
        assert batch.column(name).null_count == 0


def test_no_answer_is_not_among_the_labels():
    table = pa.table(SWEEP)
    for name in ("refused_by", "pod_range_kind"):
        for chunk in table.column(name).chunks:
            assert "" not in chunk.dictionary.to_pylist()
        assert table.column(name).null_count > 0


def test_a_filter_may_leave_no_row():
    assert pa.table(made(where="nodes < 3")).num_rows == 0
    assert pa.table(made(where="feasible")).to_pydict() == {
        name: [each for each, ok in zip(cells, TOLD["feasible"], strict=True) if ok]
        for name, cells in TOLD.items()
    }


def test_a_stream_is_worked_out_chunk_by_chunk():
    told = []
    found = sweep(nodes=f"1:{3 * CHUNK + 1}", model="kubenet", columns=["nodes"])
    reader = arrow.reader(found, told.append)
    assert told == []
    assert reader.read_next_batch().num_rows == CHUNK
    assert told == [CHUNK]
    assert [batch.num_rows for batch in reader] == [CHUNK, CHUNK, 1]
    assert told == [CHUNK, CHUNK, CHUNK, 1]


def test_a_stream_holds_no_more_than_a_few_chunks():
    found = sweep(nodes=f"1:{9 * CHUNK}", model="kubenet", columns=["nodes"])
    before = pa.total_allocated_bytes()
    for batch in arrow.reader(found):
        assert pa.total_allocated_bytes() - before <= 2 * batch.nbytes


def test_a_column_of_the_stream_is_the_column_of_the_sweep():
    found = made(columns=["nodes", "max_pods", "model"])
    table = pa.table(found)
    for name in ("nodes", "max_pods"):
        assert (table[name].to_numpy() == found[name].ravel()).all()
    codes = np.concatenate([c.indices.to_numpy() for c in table["model"].chunks])
    assert (codes == found["model"].ravel()).all()


def test_rows_of_other_chunks_are_plain_values_too():
    (rows, *_) = SWEEP.chunks(5)
    assert plain(SWEEP.columns, rows) == {name: c[:5] for name, c in TOLD.items()}


def test_without_pyarrow_the_way_out_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for ask in (arrow.pyarrow, SWEEP.to_arrow, SWEEP.__arrow_c_stream__):
        with pytest.raises(ArgumentError) as caught:
            ask()
        assert str(caught.value) == "pyarrow is missing: pip install ipplan[arrow]"
