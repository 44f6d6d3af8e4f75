"""What readers take and give: a file's content, and the resources found in it.

Every reader turns its format into resources of one shape, that of the ARM API, and
:mod:`ipplan.readers.decoding` alone turns resources into nouns.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ipplan.inventory.origins import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterable

VNET = "microsoft.network/virtualnetworks"
SUBNET = f"{VNET}/subnets"
PEERING = f"{VNET}/virtualnetworkpeerings"
CLUSTER = "microsoft.containerservice/managedclusters"
POOL = f"{CLUSTER}/agentpools"
SECURITY_GROUP = "microsoft.network/networksecuritygroups"
SECURITY_RULE = f"{SECURITY_GROUP}/securityrules"
ROUTE_TABLE = "microsoft.network/routetables"
ROUTE = f"{ROUTE_TABLE}/routes"
PUBLIC_ADDRESS = "microsoft.network/publicipaddresses"
PUBLIC_PREFIX = "microsoft.network/publicipprefixes"
FIREWALL = "microsoft.network/azurefirewalls"
NAT_GATEWAY = "microsoft.network/natgateways"
ZONE = "microsoft.network/privatednszones"
ZONE_LINK = f"{ZONE}/virtualnetworklinks"
INTERFACE = "microsoft.network/networkinterfaces"
SCALE_SET = "microsoft.compute/virtualmachinescalesets"
LOAD_BALANCER = "microsoft.network/loadbalancers"
TYPES = (
    VNET,
    SUBNET,
    PEERING,
    CLUSTER,
    POOL,
    SECURITY_GROUP,
    SECURITY_RULE,
    ROUTE_TABLE,
    ROUTE,
    PUBLIC_ADDRESS,
    PUBLIC_PREFIX,
    FIREWALL,
    NAT_GATEWAY,
    ZONE_LINK,
    INTERFACE,
    SCALE_SET,
    LOAD_BALANCER,
)
"""The types of resources that ipplan reads, in lower case."""

__all__ = [
    "CLUSTER",
    "FIREWALL",
    "INTERFACE",
    "LOAD_BALANCER",
    "NAT_GATEWAY",
    "PEERING",
    "POOL",
    "PUBLIC_ADDRESS",
    "PUBLIC_PREFIX",
    "ROUTE",
    "ROUTE_TABLE",
    "SCALE_SET",
    "SECURITY_GROUP",
    "SECURITY_RULE",
    "SUBNET",
    "TYPES",
    "VNET",
    "ZONE",
    "ZONE_LINK",
    "Content",
    "Found",
    "Page",
    "Resource",
    "Skipped",
    "Unresolved",
    "as_list",
    "as_object",
    "path",
    "step",
]

_PLAIN = re.compile(r"[A-Za-z_$@][\w$@-]*")


class Unresolved(NamedTuple):
    """A value that a file does not settle: what stands in its place, in its words.

    It stands where the value would: for a string, a number, a list, or an element.
    """

    text: str


class Content(NamedTuple):
    """A file as it was read.

    Parameters
    ----------
    file : str
        As it was named; ``-`` is standard input.
    text : str
        Its characters, decoded.
    document : object
        What it holds as JSON; None where it is not JSON.
    """

    file: str
    text: str
    document: Any = None


class Resource(NamedTuple):
    """One Azure resource, in the shape of the ARM API.

    Parameters
    ----------
    type : str
        One of :data:`TYPES`.
    id : str
        Its resource id in lower case, as Azure compares ids. Where the file does not
        say in which subscription or resource group it will be, the words stand in
        their places, in angle brackets: ``/subscriptions/<subscription of
        plan.json>/resourcegroups/<…>/providers/microsoft.network/…``.
    fields : dict
        ``name``, ``location`` and the like, and beside them what ARM has in
        ``properties``, under its camelCase names. Children (``subnets``,
        ``virtualNetworkPeerings``) may have ``properties`` of their own or be flat.
        An :class:`Unresolved` may stand anywhere.
    where : str
        JSON path in the file: ``.value[3]``.
    """

    type: str
    id: str
    fields: dict[str, Any]
    where: str


class Page(NamedTuple):
    """A page of a longer answer: what it says of the others.

    Parameters
    ----------
    types : frozenset of str
        Types of the resources on it, or of those that it asks for.
    more : bool
        Whether it links to a further page.
    shown, total : int or None
        Records on it and on all pages, where it says so. [records]
    """

    types: frozenset[str]
    more: bool
    shown: int | None = None
    total: int | None = None


class Found(NamedTuple):
    """What one reader found in one file.

    Parameters
    ----------
    resources : list of Resource
        In the order of the file.
    skipped : list of Skipped
        What was passed over, each with where it stood and why.
    incomplete : list of str
        Why there is more than the file shows: a page link, a truncated result.
    proposed : bool
        Whether this is a plan of what will be rather than what Azure has accepted.
    settled : bool
        Whether nothing in the resources can be :class:`Unresolved`.
    page : Page or None
        What the file says of further pages.
    deleted : tuple of str
        Ids in lower case of what a plan deletes.
    """

    resources: list[Resource]
    skipped: list[Skipped]
    incomplete: list[str]
    proposed: bool = False
    settled: bool = False
    page: Page | None = None
    deleted: tuple[str, ...] = ()


def as_object(value: Any) -> dict[str, Any] | None:
    """A JSON object, or None for anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def as_list(value: Any) -> list[Any] | None:
    """A JSON array, or None for anything else."""
    return cast("list[Any]", value) if isinstance(value, list) else None


def step(key: object) -> str:
    """One step of a JSON path.

    Examples
    --------
    >>> step(3), step("subnets"), step("a.b")
    ('[3]', '.subnets', '["a.b"]')
    """
    if isinstance(key, int):
        return f"[{key}]"
    text = str(key)
    return f".{text}" if _PLAIN.fullmatch(text) else f"[{json.dumps(text)}]"


def path(keys: Iterable[object]) -> str:
    """A JSON path from its steps.

    Examples
    --------
    >>> path(["value", 3, "name"])
    '.value[3].name'
    """
    return "".join(step(key) for key in keys)
