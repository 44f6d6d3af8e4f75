"""A study: a plan or an estate, with all that documents about it are drawn from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ipplan.checks.checkups import check, worst_first
from ipplan.checks.surveys import Survey
from ipplan.designs.networks import networks
from ipplan.designs.rooms import rooms
from ipplan.designs.tellings import told
from ipplan.findings import Severity
from ipplan.layouts.plans import ClusterPlan
from ipplan.migrations.migrations import migrate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ipplan.checks.checkups import Checkup
    from ipplan.designs.networks import Network
    from ipplan.designs.rooms import Room
    from ipplan.findings import Finding
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.estates import Inventory
    from ipplan.inventory.networks import VNet
    from ipplan.layouts.results import Layout, PlacedSubnet
    from ipplan.migrations.results import ClusterMigration


@dataclass(frozen=True)
class Study:
    """A plan or an estate, checked, and what a plan says besides.

    Parameters
    ----------
    title : str
        What it is called: the name of the plan, or of what was read.
    checkup : Checkup
        What was found; its inventory is what there is.
    findings : tuple of Finding
        Those that matter to it: of a plan, its own.
    others : tuple of Finding
        Of a plan, what is wrong around it.
    is_plan : bool
        Whether it is a plan that was laid out, or what was read.
    about : frozenset of str
        Ids of the VNets that it is about: of a plan, its own and those that they reach
        in one step.
    wants : mapping of str to PlacedSubnet
        What a plan asks for, by the ids of its subnets.
    plans : mapping of str to ClusterPlan
        What a plan says of its clusters, by their ids.
    assumed : tuple of str
        What was taken for granted, in words.
    """

    title: str
    checkup: Checkup
    findings: tuple[Finding, ...] = ()
    others: tuple[Finding, ...] = ()
    is_plan: bool = False
    about: frozenset[str] = frozenset()
    wants: Mapping[str, PlacedSubnet] = field(default_factory=dict[str, "PlacedSubnet"])
    plans: Mapping[str, ClusterPlan] = field(default_factory=dict[str, ClusterPlan])
    assumed: tuple[str, ...] = ()

    @property
    def inventory(self) -> Inventory:
        """What there is."""
        return self.checkup.inventory

    @cached_property
    def survey(self) -> Survey:
        """The same, with what rules look up in it: names, homes, reach."""
        return Survey(self.inventory, self.checkup.as_of)

    @property
    def vnets(self) -> tuple[VNet, ...]:
        """The VNets that it is about, by id; known ones that were not read too."""
        known = self.survey.vnets
        return tuple(known[each] for each in sorted(self.about) if each in known)

    @cached_property
    def clusters(self) -> tuple[Cluster, ...]:
        """The clusters that it is about: of a plan its own, else all, by id."""
        every = self.inventory.clusters
        return tuple(e for e in every if not self.is_plan or e.id in self.plans)

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        """Its VNets as people look at them: hubs first, each with its spokes."""
        return networks(self)

    @cached_property
    def rooms(self) -> tuple[Room, ...]:
        """Its subnets and pod CIDRs, and what they hold."""
        return rooms(self)

    @cached_property
    def worst(self) -> tuple[Finding, ...]:
        """Errors and warnings, the worst first."""
        grave = (e for e in self.findings if e.severity is not Severity.NOTE)
        return tuple(worst_first(grave))

    @cached_property
    def moves(self) -> Mapping[str, ClusterMigration]:
        """What ``ipplan migrate`` says of the recommended model, by ids of clusters."""
        found = migrate(self.inventory, as_of=self.checkup.as_of)
        return {each.cluster.id: each for each in found.clusters}

    def plan_of(self, cluster: Cluster) -> ClusterPlan:
        """What is planned for a cluster; one that was read is to stay as it is."""
        return self.plans.get(cluster.id, ClusterPlan(cluster))


def study(inventory: Inventory, title: str, *, as_of: date) -> Study:
    """A study of an estate that was read.

    Parameters
    ----------
    inventory : Inventory
        As :func:`ipplan.read_inventory` gives it.
    title : str
        What it is called.
    as_of : date
        The day on which retirements are judged.

    Examples
    --------
    >>> from datetime import date
    >>> from ipplan import Inventory
    >>> study(Inventory(), "nothing", as_of=date(2026, 11, 28)).findings
    ()
    """
    checkup = check(inventory, as_of=as_of)
    seen = {each.id for each in inventory.vnets} | {e.id for e in inventory.unseen}
    return Study(title, checkup, checkup.findings, about=frozenset(seen))


def study_of_layout(layout: Layout, *, as_of: date) -> Study:
    """A study of a plan that was laid out.

    Parameters
    ----------
    layout : Layout
        As :func:`ipplan.lay_out` gives it.
    as_of : date
        The day on which retirements are judged.

    Examples
    --------
    >>> from datetime import date
    >>> import ipplan
    >>> layout = ipplan.lay_out(ipplan.LayoutPlan("shop"))
    >>> study_of_layout(layout, as_of=date(2026, 11, 28)).title
    'shop'
    """
    checkup = check(layout.inventory, as_of=as_of)
    own, others = told(layout, checkup)
    plans = {each.plan.cluster.id: each.plan for each in layout.clusters}
    networks = {each.plan.id for each in layout.networks}
    return Study(
        layout.plan.name,
        checkup,
        tuple(worst_first(own)),
        tuple(others),
        is_plan=True,
        about=_about(layout.inventory, networks),
        wants={each.want.id: each for each in layout.subnets},
        plans=plans,
        assumed=layout.assumed,
    )


def _about(inventory: Inventory, networks: Iterable[str]) -> frozenset[str]:
    """Some VNets, and those that they are peered with."""
    own = frozenset(networks)
    joined = {
        each
        for network in own
        for link in inventory.reach.of(network)
        if link.way == "peering"
        for each in link.networks
    }
    return own | joined
