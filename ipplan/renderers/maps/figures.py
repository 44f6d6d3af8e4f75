"""A map as part of a page: pictures to zoom into, and the same as tables."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.counts import counted
from ipplan.limits import RESERVED_ADDRESSES
from ipplan.renderers.maps.pictures import (
    MAP_PATTERNS,
    MAP_STYLE,
    alone,
    graph_svg,
    panel_picture,
    ranges_svg,
)
from ipplan.renderers.pages import asset, filled
from ipplan.tables import cell, shortened
from ipplan.views.maps.badges import MOST_MARKS
from ipplan.views.maps.blocks import FILLS
from ipplan.views.maps.contents import about, marks_in, marks_of, subnets_of
from ipplan.views.maps.legends import legend
from ipplan.views.maps.plots import level_of
from ipplan.views.maps.ways import joins_counted, link_words, peering_words

if TYPE_CHECKING:
    from markupsafe import Markup

    from ipplan.contracts.maps import (
        MapDocument,
        MapSubnetDocument,
    )
    from ipplan.views.maps.panels import Panel
    from ipplan.views.maps.plots import Level

WIDTHS: dict[Level, float] = {"large": 540, "medium": 384, "small": 224}
"""Of panels, before they are fitted to the page. [pixels]"""

LONGEST_NAME = 60
"""Of a name, what labels of regions say. [characters]"""

MOST_WRITTEN = 2**32
"""Numbers of addresses beyond it are those of IPv6, and powers of two. [addresses]"""

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

SCRIPTS = ("map_ranges.js", "map_lens.js", "map.js")
"""In the order in which they use one another."""


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
    size = level_of(len(networks))
    panels = [alone(each, size, WIDTHS[size]) for each in networks]
    html = filled(
        "map_figure.html.jinja",
        level=level,
        size=size,
        patterns=MAP_PATTERNS,
        legend=legend(document, panels),
        most_marks=MOST_MARKS,
        graph=graph_svg(document),
        joins=_joins(document),
        joins_counted=joins_counted(document),
        networks=[_network(each) for each in panels],
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


def _network(panel: Panel) -> dict[str, Any]:
    network = panel.network
    is_small = panel.level == "small"
    subnets = subnets_of(network)
    return {
        **network,
        "about": about(network),
        "short": shortened(network["name"], LONGEST_NAME),
        "marks": marks_of(network),
        "is_plain": is_small and not marks_in(network),
        "panel": panel_picture(panel),
        "subnets": [_subnet(each) for each in subnets],
        "free": [each for block in network["blocks"] for each in block["free"]],
    }


def _subnet(subnet: MapSubnetDocument) -> dict[str, Any]:
    """A row of the table; of a subnet whose use is not known, what Azure keeps."""
    fill = subnet["fill"]
    is_ipv4 = ":" not in subnet["cidr"]
    kept = min(RESERVED_ADDRESSES.value, subnet["addresses"])
    return {
        **subnet,
        "users": _users(subnet),
        "kept": fill["reserved"] if fill else kept if is_ipv4 else None,
        "filled": " ".join(str(fill[key]) for key in FILLS) if fill else None,  # type: ignore[literal-required]  # they are its keys
        "is_ipv4": is_ipv4,
    }


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
    peered = [
        _join(each["networks"], " ↔ ", names, peering_words(each), each["marks"])
        for each in document["peerings"]
    ]
    linked = [
        _join(each["networks"], ", ", names, link_words(each, names), [])
        for each in document["links"]
    ]
    return peered + linked


def _join(
    networks: list[str], between: str, names: dict[str, str], way: str, marks: list[int]
) -> dict[str, Any]:
    told = between.join(names.get(each, each) for each in networks)
    return {"networks": told, "way": way, "marks": marks}


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
        for mark in sorted(marks_in(network)):
            found[mark].append((number, network["name"]))
    return found
