"""``ipplan sweep``: what if, for every combination of what may vary."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from ipplan.cli import axes, options, printing
from ipplan.cli.progress import Progress
from ipplan.counts import counted
from ipplan.errors import ArgumentError
from ipplan.renderers.csv import DELIMITERS

if TYPE_CHECKING:
    from datetime import date

    from ipplan.sweeps.sweeps import Sweep

SHOWN = 40
"""Rows that a table shows before it says how many more there are. [rows]"""

SHORTENED = ("table", "wide", "markdown")
"""Formats for people, which show the first rows."""

HELD = 100_000
"""Rows that a document holds; more of them belong into a file. [rows]"""


def sweep(
    nodes: axes.Nodes = None,
    max_pods: axes.MaxPods = None,
    max_surge: axes.MaxSurge = None,
    growth: axes.Growth = None,
    add_nodes: axes.AddNodes = None,
    growth_per_year: axes.Yearly = None,
    months: axes.Months = None,
    pods_per_node: axes.PodsPerNode = None,
    host_network_pods: axes.HostNetworkPods = None,
    extra_addresses: axes.Extra = None,
    node_subnet: axes.NodeSubnet = None,
    pod_subnet: axes.PodSubnet = None,
    pod_cidr: axes.PodCidr = None,
    scenarios: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="CSV or Parquet whose columns are axes, a row a scenario.",
        ),
    ] = None,
    samples: Annotated[
        str | None,
        typer.Option(metavar="N", help="How often distributions are drawn.  [10000]"),
    ] = None,
    seed: Annotated[
        str | None, typer.Option(metavar="N", help="What decides the draws.  [0]")
    ] = None,
    model: options.Model = None,
    need: options.Need = None,
    other_routes: options.OtherRoutes = None,
    blue_green: Annotated[
        bool, typer.Option("--blue-green", help="Run every pool twice.")
    ] = False,
    columns: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME,...", help="Columns to show, repeatable."),
    ] = None,
    where: Annotated[
        str | None,
        typer.Option(
            metavar="CONDITION",
            help="Rows to keep: 'feasible and node_subnet_prefix_length >= 22'.",
        ),
    ] = None,
    summary: Annotated[
        bool,
        typer.Option("--summary", help="Say what all rows show, in place of rows."),
    ] = False,
    chart: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Draw a chart: .svg, .png or .html."),
    ] = None,
    chart_kind: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="break-even, heat-map or fan; as fits the axes where left out.",
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="The day that months count from.  [default: today]"
        ),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Work on a dask.distributed cluster."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an --out that was stopped.")
    ] = False,
    output: options.Output = "table",
    out: Annotated[
        str | None,
        typer.Option(
            metavar="PATH",
            help="Write to a file; .csv, .tsv, .parquet and .arrow take all rows, in "
            "parts that --resume goes on with.",
        ),
    ] = None,
    query: options.Query = None,
) -> None:
    """Say what if: a row for every combination of the values of the options.

    Axes are lists with commas of numbers and of ranges first:last:step (last
    included), such as 10:1000:10, or distributions: normal(200,30), uniform(0,40).
    """
    printing.check_output(output)
    printing.spare(out, [scenarios or ""])
    printing.spare(chart, [scenarios or ""], option="--chart")
    varied = options.given(
        nodes=nodes,
        max_pods=max_pods,
        max_surge=max_surge,
        growth=growth,
        add_nodes=add_nodes,
        growth_per_year=growth_per_year,
        months=months,
        pods_per_node=pods_per_node,
        host_network_pods=host_network_pods,
        extra_addresses=extra_addresses,
        node_subnet=node_subnet,
        pod_subnet=pod_subnet,
        pod_cidr=pod_cidr,
    )
    others = options.given(
        needs=need,
        other_routes=options.number(other_routes),
        blue_green=blue_green,
        model=options.names(options.listed(model)),
        columns=options.listed(columns),
        where=where,
        samples=options.large(samples),
        seed=options.number(seed),
    )
    kept = options.given(scenarios=scenarios, dask=dask)
    how = _Answer(
        options.day(as_of), summary, chart, chart_kind, resume, output, out, query
    )
    _answer({**varied, **others}, kept, how)


class _Answer(NamedTuple):
    """How the answer is wanted."""

    today: date
    summary: bool
    chart: str | None
    chart_kind: str | None
    resume: bool
    output: str
    out: str | None
    query: str | None

    @property
    def file(self) -> str | None:
        """The file that takes all rows, if one does."""
        from ipplan.writers import WRITERS

        ending = Path(self.out or "").suffix.lower()
        return self.out if ending in WRITERS and not self.summary else None


def _answer(asked: dict[str, Any], kept: dict[str, Any], how: _Answer) -> None:
    from ipplan.readers.scenarios import read_scenarios
    from ipplan.sweeps.sweeps import sweep as swept

    _check(how)
    arguments = {**asked}
    if "scenarios" in kept:
        arguments["scenarios"] = read_scenarios(kept["scenarios"])
    with ExitStack() as stack:
        if "dask" in kept:
            from ipplan.sweeps.clusters import connected

            arguments["executor"] = stack.enter_context(connected(kept["dask"]))
        found = swept(**arguments)
        if how.chart is not None:
            _draw(found, how.chart, how)
        if how.file is not None:
            _write(found, how.file, resume=how.resume)
        elif how.output in DELIMITERS and how.out is None and not how.summary:
            _stream(found, how.output)
        else:
            echo = {**asked, **kept, **options.given(summary=how.summary)}
            _print(found, echo, how)
        if found.executor is not None and found.costs.seconds:
            printing.tell(str(found.costs))


def _check(how: _Answer) -> None:
    """Refuse what can't go together, before any work."""
    if how.chart is not None:
        from ipplan.renderers.charts import check

        check(how.chart)
    elif how.chart_kind is not None:
        allowed = "says how --chart FILE is drawn"
        raise ArgumentError("--chart-kind", "alone", allowed)
    _check_summary(how)
    if how.resume and how.file is None:
        allowed = "goes on with an --out of rows: .csv, .tsv, .parquet or .arrow"
        raise ArgumentError("--resume", "alone", allowed)
    usual = Path(how.file or "").suffix[1:].lower()
    if how.file is not None and (how.query or how.output not in {"table", usual}):
        came = "--query" if how.query else f"-o {how.output}"
        allowed = f"{how.file} takes all rows as they are; name another file"
        raise ArgumentError("--out", f"with {came}", allowed)


def _check_summary(how: _Answer) -> None:
    """Refuse a summary in a file that would hold something else than its name says."""
    from ipplan.writers import WRITERS

    ending = Path(how.out or "").suffix.lower()
    if how.summary and ending in WRITERS and how.output != ending[1:]:
        fit = f"-o {ending[1:]}" if ending[1:] in DELIMITERS else "another ending"
        allowed = f"with {fit}: {how.out} would hold -o {how.output}"
        raise ArgumentError("--out", "of a summary", allowed)


def _draw(found: Sweep, path: str, how: _Answer) -> None:
    from ipplan.renderers.charts import draw
    from ipplan.views.charts import chart_of

    chart = chart_of(found, how.chart_kind, as_of=how.today)
    printing.write(draw(chart, path), path, "--chart")
    printing.tell(f"{path}: {chart.title}")


def _write(found: Sweep, path: str, *, resume: bool) -> None:
    from ipplan.writers import write_sweep

    try:
        with Progress(found.cells) as progress:
            written = write_sweep(found, path, resume=resume, progress=progress)
    except KeyboardInterrupt as error:  # says what is complete
        printing.tell(f"{path}: {error}")
        raise typer.Exit(printing.STOPPED) from None
    again = f", {written.resumed} of them from before" if written.resumed else ""
    parts = counted(written.parts, "part")
    printing.tell(f"{path}: {counted(written.rows, 'row')} in {parts}{again}")


def _stream(found: Sweep, output: str) -> None:
    """All rows on standard output, chunk by chunk."""
    from ipplan.writers.csv import write

    with Progress(found.cells) as progress:
        chunks = found.chunks(progress=progress)
        printing.stream(
            lambda file: write(found.columns, f".{output}", chunks, file), output
        )


def _print(found: Sweep, echo: dict[str, Any], how: _Answer) -> None:
    from ipplan.documents.sweeps import sweep_document
    from ipplan.views.sweeps import sweep_report

    with Progress(found.cells) as progress:
        summary = found.summary(progress) if how.summary else None
    rows, more = (None, 0) if how.summary else _rows(found, how.output)
    document = sweep_document(
        found, echo, rows=rows, more=more, summary=summary, as_of=how.today
    )
    report = sweep_report(document, wide=how.output == "wide")
    printing.emit(report, how.output, how.out, how.query)


def _rows(found: Sweep, output: str) -> tuple[dict[str, list[Any]], int]:
    """Rows to be held at once, and how many more there are."""
    most = SHOWN if output in SHORTENED else HELD
    rows = found.head(most + 1)
    count = len(next(iter(rows.values())))
    if count > most and most == HELD:
        allowed = f"holds {HELD:,} rows: --out FILE.parquet takes all, --summary less"
        raise ArgumentError("-o", output, allowed)
    more = 0 if count <= most else max(found.cells - most, 1)
    return {name: cells[:most] for name, cells in rows.items()}, more
