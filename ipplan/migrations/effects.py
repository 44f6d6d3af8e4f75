"""What a move changes for good, and for others: reach, source addresses, routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.features import Support
from ipplan.migrations.bars import OVERLAY
from ipplan.migrations.paths import CILIUM
from ipplan.models import MODELS, Home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.migrations.cases import Case
    from ipplan.migrations.results import Way
    from ipplan.models import NetworkModel


def changes(case: Case) -> Iterator[str]:
    """What will be different for the cluster and for others.

    Parameters
    ----------
    case : Case
        A cluster that moves.
    """
    old, new = case.row, case.goal
    if old is not None and new is not None:
        yield from _between(old, new)
    if case.policy and OVERLAY in case.goals and case.policy != CILIUM:
        yield "network policies are enforced no longer until an engine is installed"
    if CILIUM in case.goals:
        yield (
            "Cilium enforces network policies in place of any other engine, and there "
            "is no kube-proxy; ipBlock rules can't name nodes or pods"
        )


def _between(old: NetworkModel, new: NetworkModel) -> Iterator[str]:
    reached = [each.support("direct-pod-access") is Support.YES for each in (old, new)]
    if reached == [True, False]:
        yield (
            "nothing outside the cluster reaches pods by their own addresses any more, "
            "from the VNet, its peers or on premises: use services"
        )
    if reached == [False, True]:
        yield "pods can be reached from the VNet, its peers and on premises"
    if old.egress_source != new.egress_source:
        yield (
            f"others see {new.egress_source} as source, no longer {old.egress_source}: "
            "firewalls and network security groups have to let it in"
        )
    if old.route_limit is not None and new.route_limit is None:
        yield (
            f"no route is written for a node any more: up to "
            f"{limits.CLUSTER_NODES.value:,} nodes, no longer {old.route_limit.value:,}"
        )
    if old.home is not Home.POD_CIDR and new.home is Home.POD_CIDR:
        yield (
            f"a node takes one address of its subnet, and {new.block} of the pod CIDR: "
            "nodes are bounded by both"
        )
    if new.home is Home.POD_CIDR:
        yield (
            "max pods stay as they are, since they are fixed for each pool: more, up "
            f"to {limits.MAX_MAX_PODS.value}, need new pools"
        )


_IRREVERSIBLE: dict[Way, tuple[tuple[str, str], ...]] = {
    "in-place": (
        (
            OVERLAY,
            "the update to CNI Overlay: the cluster can't go back to another model",
        ),
        (
            OVERLAY,
            "the pod CIDR: it can only grow into a larger range that holds it",
        ),
        (CILIUM, "the update to Cilium: no page names a way back"),
    ),
    "new-cluster": tuple(
        (each, "deleting the old cluster") for each in (*MODELS, CILIUM)
    ),
    "new-pool": tuple((each, "deleting the old pools") for each in MODELS),
}


def irreversible(case: Case, way: Way) -> Iterator[str]:
    """What can't be undone.

    Parameters
    ----------
    case : Case
        A cluster that moves.
    way : str
        How.
    """
    words = (text for goal, text in _IRREVERSIBLE[way] if goal in case.goals)
    yield from dict.fromkeys(words)
