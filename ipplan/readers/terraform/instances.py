"""What a plan or a state lists: each instance of a resource, by its address."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.readers.readings import Skipped, as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Iterator

Key = int | str | None
"""What tells instances apart: of ``count`` a number, of ``for_each`` a string."""

Module = tuple[tuple[str, Key], ...]
"""A module's way from the root: the name and the key of each call."""

DEEPEST = 50
"""Modules within modules that are followed; Terraform's own estates have a handful."""

KEY = r'[0-9]{1,9}|"(?:[^"\\]|\\.)*"'
_CALL = re.compile(rf"module\.([\w-]+)(?:\[({KEY})\])?\.", re.DOTALL)
_OLDEST_STATE = 4
_GONE = {"delete", "forget"}


class Instance(NamedTuple):
    """One instance of a resource or data source.

    Parameters
    ----------
    address : str
        As Terraform writes it: ``module.net[0].azurerm_subnet.pods["a"]``.
    module : Module
        The module that it is in.
    mode : str
        ``managed`` or ``data``.
    type, name : str
        ``azurerm_subnet`` and ``pods``.
    key : int or str or None
        Its ``count.index`` or ``each.key``.
    values : dict
        Its attributes. One that is known after apply is not among them.
    unknown : dict
        True where an attribute is known after apply, in the shape of ``values``.
    where : str
        JSON path in the file.
    """

    address: str
    module: Module
    mode: str
    type: str
    name: str
    key: Key
    values: dict[str, Any]
    unknown: dict[str, Any]
    where: str


class Listed(NamedTuple):
    """All that a file lists: instances in its order, and what was passed over."""

    instances: list[Instance]
    skipped: list[Skipped]


def key_of(text: str | None) -> Key:
    """A key as it stands between brackets.

    Examples
    --------
    >>> key_of("3"), key_of('"a.b"'), key_of(None)
    (3, 'a.b', None)
    """
    if not text or not text.startswith('"'):
        return int(text) if text else None
    try:
        return str(json.loads(text, strict=False))
    except ValueError:
        return text[1:-1]


def module_of(address: str) -> Module:
    r"""The module of a resource's address.

    Examples
    --------
    >>> module_of('module.a.module.b["x"].azurerm_subnet.s[0]')
    (('a', None), ('b', 'x'))
    """
    calls: list[tuple[str, Key]] = []
    end = 0
    while match := _CALL.match(address, end):
        calls.append((match[1], key_of(match[2])))
        end = match.end()
    return tuple(calls)


def address_of(module: Module) -> str:
    """A module's address with a dot after it; nothing for the root.

    Examples
    --------
    >>> address_of((("a", None), ("b", "x")))
    'module.a.module.b["x"].'
    """
    return "".join(f"module.{name}{_bracketed(key)}." for name, key in module)


def listed(document: dict[str, Any]) -> Listed:
    """The instances of a plan or a state, each address once.

    A plan's planned values win over its changes; of its prior state only data sources
    count, for what they read is there and stays.
    """
    found: dict[str, Instance] = {}
    skipped: list[Skipped] = []
    changes = _changes(document)
    for where, item in _items(document, skipped):
        instance = _instance(where, item, changes)
        if isinstance(instance, Instance):
            found.setdefault(instance.address, instance)
        else:
            skipped.append(instance)
    return Listed(list(found.values()), skipped)


def _items(document: dict[str, Any], skipped: list[Skipped]) -> Iterator[Any]:
    """Each resource with its JSON path, from wherever this kind of file has them."""
    planned = as_object(document.get("planned_values"))
    if planned is not None:
        yield from _in_modules(planned, ".planned_values", skipped)
    elif "resource_changes" in document:
        yield from _changed(document)
    elif "values" in document:
        yield from _in_modules(document["values"], ".values", skipped)
    elif document.get("version") == _OLDEST_STATE:
        yield from _in_state(document)
    prior = as_object(document.get("prior_state")) or {}
    for where, item in _in_modules(prior.get("values"), ".prior_state.values", skipped):
        if (as_object(item) or {}).get("mode") == "data":
            yield where, item


def _in_modules(values: Any, where: str, skipped: list[Skipped]) -> Iterator[Any]:
    root = (as_object(values) or {}).get("root_module")
    waiting: list[tuple[str, Any, int]] = [(f"{where}.root_module", root, 0)]
    while waiting:
        where, value, depth = waiting.pop()
        module = as_object(value) or {}
        for index, item in enumerate(as_list(module.get("resources")) or []):
            yield f"{where}.resources[{index}]", item
        children = [
            (f"{where}.child_modules[{index}]", child, depth + 1)
            for index, child in enumerate(as_list(module.get("child_modules")) or [])
        ]
        if depth < DEEPEST:
            waiting.extend(reversed(children))
        elif children:
            reason = f"more than {DEEPEST} modules within each other"
            skipped.append(Skipped(f"{where}.child_modules", reason, broken=True))


def _changed(document: dict[str, Any]) -> Iterator[Any]:
    """What will be, where a plan says it by its changes alone."""
    for index, item in enumerate(as_list(document.get("resource_changes")) or []):
        change = as_object(item) or {}
        where = f".resource_changes[{index}]"
        if not change:
            yield where, item
        elif _stays(change):
            after = (as_object(change.get("change")) or {}).get("after")
            yield f"{where}.change.after", {**change, "values": after}


def deleted(document: dict[str, Any]) -> Iterator[str]:
    """Ids of what a plan deletes and does not make anew, as Terraform has them."""
    for entry in as_list(document.get("resource_changes")) or []:
        item = as_object(entry) or {}
        change = as_object(item.get("change")) or {}
        identity = (as_object(change.get("before")) or {}).get("id")
        managed = item.get("mode", "managed") == "managed" and not item.get("deposed")
        if (
            change.get("actions") == ["delete"]
            and managed
            and isinstance(identity, str)
        ):
            yield identity


def _stays(item: dict[str, Any]) -> bool:
    """Whether there is something of a change once it is applied."""
    if item.get("deposed"):
        return False
    actions = as_list((as_object(item.get("change")) or {}).get("actions")) or []
    return not actions or any(
        isinstance(action, str) and action not in _GONE for action in actions
    )


def _changes(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What is known after apply, by address."""
    unknown: dict[str, dict[str, Any]] = {}
    for entry in as_list(document.get("resource_changes")) or []:
        item = as_object(entry) or {}
        change = as_object(item.get("change")) or {}
        address = item.get("address")
        if isinstance(address, str) and _stays(item):
            after = as_object(change.get("after_unknown")) or {}
            unknown.setdefault(address, after)
    return unknown


def _in_state(document: dict[str, Any]) -> Iterator[Any]:
    """Instances of a raw state, as ``terraform show -json`` would list them."""
    for index, item in enumerate(as_list(document.get("resources")) or []):
        resource = as_object(item) or {}
        where = f".resources[{index}]"
        if not resource:
            yield where, item
        for number, entry in enumerate(as_list(resource.get("instances")) or []):
            instance = as_object(entry) or {}
            yield (
                f"{where}.instances[{number}].attributes",
                {
                    **resource,
                    "address": _state_address(resource, instance),
                    "index": instance.get("index_key"),
                    "values": instance.get("attributes"),
                    "deposed_key": instance.get("deposed"),
                },
            )


def _state_address(resource: dict[str, Any], instance: dict[str, Any]) -> str:
    module, kind, name = _words(resource, "module", "type", "name")
    start = f"{module}." if module else ""
    data = "data." if resource.get("mode") == "data" else ""
    return f"{start}{data}{kind}.{name}{_bracketed(instance.get('index_key'))}"


def _instance(
    where: str, item: Any, changes: dict[str, dict[str, Any]]
) -> Instance | Skipped:
    resource = as_object(item) or {}
    address, kind, name = _words(resource, "address", "type", "name")
    values = as_object(resource.get("values"))
    if not (address and kind and name):
        reason = "not a resource: it has no address, type or name"
        return Skipped(where, reason, broken=True)
    if resource.get("deposed_key"):
        return Skipped(where, f"{address} was replaced and waits to be destroyed")
    if values is None:
        return Skipped(where, f"{address} has no values", broken=True)
    key = resource.get("index")
    return Instance(
        address,
        module_of(address),
        "data" if resource.get("mode") == "data" else "managed",
        kind,
        name,
        key if isinstance(key, int | str) else None,
        values,
        changes.get(address, {}),
        where,
    )


def _words(item: dict[str, Any], *names: str) -> list[str]:
    """Some members of an object, empty where they are not text."""
    found = [item.get(name) for name in names]
    return [word if isinstance(word, str) else "" for word in found]


def _bracketed(key: object) -> str:
    if isinstance(key, str):
        return f"[{json.dumps(key)}]"
    return f"[{key}]" if isinstance(key, int) else ""
