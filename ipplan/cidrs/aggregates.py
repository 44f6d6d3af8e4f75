"""The fewest CIDRs that cover given addresses, or what is left of them.

Addresses of one version are arrays of shape (limbs, n) here. A limb has 64 bits, and
the first is the highest. There is a 1 in front of the bits of an address, so that the
address before the first of all and the one after the last are numbers like the others:
IPv4 takes one limb, and IPv6 three. A span of addresses is told by the address before
its first and by its last, so that it begins where another one ends.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ipplan.cidrs.columns import Cidrs, as_cidrs, frozen, joined
from ipplan.cidrs.nesting import nesting
from ipplan.cidrs.spellings import BITS, IPV4, IPV6

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    Spans: TypeAlias = tuple[NDArray[np.uint64], NDArray[np.uint64]]

SPANS = 2**13
"""Spans cut into CIDRs at a time: their bits stay in cache. [-]"""

HEAP = 2**21
"""Freed memory that is worth keeping for the next call. [bytes]"""

LIMB = 64
"""Bits of a limb. [bits]"""

LIMBS = {IPV4: 1, IPV6: 3}
"""Limbs that a version takes. [-]"""

_ONES = 2**LIMB - 1


def aggregate(cidrs: Cidrs | Iterable[object]) -> Cidrs:
    """Find the fewest CIDRs that cover the same addresses.

    Parameters
    ----------
    cidrs : Cidrs, or iterable of str, Cidr, or networks of ipaddress or netaddr
        In any order, both families mixed. Rows that were refused cover nothing.

    Returns
    -------
    Cidrs
        Apart from each other, IPv4 first, by address.

    Raises
    ------
    ArgumentError
        For a value that is no CIDR.

    Examples
    --------
    >>> merged = aggregate(["10.0.1.0/24", "10.0.0.0/24", "10.0.1.64/26", "fd00::/64"])
    >>> [str(cidr) for cidr in merged]
    ['10.0.0.0/23', 'fd00::/64']
    """
    rows = as_cidrs(cidrs)
    nested = nesting(rows)
    outermost = rows.take(nested.rows[nested.depths() == 0])
    return joined(
        *(
            blocks(version, _apart(*_spans(version, outermost.take(chosen))))
            for version, chosen in _families(outermost)
        )
    )


def free_blocks(
    within: Cidrs | Iterable[object], taken: Cidrs | Iterable[object]
) -> Cidrs:
    """Find the fewest CIDRs that cover what is in some and not in others.

    Parameters
    ----------
    within : Cidrs, or iterable of str, Cidr, or networks of ipaddress or netaddr
        The space, such as the prefixes of a VNet; they may overlap.
    taken : Cidrs, or iterable of the same
        What is in use, such as its subnets. What lies outside counts for nothing.

    Returns
    -------
    Cidrs
        Apart from each other, IPv4 first, by address.

    Raises
    ------
    ArgumentError
        For a value that is no CIDR.

    Examples
    --------
    >>> free = free_blocks(["10.0.0.0/22"], ["10.0.1.0/24", "10.0.2.0/26"])
    >>> [str(cidr) for cidr in free]
    ['10.0.0.0/24', '10.0.2.64/26', '10.0.2.128/25', '10.0.3.0/24']
    """
    spaces = free_spans(within, taken)
    return joined(*(blocks(version, spans) for version, spans in spaces))


def free_spans(
    within: Cidrs | Iterable[object], taken: Cidrs | Iterable[object]
) -> Iterator[tuple[int, Spans]]:
    """Spans of each version that are in some CIDRs and not in others.

    They come in order, and no two of them touch.

    Raises
    ------
    ArgumentError
        For a value that is no CIDR.
    """
    import numpy as np

    # The C library gives memory back to the system at every call, and pays for it
    # twice in page faults, until a block of this size was freed once.
    np.empty(HEAP, "u1")
    space, used = as_cidrs(within, "within"), as_cidrs(taken, "taken")
    both = joined(space, used)
    nested = nesting(both)
    is_taken = nested.rows >= len(space)
    # What is outermost: of the space where nothing taken covers it, and within it.
    in_space = nested.depths(~is_taken) > 0
    kept = (in_space == is_taken) & (nested.depths(is_taken) == 0)
    rows, is_taken = both.take(nested.rows[kept]), is_taken[kept]
    for version, chosen in _families(rows):
        yield version, _apart(*_gaps(version, rows.take(chosen), is_taken[chosen]))


def trimmed(version: int, spans: Spans, length: int) -> Spans:
    """What aligned blocks of a length can be cut out of; no more of it, and no less."""
    import numpy as np

    hosts = _ones(np.array([BITS[version] - length]), LIMBS[version])
    before = spans[0] | hosts
    last = _minus_one(_plus_one(spans[1]) & ~hosts)
    left: Any = False
    for first_limb, last_limb in zip(before[::-1], last[::-1], strict=True):
        left = (first_limb < last_limb) | (first_limb == last_limb) & left
    at = left.nonzero()[0]
    return before[:, at], last[:, at]


def _families(cidrs: Cidrs) -> Iterator[tuple[int, Any]]:
    """Versions that there are, each with a mask of its CIDRs, or ... for all."""
    for version in BITS:
        chosen: Any = cidrs.version == version
        if chosen.any():
            yield version, ... if chosen.all() else chosen


def _spans(version: int, cidrs: Cidrs) -> Spans:
    """Spans of CIDRs of one version."""
    first = _limbs(version, cidrs)
    return _minus_one(first), first | _hosts(version)[:, cidrs.length]


def _gaps(version: int, cidrs: Cidrs, is_taken: NDArray[np.bool_]) -> Spans:
    """What lies beside what is taken, in spaces that are apart and hold all of it.

    In order, there may be a gap behind each start of a space and each end of what is
    taken. It ends before the next one taken in the same space, or where the space does.
    """
    import numpy as np

    before, last = _spans(version, cidrs)
    space = np.maximum.accumulate(np.where(is_taken, 0, np.arange(len(is_taken))))
    taken_next = np.append(is_taken[1:], [False])
    starts = np.where(is_taken, last, before)
    stops = np.where(taken_next, np.roll(before, -1, axis=1), last[:, space])
    at = (starts != stops).any(axis=0).nonzero()[0]
    return starts[:, at], stops[:, at]


@cache
def _hosts(version: int) -> NDArray[np.uint64]:
    """Host bits by length of prefix; shape (limbs, bits + 1)."""
    import numpy as np

    return _ones(np.arange(BITS[version], -1, -1), LIMBS[version])


def _limbs(version: int, cidrs: Cidrs) -> NDArray[np.uint64]:
    import numpy as np

    if version == IPV4:
        return cidrs.first[None] | np.uint64(1 << BITS[IPV4])
    return np.stack((np.ones_like(cidrs.high), cidrs.high, cidrs.first))


def _apart(before: NDArray[np.uint64], last: NDArray[np.uint64]) -> Spans:
    """Join spans that touch."""
    import numpy as np

    apart = (before[:, 1:] != last[:, :-1]).any(axis=0)
    edge = np.ones(min(before.shape[1], 1), np.bool_)
    return (
        before[:, np.append(edge, apart).nonzero()[0]],
        last[:, np.append(apart, edge).nonzero()[0]],
    )


def blocks(version: int, spans: Spans) -> Cidrs:
    """Cut spans that are apart into the fewest CIDRs."""
    before, last = spans
    parts = [
        _cut(version, before[:, start : start + SPANS], last[:, start : start + SPANS])
        for start in range(0, before.shape[1], SPANS)
    ]
    return joined(*parts)


def _cut(version: int, before: NDArray[np.uint64], last: NDArray[np.uint64]) -> Cidrs:
    """Cut spans into CIDRs.

    Notes
    -----
    The addresses before and after a span differ first in some bit. Below it, the CIDRs
    lie beside the way down the binary tree of addresses: to the right of the way to the
    address before, where that has a 0, and to the left of the way to the address after,
    where that has a 1. Those of the first kind come first, smallest first.
    """
    import numpy as np

    after = _plus_one(last)
    below = _below_first_one(before ^ after)
    every = np.bitwise_or.reduce(below, axis=1).astype(">u8").tobytes()
    octets = -(-int.from_bytes(every).bit_length() // 8)
    upper = _octets(below & ~before, octets)[:, ::-1]
    lower = _octets(below & after, octets)
    # A flat look for what is set is several times as fast as one by row and column.
    bits = np.unpackbits(np.concatenate((_mirrored().take(upper), lower), axis=1))
    found = np.flatnonzero(bits.view(np.bool_)).astype(np.uint32)
    width = 8 * octets
    beside = _beside(version, width)
    ends = np.stack((before, after), axis=-1).reshape(len(before), -1)
    column = found % (2 * width)
    first = ends.take(found // width, axis=1) & beside.kept.take(column, axis=1)
    first |= beside.set.take(column, axis=1)
    high = np.zeros_like(first[0]) if version == IPV4 else first[1]
    low = first[-1] & np.uint64(2 ** min(BITS[version], LIMB) - 1)
    versions = np.full(len(found), version, np.uint8)
    return frozen(versions, high, low, beside.lengths.take(column))


class Beside(NamedTuple):
    """CIDRs beside the ways to the address before a span and to the one after it.

    The first half are those beside the former, smallest first, the others those beside
    the latter, largest first. Each has a length, the bits of the address that are kept,
    and the one that is set.
    """

    lengths: NDArray[np.uint8]
    kept: NDArray[np.uint64]
    set: NDArray[np.uint64]


@cache
def _beside(version: int, width: int) -> Beside:
    """Those of so many lengths, the longest ones."""
    import numpy as np

    limbs = LIMBS[version]
    hosts = np.arange(width)
    own, double = _ones(hosts, limbs), _ones(hosts + 1, limbs)
    kept = np.concatenate((~own, ~double[:, ::-1]), axis=1)
    new = np.concatenate((own ^ double, np.zeros_like(own)), axis=1)
    lengths = BITS[version] - np.concatenate((hosts, hosts[::-1]))
    return Beside(lengths.astype(np.uint8), kept, new)


def _below_first_one(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Set all the bits below the first that is set, and no other."""
    import numpy as np

    ones = numbers.copy()
    for shift in (1, 2, 4, 8, 16, 32):
        ones |= ones >> shift
    for upper, limb in pairwise(ones):
        limb[upper != 0] = _ONES
    below = ones >> np.uint64(1)
    below[1:] |= ones[:-1] << np.uint64(LIMB - 1)
    return below


def _octets(numbers: NDArray[np.uint64], count: int) -> NDArray[np.uint8]:
    """So many lower octets of numbers, highest first; shape (n, count)."""
    import numpy as np

    octets = np.ascontiguousarray(numbers.T).astype(">u8").view(np.uint8)
    return octets[:, -count:]


@cache
def _mirrored() -> NDArray[np.uint8]:
    """Every octet with its bits in the opposite order."""
    import numpy as np

    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
    return np.packbits(bits, axis=1, bitorder="little")[:, 0]


def _ones(count: NDArray[Any], limbs: int) -> NDArray[np.uint64]:
    """Numbers with so many lower bits set."""
    import numpy as np

    upper = range((limbs - 1) * LIMB, -1, -LIMB)
    unset = [LIMB - np.clip(count - bits, 0, LIMB) for bits in upper]
    # A shift by 64 is 0 in numpy.
    return np.uint64(_ONES) >> np.array(unset, np.uint64)


def _minus_one(addresses: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return ~_plus_one(~addresses)


def _plus_one(addresses: NDArray[np.uint64]) -> NDArray[np.uint64]:
    result = addresses.copy()
    carry: Any = True
    for limb in range(len(result) - 1, -1, -1):
        result[limb] += carry
        carry = carry & (result[limb] == 0)
    return result
