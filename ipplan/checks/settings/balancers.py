"""Rules on services of type LoadBalancer: how many a cluster's load balancer takes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.checks.remedies import Change, Remedy
from ipplan.checks.rules import Hit, Side, rule
from ipplan.counts import ceil_div, counted
from ipplan.findings import Effect, Severity
from ipplan.inventory.origins import subscription_of
from ipplan.surges import surge_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.checks.surveys import Survey
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.traffic import LoadBalancer


def _balancers(survey: Survey) -> dict[str, list[LoadBalancer]]:
    """Load balancers in the resource groups of nodes, by the ids of their clusters."""
    found: dict[str, list[LoadBalancer]] = defaultdict(list)
    for each in survey.inventory.load_balancers:
        owner = survey.node_groups.get((subscription_of(each.id), each.resource_group))
        if owner:
            found[owner.id].append(each)
    return found


@rule(limits.AZURE_LIMITS, Severity.ERROR)
def load_balancer_services_limit(survey: Survey) -> Iterator[Hit]:
    """A cluster has at most 300 services of type LoadBalancer.

    Beyond that its load balancer takes no more of them. An ingress controller or a
    gateway needs one such service for many applications. Counted are the services that
    are stated, or the front ends with rules of the load balancers beside the nodes.
    """
    shown = _balancers(survey)
    most = limits.BALANCED_SERVICES.value
    for cluster in survey.inventory.clusters:
        stated = cluster.load_balancer_services
        balancers = shown.get(cluster.id, []) if stated is None else []
        count = sum(len(e.rules) for e in balancers) if stated is None else stated
        if count > most:
            name = survey.called(cluster)
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (Side(cluster), *map(Side, balancers)),
                f"{name} has {count:,} services of type LoadBalancer, and may have "
                f"{most:,}",
                (
                    Remedy(
                        f"expose the applications of {name} through an ingress or "
                        f"gateway, with at most {most:,} services of type LoadBalancer",
                        (Change(cluster.id, "load_balancer_services", most),),
                    ),
                ),
            )


@rule(limits.LARGE, Severity.ERROR)
def load_balancer_backends_limit(survey: Survey) -> Iterator[Hit]:
    """A front end has at most 10,000 backends: ports of its services times nodes.

    Each port of a LoadBalancer service is a rule, and a rule has every node behind it:
    one service with 5 ports is full at 2,000 nodes. Nodes count at their most, with
    those of an upgrade. Where services and their ports are stated, the one with most
    ports has at least the average.
    """
    shown = _balancers(survey)
    most = limits.BALANCED_BACKENDS.value
    for cluster in survey.inventory.clusters:
        balancers = shown.get(cluster.id, [])
        ports = max([_ports(cluster), *(max(e.rules, default=0) for e in balancers)])
        nodes = _nodes(cluster)
        if ports * nodes > most:
            name = survey.called(cluster)
            yield Hit(
                Severity.ERROR,
                Effect.REFUSED,
                (Side(cluster), *map(Side, balancers)),
                f"{name} has a front end with {counted(ports, 'port')}, which makes "
                f"{ports * nodes:,} backends of {nodes:,} nodes during an upgrade: it "
                f"may have {most:,}",
                _fewer(survey, cluster, most // nodes),
            )


def _ports(cluster: Cluster) -> int:
    """Ports that a service has at the least that has most. [ports]."""
    services, ports = cluster.load_balancer_services, cluster.load_balancer_ports
    return int(ceil_div(ports, services)) if services and ports else 0


def _nodes(cluster: Cluster) -> int:
    """Nodes at their most, and those of an upgrade, of pools that say it. [nodes]."""
    known = [(each.nodes, each.surge) for each in cluster.pools if each.nodes]
    return sum(int(nodes + surge_nodes(nodes, surge)) for nodes, surge in known)


def _fewer(survey: Survey, cluster: Cluster, ports: int) -> Iterator[Remedy]:
    """Services with fewer ports each."""
    services = cluster.load_balancer_services
    if services and ports:
        yield Remedy(
            f"spread the ports of {survey.called(cluster)} over services with at most "
            f"{counted(ports, 'port')} each",
            (Change(cluster.id, "load_balancer_ports", services * ports),),
        )
