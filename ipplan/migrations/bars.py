"""What bars the way in place: a row for each condition of the pages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.checks.names import listed
from ipplan.features import FEATURES, Support
from ipplan.inventory.versions import is_from, version_of
from ipplan.migrations.identities import identity
from ipplan.migrations.lacks import lacks
from ipplan.migrations.paths import CILIUM, CILIUM_PAGE
from ipplan.migrations.results import Bar, Obstacle
from ipplan.migrations.tables import (
    DEFAULT_ROUTE,
    INGRESS,
    ROUTES,
    SHARED,
    default_route,
    ingress,
    subnet_shared,
    table_elsewhere,
    table_shared,
)
from ipplan.models import MODELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ipplan.limits import Limit
    from ipplan.migrations.cases import Case
    from ipplan.migrations.results import Way

OVERLAY = "cni-overlay"
STATIC_BLOCK = "cni-static-block"
POLICIES = f"{limits.NETWORK_POLICY}#uninstall-azure-network-policy-manager-or-calico"
NODE_PROVISIONING = "node-auto-provisioning"


class Condition(NamedTuple):
    """A condition of a page.

    Parameters
    ----------
    id : str
        What the bars are called that it finds.
    goals : tuple of str
        The destinations that ask for it.
    words : str
        What bars the way, or may.
    judge : callable
        What is in the way of a case, if anything is.
    ways : tuple of str
        The ways that ask for it.
    """

    id: str
    goals: tuple[str, ...]
    words: str
    judge: Callable[[Case], Iterator[Obstacle]]
    ways: tuple[Way, ...] = ("in-place",)


def bars_of(case: Case) -> Iterator[Bar]:
    """What bars the way of a case, as the conditions have it.

    Parameters
    ----------
    case : Case
        A cluster that is to move.
    """
    for each in CONDITIONS:
        asked = case.path is not None and case.path.way in each.ways
        if asked and set(each.goals) & set(case.goals):
            yield from (Bar(each.id, *found) for found in each.judge(case))


def _kubernetes(case: Case) -> Iterator[Obstacle]:
    least = next(_LEAST[each] for each in case.goals if each in _LEAST)
    yield from _version(case, least)


_LEAST: dict[str, Limit[str]] = {
    OVERLAY: limits.OVERLAY_VERSION,
    STATIC_BLOCK: limits.STATIC_BLOCK_VERSION,
}
"""The oldest Kubernetes that can go somewhere."""


def _version(case: Case, least: Limit[str], why: str = "") -> Iterator[Obstacle]:
    """A Kubernetes that is too old."""
    late = is_from(case.cluster.kubernetes_version, least.value)
    asked = f"it has to be {least.value} or later{why}"
    if late is None:
        yield Obstacle(
            "unknown",
            f"its Kubernetes version is not known; {asked}",
            least.source,
            "find out which Kubernetes it runs",
            (case.aks("show", "--query", "currentKubernetesVersion"),),
        )
    elif not late:
        yield Obstacle(
            "removable",
            f"it runs Kubernetes {case.cluster.kubernetes_version}; {asked}",
            least.source,
            UPGRADE,
            (
                case.aks("get-upgrades", "--output", "table"),
                case.aks("upgrade", "--kubernetes-version", _OFFERED),
            ),
        )


UPGRADE = (
    "upgrade Kubernetes to a version that AKS offers, again until it is late enough; "
    "from a version out of support it offers supported ones alone, and where it "
    "refuses, a new cluster is the alternative (ipplan explain aks-upgrade-blocked)"
)
_OFFERED = "<version from get-upgrades>"


def _policy(case: Case) -> Iterator[Obstacle]:
    engine = case.policy
    if not engine:
        return
    known = FEATURES.get(f"network-policy={engine}")
    title = known.title if known else f"the network policy engine {engine}"
    if engine == CILIUM:
        yield Obstacle(
            "unknown",
            f"it runs {title}: the page lets Cilium and CNI Overlay come in either "
            "order, and asks for a cluster without network policies",
            limits.UPDATE_CNI,
            "try the update on a cluster of the same kind first",
        )
        return
    yield Obstacle(
        "removable",
        f"{title} is installed; the update asks for none",
        POLICIES,
        "uninstall the engine: policies stay in the cluster and are enforced no longer"
        f"{_LEFT.get(engine, '')}",
        (case.aks("update", "--network-policy", "none"),),
    )


_LEFT = {
    "calico": ", and so do Calico's own resource definitions (projectcalico.org, "
    "tigera.io), which can be deleted afterwards",
}
"""What an engine leaves behind."""


def _policy_version(case: Case) -> Iterator[Obstacle]:
    if case.policy not in {"", CILIUM}:
        yield from _version(
            case, limits.POLICY_VERSION, " to uninstall network policies"
        )


def _dual_stack(case: Case) -> Iterator[Obstacle]:
    if "dual-stack" not in case.cluster.needs or case.cluster.model in case.goals:
        return
    if case.row is not None and case.row.route_limit is not None:
        yield Obstacle(
            "unknown",
            "it has IPv4 and IPv6, and no page speaks of the update of such a cluster; "
            "IPv6 traffic was seen to fail until all nodes were updated",
            limits.DUAL_STACK_ISSUE,
            "try the update on a cluster of the same kind first, and reckon with no "
            "IPv6 between pods meanwhile",
        )
    else:
        yield Obstacle(
            "unknown",
            "it has IPv4 and IPv6, and no page speaks of the update of such a cluster",
            limits.UPDATE_CNI,
            "try the update on a cluster of the same kind first",
        )


def _windows(case: Case) -> Iterator[Obstacle]:
    if case.is_windows:
        pools = [each.name for each in case.cluster.pools if each.os == "windows"]
        yield Obstacle(
            "bars",
            f"it has Windows pools ({listed(pools)}), which Cilium does not run on",
            CILIUM_PAGE,
        )


def _docker(case: Case) -> Iterator[Obstacle]:
    if case.is_windows and version_of(case.cluster.kubernetes_version) is None:
        yield Obstacle(
            "unknown",
            "whether its Windows pools run Docker is not known, since its Kubernetes "
            "version is not",
            limits.UPDATE_CNI,
            "find out what they run; no Kubernetes that can be updated has Docker",
            (case.pools("list", "--query", "[].nodeImageVersion"),),
        )


def _provisioning(case: Case) -> Iterator[Obstacle]:
    if NODE_PROVISIONING in case.cluster.needs:
        nodes = "kubectl get nodes --selector karpenter.sh/nodepool"
        yield Obstacle(
            "removable",
            "it runs node auto-provisioning, with which the data plane can't change",
            limits.AUTO_PROVISIONING,
            "turn it off, for which none of its nodes may be left: make room in other "
            "pools, set limits.cpu of every NodePool to 0, and drain its nodes",
            (
                case.aks("command invoke", "--command", nodes),
                case.aks("update", "--node-provisioning-mode", "Manual"),
            ),
        )


def _surge(case: Case) -> Iterator[Obstacle]:
    for subnet in case.node_subnets:
        use = case.survey.usage[subnet.id]
        if use.need is None or use.usable is None or use.need <= use.usable:
            continue
        yield Obstacle(
            "removable",
            f"{case.survey.called(subnet)} has {use.usable:,} addresses for use, and "
            f"all its pools at their most nodes, upgraded at once, take {use.need:,}",
            limits.UPDATE_CNI,
            "lower max surge, or the most nodes, of its pools until they fit",
            tuple(
                case.pools("update", "--name", each.name, "--max-surge", "<max surge>")
                for each in case.cluster.pools
                if each.subnet == subnet.id
            ),
        )


def _stopped(case: Case) -> Iterator[Obstacle]:
    pools = case.cluster.pools
    stopped = [each.name for each in pools if each.stopped]
    one_by_one = (case.pools("start", "--nodepool-name", each) for each in stopped)
    whole = len(stopped) == len(pools)
    if stopped:
        yield Obstacle(
            "unknown",
            f"stopped: {listed(stopped)}; no page says whether that bars the update",
            limits.UPDATE_CNI,
            "start the cluster first" if whole else "start these pools first",
            (case.aks("start"),) if whole else tuple(one_by_one),
        )


def _features() -> Iterator[Condition]:
    """A condition for each feature that some model does not surely have."""
    for need, feature in FEATURES.items():
        models = MODELS.values()
        goals = tuple(e.name for e in models if e.support(need) is not Support.YES)
        if goals:
            yield Condition(
                need.replace("=", "-"),
                goals,
                f"it uses {feature.title}",
                partial(lacks, need=need),
                ("in-place", "new-pool", "new-cluster"),
            )


CONDITIONS: tuple[Condition, ...] = (
    Condition(
        "kubernetes-version",
        tuple(_LEAST),
        f"its Kubernetes is older than {limits.OVERLAY_VERSION.value}, for static "
        f"block {limits.STATIC_BLOCK_VERSION.value}, or not known",
        _kubernetes,
        ("in-place", "new-pool"),
    ),
    Condition(
        "network-policy-version",
        (OVERLAY,),
        f"its Kubernetes is older than {limits.POLICY_VERSION.value}, which uninstalls "
        "engines of network policies, or not known",
        _policy_version,
    ),
    Condition(
        "network-policy",
        (OVERLAY,),
        "an engine of network policies is installed",
        _policy,
    ),
    Condition(
        "windows-docker",
        (OVERLAY,),
        "whether its Windows pools run Docker is not known",
        _docker,
    ),
    Condition(
        "identity",
        (OVERLAY,),
        "it has kubenet, and no user-assigned identity, which alone may take the route "
        "table off",
        identity,
    ),
    Condition(
        "subnet-shared",
        (OVERLAY,),
        "another cluster in its subnet reaches its pods by the route table that has to "
        "go",
        subnet_shared,
    ),
    Condition(
        SHARED,
        (OVERLAY,),
        "another cluster elsewhere uses the route table that has to go",
        table_shared,
    ),
    Condition(
        DEFAULT_ROUTE,
        (OVERLAY,),
        "its egress takes a default route of the route table that has to go",
        default_route,
    ),
    Condition(
        INGRESS,
        (OVERLAY,),
        "an Application Gateway ingress controller keeps the route table that has to "
        "go on the subnet of its gateway",
        ingress,
    ),
    Condition(
        ROUTES,
        (OVERLAY,),
        "other subnets, such as a gateway's, use the route table that has to go",
        table_elsewhere,
    ),
    *_features(),
    Condition(
        "dual-stack",
        (OVERLAY,),
        "it has IPv4 and IPv6, and no page speaks of its update",
        _dual_stack,
    ),
    Condition(
        "windows", (CILIUM,), "it has Windows pools, and Cilium runs on Linux", _windows
    ),
    Condition(
        NODE_PROVISIONING,
        (CILIUM,),
        "it runs node auto-provisioning, which has to be off meanwhile",
        _provisioning,
    ),
    Condition(
        "surge",
        (OVERLAY, CILIUM),
        "its subnets have no room for all pools, which are reimaged at once",
        _surge,
    ),
    Condition(
        "stopped",
        (OVERLAY, CILIUM),
        "it is stopped, or some of its pools are, and their nodes don't show",
        _stopped,
    ),
)
"""Every condition, in the order in which it is met."""
