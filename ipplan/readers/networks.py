"""VNets, subnets and peerings: from payloads in the ARM shape to nouns."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ipplan.inventory.networks import Holder, Peering, Subnet, VNet
from ipplan.inventory.origins import name_of
from ipplan.readers.payloads import (
    Allocations,
    OneRange,
    Payload,
    Ranges,
    Reference,
    Text,
    Texts,
    Truth,
    allocated,
    distinct,
    either,
    requested,
)
from ipplan.readers.readings import as_object

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.cidrs import Cidr
    from ipplan.inventory.origins import Origin
    from ipplan.readers.readings import Resource


RESOURCE_STEPS = 9
"""Parts of a resource id, up to the name of the resource: the first is empty."""


class _Space(Payload):
    address_prefixes: Ranges = None
    ipam_pool_prefix_allocations: Allocations = None

    def prefixes(self) -> tuple[Cidr, ...]:
        """Those that are written, and those that IPAM pools gave."""
        given = allocated(self.ipam_pool_prefix_allocations)
        return unique((*(self.address_prefixes or ()), *given))


class _Dns(Payload):
    dns_servers: Texts = None


class _VNet(Payload):
    name: Text = None
    location: Text = None
    address_space: _Space | None = None
    dhcp_options: _Dns | None = None


class _Usage(Payload):
    current_value: int | None = None


class _Subnet(Payload):
    name: Text = None
    address_prefix: OneRange = None
    address_prefixes: Ranges = None
    delegations: list[Any] | None = None
    service_endpoints: list[Any] | None = None
    ip_configurations: list[Any] | None = None
    application_gateway_ip_configurations: list[Any] | None = either(
        "applicationGatewayIPConfigurations", "applicationGatewayIpConfigurations"
    )
    route_table: Reference = None
    network_security_group: Reference = None
    nat_gateway: Reference = None
    ipam_pool_prefix_allocations: Allocations = None
    usage: _Usage | None = None


class _Peering(Payload):
    name: Text = None
    remote_virtual_network: Reference = None
    peering_state: Text = None
    peering_sync_level: Text = None
    remote_address_space: _Space | None = None
    remote_virtual_network_address_space: _Space | None = None
    peer_complete_vnets: Truth = None
    local_subnet_names: Texts = None
    remote_subnet_names: Texts = None
    enable_only_ipv6_peering: Truth = either(
        "enableOnlyIPv6Peering", "enableOnlyIpv6Peering"
    )
    allow_virtual_network_access: Truth = None
    allow_forwarded_traffic: Truth = None
    allow_gateway_transit: Truth = None
    use_remote_gateways: Truth = None


def vnet(
    resource: Resource,
    fields: dict[str, Any],
    unresolved: tuple[str, ...],
    origin: Origin,
) -> VNet:
    """A VNet without its subnets and peerings, which are resources of their own.

    Raises
    ------
    ValidationError
        Where a field is not what it should be.
    """
    found = _VNet.model_validate(fields)
    space = found.address_space
    return VNet(
        id=resource.id,
        name=found.name or name_of(resource.id),
        prefixes=space.prefixes() if space else (),
        location=found.location,
        dns_servers=tuple(
            (found.dhcp_options and found.dhcp_options.dns_servers) or ()
        ),
        requested=requested(space.ipam_pool_prefix_allocations) if space else None,
        unresolved=unresolved,
        origin=origin,
    )


def subnet(
    resource: Resource,
    fields: dict[str, Any],
    unresolved: tuple[str, ...],
    origin: Origin,
) -> Subnet:
    """A subnet, its prefixes from whichever field holds them.

    Raises
    ------
    ValidationError
        Where a field is not what it should be.
    """
    found = _Subnet.model_validate(fields)
    one = found.address_prefix
    several = found.address_prefixes
    given = allocated(found.ipam_pool_prefix_allocations)
    return Subnet(
        id=resource.id,
        name=found.name or name_of(resource.id),
        prefixes=unique((*((one,) if one else ()), *(several or ()), *given)),
        delegations=_services(found.delegations),
        holders=_holders(
            found.ip_configurations, found.application_gateway_ip_configurations
        ),
        usage=found.usage.current_value if found.usage else None,
        route_table=found.route_table,
        network_security_group=found.network_security_group,
        nat_gateway=found.nat_gateway,
        requested=requested(found.ipam_pool_prefix_allocations),
        service_endpoints=_endpoints(found.service_endpoints),
        unresolved=unresolved,
        origin=origin,
    )


def peering(
    resource: Resource,
    fields: dict[str, Any],
    unresolved: tuple[str, ...],
    origin: Origin,
) -> Peering:
    """One direction of a peering.

    Raises
    ------
    ValidationError
        Where a field is not what it should be.
    """
    found = _Peering.model_validate(fields)
    now = found.remote_virtual_network_address_space
    then = found.remote_address_space
    synced = then.prefixes() if then else ()
    return Peering(
        id=resource.id,
        name=found.name or name_of(resource.id),
        remote=found.remote_virtual_network,
        state=found.peering_state or None,
        sync_level=found.peering_sync_level or None,
        remote_prefixes=(now.prefixes() if now else ()) or synced,
        synced_prefixes=synced,
        complete=found.peer_complete_vnets is not False,
        local_subnets=tuple(found.local_subnet_names or ()),
        remote_subnets=tuple(found.remote_subnet_names or ()),
        ipv6_only=bool(found.enable_only_ipv6_peering),
        virtual_network_access=found.allow_virtual_network_access is not False,
        forwarded_traffic=bool(found.allow_forwarded_traffic),
        gateway_transit=bool(found.allow_gateway_transit),
        remote_gateways=bool(found.use_remote_gateways),
        unresolved=unresolved,
        origin=origin,
    )


def unique(prefixes: Iterable[Cidr]) -> tuple[Cidr, ...]:
    """Prefixes without repetition, sorted: Azure gives them in no order."""
    return tuple(sorted(set(prefixes)))


def _services(delegations: list[Any] | None) -> tuple[str, ...]:
    """Names of the services that a subnet is delegated to, nested or flat."""
    names: list[str] = []
    for each in delegations or ():
        outer = as_object(each) or {}
        inner = as_object(outer.get("properties")) or outer
        service = inner.get("serviceName")
        if isinstance(service, str):
            names.append(service)
    return tuple(dict.fromkeys(names))


def _endpoints(given: list[Any] | None) -> tuple[str, ...]:
    """Names of the services that a subnet has endpoints of."""
    services = ((as_object(each) or {}).get("service") for each in given or ())
    return distinct(each for each in services if isinstance(each, str))


def _holders(
    configurations: list[Any] | None, of_gateways: list[Any] | None
) -> tuple[Holder, ...] | None:
    """Which resources hold how many addresses; None where they are not listed.

    Application Gateways are listed apart, each once for all of its instances.
    """
    if configurations is None and not of_gateways:
        return None
    owners: dict[str, int | None] = dict(Counter(map(_owner, configurations or ())))
    owners |= dict.fromkeys(map(_owner, of_gateways or ()))
    return tuple(Holder(owner, owners[owner]) for owner in sorted(owners))


def _owner(configuration: object) -> str:
    """The resource to which an IP configuration belongs; nothing where it is unsaid."""
    fields = as_object(configuration) or {}
    identity = fields.get("id")
    if not isinstance(identity, str):
        return ""
    return "/".join(identity.lower().split("/", RESOURCE_STEPS)[:RESOURCE_STEPS])
