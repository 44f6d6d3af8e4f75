"""What network security groups let through, a row each, by what lives in a subnet.

A rule of Azure's has one service tag or a list of ranges on each side, so a row has one
word for each: a tag as Azure spells it, or whose ranges they are.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from ipplan.limits import (
    AKS,
    API_SERVER_PORTS,
    API_SERVER_PROBE,
    APPLICATION_GATEWAY,
    NETWORK_CONCEPTS,
    NETWORKING,
    OVERLAY,
    RESOLVER,
    VNET_INTEGRATION,
)

if TYPE_CHECKING:
    from ipplan.inventory.traffic import Access, Direction

EGRESS = f"{AKS}/outbound-rules-control-egress"
BASTION_GROUP = f"{NETWORKING}/bastion/bastion-nsg"
PRIVATE_ENDPOINTS = f"{NETWORKING}/private-link/disable-private-endpoint-network-policy"
SERVICE_TAGS = f"{NETWORKING}/virtual-network/service-tags-overview"


class Who(Enum):
    """Whose addresses one side of a rule has; a rule without any is not made."""

    NODES = "the subnets of nodes"
    PODS = "the pod CIDRs, or the subnets of pods"
    SERVERS = "the subnets of API servers"
    GATEWAYS = "the subnets of Application Gateways"
    HERE = "the subnet itself"
    BASTION = "AzureBastionSubnet, here and in peered networks"
    NO_BASTION = "everybody else, where there is a Bastion"
    DNS = "the DNS servers of the VNet"
    CLOUD = "Azure's public addresses, where nodes may reach these"
    TUNNEL = "the same, where API servers are reached through a tunnel"
    REGISTRY = "Microsoft's registry, where nodes may reach it"
    FRONT_DOOR = "what that registry is served from"
    INTERNET = "the internet, where nodes may reach it"


class Allowance(NamedTuple):
    """What a group lets through, or keeps out.

    Parameters
    ----------
    name : str
        Of its rule, before the direction.
    direction : {"Inbound", "Outbound"}
        Whether it is for traffic to the subnet or from it.
    source, destination : str or Who
        A service tag or ``*``, or whose ranges they are.
    ports : tuple of str
        Destination ports.
    protocol : str
        ``*``, ``Tcp`` or ``Udp``.
    page : str
        The page that asks for it.
    access : {"Allow", "Deny"}
        What the rule does.
    """

    name: str
    direction: Direction
    source: str | Who
    destination: str | Who
    ports: tuple[str, ...]
    protocol: str
    page: str
    access: Access = "Allow"


ANY = ("*",)
HTTPS = ("443",)
REMOTE_DESKTOPS = ("22", "3389")
"""SSH and RDP."""
BASTION_HOSTS = ("5701", "8080")
"""What the parts of a Bastion talk on."""
_SERVERS = tuple(map(str, API_SERVER_PORTS.value))

_INSIDE = (
    ("nodes-to-nodes", Who.NODES, Who.NODES, NETWORK_CONCEPTS),
    ("nodes-to-pods", Who.NODES, Who.PODS, OVERLAY),
    ("pods-to-pods", Who.PODS, Who.PODS, OVERLAY),
    ("pods-to-nodes", Who.PODS, Who.NODES, NETWORK_CONCEPTS),
)
"""What flows in a cluster, all ports and protocols."""

_CLUSTER = (
    *(Allowance(n, "Inbound", s, d, ANY, "*", page) for n, s, d, page in _INSIDE),
    Allowance("gateway-to-pods", "Inbound", Who.GATEWAYS, Who.PODS, ANY, "*", OVERLAY),
    Allowance(
        "virtual-network",
        "Inbound",
        "VirtualNetwork",
        "VirtualNetwork",
        ANY,
        "*",
        NETWORK_CONCEPTS,
    ),
    Allowance(
        "load-balancer", "Inbound", "AzureLoadBalancer", "*", ANY, "*", NETWORK_CONCEPTS
    ),
    *(Allowance(n, "Outbound", s, d, ANY, "*", page) for n, s, d, page in _INSIDE),
)

_NODES = (
    *_CLUSTER,
    Allowance(
        "nodes-to-api-server",
        "Outbound",
        Who.NODES,
        Who.SERVERS,
        _SERVERS,
        "Tcp",
        VNET_INTEGRATION,
    ),
    Allowance("nodes-to-azure", "Outbound", Who.NODES, Who.CLOUD, HTTPS, "Tcp", EGRESS),
    Allowance(
        "nodes-to-tunnel", "Outbound", Who.NODES, Who.TUNNEL, ("9000",), "Tcp", EGRESS
    ),
    Allowance(
        "nodes-to-tunnel-udp",
        "Outbound",
        Who.NODES,
        Who.TUNNEL,
        ("1194",),
        "Udp",
        EGRESS,
    ),
    Allowance(
        "nodes-to-registry",
        "Outbound",
        Who.NODES,
        Who.REGISTRY,
        HTTPS,
        "Tcp",
        SERVICE_TAGS,
    ),
    Allowance(
        "nodes-to-front-door",
        "Outbound",
        Who.NODES,
        Who.FRONT_DOOR,
        HTTPS,
        "Tcp",
        SERVICE_TAGS,
    ),
    Allowance(
        "nodes-to-time", "Outbound", Who.NODES, Who.INTERNET, ("123",), "Udp", EGRESS
    ),
    Allowance("nodes-to-dns", "Outbound", Who.NODES, Who.DNS, ("53",), "*", EGRESS),
)

_PODS = (
    *_CLUSTER,
    Allowance(
        "pods-to-api-server",
        "Outbound",
        Who.PODS,
        Who.SERVERS,
        _SERVERS,
        "Tcp",
        VNET_INTEGRATION,
    ),
    Allowance("pods-to-azure", "Outbound", Who.PODS, Who.CLOUD, HTTPS, "Tcp", EGRESS),
    Allowance("pods-to-dns", "Outbound", Who.PODS, Who.DNS, ("53",), "*", EGRESS),
)

_API_SERVER = (
    Allowance(
        "nodes-to-api-server",
        "Inbound",
        Who.NODES,
        Who.HERE,
        _SERVERS,
        "Tcp",
        VNET_INTEGRATION,
    ),
    Allowance(
        "pods-to-api-server",
        "Inbound",
        Who.PODS,
        Who.HERE,
        _SERVERS,
        "Tcp",
        VNET_INTEGRATION,
    ),
    Allowance(
        "clients-to-api-server",
        "Inbound",
        "VirtualNetwork",
        Who.HERE,
        HTTPS,
        "Tcp",
        VNET_INTEGRATION,
    ),
    Allowance(
        "load-balancer-probes",
        "Inbound",
        "AzureLoadBalancer",
        Who.HERE,
        (str(API_SERVER_PROBE.value),),
        "Tcp",
        VNET_INTEGRATION,
    ),
)

_APPLICATION_GATEWAY = (
    Allowance(
        "gateway-manager",
        "Inbound",
        "GatewayManager",
        "*",
        ("65200-65535",),
        "Tcp",
        APPLICATION_GATEWAY,
    ),
    Allowance(
        "load-balancer",
        "Inbound",
        "AzureLoadBalancer",
        "*",
        ANY,
        "*",
        APPLICATION_GATEWAY,
    ),
    Allowance(
        "clients",
        "Inbound",
        "Internet",
        Who.HERE,
        ("443", "80"),
        "Tcp",
        APPLICATION_GATEWAY,
    ),
    Allowance(
        "gateway-to-nodes", "Outbound", Who.HERE, Who.NODES, ANY, "*", NETWORK_CONCEPTS
    ),
    Allowance("gateway-to-pods", "Outbound", Who.HERE, Who.PODS, ANY, "*", OVERLAY),
    Allowance("internet", "Outbound", "*", "Internet", ANY, "*", APPLICATION_GATEWAY),
)

_BASTION = (
    Allowance("https", "Inbound", "Internet", "*", HTTPS, "Tcp", BASTION_GROUP),
    Allowance(
        "gateway-manager", "Inbound", "GatewayManager", "*", HTTPS, "Tcp", BASTION_GROUP
    ),
    Allowance(
        "load-balancer",
        "Inbound",
        "AzureLoadBalancer",
        "*",
        HTTPS,
        "Tcp",
        BASTION_GROUP,
    ),
    Allowance(
        "bastion-hosts",
        "Inbound",
        "VirtualNetwork",
        "VirtualNetwork",
        BASTION_HOSTS,
        "*",
        BASTION_GROUP,
    ),
    Allowance(
        "ssh-and-rdp",
        "Outbound",
        "*",
        "VirtualNetwork",
        REMOTE_DESKTOPS,
        "*",
        BASTION_GROUP,
    ),
    Allowance("azure", "Outbound", "*", "AzureCloud", HTTPS, "Tcp", BASTION_GROUP),
    Allowance(
        "bastion-hosts",
        "Outbound",
        "VirtualNetwork",
        "VirtualNetwork",
        BASTION_HOSTS,
        "*",
        BASTION_GROUP,
    ),
    Allowance("http", "Outbound", "*", "Internet", ("80",), "*", BASTION_GROUP),
)

_MACHINES = (
    Allowance(
        "bastion",
        "Inbound",
        Who.BASTION,
        Who.HERE,
        REMOTE_DESKTOPS,
        "Tcp",
        BASTION_GROUP,
    ),
    Allowance(
        "ssh-and-rdp",
        "Inbound",
        Who.NO_BASTION,
        Who.HERE,
        REMOTE_DESKTOPS,
        "Tcp",
        BASTION_GROUP,
        "Deny",
    ),
)

ALLOWANCES: dict[str, tuple[Allowance, ...]] = {
    "nodes": _NODES,
    "pods": _PODS,
    "api-server": _API_SERVER,
    "application-gateway": _APPLICATION_GATEWAY,
    "bastion": _BASTION,
    "private-endpoints": (
        Allowance(
            "https",
            "Inbound",
            "VirtualNetwork",
            Who.HERE,
            HTTPS,
            "Tcp",
            PRIVATE_ENDPOINTS,
        ),
    ),
    "jump-boxes": _MACHINES,
    "build-agents": _MACHINES,
    "dns-resolver-inbound": (
        Allowance("dns", "Inbound", "VirtualNetwork", Who.HERE, ("53",), "*", RESOLVER),
    ),
    "internal-load-balancers": (
        Allowance(
            "load-balancer",
            "Inbound",
            "AzureLoadBalancer",
            "*",
            ANY,
            "*",
            NETWORK_CONCEPTS,
        ),
    ),
}
"""By the purpose of a subnet; of one that is not among them, no rules are needed."""
