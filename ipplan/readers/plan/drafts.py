"""From the networks of a plan to what is asked for, under ids that are drafted.

A network or cluster that does not exist has such an id as everything has that ipplan's
YAML declares; whether it exists is for :mod:`ipplan.readers.layouts` to find out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ipplan.inventory.origins import resource_group_of
from ipplan.layouts import twins
from ipplan.layouts.plans import (
    ClusterPlan,
    EndpointPlan,
    NetworkPlan,
    ServicePlan,
    SubnetPlan,
)
from ipplan.models import MODELS, Home
from ipplan.readers.networks import unique
from ipplan.readers.payloads import distinct
from ipplan.readers.plan.clusters import POLICY
from ipplan.readers.plan.nouns import Nouns, name_in
from ipplan.readers.readings import VNET
from ipplan.readers.spellings import id_of, said_group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.origins import Origin
    from ipplan.readers.plan.networks import (
        FailoverEntry,
        IngressEntry,
        LayoutFile,
        NetworkEntry,
        PlannedClusterEntry,
    )

CONTROLLER = "ingress-controller"
"""The ingress whose only address is the front end of an internal load balancer."""

_NEEDS = {
    "application-gateway": "application-gateway-ingress",
    "application-gateway-for-containers": "application-gateway-for-containers",
    "virtual-nodes": "virtual-nodes",
    "private-link-services": "private-link-service",
}
"""Features that a cluster uses with a service, by the kinds of these."""


class Drafts(Nouns):
    """What is asked for, from one file."""

    def networks(self, file: LayoutFile) -> Iterator[NetworkPlan]:
        """Every network, clusters that have a twin in it twice."""
        for index, entry in enumerate(file.networks):
            network = self._network(index, entry)
            pairs = zip(entry.clusters, network.clusters, strict=True)
            ids = {plan.cluster.id for each, plan in pairs if each.twin}
            yield twins.blue_and_green(network, ids)

    def failover(self, network: NetworkPlan, entry: FailoverEntry) -> twins.Failover:
        """Where a network stands again: beside it, if no resource group is named."""
        subscription = network.id.split("/")[2]
        group = entry.resource_group or resource_group_of(network.id)
        return twins.Failover(
            id=id_of(VNET, [entry.name], subscription, group or ""),
            name=entry.name,
            location=entry.location,
            hub=self._maybe(VNET, entry.hub) or network.hub,
            prefixes=unique(entry.ranges),
            pool=entry.pool or network.pool,
            suffix=entry.suffix or "dr",
            shared=entry.load == "shared",
        )

    def reference(self, network: NetworkPlan) -> str:
        """Its name, as others would name it who do not know its id."""
        names = filter(None, [said_group(network.id), network.name])
        return self._named(VNET, "/".join(names))

    def origin(self, *loc: str | int) -> Origin:
        """Where something stands in the file."""
        return self._origin(*loc)

    def _network(self, index: int, entry: NetworkEntry) -> NetworkPlan:
        identity = self._own(VNET, entry.id, entry)
        place = ("networks", index)
        clusters = (
            self._planned(each, entry, identity, self._origin(*place, "clusters", i))
            for i, each in enumerate(entry.clusters)
        )
        return NetworkPlan(
            id=identity,
            name=name_in(entry, entry.id),
            location=entry.location,
            prefixes=unique(entry.ranges),
            pool=entry.pool,
            dual_stack=entry.dual_stack,
            hub=self._maybe(VNET, entry.hub),
            subnets=tuple(self._free(index, entry)),
            services=tuple(self._services(index, entry)),
            endpoints=tuple(self._endpoints(index, entry)),
            clusters=tuple(clusters),
            endpoint_subnet=entry.private_endpoint_subnet,
            pinned={each.lower(): unique(to) for each, to in entry.pinned.items()},
            names={each.lower(): each for each in _written(entry)},
            origin=self._origin(*place),
        )

    def _free(self, index: int, entry: NetworkEntry) -> Iterator[SubnetPlan]:
        for number, each in enumerate(entry.subnets):
            yield SubnetPlan(
                name=each.name,
                length=each.prefix,
                hosts=each.hosts,
                delegation=each.delegated_to,
                service_endpoints=distinct(each.service_endpoints),
                origin=self._origin("networks", index, "subnets", number),
            )

    def _services(self, index: int, entry: NetworkEntry) -> Iterator[ServicePlan]:
        for number, each in enumerate(entry.services):
            yield ServicePlan(
                kind=each.kind,
                name=each.name,
                count=each.count,
                private_front_end=each.private_front_end,
                length=each.prefix,
                origin=self._origin("networks", index, "services", number),
            )

    def _endpoints(self, index: int, entry: NetworkEntry) -> Iterator[EndpointPlan]:
        for number, each in enumerate(entry.private_endpoints):
            origin = self._origin("networks", index, "private_endpoints", number)
            yield EndpointPlan(each.kind, each.count, each.replicas, origin)

    def _planned(
        self,
        entry: PlannedClusterEntry,
        network: NetworkEntry,
        home: str,
        origin: Origin,
    ) -> ClusterPlan:
        """A cluster with subnets in its network, and what it needs besides."""

        def subnet(name: str | None) -> str | None:
            return name and f"{home}/subnets/{name}".lower()

        cluster = self._of(_with_subnets(entry), origin, subnet)
        services = tuple(_services(entry, cluster))
        return ClusterPlan(
            cluster=replace(
                cluster,
                pod_cidrs=_stated(cluster, "pod_cidrs"),
                service_cidrs=_stated(cluster, "service_cidrs"),
                assumed=(),
                unbounded=(),  # what the pools state is the most there will be
                location=entry.location or network.location,
                needs=tuple(dict.fromkeys(_needs(entry, network, cluster, services))),
            ),
            services=services,
            growth=entry.growth or 0,
            ports_per_node=entry.ports_per_node,
        )


def with_twins(file: LayoutFile) -> LayoutFile:
    """A plan whose pod meshes name both twins where they name the cluster of both."""
    twins_of = {
        name_in(each, each.id).lower()
        for network in file.networks
        for each in network.clusters
        if each.twin
    }
    groups = [
        each.model_copy(update={"members": [*_both(each.members, twins_of)]})
        if each.kind == "pod-mesh"
        else each
        for each in file.groups
    ]
    return file.model_copy(update={"groups": groups})


def _both(members: list[str], twins_of: set[str]) -> Iterator[str]:
    for each in members:
        if each.rpartition("/")[2].lower() in twins_of:
            yield from (f"{each}-{twins.BLUE}", f"{each}-{twins.GREEN}")
        else:
            yield each


def _written(entry: NetworkEntry) -> Iterator[str]:
    """Names of subnets that clusters name."""
    for cluster in entry.clusters:
        every = _with_subnets(cluster)
        named = [every.subnet, every.pod_subnet, every.api_server_subnet]
        for pool in cluster.pools:
            named += [pool.subnet, pool.pod_subnet]
        yield from filter(None, named)


def _with_subnets(entry: PlannedClusterEntry) -> PlannedClusterEntry:
    """A cluster that names all subnets that its nodes, pods and API server take."""
    name = name_in(entry, entry.id)
    in_subnet = MODELS[entry.model].home is Home.POD_SUBNET
    own = twins.own_subnet(name, twins.API_SERVER) if entry.vnet_integration else None
    return entry.model_copy(
        update={
            "subnet": entry.subnet or twins.own_subnet(name, twins.NODES),
            "pod_subnet": entry.pod_subnet
            or (twins.own_subnet(name, twins.PODS) if in_subnet else None),
            "api_server_subnet": entry.api_server_subnet or own,
        }
    )


def _stated(cluster: Cluster, ranges: str) -> tuple[Cidr, ...]:
    """Pod or service CIDRs, unless AKS's default stands in their place."""
    found: tuple[Cidr, ...] = getattr(cluster, ranges)
    return () if ranges in cluster.assumed else found


def _services(entry: PlannedClusterEntry, cluster: Cluster) -> Iterator[ServicePlan]:
    """What a cluster needs besides nodes and pods, each in a subnet."""
    front_ends = entry.internal_load_balancers
    ingress = entry.ingress
    if ingress is not None and ingress.kind == CONTROLLER:
        front_ends += 1
    rows = (
        ("internal-load-balancers", entry.load_balancer_subnet, front_ends),
        (
            "private-link-services",
            entry.private_link_subnet,
            entry.private_link_services,
        ),
        ("virtual-nodes", entry.virtual_node_subnet, entry.virtual_nodes),
        ("api-server", entry.api_server_subnet, int(cluster.vnet_integration)),
    )
    for kind, name, count in rows:
        if count:
            own = twins.own_subnet(cluster.name, _PARTS[kind])
            yield ServicePlan(
                kind, name or own, count, cluster=cluster.id, origin=cluster.origin
            )
    if ingress is not None and ingress.kind != CONTROLLER:
        yield _gateway(ingress, cluster)


_PARTS = {
    "internal-load-balancers": twins.LOAD_BALANCERS,
    "private-link-services": twins.PRIVATE_LINKS,
    "virtual-nodes": twins.VIRTUAL_NODES,
    "api-server": twins.API_SERVER,
}
"""What subnets of services are called after a cluster."""


def _gateway(ingress: IngressEntry, cluster: Cluster) -> ServicePlan:
    """An Application Gateway of either kind, which is called as its subnet is."""
    return ServicePlan(
        kind=ingress.kind,
        name=ingress.subnet or twins.own_subnet(cluster.name, ingress.kind),
        count=ingress.instances,
        private_front_end=ingress.private_front_end,
        cluster=cluster.id,
        origin=cluster.origin,
    )


def _needs(
    entry: PlannedClusterEntry,
    network: NetworkEntry,
    cluster: Cluster,
    services: tuple[ServicePlan, ...],
) -> Iterator[str]:
    """Features that a cluster uses: those that it names, and those that show."""
    yield from cluster.needs
    if entry.network_policy:
        yield f"{POLICY}{entry.network_policy}"
    yield from (_NEEDS[each.kind] for each in services if each.kind in _NEEDS)
    asked = entry.dual_stack
    if network.dual_stack if asked is None else asked:
        yield "dual-stack"
