"""Free space against plain sets of addresses, and carving against an exact search."""

from functools import cache
from ipaddress import collapse_addresses, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan import Cidr
from ipplan.cidrs.carving import Space, common, span, widened

BASES = {4: int(ip_network("10.0.0.0/8").network_address), 6: 0xFD << 120}
BITS = {4: 32, 6: 128}


@st.composite
def cidrs(draw, version, window=6):
    """A CIDR in a window of so many bits at the family's base."""
    host = draw(st.integers(0, window))
    at = draw(st.integers(0, (1 << window - host) - 1))
    return Cidr(version, BASES[version] + (at << host), BITS[version] - host)


@st.composite
def spaces(draw, window=6):
    """What there is and what is taken of it, of one family."""
    version = draw(st.sampled_from([4, 6]))
    some = st.lists(cidrs(version, window), max_size=5)
    return version, draw(some), draw(some)


def addresses(ranges):
    return {number for each in ranges for number in range(each.first, each.last + 1)}


def parse(*texts):
    return [Cidr.parse(each) for each in texts]


def carved(texts, lengths, taken=()):
    space = Space(parse(*texts), parse(*taken))
    return [str(space.carve(each)) for each in lengths]


@given(spaces())
def test_free_space_is_what_is_there_and_not_taken_in_the_fewest_blocks(case):
    version, within, taken = case
    free = list(Space(within, taken, version))
    left = addresses(within) - addresses(taken)
    assert addresses(free) == left
    networks = [ip_network((each, BITS[version])) for each in sorted(left)]
    fewest = collapse_addresses(networks)
    assert [str(each) for each in free] == [str(each) for each in fewest]


@given(spaces())
def test_taking_one_after_another_leaves_the_same_blocks(case):
    version, within, taken = case
    space = Space(within, version=version)
    for each in taken:
        space.take(each)
    assert list(space) == list(Space(within, taken, version))


@given(spaces(), st.integers(0, 8))
def test_a_range_is_carved_out_of_the_tightest_block_the_lowest_of_those(case, host):
    version, within, taken = case
    space = Space(within, taken, version)
    before = list(space)
    length = BITS[version] - host
    found = space.carve(length)
    room = [each for each in before if each.length <= length]
    if not room:
        assert found is None
        assert list(space) == before
        return
    tightest = min(room, key=lambda each: (-each.length, each.first))
    assert found == Cidr(version, tightest.first, length)
    assert list(space) == list(Space(before, [found], version))


@given(spaces(), st.integers(0, 8))
def test_the_lowest_range_is_found_and_not_taken(case, host):
    version, within, taken = case
    space = Space(within, taken, version)
    before = list(space)
    found = space.lowest(BITS[version] - host)
    starts = [each.first for each in before if each.length <= BITS[version] - host]
    assert (found.first if found else None) == min(starts, default=None)
    assert list(space) == before


@given(spaces(), st.data())
def test_a_range_is_free_if_all_its_addresses_are(case, data):
    version, within, taken = case
    space, asked = Space(within, taken, version), data.draw(cidrs(version))
    left = addresses(within) - addresses(taken)
    assert space.is_free(asked) == (addresses([asked]) <= left)


@given(spaces())
def test_the_largest_block_is_the_lowest_of_those(case):
    version, within, taken = case
    space = Space(within, taken, version)
    blocks = [(each.length, each.first, each) for each in space]
    assert space.largest == (min(blocks)[2] if blocks else None)


@cache
def exists(free, lengths):
    """Whether there is any way at all to place ranges, by trying every one.

    ``free`` has a bit for each address; lengths are host bits, in any order.
    """
    if not lengths:
        return True
    size, rest = 1 << lengths[0], lengths[1:]
    mask = (1 << size) - 1
    return any(
        exists(free & ~(mask << at), rest)
        for at in range(0, free.bit_length(), size)
        if free >> at & mask == mask
    )


@given(spaces(5), st.lists(st.integers(0, 4), max_size=8))
def test_largest_first_finds_a_layout_whenever_there_is_one(case, hosts):
    version, within, taken = case
    left = addresses(within) - addresses(taken)
    bits = sum(1 << each - BASES[version] for each in left)
    possible = exists(bits, tuple(sorted(hosts, reverse=True)))
    lengths = sorted(BITS[version] - each for each in hosts)
    space = Space(within, taken, version)
    assert space.fits(reversed(lengths)) == possible
    found = [space.carve(each) for each in lengths]
    assert all(found) == possible
    placed = [each for each in found if each]
    assert sum(each.size for each in placed) == len(addresses(placed))
    assert addresses(placed) <= left


@given(spaces(4), st.permutations([0, 0, 1, 2, 2]))
def test_no_order_finds_room_that_largest_first_does_not(case, hosts):
    version, within, taken = case
    left = addresses(within) - addresses(taken)
    bits = sum(1 << each - BASES[version] for each in left)
    space = Space(within, taken, version)
    assert space.fits(BITS[version] - e for e in hosts) == exists(bits, tuple(hosts))


def test_the_hub_of_the_aks_baseline_fits_in_its_24():
    assert carved(["10.200.0.0/24"], [26, 26, 27]) == [
        "10.200.0.0/26",
        "10.200.0.64/26",
        "10.200.0.128/27",
    ]


def test_an_order_that_terraform_has_no_room_for_fits():
    new_bits = [2, 4, 2, 4, 2, 4]
    lengths = sorted(21 + each for each in new_bits)
    found = carved(["10.194.48.0/21"], lengths)
    assert found[:3] == ["10.194.48.0/23", "10.194.50.0/23", "10.194.52.0/23"]
    assert found[3:] == ["10.194.54.0/25", "10.194.54.128/25", "10.194.55.0/25"]


def test_space_of_the_other_family_does_not_count():
    both = parse("10.0.0.0/24", "fd00::/64")
    assert list(Space(both)) == both[:1]
    assert list(Space(both, both[:1], 6)) == both[1:]


def test_all_addresses_there_are_can_be_space():
    everything = Cidr.parse("::/0")
    assert list(Space([everything], version=6)) == [everything]
    space = Space([everything], version=6)
    space.take(Cidr.parse("ffff::/16"))
    assert space.largest == Cidr.parse("::/1")
    assert not space.is_free(everything)


@pytest.mark.parametrize(
    ("lengths", "found"),
    [([24], 24), ([25, 25], 24), ([25, 25, 29], 23), ([26, 25, 26], 24), ([0, 0], -1)],
)
def test_a_span_holds_what_adds_up(lengths, found):
    assert span(lengths) == found


def test_a_span_of_ipv6_counts_its_own_bits():
    assert [span([64] * many, 6) for many in (1, 2, 3, 4, 5)] == [64, 63, 62, 62, 61]


@given(st.lists(cidrs(4), min_size=1, max_size=4))
def test_the_common_range_is_the_smallest_that_covers_all(ranges):
    around = ip_network(str(ranges[0]))
    while not all(ip_network(str(each)).subnet_of(around) for each in ranges):
        around = around.supernet()
    assert str(common(ranges)) == str(around)


@given(cidrs(6), st.integers(0, 128))
def test_a_wider_range_covers_what_it_is_around(cidr, length):
    found = widened(cidr, min(length, cidr.length))
    assert found.covers(cidr)
    assert not found.first % found.size
