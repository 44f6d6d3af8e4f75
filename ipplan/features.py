"""What a cluster may need and not every network model has."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.errors import ArgumentError
from ipplan.limits import AKS, Limit

if TYPE_CHECKING:
    from datetime import date


class Support(Enum):
    """Whether a model has a feature; unknown where Microsoft's pages are silent."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Feature(NamedTuple):
    """Something that a cluster may need and not every model has.

    Parameters
    ----------
    title, source : str
        As Microsoft spells it, and the page that speaks of it.
    retirements : tuple of Limit
        The days on which support ends; the note names the system.
    instead : str
        The feature to take in its place.
    excludes : tuple of str
        Features that it does not go together with, whatever the model.
    """

    title: str
    source: str = limits.CNI_OVERVIEW
    retirements: tuple[Limit[date], ...] = ()
    instead: str = ""
    excludes: tuple[str, ...] = ()


FEATURES: dict[str, Feature] = {
    "direct-pod-access": Feature("pods reachable from the VNet and beyond"),
    "windows": Feature("Windows node pools"),
    "virtual-nodes": Feature("virtual nodes (ACI)", f"{AKS}/virtual-nodes"),
    "dual-stack": Feature(
        "IPv4 and IPv6",
        f"{AKS}/configure-dual-stack",
        excludes=(
            "network-policy=azure",
            "network-policy=calico",
            "virtual-nodes",
            "static-egress-gateway",
            "node-auto-provisioning",
        ),
    ),
    "shared-subnet": Feature("one subnet for several clusters"),
    "network-policy=cilium": Feature(
        "Cilium network policy",
        f"{AKS}/azure-cni-powered-by-cilium",
        excludes=("windows",),
    ),
    "network-policy=calico": Feature("Calico network policy", limits.NETWORK_POLICY),
    "network-policy=azure": Feature(
        "Azure NPM",
        limits.NETWORK_POLICY,
        (limits.NPM_RETIREMENT_LINUX, limits.NPM_RETIREMENT_WINDOWS),
        instead="network-policy=cilium",
    ),
    "application-gateway-ingress": Feature("Application Gateway ingress (AGIC)"),
    "application-gateway-for-containers": Feature("Application Gateway for Containers"),
    "private-link-service": Feature(
        "Private Link Service through a Kubernetes service", f"{AKS}/internal-lb"
    ),
    "static-egress-gateway": Feature(
        "static egress gateway", f"{AKS}/configure-static-egress-gateway"
    ),
    "node-auto-provisioning": Feature(
        "node auto-provisioning", f"{AKS}/node-auto-provisioning-networking"
    ),
    "automatic": Feature("AKS Automatic", f"{AKS}/intro-aks-automatic"),
    "availability-sets": Feature("VM availability sets", f"{AKS}/azure-cni-overlay"),
}
"""What ``--need`` may ask for (rules: the feature matrix of the CNI overview)."""


def feature_named(name: str) -> str:
    """The name of a feature, checked.

    Raises
    ------
    ArgumentError
        For a name that is no feature's.

    Examples
    --------
    >>> feature_named("windows")
    'windows'
    """
    if name not in FEATURES:
        raise ArgumentError("need", repr(name), f"one of {', '.join(FEATURES)}")
    return name
