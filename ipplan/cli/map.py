"""``ipplan map``: address space as a picture, with conflicts where they are."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from ipplan.cli import options, printing
from ipplan.cli.forms import check_out, check_query, form_option
from ipplan.cli.studies import exit_for, given_of, study_of
from ipplan.counts import counted
from ipplan.errors import ArgumentError
from ipplan.renderers.maps import MAPS

if TYPE_CHECKING:
    from ipplan.contracts.maps import MapDocument
    from ipplan.designs.studies import Study

FORMATS = (*MAPS, "json")
"""What a map can be written as."""


def map(  # noqa: A001  # a command has the name of its function
    files: options.Files,
    lock: options.PlanLock = None,
    as_of: options.AsOf = None,
    redact: options.Redact = False,
    output: Annotated[str | None, form_option(FORMATS)] = None,
    out: options.Out = None,
    query: options.Query = None,
    fail_on: options.FailOn = "never",
) -> None:
    """Draw address space to scale: what is used, kept and free, and what conflicts.

    FILES are one plan of networks, as layout reads it, or what inventory reads. The
    picture is .svg or .png; .html is a page to zoom into, which needs no network.
    """
    from ipplan.documents.maps import map_document

    printing.check_severity(fail_on)
    form = check_out(output, out, FORMATS, [*files, lock or ""])
    check_query(query, form)
    _check_form(form, out)
    found = study_of(files, lock=lock, out=out, as_of=options.day(as_of), redact=redact)
    document = map_document(found, given_of(files, lock, as_of, redact=redact))
    _write(document, form, out, query)
    _tell(document, found, out)
    exit_for(found, fail_on)


def _check_form(form: str, out: str | None) -> None:
    """Refuse a PNG that can't be written, before any work."""
    if form == "png" and out is None and sys.stdout and sys.stdout.isatty():
        allowed = "not to a terminal: --out map.png"
        raise ArgumentError("--output", repr(form), allowed)
    if form == "png":
        from ipplan.renderers.maps import check_png

        check_png()


def _write(
    document: MapDocument, form: str, out: str | None, query: str | None
) -> None:
    """The map in a form, printed or written to a file whole or not at all."""
    if form == "json":
        from ipplan.views.rows import data_report

        printing.emit(data_report(document), form, out, query)
        return
    from ipplan.renderers.maps import draw_map

    drawn = draw_map(document, form)
    if out is not None:
        printing.write(drawn, out)
    elif form == "png":
        printing.stream(lambda file: file.write(drawn), form)
    else:
        printing.put(drawn.decode(), form)


def _tell(document: MapDocument, found: Study, out: str | None) -> None:
    """What was written, and how much of it conflicts."""
    totals = document["totals"]
    severities = [each["severity"] for each in document["marks"]]
    told = (
        counted(totals["networks"], "VNet"),
        counted(totals["subnets"], "subnet"),
        counted(severities.count("error"), "error"),
        counted(severities.count("warning"), "warning"),
    )
    printing.tell(f"{f'wrote {out}' if out else 'map'}: {', '.join(told)}")
    if not totals["networks"] and not found.clusters:
        printing.tell("nothing to draw: no network and no cluster was read")
