"""What is wrong with a plan, and what with all that stands around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.layouts.rules import findings as layout_findings

if TYPE_CHECKING:
    from ipplan.checks.checkups import Checkup
    from ipplan.findings import Finding
    from ipplan.layouts.results import Layout


def told(layout: Layout, checkup: Checkup) -> tuple[list[Finding], list[Finding]]:
    """Findings about the plan, and the others.

    Parameters
    ----------
    layout : Layout
        As :func:`ipplan.lay_out` gives it.
    checkup : Checkup
        What :func:`ipplan.check` found in its inventory.

    Examples
    --------
    >>> from datetime import date
    >>> import ipplan
    >>> layout = ipplan.lay_out(ipplan.LayoutPlan("shop"))
    >>> told(layout, ipplan.check(layout.inventory, as_of=date(2026, 11, 24)))
    ([], [])
    """
    ids, names = _own(layout), _clients(layout)
    own = list(layout_findings(layout))
    others: list[Finding] = []
    for each in checkup.findings:
        mine = any(
            subject.id in ids or (subject.kind == "client" and subject.name in names)
            for subject in each.subjects
        )
        (own if mine else others).append(each)
    return own, others


_MADE = (
    "clusters",
    "security_groups",
    "route_tables",
    "public_addresses",
    "outlets",
    "zone_links",
)
"""Fields of an inventory that hold what a layout makes, besides VNets."""


def _own(layout: Layout) -> set[str]:
    """Ids of all that the plan asks for, and of what was made for it."""
    before, after = layout.plan.inventory, layout.inventory
    there = {noun.id for name in _MADE for noun in getattr(before, name)}
    made = {noun.id for name in _MADE for noun in getattr(after, name)} - there
    asked = {each.id for each in layout.plan.networks}
    asked |= {each.want.id for each in layout.subnets}
    asked |= {each.plan.cluster.id for each in layout.clusters}
    return made | asked | {each.id for each in layout.planned.peerings}


def _clients(layout: Layout) -> set[str]:
    """Names of jump boxes and build agents that stand in networks of the plan."""
    ids = {each.id for each in layout.plan.networks}
    return {each.name for each in layout.inventory.clients if each.network in ids}
