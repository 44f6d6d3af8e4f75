"""Axes by name: what may vary in a sweep, and how its values are spelled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ipplan.counts import CEILING, is_array
from ipplan.errors import ArgumentError
from ipplan.limits import (
    LARGEST_SUBNET,
    MAX_MAX_PODS,
    MIN_MAX_PODS,
    SMALLEST_SUBNET,
)
from ipplan.prefixes import BITS, prefix_length_of
from ipplan.sizing.arguments import MOST_GROWTH
from ipplan.sweeps.distributions import (
    Distribution,
    distribution,
    is_distribution,
    sound,
)
from ipplan.tables import shortened

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_VALUES = 50_000_000
"""Values of one axis; more of them are no answer to any question. [-]"""

MOST_LABELS = 65_536
"""Surges that are spelled differently: they are kept in 16 bits. [-]"""

MOST_YEARLY = 1_000
"""Growth a year beyond it is no plan. [%]"""

MOST_MONTHS = 1_200
"""Months that can be looked ahead. [months]"""


class Axis(NamedTuple):
    """What an axis of a name takes.

    Parameters
    ----------
    name, unit, meaning : str
        As :func:`ipplan.sweep` and the columns spell it.
    low, high : int
        What is allowed of its values.
    ending : str
        What a value may end with on the command line.
    prefix : bool
        Whether the values are prefix lengths, and may be spelled ``/22``.
    whole : bool
        Whether draws of a distribution are rounded to whole numbers.
    """

    name: str
    unit: str
    meaning: str
    low: int
    high: int
    ending: str = ""
    prefix: bool = False
    whole: bool = True


# What a seed draws for an axis hangs on the axis' place: new ones stand at the end.
_ROWS = (
    Axis("nodes", "nodes", "nodes before any growth", 1, CEILING),
    Axis("add_nodes", "nodes", "nodes added", 0, CEILING),
    Axis("growth", "%", "growth of the nodes", 0, MOST_GROWTH, "%"),
    Axis(
        "growth_per_year",
        "%/year",
        "growth of the nodes a year, compound",
        0,
        MOST_YEARLY,
        "%",
        whole=False,
    ),
    Axis("months", "months", "months in which they grow", 0, MOST_MONTHS),
    Axis(
        "max_pods",
        "pods/node",
        "max pods",
        MIN_MAX_PODS.value,
        MAX_MAX_PODS.value,
    ),
    Axis("max_surge", "", "surge, a count or a percentage", 0, CEILING, "%"),
    Axis(
        "pods_per_node",
        "pods/node",
        "pods on a node that need an address",
        0,
        MAX_MAX_PODS.value,
    ),
    Axis(
        "host_network_pods",
        "pods/node",
        "pods on a node that use its address",
        0,
        MAX_MAX_PODS.value,
    ),
    Axis(
        "extra_addresses",
        "addresses",
        "others in the node subnet",
        0,
        CEILING,
    ),
    Axis(
        "node_subnet",
        "bits",
        "prefix length of the node subnet that is there",
        LARGEST_SUBNET.value,
        SMALLEST_SUBNET.value,
        prefix=True,
    ),
    Axis(
        "pod_subnet",
        "bits",
        "prefix length of the pod subnet that is there",
        LARGEST_SUBNET.value,
        SMALLEST_SUBNET.value,
        prefix=True,
    ),
    Axis(
        "pod_cidr",
        "bits",
        "prefix length of the pod CIDR that is there",
        1,
        BITS,
        prefix=True,
    ),
)

AXES: dict[str, Axis] = {row.name: row for row in _ROWS}
"""Every axis but the model, by its name."""

SURGE = "max_surge"
"""The axis whose values are counts or percentages."""

_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}", re.ASCII)
_RANGE = re.compile(r"([^:]+):([^:]+)(?::([^:]+))?")


def axis_named(name: str) -> Axis:
    """The axis of a name.

    Raises
    ------
    ArgumentError
        For a name that is no axis'.

    Examples
    --------
    >>> axis_named("max_pods").unit
    'pods/node'
    """
    if name not in AXES:
        raise ArgumentError(name, "given", f"an axis is one of {', '.join(AXES)}")
    return AXES[name]


def values_of(axis: Axis, given: Any) -> NDArray[Any] | Distribution:
    """Values of an axis, in the order in which they came, of the shape they came in.

    Parameters
    ----------
    axis : Axis
        Any but the surge, which :func:`surges_of` reads.
    given : text, number, array, list or Distribution
        Text is a list with commas of numbers and of ranges ``first:last:step``, the
        last one included; or a distribution such as ``normal(200,30)``.

    Raises
    ------
    ArgumentError
        For what is none of these, outside of what the axis allows, or without values.

    Examples
    --------
    >>> values_of(axis_named("nodes"), "3,10:30:10")
    array([ 3, 10, 20, 30])
    >>> values_of(axis_named("node_subnet"), "/22,10.0.0.0/24")
    array([22, 24])
    """
    if isinstance(given, Distribution):
        return sound(axis.name, given)
    if isinstance(given, str) and is_distribution(given):
        return distribution(axis.name, given)
    if isinstance(given, str):
        return _checked(axis, _listed(axis, given))
    cells = _checked(axis, _array(axis, given))
    # A copy: rows are worked out later, when the caller's array may be another.
    return cells.astype("int64" if cells.dtype.kind == "u" else cells.dtype)


def _array(axis: Axis, given: Any) -> NDArray[Any]:
    import numpy as np

    if axis.prefix and (hasattr(given, "version") or not is_array(given)):
        return np.array(prefix_length_of(given, axis.name))
    if axis.prefix and _has_networks(given):
        return np.array([prefix_length_of(each, axis.name) for each in given])
    try:
        cells = np.asarray(given)
    except ValueError:  # rows of unequal lengths
        cells = np.array(None)
    if not cells.size:
        raise ArgumentError(axis.name, "empty", "at least one value")
    _refuse_many(axis.name, cells.size)
    kinds = "iu" if axis.whole else "iuf"
    if cells.dtype.kind not in kinds or np.ma.isMaskedArray(given):
        told = shortened(" ".join(repr(given).split()), 60)
        raise ArgumentError(axis.name, told, _numbers(axis))
    return cells


def _refuse_many(name: str, size: int) -> None:
    if size > MOST_VALUES:
        allowed = f"at most {MOST_VALUES:,} values on an axis"
        raise ArgumentError(name, f"of {size:,} values", allowed)


def _has_networks(given: Any) -> bool:
    """Whether it is a list with networks in it, rather than with prefix lengths."""
    listed = cast("list[Any]", given if isinstance(given, list | tuple) else [])
    return any(hasattr(each, "version") or isinstance(each, str) for each in listed)


def _numbers(axis: Axis) -> str:
    return "whole numbers" if axis.whole else "numbers"


def _listed(axis: Axis, text: str) -> NDArray[Any]:
    """The values of a list of numbers and of ranges."""
    import numpy as np

    parts = [_part(axis, text, part.strip()) for part in text.split(",")]
    if sum(map(len, parts)) > MOST_VALUES:
        allowed = f"at most {MOST_VALUES:,} values on an axis: take a larger step"
        raise ArgumentError(axis.name, _quoted(text), allowed)
    arrays = [
        np.arange(each.start, each.stop, each.step)
        if isinstance(each, range)
        else np.array(each)
        for each in parts
    ]
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def _quoted(text: str) -> str:
    return shortened(repr(text), 60)


def _part(axis: Axis, whole: str, text: str) -> range | tuple[float]:
    """The values of one part of a list: a range, or one value."""
    match = _RANGE.fullmatch(text)
    if match is None:
        return (_number(axis, whole, text),)
    ends = [_number(axis, whole, match[group] or "1") for group in (1, 2, 3)]
    first, last, step = map(int, ends)
    if step < 1 or last < first or [first, last, step] != ends:
        allowed = "first:last:step, whole, the last no smaller, the step at least 1"
        raise ArgumentError(axis.name, _quoted(whole), allowed)
    return range(first, last + 1, step)


def _number(axis: Axis, whole: str, text: str) -> float:
    bare = text.strip().removesuffix(axis.ending)
    if axis.prefix and "/" in bare:
        return int(prefix_length_of(bare, axis.name))
    if _NUMBER.fullmatch(bare):
        return int(bare)
    if not axis.whole and _DECIMAL.fullmatch(bare):
        return float(bare)
    numbers = _numbers(axis)
    allowed = f"{numbers} with commas, ranges such as 10:100:10, or a distribution"
    raise ArgumentError(axis.name, _quoted(whole), allowed)


def _checked(axis: Axis, cells: NDArray[Any]) -> NDArray[Any]:
    """Values that are all allowed."""
    import numpy as np

    low, high = cells.min(), cells.max()
    if not (np.isfinite(low) and low >= axis.low and high <= axis.high):
        wrong = low if not low >= axis.low else high
        allowed = f"from {axis.low:,} to {axis.high:,}"
        raise ArgumentError(axis.name, f"{wrong}", allowed)
    return cells


class Surges(NamedTuple):
    """Values of the surge axis: what was spelled, and its two numbers.

    Parameters
    ----------
    codes : ndarray of int, shape (...,)
        Which of the labels a value is.
    labels : tuple of str
        Each spelling once, such as ``10%``.
    counts, percents : ndarray of int, shape (labels,)
        Of each label; one of the two is 0.
    """

    codes: NDArray[Any]
    labels: tuple[str, ...]
    counts: NDArray[Any]
    percents: NDArray[Any]


def surges_of(given: Any) -> Surges:
    """Values of the surge axis: ``"1,10%,33%"``, ``"10%:50%:10%"`` or a list of such.

    Raises
    ------
    ArgumentError
        For a distribution, and for what is no surge.

    Examples
    --------
    >>> surges_of("1,10%:30%:10%").labels
    ('1', '10%', '20%', '30%')
    """
    import numpy as np

    shape: tuple[int, ...] = (-1,)
    if isinstance(given, str):
        texts = [each for part in given.split(",") for each in _spelled(given, part)]
    else:
        if np.ma.isMaskedArray(given):
            raise ArgumentError(SURGE, "with a mask", "values without gaps")
        cells = np.asarray(given, dtype=object)
        texts, shape = [str(cell) for cell in cells.ravel()], cells.shape
    labels = tuple(dict.fromkeys(texts))
    if not 1 <= len(labels) <= MOST_LABELS:
        allowed = f"at least one value, and at most {MOST_LABELS:,} different ones"
        raise ArgumentError(SURGE, f"of {len(labels):,} values", allowed)
    numbers = {label: number for number, label in enumerate(labels)}
    codes = np.array([numbers[text] for text in texts]).reshape(shape)
    pairs = np.array([_surge(label) for label in labels], dtype=np.int64)
    return Surges(codes, labels, pairs[:, 0], pairs[:, 1])


def _spelled(whole: str, part: str) -> list[str]:
    match = _RANGE.fullmatch(part.strip())
    if match is None:
        return [part.strip()]
    ends = {text.strip()[-1:] == "%" for text in (match[1], match[2])}
    if len(ends) > 1:
        allowed = "a range of counts or one of percentages"
        raise ArgumentError(SURGE, repr(whole), allowed)
    ending = "%" if True in ends else ""
    values = _part(AXES[SURGE], whole, part.strip())
    if len(values) > MOST_LABELS:
        allowed = f"at most {MOST_LABELS:,} different ones"
        raise ArgumentError(SURGE, _quoted(whole), allowed)
    return [f"{value}{ending}" for value in values]


def _surge(text: str) -> tuple[int, int]:
    from ipplan.surges import Surge

    surge = Surge.parse(text)
    return int(surge.count), int(surge.percent)
