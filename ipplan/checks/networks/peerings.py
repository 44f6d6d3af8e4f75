"""Rules on peerings: what two networks must not share, and whether they meet at all."""

from __future__ import annotations

import shlex
from collections import Counter, defaultdict
from itertools import islice
from typing import TYPE_CHECKING

from ipplan.checks.moves import ways_apart
from ipplan.checks.remedies import GONE, Change, Remedy
from ipplan.checks.rules import Hit, Side, rule
from ipplan.checks.surveys import Space
from ipplan.cidrs.indexes import chains
from ipplan.findings import Effect, Severity
from ipplan.inventory.origins import name_of
from ipplan.limits import PEERING_OVERVIEW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.checks.surveys import Survey
    from ipplan.cidrs import Cidr
    from ipplan.inventory.externals import Group
    from ipplan.inventory.networks import Peering, VNet

MOST_TOLD = 1_000
"""Pairs of spokes of one hub that are told one by one."""

CHANGE_SPACE = (
    "https://learn.microsoft.com/azure/virtual-network/"
    "update-virtual-network-peering-address-space"
)


@rule(PEERING_OVERVIEW, Severity.ERROR)
def peered_vnets_overlap(survey: Survey) -> Iterator[Hit]:
    """Peered VNets must not overlap.

    Azure refuses the peering, and where one of them got its range later, the next
    change of the peering or of either address space. The state of the peering does not
    matter: one that is only initiated, or disconnected, still claims the range of the
    other side. In a subnet peering only the subnets that take part are compared.
    """
    for first, second in sorted({(min(key), max(key)) for key in survey.sides}):
        ours = survey.taking_part(first, second)
        theirs = survey.taking_part(second, first)
        peerings = survey.peered(first, second)
        for one, two in _pairs([*ours, *theirs]):
            yield _overlap(survey, one, two, "and they are peered", peerings)


@rule(PEERING_OVERVIEW, Severity.ERROR)
def vnet_second_hop_overlap(survey: Survey) -> Iterator[Hit]:
    """Two VNets that are peered with one hub must not overlap.

    The two need not be peered with each other: Azure compares a new peering with all
    that the hub has, and refuses it with
    `VnetAddressSpaceOverlapsWithAlreadyPeeredVnet`. A peering whose other side was
    deleted still counts, until it is deleted too. The members of a Virtual WAN that is
    declared are peered with its hub, which Azure keeps where nobody can list it.
    """
    for group in survey.inventory.groups:
        if group.kind == "virtual-wan":
            yield from _in_group(survey, group)
    for hub, peers in survey.peers.items():
        spaces = [each for peer in peers for each in survey.taking_part(peer, hub)]
        pairs = (
            pair
            for pair in _pairs(spaces)
            if not survey.peered(pair[0].vnet.id, pair[1].vnet.id)
        )
        for one, two in islice(pairs, MOST_TOLD):
            yield _through(survey, hub, one, two)
        if next(pairs, None):
            yield _more(survey, hub, spaces)


def _in_group(survey: Survey, group: Group) -> Iterator[Hit]:
    """VNets of one Virtual WAN that overlap: its hub does not show, and joins them."""
    for one, two in islice(_members(survey, group), MOST_TOLD):
        found = _overlap(survey, one, two, f"and both are in {group.name}", ())
        yield found._replace(sides=(*found.sides, Side(group)))


def _members(survey: Survey, group: Group) -> Iterator[tuple[Space, Space]]:
    """Ranges of members of a group that overlap and are not peered."""
    vnets = [survey.vnets[each] for each in group.members if each in survey.vnets]
    spaces = [Space(cidr, vnet) for vnet in vnets for cidr in vnet.prefixes]
    for one, two in _pairs(spaces):
        if not survey.peered(one.vnet.id, two.vnet.id):
            yield one, two


def _more(survey: Survey, hub: str, spaces: list[Space]) -> Hit:
    """That more pairs of a hub overlap than are told one by one, and whose."""
    middle = survey.vnets.get(hub)
    peerings = [each for peer in survey.peers[hub] for each in survey.peered(peer, hub)]
    return Hit(
        Severity.ERROR,
        Effect.REFUSED,
        (
            Side(middle or peerings[0]),
            *(Side(each.vnet, each.cidr) for each in _overlapping(spaces)),
        ),
        f"more than {MOST_TOLD:,} pairs of VNets that are peered with "
        f"{survey.name_of(hub)} overlap: the others are not told one by one",
        planned=any(each.origin.proposed for each in peerings),
    )


def _overlapping(spaces: list[Space]) -> Iterator[Space]:
    """Ranges that another one has too, covers or is covered by."""
    owners = Counter(each.cidr for each in spaces)
    met = {cidr for cidr, count in owners.items() if count > 1}
    for *outer, cidr in chains(owners):
        met |= {*outer, cidr} if outer else set()
    return (each for each in spaces if each.cidr in met)


def _pairs(spaces: Iterable[Space]) -> Iterator[tuple[Space, Space]]:
    """Ranges of different VNets that overlap, the larger of them first."""
    found: dict[Cidr, list[Space]] = defaultdict(list)
    for each in spaces:
        found[each.cidr].append(each)
    for *outer, cidr in chains(found):
        above = [space for each in outer for space in found[each]]
        for place, inner in enumerate(found[cidr]):
            for each in (*above, *found[cidr][:place]):
                if each.vnet.id != inner.vnet.id:
                    yield each, inner


def _through(survey: Survey, hub: str, one: Space, two: Space) -> Hit:
    """That two peers of a hub overlap."""
    middle = survey.vnets.get(hub)
    name = survey.called(middle) if middle else hub.rpartition("/")[2]
    peerings = [
        *survey.peered(one.vnet.id, hub),
        *survey.peered(two.vnet.id, hub),
    ]
    found = _overlap(survey, one, two, f"and both are peered with {name}", peerings)
    sides = (*found.sides, *((Side(middle),) if middle else ()))
    return found._replace(sides=sides)


def _overlap(
    survey: Survey, one: Space, two: Space, joined: str, peerings: Iterable[Peering]
) -> Hit:
    """That two ranges overlap whose VNets something joins."""
    names = [
        f"{survey.called(each.subnet or each.vnet)} {each.cidr}" for each in (one, two)
    ]
    return Hit(
        Severity.ERROR,
        Effect.REFUSED,
        tuple(Side(each.subnet or each.vnet, each.cidr) for each in (one, two)),
        f"{names[0]} and {names[1]} overlap, {joined}",
        ways_apart(survey, one, two, peerings),
        planned=any(each.origin.proposed for each in peerings),
    )


@rule(
    "https://learn.microsoft.com/azure/virtual-network-manager/"
    "concept-connectivity-configuration",
    Severity.NOTE,
)
def connected_group_overlap(survey: Survey) -> Iterator[Hit]:
    """A connected group of Network Manager allows overlap, and does not route it.

    Members of a mesh reach one another without peerings. Where their ranges overlap,
    the group is not refused, but traffic to the shared range goes nowhere.
    """
    for group in survey.inventory.groups:
        if group.kind != "network-manager":
            continue
        for one, two in _members(survey, group):
            names = [f"{survey.called(each.vnet)} {each.cidr}" for each in (one, two)]
            yield Hit(
                Severity.NOTE,
                Effect.WORKS_BUT,
                (Side(one.vnet, one.cidr), Side(two.vnet, two.cidr), Side(group)),
                f"{names[0]} and {names[1]} overlap in the connected group "
                f"{group.name}: they can't reach each other there",
            )


@rule(PEERING_OVERVIEW, Severity.WARNING)
def peering_not_connected(survey: Survey) -> Iterator[Hit]:
    """A peering carries traffic only when both of its sides are there and connected.

    A peering is two resources, one in each VNet. While only one side exists it is
    Initiated; when the other side or its VNet is deleted it is Disconnected. No traffic
    flows, but its range stays taken: a new peering that overlaps it is refused.
    """
    for peering in survey.inventory.peerings:
        if peering.state in {None, "Connected"} or peering.remote is None:
            continue
        ends = _ends(survey, peering)
        back = survey.sides.get((peering.remote, peering.vnet))
        yield Hit(
            Severity.WARNING,
            Effect.BREAKS_TRAFFIC,
            (Side(peering),),
            f"peering {ends} is {peering.state}: {_missing(survey, peering)}",
            () if back else _delete(survey, peering),
        )


def _ends(survey: Survey, peering: Peering) -> str:
    """From which VNet a peering leads to which."""
    names = (survey.name_of(each) for each in (peering.vnet, peering.remote or ""))
    return " to ".join(names)


def _missing(survey: Survey, peering: Peering) -> str:
    """What a peering that is not connected lacks."""
    remote = peering.remote or ""
    name = survey.name_of(remote)
    if (remote, peering.vnet) in survey.sides:
        return "no traffic flows; delete both sides and make them anew"
    if remote in survey.inventory.vnet_by_id and survey.vnets[remote].seen:
        return f"{name} has no peering back, so no traffic flows"
    space = ", ".join(map(str, peering.remote_prefixes)) or "unknown"
    return (
        f"no traffic flows, and the range {space} recorded of {name} stays taken; "
        f"{name} was not read"
    )


def _delete(survey: Survey, peering: Peering) -> Iterator[Remedy]:
    """Without the side that leads nowhere its range is free."""
    yield Remedy(
        f"delete the peering {peering.name} of {survey.name_of(peering.vnet)}, or make "
        "the side that is missing",
        (Change(peering.id, GONE),),
    )


@rule(PEERING_OVERVIEW, Severity.WARNING)
def peering_one_sided(survey: Survey) -> Iterator[Hit]:
    """A plan that peers two VNets makes the peering in both.

    A peering is two resources. With one of them nothing flows, and Azure shows it as
    Initiated.
    """
    for peering in survey.inventory.peerings:
        remote = survey.inventory.vnet_by_id.get(peering.remote or "")
        if peering.state is not None or remote is None or not remote.seen:
            continue
        open_ = any(each.remote is None for each in remote.peerings)
        if not open_ and (remote.id, peering.vnet) not in survey.sides:
            yield Hit(
                Severity.WARNING,
                Effect.BREAKS_TRAFFIC,
                (Side(peering),),
                f"{survey.name_of(peering.vnet)} is to be peered with "
                f"{survey.called(remote)}, and {survey.called(remote)} not with it",
                _peer_back(survey, peering, remote),
            )


def _peer_back(survey: Survey, peering: Peering, remote: VNet) -> Iterator[Remedy]:
    """The side that is missing."""
    name = survey.name_of(peering.vnet)
    back = f"{remote.id}/virtualnetworkpeerings/to-{name_of(peering.vnet)}"
    yield Remedy(
        f"peer {survey.called(remote)} with {name} too",
        (Change(back, "remote", peering.vnet),),
    )


@rule(CHANGE_SPACE, Severity.WARNING)
def peering_out_of_sync(survey: Survey) -> Iterator[Hit]:
    """After a change of address space every peering of the VNet has to be synced.

    Until then the other side routes to the ranges that it recorded at the last sync,
    and not to what was added since.
    """
    for peering in survey.inventory.peerings:
        remote = survey.inventory.vnet_by_id.get(peering.remote or "")
        known = remote.prefixes if remote and remote.seen else ()
        now = set(known or peering.remote_prefixes)
        then = set(peering.synced_prefixes)
        lost = peering.state == "Disconnected" or not peering.complete
        if lost or not then or not now or then == now:
            continue
        texts = [", ".join(map(str, sorted(each))) for each in (then, now)]
        name = survey.name_of(peering.remote or "")
        yield Hit(
            Severity.WARNING,
            Effect.BREAKS_TRAFFIC,
            (Side(peering),),
            f"{survey.name_of(peering.vnet)} recorded {texts[0]} of {name}, which has "
            f"{texts[1]} now",
            (_sync(survey, peering, now),),
        )


def _sync(survey: Survey, peering: Peering, now: set[Cidr]) -> Remedy:
    spaces = tuple(sorted(now))
    vnet = survey.inventory.vnet_by_id[peering.vnet]
    name, home, group = map(
        shlex.quote, (peering.name, vnet.name, vnet.resource_group or "")
    )
    return Remedy(
        f"sync it: az network vnet peering sync --resource-group={group} "
        f"--vnet-name={home} --name={name}",
        (
            Change(peering.id, "synced_prefixes", spaces),
            Change(peering.id, "remote_prefixes", spaces),
        ),
    )
