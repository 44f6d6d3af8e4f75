"""``ipplan schema``: the JSON Schema of what the other commands print."""

from __future__ import annotations

from typing import Annotated

import typer

from ipplan.cli import options, printing
from ipplan.errors import ArgumentError


def schema(
    command: Annotated[str, typer.Argument(metavar="COMMAND", help="size or fit.")],
    out: options.Out = None,
) -> None:
    """Print the JSON Schema of a command's JSON output."""
    from ipplan.contracts import DOCUMENTS
    from ipplan.schemas import json_schema
    from ipplan.views.rows import data_report

    if command not in DOCUMENTS:
        raise ArgumentError("COMMAND", repr(command), f"one of {', '.join(DOCUMENTS)}")
    printing.emit(data_report(json_schema(command)), "json", out, None)
