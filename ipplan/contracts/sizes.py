"""What ``ipplan size`` and ``ipplan fit`` print."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict


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


class RangeDocument(TypedDict):
    """A subnet or a pod CIDR, and what it must hold."""

    kind: Literal["node-subnet", "pod-subnet", "pod-cidr"]
    """A subnet lies in the VNet, a pod CIDR beside it."""
    pools: list[str]
    """Names of the pools that share it."""
    addresses: int
    """The documented need, without the five that Azure reserves in a subnet."""
    addresses_with_reserved: int
    """The need with the five; a pod CIDR reserves nothing."""
    prefix_length: int | None
    """Null where no subnet that Azure allows is large enough."""
    usable: int | None
    """Addresses for use in a range of that prefix length."""
    free: int | None
    """Usable less needed."""


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
    basis: str | None
    """documented, observed or our margin; null for plain arithmetic."""
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
    node_subnets: list[RangeDocument]
    """One for all pools, or those that they name."""
    pod_ranges: list[RangeDocument]
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
    current_model: str | None
    """The network model that the cluster has, where that can be told."""
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
    """File and JSON path."""
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
    unknown: list[str]
    """What can't be known, each with what to state."""
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
