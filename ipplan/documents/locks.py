"""What a lock file holds, as a plain document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.inventory.origins import parent_of
from ipplan.layouts.locks import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ipplan.cidrs import Cidr
    from ipplan.layouts.locks import Lock

NOTE = (
    "Made by ipplan layout, which keeps to these ranges. Commit it beside its plan; "
    "--replan draws ranges anew."
)
"""What people read who open the file."""


def lock_document(lock: Lock) -> dict[str, Any]:
    """What an earlier layout gave, as the document that a lock file is.

    Parameters
    ----------
    lock : Lock
        Its ranges are written by id, so that a change of one shows as one.

    Examples
    --------
    >>> from ipplan import Cidr
    >>> from ipplan.layouts.locks import Lock
    >>> hub = "/x/virtualnetworks/hub"
    >>> lock = Lock("shop", {hub: (Cidr.parse("10.0.0.0/24"),)})
    >>> lock_document(lock)["networks"]
    {'/x/virtualnetworks/hub': ['10.0.0.0/24']}
    """
    subnets = {each for each in lock.ranges if parent_of(each)}
    return {
        "ipplan_lock": VERSION,
        "note": NOTE,
        "plan": lock.plan,
        "networks": _written(lock.ranges, lock.ranges.keys() - subnets),
        "subnets": _written(lock.ranges, subnets),
        "pod_cidrs": _written(lock.pod_cidrs, lock.pod_cidrs),
        "service_cidrs": _written(lock.service_cidrs, lock.service_cidrs),
    }


def _written(
    ranges: Mapping[str, tuple[Cidr, ...]], ids: Iterable[str]
) -> dict[str, list[str]]:
    """Ranges as text, by id, in the order of ids."""
    return {each: [str(one) for one in ranges[each]] for each in sorted(ids)}
