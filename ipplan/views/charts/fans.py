"""An exhaustion fan: how nodes may grow, and when they outgrow each model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, prod
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ipplan.counts import counted
from ipplan.errors import ArgumentError
from ipplan.models import MODELS
from ipplan.sweeps.dimensions import Samples
from ipplan.sweeps.exhaustion import months_until
from ipplan.sweeps.grids import nodes_after
from ipplan.sweeps.outcomes import DAYS_A_MONTH, PERCENTS
from ipplan.tables import Table
from ipplan.views.charts.slices import MOST_NODES, Slice, first_of, is_drawn
from ipplan.views.charts.words import fixed_words, left_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ipplan.sweeps.dimensions import Dimension
    from ipplan.sweeps.grids import Grid
    from ipplan.views.charts.slices import Reach

MOST_CASES = 200_000
"""Samples that are looked at; more of them move no line that can be seen. [-]"""

SHARES = PERCENTS
"""Shares of the cases below each line of the fan. [%]"""

START = "at the start"
"""When what is too small already is outgrown."""

_MOVING = {"nodes": "nodes", "growth_per_year": "growth in % a year"}
"""Axes that may be drawn, or have several values that count alike; their words."""


class Month(NamedTuple):
    """A day, and the nodes then for each of :data:`SHARES`."""

    months: int
    day: date
    nodes: tuple[int, ...]


class Ceiling(NamedTuple):
    """The most nodes of a model, and when the cases outgrow it.

    Parameters
    ----------
    model : str
        Its name.
    nodes : int
        The most nodes that fit; 0 where none do. [nodes]
    why : str
        What stops the next node.
    months : tuple of float
        Until so many of the cases have outgrown it, for each of :data:`SHARES`;
        infinite where they never do. [months]
    by : tuple of str
        The same as words: ``2028-05``, ``at the start``, or nothing beyond the horizon.
    share, at_start : float
        Of the cases outgrow it within the horizon, and have at its start. [-]
    """

    model: str
    nodes: int
    why: str
    months: tuple[float, ...]
    by: tuple[str, ...]
    share: float
    at_start: float


@dataclass(frozen=True)
class Fan:
    """Nodes against time.

    Parameters
    ----------
    title : str
        What is found.
    notes : tuple of str
        The question, what is assumed, what is left out.
    months : tuple of Month
        From the start to the horizon.
    ceilings : tuple of Ceiling
        A model each.
    cases : int
        How many ways of growing were looked at. [-]
    """

    title: str
    notes: tuple[str, ...]
    months: tuple[Month, ...]
    ceilings: tuple[Ceiling, ...]
    cases: int
    kind: Literal["fan"] = "fan"

    @property
    def table(self) -> Table:
        """When how many of the cases have outgrown each model."""
        shares = [f"{share} % outgrow it by" for share in SHARES]
        columns = ["model", "most nodes", "stops at", *shares, "within the horizon"]
        after = f"after {self.months[-1].day:%Y-%m}"
        rows = [
            [
                each.model,
                f"{each.nodes:,}",
                each.why,
                *(by or after for by in each.by),
                share_words(each.share),
            ]
            for each in self.ceilings
        ]
        return Table(columns, rows)


def fan(grid: Grid, as_of: date, horizon: int) -> Fan:
    """How nodes may grow from a day on, and when that is too many for each model.

    Raises
    ------
    ArgumentError
        Where something else is drawn than nodes and growth, or without growth.
    """
    if "growth_per_year" not in grid.names:
        allowed = "give how they grow, such as growth_per_year normal(20,10)"
        raise ArgumentError("chart", "fan of nodes that do not grow", allowed)
    if as_of > date.max - timedelta(days=floor(horizon * DAYS_A_MONTH)):
        allowed = f"a day that {counted(horizon, 'month')} can follow"
        raise ArgumentError("as_of", f"{as_of}", allowed)
    cases = _cases(grid)
    count = len(cases.nodes)
    fixed = first_of(grid, *_MOVING, "months")
    where = Slice(grid, fixed)
    reaches = [where.reach(model, 1, MOST_NODES) for model in grid.models]
    months = tuple(
        Month(number, day_after(as_of, number), _shares(cases.after(number)))
        for number in range(horizon + 1)
    )
    ceilings = tuple(_ceiling(each, cases, as_of, horizon) for each in reaches)
    words = fixed_words(grid, fixed, ("nodes", "growth_per_year"))
    asked = f"{_question(grid)} With {_cases_words(grid)}, {words}."
    since = f"{counted(count, 'case')}, from {as_of:%Y-%m-%d} on"
    told = f"{since}; bands hold 50 and 90 % of them."
    cut = [f"The first {count:,} of {cases.seen:,} samples."] if cases.seen else []
    never = [f"Nothing fits {e.model.name}: {e.why}." for e in reaches if not e.last]
    notes = (asked, told, *cut, *_unbound(reaches), *left_out(grid, fixed), *never)
    return Fan(_title(ceilings, months), notes, months, ceilings, count)


def _question(grid: Grid) -> str:
    """What is asked, and of how many models where it is not all of them."""
    count = len(grid.models)
    some = f" (of the {counted(count, 'model')} asked for)"
    return f"When is the cluster too large{some if count < len(MODELS) else ''}?"


def _unbound(reaches: list[Reach]) -> list[str]:
    """That ranges that are not given stop no model, where there are such."""
    free = any(
        reach.sizing.demand.given(each.kind) is None
        for reach in reaches
        for each in reach.sizing.ranges
    )
    return ["Ranges that are not given are chosen large enough."] if free else []


class _Cases(NamedTuple):
    """Nodes and growth of each case; how many samples there are if not all count."""

    nodes: NDArray[Any]
    growth: NDArray[Any]
    seen: int

    def after(self, months: int) -> Any:
        """Nodes of each case after some months."""
        return nodes_after(self.nodes, self.growth, months)


def _cases(grid: Grid) -> _Cases:
    """The combinations of nodes and growth.

    Raises
    ------
    ArgumentError
        Where they are too many, or something else moves with them.
    """
    import numpy as np

    moving = [each for each in grid.dimensions if set(each.names) & set(_MOVING)]
    drawn = [each for each in grid.dimensions if is_drawn(each)]
    others = {name for each in (*moving, *drawn) for name in each.names} - set(_MOVING)
    if others:
        allowed = f"only {' and '.join(_MOVING)} vary in it"
        raise ArgumentError("chart", f"fan of {', '.join(sorted(others))}", allowed)
    fewer = [_cut(each) for each in moving]
    shape = [each.size for each in fewer]
    if prod(shape) > MOST_CASES:
        allowed = f"at most {MOST_CASES:,}: fewer values of nodes and growth"
        raise ArgumentError("chart", f"fan of {prod(shape):,} cases", allowed)
    found: dict[str, NDArray[Any]] = {}
    for each, at in zip(fewer, np.indices(shape).reshape(len(shape), -1), strict=True):
        found |= each.take(at)
    seen = sum(one.size for one in moving if _cut(one) is not one)
    return _Cases(found["nodes"], found["growth_per_year"], seen)


def _cut(dimension: Dimension) -> Dimension:
    """The first of too many samples."""
    if isinstance(dimension, Samples) and dimension.size > MOST_CASES:
        return Samples(dimension.distributions, MOST_CASES, dimension.seed)
    return dimension


def _cases_words(grid: Grid) -> str:
    """What the cases are made of."""
    import numpy as np

    parts: list[str] = []
    for each in grid.dimensions:
        if isinstance(each, Samples):
            parts += [f"{_MOVING[name]} {given}" for name, given in each.distributions]
            continue
        taken = each.take(np.arange(each.size))
        for name in each.names:
            if name in _MOVING:
                low, high = f"{taken[name].min():,g}", f"{taken[name].max():,g}"
                span = low if low == high else f"{low} to {high}"
                parts.append(f"{_MOVING[name]} {span}")
    return ", ".join(parts)


def _shares(nodes: NDArray[Any]) -> tuple[int, ...]:
    import numpy as np

    shares = np.array(SHARES) / 100
    found = np.quantile(nodes, shares, method="inverted_cdf")
    return tuple(int(each) for each in found)


def _ceiling(reach: Reach, cases: _Cases, as_of: date, horizon: int) -> Ceiling:
    import numpy as np

    until = months_until(cases.nodes, reach.last, cases.growth)
    left = np.sort(np.where(np.isnan(until), np.inf, until))
    at = [-(-share * len(left) // 100) - 1 for share in SHARES]
    months = tuple(float(left[each]) for each in at)
    by = tuple(_by(as_of, each, horizon) for each in months)
    share, at_start = float((left <= horizon).mean()), float((left == 0).mean())
    name = reach.model.name
    return Ceiling(name, reach.last, reach.why, months, by, share, at_start)


def by_words(by: str) -> str:
    """When it is, as a sentence has it; nothing for nothing.

    Examples
    --------
    >>> by_words("2028-05"), by_words(START), by_words("")
    ('by 2028-05', 'at the start', '')
    """
    return f"by {by}" if by and by != START else by


def share_words(share: float) -> str:
    """A share in whole percents, 100 only of all.

    Examples
    --------
    >>> share_words(0.384), share_words(0.997), share_words(1)
    ('38 %', '99 %', '100 %')
    """
    return f"{100 if share == 1 else min(round(100 * share), 99)} %"


def _by(as_of: date, months: float, horizon: int) -> str:
    if not months:
        return START
    return f"{day_after(as_of, months):%Y-%m}" if months <= horizon else ""


def day_after(day: date, months: float) -> date:
    """The day that comes so many months after one.

    Examples
    --------
    >>> from datetime import date
    >>> day_after(date(2026, 11, 28), 12)
    datetime.date(2027, 11, 28)
    """
    return day + timedelta(days=floor(months * DAYS_A_MONTH))


def _title(ceilings: tuple[Ceiling, ...], months: tuple[Month, ...]) -> str:
    """When the model that lasts least is outgrown, and the one that lasts longest."""
    fits = [each for each in ceilings if each.nodes]
    if not fits:
        return f"Nothing fits: {ceilings[0].model} ({ceilings[0].why})"
    best = max(fits, key=lambda each: each.nodes)
    least = min(fits, key=lambda each: each.nodes)
    end = f"{months[-1].day:%Y-%m}"
    found = _when(least, end)
    told = found if least is best else f"{found}; {_when(best, end)}"
    return told[0].upper() + told[1:]


def _when(ceiling: Ceiling, end: str) -> str:
    """When a twentieth and half of the cases have outgrown a model."""
    early, half = (by_words(ceiling.by[SHARES.index(each)]) for each in (5, 50))
    name = f"{ceiling.model} ({ceiling.nodes:,} nodes)"
    if early == START:
        then = f", half {half}" if half and half != START else ""
        share = share_words(ceiling.at_start)
        return f"{share} of the cases have outgrown {name} {START}{then}"
    if half:
        return f"half of the cases outgrow {name} {half}, 5 % {early}"
    if early:
        share = share_words(ceiling.share)
        return f"{share} of the cases outgrow {name} by {end}, 5 % {early}"
    return f"fewer than 5 % of the cases outgrow {name} by {end}"
