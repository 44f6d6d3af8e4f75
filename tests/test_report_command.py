"""``ipplan report`` as people run it."""

import json
import shutil
from pathlib import Path

import pytest

PLAN = Path(__file__).parent / "data" / "layouts" / "aks-baseline.yaml"

ESTATE = """\
ipplan: 1

vnets:
  - name: spoke
    ranges: [10.0.0.0/16]
    subnets: [{name: nodes, ranges: [10.0.0.0/29]}]
clusters:
  - name: shop
    model: cni-overlay
    pod_cidr: 192.168.0.0/16
    subnet: spoke/nodes
    pools: [{name: web, nodes: 50}]
"""


@pytest.fixture
def plan(tmp_path):
    return Path(shutil.copy(PLAN, tmp_path / "plan.yaml"))


@pytest.fixture
def run(cli):
    """The exit code, and what was printed, of ``ipplan report``."""

    def report(*arguments):
        return cli("report", *map(str, arguments))

    return report


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("r.html", "<!doctype html>"),
        ("r.md", "# aks-baseline"),
        ("r.json", "{"),
    ],
)
def test_the_ending_says_which_form(run, plan, tmp_path, name, start):
    out = tmp_path / name
    code, printed, told = run(plan, "--out", out, "--as-of", "2026-11-28")
    assert (code, printed) == (0, "")
    assert f"wrote {out}: 2 VNets, 1 cluster, 0 errors, 0 warnings" in told
    assert out.read_text(encoding="utf-8").startswith(start)


@pytest.mark.parametrize("form", ["html", "markdown", "json"])
def test_it_prints_a_form_that_is_asked_for(run, plan, form):
    code, printed, told = run(plan, "-o", form)
    assert code == 0
    assert "aks-baseline" in printed
    assert "report: 2 VNets" in told


def test_the_same_files_give_the_same_page(run, plan):
    options = (plan, "-o", "html", "--as-of", "2026-11-28")
    assert run(*options) == run(*options)


def test_a_query_selects_from_json(run, plan):
    _, printed, _ = run(plan, "-o", "json", "--query", "decisions[0].model")
    assert json.loads(printed) == "cni-overlay"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["-o", "html", "--query", "x"], "--query"),
        (["-o", "svg"], "one of html, markdown, json"),
        ([], "--out"),
        (["--out", "x.pdf"], "--out"),
        (["-o", "html", "--fail-on", "x"], "--fail-on"),
    ],
)
def test_what_can_not_be_is_refused_before_any_work(run, plan, options, told):
    code, printed, said = run(plan, *options)
    assert (code, printed) == (2, "")
    assert told in said


def test_it_does_not_write_over_what_it_reads(run, plan):
    code, _, _ = run(plan, "--out", plan, "-o", "html")
    assert code == 2
    assert plan.read_text() == PLAN.read_text()


def test_names_are_left_out_where_that_is_asked_for(run, plan):
    code, printed, _ = run(plan, "-o", "html", "--redact")
    assert code == 0
    for name in ("aks-baseline", "aks-bu0001a0008", "snet-", "rg-enterprise"):
        assert name not in printed
    assert "10.240.0.0/22" in printed


def test_findings_that_are_bad_enough_end_with_1(run, tmp_path):
    estate, out = tmp_path / "estate.yaml", tmp_path / "r.html"
    estate.write_text(ESTATE, encoding="utf-8")
    code, _, _ = run(estate, "--out", out, "--fail-on", "error")
    assert code == 1
    assert out.exists()
    code, _, _ = run(estate, "--out", out)
    assert code == 0


def test_nothing_to_report_is_said(run, tmp_path):
    empty = tmp_path / "vnets.json"
    empty.write_text("[]", encoding="utf-8")
    code, _, told = run(empty, "-o", "markdown")
    assert code == 0
    assert "nothing to report: no network and no cluster was read" in told
