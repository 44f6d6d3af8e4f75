"""Who is joined to whom: hubs, their spokes, and what is drawn together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ipplan.views.maps.contents import marks_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.contracts.maps import (
        MapDocument,
        MapNetworkDocument,
        MapPeeringDocument,
    )

MOST_SPOKES = 60
"""VNets besides hubs that are drawn one by one, where nothing is wrong with them."""

MOST_ELSEWHERE = 12
"""Groups and networks on premises that are drawn one by one."""


@dataclass
class Branch:
    """A hub, or nothing, with the VNets that are drawn beneath it.

    Parameters
    ----------
    hub : MapNetworkDocument or None
        None for those that have none.
    shown : list of MapNetworkDocument
        Drawn one by one.
    more : list of MapNetworkDocument
        Drawn as one.
    """

    hub: MapNetworkDocument | None
    shown: list[MapNetworkDocument] = field(default_factory=list["MapNetworkDocument"])
    more: list[MapNetworkDocument] = field(default_factory=list["MapNetworkDocument"])


@dataclass(frozen=True)
class Joints:
    """What the graph of a map consists of.

    Parameters
    ----------
    branches : tuple of Branch
        Of hubs, in the order of the map; then of those without one.
    homes : dict of str to MapPeeringDocument
        By the ids of spokes, the peering with the hub that they stand beneath.
    others : tuple of MapPeeringDocument
        All other peerings.
    elsewhere : tuple of Elsewhere
        Groups and networks on premises.
    """

    branches: tuple[Branch, ...]
    homes: dict[str, MapPeeringDocument]
    others: tuple[MapPeeringDocument, ...]
    elsewhere: tuple[Elsewhere, ...]


@dataclass(frozen=True)
class Elsewhere:
    """A group, or a network on premises, and the VNets that it joins."""

    way: str
    name: str
    networks: tuple[str, ...]


def joints(document: MapDocument) -> Joints:
    """Who is joined to whom in a map, and what is drawn together.

    Parameters
    ----------
    document : MapDocument
        Of :func:`ipplan.documents.maps.map_document`.
    """
    hubs = {e["id"]: Branch(e) for e in document["networks"] if e["role"] == "hub"}
    homes = _homes(document, hubs)
    bad = _conflicted(document)
    rest = Branch(None)
    others = [each for each in document["networks"] if each["id"] not in hubs]
    are_many = len(others) > MOST_SPOKES
    for each in others:
        branch = rest
        if each["id"] in homes:
            branch = hubs[_hub_of(homes[each["id"]], hubs)]
        is_together = are_many and each["id"] not in bad
        (branch.more if is_together else branch.shown).append(each)
    drawn = {id(each) for each in homes.values()}
    return Joints(
        tuple(e for e in (*hubs.values(), rest) if e.hub or e.shown or e.more),
        homes,
        tuple(each for each in document["peerings"] if id(each) not in drawn),
        tuple(_elsewhere(document)),
    )


def _homes(
    document: MapDocument, hubs: dict[str, Branch]
) -> dict[str, MapPeeringDocument]:
    """The first peering of each spoke with a hub."""
    found: dict[str, MapPeeringDocument] = {}
    for each in document["peerings"]:
        one, other = each["networks"]
        if (one in hubs) != (other in hubs):
            found.setdefault(other if one in hubs else one, each)
    return found


def _hub_of(peering: MapPeeringDocument, hubs: Iterable[str]) -> str:
    return next(each for each in peering["networks"] if each in hubs)


def is_bad(peering: MapPeeringDocument) -> bool:
    """Whether something is wrong with a peering."""
    return bool(
        peering["state"] == "broken" or peering["one_sided"] or peering["marks"]
    )


def _conflicted(document: MapDocument) -> set[str]:
    """Ids of the VNets that something is wrong with."""
    ends = {e for p in document["peerings"] if is_bad(p) for e in p["networks"]}
    return ends | {each["id"] for each in document["networks"] if marks_of(each)}


def _elsewhere(document: MapDocument) -> list[Elsewhere]:
    """Groups and networks on premises; those beyond the most as one of each way."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for each in document["links"]:
        if each["way"] != "hub":
            found[each["way"], each["through"]].update(each["networks"])
    every = [
        Elsewhere(*key, tuple(sorted(networks)))
        for key, networks in sorted(found.items())
    ]
    more = every[MOST_ELSEWHERE:]
    ways = sorted({each.way for each in more})
    return every[:MOST_ELSEWHERE] + [_together(way, more) for way in ways]


def _together(way: str, more: Iterable[Elsewhere]) -> Elsewhere:
    them = [each for each in more if each.way == way]
    networks = {network for each in them for network in each.networks}
    return Elsewhere(way, f"{len(them)} more", tuple(sorted(networks)))
