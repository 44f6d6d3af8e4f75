"""A report as a web page of its own: it asks no network for anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ipplan.counts import counted
from ipplan.findings import Effect
from ipplan.renderers.maps.figures import figure
from ipplan.renderers.pages import asset, filled, policy
from ipplan.views import changes, designs, occurrences
from ipplan.views.bars import bars, tightness

if TYPE_CHECKING:
    from ipplan.contracts.checks import LocationDocument
    from ipplan.contracts.reports import ReportDocument

OWN = re.compile(r"https://[A-Za-z0-9_./?=&#%+~:-]+")
"""A link that nothing can be hidden in."""

PARTS = (
    ("decision", "Decision"),
    ("fixed", "What can’t change"),
    ("findings", "What to fix"),
    ("capacity", "Capacity"),
    ("subnets", "Subnets"),
    ("map", "Map"),
    ("matrix", "Ranges and what they meet"),
    ("egress", "Egress"),
    ("coverage", "Coverage"),
    ("sources", "Sources"),
)
"""Parts of the page, by their ids."""

STANDINGS = {
    "chosen": "good",
    "chosen, but ruled out": "bad",
    "possible": "possible",
    "ruled out": "bad",
    "unknown": "unknown",
}
"""The shape beside the standing of a model."""

FIRMNESS = {
    "never": "never",
    "one-way": "oneway",
    "rebuild": "warn",
    "unknown": "unknown",
    "limited": "note",
}
"""The shape beside how firmly something is fixed."""

SEVERITIES = {"error": "bad", "warning": "warn", "note": "note"}
"""The shape beside a severity."""

ICONS = {
    "refused": "bad",
    "breaks": "breaks",
    "allowed": "warn",
    "reusable": "reusable",
    "clear": "good",
    "unknown": "unknown",
    "n/a": "none",
}
"""The shape in a cell of the matrix."""

FITS = {True: ("good", "yes"), False: ("bad", "no"), None: ("unknown", "unknown")}
"""The shape and the word for whether something works."""


def report_page(document: ReportDocument) -> str:
    """A report as a page that loads nothing, and is whole without scripts.

    Parameters
    ----------
    document : ReportDocument
        As :func:`ipplan.documents.reports.report_document` gives it.

    Returns
    -------
    str
        HTML; its policy lets one script run, by its checksum.
    """
    from markupsafe import Markup

    drawn = figure(document["map"], level=3)
    script = f"{asset('report.js')}\n{drawn.script}"
    style = f"{asset('theme.css')}{drawn.style}\n{asset('report.css')}"
    page = filled(
        "report.html.jinja",
        doc=document,
        figure=drawn.html,
        policy=policy(script),
        style=Markup(style),  # noqa: S704  # our own files
        script=Markup(script),  # noqa: S704  # our own files
        parts=PARTS,
        **_rows(document),
        **_words(document),
        **_helpers(),
    )
    return page + "\n"


def _rows(document: ReportDocument) -> dict[str, Any]:
    """What is shown of the lists of a report."""
    most = designs.MOST_ROWS
    rooms = designs.worst(document["rooms"], most, tightness)
    drawn = bars(document["rooms"])
    matrix = designs.worst(document["matrix"], most, designs.relation_badness)
    numbers = designs.references(document)
    pages = {each["url"]: each for each in reversed(document["sources"])}
    return {
        "decisions": designs.first(document["decisions"], designs.MOST_DECISIONS),
        "permanences": designs.first(document["permanences"], designs.MOST_FIXED),
        "findings": designs.first(document["findings"], designs.MOST_FINDINGS),
        "bars": drawn,
        "rooms": rooms,
        "changed": changes.notes(each["change"] for each in rooms.rows),
        "occurring": occurrences.stages_of(e.room for e in drawn.rows),
        "common": occurrences.common(rooms.rows),
        "figures": occurrences.several_figures(document["rooms"]),
        "matrix": matrix,
        "met": occurrences.verdicts_of(matrix.rows),
        "reuses": occurrences.reuses(document["matrix"]),
        "egress": designs.first(document["egress"], most),
        "unseen": designs.first(document["coverage"]["networks_not_seen"], most),
        "unknown": designs.first(document["not_known"], designs.MOST_ROWS),
        "sources": [pages[url] for url in numbers],
        "numbers": numbers,
    }


def _words(document: ReportDocument) -> dict[str, Any]:
    return {
        "answers": designs.ANSWERS,
        "changes": designs.CHANGES,
        "effects": {each.value: each.words for each in Effect},
        "firmness": FIRMNESS,
        "fits": FITS,
        "icons": ICONS,
        "kinds": designs.KINDS,
        "meanings": designs.MEANINGS,
        "others": designs.others(document),
        "read_words": designs.read_words(document),
        "severities": SEVERITIES,
        "short": designs.SHORT,
        "stages": designs.STAGES,
        "standings": STANDINGS,
        "uses": occurrences.USES,
        "verdicts": designs.VERDICTS,
    }


def _helpers() -> dict[str, Any]:
    return {
        "counted": counted,
        "given": _given,
        "model_state": designs.model_state,
        "need_cell": designs.need_cell,
        "need_of": designs.need_of,
        "number": designs.number,
        "of_clusters": designs.of_clusters,
        "place": place,
        "prefixes": designs.prefixes,
        "safe": OWN.fullmatch,
        "several": designs.several,
    }


def _given(value: object) -> object:
    """A value for an attribute; nothing for none."""
    return "" if value is None else value


def place(location: LocationDocument) -> str:
    """Where something stands, as editors take it.

    Examples
    --------
    >>> place({"file": "-", "path": "$.networks[0]", "line": None})
    'standard input $.networks[0]'
    """
    line = f":{location['line']}" if location["line"] else ""
    file = "standard input" if location["file"] == "-" else location["file"]
    return f"{file}{line} {location['path'].strip()}".rstrip()
