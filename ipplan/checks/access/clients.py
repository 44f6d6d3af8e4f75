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
    home : str
        Id of the VNet in which its API server has its address.
    clients : tuple of Client
        Jump boxes, or build agents.
    """

    cluster: Cluster
    home: str
    clients: tuple[Client, ...]


def groups(survey: Survey) -> Iterator[Group]:
    """Every private cluster with the jump boxes, and with the build agents."""
    kinds: dict[str, list[Client]] = defaultdict(list)
    for client in survey.inventory.clients:
        kinds[client.kind].append(client)
    for cluster in survey.inventory.clusters if kinds else ():
        home = parent_of(api_server_subnet(cluster))
        if cluster.private and home:
            for clients in kinds.values():
                yield Group(cluster, home, tuple(clients))


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

    def reaches(self, client: Client, home: str) -> bool | None:
        """Whether a client has a route to a VNet."""
        if client.network == home:
            return True
        inventory = self._survey.inventory
        if client.network in self._elsewhere:
            reached = inventory.external_ranges_of(home)
            return any(each.name == client.network for each in reached)
        link = inventory.reach.between(client.network, home)
        if link:
            return None if link.ipv6_only else True
        known = [inventory.vnet_by_id.get(each) for each in (client.network, home)]
        return False if all(each and each.seen for each in known) else None

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
