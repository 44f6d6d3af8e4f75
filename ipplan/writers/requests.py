"""What a sweep asked for, as JSON: all that decides its rows, to be compared."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from ipplan.limits import RULES_AS_OF
from ipplan.sweeps.axes import SURGE
from ipplan.sweeps.dimensions import Samples
from ipplan.tables import printable, shortened
from ipplan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ipplan.sweeps.dimensions import Dimension
    from ipplan.sweeps.grids import Grid
    from ipplan.sweeps.sweeps import Sweep

FEW = 20
"""Values of an axis that are written out. [-]"""

BLOCK = 2**20
"""Values that are looked at together. [-]"""

LONGEST = 60
"""Of what an argument was, what an error tells. [characters]"""

AXES = "axes"

_KEPT = {"i": "<i8", "u": "<i8", "f": "<f8"}
"""How numbers are looked at: the same whatever array they came in."""


def request(
    sweep: Sweep, ending: str, cells: int, versions: Mapping[str, str]
) -> dict[str, Any]:
    """All that decides a file's bytes.

    Parameters
    ----------
    sweep : Sweep
        Whose rows.
    ending, cells, versions
        The file's format, cells of its parts, and libraries that make it.
    """
    import numpy as np

    grid = sweep.grid
    drawn = [each for each in grid.dimensions if isinstance(each, Samples)]
    where = sweep.work.where
    asked = {
        "ipplan": __version__,
        "rules_as_of": RULES_AS_OF.isoformat(),
        "numpy": np.__version__,
        **versions,
        "format": ending,
        "cells_of_a_part": cells,
        "model": [row.name for row in grid.models],
        "columns": [each.name for each in sweep.columns],
        "where": where and where.text,
        "samples": [each.count for each in drawn],
        "seed": [each.seed for each in drawn],
        "dimensions": [list(each.names) for each in grid.dimensions],
        **{name: _plain(each) for name, each in grid.constants.items()},
        AXES: _axes(grid),
    }
    return dict(json.loads(json.dumps(asked)))


def _plain(value: Any) -> Any:
    several = hasattr(value, "__iter__") and not isinstance(value, str)
    return sorted(map(str, value)) if several else str(value)


def _axes(grid: Grid) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in grid.dimensions:
        if isinstance(each, Samples):
            found |= {
                name: f"{given.form}({','.join(map(repr, given.parameters))})"
                for name, given in each.distributions
            }
        else:
            found |= {name: _values(grid, each, name) for name in each.names}
    return found


def _values(grid: Grid, dimension: Dimension, name: str) -> dict[str, Any]:
    """An axis' first values and its last, and what tells all of them from others."""
    import numpy as np

    size = dimension.size

    def some(start: int, stop: int) -> NDArray[Any]:
        cells: NDArray[Any] = dimension.take(np.arange(start, min(stop, size)))[name]
        if name == SURGE and grid.surges is not None:
            cells = np.array(grid.surges.labels)[cells]
        return cells

    seen = hashlib.sha256()
    for start in range(0, size, BLOCK):
        cells = some(start, start + BLOCK)
        seen.update(cells.astype(_KEPT.get(cells.dtype.kind, cells.dtype)).tobytes())
    return {
        "shape": list(dimension.shape),
        "first": some(0, FEW).tolist(),
        "last": some(size - 1, size).tolist()[0],
        "sha256": seen.hexdigest(),
    }


def digest(asked: Any) -> str:
    """What tells one request from every other.

    Examples
    --------
    >>> digest({"seed": 7}) == digest({"seed": 8})
    False
    """
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def changes(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Which arguments are others, in words; nothing where none is.

    Examples
    --------
    >>> changes({"axes": {}, "seed": 7}, {"axes": {}, "seed": 8})
    'seed was 7, is 8'
    """
    before, after = ({**each, **each[AXES], AXES: None} for each in (was, now))
    return "; ".join(
        _change(name, before.get(name), after.get(name))
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    )


def _change(name: str, was: Any, now: Any) -> str:
    old, new = _told(was), _told(now)
    return f"{name} has other values" if old == new else f"{name} was {old}, is {new}"


def _told(value: Any) -> str:
    if value in (None, []):
        return "not given"
    if hasattr(value, "keys"):
        listed = ", ".join(map(str, value["first"]))
        count = " x ".join(map(str, value["shape"]))
        whole = len(value["first"]) < FEW
        value = listed if whole else f"{count} values up to {value['last']}"
    elif not isinstance(value, str):
        value = ", ".join(map(str, value)) if hasattr(value, "__iter__") else value
    return shortened(printable(str(value)), LONGEST)
