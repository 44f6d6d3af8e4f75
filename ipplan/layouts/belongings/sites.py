"""Sites: what is looked up of a layout while its nouns are made."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from ipplan.limits import RESOURCE_NAME
from ipplan.models import MODELS, Home

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.networks import Subnet, VNet
    from ipplan.inventory.origins import Origin
    from ipplan.layouts.plans import LayoutPlan, NetworkPlan
    from ipplan.layouts.results import PlacedCluster, PlacedNetwork, PlacedSubnet

DIGEST = 8
"""Hexadecimal digits that set names apart. [characters]"""


INGRESS_GATEWAYS = frozenset(
    {"application-gateway", "application-gateway-for-containers"}
)
"""Kinds of services through which requests come to the pods of a cluster."""


class Named(NamedTuple):
    """A resource that a layout makes, before its name is known to be its alone.

    Parameters
    ----------
    key : str
        Id of the subnet or cluster that it is made for.
    home : str
        Id of its resource group and provider.
    name : str
        As it is called, where nothing else is.
    """

    key: str
    home: str
    name: str


def home_of(network: str) -> str:
    """The resource group and provider of a VNet's id: what is made for it goes there.

    >>> home_of("/subscriptions/s/resourcegroups/g/providers/p/virtualnetworks/hub")
    '/subscriptions/s/resourcegroups/g/providers/p'
    """
    return network.rpartition("/virtualnetworks/")[0]


def own_names(wanted: Iterable[Named]) -> dict[str, str]:
    """Names by what they are for, none of them twice in one place and none too long.

    >>> own_names([Named("a", "/g", "x"), Named("b", "/h", "x")])
    {'a': 'x', 'b': 'x'}
    >>> own_names([Named("a", "/g", "x"), Named("b", "/g", "X")])
    {'a': 'x-ca978112', 'b': 'X-3e23e816'}
    """
    every = list(wanted)
    counts = Counter((each.home, each.name.lower()) for each in every)
    return {
        each.key: each.name
        if counts[each.home, each.name.lower()] == 1
        and len(each.name) <= RESOURCE_NAME.value
        else _set_apart(each)
        for each in every
    }


def _set_apart(each: Named) -> str:
    digest = sha256(each.key.encode()).hexdigest()[:DIGEST]
    return f"{each.name[: RESOURCE_NAME.value - DIGEST - 1]}-{digest}"


class Site:
    """A layout as its nouns are made of it.

    Parameters
    ----------
    plan : LayoutPlan
        What was asked for.
    networks, subnets, clusters : tuple
        Where everything stands.
    """

    def __init__(
        self,
        plan: LayoutPlan,
        networks: tuple[PlacedNetwork, ...],
        subnets: tuple[PlacedSubnet, ...],
        clusters: tuple[PlacedCluster, ...],
    ) -> None:
        self.plan = plan
        self.networks = sorted(networks, key=lambda each: each.plan.id)
        self.subnets = sorted(subnets, key=lambda each: each.want.id)
        self.clusters = sorted(clusters, key=lambda each: each.plan.cluster.id)
        self.inventory = plan.inventory

    @cached_property
    def network_by_id(self) -> dict[str, NetworkPlan]:
        """What was asked of each network of the plan."""
        return {key: each.plan for key, each in self._placed_networks.items()}

    @cached_property
    def _placed_networks(self) -> dict[str, PlacedNetwork]:
        return {each.plan.id: each for each in self.networks}

    @cached_property
    def cluster_by_id(self) -> dict[str, PlacedCluster]:
        """The plan's clusters."""
        return {each.plan.cluster.id: each for each in self.clusters}

    @cached_property
    def ids(self) -> frozenset[str]:
        """Ids of what exists and could be made again."""
        found = self.inventory
        return frozenset(
            [
                *(each.id for each in found.security_groups),
                *(each.id for each in found.route_tables),
                *(each.id for each in found.outlets),
            ]
        )

    def vnet(self, network: str) -> VNet | None:
        """A VNet as it exists; None for one that is only planned."""
        found = self.inventory.vnet_by_id.get(network)
        placed = self._placed_networks.get(network)
        if placed is None or placed.whence == "existing":
            return found
        if found is None or placed.whence != "pinned":
            return None
        draft = found.origin.proposed and found.origin.file == placed.plan.origin.file
        return None if draft else found

    def existing(self, subnet: str) -> Subnet | None:
        """A subnet as it exists: what a layout makes nothing for."""
        return self.inventory.subnet_by_id.get(subnet)

    @cached_property
    def new_subnets(self) -> tuple[PlacedSubnet, ...]:
        """Those that do not exist."""
        return tuple(each for each in self.subnets if not self.existing(each.want.id))

    @cached_property
    def _placed(self) -> dict[str, tuple[Cidr, ...]]:
        return {each.want.id: each.prefixes for each in self.subnets}

    def ranges(self, subnets: Iterable[str]) -> tuple[Cidr, ...]:
        """The ranges of some subnets, by their ids: placed, or as they exist."""
        known = self.inventory.subnet_by_id
        found: dict[Cidr, None] = {}
        for each in subnets:
            there = known[each].prefixes if each in known else ()
            found |= dict.fromkeys(self._placed.get(each) or there)
        return tuple(found)

    @cached_property
    def origins(self) -> dict[str, Origin]:
        """Where the plan names a subnet, by its id."""
        found: dict[str, Origin] = {}
        for network, *_ in self.networks:
            for subnet in network.subnets:
                found[network.subnet_id(subnet.name)] = subnet.origin
            for each in network.services:
                if each.name:
                    found[network.subnet_id(each.name)] = each.origin
        return found

    @cached_property
    def _remotes(self) -> dict[str, tuple[str, ...]]:
        """Networks that a VNet is peered with."""
        sides = ((e.vnet, e.remote) for e in self.inventory.peerings if e.remote)
        found: dict[str, list[str]] = defaultdict(list)
        for vnet, remote in sides:
            found[vnet].append(remote)
        return {vnet: tuple(remotes) for vnet, remotes in found.items()}

    def around(self, network: str) -> tuple[str, ...]:
        """A network, then its hub, then whatever else it is peered with."""
        asked = self.network_by_id.get(network)
        hub = (asked.hub,) if asked and asked.hub else ()
        return tuple(dict.fromkeys([network, *hub, *self._remotes.get(network, ())]))

    @cached_property
    def gateways(self) -> dict[str, tuple[str, ...]]:
        """Subnets of the Application Gateways of clusters, by the ids of these."""
        return self._by_cluster(INGRESS_GATEWAYS)

    @cached_property
    def virtual_nodes(self) -> dict[str, tuple[str, ...]]:
        """Subnets of the virtual nodes of clusters, by the ids of these."""
        return self._by_cluster({"virtual-nodes"})

    def _by_cluster(self, purposes: AbstractSet[str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for each in self.subnets:
            if each.want.purpose in purposes:
                for cluster in each.want.clusters:
                    found[cluster].append(each.want.id)
        return {cluster: tuple(subnets) for cluster, subnets in found.items()}

    @cached_property
    def together(self) -> tuple[tuple[PlacedCluster, ...], ...]:
        """The plan's clusters, those in one that share a subnet of nodes or pods."""
        groups: dict[str, list[PlacedCluster]] = {}
        for each in self.clusters:
            subnets = list(homes(each.plan.cluster))
            met = {id(groups[e]): groups[e] for e in subnets if e in groups}
            joined = [*(one for group in met.values() for one in group), each]
            used = (e for one in joined for e in homes(one.plan.cluster))
            groups |= dict.fromkeys(used, joined)
        apart = {id(group): group for group in groups.values()}
        return tuple(tuple(group) for group in apart.values())


def homes(cluster: Cluster) -> Iterator[str]:
    """Ids of the subnets in which nodes or pods of a cluster live."""
    for pool in cluster.pools:
        yield from filter(None, (pool.subnet, pool.pod_subnet))


def node_homes(cluster: Cluster) -> list[str]:
    """Ids of the subnets of a cluster's nodes."""
    return list(dict.fromkeys(pool.subnet for pool in cluster.pools if pool.subnet))


def pod_homes(cluster: Cluster) -> list[str]:
    """Ids of the subnets that are of a cluster's pods alone."""
    named = (pool.pod_subnet for pool in cluster.pools if pool.pod_subnet)
    return list(dict.fromkeys(named))


def has_pod_cidr(cluster: Cluster) -> bool:
    """Whether the pods of a cluster live in a pod CIDR."""
    model = MODELS.get(cluster.model or "")
    return model is not None and model.home is Home.POD_CIDR


def writes_routes(cluster: Cluster) -> bool:
    """Whether a cluster needs a route table for itself, for a route to each node."""
    model = MODELS.get(cluster.model or "")
    return model is not None and model.route_limit is not None
