"""ARM templates: JSON that az, PowerShell and the portal deploy as it is.

A resource group other than that of the deployment gets nested deployments of its own,
one after another: each holds what stands next to each other in the order of deployment.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ipplan.emitters.deployments import deployment_of
from ipplan.emitters.resources import (
    HOME,
    LOCATION,
    Keyed,
    Parameter,
    Ref,
    batches,
    folded,
    nodes,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.emitters.resources import Folded, Place, Resource, Value
    from ipplan.layouts.results import Layout

SCHEMA = (
    "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
)
_HEAD = {"$schema": SCHEMA, "contentVersion": "1.0.0.0"}
_DEPLOYMENT = "Microsoft.Resources/deployments"
DEPLOYMENTS = "2024-03-01"
"""The API version of nested deployments."""


def emit(layout: Layout) -> str:
    """A template of all that a layout plans.

    Parameters
    ----------
    layout : Layout
        Of a plan, where everything found room.

    Returns
    -------
    str
        JSON in ASCII, with a newline at its end.

    Raises
    ------
    ArgumentError
        Where code can't say what is planned.
    """
    deployment = deployment_of(layout)
    home = deployment.home.group
    where = [f"Deploy into resource group {home}."] if home else []
    template = {
        **_HEAD,
        "metadata": {
            "plan": literal(deployment.name),
            "comments": [*where, *map(literal, deployment.comments)],
        },
        "parameters": {each.name: _declared(each) for each in deployment.parameters},
        "resources": [
            one
            for batch in _batches(folded(deployment.resources))
            for one in batch.resources(deployment.parameters)
        ],
    }
    return json.dumps(template, indent=2) + "\n"


def literal(text: str) -> str:
    """Text as no template takes it for an expression.

    Examples
    --------
    >>> literal("[concat('x')]"), literal("[old] hub")
    ("[[concat('x')]", '[old] hub')
    """
    return f"[{text}" if text.startswith("[") and text.endswith("]") else text


def _declared(parameter: Parameter) -> dict[str, Any]:
    default: dict[str, Any] = {}
    if parameter is LOCATION:
        default = {"defaultValue": "[resourceGroup().location]"}
    elif parameter.default is not None:
        default = {"defaultValue": parameter.default}
    described = {"metadata": {"description": parameter.description}}
    return {"type": parameter.type, **default, **described}


class Batch:
    """What goes into one resource group at one go.

    Parameters
    ----------
    number : int
        Of the batch, from 1.
    items : list of Folded
        Some of one resource group, each after all that it needs.
    done : mapping of Resource to Batch
        The batches of everything earlier, to which this adds its own.
    """

    def __init__(
        self, number: int, items: list[Folded], done: dict[Resource, Batch]
    ) -> None:
        self.place = items[0].resource.place
        self.name = f"ipplan-{number}"
        self.items = items
        self._done = done
        done.update((each.resource, self) for each in items)

    def resources(self, parameters: Iterable[Parameter]) -> list[dict[str, Any]]:
        """What a template has of it: its resources, or a nested deployment of them."""
        inside = [self._resource(each) for each in self.items]
        return [self._nested(inside, parameters)] if self.place != HOME else inside

    def _resource(self, item: Folded) -> dict[str, Any]:
        resource = item.resource
        fields: dict[str, Any] = {
            "type": resource.kind.type,
            "apiVersion": resource.kind.version,
            "name": literal("/".join(resource.names)),
            **self._object(resource.beside),
        }
        if resource.condition:
            fields["condition"] = self._value(resource.condition)
        if item.comments:
            fields["metadata"] = {"comments": [*map(literal, item.comments)]}
        if needs := self._needs([item]):
            fields["dependsOn"] = needs
        return {**fields, "properties": self._object(item.properties)}

    def _needs(self, items: list[Folded]) -> list[str]:
        """What items of the batch need, as far as it is told where they stand.

        Within a nested deployment that is what is in it too; the deployment itself
        waits for all the rest.
        """
        every = dict.fromkeys(need for item in items for need in item.needs)
        homes = self.place == HOME
        return list(
            dict.fromkeys(
                self._done[need].called(need, self.place)
                for need in every
                if homes or self._done[need] is self
            )
        )

    def called(self, resource: Resource, place: Place) -> str:
        """What a ``dependsOn`` has: a resource, or the nested deployment of it."""
        if self.place in {HOME, place}:
            return f"[{_id(resource, place)}]"
        return f"[{self._deployment()}]"

    def _deployment(self) -> str:
        words = [quoted(_DEPLOYMENT), quoted(self.name)]
        place = [quoted(each) for each in self.place if each]
        return f"resourceId({', '.join([*place, *words])})"

    def _nested(
        self, inside: list[dict[str, Any]], parameters: Iterable[Parameter]
    ) -> dict[str, Any]:
        """A deployment into another resource group."""
        every = (value for item in self.items for value in _values(item))
        used = {each for each in every if isinstance(each, Parameter)}
        passed = [each for each in parameters if each in used]
        subscription, group = self.place
        place = {"subscriptionId": subscription, "resourceGroup": group}
        waits = self._waits()
        return {
            "type": _DEPLOYMENT,
            "apiVersion": DEPLOYMENTS,
            "name": self.name,
            **{key: literal(each) for key, each in place.items() if each},
            **({"dependsOn": waits} if waits else {}),
            "properties": {
                "mode": "Incremental",
                "expressionEvaluationOptions": {"scope": "inner"},
                "parameters": _given(passed),
                "template": {
                    **_HEAD,
                    "parameters": _taken(passed),
                    "resources": inside,
                },
            },
        }

    def _waits(self) -> list[str]:
        """What a nested deployment waits for: whatever its items need besides them."""
        needs = dict.fromkeys(need for item in self.items for need in item.needs)
        others = [need for need in needs if self._done[need] is not self]
        every = (self._done[need].called(need, HOME) for need in others)
        return list(dict.fromkeys(every))

    def _object(self, fields: Mapping[str, Value]) -> dict[str, Any]:
        return {key: self._value(value) for key, value in fields.items()}

    def _value(self, value: Value) -> Any:
        if isinstance(value, Ref):
            return f"[{_id(value.resource, self.place)}]"
        if isinstance(value, Parameter):
            return f"[parameters('{value.name}')]"
        if isinstance(value, Keyed):
            return {f"[parameters('{value.key.name}')]": {}}
        if isinstance(value, str):
            return literal(value)
        if isinstance(value, list):
            return [self._value(each) for each in value]
        return self._object(value) if isinstance(value, Mapping) else value


def _batches(items: Iterable[Folded]) -> list[Batch]:
    done: dict[Resource, Batch] = {}
    return [
        Batch(number, batch, done) for number, batch in enumerate(batches(items), 1)
    ]


def _given(passed: list[Parameter]) -> dict[str, Any]:
    """What a nested deployment gives its template."""
    outer = {name: {"value": f"[{value}]"} for name, value in _OUTER.items()}
    return outer | {
        each.name: {"value": f"[parameters('{each.name}')]"} for each in passed
    }


def _taken(passed: list[Parameter]) -> dict[str, Any]:
    """What its template takes."""
    outer = {name: {"type": "string"} for name in _OUTER}
    return outer | {each.name: {"type": each.type} for each in passed}


def _values(item: Folded) -> Iterator[Value]:
    yield from nodes(item.properties)
    yield from values_of(item.resource)


_OUTER = {
    "homeSubscription": "subscription().subscriptionId",
    "homeResourceGroup": "resourceGroup().name",
}
"""What a nested deployment is told of the place of the whole."""


def _id(resource: Resource, place: Place) -> str:
    """The id of a resource, in a template that is deployed into a place."""
    where: list[str] = []
    if resource.place != place:
        subscription, group = resource.place
        if subscription or place != HOME:
            where.append(quoted(subscription, "homeSubscription"))
        where.append(quoted(group, "homeResourceGroup"))
    words = [resource.kind.type, *resource.names]
    return f"resourceId({', '.join([*where, *map(quoted, words)])})"


def quoted(text: str | None, otherwise: str = "") -> str:
    """Text as a string of an expression; where there is none, a parameter.

    Examples
    --------
    >>> quoted("it's"), quoted(None, "home")
    ("'it''s'", "parameters('home')")
    """
    if text is None:
        return f"parameters('{otherwise}')"
    return f"'{text.replace(chr(39), chr(39) * 2)}'"
