"""What a layout itself can have wrong, besides what ``ipplan check`` looks for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.findings import (
    Described,
    Effect,
    Finding,
    Location,
    Severity,
    Subject,
)
from ipplan.layouts.belongings.routes import leaves_by_routes
from ipplan.layouts.belongings.sites import node_homes, writes_routes
from ipplan.layouts.demands.egress import egress
from ipplan.layouts.demands.holds import holds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.origins import Origin
    from ipplan.inventory.traffic import RouteTable
    from ipplan.layouts.demands.egress import Egress
    from ipplan.layouts.plans import NetworkPlan
    from ipplan.layouts.results import Layout, Unfit

    Body = Callable[[Layout], Iterator["Hit"]]

EVERYWHERE_IPV6 = "::/0"

DIGITS = 32
"""Hexadecimal digits of a fingerprint. [characters]"""


class Hit(NamedTuple):
    """Where a layout has something wrong.

    Parameters
    ----------
    subject : Subject
        Whom it is about.
    message, fix : str
        What was found, and a way out; empty where none is known.
    source : str
        The page that says so; empty for the rule's own.
    origin : Origin or None
        Where it stands in the plan.
    """

    subject: Subject
    message: str
    fix: str = ""
    source: str = ""
    origin: Origin | None = None


@dataclass(frozen=True)
class Rule(Described["Body"]):
    """One rule: its id, its function, its page, how bad a breach is, what happens."""

    source: str
    severity: Severity
    effect: Effect

    def finding(self, hit: Hit) -> Finding:
        """A hit as it is told."""
        key = f"{self.name}\n{hit.subject.kind}\n{hit.subject.id}"
        where = hit.origin
        return Finding(
            self.name,
            self.severity,
            hit.message,
            hit.source or self.source,
            self.effect,
            (hit.subject,),
            hit.fix,
            hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS],
            Location(where.file, where.path, where.line)
            if where and where.file
            else None,
        )


def findings(layout: Layout) -> tuple[Finding, ...]:
    """What a layout has wrong, by rule.

    Parameters
    ----------
    layout : Layout
        As :func:`ipplan.lay_out` gives it.

    Examples
    --------
    >>> from ipplan.layouts.plans import LayoutPlan
    >>> from ipplan.layouts.results import Layout, Unfit
    >>> findings(Layout(LayoutPlan("shop")))
    ()
    """
    return tuple(rule.finding(hit) for rule in RULES for hit in rule.hits(layout))


def _no_room(layout: Layout) -> Iterator[Hit]:
    """Everything that a plan asks for has a range.

    Ranges are aligned to their size, so a network can have more free addresses than
    something needs and yet no block of that size. What the plan pins, what exists and
    what an earlier layout gave stays where it is.

    Nothing is emitted of a layout that lacks a range, and its lock is not written.
    """
    origins = {each.id: each.origin for each in layout.plan.networks}
    origins |= {e.cluster.id: e.cluster.origin for _, e in layout.plan.clusters}
    for each in layout.unfit:
        home = each.id.partition("/subnets/")[0]
        yield Hit(
            Subject(each.kind.lower().replace(" ", "-"), each.name, each.id),
            _without(each),
            each.remedy,
            origin=origins.get(home),
        )


def _without(unfit: Unfit) -> str:
    """What has no range: for want of a block, or since it has outgrown its own."""
    largest, length = unfit.largest, unfit.length
    what = f"{unfit.kind} {unfit.name}"
    where = f" in {unfit.where}" if unfit.where else ""
    if largest and largest.length <= length:
        return f"{what}{where} can't keep its range, and needs a /{length}"
    free = f"the largest free block is {largest}" if largest else "nothing is free"
    return f"no /{length} for {what}{where}: {free}"


def _short(layout: Layout) -> Iterator[Hit]:
    """A subnet holds what the plan says will stand in it, growth included.

    A range that is pinned or exists is kept, and so is a prefix length that is asked
    for, even where it is too small. A subnet in use can't be resized.
    """
    origins = {each.id: each for each in layout.plan.networks}
    for each in layout.subnets:
        want, room = each.want, holds(each)
        if each.prefixes and room < want.need:
            network = origins[want.network]
            ranges = " ".join(map(str, each.prefixes))
            yield Hit(
                Subject("subnet", f"{network.name}/{want.name}", want.id, ranges),
                f"subnet {want.name} of {network.name} {ranges} holds {room:,} "
                f"addresses, and {want.need:,} are needed",
                origin=network.origin,
            )


def _overlap(layout: Layout) -> Iterator[Hit]:
    """Networks of one plan have ranges of their own.

    Networks that nothing joins may overlap, and can't be joined as long as they do. The
    plan fixes these ranges, or they exist: what is drawn overlaps nothing.
    """
    owned = [(each, one.plan) for one in layout.networks for each in one.prefixes]
    outer: list[tuple[Cidr, NetworkPlan]] = []
    for cidr, network in sorted(owned, key=lambda each: (each[0], each[1].id)):
        while outer and not outer[-1][0].covers(cidr):
            outer.pop()
        for other, holder in outer:
            joined = layout.inventory.reach.between(holder.id, network.id)
            if holder.id != network.id and joined is None:
                yield Hit(
                    Subject("vnet", network.name, network.id, str(cidr)),
                    f"{network.name} {cidr} and {holder.name} {other} overlap: they "
                    "can't be peered as long as they do",
                    f"leave ranges out of {network.name}: it gets others",
                    origin=network.origin,
                )
        outer.append((cidr, network))


def _egress(layout: Layout) -> Iterator[Hit]:
    """A cluster gets the public IPs and SNAT ports that its nodes take at the most.

    A load balancer sets ports aside for every node, those of an upgrade among them; a
    node without ports can't be added.
    """
    for each in layout.clusters:
        cluster, found = each.plan.cluster, egress(each.plan)
        if found.fits is False:
            yield _leaving(cluster, found)


def _egress_unsaid(layout: Layout) -> Iterator[Hit]:
    """Pages say how many SNAT ports the nodes of a cluster get.

    A load balancer gives nodes ports by a table that ends; beyond it they may have too
    few, or AKS may refuse more nodes. Where the plan states ports_per_node, those
    count.
    """
    for each in layout.clusters:
        found = egress(each.plan)
        if found.fits is None:
            yield _leaving(each.plan.cluster, found)


def _leaving(cluster: Cluster, found: Egress) -> Hit:
    """How a cluster leaves its network, in words that say what is wrong."""
    return Hit(
        Subject("cluster", cluster.name, cluster.id),
        f"{cluster.name} leaves through {found.words}",
        source=found.source,
        origin=cluster.origin,
    )


def _gateway(layout: Layout) -> Iterator[Hit]:
    """The Application Gateway of a kubenet cluster has the routes to its pods.

    They are in the cluster's route table, so the gateway's subnet needs that table. One
    that leads 0.0.0.0/0 to an appliance, as userDefinedRouting asks, is not supported
    there. So the layout leaves the gateway without, and it reaches no pod.
    """
    there = layout.plan.inventory.subnet_by_id
    known = {each.plan.cluster.id: each.plan.cluster for each in layout.clusters}
    for want in (each.want for each in layout.subnets):
        own = there.get(want.id)
        if want.purpose != "application-gateway" or (own and own.route_table):
            continue
        for cluster in (known[each] for each in want.clusters):
            if writes_routes(cluster) and leaves_by_routes(cluster):
                name = cluster.name
                yield Hit(
                    Subject("cluster", name, cluster.id),
                    f"the Application Gateway of {name} in {want.name} finds no pod: "
                    f"it needs the route table of {name}, and may not have that one's "
                    "default route to an appliance",
                    "take cni-overlay, whose pods need no routes, or another outbound "
                    "type",
                    origin=cluster.origin,
                )


def _ipv6(layout: Layout) -> Iterator[Hit]:
    """A dual-stack cluster that leaves by routes has one for IPv6 too.

    AKS warns where the route table of its nodes has none for ::/0, and deploys: what
    its pods send by IPv6 goes past the appliance, or nowhere. A layout makes none, for
    Azure Firewall takes IPv6 in a preview alone.
    """
    subnets = layout.inventory.subnet_by_id
    tables = {each.id: each for each in layout.inventory.route_tables}
    for cluster in (each.plan.cluster for each in layout.clusters):
        if "dual-stack" not in cluster.needs or not leaves_by_routes(cluster):
            continue
        homes = (subnets[e] for e in node_homes(cluster) if e in subnets)
        found = (tables.get(each.route_table or "") for each in homes)
        lacking = next((each for each in found if each and _lacks_ipv6(each)), None)
        if lacking:
            yield Hit(
                Subject("cluster", cluster.name, cluster.id),
                f"{cluster.name} is dual-stack, and its route table {lacking.name} has "
                f"no route for {EVERYWHERE_IPV6}",
                f"lead {EVERYWHERE_IPV6} to an appliance that takes IPv6",
                origin=cluster.origin,
            )


def _lacks_ipv6(table: RouteTable) -> bool:
    routes = (each.prefix for each in table.routes)
    return not table.unresolved and EVERYWHERE_IPV6 not in routes


RULES = (
    Rule(
        "layout-no-room",
        _no_room,
        limits.IP_PLANNING,
        Severity.ERROR,
        Effect.REFUSED,
    ),
    Rule(
        "layout-subnet-short",
        _short,
        limits.IP_PLANNING,
        Severity.WARNING,
        Effect.NEXT_CHANGE_REFUSED,
    ),
    Rule(
        "layout-networks-overlap",
        _overlap,
        limits.IP_PLANNING,
        Severity.WARNING,
        Effect.WORKS_BUT,
    ),
    Rule(
        "layout-egress-short",
        _egress,
        limits.BALANCER,
        Severity.ERROR,
        Effect.REFUSED,
    ),
    Rule(
        "layout-egress-unknown",
        _egress_unsaid,
        limits.BALANCER,
        Severity.WARNING,
        Effect.WORKS_BUT,
    ),
    Rule(
        "layout-gateway-unrouted",
        _gateway,
        limits.APPLICATION_GATEWAY,
        Severity.ERROR,
        Effect.BREAKS_TRAFFIC,
    ),
    Rule(
        "layout-dual-stack-unrouted",
        _ipv6,
        f"{limits.AKS}/configure-dual-stack",
        Severity.WARNING,
        Effect.WORKS_BUT,
    ),
)
"""Every rule of a layout, in the order of its findings."""
