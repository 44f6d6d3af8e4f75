"""Aggregates and free blocks of the committed address plan, against netaddr."""

from __future__ import annotations

from netaddr import IPNetwork, IPSet, cidr_merge

from benchmarks.address_plan import ROWS, plan
from benchmarks.timing import ENOUGH, Goal, agree, in_turn, ratio
from ipplan.cidrs import aggregate, free_blocks, parse_cidrs


def free_with_sets(
    spaces: list[IPNetwork], subnets: list[IPNetwork]
) -> list[IPNetwork]:
    """What netaddr needs for free blocks, from networks that were read before."""
    return list((IPSet(spaces) - IPSet(subnets)).iter_cidrs())


def run(*, quick: bool) -> list[Goal]:
    """Measure, and hold to the goals; the address plan is the same with ``quick``."""
    texts = plan()
    spaces, subnets = map(parse_cidrs, texts)
    every = parse_cidrs(texts.spaces + texts.subnets)
    their_spaces, their_subnets = ([IPNetwork(text) for text in kind] for kind in texts)
    theirs = their_spaces + their_subnets
    free = free_with_sets(their_spaces, their_subnets)
    agree(
        "aggregates", list(map(str, cidr_merge(theirs))), [*map(str, aggregate(every))]
    )
    agree("free", [*map(str, free)], [*map(str, free_blocks(spaces, subnets))])
    seconds = in_turn(
        {
            "aggregate": lambda: aggregate(every),
            "merge": lambda: cidr_merge(theirs),
            "free": lambda: free_blocks(spaces, subnets),
            "sets": lambda: free_with_sets(their_spaces, their_subnets),
        },
        1 if quick else 15,
        ENOUGH,
    )
    return [
        Goal(
            "A1",
            f"netaddr.cidr_merge / aggregate of {ROWS:,} CIDRs",
            ratio(seconds, "merge", "aggregate"),
            15,
            least=True,
        ),
        Goal(
            "A1",
            f"netaddr.IPSet difference / free blocks of {ROWS:,} CIDRs",
            ratio(seconds, "sets", "free"),
            150,
            least=True,
        ),
    ]
