"""How time grows from 1,000 to 10,000,000: exponents, ours beside the machine's own.

An exponent is the slope of a line through the logarithms of times and sizes, by least
squares. Below 100,000 what a call costs in any case hides how time grows, so the one
that is held to a limit is that from there on, where n log n has 1.07. A step out of
the processor's cache adds to it: hence 1.2.
"""

from __future__ import annotations

import math
import statistics
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.networks import FEW, apart, scattered, unsorted
from benchmarks.parsing import ipv4_texts
from benchmarks.sizing import Grouped, copying
from benchmarks.timing import Goal, in_turn
from ipplan import aggregate, count_overlaps, has_overlap, overlapping_pairs
from ipplan.cidrs import parse_cidrs
from ipplan.sweeps.sweeps import sweep

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
FROM = 100_000
"""Sizes from which on an exponent is held to the limit. [-]"""

LIMIT = 1.2
"""Exponent that nothing may exceed. [-]"""

WORDS = {
    "memcpy": "memcpy",
    "sort": "np.sort",
    "sizing": "size_columns, grouped by model",
    "parse": "parse_cidrs",
    "any": "has_overlap",
    "pairs": "overlapping_pairs, few; over CIDRs and pairs",
    "aggregate": "aggregate",
    "sweep": "sweep, all rows of the usual columns",
}
"""What is measured; the first two are the machine's own."""

THEIRS = ("memcpy", "sort")


class Growth(NamedTuple):
    """Sizes of a piece of work, and seconds for each."""

    sizes: list[float]
    seconds: list[float]

    def exponent(self, least: float = 0) -> float:
        """The exponent over sizes from one on; NaN for fewer than two of them."""
        points = [
            (math.log(size), math.log(taken))
            for size, taken in zip(self.sizes, self.seconds, strict=True)
            if size >= least
        ]
        if len(points) < 2:
            return math.nan
        return statistics.linear_regression(*zip(*points, strict=True)).slope


def texts_of(count: int) -> list[str]:
    """CIDRs to parse; a tenth of ten million of them, ten times over."""
    some = ipv4_texts(min(count, 1_000_000))
    return some * (count // len(some))


def swept(count: int) -> int:
    """Rows of a sweep of about so many cells, none of them kept."""
    found = sweep(nodes=np.arange(1, count // 20 + 1), max_pods=[30, 60, 110, 250])
    return sum(len(rows["nodes"]) for rows in found.chunks())


def sides(count: int) -> dict[str, tuple[float, Callable[[], object]]]:
    """Each piece of work of one size: what it goes through, and how to do it."""
    numbers, texts = unsorted(count), texts_of(count)
    none, few, grouped = apart(count), scattered(count, FEW), Grouped(count)
    return {
        "memcpy": (count, copying(count)),
        "sort": (count, partial(np.sort, numbers)),
        "sizing": (count, grouped.size),
        "parse": (count, partial(parse_cidrs, texts)),
        "any": (count, partial(has_overlap, none)),
        "pairs": (count + count_overlaps(few), partial(overlapping_pairs, few)),
        "aggregate": (count, partial(aggregate, few)),
        "sweep": (count, partial(swept, count)),
    }


def measured(sizes: tuple[int, ...], most_rounds: int) -> dict[str, Growth]:
    """Seconds of every piece of work, size by size."""
    found = {name: Growth([], []) for name in WORDS}
    for count in sizes:
        work = sides(count)
        rounds = max(1, min(most_rounds, 3_000_000 // count))
        taken = in_turn({name: run for name, (_, run) in work.items()}, rounds)
        for name, (size, _) in work.items():
            found[name].sizes.append(size)
            found[name].seconds.append(statistics.median(taken[name]))
    return found


def run(*, quick: bool) -> list[Goal]:
    """Measure, and hold our own exponents to the limit."""
    sizes = SIZES[:2] if quick else SIZES
    growths = measured(sizes, 2 if quick else 15)
    least = 0 if quick else FROM
    span = f"{max(least, sizes[0]):,} to {sizes[-1]:,}"
    goals = [
        Goal(
            "N",
            f"exponent from {span}: {WORDS[name]}",
            growth.exponent(least),
            None if name in THEIRS else LIMIT,
        )
        for name, growth in growths.items()
    ]
    whole = [
        Goal(
            "",
            f"exponent from {sizes[0]:,} to {sizes[-1]:,}: {WORDS[name]}",
            growth.exponent(),
        )
        for name, growth in growths.items()
    ]
    return [*goals, *whole]
