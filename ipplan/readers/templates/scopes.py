"""Sessions and scopes: what the evaluation of one file, and of one template, shares."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ipplan.readers.readings import Skipped, as_list, as_object, path
from ipplan.readers.templates.evaluation import Frame
from ipplan.readers.templates.expressions import MalformedError, parse
from ipplan.readers.templates.values import Bounds, UnsuitableError, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ipplan.readers.templates.deployments import Instance
    from ipplan.readers.templates.expressions import Node
    from ipplan.readers.templates.ids import Place

_BUSY = object()
_COPY = re.compile(r"(?P<symbol>.+)\[(?P<index>[0-9]{1,4})\]")


class Session:
    """What all templates of a file share: how much work is left, and what went wrong.

    Parameters
    ----------
    wanted : frozenset of str
        Types in lower case whose absence is to be told.
    """

    def __init__(self, wanted: frozenset[str]) -> None:
        self.wanted = wanted
        self.count = 0
        self.bounds = Bounds()
        self.notes: dict[Skipped, None] = {}
        self.keys: tuple[object, ...] = ()
        self.registry: dict[str, list[Instance]] = {}
        self._nodes: dict[str, Node | None] = {}

    def note(
        self,
        reason: str,
        keys: tuple[object, ...] | None = None,
        *,
        broken: bool = True,
    ) -> None:
        """Remember what could not be read, and where."""
        where = path(self.keys if keys is None else keys)
        self.notes[Skipped(where, reason, broken)] = None

    def parsed(self, text: str) -> Node | None:
        """The tree of an expression with its brackets; None if it is malformed."""
        if text not in self._nodes:
            self.bounds.spend(len(text) // 16)
            try:
                self._nodes[text] = parse(text[1:-1])
            except MalformedError as error:
                self._nodes[text] = None
                shown = text if len(text) < 80 else f"{text[:80]}…"  # noqa: PLR2004  # a line
                self.note(f"malformed expression {shown}: {error}")
        return self._nodes[text]


def once(memory: dict[Any, Any], key: object, compute: Callable[[], Any]) -> Any:
    """What was computed before, or is now.

    Raises
    ------
    UnsuitableError
        Where computing it needs itself.
    """
    if memory.get(key) is _BUSY:
        raise UnsuitableError
    if key not in memory:
        memory[key] = _BUSY
        try:
            memory[key] = compute()
        finally:
            if memory[key] is _BUSY:
                del memory[key]
    return memory[key]


class Scope:
    """What the names in one template mean.

    Parameters
    ----------
    session : Session
    template : dict
    place : Place
        Where the deployment goes.
    name : str or Unknown
        Of the deployment.
    given : mapping of str to Any
        Values of parameters by their names in lower case.
    label : str
        What tells the unknowns of this deployment from those of others.
    """

    def __init__(  # noqa: PLR0913, PLR0917  # a template has as many surroundings
        self,
        session: Session,
        template: dict[str, Any],
        place: Place,
        name: Any,
        given: Mapping[str, Any],
        label: str = "",
    ) -> None:
        self.session = session
        self.template = template
        self.place = place
        self.name = name
        self.given = given
        self.label = label
        self.instances: list[Instance] = []
        self.symbols: dict[str, list[Instance]] = {}
        self.functions = _functions(template)
        self.frame = Frame(self)
        self._parameters = _lowered(template.get("parameters"))
        self._variables = _lowered(template.get("variables"))
        self._variables.update(_loops(self._variables.pop("copy", None)))
        self._memory: dict[Any, Any] = {}

    def parameter(self, name: str) -> Any:
        """The value of a parameter: as given, by default, null, or unknown."""
        return once(
            self._memory, f"parameter {name.lower()}", lambda: self._given(name)
        )

    def _given(self, name: str) -> Any:
        given = self.given.get(name.lower())
        if given is not None:
            return given
        declared = as_object(self._parameters.get(name.lower()))
        if declared is None:
            raise UnsuitableError
        if "defaultValue" in declared:
            return self.frame.resolve(declared["defaultValue"])
        if self._nullable(declared):
            return None
        return unknown(f"parameter '{name}' has no value")

    def _nullable(self, declared: dict[str, Any]) -> bool:
        if declared.get("nullable") is True:
            return True
        name = str(declared.get("$ref")).removeprefix("#/definitions/")
        definitions = as_object(self.template.get("definitions")) or {}
        definition = as_object(definitions.get(name)) or {}
        return definition.get("nullable") is True

    def declares(self, name: str) -> bool:
        """Whether the template has such a parameter."""
        return name.lower() in self._parameters

    def variable(self, name: str) -> Any:
        """The value of a variable."""
        return once(self._memory, f"variable {name.lower()}", lambda: self._set(name))

    def _set(self, name: str) -> Any:
        if name.lower() not in self._variables:
            raise UnsuitableError
        value = self._variables[name.lower()]
        if isinstance(value, _Loop):
            return self.frame.repeat(value, str(value.get("name")))
        return self.frame.resolve(value)

    def symbol(self, name: str) -> Instance:
        """The resource of a symbolic name, ``name[3]`` for one of its copies.

        Raises
        ------
        UnsuitableError
            Where there is none, or there are several.
        """
        match = _COPY.fullmatch(name)
        copies = self.symbols.get((match["symbol"] if match else name).lower(), [])
        index = int(match["index"]) if match else 0
        if index >= len(copies) or (len(copies) > 1 and not match):
            raise UnsuitableError
        return copies[index]

    def found(self, name: str) -> Instance:
        """The deployed resource of a symbolic name, an id or a name.

        Raises
        ------
        UnsuitableError
            Where this file deploys none, or several.
        """
        try:
            instance = self.symbol(name)
        except UnsuitableError:
            deployed = self._deployed(name)
        else:
            deployed = [instance] if instance.deployed else self._deployed(instance.id)
        if not deployed:
            raise UnsuitableError
        return deployed[0]

    def _deployed(self, name: str) -> list[Instance]:
        same = self.session.registry.get(name.lower(), [])
        found = [instance for instance in same if instance.deployed]
        if found or "/providers/" in name:
            return found
        named = [one for one in self.instances if "/".join(one.names) == name]
        return [one for one in named if one.deployed] if len(named) == 1 else []


class _Loop(dict[str, Any]):
    """A variable that a copy block makes."""


def _lowered(value: Any) -> dict[str, Any]:
    return {key.lower(): one for key, one in (as_object(value) or {}).items()}


def _loops(value: Any) -> dict[str, Any]:
    loops = [_Loop(as_object(loop) or {}) for loop in as_list(value) or []]
    return {str(loop["name"]).lower(): loop for loop in loops if "name" in loop}


def _functions(
    template: dict[str, Any],
) -> dict[str, Callable[[Scope, list[Any]], Any]]:
    """The template's own functions, by namespace and name in lower case."""
    spaces = [as_object(one) or {} for one in as_list(template.get("functions")) or []]
    return {
        f"{space.get('namespace')}.{name}".lower(): _own(as_object(member) or {})
        for space in spaces
        for name, member in (as_object(space.get("members")) or {}).items()
    }


def _own(member: dict[str, Any]) -> Callable[[Scope, list[Any]], Any]:
    declared = [as_object(one) or {} for one in as_list(member.get("parameters")) or []]
    names = [str(one.get("name")) for one in declared]
    output = as_object(member.get("output")) or {}

    def call(scope: Scope, values: list[Any]) -> Any:
        if len(values) != len(names):
            raise UnsuitableError
        arguments = dict(zip(names, values, strict=True))
        return Frame(scope, arguments=arguments).resolve(output.get("value"))

    return call
