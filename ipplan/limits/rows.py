"""What a row is: a number, date or range, its unit, its page and the day of that."""

from __future__ import annotations

from datetime import date
from typing import Generic, Literal, NamedTuple, TypeVar, cast

__all__ = ["READ", "Basis", "Limit"]

T = TypeVar("T")

Basis = Literal["documented", "observed", "our margin", "unknown"]
"""How well a figure is founded."""

READ = date(2026, 8, 21)
"""The day of the newest pages read."""


class Limit(NamedTuple, Generic[T]):
    """One imposed number, date or range.

    Parameters
    ----------
    value : T
        The number, date or range.
    unit : str
        What the value counts.
    source : str
        The page that says so.
    note : str
        What a reader must know besides: exceptions, and where sources disagree.
    basis : Basis
        Documented, observed or our own margin.
    checked : date
        The day as of which the page was read: of an older copy, that copy's own.
    """

    value: T
    unit: str
    source: str
    note: str = ""
    basis: Basis = "documented"
    checked: date = READ

    @property
    def text(self) -> str:
        """The value as text; ranges with commas between them."""
        value = self.value
        several = isinstance(value, tuple)
        items = cast("tuple[object, ...]", value) if several else (value,)
        return ", ".join(map(str, items))
