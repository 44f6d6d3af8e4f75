"""CIDRs in an order in which each is followed at once by all that it covers.

Two CIDRs share no address, or one covers the other. Sorted by first address and then
largest first, what a CIDR covers is the run of rows after it, which ends before the
first row that starts beyond its last address. So overlaps are counted without looking
at pairs, and made without looking at pairs that don't overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ipplan.cidrs.spellings import BITS, IPV4, IPV6

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from ipplan.cidrs.columns import Cidrs

PACKED = 2**26
"""Rows below which address, length and row number fit in 64 bits: 32 + 6 + 26. [-]"""

CHUNK = 2**13
"""Rows packed at a time: what they need stays in cache. [-]"""

_ONES = 2**64 - 1


@dataclass(frozen=True, eq=False, slots=True)
class Nesting:
    """Rows of CIDRs in order: IPv4 first, then by address, length and row number.

    Attributes
    ----------
    rows : ndarray of int64, shape (n,)
        The row at each position; rows that were refused have none.
    outers : ndarray of int64, shape (m,)
        Positions of the CIDRs that cover the one after them.
    ends : ndarray of int64, shape (m,)
        Position after the last CIDR that each of these covers.
    """

    rows: NDArray[np.int64]
    outers: NDArray[np.int64]
    ends: NDArray[np.int64]

    @property
    def counts(self) -> NDArray[np.int64]:
        """CIDRs that each outer one covers; shape (m,)."""
        return self.ends - self.outers - 1

    def depths(self, among: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """CIDRs that cover the one at each position, of those in a mask; shape (n,)."""
        import numpy as np

        chosen = ... if among is None else among[self.outers]
        size = len(self.rows) + 1
        opened = np.bincount(self.outers[chosen] + 1, minlength=size)
        closed = np.bincount(self.ends[chosen], minlength=size)
        return np.cumsum(opened - closed)[:-1]

    def all_ends(self) -> NDArray[np.int64]:
        """Position after the last CIDR that the one at each position covers."""
        import numpy as np

        ends = np.arange(1, len(self.rows) + 1)
        ends[self.outers] = self.ends
        return ends


def nesting(cidrs: Cidrs) -> Nesting:
    """Sort CIDRs, and find how many after each one it covers.

    Notes
    -----
    An IPv4 CIDR is packed into 64 bits, first address, length and row number, and the
    numbers themselves are sorted, which is faster than to sort row numbers by them.

    Examples
    --------
    >>> from ipplan.cidrs.columns import parse_cidrs
    >>> nested = nesting(parse_cidrs(["10.1.0.0/16", "10.0.0.0/8", "10.0.0.0/24"]))
    >>> nested.rows, nested.outers, nested.ends
    (array([1, 2, 0]), array([0]), array([3]))
    """
    import numpy as np

    ipv4 = _of_version(cidrs, IPV4)
    before = len(ipv4.rows)
    if before == len(cidrs):
        return ipv4
    ipv6 = _of_version(cidrs, IPV6)
    return Nesting(
        np.concatenate((ipv4.rows, ipv6.rows)),
        np.concatenate((ipv4.outers, ipv6.outers + before)),
        np.concatenate((ipv4.ends, ipv6.ends + before)),
    )


def runs(
    starts: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Whole numbers from each start on, so many, and which start each came from.

    >>> import numpy as np
    >>> runs(np.array([3, 9]), np.array([2, 3]))
    (array([0, 0, 1, 1, 1]), array([ 3,  4,  9, 10, 11]))
    """
    import numpy as np

    origins = np.repeat(np.arange(len(starts)), counts)
    before = np.cumsum(counts) - counts
    return origins, np.arange(len(origins)) + (starts - before)[origins]


def nests(cidrs: Cidrs) -> bool:
    """Whether any CIDR covers another; what each of them covers is not looked for.

    >>> from ipplan.cidrs.columns import parse_cidrs
    >>> nests(parse_cidrs(["10.1.0.0/16", "10.0.0.0/8"]))
    True
    """
    return any(
        any(len(outers) for outers, _ in _covering(_keys(part)))
        if _fits(part, version)
        else len(_sorted(part).outers)
        for version in BITS
        for part, _ in [_part(cidrs, version)]
    )


def _of_version(cidrs: Cidrs, version: int) -> Nesting:
    part, rows = _part(cidrs, version)
    nested = _packed(part) if _fits(part, version) else _sorted(part)
    if rows is None:
        return nested
    return Nesting(rows[nested.rows], nested.outers, nested.ends)


def _part(cidrs: Cidrs, version: int) -> tuple[Cidrs, NDArray[np.int64] | None]:
    """CIDRs of a version and their rows; None where they are all of that version."""
    chosen = cidrs.version == version
    if chosen.all():
        return cidrs, None
    rows = chosen.nonzero()[0]
    return cidrs.take(rows), rows


def _fits(cidrs: Cidrs, version: int) -> bool:
    """Whether CIDRs of a version can be packed."""
    return version == IPV4 and len(cidrs) <= PACKED


def _packed(cidrs: Cidrs) -> Nesting:
    """Sort IPv4 CIDRs as whole numbers."""
    import numpy as np

    keys = _keys(cidrs)
    outers, lasts = map(np.concatenate, zip(*_covering(keys), strict=True))
    ends = np.searchsorted(keys, lasts, "right")
    return Nesting((keys & PACKED - 1).astype(np.int64), outers, ends)


def _keys(cidrs: Cidrs) -> NDArray[np.uint64]:
    """IPv4 CIDRs, sorted: 32 bits address, 6 length, 26 row number."""
    import numpy as np

    keys = np.arange(len(cidrs), dtype=np.uint64)
    for start in range(0, len(keys), CHUNK):
        part = slice(start, start + CHUNK)
        fields = cidrs.first[part] << 6 | cidrs.length[part]
        keys[part] |= fields << 26
    keys.sort()
    return keys


def _covering(keys: NDArray[np.uint64]) -> Iterator[tuple[NDArray[Any], ...]]:
    """Positions that cover the next, and the last key that each covers, by chunks."""
    import numpy as np

    for start in range(0, len(keys) or 1, CHUNK):
        part = keys[start : start + CHUNK + 1]
        # The host bits, and those of length and row number as well.
        lasts = part[:-1] | np.uint64(_ONES) >> (part[:-1] >> 26 & 63)
        at = (part[1:] <= lasts).nonzero()[0]
        yield at + start, lasts[at]


def _sorted(cidrs: Cidrs) -> Nesting:
    """Sort CIDRs of any version by their fields; addresses compare as 16 bytes."""
    import numpy as np

    rows = np.lexsort((cidrs.length, cidrs.first, cidrs.high))
    firsts = as_bytes(cidrs.high, cidrs.first)[rows]
    lasts = as_bytes(cidrs.last_high, cidrs.last)[rows]
    outers = (firsts[1:] <= lasts[:-1]).nonzero()[0]
    return Nesting(rows, outers, np.searchsorted(firsts, lasts[outers], "right"))


def as_bytes(high: NDArray[np.uint64], low: NDArray[np.uint64]) -> NDArray[np.bytes_]:
    """Addresses of 128 bits as texts of 16 bytes, which sort alike.

    >>> import numpy as np
    >>> as_bytes(np.array([0, 1]), np.array([2**63, 0])).argsort()
    array([0, 1])
    """
    import numpy as np

    return np.stack((high, low), axis=-1).astype(">u8").view("S16")[..., 0]
