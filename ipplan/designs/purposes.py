"""What subnets are for: as a plan says, or as their users and names tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.checks.names import listed
from ipplan.checks.networks.special import SPECIAL
from ipplan.layouts.demands.claims import API_SERVER
from ipplan.layouts.demands.services import AKS_DELEGATION, SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.designs.studies import Study
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.networks import Subnet

_RESOLVER = "DNS Private Resolver"

_DELEGATED = {
    **{
        row.delegation.lower(): row.title for row in SERVICES.values() if row.delegation
    },
    "microsoft.network/dnsresolvers": _RESOLVER,  # either of its endpoints
    AKS_DELEGATION.lower(): "pods or API servers of AKS",
}
"""To whom subnets are delegated, as Microsoft calls it."""


class Purpose(NamedTuple):
    """Something that a subnet is for.

    Parameters
    ----------
    what : str
        In a word or two: ``nodes``, ``pods``, ``Azure Firewall``.
    clusters : tuple of str
        Names of the clusters that it is for.
    """

    what: str
    clusters: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What it is for, and of whom.

        >>> Purpose("nodes", ("shop", "news")).words, Purpose("Azure Bastion").words
        ('nodes of shop, news', 'Azure Bastion')
        """
        return f"{self.what} of {listed(self.clusters)}" if self.clusters else self.what


def purposes(study: Study, subnet: Subnet) -> tuple[Purpose, ...]:
    """Everything that a subnet is for; nothing where nothing says.

    Parameters
    ----------
    study : Study
        With the plan that asks for the subnet, or the clusters that use it.
    subnet : Subnet
        One of its VNets', or one that was not read.

    Examples
    --------
    >>> from datetime import date
    >>> from ipplan import Inventory, Subnet
    >>> from ipplan.designs.studies import study
    >>> empty = study(Inventory(), "nothing", as_of=date(2026, 11, 28))
    >>> purposes(empty, Subnet("v/subnets/azurebastionsubnet", "AzureBastionSubnet"))
    (Purpose(what='Azure Bastion', clusters=()),)
    """
    used = tuple(_used(study, subnet))
    asked = _asked(study, subnet, told=bool(used))
    return (*used, *asked) or tuple(_named(subnet))


def users(study: Study, subnet: Subnet) -> tuple[str, ...]:
    """Names of the clusters that use a subnet, or that a plan gives it to."""
    placed = study.wants.get(subnet.id)
    given = placed.want.clusters if placed else ()
    known = study.survey.cluster_by_id
    nouns = [*study.survey.users(subnet.id), *(known[e] for e in given if e in known)]
    return tuple(dict.fromkeys(map(study.survey.called, nouns)))


def _asked(study: Study, subnet: Subnet, *, told: bool) -> Iterator[Purpose]:
    """The services for which a plan asks for it, the first with whose it is."""
    placed = study.wants.get(subnet.id)
    if placed is None:
        return
    first, *beside = placed.want.purposes
    if first in SERVICES and not (told and first == API_SERVER):
        yield Purpose(SERVICES[first].title, users(study, subnet))
    yield from (Purpose(SERVICES[each].title) for each in beside if each in SERVICES)


def _used(study: Study, subnet: Subnet) -> Iterator[Purpose]:
    """What clusters have in it."""
    every = study.survey.users(subnet.id)
    for what, holds in _USES.items():
        names = [study.survey.called(e) for e in every if holds(e, subnet.id)]
        if names:
            yield Purpose(what, tuple(names))


def _has_nodes(cluster: Cluster, subnet: str) -> bool:
    return any(pool.subnet == subnet for pool in cluster.pools)


def _has_pods(cluster: Cluster, subnet: str) -> bool:
    return any(pool.pod_subnet == subnet for pool in cluster.pools)


def _has_api_server(cluster: Cluster, subnet: str) -> bool:
    return cluster.api_server_subnet == subnet


def _has_hosted(cluster: Cluster, subnet: str) -> bool:
    return subnet in cluster.hosted_subnets


_USES = {
    "nodes": _has_nodes,
    "pods": _has_pods,
    "API server": _has_api_server,
    "hosted nodes": _has_hosted,
}
"""What a cluster can have in a subnet, and how that is told."""


def _named(subnet: Subnet) -> Iterator[Purpose]:
    """What its name tells, which Azure imposes, and to whom it is delegated."""
    special = SPECIAL.get(subnet.name.lower())
    if special:
        yield Purpose(special.service)
    for each in subnet.delegations:
        yield Purpose(_DELEGATED.get(each.lower(), each))
