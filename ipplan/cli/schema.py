"""``ipplan schema``: the JSON Schema of what ipplan prints, and of its own YAML."""

from __future__ import annotations

from typing import Annotated

import typer

from ipplan.cli import options, printing
from ipplan.contracts import DOCUMENTS
from ipplan.errors import ArgumentError

PLANS = ("plan", "layout-plan")
"""What is read and not printed: ipplan's own YAML, and plans of networks."""


def schema(
    document: Annotated[
        str,
        typer.Argument(
            metavar="DOCUMENT",
            help=f"One of {', '.join([*DOCUMENTS, *PLANS])}.",
        ),
    ],
    out: options.Out = None,
) -> None:
    """Print the JSON Schema of a command's JSON output, or of ipplan's own YAML."""
    from ipplan.readers.plan import layout_schema, plan_schema
    from ipplan.schemas import json_schema
    from ipplan.views.rows import data_report

    if document not in {*DOCUMENTS, *PLANS}:
        allowed = f"one of {', '.join([*DOCUMENTS, *PLANS])}"
        raise ArgumentError("DOCUMENT", repr(document), allowed)
    read = dict(zip(PLANS, (plan_schema, layout_schema), strict=True))
    found = read[document]() if document in read else json_schema(document)
    printing.emit(data_report(found), "json", out, None)
