import json
from datetime import date, timedelta

import jsonschema
import numpy as np
import pytest

import ipplan.sweeps.summaries as summaries_module
from ipplan.documents.sweeps import UNEQUAL, sweep_document
from ipplan.models import MODELS
from ipplan.renderers.csv import render as as_csv
from ipplan.renderers.markdown import render as as_markdown
from ipplan.renderers.table import render
from ipplan.schemas import json_schema
from ipplan.sweeps.columns import COLUMNS, USUAL
from ipplan.sweeps.distributions import Distribution
from ipplan.sweeps.sweeps import sweep
from ipplan.views.sweeps import ASIDE, PREFIXES, SHORT, sweep_report

TODAY = date(2026, 12, 1)


def document(*, summary=True, most=40, today=TODAY, echo=(), **given):
    """The document of a sweep, as JSON gives it back."""
    found = sweep(**given)
    rows = None if summary else found.head(most)
    shown = 0 if rows is None else len(rows[found.columns[0].name])
    made = sweep_document(
        found,
        {name: each for name, each in given.items() if isinstance(each, str)}
        | dict(echo),
        rows=rows,
        more=0 if summary else found.cells - shown,
        summary=found.summary() if summary else None,
        as_of=today,
    )
    jsonschema.validate(made, json_schema("sweep"))
    assert json.loads(json.dumps(made)) == made
    return made


def text(made, *, wide=False, width=80):
    return render(sweep_report(made, wide=wide), "table", width)


def squeezed(shown):
    """Text without its line breaks."""
    return " ".join(shown.split())


LARGE = {"nodes": "10:5000:10", "max_pods": "10:250:20", "max_surge": "1,10%,33%"}
TIMED = {
    "nodes": "100:240:10",
    "growth_per_year": "0,10%,600%",
    "node_subnet": "/22",
    "model": ["cni-overlay", "cni-node-subnet"],
}


def test_a_document_says_what_was_asked():
    made = document(**LARGE, blue_green=True, other_routes=3)
    assert (made["cells"], made["rows"], made["more"]) == (500 * 13 * 3 * 5, None, 0)
    assert made["models"] == list(MODELS)
    assert made["as_of"] == "2026-12-01"
    assert made["axes"][1] == {
        "name": "max_pods",
        "unit": "pods/node",
        "values": 13,
        "given": "10:250:20",
        "dimension": 1,
    }
    assert made["assumptions"] == [
        "full nodes",
        "no host-network pods",
        "no other resources in the subnets",
        "every pool twice (blue/green)",
        "3 other routes in the route table",
    ]


def test_what_is_not_given_is_assumed():
    made = document(nodes="normal(200,30)", samples=1_000, seed=7)
    assert made["assumptions"] == [
        f"{UNEQUAL}: compare with --max-pods",
        "surge 10% (AKS default)",
        "full nodes",
        "no host-network pods",
        "no other resources in the subnets",
        "1,000 samples of seed 7",
    ]
    shown = squeezed(text(made))
    assert shown.startswith(
        "nodes normal(200,30) (1,000) x 5 models: 5,000 cells; each model's own "
        "default max pods, so pods are not equal"
    )
    made = document(nodes="10,20", model=["cni-overlay", "cni-dynamic"])
    assert made["assumptions"][0] == "max pods 250 (the model's default)"
    assert "not equal" not in text(made)


def test_what_is_not_known_is_no_certain_fit():
    axes = {"nodes": "10:500:10", "max_pods": 30, "needs": "static-egress-gateway"}
    shown = text(document(**axes, model=["kubenet", "cni-dynamic", "cni-overlay"]))
    fits = {line.split("  ")[0]: line for line in shown.splitlines()[2:6]}
    assert "up to 72%" in fits["kubenet"]
    assert "up to" not in fits["cni-dynamic"] + fits["cni-overlay"]


def test_winners_whose_pods_nobody_reaches_are_told():
    said = (
        "pods of cni-overlay are not reachable from outside the cluster; if they must "
        "be: --need direct-pod-access"
    )
    axes = {"nodes": "10:500:10", "max_pods": 30}
    assert said in squeezed(text(document(**axes)))
    assert said not in squeezed(text(document(**axes, model="cni-overlay")))
    assert "not reachable" not in text(document(**axes, needs="direct-pod-access"))


def test_days_count_from_before_the_months_that_were_given():
    axes = {"nodes": 100, "growth_per_year": 20, "model": "cni-overlay"}
    left = 12 * np.log(111 / 100) / np.log(1.2)
    for months in (0, 6):
        made = document(**axes, months=months, node_subnet=25)
        (model,) = made["summary"]["models"]
        day = date.fromisoformat(model["exhaustion"]["p50"])
        # nodes are whole after 6 months, 110 instead of 109.5
        assert abs((day - TODAY).days - left * 30.436875) < 10
        assert "now" not in text(made)
    made = document(**axes, months=12, node_subnet=25)
    assert made["summary"]["models"][0]["exhaustion"]["p5"] == "2027-12-01"


def test_which_ranges_are_outgrown_is_told():
    axes = {"nodes": 200, "growth_per_year": 30, "max_pods": 30}
    shown = squeezed(text(document(**axes, pod_cidr=16, needs="windows")))
    assert (
        "no range of cni-node-subnet, cni-static-block, cni-dynamic was given: what is "
        "outgrown is the smallest that holds the nodes"
    ) in shown
    assert "now: too large already, or it does not run at all" in shown
    shown = squeezed(text(document(**axes, node_subnet=18)))
    assert "was given: what" not in shown
    assert "now:" not in shown


def test_all_that_is_given_needs_no_assumption():
    axes = {"pods_per_node": 10, "host_network_pods": 5, "extra_addresses": 3}
    assert document(**LARGE, **axes)["assumptions"] == []


def test_values_that_are_no_text_are_told_by_a_few_or_by_their_ends():
    surges = [f"{n}%" for n in range(1, 8)]
    made = document(
        nodes=np.arange(3, 30), max_pods=[30, 110], max_surge=surges, model="kubenet"
    )
    told = [axis["given"] for axis in made["axes"]]
    assert told == ["3 to 29", "30,110", "1%,2%,3%,4%,5%,..."]
    scenarios = {"nodes": [3, 4], "max_surge": ["1", "10%"]}
    drawn = Distribution("uniform", (0.0, 40.0))
    axes = document(scenarios=scenarios, growth=drawn, samples=3)["axes"]
    assert [axis["given"] for axis in axes] == ["3,4", "1,10%", "uniform(0,40)"]
    assert [axis["dimension"] for axis in axes] == [0, 0, 1]


def test_a_summary_has_the_numbers_of_each_model():
    made = document(**LARGE)
    found = sweep(**LARGE).summary()
    assert made["summary"]["by_break_points"]
    for told, each in zip(made["summary"]["models"], found.models, strict=True):
        assert told["model"] == each.model
        assert told["feasible_share"] == each.feasible / each.cells
        assert tuple(told["vnet_addresses"].values()) == (
            each.vnet_addresses.least,
            *each.vnet_addresses.percentiles,
            each.vnet_addresses.most,
        )
        assert told["outgrown_share"] is None
        assert told["exhaustion"] is None
        assert [tuple(use.values()) for use in told["node_subnet_prefixes"]] == [
            *map(tuple, each.node_prefixes)
        ]
    kinds = [told["pod_range_kind"] for told in made["summary"]["models"]]
    assert kinds == ["pod-cidr", "pod-cidr", None, "pod-subnet", "pod-subnet"]


def test_months_left_become_days():
    (overlay, _) = document(**TIMED)["summary"]["models"]
    left = sweep(**TIMED).summary().models[0].months_left
    days = [TODAY + timedelta(days) for days in left.days if days is not None]
    ends = list(overlay["exhaustion"].values())
    assert ends[: len(days)] == [day.isoformat() for day in days]
    assert ends[len(days) : 5] == [None] * (5 - len(days))
    assert overlay["exhaustion"]["never"] == 15
    assert 0 < overlay["outgrown_share"] < 1 or overlay["outgrown"] == 0


def test_days_behind_the_calendar_have_no_date():
    made = document(today=date(9999, 12, 30), **TIMED)
    assert made["summary"]["models"][0]["exhaustion"]["p50"] is None


def test_a_summary_reads_well_at_80_and_120_columns():
    made = document(**LARGE)
    for width in (80, 120):
        shown = text(made, width=width)
        assert max(map(len, shown.splitlines())) <= width
    assert squeezed(shown).startswith(
        "nodes 10:5000:10 (500) x max pods 10:250:20 (13) x max surge 1,10%,33% (3) "
        "x 5 models: 97,500 cells model fits nodes nodes in pods in"
    )
    assert (
        "of 19,500 combinations of the axes: cni-overlay takes the fewest VNet IPs "
        "in 89%; none fits in 11%"
    ) in squeezed(shown)
    assert "kubenet           82%: each node takes a route" in shown
    assert "worked out by break points, exact" in shown


def test_a_wide_summary_has_every_percentile():
    made = document(nodes="5:50", model="cni-overlay")
    assert "VNet IPs 5-50-95%" in text(made)
    wide = text(made, wide=True)
    assert "VNet IPs 0-5-25-50-75-95-100%" in wide
    assert " 6-8-18-30-43-53-55 " in wide


def test_each_prefix_says_which_nodes_take_it():
    shown = text(document(nodes="1:600", max_pods="30", model="cni-overlay"))
    assert "/24     112-228" in shown
    assert "/23     229-460" in shown
    assert "Pod subnet or pod CIDR: fewest-most nodes that take each prefix" in shown
    assert "combinations" not in shown


def test_one_node_count_of_a_prefix_stands_alone():
    shown = text(document(nodes="5", model="kubenet"))
    assert "/28     5" in shown
    assert "What stops" not in shown
    assert "worked out by a look at every cell" in shown


def test_two_models_that_win_are_both_told():
    shown = text(document(nodes="1:20", pod_cidr="/21", pod_subnet="/20"))
    assert (
        "cni-node-subnet takes the fewest VNet IPs in 65%, cni-overlay in 35%"
        in squeezed(shown)
    )
    told = "too small a range was given: cni-overlay 65%, kubenet 65%, "
    assert told + "cni-static-block 35%" in squeezed(shown)


def test_where_nothing_fits_the_reasons_are_told():
    shown = text(document(nodes="6000:6020", needs=["static-egress-gateway"]))
    assert "of 21 combinations of the axes: none fits in 100%" in shown
    assert "100%: a cluster has a ceiling on nodes, surge included" in shown
    assert "unknown: kubenet: static-egress-gateway" in shown


def test_a_filter_is_told_and_leaves_room_for_what_it_drops():
    shown = text(document(nodes="10,400", where="nodes < 20 and model != 'kubenet'"))
    assert ", where nodes < 20 and model != 'kubenet'" in squeezed(shown)
    assert "none fits in 50% or the filter keeps none" in shown
    assert "kubenet           -" in shown


def test_exhaustion_is_told_in_months_and_in_wide_tables_in_days():
    made = document(**TIMED)
    shown, wide = text(made), text(made, wide=True)
    days = made["summary"]["models"][0]["exhaustion"]
    assert "When 5% to 95% of the cells have outgrown, from 2026-12-01 on" in shown
    assert f"cni-overlay      {days['p5'][:7]}" in shown
    assert days["p5"] in wide
    assert "never  33%" in shown
    assert "cni-node-subnet  now" in shown


def test_what_is_more_than_a_hundred_years_away_is_later():
    shown = text(document(nodes="10", growth_per_year="0.1%", model="cni-overlay"))
    assert "later" not in shown
    slow = text(
        document(nodes="10", growth_per_year=np.array([0.001]), node_subnet="/24")
    )
    assert "later: in more than a hundred years" in slow


def test_rows_are_objects_with_the_columns_as_keys():
    made = document(summary=False, nodes="10,6000", max_pods="30", model="kubenet")
    first, second = made["rows"]
    assert list(first) == made["columns"]
    assert (first["nodes"], first["feasible"], second["feasible"]) == (10, True, False)
    assert made["summary"] is None


def test_an_axis_and_its_column_have_two_names():
    columns = ["nodes", "input_nodes", "input_growth"]
    made = document(summary=False, nodes="3,4", growth="50,60%", columns=columns)
    assert "nodes  nodes given  growth" in text(made).splitlines()


def test_what_the_first_line_tells_is_no_column_of_a_narrow_table():
    axes = {"nodes": "100,200", "growth": "0,50%", "max_pods": "30"}
    lines = text(document(summary=False, **axes)).splitlines()
    told = "model nodes given growth nodes fits nodes in pods in VNet IPs"
    assert " ".join(lines[2].split()) == told
    assert lines[3].startswith("cni-overlay ")
    assert max(map(len, lines)) <= 80


def test_rows_are_shown_narrow_or_wide():
    made = document(
        summary=False,
        most=3,
        nodes="10:50:10",
        max_surge="1,33%",
        model=["cni-overlay", "cni-dynamic"],
    )
    shown, wide = text(made), text(made, wide=True)
    assert shown.splitlines()[2].split("  ")[0] == "model"
    assert max(map(len, shown.splitlines())) <= 80
    assert "surge" in shown.splitlines()[2]
    assert "and 17 more rows: --out FILE.csv has all" in shown
    assert "node subnet addresses" in wide
    assert "every column" in shown
    assert "every column" not in wide


def test_a_surge_that_does_not_vary_is_only_assumed():
    made = document(summary=False, nodes="10")
    assert "surge" not in text(made).splitlines()[2]
    assert "surge 10% (AKS default)" in text(made)


def test_columns_that_were_chosen_are_all_shown():
    columns = "model,node_subnet_addresses,months_left,input_pod_cidr"
    made = document(
        summary=False,
        nodes="200",
        growth_per_year="7",
        pod_cidr="/14",
        columns=columns.split(","),
        echo={"columns": columns},
    )
    shown = text(made)
    assert "node subnet addresses" in shown
    assert "/14" in shown
    left = made["rows"][0]["months_left"]
    assert f"{left:.1f}" in shown
    assert "every column" not in shown


def test_what_is_not_known_is_not_shown_as_no():
    made = document(summary=False, nodes="10", model="kubenet", needs="dual-stack")
    assert "no" in text(made).splitlines()[3]
    made = document(
        summary=False, nodes="10", model="kubenet", needs="static-egress-gateway"
    )
    assert "unknown" in text(made).splitlines()[3]


def test_a_filter_that_keeps_nothing_shows_no_row():
    made = document(summary=False, nodes="10,20", where="nodes > 20")
    assert "no cell is kept" in text(made)
    assert "and 10 more cells, as far as the filter keeps them" in text(made)


def test_spellings_are_shortened_and_shown_rather_than_obeyed():
    numbers = ",".join(map(str, range(1, 200)))
    hostile = {"max_pods": "30,\x1b[2J|<b>"}
    made = document(nodes=numbers, max_pods=[30, 40], echo=hostile)
    shown = text(made)
    assert "\x1b" not in shown
    assert "..." in shown.splitlines()[0]
    assert len(shown.splitlines()[0]) <= 80
    assert "<b>" not in as_markdown(sweep_report(made), "markdown", 80)


@pytest.mark.parametrize("summary", [True, False])
def test_records_are_rows_for_a_spreadsheet(summary):
    made = document(summary=summary, **TIMED)
    report = sweep_report(made)
    header, *lines = as_csv(report, "csv", 80).splitlines()
    assert header.startswith("model,")
    assert len(lines) == (2 if summary else 40)
    assert len({tuple(record) for record in report.records}) == 1


def test_records_of_a_summary_are_flat():
    (record,) = sweep_report(document(nodes="5:50", model="cni-overlay")).records
    assert record["node_subnet_prefixes"] == "/28=5-10 /27=11-24 /26=25-50"
    assert record["vnet_addresses_p50"] == 30
    assert record["exhaustion_p50"] is None
    nothing = document(nodes="6000", model="kubenet")
    (record,) = sweep_report(nothing).records
    assert record["vnet_addresses_most"] is None
    assert record["refused_by"] == "cluster-node-limit=1"


def test_a_share_is_never_rounded_to_all_or_nothing(monkeypatch):
    monkeypatch.setattr(summaries_module, "FEWEST_NODES", 1)
    shown = text(document(nodes="1:4546", max_pods="30", model="cni-overlay"))
    assert ">99%" in shown
    assert "<1%: a cluster has a ceiling" in shown


def test_what_tables_rename_or_leave_out_are_columns():
    assert {*SHORT, *ASIDE, *PREFIXES, *USUAL} <= {*COLUMNS}
