"""Rules on private clusters: a route to the API server, its name, and its zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.checks.access.clients import NO_ZONE, Views, groups
from ipplan.checks.names import called
from ipplan.checks.remedies import Change, Remedy
from ipplan.checks.rules import Hit, Side, rule
from ipplan.findings import Effect, Severity
from ipplan.inventory.origins import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ipplan.checks.access.clients import Group
    from ipplan.checks.surveys import Survey
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.externals import Client
    from ipplan.inventory.networks import Peering


def _are(survey: Survey, clients: Sequence[Client]) -> str:
    """What clients of one kind are, with their names."""
    words = clients[0].kind.replace("-", " ")
    if len(clients) > 1:
        words += "es" if words.endswith("x") else "s"
    return f"{words} {called(survey, clients)}"


@rule(limits.PRIVATE_CLUSTERS, Severity.WARNING)
def private_api_server_unreachable(survey: Survey) -> Iterator[Hit]:
    """A private cluster is reached from a jump box, and from a build agent.

    Its API server has an address in the VNet of its first node pool, or in its own
    subnet with VNet Integration, and no public one. Of the jump boxes that are
    declared, and of the build agents, at least one must have a route there: in the same
    VNet, through peerings, a hub or a declared group, or on premises behind a gateway.
    A peering of some subnets only leads to those alone. Agents that Microsoft hosts
    have none. It is a warning, since there may be a way that no file shows.
    """
    views = Views(survey)
    for group in groups(survey):
        found = [views.reaches(each, group) for each in group.clients]
        if all(each is False for each in found):
            yield Hit(
                Severity.WARNING,
                Effect.BREAKS_TRAFFIC,
                (Side(group.cluster), *map(Side, group.clients)),
                f"{_are(survey, group.clients)} "
                f"{'has' if len(group.clients) == 1 else 'have'} no route to the API "
                f"server of {survey.called(group.cluster)} in "
                f"{survey.name_of(group.home)}",
                _joined(survey, views, group),
            )


def _joined(survey: Survey, views: Views, group: Group) -> Iterator[Remedy]:
    """A peering with the VNet of a client, and the zone linked where that is needed."""
    for client in group.clients:
        ends = client.network, group.home
        if client.network not in survey.inventory.vnet_by_id:
            continue
        names = " with ".join(map(survey.name_of, ends))
        sides = survey.peered(*ends)
        parts = [each for each in sides if not each.complete]
        if parts:
            text = (
                f"let {name_of(group.subnet)} take part in the peering of {names}, in "
                "both of them"
            )
        elif sides:
            text = f"make the peering of {names} anew, in both of them"
        else:
            text = f"peer {names}, in both of them"
        changes = [
            *(Change(each.id, "state", "Connected") for each in sides if each.state),
            *(_with_subnet(each, group) for each in parts),
            *_missing_sides(survey, ends),
        ]
        yield Remedy(text, tuple(changes))
        for link in _links(views, client, group):
            yield Remedy(f"{text}, and {link.text}", (*changes, *link.changes))


def _with_subnet(side: Peering, group: Group) -> Change:
    """The API server's subnet among those that a side of a peering joins."""
    own = side.vnet == group.home
    field = "local_subnets" if own else "remote_subnets"
    named = side.local_subnets if own else side.remote_subnets
    return Change(side.id, field, (*named, name_of(group.subnet)))


def _missing_sides(survey: Survey, ends: tuple[str, str]) -> Iterator[Change]:
    for one, other in (ends, ends[::-1]):
        if (one, other) not in survey.sides:
            side = f"{one}/virtualnetworkpeerings/to-{name_of(other)}"
            yield Change(side, "remote", other)


def _links(views: Views, client: Client, group: Group) -> Iterator[Remedy]:
    """The cluster's private DNS zone, linked to the VNet of a client."""
    for zone in views.zones(group.cluster):
        vnet = name_of(client.network)
        yield Remedy(
            f"link the private DNS zone {name_of(zone)} to {vnet}",
            (Change(f"{zone}/virtualnetworklinks/{vnet}", "vnet", client.network),),
        )


@rule(limits.PRIVATE_CLUSTERS, Severity.ERROR, Severity.WARNING)
def private_dns_zone_not_linked(survey: Survey) -> Iterator[Hit]:
    """Who has a route to a private API server can also resolve its name.

    The name is in a private DNS zone, which AKS links to the VNet of the nodes and to
    no other. Of the jump boxes that have a route, and of the build agents, at least one
    has to be in a VNet that is linked to the zone, or is said to resolve it. It is an
    error where the cluster has no public name besides, and a warning where that is not
    known. With DNS servers of its own, a VNet resolves what those do: state it.
    """
    views = Views(survey)
    for group in groups(survey):
        cluster = group.cluster
        if cluster.public_fqdn or cluster.private_dns_zone == NO_ZONE:
            continue
        near = [each for each in group.clients if views.reaches(each, group)]
        if near and all(views.resolves(each, group) is False for each in near):
            yield Hit(
                Severity.WARNING if cluster.public_fqdn is None else Severity.ERROR,
                Effect.BREAKS_TRAFFIC,
                (Side(cluster), *map(Side, near)),
                f"{_are(survey, near)} can't resolve the API server of "
                f"{survey.called(cluster)}: {_zone(views, group)} is not linked there",
                (e for each in near for e in _links(views, each, group)),
            )


def open_questions(survey: Survey) -> Iterator[tuple[Cluster, str, str]]:
    """What is not known of private clusters with clients, why, and what to state."""
    views = Views(survey)
    for group in groups(survey):
        cluster = group.cluster
        found = [views.reaches(each, group) for each in group.clients]
        near = [each for each in group.clients if views.reaches(each, group)]
        if not near and None in found:
            who = _are(survey, group.clients)
            yield cluster, f"a route from {who}: not all networks there were read", ""
        if cluster.public_fqdn or cluster.private_dns_zone == NO_ZONE:
            continue
        resolved = [views.resolves(each, group) for each in near]
        if None in resolved and True not in resolved:
            who = _are(survey, near)
            why = "links of the zone were not read, or the DNS servers are their own"
            yield cluster, f"whether {who} can resolve its name: {why}", "dns_zones"


def _zone(views: Views, group: Group) -> str:
    zones = views.zones(group.cluster)
    return f"private DNS zone {name_of(zones[0])}" if zones else "its private DNS zone"


@rule(limits.PRIVATE_CLUSTERS, Severity.ERROR)
def private_dns_zone_none(survey: Survey) -> Iterator[Hit]:
    """A private cluster without a private DNS zone keeps its public name.

    Otherwise nobody could look its API server up: AKS refuses private DNS zone none
    along with a public FQDN that is disabled. The public name leads to the private
    address.
    """
    for cluster in survey.inventory.clusters:
        no_zone = cluster.private and cluster.private_dns_zone == NO_ZONE
        if no_zone and cluster.public_fqdn is False:
            name = survey.called(cluster)
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (Side(cluster),),
                f"{name} has private DNS zone none and no public FQDN, so nobody can "
                "look its API server up",
                (
                    Remedy(
                        f"let AKS make the private DNS zone of {name}: system",
                        (Change(cluster.id, "private_dns_zone", "system"),),
                    ),
                ),
            )


@rule(limits.PRIVATE_CLUSTERS, Severity.NOTE)
def private_cluster_public_name(survey: Survey) -> Iterator[Hit]:
    """A private cluster can have a public name all the same.

    By default everybody can look up the private address of its API server. Nobody gets
    in by that, and clients need no private DNS zone; where names are to be private too,
    it is disabled.
    """
    clusters = [
        each
        for each in survey.inventory.clusters
        if each.private and each.public_fqdn and each.private_dns_zone != NO_ZONE
    ]
    if clusters:
        verb = "is" if len(clusters) == 1 else "are"
        yield Hit(
            Severity.NOTE,
            Effect.INFORMATION,
            tuple(map(Side, clusters)),
            f"{called(survey, clusters)} {verb} private, with a public name that leads "
            "to the private address of the API server",
            (
                Remedy(
                    "where names are to be private too: az aks update with "
                    "--disable-public-fqdn",
                    tuple(
                        Change(each.id, "public_fqdn", value=False) for each in clusters
                    ),
                ),
            ),
        )
