"""Address arithmetic: what a prefix holds, and which prefix holds so much."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from ipplan.counts import Count, bit_length, exact_bits, is_array, keep
from ipplan.errors import ArgumentError
from ipplan.limits import LARGEST_SUBNET, RESERVED_ADDRESSES, SMALLEST_SUBNET

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from ipaddress import IPv4Network

BITS = 32
"""Bits of an IPv4 address. [bits]"""

Network = TypeVar("Network")
_LENGTH = re.compile(r"/([0-9]{1,2})", re.ASCII)


def usable(prefix_length: Count, reserved: int = RESERVED_ADDRESSES.value) -> Count:
    """Addresses that a range of a prefix length has for use.

    Parameters
    ----------
    prefix_length : int or ndarray of int, shape (...,)
        [bits]
    reserved : int
        Addresses of the range that nothing can use: Azure's five in a subnet, none
        in a pod CIDR. [addresses]

    Returns
    -------
    int or ndarray of int
        Negative where the range is smaller than what is reserved. [addresses]

    Raises
    ------
    ArgumentError
        For prefix lengths beyond 0 to 32.

    References
    ----------
    https://learn.microsoft.com/azure/networking/design-guide/ip-planning

    Examples
    --------
    >>> usable(24), usable(29), usable(24, reserved=0)
    (251, 3, 256)
    """
    prefix_length = prefix_length_of(prefix_length)
    if not isinstance(prefix_length, int):
        prefix_length = prefix_length.astype("int64")
    return (1 << (BITS - prefix_length)) - reserved


def prefix_for(
    addresses: Count,
    reserved: int = RESERVED_ADDRESSES.value,
    largest: int = LARGEST_SUBNET.value,
    smallest: int = SMALLEST_SUBNET.value,
) -> Count:
    """Longest prefix whose range has addresses enough: the smallest such subnet.

    Parameters
    ----------
    addresses : int or ndarray of int, shape (...,)
        What the range must hold, at least 0. [addresses]
    reserved : int
        Addresses of the range that nothing can use. [addresses]
    largest, smallest : int
        Prefix lengths of the largest and the smallest range allowed. [bits]

    Returns
    -------
    int or ndarray of int
        0 where no allowed range is large enough. [bits]

    Notes
    -----
    The bit length of addresses + reserved − 1, the last host number of the range, is
    its number of host bits: exact, where a rounded logarithm fails next to powers of
    two.

    Examples
    --------
    A /24 holds 251 addresses, and 252 take a /23.

    >>> prefix_for(251), prefix_for(252), prefix_for(2**32)
    (24, 23, 0)
    """
    needed = exact_bits(addresses)
    last: Any = needed + (reserved - 1)  # a new array, so it can change in place
    if not reserved:
        last = abs(last)  # where nothing is needed
    last |= (1 << (BITS - smallest)) - 1
    length = BITS - bit_length(last)
    return keep(length, length >= largest)


def network(value: object, argument: str = "network") -> IPv4Network:
    """Read an IPv4 network from text, ``netaddr`` or ``ipaddress``.

    Raises
    ------
    ArgumentError
        For anything else, host bits among it; it names the network that was meant.

    Examples
    --------
    >>> network("10.0.0.0/24")
    IPv4Network('10.0.0.0/24')
    """
    import ipaddress

    text = str(value)
    try:
        found = ipaddress.ip_network(text, strict=False)
    except ValueError:
        found = None
    if not isinstance(found, ipaddress.IPv4Network) or "/" not in text:
        raise ArgumentError(argument, repr(text), "an IPv4 CIDR such as 10.0.0.0/16")
    if text != str(found):
        allowed = f"no host bits, and a prefix length: did you mean {found}?"
        raise ArgumentError(argument, repr(text), allowed)
    return found


def prefix_length_of(value: object, argument: str = "network") -> Count:
    """Prefix length of a network, of text like ``/22``, or of numbers that are lengths.

    Raises
    ------
    ArgumentError
        For anything else, and for lengths beyond 0 to 32.

    Examples
    --------
    >>> prefix_length_of("/22"), prefix_length_of("10.0.0.0/16"), prefix_length_of(24)
    (22, 16, 24)
    """
    match = None if is_array(value) else _LENGTH.fullmatch(str(value))
    length: Any = value
    if match:
        length = int(match[1])
    elif isinstance(value, str) or hasattr(value, "version"):
        return network(value, argument).prefixlen
    elif is_array(value):
        import numpy as np

        length = np.asarray(value)
        if length.dtype.kind not in "iu":
            raise ArgumentError(argument, value, "whole prefix lengths of /0 to /32")
        length = length.astype(np.int64)
    elif not isinstance(value, int):
        raise ArgumentError(argument, repr(value), "a network, or /0 to /32")
    inside = (length >= 0) & (length <= BITS)
    if not (inside if isinstance(inside, bool) else inside.all()):
        raise ArgumentError(argument, value, "a prefix length of /0 to /32")
    return length  # type: ignore[no-any-return]  # an int, or the array just made


def place(
    prefix_lengths: Sequence[int], free: Iterable[Network]
) -> list[Network | None]:
    """Find room for ranges in free space: largest first, each in the tightest block.

    Parameters
    ----------
    prefix_lengths : sequence of int, shape (n,)
        The ranges wanted. [bits]
    free : iterable of network
        Networks as text, :class:`ipplan.Cidr`, ``netaddr`` or ``ipaddress`` objects;
        they may overlap.

    Returns
    -------
    list of network or None, shape (n,)
        Disjoint ranges in the order wanted, of the type that came; None for a range
        that finds no room.

    Examples
    --------
    >>> place([24, 23], ["10.0.0.0/22"])
    ['10.0.2.0/24', '10.0.0.0/23']
    """
    from ipplan.cidrs.carving import Space
    from ipplan.cidrs.cidr import Cidr

    given = list(free)
    space = Space(Cidr.parse(str(network(block, "free"))) for block in given)
    placed: list[Network | None] = [None] * len(prefix_lengths)
    for index in sorted(range(len(placed)), key=prefix_lengths.__getitem__):
        found = space.carve(int(prefix_lengths[index]))
        if found:
            kind: Any = type(given[0])
            placed[index] = getattr(kind, "parse", kind)(str(found))
    return placed
