"""How clusters leave their networks, and which source addresses others see."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.checks.names import listed
from ipplan.checks.settings.routes import (
    BY_OWN_GATEWAY,
    BY_ROUTES,
    Ways,
    default_route,
    node_subnets,
)
from ipplan.cidrs import IPV4
from ipplan.counts import counted
from ipplan.errors import ArgumentError
from ipplan.findings import Severity
from ipplan.layouts.demands.egress import BALANCER, egress
from ipplan.models import MODELS, Home

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.cidrs import Cidr
    from ipplan.designs.studies import Study
    from ipplan.findings import Finding
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.traffic import Outlet
    from ipplan.layouts.demands.egress import Egress

UNKNOWN = "unknown"
"""What nobody can tell from what was read."""

OUTBOUND_RULES = frozenset(
    {
        "default-route-missing",
        "egress-not-authorized",
        "nat-gateway-outbound-type",
        "pod-subnet-nat-gateway",
        "outbound-type-of-managed-vnet",
        "dual-stack-nat-gateway",
        "layout-egress-short",
        "layout-egress-unknown",
    }
)
"""Rules that tell of a way out that does not work, or may not."""


class SeenAs(NamedTuple):
    """How a cluster's traffic leaves, and as whom others see it.

    Parameters
    ----------
    cluster, id : str
        The cluster as people call it, and its id.
    inside : str
        The source address that networks see which it reaches.
    inside_cidrs : tuple of Cidr
        The ranges that it comes from, of nodes and of pods.
    outside : str
        The source address that the internet sees.
    outside_cidrs : tuple of Cidr
        Public addresses of that, where they are known.
    outbound_type : str
        As Azure spells it.
    egress : Egress or None
        Ports and public IPs that it needs; None where its nodes are not known.
    addresses, most : int or None
        Public IPs that it needs, and those that it can have; None where that is not
        known, or it is an appliance that has to have them. [public IPs]
    fits : bool or None
        Whether that works: neither ports nor a rule on the way out say otherwise.
    words : str
        Ports and public IPs in a line, or why they are not known; what a rule says
        against the way out, and how many of the public IPs are not known.
    source : str
        The page that says which address others see.
    unknown : tuple of str
        What of it is not known.
    """

    cluster: str
    id: str
    inside: str
    inside_cidrs: tuple[Cidr, ...]
    outside: str
    outside_cidrs: tuple[Cidr, ...]
    outbound_type: str
    egress: Egress | None
    addresses: int | None
    most: int | None
    fits: bool | None
    words: str
    source: str
    unknown: tuple[str, ...] = ()


class _Way(NamedTuple):
    """The source address that the internet sees, in words.

    ``public`` says that it is public addresses, which can be listed; it is None where
    it is not known what it is.
    """

    words: str
    public: bool | None = True


def egresses(study: Study) -> tuple[SeenAs, ...]:
    """A line for each cluster of a study, by id.

    Parameters
    ----------
    study : Study
        A plan or an estate.
    """
    ways = Ways(study.survey)
    return tuple(_seen_as(study, ways, each) for each in study.clusters)


def _seen_as(study: Study, ways: Ways, cluster: Cluster) -> SeenAs:
    found = ways.egress(cluster)
    stated = found.prefixes if found else cluster.egress_prefixes
    kind = cluster.outbound_type
    told, why = _told(study, cluster)
    inside, source = _inside(cluster)
    way = _outside(study, cluster, found.outlet if found else None)
    against = _against(study, cluster)
    own = told if told and (kind or "").lower() != BY_ROUTES else None
    need = own.addresses if own else None
    return SeenAs(
        cluster=study.survey.called(cluster),
        id=cluster.id,
        inside=inside,
        inside_cidrs=tuple(dict.fromkeys(_sources(study, cluster))),
        outside=way.words,
        outside_cidrs=tuple(stated),
        outbound_type=kind or (UNKNOWN if not cluster.seen else BALANCER),
        egress=told,
        addresses=need,
        most=own.most if own else None,
        fits=_works(told, against),
        words="; ".join(
            [
                told.words if told else f"{UNKNOWN}: {why}",
                *(each.message for each in against),
                *_lacking(need or 0, stated),
            ]
        ),
        source=source,
        unknown=tuple(_open(way, stated, why)),
    )


def _open(way: _Way, stated: Iterable[Cidr], why: str) -> Iterator[str]:
    """What is not known: as whom it is seen, or its ports."""
    if way.public is None:
        yield "as whom the internet sees it"
    elif way.public and not any(True for _ in stated):
        yield way.words
    if why:
        yield f"SNAT ports, {why}"


def _against(study: Study, cluster: Cluster) -> list[Finding]:
    """What was found of its way out, but for what its ports and public IPs say."""
    return [
        each
        for each in (*study.findings, *study.others)
        if each.rule in OUTBOUND_RULES
        and any(subject.id == cluster.id for subject in each.subjects)
    ]


def _works(told: Egress | None, against: Iterable[Finding]) -> bool | None:
    """Whether a way out works: an error says that it does not, less that it may not."""
    worst = {each.severity for each in against}
    if Severity.ERROR in worst:
        return False
    if told is None or (worst and told.fits):
        return None
    return told.fits


def _lacking(need: int, stated: Iterable[Cidr]) -> Iterator[str]:
    """That fewer public IPs are known than it needs: a list of them is not whole."""
    known = sum(each.size for each in stated if each.version == IPV4)
    if 0 < known < need:
        yield f"incomplete: {known:,} of {counted(need, 'public IP')} known"


def _told(study: Study, cluster: Cluster) -> tuple[Egress | None, str]:
    """Ports and public IPs; of nodes that are not known why not."""
    unknown = [cluster.nodes_unknown] if cluster.nodes_unknown else []
    if not cluster.seen:
        unknown.append("only node pools or ranges of it were read")
    if unknown:
        return None, listed(unknown)
    try:
        return egress(study.plan_of(cluster)), ""
    except ArgumentError as error:
        return None, str(error)


def _inside(cluster: Cluster) -> tuple[str, str]:
    """The source address that networks see, and the page that says so."""
    if cluster.model is None:
        return f"{UNKNOWN}: its network model is not known", limits.CNI_OVERVIEW
    model = MODELS[cluster.model]
    return model.egress_source, model.source


def _sources(study: Study, cluster: Cluster) -> Iterator[Cidr]:
    """Ranges that traffic comes from: node subnets, and pod subnets where pods do."""
    known = study.inventory.subnet_by_id
    for pool in cluster.pools:
        name = pool.model or cluster.model
        apart = name is not None and MODELS[name].home is Home.POD_SUBNET
        for identity in (pool.pod_subnet if apart else None, pool.subnet):
            if identity in known:
                yield from known[identity or ""].prefixes


def _outside(study: Study, cluster: Cluster, outlet: Outlet | None) -> _Way:
    """The source address that the internet sees."""
    kind = (cluster.outbound_type or BALANCER).lower()
    if not cluster.seen:
        return _NO_WAY
    if outlet:
        what = "firewall" if outlet.kind == "firewall" else "NAT gateway"
        private = f" ({listed(outlet.private_ips)})" if outlet.private_ips else ""
        name = study.survey.called(outlet)
        return _Way(f"the public IPs of the {what} {name}{private}")
    if kind == BY_ROUTES:
        return _behind(study, cluster)
    if kind == BY_OWN_GATEWAY:
        return _Way("the public IPs of the NAT gateway of its subnets")
    return _OUTSIDE.get(kind, _NO_WAY)


_NO_WAY = _Way(UNKNOWN, public=None)

_OUTSIDE = {
    "loadbalancer": _Way("the public IPs of its load balancer"),
    "managednatgateway": _Way("the public IPs of the NAT gateway that AKS manages"),
    "managednatgatewayv2": _Way("the public IPs of the NAT gateway that AKS manages"),
    "none": _Way("nothing leaves: no way out is made", public=False),
    "block": _Way("nothing leaves: it is blocked", public=False),
}
"""The source address that the internet sees, by outbound type in lower case."""


def _behind(study: Study, cluster: Cluster) -> _Way:
    """The appliance that the default route of its node subnets names."""
    tables = study.survey.route_tables
    hops: dict[str, None] = {}
    for subnet in node_subnets(study.survey, cluster):
        table = tables.get(subnet.route_table or "")
        route = default_route(table) if table else None
        if route and route.next_hop:
            hops[route.next_hop] = None
    if not hops:
        words = f"{UNKNOWN}: the appliance of its default route was not read"
        return _Way(words, public=None)
    return _Way(f"the public IPs of {_named(study, hops)}")


def _named(study: Study, hops: Iterable[str]) -> str:
    """Appliances by the names of firewalls that were read, else by their addresses."""
    names = {
        address: f"the firewall {study.survey.called(each)} ({address})"
        for each in study.inventory.outlets
        for address in each.private_ips
    }
    return listed(names.get(hop, f"the appliance {hop}") for hop in hops)
