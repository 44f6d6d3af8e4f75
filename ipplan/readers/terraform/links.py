"""Resource ids: those a file has, and those it implies by names and references.

An id is made of what is known. Where the file does not say a part, words in angle
brackets stand for it, the same words wherever the same part is meant, so that links
within the file meet.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.limits import NODE_GROUP_NAME
from ipplan.readers.readings import (
    CLUSTER,
    FIREWALL,
    NAT_GATEWAY,
    PEERING,
    POOL,
    PUBLIC_ADDRESS,
    PUBLIC_PREFIX,
    ROUTE,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SECURITY_RULE,
    SUBNET,
    TYPES,
    VNET,
    ZONE,
    ZONE_LINK,
    Unresolved,
    as_list,
    as_object,
)
from ipplan.readers.terraform.instances import DEEPEST, Instance
from ipplan.readers.terraform.references import (
    References,
    Target,
    is_settled,
    keys_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

LATER = "known after apply"
"""What Terraform says of a value that it can't plan."""

_NODE_GROUP = ".node_resource_group"
"""What a cluster calls the group that AKS makes for its nodes."""

_NAMED = 3
"""References that are told by name where a value is not settled."""


class Kind(NamedTuple):
    """How the id of a type of resource is made: below a group, or below a parent.

    Parameters
    ----------
    type : str
        As ARM has it, in lower case.
    parent : str
        The type of its parent; nothing for a resource in a resource group.
    id, name : str
        The attributes that say its parent: its id, or its name.
    """

    type: str
    parent: str = ""
    id: str = ""
    name: str = ""


GROUP = "microsoft.resources/resourcegroups"

KINDS = {
    "azurerm_virtual_network": Kind(VNET),
    "azurerm_subnet": Kind(SUBNET, VNET, name="virtual_network_name"),
    "azurerm_virtual_network_peering": Kind(PEERING, VNET, name="virtual_network_name"),
    "azurerm_kubernetes_cluster": Kind(CLUSTER),
    "azurerm_kubernetes_cluster_node_pool": Kind(
        POOL, CLUSTER, id="kubernetes_cluster_id"
    ),
    "azurerm_resource_group": Kind(GROUP),
    "azurerm_nat_gateway": Kind(NAT_GATEWAY),
    "azurerm_firewall": Kind(FIREWALL),
    "azurerm_public_ip": Kind(PUBLIC_ADDRESS),
    "azurerm_public_ip_prefix": Kind(PUBLIC_PREFIX),
    "azurerm_route_table": Kind(ROUTE_TABLE),
    "azurerm_route": Kind(ROUTE, ROUTE_TABLE, name="route_table_name"),
    "azurerm_network_security_group": Kind(SECURITY_GROUP),
    "azurerm_network_security_rule": Kind(
        SECURITY_RULE, SECURITY_GROUP, name="network_security_group_name"
    ),
    "azurerm_private_dns_zone": Kind(ZONE),
    "azurerm_private_dns_zone_virtual_network_link": Kind(
        ZONE_LINK, ZONE, name="private_dns_zone_name"
    ),
}
"""How azurerm's types are Azure's: those to read, and those they link to."""


class Links:
    """The ids of a file's resources, and what its attributes link to.

    Parameters
    ----------
    file : str
        The file's name, for the words that stand for a subscription.
    references : References
        Of the same file.
    instances : iterable of Instance
        All that it lists.
    """

    def __init__(
        self, file: str, references: References, instances: Iterable[Instance]
    ) -> None:
        self.references = references
        self._subscription = f"<subscription of {PurePath(file).name}"
        self._ids: dict[str, str] = {}
        self._owners: dict[str, str] = {}
        self._vnets: dict[str, set[str]] | None = None
        self._instances = list(instances)
        self._depth = 0

    def id_of(self, instance: Instance) -> str:
        """The id of a resource, in lower case."""
        if instance.address not in self._ids:
            self._ids[instance.address] = f"/<{_part(instance.address)}>"
            if self._depth < DEEPEST:
                self._depth += 1
                self._ids[instance.address] = self._id(instance).lower()
                self._depth -= 1
        return self._ids[instance.address]

    def link(self, instance: Instance, expression: Any, kind: str) -> str | Unresolved:
        """The id of that resource of a type which an expression can only mean.

        Parameters
        ----------
        instance : Instance
            Whose attribute it is.
        expression : object
            What the configuration has for the attribute.
        kind : str
            The type of resource that is linked to; nothing for any.

        Returns
        -------
        str or Unresolved
            Unresolved where it may be several, or none of the file.
        """
        targets = self.unknown(instance, expression)
        ids = {self._linked(target, kind) for target in targets}
        if len(ids) == 1 and (only := ids.pop()):
            return only
        return later(targets)

    def unknown(self, instance: Instance, expression: Any) -> list[Target]:
        """What an expression names and the file does not settle.

        A value that is known after apply comes from one of these: the rest is known.
        """
        scope = self.references.scope(instance)
        found = self.references.targets(expression, scope)
        return _asked([target for target in found if not is_settled(target)])

    def _linked(self, target: Target, kind: str) -> str | None:
        instance = target.instance
        if instance is None or (instance.mode == "data" and not _named(instance)):
            return None
        own = type_of(instance)
        if own == VNET and kind == SUBNET and target.rest.startswith(".subnet"):
            return self._inline(instance)
        return self.id_of(instance) if own and kind in {own, ""} else None

    def _inline(self, vnet: Instance) -> str | None:
        """The id of a VNet's inline subnet, where it has just one."""
        subnets = as_list(vnet.values.get("subnet")) or []
        only = as_object(subnets[0]) if len(subnets) == 1 else None
        return self.child(vnet, only) if only else None

    def child(self, vnet: Instance, subnet: dict[str, Any], place: int = 0) -> str:
        """The id of an inline subnet, the first or another one."""
        given = subnet.get("name")
        name = given if isinstance(given, str) else f"<{vnet.address}.subnet[{place}]>"
        implied = f"{self.id_of(vnet)}/subnets/{_part(name)}"
        return id_in(subnet.get("id")) or implied.lower()

    def _id(self, instance: Instance) -> str:
        if own := id_in(instance.values.get("id")):
            return own
        if azapi_type(instance):
            return self._azapi_id(instance)
        found = self._implied(instance)
        if instance.mode == "managed":
            return self._owned(instance, found)
        return self._only(found) if type_of(instance) == VNET else found

    def _implied(self, instance: Instance) -> str:
        kind = KINDS[instance.type]
        name = _own_name(instance)
        if kind.type == GROUP:
            return f"/subscriptions/{self._subscription}>/resourcegroups/{name}"
        if not kind.parent:
            return f"{self._group(instance)}/providers/{kind.type}/{name}"
        last = kind.type.rpartition("/")[2]
        return f"{self._parent(instance, kind)}/{last}/{name}"

    def _owned(self, instance: Instance, found: str) -> str:
        """An id that no other resource has: two VNets of one name are two."""
        owner = self._owners.setdefault(found.lower(), instance.address)
        if owner == instance.address:
            return found
        mine = f"{self._subscription} for {_part(instance.address)}"
        return found.replace(self._subscription, mine, 1)

    def _group(self, instance: Instance) -> str:
        """The id of the resource group that an instance is in."""
        name = instance.values.get("resource_group_name")
        part = _part(name) if isinstance(name, str) else ""
        part = part or self._group_words(instance)
        return f"/subscriptions/{self._subscription}>/resourcegroups/{part}"

    def _group_words(self, instance: Instance) -> str:
        """Words for a resource group: its own, where it is in the file."""
        named = self._named_by(instance, "resource_group_name")
        only = named[0].instance if len(named) == 1 else None
        if only and type_of(only) == GROUP:
            return _own_name(only)
        location = only.values.get("location") if only else None
        nodes = named[0].rest == _NODE_GROUP if named else False
        if only and type_of(only) == CLUSTER and nodes and isinstance(location, str):
            group = self._group(only).rpartition("/")[2]
            name = f"MC_{group}_{_own_name(only)}_{location}"
            return _part(name[: NODE_GROUP_NAME.value])
        told = _listed(named) or f"resource group of {instance.address}"
        return _part(f"<{told}>")

    def _parent(self, instance: Instance, kind: Kind) -> str:
        attribute = kind.id or kind.name
        given = instance.values.get(attribute)
        if kind.id and id_in(given):
            return id_in(given)
        known = given if kind.name and isinstance(given, str) and given else None
        named = self._named_by(instance, attribute)
        found = {
            self.id_of(parent)
            for parent in _parents(named, kind.parent)
            if not known or _named(parent).lower() == known.lower()
        }
        if len(found) == 1:
            return found.pop()
        name = known or f"<{_listed(named) or f'parent of {instance.address}'}>"
        implied = f"{self._group(instance)}/providers/{kind.parent}/{_part(name)}"
        return self._only(implied) if kind.parent == VNET else implied

    def _only(self, implied: str) -> str:
        """The VNet of the file that has this group and name, or words for several."""
        if self._vnets is None:
            self._vnets = {}
            for one in self._instances:
                there = one.mode == "managed" or id_in(one.values.get("id"))
                if there and one.type == "azurerm_virtual_network":
                    group = f"{self._group(one)}/providers/{VNET}/{_own_name(one)}"
                    ids = self._vnets.setdefault(group.lower(), set())
                    ids.add(self.id_of(one))
        found = self._vnets.get(implied.lower(), {implied})
        if len(found) == 1:
            return next(iter(found))
        start, _, name = implied.rpartition("/")
        return f"{start}/<one of {len(found)} named {name}>"

    def _azapi_id(self, instance: Instance) -> str:
        expressions = self.references.expressions(instance) or {}
        said = {*expressions, *instance.values}
        attribute = "resource_id" if "resource_id" in said else "parent_id"
        expression = expressions.get(attribute)
        above: str | Unresolved = id_in(instance.values.get(attribute))
        above = above or self.link(instance, expression, "")
        if isinstance(above, Unresolved):
            above = self._unsaid(instance, attribute)
        elif attribute == "resource_id":
            return above
        return f"{above}/{_below(azapi_type(instance))}/{_own_name(instance)}"

    def _unsaid(self, instance: Instance, attribute: str) -> str:
        """Words for what is above an azapi resource."""
        kind = azapi_type(instance)
        named = _listed(self._named_by(instance, attribute))
        told = named or f"parent of {instance.address}"
        start = f"/subscriptions/{self._subscription}>/resourcegroups"
        if _is_whole(kind):
            return f"{start}/{_part(f'<{told}>')}"
        group = _part(f"<resource group of {instance.address}>")
        parent = f"providers/{kind.rpartition('/')[0]}"
        return f"{start}/{group}/{parent}/{_part(f'<{told}>')}"

    def _named_by(self, instance: Instance, attribute: str) -> list[Target]:
        """What an attribute's expression names, known or not."""
        expression = (self.references.expressions(instance) or {}).get(attribute)
        scope = self.references.scope(instance)
        return _asked(self.references.targets(expression, scope))


def type_of(instance: Instance) -> str:
    """The ARM type of a resource, in lower case; nothing for one that is not read."""
    kind = KINDS.get(instance.type)
    return kind.type if kind else azapi_type(instance)


def azapi_type(instance: Instance) -> str:
    """The ARM type that an azapi resource says, without its version.

    Only of those that are read, and resource groups.
    """
    if instance.type not in {"azapi_resource", "azapi_update_resource"}:
        return ""
    given = instance.values.get("type")
    kind = given.partition("@")[0].lower() if isinstance(given, str) else ""
    return kind if kind in {*TYPES, GROUP} else ""


def id_in(value: Any) -> str:
    """A value that is a resource id, in lower case; nothing for any other."""
    return value.lower() if isinstance(value, str) and value.startswith("/") else ""


def _below(kind: str) -> str:
    """What stands between the id above and the name."""
    if kind == GROUP:
        return "resourcegroups"
    return f"providers/{kind}" if _is_whole(kind) else kind.rpartition("/")[2]


def _is_whole(kind: str) -> bool:
    """Whether resources of a type stand in a group, and are no part of another."""
    return kind.count("/") == 1


def _parents(targets: list[Target], kind: str) -> list[Instance]:
    found = [target.instance for target in targets if target.instance]
    return [instance for instance in found if type_of(instance) == kind]


def _asked(targets: list[Target]) -> list[Target]:
    """Targets, of the instances of one resource those that a key after it asks for."""
    asked = [target for target in targets if _asks(target)]
    resources = {_resource(target) for target in asked}
    return [
        target
        for target in targets
        if _asks(target) or _resource(target) not in resources
    ]


def _asks(target: Target) -> bool:
    one = target.instance
    return one is not None and bool({one.key, _named(one)} & {*keys_in(target.rest)})


def _resource(target: Target) -> object:
    one = target.instance
    return one and (one.module, one.mode, one.type, one.name)


def _named(instance: Instance) -> str:
    name = instance.values.get("name")
    return name if isinstance(name, str) else ""


def _own_name(instance: Instance) -> str:
    """A resource's name, or its address: it alone has that."""
    return _part(_named(instance) or f"<{instance.address}.name>")


def _part(text: str) -> str:
    """One part of an id, whatever it is."""
    return text.replace("/", "%2f")


def later(targets: list[Target]) -> Unresolved:
    """The words for a value that comes from one of these."""
    return Unresolved(f"{_listed(targets)} {LATER}".lstrip())


def _listed(targets: list[Target]) -> str:
    words = [f"{target.words}{target.rest}" for target in targets]
    more = ["…"] if len(words) > _NAMED else []
    return ", ".join([*words[:_NAMED], *more])
