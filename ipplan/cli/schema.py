"""``ipplan schema``: the JSON Schema of what ipplan prints, and of its own YAML."""

from __future__ import annotations

from typing import Annotated

import typer

from ipplan.cli import options, printing
from ipplan.errors import ArgumentError

PLAN = "plan"
"""The name of ipplan's own YAML, which is read and not printed."""


def schema(
    document: Annotated[
        str,
        typer.Argument(
            metavar="DOCUMENT",
            help="size, fit, inventory, check, explain, rule or plan.",
        ),
    ],
    out: options.Out = None,
) -> None:
    """Print the JSON Schema of a command's JSON output, or of ipplan's own YAML."""
    from ipplan.contracts import DOCUMENTS
    from ipplan.readers.plan import plan_schema
    from ipplan.schemas import json_schema
    from ipplan.views.rows import data_report

    if document not in {*DOCUMENTS, PLAN}:
        allowed = f"one of {', '.join([*DOCUMENTS, PLAN])}"
        raise ArgumentError("DOCUMENT", repr(document), allowed)
    found = plan_schema() if document == PLAN else json_schema(document)
    printing.emit(data_report(found), "json", out, None)
