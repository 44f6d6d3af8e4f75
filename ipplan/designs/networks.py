"""VNets as people look at them: hubs first, each with its spokes behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from ipplan.checks.networks.special import SPECIAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ipplan.designs.studies import Study
    from ipplan.inventory.networks import VNet

Role = Literal["hub", "spoke", "alone"]

_LENT = SPECIAL.keys() - {"azurebastionsubnet"}
"""Names of subnets whose services other networks go through, in lower case."""


class Network(NamedTuple):
    """A VNet and what it is to others.

    Parameters
    ----------
    vnet : VNet
        As it is.
    name : str
        As people call it.
    role : {"hub", "spoke", "alone"}
        A hub has more peers than one of them has, or as many, and the firewall, gateway
        or route server that this one has not; a spoke is peered with a hub.
    """

    vnet: VNet
    name: str
    role: Role


def networks(study: Study) -> tuple[Network, ...]:
    """The VNets of a study: hubs by name, each with its spokes by name, then the rest.

    A spoke of several hubs stands behind the first.

    Examples
    --------
    >>> from datetime import date
    >>> from ipplan import Inventory, VNet
    >>> from ipplan.designs.studies import study
    >>> both = Inventory((VNet("/v/a", "web"), VNet("/v/b", "hub")))
    >>> [each.name for each in networks(study(both, "two", as_of=date(2026, 11, 28)))]
    ['hub', 'web']
    """
    vnets = {each.id: each for each in study.vnets}
    peers = {
        identity: [
            each for each in study.survey.peers.get(identity, ()) if each in vnets
        ]
        for identity in vnets
    }
    lends = {each.id for each in vnets.values() if _lends(each)}
    hubs = {each for each in vnets if _is_hub(each, peers, lends)}
    found = [
        Network(vnet, study.survey.called(vnet), _role(vnet.id, hubs, peers))
        for vnet in vnets.values()
    ]
    found.sort(key=lambda each: (each.role == "alone", each.name, each.vnet.id))
    return tuple(_behind_hubs(found, peers))


def _lends(vnet: VNet) -> bool:
    """Whether others may go through what it has."""
    named = any(each.name.lower() in _LENT for each in vnet.subnets)
    return named or any(each.gateway_transit for each in vnet.peerings)


def _is_hub(vnet: str, peers: Mapping[str, list[str]], lends: set[str]) -> bool:
    own = len(peers[vnet])
    less = any(len(peers[each]) < own for each in peers[vnet])
    lent = vnet in lends and any(
        each not in lends and len(peers[each]) <= own for each in peers[vnet]
    )
    return less or lent


def _role(vnet: str, hubs: set[str], peers: Mapping[str, list[str]]) -> Role:
    if vnet in hubs:
        return "hub"
    return "spoke" if any(each in hubs for each in peers[vnet]) else "alone"


def _behind_hubs(
    found: Iterable[Network], peers: Mapping[str, list[str]]
) -> Iterable[Network]:
    """The same, each spoke behind the first of its hubs."""
    known = {each.vnet.id: each for each in found}
    order: dict[str, Network] = {}
    for each in known.values():
        if each.role == "spoke":
            continue
        order[each.vnet.id] = each
        if each.role == "hub":
            near = (known[peer] for peer in peers[each.vnet.id])
            spokes = sorted(
                (one for one in near if one.role == "spoke"),
                key=lambda one: (one.name, one.vnet.id),
            )
            for spoke in spokes:
                order.setdefault(spoke.vnet.id, spoke)
    return order.values()
