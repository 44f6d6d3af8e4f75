"""Renderers turn a report into text: one output format a module, a row each here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipplan.views.reports import Report

RENDERERS: dict[str, str] = {
    "table": "table",
    "wide": "table",
    "json": "json",
    "yaml": "yaml",
    "csv": "csv",
    "tsv": "csv",
    "markdown": "markdown",
}
"""The module of every format."""

SCANS: dict[str, str] = {"sarif": "sarif", "github": "github"}
"""The module of every format that holds findings and nothing else."""


def render(report: Report, output: str, width: int = 80) -> str:
    """A report in one format, without a newline at its end.

    Parameters
    ----------
    report : Report
        What to show.
    output : str
        A key of :data:`RENDERERS`, or of :data:`SCANS`.
    width : int
        Columns of the terminal, for text that can wrap. [characters]
    """
    module = import_module(f"ipplan.renderers.{(RENDERERS | SCANS)[output]}")
    text: str = module.render(report, output, width)
    return text
