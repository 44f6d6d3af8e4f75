"""The inventory: everything that was read, and what it says of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ipplan.inventory.origins import (
    Contradiction,
    Skipped,
    name_of,
    parent_of,
    subscription_of,
)
from ipplan.inventory.reach import Reach, attached, links, sides_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.externals import AddressPool, Client, ExternalRange, Group
    from ipplan.inventory.networks import Peering, Subnet, VNet
    from ipplan.inventory.traffic import (
        LoadBalancer,
        NodeInterface,
        Outlet,
        PublicAddress,
        RouteTable,
        SecurityGroup,
        ZoneLink,
    )


class Unseen(NamedTuple):
    """A VNet that something names and no file shows.

    Parameters
    ----------
    id : str
        Resource id in lower case.
    named_by : tuple of str
        Ids of the peerings, clusters and groups that name it.
    prefixes : tuple of Cidr
        Its address space as peerings recorded it; empty where none did.
    """

    id: str
    named_by: tuple[str, ...]
    prefixes: tuple[Cidr, ...]

    @property
    def is_hidden_hub(self) -> bool:
        """Whether Azure keeps a Virtual WAN hub in it, where nobody can list it."""
        return name_of(self.id).startswith("hv_")


class Coverage(NamedTuple):
    """How much of what the networks name was read.

    Parameters
    ----------
    seen, named : tuple of str
        Subscriptions of what was read, and those that it names besides.
    unseen : tuple of Unseen
        VNets that were named and not read.
    """

    seen: tuple[str, ...]
    named: tuple[str, ...]
    unseen: tuple[Unseen, ...]


@dataclass(frozen=True)
class Inventory:
    """What there is, as far as files say.

    Two inventories are equal when they hold the same; where it was read does not count.

    Parameters
    ----------
    vnets : tuple of VNet
        By id.
    clusters : tuple of Cluster
        By id.
    external_ranges : tuple of ExternalRange
        On-premises and other networks that no file of Azure's lists.
    groups : tuple of Group
        Virtual WANs, Network Manager meshes and pod meshes that were declared.
    clients : tuple of Client
        Jump boxes and build agents that were declared.
    owned : tuple of Cidr
        Public ranges that are the user's own.
    address_pools : tuple of AddressPool
        Ranges out of which new ones are drawn, as declared.
    security_groups, route_tables : tuple of SecurityGroup, of RouteTable
        By id.
    public_addresses, outlets : tuple of PublicAddress, of Outlet
        Public IP addresses, and the firewalls and NAT gateways that have them, by id.
    zone_links : tuple of ZoneLink
        Which VNets resolve which private DNS zones, by id.
    node_interfaces, load_balancers : tuple of NodeInterface, of LoadBalancer
        By id; those of a cluster are told by the resource group of its nodes.
    skipped : tuple of Skipped
        Objects that were not read.
    contradictions : tuple of Contradiction
        Where files say different things of one object.
    incomplete : tuple of str
        Why there is more than was read: further pages, truncated results.
    """

    vnets: tuple[VNet, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    external_ranges: tuple[ExternalRange, ...] = ()
    groups: tuple[Group, ...] = ()
    clients: tuple[Client, ...] = ()
    owned: tuple[Cidr, ...] = ()
    address_pools: tuple[AddressPool, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    route_tables: tuple[RouteTable, ...] = ()
    public_addresses: tuple[PublicAddress, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    zone_links: tuple[ZoneLink, ...] = ()
    node_interfaces: tuple[NodeInterface, ...] = ()
    load_balancers: tuple[LoadBalancer, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    incomplete: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all that the files hold was read."""
        return not self.incomplete and not any(each.broken for each in self.skipped)

    @property
    def subnets(self) -> Iterator[Subnet]:
        """Every subnet, VNet by VNet."""
        return (subnet for vnet in self.vnets for subnet in vnet.subnets)

    @property
    def peerings(self) -> Iterator[Peering]:
        """Every peering as Azure counts them: one for each direction."""
        return (peering for vnet in self.vnets for peering in vnet.peerings)

    @cached_property
    def vnet_by_id(self) -> dict[str, VNet]:
        """VNets by their ids."""
        return {vnet.id: vnet for vnet in self.vnets}

    @cached_property
    def subnet_by_id(self) -> dict[str, Subnet]:
        """Subnets by their ids."""
        return {subnet.id: subnet for subnet in self.subnets}

    @cached_property
    def users(self) -> dict[str, tuple[Cluster, ...]]:
        """The clusters that use a subnet, by its id."""
        found: dict[str, list[Cluster]] = {}
        for cluster in self.clusters:
            for identity in cluster.subnets:
                found.setdefault(identity, []).append(cluster)
        return {identity: tuple(clusters) for identity, clusters in found.items()}

    @cached_property
    def reach(self) -> Reach:
        """Which networks reach which."""
        return Reach(links(self.vnets, self.groups, self.external_ranges))

    def external_ranges_of(self, vnet: str) -> tuple[ExternalRange, ...]:
        """The networks elsewhere that a VNet reaches, by its id."""
        return tuple(
            each
            for each, ends in self._attached.items()
            if ends is None or vnet in ends
        )

    @cached_property
    def _attached(self) -> dict[ExternalRange, frozenset[str] | None]:
        sides = sides_of(self.vnets)
        return {each: attached(each, sides) for each in self.external_ranges}

    @cached_property
    def unseen(self) -> tuple[Unseen, ...]:
        """VNets that something names and no file shows, by id."""
        named: dict[str, list[str]] = {}
        prefixes: dict[str, dict[Cidr, None]] = {}
        for vnet in self.vnets:
            for peering in vnet.peerings:
                if peering.remote:
                    named.setdefault(peering.remote, []).append(peering.id)
                    known = prefixes.setdefault(peering.remote, {})
                    known |= dict.fromkeys(peering.remote_prefixes)
        for source, identity in self._named_otherwise():
            named.setdefault(identity, []).append(source)
        seen = {vnet.id for vnet in self.vnets if vnet.seen}
        return tuple(
            Unseen(key, tuple(dict.fromkeys(named[key])), tuple(prefixes.get(key, ())))
            for key in sorted(named)
            if key not in seen
        )

    def _named_otherwise(self) -> Iterator[tuple[str, str]]:
        """VNets that clusters, groups, on-premises ranges and parts of them name."""
        for cluster in self.clusters:
            for subnet in cluster.subnets:
                if parent_of(subnet):
                    yield cluster.id, parent_of(subnet)
        for group in self.groups:
            if group.kind != "pod-mesh":
                yield from ((group.name, member) for member in group.members)
        for external in self.external_ranges:
            yield from ((external.name, each) for each in external.attached or ())
        yield from ((link.id, link.vnet) for link in self.zone_links if link.vnet)
        for vnet in self.vnets:
            if not vnet.seen:
                yield from ((part.id, vnet.id) for part in vnet.subnets)
                yield from ((part.id, vnet.id) for part in vnet.peerings)

    @cached_property
    def coverage(self) -> Coverage:
        """How much of what the networks name was read."""
        read = [vnet.id for vnet in self.vnets if vnet.seen]
        read += [cluster.id for cluster in self.clusters if cluster.seen]
        seen = {subscription_of(identity) for identity in read}
        named = {
            subscription_of(each.id) for each in self.unseen if not each.is_hidden_hub
        }
        return Coverage(_known(seen), _known(named - seen), self.unseen)


def _known(subscriptions: set[str | None]) -> tuple[str, ...]:
    return tuple(sorted(each for each in subscriptions if each is not None))
