"""The next free blocks among a million CIDRs: against np.sort of as many numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.networks import FEW, apart, scattered, unsorted
from benchmarks.timing import Goal, agree, in_turn, ratio
from ipplan.cidrs import Cidr, Cidrs, next_free

if TYPE_CHECKING:
    from collections.abc import Callable

SPACE = Cidr(4, 0, 0)
"""All of IPv4, so that nothing taken lies beside it."""

LENGTH, WANTED = 22, 10
"""Prefix length of what is wanted [bits], and how many [blocks]."""

NEAR = Cidr(4, 200 << 24, 24)
"""What they shall be near to, where that is asked."""


def walked(taken: Cidrs) -> list[str]:
    """The same lowest blocks, by one walk over what is taken, as one would write it."""
    found: list[str] = []
    size, at = 1 << 32 - LENGTH, 0
    for each in [*sorted(taken), Cidr(4, 1 << 32, 32)]:
        while at + size <= each.first and len(found) < WANTED:
            found.append(str(Cidr(4, at, LENGTH)))
            at += size
        at = max(at, -(-(each.last + 1) // size) * size)
    return found


def run(*, quick: bool) -> list[Goal]:
    """Measure, and hold to the goal."""
    count = 10_000 if quick else 1_000_000
    numbers, side, mixed = unsorted(count), apart(count), scattered(count, FEW)
    few = scattered(1_000, FEW)
    for taken in (apart(1_000), few):
        ours = next_free([SPACE], taken, LENGTH, WANTED)
        agree("next", [str(each) for each in ours], walked(taken))
    sides: dict[str, Callable[[], object]] = {
        "sort": lambda: np.sort(numbers),
        "side by side": lambda: next_free([SPACE], side, LENGTH, WANTED),
        "scattered": lambda: next_free([SPACE], mixed, LENGTH, WANTED),
        "scattered, near": lambda: next_free(
            [SPACE], mixed, LENGTH, WANTED, near=[NEAR]
        ),
    }
    seconds = in_turn(sides, 1 if quick else 9)
    return [
        Goal(
            "N1",
            f"next {WANTED} of /{LENGTH} among {count:,} CIDRs, {what} / np.sort",
            ratio(seconds, what, "sort"),
            15,
        )
        for what in sides
        if what != "sort"
    ]
