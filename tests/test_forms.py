"""Forms: which one is written, and where none can be."""

import json
import os
from pathlib import Path

import pytest

from ipplan.cli.forms import ENDINGS, check_out, check_query
from ipplan.cli.map import FORMATS as OF_MAPS
from ipplan.cli.migrate import FORMATS as OF_MIGRATIONS
from ipplan.cli.report import FORMATS as OF_REPORTS
from ipplan.errors import ArgumentError
from tests.layout_samples import ESTATE, SHOP

FORMATS = ("svg", "html", "markdown", "json")

SAMPLES = str(Path(__file__).parents[1] / "docs" / "samples" / "estate")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("estate.yaml").write_text(ESTATE, "utf-8")
    Path("shop.yaml").write_text(SHOP, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("output", "out", "chosen"),
    [
        (None, "a.svg", "svg"),
        (None, "A.HTML", "html"),
        (None, "a.md", "markdown"),
        ("json", None, "json"),
        ("json", "a.svg", "json"),
    ],
)
def test_the_format_is_named_or_told_by_the_ending(output, out, chosen):
    assert check_out(output, out, FORMATS, []) == chosen
    assert check_out(output, out, FORMATS, [], usual="svg") == chosen


def test_without_either_it_is_the_usual_one_where_there_is_one():
    assert check_out(None, None, FORMATS, [], usual="html") == "html"


@pytest.mark.parametrize(
    ("output", "out", "text"),
    [
        (None, "", "--out missing: a file in .svg, .html, .md, .json, or -o svg | "),
        (None, "a.pdf", "--out 'a.pdf': a file in .svg"),
        (None, "svg", "--out 'svg': a file in"),
        ("pdf", "a.svg", "--output 'pdf': one of svg, html, markdown, json"),
        ("sarif", None, "json; sarif is a format of ipplan check"),
    ],
)
def test_other_formats_are_refused_with_and_without_a_usual_one(output, out, text):
    for usual in (None, "svg"):
        with pytest.raises(ArgumentError) as told:
            check_out(output, out, FORMATS, [], usual=usual)
        assert text in str(told.value)


def test_where_nothing_says_the_form_a_file_is_asked_for():
    with pytest.raises(ArgumentError, match=r"--out missing: a file in \.svg, \.html"):
        check_out(None, None, FORMATS, [])


def test_a_format_that_a_command_lacks_is_refused_by_the_ending_too():
    with pytest.raises(ArgumentError, match=r"--out 'a\.md': a file in \.svg"):
        check_out(None, "a.md", ("svg",), [])


def test_what_is_read_is_not_written_over():
    Path("shop.lock.json").write_text("{}", "utf-8")
    for out in ("estate.yaml", "shop.lock.json"):
        with pytest.raises(ArgumentError, match="one of the files read"):
            check_out("json", out, FORMATS, ["estate.yaml", "shop.yaml"])


@pytest.mark.parametrize("form", ["svg", "markdown"])
def test_a_query_is_of_json_alone(form):
    check_query(None, form)
    check_query("x", "json")
    with pytest.raises(ArgumentError, match=f"--query 'x': not with -o {form}"):
        check_query("x", form)


def test_every_format_of_these_commands_has_an_ending_but_one():
    every = {*OF_MAPS, *OF_REPORTS, *OF_MIGRATIONS}
    assert every - {*ENDINGS.values()} == {"wide"}
    assert {*ENDINGS.values()} <= every


OF_ENDINGS = {each: form for each, form in ENDINGS.items() if form in OF_MIGRATIONS}


@pytest.mark.parametrize("ending", OF_ENDINGS)
def test_migrate_obeys_the_ending_and_says_what_it_wrote(cli, ending):
    words = ("migrate", SAMPLES, "--as-of", "2026-11-28")
    code, out, err = cli(*words, "--out", f"a{ending}")
    assert (code, out) == (0, "")
    assert err.splitlines()[0] == f"wrote a{ending}: 2 clusters to cni-overlay"
    printed = cli(*words, "-o", OF_ENDINGS[ending])
    assert Path(f"a{ending}").read_text("utf-8") == printed.out
    assert "wrote" not in printed.err


def test_migrate_obeys_its_option_before_the_ending_and_prints_tables(cli):
    assert cli("migrate", "estate.yaml", "-o", "json", "--out", "a.txt").code == 0
    assert json.loads(Path("a.txt").read_text("utf-8"))["kind"] == "ipplan.migration"
    printed = cli("migrate", "estate.yaml")
    assert printed.out == cli("migrate", "estate.yaml", "-o", "table").out
    assert "wrote" not in printed.err


COMMANDS = ["map", "report", "migrate"]


@pytest.mark.parametrize("command", [*COMMANDS, "inventory"])
@pytest.mark.parametrize(
    ("out", "why"),
    [
        ("there", "is a folder: name a file in it"),
        ("there/", "is a folder: name a file in it"),
        ("gone/", "is a folder: name a file in it"),
        ("a.json/", "is a folder: name a file in it"),
        ("gone/a.json", "No such file or directory"),
        ("estate.yaml/a.json", "Not a directory"),
    ],
)
def test_a_place_where_no_file_can_be_is_one_line_before_any_work(
    cli, folder, command, out, why
):
    (folder / "there").mkdir()
    before = sorted(folder.rglob("*"))
    for file in ("estate.yaml", "not-read.yaml"):
        done = cli(command, file, "-o", "json", "--out", out)
        assert (done.code, done.out) == (2, "")
        assert done.err == f"error: --out {out!r}: {why}\n"
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_regular_file_is_written_to(cli, command):
    assert cli(command, "estate.yaml", "-o", "json", "--out", os.devnull).code == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_an_ending_that_no_form_has_is_refused(cli, folder, command):
    before = sorted(folder.iterdir())
    for out in ("a.pdf", "a"):
        code, _, err = cli(command, "estate.yaml", "--out", out)
        assert code == 2
        assert err.startswith(f"error: --out '{out}': a file in .")
        assert err.count("\n") == 1
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_a_link_that_leads_to_itself_is_told(cli, command):
    Path("loop.md").symlink_to("loop.md")
    done = cli(command, "estate.yaml", "-o", "json", "--out", "loop.md")
    assert (done.code, done.out) == (2, "")
    assert done.err == ("error: --out 'loop.md': Too many levels of symbolic links\n")


@pytest.mark.parametrize("command", ["map", "report"])
def test_what_a_plan_reads_is_not_written_over(cli, command):
    plan = "address_pools: [{name: a, ranges: [10.0.0.0/8]}]\nnetworks: [{name: n, "
    plan += "subnets: [{name: s, prefix: 24}]}]\nexisting: [estate.yaml]\n"
    Path("plan.yaml").write_text(plan, "utf-8")
    Path("y.lock").write_text("{}", "utf-8")
    for out, lock in (("estate.yaml", ()), ("y.lock", ("--lock", "y.lock"))):
        before = Path(out).read_text("utf-8")
        done = cli(command, "plan.yaml", "-o", "json", "--out", out, *lock)
        assert (done.code, done.out) == (2, "")
        assert done.err == f"error: --out '{out}': is one of the files read\n"
        assert Path(out).read_text("utf-8") == before


@pytest.mark.parametrize("command", ["map", "report"])
def test_a_lock_that_there_is_not_is_told(cli, command):
    Path("plan.yaml").write_text("networks: []\n", "utf-8")
    done = cli(command, "plan.yaml", "-o", "json", "--lock", "nope.lock")
    assert (done.code, done.out) == (2, "")
    assert done.err == "error: --lock 'nope.lock': a lock that is there\n"
