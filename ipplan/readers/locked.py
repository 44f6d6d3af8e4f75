"""Lock files as files of what will be: the ranges that layouts have promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.inventory.clusters import Cluster
from ipplan.inventory.merging import Parts
from ipplan.inventory.networks import Subnet, VNet
from ipplan.inventory.origins import Origin, name_of
from ipplan.readers.locks import lock_in
from ipplan.readers.readings import as_object, path

if TYPE_CHECKING:
    from ipplan.readers.readings import Content


def knows(content: Content) -> bool:
    """Whether it is a lock, as ``ipplan layout`` writes it."""
    return "ipplan_lock" in (as_object(content.document) or {})


def read(content: Content) -> Parts:
    """Networks and subnets of a lock, and its clusters, of which it has nothing else.

    Raises
    ------
    InventoryError
        Where it is of another version, or holds what is no range.
    """
    lock = lock_in(content)
    parts = Parts()

    def origin(*steps: str) -> Origin:
        return Origin(content.file, path(steps), evidence="proposed")

    for identity, cidrs in lock.ranges.items():
        name = name_of(identity)
        if "/subnets/" in identity:
            where = origin("subnets", identity)
            parts.subnets.append(Subnet(identity, name, cidrs, origin=where))
        else:
            where = origin("networks", identity)
            parts.vnets.append(VNet(identity, name, cidrs, origin=where))
    for identity in dict.fromkeys([*lock.pod_cidrs, *lock.service_cidrs]):
        kind = "pod_cidrs" if identity in lock.pod_cidrs else "service_cidrs"
        parts.clusters.append(
            Cluster(
                name_of(identity),
                id=identity,
                pod_cidrs=lock.pod_cidrs.get(identity, ()),
                service_cidrs=lock.service_cidrs.get(identity, ()),
                seen=False,
                origin=origin(kind, identity),
            )
        )
    return parts
