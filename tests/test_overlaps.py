import ipaddress
import tracemalloc

import netaddr
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.networks import scattered, star
from ipplan import (
    ArgumentError,
    Cidr,
    Cidrs,
    count_overlaps,
    has_overlap,
    linked_pairs,
    longest_match,
    overlapping_pairs,
    parse_cidrs,
)
from ipplan.cidrs import joins, nesting, overlaps
from ipplan.cidrs.nesting import CHUNK, PACKED
from tests import golden
from tests.networks import lists, rows

net = ipaddress.ip_network
EVERYTHING = [net("0.0.0.0/0"), net("::/0"), net("255.255.255.255/32")]


@given(lists())
@example(EVERYTHING)
@example([net("::ffff:ffff:ffff:ffff/128"), net("0:0:0:1::/64"), net("::/63")])
@example([net("10.0.0.0/8")] * 4)
def test_overlapping_pairs_are_those_the_double_loop_finds(networks):
    expected = golden.pairs(networks)
    cidrs = rows(networks)
    assert overlapping_pairs(cidrs).tolist() == expected
    assert count_overlaps(cidrs) == len(expected)
    assert has_overlap(cidrs) == bool(expected)


@given(lists(most=6))
def test_netaddr_finds_the_same_overlaps(networks):
    theirs = [netaddr.IPNetwork(str(each)) for each in networks]
    for outer, inner in overlapping_pairs(networks).tolist():
        assert theirs[inner] in theirs[outer]
    meetings = sum(
        one in two or two in one for at, one in enumerate(theirs) for two in theirs[:at]
    )
    assert meetings == count_overlaps(theirs)


@given(lists())
def test_pairs_are_in_the_order_that_is_documented(networks):
    cidrs = rows(networks)
    keys = [
        [(*cidrs[row], row) for row in pair]
        for pair in overlapping_pairs(cidrs).tolist()
    ]
    assert keys == sorted(keys)
    assert all(outer < inner for outer, inner in keys)


@given(lists(version=4))
def test_packing_sorts_as_sorting_by_fields_does(networks):
    cidrs = rows(networks)
    packed, plain = nesting._packed(cidrs), nesting._sorted(cidrs)
    for name in ("rows", "outers", "ends"):
        assert np.array_equal(getattr(packed, name), getattr(plain, name))


def test_what_can_not_be_packed_is_sorted_by_fields(monkeypatch):
    cidrs = scattered(500, 0.1)
    expected = overlapping_pairs(cidrs)
    assert len(expected)
    monkeypatch.setattr(nesting, "PACKED", 499)
    monkeypatch.setattr(nesting, "_packed", None)
    assert np.array_equal(overlapping_pairs(cidrs), expected)


def test_address_length_and_row_fill_64_bits():
    assert PACKED == 2 ** (64 - 32 - 6)


@pytest.mark.parametrize("count", [CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 3])
def test_chunks_meet_without_a_seam(count):
    # Each row is in the next, but for the last, which lies apart.
    first = np.arange(count, dtype=np.uint64) << 8
    length = np.full(count, 24, np.uint8)
    first[1::2] -= 256
    length[1::2] = 32
    apart = Cidrs(np.full(count, 4, np.uint8), first * 0, first, length)
    pairs = overlapping_pairs(apart)
    assert pairs[:, 0].tolist() == list(range(0, count - 1, 2))
    assert pairs[:, 1].tolist() == list(range(1, count, 2))


@pytest.mark.parametrize("most", [1, 2, 3, 10, 10**6])
def test_pairs_made_a_few_at_a_time_are_the_same(monkeypatch, most):
    cidrs = scattered(500, 0.1)
    expected = overlapping_pairs(cidrs)
    monkeypatch.setattr(overlaps, "PAIRS", most)
    assert np.array_equal(overlapping_pairs(cidrs), expected)


def test_counting_makes_no_pairs():
    cidrs = rows([net("10.0.0.0/8")] * 100_000)
    tracemalloc.start()
    assert count_overlaps(cidrs) == 100_000 * 99_999 // 2
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * 2**20


def test_one_address_decides():
    below = ["10.0.0.0/25", "10.0.0.128/25"]
    assert not has_overlap(below)
    assert has_overlap([*below, "10.0.0.127/32"])
    assert not has_overlap(["0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"])
    assert has_overlap(["0.0.0.0/0", "255.255.255.255/32"])


def test_families_never_meet():
    assert not has_overlap(["0.0.0.0/0", "::/0"])
    assert longest_match(["10.0.0.0/8"], ["::/0"]).tolist() == [-1]
    assert not len(linked_pairs(["0.0.0.0/0", "::/0"], [0, 1], [[0, 1]]))


def test_refused_rows_meet_nothing():
    texts = ["10.0.0.0/8", "ten/8", "10.1.0.0/16", "0.0.0.0/33", "::1/0"]
    cidrs = parse_cidrs(texts, strict=False)
    assert overlapping_pairs(cidrs).tolist() == [[0, 2]]
    assert longest_match(cidrs, cidrs).tolist() == [0, -1, 2, -1, -1]
    owners, links = [0, 1, 1, 1, 1], [[0, 1]]
    assert linked_pairs(cidrs, owners, links).tolist() == [[0, 2]]
    nothing = cidrs.take(~cidrs.valid)
    assert not has_overlap(nothing)
    assert overlapping_pairs(nothing).shape == (0, 2)


def test_nothing_overlaps_nothing():
    assert not has_overlap([])
    assert count_overlaps([]) == 0
    assert overlapping_pairs([]).shape == (0, 2)
    assert linked_pairs([], [], []).shape == (0, 2)
    assert longest_match([], ["::/0"]).shape == (0,)
    assert longest_match(["::/0"], []).tolist() == [-1]


@given(lists(), lists())
@example([net("10.0.0.0/8")], [net("10.0.0.0/8")] * 3)
@example(EVERYTHING, EVERYTHING)
def test_the_longest_match_is_the_one_that_a_loop_finds(networks, among):
    expected = [golden.longest(each, among) for each in networks]
    assert longest_match(rows(networks), rows(among)).tolist() == expected


@given(lists(most=4), lists())
def test_netaddr_finds_the_same_longest_match(networks, among):
    theirs = [netaddr.IPNetwork(str(each)) for each in among]
    for each, row in zip(networks, longest_match(networks, among), strict=True):
        covering = [it for it in theirs if netaddr.IPNetwork(str(each)) in it]
        best = max((it.prefixlen for it in covering), default=None)
        assert best == (theirs[row].prefixlen if row >= 0 else None)
        assert row < 0 or theirs[row] in covering


OWNERS = st.integers(0, 5)
LINKS = st.lists(st.tuples(OWNERS, OWNERS), max_size=8)


@given(st.lists(st.tuples(lists(most=3), OWNERS), max_size=6), LINKS)
def test_linked_pairs_are_those_whose_owners_are_linked(holdings, links):
    networks = [each for some, _ in holdings for each in some]
    owners = [owner for some, owner in holdings for _ in some]
    expected = golden.linked(networks, owners, links)
    assert linked_pairs(rows(networks), owners, links).tolist() == expected


@pytest.mark.parametrize("most", [1, 2, 7, 10**6])
def test_leaves_compared_a_few_at_a_time_are_the_same(monkeypatch, most):
    random = np.random.default_rng(seed=5)
    cidrs = scattered(300, 0.1)
    owners, links = random.integers(0, 12, 300), random.integers(0, 12, (30, 2))
    networks = [net(str(cidr)) for cidr in cidrs]
    expected = golden.linked(networks, owners.tolist(), links.tolist())
    assert expected
    monkeypatch.setattr(joins, "LEAVES", most)
    assert linked_pairs(cidrs, owners, links).tolist() == expected


def test_links_have_no_direction_and_count_once():
    cidrs, owners = ["10.0.0.0/8", "10.0.0.0/8"], [3, 4]
    for links in ([[3, 4]], [[4, 3]], [[3, 4], [4, 3], [3, 4]], [[4, 4], [4, 3]]):
        assert linked_pairs(cidrs, owners, links).tolist() == [[0, 1]]
    assert not len(linked_pairs(cidrs, owners, [[3, 3], [3, 5], [9, 4]]))


def test_memory_does_not_follow_the_pairs_that_mean_nothing():
    peaks = {}
    for spokes in (1_000, 10_000):
        peered = star(spokes)
        tracemalloc.start()
        found = linked_pairs(*peered)
        peaks[spokes] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert 0 < len(found) < spokes / 5
    # A hundred times the pairs, ten times the rows: 20,000 of them.
    assert peaks[10_000] < 12 * peaks[1_000]
    assert peaks[10_000] < 100 * 20_000
    assert count_overlaps(star(10_000).cidrs) > 10**6


KINDS = [str, Cidr.parse, ipaddress.ip_network, netaddr.IPNetwork]


@pytest.mark.parametrize("kind", KINDS)
def test_networks_of_every_kind_are_taken(kind):
    made = [kind(text) for text in ("10.0.0.0/8", "fd00::/8", "10.1.0.0/16")]
    assert overlapping_pairs(made).tolist() == [[0, 2]]
    assert overlapping_pairs(each for each in made).tolist() == [[0, 2]]
    assert longest_match(made[2:], tuple(made)).tolist() == [2]


@pytest.mark.parametrize("kind", KINDS)
def test_a_single_network_is_not_taken_for_its_addresses(kind):
    with pytest.raises(ArgumentError, match=r"^cidrs '10.0.0.0/8': a list of CIDRs"):
        has_overlap(kind("10.0.0.0/8"))


@pytest.mark.parametrize("value", [None, 7, 1.5], ids=repr)
def test_what_is_no_list_is_refused(value):
    with pytest.raises(ArgumentError, match=f"among '{value}': a list of CIDRs"):
        longest_match([], value)


REFUSED = [
    netaddr.IPNetwork("10.0.0.4/16"),
    ipaddress.ip_interface("10.0.0.4/16"),
    ipaddress.ip_address("10.0.0.4"),
    "10.0.0.4",
    None,
    7,
]


@pytest.mark.parametrize("value", REFUSED, ids=repr)
def test_what_is_no_cidr_is_refused_by_its_place(value):
    with pytest.raises(ArgumentError, match=r"^cidrs\[1\]"):
        count_overlaps(["10.0.0.0/8", value])
    with pytest.raises(ArgumentError, match=r"^among\[0\]"):
        longest_match([], [value])


BAD_OWNERS = {
    "(1,)": [0],
    "(0,)": [],
    "(2, 1)": [[0], [1]],
    "()": 3,
    "no shape": [[0], [1, 2]],
    "float64": [0.0, 1.0],
    "bool": [True, False],
    "owners -1": [0, -1],
    "owners 16777216": [2**24, 0],
    "owners 18446744073709551615": np.array([0, 2**64 - 1], np.uint64),
}
BAD_LINKS = {"(2,)": [0, 1], "(1, 3)": [[0, 1, 2]], "links -1": [[0, -1]]}
BAD_LINKS |= {"<U1": [["a", "b"]], "object": [[None, 1]], "no shape": [[0], [1, 2]]}


@pytest.mark.parametrize("said", BAD_OWNERS)
def test_owners_are_one_number_a_row(said):
    with pytest.raises(ArgumentError, match=r"^owners ") as refused:
        linked_pairs(["10.0.0.0/8", "10.0.0.0/8"], BAD_OWNERS[said], [[0, 1]])
    assert said in str(refused.value)


@pytest.mark.parametrize("said", BAD_LINKS)
def test_links_are_two_numbers_each(said):
    with pytest.raises(ArgumentError, match=r"^links ") as refused:
        linked_pairs(["10.0.0.0/8", "10.0.0.0/8"], [0, 1], BAD_LINKS[said])
    assert said in str(refused.value)


def test_the_largest_owner_is_taken():
    cidrs, last = ["10.0.0.0/8", "10.0.0.0/8"], joins.OWNERS - 1
    assert linked_pairs(cidrs, [0, last], [[last, 0]]).tolist() == [[0, 1]]


@given(lists())
def test_rows_give_back_the_cidrs_that_they_were_made_of(networks):
    cidrs = [Cidr.parse(str(each)) for each in networks]
    assert list(Cidrs.of(cidrs)) == cidrs
    assert [str(each) for each in Cidrs.of(cidrs)] == [str(each) for each in networks]


def test_rows_are_taken_by_number_mask_or_slice_and_stay_as_they_are():
    cidrs = parse_cidrs(["10.0.0.0/8", "fd00::/8", "10.1.0.0/16"])
    for rows_ in (np.array([2, 0]), cidrs.version == 4, slice(None, None, 2)):
        taken = cidrs.take(rows_)
        assert {str(each) for each in taken} == {"10.0.0.0/8", "10.1.0.0/16"}
        with pytest.raises(ValueError, match="read-only"):
            taken.first[0] = 1


def test_a_refused_row_is_no_cidr():
    with pytest.raises(ArgumentError, match="index 1"):
        list(parse_cidrs(["10.0.0.0/8", "x"], strict=False))
