"""What Azure does not list: networks elsewhere, groups of networks, and clients."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ipplan.inventory.origins import Origin

if TYPE_CHECKING:
    from ipplan.cidrs import Cidr

Holds = Literal["dns", "firewall", "private-endpoints", "api-server"]
GroupKind = Literal["virtual-wan", "network-manager", "pod-mesh"]
ClientKind = Literal["jump-box", "build-agent"]
PoolUse = Literal["vnets", "pods", "services"]

_STATED = Origin(evidence="proposed")


@dataclass(frozen=True, slots=True)
class ExternalRange:
    """A network outside Azure, or one that no file lists.

    Parameters
    ----------
    name : str
        As its owner calls it.
    prefixes : tuple of Cidr
        What is routed there.
    attached : tuple of str or None
        Ids of the VNets that it is connected to (VPN, ExpressRoute); None for all of
        them, without joining them to each other.
    holds : tuple of str
        What in it must stay reachable: ``dns``, ``firewall``, ``private-endpoints``,
        ``api-server``.
    origin : Origin
        Where it was read; it does not count when ranges are compared.
    """

    name: str
    prefixes: tuple[Cidr, ...]
    attached: tuple[str, ...] | None = None
    holds: tuple[Holds, ...] = ()
    origin: Origin = field(default=_STATED, compare=False)


@dataclass(frozen=True, slots=True)
class Group:
    """Networks or clusters that something joins without a peering of their own.

    Parameters
    ----------
    name : str
        As its owner calls it.
    kind : {"virtual-wan", "network-manager", "pod-mesh"}
        What joins them: a Virtual WAN hub or a Network Manager mesh joins VNets, a pod
        mesh joins the pods of clusters.
    members : tuple of str
        Ids of VNets, or of clusters in a pod mesh.
    """

    name: str
    kind: GroupKind
    members: tuple[str, ...]
    origin: Origin = field(default=_STATED, compare=False)


@dataclass(frozen=True, slots=True)
class Client:
    """A machine from which people or pipelines reach API servers.

    Parameters
    ----------
    name : str
        As its owner calls it.
    kind : {"jump-box", "build-agent"}
        What it is for.
    network : str
        Id of its VNet, or the name of the external range that it stands in.
    dns_zones : tuple of str
        Private DNS zones that its network can resolve.
    """

    name: str
    kind: ClientKind
    network: str
    dns_zones: tuple[str, ...] = ()
    origin: Origin = field(default=_STATED, compare=False)


@dataclass(frozen=True, slots=True)
class AddressPool:
    """Ranges out of which new networks, pod CIDRs or service CIDRs are drawn.

    Parameters
    ----------
    name : str
        As its owner calls it.
    prefixes : tuple of Cidr
        Of both families.
    use : {"vnets", "pods", "services"}
        What is drawn from it.
    origin : Origin
        Where it was read; it does not count when pools are compared.
    """

    name: str
    prefixes: tuple[Cidr, ...]
    use: PoolUse = "vnets"
    origin: Origin = field(default=_STATED, compare=False)
