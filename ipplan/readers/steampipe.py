"""Rows of Steampipe's Azure tables, as ``steampipe query --output json`` prints them.

Columns are in snake_case, and hold what ARM has in camelCase; in newer versions of
the plugin the pools of a cluster are in PascalCase.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.inventory.origins import name_of, normal_id
from ipplan.readers.readings import (
    CLUSTER,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SUBNET,
    TYPES,
    VNET,
    Content,
    Found,
    Resource,
    Skipped,
    Unresolved,
    as_list,
    as_object,
)
from ipplan.readers.spellings import camel, id_of, indexed, other, type_of, unsaid

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERAL_PREFIXES = Unresolved("azure_subnet shows one prefix, and none of several")
NO_SCALE_SETS = Unresolved("azure_subnet leaves out the addresses of scale sets")

_MARKS = frozenset(
    {"akas", "resource_group", "virtual_network_name", "network_peerings"}
    | {"address_prefixes", "agent_pool_profiles", "network_profile"}
)
_SPELLED = {"microsoft.network/subnets": SUBNET}
"""The one type that Steampipe spells otherwise than Azure."""

_KINDS = {
    "virtual_network_name": SUBNET,
    "address_prefixes": VNET,
    "network_peerings": VNET,
    "agent_pool_profiles": CLUSTER,
    "network_profile": CLUSTER,
}
"""Columns that tell the table of a row without type and id."""

_NEEDED = {
    VNET: {"address_prefixes": "addressSpace"},
    SUBNET: {"address_prefix": "addressPrefix"},
    CLUSTER: {
        "agent_pool_profiles": "agentPoolProfiles",
        "network_profile": "networkProfile",
    },
    SECURITY_GROUP: {"security_rules": "securityRules"},
    ROUTE_TABLE: {"routes": "routes"},
}
"""Columns without which a resource is half known, and the field they fill."""

_EXPECTED = {
    "subnets": "their subnets are not all known",
    "network_peerings": "their peerings are unknown",
}
"""Columns of azure_virtual_network, and what follows where a query left them out."""


def knows(content: Content) -> bool:
    """Whether this is JSON of rows with the columns of Steampipe's Azure tables."""
    rows = (as_object(row) for _, row in _rows(content.document))
    return any(row is not None and not _MARKS.isdisjoint(row) for row in rows)


def read(content: Content) -> Found:
    """Find networks and clusters in rows of ``azure_virtual_network`` and the like.

    Parameters
    ----------
    content : Content
        A list of rows, or since Steampipe 0.24 an object with ``columns`` and ``rows``.

    Returns
    -------
    Found
        Columns that a query left out are unresolved, or said in ``incomplete``.
    """
    found = Found([], [], [])
    missing: set[str] = set()
    for where, item in _rows(content.document):
        row = as_object(item)
        if row is None:
            found.skipped.append(Skipped(where, "not a row", broken=True))
            continue
        each = _resource(where, row, content.file)
        if isinstance(each, Skipped):
            found.skipped.append(each)
            continue
        found.resources.append(each)
        if each.type == VNET:
            missing |= _EXPECTED.keys() - row.keys()
    found.incomplete.extend(
        f"VNets without the column {column}: {follows}"
        for column, follows in _EXPECTED.items()
        if column in missing
    )
    return found


def _rows(document: Any) -> Iterator[tuple[str, object]]:
    outer = as_object(document) or {}
    rows = as_list(outer.get("rows")) if "columns" in outer else None
    if rows is not None:
        return indexed(rows, ".rows")
    return indexed(as_list(document) or ())


def _resource(where: str, row: dict[str, Any], file: str) -> Resource | Skipped:
    kind = _kind(row)
    if kind not in TYPES:
        return other(where, kind) if kind else Skipped(where, "no id and no type")
    identity = _text(row, "id")
    if not type_of(identity):
        identity = _id_of(kind, row, file)
        if not identity:
            return Skipped(where, f"a {kind} without id and names", broken=True)
    fields = {camel(column): value for column, value in row.items()}
    fields |= {
        field: Unresolved(f"no column {column}")
        for column, field in _NEEDED.get(kind, {}).items()
        if column not in row
    }
    fields["name"] = _text(row, "name") or name_of(identity)
    fields["location"] = row.get("location", row.get("region"))
    fields |= _SHAPED[kind](row) if kind in _SHAPED else {}
    return Resource(kind, normal_id(identity), fields, where)


def _text(row: dict[str, Any], column: str) -> str:
    value = row.get(column)
    return value if isinstance(value, str) else ""


def _kind(row: dict[str, Any]) -> str:
    stated = _text(row, "type").lower()
    told = (kind for column, kind in _KINDS.items() if column in row)
    kind = type_of(row.get("id")) or _SPELLED.get(stated, stated)
    return kind or next(told, "")


def _id_of(kind: str, row: dict[str, Any], file: str) -> str:
    """An id made of names; nothing where the row has not all of them."""
    parent = [_text(row, "virtual_network_name")] if kind == SUBNET else []
    names = [*parent, _text(row, "name")]
    if len(names) != kind.count("/") or not all(names):
        return ""
    subscription = _text(row, "subscription_id") or unsaid("subscription", file)
    group = _text(row, "resource_group") or unsaid("resource group", file)
    return id_of(kind, names, subscription, group)


def _vnet(row: dict[str, Any]) -> dict[str, Any]:
    fields = {"virtualNetworkPeerings": row.get("network_peerings")}
    if "address_prefixes" in row:
        fields["addressSpace"] = {"addressPrefixes": row["address_prefixes"]}
    return fields


def _subnet(row: dict[str, Any]) -> dict[str, Any]:
    """Name what azure_subnet does not show: several prefixes, and nodes in scale sets.

    It looks each IP configuration up as that of a network interface, and those of
    scale sets, which AKS nodes have, are not found there.
    """
    fields: dict[str, Any] = {}
    blank = "address_prefix" in row and row["address_prefix"] is None
    if blank and not row.get("address_prefixes"):
        fields["addressPrefix"] = SEVERAL_PREFIXES
    if "ip_configurations" in row:
        fields["ipConfigurations"] = NO_SCALE_SETS
    return fields


def _cluster(row: dict[str, Any]) -> dict[str, Any]:
    pools = as_list(row.get("agent_pool_profiles"))
    if pools is None:
        return {}
    objects = [as_object(pool) for pool in pools]
    return {
        "agentPoolProfiles": [
            given if pool is None else {camel(key): pool[key] for key in pool}
            for given, pool in zip(pools, objects, strict=True)
        ]
    }


_SHAPED = {VNET: _vnet, SUBNET: _subnet, CLUSTER: _cluster}
"""Fields that are not what their column is called."""
