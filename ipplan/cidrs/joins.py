"""Overlaps between owners that are linked, such as networks that are peered.

In a hub and spoke, spokes that are not connected may all use one address space: nearly
all the pairs that overlap mean nothing. So each link is given to one of its ends, its
*hub*, the one with more links; what overlaps no CIDR of a hub is left out; and the
CIDRs of each hub are compared with those of the *leaves* that are linked to it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ipplan.cidrs.aggregates import aggregate
from ipplan.cidrs.columns import Cidrs, as_cidrs
from ipplan.cidrs.nesting import CHUNK, as_bytes, nesting, runs
from ipplan.cidrs.spellings import IPV4
from ipplan.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Ends: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]

OWNERS = 2**24
"""Owners are numbers below it, for there is a count for each. [-]"""

LEAVES = 2**18
"""CIDRs of leaves that are compared at a time. [-]"""

_POSITION = 2**32 - 1
"""The lower bits of a key, which hold a position in the order of CIDRs."""


class Holdings(NamedTuple):
    """Positions of every owner's CIDRs: so many from its start on, in order."""

    positions: NDArray[np.int64]
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]

    def of(
        self, owners: NDArray[np.int64], numbers: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Keys of all CIDRs of some owners: a number for the owner, and a position."""
        origins, at = runs(self.starts[owners], self.counts[owners])
        return numbers[origins] << 32 | self.positions[at]


def linked_pairs(
    cidrs: Cidrs | Iterable[object], owners: ArrayLike, links: ArrayLike
) -> NDArray[np.int64]:
    """Every two CIDRs that share an address and whose owners are linked.

    Parameters
    ----------
    cidrs : Cidrs, or iterable of str, Cidr, or networks of ipaddress or netaddr
        In any order, both families mixed; n rows. Rows that were refused meet nothing.
    owners : array_like of int, shape (n,)
        Who has each CIDR: whole numbers from 0, below 2²⁴, best without large gaps.
    links : array_like of int, shape (m, 2)
        Owners that are linked, in any order and direction, once or more often.

    Returns
    -------
    ndarray of int64, shape (k, 2)
        Those rows of :func:`overlapping_pairs` whose owners are linked, in its order.
        CIDRs of one owner are no pair, even if it is linked to itself.

    Raises
    ------
    ArgumentError
        For a value that is no CIDR, and for owners or links of another shape or kind.

    Notes
    -----
    Time and memory follow the CIDRs, the links and the pairs that are given, not all
    that overlap: hundreds of millions where 100,000 spokes reuse 50 spaces. Where
    everybody is linked with everybody, each CIDR is looked at once for each link.

    Examples
    --------
    Spokes 1 and 2 have the same space, and are both peered with hub 0 alone.

    >>> cidrs = ["10.0.0.0/16", "10.1.0.0/16", "10.1.0.0/16", "10.0.9.0/24"]
    >>> linked_pairs(cidrs, [0, 1, 2, 2], [[1, 0], [2, 0]])
    array([[0, 3]])
    """
    import numpy as np

    rows = as_cidrs(cidrs)
    owner = _numbers(owners, "owners", (len(rows),))
    hubs, leaves = _hubs_and_leaves(_numbers(links, "links", (-1, 2)))
    count = int(max(owner.max(initial=0), hubs.max(initial=0), leaves.max(initial=0)))
    is_hub = np.zeros(count + 1, np.bool_)
    is_hub[hubs] = True
    near = _touching(rows, aggregate(rows.take(is_hub[owner]))).nonzero()[0]
    nested = nesting(rows.take(near))
    order = near[nested.rows]
    holdings = _holdings(owner[order], count + 1)
    found = list(_meetings(holdings, hubs, leaves, nested.all_ends()))
    keys = np.sort(np.concatenate([order[:0], *found]))
    return order[np.stack((keys >> 32, keys & _POSITION), axis=-1)]


def _numbers(
    values: ArrayLike, argument: str, shape: tuple[int, ...]
) -> NDArray[np.int64]:
    """Owners' numbers as an array of a shape, where −1 is any length."""
    import numpy as np

    try:
        numbers = np.asarray(values)
    except ValueError:
        raise ArgumentError(argument, "of no shape", f"shape {shape}") from None
    if not numbers.size:
        numbers = np.zeros((0, *shape[1:]), np.int64)
    if numbers.ndim != len(shape) or any(
        want not in {-1, size} for want, size in zip(shape, numbers.shape, strict=True)
    ):
        raise ArgumentError(argument, f"of shape {numbers.shape}", f"shape {shape}")
    if numbers.dtype.kind not in "iu":
        raise ArgumentError(argument, f"of type {numbers.dtype}", "whole numbers")
    if numbers.size and not 0 <= numbers.min() <= numbers.max() < OWNERS:
        outside = numbers[(numbers < 0) | (numbers >= OWNERS)][0]
        raise ArgumentError(argument, outside, f"from 0 to {OWNERS - 1:,}")
    return numbers.astype(np.int64, copy=False)


def _hubs_and_leaves(links: NDArray[np.int64]) -> Ends:
    """Ends of links: the one with more links, or the first of the two, and the other.

    Links of an owner to itself are left out.
    """
    import numpy as np

    one, two = links[:, 0], links[:, 1]
    degrees = np.bincount(links.ravel())
    more = degrees[two] - degrees[one]
    swap = (more > 0) | (more == 0) & (two < one)
    other = one != two
    return np.where(swap, two, one)[other], np.where(swap, one, two)[other]


def _touching(cidrs: Cidrs, blocks: Cidrs) -> NDArray[np.bool_]:
    """Which CIDRs share an address with blocks that are apart and in order."""
    import numpy as np

    touching = np.zeros(len(cidrs), np.bool_)
    for version in np.unique(blocks.version).tolist():
        firsts, lasts = _bounds(blocks.take(blocks.version == version), version)
        for start in range(0, len(cidrs), CHUNK):
            part = cidrs.take(slice(start, start + CHUNK))
            rows = (part.version == version).nonzero()[0]
            first, last = _bounds(part.take(rows), version)
            # The last block that does not begin beyond it.
            at = np.searchsorted(firsts, last, "right") - 1
            touching[start + rows] = (at >= 0) & (lasts[at] >= first)
    return touching


def _bounds(cidrs: Cidrs, version: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """First and last addresses of CIDRs of a version, as what can be compared."""
    if version == IPV4:
        return cidrs.first, cidrs.last
    return as_bytes(cidrs.high, cidrs.first), as_bytes(cidrs.last_high, cidrs.last)


def _holdings(owners: NDArray[np.int64], count: int) -> Holdings:
    """What each of so many owners has, of the owners at each position."""
    import numpy as np

    counts = np.bincount(owners, minlength=count)
    positions = np.argsort(owners, kind="stable")
    return Holdings(positions, np.cumsum(counts) - counts, counts)


def _meetings(
    holdings: Holdings,
    hubs: NDArray[np.int64],
    leaves: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> Iterator[NDArray[np.int64]]:
    """Pairs of CIDRs of hubs and their leaves: keys of two positions, outer and inner.

    All CIDRs of a hub, and all of its leaves, are keys of the hub's number and their
    positions, sorted; so what one of them covers of the others is a run.
    """
    import numpy as np

    both = (holdings.counts[hubs] > 0) & (holdings.counts[leaves] > 0)
    links = np.unique(hubs[both] << 32 | leaves[both])
    hubs, leaves = links >> 32, links & _POSITION
    each = np.unique(hubs)
    of_hubs = holdings.of(each, each)
    totals = np.cumsum(holdings.counts[leaves])
    leaf_counts = np.arange(0, int(totals.max(initial=0)), LEAVES)
    bounds = np.append(np.searchsorted(totals, leaf_counts), len(links))
    for start, stop in pairwise(np.unique(bounds).tolist()):
        of_leaves = np.sort(holdings.of(leaves[start:stop], hubs[start:stop]))
        # Only the hubs of these links: those from one number to another.
        edges = np.array([hubs[start], hubs[stop - 1] + 1]) << 32
        these = of_hubs[slice(*np.searchsorted(of_hubs, edges).tolist())]
        yield _inside(these, of_leaves, ends)
        yield _inside(of_leaves, these, ends)


def _inside(
    outers: NDArray[np.int64], inners: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Keys of two positions: of each outer CIDR and the inner ones that it covers."""
    import numpy as np

    positions = outers & _POSITION
    starts = np.searchsorted(inners, outers)
    stops = np.searchsorted(inners, outers - positions + ends[positions])
    origins, at = runs(starts, stops - starts)
    return positions[origins] << 32 | inners[at] & _POSITION
