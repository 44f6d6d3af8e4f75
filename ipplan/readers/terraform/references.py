"""Where an attribute that is known after apply comes from, by the configuration.

A plan does not hold expressions, only the names that stand in them. They are followed
through variables of modules, outputs and ``for_each`` to instances of the same file.
What the plan leaves out, ``local`` values above all, ends the way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.readers.readings import as_list, as_object
from ipplan.readers.terraform.instances import (
    DEEPEST,
    KEY,
    Instance,
    Key,
    Module,
    address_of,
    key_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST = 100
"""Names in one expression, and instances that it may mean, that are told apart."""

LONGEST = 1000
"""Characters of a name that is read."""

TOO_MANY = f"more than {MOST} references"

_RESOURCE = re.compile(rf"(data\.)?([\w-]+)\.([\w-]+)(?:\[({KEY})\])?(.*)", re.DOTALL)
_OUTPUT = re.compile(rf"module\.([\w-]+)(?:\[({KEY})\])?\.([\w-]+)(.*)", re.DOTALL)
_VARIABLE = re.compile(r"var\.([\w-]+)(.*)", re.DOTALL)
_EACH = re.compile(r"each\.value(.*)", re.DOTALL)
_STEP = re.compile(rf"\.([\w-]+)|\[({KEY})\]", re.DOTALL)
_CONTEXT = ("count.", "each.key", "path.", "terraform.")
_SAME = ("count.index", "each.key")


class Target(NamedTuple):
    """What a reference leads to.

    Parameters
    ----------
    instance : Instance or None
        None where the file does not tell.
    words : str
        The instance's address, or the reference with its module in front.
    rest : str
        What follows: ``.id``.
    """

    instance: Instance | None
    words: str
    rest: str = ""


class Scope(NamedTuple):
    """Where an expression stands: in which module, and under which key."""

    module: Module
    key: Key = None
    each: Any = None


class References:
    """The configuration of a plan, and the instances that it speaks of.

    Parameters
    ----------
    configuration : object
        The plan's ``configuration``; anything else is a file without one.
    instances : iterable of Instance
    """

    def __init__(self, configuration: Any, instances: Iterable[Instance]) -> None:
        root = (as_object(configuration) or {}).get("root_module")
        self._modules: dict[tuple[str, ...], dict[str, Any]] = {}
        self._resources: dict[tuple[str, ...], dict[str, dict[str, Any]]] = {}
        self._modules[()] = as_object(root) or {}
        self._groups: dict[tuple[Module, str, str, str], dict[Key, Instance]] = {}
        self._calls: dict[tuple[Module, str], dict[Module, None]] = {}
        self._found: dict[tuple[Module, Key, int, str], list[Target]] = {}
        self._depth = 0
        for instance in instances:
            self._add(instance)

    def expressions(self, instance: Instance) -> dict[str, Any] | None:
        """What the configuration says of a resource's attributes, if it does."""
        return as_object(self._resource(instance).get("expressions"))

    def scope(self, instance: Instance) -> Scope:
        """Where the expressions of a resource stand."""
        each = self._resource(instance).get("for_each_expression")
        return Scope(instance.module, instance.key, each)

    def targets(self, expression: Any, scope: Scope, rest: str = "") -> list[Target]:
        """All that an expression names, constants and root variables not among it."""
        names = _names(expression)
        if names is None:
            return [Target(None, TOO_MANY)]
        same = any(name.startswith(_SAME) for name in names)
        found: dict[tuple[str, str], Target] = {}
        for name in names:
            for target in self._target(name, scope, same=same):
                whole = target._replace(rest=target.rest + rest)
                found[whole.words, whole.rest] = whole
        if len(found) > MOST:
            return [Target(None, TOO_MANY)]
        return list(found.values())

    def _target(self, name: str, scope: Scope, *, same: bool) -> list[Target]:
        """What one name leads to; a name within itself leads nowhere."""
        if name.startswith(_CONTEXT):
            return []
        if not name.startswith(("var.", "module.", "each.")):
            return self._named(name, scope, same=same)
        asked = (scope.module, scope.key, id(scope.each), name)
        if asked not in self._found:
            self._found[asked] = [_lost(name, scope)]
            if self._depth < DEEPEST:
                self._depth += 1
                self._found[asked] = self._followed(name, scope)
                self._depth -= 1
        return self._found[asked]

    def _followed(self, name: str, scope: Scope) -> list[Target]:
        if match := _VARIABLE.fullmatch(name):
            return self._variable(match, scope)
        if match := _OUTPUT.fullmatch(name):
            return self._output(match, scope)
        if (match := _EACH.fullmatch(name)) and scope.each is not None:
            return self._each(match, scope)
        return [_lost(name, scope)]

    def _variable(self, match: re.Match[str], scope: Scope) -> list[Target]:
        if not scope.module:
            return []
        outer, (call_name, key) = scope.module[:-1], scope.module[-1]
        call = _member(self._module(outer), "module_calls", call_name)
        given = _member(call, "expressions", match[1])
        around = Scope(outer, key, call.get("for_each_expression"))
        return self.targets(given, around, match[2])

    def _output(self, match: re.Match[str], scope: Scope) -> list[Target]:
        key = key_of(match[2])
        inner = [
            module
            for module in self._calls.get((scope.module, match[1]), {})
            if match[2] is None or module[-1][1] == key
        ] or [(*scope.module, (match[1], key))]
        found: list[Target] = []
        for module in inner[: MOST + 1]:
            output = _member(self._module(module), "outputs", match[3])
            if not output:
                return [_lost(match[0], scope)]
            expression = output.get("expression")
            found.extend(self.targets(expression, Scope(module), match[4]))
        return found

    def _each(self, match: re.Match[str], scope: Scope) -> list[Target]:
        """``each.value`` is the instance of the same key, where one is gone through."""
        found: list[Target] = []
        for name in _names(scope.each) or ():
            outer = scope._replace(each=None)
            found.extend(
                target._replace(rest=target.rest + match[1])
                for target in self._target(name, outer, same=True)
            )
        return found

    def _named(self, name: str, scope: Scope, *, same: bool) -> list[Target]:
        match = _RESOURCE.fullmatch(name)
        if not match:
            return [_lost(name, scope)]
        mode = "data" if match[1] else "managed"
        group = self._groups.get((scope.module, mode, match[2], match[3]), {})
        key = scope.key if match[4] is None else key_of(match[4])
        if match[4] is not None or (same and len(group) > 1):
            group = {key: group[key]} if key in group else {}
        if not group or len(group) > MOST:
            return [_lost(name, scope)]
        return [Target(one, one.address, match[5]) for one in group.values()]

    def _add(self, instance: Instance) -> None:
        named = (instance.module, instance.mode, instance.type, instance.name)
        self._groups.setdefault(named, {})[instance.key] = instance
        for end in range(len(instance.module), 0, -1):
            module = instance.module[:end]
            known = self._calls.setdefault((module[:-1], module[-1][0]), {})
            if module in known:
                break
            known[module] = None

    def _module(self, module: Module) -> dict[str, Any]:
        """The configuration of a module, whatever the keys of its calls."""
        names = tuple(name for name, _ in module)
        for end in range(1, len(names) + 1):
            if names[:end] not in self._modules:
                outer = self._modules[names[: end - 1]]
                call = _member(outer, "module_calls", names[end - 1])
                self._modules[names[:end]] = as_object(call.get("module")) or {}
        return self._modules[names]

    def _resource(self, instance: Instance) -> dict[str, Any]:
        names = tuple(name for name, _ in instance.module)
        if names not in self._resources:
            items = as_list(self._module(instance.module).get("resources")) or []
            self._resources[names] = {
                address: resource
                for item in items
                if (resource := as_object(item))
                and isinstance(address := resource.get("address"), str)
            }
        data = "data." if instance.mode == "data" else ""
        address = f"{data}{instance.type}.{instance.name}"
        return self._resources[names].get(address, {})


def is_settled(target: Target) -> bool:
    """Whether what a reference leads to is known before the plan is applied."""
    if target.instance is None or not target.rest:
        return False
    marks = [value_at(target.instance.unknown, target.rest)]
    while marks:
        mark = marks.pop()
        if mark is True:
            return False
        marks.extend(as_list(mark) or (as_object(mark) or {}).values())
    return value_at(target.instance.values, target.rest) is not None


def value_at(values: Any, rest: str) -> Any:
    """What follows a reference to an instance, out of its values; None if unknown.

    Examples
    --------
    >>> value_at({"identity": [{"type": "None"}]}, ".identity[0].type")
    'None'
    """
    for name, key in _STEP.findall(rest):
        inner = key_of(key)
        if isinstance(inner, int):
            items = as_list(values) or []
            values = items[inner] if inner < len(items) else None
        else:
            values = (as_object(values) or {}).get(inner or name)
    return values


def keys_in(rest: str) -> list[Key]:
    """The keys that are asked for in what follows a reference.

    Examples
    --------
    >>> keys_in('.subnets["aks"].id'), keys_in(".id")
    (['aks'], [])
    """
    return [key_of(key) for _, key in _STEP.findall(rest) if key]


def _names(expression: Any) -> list[str] | None:
    """The names in an expression, their own beginnings not among them.

    None for more of them than are told apart.
    """
    given = as_list((as_object(expression) or {}).get("references")) or []
    names = list(dict.fromkeys(name for name in given[:MOST] if isinstance(name, str)))
    if len(given) > MOST or any(len(name) > LONGEST for name in names):
        return None
    return list(_longest(names))


def _longest(names: list[str]) -> Iterator[str]:
    for name in names:
        longer = (f"{name}.", f"{name}[")
        if not any(other.startswith(longer) for other in names):
            yield name


def _lost(name: str, scope: Scope) -> Target:
    return Target(None, f"{address_of(scope.module)}{name}")


def _member(outer: dict[str, Any], name: str, key: str) -> dict[str, Any]:
    return as_object((as_object(outer.get(name)) or {}).get(key)) or {}
