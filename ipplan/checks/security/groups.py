"""Rules on network security groups: what they must not cut, and where they belong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan import limits
from ipplan.checks.names import called, listed
from ipplan.checks.remedies import Change, Remedy
from ipplan.checks.rules import Hit, Side, rule
from ipplan.checks.security.flows import (
    FROM_LOAD_BALANCER,
    INTERNET,
    End,
    Flow,
    cutting_rule,
    deciding,
    narrowed,
)
from ipplan.checks.settings.routes import node_subnets
from ipplan.cidrs import IPV4
from ipplan.counts import counted
from ipplan.findings import Effect, Severity
from ipplan.inventory.origins import name_of, resource_group_of, subscription_of
from ipplan.inventory.traffic import SecurityRule
from ipplan.models import MODELS, Home

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.checks.surveys import Survey
    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.networks import Subnet
    from ipplan.inventory.traffic import Direction, NodeInterface, SecurityGroup


PUBLIC_API_SERVERS = f"{limits.AKS}/outbound-rules-control-egress"


class Place(NamedTuple):
    """Nodes, pods or API servers, and the groups on the subnets that they live in.

    Parameters
    ----------
    noun : Subnet, Cluster or None
        Whose ranges they are; None for the load balancer and the internet.
    end : End
        Their IPv4 addresses.
    groups : tuple of str
        Ids of network security groups.
    """

    noun: Any
    end: End
    groups: tuple[str, ...] = ()


class Cut(NamedTuple):
    """A flow of a cluster that a rule of a group denies."""

    cluster: Cluster
    group: SecurityGroup
    rule: SecurityRule
    source: Place
    destination: Place
    port: int | None


Flows = Callable[["Survey", "Cluster"], Iterator[tuple[Place, Place, int | None]]]
"""What has to flow in a cluster: from where, to where, and to which port."""


@rule(limits.NETWORK_CONCEPTS, Severity.ERROR)
def nsg_cuts_node_traffic(survey: Survey) -> Iterator[Hit]:
    """No network security group cuts what nodes of a cluster send one another.

    AKS puts no group on a subnet of yours and changes none there; its rules must let
    all ports and protocols through between the nodes of a cluster. A rule is told only
    where it denies all TCP from one node subnet to another or within one, and no rule
    before it may let some of it through; one that denies single ports, such as 22, is
    not told.
    """
    return _hits(survey, _between_nodes, "nodes of {} can't reach one another")


def _between_nodes(
    survey: Survey, cluster: Cluster
) -> Iterator[tuple[Place, Place, None]]:
    nodes = _subnets(node_subnets(survey, cluster))
    return ((one, other, None) for one in nodes for other in nodes)


@rule(limits.NETWORK_CONCEPTS, Severity.ERROR)
def nsg_cuts_pod_traffic(survey: Survey) -> Iterator[Hit]:
    """No network security group cuts what nodes send to pods, and pods to pods.

    Pods of kubenet and CNI Overlay have addresses of the pod CIDR, and with these they
    meet the groups on the node subnet: besides node to node, its rules must let through
    what goes from the node subnet to the pod CIDR, and from the pod CIDR to itself. The
    tag VirtualNetwork does not stand for a pod CIDR for certain. With a pod subnet, the
    same holds for the groups on both subnets.
    """
    return _hits(survey, _to_pods, "pods of {} can't be reached")


def _to_pods(survey: Survey, cluster: Cluster) -> Iterator[tuple[Place, Place, None]]:
    nodes = _subnets(node_subnets(survey, cluster))
    pods = _pods(survey, cluster, nodes)
    return ((one, other, None) for one in (*nodes, *pods) for other in pods)


def _pods(survey: Survey, cluster: Cluster, nodes: list[Place]) -> list[Place]:
    """Where pods live that are not in the node subnet."""
    known = survey.inventory.subnet_by_id
    named = dict.fromkeys(pool.pod_subnet for pool in cluster.pools if pool.pod_subnet)
    found = _subnets(known[each] for each in named if each in known)
    model = MODELS.get(cluster.model or "")
    if model and model.home is Home.POD_CIDR:
        groups = dict.fromkeys(group for each in nodes for group in each.groups)
        end = End(_ipv4(cluster.pod_cidrs), in_vnet=False)
        found += [Place(cluster, end, tuple(groups))] if end.ranges else []
    return found


@rule(limits.VNET_INTEGRATION, Severity.ERROR)
def nsg_cuts_api_server(survey: Survey) -> Iterator[Hit]:
    """No network security group cuts nodes off from their API server.

    With API Server VNet Integration, nodes reach the API server's subnet on TCP 443 and
    4443, and the probes of Azure Load Balancer on 9988. The API server of a public
    cluster has a public address, which nodes reach on TCP 443: a rule that denies them
    the whole internet cuts them off. Where a rule before it lets a part of that
    through, such as the service tag AzureCloud or VirtualNetwork, nothing is told.
    """
    effect = "the API server of {} can't be reached"
    yield from _hits(survey, _to_own_subnet, effect)
    yield from _hits(survey, _to_public_address, effect, PUBLIC_API_SERVERS)


def _to_own_subnet(
    survey: Survey, cluster: Cluster
) -> Iterator[tuple[Place, Place, int]]:
    subnet = survey.inventory.subnet_by_id.get(cluster.api_server_subnet or "")
    for server in _subnets([subnet] if subnet else []):
        for node in _subnets(node_subnets(survey, cluster)):
            yield from ((node, server, e) for e in limits.API_SERVER_PORTS.value)
        probes = Place(None, FROM_LOAD_BALANCER)
        yield probes, server, limits.API_SERVER_PROBE.value


def _to_public_address(
    survey: Survey, cluster: Cluster
) -> Iterator[tuple[Place, Place, int]]:
    if _is_public(cluster):
        for node in _subnets(node_subnets(survey, cluster)):
            yield node, Place(None, INTERNET), limits.PUBLIC_API_SERVER_PORT.value


def _is_public(cluster: Cluster) -> bool:
    """Whether nodes certainly reach their API server at a public address.

    AKS Automatic integrates it with a VNet, which its plan need not say.
    """
    within = (
        cluster.private or cluster.vnet_integration or bool(cluster.api_server_subnet)
    )
    open_ = any("apiserveraccessprofile" in e.lower() for e in cluster.unresolved)
    known = cluster.seen and not open_ and "automatic" not in cluster.needs
    return known and not within


def _subnets(subnets: Iterable[Subnet]) -> list[Place]:
    """Places of subnets whose IPv4 ranges are known."""
    return [
        Place(each, End(ranges), tuple(filter(None, [each.network_security_group])))
        for each in subnets
        if (ranges := _ipv4(each.prefixes))
    ]


def _ipv4(cidrs: Iterable[Cidr]) -> tuple[Cidr, ...]:
    return tuple(each for each in cidrs if each.version == IPV4)


def _hits(survey: Survey, flows: Flows, effect: str, source: str = "") -> Iterator[Hit]:
    """One hit for each rule of a group that cuts any of some flows."""
    found: dict[tuple[str, SecurityRule], list[Cut]] = defaultdict(list)
    for cut in _cuts(survey, flows):
        found[cut.group.id, cut.rule].append(cut)
    for cuts in found.values():
        group, denies = cuts[0].group, cuts[0].rule
        clusters = list({e.cluster.id: e.cluster for e in cuts}.values())
        nouns = {e.noun.id: e for cut in cuts for e in cut[3:5] if e.noun}
        told = listed(dict.fromkeys(_words(survey, each) for each in cuts))
        yield Hit(
            Severity.ERROR,
            Effect.BREAKS_TRAFFIC,
            (
                Side(group),
                *(Side(e.noun, e.end.ranges[0]) for e in nouns.values()),
                *(Side(e) for e in clusters if e.id not in nouns),
            ),
            f"{denies.name} (priority {denies.priority}) of {survey.called(group)} "
            f"denies {told}: {effect.format(called(survey, clusters))}",
            _allowed(survey, cuts),
            source,
        )


def _cuts(survey: Survey, flows: Flows) -> Iterator[Cut]:
    """Flows that a rule cuts, where subnets leave to others or let others in."""
    denying = _denying(survey)
    for cluster in survey.inventory.clusters if denying else ():
        wanted = list(flows(survey, cluster))
        met = {key for source, other, _ in wanted for key in _filters(source, other)}
        # Most rules have nothing to do with a cluster: they are looked at once.
        whole = _whole(wanted)
        rules = {key: narrowed(denying[key], whole) for key in met & denying.keys()}
        for source, destination, port in wanted if rules else ():
            flow = Flow(source.end, destination.end, port)
            for group, direction in _filters(source, destination):
                own = rules.get((group, direction), ())
                found = cutting_rule(own, direction, flow)
                if found:
                    noun = survey.security_groups[group]
                    yield Cut(cluster, noun, found, source, destination, port)


def _filters(source: Place, destination: Place) -> Iterator[tuple[str, Direction]]:
    """The groups that a flow passes, and which of their rules are for it."""
    for each in source.groups:
        yield each, "Outbound"
    for each in destination.groups:
        yield each, "Inbound"


def _whole(flows: list[tuple[Place, Place, int | None]]) -> Flow:
    """Everything that flows, to all ports."""
    sources = {each for source, _, _ in flows for each in source.end.ranges}
    others = {each for _, other, _ in flows for each in other.end.ranges}
    return Flow(End(tuple(sources)), End(tuple(others)))


def _denying(survey: Survey) -> dict[tuple[str, Direction], list[SecurityRule]]:
    """The rules of groups that were read whole, where any of a direction denies."""
    directions: tuple[Direction, ...] = ("Inbound", "Outbound")
    return {
        (each.id, direction): rules
        for each in survey.inventory.security_groups
        for direction in directions
        if not each.unresolved and (rules := deciding(each.rules, direction))
    }


def _words(survey: Survey, cut: Cut) -> str:
    port = "" if cut.port is None else f" port {cut.port}"
    ends = (_called(survey, each) for each in (cut.source, cut.destination))
    return f"what {' sends to '.join(ends)}{port}"


def _called(survey: Survey, place: Place) -> str:
    """Nodes, pods or API servers by their ranges."""
    ranges = listed(place.end.ranges)
    if place.end == INTERNET:
        return "the internet"
    if place.noun is None:
        return f"the load balancer {ranges}"
    whose = survey.called(place.noun)
    return f"{whose} {ranges}" if place.end.in_vnet else f"pod CIDR {ranges} of {whose}"


def _allowed(survey: Survey, cuts: list[Cut]) -> Iterator[Remedy]:
    """A rule before the one that denies, for exactly what has to flow."""
    group, denies = cuts[0].group, cuts[0].rule
    taken = {e.priority for e in group.rules if e.direction == denies.direction}
    lower = range(denies.priority - 1, limits.FIRST_PRIORITY.value - 1, -1)
    priority = next((each for each in lower if each not in taken), None)
    if priority is None:
        return
    ports = dict.fromkeys("*" if e.port is None else f"{e.port}" for e in cuts)
    added = SecurityRule(
        f"allow-{'-'.join(filter(str.isalnum, ports)) or 'cluster'}-{priority}",
        priority,
        denies.direction,
        "Allow",
        "*",
        _texts(e.source for e in cuts),
        _texts(e.destination for e in cuts),
        tuple(ports),
    )
    yield Remedy(
        f"add to {survey.called(group)} an {denies.direction} rule with priority "
        f"{priority}: allow {listed(added.sources)} to {listed(added.destinations)}, "
        f"{'all ports' if '*' in ports else f'ports {listed(ports)}'}",
        (Change(group.id, "rules", (*group.rules, added)),),
    )


def _texts(places: Iterable[Place]) -> tuple[str, ...]:
    """Ranges as a rule has them; of the internet, Azure's own are what is needed."""
    texts = (
        ("AzureCloud",) if place.end == INTERNET else map(str, place.end.ranges)
        for place in places
    )
    return tuple(dict.fromkeys(text for each in texts for text in each))


@rule(f"{limits.AKS}/support-policies", Severity.WARNING)
def nsg_on_node_nic(survey: Survey) -> Iterator[Hit]:
    """Network security groups of yours are on subnets, not on interfaces of nodes.

    AKS puts a group of its own on the interfaces of nodes, in the resource group of
    the nodes, and changes its rules as services come and go. Another group in its place
    is not supported: services can lose their traffic, and upgrades bring AKS's group
    back.
    """
    found: dict[tuple[str, str], list[NodeInterface]] = defaultdict(list)
    owners = survey.node_groups
    for each in survey.inventory.node_interfaces:
        owner = owners.get((subscription_of(each.id), each.resource_group))
        group = each.network_security_group
        if owner and group and resource_group_of(group) != each.resource_group:
            found[owner.id, group].append(each)
    clusters = {each.id: each for each in owners.values()}
    for (identity, group), interfaces in found.items():
        cluster, noun = clusters[identity], survey.security_groups.get(group)
        yield Hit(
            Severity.WARNING,
            Effect.WORKS_BUT,
            (Side(cluster), *([Side(noun)] if noun else []), *map(Side, interfaces)),
            f"{name_of(group)}, a network security group of your own, is on "
            f"{counted(len(interfaces), 'interface')} of nodes of "
            f"{survey.called(cluster)}: {called(survey, interfaces)}",
            _on_subnets(survey, cluster, group, interfaces),
        )


def _on_subnets(
    survey: Survey, cluster: Cluster, group: str, interfaces: list[NodeInterface]
) -> Iterator[Remedy]:
    """The same group on the node subnets, where they have none; or off the nodes."""
    off = tuple(Change(e.id, "network_security_group", None) for e in interfaces)
    subnets = node_subnets(survey, cluster)
    text = f"take {name_of(group)} off the interfaces"
    if subnets and not any(each.network_security_group for each in subnets):
        names = listed(map(survey.called, subnets))
        yield Remedy(
            f"{text} and put it on {names}",
            (*off, *(Change(e.id, "network_security_group", group) for e in subnets)),
        )
    yield Remedy(f"{text}: let AKS put its own there", off)
