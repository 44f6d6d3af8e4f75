"""Every number, date or range that Azure or Kubernetes imposes, and no other place.

A row is all there is to correct: its value, its unit, the page that says so and the
day that page was read. ``basis`` tells a documented number from one that was only
observed and from a margin of our own.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Generic, Literal, NamedTuple, TypeVar

T = TypeVar("T")

Basis = Literal["documented", "observed", "our margin", "unknown"]
"""How well a figure is founded."""

AKS = "https://learn.microsoft.com/azure/aks"
TEMPLATES = "https://learn.microsoft.com/azure/azure-resource-manager/templates"
PLANNING = f"{AKS}/concepts-network-ip-address-planning"
OVERLAY = f"{AKS}/concepts-network-azure-cni-overlay"
KUBENET = f"{AKS}/configure-kubenet"
DYNAMIC = f"{AKS}/configure-azure-cni-dynamic-ip-allocation"
STATIC_BLOCK = f"{AKS}/configure-azure-cni-static-block-allocation"
CNI_OVERVIEW = f"{AKS}/concepts-network-cni-overview"
LARGE = f"{AKS}/best-practices-performance-scale-large"
ROLLING = f"{AKS}/upgrade-aks-node-pools-rolling"
NETWORK_POLICY = f"{AKS}/use-network-policies"
IP_PLANNING = "https://learn.microsoft.com/azure/networking/design-guide/ip-planning"
AZURE_LIMITS = (
    "https://learn.microsoft.com/azure/azure-resource-manager/management/"
    "azure-subscription-service-limits"
)
CHANGELOG = "https://github.com/Azure/AKS/blob/master/CHANGELOG.md"
RFC_1918 = "https://www.rfc-editor.org/rfc/rfc1918"

READ = date(2026, 8, 21)
"""The day of the newest pages read."""


class Limit(NamedTuple, Generic[T]):
    """One imposed number, date or range.

    Parameters
    ----------
    value : T
        The number, date or range.
    unit : str
        What the value counts.
    source : str
        The page that says so.
    note : str
        What a reader must know besides: exceptions, and where sources disagree.
    basis : Basis
        Documented, observed or our own margin.
    checked : date
        The day the page was read.
    """

    value: T
    unit: str
    source: str
    note: str = ""
    basis: Basis = "documented"
    checked: date = READ


RESERVED_ADDRESSES = Limit(
    5, "addresses/subnet", IP_PLANNING, "the first four and the last of an IPv4 subnet"
)
SMALLEST_SUBNET = Limit(29, "prefix length", IP_PLANNING, "holds 3 addresses")
LARGEST_SUBNET = Limit(2, "prefix length", IP_PLANNING, "/8 on older pages")
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
VNET_ADDRESSES = Limit(
    65_536, "addresses/VNet", PLANNING, "static blocks count once a block"
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
KUBENET_RETIREMENT = Limit(
    date(2028, 3, 31), "day", "https://github.com/Azure/AKS/issues/4859"
)
NPM_RETIREMENT_LINUX = Limit(date(2028, 9, 30), "day", NETWORK_POLICY, "Linux")
NPM_RETIREMENT_WINDOWS = Limit(date(2026, 9, 30), "day", NETWORK_POLICY, "Windows")
NPM_NODES = Limit(250, "nodes/cluster", NETWORK_POLICY, "Azure NPM")

PREFLIGHT_NODE_SUBNET = Limit(
    -1,
    "addresses/node",
    "https://github.com/VijayRod/demo",
    "max pods - 1 a node, surge not counted: 747 = 3 x 249; + 1 before 2022",
    "observed",
)
PREFLIGHT_STATIC_BLOCK = Limit(
    16,
    "addresses/node",
    "https://github.com/VijayRod/demo",
    "one block, whatever max pods is: 160 for 10 nodes",
    "observed",
)
PREFLIGHT_OVERLAY = Limit(
    256,
    "addresses/node",
    "https://github.com/Azure/AKS-Construction/issues/701",
    "against the whole pod CIDR, nothing reserved: 1,280 for 5 nodes",
    "observed",
)
HELD_DYNAMIC = Limit(
    1,
    "addresses/node",
    "https://github.com/Azure/azure-container-networking",
    "one primary address a node besides its batches",
    "observed",
)
HELD_DYNAMIC_CLAMP = Limit(
    0,
    "addresses/node",
    "https://github.com/Azure/azure-container-networking",
    "the service clamps a node's request at a maximum that no source states, so it "
    "may hold as little as 16 x ceil(pods / 16)",
    "observed",
)

LIMITS: dict[str, Limit[Any]] = {
    name.lower().replace("_", "-"): row
    for name, row in list(globals().items())
    if isinstance(row, Limit)
}
"""Every row by its name, in the order above."""

RULES_AS_OF = max(row.checked for row in LIMITS.values())
"""The day of the newest page that these rows come from."""
