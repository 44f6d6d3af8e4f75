"""The next free ranges as a plain document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ipplan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ipplan.contracts.nexts import AvoidedDocument, NextDocument, RoomDocument
    from ipplan.layouts.nexts import Nexts, PoolLeft


def next_document(
    nexts: Nexts, asked: Mapping[str, Any], *, complete: bool = True
) -> NextDocument:
    """Free ranges as the document that ``ipplan next`` prints.

    Parameters
    ----------
    nexts : Nexts
        What was found.
    asked : mapping of str to object
        The options that were given.
    complete : bool
        Whether all that there is was read.
    """
    return {
        "kind": "ipplan.next",
        "version": __version__,
        "input": dict(asked),
        "complete": complete,
        "prefix_length": nexts.length,
        "count": nexts.count,
        "near": nexts.near.id if nexts.near else None,
        "ranges": [
            {"cidr": str(cidr), "pool": pool, "addresses": cidr.size}
            for cidr, pool in nexts.found
        ],
        "pools": [_room(each) for each in nexts.rooms],
        "avoided": cast("AvoidedDocument", dict(nexts.avoided)),
        "aggregates": [
            {"name": name, "cidr": str(cidr)} for name, cidr in nexts.aggregates
        ],
    }


def _room(room: PoolLeft) -> RoomDocument:
    return {
        "name": room.name,
        "prefixes": [str(each) for each in room.prefixes],
        "addresses": sum(each.size for each in room.prefixes),
        "free": room.free,
        "largest": str(room.largest) if room.largest else None,
    }
