"""VNets, subnets and peerings to deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.emitters.resources import PEERING, REMOTE_GATEWAYS, SUBNET, VNET
from ipplan.layouts.demands.reasons import reasons

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.emitters.books import Book
    from ipplan.emitters.resources import Resource, Value
    from ipplan.inventory.networks import Peering, Subnet
    from ipplan.inventory.networks import VNet as Network

_POLICIES: dict[str, dict[str, Value]] = {
    "private-endpoints": {
        "privateEndpointNetworkPolicies": "NetworkSecurityGroupEnabled"
    },
    "private-link-services": {"privateLinkServiceNetworkPolicies": "Disabled"},
}
"""What a subnet must have switched on or off, by what it is for.

Security groups do nothing for private endpoints unless that is switched on:
https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
"""


def add_networks(book: Book) -> None:
    """Write down VNets with their subnets; of one that exists, only subnets."""
    for network in book.layout.planned.vnets:
        if book.exists(network.id):
            _add_to(book, network)
        else:
            _add(book, network)


def _add(book: Book, network: Network) -> None:
    """A new VNet."""
    space: Value = {"addressPrefixes": [*map(str, network.prefixes)]}
    servers = [*network.dns_servers]
    dns: dict[str, Value] = {"dhcpOptions": {"dnsServers": servers}} if servers else {}
    vnet = book.add(
        VNET,
        network.id,
        network.name,
        beside={"location": book.region(network.id)},
        properties={"addressSpace": space, **dns},
    )
    for subnet in network.subnets:
        _add_subnet(book, subnet, vnet)


def _add_to(book: Book, network: Network) -> None:
    """Subnets of a VNet that is there, one after another."""
    vnet = book.ref(network.id).resource
    book.comments += _wider(book, network)
    for subnet in network.subnets:
        _add_subnet(book, subnet, vnet, network.id)


def _wider(book: Book, network: Network) -> Iterator[str]:
    """That a VNet must get more space first, which is not for a template to give."""
    for placed in book.layout.networks:
        if placed.plan.id == network.id and placed.added:
            added = " ".join(map(str, placed.added))
            yield f"Before: add {added} to the address space of VNet {network.name}."


def _add_subnet(book: Book, subnet: Subnet, vnet: Resource, *touches: str) -> None:
    placed = book.placed.get(subnet.id)
    policies: dict[str, Value] = {}
    for purpose in placed.want.purposes if placed else ():
        policies |= _POLICIES.get(purpose, {})
    book.add(
        SUBNET,
        subnet.id,
        subnet.name,
        touches=touches,
        parent=vnet,
        properties={**dict(_subnet(book, subnet)), **policies},
        comments=reasons(placed) if placed else (),
    )


def _subnet(book: Book, subnet: Subnet) -> Iterator[tuple[str, Value]]:
    ranges: list[Value] = [*map(str, subnet.prefixes)]
    one = len(ranges) == 1
    yield ("addressPrefix", ranges[0]) if one else ("addressPrefixes", ranges)
    for key, identity in (
        ("networkSecurityGroup", subnet.network_security_group),
        ("routeTable", subnet.route_table),
        ("natGateway", subnet.nat_gateway),
    ):
        if identity:
            yield key, {"id": book.ref(identity)}
    if subnet.service_endpoints:
        yield "serviceEndpoints", [{"service": e} for e in subnet.service_endpoints]
    if subnet.delegations:
        yield "delegations", [_delegation(each) for each in subnet.delegations]


def _delegation(service: str) -> Value:
    """A delegation, by a name that has no slash."""
    name = service.replace("/", ".")
    return {"name": name, "properties": {"serviceName": service}}


def add_peerings(book: Book) -> None:
    """Write down both directions of peerings, after all VNets.

    Azure lets a VNet use the gateway of another only once that one lends it.
    """
    every = book.layout.planned.peerings
    for peering in sorted(every, key=lambda each: each.remote_gateways):
        if peering.remote:
            _add_peering(book, peering, peering.remote)


def _add_peering(book: Book, peering: Peering, remote: str) -> None:
    gateway = REMOTE_GATEWAYS if peering.remote_gateways else False
    book.add(
        PEERING,
        peering.id,
        peering.name,
        touches=(peering.vnet, remote),
        parent=book.ref(peering.vnet).resource,
        properties={
            "remoteVirtualNetwork": {"id": book.ref(remote)},
            "allowVirtualNetworkAccess": peering.virtual_network_access,
            "allowForwardedTraffic": peering.forwarded_traffic,
            "allowGatewayTransit": peering.gateway_transit,
            "useRemoteGateways": gateway,
            **_partly(peering),
        },
    )


def _partly(peering: Peering) -> dict[str, Value]:
    """What a peering of subnets has besides."""
    only: dict[str, Value] = (
        {"enableOnlyIPv6Peering": True} if peering.ipv6_only else {}
    )
    if peering.complete:
        return only
    return {
        "peerCompleteVnets": False,
        "localSubnetNames": [*peering.local_subnets],
        "remoteSubnetNames": [*peering.remote_subnets],
        **only,
    }
