"""usage(): what an existing estate's subnets need, hold and have left."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import IPV4
from ipplan.inventory.networks import total
from ipplan.limits import API_SERVER, PRIVATE_ENDPOINT, RESERVED_ADDRESSES
from ipplan.models import MODELS, Home
from ipplan.sizing.loads import load
from ipplan.sizing.tenants import Tenant, nodes_left

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.estates import Inventory
    from ipplan.inventory.networks import Subnet
    from ipplan.inventory.pools import NodePool
    from ipplan.models import NetworkModel
    from ipplan.sizing.loads import Load

NO_PLUGIN = "none"
"""The network plugin of a cluster whose user brings one: it takes no VNet address."""

DELEGATION = "microsoft.containerservice/managedclusters"
"""To whom pod subnets and API servers' subnets are delegated."""


class SubnetUse(NamedTuple):
    """What a subnet must hold, holds and has left. IPv4 counts alone.

    Parameters
    ----------
    subnet : Subnet
        The subnet.
    usable : int or None
        Addresses for use in all its prefixes, or in the largest where pods take them
        too; None where they are not known. [addresses]
    clusters : tuple of str
        Ids of the clusters that use it.
    need : int or None
        What their pools take at their most nodes while all are upgraded, and their
        API servers; None where that can't be known. [addresses]
    used : int or None
        Addresses in use as Azure shows them. [addresses]
    others : int or None
        Those of them that are no node's of these clusters. [addresses]
    left : int or None
        Usable and not in use; where no use is shown, as in a plan or of pods in a
        subnet of their own, usable and not needed. [addresses]
    nodes_left : int or None
        Nodes that can be added to any one of the pools, with the same surge and beside
        the others in use; negative where the need is more than it holds. [nodes]
    unknown : tuple of str
        What can't be known, and why.
    tenants : tuple of Tenant
        The pools in it whose nodes are known.
    beside : int
        What it needs besides them, for API servers. [addresses]
    """

    subnet: Subnet
    usable: int | None
    clusters: tuple[str, ...] = ()
    need: int | None = 0
    used: int | None = None
    others: int | None = None
    left: int | None = None
    nodes_left: int | None = None
    unknown: tuple[str, ...] = ()
    tenants: tuple[Tenant, ...] = ()
    beside: int = 0


class Held(NamedTuple):
    """What a subnet must hold, and has for it. IPv4 counts alone.

    Parameters
    ----------
    usable, need, others : int or None
        As of :class:`SubnetUse`. [addresses]
    """

    usable: int | None
    need: int | None
    others: int | None


def usage(inventory: Inventory) -> tuple[SubnetUse, ...]:
    """What every subnet needs, holds and has left.

    Parameters
    ----------
    inventory : Inventory
        As :func:`ipplan.read_inventory` gives it.

    Returns
    -------
    tuple of SubnetUse
        In the order of ``inventory.subnets``.

    Notes
    -----
    Azure lists a delegated pod subnet as empty, so what its pods hold is worked out
    from the pools. A subnet that clusters share must hold the pools of all of them.

    References
    ----------
    https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning

    Examples
    --------
    >>> from ipplan import Cidr, Cluster, Inventory, NodePool, Subnet, VNet
    >>> home = "/providers/microsoft.network/virtualnetworks/v"
    >>> subnet = Subnet(f"{home}/subnets/s", "s", (Cidr.parse("10.0.0.0/24"),))
    >>> pool = NodePool("a", 5, 30, subnet=subnet.id)
    >>> cluster = Cluster("c", (pool,), "cni-node-subnet", id="c")
    >>> (found,) = usage(Inventory((VNet(home, "v", subnets=(subnet,)),), (cluster,)))
    >>> found.usable, found.need, found.nodes_left
    (251, 186, 2)
    """
    return tuple(
        use_of(subnet, inventory.users.get(subnet.id, ()))
        for subnet in inventory.subnets
    )


def use_of(subnet: Subnet, clusters: tuple[Cluster, ...]) -> SubnetUse:
    """What one subnet needs, holds and has left, used by some clusters."""
    tenants = [each for cluster in clusters for each in _tenants(subnet, cluster)]
    unknown = [text for each in clusters for text in _unknown(subnet, each)]
    hidden = _is_hidden(subnet, clusters)
    if hidden and not clusters:
        unknown.append("delegated to AKS, and no cluster that was read uses it")
    beside = sum(_api_servers(subnet, each) for each in clusters)
    need = beside + sum(each.need for each in tenants)
    mixed = tuple(_mixed(subnet, clusters))
    used = None if hidden or mixed else subnet.used
    others = None if hidden else _others(subnet, clusters)
    capacity = usable_in(subnet, clusters, kept_by(tenants))
    taken = used if used is not None else None if unknown else need
    return SubnetUse(
        subnet=subnet,
        usable=capacity,
        clusters=tuple(each.id for each in clusters),
        need=None if unknown else need,
        used=used,
        others=others,
        left=None if capacity is None or taken is None else capacity - taken,
        nodes_left=None
        if unknown or capacity is None or (others is None and subnet.usage)
        else nodes_left(tenants, capacity - need - (others or 0)),
        unknown=(*unknown, *mixed, *_unlisted(subnet, tenants, others)),
        tenants=tuple(tenants),
        beside=beside,
    )


def held_after(
    use: SubnetUse, clusters: tuple[Cluster, ...], old: Cluster, new: Cluster | None
) -> Held:
    """What a subnet must hold once one of its clusters is another, or is gone.

    Parameters
    ----------
    use : SubnetUse
        The subnet as it is; what others take is not worked out again.
    clusters : tuple of Cluster
        Who uses it.
    old, new : Cluster
        One of them, and what it becomes; None where it goes.

    Examples
    --------
    >>> from ipplan import Cluster, NodePool, Subnet
    >>> subnet = Subnet("s", "s")
    >>> large = Cluster("c", (NodePool("a", 9, subnet="s"),), "cni-overlay", "c")
    >>> small = Cluster("c", (NodePool("a", 4, subnet="s"),), "cni-overlay", "c")
    >>> use = use_of(subnet, (large,))
    >>> use.need, held_after(use, (large,), large, small).need
    (10, 5)
    """
    subnet = use.subnet
    rest = tuple(each for each in clusters if each.id != old.id)
    one = () if new is None else (new,)
    after, taken = (*rest, *one), _need(subnet, one)
    own = _need(subnet, (old,)) or 0
    beside = _need(subnet, rest) if use.need is None else use.need - own
    need = None if beside is None or taken is None else beside + taken
    stay = [each for each in use.tenants if each.cluster != old.id]
    stay += [each for cluster in one for each in _tenants(subnet, cluster)]
    others = None if _is_hidden(subnet, after) else _others(subnet, after)
    return Held(usable_in(subnet, after, kept_by(stay)), need, others)


def _need(subnet: Subnet, clusters: tuple[Cluster, ...]) -> int | None:
    """What clusters take of a subnet; None where that can't be known. [addresses]."""
    if any(True for each in clusters for _ in _unknown(subnet, each)):
        return None
    tenants = (each for cluster in clusters for each in _tenants(subnet, cluster))
    beside = sum(_api_servers(subnet, each) for each in clusters)
    return beside + sum(each.need for each in tenants)


def kept_by(tenants: Iterable[Tenant]) -> int:
    """Addresses of each prefix that nobody can use, by who lives there. [addresses]."""
    return max((each.kept for each in tenants), default=RESERVED_ADDRESSES.value)


def _is_hidden(subnet: Subnet, clusters: tuple[Cluster, ...]) -> bool:
    """Whether Azure lists nothing of what it holds: pods in a subnet of their own.

    A delegated subnet in which something is listed is an API server's.
    """
    if not clusters and not subnet.delegations:
        return False
    pods = any(p.pod_subnet == subnet.id for each in clusters for p in each.pools)
    delegated = any(each.lower() == DELEGATION for each in subnet.delegations)
    return pods or (delegated and not clusters and not subnet.used)


def _unlisted(
    subnet: Subnet, tenants: list[Tenant], others: int | None
) -> Iterator[str]:
    """What the figures of a subnet leave open."""
    if tenants and others is None and subnet.usage:
        yield "what else holds addresses is not listed, so nodes left is not known"


def _mixed(subnet: Subnet, clusters: tuple[Cluster, ...]) -> Iterator[str]:
    """Why what is in use of the range that counts can't be told from the rest."""
    if not subnet.used:
        return
    if len({each.version for each in subnet.prefixes}) > 1:
        yield "addresses in use are listed of IPv4 and IPv6 together"
    ranges = [each for each in subnet.prefixes if each.version == IPV4]
    if len(ranges) > 1 and not _adds_up(subnet, clusters):
        yield "addresses in use are listed of all its prefixes together"


def usable_in(subnet: Subnet, clusters: tuple[Cluster, ...], kept: int) -> int | None:
    """Addresses for use of a subnet, by some clusters.

    Several prefixes add up where the nodes alone take addresses, since pods live in a
    pod CIDR. Of pods, no page says that they get addresses of a second one: there the
    largest counts.

    Parameters
    ----------
    subnet : Subnet
        The subnet; its IPv6 prefixes do not count.
    clusters : tuple of Cluster
        Who uses it.
    kept : int
        Addresses of each prefix that are not for use. [addresses]

    Returns
    -------
    int or None
        None where no prefix is known. [addresses]

    Examples
    --------
    >>> from ipplan import Cidr, Cluster, NodePool, Subnet
    >>> twice = (Cidr.parse("10.0.0.0/26"), Cidr.parse("10.0.1.0/26"))
    >>> subnet = Subnet("s", "s", twice)
    >>> pool = NodePool("a", 2, subnet="s")
    >>> [
    ...     usable_in(subnet, (Cluster("c", (pool,), model),), kept=5)
    ...     for model in ("cni-overlay", "cni-node-subnet")
    ... ]
    [118, 59]
    """
    sizes = [
        max(each.size - kept, 0) for each in subnet.prefixes if each.version == IPV4
    ]
    if not sizes:
        return None
    return sum(sizes) if len(sizes) == 1 or _adds_up(subnet, clusters) else max(sizes)


def _adds_up(subnet: Subnet, clusters: tuple[Cluster, ...]) -> bool:
    """Whether no pool in a subnet is known to have pods outside a pod CIDR."""
    models = (
        _model(pool, each)
        for each in clusters
        for pool in each.pools
        if _lives(pool, subnet)
    )
    return all(each is None or each.home is Home.POD_CIDR for each in models)


def _tenants(subnet: Subnet, cluster: Cluster) -> Iterator[Tenant]:
    for model, found in _loads(cluster):
        pool = found.pool
        if pool.subnet == subnet.id:
            reserved = RESERVED_ADDRESSES.value
            yield Tenant(cluster.id, Home.NODE_SUBNET, found, reserved, model)
        if pool.pod_subnet == subnet.id and model.home is Home.POD_SUBNET:
            yield Tenant(cluster.id, Home.POD_SUBNET, found, model.kept, model)


def pod_cidr_tenants(cluster: Cluster) -> tuple[Tenant, ...]:
    """The pools of a cluster whose pods live in its pod CIDR.

    Examples
    --------
    >>> from ipplan import Cluster, NodePool
    >>> (found,) = pod_cidr_tenants(Cluster("c", (NodePool("a", 3),), "cni-overlay"))
    >>> found.need
    1024
    """
    return tuple(
        Tenant(cluster.id, model.home, found, model.kept, model)
        for model, found in _loads(cluster)
        if model.home is Home.POD_CIDR
    )


def _loads(cluster: Cluster) -> Iterator[tuple[NetworkModel, Load]]:
    """The pools of a cluster whose nodes and model are known, each with its model."""
    for pool in cluster.pools:
        model = _model(pool, cluster)
        if model is not None and pool.nodes is not None and not pool.unknown:
            yield model, load(model, pool, pool.nodes)


def _model(pool: NodePool, cluster: Cluster) -> NetworkModel | None:
    """The model of a pool; without a network plugin a node takes one address too."""
    name = pool.model or cluster.model
    if name is None and (cluster.network_plugin or "").lower() == NO_PLUGIN:
        return next(row for row in MODELS.values() if row.home is Home.POD_CIDR)
    return None if name is None else MODELS[name]


def _unknown(subnet: Subnet, cluster: Cluster) -> Iterator[str]:
    """Why a cluster's need of a subnet can't be known."""
    if subnet.id in cluster.hosted_subnets:
        yield f"{cluster.name}: a hosted pool takes what does not show"
    yield from unknown_of(cluster, [p for p in cluster.pools if _lives(p, subnet)])


def unknown_of(cluster: Cluster, pools: Iterable[NodePool]) -> Iterator[str]:
    """Why what some pools of a cluster take can't be known.

    Examples
    --------
    >>> from ipplan import Cluster, NodePool
    >>> cluster = Cluster("c", (NodePool("a", None),), "cni-overlay")
    >>> list(unknown_of(cluster, cluster.pools))
    ['c: pool a shows none']
    """
    pools = tuple(pools)
    if pools:
        yield from (f"{cluster.name}: {each}" for each in cluster.unbounded)
    for pool in pools:
        if pool.unknown or pool.nodes is None:
            yield f"{cluster.name}: {pool.unknown or f'pool {pool.name} shows none'}"
        elif _model(pool, cluster) is None:
            yield f"{cluster.name}: its network model is not known"


def _lives(pool: NodePool, subnet: Subnet) -> bool:
    return subnet.id in {pool.subnet, pool.pod_subnet}


def _api_servers(subnet: Subnet, cluster: Cluster) -> int:
    """Addresses of its API server in a subnet: its own, or its private endpoint's."""
    if cluster.api_server_subnet == subnet.id:
        return API_SERVER.value
    first = cluster.pools[0].subnet if cluster.pools else None
    here = cluster.private_endpoint and first == subnet.id
    return PRIVATE_ENDPOINT.value if here else 0


def _others(subnet: Subnet, clusters: tuple[Cluster, ...]) -> int | None:
    """Addresses in use that are no node's of these clusters."""
    if subnet.holders is None:
        return subnet.usage if _all_to_come(subnet, clusters) else None
    groups = {each.node_group for each in clusters}
    nodes = ("/virtualmachinescalesets/", "/networkinterfaces/", "/virtualmachines/")
    return total(
        each.addresses
        for each in subnet.holders
        if not (
            any(kind in each.id for kind in nodes)
            and any(group and f"/{group}/" in each.id for group in groups)
        )
    )


def _all_to_come(subnet: Subnet, clusters: tuple[Cluster, ...]) -> bool:
    """Whether a subnet has users, all of them planned and none with nodes in it."""
    return bool(clusters) and not any(
        not each.origin.proposed
        or any(pool.current and _lives(pool, subnet) for pool in each.pools)
        for each in clusters
    )
