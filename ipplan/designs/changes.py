"""Whether ranges can change once they are in use, how, and which page says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.checks.capacity.rooms import EXPANSION
from ipplan.cidrs import IPV4
from ipplan.diagnosis.codes import RESIZING
from ipplan.limits import CNI_OVERVIEW, KUBENET, NETAPP
from ipplan.models import MODELS, RECOMMENDED, Home
from ipplan.usages import DELEGATION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.networks import Subnet
    from ipplan.inventory.pools import NodePool


class Change(NamedTuple):
    """Whether a range can change.

    Parameters
    ----------
    words : str
        In a sentence.
    source : str
        The page that says so.
    """

    words: str
    source: str


IN_USE = "Can't be resized while anything is in it"
"""What holds for every subnet."""

EMPTY = Change("Can be resized as long as it is empty, as it is now.", RESIZING)
FULL = Change(f"{IN_USE}, as there is now.", RESIZING)
PLANNED = Change(f"{IN_USE}; as long as it is a plan, it can.", RESIZING)
UNSEEN = Change(f"{IN_USE}; whether anything is does not show.", RESIZING)
FOR_GOOD = Change("Of one size for good: volumes live in it.", NETAPP)

NODES = Change(
    f"{IN_USE}; more nodes get a new pool on a new subnet. A second range may do as "
    "well: no page says that AKS supports it.",
    RESIZING,
)
NODES_WITH_PODS = Change(
    f"{IN_USE}; more nodes and pods get a new pool on a new subnet.", RESIZING
)
PODS = Change(
    f"{IN_USE}, nor have a second range; more pods get a new pool with a pod subnet of "
    "its own.",
    RESIZING,
)

LARGER = Change(
    "Can be expanded to a larger range that covers it; it can't shrink, move or be "
    "replaced.",
    EXPANSION,
)
WITH_WINDOWS = Change(
    "Can't change: it has Windows pools, and only clusters of Linux nodes alone can "
    "have it expanded.",
    EXPANSION,
)
SEVERAL = Change(
    "Can't change: only a single IPv4 range can be expanded.",
    EXPANSION,
)
ROUTED = Change(
    f"Can't change, but by the move to {MODELS[RECOMMENDED].title}, which has no way "
    "back.",
    KUBENET,
)

OPEN = Change(
    "Depends on the network model or the CNI plugin, which is not known.", CNI_OVERVIEW
)

_NETAPP = "microsoft.netapp/volumes"


def subnet_change(subnet: Subnet, clusters: Iterable[Cluster]) -> Change:
    """Whether a subnet can have another size later.

    Parameters
    ----------
    subnet : Subnet
        As it is.
    clusters : iterable of Cluster
        Who uses it.

    Notes
    -----
    That a subnet with a second range serves nodes, where pods live in a pod CIDR, was
    neither confirmed nor ruled out; of pods' subnets it is ruled out.

    Examples
    --------
    >>> from ipplan import Subnet
    >>> subnet_change(Subnet("s", "s", usage=0), ()).words
    'Can be resized as long as it is empty, as it is now.'
    """
    if _NETAPP in {each.lower() for each in subnet.delegations}:
        return FOR_GOOD
    pools = [(pool, each) for each in clusters for pool in each.pools]
    if any(pool.pod_subnet == subnet.id for pool, _ in pools):
        return PODS
    here = [(pool, each) for pool, each in pools if pool.subnet == subnet.id]
    if here:
        apart = all(_has_pod_cidr(pool, each) for pool, each in here)
        return NODES if apart else NODES_WITH_PODS
    if subnet.used:
        return FULL
    if subnet.origin.proposed:
        return PLANNED
    # pods and API servers of clusters that were not read do not show
    hidden = subnet.used is None or DELEGATION in map(str.lower, subnet.delegations)
    return UNSEEN if hidden else EMPTY


def _has_pod_cidr(pool: NodePool, cluster: Cluster) -> bool:
    """Whether the pods of a pool are known to live in a pod CIDR."""
    model = pool.model or cluster.model
    return model is not None and MODELS[model].home is Home.POD_CIDR


def pod_cidr_change(cluster: Cluster) -> Change:
    """Whether the pod CIDR of a cluster can be another one later.

    Examples
    --------
    >>> from ipplan import Cluster
    >>> pod_cidr_change(Cluster("c", model="kubenet")).source
    'https://learn.microsoft.com/azure/aks/configure-kubenet'
    """
    if cluster.model is None:
        return OPEN
    if MODELS[cluster.model].route_limit:
        return ROUTED
    if any(each.os != "linux" for each in cluster.pools):
        return WITH_WINDOWS
    versions = [each.version for each in cluster.pod_cidrs]
    return LARGER if versions == [IPV4] else SEVERAL
