"""Break-even curves: what each model takes of the VNet, and how far it goes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ipplan.errors import ArgumentError
from ipplan.models import MODELS, Home
from ipplan.prefixes import usable
from ipplan.sweeps.tally import preference
from ipplan.tables import Table
from ipplan.views.charts.slices import Slice, first_of, is_drawn, values_of
from ipplan.views.charts.words import fixed_words, left_out, listed, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ipplan.sweeps.grids import Grid
    from ipplan.views.charts.slices import Reach

MOST_PANELS = 4
"""Values of a second axis that are drawn below each other. [-]"""

POINTS = 120
"""Points that a line is drawn through, besides its steps. [-]"""

_OWN = {"node_subnet": Home.NODE_SUBNET, "pod_subnet": Home.POD_SUBNET}
"""Axes that say how large a subnet of the VNet is."""


TOLD = 1.05
"""How many times another's addresses are worth a word; less reads as 1.0. [-]"""


class Point(NamedTuple):
    """A number of nodes, what it takes in the VNet, and the larger subnet for it."""

    nodes: int
    addresses: int
    length: int


class Line(NamedTuple):
    """One model.

    Parameters
    ----------
    model : str
        Its name.
    points : tuple of Point
        From the fewest nodes that fit to the most.
    steps : tuple of Point
        The most nodes of each prefix length, but for the last one.
    why : str
        What stops the next node; nothing where the axis ends.
    times : float
        Addresses at the end, of those of the model that takes fewest there. [-]
    best : str
        That model.
    """

    model: str
    points: tuple[Point, ...]
    steps: tuple[Point, ...]
    why: str
    times: float
    best: str

    @property
    def end(self) -> Point:
        """The most nodes that fit."""
        return self.points[-1]


class Capacity(NamedTuple):
    """A subnet that is there: its addresses for use, and its name."""

    addresses: int
    words: str


class Panel(NamedTuple):
    """The lines for one value of a second axis, which the title names."""

    title: str
    lines: tuple[Line, ...]
    capacities: tuple[Capacity, ...]
    missing: tuple[str, ...]
    finding: str
    winner: str


@dataclass(frozen=True)
class BreakEven:
    """Addresses against nodes.

    Parameters
    ----------
    title : str
        What is found.
    notes : tuple of str
        The question, what is assumed, what is left out.
    panels : tuple of Panel
        One, or a few below each other.
    low, high : int
        The ends of the axis. [nodes]
    """

    title: str
    notes: tuple[str, ...]
    panels: tuple[Panel, ...]
    low: int
    high: int
    kind: Literal["break-even"] = "break-even"

    @property
    def table(self) -> Table:
        """The marked points as rows."""
        columns = ["model", "nodes", "VNet addresses", "larger subnet", "then"]
        return Table(columns, [row for each in self.panels for row in _rows(each)])


def _rows(panel: Panel) -> Iterator[list[Any]]:
    tail = f" ({panel.title})" if panel.title else ""
    for line in panel.lines:
        name = f"{line.model}{tail}"
        for at, after in pairwise((*line.steps, line.end)):
            then = f"/{after.length}"
            yield [name, f"{at.nodes:,}", f"{at.addresses:,}", f"/{at.length}", then]
        end = line.end
        why = line.why or "the axis ends"
        yield [name, f"{end.nodes:,}", f"{end.addresses:,}", f"/{end.length}", why]


def break_even(grid: Grid) -> BreakEven:
    """What every model takes against nodes.

    Raises
    ------
    ArgumentError
        Where nodes do not vary, or an axis is drawn.
    """
    nodes = values_of(grid, "nodes")
    low, high = int(nodes.min()), int(nodes.max())
    if any(map(is_drawn, grid.dimensions)):
        raise ArgumentError("chart", "break-even of a distribution", "draw a fan of it")
    second = _second(grid)
    fixed = first_of(grid, "nodes", *second)
    panels = tuple(
        _panel(Slice(grid, {**fixed, **each}), low, high, title)
        for each, title in _values(grid, second)
    )
    if not any(each.lines for each in panels):
        told_why = "; ".join(panels[0].missing)
        allowed = f"nothing fits anywhere: {told_why}"
        raise ArgumentError("chart", f"{low:,} to {high:,} nodes", allowed)
    words = fixed_words(grid, fixed, ("nodes", *second))
    asked = (
        f"How many VNet addresses do {low:,} to {high:,} nodes take (ring: the last "
        f"node count that a /N holds)? With {words}."
    )
    missing = [
        f"Does not fit{f' with {each.title}' if each.title else ''}: {text}."
        for each in panels
        for text in each.missing
    ]
    notes = (asked, *left_out(grid, fixed, second), *_apart(panels), *missing)
    return BreakEven(_title(panels), notes, panels, low, high)


def _second(grid: Grid) -> tuple[str, ...]:
    """The axes that have a panel for each of their values."""
    for each in grid.dimensions:
        if "nodes" not in each.names and 1 < each.size <= MOST_PANELS:
            return each.names
    return ()


def _values(
    grid: Grid, second: tuple[str, ...]
) -> Iterator[tuple[dict[str, Any], str]]:
    import numpy as np

    if not second:
        yield {}, ""
        return
    dimension = next(each for each in grid.dimensions if each.names == second)
    taken = dimension.take(np.arange(dimension.size))
    for at in range(dimension.size):
        here = {name: cells[at] for name, cells in taken.items()}
        yield here, ", ".join(told(grid, name, one) for name, one in here.items())


def _panel(where: Slice, low: int, high: int, title: str) -> Panel:
    import numpy as np

    reaches = [where.reach(model, low, high) for model in where.grid.models]
    costs = np.array([np.where(each.fits, each.addresses, np.inf) for each in reaches])
    order = preference(where.grid.models)
    best = np.array(order)[costs[order].argmin(axis=0)]
    drawn = [each for each in reaches if each.last]
    lines = tuple(_line(each, costs, best, where.grid) for each in drawn)
    missing = tuple(f"{e.model.name} ({e.why})" for e in reaches if not e.last)
    names: list[str] = [each.model.name for each in reaches]
    found = _finding(names, reaches, costs, best) if lines else ""
    first = int(np.isfinite(costs.min(axis=0)).argmax())
    winner = names[int(best[first])] if lines else ""
    return Panel(title, lines, tuple(_capacities(where, drawn)), missing, found, winner)


def _line(reach: Reach, costs: NDArray[Any], best: NDArray[Any], grid: Grid) -> Line:
    import numpy as np

    inside = np.flatnonzero(reach.fits)
    steps = inside[:-1][np.diff(reach.lengths[inside]) != 0]
    first, last = int(inside[0]), int(inside[-1])
    low, high = int(reach.nodes[first]), int(reach.nodes[last])
    spread = (low * (high / low) ** (i / POINTS) for i in range(POINTS))
    thin = {first + int(each) - low for each in spread}
    at = sorted({first, last, *map(int, steps), *thin})
    times = float(reach.addresses[last] / costs[best[last], last])
    name = grid.models[int(best[last])].name
    why = reach.why
    return Line(
        reach.model.name, _points(reach, at), _points(reach, steps), why, times, name
    )


def _points(reach: Reach, at: Sequence[int] | NDArray[Any]) -> tuple[Point, ...]:
    return tuple(
        Point(int(reach.nodes[i]), int(reach.addresses[i]), int(reach.lengths[i]))
        for i in at
    )


def _capacities(where: Slice, drawn: list[Reach]) -> Iterator[Capacity]:
    """The subnets that are there, if a model that is drawn has them."""
    for name, kind in _OWN.items():
        length = where.fixed.get(name, where.grid.constants.get(name))
        held = any(one.kind is kind for each in drawn for one in each.sizing.ranges)
        if length is not None and held:
            room = int(usable(int(length)))
            words = f"/{length} {kind.words} holds {room:,}"
            yield Capacity(room, words)


def _apart(panels: tuple[Panel, ...]) -> list[str]:
    """What a line of a given subnet does not bind, though the two may cross."""
    given = any(panel.capacities for panel in panels)
    names = {line.model for panel in panels for line in panel.lines}
    apart = [name for name in names if MODELS[name].home is Home.POD_SUBNET]
    if not (given and apart):
        return []
    who = listed(sorted(apart))
    return [f"Of {who} a node subnet holds the nodes only, a pod subnet the pods."]


def _finding(
    names: list[str],
    reaches: list[Reach],
    costs: NDArray[Any],
    best: NDArray[Any],
) -> str:
    """Who takes the fewest up to where, by how much, and who stops first."""
    import numpy as np

    nodes = reaches[0].nodes
    some = np.isfinite(costs.min(axis=0))
    inside = np.flatnonzero(some)
    turns = [*inside[:-1][np.diff(best[inside]) != 0].tolist(), int(inside[-1])]
    wins = [f"{names[best[at]]} up to {nodes[at]:,} nodes" for at in turns]
    wins[0] = wins[0].replace(" up to", " takes the fewest VNet addresses up to")
    many = np.where(np.isfinite(costs), costs, 0)[:, some] / costs.min(axis=0)[some]
    if many.max() >= TOLD:
        worst, at = divmod(int(many.argmax()), many.shape[1])
        where = next(i for i, turn in enumerate(turns) if inside[at] <= turn)
        wins[where] += f", up to {times_words(many.max())} fewer than {names[worst]}"
    told_wins = ", then ".join(wins)
    first = min((each for each in reaches if each.last), key=lambda each: each.last)
    others = [each.model.name for each in reaches if each.last == first.last]
    if not first.why or first.last == nodes[inside[-1]]:
        return told_wins
    verb = "stops" if len(others) == 1 else "stop"
    return (
        f"{told_wins}; {listed(others)} {verb} first, at {first.last:,} ({first.why})"
    )


def times_words(times: float) -> str:
    """A ratio as it is said.

    Examples
    --------
    >>> times_words(31.0), times_words(1.94)
    ('31 times', '1.9 times')
    """
    return f"{times:.1f} times" if times < 10 else f"{times:.0f} times"  # noqa: PLR2004  # two figures either way


def _title(panels: tuple[Panel, ...]) -> str:
    """The finding; of several panels, whether one model wins in all of them."""
    found = [each for each in panels if each.finding]
    if len(panels) == 1:
        return found[0].finding
    if len({each.winner for each in found}) == 1:
        titles = listed(each.title for each in found)
        return f"{found[0].winner} takes the fewest VNet addresses with {titles}"
    first, last = found[0], found[-1]
    return f"With {first.title}, {first.finding}. With {last.title}, {last.finding}"
