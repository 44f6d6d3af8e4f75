"""Twins: blue and green clusters, and networks that fail over to one another.

Either way everything is there twice. Pod CIDRs are the same on both sides; VNets and
subnets are not.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import IPV4
from ipplan.inventory.origins import name_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from ipplan.cidrs import Cidr
    from ipplan.layouts.plans import (
        ClusterPlan,
        NetworkPlan,
        ServicePlan,
        SubnetPlan,
    )

NODES = "nodes"
PODS = "pods"
API_SERVER = "api-server"
LOAD_BALANCERS = "load-balancers"
PRIVATE_LINKS = "private-links"
VIRTUAL_NODES = "virtual-nodes"
GATEWAY = "application-gateway"
GATEWAY_FOR_CONTAINERS = "application-gateway-for-containers"

PARTS = (
    NODES,
    PODS,
    API_SERVER,
    LOAD_BALANCERS,
    PRIVATE_LINKS,
    VIRTUAL_NODES,
    GATEWAY,
    GATEWAY_FOR_CONTAINERS,
)
"""What the subnets of a cluster are called after its name, where nothing names them."""

BLUE, GREEN = "blue", "green"


class Failover(NamedTuple):
    """The other network of a failover pair.

    Parameters
    ----------
    id, name, location : str
        Of the other network.
    hub : str or None
        Id of the network that it is a spoke of.
    prefixes : tuple of Cidr
        Its address space where that is fixed.
    pool : str or None
        The address pool to draw from.
    suffix : str
        What the names of its clusters end in.
    shared : bool
        Whether both carry load, so that each must have room for that of both.
    """

    id: str
    name: str
    location: str
    hub: str | None = None
    prefixes: tuple[Cidr, ...] = ()
    pool: str | None = None
    suffix: str = "dr"
    shared: bool = True


def own_subnet(cluster: str, part: str) -> str:
    """The name of a subnet of a cluster, where nothing names it.

    Examples
    --------
    >>> own_subnet("shop", NODES)
    'shop-nodes'
    """
    return f"{cluster}-{part}"


def blue_and_green(network: NetworkPlan, ids: Collection[str]) -> NetworkPlan:
    """A network in which some clusters are there twice, blue and green.

    Parameters
    ----------
    network : NetworkPlan
        As it was asked for.
    ids : collection of str
        Ids of the clusters that have a twin.

    Returns
    -------
    NetworkPlan
        Subnets that were called after a cluster are called after its twins; of others
        the green one has ``-green`` after its name.
    """
    if not ids:
        return network
    clusters = [
        twin
        for each in network.clusters
        for twin in (_pair(each, network.id) if each.cluster.id in ids else (each,))
    ]
    names = [*network.names.values()]
    names += [f"{each}-{GREEN}" for each in names]
    return replace(network, clusters=tuple(clusters), names=_spellings(names, clusters))


def _spellings(names: Iterable[str], clusters: Iterable[ClusterPlan]) -> dict[str, str]:
    """Names of subnets by themselves in lower case; more than there are do no harm."""
    own = (own_subnet(each.cluster.name, part) for each in clusters for part in PARTS)
    return {name.lower(): name for name in (*names, *own)}


def _pair(plan: ClusterPlan, home: str) -> Iterator[ClusterPlan]:
    """The blue cluster and the green one."""
    name = plan.cluster.name
    blue = _Naming(name, f"{name}-{BLUE}", home).plan(plan)
    yield blue
    yield _Naming(name, f"{name}-{GREEN}", home, f"-{GREEN}").twin(plan, blue)


def failover_pair(
    network: NetworkPlan, other: Failover
) -> tuple[NetworkPlan, NetworkPlan]:
    """A network, and the one in which everything of it stands again.

    Parameters
    ----------
    network : NetworkPlan
        As it was asked for.
    other : Failover
        The other one.

    Returns
    -------
    tuple of NetworkPlan
        The second has the same subnets, of the same sizes and never in the same ranges.
    """
    load = 2 if other.shared else 1
    clusters = tuple(replace(each, shared_load=load) for each in network.clusters)
    others = tuple(_elsewhere(each, other) for each in clusters)
    second = replace(
        network,
        id=other.id,
        name=other.name,
        location=other.location,
        hub=other.hub,
        prefixes=other.prefixes,
        pool=other.pool,
        subnets=tuple(_sized(each, network.pinned) for each in network.subnets),
        clusters=others,
        pinned={},
        twin=network.id,
        names=_spellings(network.names.values(), others),
    )
    return replace(network, clusters=clusters), second


def _elsewhere(plan: ClusterPlan, other: Failover) -> ClusterPlan:
    """A cluster's twin in the other network."""
    name = plan.cluster.name
    naming = _Naming(name, f"{name}-{other.suffix}", other.id)
    second = naming.twin(plan, plan)
    cluster = replace(second.cluster, location=other.location)
    return replace(second, cluster=cluster)


def _sized(subnet: SubnetPlan, pinned: Mapping[str, tuple[Cidr, ...]]) -> SubnetPlan:
    """A subnet that no pin gives its size."""
    if subnet.length is not None or subnet.hosts is not None:
        return subnet
    ranges = pinned.get(subnet.name.lower(), ())
    lengths = [each.length for each in ranges if each.version == IPV4]
    return replace(subnet, length=min(lengths, default=None))


class _Naming(NamedTuple):
    """How a cluster is called anew.

    Parameters
    ----------
    old, new : str
        Its name as it was and as it will be.
    home : str
        Id of the network that it will be in.
    ending : str
        What is put after the names of subnets that are not called after it.
    """

    old: str
    new: str
    home: str
    ending: str = ""

    def plan(self, plan: ClusterPlan) -> ClusterPlan:
        """The plan of a cluster under its new name."""
        cluster = plan.cluster
        pools = tuple(
            replace(
                pool, subnet=self.id(pool.subnet), pod_subnet=self.id(pool.pod_subnet)
            )
            for pool in cluster.pools
        )
        parent = cluster.id.rpartition("/")[0]
        renamed = replace(
            cluster,
            name=self.new,
            id=f"{parent}/{self.new}".lower(),
            pools=pools,
            api_server_subnet=self.id(cluster.api_server_subnet),
        )
        services = (self.service(each, renamed.id) for each in plan.services)
        return replace(plan, cluster=renamed, services=tuple(services))

    def twin(self, plan: ClusterPlan, first: ClusterPlan) -> ClusterPlan:
        """The plan of the second of two, which shares no resource with the first."""
        second = self.plan(plan)
        group = plan.cluster.node_resource_group
        ending = self.new.removeprefix(self.old).lower()
        cluster = replace(
            second.cluster,
            node_resource_group=group and f"{group}{ending}",
            egress_prefixes=(),
        )
        return replace(second, cluster=cluster, twin=first.cluster.id)

    def service(self, service: ServicePlan, cluster: str) -> ServicePlan:
        """A service of a cluster in its new subnet."""
        name = service.name and self.subnet(service.name)
        return replace(service, name=name, cluster=cluster)

    def id(self, subnet: str | None) -> str | None:
        """The id of a subnet under its new name."""
        return subnet and f"{self.home}/subnets/{self.subnet(name_of(subnet)).lower()}"

    def subnet(self, name: str) -> str:
        """The new name of a subnet."""
        called = {own_subnet(self.old, part).lower(): part for part in PARTS}
        part = called.get(name.lower())
        return own_subnet(self.new, part) if part else f"{name}{self.ending}"
