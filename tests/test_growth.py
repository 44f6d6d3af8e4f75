import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ipplan
from ipplan import Bound, NodePool, Severity
from tests import golden, strategies


def blocking(found):
    return {each.rule for each in found.findings if each.severity is Severity.ERROR}


@given(strategies.model_names, strategies.scenarios(st.integers(1, 700)))
def test_growing_node_by_node_stops_where_the_closed_form_says(model, scenario):
    found = ipplan.size(model=model, **strategies.demand(scenario))
    assert found.grows_to.nodes == golden.grows_to(model, **scenario)


@given(strategies.model_names, strategies.scenarios(strategies.plausible_nodes))
def test_what_is_feasible_grows_to_at_least_itself(model, scenario):
    found = ipplan.size(model=model, **strategies.demand(scenario))
    if found.feasible:
        assert found.grows_to.nodes >= found.nodes


def chosen(found):
    """The ranges of a sizing, as ranges that exist."""
    given_ranges = {"node_subnet": found.node_subnets[0].prefix_length}
    for each in found.pod_ranges:
        given_ranges[each.kind.value.replace("-", "_")] = each.prefix_length
    return given_ranges


@given(
    strategies.model_names,
    st.integers(3, 600),
    strategies.max_pods,
    strategies.surges,
    st.booleans(),
)
def test_it_grows_that_far_and_not_one_node_further(
    model, nodes, max_pods, text, rotation
):
    words = {"max_surge": text, "blue_green": rotation, "model": model}
    found = ipplan.size(nodes, max_pods, **words)
    if not found.feasible:
        return
    most = found.grows_to.nodes // (2 if rotation else 1)
    there = ipplan.size(most, max_pods, **words, **chosen(found))
    beyond = ipplan.size(most + 1, max_pods, **words, **chosen(found))
    assert there.feasible
    assert not beyond.feasible


@given(strategies.pools(3), strategies.model_names)
def test_pools_grow_by_whichever_grows_least(pools, model):
    found = ipplan.size(pools=pools, model=model)
    if not found.feasible:
        return
    counts = [load.nodes for load in found.loads]
    for index, pool in enumerate(pools):
        more = found.grows_to.nodes - found.nodes
        grown = golden_pool(pool, pool.nodes + more)
        again = ipplan.size(
            pools=[*pools[:index], grown, *pools[index + 1 :]], model=model
        )
        assert blocking(again) <= {"pool-pods-minimum"}
        assert sum(counts) + more == again.nodes
        for old in found.ranges:
            (fresh,) = [
                each
                for each in again.ranges
                if (each.kind, each.pools) == (old.kind, old.pools)
            ]
            assert fresh.addresses <= old.capacity


def golden_pool(pool, nodes):
    return NodePool(
        pool.name,
        nodes,
        pool.max_pods,
        pool.max_surge,
        priority=pool.priority,
        subnet=pool.subnet,
        pod_subnet=pool.pod_subnet,
    )


@pytest.mark.parametrize(
    ("model", "nodes", "words", "bound"),
    [
        ("cni-overlay", 300, {}, "node-subnet"),
        ("cni-overlay", 300, {"node_subnet": "/16"}, "pod-cidr"),
        ("cni-overlay", 4000, {"pod_cidr": "/8", "node_subnet": "/8"}, "cluster-nodes"),
        ("kubenet", 300, {}, "routes"),
        ("cni-dynamic", 300, {}, "pod-subnet"),
        ("cni-static-block", 300, {"node_subnet": "/8"}, "pod-subnet"),
        ("cni-node-subnet", 1500, {"node_subnet": "/8"}, "vnet-addresses"),
    ],
)
def test_growth_names_what_binds(model, nodes, words, bound):
    assert ipplan.size(nodes, 30, model=model, **words).grows_to.bound_by == bound


def test_a_literal_pool_is_bound_by_its_thousand_nodes():
    pool = NodePool("a", 800, 30)
    found = ipplan.size(
        pools=[pool], node_subnet="/16", pod_cidr="/8", model="cni-overlay"
    )
    assert found.grows_to == (909, "pool-nodes")


def test_other_routes_leave_less_room():
    full = ipplan.size(300, 30, node_subnet="/16", model="kubenet")
    less = ipplan.size(300, 30, node_subnet="/16", other_routes=40, model="kubenet")
    assert (full.grows_to.nodes, less.grows_to.nodes) == (363, 327)


def test_arrays_hold_the_codes_of_what_binds():
    found = ipplan.size(np.array([100, 390]), 30, model="kubenet").grows_to
    assert [str(Bound(code)) for code in found.bound_by] == ["node-subnet", "routes"]


def test_bounds_are_spelled_as_results_spell_them():
    assert [str(bound) for bound in Bound] == [
        "nothing", "node-subnet", "pod-subnet", "pod-cidr", "routes", "cluster-nodes",
        "pool-nodes", "vnet-addresses",
    ]  # fmt: skip


def test_an_infeasible_range_holds_nobody():
    found = ipplan.size(2**32 - 1, 30, model="cni-overlay").grows_to
    assert found.nodes == 0
