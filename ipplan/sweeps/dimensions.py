"""What a grid is the product of: values, scenarios side by side, and samples."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from ipplan.errors import ArgumentError
from ipplan.surges import Surge
from ipplan.sweeps.axes import AXES, SURGE, Surges, axis_named, surges_of, values_of
from ipplan.sweeps.distributions import Distribution, draws

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


class Dimension(Protocol):
    """One factor of the product: the axes in it vary together."""

    @property
    def names(self) -> tuple[str, ...]:
        """The axes."""
        ...

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the values."""
        ...

    @property
    def size(self) -> int:
        """How many cells it has."""
        ...

    def take(self, indices: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Some of its cells: an array for each axis; of the surge, codes of labels."""
        ...


@dataclass(frozen=True, eq=False)
class Values:
    """Axes whose values are known, and go together row by row.

    Parameters
    ----------
    cells : dict of str to ndarray
        Of one shape; of the surge, codes of its labels.
    """

    cells: dict[str, NDArray[Any]]
    flat: dict[str, NDArray[Any]] = field(init=False)

    def __post_init__(self) -> None:
        """Keep the values in one row, to take from."""
        flat = {name: each.reshape(-1) for name, each in self.cells.items()}
        object.__setattr__(self, "flat", flat)

    @property
    def names(self) -> tuple[str, ...]:
        """The axes."""
        return tuple(self.cells)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the values."""
        shape: tuple[int, ...] = next(iter(self.cells.values())).shape
        return shape

    @property
    def size(self) -> int:
        """How many cells it has."""
        return int(next(iter(self.cells.values())).size)

    def take(self, indices: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Some of its cells."""
        return {name: each[indices] for name, each in self.flat.items()}

    def cut(self, start: int, stop: int) -> Values:
        """Some neighbouring cells, as a dimension."""
        return Values({name: each[start:stop] for name, each in self.flat.items()})

    def __reduce__(self) -> tuple[Any, ...]:
        """Send the values to another process once, not twice."""
        return Values, (self.cells,)


@dataclass(frozen=True)
class Samples:
    """Axes that are drawn together, sample by sample.

    Parameters
    ----------
    distributions : tuple of pairs of str and Distribution
        An axis and what it is drawn from.
    count, seed : int
        How many samples, and what decides their luck.
    """

    distributions: tuple[tuple[str, Distribution], ...]
    count: int
    seed: int

    @property
    def names(self) -> tuple[str, ...]:
        """The axes."""
        return tuple(name for name, _ in self.distributions)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the samples."""
        return (self.count,)

    @property
    def size(self) -> int:
        """How many samples there are."""
        return self.count

    def take(self, indices: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Some samples, rounded and cut off at what their axes allow."""
        return {
            name: _allowed(name, draws(given, (self.seed, _NUMBERS[name]), indices))
            for name, given in self.distributions
        }


_NUMBERS = {name: number for number, name in enumerate(AXES)}
"""What an axis draws does not depend on which others are drawn."""


def _allowed(name: str, drawn: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    axis = AXES[name]
    inside: NDArray[Any] = np.clip(drawn, axis.low, axis.high)
    return np.rint(inside).astype(np.int64) if axis.whole else inside


class Given:
    """What the caller gave, sorted into dimensions; the surge's labels are shared."""

    def __init__(self, samples: int, seed: int) -> None:
        self.samples = samples
        self.seed = seed
        self.dimensions: list[Dimension] = []
        self.surges: Surges | None = None
        self._drawn: list[tuple[str, Distribution]] = []
        self._names: set[str] = set()

    def add_axis(self, name: str, given: Any) -> None:
        """An axis of its own: values, or a distribution."""
        found = self._read(name, given)
        if isinstance(found, Distribution):
            self._drawn.append((name, found))
        else:
            self.dimensions.append(Values({name: found}))

    def add_scenarios(self, columns: Mapping[str, Any]) -> None:
        """Axes that go together row by row, as a file has them."""
        if not hasattr(columns, "items"):
            raise ArgumentError("scenarios", "without names", "columns by axis")
        found: dict[str, NDArray[Any]] = {}
        for name, each in columns.items():
            values = self._read(name, each)
            if isinstance(values, Distribution):
                raise ArgumentError(name, str(values), "values, a scenario each")
            found[name] = values
        shapes = {name: values.shape for name, values in found.items()}
        if len(set(shapes.values())) != 1:
            told = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
            allowed = "columns of one length, named after axes"
            raise ArgumentError("scenarios", told or "empty", allowed)
        self.dimensions.append(Values(found))

    def finish(self) -> tuple[Dimension, ...]:
        """The dimensions in the order in which they came, and the samples last."""
        if self._drawn:
            drawn = Samples(tuple(self._drawn), self.samples, self.seed)
            self.dimensions.append(drawn)
        return tuple(self.dimensions)

    def _read(self, name: str, given: Any) -> NDArray[Any] | Distribution:
        axis = axis_named(name)
        if name in self._names:
            raise ArgumentError(name, "given twice", "an axis stands once")
        self._names.add(name)
        if name != SURGE:
            return values_of(axis, given)
        if isinstance(given, Distribution):
            raise ArgumentError(name, str(given), "counts and percentages, not drawn")
        self.surges = surges_of(given)
        return self.surges.codes


def surge_of(surges: Surges, codes: NDArray[Any]) -> Surge:
    """The surges that some codes stand for.

    Examples
    --------
    >>> import numpy as np
    >>> surge_of(surges_of("1,10%"), np.array([1, 0])).percent
    array([10,  0])
    """
    counts, percents = surges.counts, surges.percents
    return Surge(
        counts[codes] if counts.any() else 0,
        percents[codes] if percents.any() else 0,
    )
