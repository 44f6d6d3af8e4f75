"""The part of an inventory that a change can matter to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.checks.surveys import Survey
    from ipplan.inventory.estates import Inventory


def vicinity(survey: Survey, ids: Iterable[str]) -> Inventory:
    """The VNets of some nouns, all that those are joined to, and the clusters in them.

    Joined are VNets that are peered, the other peers of those, and all that they reach
    through hubs, groups and networks on premises: no rule compares what is further
    apart.

    Parameters
    ----------
    survey : Survey
        Of the whole inventory.
    ids : iterable of str
        Resource ids of VNets, subnets, peerings and clusters.
    """
    inventory = survey.inventory
    named = set(ids)
    near = survey.homes_of(named)
    joined = set(near)
    for each in near:
        peers = survey.peers.get(each, ())
        joined.update(peers, *(survey.peers[peer] for peer in peers))
        for link in inventory.reach.of(each):
            joined.update(link.networks)
    known = inventory.vnet_by_id
    clusters = {each.id for vnet in joined for each in survey.in_vnet(vnet)}
    clusters |= named & survey.cluster_by_id.keys()
    return replace(
        inventory,
        vnets=tuple(known[each] for each in sorted(joined & known.keys())),
        clusters=tuple(survey.cluster_by_id[each] for each in sorted(clusters)),
    )


def size(inventory: Inventory) -> int:
    """Nouns that a look at an inventory goes through."""
    subnets = sum(len(each.subnets) for each in inventory.vnets)
    return len(inventory.vnets) + subnets + len(inventory.clusters)
