"""Overlaps that no rule minds: reuse, and networks on premises that cover a range."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from ipplan.checks.names import MOST_NAMES, listed
from ipplan.checks.overlap.ranges import pod_ranges, service_ranges
from ipplan.cidrs.indexes import CidrIndex
from ipplan.designs.cells import (
    AGGREGATE,
    APART,
    ON_PREMISES,
    OTHERS,
    REACHED,
    Cell,
    Reuse,
)
from ipplan.limits import KUBENET, OVERLAY
from ipplan.models import MODELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ipplan.checks.overlap.ranges import Range
    from ipplan.checks.surveys import Survey
    from ipplan.cidrs import Cidr
    from ipplan.designs.cells import Kind, Owned
    from ipplan.inventory.reach import Link


class Reuses:
    """What ranges overlap without a finding, each question answered once.

    Parameters
    ----------
    survey : Survey
        What is looked at.
    """

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._vnets: dict[Cidr, dict[str, None]] = {}
        self._clusters: dict[tuple[Kind, Cidr], dict[str, None]] = {}
        self._members: dict[int, frozenset[str]] = {}
        self._asked = {
            REACHED: self._meeting_on_premises,
            ON_PREMISES: self._aggregates,
            OTHERS: self._others,
            APART: self._apart,
        }

    def cell(self, each: Owned, relation: str) -> Cell | None:
        """What a range meets in a column of which no finding speaks; None for nothing.

        Examples
        --------
        >>> from datetime import date
        >>> from ipplan import Cidr, Inventory, VNet
        >>> from ipplan.checks.surveys import Survey
        >>> from ipplan.designs.cells import Owned
        >>> home = "/subscriptions/s/resourcegroups/g/providers/microsoft.network"
        >>> ten = Cidr.parse("10.0.0.0/16")
        >>> vnets = [VNet(f"{home}/virtualnetworks/{n}", n, (ten,)) for n in "ab"]
        >>> survey = Survey(Inventory((*vnets,)), date(2026, 11, 28))
        >>> owned = Owned(ten, "vnet", vnets[0].id, "a", (vnets[0].id,))
        >>> Reuses(survey).cell(owned, APART)
        Cell(verdict='reusable', text='shared by a, b', rules=())
        """
        ask = self._asked.get(relation)
        return ask(each) if ask else None

    # VNets.

    def _apart(self, each: Owned) -> Cell | None:
        """VNets that nothing joins with its own, and that overlap it."""
        near = self._near(each.cidr)
        joined = {*each.homes, *self._linked(each, near), *self._relatives(each)}
        return _reusable(near, joined, each, self._survey.name_of)

    def _meeting_on_premises(self, each: Owned) -> Cell | None:
        """VNets that overlap another, where routes on premises decide which is reached.

        Rules compare VNets that are peered or in one group, and pods with all of them.
        """
        if each.kind != "vnet":
            return None
        met = self._linked(each, self._near(each.cidr)) - {each.id}
        met -= self._relatives(each)
        if not met:
            return None
        names = listed(self._survey.name_of(one) for one in sorted(met))
        return Cell("unknown", f"{names}: both meet on premises, where routes decide")

    def _near(self, cidr: Cidr) -> dict[str, None]:
        """Ids of the VNets that overlap a range."""
        if cidr not in self._vnets:
            found = {
                space.vnet.id for _, space in self._survey.spaces.overlapping(cidr)
            }
            self._vnets[cidr] = dict.fromkeys(sorted(found))
        return self._vnets[cidr]

    def _linked(self, each: Owned, near: dict[str, None]) -> set[str]:
        """Of some VNets those that it reaches in any way."""
        reach = self._survey.inventory.reach
        links = (link for home in each.homes for link in reach.of(home))
        return {vnet for link in links for vnet in self._networks(link) & near.keys()}

    def _networks(self, link: Link) -> frozenset[str]:
        key = id(link)  # links live as long as their inventory
        if key not in self._members:
            self._members[key] = frozenset(link.networks)
        return self._members[key]

    def _relatives(self, each: Owned) -> set[str]:
        """VNets that overlap a VNet and are joined with it: rules compare these."""
        return self._related[each.id] if each.kind == "vnet" else set()

    @cached_property
    def _related(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for pair in self._survey.related:
            for one in pair:
                found[one] |= pair - {one}
        return found

    # Clusters.

    def _others(self, each: Owned) -> Cell | None:
        """Ranges of the same kind of other clusters; of a VNet, those of all beyond."""
        of_vnet = each.kind == "vnet"
        kinds: tuple[Kind, ...] = ("pods", "services") if of_vnet else (each.kind,)
        own = (
            {one.id for one in self._survey.in_vnet(each.id)} if of_vnet else set[str]()
        )
        near = {one: None for kind in kinds for one in self._having(kind, each.cidr)}
        return _reusable(near, own, each, self._called)

    def _called(self, cluster: str) -> str:
        return self._survey.called(self._survey.cluster_by_id[cluster])

    def _having(self, kind: Kind, cidr: Cidr) -> dict[str, None]:
        """Ids of the clusters with pods or services in a range."""
        if (kind, cidr) not in self._clusters:
            index = self._pods if kind == "pods" else self._services
            found = {one.cluster.id for _, one in index.overlapping(cidr)}
            self._clusters[kind, cidr] = dict.fromkeys(sorted(found))
        return self._clusters[kind, cidr]

    @cached_property
    def _pods(self) -> CidrIndex[Range]:
        return CidrIndex((each.cidr, each) for each in pod_ranges(self._survey))

    @cached_property
    def _services(self) -> CidrIndex[Range]:
        return CidrIndex((each.cidr, each) for each in service_ranges(self._survey))

    # Networks elsewhere.

    def _aggregates(self, each: Owned) -> Cell | None:
        """Networks on premises that it meets: aggregates of it, or out of its reach."""
        met = list(self._survey.outside.overlapping(each.cidr))
        reached = self._outside(each) if met else frozenset[str]()
        names = [f"{one.name} {cidr}" for cidr, one in met if one.name in reached]
        if names:
            return Cell("allowed", listed(names), (AGGREGATE,))
        if not met or not each.homes:
            return None
        beyond = listed(f"{one.name} {cidr}" for cidr, one in met)
        return Cell("reusable", f"{beyond}, not reached")

    def _outside(self, each: Owned) -> frozenset[str]:
        """Names of the networks elsewhere that it reaches."""
        if each.kind == "vnet":
            found = self._survey.inventory.external_ranges_of(each.id)
        else:
            cluster = self._survey.cluster_by_id[each.id]
            found = self._survey.external_ranges(cluster)
        return frozenset(one.name for one in found)


SERVICES_REUSE = Reuse(
    "A service CIDR is the cluster's own: other clusters may have the same, where "
    "nothing that they reach has it."
)
OVERLAY_REUSE = Reuse(
    "Other clusters may have the same pod CIDR, in the same VNet too.", OVERLAY
)
ROUTED_REUSE = Reuse(
    "Other clusters may have the same pod CIDR, where their subnets and route tables "
    "are others.",
    KUBENET,
)


def reuse_of(survey: Survey, each: Owned, others: Cell) -> Reuse:
    """Whether other clusters may have a range too.

    Parameters
    ----------
    survey : Survey
        What is looked at.
    each : Owned
        The range.
    others : Cell
        What it has to do with other clusters: of one that minds theirs, nothing is
        said.

    Examples
    --------
    >>> from datetime import date
    >>> from ipplan import Cidr, Cluster, Inventory
    >>> from ipplan.checks.surveys import Survey
    >>> from ipplan.designs.cells import CLEAR, Owned
    >>> survey = Survey(Inventory(clusters=(Cluster("c", id="c"),)), date(2026, 11, 28))
    >>> owned = Owned(Cidr.parse("10.0.0.0/16"), "services", "c", "c", ())
    >>> reuse_of(survey, owned, CLEAR) is SERVICES_REUSE
    True
    """
    if each.kind == "vnet" or others.verdict in {"refused", "breaks"}:
        return Reuse()
    if each.kind == "services":
        return SERVICES_REUSE
    row = MODELS.get(survey.cluster_by_id[each.id].model or "")
    if row is None:
        return Reuse()
    return ROUTED_REUSE if row.route_limit else OVERLAY_REUSE


def _reusable(
    near: dict[str, None], joined: set[str], each: Owned, called: Callable[[str], str]
) -> Cell | None:
    """That others have its range which it has nothing to do with.

    It is among those that are named, so that all of them have the same cell.
    """
    without = (joined & near.keys()) - {each.id}
    count = len(near) - len(without)
    if count == (each.id in near):
        return None
    shown = islice((one for one in near if one not in without), MOST_NAMES)
    more = f" and {count - MOST_NAMES:,} more" if count > MOST_NAMES else ""
    return Cell("reusable", f"shared by {', '.join(map(called, shown))}{more}")
