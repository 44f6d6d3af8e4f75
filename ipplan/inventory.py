"""The nouns: what a cluster is made of, whether it was read from a file or stated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from ipplan.limits import MAX_SURGE
from ipplan.surges import Surge

if TYPE_CHECKING:
    from ipplan.counts import Count

System = Literal["linux", "windows"]
Priority = Literal["regular", "spot"]

MOST_MAX_PODS = 65_535
"""Max pods beyond it are a mistake in a file; AKS refuses those above 250 itself."""

DEFAULT_SURGE = Surge(percent=MAX_SURGE.value)
"""What AKS gives a pool that names no surge."""


@dataclass(frozen=True, slots=True)
class NodePool:
    """A node pool: nodes of one kind.

    Parameters
    ----------
    name : str
        Unique in its cluster.
    nodes : int or ndarray of int, or None
        Nodes at the most: the autoscaler's maximum where there is one, growth
        included; None where it can't be known. [nodes]
    max_pods : int or ndarray of int, or None
        None for the model's default. [pods/node]
    max_surge : Surge
        Nodes that an upgrade adds; a spot pool never surges.
    os, priority : str
        ``linux`` or ``windows``; ``regular`` or ``spot``.
    subnet, pod_subnet : str or None
        Pools that name the same subnet share it; None is a subnet of its own kind.
    pods_per_node : int or ndarray of int, or None
        Pods on a node that need an address; None for as many as a node can run.
        [pods/node]
    host_network_pods : int or ndarray of int
        Pods on a node that use the node's own address. [pods/node]
    literal : bool
        Whether this is one pool of AKS, or a cluster's total that several share.
    copies : int
        2 while a blue/green rotation runs the pool twice.
    """

    name: str
    nodes: Count | None
    max_pods: Count | None = None
    max_surge: Surge = DEFAULT_SURGE
    os: System = "linux"
    priority: Priority = "regular"
    subnet: str | None = None
    pod_subnet: str | None = None
    pods_per_node: Count | None = None
    host_network_pods: Count = 0
    literal: bool = True
    copies: int = 1

    @property
    def surge(self) -> Surge:
        """The surge that counts: none on spot pools, whatever is set."""
        return self.max_surge if self.priority == "regular" else Surge()


class Cluster(NamedTuple):
    """A cluster as it stands: what sizing it again needs to know.

    Parameters
    ----------
    name : str
        The resource's name.
    pools : tuple of NodePool
        As they are, with the autoscaler's maxima.
    model : str or None
        The name of its network model, where that can be told.
    pod_cidr : str or None
        Its pod CIDR, where the model has one.
    private_endpoint : bool
        Whether its API server takes an address of the first pool's subnet.
    api_server_subnet : bool
        Whether its API server lives in a subnet of its own.
    needs : tuple of str
        Features that it uses, of :data:`ipplan.features.FEATURES`.
    unknown : tuple of str
        What can't be known, each with what to state.
    """

    name: str
    pools: tuple[NodePool, ...]
    model: str | None = None
    pod_cidr: str | None = None
    private_endpoint: bool = False
    api_server_subnet: bool = False
    needs: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
