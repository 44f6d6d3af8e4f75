"""Slow and obvious: what a model takes, from Microsoft's sentences, one by one.

Nothing here is taken from the package: plain ints, a branch a model, loops that look
for the answer instead of computing it.
"""

from dataclasses import dataclass
from fractions import Fraction
from ipaddress import collapse_addresses, ip_network
from itertools import combinations
from math import ceil

RESERVED = 5
MODELS = (
    "cni-overlay",
    "kubenet",
    "cni-node-subnet",
    "cni-static-block",
    "cni-dynamic",
)
DEFAULTS = {
    "cni-overlay": 250,
    "kubenet": 110,
    "cni-node-subnet": 30,
    "cni-static-block": 250,
    "cni-dynamic": 250,
}
"""Pods a node where none are stated: overlay page, planning page, decision 5."""


def surge(nodes, text):
    """'33%' of the pool rounded up, or a count, and never more than the pool."""
    if text.endswith("%"):
        extra = ceil(Fraction(nodes * int(text[:-1]), 100))
    else:
        extra = int(text)
    return min(extra, nodes)


def steady(peak, text):
    """The most nodes that are no more than the peak with their surge: one by one."""
    nodes = 0
    while nodes + 1 + surge(nodes + 1, text) <= peak:
        nodes += 1
    return nodes


def batches(pods):
    """Dynamic: 16 when the node starts, 16 more whenever fewer than 8 are free."""
    held = 16
    while held - pods < 8:
        held += 16
    return held


def blocks(pods):
    """Static: whole /28s, one address of them kept by the node."""
    count = 1
    while 16 * count - 1 < pods:
        count += 1
    return count


def node_takes(model, max_pods):
    """Addresses of the node subnet that a node takes."""
    return 1 + max_pods if model == "cni-node-subnet" else 1


def pods_take(model, max_pods, running):
    """Addresses of the pods' own range that a node takes."""
    if model == "cni-node-subnet":
        return 0
    if model in {"cni-overlay", "kubenet"}:
        return 256
    if model == "cni-static-block":
        return 16 * blocks(max_pods)
    return batches(running)


def subnet_for(need):
    """The smallest subnet of Azure, /29 to /2, that has room besides the five."""
    for length in range(29, 1, -1):
        if 2 ** (32 - length) - RESERVED >= need:
            return length
    return None


def pod_cidr_for(need):
    """The smallest pod CIDR, /24 to /8; nothing in it is reserved."""
    for length in range(24, 7, -1):
        if 2 ** (32 - length) >= need:
            return length
    return None


def block_subnet_for(need):
    """The smallest pod subnet, down to /12, whose inner /28s are enough."""
    for length in range(29, 11, -1):
        if 16 * (2 ** (32 - length) // 16 - 2) >= need:
            return length
    return None


def pod_range_for(model, need):
    if model == "cni-node-subnet":
        return None
    if model in {"cni-overlay", "kubenet"}:
        return pod_cidr_for(need)
    if model == "cni-static-block":
        return block_subnet_for(need)
    return subnet_for(need)


def whole_blocks(length):
    """Aligned /28s of a subnet that hold none of Azure's five reserved addresses."""
    if length > 28:
        return 0
    subnet = ip_network((10 << 24, length))
    first = int(subnet.network_address)
    reserved = {first, first + 1, first + 2, first + 3, int(subnet.broadcast_address)}
    return sum(
        not reserved & set(range(int(part.network_address), int(part[-1]) + 1))
        for part in subnet.subnets(new_prefix=28)
    )


def range_holds(model, length):
    """Addresses for pods in a range of their own."""
    if model in {"cni-overlay", "kubenet"}:
        return 2 ** (32 - length)
    if model == "cni-static-block":
        return max(16 * (2 ** (32 - length) // 16 - 2), 0)
    return 2 ** (32 - length) - RESERVED


@dataclass
class Golden:
    """What one total of nodes takes under one model."""

    nodes: int
    surge: int
    peak: int
    node_addresses: int
    pod_addresses: int
    node_length: int | None
    pod_length: int | None
    vnet_addresses: int
    feasible: bool


def size(model, nodes, max_pods, text="10%", running=None, host=0, extra=0):  # noqa: PLR0913, PLR0917  # as many as a cluster has
    extra_nodes = surge(nodes, text)
    peak = nodes + extra_nodes
    running = max_pods - host if running is None else running
    running = max(min(running, max_pods - host), 0)
    node_addresses = peak * node_takes(model, max_pods) + extra
    pod_addresses = peak * pods_take(model, max_pods, running)
    node_length = subnet_for(node_addresses)
    pod_length = pod_range_for(model, pod_addresses)
    vnet = node_addresses
    if model in {"cni-static-block", "cni-dynamic"}:
        vnet += pod_addresses
    return Golden(
        nodes,
        extra_nodes,
        peak,
        node_addresses,
        pod_addresses,
        node_length,
        pod_length,
        vnet,
        bool(
            runs(model, nodes, peak, max_pods, vnet)
            and node_length
            and (pod_length or model == "cni-node-subnet")
        ),
    )


def runs(model, nodes, peak, max_pods, vnet):
    """Whether no ceiling of AKS or of a VNet is passed."""
    if model == "kubenet" and peak > 400:
        return False
    if model in {"cni-node-subnet", "cni-dynamic"} and vnet > 65_536:
        return False
    return peak <= 5000 and nodes * max_pods >= 30


def grows_to(model, nodes, max_pods, text, running=None, host=0, extra=0):  # noqa: PLR0913, PLR0917  # as many as a cluster has
    """Add a node until one of the chosen ranges, or a ceiling, is passed."""
    start = size(model, nodes, max_pods, text, running, host, extra)
    best = 0
    while best <= 5000:
        one = size(model, best + 1, max_pods, text, running, host, extra)
        if not _in_ranges(model, one, start.node_length, start.pod_length):
            break
        if not _under_ceilings(model, one):
            break
        best += 1
    return best


def _in_ranges(model, one, node_length, pod_length):
    if node_length and one.node_addresses > 2 ** (32 - node_length) - RESERVED:
        return False
    return not (pod_length and one.pod_addresses > range_holds(model, pod_length))


def _under_ceilings(model, one):
    return runs(model, 1, one.peak, 30, one.vnet_addresses)


def fit(model, max_pods, text, node_length=None, pod_length=None, in_use=0):  # noqa: PLR0913, PLR0917  # as many as a cluster has
    """Grow node by node: the most that can be upgraded, and the most at once."""
    upgradable = at_once = 0
    while at_once <= 5000:
        one = size(model, at_once + 1, max_pods, "0", extra=in_use)
        if not _in_ranges(model, one, node_length, pod_length):
            break
        if not _under_ceilings(model, one):
            break
        at_once += 1
    while upgradable + 1 + surge(upgradable + 1, text) <= at_once:
        upgradable += 1
    return (upgradable if upgradable * max_pods >= 30 else 0), at_once


# Overlaps, from the sentences of decisions.md 11 to 13: double loops over everything.
# An inventory gives the data; how networks reach one another is worked out here again.


def ends(cidr):
    """First and last address."""
    return cidr.first, cidr.first + 2 ** (
        (32 if cidr.version == 4 else 128) - cidr.length
    ) - 1


def meet(one, two):
    """Whether two ranges of one family have an address in common."""
    if one.version != two.version:
        return False
    (a, b), (c, d) = ends(one), ends(two)
    return a <= d and c <= b


def inside(one, two):
    """Whether a range lies in another one, or is the same."""
    (a, b), (c, d) = ends(one), ends(two)
    return one.version == two.version and c <= a and b <= d


class Networks:
    """What an inventory says of VNets and of how they reach one another."""

    def __init__(self, inventory):
        self.inventory = inventory
        self.seen = {vnet.id: vnet for vnet in inventory.vnets}
        self.side = {
            (vnet.id, each.remote): each
            for vnet in inventory.vnets
            for each in vnet.peerings
        }
        self.space = {vnet.id: list(vnet.prefixes) for vnet in inventory.vnets}
        for (_, remote), side in self.side.items():
            if remote not in self.seen and side.remote_prefixes:
                known = self.space.setdefault(remote, [])
                known += [e for e in side.remote_prefixes if e not in known]

    def subnets(self, vnet):
        return self.seen[vnet].subnets if vnet in self.seen else ()

    def sides(self, one, two):
        pairs = [(one, two), (two, one)]
        return [self.side[pair] for pair in pairs if pair in self.side]

    def is_whole(self, one, two):
        return all(side.complete for side in self.sides(one, two))

    def is_ipv6(self, one, two):
        return any(side.ipv6_only for side in self.sides(one, two))

    def flows(self, one, two):
        sides = self.sides(one, two)
        return bool(sides) and all(
            side.virtual_network_access and side.state in {None, "Connected"}
            for side in sides
        )

    def uses_gateway(self, spoke, hub):
        own, other = self.side.get((spoke, hub)), self.side.get((hub, spoke))
        asks = own.remote_gateways if own else True
        lends = other.gateway_transit if other else True
        return asks and lends

    def passes(self, spoke, hub):
        """Whether a spoke reaches beyond its hub: its own side says so, if read."""
        if not self.flows(spoke, hub) or self.is_ipv6(spoke, hub):
            return False
        own, other = self.side.get((spoke, hub)), self.side.get((hub, spoke))
        return (own or other).forwarded_traffic or self.uses_gateway(spoke, hub)

    def reaches_out(self, vnet, external):
        """Whether a VNet reaches a network elsewhere, itself or by a peer's gateway."""
        if external.attached is None or vnet in external.attached:
            return True
        return any(
            self.flows(vnet, end) and self.uses_gateway(vnet, end)
            for end in external.attached
        )

    def part(self, vnet, other):
        """What takes part of a VNet in its peering with another: range and subnet."""
        if vnet not in self.space:
            return []
        found = [(cidr, None) for cidr in self.space[vnet]]
        if not self.is_whole(vnet, other):
            own, back = self.side.get((vnet, other)), self.side.get((other, vnet))
            names = {*(own.local_subnets if own else ())}
            names |= {*(back.remote_subnets if back else ())}
            found = [
                (cidr, each)
                for each in self.subnets(vnet)
                if each.name in names
                for cidr in each.prefixes
            ]
            if not found and back:
                found = [(cidr, None) for cidr in back.remote_prefixes]
        only = self.is_ipv6(vnet, other)
        return [each for each in found if not only or each[0].version == 6]

    def everything(self, vnet):
        found = [(cidr, None) for cidr in self.space.get(vnet, ())]
        return found + [(c, each) for each in self.subnets(vnet) for c in each.prefixes]

    def through(self, vnet, middle):
        """What is reached of a VNet by its peering with what is in the middle."""
        if not self.is_whole(vnet, middle):
            return self.part(vnet, middle)
        only = self.is_ipv6(vnet, middle)
        return [e for e in self.everything(vnet) if not only or e[0].version == 6]

    def takes_part(self, cluster, home, other):
        """Whether a cluster's subnet is among those that its VNet's peering joins."""
        if self.is_whole(home, other):
            return True
        own = [
            c
            for e in self.subnets(home)
            if e.id in {*cluster.subnets}
            for c in e.prefixes
        ]
        return not own or any(
            meet(p, c) for p, _ in self.part(home, other) for c in own
        )

    def reached(self, cluster, home, vnet):
        """All that a cluster reaches of another VNet, whichever way."""
        if self.flows(home, vnet) and self.takes_part(cluster, home, vnet):
            yield from self.through(vnet, home)
        for hub in {remote for pair in self.side for remote in pair}:
            if (
                hub not in {home, vnet}
                and self.passes(home, hub)
                and self.passes(vnet, hub)
                and self.takes_part(cluster, home, hub)
            ):
                yield from self.through(vnet, hub)
        for group in self.inventory.groups:
            if {home, vnet} <= {*group.members}:
                yield from self.everything(vnet)
        for external in self.inventory.external_ranges:
            ends = [self.reaches_out(each, external) for each in (home, vnet)]
            if external.attached is not None and all(ends):
                yield from self.everything(vnet)


KEPT = ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24")
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
MULTICAST = ("224.0.0.0/4", "ff00::/8")


def overlaps(inventory, parse):
    """Every overlap that matters: its rule, its severity, and whose ranges meet."""
    networks = Networks(inventory)
    found = {*_vnets(networks), *_premises(networks), *_clusters(networks)}
    for cluster in inventory.clusters:
        pods = cluster.pod_cidrs if cluster.model in {"cni-overlay", "kubenet"} else ()
        for what, cidrs in (("pod", pods), ("service", cluster.service_cidrs)):
            for cidr in cidrs:
                found |= {*_own(networks, cluster, what, cidr)}
                found |= {*_elsewhere(networks, cluster, what, cidr)}
                found |= {*_by_itself(networks, cluster, what, cidr, parse)}
        for pod in pods:
            for service in cluster.service_cidrs:
                if meet(pod, service):
                    ours = frozenset({(cluster.id, pod), (cluster.id, service)})
                    found.add(("pod-cidr-meets-service-cidr", "error", ours))
    return found


def _vnets(networks):
    """Peered VNets, two spokes of one hub, and members of a connected group."""
    for one, two in combinations(sorted({*networks.space}), 2):
        if networks.sides(one, two):
            parts = networks.part(one, two), networks.part(two, one)
            for ours in _shared(one, two, *parts):
                yield ("peered-vnets-overlap", "error", ours)
        else:
            yield from _beyond_hubs(networks, one, two)
            yield from _in_groups(networks, one, two)


def _shared(one, two, ours, theirs):
    """Whose ranges meet, of the parts of two VNets."""
    for a, of_one in ours:
        for b, of_two in theirs:
            if meet(a, b):
                ids = (of_one.id if of_one else one, of_two.id if of_two else two)
                yield frozenset({(ids[0], a), (ids[1], b)})


def _beyond_hubs(networks, one, two):
    for hub in sorted({end for pair in networks.side for end in pair} - {one, two}):
        if networks.sides(one, hub) and networks.sides(two, hub):
            middle = {(hub, None)} if hub in networks.space else set()
            parts = networks.part(one, hub), networks.part(two, hub)
            for ours in _shared(one, two, *parts):
                yield ("vnet-second-hop-overlap", "error", ours | middle)


def _in_groups(networks, one, two):
    for group in networks.inventory.groups:
        told = {
            "network-manager": ("connected-group-overlap", "note"),
            "virtual-wan": ("vnet-second-hop-overlap", "error"),
        }.get(group.kind)
        if told and {one, two} <= {*group.members}:
            parts = [[(c, None) for c in networks.space[each]] for each in (one, two)]
            for ours in _shared(one, two, *parts):
                yield (*told, ours | {(group.name, None)})


def _clusters(networks):
    """Clusters that share routes to their pods, or are in one pod mesh."""
    inventory = networks.inventory
    places = {}
    for cluster in inventory.clusters:
        for identity in cluster.subnets if cluster.model == "kubenet" else ():
            table = [
                e.route_table
                for v in inventory.vnets
                for e in v.subnets
                if e.id == identity
            ]
            for place in {identity, *table} - {None}:
                places.setdefault(place, []).append(cluster)
    for clusters in places.values():
        clash = _clash([(each, c, None) for each in clusters for c in each.pod_cidrs])
        if clash:
            yield ("pod-cidr-shared", "error", clash)
    for group in inventory.groups:
        members = [each for each in inventory.clusters if each.id in group.members]
        clash = _clash([(e, *place) for e in members for place in _live(networks, e)])
        if clash:
            yield ("pod-mesh-overlap", "error", clash)
        for each in members:
            if each.model in {"cni-overlay", "kubenet"}:
                first = next((c for c in each.pod_cidrs if c.version == 4), None)
                yield ("overlay-in-pod-mesh", "error", frozenset({(each.id, first)}))


def _live(networks, cluster):
    """Ranges that pods of a cluster live in, each with its subnet."""
    if cluster.model in {"cni-overlay", "kubenet"}:
        return [(cidr, None) for cidr in cluster.pod_cidrs]
    pods = [each.pod_subnet or each.subnet for each in cluster.pools]
    subnets = [each for vnet in networks.seen for each in networks.subnets(vnet)]
    return [(c, each.id) for each in subnets if each.id in pods for c in each.prefixes]


def _clash(pods):
    """Pods with addresses of another cluster's, subnets that they share left out."""
    return frozenset(
        (one.id, a)
        for one, a, here in pods
        for two, b, there in pods
        if one.id != two.id and meet(a, b) and (here is None or here != there)
    )


def _homes(cluster):
    return sorted({each.rpartition("/subnets/")[0] for each in cluster.subnets})


def _own(networks, cluster, what, cidr):
    """A subnet of its own VNet is an error; else its own address space a warning."""
    hit, space = set(), set()
    for home in _homes(cluster):
        here = [(c, s) for c, s in networks.everything(home) if meet(c, cidr)]
        subnets = {(s.id, c) for c, s in here if s}
        hit |= subnets
        if not subnets:
            space |= {(home, c) for c, _ in here}
    if hit:
        yield (
            f"{what}-cidr-meets-subnet",
            "error",
            frozenset(hit | {(cluster.id, cidr)}),
        )
    if space:
        yield (
            f"{what}-cidr-in-vnet",
            "warning",
            frozenset(space | {(cluster.id, cidr)}),
        )


def _elsewhere(networks, cluster, what, cidr):
    """A subnet that is reached, address space where none is, and what was not read."""
    hit, empty, unread = set(), set(), set()
    for vnet in {*networks.space} - {*_homes(cluster)}:
        here = [
            (c, s)
            for home in _homes(cluster)
            for c, s in networks.reached(cluster, home, vnet)
            if meet(c, cidr)
        ]
        subnets = {(s.id, c) for c, s in here if s}
        hit |= subnets
        if not subnets:
            (empty if vnet in networks.seen else unread).update(
                (vnet, c) for c, _ in here
            )
    severity = "error" if what == "pod" else "warning"
    for met, how in ((hit, severity), (empty, "warning"), (unread, "warning")):
        if met:
            ours = frozenset(met | {(cluster.id, cidr)})
            yield (f"{what}-cidr-meets-reachable-network", how, ours)


def _is_aggregate(networks, cluster, what, cidr, outer):
    """Larger than the range, and shorter than the prefixes of the cluster's VNet."""
    if not inside(cidr, outer) or cidr == outer:
        return False
    if what == "service" and str(cidr) == "10.0.0.0/16":
        return True
    lengths = [
        each.length
        for home in _homes(cluster)
        for each in networks.space.get(home, ())
        if each.version == outer.version
    ]
    return all(outer.length < length for length in lengths)


def _premises(networks):
    """Networks elsewhere against VNets and clusters; an aggregate is one note."""
    for external in networks.inventory.external_ranges:
        covering = set()
        for vnet, space in networks.space.items():
            for own in space if networks.reaches_out(vnet, external) else ():
                met = {each for each in external.prefixes if inside(each, own)}
                covering |= {e for e in external.prefixes if meet(e, own)} - met
                if met:
                    ours = {(external.name, each) for each in met} | {(vnet, own)}
                    yield ("vnet-meets-on-premises", "warning", frozenset(ours))
        for cluster in networks.inventory.clusters:
            homes = _homes(cluster)
            if any(networks.reaches_out(home, external) for home in homes) or (
                not homes and external.attached is None
            ):
                ours, larger = _cut_off(networks, cluster, external)
                yield from ours
                covering |= larger
        for cidr in covering:
            ours = frozenset({(external.name, cidr)})
            yield ("on-premises-aggregate", "note", ours)


def _cut_off(networks, cluster, external):
    """What a cluster can't reach of a network elsewhere, and what is an aggregate."""
    pods = cluster.pod_cidrs if cluster.model in {"cni-overlay", "kubenet"} else ()
    kinds = [("pod", each) for each in pods]
    kinds += [("service", each) for each in cluster.service_cidrs]
    found, covering = [], set()
    for what, cidr in kinds:
        met = {each for each in external.prefixes if meet(each, cidr)}
        larger = {
            each for each in met if _is_aggregate(networks, cluster, what, cidr, each)
        }
        covering |= larger
        held = {e for e in met - larger if what == "pod" and inside(e, cidr)}
        held = held if external.holds else set()
        for part, severity in ((held, "error"), (met - larger - held, "warning")):
            if part:
                ours = {(external.name, each) for each in part} | {(cluster.id, cidr)}
                name = f"{what}-cidr-meets-on-premises"
                found.append((name, severity, frozenset(ours)))
    return found, covering


def _by_itself(networks, cluster, what, cidr, parse):
    """Ranges that are reserved, public, multicast or too large."""
    proposed = cluster.origin.evidence == "proposed"
    ours = frozenset({(cluster.id, cidr)})
    kept = [each for each in map(parse, KEPT) if meet(each, cidr)]
    within = any(inside(cidr, each) for each in kept)
    owned = any(inside(cidr, each) for each in networks.inventory.owned)
    multicast = any(meet(cidr, each) for each in map(parse, MULTICAST))
    public = not multicast and not any(
        inside(cidr, parse(e)) for e in (*PRIVATE, *KEPT)
    )
    if kept:
        tolerated = what == "pod" and not proposed and not within
        yield (f"{what}-cidr-reserved", "warning" if tolerated else "error", ours)
    if what == "pod" and public and not owned:
        yield ("pod-cidr-public", "warning", ours)
    if what == "service" and (multicast or (public and (proposed or not owned))):
        yield ("service-cidr-public", "error" if proposed else "warning", ours)
    if what == "service" and cidr.length <= (12 if cidr.version == 4 else 107):
        yield ("service-cidr-too-large", "error", ours)


def order(networks, row):
    """Where a network stands: version, address, larger ones first, row."""
    one = networks[row]
    return one.version, int(one.network_address), one.prefixlen, row


def pairs(networks):
    """Every two networks of ipaddress that overlap, outer and inner, in order."""
    found = [
        sorted((one, two), key=lambda row: order(networks, row))
        for two in range(len(networks))
        for one in range(two)
        if networks[one].version == networks[two].version
        and networks[one].overlaps(networks[two])
    ]
    return sorted(found, key=lambda pair: [order(networks, row) for row in pair])


def linked(networks, owners, links):
    """Those of them whose two owners are linked."""
    joined = [{one, two} for one, two in links if one != two]
    return [pair for pair in pairs(networks) if {owners[row] for row in pair} in joined]


def longest(network, among):
    """The row of the longest prefix that covers a network; the last of equal ones."""
    covering = [
        (other.prefixlen, row)
        for row, other in enumerate(among)
        if other.version == network.version and network.subnet_of(other)
    ]
    return max(covering)[1] if covering else -1


def merged(networks):
    """The fewest networks that cover the same addresses, as ipaddress finds them."""
    four = [each for each in networks if each.version == 4]
    six = [each for each in networks if each.version == 6]
    return [*collapse_addresses(four), *collapse_addresses(six)]


def free(within, taken):
    """Cut what is taken out of every network, one after another."""
    left = list(within)
    for each in taken:
        left = [part for block in left for part in _without(block, each)]
    return merged(left)


def _without(block, taken):
    if block.version != taken.version or not block.overlaps(taken):
        return [block]
    return [] if block.subnet_of(taken) else block.address_exclude(taken)
