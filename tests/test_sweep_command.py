"""``ipplan sweep``: rows, summaries, files and charts as a user gets them."""

import csv
import inspect
import io
import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor

import jsonschema
import pyarrow.parquet as pq
import pytest

import ipplan
from ipplan.cli import main
from ipplan.cli.progress import Progress
from ipplan.cli.sweep import sweep as command
from ipplan.schemas import json_schema
from ipplan.sweeps.axes import AXES

GRID = ("--nodes", "10:30:10", "--max-pods", "30,110", "--model", "cni-node-subnet")
SWEEP = {"nodes": "10:30:10", "max_pods": "30,110", "model": "cni-node-subnet"}


def document(outcome):
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    jsonschema.validate(found, json_schema("sweep"))
    return found


def test_a_table_has_a_row_for_each_combination(cli):
    lines = cli("sweep", *GRID).out.splitlines()
    rows = [line.split() for line in lines if line.startswith("cni-node-subnet")]
    assert [row[1:3] for row in rows] == [
        [nodes, pods] for nodes in ("10", "20", "30") for pods in ("30", "110")
    ]
    assert all(len(line) <= 80 for line in lines)


def test_a_long_table_says_how_many_rows_more_there_are(cli):
    found = cli("sweep", "--nodes", "1:50", "--model", "kubenet")
    assert found.out.count("\nkubenet ") == 40
    assert "10 more" in found.out


def test_the_document_holds_what_the_library_gives(cli):
    found = document(cli("sweep", *GRID, "-o", "json"))
    frame = ipplan.sweep(**SWEEP).to_pandas()
    assert [row["vnet_addresses"] for row in found["rows"]] == list(
        frame["vnet_addresses"]
    )
    assert (found["cells"], found["more"], found["summary"]) == (6, 0, None)


def test_csv_on_standard_output_has_every_row(cli):
    found = cli("sweep", "--nodes", "1:200000:3", "--model", "kubenet", "-o", "csv")
    rows = list(csv.DictReader(io.StringIO(found.out)))
    assert len(rows) == 66_667
    assert [row["nodes"] for row in rows[:3]] == ["1", "4", "7"]


def test_tsv_is_csv_with_tabs(cli):
    found = cli("sweep", *GRID, "-o", "tsv", "--columns", "nodes,vnet_addresses")
    assert found.out.splitlines()[:2] == ["nodes\tvnet_addresses", "10\t341"]


def test_a_summary_is_what_the_library_says(cli):
    found = document(cli("sweep", *GRID, "--summary", "-o", "json"))
    assert found["rows"] is None
    (model,) = found["summary"]["models"]
    assert (model["model"], model["cells"], model["feasible"]) == (
        "cni-node-subnet",
        6,
        6,
    )


def test_a_summary_is_no_long_csv(cli):
    found = cli("sweep", *GRID, "--summary", "-o", "csv")
    assert found.out.startswith("model,")
    assert found.out.count("\n") == 2


def test_the_day_that_months_count_from_is_echoed_and_used(cli):
    words = ("--nodes", "100", "--growth-per-year", "50%", "--node-subnet", "/23")
    asked = ("sweep", *words, "--model", "cni-overlay", "--summary", "-o", "json")
    early = document(cli(*asked, "--as-of", "2026-01-01"))
    late = document(cli(*asked, "--as-of", "2027-01-01"))
    assert "2030-10" in json.dumps(late["summary"])
    assert early["summary"] != late["summary"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--nodes", ""], "--nodes"),
        (["--nodes", "30:10"], "'30:10'"),
        (["--nodes", "10:30:0"], "'10:30:0'"),
        (["--nodes", "1:1000000:1", "--extra-addresses", "0:1000000:1"], "at most"),
        (["--max-pods", "30"], "--nodes left out"),
        (["--nodes", "3", "--columns", "nodez"], "'nodez'"),
        (["--nodes", "3", "--where", "f(nodes)"], "--where"),
        (["--nodes", "3", "--where", "nodez > 3"], "nodez"),
        (["--nodes", "3", "--samples", "1.5"], "--samples"),
        (["--nodes", "normal(3)"], "normal(mean,deviation)"),
        (["--nodes", "3", "--resume"], "--resume alone"),
        (["--nodes", "3", "--chart-kind", "fan"], "--chart-kind alone"),
        (["--nodes", "3", "--summary", "--out", "x.csv"], "with -o csv"),
        (["--nodes", "3", "--summary", "--out", "x.parquet"], "with another ending"),
        (["--nodes", "3", "--chart", "x.pdf"], "--chart"),
        (["--nodes", "3", "--out", "x.csv", "-o", "json"], "--out with -o json"),
        (["--nodes", "3", "--out", "x.csv", "--query", "rows"], "--out with --query"),
        (["--nodes", "3", "--out", "/dev/null/x.csv"], "--out"),
        (["--nodes", "3", "--model", "kubenets"], "'kubenets'"),
        (["--nodes", "3", "-o", "sarif"], "--output"),
        (["--nodes", "1:200000", "-o", "json"], "holds 100,000 rows"),
    ],
)
def test_bad_input_is_one_line_before_any_work(cli, words, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = cli("sweep", *words)
    assert (found.code, found.out) == (2, "")
    assert found.err.count("\n") == 1
    assert told in found.err
    assert list(tmp_path.iterdir()) == []


def test_scenarios_come_from_a_file(cli, tmp_path):
    file = tmp_path / "cases.csv"
    file.write_text("nodes,max-pods,max-surge\n10,30,10%\n20,110,1\n")
    words = ("--scenarios", str(file), "--model", "kubenet", "-o", "json")
    rows = document(cli("sweep", *words))["rows"]
    assert [(row["nodes"], row["max_pods"], row["max_surge"]) for row in rows] == [
        (10, 30, "10%"),
        (20, 110, "1"),
    ]


def test_a_file_of_scenarios_that_is_not_there_is_unreadable(cli):
    found = cli("sweep", "--scenarios", "missing.csv")
    assert found.code == 3
    assert "missing.csv" in found.err


@pytest.mark.parametrize("ending", ["csv", "tsv", "parquet", "arrow"])
def test_rows_go_to_a_file_and_a_line_says_how_many(cli, ending, tmp_path):
    path = tmp_path / f"rows.{ending}"
    found = cli("sweep", *GRID, "--out", str(path))
    assert (found.code, found.out) == (0, "")
    assert f"{path}: 6 rows in 1 part" in found.err
    assert list(tmp_path.iterdir()) == [path]
    if ending == "parquet":
        assert pq.read_table(path).num_rows == 6


def test_a_stopped_file_is_gone_on_with(cli, tmp_path, monkeypatch):
    path = tmp_path / "rows.csv"
    words = ("sweep", "--nodes", "1:400000", "--model", "kubenet", "--out", str(path))
    whole = tmp_path / "whole.csv"
    cli(*words[:-1], str(whole))
    taken = []

    def stop(_self, done):
        taken.append(done)
        if len(taken) > 6:
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "__call__", stop)
    stopped = cli(*words)
    assert stopped.code == 130
    assert "1 of 2 parts" in stopped.err
    assert not path.exists()
    monkeypatch.undo()
    again = cli(*words, "--resume")
    assert "1 of them from before" in again.err
    assert path.read_bytes() == whole.read_bytes()


def test_a_summary_goes_to_a_file_as_any_report(cli, tmp_path):
    path = tmp_path / "summary.csv"
    cli("sweep", *GRID, "--summary", "-o", "csv", "--out", str(path))
    assert path.read_text().startswith("model,")


@pytest.mark.parametrize("ending", ["svg", "html"])
def test_a_chart_is_drawn_and_its_finding_told(cli, ending, tmp_path):
    path = tmp_path / f"chart.{ending}"
    words = ("--nodes", "10:5000:10", "--max-pods", "30", "--summary")
    found = cli("sweep", *words, "--chart", str(path))
    assert found.code == 0, found.err
    assert str(path) in found.err
    assert path.stat().st_size > 1000


def test_a_chart_of_a_kind_that_there_is_none_of_is_refused(cli, tmp_path):
    words = ("--chart", str(tmp_path / "x.svg"), "--chart-kind", "pie")
    found = cli("sweep", *GRID, *words)
    assert found.code == 2
    assert "'pie'" in found.err


def test_a_cluster_that_nobody_answers_for_is_refused(cli):
    found = cli("sweep", *GRID, "--dask", "tcp://127.0.0.1:1")
    assert found.code == 2
    assert "--dask" in found.err
    assert found.err.count("\n") == 1


def test_what_chunks_cost_is_told_where_others_work(cli, monkeypatch):
    def threads(_address):
        return ThreadPoolExecutor(2)

    monkeypatch.setattr("ipplan.sweeps.clusters.connected", threads)
    asked = ("sweep", *GRID, "--where", "feasible", "--dask", "tcp://10.0.0.4:8786")
    assert re.fullmatch(
        r"1 chunk on 2 workers, .* each\n", cli(*asked, "--summary").err
    )
    assert cli(*asked).err == ""


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_shows_where_it_takes_long_and_somebody_looks(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr("ipplan.cli.progress.PATIENCE", -1.0)
    with Progress(10) as progress:
        progress(4)
        progress(6)
    assert "10/10" in screen.getvalue()
    assert screen.getvalue().endswith("\n")


def test_no_bar_shows_for_what_is_done_at_once(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with Progress(10) as progress:
        progress(10)
    assert screen.getvalue() == ""


def test_no_bar_shows_where_nobody_looks(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr("ipplan.cli.progress.PATIENCE", -1.0)
    with Progress(10) as progress:
        progress(10)
    assert screen.getvalue() == ""


def test_standard_output_that_is_closed_is_told(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["sweep", *GRID, "-o", "csv"]) == 2


def test_ctrl_c_ends_a_command_without_a_traceback(cli, monkeypatch):
    def stop(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("ipplan.sweeps.sweeps.Sweep.summary", stop)
    found = cli("sweep", *GRID, "--summary")
    assert (found.code, found.out, found.err) == (130, "", "")


def test_every_axis_is_an_option():
    assert {*AXES} <= {*inspect.signature(command).parameters}
