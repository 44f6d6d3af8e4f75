"""Rules on the subnets of clusters: whose they may be, and what else is in them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.checks.moves import own_subnet
from ipplan.checks.names import called
from ipplan.checks.networks.special import MACHINES
from ipplan.checks.remedies import Change, Remedy
from ipplan.checks.rules import Hit, Side, rule
from ipplan.counts import counted
from ipplan.features import Support
from ipplan.findings import Effect, Severity
from ipplan.inventory.origins import name_of
from ipplan.models import MODELS, Home
from ipplan.usages import DELEGATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.checks.surveys import Survey
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.networks import Subnet
    from ipplan.inventory.pools import NodePool

SHARED = "shared-subnet"
"""The feature that lets clusters share a subnet."""


@rule(f"{limits.AKS}/node-pool-unique-subnet", Severity.ERROR)
def cluster_in_two_vnets(survey: Survey) -> Iterator[Hit]:
    """All pools of a cluster are in one VNet, and so are its pods and its API server.

    Pools may have subnets of their own, but of the same VNet; a pod subnet is in the
    VNet of its nodes.
    """
    for cluster in survey.inventory.clusters:
        homes = survey.homes(cluster)
        if len(homes) > 1:
            subnets = [
                survey.inventory.subnet_by_id[each]
                for each in cluster.subnets
                if each in survey.inventory.subnet_by_id
            ]
            names = " and ".join(map(survey.name_of, homes))
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (Side(cluster), *map(Side, subnets)),
                f"{survey.called(cluster)} uses subnets of {names}",
                _into_one(survey, cluster, homes[0], subnets),
            )


def _into_one(
    survey: Survey, cluster: Cluster, home: str, subnets: list[Subnet]
) -> Iterator[Remedy]:
    """What is in the other VNets, in the VNet of the first pool."""
    other = [each for each in subnets if each.vnet != home]
    if len(other) == 1:
        pools = [(cluster, pool) for pool in cluster.pools]
        yield from own_subnet(survey, other[0], pools, home)


@rule(f"{limits.AKS}/concepts-network-legacy-cni", Severity.ERROR)
def vnet_in_another_region(survey: Survey) -> Iterator[Hit]:
    """A cluster's VNet is in the cluster's region."""
    for cluster in survey.inventory.clusters:
        for home in survey.homes(cluster):
            vnet = survey.inventory.vnet_by_id.get(home)
            if vnet is None or not vnet.location or not cluster.location:
                continue
            if _region(vnet.location) != _region(cluster.location):
                yield Hit(
                    Severity.ERROR,
                    Effect.REFUSED,
                    (Side(cluster), Side(vnet)),
                    f"{survey.called(cluster)} is in {cluster.location}, and its VNet "
                    f"{survey.called(vnet)} in {vnet.location}",
                )


def _region(location: str) -> str:
    """A region as it is compared: West Europe is westeurope."""
    return location.replace(" ", "").lower()


class _Tenants:
    """The pools of which nodes, or pods alone, are in a subnet."""

    def __init__(self, survey: Survey, subnet: Subnet) -> None:
        pairs = [(c, p) for c in survey.users(subnet.id) for p in c.pools]
        self.nodes = [each for each in pairs if each[1].subnet == subnet.id]
        self.pods = [each for each in pairs if each[1].pod_subnet == subnet.id]


def _used(survey: Survey) -> Iterator[tuple[Subnet, _Tenants]]:
    """Subnets that clusters use, and by which pools."""
    for identity in survey.inventory.users:
        subnet = survey.inventory.subnet_by_id.get(identity)
        if subnet is not None:
            yield subnet, _Tenants(survey, subnet)


def _named(survey: Survey, pools: Iterable[tuple[Cluster, NodePool]]) -> str:
    return ", ".join(
        f"pool {pool.name} of {survey.called(each)}" for each, pool in pools
    )


@rule(limits.CNI_OVERVIEW, Severity.ERROR)
def node_subnet_delegated(survey: Survey) -> Iterator[Hit]:
    """A subnet of nodes is not delegated to anything.

    AKS refuses node pools in a subnet that is delegated; that of pods, or of API
    servers, it delegates to itself.
    """
    for subnet, tenants in _used(survey):
        if tenants.nodes and subnet.delegations:
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (Side(subnet), *_clusters(tenants.nodes)),
                f"{survey.called(subnet)} is delegated to "
                f"{', '.join(subnet.delegations)}, and nodes of "
                f"{_named(survey, tenants.nodes)} are in it",
                (
                    Remedy(
                        f"remove the delegation of {survey.called(subnet)}",
                        (Change(subnet.id, "delegations", ()),),
                    ),
                ),
            )


def _clusters(pools: Iterable[tuple[Cluster, NodePool]]) -> tuple[Side, ...]:
    return tuple(Side(each) for each in {c.id: c for c, _ in pools}.values())


@rule(limits.DYNAMIC, Severity.ERROR)
def pod_subnet_shared(survey: Survey) -> Iterator[Hit]:
    """A subnet of pods holds pods alone.

    Pools and clusters of one VNet may share it among their pods. Nodes, virtual
    machines and private endpoints may not be in it, and AKS delegates it to itself.
    """
    for subnet, tenants in _used(survey):
        if not tenants.pods:
            continue
        others = [
            e.id for e in subnet.holders or () if any(m in e.id for m in MACHINES)
        ]
        inside = [_named(survey, tenants.nodes)] if tenants.nodes else []
        inside += [each.rpartition("/")[2] for each in others]
        to = [each for each in subnet.delegations if each.lower() != DELEGATION]
        told = {
            f"is the pod subnet of {_named(survey, tenants.pods)}, and "
            f"{', '.join(inside)} is in it too": inside,
            f"is the pod subnet of {_named(survey, tenants.pods)}, and is delegated to "
            f"{', '.join(to)}": to,
        }
        for text, holds in told.items():
            if holds:
                yield Hit(
                    Severity.ERROR,
                    Effect.REFUSED,
                    (Side(subnet), *_clusters(tenants.pods)),
                    f"{survey.called(subnet)} {text}",
                    own_subnet(survey, subnet, tenants.pods, subnet.vnet, pods=True),
                )


@rule(limits.STATIC_BLOCK, Severity.ERROR)
def pod_subnet_two_modes(survey: Survey) -> Iterator[Hit]:
    """A pod subnet gives addresses in one way: one by one, or in blocks.

    Pools that allocate dynamically and pools with static blocks need pod subnets of
    their own.
    """
    for subnet, tenants in _used(survey):
        modes: dict[str, list[tuple[Cluster, NodePool]]] = defaultdict(list)
        for cluster, pool in tenants.pods:
            model = MODELS.get(pool.model or cluster.model or "")
            if model is not None and model.home is Home.POD_SUBNET:
                modes[model.name].append((cluster, pool))
        if len(modes) > 1:
            told = "; ".join(
                f"{name} by {_named(survey, pools)}" for name, pools in modes.items()
            )
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (Side(subnet), *_clusters(tenants.pods)),
                f"{survey.called(subnet)} is used in two ways: {told}",
                _another_subnet(survey, subnet, modes),
            )


def _another_subnet(
    survey: Survey, subnet: Subnet, modes: dict[str, list[tuple[Cluster, NodePool]]]
) -> Iterator[Remedy]:
    """A pod subnet as large for the pools of the mode that fewer have."""
    fewer = min(modes.values(), key=len)
    yield from own_subnet(survey, subnet, fewer, subnet.vnet, pods=True)


@rule(limits.KUBENET, Severity.ERROR)
def node_subnet_shared(survey: Survey) -> Iterator[Hit]:
    """A kubenet cluster has its subnets for itself.

    Its route table says on which node each /24 of the pod CIDR is, and one table can't
    say that for two clusters.
    """
    for subnet, tenants in _used(survey):
        sides = _clusters(tenants.nodes)
        alone = [each for each in sides if _is_alone(each.noun)]
        if len(sides) > 1 and alone:
            names = called(survey, [each.noun for each in sides])
            first = survey.called(alone[0].noun)
            ids = {each.id for each in alone}
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (*alone, *(e for e in sides if e.id not in ids), Side(subnet)),
                f"{names} share {survey.called(subnet)}, and {first} can't share",
                own_subnet(
                    survey, subnet, _of(tenants.nodes, alone[0].noun), subnet.vnet
                ),
            )


def _of(
    pools: Iterable[tuple[Cluster, NodePool]], cluster: Cluster
) -> list[tuple[Cluster, NodePool]]:
    """The pools of one cluster."""
    return [each for each in pools if each[0] is cluster]


def _is_alone(cluster: Cluster) -> bool:
    model = MODELS.get(cluster.model or "")
    return model is not None and model.support(SHARED) is Support.NO


@rule(limits.KUBENET, Severity.ERROR)
def route_table_shared(survey: Survey) -> Iterator[Hit]:
    """A kubenet cluster has its route table for itself.

    Each cluster adds a route for every node of its own.
    """
    tables: dict[str, dict[str, Cluster]] = defaultdict(dict)
    for subnet, tenants in _used(survey):
        if subnet.route_table:
            for cluster, _ in tenants.nodes:
                if _is_alone(cluster):
                    tables[subnet.route_table][cluster.id] = cluster
    for table, clusters in tables.items():
        if len(clusters) > 1:
            names = called(survey, [*clusters.values()])
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                tuple(map(Side, clusters.values())),
                f"{names} share the route table {name_of(table)}, and each of the "
                f"{counted(len(clusters), 'cluster')} needs one of its own",
                _own_table(survey, table, [*clusters.values()][1:]),
            )


def _own_table(survey: Survey, table: str, clusters: list[Cluster]) -> Iterator[Remedy]:
    """Another route table on the subnets of all clusters but the first."""
    changes = [
        Change(subnet, "route_table", f"{table}-{cluster.name}".lower())
        for cluster in clusters
        for subnet in dict.fromkeys(pool.subnet for pool in cluster.pools)
        if subnet in survey.inventory.subnet_by_id
        and survey.inventory.subnet_by_id[subnet].route_table == table
    ]
    names = ", ".join(map(survey.called, clusters))
    yield Remedy(f"give {names} a route table of its own", tuple(changes))
