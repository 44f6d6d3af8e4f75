"""Rows of the table of functions: what calls one, and what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.readers.templates.values import (
    MOST_ITEMS,
    MOST_TEXT,
    Unknown,
    UnsuitableError,
    size,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ipplan.readers.templates.values import Bounds

WIDEST = 2**63
"""Azure's numbers have 64 bits."""


def is_int(value: Any) -> bool:
    """Whether it is a whole number that Azure can hold; true and false are not.

    >>> is_int(3), is_int(True), is_int(2**63)
    (True, False, False)
    """
    return type(value) is int and -WIDEST <= value < WIDEST


KINDS: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "int": is_int,
    "bool": lambda value: isinstance(value, bool),
    "list": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "any": lambda _: True,
    "deep": lambda _: True,  # anything; the function walks all of it
    "known": lambda _: True,  # anything of which everything inside is known
    "maybe": lambda _: True,  # anything, and unknown too
}


class Function(NamedTuple):
    """How a function is called.

    Parameters
    ----------
    call : callable
        Takes the values of its arguments. One that needs its surroundings takes the
        frame before them, and a lazy one takes the call's node and the frame.
    takes : tuple of str
        A kind of :data:`KINDS` an argument; ``?`` after it may be left out, and the
        last may have ``*``: as often as wanted.
    framed : bool
    lazy : bool
    """

    call: Callable[..., Any]
    takes: tuple[str, ...] = ()
    framed: bool = False
    lazy: bool = False


def strict(takes: str, call: Callable[..., Any]) -> Function:
    """A row of a function of values only."""
    return Function(call, tuple(takes.split()))


def framed(takes: str, call: Callable[..., Any]) -> Function:
    """A row of a function that also needs its surroundings."""
    return Function(call, tuple(takes.split()), framed=True)


def lazy(call: Callable[..., Any]) -> Function:
    """A row of a function that decides itself what to evaluate."""
    return Function(call, lazy=True)


def fits(function: Function, arguments: Sequence[Any], bounds: Bounds) -> bool:
    """Whether arguments are known well enough for a call.

    Raises
    ------
    UnsuitableError
        Where they are too few, too many or of the wrong types.
    """
    takes = list(function.takes)
    if takes and takes[-1].endswith("*"):
        rest = takes.pop().removesuffix("*")
        takes += [f"{rest}?"] * (len(arguments) - len(takes))
    least = sum(not kind.endswith("?") for kind in takes)
    if not least <= len(arguments) <= len(takes):
        raise UnsuitableError
    kinds = [kind.removesuffix("?") for kind in takes]
    pairs = zip(kinds, arguments, strict=False)
    known = [_fit(kind, one, bounds) for kind, one in pairs]
    return all(known)


def _fit(kind: str, value: Any, bounds: Bounds) -> bool:
    bounds.spend(size(value) // 16)
    if isinstance(value, Unknown):
        return kind == "maybe"
    if not KINDS[kind](value):
        raise UnsuitableError
    return kind not in {"deep", "known"} or bounds.weigh(value) or kind == "deep"


def bounded(value: Any) -> Any:
    """A function's result, unless it is too large.

    Raises
    ------
    UnsuitableError
        Where it is.
    """
    if size(value) > (MOST_TEXT if isinstance(value, str) else MOST_ITEMS):
        raise UnsuitableError
    if type(value) is int and not is_int(value):
        raise UnsuitableError
    return value
