import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ipplan
from ipplan import ArgumentError, Cidr, Cluster, NodePool, Surge
from ipplan.sizing.combinations import size_cluster, size_pods
from tests import golden, strategies


def combination(plan):
    (pool,) = plan.demand.pools
    return pool.nodes, pool.max_pods


@settings(max_examples=10)
@given(st.integers(1, 300_000))
def test_every_combination_carries_the_pods_and_none_with_a_node_less(pods):
    for plan in size_pods(pods, model=["cni-overlay", "cni-node-subnet"]):
        nodes, max_pods = combination(plan)
        assert nodes * max_pods >= pods
        assert (nodes - 1) * max_pods < pods


@given(st.integers(1, 300_000), strategies.max_pods)
def test_fixed_max_pods_leave_one_combination(pods, max_pods):
    (plan,) = size_pods(pods, max_pods=max_pods, model=["kubenet"])
    assert combination(plan) == (-(-pods // max_pods), max_pods)


@given(st.integers(1, 400), st.integers(1, 100_000))
def test_fixed_nodes_leave_the_fewest_max_pods_that_carry_them(nodes, pods):
    needed = max(-(-pods // nodes), 10)
    if needed > 250:
        with pytest.raises(ArgumentError) as caught:
            size_pods(pods, nodes)
        assert caught.value.argument == "pods"
    else:
        (plan,) = size_pods(pods, nodes, model=["kubenet"])
        assert combination(plan) == (nodes, needed)


@pytest.mark.parametrize("model", golden.MODELS)
@pytest.mark.parametrize("pods", [25, 3000, 20_000])
def test_the_best_of_a_model_is_what_trying_every_max_pods_finds(model, pods):
    tried = []
    for max_pods in range(10, 251):
        one = golden.size(model, -(-pods // max_pods), max_pods)
        if one.feasible:
            tried.append(one.vnet_addresses)
    plans = size_pods(pods, model=[model])
    found = [plan[model].vnet_addresses for plan in plans if plan[model].feasible]
    assert min(found) == min(tried)
    assert found == sorted(found)


def test_each_models_default_is_among_the_combinations():
    shown = {combination(plan)[1] for plan in size_pods(10_000)}
    assert shown >= {30, 110, 250}


def test_fewest_vnet_addresses_come_first():
    costs = [
        min(
            (each.vnet_addresses for each in plan.values() if each.feasible),
            default=2**32,
        )
        for plan in size_pods(60_000)
    ]
    assert costs == sorted(costs)


def test_pods_are_stated_to_the_rules():
    (plan,) = size_pods(210_000, max_pods=250)
    assert plan["cni-overlay"].stated_pods == 210_000
    assert "pod-ceiling" in {each.rule for each in plan["cni-overlay"].findings}


@pytest.mark.parametrize(
    ("words", "argument"),
    [
        ({"pods": 0}, "pods"),
        ({"pods": "abc"}, "pods"),
        ({"pods": 100, "nodes": 0}, "nodes"),
        ({"pods": 100, "max_pods": 251}, "max_pods"),
        ({"pods": 100, "nodes": 3, "max_pods": 30}, "pods"),
    ],
)
def test_what_can_not_carry_them_is_refused(words, argument):
    with pytest.raises(ArgumentError) as caught:
        size_pods(**words)
    assert caught.value.argument == argument


def test_nodes_and_max_pods_that_carry_them_are_taken_as_they_are():
    (plan,) = size_pods(90, 3, 30)
    assert combination(plan) == (3, 30)


def test_no_combination_of_a_cluster_carries_more_than_it_can():
    plans = size_pods(2_000_000)
    assert all(not found.feasible for plan in plans for found in plan.values())


POOLS = (
    NodePool("sys", 3, 30, Surge(1)),
    NodePool("spot", 10, 110, Surge(5), priority="spot"),
)


def test_a_cluster_is_sized_as_it_is_under_every_model():
    plan = size_cluster(Cluster("prod", POOLS))
    assert list(plan) == list(ipplan.MODELS)
    assert plan["cni-node-subnet"].vnet_addresses == 4 * 31 + 10 * 111


def test_the_private_endpoint_of_the_api_server_takes_an_address():
    without = size_cluster(Cluster("prod", POOLS))
    with_it = size_cluster(Cluster("prod", POOLS, private=True))
    both = size_cluster(Cluster("prod", POOLS, private=True), extra_addresses=6)
    each = [plan["kubenet"].vnet_addresses for plan in (without, with_it, both)]
    assert each == [14, 15, 21]


def test_a_pod_cidr_that_exists_stays():
    plan = size_cluster(
        Cluster("prod", POOLS, pod_cidrs=(Cidr.parse("10.244.0.0/20"),))
    )
    assert plan["cni-overlay"].pod_ranges[0].prefix_length == 20
    assert plan["cni-overlay"].feasible
    small = size_cluster(
        Cluster("prod", POOLS, pod_cidrs=(Cidr.parse("10.244.0.0/21"),))
    )
    assert not small["cni-overlay"].feasible


def test_what_is_asked_stands_in_place_of_what_pools_have():
    plan = size_cluster(
        Cluster("prod", POOLS),
        max_pods=50,
        max_surge="100%",
        pods_per_node=8,
        host_network_pods=2,
        growth=50,
    )
    found = plan["cni-dynamic"]
    assert [load.max_pods for load in found.loads] == [50, 50]
    assert [load.nodes for load in found.loads] == [5, 15]
    assert [load.surge for load in found.loads] == [5, 0]
    assert [load.pods for load in found.loads] == [8, 8]


UNKNOWN = ("AKS Automatic has no maximum",)


def test_an_unknown_count_is_unknown_until_it_is_stated():
    cluster = Cluster("auto", (NodePool("sys", 3, 110),), unbounded=UNKNOWN)
    silent = size_cluster(cluster)
    assert {found.feasible for found in silent.values()} == {None}
    assert silent["kubenet"].unknown == (
        "node count: AKS Automatic has no maximum; state --nodes N",
    )
    stated = size_cluster(cluster, 40)
    assert stated["kubenet"].nodes == 40
    assert stated["kubenet"].loads[0].max_pods == 110
    asked = size_cluster(cluster, 40, max_pods=50)
    assert asked["kubenet"].loads[0].max_pods == 50


def test_pools_that_differ_leave_max_pods_to_the_model():
    cluster = Cluster("auto", POOLS, unbounded=UNKNOWN)
    assert size_cluster(cluster, 40)["kubenet"].loads[0].max_pods == 110


def test_wrong_words_about_a_cluster_are_refused():
    for words in ({"max_pods": 251}, {"max_surge": "abc"}):
        with pytest.raises(ArgumentError):
            size_cluster(Cluster("prod", POOLS), **words)
