"""Files of a sweep: whole or not there, and the same however often it was stopped."""

import csv
import errno
import json
import os
import random
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from math import isnan
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from ipplan import writers
from ipplan.errors import ArgumentError
from ipplan.sweeps.columns import COLUMNS, Column, missing
from ipplan.sweeps.sweeps import sweep
from ipplan.writers import WRITERS, requests, write_sweep
from ipplan.writers import csv as csv_writer
from ipplan.writers.locks import Busy, locked
from ipplan.writers.parts import put
from tests.steps import Steps, forked, kill

ENDINGS = sorted(WRITERS)

SMALL = {"nodes": "1,40:500:60", "max_pods": [30, 250], "max_surge": "1,33%"}
"""Two models of 36 cells: with chunks of 7 cells, six parts of two chunks."""

FEW = 4
"""Steps of each kind that CSV is stopped at; it is the fastest to write."""

MODELS = ("cni-overlay", "cni-node-subnet")


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(writers, "CHUNK", 7)
    monkeypatch.setattr(writers, "PART", 2)


def small(**more):
    return sweep(**{"model": MODELS, **SMALL, **more})


@pytest.fixture
def reference(tmp_path):
    """The bytes of a file that was written in one go."""

    def written(ending, **more):
        file = tmp_path / f"reference{ending}"
        write_sweep(small(**more), file)
        return file.read_bytes()

    return written


def stopped(monkeypatch, at, act, file, **how):
    """Write, and stop at a step; give back how it ended and the steps."""
    with monkeypatch.context() as patched:
        steps = Steps(patched, at, act)
        try:
            write_sweep(small(), file, **how)
        except (ArgumentError, KeyboardInterrupt) as error:
            return str(error), steps.names
    return "", steps.names


def picked_steps(monkeypatch, tmp_path, ending, most):
    """Some steps of a run: of each kind so many, or all there are."""
    _, names = stopped(monkeypatch, 0, None, tmp_path / f"counted{ending}")
    kinds = {"open", "write", "fsync", "replace", "unlink", "rmdir", "mkdir"}
    assert kinds <= {*names}
    chance = random.Random(5)  # noqa: S311  # no secret
    steps = []
    for kind in sorted({*names}):
        of_kind = [number for number, name in enumerate(names, 1) if name == kind]
        steps += chance.sample(of_kind, min(most, len(of_kind)))
    return steps


def names_in(folder):
    return sorted(each.name for each in folder.iterdir())


# What is in the files


def cells(column, values):
    """A column's kept values as people write them, one by one."""
    gaps = missing(column, values)
    for number, value in enumerate(values.tolist()):
        if gaps is not None and gaps[number]:
            yield None
        elif column.kind == "label":
            yield column.labels[value]
        else:
            yield bool(value) if column.kind == "truth" else value


def records(found):
    columns = {each.name: [] for each in found.columns}
    for rows in found.chunks():
        for each in found.columns:
            columns[each.name] += cells(each, rows[each.name])
    return columns


EVERY = [name for name in COLUMNS if not name.startswith("input_")]


def everything():
    return small(
        columns=[*EVERY, "input_nodes", "input_growth_per_year"],
        growth_per_year=np.array([0.0, 12.5]),
        node_subnet="20,29",
    )


def spelled(value):
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("ending", [".csv", ".tsv"])
def test_text_has_every_row_of_the_sweep(tmp_path, ending):
    found, file = everything(), tmp_path / f"found{ending}"
    assert write_sweep(found, file).rows == found.cells
    text = file.read_text(encoding="utf-8")
    rows = csv.reader(text.splitlines(), delimiter=csv_writer.DELIMITERS[ending])
    header, *body = rows
    expected = records(found)
    assert header == list(expected)
    assert text.endswith("\n")
    assert "\r" not in text
    for column, name in zip(zip(*body, strict=True), header, strict=True):
        assert list(column) == [*map(spelled, expected[name])], name


@pytest.mark.parametrize("ending", [".parquet", ".arrow"])
def test_tables_have_every_row_of_the_sweep(tmp_path, ending):
    from pyarrow import ipc, parquet

    found, file = everything(), tmp_path / f"found{ending}"
    assert write_sweep(found, file).rows == found.cells
    with file.open("rb") as opened:
        read = parquet.read_table if ending == ".parquet" else ipc.open_file
        table = read(opened)
        table = table if ending == ".parquet" else table.read_all()
    assert table.to_pydict() == records(found)
    assert table.schema.equals(found.to_arrow().schema, check_metadata=True)
    assert not any(isnan(each) for each in table["months_left"].drop_null().to_pylist())


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_filter_may_leave_parts_or_all_of_it_empty(tmp_path, ending):
    some = write_sweep(small(where="nodes > 300"), tmp_path / f"some{ending}")
    assert 0 < some.rows < small().cells
    none = write_sweep(small(where="nodes > 9000"), tmp_path / f"none{ending}")
    assert none.rows == 0
    assert none.path.stat().st_size


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_executor_changes_no_byte(tmp_path, reference, ending):
    with ThreadPoolExecutor(2) as executor:
        file = write_sweep(small(executor=executor), tmp_path / f"x{ending}").path
    assert file.read_bytes() == reference(ending)


def label(*texts):
    return Column("name", "", "", "label", "uint16", None, texts)


def test_text_is_inert_and_quoted():
    codes = np.arange(3)
    column = label("=1+1", 'a,"b', "plain")
    assert csv_writer._cells(column, codes, ",", "") == [
        "'=1+1",
        '"a,""b"',
        "plain",
    ]


def test_a_column_alone_has_no_blank_lines(tmp_path):
    found = small(columns=["refused_by"], max_pods=30)
    file = write_sweep(found, tmp_path / "x.csv").path
    lines = file.read_text().splitlines()
    assert len(lines) == 1 + found.cells
    assert '""' in lines
    assert "" not in lines


# Where it goes


def test_what_was_written_is_told(tmp_path):
    told = write_sweep(small(), tmp_path / "x.csv")
    assert told == (tmp_path / "x.csv", small().cells, -(-2 * -(-36 // 7) // 2), 0)
    assert names_in(tmp_path) == ["x.csv"]


def test_progress_tells_every_cell_once_resumed_or_not(tmp_path, monkeypatch):
    told = []
    write_sweep(small(), tmp_path / "x.csv", progress=told.append)
    assert sum(told) == small().cells
    file = tmp_path / "y.csv"
    stopped(monkeypatch, 30, interrupt, file)
    again = []
    write_sweep(small(), file, resume=True, progress=again.append)
    assert sum(again) == small().cells
    assert len(again) < len(told)


def test_a_link_is_followed_and_the_mode_is_kept(tmp_path, reference):
    (tmp_path / "there").mkdir()
    real = tmp_path / "there" / "real.data"
    real.write_text("before")
    real.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(real)
    assert write_sweep(small(), link).path == real
    assert link.is_symlink()
    assert real.read_bytes() == reference(".csv")
    assert real.stat().st_mode & 0o777 == 0o640
    assert names_in(real.parent) == ["real.data"]


def refused(file, *words, **how):
    with pytest.raises(ArgumentError) as told:
        write_sweep(small(), file, **how)
    message = str(told.value)
    assert "\n" not in message
    for word in words:
        assert word in message
    return message


@pytest.mark.parametrize("name", ["x", "x.feather", "x.csv.gz", ".csv", "", "-"])
def test_an_unknown_ending_is_refused(tmp_path, name):
    refused(name, "out '", ".csv, .tsv, .parquet, .arrow")
    assert names_in(tmp_path) == []


def test_what_can_be_no_file_is_refused_before_any_work(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "null.csv").symlink_to("/dev/null")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    before = names_in(tmp_path)
    refused(tmp_path / "folder.csv", "this is a folder")
    refused(tmp_path / "null.csv", "a device")
    refused(tmp_path / "loop.csv", "loop")
    refused(tmp_path / "none" / "x.csv", "there is no folder")
    refused(tmp_path / "null.csv" / "x.csv", "there is no folder")
    refused(tmp_path / "x\0.csv", "null")
    refused(tmp_path / ("x" * 250 + ".csv"), "too long")
    assert names_in(tmp_path) == before


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path, monkeypatch):
    def mkdir(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", mkdir)
    refused(tmp_path / "x.csv", "Permission denied")


def test_what_stands_where_the_parts_go_is_left_alone(tmp_path):
    file = tmp_path / "x.csv"
    (tmp_path / "x.csv.parts").write_text("mine")
    refused(file, "File exists")
    other = tmp_path / "y.csv.parts"
    other.mkdir()
    (other / "mine.txt").write_text("mine")
    refused(tmp_path / "y.csv", "none of ipplan's")
    assert names_in(other) == ["mine.txt"]


def test_a_missing_pyarrow_is_told_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ArgumentError, match=r"ipplan\[arrow\]"):
        write_sweep(small(), tmp_path / "x.parquet")
    assert names_in(tmp_path) == []


# Stopped, and going on


def interrupt():
    raise KeyboardInterrupt


def full():
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def check_what_is_left(file, before, message):
    """Nothing is half; what is complete is said, or there is nothing left."""
    folder = file.with_name(file.name + ".parts")
    assert file.read_bytes() == before
    assert {*names_in(file.parent)} <= {file.name, folder.name}
    if "complete" in message:
        left = json.loads((folder / "manifest.json").read_bytes())["parts"]
        assert message.count(f"{len(left)} of 6 parts are complete") == 1
        assert "--resume" in message
        assert not [name for name in names_in(folder) if name.endswith(".new")]
        refused(file, f"{len(left)} of its parts", "--resume goes on")


@pytest.mark.parametrize("act", [full, interrupt])
@pytest.mark.parametrize("ending", [".csv", ".parquet", ".arrow"])
def test_stopped_at_any_step_it_goes_on_to_the_same_bytes(
    tmp_path, monkeypatch, reference, ending, act
):
    whole = reference(ending)
    steps = picked_steps(monkeypatch, tmp_path, ending, FEW if ending == ".csv" else 2)
    work = tmp_path / "work"
    work.mkdir()
    file = work / f"x{ending}"
    for at in steps:
        file.write_bytes(b"before")
        message, names = stopped(monkeypatch, at, act, file)
        if file.read_bytes() != whole:
            check_what_is_left(file, b"before", message)
            assert act is interrupt or "No space left on device" in message
        else:
            assert names[at - 1] in {"replace", "unlink", "rmdir"}
        write_sweep(small(), file, resume=True)
        assert file.read_bytes() == whole
        assert names_in(work) == [file.name]


def killed(monkeypatch, file, at):
    """Write in a process that is killed at a step; whether it was."""
    status = forked(lambda: stopped(monkeypatch, at, kill, file, resume=True))
    assert status in {0, signal.SIGKILL}
    return status == signal.SIGKILL


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".arrow"])
def test_killed_at_any_step_it_goes_on_to_the_same_bytes(
    tmp_path, monkeypatch, reference, ending
):
    whole = reference(ending)
    steps = picked_steps(monkeypatch, tmp_path, ending, FEW if ending == ".csv" else 2)
    work = tmp_path / "work"
    work.mkdir()
    file = work / f"x{ending}"
    for at in steps:
        file.write_bytes(b"before")
        assert killed(monkeypatch, file, at)
        assert file.read_bytes() in {b"before", whole}
        write_sweep(small(), file, resume=True)
        assert file.read_bytes() == whole
        assert names_in(work) == [file.name]


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_killed_again_and_again_it_comes_to_the_same_bytes(
    tmp_path, monkeypatch, reference, ending
):
    chance = random.Random(7)  # noqa: S311  # no secret
    file = tmp_path / f"x{ending}"
    kills = sum(killed(monkeypatch, file, chance.randint(10, 45)) for _ in range(10))
    assert kills >= 5
    write_sweep(small(), file, resume=True)
    assert file.read_bytes() == reference(ending)
    assert names_in(tmp_path) == [f"reference{ending}", file.name]


def interrupted(monkeypatch, file):
    message, _ = stopped(monkeypatch, 30, interrupt, file)
    assert "parts are complete" in message
    return file.with_name(file.name + ".parts")


def test_parts_that_are_complete_can_be_read(tmp_path, monkeypatch):
    folder = interrupted(monkeypatch, tmp_path / "x.csv")
    first = (folder / "part-000000.csv").read_text().splitlines()
    assert len(first) == 1 + 14
    assert first[1].startswith("cni-")


def test_resume_takes_what_was_complete(tmp_path, monkeypatch):
    file = tmp_path / "x.csv"
    folder = interrupted(monkeypatch, file)
    done = len(json.loads((folder / "manifest.json").read_bytes())["parts"])
    assert write_sweep(small(), file, resume=True).resumed == done > 0


def test_resume_works_where_nothing_was_begun(tmp_path, reference):
    file = tmp_path / "x.csv"
    assert write_sweep(small(), file, resume=True).resumed == 0
    assert file.read_bytes() == reference(".csv")


@pytest.mark.parametrize(
    "change", [lambda text: text[:-1], lambda text: text.replace(b"cni-", b"CNI-")]
)
def test_a_part_that_was_changed_is_made_again(
    tmp_path, monkeypatch, reference, change
):
    file = tmp_path / "x.csv"
    folder = interrupted(monkeypatch, file)
    part = folder / "part-000001.csv"
    part.write_bytes(change(part.read_bytes()))
    assert write_sweep(small(), file, resume=True).resumed == 1
    assert file.read_bytes() == reference(".csv")


CHANGES = {
    "model was cni-overlay, cni-node-subnet, is kubenet": {"model": "kubenet"},
    "nodes was 1, 40, 100": {"nodes": "1,40:500:61"},
    "max_surge was 1, 33%, is 1, 34%": {"max_surge": "1,34%"},
    "columns was": {"columns": ["nodes"]},
    "where was not given, is nodes > 3": {"where": "nodes > 3"},
    "growth was not given, is 0, 10": {"growth": [0, 10]},
    "needs was not given, is windows": {"needs": ["windows"]},
    "blue_green was not given, is True": {"blue_green": True},
    "nodes was 1, 40, 100, 160, 220, 280, 340, 400, 460, is normal(200.0,30.0)": {
        "nodes": "normal(200,30)",
        "samples": 9,
    },
}


@pytest.mark.parametrize("told", CHANGES)
def test_resume_refuses_other_arguments(tmp_path, monkeypatch, told):
    file = tmp_path / "x.csv"
    folder = interrupted(monkeypatch, file)
    before = names_in(folder)
    with pytest.raises(ArgumentError, match=r"^resume with other arguments: ") as error:
        write_sweep(small(**CHANGES[told]), file, resume=True)
    assert told in str(error.value)
    assert "\n" not in str(error.value)
    assert names_in(folder) == before


def asked(**more):
    return requests.request(small(**more), ".csv", 7, {})


def test_the_order_of_axes_and_the_luck_count_too():
    turned = sweep(model=MODELS, **dict(reversed(SMALL.items())))
    told = requests.changes(asked(), requests.request(turned, ".csv", 7, {}))
    assert told.startswith("dimensions was ")
    drawn = {"nodes": "normal(200,30)", "samples": 5}
    changed = requests.changes(asked(**drawn, seed=1), asked(**drawn, seed=2))
    assert changed == "seed was 1, is 2"


def test_long_axes_are_told_by_their_end_or_not_at_all():
    long = np.arange(1, 101)
    other = long.copy()
    other[50] = 7
    one, two = asked(nodes=long), asked(nodes=other)
    assert requests.changes(one, two) == "nodes has other values"
    assert requests.changes(one, asked(nodes=long.astype("int32"))) == ""
    told = requests.changes(one, asked(nodes=long[None, :99]))
    assert told == "nodes was 100 values up to 100, is 1 x 99 values up to 99"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"kind": "x", "asked": {}, "parts": [], "digest": ""}',
        '{"kind": "x", "asked": {}, "parts": [[1e400, 2]], "digest": ""}',
    ],
)
def test_a_damaged_manifest_is_told(tmp_path, monkeypatch, text):
    file = tmp_path / "x.csv"
    folder = interrupted(monkeypatch, file)
    (folder / "manifest.json").write_text(text)
    for resume in (True, False):
        refused(file, "damaged", "remove the folder", resume=resume)


@pytest.mark.parametrize("was", [[1], {"x": 1}, {"axes": {"nodes": {"x": 1}}}])
def test_a_manifest_of_another_form_is_told(tmp_path, monkeypatch, was):
    file = tmp_path / "x.csv"
    manifest = interrupted(monkeypatch, file) / "manifest.json"
    found = json.loads(manifest.read_bytes())
    found |= {"asked": was, "digest": requests.digest(was)}
    manifest.write_text(json.dumps(found))
    refused(file, "damaged", "remove the folder", resume=True)


class Worker:
    """Works as it is told, on the grid of another."""

    def __init__(self, call, work):
        self.call = call
        self.grid, self.columns, self.where = work.grid, work.columns, work.where

    def __call__(self, span):
        return self.call(span)


def test_an_error_of_a_worker_leaves_complete_parts(tmp_path, reference):
    found = small()
    work, calls = found.work, []

    def broken(span):
        calls.append(span)
        if len(calls) > 5:
            raise OSError(errno.EPIPE, "a worker is gone")
        return work(span)

    found.work = Worker(broken, work)
    file = tmp_path / "x.csv"
    with pytest.raises(OSError, match="a worker is gone"):
        write_sweep(found, file)
    assert write_sweep(small(), file, resume=True).resumed == 2
    assert file.read_bytes() == reference(".csv")


# Two at once


def test_a_second_writer_of_the_same_process_is_refused(tmp_path, reference):
    file = tmp_path / "x.csv"

    def second(_cells):
        refused(file, "another ipplan is writing it")
        refused(file, "another ipplan is writing it", resume=True)

    write_sweep(small(), file, progress=second)
    assert file.read_bytes() == reference(".csv")


def test_a_second_process_is_refused(tmp_path):
    file = tmp_path / "x.csv"

    def second(_cells):
        status = forked(lambda: first_is_refused(file))
        assert status == 0

    def first_is_refused(file):
        from ipplan.writers import locks

        locks._HELD.clear()  # a process of its own has not inherited it
        refused(file, "another ipplan is writing it")

    write_sweep(small(), file, progress=second)
    assert names_in(tmp_path) == ["x.csv"]


def test_windows_locks_likewise(tmp_path, monkeypatch):
    held = []

    def locking(number, how, count):
        held.append((how, count))
        if len(held) > 1:
            raise PermissionError(errno.EACCES, "Permission denied")
        assert number > 0

    monkeypatch.setitem(sys.modules, "fcntl", None)
    fake = SimpleNamespace(locking=locking, LK_NBLCK=2)
    monkeypatch.setitem(sys.modules, "msvcrt", fake)
    with locked(tmp_path / "one"):
        assert names_in(tmp_path / "one") == ["lock"]
    with pytest.raises(Busy), locked(tmp_path / "one"):
        pass
    assert held == [(2, 1), (2, 1)]


def test_a_process_that_is_killed_lets_go(tmp_path):
    def held():
        with locked(tmp_path / "one"):
            kill()

    assert forked(held) == signal.SIGKILL
    assert names_in(tmp_path / "one") == ["lock"]
    with locked(tmp_path / "one"):
        assert names_in(tmp_path / "one") == ["lock"]


def test_what_is_put_is_there_whole_or_not_at_all(tmp_path):
    file = tmp_path / "x"
    put(file, lambda opened: opened.write(b"one"))

    def fails(opened):
        opened.write(b"two")
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        put(file, fails)
    assert file.read_bytes() == b"one"
    assert names_in(tmp_path) == ["x"]
