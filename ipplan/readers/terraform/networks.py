"""azurerm's virtual networks, subnets and peerings in the shape of the ARM API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.readers.readings import (
    NAT_GATEWAY,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SUBNET,
    VNET,
    Unresolved,
    as_list,
)
from ipplan.readers.terraform.blocks import set_only

if TYPE_CHECKING:
    from ipplan.readers.terraform.blocks import Block
    from ipplan.readers.terraform.links import Links

_PLACE = {"name": ("name",), "location": ("location",)}
_POOL = {
    "numberOfIpAddresses": ("number_of_ip_addresses",),
    "allocatedAddressPrefixes": ("allocated_ip_address_prefixes",),
}
_PEERING = {
    "name": ("name",),
    "allowVirtualNetworkAccess": ("allow_virtual_network_access",),
    "allowForwardedTraffic": ("allow_forwarded_traffic",),
    "allowGatewayTransit": ("allow_gateway_transit",),
    "useRemoteGateways": ("use_remote_gateways",),
    "peerCompleteVnets": ("peer_complete_virtual_networks_enabled",),
    "enableOnlyIPv6Peering": ("only_ipv6_peering_enabled",),
    "localSubnetNames": ("local_subnet_names",),
    "remoteSubnetNames": ("remote_subnet_names",),
}
_RULES = {
    "natGateway": ("nat_gateway_id", NAT_GATEWAY),
    "routeTable": ("route_table_id", ROUTE_TABLE),
    "networkSecurityGroup": ("network_security_group_id", SECURITY_GROUP),
}
ASSOCIATIONS = {
    "azurerm_subnet_nat_gateway_association": "natGateway",
    "azurerm_subnet_route_table_association": "routeTable",
    "azurerm_subnet_network_security_group_association": "networkSecurityGroup",
}
"""What a subnet is given by resources of their own."""


def vnet(block: Block, links: Links) -> dict[str, Any]:
    """An ``azurerm_virtual_network``, or what its data source read."""
    space = {"addressPrefixes": block.get("address_space"), **_allocations(block)}
    servers = {"dnsServers": block.get("dns_servers")}
    return set_only(
        {
            **block.fields(_PLACE),
            "addressSpace": set_only(space),
            "dhcpOptions": set_only(servers),
            "subnets": _subnets(block, links),
        }
    )


def subnet(block: Block, _: Links) -> dict[str, Any]:
    """An ``azurerm_subnet``, a VNet's ``subnet`` block, or what a data source read."""
    given = {arm: block.link(*row) for arm, row in _RULES.items()}
    given["networkSecurityGroup"] = given["networkSecurityGroup"] or block.link(
        "security_group", _RULES["networkSecurityGroup"][1]
    )
    return set_only(
        {
            "name": block.get("name"),
            "addressPrefixes": _prefixes(block),
            **_allocations(block),
            "delegations": _delegations(block),
            "serviceEndpoints": _endpoints(block),
            **{arm: {"id": link} for arm, link in given.items() if link},
        }
    )


def peering(block: Block, _: Links) -> dict[str, Any]:
    """An ``azurerm_virtual_network_peering``."""
    remote = block.link("remote_virtual_network_id", VNET)
    return set_only(
        {
            **block.fields(_PEERING),
            "remoteVirtualNetwork": set_only({"id": remote}),
        }
    )


def association(block: Block) -> tuple[Any, dict[str, Any]]:
    """Which subnet is given something by its own resource, and what."""
    arm = ASSOCIATIONS[block.instance.type]
    return block.link("subnet_id", SUBNET), {arm: {"id": block.link(*_RULES[arm])}}


def _subnets(block: Block, links: Links) -> Any:
    """Inline subnets with their ids; of a data source only names are known."""
    given = block.get("subnet")
    if isinstance(given, Unresolved):
        return given
    inline = [
        {"id": links.child(block.instance, one.values, place), **subnet(one, links)}
        for place, one in enumerate(block.blocks("subnet"))
    ]
    if block.instance.mode == "data":
        words = Unresolved(f"not in {block.instance.address}")
        for name in as_list(block.values.get("subnets")) or []:
            id_ = links.child(block.instance, {"name": name})
            inline.append({"id": id_, "name": name, "addressPrefixes": words})
    return inline or None


def _prefixes(block: Block) -> Any:
    """Prefixes; the oldest versions have one, in an attribute of its own."""
    several = block.get("address_prefixes")
    if several:
        return several
    one = block.get("address_prefix")
    return [one] if one else several


def _delegations(block: Block) -> list[dict[str, Any]] | None:
    found = [
        set_only({"name": one.get("name"), "serviceName": service.get("name")})
        for one in block.blocks("delegation")
        for service in one.blocks("service_delegation")
    ]
    return found or None


def _endpoints(block: Block) -> Any:
    """Services that a subnet has endpoints of, each in an object as ARM has it."""
    given = block.get("service_endpoints")
    services = as_list(given)
    return given if services is None else [{"service": each} for each in services]


def _allocations(block: Block) -> dict[str, Any]:
    """What an IPAM pool is to give, or gave."""
    found = [
        {**one.fields(_POOL), "pool": set_only({"id": one.link("id", "")})}
        for one in block.blocks("ip_address_pool")
    ]
    return {"ipamPoolPrefixAllocations": found} if found else {}
