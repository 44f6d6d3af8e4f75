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

    Joined are VNets that are peered, the other peers of those, all that they reach
    through hubs, groups and networks on premises, clusters of one pod mesh and VNets
    with one route table: no rule compares what is further apart.

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
    joined |= survey.homes_of(_beside(survey, near, named))
    known = inventory.vnet_by_id
    clusters = {each.id for vnet in joined for each in survey.in_vnet(vnet)}
    clusters |= named & survey.cluster_by_id.keys()
    return replace(
        inventory,
        vnets=tuple(known[each] for each in sorted(joined & known.keys())),
        clusters=tuple(survey.cluster_by_id[each] for each in sorted(clusters)),
    )


def _beside(survey: Survey, near: set[str], named: set[str]) -> set[str]:
    """Clusters of a pod mesh with those near, and VNets that share a route table."""
    clusters = {each.id for vnet in near for each in survey.in_vnet(vnet)} | named
    meshes = [set(g.members) for g in survey.inventory.groups if g.kind == "pod-mesh"]
    found = {each for mesh in meshes if mesh & clusters for each in mesh}
    for table in survey.vnets_of_tables.values():
        if table & near:
            found |= table
    return found


def size(inventory: Inventory) -> int:
    """Nouns that a look at an inventory goes through."""
    subnets = sum(len(each.subnets) for each in inventory.vnets)
    return len(inventory.vnets) + subnets + len(inventory.clusters)
