"""azurerm's clusters and node pools in the shape of the ARM API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.readers.readings import SUBNET, ZONE, as_list
from ipplan.readers.terraform.blocks import set_only

if TYPE_CHECKING:
    from ipplan.readers.terraform.blocks import Block
    from ipplan.readers.terraform.links import Links

_CLUSTER = {
    "name": ("name",),
    "location": ("location",),
    "kubernetesVersion": ("kubernetes_version",),
    "nodeResourceGroup": ("node_resource_group",),
}
_NETWORK = {
    "networkPlugin": ("network_plugin",),
    "networkPluginMode": ("network_plugin_mode",),
    "networkDataplane": ("network_data_plane", "ebpf_data_plane"),
    "networkPolicy": ("network_policy",),
    "podCidr": ("pod_cidr",),
    "podCidrs": ("pod_cidrs",),
    "serviceCidr": ("service_cidr",),
    "serviceCidrs": ("service_cidrs",),
    "dnsServiceIP": ("dns_service_ip",),
    "ipFamilies": ("ip_versions",),
    "outboundType": ("outbound_type",),
}
_ACCESS = {
    "enablePrivateCluster": ("private_cluster_enabled", "private_link_enabled"),
    "enablePrivateClusterPublicFQDN": ("private_cluster_public_fqdn_enabled",),
    "authorizedIPRanges": ("api_server_authorized_ip_ranges",),
}
_ACCESS_BLOCK = {
    "authorizedIPRanges": ("authorized_ip_ranges",),
    "enableVnetIntegration": (
        "virtual_network_integration_enabled",
        "vnet_integration_enabled",
    ),
}
_POOL = {
    "name": ("name",),
    "count": ("node_count", "count"),
    "minCount": ("min_count",),
    "maxCount": ("max_count",),
    "enableAutoScaling": ("auto_scaling_enabled", "enable_auto_scaling"),
    "maxPods": ("max_pods",),
    "osType": ("os_type",),
    "mode": ("mode",),
    "type": ("type",),
    "scaleSetPriority": ("priority",),
}
_SURGE = {"maxSurge": ("max_surge",)}


def cluster(block: Block, _: Links) -> dict[str, Any]:
    """An ``azurerm_kubernetes_cluster``, or what its data source read."""
    pools = [
        {**extra, **_pool(one)}
        for name, extra in _POOL_BLOCKS.items()
        for one in block.blocks(name)
    ]
    return set_only(
        {
            **block.fields(_CLUSTER),
            "sku": set_only({"tier": block.get("sku_tier")}),
            "identity": identity(block),
            "servicePrincipalProfile": _principal(block),
            "agentPoolProfiles": pools or None,
            "networkProfile": block.first("network_profile").fields(_NETWORK),
            "apiServerAccessProfile": _access(block),
            "addonProfiles": _addons(block),
        }
    )


def pool(block: Block, _: Links) -> dict[str, Any]:
    """An ``azurerm_kubernetes_cluster_node_pool``."""
    return _pool(block)


def identity(block: Block) -> dict[str, Any]:
    """What a cluster is known by to Azure."""
    one = block.first("identity")
    names = as_list(one.values.get("identity_ids")) or []
    ids: dict[str, Any] = {name: {} for name in names if isinstance(name, str)}
    return set_only({"type": one.get("type"), "userAssignedIdentities": ids})


def _principal(block: Block) -> dict[str, Any]:
    """The application that a cluster acts as; its secret stays where it is."""
    return set_only({"clientId": block.first("service_principal").get("client_id")})


_POOL_BLOCKS = {
    "default_node_pool": {"mode": "System", "osType": "Linux"},
    "agent_pool_profile": {},
}
"""Blocks that are node pools, and what is so by their being such."""


def _pool(block: Block) -> dict[str, Any]:
    upgrade = block.first("upgrade_settings").fields(_SURGE)
    return set_only(
        {
            **block.fields(_POOL),
            "upgradeSettings": upgrade,
            "vnetSubnetID": block.link("vnet_subnet_id", SUBNET),
            "podSubnetID": block.link("pod_subnet_id", SUBNET),
        }
    )


def _access(block: Block) -> dict[str, Any]:
    own = block.first("api_server_access_profile")
    return set_only(
        {
            **block.fields(_ACCESS),
            **own.fields(_ACCESS_BLOCK),
            "privateDNSZone": _zone(block),
            "subnetId": own.link("subnet_id", SUBNET),
        }
    )


def _zone(block: Block) -> Any:
    """The id of a private DNS zone, or a word for one that AKS keeps."""
    linked = block.link("private_dns_zone_id", ZONE)
    return linked or block.get("private_dns_zone_id")


def _addons(block: Block) -> dict[str, Any]:
    """Add-ons that take addresses; azurerm 2 has them in a block of their own."""
    outer = [block, *block.blocks("addon_profile")]
    nodes = [one for each in outer for one in each.blocks("aci_connector_linux")]
    gateways = [
        one for each in outer for one in each.blocks("ingress_application_gateway")
    ]
    found: dict[str, Any] = {}
    for one in nodes:
        config = set_only({"SubnetName": one.get("subnet_name")})
        found["ACIConnectorLinux"] = {"enabled": _enabled(one), "config": config}
    for one in gateways:
        config = set_only(
            {
                "subnetCIDR": one.get("subnet_cidr"),
                "subnetId": one.link("subnet_id", SUBNET),
            }
        )
        found["ingressApplicationGateway"] = {
            "enabled": _enabled(one),
            "config": config,
        }
    return found


def _enabled(block: Block) -> Any:
    """An add-on is on where its block is, but for versions that say so within."""
    enabled = block.get("enabled")
    return True if enabled is None else enabled
