"""What is in a VNet: its subnets, the findings about it, and what it is in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.counts import counted

if TYPE_CHECKING:
    from ipplan.contracts.maps import MapNetworkDocument, MapSubnetDocument


def subnets_of(network: MapNetworkDocument) -> list[MapSubnetDocument]:
    """All ranges of its subnets: those in its blocks, then those in none."""
    inside = [each for block in network["blocks"] for each in block["subnets"]]
    return [*inside, *network["strays"]]


def marks_of(network: MapNetworkDocument) -> tuple[int, ...]:
    """Numbers of the findings about a VNet and its address space."""
    blocks = (mark for each in network["blocks"] for mark in each["marks"])
    return tuple(sorted({*network["marks"], *blocks}))


def marks_in(network: MapNetworkDocument) -> set[int]:
    """Numbers of all findings about a VNet and what is in it."""
    inside = (mark for each in subnets_of(network) for mark in each["marks"])
    return {*marks_of(network), *inside}


def about(network: MapNetworkDocument) -> str:
    """What a VNet is, in a line."""
    clusters = network["clusters"]
    word = "cluster" if len(clusters) == 1 else "clusters"
    parts = (
        counted(len(subnets_of(network)), "subnet"),
        "" if network["role"] == "alone" else network["role"],
        network["location"] or "",
        "" if network["seen"] else "not read",
        f"{word} {', '.join(clusters)}" if clusters else "",
    )
    return " · ".join(each for each in parts if each)
