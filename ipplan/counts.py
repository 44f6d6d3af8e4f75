"""Whole numbers, one or many: what lets a formula serve an int and an array alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ipplan.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Count: TypeAlias = int | NDArray[Any]
    Mask: TypeAlias = bool | NDArray[Any]
else:
    Count = Mask = Any

_EXACT_SINGLE = 2**23
"""Whole numbers below it, and somewhat above, are exact in single precision."""
_BIAS_SINGLE = 126
"""What single precision adds to the bit length of a number, in its exponent field."""

CEILING = 2**32 - 1
"""The largest count that any argument takes: the last 32-bit number. [-]"""


def ceil_div(dividend: Count, divisor: Count) -> Count:
    """Divide counts of at least 0 and round up, exactly.

    >>> ceil_div(301, 10)
    31
    """
    return (dividend + (divisor - 1)) // divisor


def plus(first: Count, second: Count) -> Count:
    """Add counts; adding a plain 0 costs an array nothing.

    >>> plus(3, 5)
    8
    """
    if isinstance(first, int) and first == 0:
        return second
    if isinstance(second, int) and second == 0:
        return first
    return first + second


def times(first: Count, second: Count) -> Count:
    """Multiply counts; multiplying by a plain 1 costs an array nothing.

    >>> times(3, 5)
    15
    """
    if isinstance(first, int) and first == 1:
        return second
    if isinstance(second, int) and second == 1:
        return first
    return first * second


def total(counts: Iterable[Count]) -> Count:
    """Add up counts; nothing adds up to 0.

    >>> total([3, 5, 7])
    15
    """
    result: Count = 0
    for count in counts:
        result = plus(result, count)
    return result


def least(first: Count, second: Count) -> Count:
    """The smaller of two counts, element by element.

    >>> least(3, 5)
    3
    """
    if isinstance(first, int) and isinstance(second, int):
        return min(first, second)
    import numpy as np

    return np.minimum(first, second)


def most(first: Count, second: Count) -> Count:
    """The larger of two counts, element by element.

    >>> most(3, 5)
    5
    """
    if isinstance(first, int) and isinstance(second, int):
        return max(first, second)
    import numpy as np

    return np.maximum(first, second)


def choose(condition: Mask, then: Count, otherwise: Count) -> Count:
    """Take one count where the condition holds and the other where it does not.

    >>> choose(True, 3, 5)
    3
    """
    if isinstance(condition, bool):
        return then if condition else otherwise
    import numpy as np

    return np.where(condition, then, otherwise)


def exact_bits(counts: Count) -> Count:
    """Counts as :func:`bit_length` takes them: narrow only where that is exact.

    Raises
    ------
    ArgumentError
        For negative counts.

    Examples
    --------
    >>> exact_bits(300)
    300
    """
    if isinstance(counts, int):
        smallest = counts
    else:
        import numpy as np

        cells = np.asarray(counts)
        if cells.dtype.kind not in "iu":
            raise ArgumentError("addresses", repr(counts), "whole numbers")
        if cells.dtype == np.int32 and _is_narrow(cells.view(np.uint32)):
            return cells
        counts = cells.astype(np.int64)
        smallest = int(counts.min(initial=0))
    if smallest < 0:
        raise ArgumentError("addresses", smallest, "at least 0")
    return counts


def _is_narrow(cells: NDArray[Any]) -> bool:
    return bool(cells.max(initial=0) < _EXACT_SINGLE)


def keep(count: Count, condition: Mask) -> Count:
    """The count where a condition holds, and 0 elsewhere.

    >>> keep(3, True), keep(3, False)
    (3, 0)
    """
    if isinstance(condition, bool):
        return count if condition else 0
    if isinstance(count, int):
        return choose(condition, count, 0)
    result: Count = count * condition.view("u1")
    return result


def bit_length(count: Count) -> Count:
    """The number of bits of counts of at least 1.

    Exact for 32-bit arrays below 2²⁴ and for 64-bit arrays below 2⁵³; see
    :func:`exact_bits`.

    >>> bit_length(255), bit_length(256)
    (8, 9)
    """
    if isinstance(count, int):
        return count.bit_length()
    import numpy as np

    if count.dtype == np.int32:
        exponents = count.astype(np.float32).view(np.int32)
        exponents >>= 23
        return exponents.astype(np.uint8) - _BIAS_SINGLE
    return np.frexp(count.astype(np.float64))[1]


def is_array(value: object) -> bool:
    """Whether a value holds many counts rather than one.

    >>> is_array(3), is_array([3, 4])
    (False, True)
    """
    return hasattr(value, "__array__") or isinstance(value, list | tuple | range)


def counted(count: Count, noun: str, ending: str = "s") -> str:
    """A count with its noun, in the plural where there is not just one.

    >>> counted(1, "node"), counted(1330, "address", "es")
    ('1 node', '1,330 addresses')
    """
    return f"{count:,} {noun}{'' if count == 1 else ending}"
