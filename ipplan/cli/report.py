"""``ipplan report``: what a design document says of networks, on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from ipplan.cli import options, printing
from ipplan.cli.forms import check_out, check_query, form_option
from ipplan.cli.studies import exit_for, given_of, study_of
from ipplan.counts import counted
from ipplan.renderers.reports import REPORTS

if TYPE_CHECKING:
    from ipplan.contracts.reports import ReportDocument

FORMATS = (*REPORTS, "json")
"""What a report can be written as."""


def report(
    files: options.Files,
    lock: options.PlanLock = None,
    as_of: options.AsOf = None,
    redact: options.Redact = False,
    output: Annotated[str | None, form_option(FORMATS)] = None,
    out: options.Out = None,
    query: options.Query = None,
    fail_on: options.FailOn = "never",
) -> None:
    """Write the page that goes into a design document: decisions, room, what to fix.

    FILES are one plan of networks, as layout reads it, or what inventory reads. The
    page is .html, which needs no network, or .md for a wiki.
    """
    from ipplan.documents.reports import report_document

    printing.check_severity(fail_on)
    form = check_out(output, out, FORMATS, [*files, lock or ""])
    check_query(query, form)
    found = study_of(files, lock=lock, out=out, as_of=options.day(as_of), redact=redact)
    document = report_document(found, given_of(files, lock, as_of, redact=redact))
    _write(document, form, out, query)
    _tell(document, out)
    exit_for(found, fail_on)


def _write(
    document: ReportDocument, form: str, out: str | None, query: str | None
) -> None:
    """The report in a form, printed or written to a file whole or not at all."""
    if form == "json":
        from ipplan.views.rows import data_report

        printing.emit(data_report(document), form, out, query)
        return
    from ipplan.renderers.reports import write_report

    printing.deliver(write_report(document, form), form, out)


def _tell(document: ReportDocument, out: str | None) -> None:
    """What was written, and what it is about."""
    read, summary = document["inventory"], document["summary"]
    told = (
        counted(read["vnets"], "VNet"),
        counted(read["clusters"], "cluster"),
        counted(summary["error"], "error"),
        counted(summary["warning"], "warning"),
    )
    printing.tell(f"{f'wrote {out}' if out else 'report'}: {', '.join(told)}")
    if not read["vnets"] and not read["clusters"]:
        printing.tell("nothing to report: no network and no cluster was read")
