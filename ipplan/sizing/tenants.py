"""Tenants: node pools in the ranges that they share, and how many nodes more fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.surges import steady_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipplan.models import Home, NetworkModel
    from ipplan.sizing.loads import Load


class Tenant(NamedTuple):
    """A node pool in a subnet, under the model of its cluster.

    Parameters
    ----------
    cluster : str
        Id of the cluster.
    kind : Home
        Whether its nodes or only its pods live in the subnet, or in a pod CIDR.
    load : Load
        What it takes.
    kept : int
        Addresses of the subnet that nothing of its model can use. [addresses]
    model : NetworkModel
        The row that it is sized by.
    """

    cluster: str
    kind: Home
    load: Load
    kept: int
    model: NetworkModel

    @property
    def cost(self) -> int:
        """What one node takes. [addresses/node]."""
        return int(self.load.cost(self.kind))

    @property
    def need(self) -> int:
        """What it takes while it is upgraded at its most nodes. [addresses]."""
        return int(self.load.peak) * self.cost

    @property
    def now(self) -> int:
        """Nodes at present, or as many as are stated. [nodes]."""
        current = self.load.pool.current
        return int(self.load.nodes) if current is None else current


def nodes_left(tenants: Iterable[Tenant], room: int) -> int | None:
    """Nodes that can be added to any one of some pools, with the same surge.

    Parameters
    ----------
    tenants : iterable of Tenant
        The pools that share a range.
    room : int
        What all of them leave while they are upgraded; may be negative. [addresses]

    Returns
    -------
    int or None
        Where they need more than there is, the fewest nodes that they must give up,
        as a negative number; None without pools. [nodes]

    Notes
    -----
    Given up are whole pools, those first that free the most for each node, and a part
    of one more. Surges in percent are rounded up in each pool: where several pools
    give up a part of their nodes, it may be a node less.

    Examples
    --------
    Ten nodes that double in an upgrade lack 9 of 20 addresses: 5 nodes can be upgraded.

    >>> from ipplan import Cluster, NodePool, Surge
    >>> from ipplan.usages import pod_cidr_tenants
    >>> pool = NodePool("a", 10, max_surge=Surge(percent=100))
    >>> (tenant,) = pod_cidr_tenants(Cluster("c", (pool,), "cni-overlay"))
    >>> nodes_left([tenant], 11 * 256 - tenant.need)
    -5
    """
    pools = tuple(tenants)
    if room < 0 and pools:
        return -_to_give_up(pools, -room)
    return min((_more(each, room) for each in pools), default=None)


def _to_give_up(tenants: Iterable[Tenant], lack: int) -> int:
    """The fewest nodes without which some pools need less by what is lacking."""
    pools = sorted(tenants, key=_freed_by_a_node, reverse=True)
    found: list[int] = []
    given = 0
    for place, whole in enumerate(pools):
        parts = (-_more(each, -lack) for each in pools[place:] if each.need >= lack)
        found += [given + part for part in parts]
        given += int(whole.load.steady)
        lack -= whole.need
        if lack <= 0:
            break
    return min(found, default=given)


def _freed_by_a_node(tenant: Tenant) -> float:
    """What a node and its part of the surge take. [addresses]."""
    return tenant.need / max(int(tenant.load.steady), 1)


def _more(tenant: Tenant, room: int) -> int:
    """Nodes that a pool can get in the room that all leave, its surge among them."""
    load_ = tenant.load
    peak = int(load_.peak) + room // tenant.cost
    copies = load_.pool.copies
    most = int(steady_nodes(peak // copies, load_.pool.surge))
    return most - int(load_.steady)
