"""Inventories as plain documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ipplan.inventory.records import record
from ipplan.usages import usage
from ipplan.version import __version__

if TYPE_CHECKING:
    from ipplan.contracts.inventories import (
        CapacityDocument,
        CoverageDocument,
        InventoryDocument,
    )
    from ipplan.inventory.estates import Coverage, Inventory
    from ipplan.usages import SubnetUse

_TRAFFIC = (
    "security_groups",
    "route_tables",
    "public_addresses",
    "outlets",
    "zone_links",
    "node_interfaces",
    "load_balancers",
)
"""Lists of what steers traffic, of which every noun is told as it is."""


def inventory_document(inventory: Inventory) -> InventoryDocument:
    """An inventory as the document that ``ipplan inventory`` prints.

    Examples
    --------
    >>> from ipplan import Inventory
    >>> inventory_document(Inventory())["complete"]
    True
    """
    document: dict[str, Any] = {
        "kind": "ipplan.inventory",
        "version": __version__,
        "complete": inventory.complete,
        "coverage": coverage_document(inventory.coverage),
        "vnets": [record(v, "subnets", "peerings") for v in inventory.vnets],
        "subnets": [_subnet(use) for use in usage(inventory)],
        "peerings": [
            {**record(each), "vnet": each.vnet} for each in inventory.peerings
        ],
        "clusters": [
            {**record(each), "unknown": list(each.unknown)}
            for each in inventory.clusters
        ],
        "external_ranges": [record(each) for each in inventory.external_ranges],
        "groups": [record(each) for each in inventory.groups],
        "clients": [record(each) for each in inventory.clients],
        "owned": [str(each) for each in inventory.owned],
        "address_pools": [record(each) for each in inventory.address_pools],
        **{name: [record(e) for e in getattr(inventory, name)] for name in _TRAFFIC},
        "reach": [
            {**each._asdict(), "networks": list(each.networks)}
            for each in inventory.reach.links
        ],
        "skipped": [each._asdict() for each in inventory.skipped],
        "contradictions": [each._asdict() for each in inventory.contradictions],
        "incomplete": list(inventory.incomplete),
    }
    return cast("InventoryDocument", document)


def _subnet(use: SubnetUse) -> dict[str, Any]:
    subnet = use.subnet
    return {
        **record(subnet),
        "vnet": subnet.vnet,
        "capacity": _capacity(use),
    }


def _capacity(use: SubnetUse) -> CapacityDocument:
    return {
        "usable": use.usable,
        "clusters": list(use.clusters),
        "need": use.need,
        "used": use.used,
        "others": use.others,
        "left": use.left,
        "nodes_left": use.nodes_left,
        "unknown": list(use.unknown),
    }


def coverage_document(coverage: Coverage) -> CoverageDocument:
    """How much of what the networks name was read.

    Examples
    --------
    >>> from ipplan import Inventory
    >>> coverage_document(Inventory().coverage)["networks_not_seen"]
    []
    """
    return {
        "subscriptions_seen": list(coverage.seen),
        "subscriptions_not_seen": list(coverage.named),
        "networks_not_seen": [
            {
                "id": each.id,
                "named_by": list(each.named_by),
                "prefixes": [str(prefix) for prefix in each.prefixes],
            }
            for each in coverage.unseen
        ],
    }
