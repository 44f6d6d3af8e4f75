"""Cells of a column as an axis takes them: text or numbers, many at a time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ipplan.errors import ArgumentError
from ipplan.prefixes import prefix_length_of
from ipplan.surges import ALLOWED, Surge
from ipplan.sweeps.axes import SURGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ipplan.sweeps.axes import Axis

_WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?", re.ASCII)

MOST_DIGITS = 18
"""More of them may not fit into 64 bits. [characters]"""


def allowed(axis: Axis) -> str:
    """What an axis takes, in words.

    Examples
    --------
    >>> from ipplan.sweeps.axes import AXES
    >>> allowed(AXES["max_pods"])
    'a whole number from 10 to 250'
    """
    if axis.name == SURGE:
        return ALLOWED
    if axis.prefix:
        return f"a prefix length from /{axis.low} to /{axis.high}"
    kind = "a whole number" if axis.whole else "a number"
    return f"{kind} from {axis.low:,} to {axis.high:,}"


def of_texts(axis: Axis, cells: Sequence[str]) -> tuple[Any, NDArray[Any]]:
    """Texts of one column as values.

    Returns
    -------
    ndarray or list of str, shape (cells,)
        Of the surge, spellings; of all else, numbers. To be used where nothing is
        wrong.
    ndarray of int, shape (wrong,)
        Which cells the axis does not take.

    Examples
    --------
    >>> from ipplan.sweeps.axes import AXES
    >>> of_texts(AXES["node_subnet"], ["24", "/22", "/33"])
    ([24, 22, None], array([2]))
    """
    import numpy as np

    if axis.name != SURGE and _are_digits(cells):
        return of_numbers(axis, np.fromiter(map(int, cells), np.int64, len(cells)))
    known = {text: _value(axis, text.strip()) for text in dict.fromkeys(cells)}
    values = [known[text] for text in cells]
    wrong = [number for number, each in enumerate(values) if each is None]
    return values, np.array(wrong, dtype=np.int64)


def _are_digits(cells: Sequence[str]) -> bool:
    """Whether they are numbers that need no closer look, which is much faster."""
    lengths = [*map(len, cells)]
    if not (min(lengths) > 0 and max(lengths) <= MOST_DIGITS):
        return False
    whole = "".join(cells)
    return whole.isascii() and whole.isdigit()


def _value(axis: Axis, text: str) -> Any:
    """What one text stands for; None where it is nothing that the axis takes."""
    try:
        if axis.name == SURGE:
            return str(Surge.parse(text))
        if axis.prefix and "/" in text:
            value: Any = prefix_length_of(text)
        else:
            value = _number(axis, text.removesuffix(axis.ending))
    except ArgumentError:
        return None
    return value if value is not None and axis.low <= value <= axis.high else None


def _number(axis: Axis, text: str) -> float | None:
    form, kind = (_WHOLE, int) if axis.whole else (_DECIMAL, float)
    return kind(text) if form.fullmatch(text) else None


def of_numbers(axis: Axis, cells: NDArray[Any]) -> tuple[Any, NDArray[Any]]:
    """Numbers of one column as values, and which the axis does not take.

    Examples
    --------
    >>> import numpy as np
    >>> from ipplan.sweeps.axes import AXES
    >>> of_numbers(AXES["nodes"], np.array([3.0, 2.5]))[1]
    array([1])
    """
    import numpy as np

    if cells.dtype.kind == "f":
        cells = cells.astype(float)  # narrow ones round the bounds too
    right = (cells >= axis.low) & (cells <= axis.high)
    if axis.whole:
        right &= cells == np.rint(cells)
    wrong = np.flatnonzero(~right)
    kept = np.where(right, cells, axis.low)
    values = kept.astype(np.int64 if axis.whole else float)
    return (values.astype(str).tolist() if axis.name == SURGE else values), wrong
