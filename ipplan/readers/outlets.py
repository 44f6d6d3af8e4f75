"""Public addresses, and the firewalls and NAT gateways that have them, as nouns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator

from ipplan.inventory.origins import name_of
from ipplan.inventory.traffic import Outlet, PublicAddress
from ipplan.readers.payloads import (
    NO_NULLS,
    HostRange,
    Inner,
    OneRange,
    Payload,
    Reference,
    References,
    Text,
    distinct,
    either,
)

if TYPE_CHECKING:
    from ipplan.cidrs import Cidr
    from ipplan.inventory.origins import Origin
    from ipplan.readers.readings import Resource

_UNASSIGNED = ("", "Not Assigned")
"""What stands for an address that there is not yet; the latter is PowerShell's."""


def _assigned(value: Any) -> Any:
    return None if value in _UNASSIGNED else value


class _PublicAddress(Payload):
    name: Text = None
    ip_address: Annotated[HostRange | None, BeforeValidator(_assigned)] = None
    ip_prefix: OneRange = None


class _Configuration(Inner):
    private_ip_address: Text = either("privateIPAddress", "privateIpAddress")
    public_ip_address: Reference = either("publicIPAddress", "publicIpAddress")


_Configurations = Annotated[list[_Configuration] | None, NO_NULLS]


class _HubAddress(Payload):
    address: Annotated[HostRange | None, BeforeValidator(_assigned)] = None


class _HubAddresses(Payload):
    addresses: Annotated[list[_HubAddress] | None, NO_NULLS] = None


class _Hub(Payload):
    private_ip_address: Text = either("privateIPAddress", "privateIpAddress")
    public_addresses: _HubAddresses | None = either("publicIPs", "publicIps")

    def prefixes(self) -> tuple[Cidr, ...]:
        """Addresses that a Virtual WAN gave its firewall."""
        shown = self.public_addresses or _HubAddresses()
        given = [each.address for each in shown.addresses or ()]
        return tuple(sorted({each for each in given if each}))


class _Firewall(Payload):
    name: Text = None
    ip_configurations: _Configurations = None
    hub_addresses: _Hub | None = either("hubIPAddresses", "hubIpAddresses")


class _NatGateway(Payload):
    name: Text = None
    public_ip_addresses: References = None
    public_ip_addresses_v6: References = either("publicIpAddressesV6")
    public_ip_prefixes: References = None
    public_ip_prefixes_v6: References = either("publicIpPrefixesV6")


def public_address(
    resource: Resource, fields: dict[str, Any], _: tuple[str, ...], origin: Origin
) -> PublicAddress:
    """A public IP address or prefix, which Azure may not have given yet.

    Raises
    ------
    ValidationError
        Where a field is not what it should be.
    """
    found = _PublicAddress.model_validate(fields)
    return PublicAddress(
        id=resource.id,
        name=found.name or name_of(resource.id),
        prefix=found.ip_address or found.ip_prefix,
        origin=origin,
    )


def firewall(
    resource: Resource, fields: dict[str, Any], _: tuple[str, ...], origin: Origin
) -> Outlet:
    """An Azure Firewall, in a VNet or in a Virtual WAN hub.

    What it is managed through is not among its addresses: nothing else leaves there.

    Raises
    ------
    ValidationError
        Where a field is not what it should be.
    """
    found = _Firewall.model_validate(fields)
    shown, hub = found.ip_configurations or (), found.hub_addresses or _Hub()
    private = [hub.private_ip_address, *(each.private_ip_address for each in shown)]
    return Outlet(
        id=resource.id,
        name=found.name or name_of(resource.id),
        kind="firewall",
        private_ips=distinct(private),
        public_addresses=distinct(each.public_ip_address for each in shown),
        public_prefixes=hub.prefixes(),
        origin=origin,
    )


def nat_gateway(
    resource: Resource, fields: dict[str, Any], _: tuple[str, ...], origin: Origin
) -> Outlet:
    """A NAT gateway.

    Raises
    ------
    ValidationError
        Where a field is not what it should be.
    """
    found = _NatGateway.model_validate(fields)
    return Outlet(
        id=resource.id,
        name=found.name or name_of(resource.id),
        kind="nat-gateway",
        public_addresses=distinct(
            found.public_ip_addresses,
            found.public_ip_addresses_v6,
            found.public_ip_prefixes,
            found.public_ip_prefixes_v6,
        ),
        origin=origin,
    )
