"""Estates as code: ARM templates, Terraform states and Terraform plans."""

from tests.estates import PLUGINS
from tests.shapes import arm_cluster, arm_peering, arm_subnet, arm_vnet, spelled, texts
from tests.traffic_shapes import arm_traffic, tf_traffic, traffic_of

SCHEMA = "https://schema.management.azure.com/schemas"
VERSION = {"apiVersion": "2024-05-01"}
UNSTATED = {"peeringState", "peeringSyncLevel", "ipConfigurations"}
UNSTATED |= {"remoteAddressSpace", "remoteVirtualNetworkAddressSpace"}


def group_of(noun):
    """Subscription and resource group of a noun."""
    steps = noun.id.split("/")
    return steps[2], steps[4]


def resource_id(identity):
    """A link as templates write it, to a subnet or a VNet."""
    _, _, subscription, _, group, _, _, _, vnet, *rest = identity.split("/")
    kind = "Microsoft.Network/virtualNetworks" + ("/subnets" if rest else "")
    words = [subscription, group, kind, vnet, *rest[1:]]
    return f"[resourceId({', '.join(map(repr, words))})]"


def deployed(resource, unstated=frozenset(UNSTATED)):
    """A resource of the API as a template states it: no id, no state, no etag."""
    fields = {key: each for key, each in resource.items() if key != "id"}
    inner = fields.pop("properties")
    properties = {key: each for key, each in inner.items() if key not in unstated}
    return {**VERSION, **fields, "properties": properties}


def template_vnet(vnet, inline, parameters):
    """A VNet with its children within, or as resources within or beside it."""
    sides = [deployed(arm_peering(each)) for each in vnet.peerings]
    for side, peering in zip(sides, vnet.peerings, strict=True):
        side["properties"]["remoteVirtualNetwork"]["id"] = resource_id(peering.remote)
    subnets = [deployed(arm_subnet(each)) for each in vnet.subnets]
    parts = {"subnets": subnets, "virtualNetworkPeerings": sides}
    whole = deployed(arm_vnet(vnet))
    prefixes = {"type": "array", "defaultValue": texts(vnet.prefixes)}
    parameters[f"space-{vnet.name}"] = prefixes
    space = {"addressPrefixes": f"[parameters('space-{vnet.name}')]"}
    whole["properties"] |= {"addressSpace": space, **parts}
    if inline:
        return [whole]
    children = [each for key in parts for each in whole["properties"].pop(key)]
    for index, each in enumerate(children):
        if index % 2:
            each["name"] = f"[concat('{vnet.name}', '/', '{each['name']}')]"
        else:
            each["type"] = each["type"].rpartition("/")[2]
    return [{**whole, "resources": children[::2]}, *children[1::2]]


def template_cluster(cluster):
    """A cluster whose subnets are expressions."""
    whole = deployed(arm_cluster(cluster))
    for pool in whole["properties"]["agentPoolProfiles"]:
        for key in ("vnetSubnetID", "podSubnetID"):
            if key in pool:
                pool[key] = resource_id(pool[key].lower())
    access = whole["properties"]["apiServerAccessProfile"]
    if "subnetId" in access:
        access["subnetId"] = resource_id(access["subnetId"].lower())
    return [whole]


ELEMENTS = ("securityRules", "routes")


def template_traffic(resource, noun, inline):
    """A resource, with its rules or routes within it or beside it."""
    zone = getattr(noun, "zone", "").rpartition("/")[2]
    whole = deployed(resource, unstated=())
    whole["name"] = f"{zone}/{noun.name}" if zone else noun.name
    found = [whole]
    for key in () if inline else ELEMENTS:
        for each in whole["properties"].pop(key, ()):
            kind, name = f"{whole['type']}/{key}", f"{noun.name}/{each['name']}"
            found.append({**VERSION, **each, "type": kind, "name": name})
    return found


def arm_template(estate, *, inline=True):
    """A template to a tenant's subscriptions: a deployment to each resource group."""
    groups = {}
    for noun in (*estate.vnets, *estate.clusters, *traffic_of(estate)):
        groups.setdefault(group_of(noun), []).append(noun)
    made = {each["id"].lower(): each for each in arm_traffic(estate)}
    deployments = []
    for (subscription, group), nouns in groups.items():
        parameters, resources = {}, []
        for noun in nouns:
            if noun.id in made:
                resources += template_traffic(made[noun.id], noun, inline)
            elif noun in estate.vnets:
                resources += template_vnet(noun, inline, parameters)
            else:
                resources += template_cluster(noun)
        inner = template("2019-04-01/deploymentTemplate", resources)
        inner["parameters"] = parameters
        properties = {"mode": "Incremental", "template": inner}
        properties["expressionEvaluationOptions"] = {"scope": "inner"}
        nested = {
            "type": "Microsoft.Resources/deployments",
            "name": f"[format('{{0}}-network', '{group}')]",
            "subscriptionId": subscription,
            "resourceGroup": group,
            "properties": properties,
        }
        deployments.append({**VERSION, **nested})
    return template("2018-05-01/subscriptionDeploymentTemplate", deployments)


def template(kind, resources):
    """The envelope of a template."""
    schema = {"$schema": f"{SCHEMA}/{kind}.json#", "contentVersion": "1.0.0.0"}
    return {**schema, "resources": resources}


class Planned(str):
    """An id that a plan does not know: of a resource that it will make."""

    __slots__ = ()


def tf_resources(estate):
    """Each resource of azurerm 4 as its type and its attributes."""
    for vnet in estate.vnets:
        yield "azurerm_virtual_network", tf_vnet(vnet)
        parent = {"resource_group_name": group_of(vnet)[1]}
        parent |= {"virtual_network_name": vnet.name}
        for subnet in vnet.subnets:
            yield "azurerm_subnet", {**tf_subnet(subnet), **parent}
            yield from tf_associations(subnet)
        for peering in vnet.peerings:
            yield "azurerm_virtual_network_peering", {**tf_peering(peering), **parent}
    for cluster in estate.clusters:
        yield "azurerm_kubernetes_cluster", tf_cluster(cluster)
        for pool in cluster.pools[1:]:
            yield (
                "azurerm_kubernetes_cluster_node_pool",
                {
                    "id": Planned(f"{spelled(cluster.id)}/agentPools/{pool.name}"),
                    "kubernetes_cluster_id": Planned(spelled(cluster.id)),
                    "mode": pool.mode.title(),
                    "os_type": pool.os.title(),
                    "priority": pool.priority.title(),
                    **tf_pool(pool),
                },
            )

    yield from tf_traffic(estate, lambda identity: Planned(spelled(identity)))


def tf_vnet(vnet):
    return {
        "id": Planned(spelled(vnet.id, vnet.name)),
        "name": vnet.name,
        "resource_group_name": group_of(vnet)[1],
        "location": vnet.location,
        "address_space": sorted(texts(vnet.prefixes)),  # a set since azurerm 4
        "dns_servers": list(vnet.dns_servers),
        "ip_address_pool": [],
    }


def tf_subnet(subnet):
    return {
        "id": Planned(spelled(subnet.id, subnet.name)),
        "name": subnet.name,
        "address_prefixes": texts(subnet.prefixes),
        "delegation": [
            {"name": f"d{i}", "service_delegation": [{"name": name, "actions": []}]}
            for i, name in enumerate(subnet.delegations)
        ],
        "service_endpoints": list(subnet.service_endpoints) or None,
        "ip_address_pool": [],
    }


def tf_associations(subnet):
    """What a subnet is given by resources of their own."""
    for attribute in ("route_table", "network_security_group", "nat_gateway"):
        given = getattr(subnet, attribute)
        if given:
            own = Planned(spelled(subnet.id))
            yield (
                f"azurerm_subnet_{attribute}_association",
                {"id": own, "subnet_id": own, f"{attribute}_id": spelled(given)},
            )


def tf_peering(peering):
    return {
        "id": Planned(spelled(peering.id, peering.name)),
        "name": peering.name,
        "remote_virtual_network_id": Planned(spelled(peering.remote)),
        "allow_virtual_network_access": peering.virtual_network_access,
        "allow_forwarded_traffic": peering.forwarded_traffic,
        "allow_gateway_transit": peering.gateway_transit,
        "use_remote_gateways": peering.remote_gateways,
        "peer_complete_virtual_networks_enabled": peering.complete,
        "only_ipv6_peering_enabled": peering.ipv6_only,
        "local_subnet_names": list(peering.local_subnets) or None,
        "remote_subnet_names": list(peering.remote_subnets) or None,
    }


def tf_pool(pool):
    surge = [{"max_surge": str(pool.max_surge), "drain_timeout_in_minutes": 0}]
    scales = pool.nodes != pool.current
    return {
        "name": pool.name,
        "node_count": pool.current,
        "min_count": 1 if scales else None,
        "max_count": pool.nodes if scales else None,
        "auto_scaling_enabled": scales,
        "max_pods": pool.max_pods,
        "upgrade_settings": surge if pool.priority == "regular" else [],
        "vnet_subnet_id": tf_link(pool.subnet),
        "pod_subnet_id": tf_link(pool.pod_subnet),
    }


def tf_link(identity):
    return Planned(spelled(identity)) if identity else None


def tf_cluster(cluster):
    first = {"type": "VirtualMachineScaleSets", **tf_pool(cluster.pools[0])}
    plugin, mode = PLUGINS[cluster.model]
    pods, services = texts(cluster.pod_cidrs), texts(cluster.service_cidrs)
    network = {
        "network_plugin": plugin,
        "network_plugin_mode": mode,
        "network_policy": cluster.network_policy,
        "pod_cidr": pods[0] if pods else "",
        "pod_cidrs": pods,
        "service_cidr": services[0],
        "service_cidrs": services,
        "dns_service_ip": cluster.dns_service_ip,
        "ip_versions": ["IPv4", "IPv6"][: len(services)],
        "outbound_type": cluster.outbound_type,
    }
    access = {
        "authorized_ip_ranges": texts(cluster.authorized_ranges),
        "virtual_network_integration_enabled": cluster.vnet_integration,
        "subnet_id": tf_link(cluster.api_server_subnet),
    }
    identity = {"identity": [{"type": cluster.identity, "identity_ids": []}]}
    if cluster.identity == "ServicePrincipal":
        identity = {"service_principal": [{"client_id": "a", "client_secret": "b"}]}
    zone = cluster.private_dns_zone
    return {
        "id": Planned(spelled(cluster.id, cluster.name)),
        "name": cluster.name,
        "resource_group_name": group_of(cluster)[1],
        "location": cluster.location,
        "kubernetes_version": cluster.kubernetes_version,
        "node_resource_group": cluster.node_resource_group.upper(),
        "default_node_pool": [first],
        "network_profile": [network],
        "api_server_access_profile": [access],
        **identity,
        "private_cluster_enabled": cluster.private,
        "private_cluster_public_fqdn_enabled": cluster.public_fqdn,
        "private_dns_zone_id": zone and zone.title(),
    }


def in_aks(kind):
    """Clusters are in a module of their own."""
    return kind.startswith("azurerm_kubernetes")


def named(kind, number):
    name = f"r{number}"
    start = "module.aks." if in_aks(kind) else ""
    return {
        "address": f"{start}{kind}.{name}",
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/azurerm",
    }


def module_tree(resources):
    """The root module, and the module of the clusters below it."""
    aks = [each for each in resources if in_aks(each["type"])]
    root = [each for each in resources if not in_aks(each["type"])]
    module = {"address": "module.aks", "resources": aks}
    return {"resources": root, **({"child_modules": [module]} if aks else {})}


def terraform_state(estate):
    """``terraform show -json`` of a state."""
    resources = [
        {**named(kind, number), "schema_version": 0, "values": values}
        for number, (kind, values) in enumerate(tf_resources(estate))
    ]
    for each in resources:
        if each["type"] == "azurerm_virtual_network":
            each["values"]["subnet"] = tf_listed(each["values"], resources)
    version = {"format_version": "1.0", "terraform_version": "1.14.2"}
    return {**version, "values": {"root_module": module_tree(resources)}}


def tf_listed(vnet, resources):
    """Every subnet within its VNet, as azurerm 4 lists those of other resources too."""
    return [
        {**each["values"], "route_table_id": "", "security_group": ""}
        for each in resources
        if each["type"] == "azurerm_subnet"
        and each["values"]["id"].lower().startswith(f"{vnet['id']}/subnets/".lower())
    ]


def tfstate(estate):
    """A raw state of version 4."""
    resources = []
    for number, (kind, values) in enumerate(tf_resources(estate)):
        provider = 'provider["registry.terraform.io/hashicorp/azurerm"]'
        module = {"module": "module.aks"} if in_aks(kind) else {}
        instance = {"schema_version": 0, "attributes": values, "dependencies": []}
        own = {"mode": "managed", "type": kind, "name": f"r{number}"}
        own |= {"provider": provider, "instances": [instance]}
        resources.append({**module, **own})
    head = {"version": 4, "terraform_version": "1.9.4", "serial": 17, "lineage": "x"}
    return {**head, "outputs": {}, "resources": resources}


def terraform_plan(estate):
    """``terraform show -json`` of a plan that makes everything.

    Ids are known after apply, and links are references: from the module of the
    clusters through a variable.
    """
    plan = Plan(list(tf_resources(estate)))
    module = {"resources": plan.configured(aks=True), "variables": {}}
    call = {"source": "./aks", "expressions": plan.variables, "module": module}
    root = {"resources": plan.configured(aks=False), "module_calls": {"aks": call}}
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.4",
        "planned_values": {"root_module": module_tree(plan.planned())},
        "resource_changes": plan.changes(),
        "configuration": {"root_module": root},
        "complete": True,
        "errored": False,
    }


CREATED = {"actions": ["create"], "before": None}


class Plan:
    """Attributes parted into what is known, what is not, and what they are set to."""

    def __init__(self, resources):
        self.resources = resources
        self.owners = {
            values["id"].lower(): named(kind, number)
            for number, (kind, values) in enumerate(resources)
            if not kind.endswith("_association")
        }
        self.variables = {}
        self.parts = [self.parted(values, kind) for kind, values in resources]

    def planned(self):
        return [
            {**named(kind, number), "values": self.parts[number][0]}
            for number, (kind, _) in enumerate(self.resources)
        ]

    def changes(self):
        return [
            {
                **named(kind, number),
                "change": {**CREATED, "after": known, "after_unknown": unknown},
            }
            for number, (kind, _) in enumerate(self.resources)
            for known, unknown, _ in [self.parts[number]]
        ]

    def configured(self, *, aks):
        return [
            {**own, "address": f"{kind}.{own['name']}", "expressions": said}
            for number, (kind, _) in enumerate(self.resources)
            if in_aks(kind) == aks
            for own, said in [(named(kind, number), self.parts[number][2])]
        ]

    def parted(self, value, kind, name=""):
        """The known part of a value, its unknown part, and its expression."""
        if isinstance(value, Planned) and name == "id":
            return None, True, None
        if isinstance(value, Planned) and value.lower() in self.owners:
            return None, True, {"references": self.references(value, kind)}
        if isinstance(value, list) and value and isinstance(value[0], dict):
            parts = [self.parted(each, kind) for each in value]
            return tuple(map(list, zip(*parts, strict=True)))
        if isinstance(value, dict):
            parts = {key: self.parted(each, kind, key) for key, each in value.items()}
            return (
                {key: part[0] for key, part in parts.items() if part[1] is not True},
                {key: part[1] for key, part in parts.items() if part[1]},
                {key: part[2] for key, part in parts.items() if part[2]},
            )
        return value, False, None if value is None else {"constant_value": value}

    def references(self, identity, kind):
        owner = self.owners[identity.lower()]
        whole = f"{owner['type']}.{owner['name']}"
        found = [f"{whole}.id", whole]
        if in_aks(kind) and not in_aks(owner["type"]):
            self.variables[f"id_{owner['name']}"] = {"references": found}
            return [f"var.id_{owner['name']}"]
        return found
