"""Route tables of a layout: for kubenet's routes, and for egress by a firewall."""

from __future__ import annotations

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

    from ipplan.inventory.traffic import Outlet
    from ipplan.layouts.belongings.sites import Site
    from ipplan.layouts.results import PlacedCluster

BY_ROUTES = "userdefinedrouting"
"""The outbound type, in lower case, that needs a route to an appliance."""

FIREWALL = f"/subnets/{SERVICES['firewall'].subnet.lower()}"
"""How the id of a subnet of Azure Firewall ends."""

EVERYWHERE = "0.0.0.0/0"


def route_tables(site: Site) -> tuple[dict[str, str], tuple[RouteTable, ...]]:
    """Ids of route tables by those of new subnets, and the tables that are new.

    Clusters that share a subnet share a table. Where a subnet of theirs exists and has
    one, the new ones take it too: AKS wants one for all.
    """
    groups = [each for each in site.together if _need_one(each)]
    names = own_names(_named(each) for each in groups)
    on: dict[str, str] = {}
    tables: list[RouteTable] = []
    for group in groups:
        first, subnets = group[0], list(_subnets(site, group))
        table = _existing(site, subnets)
        if table is None:
            name = names[first.plan.cluster.id]
            made = RouteTable(
                id=f"{home_of(first.network)}/routetables/{name.lower()}",
                name=name,
                routes=tuple(_routes(site, group)),
                origin=first.plan.cluster.origin,
            )
            table = made.id
            tables += [] if made.id in site.ids else [made]
        on |= dict.fromkeys(subnets, table)
    return {each: on[each] for each in on if not site.existing(each)}, tuple(tables)


def _need_one(group: tuple[PlacedCluster, ...]) -> bool:
    return _is_routed(group) or any(writes_routes(e.plan.cluster) for e in group)


def _is_routed(group: tuple[PlacedCluster, ...]) -> bool:
    types = ((each.plan.cluster.outbound_type or "").lower() for each in group)
    return BY_ROUTES in types


def _named(group: tuple[PlacedCluster, ...]) -> Named:
    first = group[0]
    cluster = first.plan.cluster
    return Named(cluster.id, home_of(first.network), f"{cluster.name}-routes")


def _subnets(site: Site, group: tuple[PlacedCluster, ...]) -> Iterator[str]:
    """Subnets that need the table: of nodes, of pods that go out by themselves.

    The gateway of a kubenet cluster finds the pods by the table of the nodes, and may
    not have a default route to an appliance.
    """
    routed = _is_routed(group)
    for each in group:
        cluster = each.plan.cluster
        yield from homes(cluster) if routed else node_homes(cluster)
        if writes_routes(cluster) and not routed:
            yield from site.gateways.get(cluster.id, ())


def _existing(site: Site, subnets: list[str]) -> str | None:
    """The table that one of the subnets has already."""
    there = filter(None, map(site.existing, subnets))
    return next((each.route_table for each in there if each.route_table), None)


def _routes(site: Site, group: tuple[PlacedCluster, ...]) -> Iterator[Route]:
    """A default route to the firewall that is nearest, where there is one."""
    hop = next_hop(site, group[0].network)
    if _is_routed(group) and hop:
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
