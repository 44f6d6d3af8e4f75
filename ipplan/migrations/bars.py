"""What bars the way in place: a row for each condition of the pages."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.checks.names import listed
from ipplan.features import FEATURES, Support
from ipplan.inventory.versions import is_from, version_of
from ipplan.migrations.identities import identity
from ipplan.migrations.paths import CILIUM, CILIUM_PAGE
from ipplan.migrations.results import Bar
from ipplan.migrations.tables import default_route, ingress, shared, table_elsewhere
from ipplan.models import MODELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ipplan.limits import Limit
    from ipplan.migrations.cases import Case
    from ipplan.migrations.results import State, Way

OVERLAY = "cni-overlay"
STATIC_BLOCK = "cni-static-block"
POLICIES = f"{limits.NETWORK_POLICY}#uninstall-azure-network-policy-manager-or-calico"
NODE_PROVISIONING = "node-auto-provisioning"


class Condition(NamedTuple):
    """A condition of a page.

    Parameters
    ----------
    id : str
        Its row.
    goals : tuple of str
        The destinations that ask for it.
    judge : callable
        What bars the way of a case, if anything does.
    ways : tuple of str
        The ways that ask for it.
    """

    id: str
    goals: tuple[str, ...]
    judge: Callable[[Case], Iterator[Bar]]
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
            yield from each.judge(case)


def _kubernetes(case: Case) -> Iterator[Bar]:
    """Its Kubernetes is too old for what it goes to."""
    least = next(_LEAST[each] for each in case.goals if each in _LEAST)
    yield from _version(case, "kubernetes-version", least)


_LEAST: dict[str, Limit[str]] = {
    OVERLAY: limits.OVERLAY_VERSION,
    STATIC_BLOCK: limits.STATIC_BLOCK_VERSION,
}
"""The oldest Kubernetes that can go somewhere."""


def _version(case: Case, name: str, least: Limit[str], why: str = "") -> Iterator[Bar]:
    """A Kubernetes that is too old."""
    late = is_from(case.cluster.kubernetes_version, least.value)
    asked = f"it has to be {least.value} or later{why}"
    if late is None:
        yield Bar(
            name,
            "unknown",
            f"its Kubernetes version is not known; {asked}",
            least.source,
            "find out which Kubernetes it runs",
            (case.aks("show", "--query", "currentKubernetesVersion"),),
        )
    elif not late:
        yield Bar(
            name,
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


def _policy(case: Case) -> Iterator[Bar]:
    """An engine of network policies is installed."""
    engine = case.policy
    if not engine:
        return
    known = FEATURES.get(f"network-policy={engine}")
    title = known.title if known else f"the network policy engine {engine}"
    if engine == CILIUM:
        yield Bar(
            "network-policy",
            "unknown",
            f"it runs {title}: the page lets Cilium and CNI Overlay come in either "
            "order, and asks for a cluster without network policies",
            limits.UPDATE_CNI,
            "try the update on a cluster of the same kind first",
        )
        return
    yield Bar(
        "network-policy",
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


def _policy_version(case: Case) -> Iterator[Bar]:
    """Its Kubernetes is too old to uninstall the engine."""
    if case.policy not in {"", CILIUM}:
        why = " to uninstall network policies"
        yield from _version(case, "network-policy-version", limits.POLICY_VERSION, why)


def _lacks(case: Case) -> Iterator[Bar]:
    """It uses what the model that it goes to lacks, or nobody knows of."""
    goals = [MODELS[each] for each in case.goals if each in MODELS]
    for goal, need in product(goals, case.cluster.needs):
        support = goal.support(need)
        if support is Support.YES:
            continue
        title, lacked = FEATURES[need].title, support is Support.NO
        way = _REMEDIES.get(need, _NO_REMEDY)
        verbs = way.verbs if case.path and case.path.way == "in-place" else ()
        says = f"{goal.title} lacks" if lacked else f"no page says {goal.title} has"
        yield Bar(
            need.replace("=", "-"),
            way.state if lacked else "unknown",
            f"it uses {title}, which {says}",
            way.source or FEATURES[need].source,
            way.text,
            tuple(case.aks(verb, *options) for verb, *options in verbs),
        )


class _Remedy(NamedTuple):
    """How to take away a feature; verbs of az aks with their options."""

    state: State
    text: str = ""
    verbs: tuple[tuple[str, ...], ...] = ()
    source: str = ""


_NO_REMEDY = _Remedy("bars")
_REMEDIES = {
    "virtual-nodes": _Remedy(
        "removable",
        "give up virtual nodes, and run their pods on nodes",
        (("disable-addons", "--addons", "virtual-node"),),
    ),
    "availability-sets": _Remedy(
        "removable",
        "move its availability sets to Virtual Machines node pools first",
        (("update", "--migrate-vmas-to-vms"),),
        limits.AVAILABILITY_SETS,
    ),
}
"""How to take away what a cluster uses; nothing helps where there is no row."""


def _dual_stack(case: Case) -> Iterator[Bar]:
    """No page speaks of two address families on the way."""
    if "dual-stack" not in case.cluster.needs or case.cluster.model in case.goals:
        return
    if case.row is not None and case.row.route_limit is not None:
        yield Bar(
            "dual-stack",
            "unknown",
            "it has IPv4 and IPv6, and no page speaks of the update of such a cluster; "
            "IPv6 traffic was seen to fail until all nodes were updated",
            limits.DUAL_STACK_ISSUE,
            "try the update on a cluster of the same kind first, and reckon with no "
            "IPv6 between pods meanwhile",
        )
    else:
        yield Bar(
            "dual-stack",
            "unknown",
            "it has IPv4 and IPv6, and no page speaks of the update of such a cluster",
            limits.UPDATE_CNI,
            "try the update on a cluster of the same kind first",
        )


def _windows(case: Case) -> Iterator[Bar]:
    """Cilium runs on Linux alone."""
    if case.is_windows:
        pools = [each.name for each in case.cluster.pools if each.os == "windows"]
        yield Bar(
            "windows",
            "bars",
            f"it has Windows pools ({listed(pools)}), which Cilium does not run on",
            CILIUM_PAGE,
        )


def _docker(case: Case) -> Iterator[Bar]:
    """Windows pools with Docker, which only an old Kubernetes can have."""
    if case.is_windows and version_of(case.cluster.kubernetes_version) is None:
        yield Bar(
            "windows-docker",
            "unknown",
            "whether its Windows pools run Docker is not known, since its Kubernetes "
            "version is not",
            limits.UPDATE_CNI,
            "find out what they run; no Kubernetes that can be updated has Docker",
            (case.pools("list", "--query", "[].nodeImageVersion"),),
        )


def _provisioning(case: Case) -> Iterator[Bar]:
    """Node auto-provisioning has to be off meanwhile."""
    if NODE_PROVISIONING in case.cluster.needs:
        nodes = "kubectl get nodes --selector karpenter.sh/nodepool"
        yield Bar(
            NODE_PROVISIONING,
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


def _surge(case: Case) -> Iterator[Bar]:
    """Its subnets have no room for all pools that are reimaged at once."""
    for subnet in case.node_subnets:
        use = case.survey.usage[subnet.id]
        if use.need is None or use.usable is None or use.need <= use.usable:
            continue
        yield Bar(
            "surge",
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


def _stopped(case: Case) -> Iterator[Bar]:
    """Pools that are stopped say nothing of their nodes."""
    pools = case.cluster.pools
    stopped = [each.name for each in pools if each.stopped]
    one_by_one = (case.pools("start", "--nodepool-name", each) for each in stopped)
    whole = len(stopped) == len(pools)
    if stopped:
        yield Bar(
            "stopped",
            "unknown",
            f"stopped: {listed(stopped)}; no page says whether that bars the update",
            limits.UPDATE_CNI,
            "start the cluster first" if whole else "start these pools first",
            (case.aks("start"),) if whole else tuple(one_by_one),
        )


CONDITIONS: tuple[Condition, ...] = (
    Condition(
        "kubernetes-version",
        (OVERLAY, STATIC_BLOCK),
        _kubernetes,
        ("in-place", "new-pool"),
    ),
    Condition("network-policy-version", (OVERLAY,), _policy_version),
    Condition("network-policy", (OVERLAY,), _policy),
    Condition("windows-docker", (OVERLAY,), _docker),
    Condition("identity", (OVERLAY,), identity),
    Condition("route-table-shared", (OVERLAY,), shared),
    Condition("default-route", (OVERLAY,), default_route),
    Condition("ingress-controller", (OVERLAY,), ingress),
    Condition("route-table", (OVERLAY,), table_elsewhere),
    Condition(
        "features", tuple(MODELS), _lacks, ("in-place", "new-pool", "new-cluster")
    ),
    Condition("dual-stack", (OVERLAY,), _dual_stack),
    Condition("windows", (CILIUM,), _windows),
    Condition("node-auto-provisioning", (CILIUM,), _provisioning),
    Condition("surge", (OVERLAY, CILIUM), _surge),
    Condition("stopped", (OVERLAY, CILIUM), _stopped),
)
"""Every condition, in the order in which it is met."""
