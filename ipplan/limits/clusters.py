"""What AKS and Kubernetes impose on clusters, node pools, pods and services."""

from __future__ import annotations

from datetime import date

from ipplan.limits.rows import Limit
from ipplan.limits.sources import (
    AKS,
    AKS_API,
    AUTHORIZED,
    AZURE_LIMITS,
    BALANCER,
    BALANCER_OUTBOUND,
    CHANGELOG,
    CNI_OVERVIEW,
    DYNAMIC,
    KUBENET,
    LARGE,
    NAT_GATEWAY,
    NETWORK_POLICY,
    NETWORKING,
    OVERLAY,
    PLANNING,
    PSRULE_DNS,
    RFC_1918,
    ROLLING,
    STATIC_BLOCK,
    SYSTEM_POOLS,
    UPDATE_CNI,
    VNET_INTEGRATION,
)

NODE_POD_CIDR = Limit(
    256, "addresses/node", OVERLAY, "a /24 of the pod CIDR, not configurable"
)
LARGEST_POD_CIDR = Limit(
    8,
    "prefix length",
    RFC_1918,
    "pod CIDRs are supported in private ranges only, and 10.0.0.0/8 is the largest",
    "our margin",
)
DYNAMIC_BATCH = Limit(
    16, "addresses/batch", DYNAMIC, "the first batch comes when the node starts"
)
DYNAMIC_FREE = Limit(
    8, "free addresses/node", DYNAMIC, "below that a node asks for another batch"
)
STATIC_BLOCK_SIZE = Limit(16, "addresses/block", STATIC_BLOCK, "an aligned /28")
STATIC_BLOCK_KEPT = Limit(
    1, "addresses/node", STATIC_BLOCK, "so 16N - 1 pods waste nothing"
)
STATIC_BLOCK_EDGE = Limit(
    32,
    "addresses/subnet",
    STATIC_BLOCK,
    "two /28s: the first and the last of a subnet hold reserved addresses",
    "our margin",
)
STATIC_BLOCK_LARGEST = Limit(12, "prefix length", STATIC_BLOCK, "1 million addresses")
MIN_MAX_PODS = Limit(10, "pods/node", PLANNING)
MAX_MAX_PODS = Limit(250, "pods/node", PLANNING)
POOL_PODS = Limit(
    30, "pods/pool", PLANNING, "nodes x max pods of a pool: 10 pods take 3 nodes"
)
WINDOWS_MAX_PODS = Limit(110, "pods/node", OVERLAY, "advice for Windows pools")
MAX_PODS_OVERLAY = Limit(250, "pods/node", OVERLAY)
MAX_PODS_NODE_SUBNET = Limit(30, "pods/node", PLANNING)
MAX_PODS_KUBENET = Limit(110, "pods/node", PLANNING)
MAX_PODS_POD_SUBNET = Limit(
    250,
    "pods/node",
    DYNAMIC,
    "sources say 30, 110 and 250; too small a subnet is the costly error",
)
MAX_SURGE = Limit(
    10,
    "% of a pool",
    CHANGELOG,
    "rounded up; release of 2025-03-16. Several pages still say 1",
)
CLUSTER_NODES = Limit(5000, "nodes/cluster", LARGE, "surge included")
POOL_NODES = Limit(1000, "nodes/pool", ROLLING, "surge included")
ROUTES = Limit(
    400,
    "routes/table",
    KUBENET,
    "kubenet adds a route for each node; at an upgrade there must be fewer than 400 "
    "nodes, which leaves room for surge",
)
PODS_DYNAMIC = Limit(
    50_000, "pods/cluster", LARGE, "application pods; other pages say 64,000 and 65k"
)
PODS_POD_SUBNET = Limit(65_536, "pods/cluster", STATIC_BLOCK, "65k in the source")
PODS_OVERLAY = Limit(200_000, "pods/cluster", LARGE, "250,000 on another page")
PODS_STATIC_BLOCK = Limit(
    1_000_000, "pods/cluster", STATIC_BLOCK, "claimed against 65k without blocks"
)
POOLS = Limit(100, "pools/cluster", AZURE_LIMITS, checked=date(2024, 1, 12))
POOL_NAME = Limit(
    12, "characters", SYSTEM_POOLS, "of Linux pools: lowercase letters and digits"
)
POOL_NAME_WINDOWS = Limit(
    6, "characters", SYSTEM_POOLS, "lowercase letters and digits, a letter first"
)
SYSTEM_POOL_NODES = Limit(
    1, "nodes/pool", AKS_API, "of a system pool; a user pool may have none"
)
DNS_PREFIX = Limit(
    54,
    "characters",
    PSRULE_DNS,
    "letters, digits and hyphens between a letter or digit at either end; azurerm says "
    "the same",
)
SYSTEM_NODES = Limit(2, "nodes/cluster", f"{AKS}/create-node-pools", "system pools")
PRIVATE_ENDPOINT = Limit(
    1, "addresses/cluster", f"{AKS}/private-clusters", "first pool's subnet"
)
API_SERVER = Limit(
    9,
    "addresses/cluster",
    f"{AKS}/api-server-vnet-integration",
    "in a subnet of its own",
)
API_SERVER_SUBNET = Limit(
    28, "prefix length", f"{AKS}/api-server-vnet-integration", "or larger"
)
NODE_GROUP_NAME = Limit(
    80,
    "characters",
    f"{AKS}/faq",
    "MC_ and the names of group, cluster and region, cut off there",
)
DEFAULT_POD_CIDR = Limit(
    "10.244.0.0/16", "CIDR", OVERLAY, "of kubenet and CNI Overlay, where none is named"
)
DEFAULT_SERVICE_CIDR = Limit(
    "10.0.0.0/16", "CIDR", KUBENET, "of every model, where none is named"
)
DEFAULT_POD_CIDR_IPV6 = Limit(
    "fd12:3456:789a::/64",
    "CIDR",
    f"{AKS}/configure-dual-stack",
    "of dual-stack clusters, where none is named; the changelog of 2022-01-27 says "
    "pseudo-random ones instead",
)
DEFAULT_SERVICE_CIDR_IPV6 = Limit(
    "fd12:3456:789a:1::/108",
    "CIDR",
    f"{AKS}/configure-dual-stack",
    "of dual-stack clusters, where none is named; the changelog of 2022-01-27 says "
    "pseudo-random ones instead",
)
RESERVED_RANGES = Limit(
    ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24"),
    "CIDRs",
    CNI_OVERVIEW,
    "not for service CIDRs, pod CIDRs and the VNets of clusters, nor may a pod CIDR "
    "contain one of them",
)
LARGEST_SERVICE_CIDR = Limit(
    13, "prefix length", PLANNING, "smaller than a /12; Kubernetes itself takes a /12"
)
LARGEST_SERVICE_CIDR_IPV6 = Limit(108, "prefix length", f"{AKS}/configure-dual-stack")
DNS_SERVICE_HOST = Limit(
    10, "address of the service CIDR", KUBENET, "advice: 10.0.0.10 of 10.0.0.0/16"
)
SERVICE_CIDR_GROWS = Limit(
    "1.33",
    "Kubernetes version",
    PLANNING,
    "from it on ServiceCIDR objects add ranges; below it the service CIDR is fixed",
)
AUTHORIZED_RANGES = Limit(200, "ranges/cluster", AUTHORIZED)
AUTHORIZED_RANGES_INTEGRATED = Limit(
    2_000, "ranges/cluster", AUTHORIZED, "with API Server VNet Integration"
)
OWN_EGRESS = Limit(
    "0.0.0.0/32",
    "CIDR",
    AUTHORIZED,
    "in place of authorized ranges: only the address that the cluster's own load "
    "balancer sends from",
)
API_SERVER_PORTS = Limit(
    (443, 4443),
    "TCP ports",
    VNET_INTEGRATION,
    "from nodes to the subnet of the API server",
)
API_SERVER_PROBE = Limit(
    9988,
    "TCP port",
    VNET_INTEGRATION,
    "from Azure Load Balancer to the subnet of the API server",
)
PUBLIC_API_SERVER_PORT = Limit(
    443,
    "TCP port",
    f"{AKS}/outbound-rules-control-egress",
    "from nodes to the API server of a public cluster",
)
HOST_ADDRESS = Limit(
    "168.63.129.16/32",
    "CIDR",
    f"{NETWORKING}/virtual-network/what-is-ip-address-168-63-129-16",
    "where the probes of Azure Load Balancer come from",
)
BALANCED_SERVICES = Limit(
    300,
    "LoadBalancer services/cluster",
    AZURE_LIMITS,
    "with a Standard Load Balancer",
    checked=date(2024, 1, 12),
)
BALANCED_BACKENDS = Limit(
    10_000,
    "IP configurations/front end",
    LARGE,
    "every port of a service takes one of each node: 5 ports reach it at 2,000 nodes",
)
BALANCER_PORTS = Limit(
    64_000,
    "SNAT ports/public IP",
    BALANCER,
    "of the outbound rule of a load balancer, max surge included",
)
BALANCER_PORTS_STEP = Limit(
    8, "SNAT ports/node", BALANCER, "a stated number is a multiple of it"
)
BALANCER_ADDRESSES = Limit(
    100, "public IPs/cluster", AKS_API, "that AKS manages, of one family"
)
AUTOMATIC_PORTS = Limit(
    ((50, 1024), (100, 512), (200, 256), (400, 128), (800, 64), (1000, 32)),
    "nodes, SNAT ports/node",
    BALANCER_OUTBOUND,
    "up to so many nodes; where no number of ports is stated",
    checked=date(2022, 3, 1),
)
NAT_ADDRESSES = Limit(
    16, "public IPs/NAT gateway", NAT_GATEWAY, checked=date(2023, 7, 10)
)
NAT_PORTS = Limit(
    64_512,
    "SNAT ports/public IP",
    NAT_GATEWAY,
    "of a NAT gateway, which gives them to nodes on demand",
    checked=date(2023, 7, 10),
)
KUBENET_RETIREMENT = Limit(
    date(2028, 3, 31), "day", "https://github.com/Azure/AKS/issues/4859"
)
NPM_RETIREMENT_LINUX = Limit(date(2028, 9, 30), "day", NETWORK_POLICY, "Linux")
NPM_RETIREMENT_WINDOWS = Limit(date(2026, 9, 30), "day", NETWORK_POLICY, "Windows")
NPM_NODES = Limit(250, "nodes/cluster", NETWORK_POLICY, "Azure NPM")
OVERLAY_VERSION = Limit(
    "1.27",
    "Kubernetes version",
    UPDATE_CNI,
    "or later, to update a cluster to CNI Overlay in place",
)
OVERLAY_WINDOWS_BUILD = Limit(
    "20348.1668",
    "Windows build",
    UPDATE_CNI,
    "or later: before it Overlay pods sent on what pods of the host network send with "
    "a wrong source address",
)
POLICY_VERSION = Limit(
    "1.30",
    "Kubernetes version",
    CHANGELOG,
    "or later, to install or uninstall Azure NPM or Calico; release of 2026-05-29",
)
STATIC_BLOCK_VERSION = Limit(
    "1.28", "Kubernetes version", STATIC_BLOCK, "or later, for static block"
)
MANAGED_VNET = Limit(
    ("10.224.0.0/12", "10.0.0.0/8"),
    "CIDRs",
    CHANGELOG,
    "of a VNet that AKS makes; the second before the release of 2022-02-24",
)
