"""Summaries that stream: parts of a sweep counted one by one, and added up exactly."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ipplan.models import MODELS, Standing
from ipplan.sizing.rules import ERRORS
from ipplan.sizing.sizings import Sizing
from ipplan.sweeps.axes import MOST_MONTHS
from ipplan.sweeps.columns import worked_out
from ipplan.sweeps.exhaustion import months_left
from ipplan.sweeps.grids import CHUNK, Cells
from ipplan.sweeps.outcomes import (
    DAYS_A_MONTH,
    PERCENTS,
    Exhaustion,
    ModelSummary,
    PrefixUse,
    Spread,
    rank_of,
)
from ipplan.sweeps.runs import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from ipplan.models import NetworkModel
    from ipplan.sizing.loads import Range
    from ipplan.sweeps.runs import Costs
    from ipplan.sweeps.sweeps import Work

    Uses = dict[int, tuple[int, int, int]]
    """Cells, and their fewest and most nodes, by prefix length."""

MOST_DAYS = int(MOST_MONTHS * DAYS_A_MONTH)
"""Days that can be looked ahead; two more places count what is later, and never."""

TOO_SMALL = next(i for i, rule in enumerate(ERRORS) if rule.name == "range-too-small")
"""The rule that says that a range that was given is outgrown."""

DENSE = 8
"""Numbers that lie this close, on average, are counted in a table of all of them."""

FEW = 2**16
"""Different numbers that are not worth adding up at once. [-]"""


class Counts:
    """How often each number came: added up rarely enough to cost n log n in all."""

    def __init__(self) -> None:
        self._parts: list[tuple[NDArray[Any], NDArray[Any]]] = []
        self._waiting = 0

    def add(self, numbers: NDArray[Any]) -> None:
        """Count numbers of at least 0, at least one of them."""
        self._put(*_counted(numbers))

    def merge(self, other: Counts) -> None:
        """Count what another one counted."""
        for part in other._parts:
            self._put(*part)

    def _put(self, numbers: NDArray[Any], counts: NDArray[Any]) -> None:
        self._parts.append((numbers, counts))
        self._waiting += len(numbers)
        if self._waiting > max(FEW, 2 * len(self._parts[0][0])):
            self.sorted()

    def sorted(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Each number once, in order, and how often it came."""
        import numpy as np

        whole = np.concatenate([numbers for numbers, _ in self._parts])
        every = np.concatenate([counts for _, counts in self._parts])
        numbers, places = np.unique(whole, return_inverse=True)
        counts = np.zeros(len(numbers), np.int64)
        np.add.at(counts, places, every)
        self._parts, self._waiting = [(numbers, counts)], len(numbers)
        return numbers, counts

    def spread(self) -> Spread | None:
        """Least, most and percentiles; None where nothing came."""
        import numpy as np

        if not self._parts:
            return None
        numbers, counts = self.sorted()
        upto = np.cumsum(counts)
        ranks = [rank_of(percent, int(upto[-1])) for percent in PERCENTS]
        found = numbers[np.searchsorted(upto, ranks)].tolist()
        return Spread(int(numbers[0]), tuple(found), int(numbers[-1]))


def _counted(numbers: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    import numpy as np

    low, high = int(numbers.min()), int(numbers.max())
    if high - low >= DENSE * len(numbers):
        return np.unique(numbers.astype(np.int64), return_counts=True)
    table = np.bincount(numbers - low)
    places = np.flatnonzero(table)
    return places + low, table[places]


@dataclass
class Tally:
    """Cells of one model, counted; tallies of parts add up to that of the whole.

    Parameters
    ----------
    cells, feasible, wins, outgrown : int
        As :class:`ipplan.sweeps.outcomes.ModelSummary` has them.
    refused : list of int
        Cells that each of the rules stops first.
    nodes : tuple of int or None
        Fewest and most of feasible cells; None where there is none.
    node_prefixes, pod_prefixes : dict
        Of feasible cells.
    addresses : Counts
        Of feasible cells.
    days : ndarray of int or None
        How many cells are outgrown on each day.
    """

    cells: int = 0
    feasible: int = 0
    wins: int = 0
    outgrown: int = 0
    refused: list[int] = field(default_factory=lambda: [0] * len(ERRORS))
    nodes: tuple[int, int] | None = None
    node_prefixes: Uses = field(default_factory=dict[int, tuple[int, int, int]])
    pod_prefixes: Uses = field(default_factory=dict[int, tuple[int, int, int]])
    addresses: Counts = field(default_factory=Counts)
    days: NDArray[Any] | None = None

    def merge(self, other: Tally) -> None:
        """Add what another one counted."""
        self.cells += other.cells
        self.feasible += other.feasible
        self.wins += other.wins
        self.outgrown += other.outgrown
        self.refused = [a + b for a, b in zip(self.refused, other.refused, strict=True)]
        if other.nodes is not None:
            self.add_nodes(*other.nodes)
        for mine, theirs in (
            (self.node_prefixes, other.node_prefixes),
            (self.pod_prefixes, other.pod_prefixes),
        ):
            for length, use in theirs.items():
                add_use(mine, length, *use)
        self.addresses.merge(other.addresses)
        if other.days is not None:
            self.days = other.days if self.days is None else self.days + other.days

    def add_nodes(self, least: int, most: int) -> None:
        """Widen the span of nodes."""
        if self.nodes is not None:
            least, most = min(least, self.nodes[0]), max(most, self.nodes[1])
        self.nodes = least, most

    def summary(
        self, model: NetworkModel, unknown: tuple[str, ...], spread: Spread | None
    ) -> ModelSummary:
        """The numbers as they are told."""
        least, most = self.nodes or (None, None)
        refused = zip(ERRORS, self.refused, strict=True)
        return ModelSummary(
            model=model.name,
            cells=self.cells,
            feasible=self.feasible,
            unknown=unknown,
            refused_by=tuple((rule.name, count) for rule, count in refused if count),
            wins=self.wins,
            nodes_least=least,
            nodes_most=most,
            node_prefixes=_uses(self.node_prefixes),
            pod_prefixes=_uses(self.pod_prefixes),
            vnet_addresses=spread,
            outgrown=self.outgrown,
            months_left=None if self.days is None else _exhaustion(self.days),
        )


def add_use(uses: Uses, length: int, cells: int, least: int, most: int) -> None:
    """Add cells that take a prefix length, with their fewest and most nodes."""
    before = uses.get(length, (0, least, most))
    uses[length] = before[0] + cells, min(before[1], least), max(before[2], most)


def _uses(uses: Uses) -> tuple[PrefixUse, ...]:
    return tuple(PrefixUse(each, *uses[each]) for each in sorted(uses, reverse=True))


def _exhaustion(days: NDArray[Any]) -> Exhaustion:
    import numpy as np

    upto = np.cumsum(days)
    ranks = [rank_of(percent, int(upto[-1])) for percent in PERCENTS]
    found = np.searchsorted(upto, ranks).tolist()
    told = tuple(day if day <= MOST_DAYS else None for day in found)
    return Exhaustion(told, int(days[-2]), int(days[-1]))


@dataclass(frozen=True)
class Counting:
    """Counts cells of every model; a process can be given it.

    Parameters
    ----------
    work : Work
        The cells, and which of them are kept.
    """

    work: Work

    def part(self, part: tuple[int, int]) -> tuple[Counting, tuple[int, int]]:
        """The same tallies from less: what is sent to work elsewhere."""
        grid, start = self.work.grid.part(*part)
        here = start, start + part[1] - part[0]
        return Counting(replace(self.work, grid=grid)), here

    def __call__(self, part: tuple[int, int]) -> list[Tally]:
        """A tally for each model, of cells from the first up to the second number."""
        import numpy as np

        inputs = self.work.grid.inputs(*part)
        demand = self.work.grid.demand(inputs)
        models = self.work.grid.models
        tallies = [Tally() for _ in models]
        fewest = np.full(part[1] - part[0], np.iinfo(np.int64).max)
        winner = np.full(part[1] - part[0], len(models))
        for number in preference(models):
            cells = Cells(number, inputs, Sizing(models[number], demand))
            feasible = _tally(tallies[number], cells, self._kept(cells))
            addresses = np.where(feasible, cells.sizing.vnet_addresses, fewest)
            fewer = addresses < fewest
            winner[fewer] = number
            fewest = np.minimum(fewest, addresses)
        for tally, wins in zip(tallies, np.bincount(winner).tolist(), strict=False):
            tally.wins = wins
        return tallies

    def _kept(self, cells: Cells) -> NDArray[Any]:
        import numpy as np

        where = self.work.where
        if where is None:
            return np.ones(len(cells.inputs["nodes"]), bool)
        kept: NDArray[Any] = where.mask(worked_out(where.columns, cells))
        return kept


def preference(models: Sequence[NetworkModel]) -> list[int]:
    """Which of the models wins where several take as few addresses, best first.

    Examples
    --------
    >>> preference([MODELS["kubenet"], MODELS["cni-overlay"]])
    [1, 0]
    """
    standings, names = list(Standing), list(MODELS)
    return sorted(
        range(len(models)),
        key=lambda i: (
            standings.index(models[i].standing),
            names.index(models[i].name),
        ),
    )


def _tally(tally: Tally, cells: Cells, kept: NDArray[Any]) -> NDArray[Any]:
    """Count cells that are kept. Returns which of them are feasible."""
    import numpy as np

    sizing: Any = cells.sizing
    tally.cells = int(np.count_nonzero(kept))
    feasible = _refused(tally, cells.sizing, kept)
    if "growth_per_year" in cells.inputs:
        gone = cells.inputs.get("months", 0)
        left = months_left(cells.sizing, cells.inputs["growth_per_year"])
        tally.days = _days((gone + left)[kept])
    tally.feasible = int(np.count_nonzero(feasible))
    if tally.feasible:
        nodes = sizing.nodes[feasible]
        tally.nodes = int(nodes.min()), int(nodes.max())
        tally.addresses.add(sizing.vnet_addresses[feasible])
        tally.node_prefixes = _lengths(sizing.node_subnets, feasible, nodes)
        tally.pod_prefixes = _lengths(sizing.pod_ranges, feasible, nodes)
    return feasible


def _refused(tally: Tally, sizing: Sizing, kept: NDArray[Any]) -> NDArray[Any]:
    """Count which rule stops cells first. Returns those that none stops."""
    import numpy as np

    left = kept.copy()
    for number, rule in enumerate(ERRORS):
        found = stopped(rule.hits(sizing), kept.shape)
        if found is not None:
            if number == TOO_SMALL:
                tally.outgrown = int(np.count_nonzero(found & kept))
            found &= left
            tally.refused[number] = int(np.count_nonzero(found))
            left ^= found
    return left


def stopped(hits: Iterable[Any], shape: tuple[int, ...]) -> NDArray[Any] | None:
    """Where a rule finds something; None where that is nowhere, whatever the numbers.

    Parameters
    ----------
    hits : iterable of Hit
        Of one rule.
    shape : tuple of int
        Of the cells.
    """
    import numpy as np

    found: NDArray[Any] | None = None
    for hit in hits:
        if hit.where is not False:
            if found is None:
                found = np.zeros(shape, bool)
            found |= hit.where
    return found


def _days(months: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    never, beyond = np.isnan(months), months > MOST_MONTHS
    near = np.where(never | beyond, 0, months) * DAYS_A_MONTH
    days = np.select([never, beyond], [MOST_DAYS + 2, MOST_DAYS + 1], near)
    return np.bincount(days.astype(np.int64), minlength=MOST_DAYS + 3)


def _lengths(
    ranges: tuple[Range, ...], feasible: NDArray[Any], nodes: NDArray[Any]
) -> Uses:
    """Which prefix lengths feasible cells take, with how many nodes."""
    import numpy as np

    uses: Uses = {}
    for each in ranges:
        lengths = np.asarray(each.length)[feasible]
        for length in np.flatnonzero(np.bincount(lengths)).tolist():
            those = nodes[lengths == length]
            add_use(uses, length, len(those), int(those.min()), int(those.max()))
    return uses


def streamed(
    work: Work,
    executor: Executor | None,
    progress: Callable[[int], None] | None,
    costs: Costs | None = None,
) -> list[ModelSummary]:
    """A summary of each model by a look at every cell."""
    grid = work.grid
    starts = range(0, grid.size, CHUNK)
    parts = ((start, min(start + CHUNK, grid.size)) for start in starts)
    totals = [Tally() for _ in grid.models]
    for (start, stop), tallies in in_order(Counting(work), parts, executor, costs):
        for total, tally in zip(totals, tallies, strict=True):
            total.merge(tally)
        if progress is not None:
            progress((stop - start) * len(grid.models))
    demand = grid.demand(grid.inputs(0, 1))
    return [
        total.summary(model, Sizing(model, demand).unknown, total.addresses.spread())
        for model, total in zip(grid.models, totals, strict=True)
    ]
