"""What Azure imposes on VNets, subnets, peerings, templates and special ranges."""

from __future__ import annotations

from datetime import date

from ipplan.limits.rows import Limit
from ipplan.limits.sources import (
    APP_SERVICE,
    APPLICATION_GATEWAY,
    APPLICATION_GATEWAY_OVERLAY_PAGE,
    AZURE_LIMITS,
    BASTION,
    CONTAINERS_GATEWAY,
    FIREWALL,
    GATEWAY,
    INTERNAL_BALANCER,
    IP_PLANNING,
    MONITOR_LINK,
    NAMES,
    NETAPP,
    NETWORKING,
    PLANNING,
    PRIVATE_LINK,
    RESOLVER,
    RFC_4193,
    RFC_6890,
    ROUTE_SERVER,
    SECURITY_GROUPS,
    TEMPLATES,
    VNET_FAQ,
)

RESERVED_ADDRESSES = Limit(
    5, "addresses/subnet", IP_PLANNING, "the first four and the last of an IPv4 subnet"
)
SMALLEST_SUBNET = Limit(29, "prefix length", IP_PLANNING, "holds 3 addresses")
LARGEST_SUBNET = Limit(2, "prefix length", IP_PLANNING, "/8 on older pages")
VNET_ADDRESSES = Limit(
    65_536, "addresses/VNet", PLANNING, "static blocks count once a block"
)
PEERED_ADDRESSES = Limit(
    128_000,
    "addresses/peered VNets",
    AZURE_LIMITS,
    "of a VNet and those that it is peered with; on this page alone",
    checked=date(2022, 12, 5),
)
ARM_COPIES = Limit(
    800,
    "iterations/copy",
    f"{TEMPLATES}/best-practices",
    "a template has 800 resources at most, copies among them",
    checked=date(2026, 1, 9),
)
ARM_EXPRESSION = Limit(
    24_576,
    "characters/expression",
    f"{TEMPLATES}/template-expressions",
    checked=date(2026, 1, 9),
)
RESOURCE_NAME = Limit(
    80,
    "characters",
    NAMES,
    "of network security groups, route tables, NAT gateways and public IP addresses",
)
FIRST_PRIORITY = Limit(
    100, "priority", SECURITY_GROUPS, "of the rules of a network security group"
)
LAST_PRIORITY = Limit(
    4096, "priority", SECURITY_GROUPS, "of the rules of a network security group"
)
FORBIDDEN_VNET_RANGES = Limit(
    (
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "224.0.0.0/4",
        "255.255.255.255/32",
    ),
    "CIDRs",
    VNET_FAQ,
    "not for any VNet",
)
PRIVATE_RANGES = Limit(
    ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
    "CIDRs",
    IP_PLANNING,
    "RFC 1918, and RFC 6598, which Azure treats as private too",
)
IPV6_SUBNET = Limit(64, "prefix length", IP_PLANNING, "no other size")
VNET_SUBNETS = Limit(3_000, "subnets/VNet", AZURE_LIMITS, checked=date(2022, 12, 5))
VNET_PEERINGS = Limit(500, "peerings/VNet", AZURE_LIMITS, checked=date(2022, 12, 5))
VNET_PEERINGS_MANAGED = Limit(
    1_000,
    "peerings/VNet",
    AZURE_LIMITS,
    "of VNets that Network Manager peers",
    checked=date(2022, 12, 5),
)
VNETS = Limit(
    1_000, "VNets/region", AZURE_LIMITS, "of a subscription", checked=date(2022, 12, 5)
)
GATEWAY_SUBNET = Limit(
    27, "prefix length", GATEWAY, "GatewaySubnet, or larger; /26 for 16 circuits"
)
GATEWAY_SUBNET_SMALLEST = Limit(
    29, "prefix length", GATEWAY, "GatewaySubnet, of old gateways"
)
FIREWALL_SUBNET = Limit(
    26,
    "prefix length",
    FIREWALL,
    "AzureFirewallSubnet and AzureFirewallManagementSubnet, or larger",
)
BASTION_SUBNET = Limit(
    26, "prefix length", BASTION, "AzureBastionSubnet, or larger; since 2021-11"
)
BASTION_SUBNET_SMALLEST = Limit(
    27, "prefix length", BASTION, "AzureBastionSubnet, before 2021-11"
)
ROUTE_SERVER_SUBNET = Limit(
    26, "prefix length", ROUTE_SERVER, "RouteServerSubnet, or larger"
)
ROUTE_SERVER_SUBNET_SMALLEST = Limit(
    27, "prefix length", ROUTE_SERVER, "RouteServerSubnet, on older pages"
)
APPLICATION_GATEWAY_SUBNET = Limit(
    24,
    "prefix length",
    APPLICATION_GATEWAY,
    "advised; it takes an address for each instance and one for a private front end",
    checked=date(2021, 6, 14),
)
APPLICATION_GATEWAY_OVERLAY = Limit(
    24,
    "prefix length",
    APPLICATION_GATEWAY_OVERLAY_PAGE,
    "with CNI Overlay, or smaller",
)
CONTAINERS_GATEWAY_SUBNET = Limit(
    24,
    "prefix length",
    CONTAINERS_GATEWAY,
    "Application Gateway for Containers, or larger; with CNI Overlay exactly that",
    checked=date(2025, 3, 24),
)
RESOLVER_SUBNET_LARGEST = Limit(
    24, "prefix length", RESOLVER, "of an endpoint of DNS Private Resolver"
)
RESOLVER_SUBNET_SMALLEST = Limit(
    28, "prefix length", RESOLVER, "of an endpoint of DNS Private Resolver"
)
GATEWAY_CIRCUITS = Limit(
    16, "circuits/gateway", GATEWAY, "ExpressRoute; as many need a larger subnet"
)
GATEWAY_SUBNET_CIRCUITS = Limit(
    26, "prefix length", GATEWAY, "GatewaySubnet, for 16 ExpressRoute circuits"
)
APPLICATION_GATEWAY_INSTANCES = Limit(
    125, "instances/gateway", APPLICATION_GATEWAY, "v2", checked=date(2021, 6, 14)
)
CONTAINERS_GATEWAY_ADDRESSES = Limit(
    250,
    "free addresses/subnet",
    CONTAINERS_GATEWAY,
    "Application Gateway for Containers",
    checked=date(2025, 3, 24),
)
PRIVATE_LINK_ADDRESSES = Limit(
    8,
    "addresses/service",
    INTERNAL_BALANCER,
    "of a Private Link Service at the most; it starts with one, and eight free ones "
    "are advised",
)
PRIVATE_ENDPOINT_ADDRESSES = Limit(
    1,
    "addresses/endpoint",
    f"{PRIVATE_LINK}/private-endpoint-overview",
    "of most kinds of resources",
    checked=date(2020, 1, 9),
)
REGISTRY_ADDRESSES = Limit(
    2,
    "addresses/endpoint",
    f"{NETWORKING}/container-registry/container-registry-private-link",
    "the registry and its data endpoint; one more for each region of replicas",
)
COSMOS_ADDRESSES = Limit(
    2,
    "addresses/endpoint",
    f"{NETWORKING}/cosmos-db/how-to-configure-private-endpoints",
    "the account and its region; one more for each region more",
    checked=date(2020, 5, 14),
)
MONITOR_ADDRESSES = Limit(
    11,
    "addresses/endpoint",
    MONITOR_LINK,
    "Azure Monitor Private Link Scope, at the least",
    checked=date(2022, 1, 5),
)
MONITOR_SUBNET = Limit(
    27,
    "prefix length",
    MONITOR_LINK,
    "of the endpoint of an Azure Monitor Private Link Scope, or larger",
    checked=date(2022, 1, 5),
)
NETAPP_SUBNET = Limit(
    28,
    "prefix length",
    NETAPP,
    "advised; /26 for SAP. A VNet has one, and its size can't be changed",
    checked=date(2022, 10, 25),
)
APP_SERVICE_SUBNET = Limit(
    24,
    "prefix length",
    APP_SERVICE,
    "advised for an App Service Environment",
    checked=date(2021, 11, 15),
)
APP_SERVICE_SUBNET_SMALLEST = Limit(
    27,
    "prefix length",
    APP_SERVICE,
    "of an App Service Environment",
    checked=date(2021, 11, 15),
)
APP_SERVICE_ADDRESSES = Limit(
    27,
    "addresses/environment",
    APP_SERVICE,
    "of its own machines at the most, beside the instances of plans",
    checked=date(2021, 11, 15),
)
UNIQUE_LOCAL_RANGE = Limit(
    "fd00::/8", "CIDR", RFC_4193, "private IPv6; AKS takes its own defaults out of it"
)
SPECIAL_RANGES_IPV6 = Limit(
    ("::/8", "100::/64", "2001:db8::/32", "fc00::/7", "fe80::/10"),
    "CIDRs",
    RFC_6890,
    "neither public nor multicast: loopback, documentation, unique local and the like",
)
MULTICAST_RANGES = Limit(
    ("224.0.0.0/4", "ff00::/8"), "CIDRs", RFC_6890, "no host has such an address"
)
SPECIAL_RANGES = Limit(
    (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "240.0.0.0/4",
    ),
    "CIDRs",
    "https://www.iana.org/assignments/iana-ipv4-special-registry",
    "not global: no traffic on the internet comes from there",
)
