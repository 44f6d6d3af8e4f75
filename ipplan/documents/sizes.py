"""Sizings and fits as plain documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ipplan.counts import counted
from ipplan.inventory import DEFAULT_SURGE
from ipplan.limits import API_SERVER, API_SERVER_SUBNET, RULES_AS_OF
from ipplan.models import Home, Standing
from ipplan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ipplan.contracts.sizes import (
        FindingDocument,
        FitDocument,
        FitModelDocument,
        FitScenarioDocument,
        ObservedDocument,
        PoolDocument,
        RangeDocument,
        RecommendationDocument,
        SizeDocument,
        SizeModelDocument,
        SizeScenarioDocument,
        SkippedDocument,
        StepDocument,
    )
    from ipplan.counts import Count
    from ipplan.findings import Finding
    from ipplan.inventory import NodePool
    from ipplan.inventory.clusters import Cluster
    from ipplan.sizing.demands import Demand
    from ipplan.sizing.explanations import Step
    from ipplan.sizing.fits import Fit, Fits
    from ipplan.sizing.loads import Range
    from ipplan.sizing.plans import Plan
    from ipplan.sizing.sizings import Observed, Sizing


def size_scenario(
    plan: Plan, cluster: Cluster | None = None, *, explained: bool = False
) -> SizeScenarioDocument:
    """A plan as a document, of the cluster that it sizes where there is one.

    Examples
    --------
    >>> import ipplan
    >>> size_scenario(ipplan.size(300, 30))["recommendation"]["model"]
    'cni-overlay'
    """
    return {
        "cluster": cluster.name if cluster else None,
        "current_model": cluster.model if cluster else None,
        "pools": [_pool(pool) for pool in plan.demand.pools],
        "assumptions": [
            *assumptions(plan.demand),
            *(_api_server(cluster) if cluster else ()),
            *_defaults(plan),
        ],
        "recommendation": _recommendation(plan),
        "models": [_size_model(each, explained) for each in plan.values()],
    }


def size_document(
    scenarios: Iterable[SizeScenarioDocument],
    given: Mapping[str, Any],
    skipped: Iterable[SkippedDocument] = (),
    *,
    complete: bool = True,
) -> SizeDocument:
    """Scenarios as the document that ``ipplan size`` prints."""
    return {
        "kind": "ipplan.size",
        "version": __version__,
        "rules_as_of": RULES_AS_OF.isoformat(),
        "input": dict(given),
        "complete": complete,
        "skipped": list(skipped),
        "scenarios": list(scenarios),
    }


def fit_document(fits: Fits, given: Mapping[str, Any]) -> FitDocument:
    """Fits as the document that ``ipplan fit`` prints."""
    scenario: FitScenarioDocument = {
        "cluster": None,
        "pools": [_pool(pool) for pool in fits.demand.pools],
        "assumptions": [*_assumed(fits), *_unbound(fits)],
        "recommendation": None,
        "models": [_fit_model(each) for each in fits.values()],
    }
    return {
        "kind": "ipplan.fit",
        "version": __version__,
        "rules_as_of": RULES_AS_OF.isoformat(),
        "input": dict(given),
        "scenarios": [scenario],
    }


def assumptions(demand: Demand) -> list[str]:
    """What a sizing takes for granted, in words."""
    pools = demand.pools
    surges = dict.fromkeys(str(pool.max_surge) for pool in pools)
    default = " (AKS default)" if [*surges] == [str(DEFAULT_SURGE)] else ""
    extra, host = demand.extra_addresses, [p.host_network_pods for p in pools]
    spot = [pool.name for pool in pools if pool.priority == "spot"]
    found = [
        f"surge {', '.join(surges)}{default}" if pools else "",
        _running(pools),
        f"{_list(host)} host-network pods a node"
        if any(host)
        else "no host-network pods",
        f"{counted(extra, 'other address', 'es')} in the node subnet"
        if extra
        else "no other resources in the subnets",
        "every pool twice (blue/green)" if any(p.copies > 1 for p in pools) else "",
        f"spot pools do not surge: {', '.join(spot)}" if spot else "",
        f"{demand.other_routes} other routes in the route table"
        if demand.other_routes
        else "",
        f"the /{demand.pod_cidr} pod CIDR stays" if demand.pod_cidr is not None else "",
    ]
    return [text for text in found if text]


def _running(pools: tuple[NodePool, ...]) -> str:
    """Which pools run how many pods that need an address; the others are full."""
    stated = [pool for pool in pools if pool.pods_per_node is not None]
    if not stated:
        return "full nodes"
    counts = _list(
        pool.pods_per_node for pool in stated if pool.pods_per_node is not None
    )
    whose = (
        "" if len(stated) == len(pools) else f" in {_names(stated)}, full nodes else"
    )
    return f"{counts} pods a node need an address{whose}"


def _names(pools: Iterable[NodePool]) -> str:
    return ", ".join(pool.name for pool in pools)


def _api_server(cluster: Cluster) -> Iterator[str]:
    if cluster.private_endpoint:
        yield "the API server's private endpoint is one of the other addresses"
    if cluster.vnet_integration:
        yield (
            f"the API server's own subnet ({API_SERVER.value} addresses, "
            f"/{API_SERVER_SUBNET.value} or larger) comes on top"
        )


def _defaults(plan: Plan) -> list[str]:
    if all(pool.max_pods is not None for pool in plan.demand.pools):
        return []
    own = dict.fromkeys(s.model.default_max_pods.value for s in plan.values())
    if len(own) == 1:
        return [f"max pods {next(iter(own))} (the model's default)"]
    unequal = "each model's own default max pods, so pods are not equal"
    return [f"{unequal}: compare with --max-pods or --pods"]


def _assumed(fits: Fits) -> list[str]:
    """What is assumed, but for a surge that is itself sought."""
    sought = {each.sought.name for each in fits.values() if each.sought}
    found = assumptions(fits.demand)
    return ["the most surge that fits", *found[1:]] if "max_surge" in sought else found


def _unbound(fits: Fits) -> list[str]:
    kinds = dict.fromkeys([Home.NODE_SUBNET, *(f.model.home for f in fits.values())])
    missing = [kind.words for kind in kinds if fits.demand.given(kind) is None]
    names = " or ".join(missing)
    return [f"no {names} is given, so none bounds"] if missing else []


def _recommendation(plan: Plan) -> RecommendationDocument | None:
    found = plan.recommendation
    if found is None:
        return None
    best = found.best
    reasons = _standing(best, found.others, plan)
    if best.model.standing is Standing.RECOMMENDED:
        reasons = [*_cheaper(best, found.others), *reasons]
    return {"model": best.model.name, "reason": " and ".join(reasons)}


def _cheaper(best: Sizing, others: tuple[Sizing, ...]) -> list[str]:
    """How many times fewer addresses it takes than the next that runs as many pods."""
    mine = int(best.vnet_addresses)
    dearer = [
        other
        for other in others
        if other.vnet_addresses > mine and other.possible_pods == best.possible_pods
    ]
    if not dearer:
        return []
    other = min(dearer, key=lambda each: int(each.vnet_addresses))
    times = int(other.vnet_addresses) // max(mine, 1)
    fewer = f"{times} times fewer" if times > 1 else "fewer"
    return [f"takes {fewer} VNet addresses than {other.model.name}"]


def _standing(best: Sizing, others: tuple[Sizing, ...], plan: Plan) -> list[str]:
    """Where Microsoft's pages put it, and which model they put lower takes less."""
    standing = best.model.standing
    if standing is Standing.RECOMMENDED:
        return ["is what Microsoft recommends in general"]
    if len(plan) == 1:
        return ["is the only model asked for, and feasible"]
    less = [each for each in others if each.vnet_addresses < best.vnet_addresses]
    but = [
        f"{each.model.name} takes {each.vnet_addresses:,}, and Microsoft's pages call "
        f"it {each.model.standing.value}"
        for each in less
    ]
    first = f"takes the fewest VNet addresses of the feasible {standing.value} models"
    return [f"{first} ({'; '.join(but)})" if but else first]


def _size_model(sizing: Sizing, explained: bool) -> SizeModelDocument:  # noqa: FBT001  # private
    known = bool(sizing.loads)
    max_pods = {int(load.max_pods) for load in sizing.loads}
    bound = sizing.grows_to.bound_by
    steps = _explained(sizing) if explained else []
    return {
        "model": sizing.model.name,
        "feasible": None if sizing.feasible is None else bool(sizing.feasible),
        "unknown": list(sizing.unknown),
        "nodes": _int(sizing.nodes) if known else None,
        "surge_nodes": _int(sizing.surge_nodes) if known else None,
        "max_pods": max_pods.pop() if len(max_pods) == 1 else None,
        "node_subnets": [_range(each) for each in sizing.node_subnets],
        "pod_ranges": [_range(each) for each in sizing.pod_ranges],
        "vnet_addresses": _int(sizing.vnet_addresses) if known else None,
        "grows_to": {
            "nodes": _int(sizing.grows_to.nodes),
            "bound_by": None if bound is None else str(bound),
        },
        "egress_source": sizing.model.egress_source,
        "standing": sizing.model.standing.value,
        "observed": [_observed(each) for each in sizing.observed],
        "placements": [
            {"range": each.kind.value, "cidr": None if found is None else str(found)}
            for each, found in sizing.placements
        ],
        "explanation": [
            {"range": name, "steps": [_step(step) for step in found]}
            for name, found in steps
        ],
        "findings": [_finding(each) for each in sizing.findings],
    }


def _fit_model(found: Fit) -> FitModelDocument:
    sought = found.sought
    return {
        "model": found.model.name,
        "feasible": None if found.feasible is None else bool(found.feasible),
        "max_nodes": int(found.max_nodes),
        "max_nodes_without_surge": int(found.max_nodes_without_surge),
        "max_pods_total": int(found.max_pods_total),
        "bound_by": str(found.bound_by),
        "sought": None
        if sought is None
        else {"name": sought.name, "value": _int(sought.value)},
        "unknown": list(found.sizing.unknown),
        "findings": [_finding(each) for each in found.findings],
    }


def _pool(pool: NodePool) -> PoolDocument:
    return {
        "name": pool.name,
        "nodes": _int(pool.nodes),
        "max_pods": _int(pool.max_pods),
        "max_surge": str(pool.max_surge),
        "os": pool.os,
        "priority": pool.priority,
        "subnet": pool.subnet,
        "pod_subnet": pool.pod_subnet,
        "copies": pool.copies,
    }


def _range(each: Range) -> RangeDocument:
    return {
        "kind": _KINDS[each.kind],
        "pools": list(each.pools),
        "addresses": int(each.addresses),
        "addresses_with_reserved": int(each.addresses_with_reserved),
        "prefix_length": _int(each.prefix_length),
        "usable": _int(each.usable),
        "free": _int(each.free),
    }


_KINDS: dict[Home, Literal["node-subnet", "pod-subnet", "pod-cidr"]] = {
    Home.NODE_SUBNET: "node-subnet",
    Home.POD_SUBNET: "pod-subnet",
    Home.POD_CIDR: "pod-cidr",
}


def _observed(each: Observed) -> ObservedDocument:
    return {
        "what": each.what,
        "range": each.range.kind.value,
        "addresses": int(each.addresses),
        "basis": f"observed: {each.limit.note}",
        "source": each.limit.source,
    }


def _explained(sizing: Sizing) -> list[tuple[str, list[Step]]]:
    from ipplan.sizing.explanations import explain

    return explain(sizing)


def _step(step: Step) -> StepDocument:
    return {
        "value": step.value,
        "expression": step.expression,
        "why": step.why,
        "basis": step.basis if step.source else None,
        "source": step.source,
    }


def _finding(finding: Finding) -> FindingDocument:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "source": finding.source,
    }


def _int(value: Count | None) -> int | None:
    return None if value is None else int(value)


def _list(counts: Iterable[Count]) -> str:
    return ", ".join(f"{count}" for count in dict.fromkeys(counts))
