"""``ipplan limits``: every number that Azure imposes, with its source."""

from __future__ import annotations

from typing import Annotated

import typer

from ipplan.cli import options, printing
from ipplan.errors import ArgumentError
from ipplan.limits import LIMITS


def limits(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            help="A limit, or a part of its name.",
            autocompletion=lambda: list(LIMITS),
        ),
    ] = None,
    output: options.Output = "table",
    out: options.Out = None,
    query: options.Query = None,
) -> None:
    """List every limit that Azure or Kubernetes imposes, with its source."""
    from ipplan.views.rows import limits_report

    printing.check_output(output)
    found = [limit for limit in LIMITS if (name or "").lower() in limit]
    if not found:
        raise ArgumentError("NAME", repr(name), f"a part of one of {', '.join(LIMITS)}")
    report = limits_report(found if name else (), wide=output == "wide")
    printing.emit(report, output, out, query)
