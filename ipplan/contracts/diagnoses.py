"""What ``ipplan explain`` prints."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict


class ErrorDocument(TypedDict):
    """What a text says that Azure said."""

    code: str
    """As Azure spells it."""
    preallocated: int | None
    """Addresses that were asked for; null where the text has no number."""
    available: int | None
    """Addresses that the range had left; null where the text has no number."""
    subnet: str | None
    """The range: a CIDR, or as the text has it."""
    subnet_name: str | None
    """Its name."""
    target: str | None
    """The property of the request that was refused."""
    ranges: list[str]
    """Every CIDR that the message quotes."""


class ReadingPoolDocument(TypedDict):
    """A pool of a reading."""

    nodes: int
    """Its nodes."""
    max_pods: int | None
    """Pods a node; null where the number does not depend on them."""


class ReadingDocument(TypedDict):
    """Nodes that give the number."""

    model: str
    """The network model; the first one where several count alike."""
    models: list[str]
    """All models that count so."""
    range: Literal["node-subnet", "pod-subnet", "pod-cidr"]
    """The range that is counted."""
    nodes: int
    """All nodes."""
    max_pods: int | None
    """Pods a node; null where the number does not depend on them, or pools differ."""
    per_node: int | None
    """What each node counts; null where pools differ."""
    pools: list[ReadingPoolDocument]
    """The pools that add up to it; mostly one."""
    formula: str
    """As one would write it."""
    period: Literal["since 2022", "2018 to 2021", "documented"]
    """When the service counted so; documented where only a page says it."""
    likelihood: Literal["likely", "possible"]
    """Likely where it fits the text and takes no unusual max pods."""
    source: str
    """What shows that it counts so."""


class DiagnosisDocument(TypedDict):
    """What ``ipplan explain -o json`` prints."""

    kind: Literal["ipplan.explain"]
    """Tells this document from others."""
    version: str
    """Of ipplan."""
    rules_as_of: str
    """The day of the newest page behind the rules."""
    error: ErrorDocument
    """The first error of the text that is known."""
    checked_by: str
    """Which check spoke, and when it does."""
    meaning: str
    """What is wrong."""
    readings: list[ReadingDocument]
    """What gives its number, the likeliest first."""
    more_readings: int
    """Readings that fit as well and are not listed."""
    notes: list[str]
    """What its numbers and ranges say besides."""
    remedies: list[str]
    """Ways out that also survive an upgrade."""
    rules: list[str]
    """Rules of ipplan check that find it beforehand."""
    others: list[str]
    """Codes of other errors that the text holds too."""
    source: str
    """The page that says so."""
