"""Where traffic of a cluster leaves, as far as what was read of routes says."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import IPV4, Cidr
from ipplan.cidrs.private import PRIVATE_IPV4
from ipplan.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.checks.surveys import Survey
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.networks import Subnet
    from ipplan.inventory.traffic import Outlet, Route, RouteTable

BY_ROUTES = "userdefinedrouting"
BY_OWN_GATEWAY = "userassignednatgateway"
BY_LOAD_BALANCER = "loadbalancer"
"""Outbound types in lower case; the last is AKS's default."""

BY_AKS_GATEWAY = "managednatgateway"
BY_NOTHING = "block"
OF_MANAGED_VNETS = frozenset({BY_AKS_GATEWAY, "managednatgatewayv2", BY_NOTHING})
"""Outbound types in lower case that need a VNet which AKS makes."""

INTERNET = "internet"
"""Next hop type in lower case: straight out, by no appliance."""

EVERYWHERE = Cidr(IPV4, 0, 0)


class Egress(NamedTuple):
    """Public addresses that traffic of a cluster leaves from.

    Parameters
    ----------
    prefixes : tuple of Cidr
        Of IPv4, each as a /32 or a prefix; those that are known.
    outlet : Outlet or None
        The firewall or NAT gateway that has them; None where they are stated.
    """

    prefixes: tuple[Cidr, ...]
    outlet: Outlet | None = None


def outbound(cluster: Cluster) -> str:
    """A cluster's outbound type in lower case; nothing where it is not said."""
    return (cluster.outbound_type or "").lower()


def node_subnets(survey: Survey, cluster: Cluster) -> list[Subnet]:
    """The subnets of a cluster's nodes that were read."""
    named = dict.fromkeys(pool.subnet for pool in cluster.pools if pool.subnet)
    known = survey.inventory.subnet_by_id
    return [known[each] for each in named if each in known]


def default_route(table: RouteTable) -> Route | None:
    """The route of a table that takes all IPv4 traffic that no longer prefix takes."""
    return next((e for e in table.routes if _cidr(e.prefix) == EVERYWHERE), None)


class Ways:
    """The ways out that were read.

    Parameters
    ----------
    survey : Survey
        What rules look things up in.
    """

    def __init__(self, survey: Survey) -> None:
        inventory = survey.inventory
        self._survey = survey
        self._outlets = {each.id: each for each in inventory.outlets}
        self._addresses = {each.id: each.prefix for each in inventory.public_addresses}
        self._firewalls: dict[Cidr | None, list[Outlet]] = defaultdict(list)
        for each in inventory.outlets:
            for address in each.private_ips:
                self._firewalls[_address(address)].append(each)

    def egress(self, cluster: Cluster) -> Egress | None:
        """Where a cluster's traffic to its API server leaves; None where not known.

        Stated addresses count first. A default route to a firewall leads to the public
        addresses of that one; without such a route the NAT gateway of the node subnet
        counts. What its load balancer sends from, AKS knows and authorizes by itself.
        """
        if outbound(cluster) == BY_LOAD_BALANCER:
            return None
        if cluster.egress_prefixes:
            return Egress(_ipv4(cluster.egress_prefixes))
        ways = {BY_ROUTES: self._appliance, BY_OWN_GATEWAY: self._gateway}
        way = ways.get(outbound(cluster))
        subnets = node_subnets(self._survey, cluster) if way else []
        found = {subnet.id: way(subnet) for subnet in subnets if way}
        outlets = {each.id: each for each in found.values() if each}
        if None in found.values() or len(outlets) != 1:
            return None
        (outlet,) = outlets.values()
        prefixes = self._public(outlet)
        return Egress(prefixes, outlet) if prefixes else None

    def _appliance(self, subnet: Subnet) -> Outlet | None:
        """Where a subnet's public traffic goes out: behind its default route."""
        table = self._survey.route_tables.get(subnet.route_table or "")
        # Of several routes to public addresses any could lead to the API server.
        public = list(filter(_is_public, table.routes)) if table else []
        if table is None or table.unresolved or public != [default_route(table)]:
            return None
        address = _address(public[0].next_hop or "")
        found = self._firewalls.get(address, []) if address else []
        if address is None or len(found) != 1:
            return None
        return self._beyond(subnet, address, found[0])

    def _beyond(self, subnet: Subnet, address: Cidr, firewall: Outlet) -> Outlet | None:
        """A firewall, or its subnet's NAT gateway; None where it sends traffic on."""
        survey = self._survey
        for _, space in survey.subnet_spaces.overlapping(address):
            if space.subnet is None or not _is_near(survey, subnet.vnet, space.vnet.id):
                continue
            if not self._goes_out(space.subnet):
                return None
            if space.subnet.nat_gateway:
                return self._outlets.get(space.subnet.nat_gateway)
        return firewall

    def _goes_out(self, subnet: Subnet) -> bool:
        """Whether no route of a firewall's own subnet sends traffic elsewhere."""
        if subnet.route_table is None:
            return True
        table = self._survey.route_tables.get(subnet.route_table)
        if table is None or table.unresolved:
            return False
        public = filter(_is_public, table.routes)
        return all(each.next_hop_type.lower() == INTERNET for each in public)

    def _gateway(self, subnet: Subnet) -> Outlet | None:
        """The NAT gateway of a subnet, where no route takes traffic past it."""
        if not self._goes_out(subnet):
            return None
        return self._outlets.get(subnet.nat_gateway or "")

    def _public(self, outlet: Outlet) -> tuple[Cidr, ...]:
        """The public addresses of an outlet that are known."""
        found = [self._addresses.get(each) for each in outlet.public_addresses]
        return _ipv4([*outlet.public_prefixes, *filter(None, found)])


def _is_near(survey: Survey, vnet: str, other: str) -> bool:
    return vnet == other or survey.inventory.reach.between(vnet, other) is not None


def within_reach(survey: Survey, vnet: str, address: str) -> bool:
    """Whether an address lies in a VNet, or in another that it reaches."""
    cidr = _address(address)
    spaces = survey.spaces.overlapping(cidr) if cidr else ()
    return any(_is_near(survey, vnet, space.vnet.id) for _, space in spaces)


def _ipv4(prefixes: Iterable[Cidr]) -> tuple[Cidr, ...]:
    return tuple(dict.fromkeys(each for each in prefixes if each.version == IPV4))


def _is_public(route: Route) -> bool:
    """Whether a route is for public IPv4 addresses, as those of a service tag are."""
    cidr = _cidr(route.prefix)
    if cidr is None:
        return True
    private = any(each.covers(cidr) for each in PRIVATE_IPV4)
    return cidr.version == IPV4 and not private


def _address(text: str) -> Cidr | None:
    return _cidr(f"{text}/32")


def _cidr(text: str) -> Cidr | None:
    """What a text is as a CIDR; None for a service tag."""
    try:
        return Cidr.parse(text)
    except ArgumentError:
        return None
