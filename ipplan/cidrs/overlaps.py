"""Which CIDRs overlap, and which covers which, for many CIDRs at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.cidrs.columns import Cidrs, as_cidrs, joined
from ipplan.cidrs.nesting import Nesting, nesting, nests

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

PAIRS = 2**16
"""Pairs made at a time. [-]"""


def has_overlap(cidrs: Cidrs | Iterable[object]) -> bool:
    """Whether any two CIDRs share an address.

    Parameters
    ----------
    cidrs : Cidrs, or iterable of str, Cidr, or networks of ipaddress or netaddr
        In any order, both families mixed. Rows that were refused meet nothing.

    Returns
    -------
    bool
        Equal CIDRs overlap as well.

    Raises
    ------
    ArgumentError
        For a value that is no CIDR.

    Examples
    --------
    >>> has_overlap(["10.0.0.0/24", "10.0.1.0/24"]), has_overlap(["::/0", "fd00::/8"])
    (False, True)
    """
    return nests(as_cidrs(cidrs))


def count_overlaps(cidrs: Cidrs | Iterable[object]) -> int:
    """How many pairs :func:`overlapping_pairs` gives, without making them.

    Parameters
    ----------
    cidrs : Cidrs, or iterable of str, Cidr, or networks of ipaddress or netaddr
        As in :func:`has_overlap`.

    Returns
    -------
    int
        Half the square of the number of CIDRs where all of them are equal. [-]

    Raises
    ------
    ArgumentError
        For a value that is no CIDR.

    Examples
    --------
    >>> count_overlaps(["10.0.0.0/8"] * 1000)
    499500
    """
    return int(nesting(as_cidrs(cidrs)).counts.sum())


def overlapping_pairs(cidrs: Cidrs | Iterable[object]) -> NDArray[np.int64]:
    """Every two CIDRs that share an address: one covers the other.

    Parameters
    ----------
    cidrs : Cidrs, or iterable of str, Cidr, or networks of ipaddress or netaddr
        As in :func:`has_overlap`.

    Returns
    -------
    ndarray of int64, shape (k, 2)
        Row numbers of the outer CIDR and the inner one, each pair once. Of equal CIDRs
        the earlier row is the outer one. Pairs are sorted by the outer CIDR and then
        the inner, as CIDRs sort: version, first address, length, row number.

    Raises
    ------
    ArgumentError
        For a value that is no CIDR.

    Notes
    -----
    It takes 16 bytes a pair, and there may be many: ask :func:`count_overlaps` first.

    Examples
    --------
    >>> overlapping_pairs(["10.1.0.0/16", "10.0.0.0/8", "fd00::/8", "10.1.0.0/16"])
    array([[1, 0],
           [1, 3],
           [0, 3]])
    """
    import numpy as np

    nested = nesting(as_cidrs(cidrs))
    totals = np.cumsum(nested.counts)
    pairs = np.empty((int(totals[-1]) if len(totals) else 0, 2), np.int64)
    done = 0
    while done < len(pairs):
        first = int(np.searchsorted(totals, done, "right"))
        # At least one outer CIDR, and as many more as fit.
        stop = int(np.searchsorted(totals, done + PAIRS, "right"))
        part = slice(first, max(stop, first + 1))
        done += _fill(pairs[done:], nested, part)
    return pairs


def _fill(pairs: NDArray[np.int64], nested: Nesting, part: slice) -> int:
    """Fill in the pairs of some outer CIDRs, and say how many there were."""
    import numpy as np

    outers, counts = nested.outers[part], nested.counts[part]
    starts = outers + 1 - (np.cumsum(counts) - counts)
    inner = np.repeat(starts, counts)
    inner += np.arange(len(inner))
    pairs[: len(inner), 0] = np.repeat(nested.rows[outers], counts)
    pairs[: len(inner), 1] = nested.rows[inner]
    return len(inner)


def longest_match(
    cidrs: Cidrs | Iterable[object], among: Cidrs | Iterable[object]
) -> NDArray[np.int64]:
    """For each CIDR, which of others covers it with the longest prefix.

    Parameters
    ----------
    cidrs : Cidrs, or iterable of str, Cidr, or networks of ipaddress or netaddr
        What to look for, n rows.
    among : Cidrs, or iterable of the same
        What may cover it.

    Returns
    -------
    ndarray of int64, shape (n,)
        Row numbers of ``among``, −1 where none covers the CIDR. A CIDR covers one that
        is equal; of equal ones the last row is given.

    Raises
    ------
    ArgumentError
        For a value that is no CIDR.

    Examples
    --------
    >>> spaces = ["10.0.0.0/8", "10.1.0.0/16", "fd00::/8"]
    >>> longest_match(["10.1.2.0/24", "10.2.0.0/16", "192.168.0.0/24"], spaces)
    array([ 1,  0, -1])
    """
    import numpy as np

    others, sought = as_cidrs(among, "among"), as_cidrs(cidrs)
    # Others come first, so that they precede the equal ones that are sought.
    nested = nesting(joined(others, sought))
    is_other = nested.rows < len(others)
    depths = nested.depths(is_other)
    outers = nested.outers[is_other[nested.outers]]
    # The innermost cover is the last one before a row that is a level further out.
    levels = np.sort(depths[outers] << 32 | outers)
    at = (~is_other & (depths > 0)).nonzero()[0]
    found = levels[np.searchsorted(levels, depths[at] - 1 << 32 | at) - 1]
    matches = np.full(len(sought), -1)
    matches[nested.rows[at] - len(others)] = nested.rows[found & 2**32 - 1]
    return matches
