"""azapi's resources: a body that is ARM's already, as an object or as JSON text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from ipplan.readers.readings import (
    CLUSTER,
    PEERING,
    POOL,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SUBNET,
    VNET,
    Unresolved,
    as_object,
)
from ipplan.readers.terraform.blocks import DEEPEST, set_only
from ipplan.readers.terraform.clusters import identity
from ipplan.readers.terraform.links import azapi_type

if TYPE_CHECKING:
    from ipplan.readers.terraform.blocks import Block

_UNSAID = {
    VNET: ("addressSpace",),
    SUBNET: ("addressPrefixes",),
    PEERING: ("remoteVirtualNetwork",),
    CLUSTER: ("agentPoolProfiles", "networkProfile"),
    POOL: ("count",),
    SECURITY_GROUP: ("securityRules",),
    ROUTE_TABLE: ("routes",),
}
"""What a body that can't be read leaves open."""


def resource(block: Block) -> dict[str, Any]:
    """An ``azapi_resource`` or ``azapi_update_resource``."""
    body = block.get("body")
    if isinstance(body, str):
        body = _decoded(body)
    own = {
        "name": block.get("name"),
        "location": block.get("location"),
        "identity": identity(block),
    }
    return {**_flat(body, block), **set_only(own)}


def merged(fields: dict[str, Any], update: dict[str, Any], depth: int = 0) -> Any:
    """Fields of a resource after an update of some of them."""
    found = dict(fields)
    for name, value in update.items():
        old, new = as_object(found.get(name)), as_object(value)
        deeper = old is not None and new is not None and depth < DEEPEST
        found[name] = merged(old or {}, new or {}, depth + 1) if deeper else value
    return found


def _flat(body: Any, block: Block) -> dict[str, Any]:
    """A body with its properties beside the rest of it."""
    if isinstance(body, Unresolved):
        return dict.fromkeys(_UNSAID.get(azapi_type(block.instance), ()), body)
    outer = dict(as_object(body) or {})
    inner = outer.pop("properties", None)
    if isinstance(inner, Unresolved):
        return {**outer, **_flat(inner, block)}
    return {**outer, **(as_object(inner) or {})}


def _decoded(body: str) -> Any:
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError:
        return Unresolved("a body that is not JSON")
