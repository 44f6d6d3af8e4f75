"""What is to be deployed, in the shape of ARM and in no language yet.

A resource's properties are plain values, in which two things are none of JSON's: a
:class:`Ref` to another resource, and a :class:`Parameter` whose value whoever deploys
gives. Every language spells these its own way, and text is only ever text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ipplan.tables import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Kind(NamedTuple):
    """A type of resources.

    Parameters
    ----------
    type : str
        As Azure spells it.
    version : str
        Of the API that its properties are those of.
    word : str
        What the symbols of its resources begin with.
    """

    type: str
    version: str
    word: str


_NETWORK = "2024-05-01"
_DNS = "2024-06-01"

SECURITY_GROUP = Kind("Microsoft.Network/networkSecurityGroups", _NETWORK, "nsg")
ROUTE_TABLE = Kind("Microsoft.Network/routeTables", _NETWORK, "routes")
PUBLIC_ADDRESS = Kind("Microsoft.Network/publicIPAddresses", _NETWORK, "ip")
PUBLIC_PREFIX = Kind("Microsoft.Network/publicIPPrefixes", _NETWORK, "ips")
NAT_GATEWAY = Kind("Microsoft.Network/natGateways", _NETWORK, "nat")
VNET = Kind("Microsoft.Network/virtualNetworks", _NETWORK, "vnet")
SUBNET = Kind(f"{VNET.type}/subnets", _NETWORK, "subnet")
PEERING = Kind(f"{VNET.type}/virtualNetworkPeerings", _NETWORK, "peering")
ZONE = Kind("Microsoft.Network/privateDnsZones", _DNS, "zone")
ZONE_LINK = Kind(f"{ZONE.type}/virtualNetworkLinks", _DNS, "link")
CLUSTER = Kind("Microsoft.ContainerService/managedClusters", "2025-08-01", "cluster")

KINDS = {
    kind.type.lower(): kind
    for kind in (
        SECURITY_GROUP,
        ROUTE_TABLE,
        PUBLIC_ADDRESS,
        PUBLIC_PREFIX,
        NAT_GATEWAY,
        VNET,
        SUBNET,
        PEERING,
        ZONE,
        ZONE_LINK,
        CLUSTER,
    )
}
"""Every type that is deployed or referred to, by its name in lower case."""


class Place(NamedTuple):
    """Where a resource is.

    Parameters
    ----------
    subscription, group : str or None
        None where it is that into which everything is deployed.
    """

    subscription: str | None = None
    group: str | None = None


HOME = Place()
"""The resource group into which everything is deployed."""


class Parameter(NamedTuple):
    """A value that whoever deploys gives.

    Parameters
    ----------
    name : str
        In camelCase.
    type : str
        ``string`` or ``bool``.
    description : str
        What it is for, in one line.
    default : str or bool or None
        Its value if none is given; None where one must be.
    """

    name: str
    type: str
    description: str
    default: str | bool | None = None

    @property
    def snake(self) -> str:
        """Its name in snake_case.

        >>> VM_SIZE.snake
        'vm_size'
        """
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.name).lower()


LOCATION = Parameter(
    "location", "string", "Region of what the plan names no region for."
)
"""Its default is the region of the resource group, in a language that can say so."""
VM_SIZE = Parameter("vmSize", "string", "VM size of every node.", "Standard_D4ds_v5")
IDENTITY = Parameter(
    "clusterIdentity",
    "string",
    "Resource id of the user-assigned managed identity that clusters act as. It needs "
    "Network Contributor on their VNets and route tables, and Private DNS Zone "
    "Contributor on their private DNS zones.",
)
DEPLOY_CLUSTERS = Parameter(
    "deployClusters",
    "bool",
    "Whether clusters are deployed: false until what their traffic leaves by is there.",
    default=True,
)
REMOTE_GATEWAYS = Parameter(
    "useRemoteGateways",
    "bool",
    "Whether spokes use the gateway of their hub: false until the hub has one.",
    default=True,
)
PARAMETERS = (LOCATION, VM_SIZE, IDENTITY, DEPLOY_CLUSTERS, REMOTE_GATEWAYS)
"""Every parameter there can be, in the order in which they are declared."""


class Ref(NamedTuple):
    """The resource id of another resource.

    Parameters
    ----------
    resource : Resource
        One that is deployed earlier, or exists.
    """

    resource: Resource


class Keyed(NamedTuple):
    """An object of one empty object, whose key is a parameter.

    Parameters
    ----------
    key : Parameter
        Such as the id of an identity.
    """

    key: Parameter


Value: TypeAlias = (
    "str | int | bool | Ref | Parameter | Keyed | list[Any] | Mapping[str, Any]"
)
"""A property: what JSON has, and what it has not."""


@dataclass(frozen=True, eq=False, slots=True)
class Resource:
    """Something to deploy, or something that exists and is referred to.

    Parameters
    ----------
    kind : Kind
        Its type.
    id : str
        As the layout has it, in lower case; for the deployment only its place counts.
    name : str
        Its own name, as it is written.
    symbol : str
        What it is called in code: ASCII, in snake_case, with a letter first; unique,
        also without its underscores.
    place : Place
        Where it goes.
    properties : mapping
        As the ARM API has them. Subnets and peerings are resources of their own.
    beside : mapping
        What the API has beside them: ``location``, ``sku``, ``identity``.
    parent : Resource or None
        Of a subnet or a peering the VNet, of a link the zone.
    after : tuple of Resource
        What must be there first, though nothing in it refers to them.
    comments : tuple of str
        Why it is as it is: a line each, in which nothing can break a line.
    existing : bool
        Whether it is there already and only referred to.
    condition : Parameter or None
        Deployed only if that is true.
    """

    kind: Kind
    id: str
    name: str
    symbol: str
    place: Place = HOME
    properties: Mapping[str, Value] = field(default_factory=dict[str, "Value"])
    beside: Mapping[str, Value] = field(default_factory=dict[str, "Value"])
    parent: Resource | None = None
    after: tuple[Resource, ...] = ()
    comments: tuple[str, ...] = ()
    existing: bool = False
    condition: Parameter | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Its name, after those of its parents."""
        return (*(self.parent.names if self.parent else ()), self.name)

    @property
    def inline(self) -> bool:
        """Whether it is a subnet of a VNet that is deployed with it."""
        parent = self.parent
        return self.kind is SUBNET and parent is not None and not parent.existing

    @property
    def camel(self) -> str:
        """Its symbol in camelCase.

        >>> Resource(VNET, "", "hub", "vnet_hub").camel
        'vnetHub'
        """
        return re.sub(r"_(\w)", lambda match: match[1].upper(), self.symbol)


class Deployment(NamedTuple):
    """All that is to be deployed.

    Parameters
    ----------
    name : str
        The plan's.
    home : Place
        The resource group to deploy into; parts are None where the plan says none.
    resources : tuple of Resource
        Each after all that it refers to, those that exist among them.
    parameters : tuple of Parameter
        Those that are used.
    comments : tuple of str
        What to know before.
    """

    name: str
    home: Place
    resources: tuple[Resource, ...]
    parameters: tuple[Parameter, ...]
    comments: tuple[str, ...] = ()


def nodes(value: Value) -> Iterator[Value]:
    """A value and all that it holds, at every depth."""
    yield value
    if isinstance(value, Keyed):
        yield value.key
    elif isinstance(value, dict):
        for one in value.values():
            yield from nodes(one)
    elif isinstance(value, list):
        for one in value:
            yield from nodes(one)


def values_of(resource: Resource) -> Iterator[Value]:
    """Everything that a resource says, at every depth."""
    yield from nodes(dict(resource.properties))
    yield from nodes(dict(resource.beside))
    if resource.condition:
        yield resource.condition


def needed(resource: Resource) -> tuple[Resource, ...]:
    """What must be there before a resource: parent, references and the like.

    A subnet that is deployed with its VNet stands for that, and what exists is there.
    """
    named = [each.resource for each in values_of(resource) if isinstance(each, Ref)]
    parent = (resource.parent,) if resource.parent else ()
    every = [*parent, *named, *resource.after]
    whole = (each.parent if each.inline and each.parent else each for each in every)
    return tuple(dict.fromkeys(each for each in whole if not each.existing))


class Folded(NamedTuple):
    """A resource as ARM deploys it: a VNet together with its subnets.

    Parameters
    ----------
    resource : Resource
        What it is.
    properties : dict
        Its own, with the subnets among them.
    comments : tuple of str
        Its own, and those of the subnets, each after its subnet's name.
    needs : tuple of Resource
        What must be there before.
    """

    resource: Resource
    properties: dict[str, Value]
    comments: tuple[str, ...]
    needs: tuple[Resource, ...]


def folded(resources: Iterable[Resource]) -> tuple[Folded, ...]:
    """Resources as ARM deploys them, those that exist among them."""
    every = tuple(resources)
    inside: dict[Resource | None, list[Resource]] = {}
    for each in every:
        if each.inline:
            inside.setdefault(each.parent, []).append(each)
    alone = (each for each in every if not each.inline)
    return tuple(_folded(each, inside.get(each, [])) for each in alone)


def _folded(resource: Resource, subnets: list[Resource]) -> Folded:
    properties: dict[str, Value] = dict(resource.properties)
    if subnets:
        properties["subnets"] = [
            {"name": each.name, "properties": dict(each.properties)} for each in subnets
        ]
    comments = [f"{each.name}: {why}" for each in subnets for why in each.comments]
    whole = [resource, *subnets]
    needs = dict.fromkeys(one for each in whole for one in needed(each))
    return Folded(
        resource,
        properties,
        (*resource.comments, *map(printable, comments)),
        tuple(each for each in needs if each is not resource),
    )


def batches(items: Iterable[Folded]) -> list[list[Folded]]:
    """What is deployed, by resource group: as few batches as what they need allows.

    Each can be deployed when those before it are.
    """
    waiting = [each for each in items if not each.resource.existing]
    done: set[Resource] = set()
    found: list[list[Folded]] = []
    while waiting:
        place = waiting[0].resource.place
        batch: list[Folded] = []
        for each in waiting:
            if each.resource.place == place and done.issuperset(each.needs):
                done.add(each.resource)
                batch.append(each)
        found.append(batch)
        waiting = [each for each in waiting if each.resource not in done]
    return found


def main_pool(cluster: Resource) -> dict[str, Any] | None:
    """The pool that a cluster can be made with, where pools are resources of their own.

    That has to be a system pool on Linux, and no spot pool.
    """
    own: Mapping[str, Any] = cluster.properties
    pools: list[dict[str, Any]] = own["agentPoolProfiles"]
    for pool in pools:
        linux = pool["mode"] == "System" and pool["osType"] == "Linux"
        if linux and "scaleSetPriority" not in pool:
            return pool
    return None
