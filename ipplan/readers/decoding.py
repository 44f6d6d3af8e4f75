"""From resources in the ARM shape to nouns: children apart, each read by itself."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from ipplan.inventory.origins import (
    LONGEST_ID,
    Origin,
    is_resource_id,
    name_of,
    normal_id,
    parent_of,
)
from ipplan.readers import clusters, networks, outlets, traffic
from ipplan.readers.lines import lines
from ipplan.readers.payloads import flat, problems, settled, shown
from ipplan.readers.pools import PoolPayload
from ipplan.readers.readings import (
    CLUSTER,
    FIREWALL,
    INTERFACE,
    LOAD_BALANCER,
    NAT_GATEWAY,
    PEERING,
    POOL,
    PUBLIC_ADDRESS,
    PUBLIC_PREFIX,
    ROUTE,
    ROUTE_TABLE,
    SCALE_SET,
    SECURITY_GROUP,
    SECURITY_RULE,
    SUBNET,
    VNET,
    ZONE_LINK,
    Found,
    Resource,
    Skipped,
    as_list,
    as_object,
    path,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ipplan.inventory.merging import Parts
    from ipplan.inventory.origins import Evidence
    from ipplan.readers.payloads import Payload
    from ipplan.readers.readings import Content

CHILDREN = {"subnets": SUBNET, "virtualNetworkPeerings": PEERING}
"""Fields of a VNet that hold resources of their own."""

NOUNS: dict[str, tuple[str, Callable[..., Any]]] = {
    VNET: ("vnets", networks.vnet),
    SUBNET: ("subnets", networks.subnet),
    PEERING: ("peerings", networks.peering),
    CLUSTER: ("clusters", clusters.cluster),
    SECURITY_GROUP: ("security_groups", traffic.security_group),
    ROUTE_TABLE: ("route_tables", traffic.route_table),
    PUBLIC_ADDRESS: ("public_addresses", outlets.public_address),
    PUBLIC_PREFIX: ("public_addresses", outlets.public_address),
    FIREWALL: ("outlets", outlets.firewall),
    NAT_GATEWAY: ("outlets", outlets.nat_gateway),
    ZONE_LINK: ("zone_links", traffic.zone_link),
    INTERFACE: ("node_interfaces", traffic.interface),
    SCALE_SET: ("node_interfaces", traffic.scale_set),
    LOAD_BALANCER: ("load_balancers", traffic.load_balancer),
}
"""The part of the inventory that a type of resource becomes, and how it is read."""


class _Element(NamedTuple):
    """A resource of its own that is an element of a list of another."""

    parent: str
    field: str
    payload: type[Payload]


ELEMENTS = {
    POOL: _Element(CLUSTER, "agentPoolProfiles", PoolPayload),
    SECURITY_RULE: _Element(SECURITY_GROUP, "securityRules", traffic.RulePayload),
    ROUTE: _Element(ROUTE_TABLE, "routes", traffic.RoutePayload),
}
"""Resources that belong into others, by their type."""

_PARENTS = frozenset(each.parent for each in ELEMENTS.values())


class _Whole(NamedTuple):
    """A resource ready to be read: its fields beside each other, and settled."""

    resource: Resource
    fields: dict[str, Any]
    unresolved: tuple[str, ...]


def decode(found: Found, content: Content, parts: Parts) -> int:
    """Add the nouns of what was found to the parts; give back how many were read.

    What is broken is added to ``parts.skipped``, each with its JSON path and why.
    """
    problems_: list[Skipped] = []
    whole = _with_elements(_apart(found, problems_), problems_)
    places = {each.resource.where for each in whole}
    at = {} if content.document is None else lines(content.text, places)
    evidence: Evidence = "proposed" if found.proposed else "observed"
    read = 0
    for resource, fields, unresolved in whole:
        origin = Origin(content.file, resource.where, at.get(resource.where), evidence)
        try:
            _add(parts, resource, fields, unresolved, origin)
        except ValidationError as error:
            problems_.extend(problems(resource.where, error, resource.fields))
        else:
            read += 1
    parts.skipped += [*found.skipped, *problems_]
    return read


def _add(
    parts: Parts,
    resource: Resource,
    fields: dict[str, Any],
    unresolved: tuple[str, ...],
    origin: Origin,
) -> None:
    """Read one resource as the noun that it is."""
    if resource.type == POOL:
        pool = PoolPayload.model_validate(fields)
        noun = pool.noun(pool.allocation(), unresolved)
        parts.pools.append((parent_of(resource.id), noun, origin))
        return
    name, read = NOUNS[resource.type]
    getattr(parts, name).append(read(resource, fields, unresolved, origin))


def _apart(found: Found, told: list[Skipped]) -> Iterator[_Whole]:
    """Every resource, and every child as a resource of its own."""
    for resource in found.resources:
        if len(resource.id) > LONGEST_ID:
            reason = f"its id has more than {LONGEST_ID:,} characters"
            told.append(Skipped(resource.where, reason, broken=True))
            continue
        own = flat(resource.fields)
        if resource.type == VNET:
            for child in _children(resource, own, told):
                yield _whole(child, flat(child.fields), found)
            own = {key: value for key, value in own.items() if not _list_of(key, value)}
        yield _whole(resource, own, found)


def _list_of(key: str, value: object) -> bool:
    return key in CHILDREN and as_list(value) is not None


def _whole(resource: Resource, fields: dict[str, Any], found: Found) -> _Whole:
    unresolved: tuple[str, ...] = ()
    if not found.settled:
        fields, unresolved = settled(fields)
    elif resource.type == SUBNET and not fields.get("usage"):
        # A listing leaves out what is empty: a subnet without them has none.
        fields["ipConfigurations"] = fields.get("ipConfigurations") or []
    return _Whole(resource, fields, unresolved)


def _children(
    resource: Resource, own: dict[str, Any], told: list[Skipped]
) -> Iterator[Resource]:
    inner = as_object(resource.fields.get("properties")) or {}
    for key, kind in CHILDREN.items():
        start = resource.where + path(["properties", key] if key in inner else [key])
        for index, item in enumerate(as_list(own.get(key)) or []):
            where = f"{start}[{index}]"
            fields = as_object(item)
            if fields is None:
                told.append(
                    Skipped(where, f"not an object: {shown(item)}", broken=True)
                )
            else:
                yield Resource(
                    kind, _child_id(resource, fields, key, where), fields, where
                )


def _child_id(resource: Resource, fields: dict[str, Any], key: str, where: str) -> str:
    """Its own id, or one that is made of its parent's and its name."""
    given = fields.get("id")
    identity = normal_id(given) if isinstance(given, str) else ""
    if parent_of(identity) and is_resource_id(identity):
        return identity
    name = fields.get("name")
    unnamed = not isinstance(name, str) or not name or len(name) > LONGEST_ID
    last = f"<unnamed at {where}>" if unnamed else name
    return normal_id(f"{resource.id}/{key}/{last}")


def _with_elements(whole: Iterator[_Whole], told: list[Skipped]) -> list[_Whole]:
    """What stands beside its parent put into it: of pools its model rests on them."""
    found = list(whole)
    known = {
        (each.resource.type, each.resource.id)
        for each in found
        if each.resource.type in _PARENTS
    }
    elements: dict[tuple[str, str], list[_Whole]] = defaultdict(list)
    kept: list[_Whole] = []
    for each in found:
        element = ELEMENTS.get(each.resource.type)
        if element is None:
            kept.append(each)
        elif (home := (element.parent, _home(each))) not in known:
            _keep(each, kept, told)
        elif not (wrong := _wrong(each, element.payload)):
            elements[home].append(each)
        else:
            told.extend(wrong)
    if not elements:
        return kept
    return [_filled(each, elements.get(each.resource[:2], [])) for each in kept]


def _home(each: _Whole) -> str:
    """The id of what an element belongs to."""
    return each.resource.id.rpartition("/")[0].rpartition("/")[0]


def _keep(each: _Whole, kept: list[_Whole], told: list[Skipped]) -> None:
    """A pool is something without its cluster; one of many rules says nothing."""
    if each.resource.type == POOL:
        kept.append(each)
        return
    reason = f"part of {shown(name_of(_home(each)))}, which is not in the file"
    told.append(Skipped(each.resource.where, reason, broken=True))


def _wrong(each: _Whole, payload: type[Payload]) -> list[Skipped]:
    try:
        payload.model_validate(each.fields)
    except ValidationError as error:
        return list(problems(each.resource.where, error, each.resource.fields))
    return []


def _filled(each: _Whole, elements: list[_Whole]) -> _Whole:
    """A resource with more elements, and with what is not settled of them."""
    if not elements:
        return each
    field = ELEMENTS[elements[0].resource.type].field
    items = [*(as_list(each.fields.get(field)) or [])]
    names = {(as_object(item) or {}).get("name") for item in items}
    unresolved = list(each.unresolved)
    for element in elements:
        if element.fields.get("name") not in names:
            place = f"{field}[{len(items)}]"
            unresolved += [f"{place}.{text}" for text in element.unresolved]
            items.append(element.fields)
    return _Whole(each.resource, {**each.fields, field: items}, tuple(unresolved))
