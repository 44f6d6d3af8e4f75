"""Route tables of a layout: for kubenet's routes, and for egress by a firewall."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ipplan.cidrs import IPV4, Cidr
from ipplan.errors import ArgumentError
from ipplan.inventory.traffic import Route, RouteTable
from ipplan.layouts.belongings.sites import (
    Named,
    home_of,
    homes,
    node_homes,
    own_names,
    writes_routes,
)
from ipplan.layouts.demands.services import SERVICES
from ipplan.limits import RESERVED_ADDRESSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.origins import Origin
    from ipplan.inventory.traffic import Outlet
    from ipplan.layouts.belongings.sites import Site
    from ipplan.layouts.results import PlacedCluster

BY_ROUTES = "userdefinedrouting"
"""The outbound type, in lower case, that needs a route to an appliance."""

FIREWALL = f"/subnets/{SERVICES['firewall'].subnet.lower()}"
"""How the id of a subnet of Azure Firewall ends."""

EVERYWHERE = "0.0.0.0/0"

MACHINES = frozenset({"jump-boxes", "build-agents"})
"""Services whose machines leave by the firewall that clusters beside them leave by."""


def route_tables(site: Site) -> tuple[dict[str, str], tuple[RouteTable, ...]]:
    """Ids of route tables by those of new subnets, and the tables that are new.

    Clusters that share a subnet share a table. Where a subnet of theirs exists and has
    one, the new ones take it too: AKS wants one for all. Machines beside clusters that
    leave by a firewall have a table of their network: one of a cluster is its alone.
    """
    groups = [each for each in site.together if _need_one(each)]
    routed = {each[0].network for each in groups if _is_routed(each)}
    beside = {e: found for e, found in _machines(site).items() if e in routed}
    machines = [_named_machines(site, each) for each in beside]
    names = own_names([*map(_named, groups), *machines])
    on: dict[str, str] = {}
    tables: list[RouteTable] = []
    for group in groups:
        first, subnets = group[0], list(_subnets(site, group))
        table = _existing(site, subnets)
        if table is None:
            cluster = first.plan.cluster
            routes = tuple(_routes(site, group))
            made = _made(first.network, names[cluster.id], routes, cluster.origin)
            table = made.id
            tables.append(made)
        on |= dict.fromkeys(subnets, table)
    for network, found in beside.items():
        subnets = [each for each in found if each not in on]
        routes = tuple(_way_out(site, network))
        if subnets and routes:
            origin = site.network_by_id[network].origin
            made = _made(network, names[network], routes, origin)
            tables.append(made)
            on |= dict.fromkeys(subnets, made.id)
    new = tuple(each for each in tables if each.id not in site.ids)
    return {each: on[each] for each in on if not site.existing(each)}, new


def _made(
    network: str, name: str, routes: tuple[Route, ...], origin: Origin
) -> RouteTable:
    identity = f"{home_of(network)}/routetables/{name.lower()}"
    return RouteTable(identity, name, routes, origin=origin)


def _need_one(group: tuple[PlacedCluster, ...]) -> bool:
    return _is_routed(group) or any(writes_routes(e.plan.cluster) for e in group)


def _is_routed(group: tuple[PlacedCluster, ...]) -> bool:
    return any(leaves_by_routes(each.plan.cluster) for each in group)


def leaves_by_routes(cluster: Cluster) -> bool:
    """Whether what a cluster sends out goes by a route to an appliance."""
    return (cluster.outbound_type or "").lower() == BY_ROUTES


def _named(group: tuple[PlacedCluster, ...]) -> Named:
    first = group[0]
    cluster = first.plan.cluster
    return Named(cluster.id, home_of(first.network), f"{cluster.name}-routes")


def _named_machines(site: Site, network: str) -> Named:
    name = f"{site.network_by_id[network].name}-machines-routes"
    return Named(network, home_of(network), name)


def _machines(site: Site) -> dict[str, list[str]]:
    """New subnets with machines, where a default route may stand, by their networks."""
    found: dict[str, list[str]] = defaultdict(list)
    for want in (each.want for each in site.new_subnets):
        rows = (SERVICES[each] for each in want.purposes if each in SERVICES)
        if not MACHINES.isdisjoint(want.purposes) and all(
            e.default_route for e in rows
        ):
            found[want.network].append(want.id)
    return found


def _subnets(site: Site, group: tuple[PlacedCluster, ...]) -> Iterator[str]:
    """Subnets that need the table: of nodes, of pods that go out by themselves.

    Virtual nodes are such pods. An API server has none: no page says that its subnet
    may have a default route to an appliance. The gateway of a kubenet cluster finds the
    pods by the table of the nodes, and may not have such a route.
    """
    routed = _is_routed(group)
    for each in group:
        cluster = each.plan.cluster
        yield from homes(cluster) if routed else node_homes(cluster)
        if routed:
            yield from site.virtual_nodes.get(cluster.id, ())
        if writes_routes(cluster) and not routed:
            yield from site.gateways.get(cluster.id, ())


def _existing(site: Site, subnets: list[str]) -> str | None:
    """The table that one of the subnets has already."""
    there = filter(None, map(site.existing, subnets))
    return next((each.route_table for each in there if each.route_table), None)


def _routes(site: Site, group: tuple[PlacedCluster, ...]) -> Iterator[Route]:
    if _is_routed(group):
        yield from _way_out(site, group[0].network)


def _way_out(site: Site, network: str) -> Iterator[Route]:
    """A default route to the firewall that is nearest, where there is one."""
    hop = next_hop(site, network)
    if hop:
        yield Route("default", EVERYWHERE, "VirtualAppliance", hop)


def next_hop(site: Site, network: str) -> str | None:
    """The private address of the firewall of a network, its hub, or another peer.

    A firewall that exists says its own; of one that does not, it is the first that
    Azure leaves free in its subnet.
    """
    cidrs = site.ranges(each + FIREWALL for each in site.around(network))
    cidr = next((each for each in cidrs if each.version == IPV4), None)
    if cidr is None:
        return None
    own = (address for each in site.inventory.outlets for address in _in(each, cidr))
    return next(own, None) or first_usable(cidr)


def first_usable(cidr: Cidr) -> str:
    """The first address of a subnet that Azure gives away.

    >>> first_usable(Cidr.parse("10.200.0.0/26"))
    '10.200.0.4'
    """
    kept = RESERVED_ADDRESSES.value - 1  # the last of them ends the subnet
    return str(Cidr(cidr.version, cidr.first + kept, cidr.bits)).partition("/")[0]


def _in(outlet: Outlet, cidr: Cidr) -> Iterator[str]:
    """Private addresses of a firewall that lie in a subnet."""
    for each in outlet.private_ips:
        try:
            inside = cidr.covers(Cidr.parse(f"{each}/32"))
        except ArgumentError:
            continue
        if inside:
            yield each


def firewalls_in(site: Site, cidr: Cidr) -> bool:
    """Whether a firewall that exists has an address in a subnet."""
    return any(True for each in site.inventory.outlets for _ in _in(each, cidr))
