"""Numbers of findings on what they are about, beside each other where they meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.views.maps.places import Box
from ipplan.views.maps.words import width_of

if TYPE_CHECKING:
    from collections.abc import Iterable

HIGH = 14.0
"""Of a badge. [pixels]"""

SIZE = 10.0
"""Of its letters. [pixels]"""

MOST_MARKS = 200
"""Findings that are explained beneath a map; `ipplan check` lists all."""

MOST = 3
"""Numbers on one badge."""


class Badge(NamedTuple):
    """Numbers of findings, where they stand."""

    text: str
    box: Box
    worst: int
    """The number that comes first: the worst."""


def numbers(marks: Iterable[int]) -> str:
    """Numbers of findings as a badge has them.

    Examples
    --------
    >>> numbers([4, 1]), numbers([1, 2, 3, 4, 9])
    ('1 4', '1 2 3 +2')
    """
    found = sorted(marks)
    more = len(found) - MOST
    shown = " ".join(map(str, found[:MOST]))
    return f"{shown} +{more}" if more > 0 else shown


def badge_at(right: float, top: float, marks: Iterable[int]) -> Badge:
    """A badge by its upper right corner."""
    marks = sorted(marks)
    text = numbers(marks)
    wide = max(HIGH, width_of(text, SIZE) + 6)
    return Badge(text, Box(right - wide, top, wide, HIGH), marks[0])


def badges(marked: Iterable[tuple[Box, tuple[int, ...]]]) -> tuple[Badge, ...]:
    """Badges at the upper right corners of boxes, pushed down from those before."""
    placed: list[Badge] = []
    for box, marks in marked:
        badge = badge_at(box.x + box.width - 2, box.y + 2, marks)
        left = max(badge.box.x, box.x + min(box.width / 2 - HIGH / 2, 2))
        badge = badge._replace(box=badge.box._replace(x=left))
        while any(meet(badge.box, each.box) for each in placed):
            badge = badge._replace(box=badge.box._replace(y=badge.box.y + HIGH + 1))
        placed.append(badge)
    return tuple(placed)


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes share a place.

    Examples
    --------
    >>> meet(Box(0, 0, 4, 4), Box(4, 0, 4, 4)), meet(Box(0, 0, 4, 4), Box(3, 3, 4, 4))
    (False, True)
    """
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )
