"""From YAML text to plain values that know their lines; surprises are refused.

Nothing is constructed but text, numbers, truth, lists and mappings, so there is nothing
that a file could execute, and without aliases nothing that it could multiply.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import yaml
from yaml.resolver import Resolver

from ipplan.errors import InventoryError
from ipplan.readers.payloads import LONGEST_VALUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Loc = tuple[str | int, ...]
"""The way to a value: the keys and indices that lead to it."""

LARGEST = 1 << 20
"""Longest text that is read: hands write less. [characters]"""

DEEPEST = 12
"""Lists and mappings in one another; a plan has six. [levels]"""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where it is there: it is thirty times as fast."""

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}", re.ASCII)
_TRUTH = re.compile(r"true|false", re.IGNORECASE)

_READ: dict[str, tuple[re.Pattern[str], Callable[[str], Any]]] = {
    "int": (_WHOLE, int),
    "float": (_DECIMAL, float),
    "bool": (_TRUTH, lambda text: text.lower() == "true"),
}
"""What plain text must look like to be a value of a kind, and how it becomes one."""

_SURPRISES = {
    "bool": "true or false: write true or false",
    "float": "a number in an unusual spelling: write plain digits",
    "int": "a number in an unusual spelling: write plain digits",
    "merge": "a merge key: write the keys themselves",
    "timestamp": "a date",
    "value": "a default value",
}
"""What YAML takes plain text for where people hardly mean it, and what to write."""


class Problem(NamedTuple):
    """Something that is refused: its line, the way to it, and why."""

    line: int
    loc: Loc
    message: str


class Tree(NamedTuple):
    """What a document holds.

    Parameters
    ----------
    value : object
        Text, whole numbers, decimals, truth, lists and dicts of them.
    lines : dict of tuple to int
        The line on which each value, or the key before it, starts.
    texts : dict of tuple to str
        How what is not text was written.
    problems : list of Problem
        What was refused; text stands in its place.
    """

    value: Any
    lines: dict[Loc, int]
    texts: dict[Loc, str]
    problems: list[Problem]


def tree(file: str, text: str) -> Tree:
    r"""Read one YAML document.

    Raises
    ------
    InventoryError
        For broken YAML, several documents, more than :data:`LARGEST` characters, and
        deeper nesting than :data:`DEEPEST`.

    Examples
    --------
    >>> read = tree("a.yaml", "ipplan: 1\nvnets:\n- name: hub\n")
    >>> read.value, read.lines["vnets", 0, "name"]
    ({'ipplan': 1, 'vnets': [{'name': 'hub'}]}, 3)
    """
    if len(text) > LARGEST:
        why = f": more than {LARGEST:,} characters: split it into several files"
        raise InventoryError(file, [why])
    composer = _Composer(file, text)
    found = composer.document()
    composer.end()
    return found


def top_keys(file: str, text: str) -> list[str]:
    r"""Keys of the mapping that the first document is; none where it is another thing.

    Raises
    ------
    InventoryError
        Where that is no YAML, or is nested more deeply than :data:`DEEPEST`.

    Examples
    --------
    >>> top_keys("a.yaml", "kind: Pod\nspec: {a: [b]}\n---\nmore: 1")
    ['kind', 'spec']
    """
    value = _Composer(file, text).document().value
    return list(cast("dict[str, Any]", value)) if isinstance(value, dict) else []


def brief(text: str) -> str:
    """Text that is no longer than a value that is quoted."""
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."


def _line(event: Any) -> int:
    """The line on which something starts, the first being 1."""
    line: int = event.start_mark.line
    return line + 1


class _Composer:
    """Builds the values of a document from the events of YAML's parser."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines: dict[Loc, int] = {}
        self.texts: dict[Loc, str] = {}
        self.problems: list[Problem] = []
        self.events = self._parsed(text)
        self.resolver: Any = Resolver()
        self.kinds: dict[str, str] = {}

    def document(self) -> Tree:
        """The first document; empty text where there is none."""
        value: Any = ""
        for event in self.events:
            if isinstance(event, yaml.NodeEvent):
                value = self._value(event, ())
                break
        self.lines.setdefault((), 1)
        return Tree(value, self.lines, self.texts, self.problems)

    def end(self) -> None:
        """Look for what follows the first document."""
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                why = f" line {_line(event)}: a second document: make it a file"
                raise InventoryError(self.file, [why])

    def _parsed(self, text: str) -> Iterator[Any]:
        """Events of the parser, whose errors become one line."""
        try:
            yield from yaml.parse(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            raise self._broken(error) from None
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            why = f" line {line}: not YAML: it has a control character"
            raise InventoryError(self.file, [why]) from None
        except (ValueError, OverflowError):  # how PyYAML ends at "\UFFFFFFFF"
            why = ": not YAML: a text has an escape that is no character"
            raise InventoryError(self.file, [why]) from None

    def _broken(self, error: Any) -> InventoryError:
        """What is wrong with the YAML, and where."""
        mark: Any = error.problem_mark or error.context_mark
        context = f"{error.context}: " if error.context else ""
        place = f" line {mark.line + 1} column {mark.column + 1}"
        why = f"{place}: not YAML: {context}{error.problem}"
        return InventoryError(self.file, [why])

    def _value(self, event: Any, loc: Loc) -> Any:
        """What a node holds; its children are taken from the events that follow."""
        self.lines.setdefault(loc, _line(event))
        if len(loc) > DEEPEST:
            why = f" line {self.lines[loc]}: nested more than {DEEPEST} levels deep"
            raise InventoryError(self.file, [why])
        self._refuse(event, loc)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, loc)
        if isinstance(event, yaml.SequenceStartEvent):
            items = enumerate(self._until(yaml.SequenceEndEvent))
            return [self._value(each, (*loc, index)) for index, each in items]
        return self._mapping(loc) if isinstance(event, yaml.MappingStartEvent) else ""

    def _until(self, end: type[Any]) -> Iterator[Any]:
        """The events that begin a child, up to the end of their parent."""
        for event in self.events:
            if isinstance(event, end):
                return
            yield event

    def _refuse(self, event: Any, loc: Loc) -> None:
        """Note what points to other places, or asks for other types."""
        if isinstance(event, yaml.AliasEvent):
            alias = brief(f"*{event.anchor}")
            self._note(loc, f"{alias}: aliases are not read: write it out again")
        elif event.anchor:
            anchor = brief(f"&{event.anchor}")
            self._note(loc, f"{anchor}: anchors are not read: leave it out")
        elif event.tag:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._note(loc, f"{brief(tag)}: tags are not read: leave it out")

    def _note(self, loc: Loc, message: str) -> None:
        self.problems.append(Problem(self.lines[loc], loc, message))

    def _mapping(self, loc: Loc) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in self._until(yaml.MappingEndEvent):
            key = self._key(event, loc)
            place = (*loc, key)
            if key in found:
                why = f"a second time; it stands on line {self.lines[place]} too"
                self.problems.append(Problem(_line(event), place, why))
            self.lines.setdefault(place, _line(event))
            value = self._value(next(self.events), place)
            found.setdefault(key, value)
        return found

    def _key(self, event: Any, loc: Loc) -> str:
        """A key, which must be text."""
        line = _line(event)
        if not isinstance(event, yaml.ScalarEvent):
            self._value(event, (*loc, "?"))
            self.problems.append(Problem(line, loc, "a key that is not text"))
            return "?"
        key: str = event.value
        if self._kind(event) != "str":
            self.problems.append(Problem(line, (*loc, key), "a key that is not text"))
        return key

    def _kind(self, event: Any) -> str:
        """What YAML takes a scalar for."""
        text: str = event.value
        if not event.implicit[0]:
            return "str"
        if text not in self.kinds:
            tag: str = self.resolver.resolve(yaml.ScalarNode, text, (True, False))
            self.kinds[text] = tag.rpartition(":")[2]
        return self.kinds[text]

    def _scalar(self, event: Any, loc: Loc) -> Any:
        """Text, or another value where there is no doubt about it."""
        text, kind = event.value, self._kind(event)
        if kind == "str":
            return text
        self.texts[loc] = text
        if kind == "null":
            self._note(loc, "has no value: write one, or leave it out")
            return text
        look, read = _READ.get(kind, (None, str))
        if look and look.fullmatch(text):
            return read(text)
        short = brief(text)
        why = f"YAML takes {short} for {_SURPRISES[kind]}"
        self._note(loc, f'{why}; where it is text, write "{short}" in quotes')
        return text
