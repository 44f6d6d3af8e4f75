import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ipplan
from ipplan import ArgumentError, Cidr
from ipplan.counts import CEILING
from ipplan.sweeps import axes
from ipplan.sweeps.axes import (
    AXES,
    MOST_LABELS,
    MOST_VALUES,
    axis_named,
    surges_of,
    values_of,
)
from ipplan.sweeps.dimensions import Given, Samples, surge_of
from ipplan.sweeps.distributions import (
    BLOCK,
    FORMS,
    Distribution,
    distribution,
    draws,
)

NODES, MAX_PODS, YEARLY = AXES["nodes"], AXES["max_pods"], AXES["growth_per_year"]
SUBNET, POD_CIDR = AXES["node_subnet"], AXES["pod_cidr"]


@given(st.integers(1, 10**6), st.integers(0, 10**4), st.integers(1, 300))
def test_a_range_holds_its_last_value_where_a_step_ends_there(first, span, step):
    found = values_of(NODES, f"{first}:{first + span}:{step}").tolist()
    expected, value = [], first
    while value <= first + span:
        expected.append(value)
        value += step
    assert found == expected


@pytest.mark.parametrize(
    ("axis", "given_", "values"),
    [
        (NODES, "7", [7]),
        (NODES, " 10 , 20:40:10,5", [10, 20, 30, 40, 5]),
        (NODES, "3:3", [3]),
        (NODES, "3,3", [3, 3]),
        (NODES, "1:5:2", [1, 3, 5]),
        (AXES["growth"], "0:100%:50%", [0, 50, 100]),
        (AXES["growth"], "10%", [10]),
        (YEARLY, "7.5%,10", [7.5, 10]),
        (YEARLY, "0:20:10", [0, 10, 20]),
        (SUBNET, "/22:/24", [22, 23, 24]),
        (SUBNET, "22,10.0.0.0/24", [22, 24]),
        (SUBNET, "10.0.0.0/24", [24]),
        (SUBNET, [22, 24], [22, 24]),
        (POD_CIDR, "/1,/32", [1, 32]),
        (NODES, range(3, 6), [3, 4, 5]),
        (NODES, (3, 5), [3, 5]),
        (NODES, pd.Series([3, 5]), [3, 5]),
        (NODES, np.array([3, 5], dtype=np.uint64), [3, 5]),
        (NODES, np.array([3, 5], dtype=np.int8), [3, 5]),
        (NODES, [1, CEILING], [1, CEILING]),
        (MAX_PODS, "10,250", [10, 250]),
        (YEARLY, [0, 1_000], [0, 1_000]),
        (YEARLY, np.array([0.5], dtype=np.float32), [0.5]),
    ],
)
def test_an_axis_has_the_values_that_are_spelled(axis, given_, values):
    assert values_of(axis, given_).tolist() == values


def test_one_network_is_one_value_without_a_shape():
    assert values_of(SUBNET, 24).shape == ()
    assert values_of(NODES, np.array(7)).shape == ()
    assert values_of(NODES, [[1, 2], [3, 4]]).shape == (2, 2)


@pytest.mark.parametrize(
    ("axis", "given_", "told"),
    [
        (NODES, "", "nodes '': whole numbers with commas"),
        (NODES, "1,,2", "nodes '1,,2': whole numbers with commas"),
        (NODES, "7.5", "nodes '7.5': whole numbers with commas"),
        (YEARLY, "x", "growth_per_year 'x': numbers with commas"),
        (NODES, "10%", "nodes '10%': whole numbers"),
        (NODES, "-3", "nodes '-3': whole numbers"),
        (NODES, "\u0661", "nodes '\u0661': whole numbers"),
        (NODES, "9" * 19, f"nodes '{'9' * 19}': whole numbers"),
        (NODES, "9" * 18, f"nodes {'9' * 18}: from 1 to 4,294,967,295"),
        (NODES, "1:2:3:4", "nodes '1:2:3:4': whole numbers"),
        (NODES, "5:4", "nodes '5:4': first:last:step, whole, the last no smaller"),
        (NODES, "1:5:0", "nodes '1:5:0': first:last:step"),
        (YEARLY, "1:2:0.5", "growth_per_year '1:2:0.5': first:last:step, whole"),
        (NODES, "1:1000000000000000", "at most 50,000,000 values on an axis"),
        (NODES, f"1:{MOST_VALUES},1", "at most 50,000,000 values on an axis"),
        (NODES, "0", "nodes 0: from 1 to 4,294,967,295"),
        (NODES, "0:5", "nodes 0: from 1"),
        (NODES, [CEILING + 1], "nodes 4294967296: from 1"),
        (NODES, np.uint64(2**63 + 1), "nodes 9223372036854775809: from 1"),
        (MAX_PODS, "9", "max_pods 9: from 10 to 250"),
        (MAX_PODS, "10,251", "max_pods 251: from 10 to 250"),
        (SUBNET, "/30", "node_subnet 30: from 2 to 29"),
        (SUBNET, "/33", "node_subnet /33: a prefix length"),
        (SUBNET, 22.5, "node_subnet 22.5: a network"),
        (POD_CIDR, "fd00::/64", "pod_cidr 'fd00::/64': an IPv4 CIDR"),
        (NODES, [], "nodes empty: at least one value"),
        (NODES, np.zeros((0, 3), int), "nodes empty: at least one value"),
        (NODES, None, "nodes None: whole numbers"),
        (NODES, [1.0], "nodes [1.0]: whole numbers"),
        (NODES, [True], "nodes [True]: whole numbers"),
        (NODES, ["3"], "nodes ['3']: whole numbers"),
        (NODES, [[1, 2], [3]], "nodes [[1, 2], [3]]: whole numbers"),
        (NODES, {"a": 3}, "nodes {'a': 3}: whole numbers"),
        (NODES, [10**30], f"nodes [{10**30}]: whole numbers"),
        (NODES, pd.Series([1, None]), "nodes 0 1.0 1 NaN dtype: float64: whole"),
        (NODES, np.ma.array([1, 2], mask=[False, True]), "nodes masked_array("),
        (YEARLY, [np.nan], "growth_per_year nan: from 0 to 1,000"),
        (YEARLY, [np.inf], "growth_per_year inf: from 0 to 1,000"),
        (YEARLY, [1, -0.5], "growth_per_year -0.5: from 0 to 1,000"),
        (YEARLY, [1_000.5], "growth_per_year 1000.5: from 0 to 1,000"),
    ],
)
def test_what_is_no_axis_is_refused_in_one_line(axis, given_, told):
    with pytest.raises(ArgumentError) as caught:
        values_of(axis, given_)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


def test_most_values_are_allowed_and_one_more_is_not(monkeypatch):
    monkeypatch.setattr(axes, "MOST_VALUES", 10)
    assert len(values_of(NODES, "1:10")) == 10
    with pytest.raises(ArgumentError):
        values_of(NODES, "1:11")


@pytest.mark.parametrize(
    ("given_", "labels", "counts", "percents"),
    [
        ("1,10%,33%", ("1", "10%", "33%"), [1, 0, 0], [0, 10, 33]),
        ("10%:30%:10%", ("10%", "20%", "30%"), [0, 0, 0], [10, 20, 30]),
        ("1:3", ("1", "2", "3"), [1, 2, 3], [0, 0, 0]),
        ("0,0%", ("0", "0%"), [0, 0], [0, 0]),
        (5, ("5",), [5], [0]),
    ],
)
def test_surges_are_counts_and_percentages(given_, labels, counts, percents):
    found = surges_of(given_)
    assert found.labels == labels
    assert found.counts.tolist() == counts
    assert found.percents.tolist() == percents


def test_surges_keep_their_shape_and_each_spelling_once():
    found = surges_of([["1", "10%"], ["10%", 1]])
    assert found.codes.tolist() == [[0, 1], [1, 0]]
    assert found.labels == ("1", "10%")
    assert surge_of(found, found.codes[0]).count.tolist() == [1, 0]
    assert surge_of(surges_of("1,2"), np.array([0])).percent == 0
    assert surge_of(surges_of("1%"), np.array([0])).count == 0


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        ([], "max_surge of 0 values: at least one value"),
        ("", "max_surge '': a number of nodes"),
        ("1:10%", "max_surge '1:10%': a range of counts or one of percentages"),
        ("5:1", "max_surge '5:1': first:last:step"),
        ("101%", "max_surge '101%': a number of nodes"),
        ([1.5], "max_surge '1.5': a number of nodes"),
        ([[1], [1, 2]], "max_surge '[1]': a number of nodes"),
        (f"0:{MOST_LABELS}", "at most 65,536 different ones"),
        (f"1:{MOST_LABELS},0", "max_surge of 65,537 values"),
    ],
)
def test_what_is_no_surge_is_refused(given_, told):
    with pytest.raises(ArgumentError) as caught:
        surges_of(given_)
    assert told in str(caught.value)


def test_as_many_surges_as_codes_are_allowed():
    assert len(surges_of(f"1:{MOST_LABELS}").labels) == MOST_LABELS


@pytest.mark.parametrize(
    ("text", "form", "parameters"),
    [
        ("normal(200,30)", "normal", (200.0, 30.0)),
        ("lognormal(200, 0.2)", "lognormal", (200.0, 0.2)),
        ("uniform(10%,50%)", "uniform", (10.0, 50.0)),
        ("triangular(1,1,3)", "triangular", (1.0, 1.0, 3.0)),
        ("poisson(0)", "poisson", (0.0,)),
        ("normal(5,0)", "normal", (5.0, 0.0)),
    ],
)
def test_a_distribution_is_read_and_spelled_again(text, form, parameters):
    found = values_of(NODES, text)
    assert found == Distribution(form, parameters)
    assert distribution("nodes", str(found)) == found
    assert values_of(NODES, found) is found


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        ("gauss(1,2)", "one of normal(mean,deviation), lognormal(median,sigma)"),
        ("normal(1,2", "one of normal(mean,deviation)"),
        ("normal(1,(2))", "one of normal(mean,deviation)"),
        ("normal(1)", "normal(mean,deviation), two numbers"),
        ("normal(1,x)", "normal(mean,deviation), two numbers"),
        ("normal()", "normal(mean,deviation), two numbers"),
        ("normal(1,-1)", "the deviation at least 0"),
        ("normal(nan,1)", "normal(mean,deviation)"),
        ("normal(1,inf)", "normal(mean,deviation)"),
        ("normal(1,4294967297)", "normal(mean,deviation)"),
        ("lognormal(0,1)", "a median above 0"),
        ("lognormal(1,-1)", "a sigma of at least 0"),
        ("uniform(2,1)", "the low one first"),
        ("uniform(1,1)", "the low one first"),
        ("uniform(-1e308,1e308)", "uniform(low,high)"),
        ("triangular(1,4,3)", "the low one first and the high one last"),
        ("triangular(3,3,3)", "the low one first and the high one last"),
        ("poisson(-1)", "a number of at least 0"),
        (Distribution("gauss", (1.0, 2.0)), "one of normal, lognormal"),
        (Distribution("normal", (1.0,)), "normal(mean,deviation)"),
    ],
)
def test_what_is_no_distribution_is_refused(given_, told):
    with pytest.raises(ArgumentError) as caught:
        values_of(NODES, given_)
    assert told in str(caught.value)
    assert str(caught.value).startswith("nodes ")


MOMENTS = {
    "normal(200,30)": (200, 30),
    "lognormal(200,0.2)": (200 * np.exp(0.02), 200 * np.exp(0.02) * 0.20202),
    "uniform(100,400)": (250, 300 / 12**0.5),
    "triangular(0,30,90)": (40, (8100 - 2700 + 900 - 0) ** 0.5 / 18**0.5),
    "poisson(50)": (50, 50**0.5),
}


@pytest.mark.parametrize("text", MOMENTS)
def test_draws_have_the_mean_and_the_deviation_of_their_distribution(text):
    drawn = draws(distribution("nodes", text), (7, 0), np.arange(BLOCK))
    mean, deviation = MOMENTS[text]
    assert drawn.mean() == pytest.approx(mean, rel=0.01)
    assert drawn.std() == pytest.approx(deviation, rel=0.02)


def test_every_form_has_its_moments_here():
    assert [text.split("(")[0] for text in MOMENTS] == [*FORMS]


@given(st.lists(st.integers(0, 3 * BLOCK), min_size=1, max_size=30))
def test_a_sample_is_the_same_whichever_others_are_drawn(indices):
    one = Distribution("normal", (200.0, 30.0))
    whole = draws(one, (7, 3), np.arange(3 * BLOCK + 1))
    assert (draws(one, (7, 3), np.array(indices)) == whole[indices]).all()


def test_seed_and_axis_decide_the_luck():
    one = Distribution("uniform", (0.0, 1.0))
    streams = [(7, 0), (7, 1), (8, 0)]
    drawn = [draws(one, stream, np.arange(100)) for stream in streams]
    assert not (drawn[0] == drawn[1]).any()
    assert not (drawn[0] == drawn[2]).any()


def test_samples_are_rounded_and_cut_off_at_what_their_axis_allows():
    low, high = Distribution("normal", (10.0, 50.0)), Distribution("normal", (5.0, 9.0))
    found = Samples((("max_pods", low), ("growth_per_year", high)), 1_000, 7)
    assert (found.names, found.shape, found.size) == (
        ("max_pods", "growth_per_year"),
        (1_000,),
        1_000,
    )
    taken = found.take(np.arange(1_000))
    pods, yearly = taken["max_pods"], taken["growth_per_year"]
    assert pods.dtype == np.int64
    assert pods.min() == 10
    assert yearly.min() == 0
    assert (yearly % 1 > 0).any()


def test_what_is_given_becomes_dimensions_in_its_order_and_samples_last():
    found = Given(5, 7)
    found.add_axis("growth", "uniform(0,50)")
    found.add_scenarios({"nodes": [3, 5], "max_surge": ["1", "10%"]})
    found.add_axis("max_pods", [[30, 110]])
    dimensions = found.finish()
    names = [each.names for each in dimensions]
    assert names == [("nodes", "max_surge"), ("max_pods",), ("growth",)]
    assert [each.shape for each in dimensions] == [(2,), (1, 2), (5,)]
    assert [each.size for each in dimensions] == [2, 2, 5]
    taken = dimensions[0].take(np.array([1, 0]))
    assert {name: each.tolist() for name, each in taken.items()} == {
        "nodes": [5, 3],
        "max_surge": [1, 0],
    }


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({}, "scenarios empty: columns of one length"),
        ([1], "scenarios without names: columns by axis"),
        ({"nodes": [1, 2], "max_pods": [30]}, "nodes (2,), max_pods (1,): columns of"),
        ({"nodes": "normal(1,2)"}, "nodes normal(1,2): values, a scenario each"),
        ({"pods": [1]}, "pods given: an axis is one of nodes,"),
        ({"growth": [1]}, "growth given twice"),
    ],
)
def test_scenarios_that_do_not_go_together_are_refused(columns, told):
    found = Given(5, 7)
    found.add_axis("growth", 3)
    with pytest.raises(ArgumentError) as caught:
        found.add_scenarios(columns)
    assert told in str(caught.value)


def test_a_surge_is_not_drawn():
    with pytest.raises(ArgumentError, match="counts and percentages, not drawn"):
        Given(5, 7).add_axis("max_surge", Distribution("poisson", (3.0,)))


@pytest.mark.parametrize(
    ("given", "lengths"),
    [
        (Cidr.parse("10.0.0.0/22"), 22),
        ([Cidr.parse("10.0.0.0/22"), Cidr.parse("10.9.0.0/24")], [22, 24]),
        (["/22", "10.9.0.0/24"], [22, 24]),
        ([[22, 23], [24, 25]], [[22, 23], [24, 25]]),
    ],
)
def test_a_given_range_is_a_network_of_any_kind_or_several(given, lengths):
    assert values_of(axis_named("node_subnet"), given).tolist() == lengths


def test_samples_may_be_counted_with_an_exponent():
    found = ipplan.sweep(nodes="normal(9,2)", samples=1e2, model="kubenet")
    assert found.cells == 100
    with pytest.raises(ArgumentError, match="samples"):
        ipplan.sweep(nodes="normal(9,2)", samples=1.5)


def test_an_axis_keeps_its_place_for_what_a_seed_draws_hangs_on_it():
    assert [*AXES][:13] == [
        "nodes",
        "add_nodes",
        "growth",
        "growth_per_year",
        "months",
        "max_pods",
        "max_surge",
        "pods_per_node",
        "host_network_pods",
        "extra_addresses",
        "node_subnet",
        "pod_subnet",
        "pod_cidr",
    ]


@pytest.mark.parametrize("text", ["normal(\u0663,1)", "normal(1_0,2)", "normal(0x1,2)"])
def test_parameters_are_plain_numbers_and_quoted_as_they_came(text):
    with pytest.raises(
        ArgumentError, match=r"^nodes 'normal\(.*': normal\(mean"
    ) as told:
        values_of(axis_named("nodes"), text)
    assert text in str(told.value)


@pytest.mark.parametrize("text", ["normal(1.2.3,1)", "normal(,)", "normal()"])
def test_what_only_looks_like_a_number_is_none(text):
    with pytest.raises(ArgumentError, match=r"two numbers"):
        values_of(axis_named("nodes"), text)


def test_a_distribution_of_text_is_refused():
    drawn = Distribution("normal", ("a", 1.0))
    with pytest.raises(ArgumentError, match=r"^nodes normal\(a,1\): "):
        values_of(axis_named("nodes"), drawn)


def test_too_many_values_are_refused_before_they_are_looked_at():
    many = np.broadcast_to(np.int64(5), (10**7, 10**4))
    with pytest.raises(ArgumentError, match="at most 50,000,000 values on an axis"):
        values_of(axis_named("nodes"), many)


def test_an_array_that_changes_later_changes_no_row():
    counts = np.array([1, 2, 3])
    found = ipplan.sweep(nodes=counts, model="kubenet")
    counts[:] = 0
    assert found["nodes"].tolist() == [[1, 2, 3]]


def test_surges_behind_a_mask_are_refused():
    masked = np.ma.array([1, 2], mask=[False, True])
    with pytest.raises(ArgumentError, match="max_surge with a mask"):
        surges_of(masked)
