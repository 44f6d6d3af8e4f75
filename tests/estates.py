"""Random estates: what every shape in which people have them can say."""

from dataclasses import replace
from itertools import product

from hypothesis import strategies as st

from ipplan.cidrs import Cidr
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.estates import Inventory
from ipplan.inventory.networks import Holder, Peering, Subnet, VNet
from ipplan.inventory.pools import NodePool
from ipplan.inventory.traffic import (
    LoadBalancer,
    NodeInterface,
    Outlet,
    PublicAddress,
    Route,
    RouteTable,
    SecurityGroup,
    SecurityRule,
    ZoneLink,
)
from ipplan.surges import Surge

SUBSCRIPTIONS = [f"{digit}" * 8 + "-0000-4000-8000-000000000000" for digit in "ab"]
ELSEWHERE = (
    f"/subscriptions/{'c' * 8}-0000-4000-8000-000000000000/resourcegroups/shared"
)
"""Where lies what estates name and do not hold."""
PLACES = list(product(SUBSCRIPTIONS, ["net", "Apps"], ["vnet1", "VNet1-x", "Hub.a"]))
"""Subscription, resource group and name: names alone are no keys."""
STATES = ["Connected", "Initiated", "Disconnected"]
LEVELS = ["FullyInSync", "RemoteNotInSync", "LocalNotInSync"]
SERVICES = ["Microsoft.ContainerService/managedClusters", "Microsoft.Web/serverFarms"]
ENDPOINTS = ["Microsoft.Sql", "Microsoft.Storage", "Microsoft.Storage.Global"]
IDENTITIES = ["SystemAssigned", "UserAssigned", "ServicePrincipal"]
LOCATIONS = st.sampled_from(["westeurope", "swedencentral"])
PLUGINS = {
    "kubenet": ("kubenet", None),
    "cni-overlay": ("azure", "overlay"),
    "cni-node-subnet": ("azure", None),
    "cni-dynamic": ("azure", None),
    "cni-static-block": ("azure", None),
}
ALLOCATIONS = {
    "cni-dynamic": "DynamicIndividual",
    "cni-static-block": "StaticBlock",
    None: None,
}


VERSIONS = st.sampled_from([4, 4, 4, 6])


@st.composite
def ranges(draw, version=VERSIONS, within=None):
    """A CIDR, perhaps within another one."""
    if within:
        length = min(within.length + draw(st.integers(0, 8)), within.bits)
        number = draw(st.integers(0, (1 << length - within.length) - 1))
        return Cidr(
            within.version, within.first + (number << within.bits - length), length
        )
    number = draw(version)
    length = draw(st.integers(8, 29) if number == 4 else st.integers(32, 64))
    first = draw(st.integers(0, (1 << length) - 1)) << (32, 128)[number == 6] - length
    return Cidr(number, first, length)


def several(strategy, least=1, most=3):
    """Different values in a row."""
    return st.lists(strategy, min_size=least, max_size=most, unique=True).map(tuple)


def spaces(strategy, least=1, most=3):
    """Prefixes as an inventory has them: sorted, for Azure gives them in no order."""
    return several(strategy, least, most).map(lambda found: tuple(sorted(found)))


def some(value):
    """A value, or nothing."""
    return st.sampled_from([None, value])


@st.composite
def subnets(draw, vnet, index):
    """A subnet within its VNet or without, with what holds addresses of it."""
    name = (
        draw(st.sampled_from(["aks", "AKS", "GatewaySubnet", "snet_1"])) + f"-{index}"
    )
    given = ranges(within=draw(st.sampled_from(vnet.prefixes)))
    prefixes = draw(spaces(given | ranges(), most=2))
    owner = f"{ELSEWHERE}/providers/microsoft.compute/virtualmachinescalesets/vmss"
    counts = draw(st.lists(st.integers(1, 3), max_size=2))
    network = f"{ELSEWHERE}/providers/microsoft.network"
    return Subnet(
        id=f"{vnet.id}/subnets/{name.lower()}",
        name=name,
        prefixes=prefixes,
        delegations=draw(several(st.sampled_from(SERVICES), least=0, most=2)),
        service_endpoints=draw(spaces(st.sampled_from(ENDPOINTS), least=0)),
        holders=tuple(Holder(f"{owner}{i}", count) for i, count in enumerate(counts)),
        route_table=draw(some(f"{network}/routetables/rt")),
        network_security_group=draw(some(f"{network}/networksecuritygroups/nsg")),
        nat_gateway=draw(some(f"{network}/natgateways/nat")),
    )


@st.composite
def peerings(draw, vnet, remote):
    """One direction of a peering, in every state."""
    name = draw(st.sampled_from(["to", "To"])) + f"-{remote.rpartition('/')[2]}"
    now = draw(spaces(ranges(), least=0, most=2))
    complete = draw(st.booleans())
    names = several(st.sampled_from(["aks-0", "GatewaySubnet-1"]), least=0)
    flag = st.booleans()
    return Peering(
        id=f"{vnet.id}/virtualnetworkpeerings/{name.lower()}-{hash_of(remote)}",
        name=f"{name}-{hash_of(remote)}",
        remote=remote,
        state=draw(st.sampled_from(STATES)),
        sync_level=draw(st.sampled_from(LEVELS)),
        remote_prefixes=now,
        synced_prefixes=draw(spaces(ranges(), least=0, most=2)) if now else (),
        complete=complete,
        local_subnets=() if complete else draw(names),
        remote_subnets=() if complete else draw(names),
        ipv6_only=draw(flag),
        virtual_network_access=draw(flag),
        forwarded_traffic=draw(flag),
        gateway_transit=draw(flag),
        remote_gateways=draw(flag),
    )


def hash_of(identity):
    """A few letters that differ where ids do."""
    return f"{sum(map(ord, identity)):x}"


@st.composite
def vnets(draw, place):
    """A VNet with its subnets; its peerings come when all VNets are there."""
    subscription, group, name = place
    start = f"/subscriptions/{subscription}/resourcegroups/{group.lower()}"
    vnet = VNet(
        id=f"{start}/providers/microsoft.network/virtualnetworks/{name.lower()}",
        name=name,
        prefixes=draw(spaces(ranges())),
        location=draw(LOCATIONS),
        dns_servers=draw(several(st.sampled_from(["10.0.0.4", "fd00::4"]), 0, 2)),
    )
    found = [draw(subnets(vnet, index)) for index in range(draw(st.integers(0, 3)))]
    return replace(vnet, subnets=by_id(found))


def by_id(nouns):
    """Nouns in the order of an inventory."""
    return tuple(sorted(nouns, key=lambda noun: noun.id))


@st.composite
def node_pools(draw, index, model, homes):
    """A pool; the first one is what azurerm calls the default pool."""
    windows = index > 0 and draw(st.booleans())
    spot = index > 0 and not windows and draw(st.booleans())
    count = draw(st.integers(1, 20))
    surge = st.builds(Surge, st.integers(1, 9)) | st.integers(1, 100).map(
        lambda percent: Surge(percent=percent)
    )
    fields = {} if spot else {"max_surge": draw(surge)}
    pods = ALLOCATIONS.get(model) and (not index or draw(st.booleans()))
    if model == "cni-dynamic" and index and pods and draw(st.booleans()):
        fields["model"] = "cni-static-block"
    mode = "user" if windows or spot else "system"
    return NodePool(
        name=f"pool{index}",
        nodes=count + draw(st.integers(0, 9)),
        current=count,
        max_pods=draw(st.integers(10, 250)),
        os="windows" if windows else "linux",
        priority="spot" if spot else "regular",
        subnet=draw(st.sampled_from([None, *homes])),
        pod_subnet=draw(st.sampled_from(homes)) if pods else None,
        mode=mode,
        **fields,
    )


@st.composite
def clusters(draw, number, homes, subscriptions):
    """A cluster of any network model."""
    model = draw(st.sampled_from(list(PLUGINS)))
    pools = [draw(node_pools(i, model, homes)) for i in range(draw(st.integers(1, 3)))]
    dual = draw(st.booleans())
    families = [st.just(4), st.just(6)][: 2 if dual else 1]
    pods = model in {"kubenet", "cni-overlay"}
    policy = draw(st.sampled_from([None, "calico", "azure"]))
    windows = any(pool.os == "windows" for pool in pools)
    uses = {"windows": windows, "dual-stack": dual, f"network-policy={policy}": policy}
    integrated = draw(st.booleans())
    name = f"AKS-{number}"
    start = f"/subscriptions/{draw(st.sampled_from(subscriptions))}/resourcegroups/aks"
    private = draw(st.booleans())
    return Cluster(
        name=name,
        pools=tuple(pools),
        model=model,
        id=f"{start}/providers/microsoft.containerservice/managedclusters/{name.lower()}",
        pod_cidrs=tuple(draw(ranges(each)) for each in families) if pods else (),
        service_cidrs=tuple(draw(ranges(each)) for each in families),
        dns_service_ip="10.0.0.10",
        location=draw(LOCATIONS),
        kubernetes_version="1.31.2",
        node_resource_group=f"mc_aks_{name.lower()}",
        identity=draw(st.sampled_from(IDENTITIES)),
        network_plugin="kubenet" if model == "kubenet" else "azure",
        outbound_type=draw(st.sampled_from(["loadBalancer", "userDefinedRouting"])),
        network_policy=policy,
        private=private,
        public_fqdn=draw(st.booleans()),
        private_dns_zone=draw(st.sampled_from(["system", "none"])) if private else None,
        vnet_integration=integrated,
        api_server_subnet=draw(st.sampled_from([None, *homes])) if integrated else None,
        authorized_ranges=draw(several(ranges(st.just(4)), least=0, most=2)),
        needs=tuple(need for need, used in uses.items() if used),
    )


PORTS = st.sampled_from(["443", "22", "30000-32767"])
ENDS = st.sampled_from(["*", "VirtualNetwork", "10.0.0.0/8", "10.0.0.4", "Internet"])
HOPS = ["VirtualAppliance", "VirtualNetworkGateway", "Internet", "VnetLocal", "None"]


def words(strategy):
    """One word or several, as nouns have them."""
    return several(strategy, most=2).map(lambda found: tuple(sorted(found)))


@st.composite
def security_rules(draw, index):
    """A rule; no two of a group have one priority."""
    return SecurityRule(
        name=draw(st.sampled_from(["allow", "Deny-all"])) + f"-{index}",
        priority=100 + index,
        direction=draw(st.sampled_from(["Inbound", "Outbound"])),
        access=draw(st.sampled_from(["Allow", "Deny"])),
        protocol=draw(st.sampled_from(["*", "Tcp", "Udp"])),
        sources=draw(words(ENDS)),
        destinations=draw(words(ENDS)),
        ports=draw(words(PORTS)),
    )


@st.composite
def routes(draw, index):
    """A route, to an appliance or elsewhere."""
    kind = draw(st.sampled_from(HOPS))
    hop = "10.0.1.4" if kind == HOPS[0] else None
    prefix = draw(st.sampled_from(["0.0.0.0/0", "AzureCloud", "10.1.0.0/16"]))
    return Route(f"r{index}", prefix, kind, hop)


@st.composite
def traffic(draw, start, vnets):
    """What steers traffic, in one resource group; some of everything."""
    net = f"{start}/providers/microsoft.network"
    count = st.integers(0, 2)

    def named(kind, name, what):
        return [
            (f"{net}/{kind}/{name.lower()}-{i}", f"{name}-{i}")
            for i in range(draw(count, label=what))
        ]

    groups = [
        SecurityGroup(*each, _in_order([draw(security_rules(i)) for i in range(3)]))
        for each in named("networksecuritygroups", "NSG", "groups")
    ]
    tables = [
        RouteTable(*each, tuple(draw(routes(i)) for i in range(2)))
        for each in named("routetables", "rt", "tables")
    ]
    address = st.integers(0, 2**24).map(lambda n: Cidr(4, (20 << 24) + n, 32))
    addresses = [
        PublicAddress(*each, draw(st.none() | address))
        for each in named("publicipaddresses", "Pip", "addresses")
    ]
    prefixes = [
        PublicAddress(*each, draw(st.none() | ranges(st.just(4))))
        for each in named("publicipprefixes", "ipp", "prefixes")
    ]
    ids = [each.id for each in addresses]
    firewalls = [
        Outlet(*each, "firewall", ("10.0.1.4",), tuple(ids[:1]))
        for each in named("azurefirewalls", "FW", "firewalls")
    ]
    ids += [each.id for each in prefixes]
    gateways = [
        Outlet(*each, "nat-gateway", (), tuple(ids))
        for each in named("natgateways", "nat", "gateways")
    ]
    zone = draw(st.sampled_from(["contoso.internal", "privatelink.eu.azmk8s.io"]))
    links = [
        ZoneLink(*each, draw(st.sampled_from(vnets)))
        for each in named(f"privatednszones/{zone}/virtualnetworklinks", "To", "links")
    ]
    return {
        "security_groups": by_id(groups),
        "route_tables": by_id(tables),
        "public_addresses": by_id([*addresses, *prefixes]),
        "outlets": by_id([*firewalls, *gateways]),
        "zone_links": by_id(links),
    }


def _in_order(rules):
    return tuple(sorted(rules, key=lambda rule: (rule.direction, rule.priority)))


@st.composite
def nodes(draw, clusters):
    """Interfaces and load balancers of clusters' nodes."""
    interfaces, balancers = [], []
    for cluster in clusters:
        home = cluster.id.rpartition("/resourcegroups/")[0]
        start = f"{home}/resourcegroups/{cluster.node_resource_group}/providers"
        group = draw(some(f"{start}/microsoft.network/networksecuritygroups/agents"))
        for kind in ("compute/virtualmachinescalesets", "network/networkinterfaces"):
            identity = f"{start}/microsoft.{kind}/aks-1"
            interfaces.append(NodeInterface(identity, "AKS-1", group))
        rules = tuple(draw(st.lists(st.integers(1, 3), max_size=3)))
        identity = f"{start}/microsoft.network/loadbalancers/kubernetes"
        balancers.append(LoadBalancer(identity, "kubernetes", rules))
    return {"node_interfaces": by_id(interfaces), "load_balancers": by_id(balancers)}


@st.composite
def estates(draw, subscriptions=tuple(SUBSCRIPTIONS)):
    """A small inventory of what every shape can say, in some subscriptions."""
    places = [place for place in PLACES if place[0] in subscriptions]
    chosen = draw(several(st.sampled_from(places), least=0, most=4))
    bare = [draw(vnets(place)) for place in chosen]
    outside = f"{ELSEWHERE}/providers/microsoft.network/virtualnetworks/elsewhere"
    networks = []
    for vnet in bare:
        others = [each.id for each in bare if each is not vnet] + [outside]
        remotes = draw(several(st.sampled_from(others), least=0))
        sides = [draw(peerings(vnet, remote)) for remote in remotes]
        networks.append(replace(vnet, peerings=by_id(sides)))
    homes = [subnet.id for vnet in bare for subnet in vnet.subnets]
    homes.append(f"{outside}/subnets/aks")
    found = [
        draw(clusters(number, homes, subscriptions))
        for number in range(draw(st.integers(0, 2)))
    ]
    start = f"/subscriptions/{draw(st.sampled_from(subscriptions))}/resourcegroups/sec"
    there = [each.id for each in bare] + [outside]
    return Inventory(
        vnets=by_id(networks),
        clusters=by_id(found),
        **draw(traffic(start, there)),
        **draw(nodes(by_id(found))),
    )


ESTATES = estates()
ONE_SUBSCRIPTION = estates(subscriptions=(SUBSCRIPTIONS[0],))
