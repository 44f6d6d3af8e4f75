"""What can't be changed once it is deployed, or within bounds only, with its value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from ipplan import limits
from ipplan.checks.names import listed
from ipplan.checks.overlap.ranges import has_pod_cidrs
from ipplan.checks.settings.routes import OF_MANAGED_VNETS, outbound
from ipplan.designs.changes import LARGER, OPEN, ROUTED, pod_cidr_change, subnet_change
from ipplan.inventory.origins import name_of
from ipplan.inventory.versions import is_from
from ipplan.migrations.paths import CILIUM
from ipplan.models import MODELS, RECOMMENDED, Home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ipplan.cidrs import Cidr
    from ipplan.designs.changes import Change
    from ipplan.designs.studies import Study
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.pools import NodePool
    from ipplan.migrations.results import ClusterMigration

How = Literal["never", "one-way", "rebuild", "limited", "unknown"]

LASTING: dict[How, int] = {
    "never": 0,
    "one-way": 0,
    "rebuild": 1,
    "unknown": 2,
    "limited": 3,
}
"""How lasting it is, the most first."""


class Permanence(NamedTuple):
    """Something that is fixed once it is deployed.

    Parameters
    ----------
    kind : str
        What it is: ``pod CIDR`` and the like.
    value : str
        What it has there.
    change : {"never", "one-way", "rebuild", "limited", "unknown"}
        Never, but in a new cluster; one way alone; by a new pool or subnet in its
        place; within bounds; or whether it can change is not known.
    words : str
        What can be done, in a sentence.
    source : str
        The page that says so.
    clusters, ids : tuple of str
        Names of the clusters that it is about, and their ids.
    """

    kind: str
    value: str
    change: How
    words: str
    source: str
    clusters: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        """What it is, with the value it has."""
        return f"{self.kind} {self.value}"


def permanences(study: Study) -> tuple[Permanence, ...]:
    """What is fixed of the clusters of a study, the most lasting first.

    Parameters
    ----------
    study : Study
        A plan or an estate.

    Notes
    -----
    What no page that was read speaks of is left out, or said to be open.
    """
    found: dict[Permanence, list[Cluster]] = {}
    for part in _PARTS:
        for cluster in study.clusters:
            for each in part(study, cluster):
                found.setdefault(each, []).append(cluster)
    called = study.survey.called
    told = (
        each._replace(
            clusters=tuple(map(called, clusters)),
            ids=tuple(cluster.id for cluster in clusters),
        )
        for each, clusters in found.items()
    )
    return tuple(sorted(told, key=lambda each: LASTING[each.change]))


def _model(study: Study, cluster: Cluster) -> Iterator[Permanence]:
    if cluster.model is not None:
        yield model_permanence(study, cluster, cluster.model)


def model_permanence(study: Study, cluster: Cluster, name: str) -> Permanence:
    """One way to the recommended model, as ``ipplan migrate`` finds it; else none.

    Parameters
    ----------
    study : Study
        What there is.
    cluster : Cluster
        Of that.
    name : str
        The model that it has.
    """
    model, best = MODELS[name], MODELS[RECOMMENDED]
    change: How = "never"
    words = f"Can't be changed: {_REBUILT}."
    if model.home is Home.POD_SUBNET:
        words = (
            f"Can't be changed, not even to {best.title}: {_REBUILT}. Between dynamic "
            "allocation and static blocks a new pool on another pod subnet changes."
        )
    elif model is not best:
        change, words = _way_out(study.moves[cluster.id])
    kind = "network model"
    return Permanence(kind, model.title, change, words, limits.UPDATE_CNI)


_REBUILT = "another model takes a new cluster"


def _way_out(move: ClusterMigration) -> tuple[How, str]:
    """Whether the way in place is open, and what bars it."""
    best = MODELS[RECOMMENDED].title
    for_good = [each.text for each in move.bars if each.state == "bars"]
    if for_good:
        why = "; ".join(for_good)
        return "never", f"Can't be changed, not even to {best}: {why}. So {_REBUILT}."
    if move.way == "unknown":
        return "unknown", f"Whether it can be updated to {best} is not known."
    words = f"Can be updated to {best} alone, and never back: else {_REBUILT}."
    told = (
        (f"{label}: {'; '.join(some)}.")
        for label, state in (("First", "removable"), ("Not known", "unknown"))
        if (some := [each.text for each in move.bars if each.state == state])
    )
    return "one-way", " ".join((words, *told))


def _pod_cidr(_: Study, cluster: Cluster) -> Iterator[Permanence]:
    if cluster.pod_cidrs and has_pod_cidrs(cluster):
        found = pod_cidr_change(cluster)
        hows: dict[Change, How] = {
            LARGER: "limited",
            OPEN: "unknown",
            ROUTED: "one-way",
        }
        how = hows.get(found, "never")
        value = _ranges(cluster.pod_cidrs)
        yield Permanence("pod CIDR", value, how, found.words, found.source)


def _service_cidr(_: Study, cluster: Cluster) -> Iterator[Permanence]:
    if not cluster.service_cidrs:
        return
    from_ = limits.SERVICE_CIDR_GROWS
    later = (
        f"from Kubernetes {from_.value} on, ServiceCIDR objects can add ranges to it"
    )
    newer = is_from(cluster.kubernetes_version, from_.value)
    words = {
        True: f"Can't be replaced; {later}.",
        False: f"Can't be changed; {later}.",
        None: f"Can't be changed; {later}, and its version is not known.",
    }[newer]
    dns = cluster.dns_service_ip
    value = _ranges(cluster.service_cidrs)
    value += f" with DNS service IP {dns}" if dns else ""
    hows: dict[bool | None, How] = {True: "limited", False: "never", None: "unknown"}
    yield Permanence("service CIDR", value, hows[newer], words, from_.source)


def _subnets(study: Study, cluster: Cluster) -> Iterator[Permanence]:
    """Subnets that nodes or pods live in."""
    for identity in cluster.subnets:
        if identity == cluster.api_server_subnet:
            continue
        subnet = study.inventory.subnet_by_id.get(identity)
        if subnet is not None and subnet.prefixes:
            found = subnet_change(subnet, study.survey.users(identity))
            value = f"{study.survey.called(subnet)} {_ranges(subnet.prefixes)}"
            yield Permanence("subnet", value, "rebuild", found.words, found.source)


def _max_pods(_: Study, cluster: Cluster) -> Iterator[Permanence]:
    stated: dict[int, list[str]] = {}
    for pool in cluster.pools:
        most = _most_pods(pool, cluster)
        if most is not None:
            stated.setdefault(most, []).append(pool.name)
    for most, pools in stated.items():
        several = "s" if len(pools) > 1 else ""
        value = f"{most} of pool{several} {listed(pools)}"
        words = "Fixed when a pool is made: another number takes a new pool."
        yield Permanence("max pods", value, "rebuild", words, limits.NEW_POOLS)


def _most_pods(pool: NodePool, cluster: Cluster) -> int | None:
    """Max pods as they are stated, or the default of a model that is known."""
    name = pool.model or cluster.model
    default = MODELS[name].default_max_pods.value if name else None
    return default if pool.max_pods is None else int(pool.max_pods)


def _vnet(study: Study, cluster: Cluster) -> Iterator[Permanence]:
    for home in study.survey.homes(cluster):
        yield Permanence(
            "VNet",
            study.survey.name_of(home),
            "never",
            "All pools of a cluster live in one VNet: another one takes a new cluster.",
            limits.POOL_SUBNETS,
        )


def _api_server(study: Study, cluster: Cluster) -> Iterator[Permanence]:
    if cluster.vnet_integration:
        subnet = study.inventory.subnet_by_id.get(cluster.api_server_subnet or "")
        where = f"in {study.survey.called(subnet)}" if subnet else "in a subnet"
        yield Permanence(
            "API server",
            where,
            "never",
            "API Server VNet Integration can't be turned off once it is on.",
            limits.VNET_INTEGRATION,
        )
    elif cluster.private:
        yield Permanence(
            "API server",
            "through a private endpoint",
            "unknown",
            "No page that was read says whether it can be made public later, or "
            "whether its subnet can be another one.",
            limits.PRIVATE_CLUSTERS,
        )


def _route_table(study: Study, cluster: Cluster) -> Iterator[Permanence]:
    """What a table is to a model whose nodes take routes of it."""
    if cluster.model is None or not MODELS[cluster.model].route_limit:
        return
    known = study.inventory.subnet_by_id
    subnets = (known[each] for each in cluster.subnets if each in known)
    for table in dict.fromkeys(each.route_table for each in subnets):
        if table:
            yield Permanence(
                "route table",
                name_of(table),
                "never",
                "Stays with the cluster's subnets, and serves no other cluster; routes "
                "that AKS adds must stay.",
                limits.KUBENET,
            )


def _outbound(_: Study, cluster: Cluster) -> Iterator[Permanence]:
    kind = cluster.outbound_type
    if not kind:
        return
    own = any(cluster.subnets) and outbound(cluster) not in OF_MANAGED_VNETS
    others = [each for each in _OWN_VNET if each.lower() != outbound(cluster)]
    words = f"Can be changed to {', '.join(others)}."
    if not own:
        words = _MANAGED_VNET.get(outbound(cluster), "")
    if words:
        yield Permanence("outbound type", kind, "limited", words, limits.OUTBOUND)


_OWN_VNET = (
    "loadBalancer",
    "userAssignedNATGateway",
    "userDefinedRouting",
    "none",
)
"""Outbound types of clusters in a VNet of the user's own: each can become another."""

_MANAGED_VNET = {
    "loadbalancer": "Can be changed to managedNATGateway, managedNATGatewayV2, none "
    "and block.",
    "managednatgateway": "Can be changed to managedNATGatewayV2, none and block, and "
    "not to loadBalancer.",
    "managednatgatewayv2": "Can't be changed to another.",
    "none": "Can be changed to every other.",
    "block": "Can be changed to every other.",
}
"""The same in a VNet that AKS makes, in lower case."""


def _policy(_: Study, cluster: Cluster) -> Iterator[Permanence]:
    for need in cluster.needs:
        if need.startswith("network-policy="):
            engine, page = need.partition("=")[2], limits.NETWORK_POLICY
            how: How = "unknown" if engine == CILIUM else "limited"
            words = _TAKEN_OFF[how]
            yield Permanence("network policy", engine, how, words, page)


_TAKEN_OFF = {
    "unknown": "No page that was read says that Cilium can be taken off.",
    "limited": "Can be added, changed and removed while the cluster runs, from "
    f"Kubernetes {limits.POLICY_VERSION.value} on.",
}
"""Whether an engine of network policies can go again."""


def _ranges(cidrs: Iterable[Cidr]) -> str:
    return " + ".join(map(str, cidrs))


_PARTS: tuple[Callable[[Study, Cluster], Iterator[Permanence]], ...] = (
    _model,
    _pod_cidr,
    _service_cidr,
    _api_server,
    _route_table,
    _subnets,
    _max_pods,
    _vnet,
    _outbound,
    _policy,
)
