"""Terraform's names for resources and parameters, and what all blocks share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from ipplan.emitters.resources import (
    CLUSTER,
    NAT_GATEWAY,
    PEERING,
    PUBLIC_ADDRESS,
    PUBLIC_PREFIX,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SUBNET,
    VNET,
    ZONE,
    ZONE_LINK,
    Parameter,
    Ref,
)
from ipplan.emitters.terraform.hcl import Block, Expression, Value, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ipplan.emitters.resources import Resource

TYPES = {
    SECURITY_GROUP: "azurerm_network_security_group",
    ROUTE_TABLE: "azurerm_route_table",
    PUBLIC_ADDRESS: "azurerm_public_ip",
    PUBLIC_PREFIX: "azurerm_public_ip_prefix",
    NAT_GATEWAY: "azurerm_nat_gateway",
    VNET: "azurerm_virtual_network",
    SUBNET: "azurerm_subnet",
    PEERING: "azurerm_virtual_network_peering",
    ZONE: "azurerm_private_dns_zone",
    ZONE_LINK: "azurerm_private_dns_zone_virtual_network_link",
    CLUSTER: "azurerm_kubernetes_cluster",
}
"""azurerm's types, by Azure's."""

GROUP = "resource_group_name"
"""The variable for the group that everything is deployed into."""

CURRENT = "azurerm_client_config.current"
"""The data source that knows the subscription."""

_PARENTS = {VNET: "virtual_network_name", ZONE: "private_dns_zone_name"}
"""How a resource names its parent."""


def alias(subscription: str) -> str:
    """The name of the provider for another subscription.

    >>> alias("00000000-0000-0000-0000-00000000000A")
    'subscription_00000000_0000_0000_0000_00000000000a'
    """
    return "subscription_" + re.sub(r"\W", "_", subscription.lower(), flags=re.ASCII)


def address(resource: Resource, kind: str = "") -> str:
    """What references call a resource, or another one that was made for it."""
    data = "data." if resource.existing else ""
    one = "[0]" if resource.condition and not kind else ""
    return f"{data}{kind or TYPES[resource.kind]}.{resource.symbol}{one}"


def group_id(resource: Resource) -> Expression:
    """The id of a resource's group, made of names, so that it is known in a plan."""
    return Expression(f'"{_group_id(resource)}"')


def id_of(resource: Resource) -> Expression:
    """The id of a resource, made of names likewise."""
    provider, *kinds = resource.kind.type.split("/")
    steps = zip(kinds, resource.names, strict=True)
    below = "".join(f"/{kind}/{name}" for kind, name in steps)
    last = quoted(f"/providers/{provider}{below}")[1:]
    return Expression(f'"{_group_id(resource)}{last}')


def _group_id(resource: Resource) -> str:
    where = resource.place
    subscription = (
        quoted(where.subscription or "")[1:-1] or f"${{data.{CURRENT}.subscription_id}}"
    )
    group = quoted(where.group)[1:-1] if where.group else f"${{var.{GROUP}}}"
    return f"/subscriptions/{subscription}/resourceGroups/{group}"


def value(given: Any) -> Value | None:
    """A property as an attribute's value."""
    match given:
        case Ref():
            return Expression(f"{address(given.resource)}.id")
        case Parameter():
            return Expression(f"var.{given.snake}")
        case list():
            items = cast("list[Any]", given)
            return [one for each in items if (one := value(each)) is not None]
        case _:
            return cast("Value | None", given)


def attributes(
    given: Mapping[str, Any], rows: Mapping[str, str]
) -> dict[str, Value | None]:
    """Properties under azurerm's names for them."""
    return {name: value(given.get(own)) for own, name in rows.items()}


def block(
    resource: Resource,
    own: Mapping[str, Value | None],
    blocks: Sequence[Block] = (),
    after: Iterable[str] = (),
) -> Block:
    """A resource's block, with all that every resource says."""
    given = {
        **meta(resource),
        "name": resource.name,
        **_place(resource),
        **own,
        "depends_on": waits(resource, after),
    }
    return Block(_head("resource", resource), given, blocks, resource.comments)


def waits(resource: Resource, after: Iterable[str]) -> Value | None:
    """What must be there first, though no attribute names it."""
    every = dict.fromkeys([*map(address, resource.after), *after])
    return [Expression(each) for each in every] or None


def joined(
    kind: str,
    resource: Resource,
    number: int,
    own: Mapping[str, Value | None],
    blocks: Sequence[Block] = (),
) -> Block:
    """Another resource of azurerm's that was made for one, the first or a later one."""
    symbol = resource.symbol if number == 1 else f"{resource.symbol}_{number}"
    head = f"resource {quoted(kind)} {quoted(symbol)}"
    return Block(head, {**meta(resource), **own}, blocks)


def ignoring(attribute: str) -> Block:
    """That a value is set once, and kept whatever becomes of it then."""
    return Block("lifecycle", {"ignore_changes": Expression(f"[{attribute}]")})


def observed(resource: Resource) -> Block:
    """The data source for what exists."""
    given = {**meta(resource), "name": resource.name, **_place(resource)}
    return Block(_head("data", resource), given)


def _head(word: str, resource: Resource) -> str:
    return f"{word} {quoted(TYPES[resource.kind])} {quoted(resource.symbol)}"


def meta(resource: Resource, by: str = "azurerm") -> dict[str, Value | None]:
    """By which provider it is deployed, and whether it is."""
    condition = resource.condition
    wanted = f"var.{condition.snake} ? 1 : 0" if condition else ""
    return {
        **provider(resource, by),
        "count": Expression(wanted) if wanted else None,
    }


def provider(resource: Resource, by: str) -> dict[str, Value | None]:
    """The provider for another subscription."""
    other = resource.place.subscription
    return {"provider": Expression(f"{by}.{alias(other)}") if other else None}


def _place(resource: Resource) -> dict[str, Value | None]:
    """Its resource group, and its parent."""
    parent = resource.parent
    if parent is None:
        group = resource.place.group
        return {GROUP: group or Expression(f"var.{GROUP}")}
    above = address(parent)
    return {
        GROUP: Expression(f"{above}.{GROUP}"),
        _PARENTS[parent.kind]: Expression(f"{above}.name"),
    }
