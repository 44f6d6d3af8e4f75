"""What joins networks, in words: the same beneath a line and in its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.counts import counted

if TYPE_CHECKING:
    from ipplan.contracts.maps import MapDocument, MapLinkDocument, MapPeeringDocument

WAYS = {
    "hub": "through the hub {}",
    "group": "in the group {}",
    "on-premises": "through {} on premises",
}
"""How links that are no peerings are told."""


def peering_words(peering: MapPeeringDocument) -> str:
    """A peering: its state, and what is unusual of it."""
    told = {
        f"peering, {peering['state']}": True,
        "of one side only": peering["one_sided"],
        "through a gateway": peering["gateway"],
        "lets in what is forwarded": peering["forwarded"],
    }
    return ", ".join(words for words, holds in told.items() if holds)


def link_words(link: MapLinkDocument, names: dict[str, str]) -> str:
    """What joins networks other than a peering of their own."""
    return WAYS[link["way"]].format(names.get(link["through"], link["through"]))


def joins_counted(document: MapDocument) -> str:
    """How many peerings there are, and other ways.

    Examples
    --------
    >>> joins_counted({"peerings": [{}], "links": []})  # type: ignore
    '1 peering'
    """
    counts = (len(document["peerings"]), "peering"), (len(document["links"]), "link")
    return ", ".join(counted(count, noun) for count, noun in counts if count)
