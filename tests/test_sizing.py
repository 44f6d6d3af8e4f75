import ipaddress

import netaddr
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ipplan
from ipplan import ArgumentError, NodePool, Severity, Surge
from ipplan.models import Home
from tests import golden, strategies

CEILING = 2**32 - 1


def length(ranges):
    return ranges[0].prefix_length if ranges else None


@given(strategies.model_names, strategies.scenarios())
def test_a_sizing_is_what_the_sentences_of_the_pages_add_up_to(model, scenario):
    expected = golden.size(model, **scenario)
    found = ipplan.size(model=model, **strategies.demand(scenario))
    assert found.nodes == expected.nodes
    assert found.surge_nodes == expected.surge
    assert found.peak_nodes == expected.peak
    assert found.node_subnets[0].addresses == expected.node_addresses
    assert sum(each.addresses for each in found.pod_ranges) == expected.pod_addresses
    assert length(found.node_subnets) == expected.node_length
    assert length(found.pod_ranges) == expected.pod_length
    assert found.vnet_addresses == expected.vnet_addresses


@given(strategies.model_names, strategies.scenarios(strategies.plausible_nodes))
def test_feasible_is_what_no_ceiling_forbids(model, scenario):
    stated = (scenario["running"] or 0) + scenario["host"]
    expected = golden.size(model, **scenario).feasible
    found = ipplan.size(model=model, **strategies.demand(scenario))
    assert found.feasible == (expected and stated <= scenario["max_pods"])


@given(strategies.model_names, strategies.scenarios())
def test_infeasible_means_at_least_one_error_and_the_other_way_round(model, scenario):
    found = ipplan.size(model=model, **strategies.demand(scenario))
    errors = [each for each in found.findings if each.severity is Severity.ERROR]
    assert found.feasible == (not errors)


@given(
    strategies.model_names,
    strategies.scenarios(),
    st.lists(strategies.nodes, min_size=1, max_size=8),
)
def test_an_array_is_its_elements(model, scenario, nodes):
    words = strategies.demand(scenario)
    many = ipplan.size(model=model, **{**words, "nodes": np.array(nodes)})
    ones = [ipplan.size(model=model, **{**words, "nodes": each}) for each in nodes]
    same(many, ones, len(nodes))


def bound_names(many, shape):
    """What binds, whether one name for all or a code for each."""
    bound = many.grows_to.bound_by
    if isinstance(bound, str):
        return [bound] * shape
    return [str(ipplan.Bound(code)) for code in np.broadcast_to(bound, shape)]


def same(many, ones, shape):
    """Every column of an array's sizing is that of the sizings of its elements."""

    def check(column, cells):
        expected = [0 if cell is None else cell for cell in cells]
        assert np.broadcast_to(column, shape).tolist() == expected

    for name in ("nodes", "surge_nodes", "peak_nodes", "vnet_addresses", "feasible"):
        check(getattr(many, name), [getattr(one, name) for one in ones])
    for index, kept in enumerate(many.ranges):
        ranges = [one.ranges[index] for one in ones]
        for name in ("addresses", "addresses_with_reserved", "prefix_length"):
            check(getattr(kept, name), [getattr(each, name) for each in ranges])
        for name in ("usable", "free"):
            check(getattr(kept, name), [getattr(each, name) for each in ranges])
    check(many.grows_to.nodes, [one.grows_to.nodes for one in ones])
    assert bound_names(many, shape) == [one.grows_to.bound_by for one in ones]
    for index, seen in enumerate(many.observed):
        check(seen.addresses, [one.observed[index].addresses for one in ones])
        check(seen.length, [one.observed[index].length for one in ones])
    for rule, mask in many.masks.items():
        found = [rule in {each.rule for each in one.findings} for one in ones]
        assert np.broadcast_to(mask, shape).tolist() == found


@given(
    strategies.model_names,
    st.lists(
        st.tuples(strategies.plausible_nodes, strategies.max_pods, strategies.surges),
        min_size=1,
        max_size=6,
    ),
)
def test_every_argument_may_be_an_array(model, rows):
    nodes, max_pods, surges = zip(*rows, strict=True)
    many = ipplan.size(
        np.array(nodes), list(max_pods), max_surge=list(surges), model=model
    )
    ones = [
        ipplan.size(each, pods, max_surge=text, model=model)
        for each, pods, text in rows
    ]
    same(many, ones, len(rows))


@pytest.mark.parametrize("model", golden.MODELS)
@pytest.mark.parametrize(
    "argument",
    ["add_nodes", "growth", "pods_per_node", "host_network_pods", "extra_addresses"],
)
def test_an_argument_may_be_the_only_array(model, argument):
    many = ipplan.size(40, 110, model=model, **{argument: [0, 7, 90]})
    ones = [
        ipplan.size(40, 110, model=model, **{argument: each}) for each in (0, 7, 90)
    ]
    same(many, ones, 3)


@pytest.mark.parametrize("model", golden.MODELS)
def test_given_lengths_may_be_arrays(model):
    for name in ("node_subnet", "pod_subnet", "pod_cidr"):
        many = ipplan.size(9, 30, model=model, **{name: [24, 22, 20]})
        ones = [
            ipplan.size(9, 30, model=model, **{name: each}) for each in (24, 22, 20)
        ]
        same(many, ones, 3)


@pytest.mark.parametrize("model", golden.MODELS)
def test_arguments_broadcast_as_numpy_does(model):
    many = ipplan.size(np.array([[10], [20]]), [30, 110, 250], model=model)
    subnets = np.broadcast_to(many.node_subnets[0].addresses, (2, 3))
    for row, nodes in enumerate((10, 20)):
        for column, pods in enumerate((30, 110, 250)):
            one = ipplan.size(nodes, pods, model=model)
            assert subnets[row, column] == one.node_subnets[0].addresses


def test_shapes_that_do_not_go_together_are_refused():
    with pytest.raises(ArgumentError, match="broadcast"):
        ipplan.size([1, 2], [30, 110, 250])


@pytest.mark.parametrize("model", golden.MODELS)
def test_no_scenarios_take_nothing(model):
    found = ipplan.size(np.array([], dtype=int), 30, model=model)
    assert found.vnet_addresses.shape == (0,)
    assert found.feasible.shape == (0,)


@pytest.mark.parametrize("model", golden.MODELS)
def test_ints_give_ints(model):
    found = ipplan.size(50, 30, model=model)
    kept = found.ranges[-1]
    values = [
        found.nodes,
        found.surge_nodes,
        found.vnet_addresses,
        found.grows_to.nodes,
    ]
    values += [kept.addresses, kept.prefix_length, kept.usable, kept.free]
    assert {type(value) for value in values} == {int}
    assert found.feasible is True


@pytest.mark.parametrize("model", golden.MODELS)
def test_arrays_give_integers_and_masks(model):
    found = ipplan.size(np.array([50, 2**32 - 1]), 30, model=model)
    kept = found.ranges[-1]
    for value in (found.peak_nodes, found.vnet_addresses, kept.addresses, kept.length):
        assert value.dtype.kind in "iu"
    assert found.grows_to.bound_by.dtype.kind in "iu"
    assert found.feasible.dtype == bool
    assert {mask.dtype for mask in map(np.asarray, found.masks.values())} == {
        np.dtype(bool)
    }


@given(
    strategies.model_names,
    strategies.scenarios(),
    st.integers(0, 500),
    st.integers(0, 60),
)
def test_more_nodes_or_pods_or_surge_never_take_less(model, scenario, nodes, pods):
    words = strategies.demand(scenario)
    words.pop("pods_per_node", None)
    less = ipplan.size(model=model, **words)
    for change in (
        {"nodes": min(words["nodes"] + nodes, CEILING)},
        {"max_pods": min(words["max_pods"] + pods, 250)},
        {"max_surge": "100%"},
        {"extra_addresses": words["extra_addresses"] + nodes},
    ):
        more = ipplan.size(model=model, **{**words, **change})
        assert more.vnet_addresses >= less.vnet_addresses
        for small, large in zip(less.ranges, more.ranges, strict=True):
            assert large.addresses >= small.addresses
            assert large.length <= small.length


@given(
    st.integers(0, 100),
    st.integers(0, 100),
    strategies.plausible_nodes,
    strategies.model_names,
)
def test_sizes_rise_with_the_percentage_of_surge(first, second, nodes, model):
    low, high = sorted((first, second))
    less = ipplan.size(nodes, 30, max_surge=f"{low}%", model=model)
    more = ipplan.size(nodes, 30, max_surge=f"{high}%", model=model)
    assert less.vnet_addresses <= more.vnet_addresses


@given(st.integers(0, 250), st.integers(0, 250), st.integers(0, 60))
def test_dynamic_takes_rise_with_the_pods_that_run(first, second, host):
    low, high = sorted((first, second))
    words = {"model": "cni-dynamic", "host_network_pods": host}
    less = ipplan.size(9, 250, pods_per_node=low, **words).vnet_addresses
    assert less <= ipplan.size(9, 250, pods_per_node=high, **words).vnet_addresses


@given(
    st.sampled_from([name for name in golden.MODELS if name != "cni-dynamic"]),
    strategies.plausible_nodes,
    strategies.max_pods,
    st.integers(0, 10),
)
def test_running_pods_change_dynamic_allocation_alone(model, nodes, max_pods, running):
    stated = ipplan.size(nodes, max_pods, pods_per_node=running, model=model)
    silent = ipplan.size(nodes, max_pods, model=model)
    assert [each.addresses for each in stated.ranges] == [
        each.addresses for each in silent.ranges
    ]


# The boundaries: need = usable - 1, usable, usable + 1 at every prefix.


@pytest.mark.parametrize("besides", [-1, 0, 1])
@pytest.mark.parametrize("prefix", range(2, 30))
def test_a_node_subnet_changes_size_exactly_at_its_capacity(prefix, besides):
    room = netaddr.IPNetwork(f"0.0.0.0/{prefix}").size - 5
    need = room + besides
    expected = next((p for p in range(29, 1, -1) if 2 ** (32 - p) - 5 >= need), None)
    nodes = min(need, CEILING)
    for words in ({"extra_addresses": need - nodes}, {"extra_addresses": need - 1}):
        count = need - words["extra_addresses"]
        found = ipplan.size(count, 30, max_surge=0, model="cni-overlay", **words)
        (subnet,) = found.node_subnets
        assert subnet.addresses == need
        assert subnet.prefix_length == expected
        assert subnet.free == (None if expected is None else room_of(expected) - need)


def room_of(prefix):
    return 2 ** (32 - prefix) - 5


@pytest.mark.parametrize("besides", [-1, 0, 1])
@pytest.mark.parametrize("prefix", range(8, 25))
@pytest.mark.parametrize("model", ["cni-overlay", "kubenet"])
def test_a_pod_cidr_changes_size_exactly_at_its_nodes(model, prefix, besides):
    nodes = 2 ** (24 - prefix) + besides
    nodes = max(nodes, 1)
    found = ipplan.size(nodes, 30, max_surge=0, model=model).pod_ranges[0]
    assert found.addresses == found.addresses_with_reserved == 256 * nodes
    assert found.prefix_length == golden.pod_cidr_for(256 * nodes)


@pytest.mark.parametrize("besides", [-1, 0, 1])
@pytest.mark.parametrize("prefix", range(2, 28))
def test_a_dynamic_pod_subnet_changes_size_exactly_at_its_batches(prefix, besides):
    nodes = max((2 ** (32 - prefix) - 5) // 16 + besides, 1)
    found = ipplan.size(
        nodes, 30, max_surge=0, pods_per_node=8, model="cni-dynamic"
    ).pod_ranges[0]
    assert found.addresses == 16 * nodes
    assert found.prefix_length == golden.subnet_for(16 * nodes)


@pytest.mark.parametrize("besides", [-1, 0, 1])
@pytest.mark.parametrize("prefix", range(12, 28))
def test_a_static_pod_subnet_changes_size_exactly_at_its_whole_blocks(prefix, besides):
    whole = golden.whole_blocks(prefix) if prefix > 18 else 2 ** (28 - prefix) - 2
    blocks = max(whole + besides, 1)
    found = ipplan.size(blocks, 15, max_surge=0, model="cni-static-block").pod_ranges[0]
    assert found.addresses == 16 * blocks
    assert found.prefix_length == golden.block_subnet_for(16 * blocks)
    if found.prefix_length is not None:
        assert found.usable % 16 == 0
        assert found.free == found.usable - 16 * blocks


@pytest.mark.parametrize("prefix", range(19, 28))
def test_the_usable_blocks_of_a_subnet_are_its_inner_ones(prefix):
    found = ipplan.size(
        1, 15, max_surge=0, pod_subnet=prefix, model="cni-static-block"
    ).pod_ranges[0]
    assert found.usable == 16 * golden.whole_blocks(prefix)


# The ends of what is counted.


@pytest.mark.parametrize("model", golden.MODELS)
@pytest.mark.parametrize("text", ["0", "1", "10%", "100%"])
def test_the_most_nodes_compute_exactly(model, text):
    expected = golden.size(model, CEILING, 250, text)
    one = ipplan.size(CEILING, 250, max_surge=text, model=model)
    many = ipplan.size(np.array([CEILING]), 250, max_surge=text, model=model)
    assert one.vnet_addresses == expected.vnet_addresses
    assert many.vnet_addresses.tolist() == [expected.vnet_addresses]
    assert one.node_subnets[0].prefix_length is None
    assert one.node_subnets[0].usable is None
    assert one.node_subnets[0].free is None
    assert one.feasible is False
    assert many.node_subnets[0].prefix_length.tolist() == [0]


@pytest.mark.parametrize("model", golden.MODELS)
def test_the_most_nodes_in_a_rotation_compute_exactly(model):
    one = ipplan.size(CEILING, 250, max_surge="100%", blue_green=True, model=model)
    many = ipplan.size(
        np.array([CEILING]), 250, max_surge="100%", blue_green=True, model=model
    )
    assert one.peak_nodes == 4 * CEILING
    assert many.vnet_addresses.tolist() == [one.vnet_addresses]


WRONG = [0, -1, 2**32, 10**12, 2**70, -(2**70), 1.5, "abc", "", float("nan"), "5"]


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize("kind", [lambda value: value, lambda value: [30, value]])
def test_nodes_outside_1_to_2_to_the_32_are_refused(value, kind):
    with pytest.raises(ArgumentError) as caught:
        ipplan.size(kind(value))
    assert caught.value.argument == "nodes"
    assert isinstance(caught.value, ValueError)
    assert "4,294,967,295" in str(caught.value)


@pytest.mark.parametrize("value", [0, 9, 251, -1, 10**12, "abc", 30.5, [30, 251]])
def test_max_pods_outside_10_to_250_are_refused(value):
    with pytest.raises(ArgumentError) as caught:
        ipplan.size(3, value)
    assert caught.value.argument == "max_pods"
    assert "10 to 250" in str(caught.value)


@pytest.mark.parametrize("value", [10, 250, [10, 250]])
def test_the_ends_of_max_pods_are_taken(value):
    assert np.all(ipplan.size(3, value, model="kubenet").feasible)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("add_nodes", -1),
        ("growth", -1),
        ("growth", "abc"),
        ("pods_per_node", 251),
        ("pods_per_node", -1),
        ("host_network_pods", 251),
        ("extra_addresses", -1),
        ("extra_addresses", 2**32),
        ("other_routes", -1),
        ("pods", 0),
        ("pods", -5),
        ("max_surge", "33.5%"),
        ("node_subnet", "/30"),
        ("node_subnet", "/1"),
        ("node_subnet", "abc"),
        ("pod_subnet", 33),
        ("pod_cidr", "10.0.0.7/16"),
        ("vnet_free", ["10.0.0.7/16"]),
    ],
)
def test_a_wrong_argument_is_named(argument, value):
    with pytest.raises(ArgumentError) as caught:
        ipplan.size(3, 30, **{argument: value})
    assert caught.value.argument == argument


def test_a_wrong_need_is_named():
    with pytest.raises(ArgumentError) as caught:
        ipplan.size(3, 30, needs=["gpu"])
    assert caught.value.argument == "need"


@pytest.mark.parametrize(
    "argument", ["max_surge", "add_nodes", "extra_addresses", "host_network_pods"]
)
def test_nothing_is_a_count(argument):
    assert ipplan.size(3, 30, **{argument: 0})["cni-overlay"].nodes == 3


@given(st.integers(1, CEILING), st.integers(0, CEILING), st.integers(0, 10**6))
def test_growth_is_exact_or_refused_for_ints_and_arrays_alike(nodes, more, growth):
    total = nodes + more - (-nodes * growth // 100)
    for kind in (int, lambda value: np.array([value])):
        words = {"add_nodes": more, "growth": growth, "model": "kubenet"}
        if total > CEILING:
            with pytest.raises(ArgumentError):
                ipplan.size(kind(nodes), 30, **words)
        else:
            assert ipplan.size(kind(nodes), 30, **words).nodes == total


def test_growth_that_would_overflow_is_refused():
    with pytest.raises(ArgumentError):
        ipplan.size(np.array([CEILING]), 30, growth=CEILING)
    with pytest.raises(ArgumentError):
        ipplan.size(np.array([CEILING]), 30, growth=np.array([CEILING]))


@pytest.mark.parametrize(
    "pools",
    [
        [NodePool("a", np.array([CEILING]), CEILING)],
        [NodePool("a", np.array([CEILING]), np.array([CEILING]))],
    ],
)
def test_pools_never_overflow_silently(pools):
    try:
        found = ipplan.size(pools=pools, model="cni-node-subnet")
    except ArgumentError:
        return
    peak = CEILING + golden.surge(CEILING, "10%")
    assert found.vnet_addresses.tolist() == [peak * (CEILING + 1)]


def test_int_demands_do_not_ask_for_numpy(fresh_python):
    code = (
        "import sys, ipplan; ipplan.size(300, 30)['cni-dynamic'].findings;"
        "ipplan.fit('/24', max_pods=30); print('numpy' in sys.modules)"
    )
    assert fresh_python(code) == "False"


# Pools.


@given(strategies.pools(), strategies.model_names)
def test_pools_take_what_each_of_them_takes(pools, model):
    found = ipplan.size(pools=pools, model=model)
    expected = [
        golden.size(
            model,
            pool.nodes,
            pool.max_pods,
            "0" if pool.priority == "spot" else str(pool.max_surge),
        )
        for pool in pools
    ]
    assert found.nodes == sum(each.nodes for each in expected)
    assert found.surge_nodes == sum(each.surge for each in expected)
    assert found.vnet_addresses == sum(each.vnet_addresses for each in expected)
    for kept in found.node_subnets:
        mine = [e.node_addresses for e, p in zip(expected, pools, strict=True)
                if p.name in kept.pools]  # fmt: skip
        assert kept.addresses == sum(mine)
        assert kept.prefix_length == golden.subnet_for(sum(mine))
    for kept in found.pod_ranges:
        mine = [e.pod_addresses for e, p in zip(expected, pools, strict=True)
                if p.name in kept.pools]  # fmt: skip
        assert kept.addresses == sum(mine)
        assert kept.prefix_length == golden.pod_range_for(model, sum(mine))


@given(strategies.pools(), strategies.model_names)
def test_pools_of_arrays_are_pools_of_their_elements(pools, model):
    many = ipplan.size(
        pools=[
            NodePool(
                pool.name,
                np.array([pool.nodes, 3]),
                pool.max_pods,
                pool.max_surge,
                priority=pool.priority,
                subnet=pool.subnet,
                pod_subnet=pool.pod_subnet,
            )
            for pool in pools
        ],
        model=model,
    )
    three = [
        NodePool(
            pool.name,
            3,
            pool.max_pods,
            pool.max_surge,
            priority=pool.priority,
            subnet=pool.subnet,
            pod_subnet=pool.pod_subnet,
        )
        for pool in pools
    ]
    ones = [ipplan.size(pools=each, model=model) for each in (pools, three)]
    same(many, ones, 2)


@given(strategies.pools(), strategies.model_names)
def test_each_pool_is_in_one_node_subnet_and_one_pod_range(pools, model):
    found = ipplan.size(pools=pools, model=model)
    names = [pool.name for pool in pools]
    kept = [name for each in found.node_subnets for name in each.pools]
    assert sorted(kept) == names
    assert len(found.node_subnets) == len({pool.subnet for pool in pools})
    if model in {"cni-static-block", "cni-dynamic"}:
        assert len(found.pod_ranges) == len({pool.pod_subnet for pool in pools})
    elif found.pod_ranges:
        (cidr,) = found.pod_ranges
        assert cidr.kind is Home.POD_CIDR
        assert list(cidr.pools) == names


def test_extra_addresses_lie_in_the_first_node_subnet():
    pools = [NodePool("a", 3, 30, subnet="x"), NodePool("b", 3, 30, subnet="y")]
    found = ipplan.size(pools=pools, extra_addresses=7, model="cni-overlay")
    assert [each.addresses for each in found.node_subnets] == [11, 4]


@pytest.mark.parametrize("model", golden.MODELS)
def test_spot_pools_do_not_surge(model):
    spot = NodePool("s", 10, 30, Surge(5), priority="spot")
    assert ipplan.size(pools=[spot], model=model).surge_nodes == 0


@pytest.mark.parametrize("model", golden.MODELS)
def test_a_rotation_runs_every_pool_twice(model):
    once = ipplan.size(40, 30, max_surge="33%", model=model)
    twice = ipplan.size(40, 30, max_surge="33%", blue_green=True, model=model)
    assert twice.nodes == 2 * once.nodes
    assert twice.surge_nodes == 2 * once.surge_nodes
    assert twice.vnet_addresses == 2 * once.vnet_addresses


def test_growth_applies_to_each_pool_and_surge_to_what_grew():
    pools = [NodePool("a", 10, 30, Surge(percent=50)), NodePool("b", 5, 30)]
    found = ipplan.size(pools=pools, growth=10, model="cni-overlay")
    assert [each.nodes for each in found.loads] == [11, 6]
    assert [each.surge for each in found.loads] == [6, 1]


def test_added_nodes_count_before_surge():
    # concepts-network-ip-address-planning: (50 + 10 + 1) x 31.
    found = ipplan.size(50, 30, add_nodes=10, max_surge=1, model="cni-node-subnet")
    assert found.vnet_addresses == 1891
    default = ipplan.size(50, 30, add_nodes=10, model="cni-node-subnet")
    assert default.surge_nodes == 6
    assert default.node_subnets[0].prefix_length == 20


def test_windows_pools_need_a_model_that_has_them():
    plan = ipplan.size(pools=[NodePool("w", 3, 30, os="windows")])
    assert [name for name in plan if not plan[name].feasible] == ["kubenet"]


@pytest.mark.parametrize(
    ("words", "argument"),
    [
        ({"nodes": 3, "pools": [NodePool("a", 3)]}, "nodes"),
        ({"pools": [NodePool("a", 3)], "add_nodes": 1}, "add_nodes"),
        ({"pools": [NodePool("a", 3), NodePool("a", 4)]}, "pool"),
        ({"pools": [NodePool("a", -1)]}, "pool a nodes"),
        ({"pools": [NodePool("a", 3, "many")]}, "pool a max_pods"),  # type: ignore[arg-type]  # a wrong type is the point
        (
            {"pools": [NodePool("a", 3, host_network_pods=-1)]},
            "pool a host_network_pods",
        ),
        ({"pools": [NodePool("a", 3, pods_per_node=-1)]}, "pool a pods_per_node"),
    ],
)
def test_pools_that_make_no_sense_are_refused(words, argument):
    with pytest.raises(ArgumentError) as caught:
        ipplan.size(**words)
    assert caught.value.argument == argument


@pytest.mark.parametrize(
    ("words", "argument"),
    [({"nodes": 0}, "pool web nodes"), ({"nodes": 3, "max_pods": 251}, "max_pods")],
)
def test_a_total_is_checked_as_a_total_wherever_it_stands(words, argument):
    with pytest.raises(ArgumentError) as caught:
        ipplan.size(pools=[NodePool("web", **words, literal=False)])
    assert caught.value.argument == argument


def test_pools_that_are_too_many_to_add_up_exactly_are_refused():
    cells = np.array([CEILING])
    all_of_them = Surge(percent=100)
    pools = [NodePool(f"p{i}", cells, 65_535, all_of_them) for i in range(5000)]
    with pytest.raises(ArgumentError) as caught:
        ipplan.size(pools=pools, blue_green=True, model="cni-node-subnet")
    assert caught.value.argument == "pools"


@pytest.mark.parametrize("pools", [100, 300])
def test_fewer_pools_add_up_exactly(pools):
    cells = np.array([CEILING])
    stated = [NodePool(f"p{i}", cells, 65_535, Surge(0)) for i in range(pools)]
    found = ipplan.size(pools=stated, model="cni-node-subnet")
    assert found.vnet_addresses.tolist() == [pools * CEILING * 65_536]


# What can't be known.


def test_without_a_node_count_the_answer_is_unknown_and_never_near_zero():
    why = ("node count: it scales itself; state --nodes",)
    plan = ipplan.size(unknown=why)
    for found in plan.values():
        assert found.feasible is None
        assert found.unknown == why
        assert found.ranges == ()
        assert found.grows_to.nodes is None
        assert found.grows_to.bound_by is None
    assert plan.recommendation is None
    assert repr(plan["kubenet"]) == "<Sizing kubenet: unknown>"


def test_a_feature_that_no_page_speaks_of_leaves_the_answer_unknown():
    plan = ipplan.size(3, 30, needs=["virtual-nodes"])
    answers = {name: found.feasible for name, found in plan.items()}
    assert answers == {
        "cni-overlay": False,
        "kubenet": False,
        "cni-node-subnet": True,
        "cni-static-block": None,
        "cni-dynamic": None,
    }
    assert "virtual-nodes" in plan["cni-dynamic"].unknown[0]


def test_what_is_known_to_fail_is_not_unknown():
    found = ipplan.size(6000, 30, needs=["virtual-nodes"], model="cni-dynamic")
    assert found.feasible is False


# Ranges that exist, and free space.


@pytest.mark.parametrize("kind", [str, netaddr.IPNetwork, ipaddress.ip_network])
def test_ranges_are_taken_as_text_netaddr_and_ipaddress(kind):
    found = ipplan.size(
        3,
        30,
        node_subnet=kind("10.0.0.0/26"),
        pod_cidr=kind("10.244.0.0/20"),
        model="cni-overlay",
    )
    assert [each.prefix_length for each in found.ranges] == [26, 20]
    assert [each.usable for each in found.ranges] == [59, 4096]


@pytest.mark.parametrize("kind", [str, netaddr.IPNetwork, ipaddress.ip_network])
def test_free_space_is_given_back_in_the_type_it_came_in(kind):
    found = ipplan.size(3, 30, vnet_free=[kind("10.0.0.0/16")], model="cni-dynamic")
    placed = [place for _, place in found.placements]
    assert placed == [kind("10.0.2.0/28"), kind("10.0.0.0/24")] or all(
        isinstance(place, type(kind("10.0.0.0/16"))) for place in placed
    )
    lengths = [netaddr.IPNetwork(str(place)).prefixlen for place in placed]
    assert lengths == [each.prefix_length for each, _ in found.placements]
    assert not set(netaddr.IPNetwork(str(placed[0]))) & set(
        netaddr.IPNetwork(str(placed[1]))
    )


def test_a_pod_cidr_takes_no_free_space_of_the_vnet():
    found = ipplan.size(3, 30, vnet_free=["10.0.0.0/24"], model="cni-overlay")
    assert [each.kind for each, _ in found.placements] == [Home.NODE_SUBNET]


def test_free_space_goes_with_one_scenario():
    with pytest.raises(ArgumentError) as caught:
        ipplan.size([3, 4], vnet_free=["10.0.0.0/16"])
    assert caught.value.argument == "vnet_free"


# Observed counts, beside the documented ones.


def seen(model, **words):
    found = ipplan.size(model=model, **words)
    return [(each.what, each.addresses) for each in found.observed]


@pytest.mark.parametrize(
    ("nodes", "max_pods", "message"),
    [(1, 30, 29), (2, 110, 218), (3, 110, 327), (10, 30, 290), (2, 250, 498)],
)
def test_the_pre_flight_check_of_node_subnets_counts_as_error_texts_do(
    nodes, max_pods, message
):
    words = {"nodes": nodes, "max_pods": max_pods}
    assert seen("cni-node-subnet", **words) == [("pre-flight", message)]


@pytest.mark.parametrize(("nodes", "message"), [(33, 8448), (5, 1280), (3, 768)])
def test_the_pre_flight_check_of_overlay_counts_256_a_node(nodes, message):
    assert seen("cni-overlay", nodes=nodes, max_pods=30) == [("pre-flight", message)]


def test_the_pre_flight_check_of_static_blocks_counts_one_block_a_node():
    words = {"nodes": 10, "max_pods": 250}
    assert seen("cni-static-block", **words) == [("pre-flight", 160)]


def test_kubenet_was_not_observed():
    assert seen("kubenet", nodes=10, max_pods=30) == []


def test_dynamic_nodes_were_seen_to_hold_one_more_and_at_the_least_their_pods():
    # decision 3: + 1 a node, and 16 x ceil(U / 16) where the service clamps.
    held = seen("cni-dynamic", nodes=10, max_pods=30, max_surge=1)
    assert held == [("held", 11 * (48 + 1)), ("held", 11 * 32)]


def test_a_24_holds_15_idle_nodes_by_the_rule_and_14_as_observed():
    # decision 3.
    words = {"max_surge": 0, "pods_per_node": 0, "pod_subnet": "/24"}
    for nodes, documented, observed in ((14, True, True), (15, True, False)):
        found = ipplan.size(nodes, 30, model="cni-dynamic", **words)
        assert found.feasible is documented
        assert (found.observed[0].addresses <= 251) is observed
        rules = {each.rule for each in found.findings}
        assert ("observed-exceeds-range" in rules) is not observed
    assert ipplan.size(16, 30, model="cni-dynamic", **words).feasible is False


# Plans.


def test_a_plan_is_a_mapping_of_every_model():
    plan = ipplan.size(300, 30)
    assert list(plan) == list(ipplan.MODELS)
    assert len(plan) == 5
    assert plan["kubenet"].model.name == "kubenet"
    with pytest.raises(KeyError):
        plan["azure"]


def test_a_plan_of_named_models_has_those():
    assert list(ipplan.size(3, 30, model=["kubenet"])) == ["kubenet"]


def test_an_unknown_model_is_refused():
    with pytest.raises(ArgumentError) as caught:
        ipplan.size(3, 30, model="azure")
    assert caught.value.argument == "model"


def test_what_microsoft_recommends_comes_first():
    plan = ipplan.size(300, 30)
    assert plan.recommendation.best.model.name == "cni-overlay"
    direct = ipplan.size(300, 30, needs=["direct-pod-access"])
    assert direct.recommendation.best.model.name == "cni-static-block"


@given(strategies.scenarios(strategies.plausible_nodes))
def test_a_recommendation_is_feasible_or_none(scenario):
    plan = ipplan.size(**strategies.demand(scenario))
    feasible = [each for each in plan.values() if each.feasible]
    if plan.recommendation is None:
        assert not feasible
    else:
        best, others = plan.recommendation
        assert best.feasible
        assert {best, *others} == set(feasible)


def test_columns_have_a_row_a_model_and_scenario():
    columns = ipplan.size([10, 20, 30], [30, 110, 250]).columns()
    assert {len(cells) for cells in columns.values()} == {15}
    assert columns["model"][::3] == list(ipplan.MODELS)
    assert columns["nodes"][:3] == [10, 20, 30]
    assert columns["node_subnet_prefix_length"][:3] == [28, 27, 26]


def test_columns_of_one_scenario_are_that_of_its_sizing():
    plan = ipplan.size(300, 30)
    columns = plan.columns()
    for index, (name, found) in enumerate(plan.items()):
        assert columns["model"][index] == name
        assert columns["vnet_addresses"][index] == found.vnet_addresses
        assert columns["grows_to_nodes"][index] == found.grows_to.nodes
        assert columns["grows_to_bound_by"][index] == found.grows_to.bound_by
        assert columns["feasible"][index] == found.feasible


def test_columns_have_nothing_where_there_is_nothing():
    plan = ipplan.size([10, 2**32 - 1], 30, model=["cni-node-subnet"])
    columns = plan.columns()
    assert columns["node_subnet_prefix_length"] == [23, None]
    assert columns["pod_range_kind"] == [None, None]
    assert ipplan.size(unknown=["nodes"]).columns()["feasible"] == [None] * 5


def test_columns_of_pools_in_several_subnets_leave_them_out():
    pools = [NodePool("a", 3, 30, subnet="x"), NodePool("b", 3, 30, subnet="y")]
    columns = ipplan.size(pools=pools, model=["cni-overlay"]).columns()
    assert columns["node_subnet_prefix_length"] == [None]
    assert columns["vnet_addresses"] == [8]


def test_a_plan_converts_to_pandas():
    frame = ipplan.size([10, 20], 30).to_pandas()
    assert frame.shape[0] == 10
    assert frame.loc[frame["model"] == "kubenet", "nodes"].tolist() == [10, 20]


def test_a_plan_prints_as_a_table_and_says_how_many_rows_it_left_out():
    plan = ipplan.size(list(range(10, 60)), 30)
    text, html = repr(plan), plan._repr_html_()
    assert "cni-overlay" in text
    assert "230 more rows" in text
    assert "<table>" in html
    assert "230 more rows" in html
    short = ipplan.size(10, 30)
    assert "more rows" not in repr(short)
    assert "more rows" not in short._repr_html_()


def test_a_sizing_prints_its_prefixes():
    assert repr(ipplan.size(300, 30, model="cni-overlay")) == (
        "<Sizing cni-overlay: /23, /15>"
    )
