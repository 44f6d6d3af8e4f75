"""Estates as Azure's own tools, PowerShell and Steampipe print them.

Every renderer gives a JSON document, or several by the names of their files.
"""

from tests.estates import ALLOCATIONS, PLUGINS
from tests.traffic_shapes import arm_traffic

_SPELLED = {
    "resourcegroups": "resourceGroups",
    "microsoft.network": "Microsoft.Network",
    "microsoft.containerservice": "Microsoft.ContainerService",
    "virtualnetworks": "virtualNetworks",
    "virtualnetworkpeerings": "virtualNetworkPeerings",
    "managedclusters": "managedClusters",
}


def spelled(identity, name=None):
    """An id as Azure writes it, with the name as its owner wrote it."""
    steps = [_SPELLED.get(step, step) for step in identity.split("/")]
    return "/".join([*steps[:-1], name or steps[-1]])


def texts(cidrs):
    """CIDRs in words."""
    return [str(each) for each in cidrs]


def reference(identity):
    """A link to another resource, if there is one."""
    return {"id": spelled(identity)} if identity else None


def said(fields):
    """Fields without those that are nothing, as the ARM API leaves them out."""
    return {key: value for key, value in fields.items() if value is not None}


def arm_subnet(subnet):
    one = len(subnet.prefixes) == 1
    held = [
        {"id": f"{holder.id}/nics/{i}/ipConfigurations/c".upper()}
        for holder in subnet.holders or ()
        for i in range(holder.addresses)
    ]
    delegations = [
        {"name": f"{i}", "properties": {"serviceName": service}}
        for i, service in enumerate(subnet.delegations)
    ]
    properties = {
        "addressPrefix": str(subnet.prefixes[0]) if one else None,
        "addressPrefixes": None if one else texts(subnet.prefixes[::-1]),
        "delegations": delegations,
        "serviceEndpoints": [
            {"service": service, "locations": ["*"], "provisioningState": "Succeeded"}
            for service in subnet.service_endpoints[::-1]
        ],
        "ipConfigurations": held or None,
        "routeTable": reference(subnet.route_table),
        "networkSecurityGroup": reference(subnet.network_security_group),
        "natGateway": reference(subnet.nat_gateway),
    }
    return arm_resource(subnet, "Microsoft.Network/virtualNetworks/subnets", properties)


def arm_peering(peering):
    now, then = peering.remote_prefixes, peering.synced_prefixes
    properties = {
        "peeringState": peering.state,
        "peeringSyncLevel": peering.sync_level,
        "remoteVirtualNetwork": reference(peering.remote),
        "remoteAddressSpace": {"addressPrefixes": texts(then)} if then else None,
        "remoteVirtualNetworkAddressSpace": {"addressPrefixes": texts(now[::-1])},
        "peerCompleteVnets": peering.complete,
        "localSubnetNames": list(peering.local_subnets) or None,
        "remoteSubnetNames": list(peering.remote_subnets) or None,
        "enableOnlyIPv6Peering": peering.ipv6_only,
        "allowVirtualNetworkAccess": peering.virtual_network_access,
        "allowForwardedTraffic": peering.forwarded_traffic,
        "allowGatewayTransit": peering.gateway_transit,
        "useRemoteGateways": peering.remote_gateways,
    }
    kind = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings"
    return arm_resource(peering, kind, properties)


def arm_resource(noun, kind, properties, **beside):
    """A resource as the ARM API sends it."""
    identity = spelled(noun.id, noun.name)
    own = {"id": identity, "name": noun.name, "type": kind, **beside}
    return {**own, "properties": said(properties)}


def arm_vnet(vnet):
    servers = list(vnet.dns_servers)
    properties = {
        "addressSpace": {"addressPrefixes": texts(vnet.prefixes[::-1])},
        "dhcpOptions": {"dnsServers": servers} if servers else None,
        "subnets": [arm_subnet(each) for each in vnet.subnets],
        "virtualNetworkPeerings": [arm_peering(each) for each in vnet.peerings],
    }
    kind = "Microsoft.Network/virtualNetworks"
    return arm_resource(vnet, kind, properties, location=vnet.location)


def arm_pool(pool, model):
    static = pool.pod_subnet and ALLOCATIONS[pool.model or model]
    surge = {"maxSurge": str(pool.max_surge)} if pool.priority == "regular" else {}
    scales = pool.nodes != pool.current
    return said(
        {
            "name": pool.name,
            "count": pool.current,
            "minCount": 1 if scales else None,
            "maxCount": pool.nodes if scales else None,
            "enableAutoScaling": scales,
            "maxPods": pool.max_pods,
            "mode": pool.mode.title(),
            "osType": pool.os.title(),
            "scaleSetPriority": "Spot" if pool.priority == "spot" else None,
            "type": "VirtualMachineScaleSets",
            "upgradeSettings": surge,
            "vnetSubnetID": pool.subnet and spelled(pool.subnet),
            "podSubnetID": pool.pod_subnet and spelled(pool.pod_subnet),
            "podIPAllocationMode": static or None,
        }
    )


def arm_network(cluster):
    plugin, mode = PLUGINS[cluster.model]
    pods, services = texts(cluster.pod_cidrs), texts(cluster.service_cidrs)
    return said(
        {
            "networkPlugin": plugin,
            "networkPluginMode": mode,
            "networkPolicy": cluster.network_policy,
            "podCidr": pods[0] if pods else None,
            "podCidrs": pods or None,
            "serviceCidr": services[0],
            "serviceCidrs": services,
            "dnsServiceIP": cluster.dns_service_ip,
            "ipFamilies": ["IPv4", "IPv6"][: len(services)],
            "outboundType": cluster.outbound_type,
        }
    )


def arm_cluster(cluster):
    access = {
        "enablePrivateCluster": cluster.private,
        "enablePrivateClusterPublicFQDN": cluster.public_fqdn,
        "privateDNSZone": cluster.private_dns_zone,
        "enableVnetIntegration": cluster.vnet_integration,
        "subnetId": cluster.api_server_subnet and spelled(cluster.api_server_subnet),
        "authorizedIPRanges": texts(cluster.authorized_ranges) or None,
    }
    properties = {
        "kubernetesVersion": cluster.kubernetes_version,
        "nodeResourceGroup": cluster.node_resource_group.upper(),
        "agentPoolProfiles": [arm_pool(each, cluster.model) for each in cluster.pools],
        "networkProfile": arm_network(cluster),
        "apiServerAccessProfile": said(access),
    }
    identity = {"identity": {"type": cluster.identity}}
    if cluster.identity == "ServicePrincipal":
        identity = {}
        properties["servicePrincipalProfile"] = {"clientId": "a-principal"}
    kind = "Microsoft.ContainerService/ManagedClusters"
    beside = {"location": cluster.location, **identity}
    return arm_resource(cluster, kind, properties, **beside)


def arm(estate):
    """What the ARM API answers: VNets in two pages, and clusters."""
    networks = [arm_vnet(each) for each in estate.vnets]
    half = -(-len(networks) // 2)
    link = "https://management.azure.com/subscriptions?$skiptoken=x"
    return {
        "page-1.json": {"value": networks[:half], "nextLink": link},
        "page-2.json": {"value": networks[half:]},
        "clusters.json": {"value": [arm_cluster(each) for each in estate.clusters]},
        "traffic.json": {"value": arm_traffic(estate)},
    }


_AKS = {
    "vnetSubnetID": "vnetSubnetId",
    "podSubnetID": "podSubnetId",
    "podIPAllocationMode": "podIpAllocationMode",
    "dnsServiceIP": "dnsServiceIp",
    "authorizedIPRanges": "authorizedIpRanges",
    "enablePrivateClusterPublicFQDN": "enablePrivateClusterPublicFqdn",
    "privateDNSZone": "privateDnsZone",
}
_NULLS = ["minCount", "maxCount", "vnetSubnetId", "podSubnetId", "scaleSetPriority"]


def az(value):
    """A resource as az prints it: properties flattened away, groups added."""
    if isinstance(value, list):
        return [az(each) for each in value]
    if not isinstance(value, dict):
        return value
    fields = {key: az(each) for key, each in value.items()}
    fields |= fields.pop("properties", {})
    group = str(fields.get("id")).split("/")[4:5]
    return {**fields, "resourceGroup": group[0]} if group else fields


def az_aks(value):
    """The same of a cluster: keys sorted, in the SDK's spelling, with nulls."""
    if isinstance(value, list):
        return [az_aks(each) for each in value]
    if not isinstance(value, dict):
        return value
    fields = {_AKS.get(key, key): az_aks(each) for key, each in value.items()}
    nulls = _NULLS if "maxPods" in fields else ["podCidrs", "windowsProfile", "tags"]
    return dict(sorted((dict.fromkeys(nulls) | fields).items()))


def az_vnets(estate):
    """``az network vnet list``."""
    return az([arm_vnet(each) for each in estate.vnets])


def az_clusters(estate):
    """``az aks list``."""
    return az_aks(az([arm_cluster(each) for each in estate.clusters]))


def az_traffic(estate):
    """``az network nsg list``, ``az network public-ip list`` and the like."""
    return az(arm_traffic(estate))


def rows(estate):
    """Resources as Resource Graph has them: types in lower case."""
    found = [
        *(arm_vnet(each) for each in estate.vnets),
        *(arm_cluster(each) for each in estate.clusters),
        *arm_traffic(estate),
    ]
    lower = {"kind": "", "managedBy": "", "sku": None, "zones": None}
    return [{**lower, **each, "type": each["type"].lower()} for each in found]


def resource_graph(estate):
    """A page of Resource Graph's REST API."""
    found = rows(estate)
    wrapper = {"totalRecords": len(found), "count": len(found)}
    return {**wrapper, "resultTruncated": "false", "facets": [], "data": found}


def resource_graph_table(estate):
    """The same in the form of a table."""
    found = rows(estate)
    names = list(dict.fromkeys(name for row in found for name in row))
    columns = [{"name": name, "type": "object"} for name in names]
    cells = [[row.get(name) for name in names] for row in found]
    count = {"totalRecords": len(found), "count": len(found)}
    return {**count, "data": {"columns": columns, "rows": cells}}


def az_graph(estate):
    """``az graph query``."""
    found = rows(estate)
    count = {"count": len(found), "total_records": len(found)}
    return {**count, "data": found, "skip_token": None}


def pascal(value):
    """Names as PowerShell's objects have them."""
    if isinstance(value, list):
        return [pascal(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {key[:1].upper() + key[1:]: pascal(each) for key, each in value.items()}


def powershell(estate):
    """``Get-AzVirtualNetwork`` and ``Get-AzAksCluster`` to ``ConvertTo-Json``."""
    networks = az([arm_vnet(each) for each in estate.vnets])
    for vnet in networks:
        del vnet["type"]
        vnet["resourceGroupName"] = vnet.pop("resourceGroup")
        for subnet in vnet["subnets"]:
            one = subnet.pop("addressPrefix", None)
            subnet["addressPrefix"] = [one] if one else subnet.pop("addressPrefixes")
            subnet.setdefault("ipConfigurations", [])
        for peering in vnet["virtualNetworkPeerings"]:
            then = peering.pop("remoteAddressSpace", None)
            peering["peeredRemoteAddressSpace"] = then
    clusters = az([arm_cluster(each) for each in estate.clusters])
    return {
        "vnets.json": pascal(networks),
        "clusters.json": pascal(clusters),
        "traffic.json": pascal(az_traffic(estate)),
    }


def steampipe(estate):
    """Rows of ``azure_virtual_network`` and ``azure_kubernetes_cluster``."""
    networks = [arm_vnet(each) for each in estate.vnets]
    clusters = [arm_cluster(each) for each in estate.clusters]
    return [*(row(each) for each in networks), *(row(each) for each in clusters)]


_COLUMNS = {
    "subnets": "subnets",
    "virtualNetworkPeerings": "network_peerings",
    "kubernetesVersion": "kubernetes_version",
    "nodeResourceGroup": "node_resource_group",
    "agentPoolProfiles": "agent_pool_profiles",
    "networkProfile": "network_profile",
    "apiServerAccessProfile": "api_server_access_profile",
    "servicePrincipalProfile": "service_principal_profile",
}


def steampipe_pool(pool):
    """A pool as the plugin lists it: its own names in PascalCase, and not all."""
    listed = {key: each for key, each in pool.items() if key != "podIPAllocationMode"}
    return {key[:1].upper() + key[1:]: each for key, each in listed.items()}


def row(resource):
    """A resource in the columns of its table."""
    inner = resource["properties"]
    _, _, subscription, _, group, *_ = resource["id"].split("/")
    columns = {_COLUMNS[key]: inner[key] for key in _COLUMNS if key in inner}
    if "addressSpace" in inner:
        columns["address_prefixes"] = inner["addressSpace"]["addressPrefixes"]
    if "agent_pool_profiles" in columns:
        pools = columns["agent_pool_profiles"]
        columns["agent_pool_profiles"] = [steampipe_pool(each) for each in pools]
    outer = {key: resource.get(key) for key in ("id", "name", "type", "identity")}
    place = {"region": resource["location"], "subscription_id": subscription}
    return said({**outer, **place, "resource_group": group, **columns})
