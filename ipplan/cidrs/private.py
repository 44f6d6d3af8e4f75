"""Private ranges: those of IPv4 that Azure takes for private, and those of IPv6."""

from __future__ import annotations

from ipplan.cidrs.cidr import Cidr
from ipplan.limits import PRIVATE_RANGES, UNIQUE_LOCAL_RANGE

PRIVATE_IPV4 = tuple(map(Cidr.parse, PRIVATE_RANGES.value))
"""RFC 1918, and RFC 6598 besides."""

UNIQUE_LOCAL = (Cidr.parse(UNIQUE_LOCAL_RANGE.value),)
"""Private IPv6."""

PRIVATE = (*PRIVATE_IPV4, *UNIQUE_LOCAL)
"""Of both families."""


def is_private(cidr: Cidr) -> bool:
    """Whether a range of either family lies in a private one.

    Examples
    --------
    >>> texts = "100.64.0.0/10", "10.0.0.0/7", "fd00:10::/40", "2603::/16"
    >>> [is_private(Cidr.parse(text)) for text in texts]
    [True, False, True, False]
    """
    return any(each.covers(cidr) for each in PRIVATE)
