"""Plots: the blocks of VNets, the subnets that stand in them, and what is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.cidrs import IPV4
from ipplan.cidrs.carving import Space
from ipplan.cidrs.indexes import CidrIndex
from ipplan.designs.fills import fill, over

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ipplan.cidrs import Cidr
    from ipplan.contracts.maps import (
        MapBlockDocument,
        MapFillDocument,
        MapNetworkDocument,
        MapSubnetDocument,
    )
    from ipplan.designs.networks import Network
    from ipplan.designs.rooms import Room
    from ipplan.documents.marks import Marks
    from ipplan.inventory.networks import Subnet, VNet

Ranges = CidrIndex["Subnet"]
"""Subnets by their ranges."""


def network_document(
    network: Network,
    rooms: Mapping[str, Room],
    clusters: Iterable[str],
    marks: Marks,
) -> MapNetworkDocument:
    """A VNet with its blocks, as the map shows it.

    Parameters
    ----------
    network : Network
        The VNet.
    rooms : mapping of str to Room
        Its subnets by their ids.
    clusters : iterable of str
        Names of the clusters in it.
    marks : Marks
        Where findings sit.
    """
    vnet = network.vnet
    plots = _Plots(vnet, rooms, marks)
    return {
        "id": vnet.id,
        "name": network.name,
        "location": vnet.location,
        "seen": vnet.seen,
        "role": network.role,
        "blocks": [plots.block(each) for each in dict.fromkeys(sorted(vnet.prefixes))],
        "strays": list(plots.strays()),
        "clusters": list(clusters),
        "marks": marks.at((vnet.id, "")),
    }


def fill_document(room: Room) -> MapFillDocument | None:
    """What a subnet or pod CIDR is filled with; None where that can't be known."""
    found = fill(room)
    if found is None:
        return None
    return {
        "reserved": found.reserved,
        "used": found.used,
        "growth": found.growth,
        "free": found.free,
    }


def in_subnets(vnet: VNet) -> tuple[int, int]:
    """IPv4 addresses that a VNet has, and those of them that are in subnets.

    Examples
    --------
    >>> from ipplan import Cidr, Subnet, VNet
    >>> subnet = Subnet("v/subnets/s", "s", (Cidr.parse("10.0.0.0/25"),))
    >>> in_subnets(VNet("v", "v", (Cidr.parse("10.0.0.0/24"),), (subnet,)))
    (256, 128)
    """
    taken = [cidr for each in vnet.subnets for cidr in each.prefixes]
    addresses = sum(each.size for each in Space(vnet.prefixes))
    free = sum(each.size for each in Space(vnet.prefixes, taken))
    return addresses, addresses - free


class _Plots:
    """The ranges of a VNet's subnets, by the blocks that they stand in."""

    def __init__(self, vnet: VNet, rooms: Mapping[str, Room], marks: Marks) -> None:
        self._vnet, self._rooms, self._marks = vnet, rooms, marks
        self._ranges: Ranges = CidrIndex(
            (cidr, each) for each in vnet.subnets for cidr in each.prefixes
        )

    def block(self, cidr: Cidr) -> MapBlockDocument:
        """A block, all subnets that lie in it, and what is in no subnet."""
        near = list(self._ranges.overlapping(cidr))
        return {
            "cidr": str(cidr),
            "addresses": cidr.size,
            "subnets": [self._subnet(*each) for each in near if cidr.covers(each[0])],
            "free": [
                str(each)
                for each in Space([cidr], (one for one, _ in near), cidr.version)
            ],
            "marks": self._marks.at((self._vnet.id, str(cidr))),
        }

    def strays(self) -> Iterator[MapSubnetDocument]:
        """Ranges of subnets that lie in no block, by address."""
        blocks = CidrIndex((each, None) for each in self._vnet.prefixes)
        for each in self._vnet.subnets:
            for cidr in each.prefixes:
                if not any(one.covers(cidr) for one, _ in blocks.overlapping(cidr)):
                    yield self._subnet(cidr, each)

    def _subnet(self, cidr: Cidr, subnet: Subnet) -> MapSubnetDocument:
        room = self._rooms[subnet.id]
        ranges = [each for each in subnet.prefixes if each.version == IPV4]
        return {
            "id": subnet.id,
            "name": subnet.name,
            "cidr": str(cidr),
            "addresses": cidr.size,
            "fill": fill_document(room) if cidr in ranges else None,
            # of several ranges the first tells it
            "over": over(room) if cidr in ranges[:1] else 0,
            "purpose": [each.what for each in room.purposes],
            "clusters": list(room.clusters),
            "marks": self._marks.at((subnet.id, str(cidr)), (subnet.id, "")),
        }
