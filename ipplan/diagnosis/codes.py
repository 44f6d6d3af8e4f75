"""The errors that ipplan explains, a row each."""

from __future__ import annotations

from typing import NamedTuple

from ipplan import limits
from ipplan.models import Home

SUPPORT = "https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes"
PEERING = (
    "https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview"
)
RESIZING = (
    "https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-subnet"
)

PREFLIGHT = "AKS, before it creates, scales or upgrades"
NETWORK = "Azure's network (Microsoft.Network), when a subnet or VNet is written"
LINKING = "Azure's network (Microsoft.Network), when a peering is written"
SCALE_SET = "Azure's network, as the scale set made nodes; AKS's own check let it pass"
RUN_TIME = "Azure CNS, the address manager on each node, while pods run"


class ErrorCode(NamedTuple):
    """One error that Azure gives.

    Parameters
    ----------
    name : str
        The code, as Azure spells it.
    phrases : tuple of str
        Words of its message, in lower case, that tell it where no code stands.
    checked_by : str
        Who says it, and when.
    meaning : str
        What is wrong.
    remedies : tuple of str
        Ways out that need no number.
    rules : tuple of str
        Rules of ``ipplan check`` that find it beforehand.
    source : str
        The page that says so.
    home : Home or None
        The range that it counts, if it counts always the same.
    """

    name: str
    phrases: tuple[str, ...]
    checked_by: str
    meaning: str
    remedies: tuple[str, ...]
    rules: tuple[str, ...]
    source: str
    home: Home | None = None


IN_USE = (
    "A subnet in use can't be resized, and max pods is fixed for each pool: add a pool "
    "in a new subnet, move the workloads, delete the old pool."
)
NO_OTHER = "A VNet's own subnets must lie inside its space and apart from each other."

CODES: tuple[ErrorCode, ...] = (
    ErrorCode(
        "InsufficientSubnetSize",
        ("exceeds ips available", "to pre-allocate "),
        PREFLIGHT,
        "The nodes of all pools that share a range, at their autoscalers' maximum "
        "counts, take more addresses than it has left. All pools and subnets of the "
        "cluster are looked at, also those that the change does not touch.",
        (),
        (
            "subnet-too-small",
            "subnet-full-at-maximum",
            "subnet-full-during-upgrade",
            "pod-cidr-too-small",
            "pod-cidr-full-at-maximum",
            "pod-cidr-full-during-upgrade",
        ),
        f"{SUPPORT}/connectivity/insufficientsubnetsize-error-advanced-networking",
    ),
    ErrorCode(
        "SubnetIsFull",
        ("have enough capacity for",),
        SCALE_SET,
        "The subnet has not as many addresses left as the new nodes ask for at once.",
        (
            IN_USE,
            (
                "Until then: fewer nodes, a smaller max surge, fewer other resources "
                "in the subnet. ipplan inventory says how many nodes each has left."
            ),
        ),
        ("subnet-full-at-maximum", "subnet-full-during-upgrade"),
        f"{SUPPORT}/create-upgrade-delete/error-code-subnetisfull",
        Home.NODE_SUBNET,
    ),
    ErrorCode(
        "NetworkProfileCIDROverlapVNET",
        ("overlaps with reserved vnet cidr",),
        PREFLIGHT,
        "The pod CIDR meets the VNet of the cluster. Until the release of 2024-10-25 "
        "AKS refused any overlap with the VNet's address space; since then it refuses "
        "overlap with its subnets, and elsewhere in the space it is only unwise.",
        (
            (
                "Choose a pod CIDR outside the VNet and all that it reaches. "
                "Independent clusters may have the same one."
            ),
        ),
        ("pod-cidr-meets-subnet", "pod-cidr-in-vnet"),
        limits.CHANGELOG,
    ),
    ErrorCode(
        "ServiceCidrOverlapExistingSubnetsCidr",
        ("is conflicted with an existing subnet cidr",),
        PREFLIGHT,
        "The service CIDR meets a subnet of the cluster's VNet. A cluster that names "
        f"no service CIDR has {limits.DEFAULT_SERVICE_CIDR.value}.",
        (
            (
                "Of a new cluster: name a service CIDR that nothing in the VNet or "
                "connected to it uses. Other clusters may have the same one."
            ),
            (
                "Of an existing cluster the service CIDR can't be changed: delete or "
                "move the subnet while it is empty, or make the cluster anew."
            ),
        ),
        ("service-cidr-meets-subnet",),
        f"{SUPPORT}/create-upgrade-delete/"
        "error-code-servicecidroverlapexistingsubnetscidr",
    ),
    ErrorCode(
        "DnsServiceIpOutOfServiceCidr",
        ("is out of the range defined by service cidr",),
        PREFLIGHT,
        "The DNS service IP lies outside the service CIDR.",
        (
            (
                "Take one that ends in .10, as 10.0.0.10 of 10.0.0.0/16; "
                "never its first, which is kubernetes.default, nor an edge."
            ),
        ),
        (
            "dns-service-ip-outside",
            "dns-service-ip-taken",
        ),
        f"{SUPPORT}/create-upgrade-delete/error-code-dnsserviceipoutofservicecidr",
    ),
    ErrorCode(
        "SubnetIsDelegated",
        ("cannot be used as it's a delegated subnet",),
        PREFLIGHT,
        "A node subnet must not be delegated to any service. Only pod subnets and the "
        "API server's subnet are delegated, to Microsoft.ContainerService.",
        ("Take the delegation off, or put the nodes in another subnet.",),
        ("node-subnet-delegated",),
        limits.CNI_OVERVIEW,
    ),
    ErrorCode(
        "VnetAddressSpaceOverlapsWithAlreadyPeeredVnet",
        ("already peered with the second virtual network",),
        LINKING,
        "Two VNets that are peered with one and the same VNet must not overlap, even "
        "if they are not peered with each other: two spokes of one hub. A peering "
        "whose other end was deleted (Disconnected) counts still.",
        (
            (
                "See whether the VNet that the text names last is still there. If it "
                "is not, delete the peering that the hub has left of it."
            ),
            (
                "Else give one of the two another space, or link them by peerings of "
                "subnets, which take only the subnets named."
            ),
        ),
        ("vnet-second-hop-overlap", "peering-not-connected"),
        PEERING,
    ),
    ErrorCode(
        "VnetAddressSpacesOverlap",
        ("cannot be peered because their address spaces overlap",),
        LINKING,
        "VNets that are peered must not overlap.",
        (
            (
                "Give one of the two another space. A space can be changed while the "
                "VNet is peered, if each peering is synchronised afterwards; only "
                "ranges without subnets can be taken out."
            ),
            "Or link them by peerings of subnets, which take only the subnets named.",
        ),
        ("peered-vnets-overlap",),
        PEERING,
    ),
    ErrorCode(
        "InUseSubnetCannotBeUpdated",
        (),
        NETWORK,
        "A subnet can be resized only while nothing is in it.",
        (IN_USE,),
        (),
        RESIZING,
    ),
    ErrorCode(
        "InUsePrefixCannotBeDeleted",
        ("has active allocations and cannot be deleted",),
        NETWORK,
        "A prefix of a subnet can be taken away or changed only while nothing in it is "
        "in use.",
        (IN_USE,),
        (),
        RESIZING,
    ),
    ErrorCode(
        "NetcfgSubnetRangesOverlap",
        ("overlaps with that of an existing subnet",),
        NETWORK,
        "The subnet overlaps another one of its VNet.",
        (NO_OTHER, "ipplan inventory lists the subnets that there are."),
        ("subnets-overlap",),
        limits.IP_PLANNING,
    ),
    ErrorCode(
        "NetcfgSubnetRangeOutsideVnet",
        ("is outside the ip address range of virtual network",),
        NETWORK,
        "The subnet does not lie wholly inside one prefix of its VNet.",
        (NO_OTHER, "Or add a prefix to the VNet first, and synchronise its peerings."),
        ("subnet-outside-vnet",),
        limits.IP_PLANNING,
    ),
    ErrorCode(
        "NetcfgInvalidSubnet",
        ("is not valid in virtual network", "is not valid because its ip"),
        NETWORK,
        "The subnet overlaps another one of its VNet, or does not lie wholly inside "
        "one prefix of it; this text does not say which.",
        (NO_OTHER, "ipplan inventory lists the subnets that there are."),
        ("subnets-overlap", "subnet-outside-vnet"),
        limits.IP_PLANNING,
    ),
    ErrorCode(
        "AllocateIPConfig",
        ("not enough ips available", "waiting on azure cns"),
        RUN_TIME,
        "A pod waits for an address. Under dynamic allocation a node that has fewer "
        f"than {limits.DYNAMIC_FREE.value} free asks for "
        f"{limits.DYNAMIC_BATCH.value} more, and gets none where the pod subnet has "
        "run dry; if pods come and go quickly, it may only be late.",
        (
            (
                "Add up what the pod subnet must hold: ipplan size --model "
                "cni-dynamic, with --nodes and --pods-per-node. Azure's own listing "
                "shows it as empty."
            ),
            IN_USE,
        ),
        ("subnet-too-small", "subnet-full-at-maximum"),
        limits.DYNAMIC,
    ),
)
"""Every error, the more telling of two that one text may hold first."""
