"""Rules on egress: whether nodes get out, and whether their API server lets them in."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.checks.access.authorizations import OWN_EGRESS, authorize, restricted
from ipplan.checks.names import listed
from ipplan.checks.remedies import Change, Remedy
from ipplan.checks.rules import Hit, Side, rule
from ipplan.checks.settings.routes import (
    BY_LOAD_BALANCER,
    BY_OWN_GATEWAY,
    BY_ROUTES,
    EVERYWHERE,
    INTERNET,
    Ways,
    default_route,
    node_subnets,
    outbound,
    within_reach,
)
from ipplan.findings import Effect, Severity
from ipplan.inventory.origins import name_of
from ipplan.inventory.traffic import Route

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.checks.settings.routes import Egress
    from ipplan.checks.surveys import Survey
    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.networks import Subnet
    from ipplan.inventory.traffic import RouteTable


def reaches_by_internet(survey: Survey) -> Iterator[Cluster]:
    """Clusters whose nodes reach an API server that has authorized ranges from outside.

    With API Server VNet Integration nodes use a private address of it.
    """
    for cluster in restricted(survey):
        open_ = any("authorizedipranges" in e.lower() for e in cluster.unresolved)
        if not cluster.vnet_integration and not open_:
            yield cluster


@rule(limits.AUTHORIZED, Severity.ERROR)
def egress_not_authorized(survey: Survey) -> Iterator[Hit]:
    """The addresses that nodes leave from are among the authorized ranges.

    Nodes reach a public API server by their way to the internet. AKS lets in what the
    cluster's own load balancer sends from; the public addresses of a firewall or of a
    NAT gateway have to be authorized, each of them, since any may be the one that
    traffic leaves from. Without that nodes don't join the cluster. It is judged where
    the addresses are stated, or follow from the route table and the firewall, or from
    the NAT gateway of the node subnet.
    """
    ways = Ways(survey)
    for cluster in reaches_by_internet(survey):
        found = ways.egress(cluster)
        missing = _missing(cluster, found.prefixes) if found else []
        if found and missing:
            name = survey.called(cluster)
            kept = [each for each in cluster.authorized_ranges if each != OWN_EGRESS]
            yield Hit(
                Severity.ERROR,
                Effect.BREAKS_TRAFFIC,
                (*(Side(cluster, each) for each in missing), *_sides(found)),
                f"nodes of {name} leave from {listed(missing)}{_of(survey, found)}, "
                f"which its authorized ranges {listed(cluster.authorized_ranges)} "
                "don't let in",
                (authorize(survey, cluster, [*kept, *missing]),),
            )


def open_questions(survey: Survey) -> Iterator[tuple[Cluster, str, str]]:
    """Clusters whose way out is their own and was not read, and what to state.

    Of the default route only plans are asked: of a cluster that is there, AKS has seen
    it.
    """
    ways = Ways(survey)
    for cluster in reaches_by_internet(survey):
        own = outbound(cluster) in {BY_ROUTES, BY_OWN_GATEWAY}
        if own and ways.egress(cluster) is None:
            what = "whether its authorized ranges let its nodes in"
            why = "the addresses that they leave from were not read"
            yield cluster, f"{what}: {why}", "egress_ips"
    for cluster in _planned_by_routes(survey):
        known = survey.inventory.subnet_by_id
        named = dict.fromkeys(pool.subnet for pool in cluster.pools if pool.subnet)
        if any(_is_silent(known.get(each)) for each in named):
            what = "whether it has a default route to an appliance"
            why = "the file of its node subnets says no route table"
            yield cluster, f"{what}: {why}", "route_table"


def _is_silent(subnet: Subnet | None) -> bool:
    """Whether no file says if a subnet has a route table."""
    return subnet is None or (subnet.holders is None and not subnet.route_table)


def _missing(cluster: Cluster, prefixes: tuple[Cidr, ...]) -> list[Cidr]:
    """Egress addresses that no authorized range has, nor several together."""
    from ipplan.cidrs.aggregates import aggregate

    ranges = cluster.authorized_ranges
    missing = [each for each in prefixes if not _is_covered(each, ranges)]
    merged = list(aggregate(ranges)) if missing else []
    return [each for each in missing if not _is_covered(each, merged)]


def _is_covered(cidr: Cidr, ranges: Iterable[Cidr]) -> bool:
    return any(each.covers(cidr) for each in ranges)


def _sides(found: Egress) -> tuple[Side, ...]:
    return (Side(found.outlet),) if found.outlet else ()


def _of(survey: Survey, found: Egress) -> str:
    return f" of {survey.called(found.outlet)}" if found.outlet else ""


@rule(limits.OUTBOUND, Severity.ERROR)
def default_route_missing(survey: Survey) -> Iterator[Hit]:
    """With userDefinedRouting, node subnets have a default route to an appliance.

    AKS makes no way out then, and looks for a route for 0.0.0.0/0 to a firewall, a
    gateway or another appliance in the route table of every node subnet. One straight
    to the internet does not count: nodes have no public addresses. It is judged where
    the route table was read, and for a planned cluster also where a listing of Azure
    shows that the node subnet has none.
    """
    yield from _without_route(survey)
    yield from _without_table(survey)


def _without_route(survey: Survey) -> Iterator[Hit]:
    """Node subnets whose route table has no default route to an appliance."""
    for table, subnets in _tables(survey).items():
        route = default_route(survey.route_tables[table])
        if route and route.next_hop_type.lower() != INTERNET:
            continue
        noun = survey.route_tables[table]
        clusters = {
            cluster.id: cluster
            for subnet in subnets
            for cluster in survey.users(subnet.id)
            if outbound(cluster) == BY_ROUTES
        }.values()
        what = "sends {} to the internet" if route else "has no route for {}"
        yield Hit(
            Severity.ERROR,
            Effect.REFUSED,
            (Side(noun), *map(Side, subnets), *map(Side, clusters)),
            f"{survey.called(noun)} of {listed(map(survey.called, subnets))} "
            f"{what.format(EVERYWHERE)}, and the outbound type of "
            f"{listed(map(survey.called, clusters))} is userDefinedRouting",
            _default_routes(survey, noun, subnets, list(clusters)),
        )


def _tables(survey: Survey) -> dict[str, list[Subnet]]:
    """Route tables that were read whole, with the node subnets that need them."""
    found: dict[str, dict[str, Subnet]] = {}
    for cluster in survey.inventory.clusters:
        if outbound(cluster) != BY_ROUTES:
            continue
        for subnet in node_subnets(survey, cluster):
            table = survey.route_tables.get(subnet.route_table or "")
            if table and not table.unresolved:
                found.setdefault(table.id, {})[subnet.id] = subnet
    return {table: list(subnets.values()) for table, subnets in found.items()}


def _without_table(survey: Survey) -> Iterator[Hit]:
    """Node subnets of plans that are there and have no route table."""
    found: dict[str, list[Cluster]] = defaultdict(list)
    for cluster in _planned_by_routes(survey):
        for subnet in node_subnets(survey, cluster):
            # What lists holders lists everything; other files may leave tables out.
            listed_whole = subnet.holders is not None and not subnet.unresolved
            if listed_whole and not subnet.route_table:
                found[subnet.id].append(cluster)
    for identity, clusters in found.items():
        subnet = survey.inventory.subnet_by_id[identity]
        yield Hit(
            Severity.ERROR,
            Effect.REFUSED,
            (Side(subnet), *map(Side, clusters)),
            f"{survey.called(subnet)} has no route table, and the outbound type of "
            f"{listed(map(survey.called, clusters))} is userDefinedRouting",
            (*_tables_beside(survey, subnet), _by_balancer(survey, clusters)),
        )


def _planned_by_routes(survey: Survey) -> Iterator[Cluster]:
    for cluster in survey.inventory.clusters:
        if outbound(cluster) == BY_ROUTES and Side(cluster).proposed:
            yield cluster


def _tables_beside(survey: Survey, subnet: Subnet) -> Iterator[Remedy]:
    """Route tables of the same VNet that lead to an appliance."""
    others = survey.inventory.vnet_by_id[subnet.vnet].subnets
    for table in dict.fromkeys(each.route_table for each in others if each.route_table):
        noun = survey.route_tables.get(table)
        route = default_route(noun) if noun else None
        if noun and route and route.next_hop_type.lower() != INTERNET:
            yield Remedy(
                f"attach the route table {survey.called(noun)} to "
                f"{survey.called(subnet)}",
                (Change(subnet.id, "route_table", table),),
            )


def _by_balancer(survey: Survey, clusters: list[Cluster]) -> Remedy:
    return Remedy(
        f"use outbound type loadBalancer for {listed(map(survey.called, clusters))}",
        tuple(Change(each.id, "outbound_type", "loadBalancer") for each in clusters),
    )


def _default_routes(
    survey: Survey,
    table: RouteTable,
    subnets: list[Subnet],
    clusters: list[Cluster],
) -> Iterator[Remedy]:
    """A default route to a firewall that there is; or out by the load balancer."""
    kept = [each for each in table.routes if each != default_route(table)]
    for outlet in survey.inventory.outlets:
        for address in outlet.private_ips:
            if not all(within_reach(survey, e.vnet, address) for e in subnets):
                continue
            route = Route("default", str(EVERYWHERE), "VirtualAppliance", address)
            yield Remedy(
                f"add to {survey.called(table)} a route for {EVERYWHERE} to "
                f"{survey.called(outlet)} {address}",
                (Change(table.id, "routes", (*kept, route)),),
            )
    yield _by_balancer(survey, clusters)


@rule(f"{limits.AKS}/nat-gateway", Severity.ERROR)
def nat_gateway_outbound_type(survey: Survey) -> Iterator[Hit]:
    """In a subnet with a NAT gateway of your own, a cluster says that it uses it.

    AKS refuses to make a cluster with outbound type loadBalancer, the default, where
    the subnet of its nodes has a NAT gateway: it has to be userAssignedNATGateway. One
    that is there can be changed all the same, and is not told.
    """
    for cluster in survey.inventory.clusters:
        if not cluster.origin.proposed or not _by_load_balancer(cluster):
            continue
        subnets = [e for e in node_subnets(survey, cluster) if e.nat_gateway]
        if subnets:
            name = survey.called(cluster)
            said = "" if cluster.outbound_type else ", the default"
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (Side(cluster), *map(Side, subnets)),
                f"{listed(map(survey.called, subnets))} has a NAT gateway, and the "
                f"outbound type of {name} is loadBalancer{said}",
                (
                    Remedy(
                        f"use outbound type userAssignedNATGateway for {name}",
                        (
                            Change(
                                cluster.id, "outbound_type", "userAssignedNATGateway"
                            ),
                        ),
                    ),
                ),
            )


def _by_load_balancer(cluster: Cluster) -> bool:
    """Whether a planned cluster sends through its load balancer, as by default."""
    open_ = any(
        "outboundtype" in each.lower() or each.startswith("networkProfile:")
        for each in cluster.unresolved
    )
    return outbound(cluster) in {"", BY_LOAD_BALANCER} and not open_


@rule(limits.CHANGELOG, Severity.ERROR)
def pod_subnet_nat_gateway(survey: Survey) -> Iterator[Hit]:
    """With userAssignedNATGateway, the pod subnet has the NAT gateway too.

    Pods in a subnet of their own leave from that subnet, so the NAT gateway of the node
    subnet is none of theirs. AKS checks it.
    """
    known = survey.inventory.subnet_by_id
    for cluster in survey.inventory.clusters:
        if outbound(cluster) != BY_OWN_GATEWAY:
            continue
        gateways = [e.nat_gateway for e in node_subnets(survey, cluster)]
        own = next(filter(None, gateways), None)
        named = dict.fromkeys(e.pod_subnet for e in cluster.pools if e.pod_subnet)
        for subnet in (known[each] for each in named if each in known):
            if own and not subnet.nat_gateway:
                name, gateway = survey.called(subnet), name_of(own)
                yield Hit(
                    Severity.ERROR,
                    Effect.REFUSED,
                    (Side(subnet), Side(cluster)),
                    f"{name}, the pod subnet of {survey.called(cluster)}, has no NAT "
                    f"gateway, and the node subnet has {gateway}",
                    (
                        Remedy(
                            f"attach {gateway} to {name}",
                            (Change(subnet.id, "nat_gateway", own),),
                        ),
                    ),
                )
