"""What bars the way where a route table has to be taken off the node subnets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.checks.names import listed
from ipplan.inventory.origins import name_of, resource_group_of, subscription_of
from ipplan.migrations.results import Bar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.inventory.networks import Subnet
    from ipplan.migrations.cases import Case, Command

GATEWAY_ISSUE = "https://github.com/MicrosoftDocs/azure-aks-docs/issues/334"

_PRINCIPAL = "serviceprincipal"
_MANAGED = "userassigned"
_KNOWN = frozenset({"systemassigned", _PRINCIPAL, "none"})
"""Kinds of identities, in lower case, that are not user-assigned."""


def identity(case: Case) -> Iterator[Bar]:
    """Only a user-assigned identity may take the route table off.

    The page makes no exception for a table that AKS made.

    Parameters
    ----------
    case : Case
        A cluster that is to move.
    """
    path, found = case.first_path, _identity(case)
    if path is None or not path.detaches or _MANAGED in found:
        return
    rest = f"only a user-assigned one may take {_tables(case)} off"
    if found not in _KNOWN:
        yield Bar(
            "identity",
            "unknown",
            f"its identity is not known; {rest}",
            limits.UPDATE_CNI,
            "find out which identity it has",
            (case.aks("show", "--query", "identity"),),
        )
        return
    yield Bar(
        "identity",
        "removable",
        f"its identity is {case.cluster.identity}; {rest}",
        limits.UPDATE_CNI,
        "give it a user-assigned identity with the role Network Contributor on its "
        "subnets and route tables, which may take an hour to apply",
        tuple(_new_identity(case)),
    )


def _identity(case: Case) -> str:
    return (case.cluster.identity or "").lower().replace(" ", "")


def _tables(case: Case) -> str:
    """Which route tables there are to take off."""
    if case.route_tables:
        return f"the route table {listed(map(name_of, case.route_tables))}"
    if case.nodes_in:
        return "the route table of its node subnets, which was not read,"
    return "the route table that AKS made"


def _new_identity(case: Case) -> Iterator[Command]:
    """The commands that make an identity and give it to a cluster.

    Nodes go on with a service principal until they have a new image.
    """
    cluster = case.cluster
    group = cluster.resource_group or "<resource group>"
    name = f"{cluster.name}-identity"
    scope, whose = cluster.id.partition("/providers/")[0], cluster.subscription
    at = ("--subscription", whose) if whose else ()
    new = f"{scope}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
    named = ("--resource-group", group, "--name", name, *at)
    yield ("az", "identity", "create", *named)
    yield ("az", "identity", "show", *named, "--query", "principalId")
    yield from (_assigned(each) for each in (*case.nodes_in, *case.route_tables))
    yield case.aks("update", "--enable-managed-identity", "--assign-identity", new)
    if _identity(case) == _PRINCIPAL:
        for each in cluster.pools:
            yield case.pools("upgrade", "--name", each.name, "--node-image-only")


def _assigned(scope: str) -> Command:
    """The role that an identity needs on a subnet or a route table."""
    return (
        *("az", "role", "assignment", "create"),
        *("--assignee-object-id", "<principal id>"),
        *("--assignee-principal-type", "ServicePrincipal"),
        *("--role", "Network Contributor", "--scope", scope),
    )


def table_elsewhere(case: Case) -> Iterator[Bar]:
    """Other subnets, such as a gateway's, use the route table that has to go.

    Parameters
    ----------
    case : Case
        A cluster that is to move.
    """
    path, own = case.first_path, set(case.nodes_in)
    if path is None or not path.detaches:
        return
    others = [each for each in _with_tables(case) if each.id not in own]
    if others:
        names = listed(map(case.survey.called, others))
        yield Bar(
            "route-table",
            "removable",
            f"the route table of its nodes is on {names} too; the update was seen to "
            "be refused then",
            GATEWAY_ISSUE,
            "take it off there; until the cluster is updated, nothing in there reaches "
            "pods by their addresses",
            tuple(_detached(each) for each in others),
        )


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


def _detached(subnet: Subnet) -> Command:
    where = ("az", "network", "vnet", "subnet", "update", "--ids", subnet.id)
    return (*where, "--remove", "routeTable")
