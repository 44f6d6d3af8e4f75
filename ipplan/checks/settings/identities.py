"""Rules on the identity of a planned cluster, where it must be one of your own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.checks.names import listed
from ipplan.checks.remedies import Change, Remedy
from ipplan.checks.rules import Hit, Side, rule
from ipplan.checks.settings.routes import node_subnets
from ipplan.findings import Effect, Severity
from ipplan.inventory.origins import name_of, resource_group_of
from ipplan.models import MODELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.checks.surveys import Survey
    from ipplan.inventory.clusters import Cluster

MADE_BY_AKS = "mc_"
"""How the resource group of nodes begins where nobody names one."""


def _of_the_system(survey: Survey) -> Iterator[Cluster]:
    """Planned clusters whose identity Azure makes with them."""
    for cluster in survey.inventory.clusters:
        assigned = (cluster.identity or "").lower() == "systemassigned"
        if assigned and cluster.origin.proposed:
            yield cluster


def _use_own(survey: Survey, cluster: Cluster) -> Remedy:
    return Remedy(
        f"give {survey.called(cluster)} a user-assigned identity",
        (Change(cluster.id, "identity", "UserAssigned"),),
    )


@rule(limits.KUBENET, Severity.ERROR)
def route_table_identity(survey: Survey) -> Iterator[Hit]:
    """Kubenet with a route table of your own needs a user-assigned identity.

    The cluster writes a route for each node, and must be allowed to before it is made.
    An identity that Azure makes along with the cluster can't be. Pages differ: the az
    CLI grants the role by itself, templates and Terraform don't. Existing clusters have
    solved it, and are not told.
    """
    for cluster in _of_the_system(survey):
        if cluster.model is None or MODELS[cluster.model].route_limit is None:
            continue
        named = (each.route_table for each in node_subnets(survey, cluster))
        tables = dict.fromkeys(
            each for each in named if each and _is_own(cluster, each)
        )
        if tables:
            names = listed(map(name_of, tables))
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (Side(cluster),),
                f"{survey.called(cluster)} is to write routes into {names}, a route "
                "table of your own, with a system-assigned identity",
                (_use_own(survey, cluster),),
            )


def _is_own(cluster: Cluster, table: str) -> bool:
    """Whether a route table is not one that AKS made beside the nodes."""
    group = resource_group_of(table) or ""
    return group != cluster.node_group and not group.startswith(MADE_BY_AKS)


@rule(limits.PRIVATE_CLUSTERS, Severity.ERROR)
def private_dns_zone_identity(survey: Survey) -> Iterator[Hit]:
    """A private DNS zone of your own needs a user-assigned identity.

    The cluster writes the name of its API server into the zone, and must be allowed to
    before it is made, with the role Private DNS Zone Contributor; a service principal
    does as well.
    """
    for cluster in _of_the_system(survey):
        if cluster.private and "/" in (cluster.private_dns_zone or ""):
            zone = name_of(cluster.private_dns_zone or "")
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (Side(cluster),),
                f"{survey.called(cluster)} is to write its name into {zone}, a private "
                "DNS zone of your own, with a system-assigned identity",
                (_use_own(survey, cluster),),
            )
