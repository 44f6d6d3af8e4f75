import json
import math
import re
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import ipplan
from ipplan.errors import ArgumentError
from ipplan.renderers.charts import CHARTS, check, draw, ending_of
from ipplan.renderers.charts.pictures import specification
from ipplan.renderers.charts.places import Crowd, Scale, apart, box
from ipplan.renderers.charts.styles import ink_on, shade, style_of
from ipplan.sweeps.grids import nodes_after
from ipplan.sweeps.sweeps import sweep
from ipplan.views.charts import KINDS, chart_of
from ipplan.views.charts.fans import MOST_CASES, SHARES, day_after
from tests.browser import judged, needs_chromium

TODAY = date(2026, 11, 28)
HOSTILE = "</script><script>alert(1)</script> & \"'<b>\u2028"


def chart(kind=None, horizon=60, **axes):
    return chart_of(sweep(**axes), kind, as_of=TODAY, horizon_months=horizon)


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314  # what ipplan itself has drawn


def ten_of(cells):
    return [cells[round(i * (len(cells) - 1) / 9)] for i in range(10)]


def larger_subnet(found):
    """Prefix length of the larger of the subnets in the VNet."""
    return min(each.prefix_length for each in found.ranges if each.reserved)


def refused(found):
    return {each.rule for each in found.findings if each.severity == "error"}


LINES = chart(nodes="10:5000:10", max_pods=30)


@pytest.mark.parametrize("line", LINES.panels[0].lines, ids=lambda each: each.model)
def test_a_line_has_the_numbers_of_size(line):
    for point in ten_of(line.points):
        found = ipplan.size(point.nodes, 30, model=line.model)
        assert found.feasible
        assert found.vnet_addresses == point.addresses
        assert larger_subnet(found) == point.length


@pytest.mark.parametrize("line", LINES.panels[0].lines, ids=lambda each: each.model)
def test_a_step_is_the_last_number_of_nodes_of_its_prefix(line):
    assert line.steps
    for step in line.steps:
        here, after = (
            larger_subnet(ipplan.size(n, 30, model=line.model))
            for n in (step.nodes, step.nodes + 1)
        )
        assert here == step.length > after


@pytest.mark.parametrize("line", LINES.panels[0].lines, ids=lambda each: each.model)
def test_a_line_ends_with_the_last_number_of_nodes_that_fits(line):
    assert ipplan.size(line.end.nodes, 30, model=line.model).feasible
    assert not ipplan.size(line.end.nodes + 1, 30, model=line.model).feasible


def test_a_line_says_what_stops_it_and_by_how_much_it_is_beaten():
    found = {each.model: each for each in LINES.panels[0].lines}
    assert found["kubenet"].end.nodes == 363
    assert found["kubenet"].why == "400 routes, surge included"
    assert found["cni-overlay"].why == "5,000 nodes a cluster with surge"
    assert found["cni-node-subnet"].why == "65,536 addresses a VNet"
    assert found["cni-node-subnet"].times == 31
    assert found["cni-node-subnet"].best == "cni-overlay"


def test_the_title_says_who_wins_up_to_where_and_who_stops_first():
    assert LINES.title == (
        "cni-overlay takes the fewest VNet addresses up to 4,545 nodes, up to 49 times "
        "fewer than cni-dynamic; kubenet stops first, at 363 (400 routes, surge "
        "included)"
    )


def test_a_second_winner_is_told():
    models = ["kubenet", "cni-node-subnet"]
    found = chart(nodes="10:500", max_pods=30, model=models, node_subnet=18)
    assert found.title == (
        "kubenet takes the fewest VNet addresses up to 363 nodes, up to 31 times fewer "
        "than cni-node-subnet, then cni-node-subnet up to 480 nodes; kubenet stops "
        "first, at 363 (400 routes, surge included)"
    )


def test_two_that_stop_together_are_both_told():
    models = ["cni-overlay", "kubenet", "cni-node-subnet"]
    found = chart(nodes="10:200", max_pods=30, model=models, pod_cidr=17)
    assert found.title.endswith(
        "; cni-overlay and kubenet stop first, at 116 (the /17 pod CIDR is full)"
    )


def test_one_model_that_still_fits_has_the_shortest_of_titles():
    found = chart(nodes="10:50", model="cni-overlay")
    assert found.title == "cni-overlay takes the fewest VNet addresses up to 50 nodes"
    assert found.panels[0].lines[0].why == ""


def test_given_subnets_are_lines_of_their_own_where_a_model_has_them():
    found = chart(nodes="10:90", node_subnet=20, pod_subnet=18, pod_cidr=12)
    words = [each.words for each in found.panels[0].capacities]
    assert words == ["/20 node subnet holds 4,091", "/18 pod subnet holds 16,379"]
    found = chart(nodes="10:90", pod_subnet=18, model="kubenet")
    assert found.panels[0].capacities == ()


def test_what_fits_nowhere_is_told_and_not_drawn():
    models = ["cni-overlay", "cni-node-subnet"]
    found = chart(nodes="10:80", max_pods=110, node_subnet=22, model=models)
    assert [each.model for each in found.panels[0].lines] == ["cni-overlay"]
    assert found.notes[-1] == (
        "Does not fit: cni-node-subnet (the /22 node subnet is full)."
    )


def test_a_second_axis_of_few_values_has_a_panel_for_each():
    found = chart(nodes="10:900", max_pods="30,110", max_surge="1,10%,2,3,4")
    assert [each.title for each in found.panels] == ["30 max pods", "110 max pods"]
    assert found.title.endswith("with 30 max pods and 110 max pods")
    assert found.notes[1] == "Of 5 values of max_surge the first is shown."
    assert "surge 1," in found.notes[0]
    for panel, pods in zip(found.panels, (30, 110), strict=True):
        line = panel.lines[0]
        for point in ten_of(line.points):
            sized = ipplan.size(point.nodes, pods, max_surge=1, model=line.model)
            assert sized.vnet_addresses == point.addresses


def test_panels_with_different_winners_say_so_and_one_without_a_line_is_told():
    models = ["kubenet", "cni-node-subnet"]
    found = chart(nodes="500:900", max_pods=30, model=models, node_subnet="16,26")
    assert found.title.startswith("cni-node-subnet takes the fewest")
    assert "Does not fit with a /26 node subnet: kubenet" in found.notes[2]
    found = chart(
        "break-even", nodes="300:900", max_pods=30, model=models, max_surge="1,400"
    )
    assert found.title.startswith("With surge 1, kubenet takes")
    assert ". With surge 400, cni-node-subnet takes" in found.title


def test_nothing_that_fits_is_one_line():
    with pytest.raises(ArgumentError, match="nothing fits anywhere: kubenet"):
        chart(nodes="500:900", model="kubenet")


@pytest.mark.parametrize(
    ("axes", "words"),
    [
        (
            {"nodes": "5000:6000"},
            "5,000 nodes a cluster with surge",
        ),
        ({"nodes": "300:2000", "pod_cidr": 17}, "the /17 pod CIDR is full"),
        ({"nodes": "9:10", "pod_subnet": 11}, "A pod subnet or pod CIDR that"),
    ],
)
def test_what_stops_all_of_a_line_is_told(axes, words):
    model = "cni-static-block" if "pod_subnet" in axes else "cni-overlay"
    with pytest.raises(ArgumentError) as caught:
        chart(model=model, **axes)
    assert words.lower() in str(caught.value).lower()


def test_the_largest_pod_subnet_is_told():
    found = chart(nodes="10:5000", max_pods=250, model="cni-static-block")
    assert found.panels[0].lines[0].why == "the largest pod subnet, a /12, is full"


def test_what_is_assumed_is_told():
    told = chart(nodes="10:90").notes[0]
    assert "max pods by default (250 cni-overlay, 110 kubenet, 30 cni-node" in told
    assert "surge 10 % (AKS's default), full nodes." in told
    told = chart(nodes="10:90", pods_per_node=20, max_surge="33%", needs=["windows"])
    assert "20 pods a node, surge 33 %, max pods" in told.notes[0]
    assert "needs windows" in told.notes[0]
    assert "needs windows" in chart(nodes="10:90", needs="windows").notes[0]


def test_what_is_not_known_of_a_model_is_told():
    models = ["kubenet", "cni-overlay"]
    found = chart(nodes="10:90", needs="static-egress-gateway", model=models)
    assert found.notes[1:] == (
        "Pods a node are not equal: give max pods to compare models.",
        "Microsoft's pages do not say whether kubenet has static-egress-gateway.",
    )
    alone = chart(nodes="10:90", model=["cni-overlay", "cni-dynamic"])
    assert alone.notes[1:] == ()


def test_nodes_that_grow_are_counted_before():
    found = chart(nodes="10:90", growth="50%", add_nodes=7, max_pods=30)
    assert found.notes[1:] == ("Nodes are counted before they grow.",)
    for line in found.panels[0].lines:
        for point in ten_of(line.points):
            sized = ipplan.size(
                point.nodes, 30, growth=50, add_nodes=7, model=line.model
            )
            assert sized.vnet_addresses == point.addresses
    found = chart(nodes="10:90", growth="0,50%", max_pods=30)
    assert found.notes[1:] == ("Nodes are counted before they grow.",)


MAP = chart(nodes="1:5000:10", max_pods="10:250:1")


@pytest.mark.parametrize("panel", MAP.panels, ids=lambda each: each.model)
def test_a_cell_of_the_map_has_the_prefix_of_size(panel):
    cells = [(row, run) for row in panel.rows for run in row.runs]
    for row, run in [
        *ten_of(cells),
        *ten_of([each for each in cells if each[1].length]),
    ]:
        for nodes in (run.first, run.last):
            found = ipplan.size(nodes, row.max_pods, model=panel.model)
            length = larger_subnet(found) if found.feasible else 0
            assert length == run.length


@pytest.mark.parametrize("panel", MAP.panels, ids=lambda each: each.model)
def test_a_row_of_the_map_covers_the_axis_without_a_gap(panel):
    for row in panel.rows:
        assert row.runs[0].first == 1
        assert row.runs[-1].last == 4991
        for one, after in zip(row.runs, row.runs[1:], strict=False):
            assert one.last + 1 == after.first
            assert one.length != after.length


def test_the_map_takes_a_few_of_many_max_pods_and_all_of_few():
    assert len(MAP.max_pods) == 40
    assert MAP.max_pods[0] == 10
    assert MAP.max_pods[-1] == 250
    found = chart(nodes="10:90:10", max_pods="10,30,110,250")
    assert found.max_pods == (10, 30, 110, 250)
    assert len(found.table.rows) == 4 * 5


def test_the_map_names_the_subnet_that_it_shows():
    named = {each.model: each.subnet for each in MAP.panels}
    assert named["cni-overlay"] == named["cni-node-subnet"] == "node subnet"
    assert named["cni-dynamic"] == "pod subnet"


def test_a_subnet_that_is_not_always_the_larger_one_is_not_named():
    axes = {"nodes": "1:40", "max_pods": "30,50,110,250"}
    found = chart(**axes, extra_addresses=3_000)
    named = {each.model: each.subnet for each in found.panels}
    assert named["cni-node-subnet"] == "node subnet"
    assert named["cni-dynamic"] == "larger subnet"
    assert "larger subnet" not in found.title


def test_the_map_shows_the_subnet_that_is_still_to_be_chosen():
    axes = {"nodes": "1:40", "max_pods": "30,50,110,250", "model": "cni-dynamic"}
    (panel,) = chart(**axes, node_subnet=20).panels
    assert panel.subnet == "pod subnet"
    for row in panel.rows:
        for run in row.runs:
            sized = ipplan.size(
                run.last, row.max_pods, node_subnet=20, model="cni-dynamic"
            )
            assert sized.pod_ranges[0].length == run.length
    (panel,) = chart(**axes, node_subnet=20, pod_subnet=22).panels
    assert {run.length for row in panel.rows for run in row.runs} == {20, 0}


def test_of_equals_the_recommended_model_wins_in_whatever_order_they_are_asked():
    for models in (["kubenet", "cni-overlay"], ["cni-overlay", "kubenet"]):
        found = chart(nodes="10:500", max_pods=30, model=models)
        assert found.title == (
            "cni-overlay takes the fewest VNet addresses up to 500 nodes; kubenet "
            "stops first, at 363 (400 routes, surge included)"
        )
        assert {line.best for line in found.panels[0].lines} == {"cni-overlay"}


def test_what_holds_for_all_cells_is_told():
    found = chart(nodes="10:900", max_pods=30, model="kubenet", blue_green=True)
    assert found.notes[0].endswith("full nodes, every pool twice (blue/green).")
    assert found.notes[1] == "Nodes are those of one of the two copies."
    assert found.panels[0].lines[0].end.nodes == 181
    found = chart(nodes="10:900", max_pods=30, model="kubenet", other_routes=100)
    assert found.notes[0].endswith("full nodes, 100 other routes.")
    assert found.panels[0].lines[0].end.nodes == 272


def test_what_a_given_subnet_does_not_hold_is_told():
    said = "Of cni-dynamic a node subnet holds the nodes only, a pod subnet the pods."
    models = ["cni-dynamic", "cni-overlay"]
    axes = {"nodes": "10:90", "max_pods": 30}
    assert said in chart(**axes, node_subnet=20, model=models).notes
    assert said not in chart(**axes, model=models).notes
    assert said not in chart(**axes, node_subnet=20, model="cni-overlay").notes


def test_the_title_of_a_map_says_who_goes_how_far():
    assert MAP.title == (
        "At 250 max pods cni-overlay stops at 4,545 nodes, in a /19 node subnet; "
        "cni-dynamic stops at 218 nodes, in a /16 pod subnet"
    )
    found = chart(nodes="10:40", max_pods="10:50:10", model="kubenet")
    assert (
        found.title
        == "At 50 max pods kubenet still fits 40 nodes, in a /26 node subnet"
    )
    models = ["cni-overlay", "cni-node-subnet"]
    found = chart(nodes="10:40", max_pods="10:50:10", model=models, node_subnet=25)
    assert found.title.endswith(
        "cni-node-subnet does not fit (the /25 node subnet is full)"
    )
    found = chart(nodes="500:600", max_pods="10:50:10", model="kubenet")
    assert found.title == "At 50 max pods nothing fits: 400 routes, surge included"
    assert found.table.rows[0] == [
        "kubenet",
        "10",
        "none",
        "",
        "400 routes, surge included",
        "",
    ]


CASES = {"nodes": "normal(200,30)", "growth_per_year": "normal(20,10)"}
FAN = chart(**CASES, node_subnet=22, max_pods=30)


def drawn():
    grid = sweep(**CASES).grid
    found = grid.inputs(0, 10_000)
    return found["nodes"], found["growth_per_year"]


def test_a_fan_has_the_shares_of_all_samples():
    nodes, growth = drawn()
    for month in ten_of(FAN.months):
        grown = np.sort(nodes_after(nodes, growth, month.months))
        expected = [grown[math.ceil(share * 10_000 / 100) - 1] for share in SHARES]
        assert list(month.nodes) == expected


@pytest.mark.parametrize("ceiling", FAN.ceilings, ids=lambda each: each.model)
def test_a_ceiling_is_the_last_number_of_nodes_that_size_lets_in(ceiling):
    fits, fails = (
        ipplan.size(n, 30, node_subnet=22, model=ceiling.model)
        for n in (ceiling.nodes, ceiling.nodes + 1)
    )
    assert fits.feasible
    assert not fails.feasible


def test_a_share_has_outgrown_a_model_after_its_months_and_not_before():
    nodes, growth = drawn()
    ceiling = next(each for each in FAN.ceilings if each.model == "kubenet")
    for share, months in zip(SHARES, ceiling.months, strict=True):
        if math.isfinite(months):
            after, before = (
                np.mean(nodes * (1 + growth / 100) ** (m / 12) > ceiling.nodes)
                for m in (months + 1e-6, months - 1e-6)
            )
            assert before < share / 100 <= after


def test_months_turn_into_the_words_of_the_title():
    first = date(2026, 11, 28)
    assert FAN.months[0].day == first
    assert FAN.months[-1].day == day_after(first, 60) == date(2031, 11, 28)
    assert re.fullmatch(
        r"100 % of the cases have outgrown cni-node-subnet \(29 nodes\) at the start; "
        r"\d+ % of the cases outgrow cni-overlay \(926 nodes\) by 2031-11, 5 % by "
        r"20\d\d-\d\d",
        FAN.title,
    )


def test_a_fan_says_of_how_many_models_it_is():
    asked = "When is the cluster too large (of the 2 models asked for)?"
    models = ["kubenet", "cni-overlay"]
    assert chart(**CASES, model=models).notes[0].startswith(asked)
    assert FAN.notes[0].startswith("When is the cluster too large?")


@pytest.mark.parametrize(
    ("pods", "named", "edges"),
    [
        ("30,60,110,250", [0.5, 1.5, 2.5, 3.5], [0.08, 0.92]),
        ("10:22:2", [10, 12, 14, 16, 18, 20, 22], [9, 11]),
        ("10:250:10", [10, 50, 100, 150, 200, 250], [5, 15]),
    ],
)
def test_few_max_pods_are_rows_apart_and_the_ends_are_named(pods, named, edges):
    found = chart("heat-map", nodes="10:900:10", max_pods=pods, model="kubenet")
    plot = specification(found)["concat"][0]["layer"][0]
    axis = plot["encoding"]["y"]["axis"]
    assert axis["values"] == named
    row = plot["data"]["values"][0]
    assert [row["y"], row["y2"]] == edges
    if len(named) == 4:
        told = draw(found, ".svg").decode()
        assert all(f">{each}<" in told for each in found.max_pods)


def test_static_block_says_what_counts_in_the_vnet():
    said = b"the VNet's 65,536 count blocks here, not IPs"
    assert said in draw(LINES, ".svg").replace(b"&#39;", b"'")


def test_models_are_told_apart_in_grey():
    colours = [style_of(name).colour for name in ipplan.MODELS]
    parts = [[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colours]
    greys = sorted(0.299 * r + 0.587 * g + 0.114 * b for r, g, b in parts)
    assert min(np.diff(greys)) >= 25


def test_a_fan_of_one_model_has_one_finding():
    found = chart(nodes=100, growth_per_year=10, model="kubenet")
    months = 12 * math.log(363 / 100) / math.log(1.1)
    assert found.ceilings[0].months[2] == pytest.approx(months)
    assert (
        found.title
        == "Fewer than 5 % of the cases outgrow kubenet (363 nodes) by 2031-11"
    )
    found = chart(nodes=200, growth_per_year=20, model="kubenet")
    assert found.title == (
        "Half of the cases outgrow kubenet (363 nodes) by 2030-03, 5 % by 2030-03"
    )


def test_values_of_growth_are_cases_that_count_alike():
    found = chart(nodes=[100, 200], growth_per_year="0:50:10", kind="fan")
    assert found.cases == 12
    assert "nodes 100 to 200, growth in % a year 0 to 50" in found.notes[0]
    assert found.ceilings[1].months[-1] == math.inf


def test_what_does_not_fit_at_all_is_told():
    found = chart(**CASES, node_subnet=29, max_pods=110, model="cni-node-subnet")
    assert (
        found.notes[-1] == "Nothing fits cni-node-subnet: the /29 node subnet is full."
    )
    assert found.ceilings[0].by == ("at the start",) * 5
    assert found.title == (
        "Nothing fits: cni-node-subnet (the /29 node subnet is full)"
    )
    assert draw(found, ".svg")
    models = ["cni-overlay", "kubenet"]
    found = chart(**CASES, max_pods=30, needs="windows", model=models)
    assert "cni-overlay (4,545 nodes)" in found.title
    assert "kubenet" not in found.title


def test_those_that_are_too_large_at_the_start_are_counted():
    axes = {"nodes": [100, 150, 200, 300], "growth_per_year": 20, "kind": "fan"}
    found = chart(**axes, max_pods=30, node_subnet=20, model="cni-node-subnet")
    assert found.ceilings[0].nodes == 119
    assert found.ceilings[0].at_start == 0.75
    assert found.title == (
        "75 % of the cases have outgrown cni-node-subnet (119 nodes) at the start"
    )
    assert b"too small at the start for 75 %" in draw(found, ".svg")
    axes["nodes"] = [90, 100, 100, 300]
    found = chart(**axes, max_pods=30, node_subnet=20, model="cni-node-subnet")
    assert found.title == (
        "25 % of the cases have outgrown cni-node-subnet (119 nodes) at the start, "
        "half by 2027-11"
    )
    assert b"25 % at the start, 50 % by 2027-11" in draw(found, ".svg")


def test_a_fan_says_that_ranges_which_are_not_given_do_not_bind():
    said = "Ranges that are not given are chosen large enough."
    assert said in FAN.notes
    given = {"node_subnet": 20, "pod_cidr": 12, "model": "cni-overlay"}
    assert said not in chart(**CASES, **given).notes


def test_of_more_samples_than_can_be_seen_the_first_are_taken():
    found = chart(**CASES, samples=MOST_CASES + 1, model="kubenet", horizon=1)
    assert found.cases == MOST_CASES
    assert "The first 200,000 of 200,001 samples." in found.notes


@pytest.mark.parametrize(
    ("axes", "kind"),
    [
        (CASES, "fan"),
        ({"nodes": "normal(9,1)"}, "fan"),
        ({"nodes": 9, "growth_per_year": "5,10"}, "fan"),
        ({"nodes": "9:20", "growth_per_year": "5"}, "break-even"),
        ({"nodes": "1:4", "max_pods": "30,40,50,60"}, "heat-map"),
        ({"nodes": "1:3", "max_pods": "30,40,50,60"}, "break-even"),
        ({"nodes": "3:6", "max_pods": "30,40,50"}, "break-even"),
        ({"nodes": "3:6"}, "break-even"),
    ],
)
def test_the_axes_choose_the_kind(axes, kind):
    if axes == {"nodes": "normal(9,1)"}:
        with pytest.raises(ArgumentError, match="give how they grow"):
            chart(**axes)
    else:
        assert chart(**axes).kind == kind


@pytest.mark.parametrize(
    ("kind", "axes", "words"),
    [
        ("pie", {"nodes": "1:9"}, "one of break-even, heat-map, fan"),
        (None, {"nodes": 9}, "of one value of nodes: give several"),
        ("heat-map", {"nodes": "1:9"}, "without max_pods: give several"),
        ("heat-map", {"nodes": "1:9", "max_pods": 30}, "of one value of max_pods"),
        ("break-even", CASES, "only a fan shows what is"),
        (
            "break-even",
            {"nodes": "1:9", "growth_per_year": "normal(9,1)"},
            "draw a fan",
        ),
        (
            "heat-map",
            {"nodes": "1:9", "max_pods": "10:90", "growth_per_year": "normal(9,1)"},
            "draw a fan",
        ),
        ("fan", {"nodes": "1:9"}, "give how they grow"),
        ("fan", {**CASES, "max_pods": "normal(50,9)"}, "of max_pods: only nodes and"),
        (
            "fan",
            {"nodes": "1:1000", "growth_per_year": "1:1000"},
            "1,000,000 cases: at most 200,000",
        ),
        ("break-even", {"nodes": "1:9", "where": "feasible"}, "leave the filter out"),
        (
            "break-even",
            {"scenarios": {"nodes": [1, 9], "max_pods": [30, 50]}},
            "in scenarios: give axes that multiply",
        ),
    ],
)
def test_what_cannot_be_drawn_is_one_line_that_says_what_to_give(kind, axes, words):
    with pytest.raises(ArgumentError) as caught:
        chart(kind, **axes)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("months", [0, 1201])
def test_the_horizon_has_bounds(months):
    with pytest.raises(ArgumentError, match="1 to 1,200 months"):
        chart(**CASES, horizon=months)


def test_a_chart_of_1e12_cells_takes_a_thousand_points():
    axes = {"extra_addresses": "0:999", "host_network_pods": "0:3"}
    found = chart(
        "heat-map", nodes="1:5000", max_pods="10:250", max_surge="1:40", **axes
    )
    assert found.notes[2:] == (
        "Of 40 values of max_surge the first is shown.",
        "Of 1,000 values of extra_addresses the first is shown.",
        "Of 4 values of host_network_pods the first is shown.",
    )


DRAWN = {
    "break-even": chart(nodes="10:900:10", max_pods=30, node_subnet=18),
    "heat-map": chart(nodes="10:900:10", max_pods="10:110:20"),
    "fan": FAN,
}
assert set(DRAWN) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", [".svg", ".png"])
def test_every_kind_is_drawn_to_the_same_bytes_each_time(kind, ending):
    found = draw(DRAWN[kind], f"some/where{ending}")
    assert found == draw(DRAWN[kind], ending)
    if ending == ".png":
        assert found.startswith(b"\x89PNG")
        wide = int.from_bytes(found[16:20])
        assert wide > 1500
    else:
        root = parsed(found)
        assert root.get("role") == "img"
        assert root[0].text == DRAWN[kind].title
        assert root[1].text == " ".join(DRAWN[kind].notes)


def texts_of(kind):
    found = draw(DRAWN[kind], ".svg").decode()
    return set(re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", found))


def test_a_curve_names_its_model_where_it_ends():
    told = texts_of("break-even")
    assert {each.model for each in DRAWN["break-even"].panels[0].lines} <= told
    assert "363 nodes: 400 routes, surge included" in told
    assert "480 nodes: the /18 node subnet is full" in told
    assert "16,368 IPs (/18), 31 times cni-overlay's" in told
    assert "/18 node subnet holds 16,379" in told
    assert {
        "Nodes, before any surge [nodes]",
        "400 IPs (/18), as many as cni-overlay",
    } <= told


def test_a_map_names_models_prefixes_and_axes():
    told = texts_of("heat-map")
    assert "cni-node-subnet: /N of the node subnet" in told
    assert "cni-dynamic: /N of the pod subnet" in told
    assert {
        "/24",
        "/18",
        "Max pods [pods/node]",
        "110 max pods: up to 363 nodes",
    } <= told


def test_a_fan_names_models_shares_and_dates():
    told = texts_of("fan")
    assert "cni-overlay, cni-static-block, cni-dynamic" in told
    kubenet = next(each for each in FAN.ceilings if each.model == "kubenet")
    assert f"5 % by {kubenet.by[0]}" in told
    assert f"outgrown: 5 % by {kubenet.by[0]}, 50 % by {kubenet.by[2]}" in told
    assert {"95 %", "5 %", "Month [year-month]"} <= told


@pytest.mark.parametrize(
    "found",
    [
        chart(nodes="10:60", max_pods=30, model="cni-overlay"),
        chart(nodes="100:900", max_pods="30,110"),
        chart(nodes="100:101", model="cni-overlay"),
        chart(nodes="10:99", max_pods="10:50:10", model="kubenet"),
        chart(nodes="500:600", max_pods="10:50:10", model="kubenet"),
        chart(
            nodes=50, growth_per_year="triangular(5,15,60)", model="kubenet", horizon=3
        ),
        chart(nodes=50, growth_per_year=0, model="cni-overlay"),
        chart(nodes="normal(90,5)", growth_per_year=30, max_pods=30, horizon=1200),
    ],
    ids=["narrow", "panels", "two", "one-map", "empty-map", "short", "flat", "long"],
)
def test_what_is_unusual_is_drawn_too(found):
    root = parsed(draw(found, ".svg"))
    assert root[0].text == found.title


def test_no_two_names_lie_upon_each_other():
    crowd = Crowd()
    assert crowd.has_room(box(50, 50, "/24"))
    assert not crowd.has_room(box(58, 55, "/24"))
    assert crowd.has_room(box(50, 61, "/24"))
    assert crowd.has_room(box(90, 50, "/24"))


@pytest.mark.parametrize("is_log", [False, True])
@pytest.mark.parametrize("upwards", [False, True])
def test_a_scale_goes_there_and_back(is_log, upwards):
    scale = Scale(10, 1000, 300, is_log, upwards)
    ends = [scale.at(10), scale.at(1000)]
    assert ends == ([300, 0] if upwards else [0, 300])
    assert scale.back(scale.at(70)) == pytest.approx(70)


def test_ticks_are_round_and_have_room():
    assert Scale(10, 1000, 300, is_log=True).ticks(44) == [
        10,
        20,
        50,
        100,
        200,
        500,
        1000,
    ]
    assert Scale(10, 1000, 200, is_log=True).ticks(44) == [10, 30, 100, 300, 1000]
    assert Scale(1, 10**6, 200, is_log=True).ticks(44) == [1, 100, 10_000, 1_000_000]
    assert Scale(7, 93, 300).ticks(44) == [20, 40, 60, 80]


def test_labels_keep_their_distance_in_order():
    found = apart([100, 101, 99, 300], 20, 310)
    assert found == [120, 140, 99, 300] or sorted(found) == [99, 119, 139, 300]


def test_colours_are_told_apart_in_grey():
    def grey(colour):
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    lengths = list(range(12, 29))
    greys = [grey(shade(each, lengths)) for each in lengths]
    assert greys == sorted(greys)
    assert len(set(greys)) == len(greys)
    assert shade(24, [24]).startswith("#")
    dashes = {tuple(style_of(name).dash) for name in ipplan.MODELS}
    assert len(dashes) == len(ipplan.MODELS)
    assert ink_on("#ffffff") != ink_on("#000000")


@pytest.mark.parametrize("path", ["plan.pdf", "plan", "", ".svg.txt"])
def test_another_ending_is_refused(path):
    with pytest.raises(ArgumentError, match=r"a file in \.svg, \.png, \.html"):
        draw(FAN, path)


def test_an_ending_may_be_in_capitals_and_a_path():
    assert ending_of(Path("a/b.HTML")) == ".html"
    assert ending_of(".SVG") == ".svg"
    assert set(CHARTS) == {".svg", ".png", ".html"}


def test_a_missing_extra_is_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(ArgumentError, match=r"pip install ipplan\[charts\]"):
        check("plan.svg")


PAGES = {kind: draw(found, ".html").decode() for kind, found in DRAWN.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_whole_and_asks_no_network(kind):
    page = PAGES[kind]
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert f"<title>{DRAWN[kind].title}</title>".replace("'", "&#x27;") in page
    assert "default-src 'none'" in page
    assert "unsafe-eval" not in page
    before = page[: page.index("<script>")]
    assert not re.search(r'\b(?:src|href)="(?!data:)', before)
    table = DRAWN[kind].table
    assert before.count("<tr>") == len(table.rows) + 1


def test_a_page_is_the_same_each_time():
    assert draw(FAN, ".html").decode() == PAGES["fan"]


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_is_inert(kind):
    found = replace(DRAWN[kind], title=HOSTILE, notes=(HOSTILE,))
    page = draw(found, ".html").decode()
    assert "<script>alert" not in page
    assert page.count("</script>") == PAGES[kind].count("</script>")
    root = parsed(draw(found, ".svg"))
    assert root[0].text == HOSTILE


def test_hostile_text_in_the_specification_ends_no_script():
    found = replace(DRAWN["fan"], ceilings=(replace_why(FAN.ceilings[0], HOSTILE),))
    page = draw(found, ".html").decode()
    assert "<script>alert" not in page
    data = re.search(r'id="specification">(.*?)</script>', page, re.DOTALL)[1]
    assert HOSTILE in json.dumps(json.loads(data), ensure_ascii=False).replace(
        '\\"', '"'
    )


def replace_why(ceiling, why):
    return ceiling._replace(why=why)


def test_a_specification_holds_few_points():
    assert len(json.dumps(specification(MAP))) < 500_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_specification_obeys_the_schema_of_vega_lite(kind):
    import altair as alt  # its schema, and nothing else of it

    drawn = specification(DRAWN[kind])
    assert alt.Chart.from_dict(drawn).to_dict()["title"] == drawn["title"]


@needs_chromium
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_opens_in_chromium_without_an_error_and_passes_axe(tmp_path, kind):
    said, violations, document = judged(PAGES[kind], tmp_path)
    assert said == []
    assert violations == []
    chart = document[document.index('<div id="chart"') :]
    assert chart[: chart.index('<h2 id="numbers">')].count("<svg") == 1
    assert 'id="picture"' not in document[: document.index("<script")]


def test_a_fan_ends_before_the_calendar_does():
    found = sweep(nodes="120", growth_per_year="5", node_subnet="/19")
    last = date(9994, 12, 31)
    assert chart_of(found, "fan", as_of=last, horizon_months=60).months
    with pytest.raises(ArgumentError, match=r"^as_of 9999-12-31: a day that 60 months"):
        chart_of(found, "fan", as_of=date.max)


def test_a_fan_asks_for_the_day_from_which_growth_counts():
    with pytest.raises(ArgumentError, match="as_of left out: the day from which"):
        chart_of(sweep(nodes=100, growth_per_year="normal(30,9)"))
