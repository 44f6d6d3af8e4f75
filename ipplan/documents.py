"""Results as plain documents: the JSON that is promised, and what renderers start from.

The classes are the contract: ``ipplan schema`` prints them as JSON Schema, and the
type checker holds the functions below to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from typing_extensions import TypedDict

from ipplan.inventory import DEFAULT_SURGE
from ipplan.limits import API_SERVER, RULES_AS_OF
from ipplan.models import Home, Standing
from ipplan.sizing.explanations import Step, explain
from ipplan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ipplan.counts import Count
    from ipplan.findings import Finding
    from ipplan.inventory import NodePool
    from ipplan.sizing import Demand, Fit, Fits, Observed, Plan, Range, Sizing


class PoolDocument(TypedDict):
    """A node pool as it was sized."""

    name: str
    """Unique in its cluster."""
    nodes: int | None
    """Nodes, growth included; null where unknown."""
    max_pods: int | None
    """Pods a node; null for the model's default."""
    max_surge: str
    """A count, or a percentage such as 10%."""
    os: str
    """linux or windows."""
    priority: str
    """regular or spot."""
    subnet: str | None
    """The node subnet it names, if it does."""
    pod_subnet: str | None
    """The pod subnet it names, if it does."""
    copies: int
    """2 in a blue/green rotation."""


class FindingDocument(TypedDict):
    """What a rule found."""

    rule: str
    """The rule's id."""
    severity: Literal["error", "warning", "note"]
    """An error makes it infeasible."""
    message: str
    """With the numbers, and a way out."""
    source: str
    """The page that imposes it."""


class NodeSubnetDocument(TypedDict):
    """A node subnet."""

    pools: list[str]
    """Names of the pools that share it."""
    addresses: int
    """The documented need, without the five that Azure reserves."""
    addresses_with_reserved: int
    """The need with the five."""
    prefix_length: int | None
    """Null where no subnet that Azure allows is large enough."""
    usable: int | None
    """Addresses for use in a range of that prefix length."""
    free: int | None
    """Usable less needed."""


class PodRangeDocument(NodeSubnetDocument):
    """A range that only pods live in; a pod CIDR reserves nothing."""

    kind: Literal["pod-subnet", "pod-cidr"]
    """Where it lies: in the VNet, or beside it."""


class GrowsToDocument(TypedDict):
    """How far the chosen ranges go with the same surge."""

    nodes: int | None
    """Most nodes, whichever pool grows."""
    bound_by: str | None
    """What stops the next one."""


class ObservedDocument(TypedDict):
    """A count that the service was seen to make; never used to size."""

    what: Literal["pre-flight", "held"]
    """What AKS counts before it acts, or what nodes hold."""
    range: str
    """node-subnet, pod-subnet or pod-cidr."""
    addresses: int
    """As the service counts them."""
    basis: str
    """How the figure came about."""
    source: str
    """Where it was seen."""


class StepDocument(TypedDict):
    """A step of the arithmetic, as a colleague would write it on a whiteboard."""

    value: str
    """What comes out."""
    expression: str
    """How it is worked out."""
    why: str
    """The rule behind it."""
    basis: str
    """documented, observed, our margin or unknown."""
    source: str | None
    """The page that says so."""


class ExplanationDocument(TypedDict):
    """The arithmetic of one range."""

    range: str
    """Which range of which pools."""
    steps: list[StepDocument]
    """In order."""


class PlacementDocument(TypedDict):
    """Where a subnet fits in the free space that was named."""

    range: str
    """node-subnet or pod-subnet."""
    cidr: str | None
    """Null where there is no room."""


class SizeModelDocument(TypedDict):
    """One network model's answer."""

    model: str
    """The name of the model."""
    feasible: bool | None
    """It runs and can still be upgraded; null where unknown."""
    unknown: list[str]
    """What can't be known, each with what to state."""
    nodes: int | None
    """Nodes in all, growth and copies included."""
    surge_nodes: int | None
    """Nodes that an upgrade of all pools at once adds."""
    max_pods: int | None
    """Pods a node; null where pools differ."""
    node_subnets: list[NodeSubnetDocument]
    """One for all pools, or those that they name."""
    pod_ranges: list[PodRangeDocument]
    """Pod subnets or the pod CIDR."""
    vnet_addresses: int | None
    """Addresses of nodes, pods and extras in the VNet."""
    grows_to: GrowsToDocument
    """How far it goes."""
    egress_source: str
    """The source address that others see."""
    standing: str
    """What Microsoft's pages say of the model."""
    observed: list[ObservedDocument]
    """What the service was seen to count."""
    placements: list[PlacementDocument]
    """Where the subnets fit in the free space named; empty where none is named."""
    explanation: list[ExplanationDocument]
    """The arithmetic; empty unless asked for."""
    findings: list[FindingDocument]
    """What the rules found."""


class RecommendationDocument(TypedDict):
    """Which model to take, and why."""

    model: str
    """The name of the model."""
    reason: str
    """Why it comes first."""


class SizeScenarioDocument(TypedDict):
    """One demand under every model asked for."""

    cluster: str | None
    """The cluster's name, where it was read from a file."""
    pools: list[PoolDocument]
    """What was sized."""
    assumptions: list[str]
    """What was taken for granted."""
    recommendation: RecommendationDocument | None
    """Null where nothing is feasible, or unknown."""
    models: list[SizeModelDocument]
    """One for each model."""


class SkippedDocument(TypedDict):
    """An object of a file that was not read."""

    where: str
    """Its JSON path."""
    reason: str
    """Why it was not read."""


class SizeDocument(TypedDict):
    """What ``ipplan size -o json`` prints."""

    kind: Literal["ipplan.size"]
    """Tells this document from others."""
    version: str
    """Of ipplan."""
    rules_as_of: str
    """The day of the newest page behind the rules."""
    input: dict[str, Any]
    """The options that were given."""
    complete: bool
    """False where a file has more pages, or an object of it was broken."""
    skipped: list[SkippedDocument]
    """Objects that were not read."""
    scenarios: list[SizeScenarioDocument]
    """One for each cluster, or for each combination that was compared."""


class SoughtDocument(TypedDict):
    """What was looked for."""

    name: str
    """max_pods or max_surge."""
    value: int | None
    """The most of it that fits; null for none."""


class FitModelDocument(TypedDict):
    """What the ranges hold under one model."""

    model: str
    """The name of the model."""
    feasible: bool | None
    """Whether something fits that runs and can still be upgraded."""
    max_nodes: int
    """Most nodes that can still be upgraded."""
    max_nodes_without_surge: int
    """Most nodes there is room for at once."""
    max_pods_total: int
    """Pods that max_nodes run."""
    bound_by: str
    """What stops the next node."""
    sought: SoughtDocument | None
    """Max pods or surge, where nodes were given."""
    findings: list[FindingDocument]
    """What the rules found."""


class FitScenarioDocument(TypedDict):
    """One question, under every model asked for."""

    cluster: str | None
    """Always null: fit reads no file."""
    pools: list[PoolDocument]
    """What was asked for."""
    assumptions: list[str]
    """What was taken for granted."""
    recommendation: RecommendationDocument | None
    """Always null: fit compares, and size recommends."""
    models: list[FitModelDocument]
    """One for each model."""


class FitDocument(TypedDict):
    """What ``ipplan fit -o json`` prints."""

    kind: Literal["ipplan.fit"]
    """Tells this document from others."""
    version: str
    """Of ipplan."""
    rules_as_of: str
    """The day of the newest page behind the rules."""
    input: dict[str, Any]
    """The options that were given."""
    scenarios: list[FitScenarioDocument]
    """Always one."""


DOCUMENTS: dict[str, Any] = {"size": SizeDocument, "fit": FitDocument}
"""Every document by the name of the command that prints it."""


def size_scenario(
    plan: Plan, cluster: str | None = None, *, explained: bool = False
) -> SizeScenarioDocument:
    """A plan as a document.

    Examples
    --------
    >>> import ipplan
    >>> size_scenario(ipplan.size(300, 30))["recommendation"]["model"]
    'cni-overlay'
    """
    return {
        "cluster": cluster,
        "pools": [_pool(pool) for pool in plan.demand.pools],
        "assumptions": [*assumptions(plan.demand), *_defaults(plan)],
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
        "assumptions": [*assumptions(fits.demand), *_unbound(fits)],
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
    running = [pool.pods_per_node for pool in pools if pool.pods_per_node is not None]
    spot = [pool.name for pool in pools if pool.priority == "spot"]
    found = [
        f"surge {', '.join(surges)}{default}" if pools else "",
        f"{_list(running)} pods a node need an address" if running else "full nodes",
        f"{_list(host)} host-network pods a node"
        if any(host)
        else "no host-network pods",
        f"{extra:,} other addresses in the node subnet"
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


def api_server_assumption() -> str:
    """What is said of a cluster whose API server lives in a subnet of its own."""
    return (
        f"the API server's own subnet ({API_SERVER.value} addresses, /28 or larger) "
        "comes on top"
    )


def _defaults(plan: Plan) -> list[str]:
    if all(pool.max_pods is not None for pool in plan.demand.pools):
        return []
    own = dict.fromkeys(s.model.default_max_pods.value for s in plan.values())
    if len(own) == 1:
        return [f"max pods {next(iter(own))} (the model's default)"]
    unequal = "each model's own default max pods, so pods are not equal"
    return [f"{unequal}: compare with --max-pods or --pods"]


def _unbound(fits: Fits) -> list[str]:
    kinds = {Home.NODE_SUBNET: "node subnet"}
    for each in fits.values():
        kinds[each.model.home] = each.model.home.value.replace("-", " ")
    missing = [text for kind, text in kinds.items() if fits.demand.given(kind) is None]
    return [f"no {text} is given, so none bounds" for text in missing]


def _recommendation(plan: Plan) -> RecommendationDocument | None:
    found = plan.recommendation
    if found is None:
        return None
    best = found.best
    reasons: list[str] = []
    mine = int(best.vnet_addresses)
    dearer = [each for each in found.others if each.vnet_addresses > mine]
    if dearer:
        other = min(dearer, key=lambda each: int(each.vnet_addresses))
        times = int(other.vnet_addresses) // max(mine, 1)
        fewer = f"{times} times fewer" if times > 1 else "fewer"
        reasons.append(f"takes {fewer} VNet addresses than {other.model.name}")
    standing = best.model.standing
    if standing is Standing.RECOMMENDED:
        reasons.append("is what Microsoft recommends in general")
    elif len(plan) > 1:
        reasons.append(
            f"is the feasible model that Microsoft favours ({standing.value})"
        )
    else:
        reasons.append("is the only model asked for, and feasible")
    return {"model": best.model.name, "reason": " and ".join(reasons)}


def _size_model(sizing: Sizing, explained: bool) -> SizeModelDocument:  # noqa: FBT001  # private
    known = bool(sizing.loads)
    max_pods = {int(load.max_pods) for load in sizing.loads}
    bound = sizing.grows_to.bound_by
    steps = explain(sizing) if explained else []
    return {
        "model": sizing.model.name,
        "feasible": None if sizing.feasible is None else bool(sizing.feasible),
        "unknown": list(sizing.unknown),
        "nodes": _int(sizing.nodes) if known else None,
        "surge_nodes": _int(sizing.surge_nodes) if known else None,
        "max_pods": max_pods.pop() if len(max_pods) == 1 else None,
        "node_subnets": [_range(each) for each in sizing.node_subnets],
        "pod_ranges": [_pod_range(each) for each in sizing.pod_ranges],
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


def _range(each: Range) -> NodeSubnetDocument:
    return {
        "pools": list(each.pools),
        "addresses": int(each.addresses),
        "addresses_with_reserved": int(each.addresses_with_reserved),
        "prefix_length": _int(each.prefix_length),
        "usable": _int(each.usable),
        "free": _int(each.free),
    }


def _pod_range(each: Range) -> PodRangeDocument:
    kind: Literal["pod-subnet", "pod-cidr"] = "pod-subnet"
    if each.kind is Home.POD_CIDR:
        kind = "pod-cidr"
    return {"kind": kind, **_range(each)}


def _observed(each: Observed) -> ObservedDocument:
    return {
        "what": each.what,
        "range": each.range.kind.value,
        "addresses": int(each.addresses),
        "basis": f"observed: {each.limit.note}",
        "source": each.limit.source,
    }


def _step(step: Step) -> StepDocument:
    return {
        "value": step.value,
        "expression": step.expression,
        "why": step.why,
        "basis": step.limit.basis if step.limit else "documented",
        "source": step.limit.source if step.limit else None,
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
