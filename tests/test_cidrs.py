import ipaddress
import re
import time
import tracemalloc

import netaddr
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ipplan.cidrs import Cidr, parse_cidrs
from ipplan.cidrs.columns import CHUNK
from ipplan.errors import ArgumentError

ALL = "ipaddress netaddr ipplan"
WHO_ACCEPTS = {
    # What each of the three reads, and reads alike.
    "10.0.0.0/8": ALL,
    "10.0.0.4/32": ALL,
    "0.0.0.0/0": ALL,
    "255.255.255.255/32": ALL,
    "100.64.0.0/10": ALL,
    "::/0": ALL,
    "::1/128": ALL,
    "2001:db8::/32": ALL,
    "2001:DB8::/32": ALL,
    "2001:0db8:0:0:0:0:0:0/32": ALL,
    "1:2:3:4:5:6:7:8/128": ALL,
    "1:2:3:4:5:6:7::/112": ALL,
    "::2:3:4:5:6:7:8/128": ALL,
    "::ffff:10.0.0.0/104": ALL,
    "::10.0.0.0/104": ALL,
    "64:ff9b::/96": ALL,
    # Host bits: netaddr keeps an address in a network; a plan needs the network.
    "10.0.0.4/16": "netaddr",
    "0.0.0.1/0": "netaddr",
    "2001:db8::1/64": "netaddr",
    "::1/0": "netaddr",
    # An address is no range that was meant to be one: its length may be forgotten.
    "10.0.0.4": "ipaddress netaddr",
    "10.0.0.0": "ipaddress netaddr",
    "::1": "ipaddress netaddr",
    "2001:db8::": "ipaddress netaddr",
    # Masks: Azure takes none, and 0.0.0.0 is a netmask as well as a wildcard mask.
    "10.0.0.0/255.0.0.0": "ipaddress netaddr",
    "10.0.0.0/0.255.255.255": "ipaddress netaddr",
    "10.0.0.0/255.255.255.255": "ipaddress netaddr",
    "0.0.0.0/0.0.0.0": "ipaddress netaddr",
    "10.0.0.0/255.0.255.0": "",
    "2001:db8::/ffff:ffff::": "netaddr",
    # Leading zeros: inet_aton reads 010 as 8; a length with one is refused likewise.
    "010.0.0.0/8": "",
    "10.00.0.0/8": "",
    "10.0.0.0/08": "ipaddress netaddr",
    "10.0.0.0/008": "ipaddress netaddr",
    "0.0.0.0/00": "ipaddress netaddr",
    "2001:db8::/032": "ipaddress netaddr",
    "::ffff:010.0.0.0/104": "",
    "00010::/16": "",
    # Short and other forms of inet_aton, which netaddr took before its version 1.
    "10": "",
    "10/8": "",
    "10.1/16": "",
    "10.0.0/16": "",
    "10.0.0.0.0/8": "",
    "0x7f.0.0.0/8": "",
    "0x0a000000/8": "",
    "167772160/8": "",
    "0/0": "",
    # Blanks and what else int() takes: netaddr calls it for the length.
    " 10.0.0.0/8": "",
    "10.0.0.0/8 ": "netaddr",
    "10.0.0.0 /8": "",
    "10.0.0.0/ 8": "netaddr",
    "10.0.0.0/8\n": "netaddr",
    "\t2001:db8::/32": "",
    "10.0.0.0/8\x00": "",
    "10.0.0.0/+8": "netaddr",
    "10.0.0.0/1_6": "netaddr",
    "10.0.0.0/１６": "netaddr",
    "١٠.0.0.0/8": "",
    "10。0.0.0/8": "",
    # Lengths that are none.
    "10.0.0.0/33": "",
    "10.0.0.0/-1": "",
    "10.0.0.0/": "",
    "10.0.0.0/8/8": "",
    "10.0.0.0/8.0": "",
    "::/129": "",
    "10.0.0.0/1000000000000": "",
    # A zone belongs to one host, and no plan of a network has it.
    "fe80::%eth0/64": "ipaddress",
    "fe80::1%1/128": "ipaddress",
    # Other text.
    "": "",
    "/": "",
    "/8": "",
    ".../8": "",
    "256.0.0.0/8": "",
    "1e1.0.0.0/8": "",
    "-10.0.0.0/8": "",
    "10.0.0.0,10.0.0.0/8": "",
    "10.0.0.0-10.0.0.255": "",
    ":/0": "",
    ":::/0": "",
    "1::2::3/128": "",
    "1:2:3:4:5:6:7:8::/128": "",
    "1:2:3:4::5:6:7:8/128": "",
    ":1:2:3:4:5:6:7/128": "",
    "1:2:3:4:5:6:7:/128": "",
    "1:2:3/48": "",
    "[::1]/128": "",
    "g::/16": "",
    "::1.2.3/128": "",
    "1.2.3.4::/64": "",
    "::1.2.3.4:5/128": "",
    "10.0.0.0\\8": "",
    "VirtualNetwork": "",
    "*": "",
}
READERS = {
    "ipaddress": ipaddress.ip_network,
    "netaddr": lambda text: netaddr.IPNetwork(text).cidr,
    "ipplan": Cidr.parse,
}


def fields(network):
    """Version, first address and prefix length of anybody's network."""
    if isinstance(network, Cidr):
        return tuple(network)
    if isinstance(network, netaddr.IPNetwork):
        return network.version, network.first, network.prefixlen
    return network.version, int(network.network_address), network.prefixlen


def read(reader, text):
    """What a reader makes of a text; None where it refuses it."""
    try:
        return fields(READERS[reader](text))
    except (ValueError, netaddr.AddrFormatError):
        return None


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("text", "who"), WHO_ACCEPTS.items())
def test_each_reader_accepts_what_the_table_says(reader, text, who):
    assert (read(reader, text) is not None) == (reader in who.split())


@pytest.mark.parametrize("text", WHO_ACCEPTS)
def test_all_that_accept_a_text_read_the_same(text):
    assert len({read(reader, text) for reader in READERS} - {None}) <= 1


def network(number, length):
    return ipaddress.ip_network((number, length), strict=False)


IPV4 = st.builds(network, st.integers(0, 2**32 - 1), st.integers(0, 32))
IPV6 = st.builds(network, st.integers(0, 2**128 - 1), st.integers(0, 128))
FEW_BYTES = st.lists(st.sampled_from([0, 0, 0, 1, 255]), min_size=16, max_size=16)
NESTED = st.builds(
    lambda groups, length: network(int.from_bytes(bytes(groups)), length),
    FEW_BYTES,
    st.integers(0, 128),
)
"""Of few numbers, so that they often nest, and have zeros to leave out."""
NETWORKS = IPV4 | IPV6 | NESTED
SPELLED = NETWORKS.flatmap(
    lambda network: st.sampled_from(
        [str(network), network.exploded, str(network).upper(), network.with_netmask]
    )
)


@st.composite
def mutated(draw):
    """A CIDR with a character too many, too few or another one."""
    text = draw(SPELLED)
    place = draw(st.integers(0, len(text)))
    mark = draw(
        st.sampled_from("0123456789abcdefg.:/ -+x%,\n\x00é１") | st.characters()
    )
    return draw(
        st.sampled_from(
            [
                text[:place] + mark + text[place:],
                text[:place] + text[place + 1 :],
                text[:place] + mark + text[place + 1 :],
            ]
        )
    )


DOTTED = st.from_regex(r"[0-9]{0,4}(\.[0-9]{0,3}){3}/[0-9]{0,3}", fullmatch=True)
COLONS = st.from_regex(
    r"([0-9a-f]{0,5}:){1,8}[0-9a-f.]{0,6}/[0-9]{1,3}", fullmatch=True
)
TEXTS = st.one_of(SPELLED, mutated(), DOTTED, COLONS, st.text())


@given(TEXTS)
def test_a_text_is_accepted_where_both_others_do_and_its_length_is_plain_decimal(text):
    others = read("ipaddress", text), read("netaddr", text)
    plain = re.search(r"/(0|[1-9][0-9]*)\Z", text, re.ASCII)
    agreed = others[0] if plain and others[0] == others[1] else None
    assert read("ipplan", text) == agreed


@given(NETWORKS)
def test_every_spelling_of_a_network_but_masks_is_accepted(network):
    for text in (str(network), network.exploded, str(network).upper()):
        assert read("ipplan", text) == fields(network)
    assert read("ipplan", network.with_netmask) is None
    assert read("ipplan", network.with_hostmask) is None


@given(NETWORKS)
def test_text_reads_back(network):
    cidr = Cidr.parse(str(network))
    assert fields(ipaddress.ip_network(str(cidr))) == fields(network) == cidr
    assert Cidr.parse(str(cidr)) == cidr
    if network.version == 4 or not network.network_address.ipv4_mapped:
        assert str(cidr) == str(network)  # Python 3.13 writes mapped addresses dotted


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2001:0db8::0001/128", "2001:db8::1/128"),  # RFC 5952, 4.1
        ("2001:db8:0:1:1:1:1:1/128", "2001:db8:0:1:1:1:1:1/128"),  # 4.2.2: one zero
        ("2001:0:0:1:0:0:0:1/128", "2001:0:0:1::1/128"),  # 4.2.3: the longest run
        ("2001:db8:0:0:1:0:0:1/128", "2001:db8::1:0:0:1/128"),  # 4.2.3: the first one
        ("2001:DB8::/32", "2001:db8::/32"),  # 4.3
        ("::ffff:192.0.2.0/120", "::ffff:c000:200/120"),
        ("10:0:0:a0::/64", "10:0:0:a0::/64"),
        ("0:0:0:0:0:0:0:0/0", "::/0"),
        ("1:0:0:0:0:0:0:0/128", "1::/128"),
    ],
)
def test_ipv6_is_written_as_rfc_5952_has_it(text, canonical):
    assert str(Cidr.parse(text)) == f"{Cidr.parse(text)}" == canonical


def refusal(text, argument):
    with pytest.raises(ArgumentError) as caught:
        Cidr.parse(text, argument)
    return str(caught.value)


EXAMPLES = "an IPv4 or IPv6 CIDR such as 10.0.0.0/16 or 2001:db8::/32"
ZEROS = "no leading zeros, which some programs read as octal"


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("10.0.0.4/16", "no host bits: did you mean 10.0.0.0/16?"),
        ("2001:db8::1/64", "no host bits: did you mean 2001:db8::/64?"),
        ("10.0.0.4/0", "no host bits: did you mean 0.0.0.0/0?"),
        ("10.0.0.4", "a prefix length after a slash: did you mean 10.0.0.4/32?"),
        ("::1", "a prefix length after a slash: did you mean ::1/128?"),
        (
            "10.0.0.0/255.255.0.0",
            "a prefix length, not a netmask: did you mean 10.0.0.0/16?",
        ),
        (
            " 10.0.0.4/255.255.255.0",
            "a prefix length, not a netmask: did you mean 10.0.0.0/24?",
        ),
        ("10.0.0.0/16 ", "no blanks around it: did you mean 10.0.0.0/16?"),
        ("\n::/0", "no blanks around it: did you mean ::/0?"),
        ("10.0.0.0/0.0.255.255", "a prefix length of /0 to /32"),
        ("10.0.0.0/255.0.255.0", "a prefix length of /0 to /32"),
        ("10.0.0.0/255.255", "a prefix length of /0 to /32"),
        ("10.0.0.0/33", "a prefix length of /0 to /32"),
        ("10.0.0.0/200", "a prefix length of /0 to /32"),
        ("10.0.0.0/-1", "a prefix length of /0 to /32"),
        ("10.0.0.0/", "a prefix length of /0 to /32"),
        ("::/129", "a prefix length of /0 to /128"),
        ("::/255.0.0.0", "a prefix length of /0 to /128"),
        ("10.0.0.0/016", ZEROS),
        ("10.0.0.0/255.000.0.0", ZEROS),
        ("010.0.0.0/8", ZEROS),
        ("2001:db8::/032", ZEROS),
        ("10.0.0/16", EXAMPLES),
        ("10/8", EXAMPLES),
        ("0x7f.1/8", EXAMPLES),
        ("０10.0.0.0/8", EXAMPLES),
        ("fe80::%eth0/64", EXAMPLES),
        ("1::2::3/128", EXAMPLES),
        ("", EXAMPLES),
    ],
)
def test_a_refusal_says_what_is_allowed_and_what_was_meant(text, allowed):
    assert refusal(text, "--pod-cidr") == f"--pod-cidr {text!r}: {allowed}"


@given(TEXTS)
def test_what_was_meant_is_a_cidr_and_a_message_is_one_short_line(text):
    if read("ipplan", text):
        return
    message = refusal(text, "network")
    assert message.isprintable()
    assert len(message) < 10 * 60 + 150  # repr needs up to ten for a character
    if "did you mean" in message:
        assert Cidr.parse(message.rpartition(" ")[2].rstrip("?"))


def deep(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


WRONG: tuple[object, ...] = (
    None,
    True,
    10,
    10**5000,
    10.5,
    float("nan"),
    b"10.0.0.0/8",
    ["10.0.0.0/8"],
    {},
    object(),
    deep(5000),
    ipaddress.ip_network("10.0.0.0/8"),
)


@pytest.mark.parametrize("value", WRONG, ids=lambda value: type(value).__name__)
def test_what_is_no_text_is_refused_with_its_type(value):
    for texts in ([value], [value, "10.0.0.0/8"], ["10.0.0.0/8", value]):
        assert parse_cidrs(texts, strict=False).valid.sum() == len(texts) - 1
    with pytest.raises(
        ArgumentError, match=f"^network of type {type(value).__name__}:"
    ):
        Cidr.parse(value)
    with pytest.raises(ArgumentError, match=r"^cidrs\[1\] of type"):
        parse_cidrs(["10.0.0.0/8", value])


def check_rows(texts):
    """Compare what is read of many with what is read of each."""
    expected = [read("ipplan", text) for text in texts]
    cidrs = parse_cidrs(texts, strict=False)
    assert cidrs.valid.tolist() == [one is not None for one in expected]
    rows = [cidrs[row] if one else None for row, one in enumerate(expected)]
    assert rows == expected
    if None in expected:
        first = expected.index(None)
        with pytest.raises(ArgumentError) as caught:
            parse_cidrs(texts)
        assert str(caught.value) == refusal(texts[first], f"cidrs[{first}]")
    else:
        assert list(parse_cidrs(texts)) == expected


@given(st.lists(TEXTS))
@example(["10.0.0.0/8\n11.0.0.0/8", ""])
@example(["10.0.0.0/8\n11.0.0.0", "/8"])
@example(["10.0.0.0/8\n"])
@example(["\n10.0.0.0/8"])
@example(["10.0.0.0", "8"])
@example(["10.0.0.0/8,11.0.0.0/8"])
@example(["10.0.0.0/8\x00", "\ud800", "é10.0.0.0/8"])
@example(["10.0.0.0/8", "::/0", "10.0.0.4/8", "::1/0"])
@example(["10.0.0.0/8", "::/0", "10.0.0.0"])
@example(["::/0", "::1"])
@example(["10.0.0.0/8", "Internet", "::ffff:10.0.0.0/104", "1.1.1.1/33"])
@example(["10.0.0.0/8", "11.0.0.0/8 "])
def test_many_are_read_as_one_by_one(texts):
    check_rows(texts)


@given(st.lists(DOTTED, min_size=1) | st.lists(SPELLED, min_size=1))
def test_many_that_look_like_cidrs_are_read_as_one_by_one(texts):
    check_rows(texts)


@pytest.mark.parametrize(
    "shape", ["{}.0.0.0/8", "0.{}.0.0/16", "0.0.{}.0/24", "0.0.0.{}/32", "0.0.0.0/{}"]
)
def test_every_number_of_up_to_four_digits_is_read_as_one_by_one(shape):
    digits = [f"{number:0{width}}" for width in (1, 2, 3, 4) for number in range(1000)]
    digits += [str(number) for number in range(1000, 10_000)]
    texts = [shape.format(number) for number in digits]
    cidrs = parse_cidrs(texts, strict=False)
    most = 32 if shape.endswith("{}") else 255
    plain = {str(number) for number in range(most + 1)}
    assert cidrs.valid.tolist() == [number in plain for number in digits]
    assert [str(cidrs[row]) for row in np.flatnonzero(cidrs.valid)] == [
        shape.format(number) for number in digits if number in plain
    ]


def test_every_character_is_refused_in_every_place_but_its_own():
    text = "10.20.0.0/16"
    for mark in map(chr, [*range(256), 0xFF11, 0x2028, 0xD800]):
        texts = [text[:place] + mark + text[place:] for place in range(len(text) + 1)]
        check_rows([text, *texts])
        for each in texts:
            agreed = read("ipaddress", each) if read("netaddr", each) else None
            assert read("ipplan", each) == (None if "/0" in each else agreed)


@pytest.mark.parametrize("count", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_chunks_join_without_a_seam(count):
    numbers = range(count)
    cidrs = parse_cidrs([f"10.{n >> 8}.{n & 255}.0/24" for n in numbers])
    assert len(cidrs) == count
    assert cidrs.first.tolist() == [(10 << 24) + (n << 8) for n in numbers]
    assert cidrs.valid.all()
    assert (cidrs.length == 24).all()


def test_an_error_counts_texts_across_chunks():
    texts = ["10.0.0.0/8"] * (CHUNK + 9)
    texts[CHUNK + 5] = "10.0.0.0/33"
    texts[CHUNK + 7] = "::/0"
    index = CHUNK + 5
    with pytest.raises(ArgumentError, match=rf"^cidrs\[{index}\] '10.0.0.0/33': a pre"):
        parse_cidrs(texts)
    assert np.flatnonzero(~parse_cidrs(texts, strict=False).valid).tolist() == [index]


@pytest.mark.parametrize(
    "kind", [list, tuple, np.array, lambda texts: np.array(texts, object), pd.Series]
)
def test_texts_may_be_any_sequence(kind):
    texts = ["10.0.0.0/8", "2001:db8::/32", "10.1.0.0/16"]
    assert [str(cidr) for cidr in parse_cidrs(kind(texts))] == texts


def test_rows_of_rows_are_no_texts():
    with pytest.raises(ArgumentError, match=r"^cidrs\[0\] of type list"):
        parse_cidrs(np.array([["10.0.0.0/8"]]))


def test_no_texts_give_empty_arrays():
    cidrs = parse_cidrs([])
    columns = [cidrs.version, cidrs.high, cidrs.first, cidrs.length, cidrs.valid]
    columns += [cidrs.last, cidrs.last_high]
    assert [len(column) for column in columns] == [0] * 7
    assert [str(column.dtype) for column in columns] == [
        "uint8", "uint64", "uint64", "uint8", "bool", "uint64", "uint64",
    ]  # fmt: skip


@given(st.lists(NETWORKS, min_size=1))
def test_arrays_have_first_and_last_addresses_as_ipaddress_counts_them(networks):
    cidrs = parse_cidrs([str(network) for network in networks])
    for row, network in enumerate(networks):
        first, last = int(network[0]), int(network[-1])
        assert (cidrs.version[row], cidrs.length[row]) == (
            network.version,
            network.prefixlen,
        )
        assert (int(cidrs.high[row]) << 64) + int(cidrs.first[row]) == first
        assert (int(cidrs.last_high[row]) << 64) + int(cidrs.last[row]) == last
        one = Cidr.parse(str(network))
        assert (one.last, one.size, one.bits) == (
            last,
            network.num_addresses,
            network.max_prefixlen,
        )


def test_a_refused_row_is_all_zero_and_cannot_be_taken():
    cidrs = parse_cidrs(["10.0.0.4/8", "10.0.0.0/33", "::1/8"], strict=False)
    columns = [cidrs.version, cidrs.high, cidrs.first, cidrs.length]
    columns += [cidrs.last, cidrs.last_high]
    assert not any(column.any() for column in columns)
    with pytest.raises(ArgumentError, match=r"^index 1: a row that is valid"):
        cidrs[1]
    with pytest.raises(IndexError):
        cidrs[3]


def test_columns_are_read_only():
    cidrs = parse_cidrs(["10.0.0.0/8"])
    for column in (cidrs.version, cidrs.high, cidrs.first, cidrs.length):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1


@given(st.lists(NETWORKS, min_size=2, max_size=2))
def test_covers_and_overlaps_as_ipaddress_and_netaddr_say(networks):
    first, second = networks
    one, other = Cidr.parse(str(first)), Cidr.parse(str(second))
    same = first.version == second.version
    assert one.covers(other) == (same and second.subnet_of(first))
    assert one.covers(other) == (
        netaddr.IPNetwork(str(second)) in netaddr.IPNetwork(str(first))
    )
    assert one.overlaps(other) == (same and first.overlaps(second))
    assert one.overlaps(other) == other.overlaps(one)
    wider = Cidr.parse(str(first.supernet())) if first.prefixlen else one
    assert wider.covers(one)
    assert one.covers(wider) == (one == wider)
    assert one.overlaps(wider)


@given(st.lists(NETWORKS))
def test_sorted_cidrs_follow_all_that_cover_them(networks):
    ordered = sorted(Cidr.parse(str(network)) for network in networks)
    for place, cidr in enumerate(ordered):
        assert not any(
            later != cidr and later.covers(cidr) for later in ordered[place:]
        )
    expected = sorted(networks, key=lambda each: (each.version, each))
    assert ordered == [fields(network) for network in expected]


def test_every_ipv4_cidr_of_the_corpus_is_read_as_ipaddress_reads_it(corpus):
    found = set()
    for path in corpus.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            found.update(re.findall(r"[0-9]+(?:\.[0-9]+){3}/[0-9]+", text))
    texts = sorted(found)
    assert len(texts) > 100
    cidrs = parse_cidrs(texts, strict=False)
    assert [fields(cidrs[row]) for row in np.flatnonzero(cidrs.valid)] == [
        read("ipaddress", text) for text in texts if read("ipaddress", text)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1" * 10**6,
        "01." * 10**6,
        "0:" * 10**6,
        "/" * 10**6,
        "10.0.0.0/" + "255." * 10**6,
        " " * 10**6 + "10.0.0.0/8",
        "10.0.0.0/8\n" * 10**5,
    ],
    ids=lambda text: text[:12],
)
def test_a_huge_text_is_refused_at_once_in_a_short_message(text):
    start = time.process_time()
    with pytest.raises(ArgumentError) as caught:
        parse_cidrs(["10.0.0.0/8", text])
    assert not parse_cidrs([text], strict=False).valid.any()
    assert time.process_time() - start < 2
    assert len(str(caught.value)) < 300


def test_reading_takes_little_memory_besides_its_arrays():
    texts = ["10.255.255.0/24"] * 200_000
    parse_cidrs(texts)
    tracemalloc.start()
    parse_cidrs(texts)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 18 * len(texts) + 2**20


def test_importing_the_module_loads_no_heavy_library(fresh_python):
    loaded = fresh_python(  # coverage brings modules of its own
        "import sys; before = {*sys.modules}; import ipplan.cidrs; "
        "print(*{*sys.modules} - before)"
    ).split()
    assert "ipplan.cidrs" in loaded
    assert not {*loaded} & {"numpy", "netaddr", "ipaddress", "socket"}
