"""How resources are named on az's command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ipplan.emitters.az.shell import Option, Variable, Word, command
from ipplan.emitters.resources import Keyed, Parameter, Ref

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ipplan.emitters.resources import Resource

GROUP = Variable("resource_group")
SUBSCRIPTION = Variable("subscription")


def id_of(resource: Resource) -> Word:
    """The id of a resource, as far as the plan knows it."""
    provider, *kinds = resource.kind.type.split("/")
    steps = zip(kinds, resource.names, strict=True)
    below = "".join(f"/{kind}/{name}" for kind, name in steps)
    subscription, group = _place(resource)
    last = f"/providers/{provider}{below}"
    return "/subscriptions/", subscription, "/resourceGroups/", group, last


def place(resource: Resource) -> Iterator[Option]:
    """The options that say where a resource is."""
    subscription, group = _place(resource)
    yield Option("subscription", subscription)
    yield Option("resource-group", group)


def _place(resource: Resource) -> tuple[Word, Word]:
    where = resource.place
    return where.subscription or SUBSCRIPTION, where.group or GROUP


def options(given: Mapping[str, Any], rows: Mapping[str, str]) -> Iterator[Option]:
    """Properties as options: a list is several words, and True and False are words."""
    for own, name in rows.items():
        if (value := given.get(own)) is not None:
            yield option(name, value)


def option(name: str, value: Any) -> Option:
    """An option with a value of a resource's."""
    if isinstance(value, list):
        return Option(name, values=tuple(map(_word, cast("list[Any]", value))))
    return Option(name, _word(value))


def _word(value: Any) -> Word:
    match value:
        case Ref():
            return Variable(value.resource.symbol)
        case Parameter():
            return Variable(value.snake)
        case Keyed():
            return Variable(value.key.snake)
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def unless_there(
    noun: str, names: Iterable[Option], more: Iterable[Option], verb: str = "create"
) -> str:
    """A command that makes something, run only where that is not there.

    What is made anew would lose what others put into it, or az refuses to make it.
    """
    keys = list(names)
    looks = command(f"az {noun} show", [*keys, Option("output", "none")])
    makes = command(f"az {noun} {verb}", [*keys, *more])
    return f"{looks} 2>/dev/null ||\n{makes}"
