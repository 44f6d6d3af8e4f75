"""A large estate as az lists it: ``python -m tests.large_estates FOLDER``.

Three hubs with their spokes, VNets that nothing joins, clusters of every network model,
subnets that are nearly full, and a conflict of each kind that is common. Nothing in it
is random: the same numbers give the same bytes.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

from ipplan.cidrs import Cidr
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.estates import Inventory
from ipplan.inventory.networks import Holder, Peering, Subnet, VNet
from ipplan.inventory.pools import NodePool
from tests import shapes

HUBS = 3
SLOT = 1 << 12
"""Addresses that a spoke has to itself: a /20."""
MODELS = [
    "cni-overlay",
    "kubenet",
    "cni-node-subnet",
    "cni-dynamic",
    "cni-static-block",
]
USES = ["app", "data", "private-endpoints", "web", "jobs", "agents", "cache", "test"]
POD_CIDRS = ["192.168.0.0/16", "100.64.0.0/16", "10.244.0.0/16", "100.80.0.0/12"]

ON_PREMISES = """\
ipplan: 1

on_premises:
  - name: datacentre
    ranges: [192.168.128.0/17, 172.24.0.0/14]
    attached_to: [vnet-hub-0, vnet-hub-1]
    holds: [dns]
  - {name: backbone, ranges: [10.0.0.0/8], attached_to: [vnet-hub-0]}
"""


def home(number):
    """The resource group and subscription of a VNet or cluster."""
    subscription = f"00000000-0000-4000-8000-{number % 7:012}"
    return f"/subscriptions/{subscription}/resourcegroups/rg-{number // 20:03}"


def cidr(first, length):
    return Cidr(4, (10 << 24) + first, length)


def vnet(number, name, prefixes):
    start = f"{home(number)}/providers/microsoft.network/virtualnetworks/{name}"
    regions = ["westeurope", "northeurope", "swedencentral"]
    return VNet(start, name, prefixes, location=regions[number % HUBS])


def holders(number, count):
    """Machines with an address each."""
    start = f"{home(number)}/providers/microsoft.compute/virtualmachinescalesets"
    return (Holder(f"{start}/vmss-{number}", count),) if count else ()


def subnet(of, number, name, prefix, used=0):
    identity = f"{of.id}/subnets/{name.lower()}"
    table = f"{home(number)}/providers/microsoft.network/routetables/rt-spokes"
    return Subnet(
        identity,
        name,
        (prefix,),
        holders=holders(number, used),
        route_table=table if "gateway" not in name.lower() else None,
    )


def by_id(nouns):
    return tuple(sorted(nouns, key=lambda each: each.id))


def hub(number):
    """A hub with what a hub has; its /20 is one of its own region."""
    space = cidr(number * 64 << 16, 20)
    found = vnet(number, f"vnet-hub-{number}", (space,))
    special = {
        "GatewaySubnet": 27,
        "AzureFirewallSubnet": 26,
        "AzureBastionSubnet": 26,
        "dns": 27,
        "shared": 24,
    }
    parts = [
        subnet(
            found, number, name, Cidr(4, space.first + place * 256, length), used=place
        )
        for place, (name, length) in enumerate(special.items())
    ]
    return replace(found, subnets=by_id(parts))


def spoke(number, *, first=None, clustered=False):
    """A spoke: a /20, /21 or /22 in sixteen places, some of them free.

    Where a cluster is in it, nodes have the first quarter and pods the second.
    """
    of, place = number % HUBS, number // HUBS + 1
    start = (of * 64 << 16) + place * SLOT if first is None else first
    length = 20 + number % 3 if not clustered else 20
    found = vnet(number, f"vnet-spoke-{number:04}", (cidr(start, length),))
    return _filled(found, number, start, length, clustered=clustered)


def _filled(found, number, start, length, *, clustered):
    step = 1 << 32 - length - 4
    room = step - 5
    parts, place = [], 0
    if clustered:
        for name in ("aks-nodes", "aks-pods"):
            prefix = cidr(start + place * step, length + 2)
            used = 3 + number % 40 if name == "aks-nodes" else 0
            parts.append(subnet(found, number, name, prefix, used))
            place += 4
    count = 5 + number % 4 - len(parts)
    for index in range(count):
        used = room - number % 5 if (number + index) % 31 == 0 else (number + index) % 6
        prefix = cidr(start + place * step, length + 4)
        parts.append(subnet(found, number, USES[index], prefix, used))
        gap = 1 + (number + index) % 2
        place = min(place + gap, 17 - count + index)  # the others still go in
    return replace(found, subnets=by_id(parts))


def peer(vnet, other, *, is_hub, state="Connected"):
    name = f"to-{other.name}"
    return Peering(
        f"{vnet.id}/virtualnetworkpeerings/{name}",
        name,
        other.id,
        state,
        "FullyInSync",
        other.prefixes,
        other.prefixes,
        forwarded_traffic=True,
        gateway_transit=is_hub,
        remote_gateways=not is_hub,
    )


def peered(hubs, spokes):
    """All VNets with their peerings; one spoke has lost its hub's side."""
    sides = {each.id: [] for each in (*hubs, *spokes)}
    for number, each in enumerate(spokes):
        middle = hubs[number % HUBS]
        lost = number == 7
        state = "Disconnected" if lost else "Connected"
        sides[each.id].append(peer(each, middle, is_hub=False, state=state))
        if not lost:
            sides[middle.id].append(peer(middle, each, is_hub=True))
    return [replace(each, peerings=by_id(sides[each.id])) for each in (*hubs, *spokes)]


def pool(index, number, model, nodes, pods):
    count = 2 + (number + index) % 5
    return NodePool(
        f"pool{index}",
        nodes=count * (3 if index else 1),
        current=count,
        max_pods=30 if model == "cni-node-subnet" else 110,
        mode="user" if index else "system",
        subnet=nodes,
        pod_subnet=pods if model in {"cni-dynamic", "cni-static-block"} else None,
    )


def cluster(number, within, *, pods=None, services=None):
    """A cluster in a spoke, its model by its number."""
    model = MODELS[number % len(MODELS)]
    name = f"aks-{number:03}"
    homes = [f"{within.id}/subnets/aks-{kind}" for kind in ("nodes", "pods")]
    place = number // len(MODELS) % len(POD_CIDRS)
    has_pods = model in {"cni-overlay", "kubenet"}
    services = Cidr.parse(services or f"172.{16 + number % 8}.0.0/16")
    kind = "microsoft.containerservice/managedclusters"
    return Cluster(
        name,
        tuple(pool(i, number, model, *homes) for i in range(1 + number % 3)),
        model,
        f"{home(number)}/providers/{kind}/{name}",
        pod_cidrs=(Cidr.parse(pods or POD_CIDRS[place]),) if has_pods else (),
        service_cidrs=(services,),
        dns_service_ip=str(Cidr(4, services.first + 10, 32)).partition("/")[0],
        location=within.location,
        kubernetes_version="1.33.2",
        node_resource_group=f"mc_rg_{name}",
        identity="SystemAssigned",
        network_plugin="kubenet" if model == "kubenet" else "azure",
        outbound_type="loadBalancer",
    )


def estate(vnets=1_000, clusters=150):
    """All of it as nouns: hubs, as many spokes as go in nine tenths, and the rest."""
    spokes = max(vnets * 9 // 10 - HUBS, 0)
    every = max(spokes // clusters, 1) if clusters else spokes + 1
    homes = [n for n in range(spokes) if n % every == 0][:clusters]
    taken = set(homes)
    joined = [spoke(n, clustered=n in taken) for n in range(spokes)]
    if spokes > 20:  # one spoke has the range of another one of its hub
        twin = joined[10].prefixes[0].first - (10 << 24)
        joined[10 + HUBS] = spoke(10 + HUBS, first=twin)
    hubs = [hub(number) for number in range(HUBS)]
    networks = peered(hubs, joined)
    alone = [lone(number) for number in range(vnets - len(networks))]
    found = [
        cluster(number, joined[n], **_CONFLICTS.get(number, {}))
        for number, n in enumerate(homes)
    ]
    return Inventory(vnets=by_id([*networks, *alone]), clusters=by_id(found))


_CONFLICTS = {
    5: {"pods": "10.0.0.0/14"},  # over its own VNet and others
    6: {"pods": "10.64.16.0/20"},  # over some VNet
    8: {"services": "192.0.2.0/24"},  # reserved
    10: {"services": "10.128.0.0/16"},  # over a hub's region
    11: {"pods": "172.0.0.0/12", "services": "172.5.0.0/16"},  # public, and over itself
}
"""Ranges that meet something, by the numbers of clusters."""


def lone(number):
    """A VNet that nothing joins: many have the range that the portal proposes."""
    space = Cidr(4, 10 << 24, 16) if number % 2 else cidr(200 << 16, 20)
    found = vnet(2_000 + number, f"vnet-alone-{number:03}", (space,))
    return _filled(
        found, number, space.first - (10 << 24), space.length, clustered=False
    )


def documents(vnets=1_000, clusters=150):
    """The same as az prints it: ``az network vnet list`` and ``az aks list``."""
    found = estate(vnets, clusters)
    return [shapes.az_vnets(found), shapes.az_clusters(found)]


def write(folder, vnets=1_000, clusters=150):
    """Write it for others to read; the paths of its files."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    networks, aks = documents(vnets, clusters)
    texts = {
        "vnets.json": json.dumps(networks, indent=1),
        "clusters.json": json.dumps(aks, indent=1),
        "on-premises.yaml": ON_PREMISES,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


if __name__ == "__main__":
    for path in write(sys.argv[1]):
        print(path)  # noqa: T201  # it is what one runs it for
