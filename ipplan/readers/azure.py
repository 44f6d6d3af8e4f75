"""Resources as az, the ARM API and Resource Graph print them: three spellings."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from ipplan.errors import UnknownError
from ipplan.inventory.origins import is_resource_id, normal_id
from ipplan.readers.payloads import flat
from ipplan.readers.readings import (
    CLUSTER,
    PEERING,
    POOL,
    SUBNET,
    TYPES,
    VNET,
    Found,
    Page,
    Resource,
    Skipped,
    as_list,
    as_object,
    path,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.readers.readings import Content

EXPECTED = "JSON of az network vnet list, az aks list and the like"
"""What a file should be, in words."""

_TYPE = re.compile(r".*/providers/([^/]+)/(.+)")
_TOKENS = ("$skipToken", "skip_token", "skipToken")
_TOTALS = ("totalRecords", "total_records")
_MARKS = {
    "remoteVirtualNetwork": PEERING,
    "agentPoolProfiles": CLUSTER,
    "addressSpace": VNET,
    "addressPrefix": SUBNET,
    "addressPrefixes": SUBNET,
    "maxPods": POOL,
}
"""Fields that tell what a resource without a type is, the surest first."""


def knows(content: Content) -> bool:
    """Whether it can be a listing of resources: any JSON object or array can."""
    return isinstance(content.document, dict | list)


def read(content: Content) -> Found:
    """The networks and clusters of a listing, or the one resource that it shows.

    Raises
    ------
    UnknownError
        Where there are resources, and none of them is a network or a cluster.
    """
    resources: list[Resource] = []
    skipped: list[Skipped] = []
    for where, item in _items(content.document):
        fields = as_object(item)
        if fields is None:
            skipped.append(Skipped(where, f"not a resource: {type(item).__name__}"))
            continue
        kind = _type(flat(fields))
        if kind in TYPES:
            resources.append(_resource(kind, fields, where, content.file))
        else:
            skipped.append(Skipped(where, _other(kind)))
    if skipped and not resources:
        reason = f"no network or cluster in it; expected {EXPECTED}"
        raise UnknownError(content.file, [f": {reason}"])
    page = _page(as_object(content.document) or {}, resources)
    return Found(resources, skipped, [], settled=True, page=page)


def _other(kind: str) -> str:
    return f"{kind}, not a network or cluster" if kind else "not a network or cluster"


def _items(document: Any) -> Iterator[tuple[str, Any]]:
    """Each resource with its JSON path: of a list, of a page, or the one there is."""
    outer = as_object(document)
    if outer is None:
        yield from _numbered("", document)
        return
    for key in ("value", "data"):
        if as_list(outer.get(key)) is not None:
            yield from _numbered(f".{key}", outer[key])
            return
    table = as_object(outer.get("data"))
    if table is not None and as_list(table.get("rows")) is not None:
        yield from _rows(table)
    elif as_object(outer.get("responses")) is not None:
        yield from _responses(outer["responses"])
    elif as_object(outer.get("newVNet")) is not None:
        yield ".newVNet", outer["newVNet"]
    else:
        yield "", document


def _numbered(where: str, items: Any) -> Iterator[tuple[str, Any]]:
    for index, item in enumerate(as_list(items) or []):
        yield f"{where}[{index}]", item


def _rows(table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The rows of a Resource Graph table, each as an object."""
    columns = (
        [
            (as_object(each) or {}).get("name")
            for each in as_list(table["columns"]) or []
        ]
        if "columns" in table
        else []
    )
    for where, row in _numbered(".data.rows", table["rows"]):
        cells = as_list(row)
        yield where, row if cells is None else dict(zip(columns, cells, strict=False))


def _responses(responses: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The bodies of the answers in an example of the API's specification."""
    for code, response in responses.items():
        body = (as_object(response) or {}).get("body")
        if body is not None:
            start = path(["responses", code, "body"])
            yield from ((start + where, item) for where, item in _items(body))


def _type(fields: dict[str, Any]) -> str:
    """The type of a resource in lower case: stated, or by its id, or by its fields."""
    stated = fields.get("type")
    if isinstance(stated, str) and "/" in stated:
        return stated.lower()
    identity = fields.get("id")
    match = _TYPE.fullmatch(normal_id(identity)) if isinstance(identity, str) else None
    if match:
        return "/".join([match[1], *match[2].split("/")[::2]])
    return next((kind for mark, kind in _MARKS.items() if mark in fields), "")


def _resource(kind: str, fields: dict[str, Any], where: str, file: str) -> Resource:
    given = fields.get("id")
    identity = normal_id(given) if isinstance(given, str) else ""
    if kind == SUBNET and "currentValue" in fields:
        fields = {"usage": {"currentValue": fields["currentValue"]}}
    if is_resource_id(identity):
        return Resource(kind, identity, fields, where)
    return Resource(kind, _made_id(kind, fields, where, file), fields, where)


def _made_id(kind: str, fields: dict[str, Any], where: str, file: str) -> str:
    """An id for a resource that shows none: by its place, since names are no keys."""
    base = PurePath(file).name
    group = fields.get("resourceGroup") or f"<resource group of {base}{where}>"
    subscription = fields.get("subscriptionId") or f"<subscription of {base}>"
    space, *types = kind.split("/")
    names = [f"<{each} of {base}{where}>" for each in types[:-1]]
    names.append(str(fields.get("name") or f"<unnamed in {base}{where}>"))
    steps = [step for pair in zip(types, names, strict=True) for step in pair]
    return normal_id(
        f"/subscriptions/{subscription}/resourcegroups/{group}/providers/{space}/"
        + "/".join(steps)
    )


def _page(outer: dict[str, Any], resources: list[Resource]) -> Page | None:
    """What a page says of the others; None for what is no page."""
    if not any(as_list(outer.get(key)) is not None for key in ("value", "data")):
        return None
    link = outer.get("nextLink")
    truncated = str(outer.get("resultTruncated")).lower() == "true"
    types = {resource.type for resource in resources}
    total = next(
        (outer[key] for key in _TOTALS if isinstance(outer.get(key), int)), None
    )
    count = len(as_list(outer.get("value", outer.get("data"))) or [])
    return Page(
        frozenset(types),
        more=bool(link or truncated or any(outer.get(key) for key in _TOKENS))
        or (total or 0) > count,
        shown=count,
        total=total,
    )
