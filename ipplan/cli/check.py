"""``ipplan check``: which overlaps, limits and settings matter, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ipplan.cli import options, printing
from ipplan.cli.inventory import tell_of
from ipplan.renderers import SCANS


def check(
    files: options.Files,
    everything: Annotated[
        bool, typer.Option("--all", help="List overlaps that do not matter too.")
    ] = False,
    select: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="Look for these alone, repeatable."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="Do not look for these, repeatable."),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Accept the findings that an earlier -o json has."
        ),
    ] = None,
    as_of: options.AsOf = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 3 where an object is broken.")
    ] = False,
    redact: options.Redact = False,
    output: options.ScanOutput = "table",
    out: options.Out = None,
    query: options.Query = None,
    fail_on: options.FailOn = "error",
) -> None:
    """Say which overlaps, limits and settings matter, why, and the way out.

    FILES are what inventory reads: az, Resource Graph, ARM or Bicep, Terraform,
    PowerShell, steampipe and CSV exports, and ipplan's own YAML; folders too, and -
    for standard input.
    """
    from ipplan.checks import RULES
    from ipplan.checks.checkups import check as checked
    from ipplan.documents.checks import check_document
    from ipplan.inventory.redacting import redacted
    from ipplan.readers.baselines import read_baseline
    from ipplan.readers.estates import read_inventory
    from ipplan.views.checks import check_report
    from ipplan.views.scans import scan

    printing.check_output(output, fail_on, beside=SCANS)
    printing.spare(out, [*files, baseline or ""])
    chosen = {"select": options.listed(select), "ignore": options.listed(ignore)}
    today = options.day(as_of)
    accepted = () if baseline is None else read_baseline(baseline)
    found = read_inventory(*files)
    if redact:
        found = redacted(found)
    checkup = checked(found, as_of=today, **chosen)
    document = check_document(checkup, accepted, everything=everything)
    code = printing.exit_code([document], fail_on)
    if strict and any(each.broken for each in found.skipped):
        code = printing.UNREADABLE
    report = check_report(document, wide=output == "wide")
    if output in SCANS:
        report = report._replace(scan=scan(document, RULES, str(Path.cwd()), code))
    printing.emit(report, output, out, query)
    if output in {"csv", "tsv"} and not report.records:
        printing.tell(f"{output} has a row for each finding: there is none")
    tell_of(found)
    if not found.vnets and not found.clusters:
        printing.tell("nothing to check: no network and no cluster was read")
    if code:
        raise typer.Exit(code)
