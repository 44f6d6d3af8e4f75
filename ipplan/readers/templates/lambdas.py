"""Functions that take a function: ``filter(list, lambda('x', ...))`` and the like."""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from ipplan.readers.readings import as_list, as_object
from ipplan.readers.templates.expressions import Call, Literal
from ipplan.readers.templates.signatures import framed, lazy
from ipplan.readers.templates.values import Unknown, UnsuitableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ipplan.readers.templates.evaluation import Frame


def _function(node: Call, at: int, frame: Frame) -> Callable[..., Any]:
    """The lambda that stands as an argument of a call."""
    given = node.arguments[at] if at < len(node.arguments) else None
    if not isinstance(given, Call) or given.name != "lambda" or not given.arguments:
        raise UnsuitableError
    *names, body = given.arguments
    words = [str(name.value) for name in names if isinstance(name, Literal)]
    return lambda *values: frame.naming(
        dict(zip(words, values, strict=False))
    ).evaluate(body)


def _list(node: Call, frame: Frame) -> list[Any]:
    items = as_list(frame.evaluate(node.arguments[0])) if node.arguments else None
    if items is None:
        raise UnsuitableError
    return items


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise UnsuitableError
    return value


def _text(value: Any) -> str:
    if isinstance(value, Unknown) or not isinstance(value, str):
        raise UnsuitableError
    return value


def _filter(node: Call, frame: Frame) -> list[Any]:
    keep = _function(node, 1, frame)
    items = _list(node, frame)
    return [one for index, one in enumerate(items) if _truth(keep(one, index))]


def _map(node: Call, frame: Frame) -> list[Any]:
    change = _function(node, 1, frame)
    return [change(one, index) for index, one in enumerate(_list(node, frame))]


def _reduce(node: Call, frame: Frame) -> Any:
    add = _function(node, 2, frame)
    items = _list(node, frame)
    result = frame.evaluate(node.arguments[1])
    for index, one in enumerate(items):
        result = add(result, one, index)
    return result


def _sort(node: Call, frame: Frame) -> list[Any]:
    before = _function(node, 1, frame)

    def order(left: Any, right: Any) -> int:
        return -1 if _truth(before(left, right)) else int(_truth(before(right, left)))

    return sorted(_list(node, frame), key=cmp_to_key(order))


def _to_object(node: Call, frame: Frame) -> dict[str, Any]:
    key = _function(node, 1, frame)
    whole = len(node.arguments) == 2  # noqa: PLR2004  # no lambda for the values
    value: Callable[[Any], Any] = (
        (lambda one: one) if whole else _function(node, 2, frame)
    )
    return {_text(key(one)): value(one) for one in _list(node, frame)}


def _group_by(node: Call, frame: Frame) -> dict[str, list[Any]]:
    key = _function(node, 1, frame)
    groups: dict[str, list[Any]] = {}
    for index, one in enumerate(_list(node, frame)):
        groups.setdefault(_text(key(one, index)), []).append(one)
    return groups


def _map_values(node: Call, frame: Frame) -> dict[str, Any]:
    change = _function(node, 1, frame)
    mapping = as_object(frame.evaluate(node.arguments[0]))
    if mapping is None:
        raise UnsuitableError
    return {key: change(one) for key, one in mapping.items()}


def _lambda_variable(frame: Frame, name: str) -> Any:
    if name not in frame.names:
        raise UnsuitableError
    return frame.names[name]


FUNCTIONS = {
    "filter": lazy(_filter),
    "groupby": lazy(_group_by),
    "lambdavariables": framed("text", _lambda_variable),
    "map": lazy(_map),
    "mapvalues": lazy(_map_values),
    "reduce": lazy(_reduce),
    "sort": lazy(_sort),
    "toobject": lazy(_to_object),
}
