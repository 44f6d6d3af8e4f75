"""What could not be judged, and why: said, and never guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.checks.access import private
from ipplan.checks.settings import egress
from ipplan.inventory.clusters import STATE_NODES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.checks.surveys import Survey


class Unknown(NamedTuple):
    """Something that could not be judged.

    Parameters
    ----------
    what : str
        Which network, cluster or subnet, as people call it.
    reason : str
        What was not read or is not said.
    state : str
        What to state, so that it can be; empty where nothing stated would do.
    id : str
        Of a network or subnet; empty of others.
    """

    what: str
    reason: str
    state: str = ""
    id: str = ""

    @property
    def why(self) -> str:
        """The reason, with what to state."""
        return f"{self.reason}; state {self.state}" if self.state else self.reason


def unknowns(survey: Survey) -> Iterator[Unknown]:
    """Everything that the rules could not see.

    Subscriptions and networks that nobody read; address spaces that an IPAM pool or a
    template gives; clusters without a model; ways out of clusters and to them; needs of
    subnets.
    """
    coverage = survey.inventory.coverage
    for subscription in coverage.named:
        what = f"subscription {subscription}"
        yield Unknown(what, "these networks name it, and none of its files was given")
    for each in coverage.unseen:
        yield Unknown(_network(survey, each.id), _unseen(each.prefixes))
    yield from _networks(survey)
    yield from _clusters(survey)
    for cluster, why, state in (
        *egress.open_questions(survey),
        *private.open_questions(survey),
    ):
        yield Unknown(survey.called(cluster), why, state)
    for subnet, use in survey.usage.items():
        noun = survey.inventory.subnet_by_id[subnet]
        for why in use.unknown:
            yield Unknown(survey.called(noun), why, id=subnet)


def _network(survey: Survey, identity: str) -> str:
    vnet = survey.vnets.get(identity)
    return survey.called(vnet) if vnet else identity.rpartition("/")[2]


def _unseen(prefixes: tuple[object, ...]) -> str:
    if prefixes:
        space = ", ".join(map(str, prefixes))
        return f"not read; its recorded space {space} is checked, its subnets are not"
    return "not read, and no peering recorded its space"


def _networks(survey: Survey) -> Iterator[Unknown]:
    """Networks of which something is open that was read."""
    for vnet in survey.inventory.vnets:
        nouns: list[Any] = [vnet, *vnet.subnets]
        for noun in nouns:
            if not noun.prefixes and getattr(noun, "seen", True):
                asked = "an IPAM pool gives it" if noun.requested else "not in the file"
                name, why = survey.called(noun), f"its address range: {asked}"
                yield Unknown(name, why, id=noun.id)
        for peering in vnet.peerings:
            if peering.remote is None:
                yield Unknown(survey.called(peering), "the other VNet is not said")


def _clusters(survey: Survey) -> Iterator[Unknown]:
    """Clusters whose model, network or ranges are open."""
    for cluster in survey.inventory.clusters:
        name = survey.called(cluster)
        if not cluster.seen:
            yield Unknown(name, "only node pools or ranges of it were read")
            continue
        if cluster.model is None and not cluster.network_plugin:
            yield Unknown(name, "its network model is not said")
        if not survey.homes(cluster):
            yield Unknown(name, "AKS makes its VNet, and that was not read")
        if cluster.nodes_unknown:
            yield Unknown(name, cluster.nodes_unknown, STATE_NODES)
