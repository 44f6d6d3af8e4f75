"""The next blocks of a length that are free, the first or the nearest ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.cidrs.aggregates import blocks, free_spans, trimmed
from ipplan.cidrs.cidr import Cidr
from ipplan.cidrs.columns import Cidrs, as_cidrs, joined
from ipplan.cidrs.spellings import BITS
from ipplan.counts import bit_length

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

HALF = 32
"""Bits of a number that a double holds exactly, twice in a limb. [bits]"""

_LOWER = 2**HALF - 1


def next_free(
    within: Cidrs | Iterable[object],
    taken: Cidrs | Iterable[object],
    length: int,
    count: int = 1,
    *,
    near: Iterable[Cidr] = (),
) -> Cidrs:
    """Find aligned blocks of a length that are in some CIDRs and clear of others.

    Parameters
    ----------
    within, taken : Cidrs, or iterable of str, Cidr, or networks of ipaddress or netaddr
        The space, and what is in use, in any order.
    length : int
        Prefix length of the blocks. [bits]
    count : int
        How many are wanted. [blocks]
    near : iterable of Cidr
        What they shall be near to, which is taken as well; nothing for the lowest. The
        nearest block is that for which the smallest range that holds both is smallest.

    Returns
    -------
    Cidrs
        As many as there are, up to ``count``: the lowest first, IPv4 before IPv6, or
        the nearest, and of equals the lowest.

    Raises
    ------
    ArgumentError
        For a value that is no CIDR.

    Examples
    --------
    >>> found = next_free(["10.0.0.0/22"], ["10.0.1.0/24"], 24, count=2)
    >>> [str(cidr) for cidr in found]
    ['10.0.0.0/24', '10.0.2.0/24']
    """
    beside = list(near)
    used = joined(as_cidrs(taken, "taken"), Cidrs.of(beside))
    most = slice(None if beside else count)
    free: list[Cidrs] = []
    for version, spans in free_spans(as_cidrs(within, "within"), used):
        if length <= BITS[version]:
            # Each of what is left holds a block, and most of what is free does not.
            before, last = trimmed(version, spans, length)
            free.append(blocks(version, (before[:, most], last[:, most])))
    return first_blocks(joined(*free), length, count, near=beside)


def first_blocks(
    free: Cidrs, length: int, count: int = 1, *, near: Iterable[Cidr] = ()
) -> Cidrs:
    """Cut the first blocks of a length out of free ones.

    Parameters
    ----------
    free : Cidrs
        Apart from each other and as large as can be, by address, as
        :func:`ipplan.cidrs.free_blocks` gives them.
    length : int
        Prefix length of the blocks. [bits]
    count : int
        How many are wanted. [blocks]
    near : iterable of Cidr
        Ranges beside the free ones. The nearest block is that for which the smallest
        range that holds both is smallest; of equals the lowest.

    Returns
    -------
    Cidrs
        In this order; fewer where there are no more.

    Examples
    --------
    >>> from ipplan.cidrs import free_blocks
    >>> free = free_blocks(["10.0.0.0/8"], ["10.9.0.0/24"])
    >>> [str(cidr) for cidr in first_blocks(free, 24, 2, near=[Cidr(4, 0xA090000, 24)])]
    ['10.9.1.0/24', '10.9.2.0/24']
    """
    room = free.take(free.length <= _longest(free, length))
    beside = list(near)
    if beside:
        room = room.take(_distances(room, beside).argsort(kind="stable"))
    found: list[Cidr] = []
    for block in room.take(slice(count)):
        fitting = min(1 << length - block.length, count - len(found))
        size = 1 << block.bits - length
        found += [
            Cidr(block.version, block.first + number * size, length)
            for number in range(fitting)
        ]
    return Cidrs.of(found)


def distance(cidr: Cidr, near: Iterable[Cidr]) -> int:
    """Host bits of the smallest range that holds a CIDR and one of those beside it.

    Where none is of its family, it is further away than any that is. [bits].

    >>> distance(Cidr.parse("10.0.3.0/24"), [Cidr.parse("10.0.0.0/24")])
    10
    """
    bits = (
        (cidr.first ^ other.first).bit_length()
        for other in near
        if other.version == cidr.version
    )
    return min(bits, default=_FAR)


_FAR = max(BITS.values()) + 1


def _longest(free: Cidrs, length: int) -> NDArray[np.int64]:
    """The longest prefix out of which a block of a length comes; -1 where none can."""
    import numpy as np

    longest = np.full(max(BITS) + 1, -1)
    for version, bits in BITS.items():
        longest[version] = length if length <= bits else -1
    return longest[free.version]


def _distances(cidrs: Cidrs, near: Iterable[Cidr]) -> NDArray[np.int64]:
    """What :func:`distance` says of each."""
    import numpy as np

    found = np.full(len(cidrs), _FAR)
    for other in near:
        upper, lower = Cidrs.of([other]).high, Cidrs.of([other]).first
        high, low = _bits(cidrs.high ^ upper), _bits(cidrs.first ^ lower)
        bits = np.where(high > 0, high + 2 * HALF, low)
        same = cidrs.version == other.version
        found = np.where(same, np.minimum(found, bits), found)
    return found


def _bits(numbers: NDArray[np.uint64]) -> NDArray[Any]:
    """The number of bits of numbers of 64 bits."""
    import numpy as np

    upper, lower = bit_length(numbers >> HALF), bit_length(numbers & _LOWER)
    return np.where(upper > 0, upper + HALF, lower)
