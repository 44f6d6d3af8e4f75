"""What ``ipplan migrate -o json`` prints."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict


class BarDocument(TypedDict):
    """Something that stands in the way."""

    id: str
    """Its row: ``kubernetes-version`` and the like."""
    state: Literal["bars", "removable", "unknown"]
    """It bars the way for good, can be taken away first, or the file does not say."""
    text: str
    """What it is, with what was found."""
    remedy: str | None
    """How to take it away; null where nothing does."""
    source: str
    """The page that says so."""


class StepDocument(TypedDict):
    """A step of the way, in its order."""

    number: int
    """From 1."""
    text: str
    """What is done."""
    commands: list[str]
    """Commands to review, as a shell takes them; empty where people decide."""
    outage: str | None
    """What does not work meanwhile; null for nothing."""
    reversible: bool
    """Whether it can be undone."""
    source: str | None
    """The page that says so."""


class FreedDocument(TypedDict):
    """A subnet, and the addresses that it has to hold before and after."""

    subnet: str
    """Resource id in lower case."""
    name: str
    """Its name behind its VNet's."""
    before: int | None
    """What its clusters take at their most nodes while all are upgraded."""
    after: int | None
    """The same when this cluster has moved."""
    freed: int | None
    """The difference."""


class PodCidrDocument(TypedDict):
    """The pod CIDR to ask for."""

    cidr: str | None
    """The range; null where none is free."""
    kept: bool
    """Whether it is the one that the cluster has."""
    nodes: int | None
    """Nodes that it holds, a /24 each."""
    needed: int | None
    """Nodes that it must hold: at the most, with surge."""
    words: str
    """Why this one."""
    source: str
    """The page that asks for it."""


class ClusterMigrationDocument(TypedDict):
    """The way of one cluster."""

    id: str
    """Resource id in lower case."""
    name: str
    """As people call it."""
    model: str | None
    """The model that it has; null where it can't be told."""
    to: str
    """Where it is to go."""
    way: Literal["in-place", "new-pool", "new-cluster", "already", "unknown"]
    """The documented path: an update of the cluster, a new pool in another subnet, a \
new cluster beside it; nothing is to be done; or what was read does not say."""
    kind: Literal["open", "removable", "rebuild", "already", "unknown"]
    """Which of the totals it counts to."""
    open: bool | None
    """Whether the documented in-place path is open now; null where nobody knows."""
    verdict: str
    """All that in a sentence."""
    bars: list[BarDocument]
    """What stands in the way, the worst first."""
    pod_cidr: PodCidrDocument | None
    """The pod CIDR to ask for; null where none is needed."""
    freed: list[FreedDocument]
    """Addresses set free, subnet by subnet."""
    steps: list[StepDocument]
    """What to do, in order."""
    outages: list[str]
    """What does not work on the way."""
    irreversible: list[str]
    """What can't be undone."""
    changes: list[str]
    """What will be different: who reaches pods, which source address others see."""
    deadline: str | None
    """The day on which support of its model ends."""
    sources: list[str]
    """The pages that it rests on."""


class MigrationTotalsDocument(TypedDict):
    """How many clusters there are of each kind."""

    clusters: int
    """All that were looked at."""
    open: int
    """Those whose in-place path is open now."""
    removable: int
    """Those whose in-place path is open when something is taken away first."""
    rebuild: int
    """Those that need new pools or a new cluster."""
    already: int
    """Those that are there."""
    unknown: int
    """Those of which that can't be told."""
    freed: int
    """Addresses of VNets set free in all, where that is known."""


class MigrationDocument(TypedDict):
    """What ``ipplan migrate -o json`` prints."""

    kind: Literal["ipplan.migration"]
    """Tells this document from others."""
    version: str
    """Of ipplan."""
    as_of: str
    """The day on which retirements were judged."""
    input: dict[str, Any]
    """The files and options that were given."""
    to: str
    """Where clusters are to go."""
    complete: bool
    """False where there is more than was read, so that a range may not be free."""
    totals: MigrationTotalsDocument
    """How many clusters there are of each kind."""
    clusters: list[ClusterMigrationDocument]
    """Those that can move first, then by name."""
    unknown: list[str]
    """What was not seen and may lie in the way of a pod CIDR."""
