"""A map as part of a page: pictures to zoom into, and the same as tables."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.counts import counted
from ipplan.renderers.maps.pictures import (
    MAP_PATTERNS,
    MAP_STYLE,
    graph_svg,
    panel_svg,
    ranges_svg,
)
from ipplan.renderers.pages import asset, filled
from ipplan.tables import cell, shortened
from ipplan.views.maps.sheets import LEGEND

if TYPE_CHECKING:
    from markupsafe import Markup

    from ipplan.contracts.maps import (
        MapDocument,
        MapLinkDocument,
        MapNetworkDocument,
        MapPeeringDocument,
        MapSubnetDocument,
    )
    from ipplan.views.maps.plots import Level

MOST_MARKS = 200
"""Conflicts that a page explains; the command that is named beneath lists all."""

MOST_LARGE, MOST_MEDIUM = 12, 60
"""VNets that get a large panel, or one of a medium size, each. [VNets]"""

WIDTHS: dict[Level, float] = {"large": 540, "medium": 384, "small": 224}
"""Of panels, before they are fitted to the page. [pixels]"""

LONGEST_NAME = 60
"""Of a name, what labels of regions say. [characters]"""

MOST_WRITTEN = 2**32
"""Numbers of addresses beyond it are those of IPv6, and powers of two. [addresses]"""

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

SCRIPTS = ("map_ranges.js", "map_lens.js", "map.js")
"""In the order in which they use one another."""

_WAYS = {
    "hub": "through the hub {}",
    "group": "in the group {}",
    "on-premises": "through {} on premises",
}
"""How links that are no peerings are told."""


class Figure(NamedTuple):
    """A map to be put into a page, which has the colours of ``theme.css``.

    Parameters
    ----------
    html : Markup
        The figure, a ``div`` whose headings begin at the level asked for.
    style : str
        What the page's style sheet needs besides.
    script : str
        What filters and zooms; without it everything is shown.
    """

    html: Markup
    style: str
    script: str


def figure(document: MapDocument, *, level: int = 2) -> Figure:
    """A map for a page: pictures to zoom into, tables of them, and conflicts.

    Parameters
    ----------
    document : MapDocument
        As :func:`ipplan.documents.maps.map_document` gives it.
    level : int
        Of its first headings; those of VNets are one below. [-]
    """
    from markupsafe import Markup

    networks = document["networks"]
    size = _size(len(networks))
    html = filled(
        "map_figure.html.jinja",
        level=level,
        size=size,
        patterns=MAP_PATTERNS,
        legend=LEGEND,
        most_marks=MOST_MARKS,
        graph=graph_svg(document),
        joins=_joins(document),
        networks=[_network(each, size) for each in networks],
        ranges=document["ranges"],
        ranges_picture=ranges_svg(document),
        findings=_findings(document),
        more_findings=max(len(document["marks"]) - MOST_MARKS, 0),
        notes=document["notes"],
        unknown=document["unknown"],
        cell=_number,
        counted=counted,
    )
    return Figure(Markup(html), MAP_STYLE + asset("map.css"), _script())  # noqa: S704  # the template has escaped it


def _script() -> str:
    return "".join(map(asset, SCRIPTS))


def _size(networks: int) -> Level:
    """How large panels of so many VNets are."""
    if networks <= MOST_LARGE:
        return "large"
    return "medium" if networks <= MOST_MEDIUM else "small"


def _network(network: MapNetworkDocument, size: Level) -> dict[str, Any]:
    subnets = [
        *(each for block in network["blocks"] for each in block["subnets"]),
        *network["strays"],
    ]
    return {
        **network,
        "about": _about(network, subnets),
        "short": shortened(network["name"], LONGEST_NAME),
        "marks": sorted(
            {*network["marks"], *(n for e in network["blocks"] for n in e["marks"])}
        ),
        "panel": panel_svg(network, level=size, width=WIDTHS[size]),
        "subnets": [{**each, "users": _users(each)} for each in subnets],
        "free": [each for block in network["blocks"] for each in block["free"]],
    }


def _about(network: MapNetworkDocument, subnets: list[MapSubnetDocument]) -> str:
    """What stands beneath the name of a VNet."""
    parts = [
        network["location"] or "",
        "" if network["role"] == "alone" else network["role"],
        "" if network["seen"] else "not read: only peerings tell of it",
        counted(len(subnets), "subnet"),
    ]
    clusters = network["clusters"]
    if clusters:
        word = "cluster" if len(clusters) == 1 else "clusters"
        parts.append(f"{word} {', '.join(clusters)}")
    return " · ".join(each for each in parts if each)


def _number(value: int) -> str:
    """A number with its thousands apart; of IPv6 as the power of two that it is.

    Examples
    --------
    >>> _number(4096), _number(2**64)
    ('4,096', '2⁶⁴')
    """
    if value <= MOST_WRITTEN:
        return cell(value)
    return "2" + str(value.bit_length() - 1).translate(_RAISED)


def _users(subnet: MapSubnetDocument) -> str:
    """What a subnet is for, and of which clusters."""
    purpose, clusters = (", ".join(subnet[key]) for key in ("purpose", "clusters"))
    return f"{purpose} ({clusters})" if purpose and clusters else purpose or clusters


def _joins(document: MapDocument) -> list[dict[str, Any]]:
    """Peerings and links as rows of a table."""
    names = {each["id"]: each["name"] for each in document["networks"]}
    return [
        *(_peering(each, names) for each in document["peerings"]),
        *(_link(each, names) for each in document["links"]),
    ]


def _peering(peering: MapPeeringDocument, names: dict[str, str]) -> dict[str, Any]:
    told = {
        f"peering, {peering['state']}": True,
        "of one side only": peering["one_sided"],
        "through a gateway": peering["gateway"],
        "lets in what is forwarded": peering["forwarded"],
    }
    return {
        "networks": " ↔ ".join(names.get(each, each) for each in peering["networks"]),
        "way": ", ".join(words for words, holds in told.items() if holds),
        "marks": peering["marks"],
    }


def _link(link: MapLinkDocument, names: dict[str, str]) -> dict[str, Any]:
    through = names.get(link["through"], link["through"])
    return {
        "networks": ", ".join(names.get(each, each) for each in link["networks"]),
        "way": _WAYS[link["way"]].format(through),
        "marks": [],
    }


def _findings(document: MapDocument) -> list[dict[str, Any]]:
    """The conflicts that are explained, each with the VNets that show it."""
    places = _places(document)
    return [
        {**each, "places": places[each["number"]]}
        for each in document["marks"][:MOST_MARKS]
    ]


def _places(document: MapDocument) -> dict[int, list[tuple[int, str]]]:
    """The numbers and names of the VNets in which a conflict is marked."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for number, network in enumerate(document["networks"], start=1):
        blocks = network["blocks"]
        marked = [network, *blocks, *network["strays"]]
        marked += [each for block in blocks for each in block["subnets"]]
        for mark in sorted({mark for each in marked for mark in each["marks"]}):
            found[mark].append((number, network["name"]))
    return found
