"""Slow and obvious: what a model takes, from Microsoft's sentences, one by one.

Nothing here is taken from the package: plain ints, a branch a model, loops that look
for the answer instead of computing it.
"""

from dataclasses import dataclass
from fractions import Fraction
from ipaddress import ip_network
from math import ceil

RESERVED = 5
MODELS = (
    "cni-overlay",
    "kubenet",
    "cni-node-subnet",
    "cni-static-block",
    "cni-dynamic",
)
DEFAULTS = {
    "cni-overlay": 250,
    "kubenet": 110,
    "cni-node-subnet": 30,
    "cni-static-block": 250,
    "cni-dynamic": 250,
}
"""Pods a node where none are stated: overlay page, planning page, decision 5."""


def surge(nodes, text):
    """'33%' of the pool rounded up, or a count, and never more than the pool."""
    if text.endswith("%"):
        extra = ceil(Fraction(nodes * int(text[:-1]), 100))
    else:
        extra = int(text)
    return min(extra, nodes)


def steady(peak, text):
    """The most nodes that are no more than the peak with their surge: one by one."""
    nodes = 0
    while nodes + 1 + surge(nodes + 1, text) <= peak:
        nodes += 1
    return nodes


def batches(pods):
    """Dynamic: 16 when the node starts, 16 more whenever fewer than 8 are free."""
    held = 16
    while held - pods < 8:
        held += 16
    return held


def blocks(pods):
    """Static: whole /28s, one address of them kept by the node."""
    count = 1
    while 16 * count - 1 < pods:
        count += 1
    return count


def node_takes(model, max_pods):
    """Addresses of the node subnet that a node takes."""
    return 1 + max_pods if model == "cni-node-subnet" else 1


def pods_take(model, max_pods, running):
    """Addresses of the pods' own range that a node takes."""
    if model == "cni-node-subnet":
        return 0
    if model in {"cni-overlay", "kubenet"}:
        return 256
    if model == "cni-static-block":
        return 16 * blocks(max_pods)
    return batches(running)


def subnet_for(need):
    """The smallest subnet of Azure, /29 to /2, that has room besides the five."""
    for length in range(29, 1, -1):
        if 2 ** (32 - length) - RESERVED >= need:
            return length
    return None


def pod_cidr_for(need):
    """The smallest pod CIDR, /24 to /8; nothing in it is reserved."""
    for length in range(24, 7, -1):
        if 2 ** (32 - length) >= need:
            return length
    return None


def block_subnet_for(need):
    """The smallest pod subnet, down to /12, whose inner /28s are enough."""
    for length in range(29, 11, -1):
        if 16 * (2 ** (32 - length) // 16 - 2) >= need:
            return length
    return None


def pod_range_for(model, need):
    if model == "cni-node-subnet":
        return None
    if model in {"cni-overlay", "kubenet"}:
        return pod_cidr_for(need)
    if model == "cni-static-block":
        return block_subnet_for(need)
    return subnet_for(need)


def whole_blocks(length):
    """Aligned /28s of a subnet that hold none of Azure's five reserved addresses."""
    if length > 28:
        return 0
    subnet = ip_network((10 << 24, length))
    first = int(subnet.network_address)
    reserved = {first, first + 1, first + 2, first + 3, int(subnet.broadcast_address)}
    return sum(
        not reserved & set(range(int(part.network_address), int(part[-1]) + 1))
        for part in subnet.subnets(new_prefix=28)
    )


def range_holds(model, length):
    """Addresses for pods in a range of their own."""
    if model in {"cni-overlay", "kubenet"}:
        return 2 ** (32 - length)
    if model == "cni-static-block":
        return max(16 * (2 ** (32 - length) // 16 - 2), 0)
    return 2 ** (32 - length) - RESERVED


@dataclass
class Golden:
    """What one total of nodes takes under one model."""

    nodes: int
    surge: int
    peak: int
    node_addresses: int
    pod_addresses: int
    node_length: int | None
    pod_length: int | None
    vnet_addresses: int
    feasible: bool


def size(model, nodes, max_pods, text="10%", running=None, host=0, extra=0):  # noqa: PLR0913, PLR0917  # as many as a cluster has
    extra_nodes = surge(nodes, text)
    peak = nodes + extra_nodes
    running = max_pods - host if running is None else running
    running = max(min(running, max_pods - host), 0)
    node_addresses = peak * node_takes(model, max_pods) + extra
    pod_addresses = peak * pods_take(model, max_pods, running)
    node_length = subnet_for(node_addresses)
    pod_length = pod_range_for(model, pod_addresses)
    vnet = node_addresses
    if model in {"cni-static-block", "cni-dynamic"}:
        vnet += pod_addresses
    return Golden(
        nodes,
        extra_nodes,
        peak,
        node_addresses,
        pod_addresses,
        node_length,
        pod_length,
        vnet,
        bool(
            runs(model, nodes, peak, max_pods, vnet)
            and node_length
            and (pod_length or model == "cni-node-subnet")
        ),
    )


def runs(model, nodes, peak, max_pods, vnet):
    """Whether no ceiling of AKS or of a VNet is passed."""
    if model == "kubenet" and peak > 400:
        return False
    if model in {"cni-node-subnet", "cni-dynamic"} and vnet > 65_536:
        return False
    return peak <= 5000 and nodes * max_pods >= 30


def grows_to(model, nodes, max_pods, text, running=None, host=0, extra=0):  # noqa: PLR0913, PLR0917  # as many as a cluster has
    """Add a node until one of the chosen ranges, or a ceiling, is passed."""
    start = size(model, nodes, max_pods, text, running, host, extra)
    best = 0
    while best <= 5000:
        one = size(model, best + 1, max_pods, text, running, host, extra)
        if not _in_ranges(model, one, start.node_length, start.pod_length):
            break
        if not _under_ceilings(model, one):
            break
        best += 1
    return best


def _in_ranges(model, one, node_length, pod_length):
    if node_length and one.node_addresses > 2 ** (32 - node_length) - RESERVED:
        return False
    return not (pod_length and one.pod_addresses > range_holds(model, pod_length))


def _under_ceilings(model, one):
    return runs(model, 1, one.peak, 30, one.vnet_addresses)


def fit(model, max_pods, text, node_length=None, pod_length=None, in_use=0):  # noqa: PLR0913, PLR0917  # as many as a cluster has
    """Grow node by node: the most that can be upgraded, and the most at once."""
    upgradable = at_once = 0
    while at_once <= 5000:
        one = size(model, at_once + 1, max_pods, "0", extra=in_use)
        if not _in_ranges(model, one, node_length, pod_length):
            break
        if not _under_ceilings(model, one):
            break
        at_once += 1
    while upgradable + 1 + surge(upgradable + 1, text) <= at_once:
        upgradable += 1
    return (upgradable if upgradable * max_pods >= 30 else 0), at_once
