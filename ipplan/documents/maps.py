"""The map of a plan or an estate as a plain document: what a picture shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.counts import counted
from ipplan.designs.rooms import NO_ROOM, no_range
from ipplan.documents.joints import (
    link_documents,
    owned_ranges,
    peering_documents,
    range_documents,
)
from ipplan.documents.marks import Marks, mark_documents
from ipplan.documents.plots import in_subnets, network_document
from ipplan.findings import Severity
from ipplan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ipplan.contracts.maps import MapDocument, MapTotalsDocument
    from ipplan.designs.networks import Network
    from ipplan.designs.studies import Study
    from ipplan.documents.joints import Owned
    from ipplan.documents.marks import Place
    from ipplan.inventory.networks import Subnet, VNet


def map_document(study: Study, given: Mapping[str, Any] | None = None) -> MapDocument:
    """The map of a study, as the document that ``ipplan map`` draws.

    Parameters
    ----------
    study : Study
        A plan or an estate.
    given : mapping of str to object
        The files and options that were given.

    Examples
    --------
    >>> from datetime import date
    >>> from ipplan import Inventory
    >>> from ipplan.designs.studies import study
    >>> document = map_document(study(Inventory(), "nothing", as_of=date(2026, 11, 28)))
    >>> document["title"], document["totals"]["networks"]
    ('nothing', 0)
    """
    found, owned = study.networks, tuple(owned_ranges(study))
    shown = {each.vnet.id for each in found}
    findings = study.worst
    marks = Marks(study, findings, set(_places(study, found, shown, owned)))
    subnets = {each.id: each for each in study.rooms if each.is_subnet}
    pods = {each.id: each for each in study.rooms if not each.is_subnet}
    peerings = peering_documents(study, shown, marks)
    called = study.survey.called
    return {
        "kind": "ipplan.map",
        "version": __version__,
        "as_of": study.checkup.as_of.isoformat(),
        "input": dict(given or {}),
        "title": study.title,
        "proposed": study.is_plan,
        "complete": study.inventory.complete,
        "totals": _totals(study, found, len(peerings)),
        "networks": [
            network_document(
                each, subnets, map(called, study.survey.in_vnet(each.vnet.id)), marks
            )
            for each in found
        ],
        "peerings": peerings,
        "links": link_documents(study, shown),
        "ranges": range_documents(owned, pods, marks),
        "marks": mark_documents(findings),
        "notes": sum(each.severity is Severity.NOTE for each in study.findings),
        "unknown": [*_unseen(study), *_without_space(study, found), *_unread(study)],
    }


def _places(
    study: Study,
    found: Sequence[Network],
    shown: set[str],
    owned: Sequence[Owned],
) -> Iterator[Place]:
    """Everything in the map that a finding can sit on."""
    for vnet in (each.vnet for each in found):
        yield vnet.id, ""
        yield from ((vnet.id, str(cidr)) for cidr in vnet.prefixes)
        for subnet in vnet.subnets:
            for cidr in subnet.prefixes:
                yield from ((subnet.id, text) for text in (str(cidr), ""))
    for pair, side in study.survey.sides.items():
        if shown.issuperset(pair):
            yield side.id, ""
    for one in owned:
        yield one.owner, str(one.cidr)
        if one.use == "on-premises":
            yield one.owner, ""


def _totals(study: Study, found: Sequence[Network], pairs: int) -> MapTotalsDocument:
    counts = [in_subnets(each.vnet) for each in found]
    return {
        "networks": len(found),
        "subnets": sum(len(each.vnet.subnets) for each in found),
        "clusters": len(study.clusters),
        "peerings": pairs,
        "addresses": sum(addresses for addresses, _ in counts),
        "in_subnets": sum(taken for _, taken in counts),
    }


# What is not on the map.


def _unseen(study: Study) -> Iterator[str]:
    """VNets that something names, and whose address space nothing says."""
    for each in study.inventory.unseen:
        if each.id in study.about and each.id not in study.survey.vnets:
            name = study.survey.name_of(each.id)
            why = "it was not read, and nothing says its address space"
            if each.is_hidden_hub:
                why = "Azure shows nobody the VNet of a Virtual WAN hub"
            yield f"VNet {name}: {why}"


def _without_space(study: Study, found: Sequence[Network]) -> Iterator[str]:
    """VNets and subnets that have no range: for want of room, or that is not known."""
    lost = {e.want.network for e in study.wants.values()} | study.wants.keys()
    for network in found:
        named: list[tuple[VNet | Subnet, str]] = [
            (network.vnet, f"VNet {network.name}")
        ]
        named += [
            (each, f"subnet {network.name}/{each.name}")
            for each in network.vnet.subnets
        ]
        for noun, name in named:
            if not noun.prefixes:
                why = NO_ROOM if noun.id in lost else no_range(noun.requested)
                yield f"{name}: {why}"


def _unread(study: Study) -> Iterator[str]:
    """What the files say that they leave out, and what could not be read of them."""
    yield from study.inventory.incomplete
    broken = sum(each.broken for each in study.inventory.skipped)
    if broken:
        yield f"{counted(broken, 'object')} that could not be read"
