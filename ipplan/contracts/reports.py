"""What ``ipplan report -o json`` prints: what a design document says."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

from ipplan.contracts.checks import (  # noqa: TC001  # for the schema
    CheckFindingDocument,
    ReadDocument,
    SummaryDocument,
    UnknownDocument,
)
from ipplan.contracts.inventories import (  # noqa: TC001  # for the schema
    CoverageDocument,
)
from ipplan.contracts.maps import MapDocument  # noqa: TC001  # for the schema


class ReasonDocument(TypedDict):
    """Why a model was chosen or not."""

    kind: Literal["limit", "feature", "retirement", "room", "cost", "advice", "unknown"]
    """A limit, a feature that it lacks, an end of support, no room in the networks, a \
price in addresses, what Microsoft advises, or what can't be known."""
    text: str
    """The reason with its numbers."""
    source: str | None
    """The page that says so; null where arithmetic does."""


class OptionDocument(TypedDict):
    """A network model, sized for what a cluster asks for."""

    model: str
    """The name of its row."""
    title: str
    """As Microsoft spells it."""
    chosen: bool
    """Whether the cluster has it."""
    feasible: bool | None
    """Whether it runs and can be upgraded; null where that can't be known."""
    node_prefixes: list[int]
    """Prefix lengths of its node subnets; 0 where none is so large."""
    pod_prefixes: list[int]
    """Prefix lengths of pod subnets or of the pod CIDR."""
    vnet_addresses: int | None
    """Addresses that it takes of VNets at its peak; null where nodes are not known."""
    killed_by: ReasonDocument | None
    """What rules it out, of several the first; null where nothing does, or only what \
is in ``shared`` of the decision."""
    reasons: list[ReasonDocument]
    """Everything that speaks for or against it, the weightiest first."""


class DecisionDocument(TypedDict):
    """Which network model clusters have, and why not the others."""

    clusters: list[str]
    """Names of the clusters that it is about: those of equal demand together."""
    cluster_ids: list[str]
    """Resource ids of the same, in lower case."""
    model: str | None
    """The name of the model; null where it can't be told."""
    nodes: int | None
    """Nodes of one of them at the most; null where that can't be known."""
    surge_nodes: int | None
    """Nodes that an upgrade of all pools adds."""
    max_pods: list[int]
    """Of its pools, each once."""
    needs: list[str]
    """Features that it uses."""
    words: str
    """The decision in a sentence or two."""
    shared: list[ReasonDocument]
    """What holds of it whatever the model; no option repeats it."""
    planned: list[str]
    """Prefix lengths that its ranges need, beside those that they have, in words."""
    options: list[OptionDocument]
    """The chosen model, then the others as ``ipplan models`` lists them."""


class StageDocument(TypedDict):
    """What a range must hold at one stage."""

    name: Literal["steady", "maximum", "upgrade", "rotation"]
    """Present counts; the maximum (autoscaler, failover and growth together); with \
the surge of all pools; or the maximum with the largest pool twice (blue/green)."""
    need: int | None
    """Addresses, others' included where these are known; null where that can't be."""
    fits: bool | None
    """Whether there is room; null where that can't be known."""


class ReportRoomDocument(TypedDict):
    """A subnet or a pod CIDR with what it holds, stage by stage."""

    id: str
    """Resource id of the subnet, or of the cluster of a pod CIDR; in lower case."""
    name: str
    """The subnet's name, or ``pod CIDR of`` and the cluster."""
    network: str
    """The name of its VNet; empty for a pod CIDR."""
    network_id: str | None
    """Resource id of its VNet, in lower case; null for a pod CIDR."""
    kind: Literal["subnet", "pod-cidr"]
    """What it is."""
    cidrs: list[str]
    """Its ranges, of both families; empty where they are not known."""
    purpose: list[str]
    """What it is for, in words; empty where nothing says."""
    clusters: list[str]
    """Names of the clusters that use it."""
    addresses: int | None
    """What its IPv4 ranges span."""
    reserved: int | None
    """Of these what nobody can use."""
    usable: int | None
    """Of these what can be used, as ``ipplan inventory`` counts it."""
    used: int | None
    """In use as Azure shows it; null where it does not."""
    others: int | None
    """What of that is no node's of these clusters; null where that is not known."""
    stages: list[StageDocument]
    """Steady, maximum, upgrade and rotation, of ranges that clusters use; of others \
with a known need that alone, as steady."""
    binding: Literal["steady", "maximum", "upgrade", "rotation"] | None
    """The first stage without room; null where all fit, or nothing is known."""
    free: int | None
    """Usable, not needed while all pools are upgraded, and not in use as Azure shows \
it; below 0 where it lacks, null where that is not known."""
    growth: int | None
    """What is kept up to the maximum (autoscaler, failover and growth together): the \
need there less the present one, without upgrades."""
    nodes_left: int | None
    """Nodes that any one of the pools can still get; below 0 where there are more."""
    change: str
    """Whether it can change later, and how, in a sentence."""
    change_source: str
    """The page that says so."""
    why: list[str]
    """Why it has its size, where a plan says; of a pod CIDR how what nodes take of it \
adds up."""
    source: str | None
    """The page that its size rests on."""
    unknown: list[str]
    """What can't be known, and why."""


class PermanenceDocument(TypedDict):
    """Something that is fixed once it is deployed."""

    what: str
    """What it is, with the value it has: ``pod CIDR 192.168.0.0/16``."""
    clusters: list[str]
    """Names of the clusters that it is about."""
    cluster_ids: list[str]
    """Resource ids of the same, in lower case."""
    change: Literal["never", "one-way", "rebuild", "limited", "unknown"]
    """Never, but in a new cluster; one way alone; by a new pool or subnet in its \
place; within bounds; or that is not known."""
    words: str
    """What can be done, in a sentence."""
    source: str
    """The page that says so."""


class CellDocument(TypedDict):
    """What a range has to do with others of one kind."""

    relation: str
    """The column."""
    verdict: Literal[
        "refused", "breaks", "allowed", "reusable", "clear", "unknown", "n/a"
    ]
    """Azure refuses it, it breaks traffic, it is allowed with a caution, it overlaps \
what it has nothing to do with, it overlaps nothing, not all was read, or there is none.
    """
    text: str
    """The ranges that it meets or what was not read, in a line; else empty."""
    rules: list[str]
    """Ids of the rules that found it."""


class RelationDocument(TypedDict):
    """A range, and what it has to do with everything around it."""

    cidr: str
    """The range; empty for VNets that are counted together."""
    kind: Literal["vnet", "pods", "services"]
    """Whose it is."""
    owners: list[str]
    """Names of the VNets or clusters, or how many more VNets there are."""
    cells: list[CellDocument]
    """A cell for each column, in the order of ``relations``."""
    reuse: str
    """Whether other clusters may have it too, in a sentence; empty of VNets."""
    reuse_source: str | None
    """The page that says so; null where no page does."""


class SeenAsDocument(TypedDict):
    """How a cluster's traffic leaves, and as whom others see it."""

    cluster: str
    """The name of the cluster."""
    cluster_id: str
    """Its resource id in lower case."""
    inside: str
    """The source address that others in the VNet, its peers and on premises see."""
    inside_cidrs: list[str]
    """The ranges that it comes from: what firewalls must let in."""
    outside: str
    """The source address that the internet sees."""
    outside_cidrs: list[str]
    """Public addresses of that, where they are known."""
    outbound_type: str
    """As Azure spells it."""
    ports: int | None
    """SNAT ports of a node; null where they are given on demand, or need none."""
    public_addresses: int | None
    """Public IPs that it needs; null where nodes are not known, or it leaves through \
an appliance or a gateway that has to have them."""
    most_public_addresses: int | None
    """Those that it can have."""
    fits: bool | None
    """Whether that works; null where that can't be known."""
    words: str
    """All that in a line."""
    source: str
    """The page that says so."""


class AssumptionDocument(TypedDict):
    """Something that was taken for granted."""

    text: str
    """What."""
    as_of: str
    """The day on which that was so."""
    source: str | None
    """The page that says so; null where it is ours."""


class SourceDocument(TypedDict):
    """A page that something rests on."""

    url: str
    """Its address."""
    used_for: list[str]
    """What of the report rests on it, and names of rules and limits that do."""
    checked: str | None
    """The day as of which it was read: of an older copy, that copy's own."""


class AnswerDocument(TypedDict):
    """One of the questions that everybody asks, answered in a line or two."""

    question: str
    """As it is asked."""
    answer: str
    """The answer, with its numbers."""
    state: Literal["good", "bad", "warn", "unknown", "plain"]
    """How it is shown."""


class ReportDocument(TypedDict):
    """What ``ipplan report -o json`` prints."""

    kind: Literal["ipplan.report"]
    """Tells this document from others."""
    version: str
    """Of ipplan."""
    as_of: str
    """The day on which retirements were judged."""
    input: dict[str, Any]
    """The files and options that were given; empty where names are replaced."""
    rules_as_of: str
    """The day of the newest page that rules rest on."""
    title: str
    """The name of the plan, or of what was read."""
    proposed: bool
    """Whether it is a plan that was laid out."""
    complete: bool
    """False where there is more than was read."""
    answers: list[AnswerDocument]
    """Which model and why, how many nodes are left, what to fix first and the like."""
    inventory: ReadDocument
    """How much was read."""
    summary: SummaryDocument
    """How many findings there are of each severity."""
    decisions: list[DecisionDocument]
    """A decision for each kind of cluster, the largest first."""
    permanences: list[PermanenceDocument]
    """What can't be changed later."""
    assumptions: list[AssumptionDocument]
    """What was taken for granted, and when that was so."""
    rooms: list[ReportRoomDocument]
    """Subnets network by network and by address, then pod CIDRs by cluster."""
    map: MapDocument
    """The map."""
    relations: list[str]
    """Columns of the matrix, in words."""
    matrix: list[RelationDocument]
    """VNets, pod CIDRs and service CIDRs against all around them."""
    findings: list[CheckFindingDocument]
    """By what happens, the worst first."""
    others: SummaryDocument
    """Findings about what stands around a plan, which are not listed."""
    egress: list[SeenAsDocument]
    """A line for each cluster."""
    coverage: CoverageDocument
    """How much of what the networks name was read."""
    unknown: list[UnknownDocument]
    """What could not be judged, and why."""
    not_known: list[str]
    """Everything that is not known, in words: what could not be judged and what else \
no file says."""
    skipped: int
    """Objects that were not read."""
    sources: list[SourceDocument]
    """Every page that the report rests on."""
