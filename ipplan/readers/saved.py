"""What ``ipplan inventory -o json`` printed, read back to the same inventory."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from inspect import signature
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from ipplan.cidrs import Cidr
from ipplan.counts import CEILING
from ipplan.errors import ArgumentError, InventoryError
from ipplan.features import feature_named
from ipplan.inventory.clusters import Cluster
from ipplan.inventory.externals import AddressPool, Client, ExternalRange, Group
from ipplan.inventory.merging import Parts
from ipplan.inventory.networks import Holder, Peering, Subnet, VNet
from ipplan.inventory.origins import Contradiction, Skipped, is_resource_id
from ipplan.inventory.pools import MOST_MAX_PODS, NodePool
from ipplan.inventory.records import noun
from ipplan.inventory.traffic import (
    LoadBalancer,
    NodeInterface,
    Outlet,
    PublicAddress,
    Route,
    RouteTable,
    SecurityGroup,
    SecurityRule,
    ZoneLink,
)
from ipplan.models import model_named
from ipplan.readers.payloads import problems, told
from ipplan.readers.readings import as_object

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from ipplan.readers.readings import Content

KIND = "ipplan.inventory"

NOUNS: dict[str, type[Any]] = {
    "vnets": VNet,
    "subnets": Subnet,
    "peerings": Peering,
    "clusters": Cluster,
    "external_ranges": ExternalRange,
    "groups": Group,
    "clients": Client,
    "address_pools": AddressPool,
    "security_groups": SecurityGroup,
    "route_tables": RouteTable,
    "public_addresses": PublicAddress,
    "outlets": Outlet,
    "zone_links": ZoneLink,
    "node_interfaces": NodeInterface,
    "load_balancers": LoadBalancer,
}
"""The class of each list; what is worked out from them is not read."""

_PARTS: dict[int | str, type[Any]] = {
    "pools": NodePool,
    "holders": Holder,
    "rules": SecurityRule,
    "routes": Route,
}
"""The class of what stands in a list of a noun."""

_DECLARED = ExternalRange | Group | Client | AddressPool
"""Nouns without an id."""


def knows(content: Content) -> bool:
    """Whether it says that it is an inventory of ipplan's."""
    return (as_object(content.document) or {}).get("kind") == KIND


def read(content: Content) -> Parts:
    """Every noun, as it was printed; each keeps the place where it was first read.

    Documents are only ever extended, so what an older one lacks is as the noun has it.

    Raises
    ------
    InventoryError
        Where the document is not as ``ipplan schema inventory`` has it.
    """
    from ipplan.contracts.inventories import InventoryDocument

    adapter: TypeAdapter[Any] = TypeAdapter(InventoryDocument)
    try:
        adapter.validate_python(content.document, strict=True)
    except ValidationError as error:
        wrong = told(problems("", error, {}, passed_over=_may_lack))
        if wrong:
            raise InventoryError(content.file, wrong) from None
    document: dict[str, Any] = defaultdict(list, as_object(content.document) or {})
    parts = Parts()
    for name, kind in NOUNS.items():
        for index, plain in enumerate(document[name]):
            with _placed(content.file, f".{name}[{index}]"):
                found = noun(kind, plain)
                _check(found)
                getattr(parts, name).append(found)
    with _placed(content.file, ".owned"):
        parts.owned = [Cidr.parse(each) for each in document["owned"]]
    parts.skipped = [Skipped(**each) for each in document["skipped"]]
    parts.contradictions = [Contradiction(**e) for e in document["contradictions"]]
    parts.incomplete = document["incomplete"]
    return parts


def _check(found: Any) -> None:
    """Refuse values that no reader gives.

    Raises
    ------
    ArgumentError
        For an id that is none, a model or feature that there is none of, or a count
        that is none.
    """
    if not isinstance(found, _DECLARED):
        whole = is_resource_id(found.id)
        if not whole or (isinstance(found, Subnet | Peering) and not found.vnet):
            raise ArgumentError("id", repr(found.id), "a resource id in lower case")
    if isinstance(found, Subnet):
        held = [each.addresses for each in found.holders or ()]
        _counts("usage", [*held, found.usage], CEILING)
    if isinstance(found, Cluster):
        _check_cluster(found)
    if isinstance(found, SecurityGroup):
        _counts("priority", [each.priority for each in found.rules], CEILING)
    if isinstance(found, LoadBalancer):
        _counts("rules", found.rules, CEILING)


def _check_cluster(found: Cluster) -> None:
    for need in found.needs:
        feature_named(need)
    for model in (found.model, *(pool.model for pool in found.pools)):
        if model is not None:
            model_named(model)
    for pool in found.pools:
        _counts("nodes", [pool.nodes, pool.current], CEILING)
        _counts("max_pods", [pool.max_pods], MOST_MAX_PODS)
    _counts("load_balancer_services", [found.load_balancer_services], CEILING)
    _counts("load_balancer_ports", [found.load_balancer_ports], CEILING)


def _counts(name: str, counts: Sequence[Any], most: int) -> None:
    for count in counts:
        if count is not None and not 0 <= count <= most:
            raise ArgumentError(name, count, f"a whole number of 0 to {most:,}")


def _may_lack(steps: Sequence[int | str]) -> bool:
    """Whether an older ipplan may not have printed a field: what has a default."""
    kind = NOUNS.get(str(steps[0]))
    if kind is None or len(steps) == 1:
        return True
    for step in steps:
        kind = _PARTS.get(step, kind)
    asked = signature(kind).parameters.get(str(steps[-1]))
    return asked is None or asked.default is not asked.empty


@contextmanager
def _placed(file: str, where: str) -> Generator[None]:
    """A range or a surge that is none, told with its place."""
    try:
        yield
    except ArgumentError as error:
        wrong = f" {where}: {error.argument} {error.value}: {error.allowed}"
        raise InventoryError(file, [wrong]) from None
