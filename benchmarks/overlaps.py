"""Overlaps: against np.sort, and against those whom a user would ask instead."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import numpy as np
from netaddr import IPNetwork, cidr_merge

from benchmarks.networks import FEW, MANY, apart, scattered, star, unsorted
from benchmarks.timing import ENOUGH, Goal, agree, extra_memory, in_turn, peer, ratio
from ipplan.cidrs import (
    Cidrs,
    count_overlaps,
    has_overlap,
    linked_pairs,
    overlapping_pairs,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def any_goals(count: int, rounds: int) -> list[Goal]:
    """O1: whether anything overlaps, against np.sort of as many numbers."""
    numbers, none, many = unsorted(count), apart(count), scattered(count, MANY)
    seconds = in_turn(
        {
            "sort": lambda: np.sort(numbers),
            "none": lambda: has_overlap(none),
            "many": lambda: has_overlap(many),
        },
        rounds,
    )
    return [
        Goal(
            "O1",
            f"any overlap in {count:,} CIDRs, there {words} / np.sort",
            ratio(seconds, side, "sort"),
            2.5,
        )
        for side, words in (("none", "is none"), ("many", "are many"))
    ]


def pair_goals(
    count: int, limits: dict[float, float | None], rounds: int
) -> list[Goal]:
    """O2: all pairs by how lengths are weighed, against np.sort."""
    numbers = unsorted(count)
    cidrs = {weight: scattered(count, weight) for weight in limits}
    sides: dict[str, Callable[[], object]] = {"sort": lambda: np.sort(numbers)}
    for weight, each in cidrs.items():
        sides[str(weight)] = lambda each=each: overlapping_pairs(each)  # type: ignore[misc]  # a lambda's default
    seconds = in_turn(sides, rounds)
    return [
        Goal(
            "O2",
            f"all {count_overlaps(cidrs[weight]):,} pairs of {count:,} CIDRs / np.sort",
            ratio(seconds, str(weight), "sort"),
            limit,
        )
        for weight, limit in limits.items()
    ]


def networks_of(cidrs: Cidrs) -> list[IPNetwork]:
    """The same CIDRs as netaddr has them."""
    return [IPNetwork(str(cidr)) for cidr in cidrs]


def ncls_goals(count: int, rounds: int) -> list[Goal]:
    """O4: all pairs, against a nested list of intervals written in C."""
    ncls = peer("ncls", "all pairs by nested lists of intervals")
    if ncls is None:
        return []
    cidrs = scattered(count, FEW)
    firsts, ends = (column.astype(np.int64) for column in (cidrs.first, cidrs.last + 1))
    rows = np.arange(count)

    def pairs() -> tuple[Any, Any]:
        found: tuple[Any, Any] = ncls.NCLS(firsts, ends, rows).all_overlaps_both(
            firsts, ends, rows
        )
        return found

    # Each pair comes twice, and each CIDR with itself.
    agree("pairs", (len(pairs()[0]) - count) // 2, len(overlapping_pairs(cidrs)))
    seconds = in_turn(
        {"ipplan": lambda: overlapping_pairs(cidrs), "ncls": pairs}, rounds, ENOUGH
    )
    what = f"ncls / all pairs of {count:,} CIDRs, few"
    return [Goal("O4", what, ratio(seconds, "ncls", "ipplan"), 30, least=True)]


def pytricia_goals(count: int, rounds: int) -> list[Goal]:
    """O4: all pairs, against a Patricia tree that is asked for each one's parents."""
    pytricia = peer("pytricia", "all pairs by a Patricia tree")
    if pytricia is None:
        return []
    cidrs = scattered(count, FEW)
    texts = [str(cidr) for cidr in cidrs]

    def pairs() -> list[tuple[int, int]]:
        tree = pytricia.PyTricia()
        for row, text in enumerate(texts):
            # A tree keeps one of equal CIDRs.
            tree[text] = [*(tree[text] if tree.has_key(text) else ()), row]
        found: list[tuple[int, int]] = []
        for text in tree:
            inner = tree[text]
            found += combinations(inner, 2)
            parent = tree.parent(text)
            while parent is not None:
                found += product(tree[parent], inner)
                parent = tree.parent(parent)
        return found

    agree(
        "pairs", sorted(pairs()), sorted(map(tuple, overlapping_pairs(cidrs).tolist()))
    )
    seconds = in_turn(
        {"ipplan": lambda: overlapping_pairs(cidrs), "pytricia": pairs}, rounds, ENOUGH
    )
    what = f"pytricia / all pairs of {count:,} CIDRs, few"
    return [Goal("O4", what, ratio(seconds, "pytricia", "ipplan"), 100, least=True)]


def netaddr_goals(few: int, count: int, rounds: int) -> list[Goal]:
    """O4: all pairs one with another, and whether there is any, against netaddr."""
    some, more = scattered(few, FEW), scattered(count, FEW)
    their_some, their_more = networks_of(some), networks_of(more)

    def pairs() -> int:
        both = combinations(their_some, 2)
        return sum(one in other or other in one for one, other in both)

    def any_overlap() -> bool:
        size = sum(each.size for each in cidr_merge(their_more))
        return bool(size < sum(each.size for each in their_more))

    agree("pairs", pairs(), count_overlaps(some))
    agree("any overlap", any_overlap(), has_overlap(more))
    by_pairs = in_turn(
        {"ipplan": lambda: overlapping_pairs(some), "netaddr": pairs},
        min(rounds, 3),
        ENOUGH,
    )
    merged = in_turn(
        {"ipplan": lambda: has_overlap(more), "netaddr": any_overlap}, rounds, ENOUGH
    )
    return [
        Goal(
            "O4",
            f"netaddr, one with another / all pairs of {few:,} CIDRs",
            ratio(by_pairs, "netaddr", "ipplan"),
            1000,
            least=True,
        ),
        Goal(
            "O4",
            f"netaddr.cidr_merge / any overlap in {count:,} CIDRs",
            ratio(merged, "netaddr", "ipplan"),
            100,
            least=True,
        ),
    ]


def star_goals(spokes: int, rounds: int) -> list[Goal]:
    """O5: overlaps of peered VNets, against np.sort of as many numbers as CIDRs."""
    peered = star(spokes)
    numbers = unsorted(len(peered.cidrs))
    seconds = in_turn(
        {"sort": lambda: np.sort(numbers), "star": lambda: linked_pairs(*peered)},
        rounds,
        ENOUGH,
    )
    memory = extra_memory(lambda: linked_pairs(*peered)) / len(peered.cidrs)
    geometric = f"{count_overlaps(peered.cidrs):,} overlaps of all with all"
    return [
        Goal(
            "O5",
            f"peered star of {spokes:,} spokes, {geometric} / np.sort",
            ratio(seconds, "star", "sort"),
            13,
        ),
        Goal("", f"peered star of {spokes:,} spokes, memory a CIDR [bytes]", memory),
    ]


def run(*, quick: bool) -> list[Goal]:
    """Measure, and hold to the goals."""
    if quick:
        return [
            *any_goals(10_000, 1),
            *pair_goals(10_000, {FEW: 4.5, MANY: 5.5}, 1),
            *ncls_goals(10_000, 1),
            *pytricia_goals(2_000, 1),
            *netaddr_goals(100, 2_000, 1),
            *star_goals(1_000, 1),
        ]
    sizes = {100_000: 15, 1_000_000: 9, 10_000_000: 3}
    return [
        *(goal for count, rounds in sizes.items() for goal in any_goals(count, rounds)),
        *pair_goals(100_000, {FEW: 4.5, MANY: 5.5}, 15),
        *pair_goals(1_000_000, {FEW: 4.5, MANY: 5.5}, 9),
        *pair_goals(10_000_000, {FEW: 10}, 3),
        *ncls_goals(1_000_000, 5),
        *pytricia_goals(100_000, 5),
        *netaddr_goals(1_000, 100_000, 5),
        *(
            goal
            for spokes in (1_000, 10_000, 100_000)
            for goal in star_goals(spokes, 9)
        ),
    ]
