import pytest
from hypothesis import given
from hypothesis import strategies as st

import ipplan.sweeps.breaks as breaks_module
from ipplan.features import FEATURES
from ipplan.models import MODELS
from ipplan.prefixes import usable
from ipplan.sweeps.breaks import by_break_points, hindrance
from ipplan.sweeps.sweeps import sweep
from ipplan.sweeps.tally import streamed
from tests import sweep_oracle
from tests.test_sweep_summary import fields, swept


def several(values, most=3):
    return st.lists(values, min_size=1, max_size=most)


surges = several(st.one_of(st.integers(0, 40), st.integers(0, 100).map("{}%".format)))
OTHERS = {
    "add_nodes": several(st.integers(0, 900)),
    "growth": several(st.integers(0, 300)),
    "max_pods": several(st.integers(10, 250)),
    "max_surge": surges.map(lambda values: list(map(str, values))),
    "pods_per_node": several(st.integers(0, 250)),
    "host_network_pods": several(st.integers(0, 60)),
    "extra_addresses": several(st.one_of(st.integers(0, 300), st.just(2**24))),
    "node_subnet": several(st.integers(14, 29)),
    "pod_subnet": several(st.integers(8, 29)),
    "pod_cidr": several(st.integers(6, 26)),
}
few_nodes = st.sets(st.integers(1, 6000), min_size=1, max_size=6)
steps = st.builds(
    lambda first, step, count: set(range(first, first + step * count, step)),
    st.integers(1, 60),
    st.integers(1, 90),
    st.integers(1, 80),
)
many_nodes = st.one_of(steps, st.sets(st.integers(1, 6000), min_size=1, max_size=60))


@st.composite
def axes(draw, nodes, most=2):
    """Axes in any order, the nodes among them."""
    names = draw(st.lists(st.sampled_from([*OTHERS]), unique=True, max_size=most))
    found = {name: draw(OTHERS[name]) for name in names}
    found["nodes"] = sorted(draw(nodes))
    return {name: found[name] for name in draw(st.permutations([*found]))}


constants = st.fixed_dictionaries(
    {},
    optional={
        "blue_green": st.booleans(),
        "other_routes": st.integers(0, 420),
        "needs": st.lists(st.sampled_from([*FEATURES]), unique=True, max_size=2),
    },
)
models = st.permutations([*MODELS]).flatmap(
    lambda names: st.integers(1, len(names)).map(lambda count: names[:count])
)


@given(axes(few_nodes), models, constants)
def test_break_points_find_what_a_loop_over_size_finds(axes, models, more):
    found = by_break_points(swept(axes, models, **more).work)
    assert [fields(each) for each in found] == sweep_oracle.summaries(
        models, axes, **more
    )


@given(axes(many_nodes, most=4), models, constants, st.integers(1, 30))
def test_break_points_find_what_a_look_at_every_cell_finds(axes, models, more, chunk):
    work = swept(axes, models, **more).work
    assert not hindrance(work)
    assert by_break_points(work, chunk=chunk) == streamed(work, None, None)


@given(st.data(), models, constants)
def test_a_part_of_a_large_sweep_is_found_as_exactly(data, models, more):
    whole = {"max_pods": range(10, 251), "max_surge": [f"{n}%" for n in range(1, 101)]}
    axes = {"nodes": range(*data.draw(st.sampled_from([(1, 5001, 7), (4000, 5001)])))}
    for name, values in whole.items():
        axes[name] = [data.draw(st.sampled_from(values)) for _ in range(3)]
    work = swept(axes, models, **more).work
    assert by_break_points(work) == streamed(work, None, None)


@pytest.mark.parametrize("length", range(22, 30))
@pytest.mark.parametrize("extra", [0, 1])
def test_a_prefix_breaks_where_the_need_is_one_more_than_it_holds(length, extra):
    most = usable(length) - extra
    axes = {"nodes": [most - 1, most, most + 1], "max_surge": ["0"]}
    if axes["nodes"][0] < 1:
        axes["nodes"] = [1, 2, 3]
    axes |= {"extra_addresses": [extra], "max_pods": [250]}
    (found,) = by_break_points(swept(axes, ["cni-overlay"]).work)
    expected = sweep_oracle.summaries(["cni-overlay"], axes)
    assert [fields(found)] == expected
    ends = {each.length: each.nodes_most for each in found.node_prefixes}
    assert ends.get(length, most) == most


@pytest.mark.parametrize("name", MODELS)
def test_a_given_range_is_outgrown_by_one_node_too_many(name):
    axes = {"nodes": range(1, 400), "max_surge": ["33%"], "max_pods": [30]}
    axes |= {"node_subnet": [24, 20], "pod_subnet": [22], "pod_cidr": [18]}
    work = swept(axes, [name]).work
    (found,) = by_break_points(work)
    assert [found] == streamed(work, None, None)
    assert [fields(found)] == sweep_oracle.summaries([name], axes)
    assert 0 < found.outgrown < found.cells


def test_a_line_of_nothing_but_nodes_is_searched():
    work = sweep(nodes="1:6000").work
    assert by_break_points(work) == streamed(work, None, None)


def test_lines_come_before_and_behind_the_nodes():
    axes = {"max_pods": "30,110", "nodes": "7:900:3", "add_nodes": "0,40"}
    work = sweep(**axes, max_surge="1,33%").work
    assert by_break_points(work) == streamed(work, None, None)


def test_where_nothing_is_feasible_there_is_no_spread():
    (found,) = by_break_points(sweep(nodes="6000:6100", model="kubenet").work)
    assert found.vnet_addresses is found.nodes_most is None
    assert found.refused_by == (("cluster-node-limit", 101),)


@pytest.mark.parametrize(
    ("given_axes", "why"),
    [
        ({"nodes": "1:20", "where": "feasible"}, "a filter"),
        ({"nodes": "normal(20,3)"}, "samples"),
        ({"nodes": "1:20", "max_pods": "uniform(20,30)"}, "samples"),
        ({"nodes": "1:20", "growth_per_year": 10}, "growth_per_year"),
        ({"nodes": "1:20", "months": 10}, "months"),
        ({"nodes": "3,2"}, "sort them"),
        ({"nodes": "3,3"}, "sort them"),
        ({"scenarios": {"nodes": [3, 4], "max_pods": [30, 40]}}, "scenarios"),
        ({"nodes": "1:20", "max_pods": "10:13"}, "at most 3 combinations"),
        ({"nodes": "1:20", "max_pods": "10:12"}, ""),
        ({"scenarios": {"nodes": [3, 4]}, "max_pods": 30}, ""),
    ],
)
def test_what_keeps_a_sweep_from_being_searched_is_named(monkeypatch, given_axes, why):
    monkeypatch.setattr(breaks_module, "MOST_LINES", 3)
    found = hindrance(sweep(**given_axes).work)
    assert (why in found) if why else not found


def test_more_nodes_than_can_be_counted_are_found_as_in_a_look_at_every_cell():
    work = sweep(nodes="2,4000,2000000000,4000000000", growth="0,7%,100%").work
    assert by_break_points(work) == streamed(work, None, None)
