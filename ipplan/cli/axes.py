"""Options of ``ipplan sweep`` that are axes, as their rows describe them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ipplan.sweeps.axes import AXES


def _axis(name: str, metavar: str = "VALUES") -> Any:
    row = AXES[name]
    unit = f"  [{row.unit}]" if row.unit else ""
    meaning = row.meaning[0].upper() + row.meaning[1:]  # a CIDR stays one
    return typer.Option(metavar=metavar, help=f"{meaning}.{unit}")


Nodes = Annotated[str | None, _axis("nodes")]
AddNodes = Annotated[str | None, _axis("add_nodes")]
Growth = Annotated[str | None, _axis("growth")]
Yearly = Annotated[str | None, _axis("growth_per_year")]
Months = Annotated[str | None, _axis("months")]
MaxPods = Annotated[str | None, _axis("max_pods")]
MaxSurge = Annotated[str | None, _axis("max_surge")]
PodsPerNode = Annotated[str | None, _axis("pods_per_node")]
HostNetworkPods = Annotated[str | None, _axis("host_network_pods")]
Extra = Annotated[str | None, _axis("extra_addresses")]
NodeSubnet = Annotated[str | None, _axis("node_subnet", "CIDR|/N,...")]
PodSubnet = Annotated[str | None, _axis("pod_subnet", "CIDR|/N,...")]
PodCidr = Annotated[str | None, _axis("pod_cidr", "CIDR|/N,...")]
