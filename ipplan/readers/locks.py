"""read_lock(): the ranges that an earlier layout of a plan gave."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    StrictStr,
    ValidationError,
)

from ipplan.errors import InventoryError
from ipplan.inventory.origins import normal_id
from ipplan.layouts.locks import VERSION, Lock
from ipplan.readers.files import load
from ipplan.readers.payloads import Range, problems, shown, told
from ipplan.readers.readings import as_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ipplan.cidrs import Cidr


def _plain(identity: str) -> str:
    """An id as locks have it."""
    if not identity.startswith("/") or identity != normal_id(identity):
        message = "expected a resource id in lower case"
        raise ValueError(message)
    return identity


_Ranges = dict[Annotated[StrictStr, AfterValidator(_plain)], list[Range]]


class _LockFile(BaseModel):
    """The keys of a lock file; all are needed, and there are no others."""

    model_config = ConfigDict(extra="forbid")

    ipplan_lock: Literal[1]
    note: StrictStr
    plan: StrictStr
    networks: _Ranges
    subnets: _Ranges
    pod_cidrs: _Ranges
    service_cidrs: _Ranges


def read_lock(path: str, plan: str) -> Lock | None:
    """Read the lock of a plan.

    Parameters
    ----------
    path : str
        The lock file.
    plan : str
        The name of the plan that is laid out.

    Returns
    -------
    Lock or None
        None where there is no such file.

    Raises
    ------
    InventoryError
        Where it is cut off or none of ipplan's, holds what is no range, or is the lock
        of another plan.

    Examples
    --------
    >>> read_lock("no-such-plan.lock.json", "shop") is None
    True
    """
    if not os.path.lexists(path):
        return None
    document = as_object(load(path).document) or {}
    version = document.get("ipplan_lock")
    if version is None:
        raise InventoryError(path, [": is no lock file of ipplan's"])
    if version != VERSION:
        why = f": is of version {shown(version)}, and this ipplan reads {VERSION}"
        raise InventoryError(path, [why])
    found = _read(path, document)
    if found.plan != plan:
        why = f": is the lock of plan {found.plan!r}, and this is {plan!r}"
        raise InventoryError(path, [why])
    return Lock(
        plan=found.plan,
        ranges=_kept({**found.networks, **found.subnets}),
        pod_cidrs=_kept(found.pod_cidrs),
        service_cidrs=_kept(found.service_cidrs),
    )


def _read(path: str, document: dict[str, Any]) -> _LockFile:
    try:
        return _LockFile.model_validate(document)
    except ValidationError as error:
        raise InventoryError(path, told(problems("", error, document))) from None


def _kept(ranges: Mapping[str, list[Cidr]]) -> dict[str, tuple[Cidr, ...]]:
    return {each: tuple(of) for each, of in ranges.items()}
