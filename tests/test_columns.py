import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ipplan
from ipplan import ArgumentError, NodePool
from ipplan.sizing.columns import CHUNK, MIXED
from tests import golden, strategies

ROWS = st.lists(
    st.tuples(strategies.nodes, strategies.max_pods, strategies.surges),
    min_size=1,
    max_size=8,
)


def one(model, nodes, max_pods, text, **words):
    found = ipplan.size(nodes, max_pods, max_surge=text, model=model, **words)
    pods = found.pod_ranges[0] if found.pod_ranges else None
    return (
        found.peak_nodes,
        found.node_subnets[0].addresses,
        pods.addresses if pods else 0,
        found.node_subnets[0].prefix_length or 0,
        (pods.prefix_length or 0) if pods else 0,
        found.feasible,
    )


@given(strategies.model_names, ROWS, strategies.extra)
def test_columns_are_the_sizings_one_by_one(model, rows, extra):
    nodes, max_pods, surges = map(list, zip(*rows, strict=True))
    found = ipplan.size_columns(
        np.array(nodes),
        np.array(max_pods),
        max_surge=surges,
        extra_addresses=extra,
        model=model,
    )
    expected = [one(model, *row, extra_addresses=extra) for row in rows]
    cells = [column.tolist() for column in found]
    assert list(zip(*cells, strict=True)) == expected


@given(strategies.model_names, ROWS)
def test_columns_agree_with_the_sentences_of_the_pages(model, rows):
    for nodes, max_pods, text in rows:
        gold = golden.size(model, nodes, max_pods, text)
        found = ipplan.size_columns([nodes], max_pods, max_surge=text, model=model)
        assert [column.tolist() for column in found] == [
            [gold.peak],
            [gold.node_addresses],
            [gold.pod_addresses],
            [gold.node_length or 0],
            [gold.pod_length or 0],
            [gold.feasible],
        ]


@pytest.mark.parametrize("model", golden.MODELS)
def test_columns_have_the_types_that_are_promised(model):
    for nodes, need in (([3, 500], "int32"), ([3, 2**32 - 1], "int64")):
        found = ipplan.size_columns(np.array(nodes), 30, model=model)
        kinds = [column.dtype for column in found]
        assert kinds == [need, need, need, "uint8", "uint8", "bool"]


# Where 32 bits end for the work and for the needs, and just beside it.
EDGES = [
    base + besides
    for base in (2**17, 2**18, 2**19, 2**20, 2**21, 2**22, 2**23, 2**24, 2**31)
    for besides in (-1, 0, 1)
]


@pytest.mark.parametrize("model", golden.MODELS)
@pytest.mark.parametrize("max_pods", [10, 30, 31, 250])
def test_narrow_and_wide_integers_agree_where_they_meet(model, max_pods):
    # Each scenario alone picks its own width; all together take the widest.
    together = ipplan.size_columns(np.array(EDGES), max_pods, model=model)
    for index, nodes in enumerate(EDGES):
        alone = ipplan.size_columns(np.array([nodes]), max_pods, model=model)
        gold = golden.size(model, nodes, max_pods)
        cells = [column[0].item() for column in alone]
        assert cells == [column[index].item() for column in together]
        assert cells[:3] == [gold.peak, gold.node_addresses, gold.pod_addresses]
        assert cells[3:5] == [gold.node_length or 0, gold.pod_length or 0]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 7])
def test_chunks_meet_without_a_seam(size):
    nodes = np.arange(1, size + 1)
    found = ipplan.size_columns(nodes, 30, max_surge=1, model="cni-node-subnet")
    assert found.peak_nodes.tolist() == [each + min(each, 1) for each in nodes.tolist()]
    assert np.array_equal(found.node_addresses, (nodes + 1) * 31)


@pytest.mark.parametrize("model", golden.MODELS)
def test_shapes_broadcast_to_any_depth(model):
    nodes = np.array([3, 70, 900]).reshape(3, 1, 1)
    max_pods = np.array([30, 110])
    extra = np.array([[0], [5], [50], [500]])
    found = ipplan.size_columns(nodes, max_pods, extra_addresses=extra, model=model)
    assert {column.shape for column in found} == {(3, 4, 2)}
    for index in np.ndindex(3, 4, 2):
        expected = one(
            model,
            int(nodes[index[0], 0, 0]),
            int(max_pods[index[2]]),
            "10%",
            extra_addresses=int(extra[index[1], 0]),
        )
        assert tuple(column[index].item() for column in found) == expected


def test_arrays_in_any_memory_order_give_the_same():
    nodes = np.arange(1, 25).reshape(4, 6)
    plain = ipplan.size_columns(nodes, 30, model="cni-dynamic")
    for other in (np.asfortranarray(nodes), nodes[:, ::-1][:, ::-1]):
        found = ipplan.size_columns(other, 30, model="cni-dynamic")
        for left, right in zip(plain, found, strict=True):
            assert np.array_equal(left, right)


def test_results_go_where_they_are_asked_to():
    nodes = np.arange(1, 100)
    out = ipplan.size_columns(nodes, 30, model="cni-overlay")
    again = ipplan.size_columns(nodes[::-1], 30, model="cni-overlay", out=out)
    assert again is out
    fresh = ipplan.size_columns(nodes[::-1], 30, model="cni-overlay")
    for left, right in zip(again, fresh, strict=True):
        assert np.array_equal(left, right)


def test_arguments_are_left_as_they_were():
    nodes = np.arange(1, 50)
    ipplan.size_columns(nodes, 30, growth=50, model="cni-overlay")
    assert nodes.tolist() == list(range(1, 50))


def test_a_demand_without_an_array_is_no_column():
    with pytest.raises(ArgumentError):
        ipplan.size_columns(3, 30, model="cni-overlay")


def test_pools_with_subnets_of_their_own_are_no_column():
    pools = [NodePool("a", np.array([3, 4]), 30, subnet="x")]
    with pytest.raises(ArgumentError):
        ipplan.size_columns(None, pools=pools, model="cni-overlay")


def test_pools_that_share_are_columns():
    pools = [NodePool("a", np.array([3, 4]), 30), NodePool("b", 5, 110)]
    found = ipplan.size_columns(None, pools=pools, model="cni-node-subnet")
    assert found.node_addresses.tolist() == [4 * 31 + 6 * 111, 5 * 31 + 6 * 111]


def test_an_unknown_model_is_refused():
    with pytest.raises(ArgumentError):
        ipplan.size_columns([3], 30, model="azure")


@given(
    st.lists(
        st.tuples(
            strategies.model_names,
            strategies.nodes,
            strategies.max_pods,
            strategies.surges,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_scenarios_of_many_models_are_the_sizings_one_by_one(rows):
    models, nodes, max_pods, surges = map(list, zip(*rows, strict=True))
    expected = [one(*row) for row in rows]
    numbers = [list(ipplan.MODELS).index(name) for name in models]
    for spelled in (models, np.array(models, dtype=object), np.array(numbers, "u1")):
        found = ipplan.size_columns(nodes, max_pods, max_surge=surges, model=spelled)
        cells = [column.tolist() for column in found]
        assert list(zip(*cells, strict=True)) == expected


@pytest.mark.parametrize("size", [0, 1, MIXED - 1, MIXED, MIXED + 1])
def test_models_are_parted_without_a_seam(size):
    nodes = np.arange(size) % 4000 + 1
    models = np.arange(size) % len(ipplan.MODELS)
    found = ipplan.size_columns(nodes, 30, model=models)
    for number, model in enumerate(ipplan.MODELS):
        alone = ipplan.size_columns(nodes[models == number], 30, model=model)
        for column, expected in zip(found, alone, strict=True):
            assert np.array_equal(column[models == number], expected)


def test_an_array_of_models_broadcasts():
    models = np.array([["kubenet"], ["cni-overlay"]])
    nodes = np.broadcast_to([3, 500, 900], (2, 3))
    found = ipplan.size_columns(nodes, 30, model=models)
    assert found.feasible.tolist() == [[True, False, False], [True, True, True]]


@pytest.mark.parametrize(
    ("models", "named"),
    [
        ([0, 5], "5"),
        ([-1, 0], "-1"),
        (["kubenet", "calico"], "'calico'"),
        ([0.0, 1.0], "0.0"),
        ([True, False], "True"),
        (None, "None"),
        ([[0], [1, 2]], "of no shape"),
        (np.zeros(3, int), r"\(3,\)"),
    ],
)
def test_what_is_no_model_is_refused_by_name(models, named):
    with pytest.raises(ArgumentError, match=rf"^model {named}: "):
        ipplan.size_columns([3, 4], 30, model=models)
