"""Deployments: which resources a template gives, after its loops and conditions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ipplan.inventory.origins import LONGEST_ID
from ipplan.readers.readings import as_list, as_object
from ipplan.readers.templates.ids import Place, resource_id
from ipplan.readers.templates.scopes import Scope, once
from ipplan.readers.templates.values import (
    ExhaustedError,
    Open,
    Unknown,
    UnsuitableError,
    opened,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.readers.templates.evaluation import Frame

DEPLOYMENT = "microsoft.resources/deployments"
MOST_RESOURCES = 20_000
"""Resources of one file."""

BESIDE = ("location", "tags", "sku", "identity", "kind", "zones")
"""What a resource has beside its properties."""

_SCOPE = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)(?:/resourceGroups/(?P<group>[^/]+))?/?",
    re.IGNORECASE,
)
_TRUTHS = {"true": True, "false": False}

Keys = tuple[object, ...]


class Instance:
    """One resource that a template gives: one iteration of a loop, if it has one.

    Parameters
    ----------
    literal : dict
        As the template has it.
    keys : tuple
        Where that stands in the file.
    frame : Frame
        What its expressions are evaluated in.
    type : str
        Its whole type, of a child too.
    names : list of str
        A name for each part of the type.
    place : Place
        Where it goes; for a deployment, where its resources go.

    Raises
    ------
    UnsuitableError
        Where the names do not fit the type.
    """

    def __init__(  # noqa: PLR0913, PLR0917  # what a resource is
        self,
        literal: dict[str, Any],
        keys: Keys,
        frame: Frame,
        type: str,  # noqa: A002  # Azure's own word
        names: list[str],
        place: Place,
    ) -> None:
        self.literal = literal
        self.keys = keys
        self.frame = frame
        self.type = type
        self.names = names
        self.place = place
        self.id = resource_id(place.id, type, names)
        self._memory: dict[Any, Any] = {}

    @property
    def condition(self) -> Any:
        """True, False or unknown."""
        return once(self._memory, "condition", self._condition)

    def _condition(self) -> Any:
        value = self.frame.resolve(self.literal.get("condition", True))
        if isinstance(value, bool | Unknown):
            return value
        return _TRUTHS.get(str(value).lower(), unknown("no condition"))

    @property
    def deployed(self) -> bool:
        """Whether the template creates it, as far as the file says."""
        return self.literal.get("existing") is not True and self.condition is not False

    def properties(self) -> Any:
        """Its properties, evaluated."""

        def resolve() -> Any:
            return self.frame.resolve(self.literal.get("properties", {}))

        return once(self._memory, "properties", resolve)

    def beside(self) -> dict[str, Any]:
        """What it has beside its properties, evaluated."""
        present = [key for key in BESIDE if key in self.literal]
        return {key: self.frame.resolve(self.literal[key]) for key in present}

    def seen(self, *, full: bool) -> Any:
        """What ``reference`` gives: its properties, or all of it."""
        properties = self._seen()
        return Open(self.beside(), properties=properties) if full else properties

    def _seen(self) -> Any:
        if self.type.lower() != DEPLOYMENT:
            return opened(self.properties(), self.frame.scope.session.bounds)
        child = self.child()
        if child is None:
            raise UnsuitableError
        return Open(outputs=Open(child.outputs()))

    def child(self) -> Deployment | None:
        """The deployment that it is; None where its template is elsewhere."""
        found: Deployment | None = once(self._memory, "child", self._child)
        return found

    def _child(self) -> Deployment | None:
        properties = as_object(self.literal.get("properties")) or {}
        template = properties.get("template")
        if isinstance(template, str):
            template = self.frame.resolve(template)
        template = as_object(template)
        if template is None:
            link = as_object(self.frame.resolve(properties.get("templateLink"))) or {}
            whose = link.get("uri") or link.get("relativePath") or link.get("id")
            words = getattr(whose, "text", whose)
            reason = (
                f"its template is not in the file: {words}" if words else "no template"
            )
            self.frame.scope.session.note(reason, self.keys)
            return None
        frame = self._inside(properties, template)
        keys = (*self.keys, "properties", "template")
        return Deployment(template, keys, frame, self.place)

    def _inside(self, properties: dict[str, Any], template: dict[str, Any]) -> Frame:
        """What a nested template is evaluated in: its own names, or the outer ones."""
        options = self.frame.resolve(properties.get("expressionEvaluationOptions"))
        evaluated = (as_object(options) or {}).get("scope")
        if str(evaluated).lower() != "inner":
            return self.frame
        outer = self.frame.scope
        name = self.names[-1]
        given = given_values(self.frame.resolve(properties.get("parameters")))
        return Scope(
            outer.session,
            template,
            self.place,
            _own_name("[deployment().name]", name),
            given,
            f" of deployment {name}{outer.label}",
        ).frame


class Deployment:
    """A template with what it is evaluated in; its resources are there at once."""

    def __init__(
        self, template: dict[str, Any], keys: Keys, frame: Frame, place: Place
    ) -> None:
        self.template = template
        self.frame = frame
        self.session = frame.scope.session
        self.instances: list[Instance] = []
        for key, literal in _each(template.get("resources")):
            self._plant(literal, (*keys, "resources", key), frame, place, None)

    def walk(self) -> Iterator[Instance]:
        """Every resource that is deployed, those of nested deployments after theirs."""
        bounds = self.session.bounds
        for instance in self.instances:
            if not instance.deployed:
                continue
            yield instance
            child = instance.child() if instance.type.lower() == DEPLOYMENT else None
            if child is None:
                continue
            if not bounds.enter():
                self.session.note("nested too deeply", instance.keys)
                return
            yield from child.walk()
            bounds.leave()

    def outputs(self) -> dict[str, Any]:
        """What the template puts out, evaluated."""
        outputs = as_object(self.template.get("outputs")) or {}
        return {
            name: self._output(as_object(one) or {}) for name, one in outputs.items()
        }

    def _output(self, output: dict[str, Any]) -> dict[str, Any]:
        loop = as_object(output.get("copy"))
        if loop is not None:
            return {"value": self.frame.repeat(loop, "")}
        return {"value": self.frame.resolve(output.get("value"))}

    def _plant(
        self,
        literal: Any,
        keys: Keys,
        frame: Frame,
        place: Place,
        parent: Instance | None,
    ) -> None:
        """Add the resources that one literal gives, and their children."""
        fields = as_object(literal)
        kind = _type(fields, parent)
        if fields is None or kind is None:
            self.session.note("a resource without a type", keys)
        elif not self.session.bounds.enter():
            self.session.note("nested too deeply", keys)
        else:
            self.session.keys = keys
            for turn in self._turns(fields, kind, frame):
                self._add(fields, keys, turn, kind, place, parent)
            self.session.bounds.leave()

    def _turns(self, fields: dict[str, Any], kind: str, frame: Frame) -> list[Frame]:
        """A frame for each iteration of a resource's loop, or the one there is."""
        loop = as_object(fields.get("copy"))
        if loop is None:
            return [frame]
        name, count = frame.name(loop.get("name")), frame.count(loop)
        if not isinstance(count, Unknown):
            return [
                frame.looping(name, index).looping("", index) for index in range(count)
            ]
        if kind.lower() in self.session.wanted:
            self.session.note(f"how many copies there are is not settled: {count.text}")
        return []

    def _add(  # noqa: PLR0913, PLR0917  # what a resource is
        self,
        fields: dict[str, Any],
        keys: Keys,
        turn: Frame,
        kind: str,
        place: Place,
        parent: Instance | None,
    ) -> None:
        name = turn.name(fields.get("name"))
        if len(name) > LONGEST_ID:
            self.session.note(f"its name has more than {LONGEST_ID:,} characters")
            return
        names = _whole_name(name.split("/"), kind, parent)
        where = _place(fields, turn, place)
        try:
            instance = Instance(fields, keys, turn, kind, names, where)
        except UnsuitableError:
            if kind.lower() in self.session.wanted:
                self.session.note(f"its name {name} does not fit its type {kind}")
            return
        self._register(instance, keys)
        for key, child in _each(fields.get("resources")):
            self._plant(child, (*keys, "resources", key), turn, where, instance)

    def _register(self, instance: Instance, keys: Keys) -> None:
        """Make a resource known to references, by its symbol, its id and its name."""
        self.instances.append(instance)
        scope, registry = self.frame.scope, self.session.registry
        scope.instances.append(instance)
        self.session.count += 1
        if self.session.count > MOST_RESOURCES:
            message = f"more than {MOST_RESOURCES:,} resources"
            raise ExhaustedError(message)
        if instance.literal.get("existing") is not True:
            registry.setdefault(instance.id.lower(), []).append(instance)
        if isinstance(keys[-1], str):
            scope.symbols.setdefault(keys[-1].lower(), []).append(instance)


def _each(value: Any) -> list[tuple[object, Any]]:
    """Resources with their keys: of a list, or of an object of symbolic names."""
    mapping = as_object(value)
    if mapping is not None:
        return list(mapping.items())
    return list(enumerate(as_list(value) or []))


def _type(fields: dict[str, Any] | None, parent: Instance | None) -> str | None:
    kind = (fields or {}).get("type")
    if not isinstance(kind, str) or not kind:
        return None
    whole = "." in kind.split("/")[0]
    if parent is None:
        return kind if whole else None
    return kind if whole else f"{parent.type}/{kind}"


def _whole_name(names: list[str], kind: str, parent: Instance | None) -> list[str]:
    """A child may be named by its last part alone."""
    if parent is None or len(names) >= kind.count("/"):
        return names
    return [*parent.names, *names]


def _place(fields: dict[str, Any], frame: Frame, place: Place) -> Place:
    """Where a resource goes, if it says so itself."""
    if "subscriptionId" in fields:
        place = Place(_word(frame, fields["subscriptionId"]), None)
    if "resourceGroup" in fields:
        place = place._replace(group=_word(frame, fields["resourceGroup"]))
    match = _SCOPE.fullmatch(frame.name(fields.get("scope", "")))
    if match is None:
        return place
    group = match["group"] and _own_name("[resourceGroup().name]", match["group"])
    known = _own_name("[subscription().subscriptionId]", match["subscription"])
    return Place(known, group)


def _own_name(text: str, name: str) -> Any:
    """A name as a value: unknown if a part of it is."""
    return Unknown(text, name) if "<" in name else name


def _word(frame: Frame, value: Any) -> Any:
    word = frame.resolve(value)
    if isinstance(word, str | Unknown):
        return word
    return unknown(f"no name but a {type(word).__name__}")


def given_values(parameters: Any) -> dict[str, Any]:
    """Values of parameters as deployments give them, by names in lower case.

    Parameters
    ----------
    parameters : object
        The ``parameters`` of a parameters file or of a nested deployment.

    Examples
    --------
    >>> given_values({"vnetName": {"value": "hub"}})
    {'vnetname': 'hub'}
    """
    given: dict[str, Any] = {}
    for name, one in (as_object(parameters) or {}).items():
        holder = as_object(one)
        if holder is not None and "value" in holder:
            given[name.lower()] = holder["value"]
        elif holder is not None and "reference" in holder:
            given[name.lower()] = unknown(f"parameter '{name}' is in a key vault")
        else:
            text = getattr(one, "text", f"parameter '{name}' has no value")
            given[name.lower()] = unknown(text)
    return given
