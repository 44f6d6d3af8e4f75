"""Many CIDRs as arrays, a row a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ipplan.cidrs.cidr import Cidr
from ipplan.cidrs.ipv4 import DOTS, ipv4_columns
from ipplan.cidrs.ipv6 import ipv6_columns
from ipplan.cidrs.spellings import BITS, IPV6, REFUSED, fields, refusal
from ipplan.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import EllipsisType

    import numpy as np
    from numpy.typing import NDArray

CHUNK = 4096
"""Texts read at a time: what their bytes and indices keep in cache. [-]"""

_LOWER = 2**64 - 1
"""The lower half of an IPv6 address."""


@dataclass(frozen=True, eq=False, slots=True)
class Cidrs:
    """Many CIDRs as read-only arrays, a row a text, in the order in which they came.

    Attributes
    ----------
    version : ndarray of uint8, shape (n,)
        4 or 6; 0 in a row that was refused, whose other fields are 0 as well.
    high : ndarray of uint64, shape (n,)
        Upper 64 bits of the first address; 0 for IPv4.
    first : ndarray of uint64, shape (n,)
        Lower 64 bits of the first address; for IPv4 the whole address, which leaves
        the upper 32 of the 64 bits free to sort by.
    length : ndarray of uint8, shape (n,)
        Prefix length. [bits]

    Examples
    --------
    >>> cidrs = parse_cidrs(["10.0.0.0/8", "10.1.0.0/16"])
    >>> str(cidrs[1]), len(cidrs)
    ('10.1.0.0/16', 2)
    >>> cidrs.last - cidrs.first + 1
    array([16777216,    65536], dtype=uint64)
    """

    version: NDArray[np.uint8]
    high: NDArray[np.uint64]
    first: NDArray[np.uint64]
    length: NDArray[np.uint8]

    def __len__(self) -> int:
        """Rows, those that were refused among them. [-]."""
        return len(self.version)

    def __getitem__(self, index: int) -> Cidr:
        """Take one row; ArgumentError where it was refused."""
        version = int(self.version[index])
        if not version:
            raise ArgumentError("index", index, "a row that is valid")
        first = int(self.high[index]) << 64 | int(self.first[index])
        return Cidr(version, first, int(self.length[index]))

    def __iter__(self) -> Iterator[Cidr]:
        """Take one row after another; ArgumentError at one that was refused."""
        return (self[row] for row in range(len(self)))

    @classmethod
    def of(cls, cidrs: Iterable[Cidr]) -> Cidrs:
        """Put CIDRs into rows, as they are: what a :class:`Cidr` holds is not checked.

        >>> Cidrs.of([Cidr(4, 10 << 24, 8), Cidr(6, 0, 0)]).version
        array([4, 6], dtype=uint8)
        """
        import numpy as np

        rows = list(cidrs)
        return frozen(
            np.array([cidr.version for cidr in rows], np.uint8),
            np.array([cidr.first >> 64 for cidr in rows], np.uint64),
            np.array([cidr.first & _LOWER for cidr in rows], np.uint64),
            np.array([cidr.length for cidr in rows], np.uint8),
        )

    def take(self, rows: NDArray[Any] | slice | EllipsisType) -> Cidrs:
        """Take some rows, by their numbers, a mask or a slice.

        >>> cidrs = parse_cidrs(["10.0.0.0/8", "10.1.0.0/16", "fd00::/8"])
        >>> [str(cidr) for cidr in cidrs.take(cidrs.version == 4)]
        ['10.0.0.0/8', '10.1.0.0/16']
        """
        return frozen(
            self.version[rows], self.high[rows], self.first[rows], self.length[rows]
        )

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Which rows were not refused; shape (n,)."""
        import numpy as np

        return np.not_equal(self.version, 0)

    @property
    def last(self) -> NDArray[np.uint64]:
        """Lower 64 bits of the last address; shape (n,)."""
        import numpy as np

        # A shift by 64 is 0 in numpy.
        return self.first | np.uint64(_LOWER) >> 64 - np.minimum(self._host_bits, 64)

    @property
    def last_high(self) -> NDArray[np.uint64]:
        """Upper 64 bits of the last address, 0 for IPv4; shape (n,)."""
        import numpy as np

        return self.high | np.uint64(_LOWER) >> 128 - np.maximum(self._host_bits, 64)

    @property
    def _host_bits(self) -> NDArray[np.uint8]:
        """Bits after the prefix, 0 in a row that was refused. [bits]."""
        import numpy as np

        bits = np.zeros(IPV6 + 1, np.uint8)
        bits[list(BITS)] = list(BITS.values())
        return bits[self.version] - self.length


def parse_cidrs(
    texts: Sequence[str], *, strict: bool = True, argument: str = "cidrs"
) -> Cidrs:
    """Read many CIDRs, each as :meth:`Cidr.parse` does.

    Parameters
    ----------
    texts : sequence or ndarray of str, shape (n,)
        IPv4 and IPv6 may be mixed.
    strict : bool
        Raise for the first text that is refused; otherwise its row is not valid.
    argument : str
        What an error calls the texts.

    Returns
    -------
    Cidrs
        A row a text. 18 bytes a row; while it reads, a few hundred kilobytes more.

    Raises
    ------
    ArgumentError
        For the first text that :meth:`Cidr.parse` refuses, in the same words.

    Notes
    -----
    Texts are read a chunk at a time, its IPv4 with numpy. Where a text with a colon, or
    with three dots and a slash, has still not the shape of a CIDR, all of its kind in
    the chunk are read one by one.

    Examples
    --------
    >>> parse_cidrs(["10.0.0.0/8", "10.0.0.0/33"])
    Traceback (most recent call last):
    ...
    ipplan.errors.ArgumentError: cidrs[1] '10.0.0.0/33': a prefix length of /0 to /32
    >>> parse_cidrs(["10.0.0.0/8", "10.0.0.0/33"], strict=False).valid
    array([ True, False])
    """
    import numpy as np

    count = len(texts)
    cidrs = Cidrs(
        np.zeros(count, np.uint8),
        np.zeros(count, np.uint64),
        np.zeros(count, np.uint64),
        np.zeros(count, np.uint8),
    )
    for start in range(0, len(texts), CHUNK):
        chunk = _as_list(texts[start : start + CHUNK])
        rows = _part(cidrs, slice(start, start + CHUNK))
        _fill(rows, chunk)
        refused = _fill_others(rows, chunk)
        if strict and refused:
            raise refusal(chunk[refused[0]], f"{argument}[{start + refused[0]}]")
    return frozen(cidrs.version, cidrs.high, cidrs.first, cidrs.length)


def as_cidrs(values: Cidrs | Iterable[object], argument: str = "cidrs") -> Cidrs:
    """Rows of what stands for CIDRs: text, or objects of ipplan, netaddr or ipaddress.

    Raises
    ------
    ArgumentError
        For a single CIDR, and for the first value whose text is refused.

    Examples
    --------
    >>> from ipaddress import ip_network
    >>> as_cidrs([ip_network("10.0.0.0/8"), "10.1.0.0/16"]).length.tolist()
    [8, 16]
    >>> as_cidrs("10.0.0.0/8")
    Traceback (most recent call last):
    ...
    ipplan.errors.ArgumentError: cidrs '10.0.0.0/8': a list of CIDRs
    """
    if isinstance(values, Cidrs):
        return values
    # A network of ipaddress or netaddr would give each of its addresses.
    single = isinstance(values, (str, Cidr)) or hasattr(values, "prefixlen")
    if single or not hasattr(values, "__iter__"):
        raise ArgumentError(argument, repr(str(values)), "a list of CIDRs")
    return parse_cidrs([str(value) for value in values], argument=argument)


def joined(*parts: Cidrs) -> Cidrs:
    """Rows of one after the rows of another."""
    import numpy as np

    if len(parts) == 1:
        return parts[0]
    every = [Cidrs.of(()), *parts]
    return frozen(
        np.concatenate([part.version for part in every]),
        np.concatenate([part.high for part in every]),
        np.concatenate([part.first for part in every]),
        np.concatenate([part.length for part in every]),
    )


def frozen(*columns: NDArray[Any]) -> Cidrs:
    """Rows of new arrays, in the order of the fields, that nobody changes any more."""
    for column in columns:
        column.setflags(write=False)
    return Cidrs(*columns)


def _part(cidrs: Cidrs, rows: slice) -> Cidrs:
    """Rows of the same arrays, so that filling them fills those."""
    return Cidrs(
        cidrs.version[rows], cidrs.high[rows], cidrs.first[rows], cidrs.length[rows]
    )


def _as_list(texts: Any) -> list[Any]:
    """Texts of a list, tuple, numpy array or pandas column, as Python's own."""
    return list(texts.tolist() if hasattr(texts, "tolist") else texts)


def _fill(rows: Cidrs, texts: list[Any]) -> None:
    """Fill the rows of an IP version where all texts that might be of it are."""
    import numpy as np

    found = ipv4_columns(texts)
    if found is not None:
        rows.version[:], rows.high[:], rows.first[:], rows.length[:] = found
        return
    known = [text if isinstance(text, str) else "" for text in texts]
    colons = np.array([":" in text for text in known])
    slashes = np.array(["/" in text and text.count(".") == DOTS for text in known])
    for read, likely in ((ipv4_columns, slashes & ~colons), (ipv6_columns, colons)):
        at = likely.nonzero()[0]
        found = read([texts[place] for place in at.tolist()]) if at.size else None
        if found is not None:
            rows.version[at], rows.high[at], rows.first[at], rows.length[at] = found


def _fill_others(rows: Cidrs, texts: list[Any]) -> list[int]:
    """Fill the rows that are empty, and list those whose text is refused."""
    refused: list[int] = []
    for row in (rows.version == 0).nonzero()[0].tolist():
        try:
            version, first, rows.length[row] = fields(texts[row])
        except REFUSED:
            refused.append(row)
        else:
            rows.version[row] = version
            rows.high[row], rows.first[row] = first >> 64, first & _LOWER
    return refused
