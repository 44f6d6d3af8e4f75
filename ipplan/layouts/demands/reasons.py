"""Reasons: why a subnet has its size, in lines that a colleague would write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.cidrs import IPV4
from ipplan.layouts.demands.endpoints import ENDPOINTS
from ipplan.layouts.demands.services import SERVICES, ServiceRow
from ipplan.layouts.demands.subnets import short
from ipplan.limits import IPV6_SUBNET, RESERVED_ADDRESSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.layouts.demands.endpoints import EndpointRow
    from ipplan.layouts.results import PlacedSubnet
    from ipplan.layouts.wants import SubnetWant
    from ipplan.limits import Limit

_WHENCE = {
    "pinned": "pinned by the plan",
    "existing": "as it exists",
}
"""Whence a range comes, where that matters: code is the same from a lock or new."""


def reasons(placed: PlacedSubnet) -> tuple[str, ...]:
    """Why a subnet has its size, in short lines without markup.

    Parameters
    ----------
    placed : PlacedSubnet
        With its ranges, or without where it found no room.

    Returns
    -------
    tuple of str
        As :func:`words` and :func:`pages` have them, in that order.

    Examples
    --------
    >>> from ipplan import Cidr
    >>> from ipplan.layouts.results import PlacedSubnet
    >>> from ipplan.layouts.wants import Share, SubnetWant
    >>> want = SubnetWant("s", "s", "v", "nodes", (Share("pool a", 14),), 14, length=27)
    >>> placed = PlacedSubnet(want, (Cidr.parse("10.0.0.0/27"),), "new")
    >>> print(*reasons(placed), sep="; ")
    14 addresses + 5 that Azure keeps: a /27 (32); pool a: 14
    """
    return (*words(placed), *pages(placed.want))


def words(placed: PlacedSubnet) -> tuple[str, ...]:
    """Why a subnet has its size, without the pages that say so.

    Parameters
    ----------
    placed : PlacedSubnet
        With its ranges, or without where it found no room.

    Returns
    -------
    tuple of str
        What it must hold and the range that does, what adds up to that, the row that
        makes it larger, and whence its range comes.
    """
    want = placed.want
    lines = [
        _sum(placed),
        *_shares(want),
        *_advice(want),
        *(["too small: it holds less than that"] if short(want) else []),
        *([f"and a /{IPV6_SUBNET.value} of IPv6"] if want.ipv6 else []),
        _WHENCE.get(placed.whence, ""),
    ]
    return tuple(line for line in lines if line)


def pages(want: SubnetWant) -> tuple[str, ...]:
    """The pages of the row that decides, and of what adds up, each once.

    Parameters
    ----------
    want : SubnetWant
        What a plan asks for.

    Examples
    --------
    >>> from ipplan.layouts.wants import Share, SubnetWant
    >>> pages(SubnetWant("s", "s", "v", "nodes", (Share("pool a", 14),), 14, length=27))
    ()
    """
    row = [want.why.source] if want.why else []
    return tuple(dict.fromkeys([*row, *(e.source for e in want.shares if e.source)]))


def _sum(placed: PlacedSubnet) -> str:
    """What it must hold, and the range that does."""
    want = placed.want
    lengths = [each.length for each in placed.prefixes if each.version == IPV4]
    # a length of 0 is no range at all
    sizes = [
        f"a /{each} ({1 << (32 - each):,})" for each in lengths or [want.length] if each
    ]
    found = " and ".join(sizes) or "no subnet is so large"
    azure = want.kept == RESERVED_ADDRESSES.value
    kept = "that Azure keeps" if azure else "at its edges that nothing can use"
    if not want.need:
        return f"{found}, {want.kept} of it kept by Azure"
    return f"{want.need:,} addresses + {want.kept} {kept}: {found}"


def _shares(want: SubnetWant) -> Iterator[str]:
    """What adds up to the need, each with its part; a size alone adds nothing."""
    for each in want.shares:
        if each.addresses:
            # what follows a semicolon explains a number of the product
            what, *more = each.what.rsplit("; ", 1)
            joined = " = " if ":" in what else ": "
            yield "; ".join([f"{what}{joined}{each.addresses:,}", *more])


def _advice(want: SubnetWant) -> Iterator[str]:
    """The row that makes it larger than its need."""
    if want.why:
        row = _owner(want.purpose, want.why)
        advised = isinstance(row, ServiceRow) and row.advised == want.why != row.least
        word = "advised" if advised else "at least"
        yield f"{word}: /{want.why.value} for {row.title}"


def _owner(purpose: str, why: Limit[int]) -> ServiceRow | EndpointRow:
    """Whose row it is: the first of those in the subnet, as its purpose is."""
    services = sorted(SERVICES.values(), key=lambda row: row.kind != purpose)
    owners = (row for row in services if why in {row.advised, row.least, row.full})
    return next(owners, None) or next(e for e in ENDPOINTS.values() if e.least == why)
