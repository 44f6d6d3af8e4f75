"""Security groups, route tables, NAT gateways and private DNS zones to deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.emitters.resources import (
    NAT_GATEWAY,
    PUBLIC_ADDRESS,
    PUBLIC_PREFIX,
    ROUTE_TABLE,
    SECURITY_GROUP,
    ZONE,
    ZONE_LINK,
)
from ipplan.layouts.belongings.sites import node_homes, writes_routes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.emitters.books import Book
    from ipplan.emitters.resources import Value
    from ipplan.inventory.traffic import Outlet, Route, SecurityRule, ZoneLink

_EVERYWHERE = "global"
"""The region of private DNS zones and their links."""

_SKU: Value = {"name": "Standard"}
"""Of public addresses and NAT gateways, which must have the same."""


def add_rules(book: Book) -> None:
    """Write down security groups and route tables."""
    planned = book.layout.planned
    for group in planned.security_groups:
        book.add(
            SECURITY_GROUP,
            group.id,
            group.name,
            beside={"location": book.region(group.id)},
            properties={"securityRules": [_rule(each) for each in group.rules]},
        )
    written = set(_written_by_aks(book))
    for table in planned.route_tables:
        book.add(
            ROUTE_TABLE,
            table.id,
            table.name,
            beside={"location": book.region(table.id)},
            properties={"routes": [_route(each) for each in table.routes]},
            comments=BY_AKS if table.id in written else (),
        )


BY_AKS = (
    "AKS writes kubenet's routes into it: to deploy it again may take them out.",
    "Once the cluster runs, lay out amid its export.",
)
"""What to know of a route table that AKS writes into."""


def _written_by_aks(book: Book) -> Iterator[str]:
    """Ids of route tables that stand on nodes of kubenet."""
    subnets = {each.id: each for each in book.layout.planned.subnets}
    for cluster in filter(writes_routes, book.layout.planned.clusters):
        for subnet in filter(None, map(subnets.get, node_homes(cluster))):
            if subnet.route_table:
                yield subnet.route_table


def _rule(rule: SecurityRule) -> Value:
    return {
        "name": rule.name,
        "properties": {
            "priority": rule.priority,
            "direction": rule.direction,
            "access": rule.access,
            "protocol": rule.protocol,
            "sourcePortRange": "*",
            **_some("sourceAddressPrefix", "es", rule.sources),
            **_some("destinationAddressPrefix", "es", rule.destinations),
            **_some("destinationPortRange", "s", rule.ports),
        },
    }


def _some(key: str, plural: str, words: tuple[str, ...]) -> dict[str, Value]:
    """One word or several: Azure takes words such as ``*`` only alone."""
    if len(words) == 1:
        return {key: words[0]}
    return {f"{key}{plural}": [*words]}


def _route(route: Route) -> Value:
    hop: dict[str, Value] = (
        {"nextHopIpAddress": route.next_hop} if route.next_hop else {}
    )
    return {
        "name": route.name,
        "properties": {
            "addressPrefix": route.prefix,
            "nextHopType": route.next_hop_type,
            **hop,
        },
    }


def add_outlets(book: Book) -> None:
    """Write down NAT gateways and their public addresses; firewalls are not ours."""
    planned = book.layout.planned
    gateways = [each for each in planned.outlets if each.kind == "nat-gateway"]
    for address in planned.public_addresses:
        is_prefix = f"/{_PREFIXES}/" in address.id
        book.add(
            PUBLIC_PREFIX if is_prefix else PUBLIC_ADDRESS,
            address.id,
            address.name,
            beside={"location": book.region(address.id), "sku": _SKU},
            properties={} if is_prefix else {"publicIPAllocationMethod": "Static"},
        )
    for gateway in gateways:
        book.add(
            NAT_GATEWAY,
            gateway.id,
            gateway.name,
            beside={"location": book.region(gateway.id), "sku": _SKU},
            properties=_addresses(book, gateway),
        )


_PREFIXES = PUBLIC_PREFIX.type.lower().partition("/")[2]


def _addresses(book: Book, gateway: Outlet) -> dict[str, Value]:
    """The public addresses and prefixes of a NAT gateway."""
    found: dict[str, list[Value]] = {}
    for identity in gateway.public_addresses:
        one = book.ref(identity)
        prefix = one.resource.kind is PUBLIC_PREFIX
        key = "publicIpPrefixes" if prefix else "publicIpAddresses"
        found.setdefault(key, []).append({"id": one})
    return {**found}


def add_zones(book: Book) -> None:
    """Write down private DNS zones and their links to VNets."""
    planned = book.layout.planned
    there = {each.zone for each in book.layout.plan.inventory.zone_links}
    for zone in dict.fromkeys(each.zone for each in planned.zone_links):
        if zone not in there:
            name = zone.rpartition("/")[2]
            book.add(ZONE, zone, name, beside={"location": _EVERYWHERE})
    for link in planned.zone_links:
        _link(book, link)


def _link(book: Book, link: ZoneLink) -> None:
    if link.vnet is None:
        return
    book.add(
        ZONE_LINK,
        link.id,
        link.name,
        parent=book.ref(link.zone).resource,
        beside={"location": _EVERYWHERE},
        properties={
            "registrationEnabled": False,
            "virtualNetwork": {"id": book.ref(link.vnet)},
        },
    )
