"""Functions of address ranges."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from ipplan.cidrs import IPV4
from ipplan.readers.templates.signatures import strict
from ipplan.readers.templates.values import UnsuitableError


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise UnsuitableError from None


def _first_host(network: IPv4Network | IPv6Network) -> int:
    """Number of the first host: a network's own address is none, save in a /31."""
    return int(network.num_addresses > 2)  # noqa: PLR2004  # a /31 has two, both hosts


def _parse_cidr(text: str) -> dict[str, Any]:
    network = _network(text)
    skipped = _first_host(network) if network.version == IPV4 else 0
    broadcast = {"broadcast": str(network[-1])} if network.version == IPV4 else {}
    return {
        "network": str(network[0]),
        "netmask": str(network.netmask),
        **broadcast,
        "firstUsable": str(network[skipped]),
        "lastUsable": str(network[-1 - skipped]),
        "cidr": network.prefixlen,
    }


def _cidr_subnet(text: str, length: int, index: int) -> str:
    network = _network(text)
    if not network.prefixlen <= length <= network.max_prefixlen:
        raise UnsuitableError
    if not 0 <= index < 2 ** (length - network.prefixlen):
        raise UnsuitableError
    size = 2 ** (network.max_prefixlen - length)
    return f"{network[index * size]}/{length}"


def _cidr_host(text: str, index: int) -> str:
    network = _network(text)
    if index < 0 or index + _first_host(network) >= network.num_addresses:
        raise UnsuitableError
    return str(network[index + _first_host(network)])


FUNCTIONS = {
    "cidrhost": strict("text int", _cidr_host),
    "cidrsubnet": strict("text int int", _cidr_subnet),
    "parsecidr": strict("text", _parse_cidr),
}
