"""Plans made by hand, and ranges for them without a search: one after another."""

from dataclasses import replace

from ipplan.cidrs import Cidr
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.estates import Inventory
from ipplan.inventory.externals import Client
from ipplan.inventory.intents import intended_peering
from ipplan.inventory.networks import Peering, VNet
from ipplan.inventory.origins import Origin, name_of
from ipplan.inventory.pools import NodePool
from ipplan.layouts.demands.subnets import subnet_wants
from ipplan.layouts.plans import ClusterPlan, LayoutPlan, NetworkPlan, ServicePlan
from ipplan.layouts.results import PlacedCluster, PlacedNetwork, PlacedSubnet
from ipplan.models import MODELS, Home

GROUP = "/subscriptions/11111111-0000-4000-8000-000000000000/resourcegroups/net"
HOME = f"{GROUP}/providers/microsoft.network"
FILE = "shop.yaml"
PROPOSED = Origin(FILE, ".networks[0]", 3, "proposed")
OBSERVED = Origin("estate.json", "[0]", 1, "observed")
SERVICE_CIDR = Cidr.parse("172.16.0.0/16")
SERVICE_CIDR_6 = Cidr.parse("fd12:3456:789a:1::/108")
POD_CIDR = Cidr.parse("100.64.0.0/16")
POD_CIDR_6 = Cidr.parse("fd12:3456:789a::/64")

ALL_SERVICES = tuple(
    map(
        ServicePlan,
        [
            "firewall",
            "firewall-management",
            "bastion",
            "vpn-gateway",
            "route-server",
            "dns-resolver-inbound",
            "dns-resolver-outbound",
            "jump-boxes",
            "build-agents",
            "netapp",
        ],
    )
)


def vnet_id(name):
    """Id of a VNet of the plan."""
    return f"{HOME}/virtualnetworks/{name}"


def network(name, **fields):
    """A network of the plan."""
    fields.setdefault("location", "westeurope")
    return NetworkPlan(vnet_id(name), name, origin=PROPOSED, **fields)


def cluster_plan(home, name="shop", model="cni-overlay", *, fields=None, **plan):
    """A cluster of two pools, with the subnets that the reader would name."""
    own = fields or {}
    integrated = own.get("vnet_integration", False)
    pods = MODELS[model].home is Home.POD_SUBNET
    subnets = {
        "subnet": f"{vnet_id(home)}/subnets/{name}-nodes",
        "pod_subnet": f"{vnet_id(home)}/subnets/{name}-pods" if pods else None,
    }
    pools = (
        NodePool("system", 3, 30, mode="system", **subnets),
        NodePool("web", 5, 30, mode="user", **subnets),
    )
    cluster = Cluster(
        name=name,
        pools=pools,
        model=model,
        id=f"{GROUP}/providers/microsoft.containerservice/managedclusters/{name}",
        api_server_subnet=f"{vnet_id(home)}/subnets/{name}-api-server"
        if integrated
        else None,
        origin=PROPOSED,
        **own,
    )
    services = plan.pop("services", ())
    if integrated:
        api = ServicePlan("api-server", f"{name}-api-server", cluster=cluster.id)
        services = (*services, api)
    return ClusterPlan(cluster, services=services, **plan)


def layout_plan(*networks, peerings=(), there=()):
    """A plan as the reader makes it: drafts, peerings by `hub`, and clients."""
    sides = {}
    for spoke, hub in [*((e.id, e.hub) for e in networks if e.hub), *peerings]:
        for one, other in ((spoke, hub), (hub, spoke)):
            sides.setdefault(one, []).append(side(one, other))
    drafts = {
        each.id: VNet(each.id, each.name, location=each.location, origin=PROPOSED)
        for each in networks
    } | {each.id: each for each in there}
    vnets = [
        replace(each, peerings=(*each.peerings, *sides.get(each.id, ())))
        for each in drafts.values()
    ]
    kinds = {"jump-boxes": "jump-box", "build-agents": "build-agent"}
    clients = [
        Client(f"{each.name}-{one.kind}", kinds[one.kind], each.id)
        for each in networks
        for one in each.services
        if one.kind in kinds
    ]
    vnets.sort(key=lambda each: each.id)
    return LayoutPlan(
        "shop",
        tuple(sorted(networks, key=lambda each: each.id)),
        Inventory(vnets=tuple(vnets), clients=tuple(clients)),
    )


def side(vnet, remote):
    """One side of a peering that has no name yet."""
    return Peering(
        intended_peering(vnet, remote),
        f"to-{name_of(remote)}",
        remote=remote,
        forwarded_traffic=True,
        origin=PROPOSED,
    )


def placed(plan):
    """Ranges for all that a plan asks for: networks a /16 each, subnets in a row."""
    wants = subnet_wants(plan)
    known = plan.inventory.subnet_by_id
    networks, subnets = [], []
    for number, each in enumerate(plan.networks, 1):
        space = [Cidr(4, (10 << 24) + (number << 16), 16)]
        if each.dual_stack:
            space.append(Cidr(6, (0xFD00 << 112) + (number << 80), 48))
        there = plan.inventory.vnet_by_id[each.id].prefixes
        networks.append(
            PlacedNetwork(each, there or tuple(space), "existing" if there else "new")
        )
        own = [want for want in wants if want.network == each.id]
        subnets += _in_a_row(own, networks[-1].prefixes, known)
    subnets.sort(key=lambda each: each.want.id)
    clusters = [_ranges(home.id, each) for home, each in plan.clusters]
    clusters.sort(key=lambda each: each.plan.cluster.id)
    return plan, tuple(networks), tuple(subnets), tuple(clusters)


def _in_a_row(wants, space, known):
    """Subnets of a network, the largest first: each is aligned without a gap."""
    first = space[0].first
    taken = [e.last + 1 for one in known.values() for e in one.prefixes]
    first = max([first, *(e for e in taken if first < e <= space[0].last)])
    found = []
    ordered = sorted(wants, key=lambda want: (want.length, want.id))
    for number, want in enumerate(ordered):
        if want.id in known:
            found.append(PlacedSubnet(want, known[want.id].prefixes, "existing"))
            continue
        size = 1 << 32 - want.length
        first = -(-first // size) * size
        prefixes = [Cidr(4, first, want.length)]
        first += size
        if want.ipv6:
            prefixes.append(Cidr(6, space[1].first + (number << 64), 64))
        found.append(PlacedSubnet(want, tuple(prefixes), "new"))
    return found


def _ranges(home, plan):
    cluster = plan.cluster
    has_cidr = MODELS[cluster.model].home is Home.POD_CIDR
    dual = "dual-stack" in cluster.needs
    pods = (POD_CIDR, POD_CIDR_6) if dual else (POD_CIDR,)
    services = (SERVICE_CIDR, SERVICE_CIDR_6) if dual else (SERVICE_CIDR,)
    return PlacedCluster(plan, home, pods if has_cidr else (), services)
