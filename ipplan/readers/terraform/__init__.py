"""Terraform: plans and states as ``terraform show -json`` prints them, and raw states.

What comes out are azurerm's and azapi's networks, clusters and what steers their
traffic, in the shape of the ARM API. Ids that are known after apply are made from
names, and links from references.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.errors import InventoryError
from ipplan.inventory.origins import normal_id
from ipplan.readers.readings import (
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
from ipplan.readers.terraform import azapi, clusters, networks, traffic
from ipplan.readers.terraform.blocks import Block
from ipplan.readers.terraform.instances import Instance, deleted, listed
from ipplan.readers.terraform.links import LATER, Links, azapi_type, id_in, type_of
from ipplan.readers.terraform.references import References

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["knows", "read"]

_TRANSLATED: dict[str, Callable[[Block, Links], dict[str, Any]]] = {
    "azurerm_virtual_network": networks.vnet,
    "azurerm_subnet": networks.subnet,
    "azurerm_virtual_network_peering": networks.peering,
    "azurerm_kubernetes_cluster": clusters.cluster,
    "azurerm_kubernetes_cluster_node_pool": clusters.pool,
    "azurerm_network_security_group": traffic.security_group,
    "azurerm_network_security_rule": traffic.security_rule,
    "azurerm_route_table": traffic.route_table,
    "azurerm_route": traffic.route,
    "azurerm_public_ip": traffic.public_address,
    "azurerm_public_ip_prefix": traffic.public_address,
    "azurerm_firewall": traffic.firewall,
    "azurerm_nat_gateway": traffic.nat_gateway,
    "azurerm_private_dns_zone_virtual_network_link": traffic.zone_link,
}
_OBSERVED = {
    "azurerm_virtual_network": "address_space",
    "azurerm_subnet": "address_prefixes",
    "azurerm_kubernetes_cluster": "agent_pool_profile",
    "azurerm_network_security_group": "security_rule",
    "azurerm_route_table": "route",
    "azurerm_public_ip": "ip_address",
    "azurerm_public_ip_prefix": "ip_prefix",
    "azurerm_firewall": "ip_configuration",
    "azurerm_nat_gateway": "public_ip_address_ids",
    "azurerm_private_dns_zone_virtual_network_link": "virtual_network_id",
}
"""What a data source must have read, besides the id, to count as a resource."""

_STATE = {"version", "terraform_version", "serial"}
_STATE_VERSION = 4


def knows(content: Content) -> bool:
    """Whether this is a Terraform plan or state, as JSON.

    Examples
    --------
    >>> knows(Content("plan.json", "", {"format_version": "1.2", "planned_values": {}}))
    True
    """
    found = as_object(content.document) or {}
    shown = "format_version" in found and found.keys() <= {
        "format_version",
        "terraform_version",
        "values",
        "checks",
    }
    return (
        shown
        or (isinstance(found.get("version"), int) and found.keys() >= _STATE)
        or ("planned_values" in found and "format_version" in found)
        or isinstance(found.get("resource_changes"), list)
    )


def read(content: Content) -> Found:
    """Read the networks and clusters of a Terraform plan or state.

    Parameters
    ----------
    content : Content
        What ``terraform show -json`` printed, or a ``.tfstate`` of version 4.

    Returns
    -------
    Found
        Of a plan what will be once it is applied, ``proposed``. A value that is known
        after apply is :class:`~ipplan.readers.readings.Unresolved`, and so is a link
        that may lead to several resources or out of the file.

    Raises
    ------
    InventoryError
        For a raw state of another version: it is laid out differently.
    """
    document = as_object(content.document) or {}
    version = document.get("version")
    if isinstance(version, int) and version != _STATE_VERSION:
        reason = (
            f": a raw state of version {version}, and only {_STATE_VERSION} is read; "
            "bring what terraform show -json prints"
        )
        raise InventoryError(content.file, [reason])
    found = listed(document)
    references = References(document.get("configuration"), found.instances)
    links = Links(content.file, references, found.instances)
    added = _additions(found.instances, links, found.skipped)
    resources = [_whole(one, added) for one in _resources(found.instances, links)]
    proposed = "planned_values" in document or "resource_changes" in document
    return Found(
        resources,
        found.skipped,
        list(_incomplete(document)),
        proposed,
        deleted=tuple(map(normal_id, deleted(document))),
    )


def _resources(instances: list[Instance], links: Links) -> list[Resource]:
    """Every resource, once, without what others say of it.

    A data source that reads what the same file manages is that resource, and an
    update of what the file does not have is all that is known of it.
    """
    found = [_resource(one, links) for one in instances if _is_own(one)]
    known = {resource.id for resource in found}
    observed = [one for one in instances if _is_observed(one)]
    for one in [*observed, *filter(_is_update, instances)]:
        if links.id_of(one) not in known:
            known.add(links.id_of(one))
            found.append(_resource(one, links))
    return found


def _resource(instance: Instance, links: Links) -> Resource:
    block = Block.of(instance, links)
    translated = _TRANSLATED.get(instance.type)
    fields = translated(block, links) if translated else azapi.resource(block)
    if instance.unknown.get("name") is True:
        fields.setdefault("name", Unresolved(LATER))
    return Resource(type_of(instance), links.id_of(instance), fields, instance.where)


def _is_own(instance: Instance) -> bool:
    kind = azapi_type(instance) if instance.type == "azapi_resource" else ""
    return instance.mode == "managed" and (
        instance.type in _TRANSLATED or kind in TYPES
    )


def _is_update(instance: Instance) -> bool:
    return instance.type == "azapi_update_resource" and azapi_type(instance) in TYPES


def _is_observed(instance: Instance) -> bool:
    needed = _OBSERVED.get(instance.type)
    return (
        instance.mode == "data"
        and needed is not None
        and bool(id_in(instance.values.get("id")))
        and bool(instance.values.get(needed))
    )


def _additions(
    instances: list[Instance], links: Links, skipped: list[Skipped]
) -> dict[str, dict[str, Any]]:
    """What resources of their own add to others, by the id of these."""
    added: dict[str, dict[str, Any]] = {}
    for one in instances:
        block = Block.of(one, links)
        subject: object = None
        fields: dict[str, Any] = {}
        if one.type in networks.ASSOCIATIONS:
            subject, fields = networks.association(block)
        elif _is_update(one):
            subject, fields = links.id_of(one), azapi.resource(block)
        if isinstance(subject, Unresolved):
            skipped.append(_astray(one, "subnet", subject))
        elif isinstance(subject, str):
            added[subject] = azapi.merged(added.get(subject, {}), fields)
    for subject, lists in _listings(instances, links, skipped).items():
        added[subject] = azapi.merged(added.get(subject, {}), lists)
    return added


def _listings(
    instances: list[Instance], links: Links, skipped: list[Skipped]
) -> dict[str, dict[str, list[Any]]]:
    """Lists that grow by one with every resource that adds to them, likewise."""
    found: dict[str, dict[str, list[Any]]] = {}
    for one in instances:
        if one.type in traffic.ASSOCIATIONS:
            subject, field, given = traffic.association(Block.of(one, links))
            if isinstance(subject, Unresolved):
                skipped.append(_astray(one, "NAT gateway", subject))
            elif isinstance(subject, str):
                found.setdefault(subject, {}).setdefault(field, []).append(given)
    return found


def _astray(one: Instance, what: str, words: Unresolved) -> Skipped:
    return Skipped(one.where, f"{one.address}: of which {what} is {words.text}")


def _whole(resource: Resource, added: dict[str, dict[str, Any]]) -> Resource:
    """A resource with what others add to it and to its inline subnets."""
    fields = azapi.merged(resource.fields, added.get(resource.id, {}))
    inline = as_list(fields.get("subnets"))
    if resource.type == VNET and inline:
        fields["subnets"] = [_whole_subnet(subnet, added) for subnet in inline]
    return resource._replace(fields=fields)


def _whole_subnet(subnet: Any, added: dict[str, dict[str, Any]]) -> Any:
    own = (as_object(subnet) or {}).get("id")
    fields = added.get(own) if isinstance(own, str) else None
    return azapi.merged(subnet, fields) if fields else subnet


def _incomplete(document: dict[str, Any]) -> Iterator[str]:
    if document.get("errored") is True:
        yield "planning ended in an error, so the plan may lack resources"
    if document.get("complete") is False:
        yield "the plan is not complete: it needs another after it is applied"
    deferred = as_list(document.get("deferred_changes"))
    if deferred:
        yield f"{len(deferred)} changes are deferred to a later plan"
