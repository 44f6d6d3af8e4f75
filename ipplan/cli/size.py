"""``ipplan size``: how big the subnets and CIDRs of each network model must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ipplan.cli import options, printing
from ipplan.errors import ArgumentError, InventoryError
from ipplan.inventory import DEFAULT_SURGE, NodePool
from ipplan.sizing.arguments import count, max_pods_count
from ipplan.surges import Surge

if TYPE_CHECKING:
    from ipplan.contracts.sizes import SizeScenarioDocument, SkippedDocument


def size(
    nodes: options.Nodes = None,
    max_pods: options.MaxPods = None,
    max_surge: options.MaxSurge = None,
    add_nodes: Annotated[
        str | None, typer.Option(metavar="N", help="Nodes to be added.")
    ] = None,
    growth: Annotated[
        str | None, typer.Option(metavar="N%", help="Growth of the nodes.")
    ] = None,
    pods: Annotated[
        str | None,
        typer.Option(metavar="N", help="Pods in all: the nodes that carry them."),
    ] = None,
    blue_green: Annotated[
        bool, typer.Option("--blue-green", help="Run every pool twice.")
    ] = False,
    model: options.Model = None,
    pods_per_node: options.PodsPerNode = None,
    host_network_pods: options.HostNetworkPods = None,
    extra_addresses: Annotated[
        str | None,
        typer.Option(
            metavar="N",
            help="Other addresses in the node subnet: internal load balancer front "
            "ends, private endpoints, VMs.",
        ),
    ] = None,
    other_routes: options.OtherRoutes = None,
    pool: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME:nodes=N,...",
            help="A node pool, repeatable: nodes, max-pods, max-surge, os, priority, "
            "subnet, pod-subnet, pods-per-node, host-network-pods.",
        ),
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="A file with clusters, as inventory reads it.",
        ),
    ] = None,
    need: options.Need = None,
    vnet_free: Annotated[
        list[str] | None,
        typer.Option(metavar="CIDR", help="Free address space, repeatable."),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the arithmetic and its sources.")
    ] = False,
    output: options.Output = "table",
    out: options.Out = None,
    query: options.Query = None,
    fail_on: options.FailOn = "never",
) -> None:
    """Say how big the subnets and CIDRs of a cluster must be, under each network model.

    One of --nodes, --pods, --pool and --from says what to carry.
    """
    from ipplan.documents.sizes import size_document
    from ipplan.views.sizes import size_report

    printing.check_output(output, fail_on)
    printing.spare(out, [from_ or ""])
    echo = options.given(
        nodes=options.number(nodes),
        max_pods=options.number(max_pods),
        max_surge=max_surge,
        add_nodes=options.number(add_nodes),
        growth=growth,
        pods=options.number(pods),
        blue_green=blue_green,
        model=options.names(model),
        pods_per_node=options.number(pods_per_node),
        host_network_pods=options.number(host_network_pods),
        extra_addresses=options.number(extra_addresses),
        other_routes=options.number(other_routes),
        pool=pool,
        from_=from_,
        need=need,
        vnet_free=vnet_free,
    )
    scenarios, skipped, complete = _scenarios(dict(echo), explain)
    echo = {key.rstrip("_"): value for key, value in echo.items()}
    document = size_document(scenarios, echo, skipped, complete=complete)
    report = size_report(document, wide=output == "wide")
    printing.emit(report, output, out, query)
    printing.exit_for([m for each in scenarios for m in each["models"]], fail_on)


def _scenarios(
    given: dict[str, Any],
    explain: bool,  # private
) -> tuple[list[SizeScenarioDocument], list[SkippedDocument], bool]:
    """What the options ask for: clusters of a file, pods, pools, or nodes."""
    from ipplan.documents.sizes import size_scenario

    ways = [key for key in ("pods", "pool", "from_") if key in given]
    if len(ways) > 1 or not (ways or "nodes" in given):
        came = " and ".join("--" + way.rstrip("_") for way in ways) or "nothing"
        raise ArgumentError(WHAT_TO_SIZE, came, ONE_OF)
    demand = {_ARGUMENTS.get(key, key): value for key, value in given.items()}
    demand["growth"] = options.percentage(demand.get("growth"))
    if "from_" in given:
        return _from_file(demand, explain)
    if "pods" in given:
        from ipplan.sizing.combinations import size_pods

        plans = size_pods(demand.pop("pods"), **demand)
    else:
        from ipplan.sizing.plans import size as size_demand

        plans = [size_demand(**{"model": None, **_with_pools(demand)})]
    return [size_scenario(plan, explained=explain) for plan in plans], [], True


_ARGUMENTS = {"need": "needs"}
WHAT_TO_SIZE = "what to size"
ONE_OF = "one of --nodes N, --pods N, --pool NAME:nodes=N, --from FILE"


def _with_pools(demand: dict[str, Any]) -> dict[str, Any]:
    """Pools in place of their text; what they leave out is as the options say."""
    texts = demand.pop("pool", None)
    if not texts:
        return demand
    surge = demand.pop("max_surge", None)
    density = demand.pop("max_pods", None)
    usual = NodePool(
        name="",
        nodes=None,
        max_pods=None if density is None else max_pods_count(density),
        max_surge=DEFAULT_SURGE if surge is None else Surge.parse(surge),
        pods_per_node=demand.pop("pods_per_node", None),
        host_network_pods=demand.pop("host_network_pods", 0),
    )
    return {**demand, "pools": [options.pool(text, usual) for text in texts]}


def _from_file(
    demand: dict[str, Any],
    explain: bool,  # private
) -> tuple[list[SizeScenarioDocument], list[SkippedDocument], bool]:
    from ipplan.documents.sizes import size_scenario
    from ipplan.readers.estates import read_inventory
    from ipplan.sizing.combinations import size_cluster

    path = demand.pop("from_")
    try:
        found = read_inventory(path)
    except InventoryError as error:
        told = [f"{error.source}{each}" for each in error.problems]
        raise InventoryError("--from ", told) from None
    if found.vnets and not found.clusters:
        raise InventoryError("--from ", [f"{path}: no AKS cluster in it"])
    scenarios: list[SizeScenarioDocument] = []
    for cluster in found.clusters:
        scenario = size_scenario(
            size_cluster(cluster, **demand), cluster, explained=explain
        )
        scenarios.append(scenario)
    if demand.get("nodes") is not None:
        count("nodes", demand["nodes"], 1)
        if not any(cluster.unknown for cluster in found.clusters):
            printing.tell("--nodes is not used: every cluster's own nodes are known")
    printing.tell_skipped(found.skipped)
    for reason in found.incomplete:
        printing.tell(f"incomplete: {reason}")
    if not found.clusters:
        printing.tell(f"no clusters in {path}")
    skipped: list[SkippedDocument] = [
        {"where": each.where, "reason": each.reason} for each in found.skipped
    ]
    return scenarios, skipped, found.complete
