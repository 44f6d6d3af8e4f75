"""Free address space of one family, out of which ranges are carved."""

from __future__ import annotations

from bisect import bisect_left, insort
from itertools import chain
from typing import TYPE_CHECKING

from ipplan.cidrs.cidr import Cidr
from ipplan.cidrs.spellings import BITS, IPV4

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Space:
    """Free space as the largest aligned blocks that it consists of.

    Parameters
    ----------
    within : iterable of Cidr
        Where there is space; CIDRs may overlap. Those of the other family do not count.
    taken : iterable of Cidr
        What of it is in use; it may overlap, and lie outside.
    version : int
        The family: 4 or 6.

    Notes
    -----
    Sizes are powers of two, so a range carved at a multiple of its size costs every
    smaller size as many places as it has, wherever it lies. Carving the largest ranges
    first hence finds room for all of them whenever there is room for all. The tightest
    block is taken to keep large ones whole for later.

    Examples
    --------
    >>> space = Space([Cidr.parse("10.0.0.0/22")], [Cidr.parse("10.0.0.0/26")])
    >>> [str(space.carve(length)) for length in (24, 26, 22)]
    ['10.0.1.0/24', '10.0.0.64/26', 'None']
    >>> str(space.largest)
    '10.0.2.0/23'
    """

    def __init__(
        self,
        within: Iterable[Cidr],
        taken: Iterable[Cidr] = (),
        version: int = IPV4,
    ) -> None:
        self.version = version
        self._bits = BITS[version]
        self._free: dict[int, list[int]] = {}
        space = _spans(within, version)
        for start, stop in _gaps(space, _spans(taken, version)):
            for block in _cut(start, stop, version):
                self._free.setdefault(block.length, []).append(block.first)

    def __iter__(self) -> Iterator[Cidr]:
        """The free blocks, by address."""
        blocks = (
            Cidr(self.version, first, length)
            for length, firsts in self._free.items()
            for first in firsts
        )
        return iter(sorted(blocks))

    @property
    def largest(self) -> Cidr | None:
        """The largest free block, the lowest of those; None where all is taken."""
        length = min(self._free, default=None)
        if length is None:
            return None
        return Cidr(self.version, self._free[length][0], length)

    def is_free(self, cidr: Cidr) -> bool:
        """Whether nothing of a range is taken, and all of it is space.

        >>> ten = Cidr.parse("10.0.0.0/8")
        >>> Space([ten]).is_free(ten), Space([]).is_free(ten)
        (True, False)
        """
        return self._home(cidr) is not None

    def fits(self, lengths: Iterable[int]) -> bool:
        """Whether there is room for ranges of some prefix lengths, all at once.

        Parameters
        ----------
        lengths : iterable of int
            [bits]

        Examples
        --------
        >>> Space([Cidr.parse("10.0.0.0/24")]).fits([26, 25, 26])
        True
        """
        wanted = sorted(lengths)
        room, at = 0, 0
        for length in sorted({*wanted, *self._free}):
            room = (room << length - at) + len(self._free.get(length, ()))
            room -= wanted.count(length)
            at = length
            if room < 0:
                return False
        return True

    def carve(self, length: int) -> Cidr | None:
        """Take a range out of the tightest block that holds it, the lowest of those.

        Parameters
        ----------
        length : int
            Its prefix length. [bits]

        Returns
        -------
        Cidr or None
            None where no block is so large.
        """
        tightest = max((each for each in self._free if each <= length), default=None)
        if tightest is None:
            return None
        first = self._free[tightest][0]
        found = Cidr(self.version, first, length)
        self._split(Cidr(self.version, first, tightest), found)
        return found

    def lowest(self, length: int) -> Cidr | None:
        """The range of the lowest address that is free; it stays free.

        Parameters
        ----------
        length : int
            Its prefix length. [bits]
        """
        firsts = [self._free[each][0] for each in self._free if each <= length]
        return Cidr(self.version, min(firsts), length) if firsts else None

    def take(self, cidr: Cidr) -> None:
        """Remove a range, or as much of it as is free."""
        home = self._home(cidr)
        if home is None:
            self._take_within(cidr)
        else:
            self._split(home, cidr)

    def _split(self, home: Cidr, cidr: Cidr) -> None:
        """Remove a range that lies in a free block: what is beside it stays free."""
        at = bisect_left(self._free[home.length], home.first)
        self._drop(home.length, at, at + 1)
        first, size = home.first, home.size
        for length in range(home.length + 1, cidr.length + 1):
            size >>= 1
            upper = cidr.first >= first + size
            insort(self._free.setdefault(length, []), first if upper else first + size)
            first += size * upper

    def _home(self, cidr: Cidr) -> Cidr | None:
        """The free block that a range lies in."""
        for length, firsts in self._free.items():
            if length <= cidr.length:
                host = self._bits - length
                first = cidr.first >> host << host
                at = bisect_left(firsts, first)
                if at < len(firsts) and firsts[at] == first:
                    return Cidr(self.version, first, length)
        return None

    def _take_within(self, cidr: Cidr) -> None:
        """Remove the blocks that lie in a range."""
        for length in [each for each in self._free if each > cidr.length]:
            firsts = self._free[length]
            start = bisect_left(firsts, cidr.first)
            self._drop(length, start, bisect_left(firsts, cidr.last + 1))

    def _drop(self, length: int, start: int, stop: int) -> None:
        firsts = self._free[length]
        del firsts[start:stop]
        if not firsts:
            del self._free[length]


def span(lengths: Iterable[int], version: int = IPV4) -> int:
    """The prefix length of the smallest range that holds ranges of some lengths.

    Parameters
    ----------
    lengths : iterable of int
        At least one. [bits]
    version : int
        The family: 4 or 6.

    Returns
    -------
    int
        Negative where they are more than there are addresses. [bits]

    Examples
    --------
    >>> span([26, 26, 27]), span([24])
    (24, 24)
    """
    bits = BITS[version]
    addresses = sum(1 << bits - length for length in lengths)
    return bits - (addresses - 1).bit_length()


def common(cidrs: Iterable[Cidr]) -> Cidr:
    """The smallest CIDR that covers some of one family, of which there is one at least.

    >>> str(common(map(Cidr.parse, ["10.0.0.0/24", "10.0.3.0/25"])))
    '10.0.0.0/22'
    """
    ranges = list(cidrs)
    low, high = min(e.first for e in ranges), max(e.last for e in ranges)
    host = (low ^ high).bit_length()
    version = ranges[0].version
    return Cidr(version, low >> host << host, BITS[version] - host)


def widened(cidr: Cidr, length: int) -> Cidr:
    """The CIDR of a shorter prefix that covers another one.

    >>> str(widened(Cidr.parse("10.0.3.0/24"), 22))
    '10.0.0.0/22'
    """
    host = cidr.bits - length
    return Cidr(cidr.version, cidr.first >> host << host, length)


def _spans(cidrs: Iterable[Cidr], version: int) -> list[tuple[int, int]]:
    """Addresses from, and up to which, some CIDRs of a family cover; apart, sorted."""
    found: list[tuple[int, int]] = []
    for cidr in sorted({each for each in cidrs if each.version == version}):
        start, stop = cidr.first, cidr.last + 1
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(stop, found[-1][1])
        else:
            found.append((start, stop))
    return found


def _gaps(
    space: list[tuple[int, int]], taken: list[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """What is left of spans when others are taken out of them."""
    others = chain(taken, [(1 << 129, 1 << 129)])  # the last lies behind everything
    low, high = next(others)
    for start, stop in space:
        at = start
        while low < stop:
            if at < low:
                yield at, low
            at = max(at, high)
            if high > stop:
                break  # it may reach into the next span
            low, high = next(others)
        if at < stop:
            yield at, stop


def _cut(start: int, stop: int, version: int) -> Iterator[Cidr]:
    """The fewest CIDRs that make up a span, by address."""
    bits = BITS[version]
    while start < stop:
        aligned = (start & -start).bit_length() - 1 if start else bits
        host = min(aligned, (stop - start).bit_length() - 1)
        yield Cidr(version, start, bits - host)
        start += 1 << host
