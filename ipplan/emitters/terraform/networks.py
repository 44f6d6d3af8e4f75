"""VNets and what stands around them, as azurerm has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    Kind,
    Resource,
)
from ipplan.emitters.terraform.hcl import Block, Expression
from ipplan.emitters.terraform.spelling import (
    address,
    attributes,
    block,
    ignoring,
    joined,
    value,
)
from ipplan.emitters.traffic import BY_AKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_RULE = {
    "name": "name",
    "priority": "priority",
    "direction": "direction",
    "access": "access",
    "protocol": "protocol",
    "sourcePortRange": "source_port_range",
    "destinationPortRange": "destination_port_range",
    "destinationPortRanges": "destination_port_ranges",
    "sourceAddressPrefix": "source_address_prefix",
    "sourceAddressPrefixes": "source_address_prefixes",
    "destinationAddressPrefix": "destination_address_prefix",
    "destinationAddressPrefixes": "destination_address_prefixes",
}
_ROUTE = {
    "name": "name",
    "addressPrefix": "address_prefix",
    "nextHopType": "next_hop_type",
    "nextHopIpAddress": "next_hop_in_ip_address",
}
_ADDRESS = {
    "publicIPAllocationMethod": "allocation_method",
    "publicIPAddressVersion": "ip_version",
    "prefixLength": "prefix_length",
}
_PEERING = {
    "allowVirtualNetworkAccess": "allow_virtual_network_access",
    "allowForwardedTraffic": "allow_forwarded_traffic",
    "allowGatewayTransit": "allow_gateway_transit",
    "useRemoteGateways": "use_remote_gateways",
    "peerCompleteVnets": "peer_complete_virtual_networks_enabled",
    "enableOnlyIPv6Peering": "only_ipv6_peering_enabled",
    "localSubnetNames": "local_subnet_names",
    "remoteSubnetNames": "remote_subnet_names",
}
_GIVEN = {
    "networkSecurityGroup": (
        "azurerm_subnet_network_security_group_association",
        "network_security_group_id",
    ),
    "routeTable": ("azurerm_subnet_route_table_association", "route_table_id"),
    "natGateway": ("azurerm_subnet_nat_gateway_association", "nat_gateway_id"),
}
"""What a subnet is given by resources of their own."""

_LENT = {
    "publicIpAddresses": (
        "azurerm_nat_gateway_public_ip_association",
        "public_ip_address_id",
    ),
    "publicIpPrefixes": (
        "azurerm_nat_gateway_public_ip_prefix_association",
        "public_ip_prefix_id",
    ),
}
"""What a NAT gateway is given likewise, by ARM's name for it."""


def given_to(subnet: Resource) -> Iterator[str]:
    """Addresses of the resources that give a subnet its rules, routes and way out."""
    for own, (kind, _) in _GIVEN.items():
        if own in subnet.properties:
            yield address(subnet, kind)


def _security_group(one: Resource) -> Iterator[Block]:
    rules = _inline(one, "securityRules", "security_rule", _RULE)
    yield block(one, attributes(one.beside, _LOCATION), rules)


def _route_table(one: Resource) -> Iterator[Block]:
    routes = _inline(one, "routes", "route", _ROUTE)
    kept = [ignoring("route")] if one.comments == BY_AKS else []
    yield block(one, attributes(one.beside, _LOCATION), [*routes, *kept])


def _public_address(one: Resource) -> Iterator[Block]:
    own = attributes(one.properties, _ADDRESS)
    yield block(one, {**attributes(one.beside, _LOCATION), **own, **_sku(one, "sku")})


def _nat_gateway(one: Resource) -> Iterator[Block]:
    located = attributes(one.beside, _LOCATION)
    yield block(one, {**located, **_sku(one, "sku_name")})
    for own, (kind, name) in _LENT.items():
        for number, each in enumerate(_list(one.properties.get(own)), 1):
            ids = {"nat_gateway_id": Expression(f"{address(one)}.id")}
            yield joined(kind, one, number, {**ids, name: _id(each)})


def _vnet(one: Resource) -> Iterator[Block]:
    space, options = one.properties["addressSpace"], one.properties.get("dhcpOptions")
    yield block(
        one,
        {
            **attributes(one.beside, _LOCATION),
            **attributes(_object(space), {"addressPrefixes": "address_space"}),
            **attributes(_object(options), {"dnsServers": "dns_servers"}),
        },
    )


def _subnet(one: Resource) -> Iterator[Block]:
    own: Mapping[str, Any] = one.properties
    delegations = [_delegation(each) for each in _list(own.get("delegations"))]
    services = [each["service"] for each in _list(own.get("serviceEndpoints"))]
    only = own.get("addressPrefix")
    prefixes = own.get("addressPrefixes") if only is None else [only]
    said: dict[str, Any] = {
        "address_prefixes": prefixes,
        "service_endpoints": services or None,
    }
    yield block(one, {**said, **_policies(own)}, delegations)
    for name, (kind, attribute) in _GIVEN.items():
        if name in own:
            ids = {"subnet_id": Expression(f"{address(one)}.id")}
            yield joined(kind, one, 1, {**ids, attribute: _id(own[name])})


def _policies(own: Mapping[str, Any]) -> dict[str, Any]:
    """Policies that are on for private endpoints, and off for link services."""
    off = own.get("privateLinkServiceNetworkPolicies") == "Disabled"
    return {
        "private_endpoint_network_policies": own.get("privateEndpointNetworkPolicies"),
        "private_link_service_network_policies_enabled": False if off else None,
    }


def _delegation(given: Mapping[str, Any]) -> Block:
    service = _object(given["properties"])["serviceName"]
    inner = Block("service_delegation", {"name": service})
    return Block("delegation", {"name": given["name"]}, [inner])


def _peering(one: Resource) -> Iterator[Block]:
    remote = {"remote_virtual_network_id": _id(one.properties["remoteVirtualNetwork"])}
    yield block(one, {**remote, **attributes(one.properties, _PEERING)})


def _zone(one: Resource) -> Iterator[Block]:
    yield block(one, {})


def _zone_link(one: Resource) -> Iterator[Block]:
    vnet = {"virtual_network_id": _id(one.properties["virtualNetwork"])}
    registers = {"registrationEnabled": "registration_enabled"}
    yield block(one, {**vnet, **attributes(one.properties, registers)})


SPELT: dict[Kind, Callable[[Resource], Iterator[Block]]] = {
    SECURITY_GROUP: _security_group,
    ROUTE_TABLE: _route_table,
    PUBLIC_ADDRESS: _public_address,
    PUBLIC_PREFIX: _public_address,
    NAT_GATEWAY: _nat_gateway,
    VNET: _vnet,
    SUBNET: _subnet,
    PEERING: _peering,
    ZONE: _zone,
    ZONE_LINK: _zone_link,
}
"""How the resources of a type are written."""

_LOCATION = {"location": "location"}


def _inline(one: Resource, own: str, name: str, rows: Mapping[str, str]) -> list[Block]:
    """Rules and routes, which stand in blocks of the resource itself."""
    return [
        Block(name, attributes({**each, **_object(each["properties"])}, rows))
        for each in _list(one.properties.get(own))
    ]


def _sku(one: Resource, name: str) -> dict[str, Any]:
    return {name: _object(one.beside["sku"])["name"]}


def _id(given: Any) -> Any:
    return value(given["id"])


def _list(given: Any) -> list[Any]:
    return given or []


def _object(given: Any) -> dict[str, Any]:
    return given or {}
