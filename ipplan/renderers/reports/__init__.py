"""Reports as files: a page, or Markdown for a wiki."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ipplan.contracts.reports import ReportDocument


def _html(document: ReportDocument) -> str:
    from ipplan.renderers.reports.pages import report_page

    return report_page(document)


def _markdown(document: ReportDocument) -> str:
    from ipplan.renderers.reports.markdowns import report_markdown

    return report_markdown(document)


REPORTS: dict[str, Callable[[ReportDocument], str]] = {
    "html": _html,
    "markdown": _markdown,
}
"""What writes a report, by the form."""


def write_report(document: ReportDocument, form: str) -> str:
    """A report as the text of a file; the same for the same document.

    Parameters
    ----------
    document : ReportDocument
        Of :func:`ipplan.documents.reports.report_document`.
    form : str
        Of :data:`~ipplan.renderers.reports.REPORTS`.

    Raises
    ------
    ArgumentError
        For another form.
    """
    if form not in REPORTS:
        raise ArgumentError("form", repr(form), f"one of {', '.join(REPORTS)}")
    return REPORTS[form](document)
