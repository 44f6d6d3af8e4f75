"""Clusters: as azurerm has them, and as azapi has those that azurerm can't say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ipplan.emitters.resources import SUBNET, Keyed, Ref, main_pool
from ipplan.emitters.terraform.hcl import Block, Expression, quoted
from ipplan.emitters.terraform.networks import given_to
from ipplan.emitters.terraform.spelling import (
    address,
    attributes,
    block,
    group_id,
    id_of,
    ignoring,
    joined,
    meta,
    value,
    waits,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ipplan.emitters.resources import Resource

_CLUSTER = {
    "dnsPrefix": "dns_prefix",
    "kubernetesVersion": "kubernetes_version",
    "nodeResourceGroup": "node_resource_group",
}
_ACCESS = {
    "enablePrivateCluster": "private_cluster_enabled",
    "privateDNSZone": "private_dns_zone_id",
    "enablePrivateClusterPublicFQDN": "private_cluster_public_fqdn_enabled",
}
_ACCESS_BLOCK = {
    "enableVnetIntegration": "virtual_network_integration_enabled",
    "subnetId": "subnet_id",
    "authorizedIPRanges": "authorized_ip_ranges",
}
_NETWORK = {
    "networkPlugin": "network_plugin",
    "networkPluginMode": "network_plugin_mode",
    "networkPolicy": "network_policy",
    "networkDataplane": "network_data_plane",
    "podCidr": "pod_cidr",
    "podCidrs": "pod_cidrs",
    "serviceCidr": "service_cidr",
    "serviceCidrs": "service_cidrs",
    "dnsServiceIP": "dns_service_ip",
    "ipFamilies": "ip_versions",
    "outboundType": "outbound_type",
}
_COUNTS = {
    "count": "managed_outbound_ip_count",
    "countIPv6": "managed_outbound_ipv6_count",
}
_OUTBOUND: dict[str, tuple[str, dict[str, str], str]] = {
    "loadBalancerProfile": (
        "load_balancer_profile",
        {"allocatedOutboundPorts": "outbound_ports_allocated"},
        "managedOutboundIPs",
    ),
    "natGatewayProfile": ("nat_gateway_profile", {}, "managedOutboundIPProfile"),
}
"""Blocks for what traffic leaves by, and ARM's name for how many addresses it has."""

_DEFAULT_POOL = {
    "name": "name",
    "vmSize": "vm_size",
    "count": "node_count",
    "enableAutoScaling": "auto_scaling_enabled",
    "minCount": "min_count",
    "maxCount": "max_count",
    "maxPods": "max_pods",
    "vnetSubnetID": "vnet_subnet_id",
    "podSubnetID": "pod_subnet_id",
}
_POOL = {
    **_DEFAULT_POOL,
    "mode": "mode",
    "osType": "os_type",
    "scaleSetPriority": "priority",
}
_SURGE = {"maxSurge": "max_surge"}
_ADDONS = {
    "aciConnectorLinux": ("aci_connector_linux", {"SubnetName": "subnet_name"}),
    "ingressApplicationGateway": (
        "ingress_application_gateway",
        {"subnetId": "subnet_id"},
    ),
}
_IMPLIED = {
    ("type", "VirtualMachineScaleSets"),
    ("podIPAllocationMode", "DynamicIndividual"),
}
"""What is so with azurerm where nothing is said."""

_KEPT = {"system": "System", "none": "None"}
"""Private DNS zones that AKS keeps or does without, as azurerm spells them."""

_INSIDE = {
    "networkProfile",
    "apiServerAccessProfile",
    "agentPoolProfiles",
    "addonProfiles",
}


def cluster(one: Resource) -> Iterator[Block]:
    """A cluster and its pools."""
    own: Mapping[str, Any] = one.properties
    pools: list[dict[str, Any]] = own["agentPoolProfiles"]
    first = main_pool(one)
    if first is None or not all(_sayable(one, pools)):
        yield from _azapi(one)
        return
    yield _cluster(one, first)
    for number, pool in enumerate((each for each in pools if each is not first), 1):
        yield _pool(one, pool, number)


def _sayable(one: Resource, pools: list[dict[str, Any]]) -> Iterator[bool]:
    """For each part of a cluster, whether azurerm can say all of it."""
    own: Mapping[str, Any] = one.properties
    yield not _BESIDE & one.beside.keys()
    yield own.keys() <= _CLUSTER.keys() | _INSIDE
    yield own["networkProfile"].keys() <= _NETWORK.keys() | _OUTBOUND.keys()
    for pool in pools:
        unsaid = {(key, pool[key]) for key in pool.keys() - _POOL.keys() - _UPGRADE}
        yield unsaid <= _IMPLIED


_UPGRADE = {"upgradeSettings"}


def _cluster(one: Resource, first: Mapping[str, Any]) -> Block:
    own: Mapping[str, Any] = one.properties
    api: dict[str, Any] = dict(own.get("apiServerAccessProfile", {}))
    zone = api.get("privateDNSZone")
    if isinstance(zone, str):
        api["privateDNSZone"] = _KEPT[zone]
    blocks = [
        Block("default_node_pool", attributes(first, _DEFAULT_POOL), _surge(first)),
        _identity(one.beside["identity"]),
        _network(own["networkProfile"]),
        *_access(api),
        *_addons(own.get("addonProfiles", {})),
        *_scaled(first, "default_node_pool[0].node_count"),
    ]
    located = attributes(one.beside, {"location": "location"})
    said = {**located, **attributes(own, _CLUSTER), **attributes(api, _ACCESS)}
    return block(one, said, blocks, _waits(one))


def _surge(pool: Mapping[str, Any]) -> list[Block]:
    given = pool.get("upgradeSettings")
    return [Block("upgrade_settings", attributes(given, _SURGE))] if given else []


def _scaled(pool: Mapping[str, Any], count: str) -> list[Block]:
    """That nodes which an autoscaler has added are kept."""
    return [ignoring(count)] if pool.get("enableAutoScaling") else []


def _identity(given: Any) -> Block:
    named: Keyed | None = given.get("userAssignedIdentities")
    ids = value([named.key]) if named else None
    return Block("identity", {"type": given["type"], "identity_ids": ids})


def _network(given: Mapping[str, Any]) -> Block:
    blocks: list[Block] = []
    for name, (kind, rows, addresses) in _OUTBOUND.items():
        if name in given:
            count = attributes(given[name][addresses], _COUNTS)
            blocks.append(Block(kind, {**count, **attributes(given[name], rows)}))
    return Block("network_profile", attributes(given, _NETWORK), blocks)


def _access(api: Mapping[str, Any]) -> list[Block]:
    """The block for what an API server lives in and lets in, where there is any."""
    given = attributes(api, _ACCESS_BLOCK)
    there = any(each is not None for each in given.values())
    return [Block("api_server_access_profile", given)] if there else []


def _addons(given: Mapping[str, Any]) -> Iterator[Block]:
    for name, addon in given.items():
        kind, rows = _ADDONS[name]
        yield Block(kind, attributes(addon["config"], rows))


def _pool(one: Resource, pool: Mapping[str, Any], number: int) -> Block:
    kind = "azurerm_kubernetes_cluster_node_pool"
    of = {"kubernetes_cluster_id": Expression(f"{address(one)}.id")}
    given = {**of, **attributes(pool, _POOL)}
    blocks = [*_surge(pool), *_scaled(pool, "node_count")]
    return joined(kind, one, number, given, blocks)


def _waits(one: Resource) -> list[str]:
    """What gives its subnets their routes and ways out: nodes must find them there."""
    beside = [each for each in one.after if each.kind is SUBNET]
    subnets = dict.fromkeys([*_subnets(one.properties), *beside])
    return [each for subnet in subnets for each in given_to(subnet)]


def _subnets(own: Mapping[str, Any]) -> Iterator[Resource]:
    pools: list[dict[str, Any]] = own["agentPoolProfiles"]
    ids = [pool.get(key) for pool in pools for key in ("vnetSubnetID", "podSubnetID")]
    ids.append(own.get("apiServerAccessProfile", {}).get("subnetId"))
    return (each.resource for each in ids if isinstance(each, Ref))


def _azapi(one: Resource) -> Iterator[Block]:
    """A cluster in the words of the ARM API.

    It names what is not there yet by ids that are made of names: what is only known
    after apply would hide the rest of its body in a plan.
    """
    own: Mapping[str, Any] = one.properties
    beside = {name: each for name, each in one.beside.items() if name in _BESIDE}
    subnets = [address(each) for each in _subnets(own) if not each.existing]
    given = {
        **meta(one, "azapi"),
        "type": f"{one.kind.type}@{one.kind.version}",
        "parent_id": group_id(one),
        "name": one.name,
        **attributes(one.beside, {"location": "location"}),
        "depends_on": waits(one, [*subnets, *_waits(one)]),
    }
    body = {**beside, "properties": own}
    inner = [_identity(one.beside["identity"]), _object("body", _settled(body))]
    head = f'resource "azapi_resource" {quoted(one.symbol)}'
    yield Block(head, given, inner, one.comments)


_BESIDE = {"sku"}
"""What an azapi resource has in its body, and not beside it."""


def _settled(given: Any) -> Any:
    """Values with ids in place of references to what is not there yet."""
    match given:
        case Ref() if not given.resource.existing:
            return id_of(given.resource)
        case dict():
            items = cast("dict[str, Any]", given).items()
            return {key: _settled(each) for key, each in items}
        case list():
            return [_settled(each) for each in cast("list[Any]", given)]
        case _:
            return given


def _object(name: str, given: Mapping[str, Any]) -> Block:
    """An attribute that is an object, or an object of a list where it has no name."""
    plain = {key: each for key, each in given.items() if not _is_deep(each)}
    deep = [_deep(key, each) for key, each in given.items() if _is_deep(each)]
    head = f"{name} =" if name else ""
    return Block(head, {key: value(each) for key, each in plain.items()}, deep)


def _deep(name: str, given: Any) -> Block:
    if isinstance(given, dict):
        return _object(name, cast("dict[str, Any]", given))
    items = [_object("", each) for each in given]
    return Block(f"{name} =", {}, items, brackets="[]")


def _is_deep(given: Any) -> bool:
    """Whether it holds objects."""
    inner = cast("list[Any]", given) if isinstance(given, list) else [given]
    return any(isinstance(each, dict) for each in inner)
