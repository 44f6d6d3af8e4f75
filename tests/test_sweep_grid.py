import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from decimal import ROUND_CEILING, Decimal, localcontext
from itertools import pairwise
from math import log
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ipplan
from ipplan import ArgumentError
from ipplan.counts import CEILING
from ipplan.documents.sizes import size_scenario
from ipplan.inventory import DEFAULT_SURGE
from ipplan.sizing.rules import ERRORS
from ipplan.sweeps.columns import COLUMNS, columns_of, plain, usual_names
from ipplan.sweeps.grids import (
    CHUNK,
    MOST_CELLS,
    ROUNDING,
    Span,
    nodes_after,
    with_growth,
)
from ipplan.sweeps.runs import in_order
from ipplan.sweeps.sweeps import sweep
from ipplan.tables import MOST_ROWS
from tests import strategies

AXES = {
    "nodes": strategies.nodes.filter(lambda nodes: nodes < 2**31),
    "add_nodes": st.integers(0, 300),
    "growth": st.integers(0, 300),
    "max_pods": strategies.max_pods,
    "max_surge": strategies.surges,
    "pods_per_node": st.integers(0, 250),
    "host_network_pods": strategies.host,
    "extra_addresses": strategies.extra,
    "node_subnet": st.integers(2, 29),
    "pod_subnet": st.integers(2, 29),
    "pod_cidr": st.integers(1, 32),
}
"""What an axis may hold; growth over years, which size() has not, comes apart."""

CONSTANTS = st.fixed_dictionaries(
    {},
    optional={
        "needs": st.sampled_from(
            [("windows",), ("network-policy=cilium",), ("dual-stack", "virtual-nodes")]
        ),
        "other_routes": st.integers(0, 410),
        "blue_green": st.booleans(),
    },
)


@st.composite
def grids(draw):
    """Axes of a sweep: nodes first, then some of the others; some go together."""
    others = st.lists(st.sampled_from([*AXES][1:]), max_size=3, unique=True)
    values = {
        name: draw(st.lists(AXES[name], min_size=1, max_size=3))
        for name in ["nodes", *draw(others)]
    }
    beside = {}
    if draw(st.booleans()):
        count = len(values["nodes"])
        beside["nodes"] = values.pop("nodes")
        for name in [*values][:1]:
            beside[name] = (values.pop(name) * 3)[:count]
    return values, beside


def first(ranges, field):
    return ranges[0][field] if ranges else None


def row_of(model, words):
    """A row of a sweep out of the document of one size()."""
    plan = ipplan.size(**words, model=[model])
    (found,) = size_scenario(plan)["models"]
    subnets, pods = found["node_subnets"], found["pod_ranges"]
    broken = {each["rule"] for each in found["findings"]}
    refusals = [rule.name for rule in ERRORS if rule.name in broken]
    fields = ("prefix_length", "addresses", "addresses_with_reserved", "usable", "free")
    return {
        "model": found["model"],
        "nodes": found["nodes"],
        "surge_nodes": found["surge_nodes"],
        "peak_nodes": found["nodes"] + found["surge_nodes"],
        "max_pods": found["max_pods"],
        "max_surge": words.get("max_surge", str(DEFAULT_SURGE)),
        "feasible": found["feasible"],
        "refused_by": refusals[0] if refusals else None,
        **{f"node_subnet_{each}": first(subnets, each) for each in fields},
        "pod_range_kind": first(pods, "kind"),
        **{f"pod_range_{each}": first(pods, each) for each in fields},
        "vnet_addresses": found["vnet_addresses"],
        "grows_to_nodes": found["grows_to"]["nodes"],
        "grows_to_bound_by": found["grows_to"]["bound_by"],
    }


SIZED = [
    name for name in COLUMNS if not name.startswith("input_") and name != "months_left"
]


def cells_of(values, beside):
    """What each cell is sized with, in the order of the rows."""
    cells = [{}]
    if beside:
        rows = zip(*beside.values(), strict=True)
        cells = [dict(zip(beside, row, strict=True)) for row in rows]
    for name, each in values.items():
        cells = [{**cell, name: value} for cell in cells for value in each]
    return cells


@given(grids(), CONSTANTS, strategies.model_names, st.integers(1, 9))
def test_every_cell_is_what_size_says_of_it_alone(axes, constants, model, size):
    values, beside = axes
    names = [f"input_{name}" for name in {**beside, **values} if name != "max_surge"]
    found = sweep(
        **values,
        **constants,
        scenarios=beside or None,
        model=model,
        columns=[*SIZED, *names],
    )
    cells = cells_of(values, beside)
    rows = [row for part in found.chunks(size) for row in records(found.columns, part)]
    assert len(rows) == found.cells == len(cells)
    for row, cell in zip(rows, cells, strict=True):
        assert {name: row[name] for name in SIZED} == row_of(model, cell | constants)
        assert [row[name] for name in names] == [cell[name[6:]] for name in names]


@pytest.mark.parametrize("model", ipplan.MODELS)
@pytest.mark.parametrize(
    "values",
    [
        {
            "nodes": [1, 5_000],
            "max_pods": [10, 250],
            "pods_per_node": [0, 250],
            "host_network_pods": [0, 10, 250],
            "pod_subnet": [2, 16, 26, 27, 28, 29],
        },
        {
            "nodes": [1, 400],
            "max_pods": [10, 250],
            "pod_cidr": [1, 16, 24, 30, 31, 32],
            "node_subnet": [2, 28, 29],
        },
        {
            "nodes": [1, 2**31],
            "max_surge": ["0", "0%", "100%", str(CEILING)],
            "extra_addresses": [0, CEILING],
        },
    ],
)
def test_cells_at_the_edges_are_what_size_says_of_them(values, model):
    found = sweep(**values, model=model, columns=SIZED)
    (part,) = found.chunks()
    cells = cells_of(values, {})
    for row, cell in zip(records(found.columns, part), cells, strict=True):
        assert row == row_of(model, cell)


def records(columns, rows):
    told = plain(columns, rows)
    return [
        dict(zip(told, row, strict=True)) for row in zip(*told.values(), strict=True)
    ]


def test_models_come_first_and_in_the_order_that_was_asked_for():
    asked = ["kubenet", "cni-dynamic", "kubenet"]
    found = sweep(nodes=[[3, 5], [7, 9]], max_surge="1,10%", model=asked)
    assert found.shape == (2, 2, 2, 2)
    assert found.cells == 16
    assert found["nodes"].tolist() == [[[[3, 3], [5, 5]], [[7, 7], [9, 9]]]] * 2
    assert [*dict.fromkeys(found.head()["model"])] == ["kubenet", "cni-dynamic"]
    assert sweep(nodes=3).shape == (len(ipplan.MODELS),)


@given(
    st.integers(1, 10**6),
    st.integers(0, 100_000),
    st.integers(0, 120),
)
def test_growth_over_years_is_compound_and_rounded_up(nodes, permille, months):
    yearly = permille / 1_000
    found = sweep(
        nodes=nodes, growth_per_year=[yearly], months=[months], model="kubenet"
    )["nodes"].item()
    with localcontext(prec=60):
        factor = (1 + Decimal(permille) / 100_000) ** (Decimal(months) / 12)
        exact = Decimal(nodes) * factor
        whole = exact.to_integral_value(ROUND_CEILING)
        if exact % 1 > exact * Decimal(ROUNDING) * 2:
            assert found == min(int(whole), CEILING)
        else:
            assert found in {int(whole) - 1, int(whole)}


@pytest.mark.parametrize(
    ("nodes", "yearly", "months", "expected"),
    [
        (100, 10, 12, 110),
        (100, 10, 24, 121),
        (100, 10, 0, 100),
        (100, 0, 1_200, 100),
        (1, 100, 1, 2),
        (1_000, 100, 36, 8_000),
        (CEILING, 0, 12, CEILING),
        (CEILING, 10, 12, CEILING),
        (10, 1_000, 1_200, CEILING),
    ],
)
def test_growth_over_years_that_comes_out_whole_stays_so(
    nodes, yearly, months, expected
):
    assert nodes_after(np.array([nodes]), yearly, np.array([months])) == expected


@pytest.mark.parametrize(
    ("nodes", "more", "growth", "expected"),
    [
        (11, 0, 20, 14),
        (50, 10, 0, 60),
        (CEILING - 5, 5, 0, CEILING),
        (CEILING - 5, 6, 0, CEILING),
        (CEILING, CEILING, 1_000_000, CEILING),
    ],
)
def test_growth_is_cut_off_where_counts_end(nodes, more, growth, expected):
    assert with_growth(np.array([nodes]), np.array([more]), growth) == expected


def test_no_cell_stops_a_sweep_however_much_it_grows():
    found = sweep(
        nodes=[1, CEILING],
        add_nodes=[0, CEILING],
        growth=[0, 1_000_000],
        growth_per_year=[0, 1_000],
        months=[0, 1_200],
        max_pods=[10, 250],
        max_surge="0,100%",
    )
    assert found["nodes"].max() == CEILING
    assert not found["feasible"][found["nodes"] == CEILING].any()


@given(
    st.integers(1, 900),
    st.integers(1, 200),
    strategies.max_pods,
    st.integers(20, 26),
    strategies.model_names,
)
def test_months_left_end_where_a_step_a_month_no_longer_fits(
    nodes, yearly, max_pods, length, model
):
    given = {"max_pods": max_pods, "node_subnet": length, "model": model}
    columns = ["months_left", "refused_by"]
    found = sweep(nodes=nodes, growth_per_year=[yearly], columns=columns, **given)
    (left,), refused = found.head()["months_left"], found.head()["refused_by"]
    if refused != [None]:
        assert left == 0
        return
    passed = 0
    while ipplan.size(grown(nodes, yearly, passed), **given).feasible:
        passed += 1
    assert passed - 1 - 1e-6 <= left <= passed + 1e-6


def grown(nodes, yearly, months):
    return int(nodes_after(np.array([nodes]), yearly, np.array([months]))[0])


def test_what_does_not_grow_is_never_outgrown_and_what_does_not_fit_is():
    found = sweep(
        nodes=[10, 6_000],
        growth_per_year=[0, 10],
        node_subnet=24,
        model="kubenet",
        columns=["months_left"],
    )
    left = 12 * log(228 / 10) / log(1.1)  # 228 and 23 of surge fill the /24
    assert found.head()["months_left"] == [None, pytest.approx(left), 0, 0]
    still = sweep(nodes=[10, 6_000], model="kubenet", columns=["months_left"])
    assert still.head()["months_left"] == [None, 0]


DRAWN = {
    "nodes": "normal(200,30)",
    "growth_per_year": "lognormal(20,0.5)",
    "max_pods": [30, 110],
}
NAMES = ["nodes", "input_growth_per_year", "feasible", "months_left"]


def whole(chunks):
    parts = list(chunks)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


@pytest.mark.parametrize("size", [1_000, 65_536, 65_537, 10**6])
def test_samples_are_the_same_whatever_the_size_of_a_chunk(size):
    found = sweep(**DRAWN, samples=70_000, seed=3, model="kubenet", columns=NAMES)
    one, other = whole(found.chunks(size)), whole(found.chunks(30_011))
    for name in NAMES:
        assert (one[name] == other[name]).all()


def test_samples_are_the_same_in_another_order_and_another_process():
    words = {**DRAWN, "samples": 70_000, "seed": 3, "columns": NAMES}
    found = sweep(**words, model="kubenet")
    backwards = [found.work(span) for span in reversed(found.grid.spans(9_999))]
    one = whole(found.chunks())
    other = whole(reversed(backwards))
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        third = whole(sweep(**words, model="kubenet", executor=pool).chunks())
    for name in NAMES:
        assert (one[name] == other[name]).all()
        assert (one[name] == third[name]).all()
    another = sweep(**words | {"seed": 4}, model="kubenet")
    assert (another["nodes"].ravel() != one["nodes"]).any()


def test_spans_cover_every_cell_once_and_in_order():
    grid = sweep(nodes="1:10", max_pods=[30, 110]).grid
    assert grid.names == ("nodes", "max_pods")
    for size in (1, 7, 20, 21):
        spans = grid.spans(size)
        assert next(span for span in spans if span.model == 1).start == 0
        for before, after in pairwise(spans):
            if after.model == before.model:
                assert after.start == before.stop
        assert sum(span.stop - span.start for span in spans) == 100
    assert grid.spans() == [Span(model, 0, 20) for model in range(5)]


@pytest.mark.parametrize("drawn", [{}, {"growth": "uniform(0,90)", "samples": 3}])
def test_a_part_of_a_grid_has_the_cells_that_it_was_cut_for(drawn):
    words = {"nodes": [[3, 5], [7, 9]], "max_surge": "1,10%", "max_pods": "10,30,250"}
    grid = sweep(**words, **drawn).grid
    for start in range(grid.size):
        for stop in range(start + 1, grid.size + 1):
            part, first = grid.part(start, stop)
            found = part.inputs(first, first + stop - start)
            for name, values in grid.inputs(start, stop).items():
                assert (found[name] == values).all()


def test_progress_is_told_how_many_cells_are_done():
    told = []
    found = sweep(nodes="1:10", model=["kubenet", "cni-overlay"])
    assert len(list(found.chunks(4, told.append))) == 6
    assert told == [4, 4, 2, 4, 4, 2]


def test_a_sweep_of_many_cells_is_refused_before_any_work():
    edge = {"nodes": "1:1000000", "add_nodes": "1:1000000"}
    assert sweep(**edge, model="kubenet").cells == MOST_CELLS
    with pytest.raises(ArgumentError) as caught:
        sweep(**edge, model=["kubenet", "cni-overlay"])
    assert str(caught.value) == (
        "cells in all 2 models x 1,000,000 x 1,000,000: "
        "at most 1,000,000,000,000 in all: take larger steps"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"max_pods": 30}, "nodes left out: an axis that every sweep needs"),
        ({"nodes": 3, "pods": 30}, "pods given: an axis is one of nodes"),
        ({"nodes": 3, "model": "kube"}, "model 'kube': one of"),
        ({"nodes": 3, "needs": "wings"}, "need 'wings': one of"),
        ({"nodes": 3, "other_routes": -1}, "other_routes -1"),
        ({"nodes": 3, "samples": 0}, "samples 0: a whole number from 1"),
        ({"nodes": 3, "seed": -1}, "seed -1: a whole number from 0"),
        ({"nodes": 3, "scenarios": {"nodes": [3]}}, "nodes given twice"),
        ({"nodes": 3, "where": "len(model)"}, "where 'len(model)': not a call of len"),
        ({"nodes": 3, "columns": []}, "columns none: some of model, nodes"),
        ({"nodes": 3, "columns": "node"}, "columns 'node': some of model, nodes"),
        ({"nodes": 3, "columns": ["input_growth"]}, "columns 'input_growth': some of"),
    ],
)
def test_what_is_no_sweep_is_refused_before_any_work(words, told):
    with pytest.raises(ArgumentError) as caught:
        sweep(**words)
    assert str(caught.value).startswith(told)
    assert "\n" not in str(caught.value)


def test_columns_are_offered_of_the_axes_that_were_given_only():
    grid = sweep(nodes=3, growth=[0, 10]).grid
    with pytest.raises(ArgumentError) as caught:
        columns_of(grid, ["input_months"])
    offered = caught.value.allowed.removeprefix("some of ").split(", ")
    assert offered == [
        *(name for name in COLUMNS if not name.startswith("input_")),
        "input_nodes",
        "input_growth",
    ]
    assert [each.name for each in columns_of(grid, "nodes")] == ["nodes"]


@pytest.mark.parametrize(
    ("words", "inputs", "timed"),
    [
        ({"nodes": 3}, [], False),
        ({"nodes": 3, "max_pods": 30, "max_surge": 1}, [], False),
        ({"nodes": 3, "growth": 10}, ["input_nodes", "input_growth"], False),
        ({"nodes": 3, "node_subnet": 24}, ["input_node_subnet"], False),
        (
            {"nodes": 3, "growth_per_year": 10},
            ["input_nodes", "input_growth_per_year"],
            True,
        ),
    ],
)
def test_the_usual_columns_show_the_axes_that_vary(words, inputs, timed):
    names = usual_names(sweep(**words).grid)
    assert [name for name in names if name.startswith("input_")] == inputs
    assert names[0] == "model"
    assert ("months_left" in names) == timed


def test_a_column_by_name_has_the_shape_of_the_sweep_or_the_rows_that_are_kept():
    words = {"nodes": "10:50:10", "max_pods": [30, 110], "model": "kubenet"}
    every = sweep(**words)["vnet_addresses"]
    assert every.shape == (1, 5, 2)
    kept = sweep(**words, where="nodes >= 30", columns=["nodes"])
    assert kept["vnet_addresses"].tolist() == every[0, 2:].ravel().tolist()
    assert kept.head() == {"nodes": [30, 30, 40, 40, 50, 50]}
    assert sweep(**words, where="nodes > 50")["nodes"].tolist() == []


@given(st.integers(0, 30))
def test_the_head_is_the_first_rows_and_no_more(count):
    words = {"nodes": "1:9", "model": ["kubenet", "cni-overlay"]}
    every = sweep(**words).head(18)
    assert every["nodes"] == [*range(1, 10)] * 2
    assert {name: cells[:count] for name, cells in every.items()} == sweep(
        **words
    ).head(count)
    kept = sweep(**words, where="nodes >= 8 and model == 'cni-overlay'").head(count)
    assert kept["nodes"] == [8, 9][:count]


def test_the_head_looks_further_where_a_filter_drops_the_first_rows():
    found = sweep(nodes=f"1:{CHUNK + 9}", model="kubenet", where=f"nodes > {CHUNK}")
    assert found.head(3)["nodes"] == [CHUNK + 1, CHUNK + 2, CHUNK + 3]
    with pytest.raises(ArgumentError, match="n -1"):
        found.head(-1)


@pytest.mark.parametrize("where", [None, "nodes > 99_999_999"])
def test_a_sweep_shows_itself_without_being_worked_out(where, monkeypatch):
    found = sweep(
        nodes="1:1000000",
        growth="0:99",
        max_pods="10:209",
        max_surge="1:9",
        model="kubenet",
        where=where,
    )
    done = []
    work = type(found.work).__call__

    def counted(self, span):
        done.append(span.stop - span.start)
        return work(self, span)

    monkeypatch.setattr(type(found.work), "__call__", counted)
    told = "180,000,000,000 cells (1 model x 1,000,000 nodes x 100 growth x 200"
    assert repr(found).startswith(f"<Sweep of {told} max_pods x 9 max_surge): model,")
    assert told in found._repr_html_()
    assert done == [CHUNK if where else MOST_ROWS]


def test_what_a_sweep_shows_is_escaped():
    found = sweep(nodes=[3, 5], model="kubenet", where="nodes < 9  # <script>\x1b")
    html = found._repr_html_()
    assert r"where nodes &lt; 9  # &lt;script&gt;\x1b</p>" in html
    assert "<td>kubenet" in html
    assert "<script>" not in html


def test_truths_that_nobody_knows_are_neither():
    found = sweep(nodes=[3, 6_000], needs="virtual-nodes", model="cni-static-block")
    one = ipplan.size(3, needs="virtual-nodes", model="cni-static-block")
    assert one.feasible is None
    assert found.head()["feasible"] == [None, False]


def test_work_can_be_pickled():
    found = sweep(nodes="1:9", max_pods="uniform(10,250)", where="feasible")
    work = pickle.loads(pickle.dumps(found.work))  # noqa: S301  # our own
    span = Span(0, 0, 100)
    for name, values in found.work(span).items():
        assert (work(span)[name] == values).all()


@pytest.mark.parametrize("workers", [None, 1, 3])
def test_results_come_in_the_order_of_the_tasks(workers):
    def run(executor):
        return list(in_order(lambda task: task * 2, iter(range(40)), executor))

    expected = [(task, task * 2) for task in range(40)]
    if workers is None:
        assert run(None) == expected
        return
    with ThreadPoolExecutor(workers) as pool:
        assert run(pool) == expected
        assert list(in_order(str, [], pool)) == []
