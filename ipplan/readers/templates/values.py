"""Values of expressions: what JSON has, and what a template leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.errors import IpplanError
from ipplan.readers.readings import Unresolved, as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_TEXT = 131_072
"""A string that expressions make; longer ones are a mistake. [characters]"""

MOST_ITEMS = 100_000
"""Elements of a list, or members of an object, that a function may give."""

MOST_STEPS = 500_000
"""Steps to evaluate one file, a few seconds' worth."""

MOST_DEEP = 80
"""Evaluations inside one another, as Python's own stack has an end."""


class UnsuitableError(IpplanError):
    """A function, a key or a type that does not fit the value it meets."""


class ExhaustedError(IpplanError):
    """A file that takes more steps than :data:`MOST_STEPS`."""


class Unknown(NamedTuple):
    """A value that the template does not settle.

    Parameters
    ----------
    text : str
        The expression, or why there is no value: what a reader is told.
    spelling : str
        What stands for it in a name or an id: its known parts as they are, the others
        in angle brackets.
    """

    text: str
    spelling: str


class Open(dict[str, Any]):
    """An object of which Azure knows more members than the template."""


class Bounds:
    """How much work one file may be.

    Examples
    --------
    >>> bounds = Bounds()
    >>> bounds.enter(), bounds.depth, bounds.steps
    (True, 1, 1)
    """

    def __init__(self) -> None:
        self.steps = 0
        self.depth = 0

    def spend(self, steps: int) -> None:
        """Count steps.

        Raises
        ------
        ExhaustedError
            Where they are too many.
        """
        self.steps += steps
        if self.steps > MOST_STEPS:
            message = f"more than {MOST_STEPS:,} steps to evaluate"
            raise ExhaustedError(message)

    def enter(self) -> bool:
        """Go one level deeper; False, and no level gained, where that is too deep."""
        self.spend(1)
        if self.depth >= MOST_DEEP:
            return False
        self.depth += 1
        return True

    def leave(self) -> None:
        """Come back from a level."""
        self.depth -= 1

    def weigh(self, value: Any) -> bool:
        """Whether all of a value is known; its whole size is spent."""
        known = True
        for one in nodes(value):
            self.spend(1 + size(one) // 16)
            known &= not isinstance(one, Unknown)
        return known


def placeholder(text: str) -> str:
    """Words that stand in a name for what is unknown; a slash would part an id.

    >>> placeholder("[concat('a/', uniqueString('b'))]")
    "<[concat('a|', uniqueString('b'))]>"
    """
    return f"<{text.replace('/', '|')}>"


def unknown(text: str) -> Unknown:
    """A value that is not settled, for this reason."""
    return Unknown(text, placeholder(text))


def spelled(value: Any) -> str:
    """A value as a part of a name.

    Raises
    ------
    UnsuitableError
        Where it is a list, an object or nothing.

    Examples
    --------
    >>> spelled("hub"), spelled(3), spelled(unknown("parameter 'x' has no value"))
    ('hub', '3', "<parameter 'x' has no value>")
    """
    if isinstance(value, Unknown):
        return value.spelling
    if isinstance(value, str | int | float):
        return str(value)
    raise UnsuitableError


def join(parts: Iterable[str], mark: str = "") -> str:
    """Strings as one, unless it is too long.

    Raises
    ------
    UnsuitableError
        Where it is.
    """
    every = list(parts)
    if sum(map(len, every)) + len(mark) * len(every) > MOST_TEXT:
        raise UnsuitableError
    return mark.join(every)


def flat(lists: Iterable[Any]) -> list[Any]:
    """The elements of lists as one list, unless it is too long.

    Raises
    ------
    UnsuitableError
        Where it is, or where one is no list.
    """
    result: list[Any] = []
    for one in lists:
        items = as_list(one)
        if items is None or len(items) + len(result) > MOST_ITEMS:
            raise UnsuitableError
        result += items
    return result


def nodes(value: Any) -> Iterator[Any]:
    """A value and all that it holds, at every depth."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        yield one
        mapping = as_object(one)
        waiting.extend(as_list(one) or [] if mapping is None else mapping.values())


def size(value: Any) -> int:
    """Characters, elements or members."""
    return len(value) if isinstance(value, str | list | dict) else 0  # pyright: ignore[reportUnknownArgumentType]


def key_of(mapping: dict[str, Any], key: str) -> str | None:
    """A key as an object spells it, as Azure compares without case; None if not there.

    >>> key_of({"addressPrefix": "10.0.0.0/24"}, "AddressPrefix")
    'addressPrefix'
    """
    if key in mapping:
        return key
    folded = key.lower()
    return next((name for name in mapping if name.lower() == folded), None)


def member(value: Any, key: Any) -> Any:
    """The member or the element of a value.

    Raises
    ------
    UnsuitableError
        Where there is none.
    """
    mapping, items = as_object(value), as_list(value)
    if mapping is not None and isinstance(key, str):
        name = key_of(mapping, key)
        if name is not None:
            return mapping[name]
    elif items is not None and type(key) is int and 0 <= key < len(items):
        return items[key]
    raise UnsuitableError


def opened(value: Any, bounds: Bounds) -> Any:
    """Mark every object in a value as one that Azure knows more of."""
    if not bounds.enter():
        return unknown("nested too deeply")
    mapping, items = as_object(value), as_list(value)
    result = value
    if mapping is not None:
        result = Open((key, opened(one, bounds)) for key, one in mapping.items())
    elif items is not None:
        result = [opened(one, bounds) for one in items]
    bounds.leave()
    return result


def finished(value: Any, bounds: Bounds) -> Any:
    """Put readers' :class:`Unresolved` where a value holds :class:`Unknown`."""
    if isinstance(value, Unknown):
        return Unresolved(value.text)
    bounds.spend(2)
    if not bounds.enter():
        return Unresolved("nested too deeply")
    mapping, items = as_object(value), as_list(value)
    result = value
    if mapping is not None:
        result = {key: finished(one, bounds) for key, one in mapping.items()}
    elif items is not None:
        result = [finished(one, bounds) for one in items]
    bounds.leave()
    return result
