"""What ``ipplan layout`` prints."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

from ipplan.contracts.checks import (  # noqa: TC001  # for the schema
    CheckFindingDocument,
    SummaryDocument,
)


class LayoutTotalsDocument(TypedDict):
    """How much there is of everything; addresses are those of IPv4."""

    networks: int
    """Networks of the plan."""
    subnets: int
    """Subnets of the plan."""
    clusters: int
    """Clusters of the plan."""
    addresses: int
    """Address space of the networks."""
    carved: int
    """What of it is in subnets."""
    asked: int
    """What the plan's subnets need, with what is kept of each."""


class LayoutNetworkDocument(TypedDict):
    """A network of the plan with its address space."""

    id: str
    """Resource id in lower case."""
    name: str
    """As it is written."""
    location: str | None
    """The region, where the plan or what exists says it."""
    hub: str | None
    """Id of the network that it is a spoke of."""
    ranges: list[str]
    """Its address space, of both families."""
    whence: Literal["pinned", "existing", "locked", "new"]
    """Whether the plan fixes it, it exists, the lock has it, or it was drawn now."""
    added: list[str]
    """Of its ranges those that it did not have before."""
    addresses: int
    """Addresses of its IPv4 ranges."""
    free: int
    """Those that are in no subnet."""
    free_blocks: list[str]
    """The same as aligned blocks of IPv4, by address."""
    largest_free: str | None
    """The largest of these, the lowest of several; null where all is taken."""


class ShareDocument(TypedDict):
    """A part of what a subnet must hold."""

    what: str
    """Whose it is, and how it adds up."""
    addresses: int
    """What it takes; 0 where a page names a size and no addresses."""
    source: str | None
    """The page that says so; null where the plan does."""


class SizeRuleDocument(TypedDict):
    """The row that makes a subnet larger than its need."""

    prefix_length: int
    """What it asks for."""
    note: str
    """What there is to say of it; empty for nothing."""
    source: str
    """The page that says so."""


class LayoutSubnetDocument(TypedDict):
    """A subnet of a network of the plan."""

    id: str
    """Resource id in lower case."""
    name: str
    """As it is written."""
    network: str
    """The name of its network."""
    network_id: str
    """Id of its network."""
    purpose: str
    """nodes, pods, general, the kind of a service, or other: one that exists and that \
the plan does not name."""
    beside: list[str]
    """The purposes of what else stands in it."""
    ranges: list[str]
    """Of both families; empty where it found no room."""
    whence: Literal["pinned", "existing", "locked", "new"]
    """Whether the plan fixes it, it exists, the lock has it, or it was carved now."""
    prefix_length: int | None
    """What it must have at the least; null where it is only pinned or exists."""
    need: int | None
    """Addresses that it must hold; null where the plan does not name it."""
    kept: int
    """Addresses of it that nothing can use: Azure's five, or more for static blocks."""
    usable: int | None
    """Addresses that it has for use; null where it has no range."""
    free: int | None
    """Usable less needed; below 0 where it is too small."""
    ipv6: bool
    """Whether it has a /64 of IPv6 as well."""
    shares: list[ShareDocument]
    """What adds up to its need."""
    rule: SizeRuleDocument | None
    """The row that makes it larger than its need; null where none does."""
    why: list[str]
    """Why it has its size, in short lines; the pages come last."""
    source: str | None
    """The first page, that of the rule if there is one; null where the plan alone \
says it."""
    delegation: str | None
    """The service that it is delegated to."""
    service_endpoints: list[str]
    """Services that it has endpoints of."""
    clusters: list[str]
    """Names of the plan's clusters that use it."""


class EgressDocument(TypedDict):
    """How a cluster reaches what is outside its networks."""

    outbound_type: str
    """As Azure spells it."""
    ports: int | None
    """SNAT ports of a node; null where they are given on demand, or need no public IP \
of its own."""
    public_addresses: int
    """Public IPs that it needs."""
    most_public_addresses: int
    """Those that it can have."""
    fits: bool | None
    """Whether that works; null where no page says."""
    words: str
    """All that in a line."""
    source: str
    """The page that says so."""


class LayoutClusterDocument(TypedDict):
    """A cluster of the plan with its pod and service CIDRs."""

    id: str
    """Resource id in lower case."""
    name: str
    """As it is written."""
    network: str
    """The name of its network."""
    model: str | None
    """The name of its network model."""
    nodes: int
    """Nodes at the most, growth and a twin's load included."""
    surge_nodes: int
    """Nodes that an upgrade of all pools at once adds."""
    pod_cidrs: list[str]
    """Of both families; empty where the model has none, or none was free."""
    pods_whence: Literal["pinned", "existing", "locked", "new"]
    """Whence these come."""
    service_cidrs: list[str]
    """Of both families."""
    services_whence: Literal["pinned", "existing", "locked", "new"]
    """Whence these come."""
    dns_service_ip: str | None
    """Where the cluster's DNS listens."""
    reused_by: list[str]
    """Names of other clusters of the plan with the same pod CIDR."""
    twin: str | None
    """Id of the cluster of which it is the other of two."""
    egress: EgressDocument
    """How it reaches what is outside."""


class ZoneDocument(TypedDict):
    """A private DNS zone, and whom the layout links to it."""

    id: str
    """Resource id in lower case."""
    name: str
    """The name of the zone."""
    networks: list[str]
    """Names of the networks that are linked to it."""


class UnfitDocument(TypedDict):
    """Something that found no room."""

    id: str
    """Resource id of the network, subnet or cluster."""
    name: str
    """Its name."""
    kind: str
    """vnet, subnet, pod CIDR or service CIDR."""
    prefix_length: int
    """What it needs."""
    version: int
    """4 or 6."""
    where: str
    """Where it was to be."""
    largest: str | None
    """The largest free block there; null where nothing is free."""
    remedy: str | None
    """A way out; null if none is known. What adds or widens a range was tried out."""


class MoveDocument(TypedDict):
    """A range that is another one than by the lock."""

    id: str
    """Resource id of the network, subnet or cluster."""
    name: str
    """Its name."""
    kind: str
    """vnet, subnet, pod CIDR or service CIDR."""
    before: list[str]
    """What it had."""
    after: list[str]
    """What it has."""


class LayoutDocument(TypedDict):
    """What ``ipplan layout -o json`` prints."""

    kind: Literal["ipplan.layout"]
    """Tells this document from others."""
    version: str
    """Of ipplan."""
    as_of: str
    """The day on which retirements were judged."""
    input: dict[str, Any]
    """The plan file and the options that were given."""
    plan: str
    """The name of the plan."""
    complete: bool
    """False where there is more than was read, so that a range may not be free."""
    totals: LayoutTotalsDocument
    """How much there is of everything."""
    networks: list[LayoutNetworkDocument]
    """By id."""
    subnets: list[LayoutSubnetDocument]
    """Network by network, by address; what found no room comes last."""
    clusters: list[LayoutClusterDocument]
    """By id."""
    private_dns_zones: list[ZoneDocument]
    """By id."""
    unfit: list[UnfitDocument]
    """What found no room, the largest first; empty where all did."""
    moves: list[MoveDocument]
    """What has another range than by the lock."""
    summary: SummaryDocument
    """How many findings there are of each severity."""
    findings: list[CheckFindingDocument]
    """What is wrong with the plan: what found no room, and what check says of it."""
    others: SummaryDocument
    """Findings of check that are about nothing of the plan, and are not listed."""
    assumed: list[str]
    """What was taken for granted where the plan says nothing."""
