"""Time several sides in turn, so that a slow machine is slow for all of them."""

from __future__ import annotations

import statistics
import time
import tracemalloc
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Goal(NamedTuple):
    """A figure, the limit it is held to, and whether more or less of it is better.

    A limit of None is a figure that is only reported.
    """

    goal: str
    figure: float
    limit: float | None = None
    least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the limit is kept; None without a limit."""
        if self.limit is None:
            return None
        return self.figure >= self.limit if self.least else self.figure <= self.limit


def in_turn(
    sides: Mapping[str, Callable[[], object]], rounds: int
) -> dict[str, list[float]]:
    """Seconds of each side in every round, after one round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, side in sides.items():
            start = time.perf_counter()
            side()
            if number:
                seconds[name].append(time.perf_counter() - start)
    return seconds


def ratio(seconds: Mapping[str, list[float]], side: str, other: str) -> float:
    """Median of one side over the median of another."""
    return statistics.median(seconds[side]) / statistics.median(seconds[other])


def extra_memory(work: Callable[[], object]) -> int:
    """The most that a piece of work allocates at once. [bytes]."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
