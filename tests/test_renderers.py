import csv
import io
import json
import unicodedata

import pytest
import yaml

import ipplan
from ipplan import Cluster, NodePool
from ipplan.documents import sizes as documents
from ipplan.renderers import RENDERERS, render
from ipplan.tables import (
    Span,
    Table,
    cell,
    escape_markdown,
    html_table,
    pipe,
    plain,
    printable,
    text_table,
)
from ipplan.views.fits import fit_report
from ipplan.views.reports import Report, Section
from ipplan.views.rows import data_report, limits_report, models_report
from ipplan.views.sizes import size_report

HOSTILE = [
    "=cmd|'/C calc'!A1",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "a|b",
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![x](http://example.org)",
    "`code` *bold* _it_",
    "\x1b[2J\x1b]0;title\x07",
    "\x9b31m",
    "two\nlines",
    "one\r\ntwo",
    "a\u2028b\u2029c",
    "\x85next",
    "right\u202eleft",
    "\ud800",
    "\x00nul",
    "\x7f",
    'quote"quote',
    "comma,comma",
    "x" * 300,
    "网络",
    "",
]


def size_of(plan, name=None, *, explained=False):
    cluster = None if name is None else Cluster(name, (), "kubenet")
    scenario = documents.size_scenario(plan, cluster, explained=explained)
    return documents.size_document([scenario], {"nodes": 3})


def hostile_report(name, *, wide=False):
    pools = [
        NodePool(name, 3, 110, os="windows", subnet=name),
        NodePool("b", 1, 10, subnet="b"),
        NodePool("spot" + name, 3, 300, priority="spot", subnet=name),
    ]
    plan = ipplan.size(pools=pools)
    document = size_of(plan, name, explained=wide)
    return document, size_report(document, wide=wide)


def controls(text):
    """What a terminal would obey: anything but a newline and what is shown."""
    return {
        char
        for char in text
        if char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    }


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
@pytest.mark.parametrize("output", ["table", "wide", "markdown"])
def test_no_name_commands_the_terminal(name, output):
    _, report = hostile_report(name, wide=output == "wide")
    assert not controls(render(report, output))


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_no_name_ends_a_line_of_the_table(name):
    plainly = hostile_report("x")[1]
    hostile = hostile_report(name)[1]
    rows = [text for text in render(hostile, "table").splitlines()
            if text.startswith(tuple(ipplan.MODELS))]  # fmt: skip
    expected = [text for text in render(plainly, "table").splitlines()
                if text.startswith(tuple(ipplan.MODELS))]  # fmt: skip
    assert [row.split()[0] for row in rows] == [row.split()[0] for row in expected]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
@pytest.mark.parametrize("output", ["csv", "tsv"])
def test_no_cell_is_a_formula_and_every_name_comes_back(name, output):
    _, report = hostile_report(name)
    text = render(report, output)
    reader = csv.DictReader(
        io.StringIO(text), delimiter="\t" if output == "tsv" else ","
    )
    rows = list(reader)
    assert [row["model"] for row in rows] == list(ipplan.MODELS)
    for row in rows:
        assert None not in row
        for value in row.values():
            assert not value.lstrip().startswith(("=", "+", "@"))
            assert not value.startswith(("\t", "\r"))
        assert row["cluster"].removeprefix("'") == printable(name)
    assert not controls(text.replace("\t", " "))


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_json_and_yaml_give_back_what_went_in(name):
    document, report = hostile_report(name)
    assert json.loads(render(report, "json")) == document
    assert render(report, "json").isascii()
    shown = render(report, "yaml")
    assert shown.isascii()
    if name != "\ud800":
        assert yaml.safe_load(shown) == document


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_no_name_is_markup_in_markdown(name):
    _, report = hostile_report(name)
    text = render(report, "markdown")
    assert "<script" not in text
    assert "](" not in text.replace("\\](", "").replace("\\]\\(", "")
    lines = [line for line in text.splitlines() if line.startswith("|")]
    counts = {line.replace("\\|", "").count("|") for line in lines}
    assert counts == {7}


@pytest.mark.parametrize("output", RENDERERS)
def test_every_format_renders_every_report(output):
    wide = output == "wide"
    reports = [
        size_report(size_of(ipplan.size(300, 30)), wide=wide),
        size_report(size_of(ipplan.size(300, 30), explained=True), wide=wide),
        size_report(size_of(ipplan.size(unknown=["x"])), wide=wide),
        size_report(size_of(ipplan.size(10**9, 250)), wide=wide),
        fit_report(documents.fit_document(ipplan.fit("/24", nodes=9), {}), wide=wide),
        models_report(wide=wide),
        limits_report(wide=wide),
        limits_report(["routes"], wide=wide),
        data_report([{"a": 1}, {"b": [1, 2]}]),
    ]
    for report in reports:
        text = render(report, output)
        assert text
        assert not text.endswith("\n")


@pytest.mark.parametrize(
    "data",
    [None, True, 5, 1.5, "text", [], {}, [{}], [[]], [None], [1, 2], {"a": None},
     [{"a": 1}, {}], [{}, {"a": {"b": [1]}}], [[1, 2], [3]], [{"": 1}],
     {"a\nb": "c\u2028"}],
)  # fmt: skip
@pytest.mark.parametrize("output", RENDERERS)
def test_whatever_a_query_leaves_renders(data, output):
    text = render(data_report(data), output)
    if output == "json":
        assert json.loads(text) == data
    if output == "yaml":
        assert yaml.safe_load(text) == data
    if output in {"table", "wide", "markdown"}:
        assert not controls(text)


def test_rows_of_a_query_have_every_column():
    text = render(data_report([{"a": 1}, {"b": [2]}]), "csv")
    assert list(csv.reader(io.StringIO(text))) == [["a", "b"], ["1", ""], ["", "[2]"]]


GRID = [
    {"nodes": nodes, "max_pods": max_pods, "max_surge": surge, **words}
    for nodes in (1, 3, 10, 50, 300, 399, 900, 4500, 5000, 10**5, 2**32 - 1)
    for max_pods in (None, 10, 30, 110, 250)
    for surge in ("1", "10%", "100%")
    for words in ({}, {"extra_addresses": 250, "blue_green": True})
]


@pytest.mark.parametrize("index", range(11))
def test_a_table_fits_80_columns(index):
    for words in GRID[index::11]:
        text = render(size_report(size_of(ipplan.size(**words))), "table", 80)
        assert max(map(len, text.splitlines())) <= 80, (words, text)


@pytest.mark.parametrize("length", range(12, 30))
def test_a_table_of_fit_fits_80_columns(length):
    for words in ({"max_pods": 30}, {"nodes": 50}, {"nodes": 50, "max_pods": 30}):
        fits = ipplan.fit(length, **words)
        given = {"node_subnet": f"10.0.0.0/{length}", **words}
        text = render(fit_report(documents.fit_document(fits, given)), "table", 80)
        assert max(map(len, text.splitlines())) <= 80, text


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_table_of_pools_fits_80_columns(count):
    pools = [NodePool(f"pool{i}", 300, 30, subnet=f"s{i}", pod_subnet=f"p{i}")
             for i in range(count)]  # fmt: skip
    text = render(size_report(size_of(ipplan.size(pools=pools))), "table", 80)
    assert max(map(len, text.splitlines())) <= 80, text


def test_models_and_limits_fit_80_columns():
    for report in (models_report(), limits_report(), limits_report(["routes"])):
        for line in render(report, "table", 80).splitlines():
            assert len(line) <= 80 or "https://" in line, line


def test_the_first_table_says_what_it_was_asked_to():
    # design/experience.md: the first minute; the numbers there are right.
    text = render(size_report(size_of(ipplan.size(300, 30))), "table", 80)
    head, *_ = text.splitlines()
    for part in ("300 nodes", "30 at upgrade", "30 pods a node", "9,000 pods"):
        assert part in head
    cells = {line.split()[0]: line.split() for line in text.splitlines()
             if line.startswith(tuple(ipplan.MODELS)) and "/" in line}  # fmt: skip
    numbers = {
        "cni-overlay": ("/23", "330+5", "/15", "330", "460"),
        "kubenet": ("/23", "330+5", "/15", "330", "363"),
        "cni-node-subnet": ("/18", "10,230+5", "10,230", "480"),
        "cni-static-block": ("/23", "330+5", "/18", "10,890", "460"),
        "cni-dynamic": ("/23", "330+5", "/18", "16,170", "310"),
    }
    for model, expected in numbers.items():
        assert set(expected) <= set(cells[model])
    assert "31 times fewer" in " ".join(text.split())
    assert "rules of 2026-08" in " ".join(text.split())


def test_the_infeasible_stays_in_the_table_with_its_reason():
    text = render(size_report(size_of(ipplan.size(900, 30))), "table", 80)
    (row,) = [line for line in text.splitlines() if line.startswith("kubenet")]
    assert "no: 990 nodes" in row


def test_the_unknown_stays_in_the_table_with_what_to_state():
    plan = ipplan.size(unknown=["node count: it scales; state --nodes N"])
    text = render(size_report(size_of(plan)), "table", 80)
    assert "node count: it scales; state --nodes N" in text.splitlines()[0]
    rows = [line.split() for line in text.splitlines() if "unknown" in line][1:]
    assert [row[0] for row in rows] == list(ipplan.MODELS)
    assert "recommended" not in text


def test_wide_shows_notes_sources_and_what_binds():
    report = size_report(size_of(ipplan.size(300, 30)), wide=True)
    text = render(report, "wide", 200)
    for part in ("node-subnet", "bound by", "pre-flight 8,700", "held", "<https://",
                 "others see the node's IP"):  # fmt: skip
        assert part in text


def test_combinations_are_rows_with_the_fewest_addresses_first():
    plans = ipplan.size_pods(10_000)
    scenarios = [documents.size_scenario(plan) for plan in plans]
    document = documents.size_document(scenarios, {"pods": 10_000})
    text = render(size_report(document), "table", 80)
    assert max(map(len, text.splitlines())) <= 80
    costs = [int(line.split()[-1].replace(",", "")) for line in text.splitlines()
             if "cni-" in line and line[0].isspace()]  # fmt: skip
    assert costs
    assert costs == sorted(costs)


def test_no_combination_says_so():
    plans = ipplan.size_pods(5_000_000)
    scenarios = [documents.size_scenario(plan) for plan in plans]
    document = documents.size_document(scenarios, {"pods": 5_000_000})
    assert "no model asked for can do it" in render(size_report(document), "table", 80)


# Tables.


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "yes"), (False, "no"), (1234567, "1,234,567"), (1.5, "1.5"),
     ("a\x1b", "a\\x1b")],
)  # fmt: skip
def test_a_cell_is_what_people_read(value, text):
    assert cell(value) == text


@pytest.mark.parametrize(
    "char", ["\x00", "\x1b", "\n", "\x7f", "\x9b", "\u202e", "\u2028"]
)
def test_what_a_terminal_would_obey_is_spelled_out(char):
    assert printable(f"a{char}b") == "a" + char.encode("unicode_escape").decode() + "b"


def test_what_people_read_is_left_alone():
    text = "Grüße 网络 – ok 100 %"
    assert printable(text) == text


def test_numbers_stand_to_the_right_and_text_to_the_left():
    table = Table(["name", "count"], [["a", 5], ["bcd", None], ["e", 12345]])
    assert plain(table, 80).splitlines() == [
        "name   count",
        "a          5",
        "bcd",
        "e     12,345",
    ]


def test_a_span_wraps_behind_its_first_cell():
    table = Table(["name", "count"], [Span("a", "word " * 30), ["bcd", 5]])
    lines = plain(table, 40).splitlines()
    assert all(len(line) <= 40 for line in lines)
    assert lines[1].startswith("a     word")
    assert lines[2].startswith("      word")
    assert lines[-1] == "bcd       5"


def test_a_span_in_markdown_is_one_row():
    table = Table(["name", "count", "more"], [Span("a", "why | not"), ["b", 5, 6]])
    lines = pipe(table).splitlines()
    assert len(lines) == 4
    assert "why \\| not" in lines[2]


@pytest.mark.parametrize("columns", [["a"], ["a", "b"]])
def test_a_table_without_rows_is_its_header(columns):
    assert plain(Table(columns), 80).split() == columns


def test_markup_is_escaped():
    assert escape_markdown("a|b*c_d`e[f]!<g>&\\") == (
        "a\\|b\\*c\\_d\\`e\\[f\\]\\!&lt;g&gt;&amp;\\\\"
    )


def test_long_columns_say_how_many_rows_they_leave_out():
    columns = {"n": list(range(25))}
    assert text_table(columns).endswith("... and 5 more rows")
    assert html_table(columns).endswith("<p>… and 5 more rows</p>")
    assert "more" not in text_table({"n": list(range(20))})
    assert "more" not in html_table({"n": list(range(20))})


def test_html_cells_are_escaped():
    assert "<b>" not in html_table({"n": ["<b>"]})


def test_a_section_without_title_or_rows_is_its_sentences():
    report = Report({}, [Section("", Table(["a"]), ["one", "two"])])
    assert render(report, "table") == "one\ntwo"
    assert render(report, "markdown") == "- one\n- two"


def test_a_cell_holds_no_formula_behind_a_semicolon():
    report = Report({}, [], [{"name": "h;=1+1", "plain": "a; b"}])
    assert render(report, "csv").splitlines()[1] == "h;'=1+1,a; b"
