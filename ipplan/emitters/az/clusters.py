"""Commands for clusters and their node pools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ipplan.emitters.az.shell import Option, command
from ipplan.emitters.az.words import option, options, place, unless_there
from ipplan.emitters.resources import main_pool
from ipplan.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ipplan.emitters.resources import Resource

_CLUSTER = {
    "dnsPrefix": "dns-name-prefix",
    "kubernetesVersion": "kubernetes-version",
    "nodeResourceGroup": "node-resource-group",
}
_BOOTSTRAP = {"artifactSource": "bootstrap-artifact-source"}
_NETWORK = {
    "networkPlugin": "network-plugin",
    "networkPluginMode": "network-plugin-mode",
    "networkPolicy": "network-policy",
    "networkDataplane": "network-dataplane",
    "podCidr": "pod-cidr",
    "podCidrs": "pod-cidrs",
    "serviceCidr": "service-cidr",
    "serviceCidrs": "service-cidrs",
    "dnsServiceIP": "dns-service-ip",
    "ipFamilies": "ip-families",
    "outboundType": "outbound-type",
}
_OUTBOUND = {
    "loadBalancerProfile": (
        "managedOutboundIPs",
        "load-balancer-managed-outbound-ip-count",
    ),
    "natGatewayProfile": (
        "managedOutboundIPProfile",
        "nat-gateway-managed-outbound-ip-count",
    ),
}
_PORTS = {"allocatedOutboundPorts": "load-balancer-outbound-ports"}
_ACCESS = {
    "enablePrivateCluster": "enable-private-cluster",
    "privateDNSZone": "private-dns-zone",
    "enableVnetIntegration": "enable-apiserver-vnet-integration",
    "subnetId": "apiserver-subnet-id",
    "authorizedIPRanges": "api-server-authorized-ip-ranges",
}
_FIRST_POOL = {
    "name": "nodepool-name",
    "vmSize": "node-vm-size",
    "count": "node-count",
    "enableAutoScaling": "enable-cluster-autoscaler",
    "minCount": "min-count",
    "maxCount": "max-count",
    "maxPods": "max-pods",
    "vnetSubnetID": "vnet-subnet-id",
    "podSubnetID": "pod-subnet-id",
    "podIPAllocationMode": "pod-ip-allocation-mode",
}
_POOL = {
    **_FIRST_POOL,
    "mode": "mode",
    "osType": "os-type",
    "scaleSetPriority": "priority",
}
del _POOL["name"]
_ADDONS = {
    "aciConnectorLinux": ("virtual-node", {"SubnetName": "aci-subnet-name"}),
    "ingressApplicationGateway": ("ingress-appgw", {"subnetId": "appgw-subnet-id"}),
}
"""az's names for add-ons, and the options of their configuration."""


def cluster(one: Resource) -> Iterator[str]:
    """The commands that make a cluster and its pools."""
    own: Mapping[str, Any] = one.properties
    pools: list[dict[str, Any]] = own["agentPoolProfiles"]
    first = _first(one)
    named = [*place(one), Option("name", one.name)]
    yield unless_there("aks", named, [*_cluster(one), *_options(first, _FIRST_POOL)])
    for pool in pools:
        names = [
            *place(one),
            Option("cluster-name", one.name),
            Option("name", pool["name"]),
        ]
        surge = list(
            options(pool.get("upgradeSettings", {}), {"maxSurge": "max-surge"})
        )
        if pool is not first:
            given = [*_options(pool, _POOL), *surge]
            yield unless_there("aks nodepool", names, given, "add")
        else:
            # az aks create has no option for it.
            yield command("az aks nodepool update", [*names, *surge])


def _first(one: Resource) -> dict[str, Any]:
    """The pool that az makes a cluster with."""
    found = main_pool(one)
    if found is None:
        own: Mapping[str, Any] = one.properties
        pools: list[dict[str, Any]] = own["agentPoolProfiles"]
        came = ", ".join(f"{each['name']} ({each['mode']})" for each in pools)
        allowed = "a system pool on Linux, with which az makes one"
        raise ArgumentError(f"pools of cluster {one.name!r}", came or "none", allowed)
    return found


def _cluster(one: Resource) -> Iterator[Option]:
    own: Mapping[str, Any] = one.properties
    beside: Mapping[str, Any] = one.beside
    yield from options(beside, {"location": "location"})
    yield from options(beside.get("sku", {}), {"name": "sku", "tier": "tier"})
    yield from _identity(beside["identity"])
    yield from options(own, _CLUSTER)
    yield from options(own.get("bootstrapProfile", {}), _BOOTSTRAP)
    yield from _options(own["networkProfile"], _NETWORK)
    yield from _outbound(own["networkProfile"])
    api: Mapping[str, Any] = own.get("apiServerAccessProfile", {})
    yield from _options(api, _ACCESS)
    if api.get("enablePrivateClusterPublicFQDN") is False:
        yield Option("disable-public-fqdn")
    yield from _addons(own.get("addonProfiles", {}))
    if "staticEgressGatewayProfile" in own["networkProfile"]:
        yield Option("enable-static-egress-gateway")
    yield from options(
        own.get("nodeProvisioningProfile", {}), {"mode": "node-provisioning-mode"}
    )
    yield Option("no-ssh-key")
    yield Option("yes")


def _outbound(network: Mapping[str, Any]) -> Iterator[Option]:
    """How many public addresses it has, and how many ports a node has of them."""
    for name, (addresses, count) in _OUTBOUND.items():
        given = network.get(name, {})
        six = {"countIPv6": count.replace("-ip-", "-ipv6-")}
        yield from options(given.get(addresses, {}), {"count": count, **six})
        yield from options(given, _PORTS)


def _identity(given: Any) -> Iterator[Option]:
    named = given.get("userAssignedIdentities")
    if named:
        yield option("assign-identity", named)
        # Whoever deploys gives the identity its roles, and maybe may not do so here.
        yield Option("skip-subnet-role-assignment")
    else:
        yield Option("enable-managed-identity")


def _addons(given: Mapping[str, Any]) -> Iterator[Option]:
    names = [_ADDONS[name][0] for name in given]
    if names:
        yield option("enable-addons", ",".join(names))
    for name, addon in given.items():
        yield from options(addon["config"], _ADDONS[name][1])


def _options(given: Mapping[str, Any], rows: Mapping[str, str]) -> Iterator[Option]:
    """Options of az aks: True is a switch, and a list is one word with commas."""
    for own, name in rows.items():
        value = given.get(own)
        if value is True:
            yield Option(name)
        elif isinstance(value, list):
            yield option(name, ",".join(cast("list[str]", value)))
        elif value is not None:
            yield option(name, value)
