"""From what is written in ipplan's own YAML to nouns, names standing in ids."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from ipplan.cidrs import Cidr
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.externals import Client, ExternalRange, Group
from ipplan.inventory.merging import Parts
from ipplan.inventory.naming import NAMED, intended_peering
from ipplan.inventory.networks import Peering, Subnet, VNet
from ipplan.inventory.origins import Origin, name_of, normal_id
from ipplan.inventory.pools import NodePool
from ipplan.limits import DEFAULT_POD_CIDR, DEFAULT_SERVICE_CIDR
from ipplan.models import MODELS, Home
from ipplan.readers.networks import unique
from ipplan.readers.readings import CLUSTER, SUBNET, VNET, path
from ipplan.readers.spellings import id_of, unsaid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ipplan.inventory.externals import ClientKind
    from ipplan.readers.plan.entries import (
        ClientEntry,
        ClusterEntry,
        NamedEntry,
        PeeringEntry,
        PlanFile,
        PoolEntry,
        VNetEntry,
    )
    from ipplan.readers.plan.trees import Loc


class Nouns:
    """The nouns of one file.

    Parameters
    ----------
    file : str
        As it was named.
    lines : mapping of tuple to int
        The line on which each value starts.
    """

    def __init__(self, file: str, lines: Mapping[Loc, int]) -> None:
        self._file = file
        self._base = PurePath(file).name
        self._lines = lines

    def parts(self, plan: PlanFile) -> Parts:
        """Everything that a file holds."""
        parts = Parts(owned=plan.owned_public_ranges)
        parts.external_ranges += self._external(plan)
        parts.groups += self._groups(plan)
        parts.clients += self._clients("jump_boxes", plan.jump_boxes, "jump-box")
        parts.clients += self._clients("build_agents", plan.build_agents, "build-agent")
        for index, vnet in enumerate(plan.vnets):
            identity = self._own(VNET, vnet.id, vnet)
            parts.vnets.append(self._vnet(index, vnet, identity))
            parts.subnets += self._subnets(index, vnet, identity)
        for index, peering in enumerate(plan.peerings):
            parts.peerings += self._sides(index, peering)
        parts.clusters += [self._cluster(*each) for each in enumerate(plan.clusters)]
        return parts

    def _origin(self, *loc: str | int) -> Origin:
        return Origin(self._file, path(loc), self._lines.get(loc), "proposed")

    def _own(self, kind: str, identity: str | None, entry: NamedEntry) -> str:
        """The id of what is declared here."""
        if identity:
            return normal_id(identity)
        group = entry.resource_group or unsaid("resource group", self._base)
        subscription = unsaid("subscription", self._base)
        return id_of(kind, [entry.name or ""], subscription, group)

    def _named(self, kind: str, reference: str) -> str:
        """The id that a reference is, or in which its names stand."""
        if reference.startswith("/"):
            return normal_id(reference)
        here = f"{NAMED}{self._base}>"
        names = reference.split("/")
        count = kind.count("/")
        group = names[0] if len(names) > count else here
        return id_of(kind, names[-count:], here, group)

    def _external(self, plan: PlanFile) -> Iterator[ExternalRange]:
        for index, each in enumerate(plan.on_premises):
            attached = each.attached_to
            yield ExternalRange(
                name=each.name,
                prefixes=unique(each.ranges),
                attached=None
                if attached is None
                else tuple(self._named(VNET, one) for one in attached),
                holds=tuple(each.holds),
                origin=self._origin("on_premises", index),
            )

    def _groups(self, plan: PlanFile) -> Iterator[Group]:
        for index, each in enumerate(plan.groups):
            members = (self._named(each.joins(), one) for one in each.members)
            origin = self._origin("groups", index)
            yield Group(each.name, each.kind, tuple(members), origin)

    def _clients(
        self,
        key: str,
        entries: list[ClientEntry],
        kind: ClientKind,
    ) -> Iterator[Client]:
        for index, each in enumerate(entries):
            network = self._named(VNET, each.network)
            zones = tuple(zone.lower() for zone in each.dns_zones)
            origin = self._origin(key, index)
            yield Client(each.name, kind, network, zones, origin)

    def _vnet(self, index: int, vnet: VNetEntry, identity: str) -> VNet:
        return VNet(
            id=identity,
            name=vnet.name or name_of(vnet.id or ""),
            prefixes=unique(vnet.ranges),
            origin=self._origin("vnets", index),
        )

    def _subnets(self, index: int, vnet: VNetEntry, identity: str) -> Iterator[Subnet]:
        for number, each in enumerate(vnet.subnets):
            yield Subnet(
                id=f"{identity}/subnets/{each.name}".lower(),
                name=each.name,
                prefixes=unique(each.ranges),
                delegations=(each.delegated_to,) if each.delegated_to else (),
                usage=each.used,
                origin=self._origin("vnets", index, "subnets", number),
            )

    def _sides(self, index: int, entry: PeeringEntry) -> Iterator[Peering]:
        """Both directions of a peering."""
        chosen = entry.only_subnets or {}
        for local, remote in (entry.between, entry.between[::-1]):
            vnet, other = self._named(VNET, local), self._named(VNET, remote)
            yield Peering(
                id=intended_peering(vnet, other),
                name=f"to-{name_of(remote)}",
                remote=other,
                complete=not chosen,
                local_subnets=tuple(chosen.get(local, ())),
                remote_subnets=tuple(chosen.get(remote, ())),
                ipv6_only=entry.ipv6_only,
                forwarded_traffic=entry.forwarded_traffic,
                gateway_transit=entry.gateway_transit == local,
                remote_gateways=entry.gateway_transit == remote,
                origin=self._origin("peerings", index),
            )

    def _cluster(self, index: int, entry: ClusterEntry) -> Cluster:
        pods, services, assumed = _ranges(entry)
        own = entry.api_server_subnet
        return Cluster(
            name=entry.name or name_of(entry.id or ""),
            pools=tuple(self._pool(each, entry) for each in entry.pools),
            model=entry.model,
            id=self._own(CLUSTER, entry.id, entry),
            pod_cidrs=pods,
            service_cidrs=services,
            private=entry.private,
            private_dns_zone=(entry.private_dns_zone or "").lower() or None,
            vnet_integration=own is not None,
            api_server_subnet=own and self._named(SUBNET, own),
            authorized_ranges=tuple(entry.authorized_ranges or ()),
            needs=tuple(dict.fromkeys([*entry.needs, *_needs(entry, pods)])),
            assumed=assumed,
            origin=self._origin("clusters", index),
        )

    def _pool(self, pool: PoolEntry, cluster: ClusterEntry) -> NodePool:
        subnet = pool.subnet or cluster.subnet
        pod_subnet = pool.pod_subnet or cluster.pod_subnet
        return NodePool(
            name=pool.name,
            nodes=pool.nodes,
            max_pods=pool.max_pods,
            max_surge=pool.max_surge,
            os=pool.os,
            priority=pool.priority,
            subnet=subnet and self._named(SUBNET, subnet),
            pod_subnet=pod_subnet and self._named(SUBNET, pod_subnet),
            pods_per_node=pool.pods_per_node,
            mode=pool.mode or "",
        )


def _needs(entry: ClusterEntry, pods: tuple[Cidr, ...]) -> Iterator[str]:
    """Features that other fields show."""
    if any(pool.os == "windows" for pool in entry.pools):
        yield "windows"
    if len({each.version for each in pods}) > 1:
        yield "dual-stack"


def _ranges(
    entry: ClusterEntry,
) -> tuple[tuple[Cidr, ...], tuple[Cidr, ...], tuple[str, ...]]:
    """Pod CIDRs, service CIDRs, and which of them are only AKS's defaults."""
    pods = entry.pod_cidrs or list(filter(None, [entry.pod_cidr]))
    services = entry.service_cidrs or list(filter(None, [entry.service_cidr]))
    assumed: list[str] = []
    if not pods and MODELS[entry.model].home is Home.POD_CIDR:
        pods = [Cidr.parse(DEFAULT_POD_CIDR.value)]
        assumed.append("pod_cidrs")
    if not services:
        services = [Cidr.parse(DEFAULT_SERVICE_CIDR.value)]
        assumed.append("service_cidrs")
    return unique(pods), unique(services), tuple(assumed)
