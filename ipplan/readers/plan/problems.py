"""What is wrong with a file of ipplan's own YAML, in lines that people can act on."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, cast

from ipplan.readers.payloads import MOST_PROBLEMS, shown
from ipplan.readers.plan.entries import PlanFile, schema_of
from ipplan.readers.plan.trees import brief
from ipplan.readers.readings import path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import ValidationError

    from ipplan.readers.plan.trees import Loc, Tree

_SAID = {
    "bool_type": "expected true or false",
    "dict_type": "expected keys with values",
    "int_type": "expected a whole number",
    "list_type": "expected a list, with - before each item or [ ] around them",
    "missing": "is missing",
    "model_type": "expected keys with values",
    "string_type": "expected text",
    "string_unicode": "expected text that is Unicode",
    "too_short": "too few items",
    "too_long": "too many items",
}
"""Messages for pydantic's types of errors; others have good ones of their own."""

_OF_A_LAYOUT: dict[Loc, str] = {
    ("name",): "is of a plan with networks, which ipplan layout lays out",
    ("existing",): "is of a plan with networks, which ipplan layout lays out",
    ("networks",): "is laid out and checked by ipplan layout: give its lock file, and "
    "keep address_pools in a file of their own, which the plan names under existing; "
    "ipplan map and ipplan report take the plan by its file's name, and alone",
}
"""What is said of keys that only plans of networks have."""

_BESIDE_NETWORKS = [("name",), ("existing",)]
"""Those of which nothing more is said where a file has networks."""

_PEERINGS = "peerings stand at the top of the file, as peerings: [{between: [a, b]}]"

_SYNONYMS = {
    "peered_with": _PEERINGS,
    "peers": _PEERINGS,
    "peer_with": _PEERINGS,
    "peering": _PEERINGS,
    "peerings": _PEERINGS,
}
"""What people write in entries, and where that stands instead."""

_Found = tuple[int, "Loc", str | dict[str, Any]]
"""A problem: its line, the way to it, and what it is."""


def problems(
    tree: Tree, error: ValidationError | None, file: type[PlanFile] = PlanFile
) -> list[str]:
    """What is wrong, a line each, as an InventoryError has its problems.

    Parameters
    ----------
    tree : Tree
        With what was refused in it already.
    error : ValidationError or None
        What its entries are not.
    file : type of PlanFile
        What it was to be.
    """
    refused = {each.loc for each in tree.problems}
    errors = error.errors(include_url=False, include_context=False) if error else []
    if file is PlanFile and ("networks",) in {each["loc"] for each in errors}:
        errors = [each for each in errors if each["loc"] not in _BESIDE_NETWORKS]
    found: list[_Found] = [
        (each.line, each.loc, each.message) for each in tree.problems
    ]
    found += [
        (_line(tree, each["loc"]), each["loc"], cast("dict[str, Any]", each))
        for each in errors
        if each["loc"] not in refused
    ]
    found.sort(key=lambda each: each[0])
    lines = [_told(tree, file, *each) for each in found[:MOST_PROBLEMS]]
    more = len(found) - len(lines)
    return [*lines, f": and {more} more"] if more else lines


def _line(tree: Tree, loc: Loc) -> int:
    """The line of a value; of what is missing, that of where it should be."""
    while loc not in tree.lines:
        loc = loc[:-1]
    return tree.lines[loc]


def _told(
    tree: Tree, file: type[PlanFile], line: int, loc: Loc, what: str | dict[str, Any]
) -> str:
    steps = (each if isinstance(each, int) else brief(each) for each in loc)
    where = path(steps).lstrip(".")
    text = what if isinstance(what, str) else _message(tree, file, loc, what)
    return f" line {line}:{f' {where}:' if where else ''} {text}"


def _message(tree: Tree, file: type[PlanFile], loc: Loc, error: dict[str, Any]) -> str:
    kind: str = error["type"]
    value: object = error["input"]
    if kind == "extra_forbidden":
        return _OF_A_LAYOUT.get(loc) or _unknown(loc, _keys(file, loc[:-1]))
    own: str = (
        error["msg"].removeprefix("Value error, ").replace("Input should", "must")
    )
    message = _SAID.get(kind, own)
    if (kind, loc) == ("missing", ("networks",)):
        return "is missing: there is nothing to lay out"
    if kind == "missing" or _is_of_an_entry(kind, value):
        return message
    written = brief(tree.texts.get(loc, ""))
    if kind == "string_type" and written:
        return f'{message}, got {written}: write "{written}" in quotes'
    return f"{message}, got {written or shown(value)}"


def _is_of_an_entry(kind: str, value: object) -> bool:
    """Whether a check of a whole entry or list speaks: it names the value itself."""
    return kind == "value_error" and isinstance(value, dict | list)


def _unknown(loc: Loc, keys: Sequence[str]) -> str:
    """What to write in place of a key that there is not."""
    key = str(loc[-1]).lower()
    close = get_close_matches(key, keys, 1)
    if close:
        return f"unknown key: did you mean {close[0]}?"
    if key in _SYNONYMS:
        return f"unknown key: {_SYNONYMS[key]}"
    return f"unknown key: there are {', '.join(keys)}"


def _keys(file: type[PlanFile], loc: Loc) -> list[str]:
    """The keys that an entry may have."""
    whole = part = schema_of(file)
    for step in loc:
        part = part["items"] if isinstance(step, int) else part["properties"][step]
        if "$ref" in part:
            part = whole["$defs"][part["$ref"].rpartition("/")[2]]
    return list(part["properties"])
