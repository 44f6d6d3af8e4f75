"""Egress: the public IPs and SNAT ports through which a cluster leaves its network."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.layouts.demands.growths import grown
from ipplan.surges import surge_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.layouts.plans import ClusterPlan
    from ipplan.limits import Limit

BALANCER = "loadBalancer"
"""What a cluster has that names no outbound type."""

_NAT_GATEWAYS = {
    "managednatgateway": "a NAT gateway that AKS manages",
    "managednatgatewayv2": "a NAT gateway (StandardV2) that AKS manages",
    "userassignednatgateway": "a NAT gateway on its subnets",
}
_WITHOUT = {
    "userdefinedrouting": "the appliance that its route table names: "
    "no public IP of its own",
    "none": "nothing: no way out is made for it, and no public IP",
    "block": "nothing: all that leaves is blocked, and no public IP",
}


class Egress(NamedTuple):
    """How a cluster reaches what is outside its networks.

    Parameters
    ----------
    outbound_type : str
        As Azure spells it.
    nodes, surge : int
        At the most, growth included, and what upgrades of all pools add. [nodes]
    ports : int or None
        SNAT ports of a node; None where they are given on demand, or it has no public
        IP. [ports/node]
    addresses : int
        Public IPs that it needs. [public IPs]
    most : int
        Those that it can have. [public IPs]
    fits : bool or None
        Whether that works; None where no page says.
    words : str
        All that in a line.
    source : str
        The page that says so.
    """

    outbound_type: str
    nodes: int
    surge: int
    ports: int | None
    addresses: int
    most: int
    fits: bool | None
    words: str
    source: str


def egress(plan: ClusterPlan) -> Egress:
    """The public IPs and SNAT ports that a cluster needs at its most nodes.

    Parameters
    ----------
    plan : ClusterPlan
        Its pools, their growth, its outbound type and the ports that a node is given.

    Returns
    -------
    Egress
        Through a load balancer ports are set aside for every node, the surge among
        them; through a NAT gateway nodes get them on demand, and stated ones are what
        all of them shall have at once.

    Raises
    ------
    ArgumentError
        For a pool whose nodes are not known.

    References
    ----------
    https://learn.microsoft.com/azure/aks/configure-load-balancer-standard

    Examples
    --------
    >>> from ipplan import Cluster, NodePool, Surge
    >>> from ipplan.layouts.plans import ClusterPlan
    >>> pool = NodePool("web", 100, max_surge=Surge(2))
    >>> found = egress(ClusterPlan(Cluster("shop", (pool,)), ports_per_node=4000))
    >>> found.addresses, found.words
    (7, 'load balancer: 4,000 ports × 102 nodes take 7 public IPs')
    """
    kind = plan.cluster.outbound_type or BALANCER
    pools = grown(plan).pools
    nodes = sum(each.copies * int(each.nodes or 0) for each in pools)
    surge = sum(
        each.copies * int(surge_nodes(each.nodes or 0, each.surge)) for each in pools
    )
    if kind.lower() in _WITHOUT:
        return Egress(
            outbound_type=kind,
            nodes=nodes,
            surge=surge,
            ports=None,
            addresses=0,
            most=0,
            fits=True,
            words=_WITHOUT[kind.lower()],
            source=limits.OUTBOUND,
        )
    if kind.lower() in _NAT_GATEWAYS:
        return _nat_gateway(kind, nodes, surge, plan.ports_per_node)
    return _balancer(kind, nodes, surge, plan.ports_per_node)


def _balancer(kind: str, nodes: int, surge: int, stated: int | None) -> Egress:
    """Ports set aside for every node: as many as stated, or by the number of nodes."""
    peak = nodes + surge
    ports = automatic_ports(peak) if stated is None else stated
    addresses = _addresses(ports * peak, limits.BALANCER_PORTS.value)
    row = limits.AUTOMATIC_PORTS if stated is None else limits.BALANCER_PORTS
    wrong = [*_wrong(stated), *_too_many(addresses, limits.BALANCER_ADDRESSES)]
    unsaid = [*_unsaid(peak, stated)]
    return Egress(
        kind,
        nodes,
        surge,
        ports,
        addresses,
        limits.BALANCER_ADDRESSES.value,
        None if unsaid and not wrong else not wrong,
        "; ".join(
            [f"load balancer: {_taken(ports, peak, addresses)}", *wrong, *unsaid]
        ),
        row.source,
    )


def _unsaid(peak: int, stated: int | None) -> Iterator[str]:
    """What no page says, in words."""
    end = limits.AUTOMATIC_PORTS.value[-1][0]
    if stated is None and peak > end:
        yield f"no page says what more than {end:,} nodes get: state ports_per_node"


def _wrong(stated: int | None) -> Iterator[str]:
    """What no load balancer gives, in words."""
    step = limits.BALANCER_PORTS_STEP.value
    most = limits.BALANCER_PORTS.value
    if stated is not None and (stated % step or not step <= stated <= most):
        yield f"ports of a node are a multiple of {step}, up to {most:,}"


def _too_many(addresses: int, most: Limit[int]) -> Iterator[str]:
    if addresses > most.value:
        yield f"that is more than the {most.value} that it can have"


def automatic_ports(nodes: int) -> int:
    """SNAT ports that a load balancer gives a node where none are stated.

    Parameters
    ----------
    nodes : int
        In the backend pool, surge among them. [nodes]

    Returns
    -------
    int
        Beyond the table, the least that it has. [ports/node]

    Examples
    --------
    >>> automatic_ports(48), automatic_ports(52)
    (1024, 512)
    """
    rows = limits.AUTOMATIC_PORTS.value
    return next((ports for most, ports in rows if nodes <= most), rows[-1][1])


def _nat_gateway(kind: str, nodes: int, surge: int, stated: int | None) -> Egress:
    """Ports that nodes share on demand."""
    peak, each = nodes + surge, limits.NAT_PORTS.value
    addresses = _addresses((stated or 0) * peak, each)
    told = (
        f"{each:,} ports on demand for {peak:,} nodes, with 1 public IP"
        if stated is None
        else _taken(stated, peak, addresses)
    )
    wrong = [*_too_many(addresses, limits.NAT_ADDRESSES)]
    return Egress(
        kind,
        nodes,
        surge,
        stated,
        addresses,
        limits.NAT_ADDRESSES.value,
        not wrong,
        "; ".join([f"{_NAT_GATEWAYS[kind.lower()]}: {told}", *wrong]),
        limits.NAT_GATEWAY,
    )


def _addresses(ports: int, each: int) -> int:
    """Public IPs that have so many ports: one at the least."""
    return max(-(-ports // each), 1)


def _taken(ports: int, peak: int, addresses: int) -> str:
    several = "s" if addresses > 1 else ""
    return f"{ports:,} ports × {peak:,} nodes take {addresses:,} public IP{several}"
