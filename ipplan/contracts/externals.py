"""What was declared and no file of Azure's lists, as documents have it."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from ipplan.contracts.origins import OriginDocument  # noqa: TC001  # for the schema


class ExternalRangeDocument(TypedDict):
    """A network outside Azure, or one that no file lists."""

    name: str
    """As its owner calls it."""
    prefixes: list[str]
    """What is routed there."""
    attached: list[str] | None
    """Ids of the VNets that it is connected to; null for all of them."""
    holds: list[Literal["dns", "firewall", "private-endpoints", "api-server"]]
    """What in it must stay reachable."""
    origin: OriginDocument
    """Where it was read."""


class GroupDocument(TypedDict):
    """Networks or clusters that something joins without peerings of their own."""

    name: str
    """As its owner calls it."""
    kind: Literal["virtual-wan", "network-manager", "pod-mesh"]
    """What joins them."""
    members: list[str]
    """Ids of VNets, or of clusters in a pod mesh."""
    origin: OriginDocument
    """Where it was read."""


class ClientDocument(TypedDict):
    """A machine from which people or pipelines reach API servers."""

    name: str
    """As its owner calls it."""
    kind: Literal["jump-box", "build-agent"]
    """What it is for."""
    network: str
    """Id of its VNet, or the name of the external range that it stands in."""
    dns_zones: list[str]
    """Private DNS zones that its network can resolve."""
    origin: OriginDocument
    """Where it was read."""


class AddressPoolDocument(TypedDict):
    """Ranges out of which new networks, pod CIDRs or service CIDRs are drawn."""

    name: str
    """As its owner calls it."""
    prefixes: list[str]
    """Of both families."""
    use: Literal["vnets", "pods", "services"]
    """What is drawn from it."""
    origin: OriginDocument
    """Where it was read."""
