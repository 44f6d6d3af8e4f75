"""Rooms as plain documents: what subnets and pod CIDRs hold, stage by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.inventory.origins import parent_of

if TYPE_CHECKING:
    from ipplan.contracts.reports import ReportRoomDocument
    from ipplan.designs.rooms import Room
    from ipplan.designs.studies import Study


def room_documents(study: Study) -> list[ReportRoomDocument]:
    """The subnets and pod CIDRs of a study, as ``ipplan report`` tells of them.

    Parameters
    ----------
    study : Study
        A plan or an estate.

    Examples
    --------
    >>> from datetime import date
    >>> from ipplan import Inventory
    >>> from ipplan.designs.studies import study
    >>> room_documents(study(Inventory(), "nothing", as_of=date(2026, 11, 28)))
    []
    """
    return [_document(each) for each in study.rooms]


def _document(room: Room) -> ReportRoomDocument:
    return {
        "id": room.id,
        "name": room.name,
        "network": room.network,
        "network_id": parent_of(room.id) if room.is_subnet else None,
        "kind": "subnet" if room.is_subnet else "pod-cidr",
        "cidrs": [str(each) for each in room.cidrs],
        "purpose": [each.words for each in room.purposes],
        "clusters": list(room.clusters),
        "addresses": room.addresses,
        "reserved": room.reserved,
        "usable": room.usable,
        "used": room.used,
        "others": room.others,
        "stages": [
            {"name": each.name, "need": each.need, "fits": each.fits}
            for each in room.stages
        ],
        "binding": room.binding,
        "free": room.free,
        "growth": room.growth,
        "nodes_left": room.nodes_left,
        "change": room.change.words,
        "change_source": room.change.source,
        "why": list(room.why),
        "source": room.source,
        "unknown": list(room.unknown),
    }
