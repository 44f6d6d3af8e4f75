"""Who reaches the API server of a private cluster, and who can resolve its name."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ipplan.inventory.origins import (
    name_of,
    parent_of,
    resource_group_of,
    subscription_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.checks.surveys import Survey
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.externals import Client
    from ipplan.inventory.reach import Link
    from ipplan.inventory.traffic import ZoneLink

    Place = tuple[str | None, str | None]

NO_ZONE = "none"
"""A private cluster without a private DNS zone: its public name is its only one."""

LABELS = {False: "privatelink", True: "private"}
"""The label that zones have before the region, by whether there is VNet Integration."""


class Group(NamedTuple):
    """The clients of one kind, of whom one at least has to reach a cluster.

    Parameters
    ----------
    cluster : Cluster
        A private one.
    subnet : str
        Id of the subnet in which its API server has its address.
    clients : tuple of Client
        Jump boxes, or build agents.
    """

    cluster: Cluster
    subnet: str
    clients: tuple[Client, ...]

    @property
    def home(self) -> str:
        """Id of the VNet in which its API server has its address."""
        return parent_of(self.subnet)


def groups(survey: Survey) -> Iterator[Group]:
    """Every private cluster with the jump boxes, and with the build agents."""
    kinds: dict[str, list[Client]] = defaultdict(list)
    for client in survey.inventory.clients:
        kinds[client.kind].append(client)
    for cluster in survey.inventory.clusters if kinds else ():
        subnet = api_server_subnet(cluster)
        if cluster.private and parent_of(subnet):
            for clients in kinds.values():
                yield Group(cluster, subnet, tuple(clients))


def api_server_subnet(cluster: Cluster) -> str:
    """The subnet in which an API server has its private address; nothing if unknown.

    That is its own with VNet Integration, and else that of the first pool.
    """
    if cluster.vnet_integration and cluster.api_server_subnet:
        return cluster.api_server_subnet
    named = (pool.subnet for pool in cluster.pools)
    return next(filter(None, named), "")


class Views:
    """What clients reach and resolve: yes, no, or None where it is not known.

    Parameters
    ----------
    survey : Survey
        What rules look things up in.
    """

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._elsewhere = {each.name for each in survey.inventory.external_ranges}

    def reaches(self, client: Client, group: Group) -> bool | None:
        """Whether a client has a route to the API server of a cluster."""
        home = group.home
        if client.network == home:
            return True
        inventory = self._survey.inventory
        if client.network in self._elsewhere:
            reached = inventory.external_ranges_of(home)
            return any(each.name == client.network for each in reached)
        found: set[bool | None] = set()
        for link in self._links_between(client.network, home):
            found.add(None if link.ipv6_only else self._carries(link, client, group))
            if True in found:
                return True
        if None in found:
            return None
        known = [inventory.vnet_by_id.get(each) for each in (client.network, home)]
        return False if all(each and each.seen for each in known) else None

    def _links_between(self, network: str, home: str) -> Iterator[Link]:
        """Ways from a network to a VNet, the most direct first."""
        reach = self._survey.inventory.reach
        first = reach.between(network, home)
        if first:
            yield first
            others = (each for each in reach.of(network) if each != first)
            yield from (each for each in others if home in each.networks)

    def _carries(self, link: Link, client: Client, group: Group) -> bool | None:
        """Whether a way leads to the API server's subnet; None where not known.

        A peering of some subnets is no way to the others, nor through a hub.
        """
        survey, home = self._survey, group.home
        ends = {"peering": client.network, "hub": link.through}
        other = ends.get(link.way)
        if other is None or self._is_whole(home, other):
            return True
        subnet = survey.inventory.subnet_by_id.get(group.subnet)
        joined = survey.taking_part(home, other)
        if not joined or subnet is None or not subnet.prefixes:
            return None
        return any(e.cidr.overlaps(one) for e in joined for one in subnet.prefixes)

    def _is_whole(self, home: str, other: str) -> bool:
        return all(each.complete for each in self._survey.peered(home, other))

    def resolves(self, client: Client, group: Group) -> bool | None:
        """Whether a client can look a cluster's private name up.

        AKS links the zone to the VNet of the nodes by itself. A VNet with DNS servers
        of its own resolves what those do, which only its owner can say.
        """
        zones = self.zones(group.cluster)
        if client.network == group.home or _is_stated(client, group.cluster, zones):
            return True
        vnet = self._survey.inventory.vnet_by_id.get(client.network)
        if vnet is None or not vnet.seen or vnet.dns_servers:
            return False if client.dns_zones else None
        links = [link for zone in zones for link in self._links.get(zone, ())]
        linked = {link.vnet for link in links}
        if client.network in linked:
            return True
        open_ = any("privatednszone" in e.lower() for e in group.cluster.unresolved)
        return None if open_ or not linked or None in linked else False

    def zones(self, cluster: Cluster) -> list[str]:
        """Ids of the private DNS zones that have a cluster's name, where known."""
        zone = cluster.private_dns_zone or ""
        if "/" in zone:
            return [zone]
        label = LABELS[cluster.vnet_integration]
        place = cluster.subscription, cluster.node_group
        found = self._made_by_aks.get(place, ())
        return [each for each in found if label in name_of(each).split(".")]

    @cached_property
    def _links(self) -> dict[str, list[ZoneLink]]:
        found: dict[str, list[ZoneLink]] = defaultdict(list)
        for each in self._survey.inventory.zone_links:
            found[each.zone].append(each)
        return found

    @cached_property
    def _made_by_aks(self) -> dict[Place, list[str]]:
        """Zones by their subscription and resource group: that of nodes, for some."""
        found: dict[Place, list[str]] = defaultdict(list)
        for zone in self._links:
            found[subscription_of(zone), resource_group_of(zone)].append(zone)
        return found


def _is_stated(client: Client, cluster: Cluster, zones: list[str]) -> bool:
    """Whether a zone that a client is said to resolve has a cluster's name.

    Where the zone is not known, AKS makes one below that of the region.
    """
    region = (cluster.location or "").replace(" ", "").lower()
    usual = f"{LABELS[cluster.vnet_integration]}.{region}."
    for stated in client.dns_zones:
        if any(f".{name_of(zone)}".endswith(f".{stated}") for zone in zones):
            return True
        if not zones and region and usual in f"{stated}.":
            return True
    return False
