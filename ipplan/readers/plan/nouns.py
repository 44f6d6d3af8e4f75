"""From what is written in ipplan's own YAML to nouns, names standing in ids."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from ipplan.cidrs import Cidr
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.externals import AddressPool, Client, ExternalRange, Group
from ipplan.inventory.intents import intended_link, intended_peering
from ipplan.inventory.merging import Parts
from ipplan.inventory.naming import NAMED
from ipplan.inventory.networks import Peering, Subnet, VNet
from ipplan.inventory.origins import Origin, name_of, normal_id
from ipplan.inventory.pools import NodePool
from ipplan.inventory.traffic import (
    Outlet,
    Route,
    RouteTable,
    SecurityGroup,
    SecurityRule,
    ZoneLink,
)
from ipplan.limits import DEFAULT_POD_CIDR, DEFAULT_SERVICE_CIDR
from ipplan.models import MODELS, Home
from ipplan.readers.networks import unique
from ipplan.readers.payloads import distinct
from ipplan.readers.plan.looks import KEPT_BY_AKS
from ipplan.readers.readings import (
    CLUSTER,
    FIREWALL,
    NAT_GATEWAY,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SUBNET,
    VNET,
    ZONE,
    path,
)
from ipplan.readers.spellings import id_of, unsaid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ipplan.inventory.externals import ClientKind
    from ipplan.readers.plan.bases import NamedEntry
    from ipplan.readers.plan.clusters import ClusterEntry, ClusterFields, PoolFields
    from ipplan.readers.plan.entries import (
        ClientEntry,
        PeeringEntry,
        PlanFile,
        SubnetEntry,
        VNetEntry,
    )
    from ipplan.readers.plan.traffic import (
        FirewallEntry,
        NatGatewayEntry,
        SecurityRuleEntry,
        ZoneEntry,
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
        parts.address_pools += self._address_pools(plan)
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
        parts.security_groups += self._security_groups(plan)
        parts.route_tables += self._route_tables(plan)
        parts.outlets += self._firewalls(plan.firewalls)
        parts.outlets += self._nat_gateways(plan.nat_gateways)
        for index, zone in enumerate(plan.private_dns_zones):
            parts.zone_links += self._links(index, zone)
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

    def _maybe(self, kind: str, reference: str | None) -> str | None:
        """The same where there may be none."""
        return reference and self._named(kind, reference)

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

    def _address_pools(self, plan: PlanFile) -> Iterator[AddressPool]:
        for index, each in enumerate(plan.address_pools):
            origin = self._origin("address_pools", index)
            yield AddressPool(each.name, unique(each.ranges), each.use, origin)

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
            name=name_in(vnet, vnet.id),
            prefixes=unique(vnet.ranges),
            origin=self._origin("vnets", index),
        )

    def _subnets(self, index: int, vnet: VNetEntry, identity: str) -> Iterator[Subnet]:
        for number, each in enumerate(vnet.subnets):
            origin = self._origin("vnets", index, "subnets", number)
            yield self._subnet(each, identity, origin)

    def _subnet(self, entry: SubnetEntry, vnet: str, origin: Origin) -> Subnet:
        return Subnet(
            id=f"{vnet}/subnets/{entry.name}".lower(),
            name=entry.name,
            prefixes=unique(entry.ranges),
            delegations=(entry.delegated_to,) if entry.delegated_to else (),
            service_endpoints=distinct(entry.service_endpoints),
            usage=entry.used,
            route_table=self._maybe(ROUTE_TABLE, entry.route_table),
            network_security_group=self._maybe(
                SECURITY_GROUP, entry.network_security_group
            ),
            nat_gateway=self._maybe(NAT_GATEWAY, entry.nat_gateway),
            origin=origin,
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
        origin = self._origin("clusters", index)
        return self._of(entry, origin, lambda each: self._maybe(SUBNET, each))

    def _of(
        self,
        entry: ClusterFields[Any],
        origin: Origin,
        subnet: Callable[[str | None], str | None],
    ) -> Cluster:
        """A cluster; ``subnet`` tells the ids of subnets by what is written."""
        pods, services, assumed = _ranges(entry)
        own = entry.api_server_subnet
        return Cluster(
            name=name_in(entry, entry.id),
            pools=tuple(_pool(each, entry, subnet) for each in entry.pools),
            model=entry.model,
            id=self._own(CLUSTER, entry.id, entry),
            pod_cidrs=pods,
            service_cidrs=services,
            dns_service_ip=entry.dns_service_ip,
            location=entry.location,
            kubernetes_version=entry.kubernetes_version,
            node_resource_group=(entry.node_resource_group or "").lower() or None,
            identity=entry.identity,
            outbound_type=entry.outbound_type,
            network_policy=next(iter(entry.policies()), None),
            private=entry.private,
            public_fqdn=entry.public_fqdn,
            private_dns_zone=self._own_zone(entry.private_dns_zone),
            vnet_integration=own is not None,
            api_server_subnet=subnet(own),
            authorized_ranges=tuple(entry.authorized_ranges or ()),
            egress_prefixes=unique(entry.egress_ips or ()),
            load_balancer_services=entry.load_balancer_services,
            load_balancer_ports=entry.load_balancer_ports,
            needs=tuple(dict.fromkeys([*entry.needs, *_needs(entry, pods)])),
            unbounded=tuple(_unbounded(entry)),
            assumed=assumed,
            origin=origin,
        )

    def _own_zone(self, zone: str | None) -> str | None:
        """The zone of a private cluster: what AKS calls it, or an id."""
        known = zone and zone.lower()
        return known if known in KEPT_BY_AKS else self._maybe(ZONE, zone)

    def _security_groups(self, plan: PlanFile) -> Iterator[SecurityGroup]:
        for index, each in enumerate(plan.security_groups):
            rules = sorted(each.rules, key=lambda rule: (rule.direction, rule.priority))
            yield SecurityGroup(
                id=self._own(SECURITY_GROUP, each.id, each),
                name=name_in(each, each.id),
                rules=tuple(map(_rule, rules)),
                origin=self._origin("security_groups", index),
            )

    def _route_tables(self, plan: PlanFile) -> Iterator[RouteTable]:
        for index, each in enumerate(plan.route_tables):
            routes = (
                Route(route.name, route.to, route.next_hop_type, route.next_hop)
                for route in each.routes
            )
            yield RouteTable(
                id=self._own(ROUTE_TABLE, each.id, each),
                name=name_in(each, each.id),
                routes=tuple(sorted(routes, key=lambda route: route[:2])),
                origin=self._origin("route_tables", index),
            )

    def _firewalls(self, entries: list[FirewallEntry]) -> Iterator[Outlet]:
        for index, each in enumerate(entries):
            yield Outlet(
                id=self._own(FIREWALL, each.id, each),
                name=name_in(each, each.id),
                kind="firewall",
                private_ips=(each.private_ip,) if each.private_ip else (),
                public_prefixes=unique(each.public_ips or ()),
                origin=self._origin("firewalls", index),
            )

    def _nat_gateways(self, entries: list[NatGatewayEntry]) -> Iterator[Outlet]:
        for index, each in enumerate(entries):
            yield Outlet(
                id=self._own(NAT_GATEWAY, each.id, each),
                name=name_in(each, each.id),
                kind="nat-gateway",
                public_prefixes=unique(each.public_ips or ()),
                origin=self._origin("nat_gateways", index),
            )

    def _links(self, index: int, entry: ZoneEntry) -> Iterator[ZoneLink]:
        """The links of a zone, which is named as others name it."""
        names = filter(None, [entry.resource_group, entry.name])
        zone = self._named(ZONE, entry.id or "/".join(names))
        for vnet in entry.linked_to:
            other = self._named(VNET, vnet)
            yield ZoneLink(
                id=intended_link(zone, other),
                name=f"to-{name_of(vnet)}",
                vnet=other,
                origin=self._origin("private_dns_zones", index),
            )


def name_in(entry: NamedEntry, identity: str | None) -> str:
    """The name that is written, or that an id ends in."""
    return entry.name or name_of((identity or "").strip().rstrip("/"))


def _pool(
    pool: PoolFields,
    cluster: ClusterFields[Any],
    subnet: Callable[[str | None], str | None],
) -> NodePool:
    return NodePool(
        name=pool.name,
        nodes=pool.nodes,
        max_pods=pool.max_pods,
        max_surge=pool.max_surge,
        os=pool.os,
        priority=pool.priority,
        subnet=subnet(pool.subnet or cluster.subnet),
        pod_subnet=subnet(pool.pod_subnet or cluster.pod_subnet),
        pods_per_node=pool.pods_per_node,
        current=pool.nodes_now,
        mode=pool.mode or "",
    )


def _rule(entry: SecurityRuleEntry) -> SecurityRule:
    return SecurityRule(
        name=entry.name,
        priority=entry.priority,
        direction=entry.direction,
        access=entry.access,
        protocol=entry.protocol,
        sources=tuple(sorted(set(entry.sources))),
        destinations=tuple(sorted(set(entry.destinations))),
        ports=tuple(sorted(set(entry.ports))),
    )


def _needs(entry: ClusterFields[Any], pods: tuple[Cidr, ...]) -> Iterator[str]:
    """Features that other fields show."""
    if any(pool.os == "windows" for pool in entry.pools):
        yield "windows"
    if len({each.version for each in pods}) > 1:
        yield "dual-stack"


def _unbounded(entry: ClusterFields[Any]) -> Iterator[str]:
    """Why the node count can't be known, whatever the pools say."""
    if "automatic" in entry.needs:
        yield "AKS Automatic has no maximum"
    elif "node-auto-provisioning" in entry.needs:
        yield "node auto-provisioning has no maximum"


def _ranges(
    entry: ClusterFields[Any],
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
