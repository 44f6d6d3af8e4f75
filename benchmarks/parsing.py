"""Reading CIDRs from text: against one object a string of netaddr and of ipaddress."""

from __future__ import annotations

import ipaddress

import numpy as np
from netaddr import IPNetwork

from benchmarks.timing import Goal, agree, extra_memory, in_turn, ratio
from ipplan.cidrs import Cidr, parse_cidrs

OUTPUT = 18
"""What a row of the answer takes. [bytes]"""


def ipv4_texts(count: int) -> list[str]:
    """IPv4 CIDRs of every length from /8 to /32 that never change from run to run."""
    random = np.random.default_rng(seed=400)
    lengths = random.integers(8, 33, count)
    firsts = random.integers(0, 2**32, count) >> 32 - lengths << 32 - lengths
    rows = zip(firsts.tolist(), lengths.tolist(), strict=True)
    return [str(Cidr(4, first, length)) for first, length in rows]


def ipv6_texts(count: int) -> list[str]:
    """IPv6 CIDRs of every length from /16 to /64 that never change from run to run."""
    random = np.random.default_rng(seed=600)
    lengths = random.integers(16, 65, count)
    highs = random.integers(0, 2**64, count, dtype=np.uint64).tolist()
    rows = zip(highs, lengths.tolist(), strict=True)
    return [
        str(Cidr(6, high >> 64 - length << 128 - length, length))
        for high, length in rows
    ]


def peers(texts: list[str], rounds: int) -> dict[str, list[float]]:
    """Seconds of everybody who reads the same texts."""
    return in_turn(
        {
            "ipplan": lambda: parse_cidrs(texts),
            "Cidr": lambda: [Cidr.parse(text) for text in texts],
            "netaddr": lambda: [IPNetwork(text) for text in texts],
            "ipaddress": lambda: [ipaddress.ip_network(text) for text in texts],
        },
        rounds,
    )


def goals(
    family: str, count: int, seconds: dict[str, list[float]], limit: float | None = None
) -> list[Goal]:
    """Figures of everybody; the first may be held to a limit."""
    return [
        Goal(
            "P1" if limit else "",
            f"netaddr / parsing {count:,} {family} CIDRs",
            ratio(seconds, "netaddr", "ipplan"),
            limit,
            least=True,
        ),
        Goal(
            "",
            f"ipaddress / parsing {count:,} {family} CIDRs",
            ratio(seconds, "ipaddress", "ipplan"),
        ),
        Goal(
            "",
            f"netaddr / Cidr.parse of {family}, one by one",
            ratio(seconds, "netaddr", "Cidr"),
        ),
    ]


def run(*, quick: bool) -> list[Goal]:
    """Measure, and hold to the goals."""
    count, few, rounds = (5_000, 1_000, 1) if quick else (100_000, 20_000, 7)
    texts = ipv4_texts(count)
    theirs = [IPNetwork(text) for text in texts]
    agree("CIDRs", [*map(str, parse_cidrs(texts))], [*map(str, theirs)])
    memory = extra_memory(lambda: parse_cidrs(texts)) - OUTPUT * count
    return [
        *goals("IPv4", count, peers(texts, rounds), 25),
        *goals("IPv6", few, peers(ipv6_texts(few), rounds)),
        Goal("", f"parsing {count:,} CIDRs, extra memory [MiB]", memory / 2**20),
    ]
