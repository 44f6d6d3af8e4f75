"""Rules on clusters that share what they must not, or whose pods meet in a mesh."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from ipplan.checks.names import listed
from ipplan.checks.overlap.ranges import Range, exchanges
from ipplan.checks.rules import Hit, Side, rule
from ipplan.cidrs.indexes import chains
from ipplan.findings import Effect, Severity
from ipplan.inventory.origins import name_of
from ipplan.limits import KUBENET
from ipplan.models import MODELS, Home

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.checks.remedies import Remedy
    from ipplan.checks.surveys import Survey
    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster

FLEET = (
    "https://learn.microsoft.com/azure/kubernetes-fleet/"
    "concepts-cross-cluster-networking"
)
MOST_PAIRS = 1_000_000
"""Pairs of clusters in one subnet, route table or mesh that are looked at."""

TWO = 2
"""Clusters that one of them can leave alone by changing."""


class Pods(NamedTuple):
    """Where pods of a cluster live: in a pod CIDR, or in a subnet."""

    cluster: Cluster
    cidr: Cidr
    subnet: str = ""


@rule(KUBENET, Severity.ERROR)
def pod_cidr_shared(survey: Survey) -> Iterator[Hit]:
    """Clusters that route to their pods do not share pod addresses and a route table.

    A pod CIDR may be used again in any other cluster, even in one VNet. But kubenet
    writes a route to each node's pods into the route table of the node subnet. Two such
    clusters in one subnet or with one route table, and with pod CIDRs that overlap,
    overwrite each other's routes, and packets reach the pods of the wrong cluster.
    """
    told: set[frozenset[str]] = set()
    for place, clusters in _places(survey):
        ranges = (Pods(each, cidr) for each in clusters for cidr in each.pod_cidrs)
        clashing = _clashing(ranges)
        names = frozenset(each.cluster.id for each in clashing)
        if clashing and names not in told:
            told.add(names)
            yield _clash(survey, clashing, f"and they share the {place}")


def _places(survey: Survey) -> Iterator[tuple[str, list[Cluster]]]:
    """Clusters with a route for each node, by the subnets and route tables they use."""
    found: dict[str, dict[int, Cluster]] = defaultdict(dict)
    for cluster in survey.inventory.clusters:
        row = MODELS.get(cluster.model or "")
        if row is None or row.route_limit is None:
            continue
        for identity in filter(None, (pool.subnet for pool in cluster.pools)):
            subnet = survey.inventory.subnet_by_id.get(identity)
            for place in (identity, subnet.route_table if subnet else None):
                if place:
                    found[place][id(cluster)] = cluster
    for place, clusters in found.items():
        yield _place(survey, place), list(clusters.values())


def _place(survey: Survey, identity: str) -> str:
    """What people call a subnet or a route table."""
    subnet = survey.inventory.subnet_by_id.get(identity)
    kind = "subnet" if "/subnets/" in identity else "route table"
    return f"{kind} {survey.called(subnet) if subnet else name_of(identity)}"


@rule(FLEET, Severity.ERROR)
def pod_mesh_overlap(survey: Survey) -> Iterator[Hit]:
    """Clusters in one pod mesh have pod addresses of their own.

    In a mesh, pods of one cluster reach those of another by their addresses. Where the
    ranges overlap, an address stands for pods in both, and packets stay in the cluster
    that they come from.
    """
    for group, clusters in _meshes(survey):
        clashing = _clashing(pods for each in clusters for pods in _pods(survey, each))
        if clashing:
            yield _clash(survey, clashing, f"and they are in the pod mesh {group}")


@rule(FLEET, Severity.ERROR)
def overlay_in_pod_mesh(survey: Survey) -> Iterator[Hit]:
    """Clusters in a flat pod mesh give their pods addresses of the VNet.

    Cross-cluster networking of Fleet Manager needs one flat network. Pods of Overlay
    and kubenet have addresses that no network but their own cluster knows, so nothing
    reaches them from another one.
    """
    for group, clusters in _meshes(survey):
        for cluster in clusters:
            row = MODELS.get(cluster.model or "")
            if row is not None and row.home is Home.POD_CIDR:
                yield Hit(
                    Severity.ERROR,
                    Effect.BREAKS_TRAFFIC,
                    (Side(cluster, cluster.pod_cidr),),
                    f"{survey.called(cluster)} is in the pod mesh {group}, and its "
                    f"model {row.title} gives pods no addresses of the VNet",
                )


def _meshes(survey: Survey) -> Iterator[tuple[str, list[Cluster]]]:
    """Names of pod meshes, and their clusters as far as they were read."""
    known = {each.id: each for each in survey.inventory.clusters}
    for group in survey.inventory.groups:
        if group.kind == "pod-mesh":
            members = dict.fromkeys(group.members)
            yield group.name, [known[each] for each in members if each in known]


def _pods(survey: Survey, cluster: Cluster) -> Iterator[Pods]:
    """Where the pods of a cluster live."""
    for pool in cluster.pools:
        row = MODELS.get(pool.model or cluster.model or "")
        home = row.home if row else None
        where = pool.subnet if home is Home.NODE_SUBNET else pool.pod_subnet
        subnet = survey.inventory.subnet_by_id.get(where or "")
        if subnet is not None and home is not Home.POD_CIDR:
            yield from (Pods(cluster, each, subnet.id) for each in subnet.prefixes)
    row = MODELS.get(cluster.model or "")
    if row is not None and row.home is Home.POD_CIDR:
        yield from (Pods(cluster, each) for each in cluster.pod_cidrs)


def _pairs(ranges: Iterable[Pods]) -> Iterator[tuple[Pods, Pods]]:
    """Pods of different clusters, in different subnets, whose ranges overlap."""
    found: dict[Cidr, dict[tuple[int, str], Pods]] = defaultdict(dict)
    for each in ranges:
        found[each.cidr][id(each.cluster), each.subnet] = each
    for *outer, cidr in chains(found):
        above = [pods for each in outer for pods in found[each].values()]
        for inner in found[cidr].values():
            for each in above:
                apart = not inner.subnet or inner.subnet != each.subnet
                if each.cluster is not inner.cluster and apart:
                    yield each, inner
            above.append(inner)


def _clashing(ranges: Iterable[Pods]) -> list[Pods]:
    """Those pods that have addresses of another cluster's pods, by their order."""
    every = list(ranges)
    found = {id(each) for pair in islice(_pairs(every), MOST_PAIRS) for each in pair}
    return [each for each in every if id(each) in found]


def _clash(survey: Survey, pods: list[Pods], where: str) -> Hit:
    names = listed(f"{survey.called(each.cluster)} {each.cidr}" for each in pods)
    return Hit(
        Severity.ERROR,
        Effect.BREAKS_TRAFFIC,
        tuple(Side(each.cluster, each.cidr) for each in pods),
        f"pods of {names} overlap, {where}",
        _apart(survey, pods),
    )


def _apart(survey: Survey, pods: list[Pods]) -> Iterator[Remedy]:
    """Of two clusters another pod CIDR for either, the later one first."""
    if len(pods) == TWO:
        for each in reversed(pods):
            if not each.subnet:
                pod_cidr = Range(each.cluster, each.cidr, "pod_cidrs")
                yield from exchanges(survey, pod_cidr)
