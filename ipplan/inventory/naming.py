"""References by name: from what people wrote to the ids of what was read.

A name that was written stands in an id whose subscription, and where that was not
written its resource group, is ``<named in FILE>``. So it is an id like any other until
it is known whose name it is, and stays one where nobody has it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ipplan.errors import InventoryError
from ipplan.inventory.intents import intended_link, intended_peering, is_intended
from ipplan.inventory.merging import Parts, merge
from ipplan.inventory.origins import name_of, parent_of, resource_group_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.estates import Inventory
    from ipplan.inventory.externals import Client, ExternalRange, Group
    from ipplan.inventory.networks import Peering, Subnet
    from ipplan.inventory.origins import Origin
    from ipplan.inventory.traffic import ZoneLink

NAMED = "<named in "
"""How what stands for a subscription or resource group begins in a reference."""

_REFERENCE = re.compile(
    rf"/subscriptions/{NAMED}[^/]*>/resourcegroups/[^/]+/providers/[^/]+/[^/]+/[^/]+"
    r"(/subnets/[^/]+)?"
)

MOST_CANDIDATES = 5
"""Of the resources that a name fits, how many a message lists."""

MOST_PROBLEMS = 20
"""Names that fit several that are told one by one."""


def resolved(inventory: Inventory) -> Inventory:
    """Put ids in the place of names, where exactly one resource has a name.

    A name that nothing has stays, a VNet's among what was not seen. An intended peering
    becomes one with that which its VNet already has with the same other VNet, and so
    does an intended link of a private DNS zone.

    Raises
    ------
    InventoryError
        Where a name fits several: each such name, with what it fits.
    """
    names = _Names(inventory)
    parts = _parts(inventory, names)
    if names.problems:
        raise InventoryError("", names.told())
    if not names.used:
        return inventory
    vnets = (each for each in inventory.vnets if not is_reference(each.id))
    parts.vnets += [replace(each, subnets=(), peerings=()) for each in vnets]
    return merge(parts)


def identified(
    inventory: Inventory, references: Iterable[tuple[str, Origin]]
) -> tuple[str, ...]:
    """The ids of what references name, each with where it was written.

    A name that nothing in the inventory has stays as it is.

    Raises
    ------
    InventoryError
        Where a name fits several: each such name, with what it fits.
    """
    names = _Names(inventory)
    found = tuple(names.id(*each) for each in references)
    if names.problems:
        raise InventoryError("", names.told())
    return found


def _parts(inventory: Inventory, names: _Names) -> Parts:
    """All but the VNets themselves, each with ids in the place of names."""
    return Parts(
        subnets=[_subnet(each, names) for each in inventory.subnets],
        peerings=_peerings(inventory, names),
        clusters=[_cluster(each, names) for each in inventory.clusters],
        external_ranges=[_external(each, names) for each in inventory.external_ranges],
        groups=[_group(each, names) for each in inventory.groups],
        clients=[_client(each, names) for each in inventory.clients],
        owned=list(inventory.owned),
        address_pools=list(inventory.address_pools),
        security_groups=list(inventory.security_groups),
        route_tables=list(inventory.route_tables),
        public_addresses=list(inventory.public_addresses),
        outlets=list(inventory.outlets),
        zone_links=_links(inventory, names),
        node_interfaces=list(inventory.node_interfaces),
        load_balancers=list(inventory.load_balancers),
        skipped=list(inventory.skipped),
        incomplete=list(inventory.incomplete),
        contradictions=list(inventory.contradictions),
    )


def is_reference(identity: str) -> bool:
    """Whether an id stands for a name that was written.

    Examples
    --------
    >>> is_reference("/subscriptions/<named in f>/resourcegroups/g/providers/x/y/hub")
    True
    """
    return bool(_REFERENCE.fullmatch(identity))


class _Written(NamedTuple):
    """A reference in its parts: what it names, and how that was written."""

    kind: str
    group: str
    name: str
    subnet: str

    @property
    def text(self) -> str:
        """As it was written, but in lower case."""
        return "/".join(filter(None, self[1:]))


def _written(reference: str) -> _Written:
    """The names that were written, from the id in which they stand."""
    steps = reference.split("/")
    group = "" if steps[4].startswith(NAMED) else steps[4]
    return _Written(steps[7], group, steps[8], "".join(steps[10:11]))


class _Names:
    """Who has which name, and what was asked for."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self.used = False
        self.problems: dict[str, None] = {}
        self._fitting: dict[str, list[str]] = {}
        self._asked: set[tuple[str, Origin]] = set()
        self._which: dict[str, str] = {}

    def id(self, reference: str, origin: Origin) -> str:
        """The id of what a reference names; the reference where that is not known."""
        if not is_reference(reference):
            return reference
        if reference not in self._fitting:
            self._fitting[reference] = list(self._fits(_written(reference)))
        return self._one(reference, self._fitting[reference], origin)

    def ids(self, references: Iterable[str], origin: Origin) -> tuple[str, ...]:
        """Those of several, none of them twice."""
        found = (self.id(each, origin) for each in references)
        return tuple(dict.fromkeys(found))

    def place(self, reference: str, origin: Origin) -> str:
        """The id of a VNet, or the name of an external range."""
        if not is_reference(reference):
            return reference
        written = _written(reference)
        outside = self._ranges.get(written.text)
        found = [*([outside] if outside else []), *self._fits(written)]
        return self._one(reference, found, origin)

    @cached_property
    def _ranges(self) -> dict[str, str]:
        """Names of external ranges, by themselves in lower case."""
        return {each.name.lower(): each.name for each in self.inventory.external_ranges}

    def told(self) -> list[str]:
        """What is wrong, as an InventoryError has its problems."""
        told = list(self.problems)
        more = len(told) - MOST_PROBLEMS
        return [*told[:MOST_PROBLEMS], f"and {more} more"] if more > 0 else told

    def _one(self, reference: str, found: list[str], origin: Origin) -> str:
        """The only one that was found; a problem where there are several."""
        if len(found) > 1 and (reference, origin) not in self._asked:
            self._asked.add((reference, origin))
            line = f" line {origin.line}" if origin.line else ""
            where = f"{origin.file}{line}: {origin.path.lstrip('.')}"
            text = _written(reference).text
            which = self._which.get(reference) or _which(found)
            self._which[reference] = which
            told = f"{where}: {text!r} fits several, write which: {which}"
            self.problems[told] = None
        if len(found) != 1:
            return reference
        self.used = True
        return found[0]

    def _fits(self, written: _Written) -> Iterator[str]:
        """Ids of what has the name; of subnets, those that were read come alone."""
        homes = self._known.get((written.kind, written.name), [])
        if written.group:
            unsaid = [each for each in homes if "<" in _group_of(each)]
            homes = [each for each in homes if _group_of(each) == written.group]
            homes = homes or unsaid  # templates do not say where they are deployed
        if not written.subnet:
            return iter(homes)
        subnets = [f"{home}/subnets/{written.subnet}" for home in homes]
        read = [each for each in subnets if each in self.inventory.subnet_by_id]
        return iter(read or subnets)

    @cached_property
    def _known(self) -> dict[tuple[str, str], list[str]]:
        """Ids by type and name; of what others name and no file shows too."""
        found: dict[tuple[str, str], list[str]] = {}
        for identity in dict.fromkeys(filter(None, _ids(self.inventory))):
            if not is_reference(identity):
                home, _, name = identity.rpartition("/")
                found.setdefault((name_of(home), name), []).append(identity)
        return found


def _ids(inventory: Inventory) -> Iterator[str | None]:
    """Ids of all that a reference can name, where they stand."""
    yield from (each.id for each in inventory.vnets)
    yield from (each.id for each in inventory.clusters)
    yield from (each.id for each in inventory.unseen)
    yield from (each.id for each in inventory.security_groups)
    yield from (each.id for each in inventory.route_tables)
    yield from (each.id for each in inventory.outlets)
    yield from (each.zone for each in inventory.zone_links)
    yield from (each.private_dns_zone for each in inventory.clusters)
    for each in inventory.subnets:
        yield from (each.network_security_group, each.route_table, each.nat_gateway)


def _group_of(identity: str) -> str:
    return resource_group_of(identity) or ""


def _which(found: list[str]) -> str:
    """Some of several resources, as they would be written."""
    more = ", ..." if len(found) > MOST_CANDIDATES else ""
    return ", ".join(_spelled(found)[:MOST_CANDIDATES]) + more


def _spelled(found: list[str]) -> list[str]:
    """Shortest spellings that tell resources from one another."""
    short = [_short(each) for each in found]
    counts = Counter(short)
    return [
        each if "<" in brief or counts[brief] > 1 else brief
        for each, brief in zip(found, short, strict=True)
    ]


def _short(identity: str) -> str:
    """resource-group/name, and the subnet; the name of an external range as it is."""
    steps = identity.split("/")
    return "/".join([*steps[4:5], *steps[8::2]]) if len(steps) > 1 else identity


def _external(each: ExternalRange, names: _Names) -> ExternalRange:
    if not each.attached:
        return each
    return replace(each, attached=names.ids(each.attached, each.origin))


def _group(each: Group, names: _Names) -> Group:
    return replace(each, members=names.ids(each.members, each.origin))


def _client(each: Client, names: _Names) -> Client:
    return replace(each, network=names.place(each.network, each.origin))


def _subnet(subnet: Subnet, names: _Names) -> Subnet:
    """A subnet, what stands on it by ids."""
    on = (subnet.network_security_group, subnet.route_table, subnet.nat_gateway)
    if not any(each and is_reference(each) for each in on):
        return subnet
    group, table, gateway = (each and names.id(each, subnet.origin) for each in on)
    return replace(
        subnet, network_security_group=group, route_table=table, nat_gateway=gateway
    )


def _cluster(cluster: Cluster, names: _Names) -> Cluster:
    """A cluster, its subnets and its private DNS zone by their ids."""
    if not any(map(is_reference, [*cluster.subnets, cluster.private_dns_zone or ""])):
        return cluster

    def of(resource: str | None) -> str | None:
        return resource and names.id(resource, cluster.origin)

    pools = [
        replace(pool, subnet=of(pool.subnet), pod_subnet=of(pool.pod_subnet))
        for pool in cluster.pools
    ]
    return replace(
        cluster,
        pools=tuple(pools),
        api_server_subnet=of(cluster.api_server_subnet),
        private_dns_zone=of(cluster.private_dns_zone),
    )


def _links(inventory: Inventory, names: _Names) -> list[ZoneLink]:
    """Links of private DNS zones, the intended ones by the ids of those that are."""
    real = {
        (each.zone, each.vnet): each
        for each in inventory.zone_links
        if not is_intended(each.id)
    }
    return [_link(each, names, real) for each in inventory.zone_links]


def _link(
    link: ZoneLink, names: _Names, real: dict[tuple[str, str | None], ZoneLink]
) -> ZoneLink:
    if not is_intended(link.id):
        return link
    zone = names.id(link.zone, link.origin)
    vnet = names.id(link.vnet or "", link.origin)
    same = real.get((zone, vnet))
    if same is None:
        return replace(link, id=intended_link(zone, vnet), vnet=vnet)
    names.used = True
    return replace(link, id=same.id, name=same.name, vnet=vnet)


def _peerings(inventory: Inventory, names: _Names) -> list[Peering]:
    """Peerings, the intended ones by the ids of those that they change."""
    every = list(inventory.peerings)
    if not any(is_intended(each.id) for each in every):
        return every
    real = {
        (parent_of(each.id), each.remote): each
        for each in every
        if not is_intended(each.id)
    }
    return [_peering(each, names, real) for each in every]


def _peering(
    peering: Peering, names: _Names, real: dict[tuple[str, str | None], Peering]
) -> Peering:
    if not is_intended(peering.id):
        return peering
    vnet = names.id(parent_of(peering.id), peering.origin)
    remote = names.id(peering.remote or "", peering.origin)
    same = real.get((vnet, remote))
    if same is None:
        identity = intended_peering(vnet, remote)
        return replace(peering, id=identity, remote=remote)
    names.used = True
    return replace(peering, id=same.id, name=same.name, remote=remote)
