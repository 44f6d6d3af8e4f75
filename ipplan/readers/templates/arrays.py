"""Functions of lists and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ipplan.readers.readings import as_list, as_object
from ipplan.readers.templates.signatures import strict
from ipplan.readers.templates.texts import canonical
from ipplan.readers.templates.values import (
    MOST_ITEMS,
    Open,
    Unknown,
    UnsuitableError,
    flat,
    key_of,
    member,
    nodes,
    size,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_RANGE = 10_000
"""What Azure allows ``range`` to give. [elements]"""


def _closed(value: Any) -> Any:
    """A value whose members the template knows all of."""
    if isinstance(value, Open):
        raise UnsuitableError
    return value


def _sized(value: Any) -> int:
    if not isinstance(value, str | list | dict):
        raise UnsuitableError
    return size(_closed(value))


def _empty(value: Any) -> bool:
    return value is None or not (size(value) or _sized(value))


def _contains(whole: Any, part: Any) -> bool:
    items, mapping = as_list(whole), as_object(whole)
    if items is not None:
        return _holds(items, part)
    if isinstance(whole, str) and isinstance(part, str | int):
        return str(part) in whole
    if mapping is None or not isinstance(part, str):
        raise UnsuitableError
    return key_of(mapping, part) is not None or part in _closed(mapping)


def _holds(items: list[Any], part: Any) -> bool:
    wanted = canonical(part)
    if any(canonical(one) == wanted for one in items):
        return True
    if any(isinstance(one, Unknown) for one in nodes([items, part])):
        raise UnsuitableError
    return False


def _coalesce(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _merged(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    """Two objects as one: the right wins, and objects in both are merged likewise."""
    result = Open(left) if isinstance(left, Open) else dict(left)
    for key, value in right.items():
        name = key_of(result, key) or key
        inner, other = as_object(result.get(name)), as_object(value)
        whole = inner is None or other is None
        result[name] = value if whole else _merged(inner or {}, other or {})
    return result


def _union(*values: Any) -> Any:
    if all(isinstance(value, dict) for value in values):
        result: dict[str, Any] = {}
        for value in values:
            result = _merged(result, value)
        return result
    if not all(isinstance(value, list) for value in values):
        raise UnsuitableError
    return list({canonical(one): one for value in values for one in value}.values())


def _intersection(*values: Any) -> Any:
    first = values[0]
    if all(isinstance(value, dict) for value in values):
        marks = [
            {key: canonical(one) for key, one in value.items()} for value in values
        ]
        return {
            key: one
            for key, one in first.items()
            if all(mark.get(key) == marks[0][key] for mark in marks)
        }
    if not all(isinstance(value, list) for value in values):
        raise UnsuitableError
    common = [{canonical(one) for one in value} for value in values]
    mine = {canonical(one): one for one in first}
    return [one for mark, one in mine.items() if all(mark in each for each in common)]


def _sequence(value: Any) -> Sequence[Any]:
    if not isinstance(value, str | list):
        raise UnsuitableError
    return cast("Sequence[Any]", value)


def _skip(value: Any, count: int) -> Any:
    return _sequence(value)[max(count, 0) :]


def _take(value: Any, count: int) -> Any:
    return _sequence(value)[: max(count, 0)]


def _first(value: Any) -> Any:
    nothing = "" if isinstance(value, str) else None
    return _sequence(value)[0] if _sequence(value) else nothing


def _last(value: Any) -> Any:
    return _first(_sequence(value)[-1:])


def _array(value: Any) -> Any:
    items = as_list(value)
    return [value] if items is None else items


def _list(*values: Any) -> list[Any]:
    return list(values)


def _null() -> None:
    return None


def _keys(mapping: dict[str, Any]) -> list[str]:
    return sorted(_closed(mapping))


def _range(start: int, count: int) -> list[int]:
    if not 0 <= count <= LONGEST_RANGE:
        raise UnsuitableError
    return list(range(start, start + count))


def _object(*pairs: Any) -> dict[str, Any]:
    names = pairs[::2]
    if len(pairs) % 2 or not all(isinstance(name, str) for name in names):
        raise UnsuitableError
    return dict(zip(names, pairs[1::2], strict=True))


def _shallow(objects: list[Any]) -> dict[str, Any]:
    if not all(isinstance(one, dict) for one in objects):
        raise UnsuitableError
    if sum(map(len, objects)) > MOST_ITEMS:
        raise UnsuitableError
    return {key: one for mapping in objects for key, one in mapping.items()}


def _items(mapping: dict[str, Any]) -> list[Any]:
    """Its members as objects of key and value, in the order of their keys."""
    return [{"key": key, "value": mapping[key]} for key in sorted(_closed(mapping))]


def _from_end(items: list[Any], index: int) -> Any:
    return member(items, len(items) - index)


def _or_null(found: Any, *keys: Any) -> Any:
    """A member of a member and so on; null where one is missing."""
    for key in keys:
        if found is None:
            return None
        if isinstance(found, Unknown):
            return found
        try:
            found = member(found, key)
        except UnsuitableError:
            _closed(found)
            return None
    return found


def _try_from_end(items: list[Any], index: int) -> Any:
    return _or_null(items, len(items) - index)


FUNCTIONS = {
    "array": strict("any", _array),
    "coalesce": strict("maybe maybe*", _coalesce),
    "contains": strict("deep deep", _contains),
    "createarray": strict("maybe*", _list),
    "createobject": strict("maybe*", _object),
    "empty": strict("any", _empty),
    "first": strict("any", _first),
    "flatten": strict("list", flat),
    "indexfromend": strict("list int", _from_end),
    "intersection": strict("known known*", _intersection),
    "items": strict("object", _items),
    "last": strict("any", _last),
    "length": strict("any", _sized),
    "null": strict("", _null),
    "objectkeys": strict("object", _keys),
    "range": strict("int int", _range),
    "shallowmerge": strict("list", _shallow),
    "skip": strict("any int", _skip),
    "take": strict("any int", _take),
    "tryget": strict("any any any*", _or_null),
    "tryindexfromend": strict("list int", _try_from_end),
    "union": strict("deep deep*", _union),
}
