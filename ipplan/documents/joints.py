"""Joints: what joins the VNets of a map, and the ranges that stand beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from ipplan.checks.overlap.ranges import pod_ranges, service_ranges
from ipplan.cidrs import IPV4
from ipplan.documents.plots import fill_document

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from ipplan.checks.overlap.ranges import Range
    from ipplan.cidrs import Cidr
    from ipplan.contracts.maps import (
        MapLinkDocument,
        MapPeeringDocument,
        MapRangeDocument,
    )
    from ipplan.designs.rooms import Room
    from ipplan.designs.studies import Study
    from ipplan.documents.marks import Marks
    from ipplan.inventory.externals import ExternalRange
    from ipplan.inventory.networks import Peering

Use = Literal["pods", "services", "on-premises"]

USES: tuple[Use, ...] = ("pods", "services", "on-premises")
"""Whose a range beside the VNets can be, in the order in which they are told."""


class Owned(NamedTuple):
    """A range that no subnet has, and whose it is.

    Parameters
    ----------
    use : {"pods", "services", "on-premises"}
        What it is for.
    cidr : Cidr
        The range.
    owner, name : str
        Id of the cluster, or the name where there is none; and the name.
    """

    use: Use
    cidr: Cidr
    owner: str
    name: str


def peering_documents(
    study: Study, shown: Collection[str], marks: Marks
) -> list[MapPeeringDocument]:
    """The peered pairs of the VNets that are shown, by their ids."""
    survey = study.survey
    pairs = sorted({(min(pair), max(pair)) for pair in survey.sides})
    return [
        _peering(study, pair, survey.peered(*pair), marks)
        for pair in pairs
        if pair[0] in shown and pair[1] in shown
    ]


def _peering(
    study: Study, pair: tuple[str, str], sides: Sequence[Peering], marks: Marks
) -> MapPeeringDocument:
    read = all(study.survey.vnets[each].seen for each in pair)
    return {
        "networks": list(pair),
        "state": _state(sides),
        "one_sided": read and len(sides) == 1,
        "gateway": any(each.remote_gateways for each in sides),
        "forwarded": any(each.forwarded_traffic for each in sides),
        "marks": marks.at(*((each.id, "") for each in sides)),
    }


def _state(sides: Sequence[Peering]) -> Literal["connected", "planned", "broken"]:
    """Broken where a side says so; planned where none says that it is there."""
    if not all(each.effective for each in sides):
        return "broken"
    return "connected" if any(each.state for each in sides) else "planned"


def link_documents(study: Study, shown: Collection[str]) -> list[MapLinkDocument]:
    """What joins VNets that are shown, other than a peering of their own."""
    found: list[MapLinkDocument] = []
    for each in study.inventory.reach.links:
        joined = [one for one in each.networks if one in shown]
        if each.way != "peering" and joined:
            through = each.through or ""
            found.append({"way": each.way, "through": through, "networks": joined})
    return found


def owned_ranges(study: Study) -> Iterator[Owned]:
    """The pod and service CIDRs of a study's clusters, and networks elsewhere.

    A pod CIDR counts where the model of its cluster has its pods live in one.
    """
    ours = {each.id for each in study.clusters}
    pods, services = pod_ranges(study.survey), service_ranges(study.survey)
    uses: tuple[tuple[Use, Iterable[Range]], ...]
    uses = ("pods", pods), ("services", services)
    for use, found in uses:
        for each in found:
            if each.cluster.id in ours:
                name = study.survey.called(each.cluster)
                yield Owned(use, each.cidr, each.cluster.id, name)
    for one in _elsewhere(study):
        for cidr in one.prefixes:
            yield Owned("on-premises", cidr, one.name, one.name)


def _elsewhere(study: Study) -> Iterable[ExternalRange]:
    """Networks elsewhere: of a plan, those that its VNets reach."""
    if not study.is_plan:
        return study.inventory.external_ranges
    reached = (study.inventory.external_ranges_of(each) for each in sorted(study.about))
    return dict.fromkeys(one for each in reached for one in each)


def range_documents(
    owned: Sequence[Owned], rooms: Mapping[str, Room], marks: Marks
) -> list[MapRangeDocument]:
    """Each range once, with all whose it is; by use, then by address.

    Parameters
    ----------
    owned : sequence of Owned
        As :func:`owned_ranges` gives them.
    rooms : mapping of str to Room
        Pod CIDRs by the ids of their clusters.
    marks : Marks
        Where findings sit.
    """
    found: dict[tuple[int, Cidr], dict[str, str]] = {}
    for each in owned:
        key = USES.index(each.use), each.cidr
        found.setdefault(key, {})[each.owner] = each.name
    return [
        _range(USES[use], cidr, found[use, cidr], rooms, marks)
        for use, cidr in sorted(found)
    ]


def _range(
    use: Use,
    cidr: Cidr,
    owners: Mapping[str, str],
    rooms: Mapping[str, Room],
    marks: Marks,
) -> MapRangeDocument:
    places = [(each, text) for each in owners for text in (str(cidr), "")]
    room = rooms.get(next(iter(owners))) if use == "pods" and len(owners) == 1 else None
    return {
        "cidr": str(cidr),
        "addresses": cidr.size,
        "use": use,
        "owners": list(owners.values()),
        "owner_ids": list(owners),
        "reused": len(owners) > 1,
        "fill": fill_document(room) if room and cidr.version == IPV4 else None,
        "marks": marks.at(*places),
    }
