"""What bars the way in place: a row for each condition of the pages."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.checks.names import listed
from ipplan.features import FEATURES, Support
from ipplan.migrations.paths import CILIUM, CILIUM_PAGE
from ipplan.migrations.results import Bar
from ipplan.migrations.tables import identity, table_elsewhere
from ipplan.models import MODELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ipplan.limits import Limit
    from ipplan.migrations.cases import Case, Command, Version
    from ipplan.migrations.results import State, Way

OVERLAY = "cni-overlay"
STATIC_BLOCK = "cni-static-block"
POLICIES = f"{limits.NETWORK_POLICY}#uninstall-azure-network-policy-manager-or-calico"
AVAILABILITY_SETS = f"{limits.AKS}/availability-sets-on-aks"


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


def _version(
    case: Case, name: str, least: Limit[str], why: str = "", start: Version = (1, 0)
) -> Iterator[Bar]:
    """A Kubernetes that is too old; upgrades begin where another bar ends them."""
    wanted, found = _numbers(least), case.version
    asked = f"it has to be {least.value} or later{why}"
    if found is None:
        yield Bar(
            name,
            "unknown",
            f"its Kubernetes version is not known; {asked}",
            least.source,
            "find out which Kubernetes it runs",
            (case.aks("show", "--query", "currentKubernetesVersion"),),
        )
    elif found < wanted:
        yield Bar(
            name,
            "removable",
            f"it runs Kubernetes {case.cluster.kubernetes_version}; {asked}",
            least.source,
            f"upgrade Kubernetes to {least.value} or later, one minor version at a "
            "time, as far as AKS still offers them",
            _upgrades(case, max(found, start), wanted),
        )


def _numbers(least: Limit[str]) -> Version:
    major, _, minor = least.value.partition(".")
    return int(major), int(minor)


def _upgrades(case: Case, found: Version, wanted: Version) -> tuple[Command, ...]:
    """The commands that upgrade a cluster to a version, a minor version at a time."""
    steps = [f"{wanted[0]}.{each}" for each in range(found[1] + 1, wanted[1] + 1)]
    return (
        case.aks("get-upgrades", "--output", "table"),
        *(case.aks("upgrade", "--kubernetes-version", each) for each in steps),
    )


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
        "uninstall the engine: policies stay in the cluster and are enforced no longer",
        (case.aks("update", "--network-policy", "none"),),
    )


def _policy_version(case: Case) -> Iterator[Bar]:
    """Its Kubernetes is too old to uninstall the engine."""
    if case.policy not in {"", CILIUM}:
        start, why = _numbers(limits.OVERLAY_VERSION), " to uninstall network policies"
        least = limits.POLICY_VERSION
        yield from _version(case, "network-policy-version", least, why, start)


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
        AVAILABILITY_SETS,
    ),
}
"""How to take away what a cluster uses; nothing helps where there is no row."""


def _dual_stack(case: Case) -> Iterator[Bar]:
    """No page speaks of two address families on the way."""
    if "dual-stack" in case.cluster.needs and case.cluster.model not in case.goals:
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
    if case.is_windows and case.version is None:
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
    if "node-auto-provisioning" in case.cluster.needs:
        yield Bar(
            "node-auto-provisioning",
            "removable",
            "it runs node auto-provisioning, with which the data plane can't change",
            CILIUM_PAGE,
            "turn it off before, and on again behind it",
            (case.aks("update", "--node-provisioning-mode", "Manual"),),
        )


def _stopped(case: Case) -> Iterator[Bar]:
    """Pools that are stopped say nothing of their nodes."""
    stopped = [e.name for e in case.cluster.pools if e.unknown.endswith("is stopped")]
    if stopped:
        yield Bar(
            "stopped",
            "unknown",
            f"stopped: {listed(stopped)}; no page says whether that bars the update",
            limits.UPDATE_CNI,
            "start the cluster and its pools first",
            (case.aks("start"),),
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
    Condition("route-table", (OVERLAY,), table_elsewhere),
    Condition(
        "features", tuple(MODELS), _lacks, ("in-place", "new-pool", "new-cluster")
    ),
    Condition("dual-stack", (OVERLAY,), _dual_stack),
    Condition("windows", (CILIUM,), _windows),
    Condition("node-auto-provisioning", (CILIUM,), _provisioning),
    Condition("stopped", (OVERLAY, CILIUM), _stopped),
)
"""Every condition, in the order in which it is met."""
