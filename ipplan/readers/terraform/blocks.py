"""Attributes of a resource as a file settles them: known, known after apply, or unset.

An attribute that is known after apply although the configuration sets it to nothing
is Azure's to choose, so it counts as unset: Azure's defaults are known. It is set to
nothing where it is not there, and where all that its expression names is known: had
that a value, so would the attribute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.readers.readings import Unresolved, as_list, as_object
from ipplan.readers.terraform.links import LATER, id_in, later

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ipplan.readers.terraform.instances import Instance
    from ipplan.readers.terraform.links import Links
    from ipplan.readers.terraform.references import Target

DEEPEST = 64
"""Values within values that are searched for what is known after apply."""


class Block:
    """A resource's attributes, or those of a block in it.

    Parameters
    ----------
    instance : Instance
        Whose it is.
    links : Links
        Of the same file.
    values, unknown : dict
        Its attributes, and which of them are known after apply.
    expressions : dict or None
        What the configuration says of them; None where that can't be told.
    """

    def __init__(
        self,
        instance: Instance,
        links: Links,
        values: dict[str, Any],
        unknown: dict[str, Any],
        expressions: dict[str, Any] | None,
    ) -> None:
        self.instance = instance
        self.values = values
        self._links = links
        self._unknown = unknown
        self._expressions = expressions

    @classmethod
    def of(cls, instance: Instance, links: Links) -> Block:
        """All attributes of a resource."""
        expressions = links.references.expressions(instance)
        return cls(instance, links, instance.values, instance.unknown, expressions)

    def get(self, *names: str) -> Any:
        """The first of some attributes that is set; None if none is.

        A provider's versions name the same thing differently.
        """
        for name in names:
            value = self.values.get(name)
            if value not in (None, ""):
                return settled(value, self._unknown.get(name))
        for name in names:
            if self._later(name):
                return later(self._sources(name))
        return None

    def link(self, name: str, kind: str) -> str | Unresolved | None:
        """The id that an attribute holds or will hold, in lower case; None if unset."""
        known = id_in(self.values.get(name))
        if not known and self._later(name):
            return self._links.link(self.instance, self._expression(name), kind)
        return known or None

    def fields(self, rows: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
        """What is set of some attributes, under ARM's names for them."""
        found = {arm: self.get(*names) for arm, names in rows.items()}
        return set_only(found)

    def blocks(self, *names: str) -> list[Block]:
        """The blocks of some names."""
        return [block for name in names for block in self._blocks(name)]

    def first(self, name: str) -> Block:
        """The one block of a name, or an empty one."""
        empty = Block(self.instance, self._links, {}, {}, {})
        return next(iter(self._blocks(name)), empty)

    def _blocks(self, name: str) -> list[Block]:
        value = self.values.get(name)
        given = as_list(value) or [value]
        unknown = as_list(self._unknown.get(name)) or []
        said = as_list((self._expressions or {}).get(name)) or []
        return [
            Block(
                self.instance,
                self._links,
                item,
                as_object(unknown[index]) or {} if index < len(unknown) else {},
                as_object(said[index]) if len(said) == len(given) else None,
            )
            for index, entry in enumerate(given)
            if (item := as_object(entry)) is not None
        ]

    def _later(self, name: str) -> bool:
        """Whether an attribute is set, to what is known after apply."""
        marked = self._unknown.get(name) is True
        if marked and self._expressions is None:
            return True
        return (marked or name not in self.values) and bool(self._sources(name))

    def _sources(self, name: str) -> list[Target]:
        """What an attribute is set to, as far as it is not known."""
        return self._links.unknown(self.instance, self._expression(name))

    def _expression(self, name: str) -> Any:
        return (self._expressions or {}).get(name)


def settled(value: Any, unknown: Any, depth: int = 0) -> Any:
    """A value with words in each place that is known after apply.

    Examples
    --------
    >>> settled(["10.0.0.0/16", None], [False, True])
    ['10.0.0.0/16', Unresolved(text='known after apply')]
    """
    if unknown is True or (unknown and depth > DEEPEST):
        return Unresolved(LATER)
    if isinstance(unknown, list) and isinstance(value, list):
        marks = as_list(unknown) or []
        items = as_list(value) or []
        marks = [*marks, *[False] * len(items)]
        return [
            settled(item, mark, depth + 1)
            for item, mark in zip(items, marks, strict=False)
        ]
    if isinstance(unknown, dict) and (isinstance(value, dict) or value is None):
        marked = as_object(unknown) or {}
        known = as_object(value) or {}
        later = {
            name: settled(known.get(name), marked[name], depth + 1) for name in marked
        }
        return {**known, **set_only(later)}
    return value


def set_only(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields without those that are not set."""
    return {
        name: value
        for name, value in fields.items()
        if value is not None and value not in ("", {})
    }
