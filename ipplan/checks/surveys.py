"""A survey: an inventory, and what rules look up in it, each worked out once."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.checks.capacity.capacities import capacities
from ipplan.checks.capacity.standings import standings
from ipplan.cidrs import IPV4
from ipplan.cidrs.indexes import CidrIndex, chains
from ipplan.cidrs.spellings import IPV6
from ipplan.inventory.networks import VNet
from ipplan.inventory.origins import name_of, parent_of, resource_group_of
from ipplan.usages import usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet
    from datetime import date

    from ipplan.checks.capacity.capacities import Capacity
    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.estates import Inventory
    from ipplan.inventory.externals import ExternalRange
    from ipplan.inventory.networks import Peering, Subnet
    from ipplan.inventory.reach import Link
    from ipplan.inventory.traffic import RouteTable, SecurityGroup
    from ipplan.sizing.sizings import Sizing
    from ipplan.usages import SubnetUse


MOST_PAIRS = 1_000_000
"""Related pairs that overlap and are looked at."""


class Space(NamedTuple):
    """A range of a VNet, or of a subnet in it."""

    cidr: Cidr
    vnet: VNet
    subnet: Subnet | None = None


@dataclass(frozen=True)
class Survey:
    """What every rule is given.

    Parameters
    ----------
    inventory : Inventory
        What there is.
    as_of : date
        The day on which retirements are judged.
    """

    inventory: Inventory
    as_of: date

    @cached_property
    def proposed(self) -> dict[str, Cidr]:
        """Ranges that fixes propose, by what for: no two propose the same."""
        return {}

    @cached_property
    def vnets(self) -> dict[str, VNet]:
        """Every VNet that is known of, by id: those not seen with recorded space."""
        found = dict(self.inventory.vnet_by_id)
        for each in self.inventory.unseen:
            known = found.get(each.id)
            if known is not None:
                found[each.id] = replace(
                    known, prefixes=known.prefixes or each.prefixes
                )
            elif each.prefixes:
                origin = self._peerings_by_id[each.named_by[0]].origin
                found[each.id] = VNet(
                    each.id,
                    name_of(each.id),
                    each.prefixes,
                    seen=False,
                    origin=origin,
                )
        return found

    @cached_property
    def _peerings_by_id(self) -> dict[str, Peering]:
        return {each.id: each for each in self.inventory.peerings}

    @cached_property
    def sides(self) -> dict[tuple[str, str], Peering]:
        """Peerings by the VNet that has them and the one that they name."""
        return {
            (each.vnet, each.remote): each
            for each in self.inventory.peerings
            if each.remote and each.remote != each.vnet
        }

    @cached_property
    def peers(self) -> dict[str, tuple[str, ...]]:
        """The VNets that a VNet is peered with, in whatever state, by id."""
        found: dict[str, set[str]] = defaultdict(set)
        for first, second in self.sides:
            found[first].add(second)
            found[second].add(first)
        return {each: tuple(sorted(found[each])) for each in sorted(found)}

    def peered(self, first: str, second: str) -> list[Peering]:
        """The sides of the peering of two VNets that were read."""
        keys = (first, second), (second, first)
        return [self.sides[key] for key in keys if key in self.sides]

    def taking_part(self, vnet: str, other: str) -> tuple[Space, ...]:
        """The ranges of a VNet that its peering with another joins, by their ids.

        All of its space; the subnets that are named in a subnet peering, as they are
        or as the other side recorded them.
        """
        noun = self.vnets.get(vnet)
        if noun is None:
            return ()
        own, back = self.sides.get((vnet, other)), self.sides.get((other, vnet))
        found = [Space(cidr, noun) for cidr in noun.prefixes]
        if back and back.state == "Disconnected":  # it still takes what it recorded
            was = set(back.synced_prefixes) - set(noun.prefixes)
            found += [Space(cidr, noun) for cidr in sorted(was)]
        if any(not each.complete for each in (own, back) if each):
            named = {*(own.local_subnets if own else ())}
            named |= {*(back.remote_subnets if back else ())}
            lower = {each.lower() for each in named}
            recorded = back.remote_prefixes if back else ()
            found = [
                Space(cidr, noun, subnet)
                for subnet in noun.subnets
                if subnet.name.lower() in lower
                for cidr in subnet.prefixes
            ] or [Space(cidr, noun) for cidr in recorded]
        if any(each.ipv6_only for each in (own, back) if each):
            found = [each for each in found if each.cidr.version == IPV6]
        return tuple(found)

    @cached_property
    def related(self) -> frozenset[frozenset[str]]:
        """Pairs of VNets that are peered, or joined by a hub or a group.

        Only those that overlap; of more than a million the first.
        """
        joined = [{first, second} for first, second in self.sides]
        joined += [{hub, *peers} for hub, peers in self.peers.items()]
        joined += [
            set(each.members)
            for each in self.inventory.groups
            if each.kind != "pod-mesh"
        ]
        pairs = (pair for each in joined for pair in self._overlapping(each))
        return frozenset(islice(pairs, MOST_PAIRS))

    def _overlapping(self, ids: AbstractSet[str]) -> Iterator[frozenset[str]]:
        owners: dict[Cidr, list[str]] = defaultdict(list)
        for each in sorted(ids & self.vnets.keys()):
            for cidr in self.vnets[each].prefixes:
                owners[cidr].append(each)
        for *outer, cidr in chains(owners):
            own = owners[cidr]
            above = [each for one in outer for each in owners[one]]
            for place, one in enumerate(own):
                for two in (*above, *own[:place]):
                    if one != two:
                        yield frozenset((one, two))

    @cached_property
    def usage(self) -> dict[str, SubnetUse]:
        """What each subnet must hold, holds and has left, by its id."""
        return {each.subnet.id: each for each in usage(self.inventory)}

    @cached_property
    def capacities(self) -> tuple[Capacity, ...]:
        """What each subnet and pod CIDR that clusters use holds."""
        return capacities(self)

    @cached_property
    def capacities_of(self) -> dict[str, list[Capacity]]:
        """The subnets and pod CIDRs that a cluster uses, by its id."""
        found: dict[str, list[Capacity]] = defaultdict(list)
        for each in self.capacities:
            for identity in dict.fromkeys(tenant.cluster for tenant in each.tenants):
                found[identity].append(each)
        return found

    @cached_property
    def standings(self) -> tuple[tuple[Cluster, Sizing], ...]:
        """Each cluster whose model is known, sized as it stands."""
        return tuple(standings(self.inventory))

    @cached_property
    def cluster_by_id(self) -> dict[str, Cluster]:
        """Clusters by their ids."""
        return {each.id: each for each in self.inventory.clusters}

    @cached_property
    def spaces(self) -> CidrIndex[Space]:
        """Ranges of VNets."""
        return CidrIndex(
            (cidr, Space(cidr, vnet))
            for vnet in self.vnets.values()
            for cidr in vnet.prefixes
        )

    @cached_property
    def subnet_spaces(self) -> CidrIndex[Space]:
        """Ranges of subnets."""
        return CidrIndex(
            (cidr, Space(cidr, vnet, subnet))
            for vnet in self.vnets.values()
            for subnet in vnet.subnets
            for cidr in subnet.prefixes
        )

    @cached_property
    def occupied(self) -> dict[str, tuple[Cidr, ...]]:
        """IPv4 ranges of each VNet, and of its subnets outside them, by its id."""
        return {each.id: tuple(_occupied(each)) for each in self.vnets.values()}

    @cached_property
    def outside(self) -> CidrIndex[ExternalRange]:
        """Ranges of networks elsewhere."""
        return CidrIndex(
            (cidr, each)
            for each in self.inventory.external_ranges
            for cidr in each.prefixes
        )

    def homes(self, cluster: Cluster) -> tuple[str, ...]:
        """Ids of the VNets whose subnets a cluster uses, or of the one AKS made.

        AKS makes one in the resource group of the nodes; it may not have been read.
        """
        named = (parent_of(each) for each in cluster.subnets)
        found = tuple(dict.fromkeys(each for each in named if each))
        group = cluster.subscription, cluster.node_group
        return found or tuple(self._vnets_in.get(group, ()))

    @cached_property
    def _vnets_in(self) -> dict[tuple[str | None, str | None], list[str]]:
        """VNets by subscription and resource group, those that say none left out."""
        found: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
        for vnet in self.vnets.values():
            if vnet.resource_group:
                found[vnet.subscription, vnet.resource_group].append(vnet.id)
        return found

    def homes_of(self, ids: Iterable[str]) -> set[str]:
        """Ids of the VNets that subnets, peerings and clusters are in, or that are."""
        found: set[str] = set()
        for each in ids:
            cluster = self.cluster_by_id.get(each)
            found |= set(self.homes(cluster)) if cluster else {parent_of(each) or each}
        return found

    def link(self, cluster: Cluster, vnet: str) -> Link | None:
        """The most direct way from a cluster's VNets to another; None without one."""
        between = self.inventory.reach.between
        found = [between(home, vnet) for home in self.homes(cluster)]
        return next((each for each in found if each), None)

    @cached_property
    def _external(self) -> dict[str, tuple[ExternalRange, ...]]:
        return {}

    def external_ranges(self, cluster: Cluster) -> tuple[ExternalRange, ...]:
        """The networks elsewhere that a cluster's VNets reach."""
        found: dict[str, ExternalRange] = {}
        for home in self.homes(cluster):
            if home not in self._external:
                self._external[home] = self.inventory.external_ranges_of(home)
            found |= {each.name: each for each in self._external[home]}
        if not self.homes(cluster):  # AKS's own VNet: what every VNet reaches
            everywhere = self.inventory.external_ranges
            found = {each.name: each for each in everywhere if each.attached is None}
        return tuple(found.values())

    @cached_property
    def _common(self) -> frozenset[tuple[str, str]]:
        """Names that several VNets or clusters have, with their type."""
        ids = [*self.vnets, *(each.id for each in self.inventory.clusters)]
        counts = Counter((_kind(each), name_of(each)) for each in ids)
        return frozenset(key for key, count in counts.items() if count > 1)

    def called(self, noun: Any) -> str:
        """What people call a noun: subnets behind their VNet, namesakes by group."""
        identity: str = getattr(noun, "id", "")
        name: str = noun.name or name_of(identity)
        parent = parent_of(identity)
        if parent:
            vnet = self.vnets.get(parent)
            return f"{self.called(vnet) if vnet else name_of(parent)}/{name}"
        group = resource_group_of(identity) or ""
        common = (_kind(identity), name.lower()) in self._common
        return f"{group}/{name}" if common and group[:1] not in {"", "<"} else name

    def name_of(self, identity: str) -> str:
        """What people call a VNet of an id, whether it was seen or not."""
        vnet = self.vnets.get(identity)
        return self.called(vnet) if vnet else name_of(identity)

    @cached_property
    def vnets_of_tables(self) -> dict[str, set[str]]:
        """Ids of the VNets that use a route table which several use, by its id."""
        found: dict[str, set[str]] = defaultdict(set)
        for subnet in self.inventory.subnets:
            if subnet.route_table:
                found[subnet.route_table].add(subnet.vnet)
        return {table: vnets for table, vnets in found.items() if len(vnets) > 1}

    @cached_property
    def route_tables(self) -> dict[str, RouteTable]:
        """Route tables that were read, by id."""
        return {each.id: each for each in self.inventory.route_tables}

    @cached_property
    def security_groups(self) -> dict[str, SecurityGroup]:
        """Network security groups that were read, by id."""
        return {each.id: each for each in self.inventory.security_groups}

    @cached_property
    def node_groups(self) -> dict[tuple[str | None, str | None], Cluster]:
        """Clusters by the subscription and resource group of their nodes."""
        return {
            (each.subscription, each.node_group): each
            for each in self.inventory.clusters
            if each.node_group
        }

    def users(self, subnet: str) -> tuple[Cluster, ...]:
        """The clusters that use a subnet, by its id."""
        return self.inventory.users.get(subnet, ())

    def in_vnet(self, vnet: str) -> Iterator[Cluster]:
        """The clusters that use a subnet of a VNet."""
        return iter(self._clusters_of.get(vnet, ()))

    @cached_property
    def _clusters_of(self) -> dict[str, list[Cluster]]:
        found: dict[str, list[Cluster]] = defaultdict(list)
        for cluster in self.inventory.clusters:
            for home in self.homes(cluster):
                found[home].append(cluster)
        return found


def _occupied(vnet: VNet) -> Iterator[Cidr]:
    ranges = [each for each in vnet.prefixes if each.version == IPV4]
    yield from ranges
    for cidr in (cidr for subnet in vnet.subnets for cidr in subnet.prefixes):
        if cidr.version == IPV4 and not any(each.covers(cidr) for each in ranges):
            yield cidr


def _kind(identity: str) -> str:
    """The type in an id."""
    return identity.rpartition("/")[0].rpartition("/")[2]
