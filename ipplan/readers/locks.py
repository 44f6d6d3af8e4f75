"""read_lock(): the ranges that an earlier layout of a plan gave."""

from __future__ import annotations

import os
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    StrictStr,
    ValidationError,
)

from ipplan.cidrs import IPV4
from ipplan.errors import InventoryError
from ipplan.inventory.origins import Origin, normal_id
from ipplan.layouts.locks import VERSION, Lock
from ipplan.readers.files import load
from ipplan.readers.lines import lines
from ipplan.readers.payloads import Range, shown
from ipplan.readers.readings import as_object, path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ipplan.cidrs import Cidr
    from ipplan.readers.readings import Content

_SAID = {
    "list_type": "expected a list of CIDRs",
    "dict_type": "expected lists of CIDRs by resource ids",
    "string_type": "expected text",
}
"""Messages for pydantic's types of errors; others have good ones of their own."""

_Wrong = tuple[tuple[int | str, ...], str]
"""The steps to what is wrong, and what that is."""


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


def read_lock(file: str, plan: str) -> Lock | None:
    """Read the lock of a plan.

    Parameters
    ----------
    file : str
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
    if not os.path.lexists(file):
        return None
    content = load(file)
    found = lock_in(content)
    if found.plan != plan:
        why = f"is the lock of plan {found.plan!r}, and this is {plan!r}"
        raise InventoryError(file, [f" line {_line(content, '.plan')}: {why}"])
    return found


def lock_in(content: Content) -> Lock:
    """The lock that a file holds, of whatever plan.

    Raises
    ------
    InventoryError
        Where it is none of ipplan's, or holds what is no range.
    """
    found = _read(content, as_object(content.document) or {})
    return Lock(
        plan=found.plan,
        ranges=_kept({**found.networks, **found.subnets}),
        pod_cidrs=_kept(found.pod_cidrs),
        service_cidrs=_kept(found.service_cidrs),
    )


def _read(content: Content, document: dict[str, Any]) -> _LockFile:
    """A lock whose ranges can be kept to, or all that is wrong with it."""
    version = document.get("ipplan_lock")
    if version is None:
        raise InventoryError(content.file, [": is no lock file of ipplan's"])
    if type(version) is not int or version != VERSION:
        line = _line(content, ".ipplan_lock")
        why = f"is of version {shown(version)}, and this ipplan reads {VERSION}"
        raise InventoryError(content.file, [f" line {line}: {why}"])
    try:
        found = _LockFile.model_validate(document)
    except ValidationError as error:
        raise _refusal(content, _malformed(error)) from None
    wrong = list(_unkept(found))
    if wrong:
        raise _refusal(content, wrong)
    return found


def _malformed(error: ValidationError) -> Iterator[_Wrong]:
    """What does not look as it should, each with the steps to it."""
    for each in error.errors(include_url=False, include_context=False):
        steps = tuple(step for step in each["loc"] if step != "[key]")
        said, kind = each["msg"].removeprefix("Value error, "), each["type"]
        if kind == "extra_forbidden":
            yield steps, _unknown(str(steps[-1]))
        elif kind == "missing":
            yield steps, "is missing"
        else:
            yield steps, f"{_SAID.get(kind, said)}, got {shown(each['input'])}"


def _unknown(key: str) -> str:
    """What to write in place of a key that there is not."""
    keys = list(_LockFile.model_fields)
    close = get_close_matches(key.lower(), keys, 1)
    there = f"did you mean {close[0]}?" if close else f"there are {', '.join(keys)}"
    return f"unknown key: {there}"


def _unkept(found: _LockFile) -> Iterator[_Wrong]:
    """Ranges that no layout gives: one in another, or a subnet without IPv4."""
    for name in ("networks", "subnets", "pod_cidrs", "service_cidrs"):
        ranges: Mapping[str, list[Cidr]] = getattr(found, name)
        for identity, several in ranges.items():
            for outer, inner in pairwise(sorted(several)):
                if outer == inner:
                    yield (name, identity), f"{inner} stands there twice"
                elif outer.covers(inner):
                    yield (name, identity), f"{inner} lies in {outer}"
    for identity, several in found.subnets.items():
        if several and all(each.version != IPV4 for each in several):
            yield ("subnets", identity), f"{several[0]} is IPv6, and no IPv4 beside it"


def _refusal(content: Content, wrong: Iterable[_Wrong]) -> InventoryError:
    """All that is wrong, each with its line: of what is missing, the first."""
    from ipplan.readers.plan.mistakes import Mistake, told

    by_path = [(path(steps), message) for steps, message in wrong]
    known = lines(content.text, {each for each, _ in by_path})
    mistakes = (
        Mistake(Origin(content.file, each, known.get(each, 1)), message)
        for each, message in by_path
    )
    return InventoryError(content.file, told(mistakes))


def _line(content: Content, place: str) -> int:
    return lines(content.text, {place})[place]


def _kept(ranges: Mapping[str, list[Cidr]]) -> dict[str, tuple[Cidr, ...]]:
    return {each: tuple(of) for each, of in ranges.items()}
