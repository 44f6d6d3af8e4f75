"""From a layout to what deploys it, in order and in no language yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.emitters.books import Book
from ipplan.emitters.clusters import add_clusters
from ipplan.emitters.networks import add_networks, add_peerings
from ipplan.emitters.traffic import add_outlets, add_rules, add_zones
from ipplan.errors import ArgumentError

if TYPE_CHECKING:
    from ipplan.emitters.resources import Deployment
    from ipplan.layouts.results import Layout

_STEPS = (
    add_rules,
    add_outlets,
    add_networks,
    add_peerings,
    add_zones,
    add_clusters,
)
"""What is written down, each after all that it can refer to."""


def deployment_of(layout: Layout) -> Deployment:
    """All that a layout plans, in the order in which it can be deployed.

    Parameters
    ----------
    layout : Layout
        Of a plan, where everything found room.

    Raises
    ------
    ArgumentError
        Where something did not find room, or code can't say what is planned.

    Examples
    --------
    >>> from ipplan.layouts.plans import LayoutPlan
    >>> from ipplan.layouts.results import Layout
    >>> deployment_of(Layout(LayoutPlan("shop"))).resources
    ()
    """
    if layout.unfit:
        lost = ", ".join(f"{each.kind} {each.name}" for each in layout.unfit)
        allowed = "a layout in which everything found room"
        raise ArgumentError("layout", f"without room for {lost}", allowed)
    book = Book(layout)
    for step in _STEPS:
        step(book)
    return book.deployment()
