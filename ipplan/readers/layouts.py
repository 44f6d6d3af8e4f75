"""read_layout_plan(): from a plan file to what is asked for, amid all that exists."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from errno import ENOENT
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from ipplan.errors import ArgumentError, InventoryError
from ipplan.garbage import uncollected
from ipplan.inventory.estates import Inventory
from ipplan.inventory.merging import Parts, merge
from ipplan.inventory.naming import identified, is_reference, resolved
from ipplan.inventory.networks import VNet
from ipplan.inventory.origins import name_of, subscription_of
from ipplan.layouts.locks import lock_beside
from ipplan.layouts.plans import LayoutPlan
from ipplan.layouts.twins import failover_pair
from ipplan.readers.estates import read_parts
from ipplan.readers.files import expanded, load, same_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ipplan.inventory.origins import Origin
    from ipplan.layouts.plans import NetworkPlan
    from ipplan.readers.plan.drafts import Drafts
    from ipplan.readers.plan.mistakes import Asked
    from ipplan.readers.plan.networks import LayoutFile

NONE: Mapping[str, str] = MappingProxyType({})
"""No file is written afterwards."""


def read_layout_plan(path: str, *, without: Mapping[str, str] = NONE) -> LayoutPlan:
    """Read a plan of networks that are to be laid out, and what it says exists.

    Parameters
    ----------
    path : str
        The plan file; ``-`` is standard input.
    without : mapping of str to str
        The options that name files which are written afterwards, by these files:
        these are passed over where a folder has them.

    Returns
    -------
    LayoutPlan
        Networks, subnets and clusters under the ids that they have or will have.

    Raises
    ------
    InventoryError
        Every problem of the plan, each with its line; or of the files that it names.
    ArgumentError
        Where the plan names a file that is written afterwards.

    Examples
    --------
    >>> read_layout_plan("no-such-plan.yaml")
    Traceback (most recent call last):
    ...
    ipplan.errors.InventoryError: no-such-plan.yaml: No such file or directory
    """
    from ipplan.readers.plan import parsed
    from ipplan.readers.plan.drafts import Drafts, with_twins
    from ipplan.readers.plan.networks import LayoutFile

    with uncollected():
        content = load(path)
        file, lines = parsed(content, LayoutFile)
        drafts = Drafts(content.file, lines)
        parts = _existing(content.file, file, drafts, without)
        parts.extend(drafts.parts(with_twins(file)))
        return _Reading(content.file, file, drafts, parts).plan()


def is_layout_plan(path: str) -> bool:
    """Whether a file is a plan of networks, by the keys at its top.

    Standard input is none, since it can be read once only.

    Examples
    --------
    >>> is_layout_plan("-"), is_layout_plan("vnets.json")
    (False, False)
    """
    from ipplan.readers.plan import SUFFIXES
    from ipplan.readers.plan.trees import LARGEST, top_keys

    # os.path has no quarrel with a name that is too long: reading it says what is wrong
    there = os.path.isfile(path)  # noqa: PTH113
    if Path(path).suffix.lower() not in SUFFIXES or not there:
        return False
    text = load(path).text
    return len(text) <= LARGEST and "networks" in top_keys(path, text)


def layout_plans(paths: Sequence[str]) -> Iterator[str]:
    """Those of some files that are plans of networks; where all are folders, in these.

    YAML that is broken is none.

    Examples
    --------
    >>> list(layout_plans(["-", "vnets.json"]))
    []
    """
    files = list(expanded(paths))
    named = [file for file, is_named in files if is_named]
    for file in named or [file for file, _ in files]:
        with suppress(InventoryError):
            if is_layout_plan(file):
                yield file


def _existing(
    path: str, file: LayoutFile, drafts: Drafts, without: Mapping[str, str]
) -> Parts:
    """What the files hold that a plan names, from its folder."""
    from ipplan.readers.plan.mistakes import Mistake, told

    if not file.existing:
        return Parts()
    folder = Path(path).parent
    files = [str(folder / each) for each in file.existing]
    gone = [
        Mistake(drafts.origin("existing", index), f"{name}: {os.strerror(ENOENT)}")
        for index, name in enumerate(file.existing)
        if not os.path.lexists(files[index])
    ]
    if gone:
        raise InventoryError(path, told(gone))
    within = [each for each, _ in expanded(files)]
    for other, option in without.items():
        # a lock may lie in a folder that is read, for it is known and passed over
        read = files if option == "lock" else within
        if any(same_file(each, other) for each in read):
            raise ArgumentError(option, repr(other), "is one of the files read")
    own = (path, lock_beside(path))  # which says what is asked for, not what exists
    return read_parts(*files, without=(*own, *without))


class _Reading:
    """A plan between its file and its nouns.

    Parameters
    ----------
    name : str
        The file, as it was named.
    file : LayoutFile
        What is written in it.
    drafts : Drafts
        Makes nouns of that.
    parts : Parts
        What exists, and what the file declares besides networks.
    """

    def __init__(
        self, name: str, file: LayoutFile, drafts: Drafts, parts: Parts
    ) -> None:
        self._name = name
        self._file = file
        self._drafts = drafts
        self._parts = parts

    def plan(self) -> LayoutPlan:
        """Everything that is asked for, amid all that exists."""
        from ipplan.readers.plan.surroundings import around, as_they_exist

        drafted = self._drafted()
        before = merge(self._parts)
        asked = as_they_exist(drafted, self._ids(drafted, before), before)
        after = self._whole(asked, before)
        hubs = self._hubs(asked, after)
        asked = [
            each._replace(network=replace(_zoned(each.network, after), hub=hub))
            for each, hub in zip(asked, hubs, strict=True)
        ]
        self._refuse_among(asked, after)
        networks = sorted((each.network for each in asked), key=lambda each: each.id)
        return LayoutPlan(
            name=self._file.name or Path(self._name).stem,
            networks=tuple(networks),
            inventory=around(networks, _unknown(after)),
        )

    def _drafted(self) -> list[Asked]:
        """Every network under its draft of an id, with those that they fail over to."""
        from ipplan.readers.plan.mistakes import Asked, Mistake, in_network, told

        asked: list[Asked] = []
        wrong: list[Mistake] = []
        networks = list(self._drafts.networks(self._file))
        for index, network in enumerate(networks):
            entry = self._file.networks[index]

            def where(*steps: str | int, index: int = index) -> Origin:
                return self._drafts.origin("networks", index, *steps)

            wrong += in_network(entry, network, self._parts.address_pools, where)
            asked.append(Asked(network, where("hub")))
        if wrong:
            raise InventoryError(self._name, told(wrong))
        return [each for one in enumerate(asked) for each in self._sides(*one)]

    def _sides(self, index: int, asked: Asked) -> Iterator[Asked]:
        """A network, and the one that it fails over to."""
        entry = self._file.networks[index].failover
        if entry is None:
            yield asked
            return
        other = self._drafts.failover(asked.network, entry)
        first, second = failover_pair(asked.network, other)
        yield asked._replace(network=first)
        place = ("networks", index, "failover")
        second = replace(second, origin=self._drafts.origin(*place))
        hub = self._drafts.origin(*place, "hub") if entry.hub else asked.hub
        yield asked._replace(network=second, hub=hub)

    def _ids(self, asked: list[Asked], before: Inventory) -> dict[str, str]:
        """Ids of networks that exist already, by those that were drafted."""
        drafts = [
            each.network
            for each in asked
            if subscription_of(each.network.id) is None
            and each.network.id not in before.vnet_by_id
        ]
        names = [(self._drafts.reference(each), each.origin) for each in drafts]
        found = zip(drafts, identified(before, names), strict=True)
        return {each.id: to for each, to in found if not is_reference(to)}

    def _whole(self, asked: list[Asked], before: Inventory) -> Inventory:
        """What exists, and drafts of all that does not, with ids for names."""
        from ipplan.readers.plan.surroundings import draft

        for network, _ in asked:
            vnet = before.vnet_by_id.get(network.id)
            if vnet is None or not vnet.seen:
                self._parts.vnets.append(_draft(network))
            self._parts.clusters += [draft(plan.cluster) for plan in network.clusters]
        return resolved(merge(self._parts))

    def _hubs(self, asked: list[Asked], after: Inventory) -> list[str | None]:
        """Ids of hubs: of networks in the plan first, and then of others."""
        ids = {each.network.id for each in asked}
        own = Inventory(vnets=tuple(each for each in after.vnets if each.id in ids))
        named = [(each.network.hub, each.hub) for each in asked if each.network.hub]
        for known in (own, after):
            found = identified(known, [(hub or "", place) for hub, place in named])
            named = [(hub, place) for hub, (_, place) in zip(found, named, strict=True)]
        hubs = iter(named)
        return [next(hubs)[0] if each.network.hub else None for each in asked]

    def _refuse_among(self, asked: Sequence[Asked], after: Inventory) -> None:
        from ipplan.readers.plan.mistakes import among, told

        wrong = list(among(asked, after.vnet_by_id))
        if wrong:
            raise InventoryError(self._name, told(wrong))


def _unknown(whole: Inventory) -> Inventory:
    """All there is, which says whose pods a mesh joins that nothing shows."""
    lost = (
        f"{group.origin.file} line {group.origin.line}: pod mesh {group.name}: "
        f"no cluster is called {name_of(each)}: its pods are not kept clear of"
        for group in whole.groups
        if group.kind == "pod-mesh"
        for each in group.members
        if is_reference(each)
    )
    return replace(whole, incomplete=(*whole.incomplete, *lost))


def _draft(network: NetworkPlan) -> VNet:
    """A network that is to be, without a range."""
    return VNet(
        network.id, network.name, location=network.location, origin=network.origin
    )


def _zoned(network: NetworkPlan, whole: Inventory) -> NetworkPlan:
    """A network whose clusters name their private DNS zones by ids."""
    zones = {each.id: each.private_dns_zone for each in whole.clusters}
    clusters = tuple(
        replace(
            plan, cluster=replace(plan.cluster, private_dns_zone=zones[plan.cluster.id])
        )
        for plan in network.clusters
    )
    return replace(network, clusters=clusters)
