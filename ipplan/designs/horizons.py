"""How far one sees from a range: what was not read, and may overlap it."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from ipplan.designs.cells import (
    APART,
    NONE_THERE,
    ON_PREMISES,
    OTHERS,
    OWN_RANGES,
    OWN_SPACE,
    OWN_SUBNETS,
    REACHED,
    Cell,
)
from ipplan.models import MODELS, Home

if TYPE_CHECKING:
    from collections.abc import Callable

    from ipplan.checks.surveys import Survey
    from ipplan.designs.cells import Owned
    from ipplan.inventory.clusters import Cluster

MANAGED = "AKS makes its VNet, and that was not read"
MORE = "there is more than was read"


class Horizon:
    """What is not known of what is around ranges, each question answered once.

    Parameters
    ----------
    survey : Survey
        What is looked at.
    """

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._beyond: dict[str, str] = {}
        self._asked: dict[str, Callable[[Owned], Cell | str | None]] = {
            OWN_SPACE: self._own_space,
            OWN_SUBNETS: self._own_subnets,
            REACHED: self._reached,
            ON_PREMISES: self._on_premises,
            OWN_RANGES: self._own_ranges,
            OTHERS: self._others,
            APART: self._apart,
        }

    def cell(self, each: Owned, relation: str) -> Cell | None:
        """That nothing of the kind is there, or why it is unknown; None where it isn't.

        Examples
        --------
        >>> from datetime import date
        >>> from ipplan import Cidr, Inventory
        >>> from ipplan.checks.surveys import Survey
        >>> from ipplan.designs.cells import Owned
        >>> owned = Owned(Cidr.parse("10.0.0.0/16"), "vnet", "hub", "hub", ("hub",))
        >>> survey = Survey(Inventory(), date(2026, 11, 28))
        >>> Horizon(survey).cell(owned, ON_PREMISES).text
        'no network on premises was stated'
        """
        ask = self._asked.get(relation)
        found = ask(each) if ask else None
        return Cell("unknown", found) if isinstance(found, str) else found

    # Its own VNet.

    def _own_space(self, each: Owned) -> Cell | str | None:
        if each.kind == "vnet":
            vnet = self._survey.vnets.get(each.id)
            return None if vnet and len(vnet.prefixes) > 1 else NONE_THERE
        return self._homes(each)

    def _homes(self, each: Owned) -> str | None:
        """Why the address space of its VNets is not known."""
        if not each.homes:
            return MANAGED
        known = self._survey.vnets
        for home in each.homes:
            if home not in known or not known[home].prefixes:
                return f"the range of {self._survey.name_of(home)} is not known"
        return None

    def _own_subnets(self, each: Owned) -> Cell | str | None:
        if each.kind == "vnet":
            return NONE_THERE  # they are parts of it
        why = self._homes(each)
        for home in () if why else each.homes:
            vnet = self._survey.vnets[home]
            if not vnet.seen:
                return f"subnets of {self._survey.called(vnet)} were not read"
            if not all(subnet.prefixes for subnet in vnet.subnets):
                return f"a subnet of {self._survey.called(vnet)} has no known range"
        return why

    # Networks around it.

    def _reached(self, each: Owned) -> str | None:
        if not each.homes:
            return MANAGED
        whys = [self._around(home) for home in each.homes]
        return next(filter(None, whys), self._more())

    def _around(self, vnet: str) -> str:
        """Why it is not known what a VNet reaches; empty where it is."""
        if vnet not in self._beyond:
            self._beyond[vnet] = self._unread(vnet)
        return self._beyond[vnet]

    def _unread(self, vnet: str) -> str:
        noun = self._survey.inventory.vnet_by_id.get(vnet)
        if noun is None or not noun.seen:
            return f"peerings of {self._survey.name_of(vnet)} were not read"
        if any(peering.remote is None for peering in noun.peerings):
            return "a peering does not say with which VNet"
        peers = self._survey.peers.get(vnet, ())
        for peer in peers:
            if peer not in self._read:
                return f"{self._survey.name_of(peer)} was not read"
        near = (
            *self._blank[vnet],
            *(far for peer in peers for far in self._blank[peer]),
        )
        blank = next((one for one in near if one != vnet), None)
        return (
            f"the range of {self._survey.name_of(blank)} is not known" if blank else ""
        )

    @cached_property
    def _read(self) -> frozenset[str]:
        return frozenset(each.id for each in self._survey.inventory.vnets if each.seen)

    @cached_property
    def _blank(self) -> dict[str, list[str]]:
        """VNets without a known range by those that they are peered or grouped with."""
        known = {one.id for one in self._survey.vnets.values() if one.prefixes}
        found: dict[str, list[str]] = defaultdict(list)
        for one, peers in self._survey.peers.items():
            if one not in known:
                for peer in peers:
                    found[peer].append(one)
        for group in self._survey.inventory.groups:
            members = () if group.kind == "pod-mesh" else group.members
            blank = [member for member in members if member not in known]
            for member in members if blank else ():
                found[member] += blank
        return found

    def _more(self) -> str | None:
        return None if self._survey.inventory.complete else MORE

    def _on_premises(self, each: Owned) -> str | None:
        if not self._survey.inventory.external_ranges:
            return "no network on premises was stated"
        return None if each.homes else MANAGED

    def _apart(self, _: Owned) -> str | None:
        """Whether there may be VNets that nothing told of."""
        coverage = self._survey.inventory.coverage
        if coverage.named or any(not each.prefixes for each in coverage.unseen):
            return "not all that is named was read"
        return self._more()

    # Clusters.

    def _own_ranges(self, each: Owned) -> Cell | str | None:
        if each.kind == "vnet":
            clusters = list(self._survey.in_vnet(each.id))
            whys = (_pods(one) for one in clusters)
            why = next((one for one in whys if isinstance(one, str)), self._more())
            return why or (None if clusters else NONE_THERE)
        cluster = self._survey.cluster_by_id[each.id]
        if each.kind == "services":
            return _pods(cluster)
        return None if cluster.service_cidrs else "its service CIDR is not known"

    def _others(self, each: Owned) -> str | None:
        for group in self._survey.inventory.groups:
            if group.kind == "pod-mesh" and each.id in group.members:
                known = self._survey.cluster_by_id.keys()
                if not known >= set(group.members):
                    return f"not all of {group.name} was read"
        return self._more()


def _pods(cluster: Cluster) -> Cell | str | None:
    """Whether a cluster has a pod CIDR, as far as that is known."""
    row = MODELS.get(cluster.model or "")
    if cluster.pod_cidrs and (row is None or row.home is Home.POD_CIDR):
        return None
    if row is None:
        return f"the network model of {cluster.name} is not known"
    if row.home is Home.POD_CIDR:
        return f"the pod CIDR of {cluster.name} is not known"
    return NONE_THERE
