"""A lock: the ranges that an earlier layout gave, which the next one keeps to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ipplan.cidrs import Cidr

VERSION = 1
"""Of the format of lock files."""

LOCK = ".lock.json"
"""How the names of lock files end, where nobody chose another one."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What an earlier layout of a plan gave.

    Parameters
    ----------
    plan : str
        The name of the plan.
    ranges : mapping of str to tuple of Cidr
        By resource id: the address space of networks, the prefixes of subnets.
    pod_cidrs, service_cidrs : mapping of str to tuple of Cidr
        By the ids of clusters.
    """

    plan: str
    ranges: Mapping[str, tuple[Cidr, ...]] = field(
        default_factory=dict[str, "tuple[Cidr, ...]"]
    )
    pod_cidrs: Mapping[str, tuple[Cidr, ...]] = field(
        default_factory=dict[str, "tuple[Cidr, ...]"]
    )
    service_cidrs: Mapping[str, tuple[Cidr, ...]] = field(
        default_factory=dict[str, "tuple[Cidr, ...]"]
    )


def fitted(lock: Lock, ids: Iterable[str]) -> Lock:
    """A lock under the ids that things have now.

    What has no id yet has one with words in angle brackets for what is not known, and
    gets another when it is deployed, moved to another file or given a resource group.
    It is the same for that.

    Parameters
    ----------
    lock : Lock
        As it was written.
    ids : iterable of str
        Of the networks, subnets and clusters of a plan.

    Examples
    --------
    >>> draft = "/subscriptions/<s>/resourcegroups/<g>/providers/x/y/hub"
    >>> now = "/subscriptions/1/resourcegroups/net/providers/x/y/hub"
    >>> [*fitted(Lock("shop", {draft: ()}), [now]).ranges]
    ['/subscriptions/1/resourcegroups/net/providers/x/y/hub']
    """
    known = {*lock.ranges, *lock.pod_cidrs, *lock.service_cidrs}
    asked = dict.fromkeys(ids)
    alike: dict[str, list[str]] = {}
    for each in sorted(known.difference(asked)):
        alike.setdefault(_tail(each), []).append(each)
    claims: dict[str, list[str]] = {}
    for each in asked:
        found = [old for old in alike.get(_tail(each), ()) if _agree(old, each)]
        if each not in known and len(found) == 1:
            claims.setdefault(found[0], []).append(each)
    # what two could have been is neither's
    names = {old: own[0] for old, own in claims.items() if len(own) == 1}
    return Lock(
        lock.plan,
        _renamed(lock.ranges, names),
        _renamed(lock.pod_cidrs, names),
        _renamed(lock.service_cidrs, names),
    )


def _tail(identity: str) -> str:
    """What of an id does not say where it is: types and names."""
    return identity.partition("/providers/")[2]


def _agree(one: str, other: str) -> bool:
    """Whether two ids name one subscription and group, as far as they know these."""
    heads = (each.partition("/providers/")[0].split("/") for each in (one, other))
    return all(a == b or "<" in a or "<" in b for a, b in zip(*heads, strict=False))


def _renamed(
    ranges: Mapping[str, tuple[Cidr, ...]], names: Mapping[str, str]
) -> dict[str, tuple[Cidr, ...]]:
    return {names.get(key, key): found for key, found in ranges.items()}


def lock_beside(plan: str) -> str:
    """The lock file of a plan, whatever that is called.

    Examples
    --------
    >>> lock_beside("nets/shop.yaml"), lock_beside("/")
    ('nets/shop.lock.json', '/.lock.json')
    """
    path = Path(plan)
    return str(path.parent / f"{path.stem}{LOCK}")
