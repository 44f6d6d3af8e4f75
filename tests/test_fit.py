import ipaddress

import netaddr
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import ipplan
from ipplan import ArgumentError, Bound
from tests import golden, strategies

LENGTHS = st.integers(16, 28)
PODS_IN = {
    "cni-overlay": "pod_cidr",
    "kubenet": "pod_cidr",
    "cni-static-block": "pod_subnet",
    "cni-dynamic": "pod_subnet",
}


def ranges(model, node_length, pod_length):
    given_ranges = {} if node_length is None else {"node_subnet": node_length}
    if pod_length is not None and model in PODS_IN:
        given_ranges[PODS_IN[model]] = pod_length
    return given_ranges


@given(
    strategies.model_names,
    strategies.max_pods,
    strategies.surges,
    st.one_of(st.none(), LENGTHS),
    st.one_of(st.none(), st.integers(10, 24)),
    st.sampled_from([0, 0, 3, 40]),
)
def test_fit_is_what_growing_node_by_node_finds(  # noqa: PLR0913, PLR0917  # drawn
    model, max_pods, text, node_length, pod_length, in_use
):
    given_ranges = ranges(model, node_length, pod_length)
    assume(given_ranges)
    pods = pod_length if model in PODS_IN else None
    # Beyond it the range itself is refused, and has its own test.
    assume(pods is None or pods >= ipplan.MODELS[model].largest)
    expected = golden.fit(model, max_pods, text, node_length, pods, in_use)
    found = ipplan.fit(
        model=model, max_pods=max_pods, max_surge=text, in_use=in_use, **given_ranges
    )
    assert (found.max_nodes, found.max_nodes_without_surge) == expected
    assert found.max_pods_total == found.max_nodes * max_pods
    assert found.feasible == (found.max_nodes > 0)


@given(
    strategies.model_names,
    st.integers(3, 4500),
    strategies.max_pods,
    strategies.surges,
    st.sampled_from([0, 0, 25]),
)
def test_what_was_sized_fits(model, nodes, max_pods, text, extra):
    sized = ipplan.size(
        nodes, max_pods, max_surge=text, extra_addresses=extra, model=model
    )
    assume(sized.feasible)
    pods = sized.pod_ranges[0].prefix_length if sized.pod_ranges else None
    given_ranges = ranges(model, sized.node_subnets[0].prefix_length, pods)
    words = {"max_pods": max_pods, "max_surge": text, "model": model}
    found = ipplan.fit(in_use=extra, **words, **given_ranges)
    assert found.max_nodes >= nodes
    assert found.max_nodes == sized.grows_to.nodes
    assert found.bound_by == sized.grows_to.bound_by
    words["extra_addresses"] = extra
    assert ipplan.size(found.max_nodes, **words, **given_ranges).feasible
    assert not ipplan.size(found.max_nodes + 1, **words, **given_ranges).feasible


@given(
    strategies.model_names, st.lists(LENGTHS, min_size=1, max_size=6), strategies.surges
)
def test_an_array_of_ranges_fits_as_its_elements_do(model, lengths, text):
    words = {"max_pods": 30, "max_surge": text, "model": model}
    many = ipplan.fit(np.array(lengths), **words)
    ones = [ipplan.fit(each, **words) for each in lengths]
    for name in ("max_nodes", "max_nodes_without_surge", "max_pods_total", "feasible"):
        found = np.broadcast_to(getattr(many, name), len(lengths)).tolist()
        assert found == [getattr(one, name) for one in ones]
    codes = np.broadcast_to(many.bound_by, len(lengths))
    assert [str(Bound(code)) for code in codes] == [one.bound_by for one in ones]


@given(strategies.model_names, LENGTHS, st.integers(1, 300), strategies.surges)
def test_the_most_max_pods_are_what_trying_each_finds(model, length, nodes, text):
    pods_in = ranges(model, None, 18)
    found = ipplan.fit(length, nodes=nodes, max_surge=text, model=model, **pods_in)
    assert found.sought.name == "max_pods"
    peak = nodes + golden.surge(nodes, text)
    expected = None
    for max_pods in range(10, 251):
        one = golden.size(model, peak, max_pods, "0")
        in_nodes = one.node_addresses <= 2 ** (32 - length) - 5
        in_pods = not pods_in or one.pod_addresses <= golden.range_holds(model, 18)
        if in_nodes and in_pods and (model != "kubenet" or peak <= 400):
            expected = max_pods
    assert found.sought.value == expected


@given(strategies.model_names, LENGTHS, st.integers(3, 300), strategies.max_pods)
def test_the_most_surge_is_what_trying_each_finds(model, length, nodes, max_pods):
    found = ipplan.fit(length, nodes=nodes, max_pods=max_pods, model=model)
    assert found.sought.name == "max_surge"
    _, most = golden.fit(model, max_pods, "0", length)
    expected = None
    for surge in range(nodes + 1):
        if nodes + surge <= most:
            expected = surge
    assert found.sought.value == expected


@given(strategies.model_names, st.lists(st.integers(3, 300), min_size=1, max_size=5))
def test_arrays_seek_as_their_elements_do(model, nodes):
    for words in ({}, {"max_pods": 30}):
        many = ipplan.fit("/22", nodes=np.array(nodes), model=model, **words).sought
        ones = [ipplan.fit("/22", nodes=n, model=model, **words).sought for n in nodes]
        found = np.broadcast_to(many.value, len(nodes)).tolist()
        assert found == [one.value or 0 for one in ones]


def test_nodes_with_max_pods_and_surge_are_a_plain_question():
    yes = ipplan.fit("/24", nodes=7, max_pods=30, max_surge=1, model="cni-node-subnet")
    no = ipplan.fit("/24", nodes=8, max_pods=30, max_surge=1, model="cni-node-subnet")
    assert (yes.sought, yes.feasible, yes.max_nodes) == (None, True, 7)
    assert (no.sought, no.feasible, no.max_nodes) == (None, False, 7)
    assert {each.rule for each in no.findings} >= {"range-too-small"}


@pytest.mark.parametrize("kind", [str, netaddr.IPNetwork, ipaddress.ip_network])
def test_a_subnet_is_taken_as_text_netaddr_and_ipaddress(kind):
    found = ipplan.fit(kind("10.20.0.0/24"), max_pods=30, max_surge=1)
    assert found["cni-node-subnet"].max_nodes == 7
    assert len(found) == 5
    assert list(found) == list(ipplan.MODELS)


@pytest.mark.parametrize("model", golden.MODELS)
def test_a_range_that_is_not_given_does_not_bound(model):
    found = ipplan.fit("/8", max_pods=10, max_surge=0, model=model)
    assert found.bound_by in {"routes", "cluster-nodes", "vnet-addresses"}


def test_a_range_that_is_left_open_is_never_too_small():
    # 5,000 nodes of 250 pods take more blocks than the largest pod subnet holds.
    words = {"max_pods": 250, "max_surge": 0, "model": "cni-static-block"}
    assert not ipplan.size(5000, **words).feasible
    assert ipplan.fit("/16", **words).max_nodes == 5000


def test_no_range_is_no_question():
    with pytest.raises(ArgumentError) as caught:
        ipplan.fit(max_pods=30)
    assert caught.value.argument == "node_subnet"


@pytest.mark.parametrize("value", ["/33", "/30", "abc", "10.0.0.7/24"])
def test_a_subnet_that_azure_has_not_is_refused(value):
    with pytest.raises(ArgumentError) as caught:
        ipplan.fit(value)
    assert caught.value.argument == "node_subnet"


@pytest.mark.parametrize("value", [-1, "abc", 2**32])
def test_in_use_is_named_as_it_was_given(value):
    with pytest.raises(ArgumentError) as caught:
        ipplan.fit("/24", in_use=value)
    assert caught.value.argument == "in_use"


@pytest.mark.parametrize("model", golden.MODELS)
def test_where_nothing_fits_nothing_is_said_to(model):
    found = ipplan.fit("/29", in_use=3, max_pods=30, model=model)
    assert (found.max_nodes, found.max_nodes_without_surge) == (0, 0)
    assert found.feasible is False


def test_in_use_leaves_what_the_pre_flight_check_leaves():
    # "IPs available 250 in Subnet Cidr" of a /24 with one address in use.
    found = ipplan.fit("/24", in_use=1, max_pods=30, max_surge=0, model="cni-overlay")
    assert found.max_nodes_without_surge == 250


def test_a_feature_that_is_lacking_lets_nothing_fit():
    found = ipplan.fit("/24", max_pods=30, needs=["windows"], model="kubenet")
    assert (found.feasible, found.max_nodes) == (False, 0)


def test_running_pods_are_the_pods_that_run():
    found = ipplan.fit(
        pod_subnet="/24", max_pods=250, pods_per_node=8, model="cni-dynamic"
    )
    # 251 // 16 = 15 at once; 10 % of 13 is 2.
    assert (found.max_nodes_without_surge, found.max_nodes) == (15, 13)
    assert found.max_pods_total == 13 * 8


@pytest.mark.parametrize("length", range(11, 25))
def test_a_pod_cidr_holds_a_node_for_each_of_its_24s(length):
    found = ipplan.fit(pod_cidr=length, max_pods=30, max_surge=0, model="cni-overlay")
    assert found.max_nodes == min(2 ** (24 - length), 5000)
