import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ipplan.sweeps.summaries as summaries_module
import ipplan.sweeps.tally as tally_module
from ipplan.errors import ArgumentError
from ipplan.models import MODELS
from ipplan.sweeps.summaries import summary
from ipplan.sweeps.sweeps import sweep
from ipplan.sweeps.tally import Counts, Tally, streamed
from tests import sweep_oracle

GROWTH = {"nodes": [50, 400], "growth_per_year": [0, 0.1, 40], "months": [0, 18]}


def fields(found):
    """A model's summary as the oracle spells it; what is a tuple stays one."""
    return {name: getattr(found, name) for name in asdict(found)}


def swept(axes, models=tuple(MODELS), **more):
    """A sweep of lists."""
    given_axes = {
        name: sweep_oracle.spelled(values) if name == "max_surge" else values
        for name, values in axes.items()
    }
    return sweep(model=models, **given_axes, **more)


def agree(axes, models=tuple(MODELS), **constants):
    """A look at every cell counts what the oracle does."""
    found = streamed(swept(axes, models, **constants).work, None, None)
    expected = sweep_oracle.summaries(models, axes, **constants)
    assert [fields(each) for each in found] == expected


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(tally_module, "CHUNK", 7)


@pytest.mark.usefixtures("small_parts")
def test_parts_add_up_to_what_a_loop_over_size_finds():
    agree({"nodes": [1, 2, 40, 363, 364, 700, 4546], "max_surge": ["1", "10%"]})


@pytest.mark.usefixtures("small_parts")
def test_months_left_are_told_in_days():
    agree({**GROWTH, "node_subnet": [22, 26]})


def test_what_is_outgrown_counts_whichever_rule_is_named_first():
    axes = {"nodes": [2, 100, 6000], "pod_subnet": [20, 10], "node_subnet": [26]}
    agree(axes)


def test_needs_are_unknown_or_refused():
    axes = {"nodes": [5, 500], "max_pods": [30]}
    agree(axes, needs=("virtual-nodes", "static-egress-gateway"))
    agree(axes, needs=("windows", "network-policy=azure"), other_routes=390)


@given(
    st.lists(st.integers(1, 300), min_size=1, max_size=3),
    st.lists(st.integers(0, 200), min_size=1, max_size=2),
    st.lists(st.sampled_from([20, 24, 27, 29]), min_size=1, max_size=2),
    st.permutations(list(MODELS)).map(lambda names: names[:3]),
    st.booleans(),
)
def test_every_cell_counts_once(nodes, more, lengths, models, twice):
    axes = {"node_subnet": lengths, "extra_addresses": more, "nodes": nodes}
    agree(axes, models, blue_green=twice)


def test_only_rows_that_a_filter_keeps_count():
    axes = {"nodes": [5, 50, 500, 5000], "max_pods": [30, 250], "growth_per_year": [9]}
    found = swept(axes, where="vnet_addresses < 3000 and nodes > 5").summary()
    expected = sweep_oracle.summaries(
        list(MODELS), axes, lambda cell: cell.vnet_addresses < 3000 and cell.nodes > 5
    )
    assert [fields(each) for each in found.models] == expected
    assert (found.cells, found.by_break_points) == (40, False)


def test_where_a_filter_keeps_nothing_there_is_nothing_to_tell():
    found = sweep(nodes=5, growth_per_year=10, where="nodes > 5").summary()
    assert found.models[0].cells == found.models[0].feasible == 0
    assert found.models[0].vnet_addresses is None
    assert found.models[0].months_left == ((None,) * 5, 0, 0)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("workers", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_executors_find_the_same(workers):
    work = swept(GROWTH).work
    with workers(2) as executor:
        assert summary(work, executor) == summary(work)


def test_a_summary_is_plain_numbers_that_can_be_pickled():
    found = sweep(nodes="1:40", max_pods=30).summary()
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301  # our own
    assert {type(each) for each in fields(found.models[0]).values()} <= {
        int,
        str,
        tuple,
        type(None),
        type(found.models[0].vnet_addresses),
    }


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("axes", [{"nodes": "1:40"}, {"nodes": "1:9"}])
def test_progress_is_told_in_cells_until_all_are_done(axes):
    told = []
    found = sweep(**axes, max_pods="30,60").summary(told.append)
    assert sum(told) == found.cells


def test_few_node_counts_are_looked_at_one_by_one():
    few = summaries_module.FEWEST_NODES
    searched = [
        sweep(nodes=f"1:{nodes}").summary().by_break_points for nodes in (few - 1, few)
    ]
    assert searched == [False, True]


def test_what_would_take_hours_is_refused_before_any_work(monkeypatch):
    monkeypatch.setattr(summaries_module, "MOST_STREAMED", 199)
    assert sweep(nodes="1:40").summary().by_break_points
    found = sweep(nodes="1:40", model="kubenet", where="nodes > 3").summary()
    assert not found.by_break_points
    with pytest.raises(
        ArgumentError, match=r"cells in all 200: at most 199 .* leave it out"
    ):
        sweep(nodes="1:40", where="nodes > 3").summary()


numbers = st.lists(st.one_of(st.integers(0, 9), st.integers(0, 2**31 - 1)), min_size=1)


@given(st.lists(numbers, min_size=1))
def test_counts_add_up_in_whatever_parts_they_come(parts):
    total = Counts()
    for part in parts:
        one = Counts()
        one.add(np.array(part))
        total.merge(one)
    whole = np.concatenate([np.array(part) for part in parts])
    for mine, theirs in zip(
        total.sorted(), np.unique(whole, return_counts=True), strict=True
    ):
        assert mine.tolist() == theirs.tolist()


def test_many_different_numbers_are_added_up_from_time_to_time(monkeypatch):
    monkeypatch.setattr(tally_module, "FEW", 10)
    counts = Counts()
    for start in range(40):
        counts.add(np.arange(start, start + 5))
    numbers, every = counts.sorted()
    assert numbers.tolist() == list(range(44))
    assert every.sum() == 200


def test_nothing_counted_has_no_spread():
    assert Counts().spread() is None


def test_a_tally_without_cells_changes_nothing():
    tally = Tally(cells=3, feasible=1, nodes=(2, 5), node_prefixes={24: (1, 2, 5)})
    before = replace(tally)
    tally.merge(Tally())
    assert tally == before
