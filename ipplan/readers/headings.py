"""What the columns of a table of networks mean, by the words at their heads."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

DELIMITERS = ",;\t"

FIRST_ROWS = 5
"""Rows among which the heading is; ``#TYPE`` or ``sep=`` may stand above it. [rows]"""

FIRST_TEXT = 1 << 16
"""Where the heading ends at the latest. [characters]"""

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "resourceid", "vnetid", "virtualnetworkid", "subnetid"),
    "type": ("type", "resourcetype"),
    "subscription": (
        "subscriptionid",
        "vnetsubscriptionid",
        "subscription",
        "subscriptionname",
        "vnetsubscription",
        "vnetsub",
    ),
    "group": (
        "resourcegroup",
        "resourcegroupname",
        "vnetresourcegroup",
        "vnetresourcegroupname",
        "vnetrg",
        "rg",
    ),
    "location": ("location", "region", "vnetlocation", "vnetregion"),
    "vnet": ("vnet", "vnetname", "virtualnetwork", "virtualnetworkname"),
    "name": ("name",),
    "space": (
        "addressspace",
        "vnetaddressspace",
        "addressprefixes",
        "vnetaddressprefixes",
        "vnetaddressprefix",
        "vnetprefix",
        "vnetcidr",
    ),
    "subnet": ("subnet", "subnetname"),
    "prefix": (
        "subnetaddressprefix",
        "subnetaddressprefixes",
        "subnetaddressspace",
        "subnetprefix",
        "subnetcidr",
        "addressprefix",
        "cidr",
    ),
    "subnets": ("subnets",),
    "peering": ("peering", "peerings", "vnetpeerings", "virtualnetworkpeerings"),
    "properties": ("properties",),
    "sku": ("sku",),
    "identity": ("identity",),
}
"""Headings of each column, without case, blanks and marks; the first found counts."""

_MARKS = re.compile(r"[\s_.-]+")


class Columns(NamedTuple):
    """The cells of one row; a column that the table has not is blank."""

    id: str
    type: str
    subscription: str
    group: str
    location: str
    vnet: str
    name: str
    space: str
    subnet: str
    prefix: str
    subnets: str
    peering: str
    properties: str
    sku: str
    identity: str


class Header(NamedTuple):
    """The heading of a table.

    Parameters
    ----------
    row : int
        Its row, counted from 1.
    width : int
        Cells in a row.
    delimiter : str
        Between the cells.
    places : dict of str to int
        Columns of :class:`Columns` that the table has, and which they are in it.
    """

    row: int
    width: int
    delimiter: str
    places: dict[str, int]

    def reader(self) -> Callable[[list[str]], Columns]:
        """What takes the cells that mean something out of a row."""
        # A column that there is not is the blank one behind the last.
        cells = itemgetter(*(self.places.get(name, -1) for name in Columns._fields))
        return lambda row: Columns._make(map(str.strip, cells([*row, ""])))


def header_of(text: str) -> Header | None:
    r"""The heading of a table of networks; None for any other text.

    Examples
    --------
    >>> header_of("VNet Name;Address_Space\nhub;10.0.0.0/16").places
    {'vnet': 0, 'space': 1}
    >>> header_of("Name,Age\nAda,36") is None
    True
    """
    headers = [
        Header(number, len(cells), delimiter, _places(cells))
        for delimiter in DELIMITERS
        for number, cells in _first_rows(text, delimiter)
    ]
    best = max(headers, key=lambda header: len(header.places), default=None)
    return best if best and _tells_networks(best.places) else None


def _first_rows(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    lines = io.StringIO(text[:FIRST_TEXT].removeprefix("\ufeff"), newline="")
    rows = csv.reader(lines, delimiter=delimiter)
    return enumerate(islice(rows, FIRST_ROWS), 1)


def _places(cells: Sequence[str]) -> dict[str, int]:
    bare = [_MARKS.sub("", cell).lower() for cell in cells]
    at = {heading: bare.index(heading) for heading in dict.fromkeys(bare)}
    return {
        name: next(at[each] for each in headings if each in at)
        for name, headings in HEADINGS.items()
        if not at.keys().isdisjoint(headings)
    }


def _tells_networks(places: Mapping[str, int]) -> bool:
    """Whether there is a name or id, and what a network has beside it."""
    has = places.keys()
    if "properties" in has:
        return "id" in has or {"name", "type"} <= has
    if has & {"space", "subnets"}:
        return bool(has & {"vnet", "name", "id"})
    return "prefix" in has and bool(has & {"vnet", "id"})
