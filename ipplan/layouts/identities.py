"""Plans under other ids: those of what exists in place of those that were drafted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ipplan.inventory.origins import name_of, parent_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ipplan.layouts.plans import ClusterPlan, NetworkPlan


def with_ids(network: NetworkPlan, ids: Mapping[str, str]) -> NetworkPlan:
    """A network with everything in it under other ids.

    Parameters
    ----------
    network : NetworkPlan
        As it was drafted.
    ids : mapping of str to str
        The ids of networks and clusters, by those that were drafted; what is not in it
        keeps its id.
    """
    return replace(
        network,
        id=ids.get(network.id, network.id),
        hub=network.hub and ids.get(network.hub, network.hub),
        twin=network.twin and ids.get(network.twin, network.twin),
        clusters=tuple(_cluster(each, ids) for each in network.clusters),
    )


def _cluster(plan: ClusterPlan, ids: Mapping[str, str]) -> ClusterPlan:
    cluster = plan.cluster
    identity = ids.get(cluster.id, cluster.id)
    pools = tuple(
        replace(
            pool,
            subnet=_subnet(pool.subnet, ids),
            pod_subnet=_subnet(pool.pod_subnet, ids),
        )
        for pool in cluster.pools
    )
    own = _subnet(cluster.api_server_subnet, ids)
    return replace(
        plan,
        cluster=replace(cluster, id=identity, pools=pools, api_server_subnet=own),
        services=tuple(replace(each, cluster=identity) for each in plan.services),
        twin=plan.twin and ids.get(plan.twin, plan.twin),
    )


def _subnet(identity: str | None, ids: Mapping[str, str]) -> str | None:
    """The id of a subnet, whose network may have another one."""
    home = parent_of(identity or "")
    return f"{ids[home]}/subnets/{name_of(identity or '')}" if home in ids else identity
