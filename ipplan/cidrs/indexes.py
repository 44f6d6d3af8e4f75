"""Ranges by what they overlap: for the questions of one range at a time."""

from __future__ import annotations

from bisect import bisect_left
from operator import itemgetter
from typing import TYPE_CHECKING, Generic, TypeVar

from ipplan.cidrs.cidr import Cidr
from ipplan.cidrs.spellings import BITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")

_RANGE = itemgetter(0)


class CidrIndex(Generic[T]):
    """Items by their CIDRs, and those whose CIDR overlaps another.

    CIDRs nest or are apart. In their order, those that a CIDR covers follow it without
    a gap; those that cover it are found by shortening its prefix.

    Parameters
    ----------
    items : iterable of tuples of Cidr and T
        In any order; the same CIDR may come many times.

    Examples
    --------
    >>> index = CidrIndex([(Cidr.parse("10.0.0.0/8"), "a"), (Cidr.parse("::/0"), "b")])
    >>> [item for _, item in index.overlapping(Cidr.parse("10.1.0.0/16"))]
    ['a']
    """

    def __init__(self, items: Iterable[tuple[Cidr, T]]) -> None:
        self._items = sorted(items, key=_RANGE)
        self._lengths = {4: set[int](), 6: set[int]()}
        for cidr, _ in self._items:
            self._lengths[cidr.version].add(cidr.length)

    def overlapping(self, cidr: Cidr) -> Iterator[tuple[Cidr, T]]:
        """Those that cover a CIDR, the largest first, and then those that it covers."""
        for length in sorted(self._lengths[cidr.version]):
            if length < cidr.length:
                yield from self._at(shortened(cidr, length))
        start = bisect_left(self._items, cidr, key=_RANGE)
        for place in range(start, len(self._items)):
            if not cidr.covers(self._items[place][0]):
                return
            yield self._items[place]

    def _at(self, cidr: Cidr) -> Iterator[tuple[Cidr, T]]:
        """Those that have exactly this CIDR."""
        start = bisect_left(self._items, cidr, key=_RANGE)
        for place in range(start, len(self._items)):
            if self._items[place][0] != cidr:
                return
            yield self._items[place]


def chains(cidrs: Iterable[Cidr]) -> Iterator[tuple[Cidr, ...]]:
    """Each different CIDR behind all others that cover it, the largest first.

    Examples
    --------
    >>> found = chains(map(Cidr.parse, ["10.1.0.0/16", "::/0", "10.0.0.0/8"]))
    >>> [" > ".join(map(str, each)) for each in found]
    ['10.0.0.0/8', '10.0.0.0/8 > 10.1.0.0/16', '::/0']
    """
    above: list[Cidr] = []
    for cidr in sorted(set(cidrs)):
        while above and not above[-1].covers(cidr):
            above.pop()
        above.append(cidr)
        yield tuple(above)


def shortened(cidr: Cidr, length: int) -> Cidr:
    """The CIDR of a shorter prefix that covers another.

    >>> str(shortened(Cidr.parse("10.1.2.0/24"), 8))
    '10.0.0.0/8'
    """
    bits = BITS[cidr.version] - length
    return Cidr(cidr.version, cidr.first >> bits << bits, length)
