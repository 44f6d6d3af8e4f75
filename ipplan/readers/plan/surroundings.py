"""What a plan has in common with what exists, and what it adds to that at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from ipplan.errors import InventoryError
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.externals import Client
from ipplan.inventory.intents import intended_peering
from ipplan.inventory.networks import Peering
from ipplan.inventory.origins import parent_of
from ipplan.layouts.identities import with_ids
from ipplan.readers.plan.mistakes import Mistake, told
from ipplan.readers.readings import CLUSTER
from ipplan.readers.spellings import id_of, said_group

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ipplan.inventory.estates import Inventory
    from ipplan.inventory.externals import ClientKind
    from ipplan.inventory.networks import VNet
    from ipplan.layouts.plans import NetworkPlan
    from ipplan.readers.plan.mistakes import Asked

CLIENTS: dict[str, ClientKind] = {
    "jump-boxes": "jump-box",
    "build-agents": "build-agent",
}
"""Services whose machines reach API servers, and what these machines are."""

LENT_TO_SPOKES = frozenset({"vpn-gateway", "expressroute-gateway", "route-server"})
"""Services that a hub lends to its spokes: a Route Server lends its routes."""

LENT_SUBNETS = frozenset({"gatewaysubnet", "routeserversubnet"})


def as_they_exist(
    asked: Sequence[Asked], ids: Mapping[str, str], before: Inventory
) -> list[Asked]:
    """Networks and clusters by the ids that they have, and with what can't change.

    Parameters
    ----------
    asked : sequence of Asked
        Under the ids that were drafted.
    ids : mapping of str to str
        Ids of networks that exist, by those.
    before : Inventory
        What exists.

    Raises
    ------
    InventoryError
        Where two clusters in a network have the name of one of the plan's.
    """
    there: dict[str, list[Cluster]] = {}
    for cluster in before.clusters:
        there.setdefault(cluster.name.lower(), []).append(cluster)
    networks = [with_ids(each.network, ids) for each in asked]
    known = dict(ids)
    wrong: list[Mistake] = []
    for network in networks:
        for plan in network.clusters:
            same = _same(plan.cluster, network.id, there)
            wrong += _several(plan.cluster, same)
            found = (each.id for each in same)
            known[plan.cluster.id] = next(found, _beside(plan.cluster, network.id))
    if wrong:
        raise InventoryError(wrong[0].origin.file, told(wrong))
    return [
        each._replace(network=_kept(with_ids(network, known), before))
        for each, network in zip(asked, networks, strict=True)
    ]


def _same(
    cluster: Cluster, network: str, there: Mapping[str, list[Cluster]]
) -> list[Cluster]:
    """Clusters that one of the plan is: by its id, or by its name in its network."""
    named = there.get(cluster.name.lower(), [])
    by_id = [each for each in named if each.id == cluster.id]
    group = said_group(cluster.id)
    return by_id or [
        each
        for each in named
        if network in map(parent_of, each.subnets)
        and (not group or said_group(each.id) in {"", group})
    ]


def _beside(cluster: Cluster, network: str) -> str:
    """The id of a cluster that is to be: in its network's group, if none is named."""
    if said_group(cluster.id) or not said_group(network):
        return cluster.id
    subscription, group = network.split("/")[2], said_group(network)
    return id_of(CLUSTER, [cluster.name], subscription, group)


def _several(cluster: Cluster, same: Sequence[Cluster]) -> Iterator[Mistake]:
    """That it can't be told which of several clusters one is."""
    if len(same) > 1:
        found = ", ".join(each.id for each in same)
        message = f"{cluster.name} is one of {found}: write its id"
        yield Mistake(cluster.origin, message)


def _kept(network: NetworkPlan, before: Inventory) -> NetworkPlan:
    """A network that says what can't change of it and its clusters, where it exists."""
    vnet = before.vnet_by_id.get(network.id)
    known = {each.id: each for each in before.clusters}
    plans = tuple(
        replace(plan, cluster=_of(plan.cluster, known[plan.cluster.id]), exists=True)
        if plan.cluster.id in known
        else plan
        for plan in network.clusters
    )
    if vnet is None:
        return replace(network, clusters=plans)
    location = network.location or vnet.location
    plans = tuple(
        replace(
            plan,
            cluster=replace(plan.cluster, location=plan.cluster.location or location),
        )
        for plan in plans
    )
    return replace(network, name=vnet.name, location=location, clusters=plans)


def _of(cluster: Cluster, existing: Cluster) -> Cluster:
    """A cluster with what it has and can't change, where the plan leaves that out."""
    own = cluster.service_cidrs
    return replace(
        cluster,
        name=existing.name,
        pod_cidrs=cluster.pod_cidrs or existing.pod_cidrs,
        service_cidrs=own or existing.service_cidrs,
        dns_service_ip=cluster.dns_service_ip
        or (None if own else existing.dns_service_ip),
        identity=cluster.identity or existing.identity,
        private_dns_zone=cluster.private_dns_zone or _zone(existing),
    )


def _zone(existing: Cluster) -> str | None:
    """The private DNS zone of a cluster: AKS's own, where a private one says none."""
    return existing.private_dns_zone or ("system" if existing.private else None)


def draft(cluster: Cluster) -> Cluster:
    """A cluster for others to name, which says no more of it than names do."""
    return Cluster(
        cluster.name,
        id=cluster.id,
        private_dns_zone=cluster.private_dns_zone,
        seen=False,
        origin=cluster.origin,
    )


def around(networks: Sequence[NetworkPlan], whole: Inventory) -> Inventory:
    """What there is besides a plan's clusters, with the peerings and clients of it.

    Parameters
    ----------
    networks : sequence of NetworkPlan
        Under the ids that they have or will have.
    whole : Inventory
        What exists, and drafts of what does not.
    """
    clusters = {plan.cluster.id for each in networks for plan in each.clusters}
    return replace(
        whole,
        vnets=_peered(networks, whole),
        clusters=tuple(each for each in whole.clusters if each.id not in clusters),
        clients=(*whole.clients, *_clients(networks)),
    )


def _peered(networks: Iterable[NetworkPlan], whole: Inventory) -> tuple[VNet, ...]:
    """VNets with the peerings of spokes and hubs, where none is there or declared."""
    new: dict[str, list[Peering]] = {}
    plans = {each.id: each for each in networks}
    for spoke in plans.values():
        if spoke.hub is None:
            continue
        for side in _sides(spoke, whole.vnet_by_id[spoke.hub], plans.get(spoke.hub)):
            vnet = whole.vnet_by_id[side.vnet]
            if side.remote not in {each.remote for each in vnet.peerings}:
                new.setdefault(vnet.id, []).append(side)
    return tuple(
        replace(vnet, peerings=_by_id([*vnet.peerings, *new[vnet.id]]))
        if vnet.id in new
        else vnet
        for vnet in whole.vnets
    )


def _by_id(peerings: list[Peering]) -> tuple[Peering, ...]:
    return tuple(sorted(peerings, key=lambda each: each.id))


def _sides(
    spoke: NetworkPlan, hub: VNet, plan: NetworkPlan | None
) -> Iterator[Peering]:
    """Both directions of the peering of a spoke; the hub lends a gateway if it can.

    Gateways and Route Servers are lent by the same setting.

    References
    ----------
    https://learn.microsoft.com/azure/route-server/multiregion
    """
    lends = any(each.name.lower() in LENT_SUBNETS and each.used for each in hub.subnets)
    if plan is not None:
        lends = lends or any(each.kind in LENT_TO_SPOKES for each in plan.services)
    for vnet, remote, name in (
        (spoke.id, hub.id, hub.name),
        (hub.id, spoke.id, spoke.name),
    ):
        yield Peering(
            id=intended_peering(vnet, remote),
            name=f"to-{name}",
            remote=remote,
            forwarded_traffic=True,
            gateway_transit=lends and vnet == hub.id,
            remote_gateways=lends and vnet == spoke.id,
            origin=spoke.origin,
        )


def _clients(networks: Iterable[NetworkPlan]) -> list[Client]:
    """Jump boxes and build agents, called as their subnets are.

    Where several of a kind would be called the same, their network stands before it.
    """
    from ipplan.layouts.demands.services import SERVICES

    found = [
        (service.name or SERVICES[service.kind].subnet, network, service)
        for network in networks
        for service in network.services
        if service.kind in CLIENTS
    ]
    counts = Counter((service.kind, name.lower()) for name, _, service in found)
    return [
        Client(
            name
            if counts[service.kind, name.lower()] == 1
            else f"{network.name}/{name}",
            CLIENTS[service.kind],
            network.id,
            origin=service.origin,
        )
        for name, network, service in found
    ]
