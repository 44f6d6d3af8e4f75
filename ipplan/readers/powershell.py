"""What PowerShell exports: Export-AzRuleData, and cmdlets piped to ConvertTo-Json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeGuard

from ipplan.inventory.origins import name_of, normal_id
from ipplan.readers.readings import (
    CLUSTER,
    TYPES,
    VNET,
    Content,
    Found,
    Resource,
    Skipped,
    Unresolved,
    as_list,
    as_object,
    step,
)
from ipplan.readers.spellings import (
    camel,
    id_of,
    indexed,
    is_cut_off,
    other,
    type_of,
    unsaid,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CUT_OFF = Unresolved("cut off by ConvertTo-Json; use -Depth 10")
"""In place of a value of which only the type was written."""

NOT_EXPANDED = Unresolved("not in the file; use Get-AzResource -ExpandProperties")
"""In place of the properties of a resource that was listed without them."""

DEEPEST = 50
"""Levels of a resource that are read; Azure's own have about fifteen. [levels]"""

LISTS = frozenset(
    {
        "addressPrefixes",
        "agentPoolProfiles",
        "applicationGatewayIPConfigurations",
        "availabilityZones",
        "delegations",
        "destinationAddressPrefix",
        "destinationPortRange",
        "dnsServers",
        "ipConfigurations",
        "ipFamilies",
        "podCidrs",
        "serviceCidrs",
        "serviceEndpoints",
        "sourceAddressPrefix",
        "subnets",
        "virtualNetworkPeerings",
    }
)
"""What ConvertTo-Json, at its depth, writes as words with blanks between them."""

_MARKS = ("ResourceId", "ResourceType", "AddressSpace", "AgentPoolProfiles")
_UNREAD = frozenset({"tag", "tags", "tagsTable", "resources"})
_NAMES = {"peeredRemoteAddressSpace": "remoteAddressSpace"}
_KINDS = {"addressSpace": VNET, "agentPoolProfiles": CLUSTER}


def knows(content: Content) -> bool:
    """Whether this is JSON whose outermost names are in PascalCase, as PowerShell's."""
    objects = (as_object(item) for _, item in _items(content.document))
    return any(
        any(mark in each for mark in _MARKS) or type_of(each.get("Id"))
        for each in objects
        if each is not None
    )


def read(content: Content) -> Found:
    """Find networks and clusters, also in the ``resources`` of others.

    Parameters
    ----------
    content : Content
        What ``Export-AzRuleData``, ``Get-AzResource``, ``Get-AzVirtualNetwork`` or
        ``Get-AzAksCluster`` gave, as JSON.

    Returns
    -------
    Found
        A value that ConvertTo-Json cut off is unresolved, unless the text beside it
        (``SubnetsText`` for ``Subnets``) has it whole.
    """
    found = Found([], [], [])
    waiting = list(_items(content.document))[::-1]
    while waiting:
        where, item = waiting.pop()
        outer = as_object(item)
        if outer is None:
            found.skipped.append(Skipped(where, "not an object", broken=True))
            continue
        waiting += [
            (f"{where}{step(key)}{path}", child)
            for key in ("resources", "Resources")
            for path, child in indexed(as_list(outer.get(key)) or ())
        ][::-1]
        each = _resource(where, outer, content.file)
        if isinstance(each, Resource):
            found.resources.append(each)
        else:
            found.skipped.append(each)
    return found


def _items(document: Any) -> Iterator[tuple[str, object]]:
    """Each object with its JSON path: of a list, or the one there is."""
    wrapped = _unwrapped(document)
    items = as_list(wrapped)
    if items is None:
        return iter([("", document)])
    return indexed(items, "" if wrapped is document else ".value")


def _unwrapped(value: Any) -> Any:
    """A list out of the object in which Windows PowerShell may put it."""
    outer = as_object(value)
    return outer["value"] if outer and outer.keys() == {"value", "Count"} else value


def _resource(where: str, outer: dict[str, Any], file: str) -> Resource | Skipped:
    envelope = _object(outer, 0)
    fields = _flat(envelope)
    identity = _text(envelope, "resourceId", "id")
    kind = type_of(identity) or _kind(envelope, fields)
    name = _text(envelope, "name", "resourceName") or name_of(identity)
    if kind not in TYPES:
        return other(where, kind) if kind else Skipped(where, "no id and no type")
    if not type_of(identity):
        identity = _id_of(kind, name, envelope, file)
        if not identity:
            return Skipped(where, f"a {kind} without id and name", broken=True)
    fields["name"] = name_of(name)
    return Resource(kind, normal_id(identity), fields, where)


def _flat(envelope: dict[str, Any]) -> dict[str, Any]:
    """The fields of a resource, with its properties beside its name."""
    properties = envelope.get("properties")
    inner = as_object(properties)
    if inner is not None:
        outer = {key: each for key, each in envelope.items() if key != "properties"}
        return {**outer, **inner}
    listed = properties is None and "resourceType" in envelope
    return {**envelope, "properties": NOT_EXPANDED} if listed else envelope


def _text(fields: dict[str, Any], *names: str) -> str:
    """The first of these fields that is text."""
    texts = (fields.get(name) for name in names)
    return next((each for each in texts if each and type(each) is str), "")


def _kind(envelope: dict[str, Any], fields: dict[str, Any]) -> str:
    """The type as it is stated, or as what only one type has tells it."""
    stated = _text(envelope, "resourceType", "type").lower()
    told = (kind for name, kind in _KINDS.items() if name in fields)
    return stated or next(told, "")


def _id_of(kind: str, name: str, envelope: dict[str, Any], file: str) -> str:
    """An id made of names, where there are as many as the type has parts."""
    names = name.split("/")
    if len(names) != kind.count("/") or not all(names):
        return ""
    subscription = _text(envelope, "subscriptionId") or unsaid("subscription", file)
    group = _text(envelope, "resourceGroupName", "resourceGroup")
    return id_of(kind, names, subscription, group or unsaid("resource group", file))


def _value(value: Any, depth: int) -> Any:
    """A value with ARM's names in it, and words where it was cut off."""
    value = _unwrapped(value)
    inner, items = as_object(value), as_list(value)
    if (inner or items) and depth > DEEPEST:
        return Unresolved(f"nested in more than {DEEPEST} levels")
    if inner is not None:
        return _object(inner, depth)
    if items is not None:
        return [_value(each, depth + 1) for each in items]
    return CUT_OFF if isinstance(value, str) and is_cut_off(value) else value


def _object(outer: dict[str, Any], depth: int) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key, given in outer.items():
        name = camel(key)
        name = _NAMES.get(name, name)
        # PSRule writes "Sku": null beside "sku": {...}.
        if name in _UNREAD or (given is None and name in fields):
            continue
        whole = given if depth else _whole(given, outer.get(f"{key}Text"))
        value = _value(whole, depth + 1)
        fields[name] = value.split() if _is_words(name, value) else value
    prefix = fields.get("addressPrefix")
    if isinstance(prefix, str) and " " in prefix:
        prefix = prefix.split()
    if isinstance(prefix, list):
        fields["addressPrefixes"] = prefix
        del fields["addressPrefix"]
    return fields


def _is_words(name: str, value: object) -> TypeGuard[str]:
    """Whether this is a list that was written as one text."""
    return name in LISTS and isinstance(value, str)


def _whole(value: Any, text: object) -> Any:
    """A value, or what the text beside it says where it was cut off."""
    if not isinstance(text, str) or not _has_cuts(value, 0):
        return value
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return value


def _has_cuts(value: Any, depth: int) -> bool:
    if isinstance(value, str):
        return is_cut_off(value)
    inner = as_object(value)
    parts = list(inner.values()) if inner is not None else as_list(value) or ()
    return depth < DEEPEST and any(_has_cuts(each, depth + 1) for each in parts)
