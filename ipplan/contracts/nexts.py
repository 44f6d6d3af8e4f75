"""What ``ipplan next`` prints."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict


class NextRangeDocument(TypedDict):
    """A range that is free."""

    cidr: str
    """It lies in one pool."""
    pool: str
    """The name of that pool."""
    addresses: int
    """How many it has, those that Azure reserves among them."""


class RoomDocument(TypedDict):
    """What a pool has left when these ranges are taken."""

    name: str
    """Of the pool."""
    prefixes: list[str]
    """Its ranges of the family that is asked for."""
    addresses: int
    """How many they have."""
    free: int
    """Addresses of them that nothing has."""
    largest: str | None
    """The largest free block, the lowest of several; null where nothing is left."""


class AvoidedDocument(TypedDict):
    """How many different ranges of each kind were kept clear of."""

    vnets: int
    """Address space of VNets."""
    subnets: int
    """Prefixes of subnets."""
    unseen: int
    """Recorded space of VNets that are named and were not read."""
    on_premises: int
    """Ranges of networks elsewhere."""
    clusters: int
    """Pod and service CIDRs."""
    pools: int
    """Ranges of pools that pods or services are drawn from."""
    reserved: int
    """What Azure and AKS keep for themselves."""


class AggregateDocument(TypedDict):
    """A range on premises that is larger than a pool's, and was not kept clear of."""

    name: str
    """Of the network on premises."""
    cidr: str
    """The range; more specific routes win over it."""


class NextDocument(TypedDict):
    """What ``ipplan next -o json`` prints."""

    kind: Literal["ipplan.next"]
    """Tells this document from others."""
    version: str
    """Of ipplan."""
    input: dict[str, Any]
    """The options that were given."""
    complete: bool
    """False where there is more than was read, so that a range may not be free."""
    prefix_length: int
    """Of the ranges that are asked for."""
    count: int
    """How many are asked for; there may be fewer."""
    near: str | None
    """Id of the network that they shall be near to."""
    ranges: list[NextRangeDocument]
    """The lowest first, or the nearest."""
    pools: list[RoomDocument]
    """What they were drawn from."""
    avoided: AvoidedDocument
    """What they are clear of."""
    aggregates: list[AggregateDocument]
    """Ranges on premises that lead to whatever nothing more specific leads to."""
