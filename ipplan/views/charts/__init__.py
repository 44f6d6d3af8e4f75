"""What a chart of a sweep shows: numbers and words, whatever draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ipplan.errors import ArgumentError
from ipplan.sweeps.axes import MOST_MONTHS
from ipplan.views.charts.breakeven import BreakEven, break_even
from ipplan.views.charts.fans import Fan, fan
from ipplan.views.charts.heatmaps import HeatMap, heat_map
from ipplan.views.charts.slices import dimension_of, is_drawn

if TYPE_CHECKING:
    from datetime import date

    from ipplan.sweeps.grids import Grid
    from ipplan.sweeps.sweeps import Sweep

Chart: TypeAlias = BreakEven | HeatMap | Fan

KINDS = ("break-even", "heat-map", "fan")
"""What can be drawn of a sweep."""

ENOUGH = 4
"""Values that an axis must have for a heat map, where nobody asks for one. [-]"""


def chart_of(
    sweep: Sweep,
    kind: str | None = None,
    *,
    as_of: date | None = None,
    horizon_months: int = 60,
) -> Chart:
    """What a chart of a sweep shows.

    Parameters
    ----------
    sweep : Sweep
        Its axes count; how many cells it has does not matter.
    kind : str, optional
        One of :data:`~ipplan.views.charts.KINDS`; what fits the axes where it is left
        out.
    as_of : date, optional
        The day from which growth counts; only a fan needs it.
    horizon_months : int
        How far a fan looks ahead, 1 to 1,200. [months]

    Returns
    -------
    Chart
        For :func:`ipplan.draw`.

    Raises
    ------
    ArgumentError
        For what can't be drawn; it says what to give.

    Examples
    --------
    >>> from ipplan.sweeps.sweeps import sweep
    >>> found = chart_of(sweep(nodes="10:500"))
    >>> found.kind, found.panels[0].lines[1].end.nodes
    ('break-even', 363)
    """
    if kind is not None and kind not in KINDS:
        raise ArgumentError("chart", repr(kind), f"one of {', '.join(KINDS)}")
    if sweep.work.where is not None:
        raise ArgumentError("chart", "of some rows", "leave the filter out")
    if not 1 <= horizon_months <= MOST_MONTHS:
        allowed = f"1 to {MOST_MONTHS:,} months"
        raise ArgumentError("horizon_months", horizon_months, allowed)
    grid = sweep.grid
    chosen = kind or _kind(grid)
    if chosen == "fan":
        if as_of is None:
            raise ArgumentError("as_of", "left out", "the day from which growth counts")
        return fan(grid, as_of, horizon_months)
    return heat_map(grid) if chosen == "heat-map" else break_even(grid)


def _kind(grid: Grid) -> str:
    """What suits the axes."""
    if any(map(is_drawn, grid.dimensions)):
        return "fan"
    nodes = dimension_of(grid, "nodes").size
    if "growth_per_year" in grid.names and nodes == 1:
        return "fan"
    pods = dimension_of(grid, "max_pods").size if "max_pods" in grid.names else 1
    return "heat-map" if min(nodes, pods) >= ENOUGH else "break-even"
