"""What bars the way where a route table has to be taken off the node subnets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.checks.names import listed
from ipplan.inventory.origins import resource_group_of, subscription_of
from ipplan.migrations.results import Obstacle
from ipplan.models import MODELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.networks import Subnet
    from ipplan.migrations.cases import Case, Command

INGRESS, ROUTES, DEFAULT_ROUTE = "ingress-controller", "route-table", "default-route"
"""Bars that are taken away last, right before the update."""

SHARED = "route-table-shared"
"""The bar of a route table that other clusters use, and the rule of such a table."""

AGIC = "application-gateway-ingress"


def subnet_shared(case: Case) -> Iterator[Obstacle]:
    """Clusters in its subnet need the routes that would go.

    Parameters
    ----------
    case : Case
        A cluster that is to move.
    """
    inside = _inside(case)
    if inside:
        yield Obstacle(
            "bars",
            f"nodes of {_called(case, inside)} are in its subnet, and reach their pods "
            "by the route table that has to go",
            limits.UPDATE_CNI,
        )


def table_shared(case: Case) -> Iterator[Obstacle]:
    """Clusters elsewhere need the routes that would go.

    Parameters
    ----------
    case : Case
        A cluster that is to move.
    """
    told = {each.id for each in _inside(case)}
    beside = [each for each in _others(case, _beside(case)) if each.id not in told]
    if beside:
        yield Obstacle(
            "removable",
            f"the route table of its nodes is that of {_called(case, beside)} too",
            limits.KUBENET,
            "give the cluster a route table of its own first (ipplan explain "
            f"{SHARED}); leave the other on the subnets of {_called(case, beside)}",
        )


def _inside(case: Case) -> list[Cluster]:
    """Other clusters in its subnets that reach their pods by routes which go."""
    others = _others(case, case.node_subnets) if _detaches(case) else []
    return [each for each in others if _routes(each)]


def _detaches(case: Case) -> bool:
    return case.first_path is not None and case.first_path.detaches


def _called(case: Case, clusters: list[Cluster]) -> str:
    return listed(map(case.survey.called, clusters))


def _others(case: Case, subnets: list[Subnet]) -> list[Cluster]:
    """Other clusters in some subnets."""
    found = {
        user.id: user
        for subnet in subnets
        for user in case.survey.users(subnet.id)
        if user.id != case.cluster.id
    }
    return list(found.values())


def _routes(cluster: Cluster) -> bool:
    """Whether it reaches its pods by routes."""
    row = MODELS.get(cluster.model or "")
    return row is not None and row.route_limit is not None


def default_route(case: Case) -> Iterator[Obstacle]:
    """Egress hangs on the route table that has to go.

    Parameters
    ----------
    case : Case
        A cluster that is to move.
    """
    if _detaches(case) and egresses(case):
        yield Obstacle(
            "unknown",
            "its egress takes the default route of its route table, and no page says "
            "whether that stays on its subnets in the update",
            limits.UPDATE_CNI,
            "try the update on a cluster of the same kind first, and have a table with "
            "the default route at hand to put on the node subnets",
        )


def egresses(case: Case) -> bool:
    """Whether its egress takes a default route of its own.

    Parameters
    ----------
    case : Case
        A cluster that is to move.
    """
    return (case.cluster.outbound_type or "").lower() == "userdefinedrouting"


def kept(case: Case) -> tuple[Command, ...]:
    """Commands that show the route tables that have to go.

    Parameters
    ----------
    case : Case
        A cluster that is to move.
    """
    show = ("az", "network", "route-table", "show", "--output", "json", "--ids")
    return tuple((*show, each) for each in case.route_tables if _detaches(case))


def ingress(case: Case) -> Iterator[Obstacle]:
    """The ingress controller puts the route table on its gateway's subnet again.

    Parameters
    ----------
    case : Case
        A cluster that is to move.
    """
    if _detaches(case) and AGIC in case.cluster.needs:
        yield Obstacle(
            "removable",
            "its Application Gateway ingress controller puts the route table on the "
            "subnet of the gateway, and again when that is taken off",
            limits.INGRESS_ISSUE,
            "stop the ingress controller until the cluster is updated: the add-on is "
            "disabled, one of your own gets no replicas; note the id of the gateway",
            (case.aks("disable-addons", "--addons", "ingress-appgw"),),
        )


def table_elsewhere(case: Case) -> Iterator[Obstacle]:
    """Other subnets, such as a gateway's, use the route table that has to go.

    Parameters
    ----------
    case : Case
        A cluster that is to move.
    """
    free = [each for each in _beside(case) if not case.survey.users(each.id)]
    made = [each for each in free if _is_aks(case, each.route_table or "")]
    if made:
        yield Obstacle(
            "removable",
            f"the route table of its nodes is on {_names(case, made)} too; the update "
            "was seen to be refused then",
            limits.GATEWAY_ISSUE,
            "take it off there; until the cluster is updated, nothing in there reaches "
            "pods by their addresses",
            tuple(_updated(each, "--remove", "routeTable") for each in made),
        )
    own = [each for each in free if each not in made]
    if own:
        yield Obstacle(
            "unknown",
            f"the route table of its nodes is on {_names(case, own)} too; the update "
            "was seen to be refused then, for a gateway's subnet",
            limits.GATEWAY_ISSUE,
            "make a second route table with all its routes but those to pods, and put "
            "that on those subnets first",
            tuple(_updated(e, "--route-table", "<second table id>") for e in own),
        )


def _names(case: Case, subnets: list[Subnet]) -> str:
    return listed(map(case.survey.called, subnets))


def _beside(case: Case) -> list[Subnet]:
    """Subnets nearby with its route table, its own left aside; none if that stays."""
    own = set(case.nodes_in)
    found = _with_tables(case) if _detaches(case) else ()
    return [each for each in found if each.id not in own]


def _with_tables(case: Case) -> Iterator[Subnet]:
    """The subnets nearby that have a route table of its nodes, or one that AKS made."""
    near = dict.fromkeys(case.homes)
    for home in case.homes:
        near |= dict.fromkeys(case.survey.peers.get(home, ()))
    for vnet in filter(None, map(case.survey.vnets.get, near)):
        for each in vnet.subnets:
            table = each.route_table
            if table and (table in case.route_tables or _is_aks(case, table)):
                yield each


def _is_aks(case: Case, table: str) -> bool:
    """Whether a route table stands in the resource group of the nodes."""
    where = subscription_of(table), resource_group_of(table)
    return where == (case.cluster.subscription, case.cluster.node_group or "")


def _updated(subnet: Subnet, *options: str) -> Command:
    return ("az", "network", "vnet", "subnet", "update", "--ids", subnet.id, *options)
