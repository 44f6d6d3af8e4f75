"""Commands that a script gave to az, and what Azure would make of them."""

import os
import subprocess

SUBSCRIPTION = "33333333-4444"
_GIVEN = {"RESOURCE_GROUP": "home", "CLUSTER_IDENTITY": "/identity", "LOCATION": "west"}
"""What a script asks for."""
_FAKE = """\
#!/bin/sh
printf '%s\\0' "$#" "$@" >> "$AZ_LOG"
case "$*" in
"account show "*) echo {subscription} ;;
*" show "*) test -n "$AZ_THERE" ;;
esac
"""
"""It writes down how many words it is given, and them, each with a NUL after it."""


def run(script, folder, **environment):
    """Run a script where az only writes down what it is given; those words."""
    tools, log, place = folder / "tools", folder / "log", folder / "place"
    for each in (tools, place):
        each.mkdir(exist_ok=True)
    log.write_text("")
    fake = tools / "az"
    fake.write_text(_FAKE.format(subscription=SUBSCRIPTION))
    fake.chmod(0o755)
    (folder / "script.sh").write_text(script, encoding="utf-8")
    given = {k: v for k, v in _GIVEN.items() if f"${{{k}:?" in script}
    done = subprocess.run(
        ["/bin/bash", str(folder / "script.sh")],
        env={
            "PATH": f"{tools}{os.pathsep}{os.defpath}",
            "AZ_LOG": str(log),
            "AZ_THERE": "",
            "LC_ALL": "C",
            **given,
            **environment,
        },
        cwd=place,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not done.stdout, done.stdout
    assert not done.stderr, done.stderr
    assert not list(place.iterdir())
    return list(_commands(log.read_bytes().decode().split("\0")))


def _commands(words):
    place = 0
    while words[place]:
        number = int(words[place])
        yield words[place + 1 : place + 1 + number]
        place += 1 + number


def parsed(words):
    """A command and its options: a list of values of each, empty of a switch."""
    first = next(n for n, word in enumerate(words) if word.startswith("--"))
    options = {}
    for word in words[first:]:
        if word.startswith("--"):
            name, sign, value = word[2:].partition("=")
            assert name not in options, words
            options[name] = [value] if sign else []
        else:
            options[name].append(word)
    return " ".join(words[:first]), options


class Azure:
    """What is there after some commands, as Azure lists it."""

    def __init__(self):
        self.resources = {}

    def do(self, words):
        """Do what a command says; what only looks does nothing."""
        noun, given = parsed(words)
        if noun.split()[-1] != "show":
            getattr(self, f"_{noun.replace(' ', '_').replace('-', '_')}")(given)

    def _put(self, given, kind, *names, beside=None, **properties):
        group, subscription = given["resource-group"][0], given["subscription"][0]
        provider, *types = kind.split("/")
        steps = zip(types, names, strict=True)
        below = "".join(f"/{type_}/{name.replace('/', '_')}" for type_, name in steps)
        start = f"/subscriptions/{subscription}/resourceGroups/{group}"
        made = {
            "id": f"{start}/providers/{provider}{below}",
            "type": kind,
            "name": names[-1],
            "properties": {k: v for k, v in properties.items() if v is not None},
            **(beside or {}),
        }
        self.resources[made["id"].lower()] = made
        return made

    def _get(self, given, kind, name):
        group, subscription = given["resource-group"][0], given["subscription"][0]
        start = f"/subscriptions/{subscription}/resourceGroups/{group}"
        below = f"/providers/{kind}/{name.replace('/', '_')}"
        return self.resources.get(f"{start}{below}".lower())

    def _network(self, given, kind, beside=None, **properties):
        located = {"location": _one(given, "location"), **(beside or {})}
        return self._put(
            given,
            f"Microsoft.Network/{kind}",
            given["name"][0],
            beside=located,
            **properties,
        )

    def _network_nsg_create(self, given):
        self._network(given, "networkSecurityGroups", securityRules=[])

    def _network_nsg_rule_create(self, given):
        group = self._get(
            given, "Microsoft.Network/networkSecurityGroups", given["nsg-name"][0]
        )
        rule = {key: given[key][0] for key in ("direction", "access", "protocol")}
        for end in ("source", "destination"):
            rule[f"{end}AddressPrefixes"] = given[f"{end}-address-prefixes"]
            rule[f"{end}PortRanges"] = given[f"{end}-port-ranges"]
        rule["priority"] = int(given["priority"][0])
        made = {"name": given["name"][0], "properties": rule}
        group["properties"]["securityRules"].append(made)

    def _network_route_table_create(self, given):
        self._network(given, "routeTables", routes=[])

    def _network_route_table_route_create(self, given):
        table = self._get(
            given, "Microsoft.Network/routeTables", given["route-table-name"][0]
        )
        route = {
            "addressPrefix": given["address-prefix"][0],
            "nextHopType": given["next-hop-type"][0],
            "nextHopIpAddress": _one(given, "next-hop-ip-address"),
        }
        made = {"name": given["name"][0], "properties": route}
        table["properties"]["routes"].append(made)

    def _network_public_ip_create(self, given):
        assert given["sku"] == ["Standard"]
        assert given["allocation-method"] == ["Static"]
        self._network(given, "publicIPAddresses")

    def _network_public_ip_prefix_create(self, given):
        self._network(given, "publicIPPrefixes")

    def _network_nat_gateway_create(self, given):
        self._network(
            given,
            "natGateways",
            publicIpAddresses=_ids(given, "public-ip-addresses"),
            publicIpPrefixes=_ids(given, "public-ip-prefixes"),
        )

    def _network_vnet_create(self, given):
        self._network(
            given,
            "virtualNetworks",
            addressSpace={"addressPrefixes": given["address-prefixes"]},
            dhcpOptions={"dnsServers": given.get("dns-servers", [])},
            subnets=[],
            virtualNetworkPeerings=[],
        )

    def _child(self, given, within, kind, **properties):
        name = given["name"][0]
        whole = f"Microsoft.Network/virtualNetworks/{kind}"
        vnet = self._get(
            given, "Microsoft.Network/virtualNetworks", given["vnet-name"][0]
        )
        made = self._put(given, whole, given["vnet-name"][0], name, **properties)
        if vnet:
            del self.resources[made["id"].lower()]
            vnet["properties"][within].append(made)

    def _network_vnet_subnet_create(self, given):
        names = {
            "networkSecurityGroup": "network-security-group",
            "routeTable": "route-table",
            "natGateway": "nat-gateway",
        }
        endpoints = given.get("service-endpoints", ())
        delegations = given.get("delegations", ())
        self._child(
            given,
            "subnets",
            "subnets",
            addressPrefixes=given["address-prefixes"],
            serviceEndpoints=[{"service": each} for each in endpoints],
            delegations=[
                {"name": each, "properties": {"serviceName": each}}
                for each in delegations
            ],
            **{k: {"id": given[v][0]} for k, v in names.items() if v in given},
        )

    def _network_vnet_peering_create(self, given):
        switches = {
            "allowVirtualNetworkAccess": "allow-vnet-access",
            "allowForwardedTraffic": "allow-forwarded-traffic",
            "allowGatewayTransit": "allow-gateway-transit",
            "useRemoteGateways": "use-remote-gateways",
            "peerCompleteVnets": "peer-complete-vnets",
            "enableOnlyIPv6Peering": "enable-only-ipv6",
        }
        self._child(
            given,
            "virtualNetworkPeerings",
            "virtualNetworkPeerings",
            remoteVirtualNetwork={"id": given["remote-vnet"][0]},
            localSubnetNames=given.get("local-subnet-names"),
            remoteSubnetNames=given.get("remote-subnet-names"),
            **{k: given[v] == ["true"] for k, v in switches.items() if v in given},
        )

    def _network_private_dns_zone_create(self, given):
        self._network(given, "privateDnsZones")

    def _network_private_dns_link_vnet_create(self, given):
        self._put(
            given,
            "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
            given["zone-name"][0],
            given["name"][0],
            virtualNetwork={"id": given["virtual-network"][0]},
        )

    def _aks_create(self, given):
        network = {
            "networkPlugin": "network-plugin",
            "networkPluginMode": "network-plugin-mode",
            "networkPolicy": "network-policy",
            "networkDataplane": "network-dataplane",
            "podCidr": "pod-cidr",
            "serviceCidr": "service-cidr",
            "dnsServiceIP": "dns-service-ip",
            "outboundType": "outbound-type",
        }
        lists = {
            "podCidrs": "pod-cidrs",
            "serviceCidrs": "service-cidrs",
            "ipFamilies": "ip-families",
        }
        api = {
            "enablePrivateCluster": "enable-private-cluster" in given or None,
            "enableVnetIntegration": "enable-apiserver-vnet-integration" in given
            or None,
            "enablePrivateClusterPublicFQDN": False
            if "disable-public-fqdn" in given
            else None,
            "privateDNSZone": _one(given, "private-dns-zone"),
            "subnetId": _one(given, "apiserver-subnet-id"),
            "authorizedIPRanges": _commas(given, "api-server-authorized-ip-ranges"),
        }
        addons = _commas(given, "enable-addons") or []
        known = {"virtual-node": "aciConnectorLinux"}
        known["ingress-appgw"] = "ingressApplicationGateway"
        self._put(
            given,
            "Microsoft.ContainerService/managedClusters",
            given["name"][0],
            beside={
                "location": given["location"][0],
                "identity": {
                    "type": "UserAssigned"
                    if "assign-identity" in given
                    else "SystemAssigned"
                },
            },
            kubernetesVersion=_one(given, "kubernetes-version"),
            nodeResourceGroup=_one(given, "node-resource-group"),
            networkProfile={
                **{k: _one(given, v) for k, v in network.items()},
                **{k: _commas(given, v) for k, v in lists.items()},
                "staticEgressGatewayProfile": {
                    "enabled": "enable-static-egress-gateway" in given
                },
            },
            apiServerAccessProfile=api,
            addonProfiles={known[each]: {"enabled": True} for each in addons},
            nodeProvisioningProfile={"mode": _one(given, "node-provisioning-mode")},
            agentPoolProfiles=[
                {
                    **_pool(given),
                    "name": given["nodepool-name"][0],
                    "mode": "System",
                    "osType": "Linux",
                }
            ],
        )

    def _cluster_of(self, given):
        kind = "Microsoft.ContainerService/managedClusters"
        return self._get(given, kind, given["cluster-name"][0])["properties"]

    def _aks_nodepool_add(self, given):
        pool = {
            "name": given["name"][0],
            "mode": _one(given, "mode"),
            "osType": _one(given, "os-type"),
            "scaleSetPriority": _one(given, "priority"),
        }
        pools = self._cluster_of(given)["agentPoolProfiles"]
        pools.append({**_pool(given), **pool})

    def _aks_nodepool_update(self, given):
        for pool in self._cluster_of(given)["agentPoolProfiles"]:
            if pool["name"] == given["name"][0]:
                pool["upgradeSettings"] = {"maxSurge": given["max-surge"][0]}


def _pool(given):
    return {
        "count": int(given["node-count"][0]),
        "enableAutoScaling": "enable-cluster-autoscaler" in given,
        "minCount": _number(given, "min-count"),
        "maxCount": _number(given, "max-count"),
        "maxPods": _number(given, "max-pods"),
        "vnetSubnetID": _one(given, "vnet-subnet-id"),
        "podSubnetID": _one(given, "pod-subnet-id"),
        "podIPAllocationMode": _one(given, "pod-ip-allocation-mode"),
        "upgradeSettings": {"maxSurge": _one(given, "max-surge")},
    }


def _one(given, name):
    return given[name][0] if given.get(name) else None


def _number(given, name):
    found = _one(given, name)
    return None if found is None else int(found)


def _commas(given, name):
    found = _one(given, name)
    return None if found is None else found.split(",")


def _ids(given, name):
    return [{"id": each} for each in given.get(name, ())]


def listed(commands):
    """All that Azure lists after these commands, as one JSON document."""
    azure = Azure()
    for words in commands:
        azure.do(words)
    return list(azure.resources.values())
