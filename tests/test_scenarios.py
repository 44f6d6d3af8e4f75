"""Scenarios out of files: the same values whatever the spelling, every problem told."""

import errno
import os
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from ipplan.errors import ArgumentError, InventoryError
from ipplan.readers import scenarios
from ipplan.readers.cells import of_numbers, of_texts
from ipplan.readers.scenarios import read_scenarios
from ipplan.sweeps.axes import AXES
from ipplan.sweeps.sweeps import sweep


@pytest.fixture
def write(tmp_path):
    def written(content, name="found.csv"):
        file = tmp_path / name
        if isinstance(content, dict):
            parquet.write_table(pa.table(content), file)
        else:
            data = content if isinstance(content, bytes) else content.encode()
            file.write_bytes(data)
        return file

    return written


def plain(found):
    return {name: np.asarray(each).tolist() for name, each in found.items()}


def problems(file):
    with pytest.raises(InventoryError) as told:
        read_scenarios(file)
    assert str(told.value) == "\n".join(f"{file}{each}" for each in told.value.problems)
    return told.value.problems


EXPECTED = {
    "nodes": [3, 40],
    "max_surge": ["10%", "1"],
    "node_subnet": [24, 22],
    "growth": [0, 50],
    "growth_per_year": [0.5, 12.0],
}

TEXT = (
    "Nodes,max-surge,NODE_SUBNET,growth,Growth per year\n"
    "3,10%,24,0%,0.5\n"
    "40,1,/22,50,12%\n"
)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "\ufeff" + TEXT,
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n", "\r"),
        TEXT.replace(",", ";"),
        TEXT.replace(",", "\t"),
        "\n" + TEXT.replace("\n", "\n , ,,,\n"),
        TEXT.replace("3", '"3"').replace("Nodes", '" Nodes "'),
        TEXT.rstrip("\n").replace("40", " 40 "),
        TEXT.encode("utf-16"),
    ],
)
def test_every_spelling_of_a_table_is_read_alike(write, text):
    assert plain(read_scenarios(write(text))) == EXPECTED


def test_a_tsv_and_an_ending_in_capitals_are_read_too(write):
    file = write(TEXT.replace(",", "\t"), "FOUND.TSV")
    assert plain(read_scenarios(str(file))) == EXPECTED


PARQUET = {
    "Nodes": pa.array([3, 40], pa.uint64()),
    "max-surge": pa.array(["10%", "1"]).dictionary_encode(),
    "node_subnet": pa.array(["24", "/22"], pa.large_string()),
    "growth": pa.array([0.0, 50.0]),
    "growth_per_year": [0.5, 12.0],
}


def test_a_parquet_file_is_read_alike(write):
    assert plain(read_scenarios(write(PARQUET, "found.parquet"))) == EXPECTED


def test_numbers_of_the_surge_are_counts(write):
    found = read_scenarios(write({"nodes": [3], "max_surge": [2]}, "x.parquet"))
    assert plain(found) == {"nodes": [3], "max_surge": ["2"]}


@pytest.mark.parametrize("name", ["x.csv", "x.parquet"])
def test_blocks_are_joined_and_rows_counted_through(write, monkeypatch, name):
    monkeypatch.setattr(scenarios, "BLOCK", 3)
    values = [*range(1, 11)]
    rows = "".join(f"{each},1\n" for each in values)
    surges = ["1"] * 10
    table = {"nodes": values, "max_surge": surges}
    content = table if name == "x.parquet" else "nodes,max_surge\n" + rows
    assert plain(read_scenarios(write(content, name))) == table
    bad = {"nodes": [*values, 0], "max_surge": [*surges, "1"]}
    content = bad if name == "x.parquet" else "nodes,max_surge\n" + rows + "0,1\n"
    (told,) = problems(write(content, name))
    row = 11 if name == "x.parquet" else 12
    assert told == (
        f" row {row} nodes: "
        + ("0" if name == "x.parquet" else "'0'")
        + ": a whole number from 1 to 4,294,967,295"
    )


def test_what_was_read_can_be_swept(write):
    read = read_scenarios(write(TEXT))
    found = sweep(scenarios=read, model="cni-overlay")
    assert found.shape == (1, 2)
    assert found["max_surge"].tolist() == [[0, 1]]


# What each axis takes


@pytest.mark.parametrize("name", AXES)
def test_an_axis_takes_its_bounds_and_nothing_beyond(name):
    axis = AXES[name]
    ends = [axis.low, axis.high]
    beyond = [axis.low - 1, axis.high + 1]
    values, wrong = of_texts(axis, [*map(str, ends)])
    assert [*map(int, values)] == ends
    assert not wrong.size
    assert of_texts(axis, [*map(str, beyond)])[1].tolist() == [0, 1]
    values, wrong = of_numbers(axis, np.array(ends))
    assert [*map(int, values)] == ends
    assert not wrong.size
    assert of_numbers(axis, np.array(beyond))[1].tolist() == [0, 1]


WRONG = ["", " ", "-1", "+1", "1_0", "1.5", "1e3", "0x1", "\u0663", "9" * 19, "abc"]


@pytest.mark.parametrize("text", WRONG)
@pytest.mark.parametrize("name", ["nodes", "max_pods", "max_surge", "node_subnet"])
def test_text_that_is_no_whole_number_is_refused(name, text):
    good = "24"
    _, wrong = of_texts(AXES[name], [good, text, good])
    assert wrong.tolist() == [1]


@pytest.mark.parametrize(
    ("name", "text"),
    [("max_surge", "101%"), ("node_subnet", "/33"), ("nodes", "5%"), ("growth", "5%%")],
)
def test_endings_are_taken_only_where_they_belong(name, text):
    assert of_texts(AXES[name], [text])[1].tolist() == [0]


@given(st.lists(st.integers(0, 10**19) | st.integers(0, 5_000), min_size=1))
def test_the_fast_way_reads_as_the_slow_one(numbers):
    axis = AXES["nodes"]
    cells = [str(each) for each in numbers]
    values, wrong = of_texts(axis, cells)
    right = [axis.low <= each <= axis.high for each in numbers]
    assert wrong.tolist() == [n for n, each in enumerate(right) if not each]
    if all(right):
        assert np.asarray(values).tolist() == numbers
        slow, _ = of_texts(axis, [f" {each}" for each in cells])
        assert slow == numbers


def test_numbers_that_are_none_are_refused():
    cells = np.array([2.5, np.nan, np.inf, 3.0])
    assert of_numbers(AXES["nodes"], cells)[1].tolist() == [0, 1, 2]
    assert of_numbers(AXES["growth_per_year"], cells)[1].tolist() == [1, 2]


# What is no table of scenarios


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", [": no scenario in it"]),
        ("\n\n", [": no scenario in it"]),
        ("nodes,max_pods\n", [": no scenario in it"]),
        ("nodes\n1\n\n0\n", [" row 4 nodes: '0': a whole number from 1 to "]),
        ("nodes,growth\n1,2\n3\n", [" row 3: 2 cells expected, as in the head"]),
        ("nodes,growth\n1,2,\n", [" row 2: 2 cells expected, as in the heading, go"]),
        ("nodes,growth\n,1\n", [" row 2 nodes: empty: a whole number from 1 to"]),
        ("nodes,max_surge\n1,x\n", [" row 2 max_surge: 'x': a number of nodes su"]),
        ("nodes,pod_cidr\n1,/0\n", [" row 2 pod_cidr: '/0': a prefix length from /1"]),
        ('nodes\n"1\n', [" line 2: not CSV: "]),
        ("1,2\n3,4\n", [" row 1: no heading; columns are named after axes: nodes, "]),
        (
            "nodes,pots,Nodes,\n1,2,3,\n",
            [
                " row 1 column 2: 'pots'; columns are named after axes: nodes, ",
                " row 1 column 3: 'Nodes' is there twice",
                " row 1 column 4: empty; columns are named after",
            ],
        ),
        (b"nodes\n\xff\n", [": not text in UTF-8 or UTF-16"]),
    ],
)
def test_what_is_wrong_is_told_with_its_place(write, text, told):
    found = problems(write(text))
    assert len(found) == len(told)
    for one, start in zip(found, told, strict=True):
        assert one.startswith(start)


def test_hostile_text_is_quoted_and_cut(write):
    (told,) = problems(write("nodes\n" + "\x1b[2J" + "x" * 500 + "\n"))
    assert "\x1b" not in told
    assert len(told) < 200


def test_no_more_than_twenty_problems_are_told(write):
    assert len(problems(write("nodes,growth\n" + "0,-\n" * 100))) == 20
    assert len(problems(write("nodes,growth\n" + "1\n" * 100))) == 20
    empty = {"nodes": pa.array([None] * 100, pa.int64())}
    assert len(problems(write(empty, "x.parquet"))) == 20


def test_a_parquet_file_tells_its_gaps_and_what_cannot_be_read(write):
    gap = {"nodes": [3, None, 5]}
    assert problems(write(gap, "x.parquet")) == [
        " row 2 nodes: empty: a whole number from 1 to 4,294,967,295"
    ]
    (told,) = problems(write({"nodes": [True]}, "x.parquet"))
    assert told == " column nodes: bool: numbers, or text"
    (told,) = problems(write({"pots": [1]}, "x.parquet"))
    assert told.startswith(": no heading; ")
    (told,) = problems(write({"nodes": pa.array([], pa.int64())}, "x.parquet"))
    assert told == ": no scenario in it"
    (told,) = problems(write("nodes\n1\n", "x.parquet"))
    assert told.startswith(": ")
    assert "\n" not in told


def test_too_many_rows_are_refused(write, monkeypatch):
    monkeypatch.setattr(scenarios, "MOST_VALUES", 2)
    assert len(read_scenarios(write("nodes\n1\n2\n"))["nodes"]) == 2
    assert problems(write("nodes\n1\n2\n3\n")) == [": more than 2 rows"]


@pytest.mark.parametrize("name", ["-", "x", "x.json", ""])
def test_other_endings_are_refused(name):
    (told,) = problems(name)
    assert told.endswith("a file that ends with one of .csv, .tsv, .parquet")
    assert ("standard input is not read" in told) == (name == "-")


def test_what_cannot_be_opened_is_told(tmp_path, monkeypatch):
    (tmp_path / "x.csv").mkdir()
    assert problems(tmp_path / "x.csv") == [": Is a directory"]
    assert problems("x\0.csv") == [": embedded null byte"]

    def unreadable(*_, **__):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "open", unreadable)
    assert problems("y.csv") == [": Input/output error"]


def test_a_missing_pyarrow_is_told_with_the_way_out(write, monkeypatch):
    file = write({"nodes": [1]}, "x.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ArgumentError, match=r"pip install ipplan\[arrow\]"):
        read_scenarios(file)


def test_a_line_without_end_is_told(write, monkeypatch):
    monkeypatch.setattr(scenarios, "LONGEST_LINE", 10)
    assert read_scenarios(write("nodes\n123456789\n"))["nodes"].tolist() == [123456789]
    told = [": a line is longer than 10 characters"]
    assert problems(write("nodes\n1234567890\n")) == told
    assert problems(write("nodes     \n1\n")) == told


def test_devices_and_pipes_are_not_read(tmp_path):
    pipe = tmp_path / "x.csv"
    os.mkfifo(pipe)
    assert problems(pipe) == [": a device or a pipe; copy it to a file"]


def test_long_text_that_is_there_often_is_held_once(write):
    text = pa.array(["x" * 1_000_000] * 1_000)
    tracemalloc.start()
    file = write({"nodes": text.dictionary_encode()}, "x.parquet")
    assert len(problems(file)) == 20
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000_000


def test_codes_of_numbers_are_read_as_numbers(write):
    coded = pa.array([7, 5, 7]).dictionary_encode()
    assert read_scenarios(write({"nodes": coded}, "x.parquet"))["nodes"].tolist() == [
        7,
        5,
        7,
    ]


@pytest.mark.parametrize("kind", ["float16", "float32"])
@pytest.mark.filterwarnings("error")
def test_narrow_numbers_are_compared_as_wide_ones(kind):
    high = AXES["nodes"].high
    cells = np.array([1, high + 1], "float64").clip(0, np.finfo(kind).max).astype(kind)
    wrong = of_numbers(AXES["nodes"], cells)[1]
    assert wrong.tolist() == ([1] if kind == "float32" else [])
