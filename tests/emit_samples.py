"""Layouts made by hand, with every noun that can be deployed: what emitters are given.

Every language's tests hold the same estates against what they read back.
"""

from dataclasses import replace

from ipplan.cidrs import Cidr
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.estates import Inventory
from ipplan.inventory.networks import Peering, Subnet, VNet
from ipplan.inventory.origins import parent_of
from ipplan.inventory.pools import NodePool
from ipplan.inventory.traffic import (
    Outlet,
    PublicAddress,
    Route,
    RouteTable,
    SecurityGroup,
    SecurityRule,
    ZoneLink,
)
from ipplan.layouts.plans import ClusterPlan, LayoutPlan, NetworkPlan
from ipplan.layouts.results import Layout, PlacedCluster, PlacedNetwork, PlacedSubnet
from ipplan.layouts.wants import Share, SubnetWant
from ipplan.surges import Surge

SUBSCRIPTION = "<subscription of shop.yaml>"
GROUP = "<resource group of shop.yaml>"


def cidrs(text):
    return tuple(map(Cidr.parse, text.split()))


class Place:
    """A resource group, which makes nouns that are in it."""

    def __init__(self, group=GROUP, subscription=SUBSCRIPTION):
        self.home = f"/subscriptions/{subscription}/resourcegroups/{group}".lower()

    def id(self, kind, *names):
        provider, *types = kind.lower().split("/")
        steps = zip(types, names, strict=True)
        words = "".join(
            f"/{step}/{name.replace('/', '_')}".lower() for step, name in steps
        )
        return f"{self.home}/providers/{provider}{words}"

    def network(self, kind, *names):
        return self.id(f"microsoft.network/{kind}", *names)

    def vnet_id(self, name):
        return self.network("virtualnetworks", name)

    def subnet_id(self, vnet, name):
        return self.network("virtualnetworks/subnets", vnet, name)

    def vnet(self, name, prefixes, subnets=(), peerings=(), **fields):
        fields.setdefault("location", "westeurope")
        return VNet(
            self.vnet_id(name), name, cidrs(prefixes), subnets, peerings, **fields
        )

    def subnet(self, vnet, name, prefixes, **fields):
        return Subnet(self.subnet_id(vnet, name), name, cidrs(prefixes), **fields)

    def peering(self, vnet, name, remote, **fields):
        kind = "virtualnetworks/virtualnetworkpeerings"
        return Peering(self.network(kind, vnet, name), name, remote, **fields)

    def group_id(self, name):
        return self.network("networksecuritygroups", name)

    def table_id(self, name):
        return self.network("routetables", name)

    def nat_id(self, name):
        return self.network("natgateways", name)

    def address_id(self, name):
        return self.network("publicipaddresses", name)

    def prefix_id(self, name):
        return self.network("publicipprefixes", name)

    def zone_id(self, name):
        return self.network("privatednszones", name)

    def link(self, zone, name, vnet):
        kind = "privatednszones/virtualnetworklinks"
        return ZoneLink(self.network(kind, zone, name), name, vnet)

    def cluster(self, name, **fields):
        fields.setdefault("location", "westeurope")
        fields.setdefault("identity", "UserAssigned")
        identity = self.id("microsoft.containerservice/managedclusters", name)
        return Cluster(name, id=identity, **fields)


def layout(planned, *, name="shop", existing=None, added=None):
    """A layout of nouns that are to be deployed, as `lay_out` would give it."""
    existing = existing or Inventory()
    every = {each.id: each for each in existing.vnets}
    every |= {vnet.id: _amid(vnet, every.get(vnet.id)) for vnet in planned.vnets}
    inventory = replace(
        planned, vnets=tuple(sorted(every.values(), key=lambda vnet: vnet.id))
    )
    around = {each.id: each for each in existing.vnets}
    around |= {
        each.id: replace(each, prefixes=(), subnets=())
        for each in planned.vnets
        if each.id not in around
    }
    plan = LayoutPlan(
        name,
        tuple(NetworkPlan(vnet.id, vnet.name) for vnet in planned.vnets),
        replace(existing, vnets=tuple(around.values())),
    )
    networks = tuple(
        PlacedNetwork(
            each, every[each.id].prefixes, "new", (added or {}).get(each.id, ())
        )
        for each in plan.networks
    )
    return Layout(
        plan,
        networks,
        tuple(_placed(each, planned) for each in planned.subnets),
        tuple(_placed_cluster(each) for each in planned.clusters),
        planned=planned,
        inventory=inventory,
    )


def _amid(vnet, before):
    if before is None:
        return vnet
    subnets = tuple(sorted((*before.subnets, *vnet.subnets), key=lambda each: each.id))
    peerings = (*before.peerings, *vnet.peerings)
    return replace(before, subnets=subnets, peerings=peerings)


PURPOSES = {
    "virtual-nodes": "virtual-nodes",
    "private-links": "private-link-services",
    "snet-pe": "private-endpoints",
}
"""What a subnet is for where its name ends so."""


def _placed(subnet, planned):
    users = tuple(each.id for each in planned.clusters if subnet.id in each.subnets)
    purpose = next(
        (kind for end, kind in PURPOSES.items() if subnet.name.endswith(end)),
        "nodes" if users else "general",
    )
    everyone = tuple(each.id for each in planned.clusters)
    want = SubnetWant(
        subnet.id,
        subnet.name,
        parent_of(subnet.id),
        purpose,
        shares=(Share(f"what {subnet.name} holds", 20, "https://example.org/page"),),
        need=20,
        length=next((e.length for e in subnet.prefixes if e.version == 4), 0),
        clusters=users or everyone,
    )
    return PlacedSubnet(want, subnet.prefixes, "new")


def _placed_cluster(cluster):
    vnet = next((parent_of(each) for each in cluster.subnets), "")
    return PlacedCluster(
        ClusterPlan(cluster),
        vnet,
        cluster.pod_cidrs,
        cluster.service_cidrs,
        reused_by=("shop-green",),
    )


RULES = (
    SecurityRule("web", 100, "Inbound", "Allow", "Tcp", ("Internet",), ports=("443",)),
    SecurityRule(
        "nodes-and-pods",
        200,
        "Inbound",
        "Allow",
        sources=("10.1.6.0/23", "192.168.0.0/16"),
        destinations=("10.1.6.0/23", "192.168.0.0/16"),
        ports=("80", "8000-8999"),
    ),
    SecurityRule("out", 100, "Outbound", "Allow", destinations=("AzureCloud",)),
)


def hub_and_spoke():
    """A hub and a spoke with every noun, none of them in a named resource group."""
    here = Place()
    hub, spoke = here.vnet_id("hub"), here.vnet_id("spoke")
    zone = "shop.privatelink.westeurope.azmk8s.io"
    nodes = here.subnet_id("spoke", "shop-nodes")
    planned = Inventory(
        vnets=(
            here.vnet(
                "hub",
                "10.0.0.0/24 fd00:10::/56",
                (
                    here.subnet("hub", "AzureFirewallSubnet", "10.0.0.0/26"),
                    here.subnet("hub", "GatewaySubnet", "10.0.0.64/27"),
                    here.subnet(
                        "hub",
                        "snet-pe",
                        "10.0.0.128/26 fd00:10::/64",
                        service_endpoints=("Microsoft.Sql", "Microsoft.Storage"),
                    ),
                ),
                (here.peering("hub", "to-spoke", spoke, gateway_transit=True),),
                dns_servers=("10.0.0.4",),
            ),
            here.vnet(
                "spoke",
                "10.1.0.0/16",
                (
                    here.subnet(
                        "spoke",
                        "shop-api-server",
                        "10.1.2.0/28",
                        delegations=("Microsoft.ContainerService/managedClusters",),
                    ),
                    here.subnet(
                        "spoke",
                        "shop-nodes",
                        "10.1.6.0/23",
                        network_security_group=here.group_id("shop-rules"),
                        route_table=here.table_id("to-firewall"),
                        nat_gateway=here.nat_id("out"),
                    ),
                    here.subnet("spoke", "shop-private-links", "10.1.3.0/27"),
                    here.subnet(
                        "spoke",
                        "shop-virtual-nodes",
                        "10.1.4.0/26",
                        delegations=("Microsoft.ContainerInstance/containerGroups",),
                    ),
                ),
                (
                    here.peering(
                        "spoke",
                        "to-hub",
                        hub,
                        remote_gateways=True,
                        forwarded_traffic=True,
                    ),
                ),
            ),
        ),
        security_groups=(
            SecurityGroup(here.group_id("shop-rules"), "shop-rules", RULES),
        ),
        route_tables=(
            RouteTable(
                here.table_id("to-firewall"),
                "to-firewall",
                (
                    Route("all", "0.0.0.0/0", "VirtualAppliance", "10.0.0.4"),
                    Route("direct", "AzureMonitor", "Internet"),
                ),
            ),
        ),
        public_addresses=(
            PublicAddress(here.address_id("out-1"), "out-1"),
            PublicAddress(here.prefix_id("out-more"), "out-more"),
        ),
        outlets=(
            Outlet(
                here.nat_id("out"),
                "out",
                "nat-gateway",
                public_addresses=(here.address_id("out-1"), here.prefix_id("out-more")),
            ),
        ),
        zone_links=(
            here.link(zone, "to-hub", hub),
            here.link(zone, "to-spoke", spoke),
        ),
        clusters=(
            here.cluster(
                "shop",
                model="cni-node-subnet",
                network_plugin="azure",
                service_cidrs=cidrs("172.16.0.0/16"),
                dns_service_ip="172.16.0.10",
                kubernetes_version="1.33",
                node_resource_group="shop-nodes",
                outbound_type="userDefinedRouting",
                private=True,
                public_fqdn=False,
                private_dns_zone=here.zone_id(zone),
                vnet_integration=True,
                api_server_subnet=here.subnet_id("spoke", "shop-api-server"),
                needs=("virtual-nodes",),
                pools=(
                    NodePool("system", 3, 30, subnet=nodes, mode="system", current=3),
                    NodePool(
                        "web",
                        5,
                        30,
                        Surge(2),
                        subnet=nodes,
                        mode="user",
                        current=2,
                    ),
                    NodePool(
                        "cheap",
                        2,
                        20,
                        priority="spot",
                        subnet=nodes,
                        mode="user",
                        current=0,
                    ),
                ),
            ),
        ),
    )
    return layout(planned)


def _alone(cluster, here, **subnets):
    """A cluster in a VNet of its own."""
    made = tuple(
        here.subnet("net", name.replace("_", "-"), prefixes, **fields)
        for name, (prefixes, fields) in sorted(subnets.items())
    )
    return layout(
        Inventory(
            vnets=(here.vnet("net", "10.0.0.0/8 fd00::/48", made),), clusters=(cluster,)
        )
    )


def overlay(**fields):
    """An Overlay cluster; further fields of the cluster."""
    here = Place()
    subnet = here.subnet_id("net", "nodes")
    ranges = {
        "pod_cidrs": cidrs("192.168.0.0/16"),
        "service_cidrs": cidrs("172.16.0.0/16"),
        "dns_service_ip": "172.16.0.10",
    }
    pools = (NodePool("system", 3, 30, subnet=subnet, mode="system", current=3),)
    cluster = here.cluster(
        "shop",
        model="cni-overlay",
        network_plugin="azure",
        **{"pools": pools, **ranges, **fields},
    )
    return _alone(cluster, here, nodes=("10.1.0.0/24", {}))


def dual_stack():
    """An Overlay cluster of both families."""
    return overlay(
        pod_cidrs=cidrs("192.168.0.0/16 fd12:3456:789a::/64"),
        service_cidrs=cidrs("172.16.0.0/16 fd12:3456:789a:1::/108"),
        needs=("dual-stack", "network-policy=cilium"),
        network_policy="cilium",
        authorized_ranges=cidrs("20.1.2.3/32 20.2.0.0/24"),
    )


def kubenet():
    """A kubenet cluster with its route table."""
    here, made = Place(), overlay()
    cluster = replace(
        made.planned.clusters[0],
        model="kubenet",
        network_plugin="kubenet",
        outbound_type="loadBalancer",
    )
    table = RouteTable(here.table_id("shop-routes"), "shop-routes")
    (vnet,) = made.planned.vnets
    subnets = tuple(replace(each, route_table=table.id) for each in vnet.subnets)
    planned = replace(
        made.planned,
        vnets=(replace(vnet, subnets=subnets),),
        clusters=(cluster,),
        route_tables=(table,),
    )
    return layout(planned)


def pod_subnets():
    """A cluster whose pools give pods their addresses in two ways."""
    here = Place()
    nodes, blocks, single = (
        here.subnet_id("net", each) for each in ("nodes", "blocks", "single")
    )
    pools = (
        NodePool(
            "system",
            3,
            30,
            subnet=nodes,
            pod_subnet=single,
            mode="system",
            current=3,
        ),
        NodePool(
            "web",
            9,
            30,
            os="windows",
            subnet=nodes,
            pod_subnet=blocks,
            mode="user",
            current=9,
            model="cni-static-block",
        ),
    )
    cluster = here.cluster(
        "shop",
        pools=pools,
        model="cni-dynamic",
        network_plugin="azure",
        service_cidrs=cidrs("172.16.0.0/16"),
        dns_service_ip="172.16.0.10",
        needs=("windows",),
    )
    delegated = {"delegations": ("Microsoft.ContainerService/managedClusters",)}
    return _alone(
        cluster,
        here,
        nodes=("10.1.0.0/24", {}),
        blocks=("10.2.0.0/20", delegated),
        single=("10.3.0.0/22", delegated),
    )


def two_groups():
    """A hub in a resource group of its own, and a spoke whose group is not said."""
    there, here = Place("net", "11111111-2222"), Place()
    planned = Inventory(
        vnets=(
            there.vnet(
                "hub",
                "10.0.0.0/24",
                (there.subnet("hub", "ops", "10.0.0.0/26"),),
                (there.peering("hub", "to-spoke", here.vnet_id("spoke")),),
            ),
            here.vnet(
                "spoke",
                "10.1.0.0/24",
                (
                    here.subnet(
                        "spoke",
                        "aks",
                        "10.1.0.0/25",
                        route_table=there.table_id("out"),
                    ),
                ),
                (here.peering("spoke", "to-hub", there.vnet_id("hub")),),
            ),
        ),
        route_tables=(RouteTable(there.table_id("out"), "out"),),
    )
    return layout(planned)


def amid_existing():
    """Subnets and peerings that are added to a hub that exists, and a new spoke."""
    there, here = Place("net", "11111111-2222"), Place("apps", "11111111-2222")
    hub = there.vnet(
        "Hub",
        "10.0.0.0/24 10.9.0.0/24",
        (there.subnet("Hub", "GatewaySubnet", "10.0.0.0/27"),),
    )
    before = Inventory(
        vnets=(replace(hub, prefixes=cidrs("10.0.0.0/24")),),
        security_groups=(SecurityGroup(there.group_id("Rules"), "Rules"),),
    )
    added = replace(
        hub,
        subnets=(
            there.subnet("Hub", "more", "10.9.0.0/25"),
            there.subnet(
                "Hub",
                "ops",
                "10.0.0.64/26",
                network_security_group=there.group_id("rules"),
            ),
        ),
        peerings=(there.peering("Hub", "to-spoke", here.vnet_id("spoke")),),
    )
    spoke = here.vnet(
        "spoke",
        "10.1.0.0/24",
        (here.subnet("spoke", "aks", "10.1.0.0/25"),),
        (here.peering("spoke", "to-hub", there.vnet_id("hub")),),
    )
    return layout(
        Inventory(vnets=(spoke, added)),
        existing=before,
        added={hub.id: cidrs("10.9.0.0/24")},
    )


HOSTILE = (
    "it's",
    'say "hello"',
    "`id`",
    "$(touch owned)",
    "${env:HOME}",
    "%{ if true }x%{ endif }",
    "one\ntwo",
    "one\r\ntwo",
    "tab\tback\\slash\\",
    "</script><script>alert(1)</script>",
    '=cmd|" /C calc"!A0',
    "[concat('x')]",
    "]]",
    "[[x]]",
    "*/ // /* #",
    "'''",
    "${'$'}{x}",
    "@{x}",
    "--help",
    "-x",
    "@file",
    "ünïcødé 網路",
    "\u202egnp.exe",
    "nul\0byte",
    "\x1b[2J",
    "line\u2028sep",
    "parameters('x')",
    "a;b&c|d>e<f",
    "* ? [a-z] ~",
)
"""Names that mean something to some language."""


def hostile(name):
    """An estate in which every name that people choose is this one."""
    here = Place()
    group, table = here.group_id(name), here.table_id(name)
    subnet = here.subnet_id(name, name)
    remote = here.vnet_id("other")
    flat = name.replace("/", "_")
    rule = SecurityRule(name, 100, "Inbound", "Allow")
    planned = Inventory(
        vnets=(
            here.vnet("other", "10.1.0.0/16"),
            here.vnet(
                flat,
                "10.0.0.0/16",
                (
                    here.subnet(
                        name,
                        flat,
                        "10.0.0.0/24",
                        network_security_group=group,
                        route_table=table,
                        nat_gateway=here.nat_id(name),
                    ),
                ),
                (here.peering(name, flat, remote),),
            ),
        ),
        security_groups=(SecurityGroup(group, flat, (rule,)),),
        route_tables=(
            RouteTable(table, flat, (Route(name, "0.0.0.0/0", "Internet"),)),
        ),
        public_addresses=(PublicAddress(here.address_id(name), flat),),
        outlets=(
            Outlet(
                here.nat_id(name),
                flat,
                "nat-gateway",
                public_addresses=(here.address_id(name),),
            ),
        ),
        zone_links=(here.link("example.org", flat, remote),),
        clusters=(
            here.cluster(
                flat,
                model="cni-overlay",
                network_plugin="azure",
                pod_cidrs=cidrs("192.168.0.0/16"),
                service_cidrs=cidrs("172.16.0.0/16"),
                dns_service_ip="172.16.0.10",
                pools=(NodePool(name, 3, 30, subnet=subnet, mode="system", current=3),),
            ),
        ),
    )
    return layout(planned, name=name)


def reusing():
    """A cluster in new subnets of a VNet that exists, with a zone of another group."""
    here, there = Place(), Place("dns", "11111111-2222")
    vnet = here.vnet("Net", "10.0.0.0/16", (here.subnet("Net", "old", "10.0.0.0/24"),))
    nodes, pods = here.subnet_id("Net", "old"), here.subnet_id("Net", "pods")
    delegated = ("Microsoft.ContainerService/managedClusters",)
    added = replace(
        vnet,
        subnets=(
            here.subnet(
                "Net",
                "api",
                "10.0.2.0/28",
                delegations=delegated,
                network_security_group=there.group_id("Rules"),
            ),
            here.subnet("Net", "pods", "10.0.4.0/22", delegations=delegated),
        ),
    )
    pool = NodePool(
        "system", 3, 31, subnet=nodes, pod_subnet=pods, mode="system", current=3
    )
    cluster = here.cluster(
        "shop",
        pools=(pool,),
        model="cni-static-block",
        network_plugin="azure",
        service_cidrs=cidrs("172.16.0.0/16"),
        dns_service_ip="172.16.0.10",
        private=True,
        private_dns_zone=there.zone_id("privatelink.westeurope.azmk8s.io"),
        vnet_integration=True,
        api_server_subnet=here.subnet_id("Net", "api"),
        outbound_type="loadBalancer",
    )
    existing = Inventory(
        vnets=(vnet,),
        security_groups=(SecurityGroup(there.group_id("Rules"), "Rules"),),
        zone_links=(there.link("privatelink.westeurope.azmk8s.io", "to-net", vnet.id),),
    )
    return layout(Inventory(vnets=(added,), clusters=(cluster,)), existing=existing)


SAMPLES = {
    "hub-and-spoke": hub_and_spoke,
    "overlay": overlay,
    "dual-stack": dual_stack,
    "kubenet": kubenet,
    "pod-subnets": pod_subnets,
    "two-groups": two_groups,
    "amid-existing": amid_existing,
    "reusing": reusing,
}
"""Makers of layouts by their names."""
