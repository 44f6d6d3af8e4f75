from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan import counts

COUNTS = st.integers(0, 2**40)
LISTS = st.lists(COUNTS, min_size=1, max_size=6)


@given(COUNTS, st.integers(1, 2**20))
def test_ceil_div_rounds_the_exact_quotient_up(dividend, divisor):
    assert counts.ceil_div(dividend, divisor) == ceil(Fraction(dividend, divisor))


@given(LISTS, st.integers(1, 999))
def test_ceil_div_of_an_array_is_that_of_its_elements(cells, divisor):
    found = counts.ceil_div(np.array(cells), divisor)
    assert found.tolist() == [-(-each // divisor) for each in cells]


@given(LISTS, COUNTS)
def test_arithmetic_of_an_array_is_that_of_its_elements(cells, other):
    array = np.array(cells)
    small = np.array([each % 2**20 for each in cells])
    assert counts.plus(array, other).tolist() == [each + other for each in cells]
    assert counts.plus(other, array).tolist() == [each + other for each in cells]
    assert counts.times(small, 7).tolist() == [each % 2**20 * 7 for each in cells]
    assert counts.least(array, other).tolist() == [min(each, other) for each in cells]
    assert counts.most(array, other).tolist() == [max(each, other) for each in cells]


@pytest.mark.parametrize("zero_first", [True, False])
def test_adding_nothing_leaves_the_very_same_array(zero_first):
    array = np.array([1, 2])
    pair = (0, array) if zero_first else (array, 0)
    assert counts.plus(*pair) is array


@pytest.mark.parametrize("one_first", [True, False])
def test_multiplying_by_one_leaves_the_very_same_array(one_first):
    array = np.array([1, 2])
    pair = (1, array) if one_first else (array, 1)
    assert counts.times(*pair) is array


def test_the_total_of_nothing_is_nothing():
    assert counts.total([]) == 0
    assert counts.total([1, 2, 3]) == 6
    assert counts.total([1, np.array([1, 2])]).tolist() == [2, 3]


@given(COUNTS, COUNTS)
def test_least_and_most_are_min_and_max(first, second):
    assert counts.least(first, second) == min(first, second)
    assert counts.most(first, second) == max(first, second)


def test_choose_takes_the_one_or_the_other():
    assert counts.choose(condition=True, then=1, otherwise=2) == 1
    assert counts.choose(condition=False, then=1, otherwise=2) == 2
    mask = np.array([True, False])
    assert counts.choose(mask, 1, np.array([8, 9])).tolist() == [1, 9]


def test_keep_leaves_nothing_where_the_condition_fails():
    assert counts.keep(7, condition=True) == 7
    assert counts.keep(7, condition=False) == 0
    kept = counts.keep(np.array([7, 8]), np.array([True, False]))
    assert kept.tolist() == [7, 0]


@given(st.integers(0, 2**52))
def test_bit_length_is_that_of_the_int(count):
    assert counts.bit_length(count) == count.bit_length()
    assert counts.bit_length(np.array([count])).tolist() == [count.bit_length()]


@pytest.mark.parametrize("bits", range(31))
@pytest.mark.parametrize("besides", [-1, 0, 1])
@pytest.mark.parametrize("companion", [1, 2**24])
def test_bit_length_of_narrow_integers_is_exact_beside_powers_of_two(
    bits, besides, companion
):
    count = min(max(2**bits + besides, 1), 2**31 - 1)
    cells = np.array([count, companion], dtype=np.int32)
    expected = [count.bit_length(), companion.bit_length()]
    assert counts.bit_length(counts.exact_bits(cells)).tolist() == expected


def test_bit_length_of_no_narrow_integers_is_none():
    assert counts.bit_length(np.array([], dtype=np.int32)).tolist() == []


@pytest.mark.parametrize(
    ("value", "many"),
    [(3, False), ("abc", False), (None, False), ([3], True), (np.array([3]), True)],
)
def test_only_what_holds_many_is_an_array(value, many):
    assert counts.is_array(value) is many


def test_a_count_of_one_has_no_plural():
    assert counts.counted(1, "node") == "1 node"
    assert counts.counted(0, "node") == "0 nodes"
    assert counts.counted(1330, "node") == "1,330 nodes"
