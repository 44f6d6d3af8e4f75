"""Things beside each other as on shelves: the next row begins where one is full."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Flow(NamedTuple):
    """Where things stand, and what they take together."""

    places: tuple[tuple[float, float], ...]
    """Their upper left corners, in their order. [pixels]"""
    width: float
    """[pixels]"""
    height: float
    """[pixels]"""


def shelves(sizes: Iterable[tuple[float, float]], room: float, gap: float) -> Flow:
    """Things of some widths and heights on shelves that are so wide.

    Examples
    --------
    >>> shelves([(40, 10), (40, 20), (40, 10)], 100, 10)
    Flow(places=((0.0, 0.0), (50.0, 0.0), (0.0, 30.0)), width=90.0, height=40.0)
    """
    places: list[tuple[float, float]] = []
    x = y = high = width = 0.0
    for wide, tall in sizes:
        if x and x + wide > room:
            x, y, high = 0.0, y + high + gap, 0.0
        places.append((x, y))
        width = max(width, x + wide)
        x, high = x + wide + gap, max(high, tall)
    return Flow(tuple(places), width, float(y + high))
