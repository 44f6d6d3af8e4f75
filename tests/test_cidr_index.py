from hypothesis import given
from hypothesis import strategies as st

from ipplan.cidrs import Cidr
from ipplan.cidrs.indexes import CidrIndex, chains, shortened


def cidr(version, bits, first, length):
    return Cidr(version, first >> bits - length << bits - length, length)


V4 = st.builds(
    cidr, st.just(4), st.just(32), st.sampled_from([0, 10 << 24, 2**32 - 1]) |
    st.integers(0, 2**32 - 1), st.integers(0, 32),
)  # fmt: skip
V6 = st.builds(
    cidr, st.just(6), st.just(128), st.integers(0, 2**128 - 1), st.integers(0, 128)
)
CIDRS = st.lists(V4 | V6, max_size=12)


@given(CIDRS, V4 | V6)
def test_an_index_finds_what_a_loop_finds(cidrs, asked):
    index = CidrIndex([(each, number) for number, each in enumerate(cidrs)])
    found = list(index.overlapping(asked))
    looped = [(each, n) for n, each in enumerate(cidrs) if each.overlaps(asked)]
    assert sorted(found) == sorted(looped)


@given(CIDRS)
def test_each_cidr_stands_behind_all_that_cover_it(cidrs):
    found = list(chains(cidrs))
    assert [each[-1] for each in found] == sorted(set(cidrs))
    for *outer, inner in found:
        others = {each for each in cidrs if each.covers(inner)} - {inner}
        assert outer == sorted(others)


@given(V4 | V6, st.integers(0, 128))
def test_a_shorter_prefix_covers(one, length):
    if length <= one.length:
        outer = shortened(one, length)
        assert outer.covers(one)
        assert outer.length == length
