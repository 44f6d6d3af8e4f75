"""``ipplan inventory``: the networks and clusters that files show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ipplan.cli import options, printing

if TYPE_CHECKING:
    from ipplan.inventory.estates import Inventory


def inventory(
    files: options.Files,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 3 where an object is broken.")
    ] = False,
    redact: options.Redact = False,
    output: options.Output = "table",
    out: options.Out = None,
    query: options.Query = None,
) -> None:
    """Show networks, subnets, clusters and peerings: what they hold and have left.

    FILES are what az, Resource Graph, ARM or Bicep, Terraform, PowerShell, steampipe
    and CSV exports give, and ipplan's own YAML; folders too, and - for standard input.
    """
    from ipplan.documents.inventories import inventory_document
    from ipplan.inventory.redacting import redacted
    from ipplan.readers.estates import read_inventory
    from ipplan.views.inventories import inventory_report

    printing.check_output(output)
    printing.spare(out, files)
    found = read_inventory(*files)
    if redact:
        found = redacted(found)
    report = inventory_report(inventory_document(found), wide=output == "wide")
    printing.emit(report, output, out, query)
    if output in {"csv", "tsv"} and not report.records:
        printing.tell(f"{output} has a row for each subnet and VNet: there is none")
    tell_of(found)
    if strict and any(each.broken for each in found.skipped):
        raise typer.Exit(printing.UNREADABLE)


def tell_of(found: Inventory) -> None:
    """What was passed over, what contradicts and what is missing, on standard error."""
    printing.tell_skipped(found.skipped)
    for each in found.contradictions[: printing.MOST_TOLD]:
        printing.tell(
            f"contradiction: {each.field} of {each.id}: {each.kept} counts, "
            f"not {each.other}"
        )
    if len(found.contradictions) > printing.MOST_TOLD:
        more = len(found.contradictions) - printing.MOST_TOLD
        printing.tell(f"contradiction: and {more} more")
    for reason in found.incomplete:
        printing.tell(f"incomplete: {reason}")
