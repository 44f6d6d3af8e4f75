"""Evaluating expressions, and whole values of a template with expressions in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ipplan.limits import ARM_COPIES
from ipplan.readers.readings import as_list, as_object
from ipplan.readers.templates.expressions import Access, Call, Literal
from ipplan.readers.templates.functions import FUNCTIONS, settled_by_azure
from ipplan.readers.templates.signatures import bounded, fits, is_int
from ipplan.readers.templates.values import (
    Unknown,
    UnsuitableError,
    member,
    placeholder,
    size,
    spelled,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ipplan.readers.templates.expressions import Node
    from ipplan.readers.templates.scopes import Scope
    from ipplan.readers.templates.signatures import Function

TOO_DEEP = unknown("nested too deeply")


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds an expression: whose names it uses, and where loops stand.

    Parameters
    ----------
    scope : Scope
        Parameters, variables and the like.
    loops : mapping of str to int
        The index of each copy loop by its name in lower case; ``""`` is the innermost
        loop of resources.
    names : mapping of str to Any
        What the names of lambdas mean.
    arguments : mapping of str to Any or None
        In a function of the template's own, what its parameters mean.
    """

    scope: Scope
    loops: Mapping[str, int] = field(default_factory=dict[str, int])
    names: Mapping[str, Any] = field(default_factory=dict[str, Any])
    arguments: Mapping[str, Any] | None = None

    def looping(self, name: str, index: int) -> Frame:
        """Be in an iteration of a loop."""
        loops = {**self.loops, name.lower(): index}
        return Frame(self.scope, loops, self.names, self.arguments)

    def naming(self, names: Mapping[str, Any]) -> Frame:
        """Be in a lambda."""
        return Frame(self.scope, self.loops, {**self.names, **names}, self.arguments)

    def parameter(self, name: str) -> Any:
        """What a parameter is here."""
        if self.arguments is None:
            return self.scope.parameter(name)
        return member(dict(self.arguments), name)

    def unknown(self, source: str) -> Unknown:
        """An expression that can't be settled, spelled unlike its like elsewhere."""
        text = f"[{source}]"
        looping = self.loops and "copyindex" in source.lower()
        turns = f" {', '.join(map(str, self.loops.values()))}" if looping else ""
        return Unknown(text, placeholder(f"{text}{turns}{self.scope.label}"))

    def evaluate(self, node: Node) -> Any:
        """What an expression is; never more than :class:`Unknown` goes wrong."""
        bounds = self.scope.session.bounds
        if not bounds.enter():
            return TOO_DEEP
        try:
            value = self._value(node)
        except (UnsuitableError, RecursionError):
            return self.unknown(node.source)
        finally:
            bounds.leave()
        if isinstance(value, Unknown) and not value.text:
            return Unknown(f"[{node.source}]", value.spelling)
        return value

    def _value(self, node: Node) -> Any:
        if isinstance(node, Literal):
            return node.value
        if isinstance(node, Call):
            return self._called(node)
        return self._accessed(node)

    def _accessed(self, node: Access) -> Any:
        whole, key = self.evaluate(node.of), self.evaluate(node.key)
        self.scope.session.bounds.spend(size(whole) // 16)
        return member(whole, key)

    def _called(self, node: Call) -> Any:
        function = FUNCTIONS.get(node.name)
        if function is None:
            return self._other(node)
        if function.lazy:
            return bounded(function.call(node, self))
        arguments = [self.evaluate(argument) for argument in node.arguments]
        return self._applied(function, arguments)

    def _applied(self, function: Function, arguments: list[Any]) -> Any:
        bounds = self.scope.session.bounds
        if not fits(function, arguments, bounds):
            raise UnsuitableError
        if function.framed:
            return bounded(function.call(self, *arguments))
        result = bounded(function.call(*arguments))
        if not any(result is argument for argument in arguments):
            bounds.spend(size(result) // 2)  # it takes memory of its own
        return result

    def _other(self, node: Call) -> Any:
        """Call a function of the template's own, or one that is not known."""
        own = self.scope.functions.get(node.name)
        if own is None:
            if not settled_by_azure(node.name):
                reason = f"function {node.name}() is not known"
                self.scope.session.note(reason, broken=False)
            raise UnsuitableError
        values = [self.evaluate(argument) for argument in node.arguments]
        return own(self.scope, values)

    def resolve(self, value: Any) -> Any:
        """A value of the template with every expression in it evaluated."""
        bounds = self.scope.session.bounds
        if not bounds.enter():
            return TOO_DEEP
        try:
            return self._resolved(value)
        finally:
            bounds.leave()

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._evaluated(value)
        mapping, items = as_object(value), as_list(value)
        if items is not None:
            return [self.resolve(one) for one in items]
        return value if mapping is None else self._object(mapping)

    def _evaluated(self, text: str) -> Any:
        if not (text.startswith("[") and text.endswith("]")):
            return text
        if text.startswith("[["):
            return text[1:]
        node = self.scope.session.parsed(text)
        return unknown(text) if node is None else self.evaluate(node)

    def _object(self, mapping: dict[str, Any]) -> dict[str, Any]:
        """Resolve the members of an object, of which a copy block makes more."""
        loops = [as_object(loop) for loop in as_list(mapping.get("copy")) or []]
        copies = [loop for loop in loops if loop is not None and "input" in loop]
        if not copies or len(copies) < len(loops):
            return {key: self.resolve(one) for key, one in mapping.items()}
        rest = mapping.items()
        result = {key: self.resolve(one) for key, one in rest if key != "copy"}
        for loop in copies:
            name = self.name(loop.get("name"))
            result[name] = self.repeat(loop, name)
        return result

    def name(self, value: Any) -> str:
        """A value that is to be a name; what is unknown in it is spelled."""
        try:
            return spelled(self.resolve(value))
        except UnsuitableError:
            return placeholder("no name")

    def repeat(self, loop: dict[str, Any], name: str) -> Any:
        """Resolve the input of a copy block as often as it says."""
        count = self.count(loop)
        if isinstance(count, Unknown):
            return count
        self.scope.session.bounds.spend(count)
        turns = (self.looping(name, index) for index in range(count))
        return [turn.resolve(loop.get("input")) for turn in turns]

    def count(self, loop: dict[str, Any]) -> int | Unknown:
        """How often a copy loop runs. [iterations]."""
        count = self.resolve(loop.get("count"))
        if isinstance(count, Unknown):
            return count
        if is_int(count) and 0 <= count <= ARM_COPIES.value:
            return int(count)
        words = f"a copy count that is not 0 to {ARM_COPIES.value}"
        self.scope.session.note(words)
        return unknown(words)
