"""Clusters to deploy: their network profile, their pools, and what they act as."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, cast

from ipplan.emitters.resources import CLUSTER, DEPLOY_CLUSTERS, IDENTITY, VM_SIZE, Keyed
from ipplan.errors import ArgumentError
from ipplan.inventory.origins import parent_of
from ipplan.layouts.belongings.routes import leaves_by_routes
from ipplan.layouts.demands.claims import is_dual
from ipplan.layouts.demands.egress import egress
from ipplan.limits import DNS_PREFIX, SYSTEM_POOL_NODES
from ipplan.models import MODELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.cidrs import Cidr
    from ipplan.emitters.books import Book
    from ipplan.emitters.resources import Value
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.pools import NodePool
    from ipplan.layouts.results import PlacedCluster
    from ipplan.layouts.wants import SubnetWant
    from ipplan.models import NetworkModel

_IDENTITIES: dict[str | None, dict[str, Value]] = {
    None: {"type": "UserAssigned", "userAssignedIdentities": Keyed(IDENTITY)},
    "UserAssigned": {"type": "UserAssigned", "userAssignedIdentities": Keyed(IDENTITY)},
    "SystemAssigned": {"type": "SystemAssigned"},
}
"""What a cluster acts as; unsaid, what can be given its roles before it is there."""

_ADDONS: dict[str, tuple[str, str, str]] = {
    "virtual-nodes": ("aciConnectorLinux", "virtual-nodes", "SubnetName"),
    "application-gateway-ingress": (
        "ingressApplicationGateway",
        "application-gateway",
        "subnetId",
    ),
}
"""The add-on of a feature, what its subnet is for, and where it is told of that."""

_KEPT = ("system", "none")
"""Private DNS zones that AKS keeps, or does without."""


def add_clusters(book: Book) -> None:
    """Write down clusters, after everything that they stand on."""
    placed = {each.plan.cluster.id: each for each in book.layout.clusters}
    for cluster in book.layout.planned.clusters:
        found = placed.get(cluster.id)
        book.add(
            CLUSTER,
            cluster.id,
            cluster.name,
            after=_after(book, cluster),
            beside={
                "location": cluster.location or book.region(_vnet(cluster)),
                "identity": _identity(cluster),
                **(_AUTOMATIC if "automatic" in cluster.needs else {}),
            },
            properties={
                **dict(_properties(book, cluster)),
                "networkProfile": {
                    **dict(_network(cluster)),
                    **(dict(_balancing(found)) if found else {}),
                },
            },
            comments=tuple(_comments(found)) if found else (),
            condition=DEPLOY_CLUSTERS,
        )


_AUTOMATIC: dict[str, Value] = {"sku": {"name": "Automatic", "tier": "Standard"}}
"""What AKS Automatic is told by."""


def _after(book: Book, cluster: Cluster) -> Iterator[str]:
    """Ids of what must be there first, though it names them by no id, or not at all.

    Those are the subnets of its add-ons, the link of its private DNS zone to its VNet,
    which AKS would make itself, and where its nodes go out by a route to the hub, the
    peerings that lead there.
    """
    yield from (want.id for _, _, want in _used(book, cluster))
    home = _vnet(cluster)
    for link in book.layout.planned.zone_links:
        if (link.zone, link.vnet) == (cluster.private_dns_zone, home):
            yield link.id
    if leaves_by_routes(cluster):
        for peering in book.layout.planned.peerings:
            if home in (peering.vnet, peering.remote):
                yield peering.id


def _identity(cluster: Cluster) -> Value:
    """What it acts as; a service principal has a secret, which no code keeps."""
    if cluster.identity not in _IDENTITIES:
        name = f"identity of cluster {cluster.name!r}"
        allowed = "UserAssigned or SystemAssigned, which have no secret to write down"
        raise ArgumentError(name, repr(cluster.identity), allowed)
    return _IDENTITIES[cluster.identity]


def _vnet(cluster: Cluster) -> str:
    """Id of the VNet that its pools are in."""
    return next((parent_of(each) for each in cluster.subnets), "")


def _comments(placed: PlacedCluster) -> Iterator[str]:
    """Where its pod and service CIDRs come from, and how its traffic leaves.

    Code is the same whether a lock had them already or not.
    """
    shared = f", as {' and '.join(placed.reused_by)}" if placed.reused_by else ""
    for what, ranges, whence, end in (
        ("pod CIDR", placed.pod_cidrs, placed.pods_whence, shared),
        ("service CIDR", placed.service_cidrs, placed.services_whence, ""),
    ):
        if ranges:
            word = "new" if whence == "locked" else whence
            yield f"{what} {' '.join(map(str, ranges))}: {word}{end}"
    yield egress(placed.plan).words


def _balancing(placed: PlacedCluster) -> Iterator[tuple[str, Value]]:
    """The public addresses that AKS makes for its traffic, as many as it needs."""
    found = egress(placed.plan)
    key, inner = _PROFILES.get(found.outbound_type.lower(), ("", ""))
    if key:
        stated = placed.plan.ports_per_node
        ports = {"allocatedOutboundPorts": stated} if stated and found.ports else {}
        count = {"count": found.addresses}
        if key == _BALANCER and is_dual(placed.plan.cluster):
            count["countIPv6"] = found.addresses  # ports are shared out by family
        yield key, {inner: {**count}, **ports}


_BALANCER = "loadBalancerProfile"
_PROFILES = {
    "loadbalancer": (_BALANCER, "managedOutboundIPs"),
    "managednatgateway": ("natGatewayProfile", "managedOutboundIPProfile"),
}
"""Where AKS is told of the public addresses to make, by outbound types."""


def _properties(book: Book, cluster: Cluster) -> Iterator[tuple[str, Value]]:
    yield "dnsPrefix", _dns_prefix(cluster.name)
    if cluster.kubernetes_version:
        yield "kubernetesVersion", cluster.kubernetes_version
    if cluster.node_resource_group:
        yield "nodeResourceGroup", cluster.node_resource_group
    pools = [dict(_pool(book, cluster, each)) for each in cluster.pools]
    yield "agentPoolProfiles", [*pools]
    if api := dict(_api_server(book, cluster)):
        yield "apiServerAccessProfile", api
    if addons := dict(_addons(book, cluster)):
        yield "addonProfiles", addons
    if "node-auto-provisioning" in cluster.needs:
        yield "nodeProvisioningProfile", {"mode": "Auto"}
    if (cluster.outbound_type or "").lower() in _ISOLATED:
        yield "bootstrapProfile", {"artifactSource": "Cache"}


_ISOLATED = frozenset({"none", "block"})
"""Outbound types whose nodes must find all that they start with in a cache.

https://learn.microsoft.com/azure/aks/network-isolated
"""


def _dns_prefix(name: str) -> str:
    """A cluster's name as DNS takes it; one that is cut ends in a hash of the whole."""
    fit = _UNFIT.sub("-", name).strip("-") or "aks"
    if len(fit) <= DNS_PREFIX.value:
        return fit
    end = hashlib.sha256(name.encode()).hexdigest()[:_HASH]
    return f"{fit[: DNS_PREFIX.value - _HASH - 1].strip('-')}-{end}"


_HASH = 8
"""Hexadecimal digits that tell apart what begins the same."""


_UNFIT = re.compile(r"[^A-Za-z0-9]+")
"""What a DNS name has none of; hyphens stand for it."""


def _network(cluster: Cluster) -> Iterator[tuple[str, Value]]:
    """Its network profile."""
    if row := MODELS.get(cluster.model or ""):
        yield "networkPlugin", row.plugin
        if row.plugin_mode:
            yield "networkPluginMode", row.plugin_mode
    yield from _ranges("podCidr", cluster.pod_cidrs)
    yield from _ranges("serviceCidr", cluster.service_cidrs)
    if cluster.dns_service_ip:
        yield "dnsServiceIP", cluster.dns_service_ip
    versions = {each.version for each in cluster.service_cidrs}
    if len(versions) > 1 or "dual-stack" in cluster.needs:
        yield "ipFamilies", ["IPv4", "IPv6"]
    if cluster.outbound_type:
        yield "outboundType", cluster.outbound_type
    if policy := cluster.network_policy:
        yield "networkPolicy", policy
        if policy.lower() == _CILIUM:
            yield "networkDataplane", policy
    if "static-egress-gateway" in cluster.needs:
        yield "staticEgressGatewayProfile", {"enabled": True}


_CILIUM = "cilium"
"""The policy engine that is a data plane too."""


def _ranges(key: str, ranges: tuple[Cidr, ...]) -> Iterator[tuple[str, Value]]:
    """One range, or one of each family."""
    words: list[Value] = [*map(str, ranges)]
    if len(words) == 1:
        yield key, words[0]
    elif words:
        yield f"{key}s", words


def _api_server(book: Book, cluster: Cluster) -> Iterator[tuple[str, Value]]:
    """Who reaches its API server, and where that is."""
    if cluster.private:
        yield "enablePrivateCluster", True
    if zone := cluster.private_dns_zone:
        yield "privateDNSZone", zone if zone in _KEPT else book.ref(zone)
    if cluster.public_fqdn is not None:
        yield "enablePrivateClusterPublicFQDN", cluster.public_fqdn
    if cluster.vnet_integration:
        yield "enableVnetIntegration", True
    if cluster.api_server_subnet:
        yield "subnetId", book.ref(cluster.api_server_subnet)
    if cluster.authorized_ranges:
        yield "authorizedIPRanges", [*map(str, cluster.authorized_ranges)]


def _addons(book: Book, cluster: Cluster) -> Iterator[tuple[str, Value]]:
    """Add-ons that its features are, each with the subnet that it takes."""
    for addon, key, want in _used(book, cluster):
        subnet = book.ref(want.id) if key.endswith("Id") else want.name
        yield addon, {"enabled": True, "config": {key: subnet}}


def _used(book: Book, cluster: Cluster) -> Iterator[tuple[str, str, SubnetWant]]:
    """Add-ons, where they are told of their subnet, and that."""
    used = [row for feature, row in _ADDONS.items() if feature in cluster.needs]
    for addon, purpose, key in used:
        for want in (each.want for each in book.layout.subnets):
            if purpose in want.purposes and cluster.id in want.clusters:
                yield addon, key, want


def _pool(book: Book, cluster: Cluster, pool: NodePool) -> Iterator[tuple[str, Value]]:
    unsaid = "system" if pool is _system_pool(cluster) else "user"
    mode = pool.mode or unsaid
    yield "name", pool.name
    yield "mode", mode.capitalize()
    yield "type", "VirtualMachineScaleSets"
    yield "vmSize", VM_SIZE
    yield "osType", pool.os.capitalize()
    least = SYSTEM_POOL_NODES.value if mode == "system" else 0
    yield from _nodes(pool, least, scaled=_PROVISIONED.isdisjoint(cluster.needs))
    row = MODELS.get(pool.model or cluster.model or "")
    yield from _max_pods(pool, row)
    if pool.subnet:
        yield "vnetSubnetID", book.ref(pool.subnet)
    if pool.pod_subnet:
        yield "podSubnetID", book.ref(pool.pod_subnet)
    if row and row.allocation:
        yield "podIPAllocationMode", row.allocation
    if pool.priority == "regular":
        yield "upgradeSettings", {"maxSurge": str(pool.max_surge)}
    else:
        yield "scaleSetPriority", "Spot"


def _system_pool(cluster: Cluster) -> NodePool | None:
    """The pool to run what AKS itself needs, where no pool is said to."""
    if any(each.mode == "system" for each in cluster.pools):
        return None
    fit = (e for e in cluster.pools if e.os == "linux" and e.priority == "regular")
    return next((each for each in fit if not each.mode), None)


def _max_pods(pool: NodePool, row: NetworkModel | None) -> Iterator[tuple[str, Value]]:
    """What its subnets were sized for, which AKS's own default may be or not."""
    if pool.max_pods is not None:
        yield "maxPods", cast("int", pool.max_pods)
    elif row:
        yield "maxPods", row.default_max_pods.value


_PROVISIONED = frozenset({"automatic", "node-auto-provisioning"})
"""Features of clusters whose pools have no autoscaler, for AKS adds nodes itself."""


def _nodes(pool: NodePool, least: int, *, scaled: bool) -> Iterator[tuple[str, Value]]:
    """As many as there are, and an autoscaler up to those that there will be."""
    most = max(cast("int", pool.nodes), least)
    now = most if pool.current is None else max(pool.current, least)
    yield "count", now
    if scaled and now < most:
        yield "enableAutoScaling", True
        yield "minCount", now
        yield "maxCount", most
