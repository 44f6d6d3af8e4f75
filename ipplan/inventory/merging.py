"""One inventory from the parts that files hold: by id, contradictions told."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ipplan.inventory.clusters import Cluster
from ipplan.inventory.estates import Inventory
from ipplan.inventory.networks import VNet
from ipplan.inventory.origins import (
    Contradiction,
    Skipped,
    name_of,
    parent_of,
)
from ipplan.models import MODELS, Home

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.cidrs import Cidr
    from ipplan.inventory.externals import AddressPool, Client, ExternalRange, Group
    from ipplan.inventory.networks import Peering, Subnet
    from ipplan.inventory.origins import Origin
    from ipplan.inventory.pools import NodePool
    from ipplan.inventory.traffic import (
        LoadBalancer,
        NodeInterface,
        Outlet,
        PublicAddress,
        RouteTable,
        SecurityGroup,
        ZoneLink,
    )

Noun = TypeVar("Noun", bound=Any)

_SILENT = frozenset(
    {
        "id",
        "name",
        "origin",
        "seen",
        "subnets",
        "peerings",
        "pools",
        "assumed",
        "literal",
        "stopped",
    }
)
"""Fields that are no news, or are merged by themselves."""


@dataclass(slots=True)
class Parts:
    """What files hold, before it is put together.

    Parameters
    ----------
    vnets, subnets, peerings, clusters : list
        Nouns, each by itself: VNets without their children.
    pools : list of tuples of str, NodePool and Origin
        Pools that were read outside their cluster, with its id and their origin.
    deleted : list of str
        Ids of what a plan deletes: it is there no more, nor is what is part of it.
    security_groups, route_tables, public_addresses, outlets, zone_links : list
        What traffic meets on its way, each by itself.
    node_interfaces, load_balancers : list
        Those of nodes, each by itself.
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
    address_pools: list[AddressPool] = field(default_factory=list["AddressPool"])
    security_groups: list[SecurityGroup] = field(default_factory=list["SecurityGroup"])
    route_tables: list[RouteTable] = field(default_factory=list["RouteTable"])
    public_addresses: list[PublicAddress] = field(default_factory=list["PublicAddress"])
    outlets: list[Outlet] = field(default_factory=list["Outlet"])
    zone_links: list[ZoneLink] = field(default_factory=list["ZoneLink"])
    node_interfaces: list[NodeInterface] = field(default_factory=list["NodeInterface"])
    load_balancers: list[LoadBalancer] = field(default_factory=list["LoadBalancer"])
    deleted: list[str] = field(default_factory=list[str])
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
    gone = _Gone(parts.deleted)

    def merged(nouns: list[Noun]) -> tuple[Noun, ...]:
        return _sorted(_by_id(gone.without(nouns), told).values())

    vnets = _vnets(parts, gone)
    clusters = _clusters(gone.without(parts.clusters), parts)
    return Inventory(
        vnets=_sorted(vnets),
        clusters=_sorted(_placed(each, vnets) for each in clusters),
        external_ranges=_by_name(parts.external_ranges, told),
        groups=_by_name(parts.groups, told),
        clients=_by_name(parts.clients, told),
        owned=tuple(sorted(set(parts.owned))),
        address_pools=_by_name(parts.address_pools, told),
        security_groups=merged(parts.security_groups),
        route_tables=merged(parts.route_tables),
        public_addresses=merged(parts.public_addresses),
        outlets=merged(parts.outlets),
        zone_links=merged(parts.zone_links),
        node_interfaces=merged(parts.node_interfaces),
        load_balancers=merged(parts.load_balancers),
        skipped=tuple(parts.skipped),
        contradictions=tuple(dict.fromkeys(told)),
        incomplete=tuple(dict.fromkeys(parts.incomplete)),
    )


def _vnets(parts: Parts, gone: _Gone) -> list[VNet]:
    """VNets with their children; those that only children tell of are not seen."""
    told = parts.contradictions
    vnets = _by_id(gone.without(parts.vnets), told)
    subnets = _by_parent(_by_id(gone.without(parts.subnets), told))
    peerings = _by_parent(_by_id(gone.without(parts.peerings), told))
    for parent in sorted({*subnets, *peerings} - set(vnets)):
        origin = (subnets.get(parent) or peerings[parent])[0].origin
        vnets[parent] = VNet(parent, name_of(parent), seen=False, origin=origin)
    return [
        replace(
            vnet,
            subnets=tuple(subnets.get(vnet.id, ())),
            peerings=tuple(peerings.get(vnet.id, ())),
        )
        if vnet.id in subnets or vnet.id in peerings
        else vnet
        for vnet in vnets.values()
    ]


class _Gone:
    """What plans delete, as far as Azure has it now."""

    def __init__(self, deleted: list[str]) -> None:
        self._ids = frozenset(deleted)

    def without(self, nouns: Iterable[Noun]) -> Iterable[Noun]:
        """Those that stay; a plan that also makes one anew counts."""
        if not self._ids:
            return nouns
        return [noun for noun in nouns if not self._has(noun)]

    def _has(self, noun: Any) -> bool:
        ids = {noun.id, parent_of(noun.id)}
        return not noun.origin.proposed and not self._ids.isdisjoint(ids)


def _clusters(clusters: Iterable[Cluster], parts: Parts) -> Iterable[Cluster]:
    """Clusters, with the pools that were read outside them."""
    found = _by_id(clusters, parts.contradictions)
    apart: dict[str, list[tuple[NodePool, Origin]]] = {}
    for identity, pool, origin in parts.pools:
        apart.setdefault(identity, []).append((pool, origin))
    for identity, pools in apart.items():
        name, origin = name_of(identity), pools[0][1]
        empty = Cluster(name, id=identity, seen=False, origin=origin)
        each = replace(empty, pools=tuple(pool for pool, _ in pools))
        # Pools of one name are one pool, in the same file too.
        alone = replace(empty, pools=_pools(empty, each, parts.contradictions))
        first = found.get(identity)
        found[identity] = (
            alone if first is None else _joined(first, alone, parts.contradictions)
        )
    return [_modelled(cluster) for cluster in found.values()]


def _placed(cluster: Cluster, vnets: Iterable[VNet]) -> Cluster:
    """A cluster in a network that AKS made for it: its pools are in the only subnet."""
    if not cluster.node_group or all(pool.subnet for pool in cluster.pools):
        return cluster
    own = [
        vnet
        for vnet in vnets
        if vnet.resource_group == cluster.node_group
        and vnet.subscription == cluster.subscription
    ]
    subnets = [subnet for vnet in own for subnet in vnet.subnets]
    nodes = [subnet for subnet in subnets if not subnet.delegations]
    if len(own) != 1 or len(nodes) != 1:
        return cluster
    pools = tuple(
        pool if pool.subnet else replace(pool, subnet=nodes[0].id)
        for pool in cluster.pools
    )
    return replace(cluster, pools=pools, assumed=(*cluster.assumed, "pools.subnet"))


def _sorted(nouns: Iterable[Noun]) -> tuple[Noun, ...]:
    return tuple(sorted(nouns, key=lambda noun: noun.id))


def _by_name(nouns: Iterable[Noun], told: list[Contradiction]) -> tuple[Noun, ...]:
    """What was declared, by name; of two that differ the first counts."""
    found: dict[tuple[str, str], Noun] = {}
    for noun in nouns:
        key = getattr(noun, "kind", ""), noun.name.lower()
        first = found.setdefault(key, noun)
        for each in fields(noun):
            differ = getattr(first, each.name) != getattr(noun, each.name)
            if differ and each.compare:
                ours, theirs = (_said(getattr(n, each.name), n) for n in (first, noun))
                told.append(Contradiction(noun.name, each.name, ours, theirs))
    return tuple(found.values())


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
    changes, differ = _filled(first, second)
    told.extend(_contradiction(first, second, name) for name in differ)
    if hasattr(first, "pools"):
        changes["pools"] = _pools(first, second, told)
        changes["assumed"] = tuple(
            name for name in first.assumed if name not in changes
        )
    if hasattr(first, "seen"):
        changes["seen"] = first.seen or second.seen
        if second.seen and not first.seen:
            changes |= {"name": second.name, "origin": second.origin}
    found: Noun = replace(first, **changes)
    return found


def _filled(first: Any, second: Any) -> tuple[dict[str, Any], list[str]]:
    """What only the second says, and the fields of which both say different things."""
    changes: dict[str, Any] = {}
    differ: list[str] = []
    for each in fields(first):
        ours, theirs = getattr(first, each.name), getattr(second, each.name)
        if each.name in _SILENT or ours == theirs or _empty(second, each, theirs):
            continue
        if _empty(first, each, ours):
            changes[each.name] = theirs
        else:
            differ.append(each.name)
    return changes, differ


def _empty(noun: Any, each: Any, value: object) -> bool:
    """Whether a field says nothing: a flag does, but of what was not itself seen."""
    if each.name in getattr(noun, "assumed", ()):
        return True
    if isinstance(value, bool):
        return not getattr(noun, "seen", True)
    default = None if each.default is MISSING else each.default
    return value in {None, ""} or value == default


def _pools(
    first: Cluster, second: Cluster, told: list[Contradiction]
) -> tuple[NodePool, ...]:
    """The pools of both, by name; what one leaves open, the other may say."""
    found = {pool.name: pool for pool in first.pools}
    for pool in second.pools:
        ours = found.get(pool.name)
        if ours is None:
            found[pool.name] = pool
            continue
        changes, differ = _filled(ours, pool)
        if ours.nodes is not None and not ours.unknown:
            changes.pop("unknown", None)  # of nodes that do not count
        elif "nodes" in changes:
            changes["unknown"] = pool.unknown
        if "unknown" in changes:
            changes["stopped"] = pool.stopped
        found[pool.name] = replace(ours, **changes)
        identity = f"{first.id}/agentpools/{pool.name}"
        told.extend(
            Contradiction(
                identity,
                name,
                _said(getattr(ours, name), first),
                _said(getattr(pool, name), second),
            )
            for name in differ
        )
    return tuple(found.values())


def _modelled(cluster: Cluster) -> Cluster:
    """A cluster with the model of its pools, where only these tell that they differ."""
    model = MODELS.get(cluster.model or "")
    own = [pool.model for pool in cluster.pools if pool.model]
    if own and model is not None and model.home is Home.NODE_SUBNET:
        return replace(cluster, model=own[0])
    return cluster


def _contradiction(first: Any, second: Any, name: str) -> Contradiction:
    ours, theirs = getattr(first, name), getattr(second, name)
    return Contradiction(first.id, name, _said(ours, first), _said(theirs, second))


def _said(value: Any, noun: Any) -> str:
    """A value, and where it was read."""
    items = cast("tuple[object, ...]", value) if type(value) is tuple else (value,)
    text = ", ".join(map(str, items))
    return f"{text or 'nothing'} ({noun.origin.file}{noun.origin.path})"
