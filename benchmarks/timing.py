"""Time several sides in turn, so that a slow machine is slow for all of them."""

from __future__ import annotations

import statistics
import time
import tracemalloc
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MISSING: dict[str, str] = {}
"""Peers that are not installed, and what was left out for it."""


ENOUGH, MOST = 0.01, 50
"""What a side runs for beside a slow one [s], unless it is repeated so often [-]."""


class Goal(NamedTuple):
    """A figure, the limit it is held to, and whether more or less of it is better.

    Parameters
    ----------
    id : str
        Of the goal that it belongs to; empty for a figure that belongs to none.
    what : str
        What is measured, and with what it is compared.
    figure : float
        What came out.
    limit : float or None
        None for a figure that is only reported.
    least : bool
        Whether the figure must be at least the limit, rather than at most.
    """

    id: str
    what: str
    figure: float
    limit: float | None = None
    least: bool = False

    @property
    def goal(self) -> str:
        """The goal and what is measured."""
        return f"{self.id} {self.what}".strip()

    @property
    def met(self) -> bool | None:
        """Whether the limit is kept; None without a limit."""
        if self.limit is None:
            return None
        return self.figure >= self.limit if self.least else self.figure <= self.limit

    @property
    def bound(self) -> str:
        """The limit as people write it."""
        if self.limit is None:
            return ""
        return f"{'>=' if self.least else '<='} {self.limit:,g}"


def shown(figure: float) -> str:
    """A figure with three digits that matter."""
    if figure >= 99.95:
        return f"{figure:,.0f}"
    return f"{figure:.1f}" if figure >= 9.995 else f"{figure:.2f}"


def peer(name: str, what: str) -> Any:
    """Load a module that a user would pick instead; None where it is not installed."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        MISSING[name] = what
        return None


def in_turn(
    sides: Mapping[str, Callable[[], object]], rounds: int, enough: float = 0
) -> dict[str, list[float]]:
    """Seconds of each side in every round, after one round that does not count.

    With ``enough`` seconds, a side that takes less is repeated within a round, and told
    by its mean: beside one that takes a hundred times as long, it would else pay for
    what that one left in the processor's cache. Sides that are the memory's own speed
    must not be repeated: what they copy would stay in the cache.
    """
    repeats = {name: 1 + int(enough / timed(side, 1)) for name, side in sides.items()}
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            seconds[name].append(timed(side, min(repeats[name], MOST)))
    return seconds


def timed(side: Callable[[], object], repeats: int) -> float:
    """Seconds that one of so many repetitions takes."""
    start = time.perf_counter()
    for _ in range(repeats):
        side()
    return (time.perf_counter() - start) / repeats


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


def agree(what: str, *answers: object) -> None:
    """Stop where sides that should give one answer give several.

    Raises
    ------
    RuntimeError
        It says of what.
    """
    if any(answer != answers[0] for answer in answers):
        told = " and ".join(str(answer)[:60] for answer in answers)
        raise RuntimeError(f"{what}: the sides give {told}")
