"""VNets and subnets out of a table with one of them a row."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.inventory.origins import name_of, normal_id, parent_of
from ipplan.readers.readings import SUBNET, VNET, Found, Resource, Skipped, Unresolved
from ipplan.readers.spellings import id_of, is_cut_off, other, type_of, unsaid

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ipplan.readers.headings import Columns

NO_COLUMN = Unresolved("the table has no column for it")
BLANK = Unresolved("the cell is blank")
NO_VALUES = Unresolved("Export-Csv wrote the type of a list in place of its values")

_WORDS = re.compile(r"[^\s,;|{}\[\]\"']+")
# No longer than an IPv6 prefix can be, or it would take ages on a long cell.
_RANGES = re.compile(r"[0-9A-Fa-f.:]{2,45}/[0-9]{1,3}")


class _Told(NamedTuple):
    """What a row says, whatever the columns are that say it."""

    names: tuple[str, str, str]
    vnet_id: str
    space: str
    subnet: str
    subnet_id: str


@dataclass(slots=True)
class _Subnet:
    row: int
    name: str
    id: str
    prefixes: list[str]
    """Cells that hold them."""


@dataclass(slots=True)
class _VNet:
    row: int
    names: tuple[str, str, str]
    id: str
    location: str
    space: list[str]
    """Cells that hold it; the address space may be spread over rows."""
    subnets: dict[str, _Subnet] = field(default_factory=dict[str, _Subnet])


class Listing:
    """The VNets of one table, filled row by row.

    Where a row has subscription and resource group, or an id, it belongs to the VNet
    of these. Where it has not, rows with the name of one VNet may be of many: there a
    VNet goes on only as long as name, address space and location stay the same and no
    subnet comes a second time.

    Parameters
    ----------
    file : str
        As it was named.
    has : collection of str
        Which of :class:`~ipplan.readers.headings.Columns` the table has.
    """

    def __init__(self, file: str, has: Collection[str]) -> None:
        self._file = file
        self._has = has
        self._vnets: list[_VNet] = []
        self._latest: dict[tuple[str, ...], _VNet] = {}
        self._peerings = 0

    def add(self, number: int, row: Columns) -> Skipped | None:
        """Take in a row; what is returned says why it was not."""
        kind = row.type.lower()
        if "/" in kind and kind not in {VNET, SUBNET}:
            return other(f" row {number}", kind)
        told = _told(row)
        if not told.names[-1]:
            return Skipped(f" row {number}", "no VNet name", broken=True)
        vnet = self._vnet(number, told, row)
        if told.subnet or row.prefix:
            name = told.subnet or f"<subnet {len(vnet.subnets) + 1}>"
            key = name.lower()
            if key in vnet.subnets:
                vnet.subnets[key].prefixes.append(row.prefix)
            else:
                subnet = _Subnet(number, name, told.subnet_id, [row.prefix])
                vnet.subnets[key] = subnet
        if row.subnets:
            _add_listed(vnet, number, row.subnets)
        self._peerings += bool(row.peering)
        return None

    def found(self) -> Found:
        """Every VNet and behind it its subnets, and what the table cannot say."""
        names = Counter(_names(vnet) for vnet in self._vnets)
        twins = [vnet for vnet in self._vnets if names[_names(vnet)] > 1]
        apart = {id(vnet) for vnet in twins}
        resources = [
            resource
            for vnet in self._vnets
            for resource in self._resources(vnet, apart=id(vnet) in apart)
        ]
        return Found(resources, [], list(self._unsaid(twins)))

    def _vnet(self, number: int, told: _Told, row: Columns) -> _VNet:
        """The VNet of a row: one that there is already, or a new one."""
        whole = bool(told.vnet_id or (row.subscription and row.group))
        subscription, group, name = told.names
        names = (subscription.lower(), group.lower(), name.lower())
        sameness = () if whole else (told.space, row.location)
        key = (told.vnet_id,) if told.vnet_id else (*names, *sameness)
        known = self._latest.get(key)
        if known and (whole or self._goes_on(known, told)):
            if told.space != known.space[-1]:
                known.space.append(told.space)
            return known
        made = _VNet(number, told.names, told.vnet_id, row.location, [told.space])
        self._vnets.append(made)
        self._latest[key] = made
        return made

    def _goes_on(self, vnet: _VNet, told: _Told) -> bool:
        return bool(told.subnet) and told.subnet.lower() not in vnet.subnets

    def _has_space(self) -> bool:
        """Whether there is an address space: also as ``VNet``, beside a ``Name``."""
        swapped = {"vnet", "name"} <= set(self._has) and "prefix" not in self._has
        return "space" in self._has or swapped

    def _resources(self, vnet: _VNet, *, apart: bool) -> Iterator[Resource]:
        identity = self._id(vnet, apart=apart)
        space = _prefixes(vnet.space, has=self._has_space())
        fields: dict[str, Any] = {"name": vnet.names[-1], "addressSpace": space}
        if isinstance(space, list):
            fields["addressSpace"] = {"addressPrefixes": space}
        if vnet.location:
            fields["location"] = vnet.location
        yield Resource(VNET, identity, fields, f" row {vnet.row}")
        has = "prefix" in self._has
        for key, subnet in vnet.subnets.items():
            made = subnet.id or f"{identity}/subnets/{key.replace('/', '_')}"
            prefixes = _prefixes(subnet.prefixes, has=has)
            below = {"name": subnet.name, "addressPrefixes": prefixes}
            yield Resource(SUBNET, made, below, f" row {subnet.row}")

    def _id(self, vnet: _VNet, *, apart: bool) -> str:
        """The id of a VNet, with its row in it where its names are not its own."""
        subscription, group, name = vnet.names
        row = unsaid(f"row {vnet.row}", self._file) if apart else ""
        if group:
            subscription = subscription or row
        else:
            group = row
        return vnet.id or id_of(
            VNET,
            [name],
            subscription or unsaid("subscription", self._file),
            group or unsaid("resource group", self._file),
        )

    def _unsaid(self, twins: list[_VNet]) -> Iterator[str]:
        if not self._has_space():
            yield "no column for the address space: prefixes of VNets are unknown"
        if "prefix" in self._has:
            yield "a subnet a row: VNets without subnets are not in it"
        if self._peerings:
            yield f"{self._peerings} rows name peerings, but not what they join"
        elif "peering" not in self._has:
            yield "no column for peerings: which VNets are peered is unknown"
        if twins:
            what = "subscription" if twins[0].names[1] else "resource group"
            yield (
                f"no {what} for {len(twins)} VNets that share their names: "
                "they are told apart by their rows, which may be wrong"
            )


def _told(row: Columns) -> _Told:
    identity = normal_id(row.id) if row.id else ""
    kind = type_of(identity) if identity else ""
    vnet_id = {VNET: identity, SUBNET: parent_of(identity)}.get(kind, "")
    subnet_id = identity if kind == SUBNET else ""
    vnet, subnet, space, name = row.vnet, row.subnet, row.space, row.name
    # A column VNet beside one called Name holds the address space in some exports.
    if name and ("/" in vnet or is_cut_off(vnet)):
        vnet, space = "", space or vnet
    if kind == SUBNET or (vnet and row.prefix):
        subnet = subnet or name or name_of(subnet_id)
        name = ""
    names = (row.subscription, row.group, vnet or name or name_of(vnet_id))
    return _Told(names, vnet_id, space, subnet, subnet_id)


def _add_listed(vnet: _VNet, number: int, cell: str) -> None:
    """Add subnets that one cell lists: by their prefixes, or by their names."""
    count = len(vnet.subnets)
    ranges = _RANGES.findall(cell)
    for index, prefix in enumerate(ranges, count + 1):
        name = f"<subnet {index}>"
        vnet.subnets[name] = _Subnet(number, name, "", [prefix])
    for name in () if ranges else _WORDS.findall(cell):
        vnet.subnets.setdefault(name.lower(), _Subnet(number, name, "", []))


def _names(vnet: _VNet) -> tuple[str, ...]:
    return (vnet.id, *(name.lower() for name in vnet.names))


def _prefixes(cells: list[str], *, has: bool) -> list[str] | Unresolved:
    """The prefixes in some cells, each once, or why there are none."""
    if len(cells) == 1 and _RANGES.fullmatch(cells[0]):
        return [*cells]  # nearly always, and there may be a million
    if any(map(is_cut_off, cells)):
        return NO_VALUES
    words = (word for cell in cells for word in _WORDS.findall(cell))
    return list(dict.fromkeys(words)) or (BLANK if has and cells else NO_COLUMN)
