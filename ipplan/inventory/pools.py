"""Node pools: what a cluster is made of, whether it was read or stated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ipplan.limits import MAX_SURGE, POOL_NAME, POOL_NAME_WINDOWS
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
        Pools that name the same subnet share it; None is a subnet of its own kind. Of
        pools that were read from a file, they are resource ids in lower case.
    pods_per_node : int or ndarray of int, or None
        Pods on a node that need an address; None for as many as a node can run.
        [pods/node]
    host_network_pods : int or ndarray of int
        Pods on a node that use the node's own address. [pods/node]
    literal : bool
        Whether this is one pool of AKS, or a cluster's total that several share.
    copies : int
        2 while a blue/green rotation runs the pool twice.
    current : int or None
        Nodes that a file shows it to have now; None where it does not say. [nodes]
    mode : str
        ``system``, ``user`` or ``gateway``; empty where a file does not say.
    model : str or None
        The name of its network model where pools of one cluster differ.
    unknown : str
        Why its node count says nothing of what it will be; empty if it does.
    stopped : bool
        Whether that is because it is stopped.
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
    current: int | None = None
    mode: str = ""
    model: str | None = None
    unknown: str = ""
    stopped: bool = False

    @property
    def surge(self) -> Surge:
        """The surge that counts: none on spot pools, whatever is set."""
        return self.max_surge if self.priority == "regular" else Surge()

    @property
    def longest_name(self) -> int:
        """Characters that AKS takes of its name. [characters]."""
        return (POOL_NAME_WINDOWS if self.os == "windows" else POOL_NAME).value
