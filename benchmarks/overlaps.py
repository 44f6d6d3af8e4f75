"""Overlaps, aggregates and free blocks: against np.sort, and against netaddr."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from netaddr import IPNetwork, IPSet, cidr_merge

from benchmarks.address_plan import ROWS, plan
from benchmarks.timing import Goal, extra_memory, in_turn, ratio
from ipplan.cidrs import (
    Cidr,
    Cidrs,
    aggregate,
    free_blocks,
    has_overlap,
    linked_pairs,
    overlapping_pairs,
    parse_cidrs,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW, MANY = 0.6, 0.45
"""How lengths are weighed, as 2 to the power of so many times the length: a million
CIDRs have 0.6 and 3.4 million pairs. [-]"""

SPACES = 50
"""Address spaces that the spokes of a star reuse. [-]"""


def ipv4(firsts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Cidrs:
    """CIDRs from columns, without a text for each."""
    count = len(firsts)
    return Cidrs(
        np.full(count, 4, np.uint8),
        np.zeros(count, np.uint64),
        firsts.astype(np.uint64),
        lengths.astype(np.uint8),
    )


def scattered(count: int, weight: float) -> Cidrs:
    """CIDRs from /8 to /30 anywhere, the longer ones more often."""
    random = np.random.default_rng(seed=500)
    choices = np.arange(8, 31)
    chances = 2.0 ** (weight * choices)
    lengths = random.choice(choices, count, p=chances / chances.sum())
    return ipv4(
        random.integers(0, 2**32, count) >> 32 - lengths << 32 - lengths, lengths
    )


def apart(count: int) -> Cidrs:
    """As many /24s side by side, in no order."""
    firsts = np.random.default_rng(seed=501).permutation(count) << 8
    return ipv4(firsts, np.full(count, 24))


class Star(NamedTuple):
    """A hub that is peered with spokes: VNets and a subnet or more of each."""

    cidrs: Cidrs
    owners: NDArray[np.int64]
    links: NDArray[np.int64]


def star(spokes: int) -> Star:
    """A hub, number 0, in one of the spaces that its spokes reuse."""
    random = np.random.default_rng(seed=502)
    numbers = np.arange(1, spokes + 1)
    spaces = 10 << 24 | random.integers(0, SPACES, spokes) << 16
    subnets = spaces | random.integers(0, 256, spokes) << 8
    hub = 10 << 24 | np.array([0, 0, 1 << 8])
    firsts = np.concatenate((hub, spaces, subnets))
    lengths = np.repeat([16, 24, 16, 24], [1, 2, spokes, spokes])
    owners = np.concatenate(([0, 0, 0], numbers, numbers))
    order = random.permutation(len(firsts))
    links = np.stack((np.zeros_like(numbers), numbers), axis=-1)
    return Star(ipv4(firsts[order], lengths[order]), owners[order], links)


def unsorted(count: int) -> NDArray[np.uint64]:
    """As many numbers as there are CIDRs, for np.sort."""
    return np.random.default_rng(seed=503).integers(0, 2**64, count, dtype=np.uint64)


def overlap_goals(count: int, rounds: int) -> list[Goal]:
    """Any overlap and all pairs, against np.sort of as many numbers."""
    numbers, none = unsorted(count), apart(count)
    few, many = scattered(count, FEW), scattered(count, MANY)
    seconds = in_turn(
        {
            "sort": lambda: np.sort(numbers),
            "none": lambda: has_overlap(none),
            "any": lambda: has_overlap(many),
            "few": lambda: overlapping_pairs(few),
            "many": lambda: overlapping_pairs(many),
        },
        rounds,
    )
    size = f"{count:,} CIDRs"
    return [
        Goal(f"any overlap in {size}, there is none / np.sort",
             ratio(seconds, "none", "sort"), 2.5),
        Goal(f"any overlap in {size}, there are many / np.sort",
             ratio(seconds, "any", "sort"), 2.5),
        Goal(f"all pairs of {size}, few / np.sort",
             ratio(seconds, "few", "sort"), 5.5),
        Goal(f"all pairs of {size}, many / np.sort",
             ratio(seconds, "many", "sort"), 5.5),
    ]  # fmt: skip


def star_goals(spokes: int, rounds: int) -> list[Goal]:
    """Overlaps of peered VNets, against np.sort of as many numbers as CIDRs."""
    peered, tenth = star(spokes), star(spokes // 10)
    numbers = unsorted(len(peered.cidrs))
    seconds = in_turn(
        {"sort": lambda: np.sort(numbers), "star": lambda: linked_pairs(*peered)},
        rounds,
    )
    goals = [
        Goal(
            f"peered star of {spokes:,} spokes / np.sort",
            ratio(seconds, "star", "sort"),
            13,
        )
    ]
    for each in (tenth, peered):
        memory = extra_memory(lambda each=each: linked_pairs(*each))  # type: ignore[misc]  # a lambda's default
        name = f"star of {len(each.links):,} spokes, memory for a CIDR [bytes]"
        goals.append(Goal(name, memory / len(each.cidrs)))
    return goals


def plan_goals(rounds: int) -> list[Goal]:
    """Aggregates and free blocks of the committed address plan, against netaddr."""
    texts = plan()
    spaces, subnets = map(parse_cidrs, texts)
    every = parse_cidrs(texts.spaces + texts.subnets)
    their_spaces, their_subnets = ([IPNetwork(text) for text in kind] for kind in texts)
    seconds = in_turn(
        {
            "aggregate": lambda: aggregate(every),
            "merge": lambda: cidr_merge(their_spaces + their_subnets),
            "free": lambda: free_blocks(spaces, subnets),
            "sets": lambda: free_with_sets(their_spaces, their_subnets),
        },
        rounds,
    )
    return [
        Goal(
            f"cidr_merge / aggregate of {ROWS:,} CIDRs",
            ratio(seconds, "merge", "aggregate"),
            15,
            least=True,
        ),
        Goal(
            f"IPSet difference / free blocks of {ROWS:,} CIDRs",
            ratio(seconds, "sets", "free"),
            150,
            least=True,
        ),
    ]


def free_with_sets(spaces: list[IPNetwork], subnets: list[IPNetwork]) -> list[Cidr]:
    """What netaddr needs for free blocks, from networks that were read before."""
    return list((IPSet(spaces) - IPSet(subnets)).iter_cidrs())


def run(*, quick: bool) -> list[Goal]:
    """Measure, and hold to the goals."""
    count, spokes, rounds = (20_000, 2_000, 3) if quick else (1_000_000, 100_000, 15)
    return [
        *overlap_goals(count, rounds),
        *star_goals(spokes, rounds),
        *plan_goals(min(rounds, 7)),
    ]
