"""Numbers under uncertainty: distributions by name, drawn the same on every machine."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.errors import ArgumentError
from ipplan.tables import shortened

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK = 65_536
"""Draws that are made at a time, whoever asks for some of them. [-]"""

FORMS = {
    "normal": ("mean", "deviation"),
    "lognormal": ("median", "sigma"),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "poisson": ("mean",),
}
"""Distributions by numpy's name, each with its parameters in order."""

_CALL = re.compile(r"([a-z]+)\(([^()]*)\)")
_PARAMETER = re.compile(r"-?[0-9.]+(?:e[+-]?[0-9]+)?%?", re.ASCII)


class Distribution(NamedTuple):
    """A distribution, of :data:`FORMS`, with its parameters.

    Examples
    --------
    >>> str(Distribution("normal", (200.0, 30.0)))
    'normal(200,30)'
    """

    form: str
    parameters: tuple[float, ...]

    def __str__(self) -> str:
        """As the command line takes it."""
        numbers = (f"{each:g}" if _is_number(each) else str(each) for each in self[1])
        return f"{self.form}({','.join(numbers)})"


def is_distribution(text: str) -> bool:
    """Whether a text is meant as a distribution.

    Examples
    --------
    >>> is_distribution("normal(200,30)"), is_distribution("1,2")
    (True, False)
    """
    return "(" in text


def distribution(argument: str, text: str) -> Distribution:
    """Read a distribution such as ``normal(200,30)``; percent signs count for nothing.

    Raises
    ------
    ArgumentError
        For what is none of :data:`FORMS`, or has other parameters.

    Examples
    --------
    >>> distribution("nodes", "normal(200,30)")
    Distribution(form='normal', parameters=(200.0, 30.0))
    """
    match = _CALL.fullmatch(text.replace(" ", ""))
    names = FORMS.get(match[1]) if match else None
    if match is None or names is None:
        known = ", ".join(f"{form}({','.join(of)})" for form, of in FORMS.items())
        raise ArgumentError(argument, shortened(repr(text), 60), f"one of {known}")
    values = _numbers(match[2])
    if values is None:
        raise ArgumentError(argument, shortened(repr(text), 60), _allowed(match[1]))
    return sound(argument, Distribution(match[1], values))


def sound(argument: str, given: Distribution) -> Distribution:
    """A distribution that can be drawn from.

    Raises
    ------
    ArgumentError
        For a form that is none of :data:`FORMS`, and for other parameters.

    Examples
    --------
    >>> sound("nodes", Distribution("normal", (200.0, 30.0))).form
    'normal'
    """
    form, values = given
    if form not in FORMS:
        raise ArgumentError(argument, repr(form), f"one of {', '.join(FORMS)}")
    small = all(_is_number(each) and abs(each) <= _MOST for each in values)  # no NaN
    if not (small and len(values) == len(FORMS[form]) and _sound(form, values)):
        raise ArgumentError(argument, str(given), _allowed(form))
    return given


_ORDER = {
    "normal": "two numbers, the deviation at least 0",
    "lognormal": "a median above 0 and a sigma of at least 0",
    "uniform": "two numbers, the low one first",
    "triangular": "three numbers, the low one first and the high one last",
    "poisson": "a number of at least 0",
}


def _allowed(form: str) -> str:
    return f"{form}({','.join(FORMS[form])}), {_ORDER[form]}"


def _numbers(text: str) -> tuple[float, ...] | None:
    """What stands between the parentheses; None where it is not all numbers."""
    parts = text.split(",")
    if not all(map(_PARAMETER.fullmatch, parts)):
        return None
    try:
        return tuple(float(part.removesuffix("%")) for part in parts)
    except ValueError:  # such as 1.2.3
        return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _sound(form: str, values: tuple[float, ...]) -> bool:
    if form in {"normal", "lognormal"}:
        return values[1] >= 0 and (form == "normal" or values[0] > 0)
    if form == "poisson":
        return values[0] >= 0
    return list(values) == sorted(values) and values[0] < values[-1]


_MOST = 2.0**32
"""Parameters beyond it are no count of anything."""


def draws(given: Distribution, stream: tuple[int, int], indices: NDArray[Any]) -> Any:
    """What a distribution gives for some of the samples, whichever are asked for.

    Parameters
    ----------
    given : Distribution
        What to draw from.
    stream : tuple of int
        Seed, and the number of the axis: two axes do not share their luck.
    indices : ndarray of int, shape (n,)
        Samples, counted from 0.

    Returns
    -------
    ndarray of float, shape (n,)
        Sample i is the same in every call, order and process: they are made in blocks
        of :data:`BLOCK`, each with a generator of its own.

    Examples
    --------
    >>> import numpy as np
    >>> one = Distribution("uniform", (0.0, 1.0))
    >>> bool((draws(one, (7, 0), np.array([70_000]))
    ...       == draws(one, (7, 0), np.arange(70_001))[-1:]).all())
    True
    """
    import numpy as np

    blocks = indices // BLOCK
    found = np.empty(len(indices))
    for number in np.unique(blocks).tolist():
        here = blocks == number
        found[here] = _block(given, stream, number)[indices[here] - number * BLOCK]
    return found


@lru_cache(maxsize=32)
def _block(given: Distribution, stream: tuple[int, int], number: int) -> NDArray[Any]:
    import numpy as np

    seed, axis = stream
    sequence = np.random.SeedSequence(seed, spawn_key=(axis, number))
    generator: Any = np.random.Generator(np.random.PCG64(sequence))
    values = given.parameters
    if given.form == "lognormal":  # numpy takes the logarithm of the median
        values = (np.log(values[0]), values[1])
    drawn: NDArray[Any] = getattr(generator, given.form)(*values, BLOCK)
    return drawn.astype(float)
