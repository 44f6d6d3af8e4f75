import ipaddress

import netaddr
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan import ArgumentError, Cidr, place, prefix_for, usable
from ipplan.prefixes import network, prefix_length_of
from tests import golden

USABLE = {
    29: 3, 28: 11, 27: 27, 26: 59, 25: 123, 24: 251, 23: 507, 22: 1019, 21: 2043,
    20: 4091, 19: 8187, 18: 16379, 17: 32763, 16: 65531,
}  # fmt: skip
"""Azure's own table."""
SUBNETS = range(2, 30)
CIDRS = st.builds(
    lambda number, length: ipaddress.ip_network((number, length), strict=False),
    st.integers(0, 2**32 - 1),
    st.integers(4, 30),
)


@pytest.mark.parametrize(("length", "addresses"), USABLE.items())
def test_a_subnet_holds_what_azure_says_it_does(length, addresses):
    assert usable(length) == addresses


@pytest.mark.parametrize("length", range(33))
def test_a_range_holds_what_netaddr_and_ipaddress_count_less_the_reserved(length):
    assert usable(length, 0) == netaddr.IPNetwork(f"10.0.0.0/{length}").cidr.size
    counted = ipaddress.ip_network(f"10.0.0.0/{length}", strict=False).num_addresses
    assert usable(length) == counted - 5


def test_usable_of_an_array_is_that_of_its_elements():
    lengths = np.arange(33, dtype=np.int8)
    assert usable(lengths).tolist() == [usable(int(each)) for each in lengths]


@pytest.mark.parametrize("length", SUBNETS)
def test_each_subnet_holds_its_capacity_and_not_one_more(length):
    room = netaddr.IPNetwork(f"0.0.0.0/{length}").size - 5
    assert prefix_for(room - 1) == (length if length < 29 or room - 1 else 29)
    assert prefix_for(room) == length
    assert prefix_for(room + 1) == (length - 1 if length > 2 else 0)
    cells = np.array([room - 1, room, room + 1])
    assert prefix_for(cells).tolist() == [prefix_for(int(each)) for each in cells]


@pytest.mark.parametrize("length", range(8, 25))
def test_each_pod_cidr_holds_its_capacity_and_not_one_more(length):
    room = netaddr.IPNetwork(f"0.0.0.0/{length}").size
    asked = [room - 1, room, room + 1]
    expected = [length, length, length - 1 if length > 8 else 0]
    assert [prefix_for(each, 0, 8, 24) for each in asked] == expected
    assert prefix_for(np.array(asked), 0, 8, 24).tolist() == expected


@pytest.mark.parametrize("length", range(12, 28))
def test_each_subnet_holds_its_whole_blocks_and_not_one_more(length):
    inner = golden.whole_blocks(length) if length > 18 else 2 ** (28 - length) - 2
    assert prefix_for(16 * inner, 32, 12) == length
    assert prefix_for(16 * inner + 1, 32, 12) == (length - 1 if length > 12 else 0)


@pytest.mark.parametrize("smallest", [24, 29])
@pytest.mark.parametrize("reserved", [0, 5])
def test_nothing_takes_the_smallest_range_allowed(smallest, reserved):
    assert prefix_for(0, reserved, 2, smallest) == smallest
    assert prefix_for(np.array([0]), reserved, 2, smallest).tolist() == [smallest]


@given(st.one_of(st.integers(0, 70_000), st.integers(0, 2**34)))
def test_a_prefix_is_the_one_that_trying_each_finds(need):
    expected = golden.subnet_for(need) or 0
    assert prefix_for(need) == expected
    assert prefix_for(np.array([need])).tolist() == [expected]


@given(st.lists(st.integers(0, 2**30), min_size=1, max_size=8))
def test_narrow_and_wide_integers_give_one_prefix(needs):
    narrow = prefix_for(np.array(needs, dtype=np.int32))
    assert narrow.tolist() == prefix_for(np.array(needs)).tolist()


@given(CIDRS)
def test_a_network_is_read_from_text_netaddr_and_ipaddress(cidr):
    assert network(str(cidr)) == cidr
    assert network(netaddr.IPNetwork(str(cidr))) == cidr
    assert network(cidr) is not None
    assert network(cidr) == cidr


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("10.0.0.7/16", "10.0.0.0/16"),
        ("10.0.0.0", "CIDR"),
        ("10.0.0.0/33", "CIDR"),
        ("fd00::/64", "IPv4"),
        ("", "CIDR"),
        ("abc", "CIDR"),
        ("10.0.0/24", "CIDR"),
        ("10.0.0.0/255.255.0.0", "10.0.0.0/16"),
        (None, "CIDR"),
        (5, "CIDR"),
    ],
)
def test_what_is_no_network_is_refused_with_the_way_out(value, says):
    with pytest.raises(ArgumentError, match=says) as caught:
        network(value, "vnet_free")
    assert caught.value.argument == "vnet_free"


@pytest.mark.parametrize(
    ("value", "length"),
    [
        ("/22", 22),
        ("/0", 0),
        ("10.20.0.0/24", 24),
        (24, 24),
        (netaddr.IPNetwork("10.0.0.0/9"), 9),
        (ipaddress.ip_network("10.0.0.0/9"), 9),
    ],
)
def test_a_length_is_read_from_whatever_has_one(value, length):
    assert prefix_length_of(value) == length


def test_lengths_are_read_from_arrays():
    assert prefix_length_of([24, 16]).tolist() == [24, 16]


@pytest.mark.parametrize(
    "value", ["/33", "24", "/-1", "/", "", "/abc", "/٢٤", -1, 33, [24, 33], "/024"]
)
def test_a_length_that_no_ipv4_range_has_is_refused(value):
    with pytest.raises(ArgumentError) as caught:
        prefix_length_of(value, "pod_cidr")
    assert caught.value.argument == "pod_cidr"


@given(
    st.lists(st.integers(20, 29), max_size=8), st.lists(CIDRS, min_size=1, max_size=4)
)
def test_what_is_placed_is_free_disjoint_and_as_wanted(lengths, free):
    found = place(lengths, free)
    assert len(found) == len(lengths)
    placed = [each for each in found if each is not None]
    for length, each in zip(lengths, found, strict=True):
        assert each is None or each.prefixlen == length
    for each in placed:
        parts = each.subnets(new_prefix=max(each.prefixlen, 30))
        assert all(any(part.subnet_of(block) for block in free) for part in parts)
    pairs = [(a, b) for i, a in enumerate(placed) for b in placed[:i]]
    assert not any(a.overlaps(b) for a, b in pairs)


@given(st.lists(st.integers(20, 28), min_size=1, max_size=6))
def test_aligned_ranges_that_fill_a_block_always_find_room(lengths):
    need = sum(2 ** (32 - length) for length in lengths)
    block = 32 - (need - 1).bit_length()
    assert None not in place(lengths, [f"10.0.0.0/{min(block, *lengths)}"])


def test_a_range_goes_to_the_tightest_block():
    assert place([24], ["10.0.0.0/16", "10.9.0.0/24"]) == ["10.9.0.0/24"]


def test_free_space_that_overlaps_is_used_once():
    assert place([24, 24], ["10.0.0.0/24", "10.0.0.0/24"]) == ["10.0.0.0/24", None]


def test_places_are_of_the_type_that_came():
    kinds = [str, netaddr.IPNetwork, ipaddress.ip_network]
    for kind in kinds:
        (found,) = place([24], [kind("10.0.0.0/16")])
        assert found == kind("10.0.0.0/24")


def test_nothing_has_room_in_no_space():
    assert place([24], []) == [None]


def test_place_takes_and_gives_cidrs_and_lengths_of_numpy():
    found = place(np.array([24, 23]), [Cidr.parse("10.0.0.0/22")])
    assert found == [Cidr.parse("10.0.2.0/24"), Cidr.parse("10.0.0.0/23")]
