"""nouns_of(): a layout as the nouns of an inventory, with all that belongs to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ipplan.cidrs import IPV4, Cidr
from ipplan.inventory.estates import Inventory
from ipplan.layouts.belongings.outlets import firewalls, nat_gateways
from ipplan.layouts.belongings.routes import route_tables
from ipplan.layouts.belongings.security import security_groups
from ipplan.layouts.belongings.sites import Site
from ipplan.layouts.belongings.vnets import Fittings, vnets
from ipplan.layouts.belongings.zones import Zones
from ipplan.layouts.demands.growths import grown
from ipplan.limits import DNS_SERVICE_HOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.externals import Client
    from ipplan.layouts.plans import LayoutPlan
    from ipplan.layouts.results import PlacedCluster, PlacedNetwork, PlacedSubnet

CHOSEN = frozenset({"pod_cidrs", "service_cidrs"})
"""Fields of a cluster that a layout fills, so that they are no defaults any more."""


def nouns_of(
    plan: LayoutPlan,
    networks: tuple[PlacedNetwork, ...],
    subnets: tuple[PlacedSubnet, ...],
    clusters: tuple[PlacedCluster, ...],
) -> tuple[Inventory, Inventory]:
    """What is to be deployed, and the same amid all that exists.

    Parameters
    ----------
    plan : LayoutPlan
        What was asked for.
    networks, subnets, clusters : tuple
        Where everything stands.

    Returns
    -------
    planned, inventory : Inventory
        Networks that are new with all their subnets, the new subnets and peerings of
        those that exist, new clusters, network security groups, route tables, NAT
        gateways with public addresses, and links of private DNS zones; and these in
        place of the drafts in the plan's inventory, with its clusters that exist.
        Firewalls are in the second alone: rules ask for them, and they are deployed by
        other means.

    Notes
    -----
    Nothing is made for a subnet that exists, nor what has the id of something that
    does. A private cluster that names no private DNS zone gets one of its own, for AKS
    links the one that it makes to the network of the nodes alone.

    References
    ----------
    https://learn.microsoft.com/azure/aks/private-clusters
    """
    site = Site(plan, networks, subnets, clusters)
    groups = security_groups(site)
    tables, new_tables = route_tables(site)
    gateways, zones = nat_gateways(site), Zones(site)
    found = list(vnets(site, Fittings(groups, tables, gateways.on)))
    made = tuple(each for each in groups.values() if each.id not in site.ids)
    every, exist = list(_clusters(site, zones)), _existing(site)
    planned = Inventory(
        vnets=tuple(part for _, part in found if part),
        clusters=_by_id(each for each in every if each.id not in exist),
        security_groups=_by_id(made),
        route_tables=_by_id(new_tables),
        public_addresses=_by_id(gateways.addresses),
        outlets=_by_id(gateways.outlets),
        zone_links=_by_id(zones.links),
    )
    there = replace(
        plan.inventory,
        vnets=tuple(whole for whole, _ in found),
        clusters=(
            *plan.inventory.clusters,
            *(each for each in every if each.id in exist),
        ),
        clients=tuple(_clients(site, zones)),
        outlets=(*plan.inventory.outlets, *firewalls(site)),
    )
    return planned, _amid(there, planned)


_MADE = (
    "clusters",
    "security_groups",
    "route_tables",
    "public_addresses",
    "outlets",
    "zone_links",
)
"""Fields of an inventory that hold what a layout makes, besides VNets."""


def _amid(there: Inventory, planned: Inventory) -> Inventory:
    """What exists along with what is planned, by id."""
    joined: dict[str, Any] = {
        name: _by_id([*getattr(there, name), *getattr(planned, name)]) for name in _MADE
    }
    return replace(there, **joined)


def _by_id(nouns: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(nouns, key=lambda noun: noun.id))


def _existing(site: Site) -> set[str]:
    """Ids of the plan's clusters that are there already."""
    return {e.plan.cluster.id for e in site.clusters if e.plan.exists}


def _clusters(site: Site, zones: Zones) -> Iterator[Cluster]:
    """The plan's clusters with their ranges, as they will be deployed.

    Their pools have the most nodes that they are planned for, so that rules judge
    these, and code lets an autoscaler get there. They use subnets and zones of one's
    own, for which AKS asks an identity of one's own; what the plan says instead is
    left, for rules to judge.
    """
    for each in site.clusters:
        cluster = grown(each.plan)
        yield replace(
            cluster,
            pod_cidrs=each.pod_cidrs,
            service_cidrs=each.service_cidrs,
            dns_service_ip=cluster.dns_service_ip or _dns_service(each.service_cidrs),
            location=cluster.location or site.network_by_id[each.network].location,
            identity=cluster.identity or "UserAssigned",
            private_dns_zone=zones.of_clusters.get(
                cluster.id, cluster.private_dns_zone
            ),
            assumed=tuple(e for e in cluster.assumed if e not in CHOSEN),
        )


def _dns_service(ranges: tuple[Cidr, ...]) -> str | None:
    """The address that AKS advises for DNS, in the first IPv4 range that has it."""
    for each in ranges:
        if each.version == IPV4 and each.size > DNS_SERVICE_HOST.value + 1:
            address = Cidr(IPV4, each.first + DNS_SERVICE_HOST.value, each.bits)
            return str(address).partition("/")[0]
    return None


def _clients(site: Site, zones: Zones) -> Iterator[Client]:
    """Clients with the zones that their networks are linked to.

    A network with DNS servers of its own resolves what those do.
    """
    for each in site.inventory.clients:
        vnet = site.inventory.vnet_by_id.get(each.network)
        asked = site.network_by_id.get(each.network)
        own = bool(each.dns_zones) or (vnet is not None and vnet.dns_servers)
        if asked is None or own:
            yield each
        else:
            yield replace(each, dns_zones=zones.names_in(each.network))
