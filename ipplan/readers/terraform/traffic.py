"""azurerm's rules, routes and ways out in the shape of the ARM API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.readers.readings import (
    NAT_GATEWAY,
    PUBLIC_ADDRESS,
    PUBLIC_PREFIX,
    VNET,
    Unresolved,
    as_list,
)
from ipplan.readers.terraform.blocks import set_only

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ipplan.readers.terraform.blocks import Block
    from ipplan.readers.terraform.links import Links

_RULE = {
    "name": ("name",),
    "priority": ("priority",),
    "direction": ("direction",),
    "access": ("access",),
    "protocol": ("protocol",),
    "sourceAddressPrefix": ("source_address_prefix",),
    "sourceAddressPrefixes": ("source_address_prefixes",),
    "sourceApplicationSecurityGroups": ("source_application_security_group_ids",),
    "destinationAddressPrefix": ("destination_address_prefix",),
    "destinationAddressPrefixes": ("destination_address_prefixes",),
    "destinationApplicationSecurityGroups": (
        "destination_application_security_group_ids",
    ),
    "destinationPortRange": ("destination_port_range",),
    "destinationPortRanges": ("destination_port_ranges",),
}
_ROUTE = {
    "name": ("name",),
    "addressPrefix": ("address_prefix",),
    "nextHopType": ("next_hop_type",),
    "nextHopIpAddress": ("next_hop_in_ip_address",),
}
ASSOCIATIONS = {
    "azurerm_nat_gateway_public_ip_association": (
        "publicIpAddresses",
        "public_ip_address_id",
        PUBLIC_ADDRESS,
    ),
    "azurerm_nat_gateway_public_ip_prefix_association": (
        "publicIpPrefixes",
        "public_ip_prefix_id",
        PUBLIC_PREFIX,
    ),
}
"""What a NAT gateway is given, one after another, by resources of their own."""


def security_group(block: Block, _: Links) -> dict[str, Any]:
    """An ``azurerm_network_security_group``, or what its data source read."""
    rules = _inline(block, "security_rule", _RULE)
    return set_only({"name": block.get("name"), "securityRules": rules})


def security_rule(block: Block, _: Links) -> dict[str, Any]:
    """An ``azurerm_network_security_rule``."""
    return block.fields(_RULE)


def route_table(block: Block, _: Links) -> dict[str, Any]:
    """An ``azurerm_route_table``, or what its data source read."""
    routes = _inline(block, "route", _ROUTE)
    return set_only({"name": block.get("name"), "routes": routes})


def route(block: Block, _: Links) -> dict[str, Any]:
    """An ``azurerm_route``."""
    return block.fields(_ROUTE)


def public_address(block: Block, _: Links) -> dict[str, Any]:
    """An ``azurerm_public_ip`` or ``azurerm_public_ip_prefix``."""
    rows = {"ipAddress": ("ip_address",), "ipPrefix": ("ip_prefix",)}
    return block.fields({"name": ("name",), **rows})


def firewall(block: Block, _: Links) -> dict[str, Any]:
    """An ``azurerm_firewall``, or what its data source read."""
    shown = [
        {
            "privateIPAddress": one.get("private_ip_address"),
            "publicIPAddress": one.link("public_ip_address_id", PUBLIC_ADDRESS),
        }
        for one in block.blocks("ip_configuration")
    ]
    hub = block.first("virtual_hub")
    given = as_list(hub.get("public_ip_addresses")) or []
    addresses = [{"address": each} for each in given]
    return set_only(
        {
            "name": block.get("name"),
            "ipConfigurations": shown or None,
            "hubIPAddresses": set_only(
                {
                    "privateIPAddress": hub.get("private_ip_address"),
                    "publicIPs": {"addresses": addresses} if addresses else None,
                }
            ),
        }
    )


def nat_gateway(block: Block, _: Links) -> dict[str, Any]:
    """An ``azurerm_nat_gateway``, or what its data source read."""
    return block.fields(
        {
            "name": ("name",),
            "publicIpAddresses": ("public_ip_address_ids",),
            "publicIpPrefixes": ("public_ip_prefix_ids",),
        }
    )


def association(block: Block) -> tuple[Any, str, dict[str, Any]]:
    """Which NAT gateway is given something by its own resource, where, and what."""
    field, attribute, kind = ASSOCIATIONS[block.instance.type]
    given = {"id": block.link(attribute, kind)}
    return block.link("nat_gateway_id", NAT_GATEWAY), field, given


def zone_link(block: Block, _: Links) -> dict[str, Any]:
    """An ``azurerm_private_dns_zone_virtual_network_link``."""
    vnet = block.link("virtual_network_id", VNET)
    network = set_only({"id": vnet})
    return set_only({"name": block.get("name"), "virtualNetwork": network})


def _inline(block: Block, name: str, rows: Mapping[str, tuple[str, ...]]) -> Any:
    """What stands in blocks of the resource itself."""
    given = block.get(name)
    if isinstance(given, Unresolved):
        return given
    return [one.fields(rows) for one in block.blocks(name)] or None
