"""Compiled kernels as a user would write them, and from what size on they pay.

ipplan has none: the figures of S5 and O3 are reported, so that this can be judged anew.
"""

from __future__ import annotations

import statistics
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import kernels
from benchmarks.baselines import scenarios
from benchmarks.networks import FEW, scattered, unsorted
from benchmarks.sizing import Grouped, columns, copying, mixture
from benchmarks.startup import process
from benchmarks.timing import Goal, in_turn, peer, ratio
from ipplan import MODELS, overlapping_pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ipplan import Columns

PACK = 26
"""Bits of a packed CIDR's row number. [bits]"""


def first_call(work: Callable[[], object]) -> float:
    """Seconds that the first call takes longer than the second: to compile it."""
    start = time.perf_counter()
    work()
    middle = time.perf_counter()
    work()
    return middle - start - (time.perf_counter() - middle)


def import_seconds(rounds: int) -> float:
    """Seconds that numba adds to a process that has numpy."""
    python = sys.executable
    seconds = in_turn(
        {
            "numba": lambda: process(python, "-c", "import numba"),
            "numpy": lambda: process(python, "-c", "import numpy"),
        },
        rounds,
    )
    return statistics.median(seconds["numba"]) - statistics.median(seconds["numpy"])


def same(one: Columns, two: Columns) -> bool:
    """Whether all six columns are the same."""
    return all(np.array_equal(*pair) for pair in zip(one, two, strict=True))


def sizing_goals(numba: Any, count: int, rounds: int) -> list[Goal]:
    """S5: the kernel against memcpy, and what it costs before it runs."""
    given, models, grouped = scenarios(count), mixture(count), Grouped(count)
    kernel, bits = numba.njit(kernels.size_rows), numba.njit(kernels.bits)
    out = {name: columns(name, part) for name, part in grouped.parts.items()}
    for six in out.values():
        for column in six:
            column[:] = 0

    def work() -> None:
        for name, part in grouped.parts.items():
            row = kernels.parameters(MODELS[name])
            kernel(row, tuple(part), tuple(out[name]), bits)

    compiling = first_call(work)
    if not all(same(out[name], grouped.out[name]) for name in out):
        raise RuntimeError("the compiled kernel sizes otherwise")
    mixed = columns(models, given)
    seconds = in_turn(
        {
            "kernel": work,
            "memcpy": copying(count),
            "mixed": lambda: columns(models, given, mixed),
            "grouped": grouped.size,
        },
        rounds,
    )
    before = compiling + import_seconds(rounds)
    rows = f"{count:,} rows grouped by model"
    return [
        Goal("S5", f"numba, {rows} / memcpy", ratio(seconds, "kernel", "memcpy")),
        Goal("S5", f"{rows}, ipplan / numba", ratio(seconds, "grouped", "kernel")),
        Goal("S5", "numba, seconds to import and to compile", before),
        *(
            Goal(
                "S5",
                f"millions of rows from which numba pays, {words}",
                before * count / 1e6 / saved(seconds, side),
            )
            for side, words in (
                ("grouped", "grouped by model"),
                ("mixed", "mixed models"),
            )
        ),
    ]


def saved(seconds: dict[str, list[float]], side: str) -> float:
    """Seconds that the kernel is faster; hardly any where it is not."""
    ours, theirs = (statistics.median(seconds[name]) for name in (side, "kernel"))
    return max(ours - theirs, 1e-9)


class Pairs:
    """All pairs by numpy's sort and a compiled stack."""

    def __init__(self, numba: Any) -> None:
        self.count = numba.njit(kernels.count_pairs)
        self.fill = numba.njit(kernels.fill_pairs)

    def __call__(
        self, firsts: NDArray[np.uint64], lengths: NDArray[np.uint8]
    ) -> NDArray[np.int64]:
        """Pairs in the order of the inner CIDR; shape (k, 2)."""
        rows = np.arange(len(firsts), dtype=np.uint64)
        keys = (firsts << 6 | lengths) << PACK | rows
        keys.sort()
        # Only equal CIDRs nest deeper than there are lengths.
        ends = np.empty(len(keys), np.uint64)
        pairs = np.empty((self.count(keys, ends), 2), np.int64)
        self.fill(keys, ends, np.empty(len(keys), np.int64), pairs)
        return pairs


def pair_goals(numba: Any, count: int, rounds: int) -> list[Goal]:
    """O3: a compiled pass over sorted CIDRs, against np.sort."""
    cidrs, numbers, pairs = scattered(count, FEW), unsorted(count), Pairs(numba)
    work = partial(pairs, cidrs.first, cidrs.length)
    compiling = first_call(work)
    ours, theirs = (
        found[np.lexsort(found.T)] for found in (overlapping_pairs(cidrs), work())
    )
    if not np.array_equal(ours, theirs):
        raise RuntimeError("the compiled kernel finds other pairs")
    seconds = in_turn(
        {
            "kernel": work,
            "sort": lambda: np.sort(numbers),
            "ipplan": lambda: overlapping_pairs(cidrs),
        },
        rounds,
    )
    before = compiling + import_seconds(rounds)
    return [
        Goal(
            "O3",
            f"numba, all pairs of {count:,} CIDRs / np.sort",
            ratio(seconds, "kernel", "sort"),
        ),
        Goal(
            "O3",
            f"all pairs of {count:,} CIDRs, ipplan / numba",
            ratio(seconds, "ipplan", "kernel"),
        ),
        Goal(
            "O3",
            "millions of CIDRs from which numba pays, all pairs",
            before * count / 1e6 / saved(seconds, "ipplan"),
        ),
    ]


def run(*, quick: bool) -> list[Goal]:
    """Measure; nothing is held to a limit."""
    numba = peer("numba", "compiled kernels")
    if numba is None:
        return []
    count, rounds = (50_000, 1) if quick else (1_000_000, 9)
    return [
        *sizing_goals(numba, count, rounds),
        *pair_goals(numba, count, rounds),
    ]
