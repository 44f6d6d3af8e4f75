"""The report of ``ipplan next``: plain ranges, and what there is to say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ipplan.cidrs.spellings import BITS, IPV6
from ipplan.counts import counted
from ipplan.inventory.origins import name_of
from ipplan.limits import IPV6_SUBNET
from ipplan.tables import Table
from ipplan.views.reports import Report, Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.contracts.nexts import NextDocument, RoomDocument

_KINDS = {
    "vnets": ("range of VNets", "ranges of VNets"),
    "subnets": ("subnet", "subnets"),
    "unseen": ("recorded range of VNets not seen", "recorded ranges of VNets not seen"),
    "on_premises": ("range on premises", "ranges on premises"),
    "clusters": ("pod or service CIDR", "pod and service CIDRs"),
    "pools": ("range of other pools", "ranges of other pools"),
}
"""What was kept clear of, one or several; what Azure reserves goes without saying."""

_SUBNET = BITS[IPV6] - IPV6_SUBNET.value
"""Host bits of the only size that subnets have in IPv6. [bits]"""


def next_report(document: NextDocument, *, lines: bool = False) -> Report:
    """The report of ``ipplan next``.

    Parameters
    ----------
    document : NextDocument
        What was found.
    lines : bool
        Whether it is nothing but a range a line, as scripts take it.
    """
    found = document["ranges"]
    if lines:
        texts = [each["cidr"] for each in found]
        return Report(document, [Section("", Table([]), texts)])
    rows = [
        (each["cidr"], each["pool"], _amount(each["addresses"], each["cidr"]))
        for each in found
    ]
    table = Table(["range", "pool", "holds"], rows)
    records = [cast("dict[str, Any]", each) for each in found]
    return Report(document, [Section("", table, remarks(document))], records)


def remarks(document: NextDocument) -> list[str]:
    """What is short, what the pools have left, and what was kept clear of or not."""
    return [
        *_short(document),
        *map(_left, document["pools"]),
        *_avoided(document),
        *(
            f"not clear of {each['cidr']} on premises ({each['name']}): it is larger "
            "than a range of the pools, and more specific routes win over it"
            for each in document["aggregates"]
        ),
    ]


def _short(document: NextDocument) -> Iterator[str]:
    """That fewer ranges are free than were asked for, and how large one could be."""
    found, asked = len(document["ranges"]), document["count"]
    if found < asked:
        rooms = [each["largest"] for each in document["pools"] if each["largest"]]
        largest = min(rooms, key=lambda each: int(each.partition("/")[2]), default="")
        left = f"the largest free block is {largest}" if largest else "nothing else is"
        more = "no further" if found else "no"
        what = f"{more} /{document['prefix_length']} is free; {left}"
        yield f"found {found:,} of {asked:,}: {what}"


def _left(room: RoomDocument) -> str:
    ranges = " ".join(room["prefixes"])
    left = _amount(room["free"], ranges)
    largest = f", the largest block {room['largest']}" if room["largest"] else ""
    return f"pool {room['name']} {ranges} has {left} left{largest}"


def _amount(addresses: int, ranges: str) -> str:
    """How much ranges of one family hold: addresses, or subnets of IPv6."""
    if ":" in ranges:
        return counted(addresses >> _SUBNET, f"/{IPV6_SUBNET.value}")
    return counted(addresses, "address", "es")


def _avoided(document: NextDocument) -> Iterator[str]:
    counts = cast("dict[str, int]", document["avoided"])
    said = [
        f"{counts[kind]:,} {many if counts[kind] > 1 else one}"
        for kind, (one, many) in _KINDS.items()
        if counts[kind]
    ]
    if said:
        yield f"clear of {', '.join(said)}"
    if document["near"]:
        name = name_of(document["near"])
        yield f"clusters that {name} does not reach do not count"
