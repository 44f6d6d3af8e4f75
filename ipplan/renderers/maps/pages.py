"""A map as a web page of its own: it asks no network for anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.counts import counted
from ipplan.renderers.maps.figures import figure
from ipplan.renderers.pages import asset, filled, policy

if TYPE_CHECKING:
    from ipplan.contracts.maps import MapDocument, MapTotalsDocument


def map_page(document: MapDocument) -> str:
    """A map as a page: it can be filtered and zoomed into, and works without scripts.

    Parameters
    ----------
    document : MapDocument
        As :func:`ipplan.documents.maps.map_document` gives it.

    Returns
    -------
    str
        HTML that loads nothing; its policy lets one script run, by its checksum.
    """
    from markupsafe import Markup

    drawn = figure(document)
    page = filled(
        "map_page.html.jinja",
        title=document["title"],
        about=_about(document),
        footer=f"ipplan {document['version']}, rules as of {document['as_of']}",
        policy=policy(drawn.script),
        style=Markup(asset("theme.css") + drawn.style),  # noqa: S704  # our own files
        script=Markup(drawn.script),  # noqa: S704  # our own file
        figure=drawn.html,
    )
    return page + "\n"


def _about(document: MapDocument) -> str:
    """What there is, in a line."""
    totals = document["totals"]
    kind = "planned" if document["proposed"] else "as it was read"
    severities = [each["severity"] for each in document["marks"]]
    errors = counted(severities.count("error"), "error")
    warnings = counted(severities.count("warning"), "warning")
    space = counted(totals["addresses"], "address", "es")
    share = f"{_share(totals)} of {space} in subnets"
    return f"{_counts(totals)}, {kind}; {share}; {errors}, {warnings}"


def _counts(totals: MapTotalsDocument) -> str:
    return ", ".join(
        (
            counted(totals["networks"], "VNet"),
            counted(totals["subnets"], "subnet"),
            counted(totals["clusters"], "cluster"),
        )
    )


def _share(totals: MapTotalsDocument) -> str:
    """What of the address space is in subnets."""
    whole = totals["addresses"]
    return f"{100 * totals['in_subnets'] // whole if whole else 0}%"
