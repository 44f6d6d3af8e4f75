"""Functions that look something up: parameters, variables, loops, resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.readers.templates.signatures import framed, is_int, lazy
from ipplan.readers.templates.values import Open, Unknown, UnsuitableError

if TYPE_CHECKING:
    from ipplan.readers.templates.evaluation import Frame
    from ipplan.readers.templates.expressions import Call


def _if(node: Call, frame: Frame) -> Any:
    """Only the branch that counts, as the other need not make sense."""
    condition, *branches = node.arguments or (None,)
    if condition is None or len(branches) != 2:  # noqa: PLR2004  # two branches
        raise UnsuitableError
    chosen = frame.evaluate(condition)
    if not isinstance(chosen, bool):
        raise UnsuitableError
    return frame.evaluate(branches[0] if chosen else branches[1])


def _parameters(frame: Frame, name: str) -> Any:
    return frame.parameter(name)


def _variables(frame: Frame, name: str) -> Any:
    return frame.scope.variable(name)


def _copy_index(frame: Frame, first: Any = None, second: Any = 0) -> int:
    """``copyIndex()``, ``copyIndex(offset)``, ``copyIndex(loop)`` or both."""
    name, offset = (first, second) if isinstance(first, str) else ("", first or 0)
    index = frame.loops.get(name.lower())
    if index is None or not is_int(offset):
        raise UnsuitableError
    return index + int(offset)


def _reference(frame: Frame, name: Any, _version: Any = None, full: Any = "") -> Any:
    if isinstance(name, Unknown):
        name = name.spelling
    return frame.scope.found(str(name)).seen(full=str(full).lower() == "full")


def _references(frame: Frame, name: str, _version: Any = None, full: Any = "") -> Any:
    copies = frame.scope.symbols.get(name.lower(), [])
    if not copies:
        raise UnsuitableError
    return [copy.seen(full=str(full).lower() == "full") for copy in copies]


def _resource_info(frame: Frame, name: str) -> Open:
    instance = frame.scope.symbol(name)
    return Open(id=instance.id, name="/".join(instance.names), type=instance.type)


FUNCTIONS = {
    "copyindex": framed("any? any?", _copy_index),
    "if": lazy(_if),
    "parameters": framed("text", _parameters),
    "reference": framed("maybe maybe? any?", _reference),
    "references": framed("text any? any?", _references),
    "resourceinfo": framed("text", _resource_info),
    "variables": framed("text", _variables),
}
