"""What ``ipplan map -o json`` prints: what the picture shows, in numbers."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict


class MapFillDocument(TypedDict):
    """What an IPv4 subnet or range is filled with; the four add up to its addresses."""

    reserved: int
    """Kept by Azure, or by the model at its edges."""
    used: int
    """In use as Azure shows it; where it does not, what the pools take now."""
    growth: int
    """What its users take besides for the maximum and upgrades: at their most nodes \
(autoscaler, failover and growth together), while all are upgraded."""
    free: int
    """The rest."""


class MapSubnetDocument(TypedDict):
    """A range of a subnet, where it stands in its block."""

    id: str
    """Resource id in lower case."""
    name: str
    """As it is written."""
    cidr: str
    """The range."""
    addresses: int
    """What it spans, a power of two."""
    fill: MapFillDocument | None
    """What it is filled with; null where that can't be known, as with several IPv4 \
ranges of one subnet, and for IPv6."""
    over: int
    """Addresses that its users need and it lacks; 0 where they fit."""
    purpose: list[str]
    """What it is for: nodes, pods, firewall and the like; empty if nothing says."""
    clusters: list[str]
    """Names of the clusters that use it."""
    marks: list[int]
    """Numbers of the findings that are about this range."""


class MapBlockDocument(TypedDict):
    """A range of a VNet's address space, and what stands in it."""

    cidr: str
    """The range."""
    addresses: int
    """What it spans."""
    subnets: list[MapSubnetDocument]
    """By address; nothing of them lies outside the block."""
    free: list[str]
    """What is in no subnet, as aligned blocks by address."""
    marks: list[int]
    """Numbers of the findings that are about this range."""


class MapNetworkDocument(TypedDict):
    """A VNet."""

    id: str
    """Resource id in lower case."""
    name: str
    """As people call it: behind its resource group where several have one name."""
    location: str | None
    """The region."""
    seen: bool
    """False where only peerings told of it."""
    role: Literal["hub", "spoke", "alone"]
    """A hub has more peers than one of them has, or as many, and the firewall or \
gateway that this one has not; a spoke is peered with a hub; or it is neither."""
    blocks: list[MapBlockDocument]
    """Its address space, of both families; empty where it is not known."""
    strays: list[MapSubnetDocument]
    """Subnets that lie in none of its blocks."""
    clusters: list[str]
    """Names of the clusters in it."""
    marks: list[int]
    """Numbers of the findings that are about the VNet."""


class MapPeeringDocument(TypedDict):
    """Two VNets that are peered, of however many sides were read."""

    networks: list[str]
    """Ids of the two, sorted."""
    state: Literal["connected", "planned", "broken"]
    """Broken where a side that was read says that nothing flows."""
    one_sided: bool
    """Whether both VNets were read, and one of them has no peering to the other."""
    gateway: bool
    """Whether one uses the gateway of the other."""
    forwarded: bool
    """Whether one lets in what the other forwards."""
    marks: list[int]
    """Numbers of the findings that are about it."""


class MapLinkDocument(TypedDict):
    """Networks that reach one another otherwise than by a peering of their own."""

    way: Literal["hub", "group", "on-premises"]
    """What joins them."""
    through: str
    """Id of the hub, or name of the group or of the network on premises."""
    networks: list[str]
    """Ids of VNets, sorted."""


class MapRangeDocument(TypedDict):
    """A pod or service CIDR, or a network elsewhere: a range that no subnet has."""

    cidr: str
    """The range."""
    addresses: int
    """What it spans."""
    use: Literal["pods", "services", "on-premises"]
    """Whose it is."""
    owners: list[str]
    """Names of the clusters that have it, or of the networks elsewhere."""
    owner_ids: list[str]
    """Ids of the same; names again where there is none."""
    reused: bool
    """Whether several have the very same range."""
    fill: MapFillDocument | None
    """Of a pod CIDR with one owner what nodes take of it; else null."""
    marks: list[int]
    """Numbers of the findings that are about it."""


class MapMarkDocument(TypedDict):
    """A finding, by the number that it has in the picture."""

    number: int
    """From 1, the worst first."""
    severity: Literal["error", "warning", "note"]
    """How bad it is."""
    effect: str
    """What happens."""
    rule: str
    """The rule's id."""
    message: str
    """What was found."""
    fix: str | None
    """A way out that was tried out."""
    source: str
    """The page that says so."""


class MapTotalsDocument(TypedDict):
    """How much there is; addresses are those of IPv4."""

    networks: int
    """VNets."""
    subnets: int
    """Subnets."""
    clusters: int
    """Clusters."""
    peerings: int
    """Peered pairs."""
    addresses: int
    """Address space of all VNets."""
    in_subnets: int
    """What of it is in subnets."""


class MapDocument(TypedDict):
    """What ``ipplan map -o json`` prints."""

    kind: Literal["ipplan.map"]
    """Tells this document from others."""
    version: str
    """Of ipplan."""
    as_of: str
    """The day on which retirements were judged."""
    input: dict[str, Any]
    """The files and options that were given; empty where names are replaced."""
    title: str
    """The name of the plan, or of what was read."""
    proposed: bool
    """Whether it is a plan that was laid out."""
    complete: bool
    """False where there is more than was read."""
    totals: MapTotalsDocument
    """How much there is."""
    networks: list[MapNetworkDocument]
    """Hubs first, each with its spokes behind it; then by name."""
    peerings: list[MapPeeringDocument]
    """By their ids."""
    links: list[MapLinkDocument]
    """What reaches what besides."""
    ranges: list[MapRangeDocument]
    """By use, then by address."""
    marks: list[MapMarkDocument]
    """Errors and warnings, the worst first."""
    notes: int
    """Findings that are worth knowing and are not marked."""
    unknown: list[str]
    """What is not on the map, and why."""
