"""The documented ways from one network model to another, a row each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.limits import CNI_OVERVIEW, DYNAMIC, STATIC_BLOCK, UPDATE_CNI
from ipplan.models import MODELS
from ipplan.usages import NO_PLUGIN

if TYPE_CHECKING:
    from ipplan.migrations.results import Way

CILIUM = "cilium"
"""Where to go that is no model: the data plane of Azure CNI Powered by Cilium."""

DESTINATIONS = (*MODELS, CILIUM)
"""Where a cluster can go."""

CILIUM_PAGE = f"{UPDATE_CNI}#update-the-data-plane-to-azure-cni-powered-by-cilium"


class Path(NamedTuple):
    """The way from a model to a destination.

    Parameters
    ----------
    models : tuple of str
        The models that it starts from; empty for any that no other row names.
    to : str
        The model, or ``cilium``; empty for any that no other row names.
    way : {"in-place", "new-pool", "new-cluster", "already"}
        What it takes.
    words : str
        What the page says of it.
    source : str
        The page.
    first : str
        The model that has to be reached before; empty where none has.
    keeps_pod_cidr : bool
        Whether the pod CIDR that the cluster has may stay.
    detaches : bool
        Whether a route table has to be taken off the node subnets, which a
        user-assigned identity alone may do.
    """

    models: tuple[str, ...]
    to: str
    way: Way
    words: str
    source: str = UPDATE_CNI
    first: str = ""
    keeps_pod_cidr: bool = False
    detaches: bool = False


PATHS: tuple[Path, ...] = (
    Path(
        ("cni-node-subnet",),
        "cni-overlay",
        "in-place",
        "one way, for the whole cluster at once; it asks for a pod CIDR",
    ),
    Path(
        ("kubenet",),
        "cni-overlay",
        "in-place",
        "one way, for the whole cluster at once; the pod CIDR may stay, routes go",
        keeps_pod_cidr=True,
        detaches=True,
    ),
    Path(
        ("cni-dynamic", "cni-static-block"),
        "cni-overlay",
        "new-cluster",
        "a cluster with pod subnets can't be updated to CNI Overlay",
    ),
    Path(
        ("cni-dynamic",),
        "cni-static-block",
        "new-pool",
        "a subnet has one mode and no pool changes it: new pools on another subnet",
        STATIC_BLOCK,
    ),
    Path(
        ("cni-static-block",),
        "cni-dynamic",
        "new-pool",
        "a subnet has one mode and no pool changes it: new pools on another subnet",
        DYNAMIC,
    ),
    Path(
        ("cni-overlay", "cni-node-subnet", "cni-dynamic", "cni-static-block"),
        CILIUM,
        "in-place",
        "the data plane changes, and how pods get their addresses does not",
        CILIUM_PAGE,
    ),
    Path(
        ("kubenet",),
        CILIUM,
        "in-place",
        "not directly: to CNI Overlay first, then to Cilium in a step of its own",
        CILIUM_PAGE,
        first="cni-overlay",
    ),
    Path(
        ("cni-overlay",),
        "",
        "new-cluster",
        "a cluster with CNI Overlay can't go back to another model",
    ),
    Path(
        (NO_PLUGIN,),
        "",
        "new-cluster",
        "no page names a way for a cluster whose network plugin is your own",
        CNI_OVERVIEW,
    ),
    Path(
        (),
        "",
        "new-cluster",
        "Microsoft names no way in place but to CNI Overlay, from node subnet and "
        "kubenet alone",
    ),
)
"""Every way that a page names, and for all others a new cluster; the first counts."""


def path_of(model: str, to: str) -> Path:
    """The way from a model to a destination.

    Parameters
    ----------
    model : str
        Of :data:`ipplan.models.MODELS`, or ``none`` for a network plugin of one's own.
    to : str
        Of :data:`DESTINATIONS`.

    Examples
    --------
    >>> [path_of(each, "cni-overlay").way for each in ("kubenet", "cni-dynamic")]
    ['in-place', 'new-cluster']
    >>> path_of("kubenet", "cilium").first
    'cni-overlay'
    """
    return next(
        each
        for each in PATHS
        if (model in each.models or not each.models) and each.to in {to, ""}
    )
