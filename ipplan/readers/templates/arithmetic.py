"""Functions of numbers and of truth."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any

from ipplan.readers.readings import as_list
from ipplan.readers.templates.signatures import is_int, strict
from ipplan.readers.templates.texts import canonical
from ipplan.readers.templates.values import Unknown, UnsuitableError

if TYPE_CHECKING:
    from collections.abc import Callable

_WHOLE = re.compile(r"\s*[-+]?[0-9]{1,19}\s*", re.ASCII)
_TRUTHS = {"true": True, "false": False, "1": True, "0": False}


def _divided(dividend: int, divisor: int) -> int:
    """Divide towards zero, as .NET does and Python does not.

    >>> _divided(-7, 2), _divided(7, 2)
    (-3, 3)
    """
    if not divisor:
        raise UnsuitableError
    quotient = abs(dividend) // abs(divisor)
    return quotient if (dividend < 0) == (divisor < 0) else -quotient


def _remainder(dividend: int, divisor: int) -> int:
    return dividend - divisor * _divided(dividend, divisor)


def _int(value: Any) -> int:
    if is_int(value):
        return int(value)
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    raise UnsuitableError


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise UnsuitableError from None


def _bool(value: Any) -> bool:
    truth = _TRUTHS.get(str(value).lower())
    if truth is None:
        raise UnsuitableError
    return truth


def _true() -> bool:
    return True


def _equals(left: Any, right: Any) -> bool:
    return canonical(left) == canonical(right)


def _extreme(choose: Callable[[list[int]], int]) -> Callable[..., int]:
    def call(*values: Any) -> int:
        every = as_list(values[0]) if len(values) == 1 else list(values)
        if not every or not all(map(is_int, every)):
            raise UnsuitableError
        return choose(every)

    return call


def _compared(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def call(left: Any, right: Any) -> bool:
        if not (isinstance(left, str) and isinstance(right, str)) and not (
            is_int(left) and is_int(right)
        ):
            raise UnsuitableError
        return compare(left, right)

    return call


def _settled(decisive: bool) -> Callable[..., Any]:  # noqa: FBT001  # what settles it
    """``or`` is settled by one true, ``and`` by one false; else all must be known."""

    def call(*values: Any) -> Any:
        if any(value is decisive for value in values):
            return decisive
        unsettled = [value for value in values if not isinstance(value, bool)]
        if any(not isinstance(value, Unknown) for value in unsettled):
            raise UnsuitableError
        return Unknown("", unsettled[0].spelling) if unsettled else not decisive

    return call


FUNCTIONS = {
    "add": strict("int int", operator.add),
    "and": strict("maybe maybe*", _settled(decisive=False)),
    "bool": strict("any", _bool),
    "div": strict("int int", _divided),
    "equals": strict("known known", _equals),
    "false": strict("", bool),
    "float": strict("any", _float),
    "greater": strict("any any", _compared(operator.gt)),
    "greaterorequals": strict("any any", _compared(operator.ge)),
    "int": strict("any", _int),
    "less": strict("any any", _compared(operator.lt)),
    "lessorequals": strict("any any", _compared(operator.le)),
    "max": strict("known known*", _extreme(max)),
    "min": strict("known known*", _extreme(min)),
    "mod": strict("int int", _remainder),
    "mul": strict("int int", operator.mul),
    "not": strict("bool", operator.not_),
    "or": strict("maybe maybe*", _settled(decisive=True)),
    "sub": strict("int int", operator.sub),
    "true": strict("", _true),
}
