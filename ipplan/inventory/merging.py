"""One inventory from the parts that files hold: by id, contradictions told."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ipplan.inventory.clusters import Cluster
from ipplan.inventory.estates import Inventory
from ipplan.inventory.networks import VNet
from ipplan.inventory.origins import Contradiction, Skipped, name_of, parent_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.cidrs import Cidr
    from ipplan.inventory.externals import Client, ExternalRange, Group
    from ipplan.inventory.networks import Peering, Subnet
    from ipplan.inventory.origins import Origin
    from ipplan.inventory.pools import NodePool

Noun = TypeVar("Noun", bound=Any)

_SILENT = frozenset({"id", "name", "origin", "seen", "subnets", "peerings", "pools"})
"""Fields that are no news, or are merged by themselves."""


@dataclass(slots=True)
class Parts:
    """What files hold, before it is put together.

    Parameters
    ----------
    vnets, subnets, peerings, clusters : list
        Nouns, each by itself: VNets without their children.
    pools : list of pairs of str and NodePool
        Pools that were read outside their cluster, with its id and their origin.
    """

    vnets: list[VNet] = field(default_factory=list[VNet])
    subnets: list[Subnet] = field(default_factory=list["Subnet"])
    peerings: list[Peering] = field(default_factory=list["Peering"])
    clusters: list[Cluster] = field(default_factory=list[Cluster])
    pools: list[tuple[str, NodePool, Origin]] = field(
        default_factory=list["tuple[str, NodePool, Origin]"]
    )
    external_ranges: list[ExternalRange] = field(default_factory=list["ExternalRange"])
    groups: list[Group] = field(default_factory=list["Group"])
    clients: list[Client] = field(default_factory=list["Client"])
    owned: list[Cidr] = field(default_factory=list["Cidr"])
    skipped: list[Skipped] = field(default_factory=list[Skipped])
    incomplete: list[str] = field(default_factory=list[str])
    contradictions: list[Contradiction] = field(default_factory=list[Contradiction])

    def extend(self, other: Parts) -> None:
        """Add what another holds."""
        for each in fields(self):
            getattr(self, each.name).extend(getattr(other, each.name))


def merge(parts: Parts) -> Inventory:
    """Put parts together: what has one id is one object.

    A VNet or cluster of which only children were read stands for them, and says that it
    was not seen. Of two values that differ the one that was read first is kept, but a
    plan counts over what Azure has now; the other is told as a contradiction.
    """
    told = parts.contradictions
    vnets = _by_id(parts.vnets, told)
    subnets = _by_parent(_by_id(parts.subnets, told))
    peerings = _by_parent(_by_id(parts.peerings, told))
    for parent in sorted({*subnets, *peerings} - set(vnets)):
        origin = (subnets.get(parent) or peerings[parent])[0].origin
        vnets[parent] = VNet(parent, name_of(parent), seen=False, origin=origin)
    whole = [
        replace(
            vnet,
            subnets=tuple(subnets.get(vnet.id, ())),
            peerings=tuple(peerings.get(vnet.id, ())),
        )
        if vnet.id in subnets or vnet.id in peerings
        else vnet
        for vnet in vnets.values()
    ]
    return Inventory(
        vnets=_sorted(whole),
        clusters=_clusters(parts),
        external_ranges=tuple(dict.fromkeys(parts.external_ranges)),
        groups=tuple(dict.fromkeys(parts.groups)),
        clients=tuple(dict.fromkeys(parts.clients)),
        owned=tuple(sorted(set(parts.owned))),
        skipped=tuple(parts.skipped),
        contradictions=tuple(dict.fromkeys(told)),
        incomplete=tuple(dict.fromkeys(parts.incomplete)),
    )


def _clusters(parts: Parts) -> tuple[Cluster, ...]:
    """Clusters, with the pools that were read outside them."""
    found = _by_id(parts.clusters, parts.contradictions)
    for identity, pool, origin in parts.pools:
        alone = Cluster(
            name_of(identity), (pool,), id=identity, seen=False, origin=origin
        )
        first = found.get(identity)
        found[identity] = (
            alone if first is None else _joined(first, alone, parts.contradictions)
        )
    return _sorted(found.values())


def _sorted(nouns: Iterable[Noun]) -> tuple[Noun, ...]:
    return tuple(sorted(nouns, key=lambda noun: noun.id))


def _by_parent(nouns: dict[str, Noun]) -> dict[str, list[Noun]]:
    """Children by the id of their VNet, each VNet's in the order of their ids."""
    found: dict[str, list[Noun]] = {}
    for noun in _sorted(nouns.values()):
        found.setdefault(parent_of(noun.id), []).append(noun)
    return found


def _by_id(nouns: Iterable[Noun], told: list[Contradiction]) -> dict[str, Noun]:
    found: dict[str, Noun] = {}
    for noun in nouns:
        first = found.get(noun.id)
        found[noun.id] = noun if first is None else _joined(first, noun, told)
    return found


def _joined(first: Noun, second: Noun, told: list[Contradiction]) -> Noun:
    """Two readings of one object as one; a plan counts over what Azure has now."""
    if "proposed" == second.origin.evidence != first.origin.evidence:
        first, second = second, first
    changes: dict[str, Any] = {}
    for each in fields(first):
        ours, theirs = getattr(first, each.name), getattr(second, each.name)
        if each.name in _SILENT or ours == theirs:
            continue
        if _empty(first, each, ours):
            changes[each.name] = theirs
        elif not _empty(second, each, theirs):
            told.append(_contradiction(first, second, each.name))
    if hasattr(first, "pools"):
        changes["pools"] = _pools(first, second, told)
    if hasattr(first, "seen"):
        changes["seen"] = first.seen or second.seen
        if second.seen and not first.seen:
            changes |= {"name": second.name, "origin": second.origin}
    return replace(first, **changes)


def _empty(noun: Any, each: Any, value: object) -> bool:
    """Whether a field says nothing: a flag does, but of what was not itself seen."""
    if isinstance(value, bool):
        return not getattr(noun, "seen", True)
    default = None if each.default is MISSING else each.default
    return value in {None, (), ""} or value == default


def _pools(
    first: Cluster, second: Cluster, told: list[Contradiction]
) -> tuple[NodePool, ...]:
    """The pools of both, by name; the first cluster's where they differ."""
    found = {pool.name: pool for pool in first.pools}
    for pool in second.pools:
        ours = found.setdefault(pool.name, pool)
        different = [
            each.name
            for each in fields(pool)
            if getattr(ours, each.name) != getattr(pool, each.name)
        ]
        told.extend(
            Contradiction(
                f"{first.id}/agentpools/{pool.name}",
                name,
                _said(getattr(ours, name), first),
                _said(getattr(pool, name), second),
            )
            for name in different
        )
    return tuple(found.values())


def _contradiction(first: Any, second: Any, name: str) -> Contradiction:
    ours, theirs = getattr(first, name), getattr(second, name)
    return Contradiction(first.id, name, _said(ours, first), _said(theirs, second))


def _said(value: Any, noun: Any) -> str:
    """A value, and where it was read."""
    items = cast("tuple[object, ...]", value) if type(value) is tuple else (value,)
    text = ", ".join(map(str, items))
    return f"{text or 'nothing'} ({noun.origin.file}{noun.origin.path})"
