"""Bicep: the resources of the ARM template, each with a symbol that the others use.

One file of Bicep deploys into one resource group. Where resources go into several, the
same file is deployed step by step: a parameter says which step, and what other steps
deploy is there already.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ipplan.emitters.deployments import deployment_of
from ipplan.emitters.resources import (
    LOCATION,
    Keyed,
    Parameter,
    Ref,
    batches,
    folded,
    nodes,
    values_of,
)
from ipplan.tables import OBEYED, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.emitters.resources import Deployment, Folded, Place, Resource, Value
    from ipplan.layouts.results import Layout

_STEP = Parameter("step", "int", "Which step this deployment is: 1, then 2, and so on.")
_GROUP = Parameter(
    "homeResourceGroup", "string", "The resource group of what the plan names none for."
)
_SUBSCRIPTION = Parameter(
    "homeSubscription", "string", "The subscription of what the plan names none for."
)
_INDENT = "  "
_QUOTES = "'''"


def emit(layout: Layout) -> str:
    """A Bicep file of all that a layout plans.

    Parameters
    ----------
    layout : Layout
        Of a plan, where everything found room.

    Returns
    -------
    str
        With a newline at its end.

    Raises
    ------
    ArgumentError
        Where code can't say what is planned.
    """
    return _File(deployment_of(layout)).text()


def text(value: str) -> str:
    r"""Text as a string of Bicep, in which nothing is interpolated.

    Quotes and backslashes are written by their numbers: so no parser, however simple,
    takes one for the end of the string.

    Examples
    --------
    >>> print(text("it's ${x}"), text("a" + chr(10)))
    'it\u{27}s \${x}' 'a\u{a}'
    """
    return f"'{''.join(map(_shown, value)).replace('${', chr(92) + '${')}'"


def _shown(char: str) -> str:
    plain = char not in "'\\" and unicodedata.category(char) not in OBEYED
    return char if plain else f"\\u{{{ord(char):x}}}"


class _File:
    """A file of Bicep, as it is written."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.items = folded(deployment.resources)
        steps = batches(self.items)
        self.places = [each[0].resource.place for each in steps]
        self.several = len(steps) > 1
        self.step = {
            item.resource: number
            for number, batch in enumerate(steps, 1)
            for item in batch
        }
        self.elsewhere: dict[Resource, None] = {}
        self.told: dict[Parameter, None] = {_STEP: None} if self.several else {}

    def text(self) -> str:
        """All of it."""
        resources = [self._resource(each) for each in self.items]
        there = [self._there(each) for each in self.elsewhere]
        comments = [*self._order(), *self.deployment.comments]
        parameters = [*self.told, *self.deployment.parameters]
        blocks = [
            [_comment(each) for each in comments],
            ["targetScope = 'resourceGroup'"],
            *map(_parameter, parameters),
            *there,
            *resources,
        ]
        return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"

    def _order(self) -> Iterator[str]:
        """Where to deploy it, and in which order."""
        if self.several:
            yield f"Deploy this file {len(self.places)} times, in this order:"
        for number, place in enumerate(self.places, 1):
            where = self._told_place(place)
            if self.several:
                yield f"step={number} into {where or _GROUP.name}"
            elif where:
                yield f"Deploy into {where}."

    def _told_place(self, place: Place) -> str:
        """A resource group in words; nothing where the plan says none."""
        home = self.deployment.home
        group = place.group or home.group
        subscription = place.subscription or home.subscription
        of = f" of subscription {subscription}" if subscription else ""
        return printable(f"resource group {group}{of}") if group else ""

    def _resource(self, item: Folded) -> list[str]:
        """A resource with what to know of it above."""
        resource = item.resource
        head = f"resource {resource.camel} {_type(resource)}"
        comments = [*map(_comment, item.comments)]
        if resource.existing:
            return [*comments, f"{head} existing = {{", *self._where(resource), "}"]
        inside = {**resource.beside, "properties": item.properties}
        number = self.step[resource]
        return [
            *comments,
            f"{head} = {self._condition(resource)}{{",
            *self._name(resource, number),
            *self._members(inside, _INDENT, number),
            *self._after(item, number),
            "}",
        ]

    def _condition(self, resource: Resource) -> str:
        tests = [resource.condition.name] if resource.condition else []
        if self.several:
            tests.append(f"{_STEP.name} == {self.step[resource]}")
        return f"if ({' && '.join(tests)}) " if tests else ""

    def _there(self, resource: Resource) -> list[str]:
        """What another step deploys, as this one finds it."""
        head = f"resource {_elsewhere(resource)} {_type(resource)} existing = {{"
        return [head, *self._where(resource), "}"]

    def _where(self, resource: Resource) -> Iterator[str]:
        """The name of what is there, and what it is in."""
        yield from self._name(resource, 0)
        if not resource.parent and (self.several or resource.place not in self.places):
            yield f"{_INDENT}scope: resourceGroup({self._scope(resource.place)})"

    def _scope(self, place: Place) -> str:
        """A resource group, from wherever that is said."""
        words = [text(place.group) if place.group else self._told(_GROUP)]
        if place.subscription:
            words.insert(0, text(place.subscription))
        elif any(each.subscription for each in self.places):
            words.insert(0, self._told(_SUBSCRIPTION))
        return ", ".join(words)

    def _told(self, parameter: Parameter) -> str:
        self.told[parameter] = None
        return parameter.name

    def _name(self, resource: Resource, number: int) -> Iterator[str]:
        if resource.parent:
            yield f"{_INDENT}parent: {self._symbol(resource.parent, number)}"
        yield f"{_INDENT}name: {text(resource.name)}"

    def _symbol(self, resource: Resource, number: int) -> str:
        """What a resource is called in a step, where it may be there already."""
        if resource.existing or self.step[resource] == number:
            return resource.camel
        self.elsewhere[resource] = None
        return _elsewhere(resource)

    def _after(self, item: Folded, number: int) -> list[str]:
        """What must be there before in the same step, and is not referred to."""
        values = [*nodes(item.properties), *values_of(item.resource)]
        named = [each.resource for each in values if isinstance(each, Ref)]
        known = {item.resource.parent, *named, *(each.parent for each in named)}
        rest = [each for each in item.needs if each not in known]
        lines = [
            f"{_INDENT * 2}{each.camel}" for each in rest if self.step[each] == number
        ]
        return [f"{_INDENT}dependsOn: [", *lines, f"{_INDENT}]"] if lines else []

    def _members(
        self, fields: Mapping[str, Value], indent: str, number: int
    ) -> Iterator[str]:
        """A line a member, or several."""
        for key, value in fields.items():
            first, *rest = self._value(value, indent, number)
            yield f"{indent}{key}: {first}"
            yield from rest

    def _value(self, value: Value, indent: str, number: int) -> list[str]:
        """A value, its first line without an indent."""
        deeper = indent + _INDENT
        if isinstance(value, Mapping):
            members = list(self._members(value, deeper, number))
            return ["{", *members, f"{indent}}}"] if members else ["{}"]
        if isinstance(value, list):
            items = [self._value(each, deeper, number) for each in value]
            lines = [line for first, *rest in items for line in (deeper + first, *rest)]
            return ["[", *lines, f"{indent}]"] if lines else ["[]"]
        if isinstance(value, Keyed):
            return ["{", f"{deeper}'${{{value.key.name}}}': {{}}", f"{indent}}}"]
        if isinstance(value, Ref):
            return [self._id(value.resource, number)]
        return [_word(value)]

    def _id(self, resource: Resource, number: int) -> str:
        """The id of a resource; a subnet within its VNet has no symbol."""
        if resource.inline and resource.parent:
            end = text(f"/subnets/{resource.name}")[1:]
            return f"'${{{self._symbol(resource.parent, number)}.id}}{end}"
        return f"{self._symbol(resource, number)}.id"


def _elsewhere(resource: Resource) -> str:
    """What is called so is no other's symbol, as those have no underscores."""
    return f"{resource.camel}_there"


def _type(resource: Resource) -> str:
    return text(f"{resource.kind.type}@{resource.kind.version}")


def _comment(line: str) -> str:
    """A line of comment, without what some parsers take for a string's start."""
    return f"// {line.replace(_QUOTES, '...')}"


def _parameter(parameter: Parameter) -> list[str]:
    default = ""
    if parameter is LOCATION:
        default = " = resourceGroup().location"
    elif parameter.default is not None:
        default = f" = {_word(parameter.default)}"
    return [
        f"@description({text(parameter.description)})",
        f"param {parameter.name} {parameter.type}{default}",
    ]


def _word(value: str | int | Parameter) -> str:
    if isinstance(value, Parameter):
        return value.name
    return text(value) if isinstance(value, str) else str(value).lower()
