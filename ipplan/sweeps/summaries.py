"""A sweep in a few numbers: by break points where they are enough, else streamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.errors import ArgumentError
from ipplan.sweeps.breaks import by_break_points, hindrance
from ipplan.sweeps.outcomes import Summary
from ipplan.sweeps.tally import streamed

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from ipplan.sweeps.runs import Costs
    from ipplan.sweeps.sweeps import Work

__all__ = ["MOST_STREAMED", "Summary", "summary"]

MOST_STREAMED = 10**10
"""Cells that are looked at one by one, at most: more would take hours. [-]"""

FEWEST_NODES = 16
"""Node counts of which fewer are as soon looked at one by one. [-]"""


def summary(
    work: Work,
    executor: Executor | None = None,
    progress: Callable[[int], None] | None = None,
    costs: Costs | None = None,
) -> Summary:
    """All cells of a sweep in a few numbers for each model; exact either way.

    Parameters
    ----------
    work : Work
        The cells, and which of them are kept.
    executor : Executor, optional
        Who looks at cells; break points are found in this process.
    progress : callable, optional
        Told how many cells were done since it was last told.
    costs : Costs, optional
        Told what each look at some cells takes.

    Raises
    ------
    ArgumentError
        For more than :data:`MOST_STREAMED` cells that must be looked at one by one.

    Examples
    --------
    >>> from ipplan.sweeps.sweeps import sweep
    >>> found = sweep(nodes="1:5000", max_pods=30).summary()
    >>> [(each.model, each.nodes_most) for each in found.models[:2]]
    [('cni-overlay', 4545), ('kubenet', 363)]
    """
    grid = work.grid
    cells = grid.size * len(grid.models)
    why = hindrance(work)
    if why and cells > MOST_STREAMED:
        allowed = f"at most {MOST_STREAMED:,} that are looked at one by one; {why}"
        raise ArgumentError("cells in all", f"{cells:,}", allowed)
    searched = not why and _pays(work)
    models = (
        by_break_points(work, progress)
        if searched
        else streamed(work, executor, progress, costs)
    )
    return Summary(tuple(models), cells, searched)


def _pays(work: Work) -> bool:
    """Whether lines are long enough for a search along them."""
    (nodes,) = (each for each in work.grid.dimensions if each.names == ("nodes",))
    return nodes.size >= FEWEST_NODES
