"""The identity that may take a route table off the node subnets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.checks.names import listed
from ipplan.inventory.origins import name_of
from ipplan.migrations.results import Obstacle, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.migrations.cases import Case, Command


_PRINCIPAL = "serviceprincipal"
_MANAGED = "userassigned"
_KNOWN = frozenset({"systemassigned", _PRINCIPAL, "none"})
"""Kinds of identities, in lower case, that are not user-assigned."""


def identity(case: Case) -> Iterator[Obstacle]:
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
        yield Obstacle(
            "unknown",
            f"its identity is not known; {rest}",
            limits.UPDATE_CNI,
            "find out which identity it has",
            (case.aks("show", "--query", "identity"),),
        )
        return
    yield Obstacle(
        "removable",
        f"its identity is {case.cluster.identity}; {rest}",
        limits.UPDATE_CNI,
        "make a user-assigned identity with the role Network Contributor on its "
        "subnets and route tables, and wait until that applies, which may take an hour",
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


def _named(case: Case) -> Command:
    """Which identity is made: one named for the cluster."""
    group, whose = case.cluster.resource_group, case.cluster.subscription
    return (
        *("--resource-group", group or "<resource group>"),
        *("--name", f"{case.cluster.name}-identity"),
        *(("--subscription", whose) if whose else ()),
    )


def _new_identity(case: Case) -> Iterator[Command]:
    """The commands that make an identity, and give it its roles."""
    yield ("az", "identity", "create", *_named(case))
    yield ("az", "identity", "show", *_named(case), "--query", "principalId")
    yield from (_assigned(each) for each in (*case.nodes_in, *case.route_tables))


def _assigned(scope: str) -> Command:
    """The role that an identity needs on a subnet or a route table."""
    return (
        *("az", "role", "assignment", "create"),
        *("--assignee-object-id", "<principal id>"),
        *("--assignee-principal-type", "ServicePrincipal"),
        *("--role", "Network Contributor", "--scope", scope),
    )


def given(case: Case) -> Iterator[Step]:
    """The steps that give a cluster its new identity, once that has its roles.

    Nodes go on with a service principal until they have a new image.

    Parameters
    ----------
    case : Case
        A cluster with another identity.
    """
    scope = case.cluster.id.partition("/providers/")[0]
    kind = "Microsoft.ManagedIdentity/userAssignedIdentities"
    new = f"{scope}/providers/{kind}/{case.cluster.name}-identity"
    yield Step(
        "give the cluster that identity; its control plane may use the old one for "
        "hours, and the update to CNI Overlay comes after that",
        (case.aks("update", "--enable-managed-identity", "--assign-identity", new),),
        source=limits.MANAGED_IDENTITY,
    )
    if _identity(case) == _PRINCIPAL:
        yield Step(
            "attach its container registries again, if it pulls from any: its nodes "
            "get another identity",
            (case.aks("update", "--attach-acr", "<registry>"),),
            source=limits.MANAGED_IDENTITY,
        )
        upgraded = ("upgrade", "--node-image-only", "--name")
        yield Step(
            "give its nodes a new image: until then they use the service principal",
            tuple(case.pools(*upgraded, each.name) for each in case.cluster.pools),
            "nodes are drained and replaced one after another",
            source=limits.MANAGED_IDENTITY,
        )


def roles(case: Case) -> Iterator[Step]:
    """The step that looks at what a user-assigned identity may do.

    Parameters
    ----------
    case : Case
        A cluster that is to move.
    """
    path = case.first_path
    if path is not None and path.detaches and _MANAGED in _identity(case):
        shown = ("role", "assignment", "list", "--all", "--assignee", "<principal id>")
        yield Step(
            "see that its user-assigned identity may take the route table off: "
            "Network Contributor on its subnets and route tables",
            (case.aks("show", "--query", "identity"), ("az", *shown)),
            source=limits.UPDATE_CNI,
        )
