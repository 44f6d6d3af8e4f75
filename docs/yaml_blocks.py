"""What cog puts into the page on ipplan's own YAML: its keys, and what it refuses."""

from __future__ import annotations

import json
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

from blocks import table

from ipplan.errors import InventoryError
from ipplan.readers import plan
from ipplan.readers.layouts import read_layout_plan
from ipplan.readers.readings import Content

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADDRESS = "^[0-9A-Fa-f:.]+"
_RANGES = {"$": "address", "/[0-9]{1,3}$": "CIDR", "(/[0-9]{1,3})?$": "CIDR or address"}
"""How the patterns of ranges go on after an address, and what they are called."""


def keys() -> str:
    """Every key of the format: a table for the file, and one for each kind of entry."""
    schema = plan.plan_schema()
    return "\n\n".join(_tables(schema, schema, "The file"))


def layout_keys() -> str:
    """Every key of a plan of networks, but for those of entries that others have."""
    schema = plan.layout_schema()
    known = frozenset(plan.plan_schema()["$defs"])
    return "\n\n".join(_tables(schema, schema, "The file", known))


def _tables(
    schema: dict[str, Any],
    part: dict[str, Any],
    title: str,
    known: frozenset[str] = frozenset(),
) -> Iterator[str]:
    """The table of an entry, then those of the entries in it that are not known."""
    header = ("key", "value", "left out", "meaning")
    needed = part.get("required", [])
    rows = [
        (f"`{key}`", _value(field), _left_out(key, field, needed), field["description"])
        for key, field in part["properties"].items()
    ]
    yield f"### {title}\n\n{part['description']}\n\n{table(header, rows)}"
    homes: dict[str, list[str]] = {}
    for key, field in part["properties"].items():
        reference = field.get("items", field).get("$ref", "").rpartition("/")[2]
        if reference and reference not in known:
            homes.setdefault(reference, []).append(f"`{key}`")
    for name, names in homes.items():
        which = "An item of " if "items" in part["properties"][names[0][1:-1]] else ""
        inner = f"{which}{' and '.join(names)}"
        yield from _tables(schema, schema["$defs"][name], inner, known)


def _left_out(key: str, field: dict[str, Any], needed: list[str]) -> str:
    """What holds where a key is left out."""
    if key in needed:
        return "*needed*"
    default = field.get("default")
    return "" if default in (None, [], {}) else f"`{json.dumps(default)}`"


def _value(field: dict[str, Any]) -> str:
    """What a key takes, in words."""
    if "enum" in field:
        return " or ".join(f"`{word}`" for word in _spelled(field["enum"]))
    if "const" in field:
        return f"`{field['const']}`"
    if "items" in field:
        inner = field["items"]
        return f"list of {'entries' if '$ref' in inner else _value(inner)}"
    if "additionalProperties" in field:
        return f"names, each with a {_value(field['additionalProperties'])}"
    if field.get("pattern", "").startswith(_ADDRESS):
        return _RANGES[field["pattern"].removeprefix(_ADDRESS)]
    kinds = field.get("type", "object")
    every = cast("list[str]", kinds) if isinstance(kinds, list) else [kinds]
    return " or ".join(_NAMED.get(each, "keys with values") for each in every)


_NAMED = {"string": "text", "integer": "whole number", "boolean": "`true`, `false`"}
"""What types are called."""


def _spelled(words: list[str]) -> Iterator[str]:
    """Words of an enumeration, without those that are others in lower case."""
    others = {word.lower() for word in words if word != word.lower()}
    return (word for word in words if word not in others)


def refusals(text: str) -> str:
    """A file with mistakes, and what ipplan says of them."""
    try:
        plan.read(Content("on-premises.yaml", text))
    except InventoryError as error:
        return f"```text\n{text}```\n\n```text\n{error}\n```"
    message = "nothing is wrong with it"
    raise ValueError(message)


def layout_refusals(text: str) -> str:
    """A plan of networks with mistakes, and what ipplan says of them."""
    with TemporaryDirectory() as folder, chdir(folder):
        Path("shop.yaml").write_text(text, "utf-8")
        try:
            read_layout_plan("shop.yaml")
        except InventoryError as error:
            return f"```text\n{text}```\n\n```text\n{error}\n```"
    message = "nothing is wrong with it"
    raise ValueError(message)
