"""Where things stand in a chart, in pixels: scales, ticks and room for labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, floor, log, log10
from typing import NamedTuple

LETTER = 6.0
"""Width of a letter at 11 pixels, on the average and a little more. [pixels]"""


@dataclass(frozen=True)
class Scale:
    """An axis: numbers from low to high on so many pixels.

    Parameters
    ----------
    low, high : float
        What it shows.
    length : int
        [pixels]
    is_log : bool
        Whether equal factors are equally far apart.
    upwards : bool
        Whether large numbers have small pixels, as on an axis that goes up.
    """

    low: float
    high: float
    length: int
    is_log: bool = False
    upwards: bool = False

    def at(self, value: float) -> float:
        """The pixel of a number."""
        if self.is_log:
            share = log(value / self.low) / log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return self.length * (1 - share if self.upwards else share)

    def back(self, pixel: float) -> float:
        """The number of a pixel."""
        share = pixel / self.length
        share = 1 - share if self.upwards else share
        if self.is_log:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + share * (self.high - self.low)

    def ticks(self, apart: int) -> list[float]:
        """Round numbers, so many pixels from each other or more."""
        if not self.is_log:
            return _even(self.low, self.high, max(2, self.length // apart))
        powers = range(floor(log10(self.low)), ceil(log10(self.high)) + 1)
        room = self.length / log10(self.high / self.low)
        parts = next((m for m, gap in _PARTS if room * log10(gap) >= apart), (1,))
        every = max(1, ceil(apart / room))
        found = [m * 10.0**p for p in powers if not p % every for m in parts]
        return [each for each in found if self.low <= each <= self.high]


_PARTS = (((1, 2, 5), 2.0), ((1, 3), 3.0))
"""Ticks within a power of ten, and the smallest factor between two of them."""


def _even(low: float, high: float, most: int) -> list[float]:
    rough = (high - low) / most
    power = 10.0 ** floor(log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
    return [step * i for i in range(ceil(low / step), floor(high / step) + 1)]


def apart(wanted: list[float], gap: float, length: float) -> list[float]:
    """Places near those that are wanted, at least a gap from each other.

    Examples
    --------
    >>> apart([10, 12, 90], 20, 100)
    [10.0, 30.0, 90.0]
    >>> apart([95, 99], 20, 100)
    [80.0, 100.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    found = [0.0] * len(wanted)
    least = float("-inf")
    for i in order:
        found[i] = max(float(wanted[i]), least)
        least = found[i] + gap
    most = float(length)
    for i in reversed(order):
        found[i] = min(found[i], most)
        most = found[i] - gap
    return found


class Box(NamedTuple):
    """Room that a label takes."""

    left: float
    top: float
    right: float
    bottom: float


def box(x: float, y: float, text: str, high: float = 11) -> Box:
    """The room of a text around a point."""
    wide = LETTER * len(text) / 2
    return Box(x - wide, y - high / 2, x + wide, y + high / 2)


@dataclass
class Crowd:
    """Labels that must not lie upon each other; who comes first stays."""

    taken: list[Box] = field(default_factory=list[Box])

    def has_room(self, one: Box) -> bool:
        """Whether a label fits between the others; it is one of them then."""
        if any(_meet(one, other) for other in self.taken):
            return False
        self.taken.append(one)
        return True


def _meet(one: Box, other: Box) -> bool:
    beside = one.right <= other.left or other.right <= one.left
    return not (beside or one.bottom <= other.top or other.bottom <= one.top)
