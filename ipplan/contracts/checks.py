"""What ``ipplan check`` prints."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from ipplan.contracts.inventories import (  # noqa: TC001  # for the schema
    SkippedObjectDocument,
)


class SummaryDocument(TypedDict):
    """How many findings there are of each severity."""

    error: int
    """Refused, or certain to break."""
    warning: int
    """Breaks traffic to named places, or depends on what was not seen."""
    note: int
    """Allowed, and worth knowing."""


class ReadDocument(TypedDict):
    """How much was read."""

    vnets: int
    """VNets of which more than parts were read."""
    subnets: int
    """Subnets."""
    peerings: int
    """Peerings, one for each direction."""
    clusters: int
    """Clusters of which more than node pools were read."""
    external_ranges: int
    """Networks elsewhere that were declared."""
    subscriptions: int
    """Subscriptions that they are in."""
    subscriptions_not_seen: int
    """Subscriptions that they name besides."""


class SubjectDocument(TypedDict):
    """Whom a finding is about."""

    kind: str
    """vnet, subnet, peering, cluster, external-range and the like."""
    name: str
    """As people call it."""
    id: str | None
    """Resource id in lower case; null where it has none."""
    cidr: str | None
    """The range of it that matters; null where none does."""


class LocationDocument(TypedDict):
    """Where the first subject of a finding stands."""

    file: str
    """As it was named; - is standard input."""
    path: str
    """JSON path in the file."""
    line: int | None
    """The line on which it starts, where that can be had."""


class CheckFindingDocument(TypedDict):
    """What a rule found."""

    rule: str
    """The rule's id: ``ipplan explain RULE`` has its page."""
    severity: Literal["error", "warning", "note"]
    """How bad it is."""
    effect: Literal[
        "refused",
        "next-change-refused",
        "breaks-traffic",
        "works-but",
        "information",
    ]
    """What happens."""
    message: str
    """What was found, with the ranges and their owners."""
    subjects: list[SubjectDocument]
    """Whom it is about, the one to change first."""
    source: str
    """The page that says so."""
    fix: str | None
    """A way out that was tried out: after it the finding is gone, and no rule finds \
anything new that has an effect. Null where none held, or none was tried."""
    fingerprint: str
    """The same for the same rule, subjects and ranges, wherever they stand."""
    location: LocationDocument | None
    """Where the first subject stands; null where no file shows it."""


class VerdictDocument(TypedDict):
    """Whether one operation has the addresses that it takes."""

    need: int | None
    """The documented need, in addresses; null where it can't be known."""
    fits: bool | None
    """Whether there is room for it; null where that can't be known."""
    least: int | None
    """What is taken for certain, where that is less: as AKS was seen to count."""
    least_fits: bool | None
    """Whether there is room for that."""


class RoomDocument(TypedDict):
    """What a subnet or pod CIDR in use holds."""

    name: str
    """As people call the subnet, or the cluster of the pod CIDR."""
    id: str
    """Resource id in lower case."""
    cidrs: list[str]
    """The ranges."""
    kind: Literal["node-subnet", "pod-subnet", "node-and-pod-subnet", "pod-cidr"]
    """What lives there."""
    room: int | None
    """Addresses for these clusters; null where they can't be known."""
    clusters: list[str]
    """The clusters that share it, as people call them."""
    create: VerdictDocument
    """The pools at their present counts."""
    maximum: VerdictDocument
    """The pools at the autoscaler's maximum."""
    upgrade: VerdictDocument
    """The same, with the surge of all pools at once."""
    one_pool: VerdictDocument
    """The maximum, with the surge of one pool alone: upgrades one after another."""
    rotation: VerdictDocument
    """The maximum, and the largest pool a second time."""
    held: VerdictDocument
    """The most that nodes were seen to hold during an upgrade."""
    nodes_left: int | None
    """Nodes that any one of the pools can still get; below 0 where there are more."""
    observed: int | None
    """What AKS was seen to count at the maximum before it acts; null where unseen."""
    observed_fits: bool | None
    """Whether there is room for those."""
    unknown: list[str]
    """What can't be known, and why."""


class UnknownDocument(TypedDict):
    """Something that could not be judged."""

    what: str
    """Which network, cluster or subnet, as people call it."""
    why: str
    """What was not read or is not said."""


class SharedDocument(TypedDict):
    """A range that several have that have nothing to do with one another."""

    cidr: str
    """The largest of their ranges."""
    names: list[str]
    """Whose it is, each with its own range."""


class NotRelevantDocument(TypedDict):
    """Overlaps that do not matter."""

    overlaps: int
    """Pairs that overlap and do not meet."""
    ranges: list[SharedDocument]
    """The same by range; with --all alone."""


class CheckDocument(TypedDict):
    """What ``ipplan check -o json`` prints, and ``--baseline`` reads back."""

    kind: Literal["ipplan.check"]
    """Tells this document from others."""
    version: str
    """Of ipplan."""
    as_of: str
    """The day on which retirements were judged."""
    complete: bool
    """False where a file has more pages, or an object of it was broken."""
    summary: SummaryDocument
    """How many findings there are of each severity."""
    accepted: int
    """Findings that the baseline has, and that are not listed here."""
    inventory: ReadDocument
    """How much was read."""
    findings: list[CheckFindingDocument]
    """By what happens, the worst first."""
    capacity: list[RoomDocument]
    """What the subnets and pod CIDRs that clusters use hold."""
    unknown: list[UnknownDocument]
    """What could not be judged, and why."""
    not_relevant: NotRelevantDocument
    """Overlaps that do not matter."""
    skipped: list[SkippedObjectDocument]
    """Objects that were not read."""
    incomplete: list[str]
    """Why there is more than was read."""
    untried: int
    """Findings for which there was no time to try ways out."""
