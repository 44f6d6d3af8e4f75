"""Where a CIDR stands in a block: every range is a rectangle as large as its share."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ipplan.cidrs import Cidr

HALF = Fraction(1, 2)


class Rect(NamedTuple):
    """A rectangle in fractions of the block around it."""

    x: Fraction
    """From the left. [-]"""
    y: Fraction
    """From the top. [-]"""
    width: Fraction
    """[-]"""
    height: Fraction
    """[-]"""


class Box(NamedTuple):
    """A rectangle in a picture."""

    x: float
    """From the left. [pixels]"""
    y: float
    """From the top. [pixels]"""
    width: float
    """[pixels]"""
    height: float
    """[pixels]"""

    def part(self, rect: Rect) -> Box:
        """A rectangle in fractions of this one."""
        return Box(
            self.x + self.width * float(rect.x),
            self.y + self.height * float(rect.y),
            self.width * float(rect.width),
            self.height * float(rect.height),
        )


def place(cidr: Cidr, within: Cidr, *, wide: bool = False) -> Rect:
    """Where a range stands in a block that is drawn as a square, or twice as wide.

    The block is halved for each bit: a square into an upper and a lower half, what is
    wide into a left and a right one. So each aligned range is a rectangle, a square or
    twice as wide as high, and its area is its share of the addresses.

    Parameters
    ----------
    cidr : Cidr
        In the block.
    within : Cidr
        The block.
    wide : bool
        Whether the block is drawn twice as wide as high.

    Examples
    --------
    >>> from ipplan.cidrs import Cidr
    >>> block = Cidr.parse("10.0.0.0/24")
    >>> tuple(map(str, place(Cidr.parse("10.0.0.64/26"), block)))
    ('1/2', '0', '1/2', '1/2')
    """
    bits = cidr.length - within.length
    path = (cidr.first - within.first) >> (cidr.bits - cidr.length)
    sides = {True: Fraction(1), False: Fraction(1)}
    starts = {True: Fraction(0), False: Fraction(0)}
    for depth in range(bits):
        across = wide == (depth % 2 == 0)
        sides[across] *= HALF
        starts[across] += sides[across] * (path >> (bits - 1 - depth) & 1)
    return Rect(starts[True], starts[False], sides[True], sides[False])


def side_of(length: int, unit: int, side: float) -> tuple[float, float]:
    """Width and height of a range where a square stands for a prefix length.

    Examples
    --------
    >>> side_of(24, 24, 320), side_of(25, 24, 320), side_of(26, 24, 320)
    ((320.0, 320.0), (320.0, 160.0), (160.0, 160.0))
    """
    halvings, is_wide = divmod(length - unit, 2)
    return side / 2.0**halvings, side / 2.0 ** (halvings + is_wide)
