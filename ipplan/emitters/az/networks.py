"""Commands for VNets and what stands around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.emitters.az.shell import Option, command
from ipplan.emitters.az.words import option, options, place, unless_there
from ipplan.emitters.resources import (
    NAT_GATEWAY,
    PEERING,
    PUBLIC_ADDRESS,
    PUBLIC_PREFIX,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SUBNET,
    VNET,
    ZONE,
    ZONE_LINK,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ipplan.emitters.resources import Kind, Resource

_RULE = {
    "priority": "priority",
    "direction": "direction",
    "access": "access",
    "protocol": "protocol",
}
_LISTS = {
    "sourceAddressPrefix": "source-address-prefixes",
    "sourceAddressPrefixes": "source-address-prefixes",
    "sourcePortRange": "source-port-ranges",
    "destinationAddressPrefix": "destination-address-prefixes",
    "destinationAddressPrefixes": "destination-address-prefixes",
    "destinationPortRange": "destination-port-ranges",
    "destinationPortRanges": "destination-port-ranges",
}
"""What is a list to az, whether there is one or several."""

_ROUTE = {
    "addressPrefix": "address-prefix",
    "nextHopType": "next-hop-type",
    "nextHopIpAddress": "next-hop-ip-address",
}
_ADDRESS = {"publicIPAllocationMethod": "allocation-method"}
_PREFIXES = {
    "addressPrefix": "address-prefixes",
    "addressPrefixes": "address-prefixes",
}
_GIVEN = {
    "networkSecurityGroup": "network-security-group",
    "routeTable": "route-table",
    "natGateway": "nat-gateway",
}
_LENT = {
    "publicIpAddresses": "public-ip-addresses",
    "publicIpPrefixes": "public-ip-prefixes",
}
_PEERING = {
    "allowVirtualNetworkAccess": "allow-vnet-access",
    "allowForwardedTraffic": "allow-forwarded-traffic",
    "allowGatewayTransit": "allow-gateway-transit",
    "useRemoteGateways": "use-remote-gateways",
    "peerCompleteVnets": "peer-complete-vnets",
    "enableOnlyIPv6Peering": "enable-only-ipv6",
    "localSubnetNames": "local-subnet-names",
    "remoteSubnetNames": "remote-subnet-names",
}
_POLICIES = {
    "privateEndpointNetworkPolicies": "private-endpoint-network-policies",
    "privateLinkServiceNetworkPolicies": "private-link-service-network-policies",
}
_LOCATION = {"location": "location"}


def _security_group(one: Resource) -> Iterator[str]:
    located = options(one.beside, _LOCATION)
    yield unless_there("network nsg", _named(one), located)
    for rule in _list(one.properties.get("securityRules")):
        own = rule["properties"]
        yield command(
            "az network nsg rule create",
            [*_in(one, "nsg-name", rule), *options(own, _RULE), *_lists(own, _LISTS)],
        )


def _route_table(one: Resource) -> Iterator[str]:
    located = options(one.beside, _LOCATION)
    yield unless_there("network route-table", _named(one), located)
    for route in _list(one.properties.get("routes")):
        own = options(route["properties"], _ROUTE)
        yield command(
            "az network route-table route create",
            [*_in(one, "route-table-name", route), *own],
        )


def _public_address(one: Resource) -> Iterator[str]:
    own = options(one.properties, _ADDRESS)
    yield command("az network public-ip create", [*_standing(one), *own])


def _public_prefix(one: Resource) -> Iterator[str]:
    own = options(one.properties, {"prefixLength": "length"})
    located = options(one.beside, _LOCATION)
    yield command("az network public-ip prefix create", [*_named(one), *located, *own])


def _nat_gateway(one: Resource) -> Iterator[str]:
    lent = {
        own: [each["id"] for each in _list(one.properties.get(own))] or None
        for own in _LENT
    }
    yield command(
        "az network nat gateway create", [*_standing(one), *options(lent, _LENT)]
    )


def _vnet(one: Resource) -> Iterator[str]:
    own: Mapping[str, Any] = one.properties
    given = [
        *options(one.beside, _LOCATION),
        *options(own["addressSpace"], {"addressPrefixes": "address-prefixes"}),
        *options(own.get("dhcpOptions", {}), {"dnsServers": "dns-servers"}),
    ]
    yield unless_there("network vnet", _named(one), given)


def _subnet(one: Resource) -> Iterator[str]:
    own: Mapping[str, Any] = one.properties
    given = {name: own[name]["id"] for name in _GIVEN if name in own}
    lists = {
        "service-endpoints": [e["service"] for e in _list(own.get("serviceEndpoints"))],
        "delegations": [
            e["properties"]["serviceName"] for e in _list(own.get("delegations"))
        ],
    }
    yield command(
        "az network vnet subnet create",
        [
            *_child(one, "vnet-name"),
            *_lists(own, _PREFIXES),
            *options(given, _GIVEN),
            *(option(name, each) for name, each in lists.items() if each),
            *options(own, _POLICIES),
        ],
    )


def _peering(one: Resource) -> Iterator[str]:
    own: Mapping[str, Any] = one.properties
    remote = option("remote-vnet", own["remoteVirtualNetwork"]["id"])
    yield command(
        "az network vnet peering create",
        [*_child(one, "vnet-name"), remote, *options(own, _PEERING)],
    )


def _zone(one: Resource) -> Iterator[str]:
    yield unless_there("network private-dns zone", _named(one), [])


def _zone_link(one: Resource) -> Iterator[str]:
    own: Mapping[str, Any] = one.properties
    given = [
        option("virtual-network", own["virtualNetwork"]["id"]),
        *options(own, {"registrationEnabled": "registration-enabled"}),
    ]
    named = _child(one, "zone-name")
    yield unless_there("network private-dns link vnet", named, given)


MAKES: dict[Kind, Callable[[Resource], Iterator[str]]] = {
    SECURITY_GROUP: _security_group,
    ROUTE_TABLE: _route_table,
    PUBLIC_ADDRESS: _public_address,
    PUBLIC_PREFIX: _public_prefix,
    NAT_GATEWAY: _nat_gateway,
    VNET: _vnet,
    SUBNET: _subnet,
    PEERING: _peering,
    ZONE: _zone,
    ZONE_LINK: _zone_link,
}
"""The commands that make the resources of a type."""


def _named(one: Resource) -> Iterator[Option]:
    yield from place(one)
    yield Option("name", one.name)


def _standing(one: Resource) -> Iterator[Option]:
    """What has a place, a region and an SKU."""
    beside: Mapping[str, Any] = one.beside
    yield from _named(one)
    yield from options(beside, _LOCATION)
    yield from options(beside["sku"], {"name": "sku"})


def _child(one: Resource, above: str) -> Iterator[Option]:
    """A part of another resource, in whose group it is."""
    yield from place(one)
    yield Option(above, one.names[-2])
    yield Option("name", one.name)


def _in(one: Resource, above: str, part: Mapping[str, Any]) -> Iterator[Option]:
    """A rule or a route, which is no resource of its own here."""
    yield from place(one)
    yield Option(above, one.name)
    yield Option("name", part["name"])


def _lists(given: Mapping[str, Any], rows: Mapping[str, str]) -> Iterator[Option]:
    """Properties that are lists to az; what is empty is not said."""
    for own, name in rows.items():
        value = given.get(own)
        if value:
            yield option(name, value if isinstance(value, list) else [value])


def _list(given: Any) -> list[Any]:
    return given or []
