"""The book of a deployment: its resources by their ids, as they are written down."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from ipplan.emitters.resources import (
    KINDS,
    LOCATION,
    PARAMETERS,
    Deployment,
    Kind,
    Parameter,
    Place,
    Ref,
    Resource,
    Value,
    values_of,
)
from ipplan.tables import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ipplan.inventory.networks import Subnet
    from ipplan.layouts.results import Layout

_PLACE = re.compile(r"/subscriptions/([^/]*)/resourcegroups/([^/]*)/")
_WORD = re.compile(r"[A-Za-z0-9]+")


class Book:
    """Everything that is deployed or referred to, in the order of deployment.

    Parameters
    ----------
    layout : Layout
        What there is to deploy.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.home = _home(layout)
        self.placed = {each.want.id: each for each in layout.subnets}
        self.comments: list[str] = []
        self._resources: dict[str, Resource] = {}
        self._taken = {each.name.lower() for each in PARAMETERS}
        self._touched: dict[str, Resource] = {}
        self._names = _names(layout)
        self._regions = _regions(layout)

    def add(
        self,
        kind: Kind,
        identity: str,
        name: str,
        /,
        touches: Sequence[str] = (),
        after: Iterable[str] = (),
        **fields: Any,
    ) -> Resource:
        """Write a resource down.

        Parameters
        ----------
        kind : Kind
            Its type.
        identity, name : str
            Its id in lower case, and its name as it is written; a slash, which no
            name of Azure's has, is an underscore in code.
        touches : sequence of str
            Ids of the VNets that it changes: Azure changes one only once at a time, so
            what changed it before must be done.
        after : iterable of str
            Ids of what it must wait for though nothing in it refers to them, as far as
            that is deployed with it.
        **fields
            Other fields of :class:`Resource`; comments in any text.
        """
        parent: Resource | None = fields.get("parent")
        before = [self._touched[each] for each in touches if each in self._touched]
        before += [self._resources[each] for each in after if each in self._resources]
        words = [*(parent.names if parent else ()), name]
        own = name.replace("/", "_")
        comments = tuple(map(printable, fields.pop("comments", ())))
        made = Resource(
            kind,
            identity,
            own,
            self._symbol(kind.word, words),
            self._place(identity),
            comments=comments,
            after=tuple(dict.fromkeys(before)),
            **fields,
        )
        self._resources[identity] = made
        self._touched.update(dict.fromkeys(touches, made))
        return made

    def ref(self, identity: str) -> Ref:
        """A reference to a resource, which exists if it was not written down."""
        return Ref(self._resources.get(identity) or self._existing(identity))

    def region(self, identity: str) -> Value:
        """The region of a VNet and of all that stands on its subnets, by its id."""
        return self._regions.get(identity) or LOCATION

    def deployment(self) -> Deployment:
        """All of it."""
        every = tuple(self._resources.values())
        used = {value for each in every for value in _parameters(each)}
        parameters = tuple(each for each in PARAMETERS if each in used)
        return Deployment(
            self.layout.plan.name,
            self.home,
            every,
            parameters,
            tuple(map(printable, self.comments)),
        )

    def exists(self, vnet: str) -> bool:
        """Whether a VNet is there already, so that it is only added to."""
        known = self.layout.plan.inventory.vnet_by_id.get(vnet)
        return bool(known and known.prefixes)

    def _existing(self, identity: str) -> Resource:
        """What a file shows, or nothing does: its name is the last part of its id."""
        kind, above, name = _parts(identity)
        parent = self.ref(above).resource if above else None
        own = self._names.get(identity, name)
        return self.add(kind, identity, own, parent=parent, existing=True)

    def _symbol(self, word: str, names: Iterable[str]) -> str:
        """A symbol that no other is, without underscores and capitals either."""
        parts = [part.lower() for name in names for part in _WORD.findall(name)]
        symbol, number = "_".join([word, *parts]), 1
        while (made := _numbered(symbol, number)).replace("_", "") in self._taken:
            number += 1
        self._taken.add(made.replace("_", ""))
        return made

    def _place(self, identity: str) -> Place:
        place = _place(identity)
        subscription = place.subscription or self.home.subscription
        group = place.group or self.home.group
        whole = Place(subscription, group)
        return Place() if whole == self.home else whole


def _numbered(symbol: str, number: int) -> str:
    return symbol if number == 1 else f"{symbol}_{number}"


def _parameters(resource: Resource) -> Iterable[Parameter]:
    return (each for each in values_of(resource) if isinstance(each, Parameter))


def _parts(identity: str) -> tuple[Kind, str, str]:
    """The type of a resource, the id of its parent if it has one, and its name."""
    steps = identity.split("/")
    kind = KINDS["/".join([*steps[6:7], *steps[7::2]])]
    above = "/".join(steps[:-2]) if len(steps) > _LONE else ""
    return kind, above, steps[-1]


_LONE = 9
"""Parts of the id of a resource without a parent."""


def _place(identity: str) -> Place:
    """Where an id says that a resource is; words in angle brackets say nothing."""
    match = _PLACE.match(identity)
    subscription, group = match.groups() if match else ("", "")
    return Place(_said(subscription), _said(group))


def _said(word: str) -> str | None:
    return word if word and "<" not in word else None


def _home(layout: Layout) -> Place:
    """The resource group into which everything is deployed: most of it, or unsaid."""
    planned = layout.planned
    ids = [each.id for each in planned.vnets] + [each.id for each in planned.clusters]
    places = Counter(map(_place, ids))
    if not places or any(each.group is None for each in places):
        return Place()
    return places.most_common(1)[0][0]


def _names(layout: Layout) -> dict[str, str]:
    """Names of all that files or the plan show, as they are written, by their ids."""
    named: dict[str, str] = {}
    for known in (layout.plan.inventory, layout.inventory, layout.planned):
        named |= {each.id: each.name for each in known.vnets}
        named |= {each.id: each.name for each in known.subnets}
        named |= {each.id: each.name for each in known.security_groups}
        named |= {each.id: each.name for each in known.route_tables}
        named |= {each.id: each.name for each in known.outlets}
        named |= {each.id: each.name for each in known.public_addresses}
    return named


def _regions(layout: Layout) -> dict[str, str]:
    """Regions by the ids of VNets, and of all that stands on their subnets."""
    found: dict[str, str] = {}
    for known in (layout.inventory, layout.planned):
        for vnet in known.vnets:
            if vnet.location:
                ids = {vnet.id, *_standing(vnet.subnets)}
                found |= dict.fromkeys(ids, vnet.location)
        for outlet in known.outlets:
            if outlet.id in found:
                found |= dict.fromkeys(outlet.public_addresses, found[outlet.id])
    return found


def _standing(subnets: Iterable[Subnet]) -> Iterator[str]:
    for subnet in subnets:
        on = (subnet.network_security_group, subnet.route_table, subnet.nat_gateway)
        yield from filter(None, on)
