"""Ways out of a finding: what would change, and the inventory after it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ipplan.inventory.networks import Peering, Subnet
from ipplan.inventory.origins import Origin, name_of, parent_of, zone_of
from ipplan.inventory.traffic import ZoneLink

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.inventory.estates import Inventory
    from ipplan.inventory.networks import VNet

Noun = TypeVar("Noun", bound=Any)

GONE = "gone"
"""In the place of a value: the noun is deleted."""


class Change(NamedTuple):
    """New values of some fields of a noun.

    A subnet, a peering or the link of a private DNS zone that is not there is made.

    Parameters
    ----------
    id : str
        Resource id of a VNet, subnet, peering, cluster, security group and the like.
    field : str
        Name of the field, as the noun has it; :data:`GONE` to delete the noun.
    value : object
        Its new value.
    """

    id: str
    field: str
    value: Any = None


class Remedy(NamedTuple):
    """A way out: what to do in words, and what that changes.

    Parameters
    ----------
    text : str
        What to do, with the new values.
    changes : tuple of Change
        What it changes, so that it can be tried out.
    """

    text: str
    changes: tuple[Change, ...]


def applied(inventory: Inventory, changes: Iterable[Change]) -> Inventory:
    """The inventory after some changes; what they do not name stays the same object."""
    new = _Changes(changes)
    return replace(
        inventory,
        vnets=tuple(
            new.vnet(each) if each.id in new.touched else each
            for each in new.left(inventory.vnets)
        ),
        **{name: new.changed(getattr(inventory, name)) for name in _WITH_ID},
        zone_links=new.links(inventory.zone_links),
    )


_WITH_ID = (
    "clusters",
    "security_groups",
    "route_tables",
    "outlets",
    "node_interfaces",
)
"""Fields of an inventory that hold nouns with ids, besides VNets and links."""

PLACES: dict[type[Any], str] = {
    Subnet: "/subnets/",
    Peering: "/virtualnetworkpeerings/",
}
"""What in an id tells that it is of a class."""


class _Changes:
    """Changes by what they change."""

    def __init__(self, changes: Iterable[Change]) -> None:
        self._values: dict[str, dict[str, Any]] = {}
        for each in changes:
            self._values.setdefault(each.id, {})[each.field] = each.value
        self._children: dict[str, list[str]] = {}
        for identity in self._values:
            self._children.setdefault(parent_of(identity), []).append(identity)
        self.touched = self._values.keys() | self._children.keys()

    def left(self, nouns: Iterable[Noun]) -> Iterator[Noun]:
        """Those that are not deleted."""
        return (each for each in nouns if GONE not in self._values.get(each.id, ()))

    def changed(self, nouns: Iterable[Noun]) -> tuple[Noun, ...]:
        """Those that are not deleted, with their new values."""
        return tuple(self._changed(each) for each in self.left(nouns))

    def vnet(self, vnet: VNet) -> VNet:
        """A VNet with its new values, and its subnets and peerings with theirs."""
        return replace(
            self._changed(vnet),
            subnets=self._with_made(vnet, vnet.subnets, Subnet),
            peerings=self._with_made(vnet, vnet.peerings, Peering),
        )

    def links(self, links: tuple[ZoneLink, ...]) -> tuple[ZoneLink, ...]:
        """Links of private DNS zones: changed, and made as planned."""
        known = {each.id for each in links}
        made = (
            ZoneLink(each, name_of(each), origin=Origin(evidence="proposed"), **new)
            for each, new in self._values.items()
            if zone_of(each) and each not in known
        )
        return (*self.changed(links), *made)

    def _with_made(
        self, vnet: VNet, nouns: tuple[Noun, ...], kind: type[Noun]
    ) -> tuple[Noun, ...]:
        """Subnets or peerings of a VNet: changed, and made as planned like it."""
        known = {each.id for each in nouns}
        origin = vnet.origin._replace(evidence="proposed")
        made = (
            kind(each, name_of(each), origin=origin, **self._values[each])
            for each in self._children.get(vnet.id, ())
            if PLACES[kind] in each and each not in known
        )
        return (*self.changed(nouns), *made)

    def _changed(self, noun: Noun) -> Noun:
        new = self._values.get(noun.id)
        changed: Noun = replace(noun, **new) if new else noun
        return changed
