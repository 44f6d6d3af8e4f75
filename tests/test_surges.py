import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan import ArgumentError, Surge
from ipplan.surges import steady_nodes, surge_nodes
from tests import golden, strategies


@given(strategies.nodes, strategies.surges)
def test_surge_is_the_share_rounded_up_and_no_more_than_the_pool(nodes, text):
    assert surge_nodes(nodes, Surge.parse(text)) == golden.surge(nodes, text)


@given(st.lists(strategies.nodes, min_size=1, max_size=8), strategies.surges)
def test_surge_of_an_array_is_that_of_its_elements(nodes, text):
    found = surge_nodes(np.array(nodes), Surge.parse(text))
    assert found.tolist() == [golden.surge(each, text) for each in nodes]


@given(st.lists(strategies.surges, min_size=1, max_size=8), strategies.plausible_nodes)
def test_surges_of_each_scenario_may_differ(texts, nodes):
    found = surge_nodes(nodes, Surge.parse(texts))
    expected = [golden.surge(nodes, text) for text in texts]
    assert np.broadcast_to(found, len(texts)).tolist() == expected


@given(st.integers(0, 600), strategies.surges)
def test_steady_nodes_are_the_most_whose_peak_fits(peak, text):
    assert steady_nodes(peak, Surge.parse(text)) == golden.steady(peak, text)


@given(st.integers(0, 2**33), strategies.surges)
def test_one_node_more_than_steady_does_not_fit(peak, text):
    surge = Surge.parse(text)
    found = steady_nodes(peak, surge)
    assert found + surge_nodes(found, surge) <= peak
    assert found + 1 + surge_nodes(found + 1, surge) > peak


@given(st.lists(st.integers(0, 2**33), min_size=1, max_size=8), strategies.surges)
def test_steady_nodes_of_an_array_are_those_of_its_elements(peaks, text):
    surge = Surge.parse(text)
    found = steady_nodes(np.array(peaks), surge)
    assert found.tolist() == [steady_nodes(each, surge) for each in peaks]


@given(strategies.nodes, strategies.surges)
def test_a_peak_that_was_made_gives_its_nodes_back(nodes, text):
    surge = Surge.parse(text)
    assert steady_nodes(nodes + surge_nodes(nodes, surge), surge) >= nodes


@pytest.mark.parametrize(
    ("text", "count", "percent"),
    [
        ("0", 0, 0),
        ("1", 1, 0),
        (7, 7, 0),
        ("0%", 0, 0),
        ("33%", 0, 33),
        ("100%", 0, 100),
    ],
)
def test_aks_spells_surge_as_a_count_or_a_percentage(text, count, percent):
    assert Surge.parse(text) == Surge(count, percent)


@pytest.mark.parametrize("text", ["10%", "33%", "1", "0"])
def test_a_surge_is_spelled_as_it_was_read(text):
    assert str(Surge.parse(text)) == text


def test_a_surge_is_its_own_parse():
    surge = Surge(3)
    assert Surge.parse(surge) is surge


@pytest.mark.parametrize(
    "value",
    ["33.5%", "101%", "-1", "-1%", "", "%", "abc", "1 %", "١", "1e3", "nan", None, 0.5,
     str(2**32), "99999999999", True],
)  # fmt: skip
def test_what_aks_does_not_take_as_surge_is_refused(value):
    with pytest.raises(ArgumentError) as caught:
        Surge.parse(value)
    assert caught.value.argument == "max_surge"


def test_one_bad_surge_of_an_array_is_named():
    with pytest.raises(ArgumentError, match="120%"):
        Surge.parse(["10%", "120%"])


def test_an_array_of_surges_keeps_its_shape():
    surge = Surge.parse([["1", "2"], ["0", "50%"]])
    assert surge.count.tolist() == [[1, 2], [0, 0]]
    assert surge.percent.tolist() == [[0, 0], [0, 50]]
    assert Surge.parse(np.array([0, 0])) == Surge(0, 0)


def test_five_pools_of_four_at_half_surge_bring_ten_nodes():
    # upgrade-aks-node-pools-rolling: "5 pools x 4 nodes x 50 % -> 10 extra".
    assert sum(surge_nodes(4, Surge.parse("50%")) for _ in range(5)) == 10
