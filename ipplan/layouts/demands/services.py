"""Rows of services: what takes a subnet in a VNet, and how large a one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.errors import ArgumentError

if TYPE_CHECKING:
    from ipplan.limits import Limit

MACHINES = "machines"
"""What stands with nodes, virtual machines and private endpoints in one subnet."""

AKS_DELEGATION = "Microsoft.ContainerService/managedClusters"
"""To whom the subnets of pods and API servers are delegated, as Azure writes it."""


class ServiceRow(NamedTuple):
    """A service that takes a subnet, or addresses of one.

    Parameters
    ----------
    kind, title : str
        As plans call it, and as Microsoft does.
    subnet : str
        The name of its subnet: Azure's own, or the one taken where none is named.
    summary : str
        What a reader must know, in a line.
    source : str
        The page that says so.
    unit : str
        One of what is counted: an instance, a machine, a front end.
    each, extra : int
        What one of them takes, and what the service takes besides; 0 where pages name
        a size of the subnet and no addresses. [addresses]
    imposed : bool
        Whether the subnet has that name and no other.
    advised, least : Limit or None
        Prefix lengths of the subnet that pages advise, and of the smallest.
    largest, largest_overlay : Limit or None
        Prefix lengths of the largest subnet, always and with CNI Overlay.
    most : Limit or None
        How many of what is counted there may be.
    full : Limit or None
        The prefix length in place of the others, where there are as many as may be.
    delegation : str or None
        The service that the subnet is delegated to.
    security_group : bool
        Whether a network security group may stand on the subnet, for all that pages
        say.
    default_route : bool
        Whether a page lets a route of 0.0.0.0/0 to an appliance stand on it.
    ipv6 : bool
        Whether it has IPv6 addresses, and so a /64, in a dual-stack VNet.
    company : str
        A word for all that may stand in one subnet; empty where nothing may stand
        beside it, not even another of its kind.
    """

    kind: str
    title: str
    subnet: str
    summary: str
    source: str
    unit: str
    each: int = 0
    extra: int = 0
    imposed: bool = False
    advised: Limit[int] | None = None
    least: Limit[int] | None = None
    largest: Limit[int] | None = None
    largest_overlay: Limit[int] | None = None
    most: Limit[int] | None = None
    full: Limit[int] | None = None
    delegation: str | None = None
    security_group: bool = True
    default_route: bool = True
    ipv6: bool = False
    company: str = ""

    @property
    def shared(self) -> bool:
        """Whether several services may stand in its subnet."""
        return bool(self.company)


ROWS = (
    ServiceRow(
        "firewall",
        "Azure Firewall",
        "AzureFirewallSubnet",
        "grows inside a /26, never beyond it; its own subnet has no security group",
        limits.FIREWALL,
        "firewall",
        imposed=True,
        advised=limits.FIREWALL_SUBNET,
        least=limits.FIREWALL_SUBNET,
        security_group=False,
        default_route=False,
    ),
    ServiceRow(
        "firewall-management",
        "the management of Azure Firewall",
        "AzureFirewallManagementSubnet",
        "for the Basic SKU and for forced tunnelling",
        limits.FIREWALL,
        "firewall",
        imposed=True,
        advised=limits.FIREWALL_SUBNET,
        least=limits.FIREWALL_SUBNET,
        security_group=False,
        default_route=False,
    ),
    ServiceRow(
        "bastion",
        "Azure Bastion",
        "AzureBastionSubnet",
        "a security group on it must have Bastion's own rules",
        limits.BASTION,
        "host",
        imposed=True,
        advised=limits.BASTION_SUBNET,
        least=limits.BASTION_SUBNET_SMALLEST,
        default_route=False,
    ),
    ServiceRow(
        "vpn-gateway",
        "VPN gateway",
        "GatewaySubnet",
        "shares GatewaySubnet with an ExpressRoute gateway and nothing else",
        limits.GATEWAY,
        "gateway",
        imposed=True,
        advised=limits.GATEWAY_SUBNET,
        least=limits.GATEWAY_SUBNET_SMALLEST,
        security_group=False,
        default_route=False,
        company="gateways",
    ),
    ServiceRow(
        "expressroute-gateway",
        "ExpressRoute gateway",
        "GatewaySubnet",
        "counted in circuits: as many as there may be take a larger subnet",
        limits.GATEWAY,
        "circuit",
        imposed=True,
        advised=limits.GATEWAY_SUBNET,
        least=limits.GATEWAY_SUBNET,
        most=limits.GATEWAY_CIRCUITS,
        full=limits.GATEWAY_SUBNET_CIRCUITS,
        security_group=False,
        default_route=False,
        ipv6=True,
        company="gateways",
    ),
    ServiceRow(
        "route-server",
        "Route Server",
        "RouteServerSubnet",
        "older pages name a /27",
        limits.ROUTE_SERVER,
        "server",
        imposed=True,
        advised=limits.ROUTE_SERVER_SUBNET,
        least=limits.ROUTE_SERVER_SUBNET_SMALLEST,
        security_group=False,
        default_route=False,
    ),
    ServiceRow(
        "dns-resolver-inbound",
        "the inbound endpoint of DNS Private Resolver",
        "dns-resolver-inbound",
        "what other networks send their questions to",
        limits.RESOLVER,
        "endpoint",
        least=limits.RESOLVER_SUBNET_SMALLEST,
        largest=limits.RESOLVER_SUBNET_LARGEST,
        delegation="Microsoft.Network/dnsResolvers",
        default_route=False,
    ),
    ServiceRow(
        "dns-resolver-outbound",
        "the outbound endpoint of DNS Private Resolver",
        "dns-resolver-outbound",
        "from where questions are forwarded; not in the subnet of the inbound endpoint",
        limits.RESOLVER,
        "endpoint",
        least=limits.RESOLVER_SUBNET_SMALLEST,
        largest=limits.RESOLVER_SUBNET_LARGEST,
        delegation="Microsoft.Network/dnsResolvers",
        default_route=False,
    ),
    ServiceRow(
        "application-gateway",
        "Application Gateway",
        "application-gateway",
        "v2: one address an instance, and one for a private front end",
        limits.APPLICATION_GATEWAY,
        "instance",
        each=1,
        advised=limits.APPLICATION_GATEWAY_SUBNET,
        largest_overlay=limits.APPLICATION_GATEWAY_OVERLAY,
        most=limits.APPLICATION_GATEWAY_INSTANCES,
        delegation="Microsoft.Network/applicationGateways",
        default_route=False,
        company="application gateways",
    ),
    ServiceRow(
        "application-gateway-for-containers",
        "Application Gateway for Containers",
        "application-gateway-for-containers",
        "one in a subnet, in the VNet of the cluster; with CNI Overlay a /24 exactly",
        limits.CONTAINERS_GATEWAY,
        "gateway",
        each=limits.CONTAINERS_GATEWAY_ADDRESSES.value,
        least=limits.CONTAINERS_GATEWAY_SUBNET,
        largest_overlay=limits.CONTAINERS_GATEWAY_SUBNET,
        delegation="Microsoft.ServiceNetworking/trafficControllers",
        # no page says which rules and routes it bears
        security_group=False,
        default_route=False,
    ),
    ServiceRow(
        "api-server",
        "API Server VNet Integration",
        "api-server",
        "clusters of one VNet can share it; nothing else may be in it",
        limits.VNET_INTEGRATION,
        "API server",
        each=limits.API_SERVER.value,
        least=limits.API_SERVER_SUBNET,
        delegation=AKS_DELEGATION,
        default_route=False,
        company="API servers",
    ),
    ServiceRow(
        "internal-load-balancers",
        "internal load balancer",
        "load-balancers",
        "one address a front end; services can share one",
        limits.INTERNAL_BALANCER,
        "front end",
        each=1,
        ipv6=True,
        company=MACHINES,
    ),
    ServiceRow(
        "private-link-services",
        "Private Link Service",
        "private-links",
        "sized for as many NAT addresses as one can have; its policies must be off",
        limits.INTERNAL_BALANCER,
        "service",
        each=limits.PRIVATE_LINK_ADDRESSES.value,
        company=MACHINES,
    ),
    ServiceRow(
        "private-endpoints",
        "private endpoint",
        "private-endpoints",
        "as many as its kind of resource takes, by the table below",
        limits.PRIVATE_ENDPOINT_ADDRESSES.source,
        "endpoint",
        each=limits.PRIVATE_ENDPOINT_ADDRESSES.value,
        company=MACHINES,
    ),
    ServiceRow(
        "virtual-nodes",
        "virtual nodes",
        "virtual-nodes",
        "Azure Container Instances: one address a container group, and nothing else",
        f"{limits.AKS}/virtual-nodes",
        "container group",
        each=1,
        delegation="Microsoft.ContainerInstance/containerGroups",
        company="container groups",
    ),
    ServiceRow(
        "jump-boxes",
        "jump box",
        "jump-boxes",
        "one address a machine; how a private API server is reached by hand",
        limits.PRIVATE_CLUSTERS,
        "machine",
        each=1,
        ipv6=True,
        company=MACHINES,
    ),
    ServiceRow(
        "build-agents",
        "build agent",
        "build-agents",
        "self-hosted: hosted ones reach no private API server and no private endpoint",
        limits.PRIVATE_CLUSTERS,
        "machine",
        each=1,
        ipv6=True,
        company=MACHINES,
    ),
    ServiceRow(
        "netapp",
        "Azure NetApp Files",
        "netapp",
        "one subnet in a VNet, and of one size for good; /26 for SAP",
        limits.NETAPP,
        "volume",
        advised=limits.NETAPP_SUBNET,
        delegation="Microsoft.NetApp/volumes",
        security_group=False,
        default_route=False,
        company="volumes",
    ),
    ServiceRow(
        "app-service-environment",
        "App Service Environment",
        "app-service-environment",
        "one address an instance of its plans, and up to 27 of its own",
        limits.APP_SERVICE,
        "instance",
        each=1,
        extra=limits.APP_SERVICE_ADDRESSES.value,
        advised=limits.APP_SERVICE_SUBNET,
        least=limits.APP_SERVICE_SUBNET_SMALLEST,
        delegation="Microsoft.Web/hostingEnvironments",
    ),
)
"""Rows of services, each kind once."""

SERVICES: dict[str, ServiceRow] = {row.kind: row for row in ROWS}
"""Every service by its kind."""


def service_named(kind: str) -> ServiceRow:
    """The row of a kind.

    Raises
    ------
    ArgumentError
        For a name that is no kind's.

    Examples
    --------
    >>> service_named("firewall").subnet
    'AzureFirewallSubnet'
    """
    if kind not in SERVICES:
        raise ArgumentError("service", repr(kind), f"one of {', '.join(SERVICES)}")
    return SERVICES[kind]
