"""Rules on the room that subnets and pod CIDRs have for nodes and pods."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ipplan.checks.capacity.amounts import beyond_limits
from ipplan.checks.capacity.costs import is_given_blocks
from ipplan.checks.capacity.enlargements import (
    further_subnet,
    is_plan,
    larger_range,
    other_pod_cidr,
)
from ipplan.checks.capacity.reductions import Taker, least_surge, less_demand, spare_of
from ipplan.checks.rules import Hit, Side, rule
from ipplan.cidrs import IPV4
from ipplan.counts import counted
from ipplan.findings import Effect, Severity
from ipplan.limits import DYNAMIC, OVERLAY, PLANNING
from ipplan.models import Home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.checks.capacity.capacities import Capacity, Count, Operation, Verdict
    from ipplan.checks.remedies import Remedy
    from ipplan.checks.surveys import Survey
    from ipplan.sizing.tenants import Tenant

SUBNET_SIZE = (
    "https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/connectivity/"
    "insufficientsubnetsize-error-advanced-networking"
)
ROTATION = (
    "https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/"
    "kubernetes_cluster"
)
EXPANSION = "https://learn.microsoft.com/azure/aks/azure-cni-overlay-pod-expand"

MOST_POOLS = 6
"""Pools that a message names."""


@rule(PLANNING, Severity.ERROR, Severity.WARNING)
def subnet_too_small(survey: Survey) -> Iterator[Hit]:
    """A subnet has room for the nodes and pods that it starts with.

    Every node takes an address, and under Azure CNI Node Subnet as many more as its
    max pods; a pod subnet gives its nodes blocks or batches of addresses. AKS counts
    before it acts, all pools of one cluster beside what is in use, and refuses with
    `InsufficientSubnetSize`. It was seen to count less than the documented need: where
    only that fits, this is a warning. So it is where clusters that share the subnet
    have room each by itself and not together, and where the pods of a dynamic pod
    subnet are known by their maximum alone, since they take addresses as they run.
    Of static blocks AKS was seen to count one for each node: it lets nodes in that
    never become ready without the rest, so this is an error.
    """
    yield from _found(survey, "create", "to start with", subnets=True)


@rule(PLANNING, Severity.ERROR, Severity.WARNING)
def subnet_full_at_maximum(survey: Survey) -> Iterator[Hit]:
    """A subnet has room for its pools at their autoscalers' maxima.

    AKS counts the maximum of every pool before it creates, scales or upgrades, and not
    the nodes that happen to run: a maximum that does not fit is refused at once. A
    subnet in use can't be resized.
    """
    yield from _found(survey, "maximum", "at their maximum", subnets=True)


@rule(SUBNET_SIZE, Severity.ERROR, Severity.WARNING)
def subnet_full_during_upgrade(survey: Survey) -> Iterator[Hit]:
    """A subnet has room for the surge nodes of an upgrade.

    An upgrade first adds nodes, as many as the max surge of each pool says: 10 % of
    its nodes, rounded up, where nothing is set. AKS looks at all pools of the cluster
    and their subnets, not only at the pool that is upgraded. Without room the cluster
    runs, and can't be upgraded.
    """
    yield from _found(survey, "upgrade", "while all are upgraded", subnets=True)


@rule(OVERLAY, Severity.ERROR, Severity.WARNING)
def pod_cidr_too_small(survey: Survey) -> Iterator[Hit]:
    """A pod CIDR has a /24 for each node that it starts with.

    Under Azure CNI Overlay and kubenet each node takes 256 addresses of the pod CIDR,
    however many pods it runs; nothing of it is reserved.
    """
    yield from _found(survey, "create", "to start with", subnets=False)


@rule(OVERLAY, Severity.ERROR, Severity.WARNING)
def pod_cidr_full_at_maximum(survey: Survey) -> Iterator[Hit]:
    """A pod CIDR has a /24 for each node at the autoscalers' maxima.

    AKS counts 256 addresses for each node of the maxima of all pools before it acts,
    and refuses with `InsufficientSubnetSize` and the pod CIDR as its target.
    """
    yield from _found(survey, "maximum", "at their maximum", subnets=False)


@rule(EXPANSION, Severity.ERROR, Severity.WARNING)
def pod_cidr_full_during_upgrade(survey: Survey) -> Iterator[Hit]:
    """A pod CIDR has a /24 for each surge node of an upgrade.

    Surge nodes take a /24 like all others. The pod CIDR of a cluster with Azure CNI
    Overlay and Linux nodes alone can be expanded to a larger one that covers it; that
    of kubenet can't be changed.
    """
    yield from _found(survey, "upgrade", "while all are upgraded", subnets=False)


@rule(DYNAMIC, Severity.WARNING)
def observed_exceeds_range(survey: Survey) -> Iterator[Hit]:
    """The service was seen to count more than a range holds that is large enough.

    Nodes on a dynamic pod subnet were seen to hold one address each besides their
    batches. No page says so.
    """
    for each in survey.capacities:
        held = each.held
        if each.fails in {None, "rotation"} and held.fits is False:
            name = _name(survey, each)
            yield Hit(
                Severity.WARNING,
                Effect.WORKS_BUT,
                _sides(survey, each),
                f"{name} has {_room(survey, each)} for "
                f"{_who(survey, each, 'upgrade')}; nodes were seen to hold "
                f"{held.need:,} during an upgrade, where {each.upgrade.need:,} are "
                "documented",
                _ways_out(survey, each, "upgrade"),
            )


@rule(ROTATION, Severity.NOTE)
def no_room_to_rotate(survey: Survey) -> Iterator[Hit]:
    """A range has room for a pool's twin while the pool is replaced.

    Max pods, the VM size and more are fixed in a pool. To change them, the pool is
    replaced by way of another of as many nodes, as azurerm does under
    `temporary_name_for_rotation`, and both take addresses for a while. A pool on a
    subnet of its own, or with fewer nodes for that while, needs no room here.
    """
    for each in survey.capacities:
        if each.fails == "rotation":
            what = "with a twin of the largest pool"
            yield _hit(survey, each, "rotation", what)._replace(
                severity=Severity.NOTE, effect=Effect.INFORMATION
            )


def _found(
    survey: Survey, operation: Operation, what: str, *, subnets: bool
) -> Iterator[Hit]:
    """The ranges in which an operation is the first to fail."""
    for each in survey.capacities:
        if (each.kind != "pod-cidr") == subnets and each.fails == operation:
            yield _hit(survey, each, operation, what)


def _hit(survey: Survey, capacity: Capacity, operation: Operation, what: str) -> Hit:
    verdict = capacity.verdict(operation)
    certain = verdict.least_fits is False
    who = _who(survey, capacity, operation)
    parts = (
        f"{_name(survey, capacity)} has {_room(survey, capacity)} for {who}",
        f"they take {_need(survey, capacity, verdict, what)}",
        *_counted_by_aks(survey, capacity, operation),
        *_nodes_too_many(capacity, operation),
        *_barred(capacity, operation),
    )
    return Hit(
        Severity.ERROR if certain else Severity.WARNING,
        _effect(capacity, verdict),
        _sides(survey, capacity),
        "; ".join(parts),
        _ways_out(survey, capacity, operation),
        source=capacity.tenants[0].model.source if operation == "create" else "",
    )


def _effect(capacity: Capacity, verdict: Verdict) -> Effect:
    """Refused where certain, but for nodes that AKS lets in and that get no block."""
    let_in = verdict.counted and verdict.counted.fits is not False
    if let_in and _strands(capacity):
        return Effect.BREAKS_TRAFFIC
    return Effect.REFUSED if verdict.least_fits is False else Effect.WORKS_BUT


def _need(survey: Survey, capacity: Capacity, verdict: Verdict, what: str) -> str:
    """What the pools take, and what of it is not for nodes where that decides."""
    text = f"{verdict.need:,} {what}"
    if not capacity.known:
        return f"at least {text}, and not all is known: {capacity.unknown[0]}"
    return f"{text}{_for_api_servers(survey, capacity, verdict)}"


def _for_api_servers(survey: Survey, capacity: Capacity, verdict: Verdict) -> str:
    if not _besides_decide(capacity, verdict):
        return ""
    noun = capacity.noun
    users = survey.users(noun.id)
    own = any(each.api_server_subnet == noun.id for each in users)
    kind = "API servers" if own else "private endpoints of API servers"
    return f", {capacity.beside} of them for {kind}"


def _besides_decide(capacity: Capacity, verdict: Verdict) -> bool:
    """Whether there is room for the nodes, and none for what stands beside them."""
    room, need = capacity.room, verdict.need
    return (
        room is not None and need is not None and need - capacity.beside <= room < need
    )


def _sides(survey: Survey, capacity: Capacity) -> tuple[Side, ...]:
    """The range, and the clusters in it."""
    keys = dict.fromkeys(each.cluster for each in capacity.tenants)
    clusters = (survey.cluster_by_id[each] for each in keys)
    first = Side(capacity.noun, capacity.cidr)
    others = (Side(each) for each in clusters if each is not capacity.noun)
    return (first, *others)


def _name(survey: Survey, capacity: Capacity) -> str:
    """The range, and whose it is."""
    name = survey.called(capacity.noun)
    kind = "'s pod CIDR" if capacity.kind == "pod-cidr" else ""
    cidrs = [str(each) for each in capacity.cidrs if each.version == IPV4]
    return f"{name}{kind} {', '.join(cidrs)}"


def _room(survey: Survey, capacity: Capacity) -> str:
    """What there is for the pools, in words."""
    of_one = " in the largest of them" if _counts_one_prefix(capacity) else ""
    if capacity.room is not None:
        return f"{counted(capacity.room, 'address', 'es')}{of_one}"
    usable = survey.usage[capacity.noun.id].usable or 0
    return f"at most {counted(usable, 'address', 'es')}{of_one}"


def _counts_one_prefix(capacity: Capacity) -> bool:
    """Whether pods keep the prefixes of a subnet from adding up."""
    several = sum(each.version == IPV4 for each in capacity.cidrs) > 1
    homes = {each.model.home for each in capacity.tenants}
    return several and homes != {Home.POD_CIDR}


def _who(survey: Survey, capacity: Capacity, operation: Operation) -> str:
    """The pools that share a range, each with its nodes and what a node takes."""
    told: dict[str, list[str]] = {}
    for each in islice(capacity.tenants, MOST_POOLS):
        pool = each.load.pool.name
        text = f"{pool} {_nodes(each, operation):,} x {each.cost}"
        told.setdefault(each.cluster, []).append(text)
    names = [
        ", ".join(pools)
        if capacity.kind == "pod-cidr"
        else f"{survey.called(survey.cluster_by_id[key])} ({', '.join(pools)})"
        for key, pools in told.items()
    ]
    more = len(capacity.tenants) - MOST_POOLS
    if more > 0:
        names.append(counted(more, "further pool"))
    return " and ".join(names)


def _nodes(tenant: Tenant, operation: Operation) -> int:
    if operation == "create":
        return tenant.now
    return int(tenant.load.peak if operation == "upgrade" else tenant.load.nodes)


def _counted_by_aks(
    survey: Survey, capacity: Capacity, operation: Operation
) -> Iterator[str]:
    """What is certain to be taken: what AKS counts, or the first batches."""
    verdict = capacity.verdict(operation)
    if operation == "rotation" or _besides_decide(capacity, verdict):
        return
    count = verdict.counted
    if count is not None:
        yield f"{_count(survey, capacity, count)}, which {_fits(count.fits)}" + (
            ", and then nodes do not get ready"
            if count.fits and _strands(capacity)
            else ""
        )
    elif verdict.least != verdict.need:
        fits = _fits(verdict.least_fits)
        yield f"{verdict.least:,} are taken for certain, which {fits}"


def _fits(fits: bool | None) -> str:  # noqa: FBT001  # a value, not a switch
    return {True: "fits", None: "may fit"}.get(fits, "does not fit either")


def _count(survey: Survey, capacity: Capacity, count: Count) -> str:
    """What AKS counts; of clusters that share a subnet one by one."""
    if len(capacity.clusters) == 1:
        return f"AKS was seen to count {count.own:,}"
    name = survey.called(survey.cluster_by_id[count.cluster])
    held = f" beside {count.held:,} that others hold now" if count.held else ""
    return (
        f"AKS counts each cluster by itself, and was seen to count {count.own:,} for "
        f"{name}{held}"
    )


def _strands(capacity: Capacity) -> bool:
    """Whether AKS counts less than what nodes take in whole when they are made."""
    return any(map(is_given_blocks, capacity.tenants))


def _nodes_too_many(capacity: Capacity, operation: Operation) -> Iterator[str]:
    """By how many nodes the pools are too many to be upgraded."""
    left = capacity.nodes_left
    if operation == "upgrade" and capacity.one_pool.fits:
        yield "one pool at a time fits"
    if left is not None and left < 0 and operation != "rotation":
        yield f"{counted(-left, 'node')} too many to be upgraded"


def _barred(capacity: Capacity, operation: Operation) -> Iterator[str]:
    """What keeps a pool from having a twin, whatever room there is."""
    why = beyond_limits(capacity.tenants)
    if operation == "rotation" and why:
        yield why


def _ways_out(
    survey: Survey, capacity: Capacity, operation: Operation
) -> Iterator[Remedy]:
    """More room in a plan; in what exists less demand first, then room beside it.

    Nothing where not all pools are known: no way out could be tried.
    """
    if not capacity.known:
        return
    if is_plan(survey, capacity):
        yield from larger_range(survey, capacity)
    if operation == "rotation":
        return
    spare = spare_of(capacity)
    if spare is not None:
        takers = [Taker(e.cluster, e.load, e.cost) for e in capacity.tenants]
        yield from least_surge(survey, takers, -spare)
    yield from less_demand(survey, capacity, scaled=True)
    yield from other_pod_cidr(survey, capacity)
    yield from further_subnet(survey, capacity)
    yield from less_demand(survey, capacity)
