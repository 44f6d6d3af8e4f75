"""``ipplan models``: the network models and what sets them apart."""

from __future__ import annotations

from ipplan.cli import options, printing


def models(
    output: options.Output = "table",
    out: options.Out = None,
    query: options.Query = None,
) -> None:
    """List the network models: where pods live, what a node takes, limits, sources."""
    from ipplan.views.rows import models_report

    printing.check_output(output)
    printing.emit(models_report(wide=output == "wide"), output, out, query)
