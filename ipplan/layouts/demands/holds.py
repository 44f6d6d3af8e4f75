"""What a subnet holds, as it is placed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.cidrs import IPV4
from ipplan.layouts.demands.claims import PODS
from ipplan.prefixes import usable

if TYPE_CHECKING:
    from ipplan.layouts.results import PlacedSubnet


def holds(placed: PlacedSubnet) -> int:
    """Addresses that a subnet has for what stands in it.

    Parameters
    ----------
    placed : PlacedSubnet
        With its ranges. Several add up, but for pods: the largest counts for those.

    Returns
    -------
    int
        Of IPv4, without what is kept of each range. [addresses]

    Examples
    --------
    >>> from ipplan import Cidr
    >>> from ipplan.layouts.results import PlacedSubnet
    >>> from ipplan.layouts.wants import SubnetWant
    >>> want = SubnetWant("s", "apps", "v", "general")
    >>> two = (Cidr.parse("10.0.0.0/28"), Cidr.parse("10.0.1.0/29"))
    >>> holds(PlacedSubnet(want, two, "pinned"))
    14
    """
    kept = placed.want.kept
    rooms = [
        max(int(usable(each.length, kept)), 0)
        for each in placed.prefixes
        if each.version == IPV4
    ]
    return max(rooms, default=0) if placed.want.purpose == PODS else sum(rooms)
