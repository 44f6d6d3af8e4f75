"""Networks of ipaddress that nest, repeat and lie at the edges of what there is."""

from ipaddress import ip_network

from hypothesis import strategies as st

from ipplan.cidrs import Cidr, Cidrs

BITS = {4: 32, 6: 128}


@st.composite
def networks(draw, version):
    """One network of a version."""
    bits = BITS[version]
    edges = [0, 1, bits // 2 - 1, bits // 2, bits // 2 + 1, bits - 1, bits]
    long = st.integers(bits - 6, bits)
    length = draw(long | st.sampled_from(edges) | st.integers(0, bits))
    middle = 1 << bits // 2
    crowded = st.integers(0, 63).map(lambda few: middle - 32 + few)
    ends = st.sampled_from([0, 1, middle - 1, middle, (1 << bits) - 1])
    address = draw(crowded | ends | st.integers(0, (1 << bits) - 1))
    return ip_network((address >> bits - length << bits - length, length))


def one_of_both(version=None):
    if version:
        return networks(version)
    return networks(4) | networks(6)


def lists(most=12, version=None):
    """Networks of both versions, or of one, in any order."""
    return st.lists(one_of_both(version), max_size=most)


def rows(given):
    """The same as rows of arrays."""
    return Cidrs.of(
        Cidr(each.version, int(each.network_address), each.prefixlen) for each in given
    )
