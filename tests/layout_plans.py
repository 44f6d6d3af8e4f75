"""Plans of a few networks, subnets and clusters, with their sizes stated by hand."""

from dataclasses import replace

from hypothesis import strategies as st

from ipplan import Cidr, Cluster, ExternalRange, Inventory, NodePool, Subnet, VNet
from ipplan.inventory.externals import AddressPool, Group
from ipplan.layouts.locks import Lock
from ipplan.layouts.plans import ClusterPlan, LayoutPlan, NetworkPlan
from ipplan.layouts.wants import SubnetWant

HOME = "/subscriptions/s/resourcegroups/g/providers"
POOLS = (
    AddressPool("azure", (Cidr.parse("10.0.0.0/20"), Cidr.parse("fd00:10::/58"))),
    AddressPool("pods", (Cidr.parse("100.64.0.0/14"),), "pods"),
    AddressPool("services", (Cidr.parse("172.16.0.0/14"),), "services"),
)
MESH = "mesh"


def cidrs(*texts):
    return tuple(Cidr.parse(each) for each in texts)


def vnet_id(name):
    return f"{HOME}/microsoft.network/virtualnetworks/{name}"


def cluster_id(name):
    return f"{HOME}/microsoft.containerservice/managedclusters/{name}"


def network(name, *ranges, **more):
    return NetworkPlan(vnet_id(name), name, prefixes=cidrs(*ranges), **more)


def vnet(name, *ranges, **subnets):
    """A VNet that exists, with subnets by their names."""
    home = vnet_id(name)
    inner = (
        Subnet(f"{home}/subnets/{key}", key, cidrs(*each.split()))
        for key, each in subnets.items()
    )
    return VNet(home, name, cidrs(*ranges), tuple(inner))


def want(home, name, length, *pinned, **more):
    home = vnet_id(home)
    identity = f"{home}/subnets/{name}"
    more.setdefault("pinned", cidrs(*pinned))
    return SubnetWant(identity, name, home, "general", length=length, **more)


def cluster(name, nodes=3, model="cni-overlay", home="spoke", **more):
    subnet = f"{vnet_id(home)}/subnets/{more.pop('subnet', f'{name}-nodes')}"
    plan = {
        key: more.pop(key) for key in ("growth", "shared_load", "twin") if key in more
    }
    pools = (NodePool("system", nodes, subnet=subnet),)
    return ClusterPlan(Cluster(name, pools, model, cluster_id(name), **more), **plan)


def inventory(*vnets, pools=POOLS, premises=(), **more):
    outside = tuple(ExternalRange(f"dc{n}", cidrs(e)) for n, e in enumerate(premises))
    return Inventory(
        tuple(sorted(vnets, key=lambda each: each.id)),
        external_ranges=outside,
        address_pools=tuple(pools),
        **more,
    )


def plan(*networks, around=None):
    return LayoutPlan("shop", tuple(networks), around or inventory())


def mesh(*names):
    return Group(MESH, "pod-mesh", tuple(map(cluster_id, names)))


def as_built(layout):
    """The plan of a layout whose networks, subnets and clusters all exist now."""
    found = {each.want.network: [] for each in layout.subnets}
    for each in layout.subnets:
        subnet = Subnet(each.want.id, each.want.name, each.prefixes)
        found[each.want.network].append(subnet)
    vnets = [
        VNet(e.plan.id, e.plan.name, e.prefixes, tuple(found.get(e.plan.id, ())))
        for e in layout.networks
    ]
    clusters = [
        replace(e.plan.cluster, pod_cidrs=e.pod_cidrs, service_cidrs=e.service_cidrs)
        for e in layout.clusters
    ]
    before = layout.plan.inventory
    ids = {each.id for each in vnets}
    others = [each for each in before.vnets if each.id not in ids]
    around = replace(
        before,
        vnets=tuple(sorted((*vnets, *others), key=lambda each: each.id)),
        clusters=tuple(clusters),
    )
    return replace(layout.plan, inventory=around)


def some_of(plan_, wants, keys):
    """A plan and its wants of some networks, clusters and subnets, by their ids."""
    networks = tuple(
        replace(each, clusters=tuple(e for e in each.clusters if e.cluster.id in keys))
        for each in plan_.networks
        if each.id in keys
    )
    ids = {each.id for each in networks}
    left = [each for each in wants if each.network in ids and each.id in keys]
    return replace(plan_, networks=networks), left


def without(plan_, wants, gone):
    """A plan and its wants without one network, and without one subnet of each."""
    kept = tuple(each for each in plan_.networks if each.name != gone)
    ids = {each.id for each in kept}
    left = [each for each in wants if each.network in ids and each.name != "s0"]
    return replace(plan_, networks=kept), left


def locked(**ranges):
    """A lock by the names of networks, and of subnets as network__subnet."""
    found = {}
    for key, text in ranges.items():
        home, _, subnet = key.partition("__")
        identity = f"{vnet_id(home)}/subnets/{subnet}" if subnet else vnet_id(home)
        found[identity] = cidrs(*text.split())
    return Lock("shop", found)


NAMES = ("hub", "spoke", "third")
TAKEN = ("10.0.0.0/24", "10.0.3.128/25", "10.0.8.0/22", "10.0.14.0/28")
OWN = {"hub": "10.1.0.0/24", "spoke": "10.2.0.0/23", "third": "10.3.0.0/26"}
MODELS = ("cni-overlay", "kubenet", "cni-node-subnet", "cni-dynamic")


@st.composite
def cases(draw):
    """A plan, and the subnets that it asks for."""
    networks, wants = [], []
    for name in NAMES[: draw(st.integers(1, 3))]:
        ranges = (OWN[name],) if draw(st.booleans()) else ()
        if ranges and draw(st.booleans()):
            first = Cidr.parse(OWN[name]).first + 16 * draw(st.integers(0, 3))
            wants.append(want(name, "pin", 28, str(Cidr(4, first, 28))))
        dual = draw(st.booleans())
        lengths = draw(st.lists(st.integers(24, 29), max_size=5))
        wants += [
            want(name, f"s{n}", length, ipv6=dual and draw(st.booleans()))
            for n, length in enumerate(lengths)
        ]
        clusters = tuple(
            cluster(
                f"{name}-{n}",
                draw(st.integers(1, 40)),
                draw(st.sampled_from(MODELS)),
                home=name,
                subnet="s1",
                needs=("dual-stack",) if dual and draw(st.booleans()) else (),
            )
            for n in range(draw(st.integers(0, 2)))
        )
        networks.append(network(name, *ranges, dual_stack=dual, clusters=clusters))
    taken = draw(st.lists(st.sampled_from(TAKEN), unique=True))
    vnets = [vnet(f"old{n}", each) for n, each in enumerate(taken)]
    members = [e.cluster.name for each in networks for e in each.clusters]
    groups = (mesh(*members[:2]),) if draw(st.booleans()) else ()
    premises = draw(st.sampled_from([(), ("10.0.0.0/8",), ("10.0.2.0/24",)]))
    around = inventory(*vnets, premises=premises, groups=groups)
    return plan(*networks, around=around), wants
