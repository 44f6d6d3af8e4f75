"""``ipplan fit``: how many nodes, pods or surge nodes given ranges hold."""

from __future__ import annotations

from typing import Annotated

import typer

from ipplan.cli import options, printing


def fit(
    node_subnet: Annotated[
        str | None, typer.Option(metavar="CIDR|/N", help="The node subnet.")
    ] = None,
    pod_subnet: Annotated[
        str | None, typer.Option(metavar="CIDR|/N", help="The pod subnet.")
    ] = None,
    pod_cidr: Annotated[
        str | None, typer.Option(metavar="CIDR|/N", help="The pod CIDR.")
    ] = None,
    nodes: Annotated[
        str | None,
        typer.Option(metavar="N", help="Nodes: max pods, or surge, is sought."),
    ] = None,
    max_pods: options.MaxPods = None,
    max_surge: options.MaxSurge = None,
    pods_per_node: options.PodsPerNode = None,
    host_network_pods: options.HostNetworkPods = None,
    in_use: Annotated[
        str | None,
        typer.Option(metavar="N", help="Addresses of the node subnet in use."),
    ] = None,
    other_routes: options.OtherRoutes = None,
    model: options.Model = None,
    need: options.Need = None,
    output: options.Output = "table",
    out: options.Out = None,
    query: options.Query = None,
    fail_on: options.FailOn = "never",
) -> None:
    """Say how many nodes fit in given ranges and can still be upgraded.

    With --nodes, the most max pods is sought; with --max-pods too, the most surge.
    """
    from ipplan.documents.sizes import fit_document
    from ipplan.sizing.fits import fit as fit_ranges
    from ipplan.views.fits import fit_report

    printing.check_output(output, fail_on)
    echo = options.given(
        node_subnet=node_subnet,
        pod_subnet=pod_subnet,
        pod_cidr=pod_cidr,
        nodes=options.number(nodes),
        max_pods=options.number(max_pods),
        max_surge=max_surge,
        pods_per_node=options.number(pods_per_node),
        host_network_pods=options.number(host_network_pods),
        in_use=options.number(in_use),
        other_routes=options.number(other_routes),
        model=options.names(model),
        need=need,
    )
    asked = {"needs" if key == "need" else key: value for key, value in echo.items()}
    fits = fit_ranges(**{"model": None, **asked})
    document = fit_document(fits, echo)
    report = fit_report(document, wide=output == "wide")
    printing.emit(report, output, out, query)
    printing.exit_for(list(document["scenarios"][0]["models"]), fail_on)
