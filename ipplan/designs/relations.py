"""What every range has to do with all that is around it: the rows of a matrix.

What matters is what ``ipplan check`` found; here stands which column each of its rules
on ranges speaks of. What no rule minds comes from :mod:`ipplan.designs.reuses`, and
what can't be known from :mod:`ipplan.designs.horizons`.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from ipplan.checks.choices import FORBIDDEN, MULTICAST, RESERVED
from ipplan.checks.names import listed
from ipplan.checks.overlap.ranges import pod_ranges, service_ranges
from ipplan.cidrs import Cidr
from ipplan.counts import counted
from ipplan.designs.cells import (
    AGGREGATE,
    APART,
    CLEAR,
    KEPT,
    ON_PREMISES,
    OTHERS,
    OWN_RANGES,
    OWN_SPACE,
    OWN_SUBNETS,
    PUBLIC,
    REACHED,
    RELATIONS,
    Cell,
    Owned,
    Row,
)
from ipplan.designs.horizons import Horizon
from ipplan.designs.reuses import Reuses, reuse_of
from ipplan.findings import Effect
from ipplan.inventory.origins import parent_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.checks.overlap.ranges import Range
    from ipplan.designs.cells import Kind, Reuse, Verdict
    from ipplan.designs.studies import Study
    from ipplan.findings import Finding, Subject

MESH = "pod-mesh-overlap"
"""The rule whose clusters may have their pods in a VNet."""

TELLS: dict[str, dict[Kind, str]] = {
    "vnet-ranges-overlap": {"vnet": OWN_SPACE},
    "vnet-range-forbidden": {"vnet": KEPT},
    "peered-vnets-overlap": {"vnet": REACHED},
    "vnet-second-hop-overlap": {"vnet": REACHED},
    "connected-group-overlap": {"vnet": REACHED},
    "pod-cidr-meets-subnet": {"pods": OWN_SUBNETS, "vnet": OWN_RANGES},
    "pod-cidr-in-vnet": {"pods": OWN_SPACE, "vnet": OWN_RANGES},
    "pod-cidr-meets-reachable-network": {"pods": REACHED, "vnet": OTHERS},
    "pod-cidr-meets-on-premises": {"pods": ON_PREMISES},
    "pod-cidr-meets-service-cidr": {"pods": OWN_RANGES, "services": OWN_RANGES},
    "pod-cidr-reserved": {"pods": KEPT},
    "pod-cidr-public": {"pods": PUBLIC},
    "pod-cidr-shared": {"pods": OTHERS},
    MESH: {"pods": OTHERS, "vnet": OTHERS},
    "service-cidr-reserved": {"services": KEPT},
    "service-cidr-public": {"services": PUBLIC},
    "service-cidr-meets-subnet": {"services": OWN_SUBNETS, "vnet": OWN_RANGES},
    "service-cidr-in-vnet": {"services": OWN_SPACE, "vnet": OWN_RANGES},
    "service-cidr-meets-reachable-network": {"services": REACHED, "vnet": OTHERS},
    "service-cidr-meets-on-premises": {"services": ON_PREMISES},
    "vnet-meets-on-premises": {"vnet": ON_PREMISES},
    AGGREGATE: {"vnet": ON_PREMISES, "pods": ON_PREMISES, "services": ON_PREMISES},
    "cluster-vnet-reserved": {"vnet": KEPT},
    "vnet-public-range": {"vnet": PUBLIC},
    "layout-networks-overlap": {"vnet": APART},
}
"""The column that a rule speaks of, by whose range it is."""

EFFECTS: dict[Effect, Verdict] = {
    Effect.REFUSED: "refused",
    Effect.NEXT_CHANGE_REFUSED: "refused",
    Effect.BREAKS_TRAFFIC: "breaks",
    Effect.WORKS_BUT: "allowed",
    Effect.INFORMATION: "allowed",
}
"""What a column says, by what happens, the worst first."""

MOST_LISTED = 60
"""Ranges of VNets without clusters and conflicts that have a row each."""


def relations(study: Study) -> tuple[Row, ...]:
    """The rows of the matrix: VNets, then pod CIDRs and service CIDRs, by address.

    Clusters of one range and one outcome share a row. Of a large estate, VNets without
    clusters and conflicts share one for each outcome.

    Parameters
    ----------
    study : Study
        What it is about.

    Examples
    --------
    >>> from datetime import date
    >>> from ipplan import Cidr, Inventory, VNet
    >>> from ipplan.designs.studies import study
    >>> home = "/subscriptions/s/resourcegroups/g/providers/microsoft.network"
    >>> vnet = VNet(f"{home}/virtualnetworks/hub", "hub", (Cidr.parse("10.0.0.0/16"),))
    >>> found = study(Inventory((vnet,)), "estate", as_of=date(2026, 11, 28))
    >>> [(str(row.cidr), row.cells[0].verdict) for row in relations(found)]
    [('10.0.0.0/16', 'n/a')]
    """
    matrix = _Matrix(study)
    spaces = [(each, matrix.cells(each)) for each in _spaces(study)]
    ranges = [(each, matrix.cells(each)) for each in _ranges(study)]
    return (*_of_vnets(study, spaces), *_together(study, ranges))


def _spaces(study: Study) -> Iterator[Owned]:
    """The ranges of VNets."""
    for vnet in study.vnets:
        name = study.survey.called(vnet)
        for cidr in vnet.prefixes:
            yield Owned(cidr, "vnet", vnet.id, name, (vnet.id,))


def _ranges(study: Study) -> Iterator[Owned]:
    """The pod CIDRs and service CIDRs of clusters."""
    own = {each.id for each in study.clusters}
    every = (*pod_ranges(study.survey), *service_ranges(study.survey))
    return (_owned(study, each) for each in every if each.cluster.id in own)


def _owned(study: Study, each: Range) -> Owned:
    kind: Kind = "pods" if each.field == "pod_cidrs" else "services"
    homes = study.survey.homes(each.cluster)
    name = study.survey.called(each.cluster)
    return Owned(each.cidr, kind, each.cluster.id, name, homes)


Told = tuple[Owned, tuple[Cell, ...]]


def _together(study: Study, told: Iterable[Told]) -> Iterator[Row]:
    """Those of one range and one outcome in one row, by kind and address."""
    found: dict[tuple[Kind, Cidr, tuple[Cell, ...], Reuse], dict[str, None]] = {}
    for each, cells in told:
        reuse = reuse_of(study.survey, each, cells[RELATIONS.index(OTHERS)])
        owners = found.setdefault((each.kind, each.cidr, cells, reuse), {})
        owners[each.name] = None
    for key in sorted(found, key=lambda key: key[:2]):
        kind, cidr, cells, reuse = key
        yield Row(cidr, kind, tuple(found[key]), cells, reuse)


def _of_vnets(study: Study, told: list[Told]) -> Iterator[Row]:
    """A row for each range; of many VNets that have nothing to tell, one for all."""
    quiet = [each for each in told if not _matters(study, *each)]
    if len(quiet) <= MOST_LISTED:
        yield from _together(study, told)
        return
    yield from _together(study, (each for each in told if _matters(study, *each)))
    counts: dict[tuple[Verdict, ...], set[str]] = defaultdict(set)
    for each, cells in quiet:
        verdicts: tuple[Verdict, ...] = tuple(cell.verdict for cell in cells)
        counts[verdicts].add(each.id)
    for outcome, ids in counts.items():
        words = counted(len(ids), "more VNet")
        yield Row(None, "vnet", (words,), tuple(Cell(each) for each in outcome))


def _matters(study: Study, each: Owned, cells: tuple[Cell, ...]) -> bool:
    """Whether a VNet has clusters, or a range of it a conflict."""
    conflict = any(cell.verdict in {"refused", "breaks"} for cell in cells)
    return conflict or next(study.survey.in_vnet(each.id), None) is not None


class _Matrix:
    """Cells by what was found, what no rule minds, and what can't be known."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._reuses = Reuses(study.survey)
        self._horizon = Horizon(study.survey)

    def cells(self, each: Owned) -> tuple[Cell, ...]:
        """A cell for each column: the worst that was found, else what is there."""
        told = self._told(each)
        return tuple(
            _found(each, name, told[name])
            if name in told
            else self._reuses.cell(each, name)
            or self._horizon.cell(each, name)
            or CLEAR
            for name in RELATIONS
        )

    def _told(self, each: Owned) -> dict[str, list[Finding]]:
        """Findings on a range, by column."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for subject, finding in self._findings.get((each.kind, each.id), ()):
            if _is_about(subject, each):
                found[TELLS[finding.rule][each.kind]].append(finding)
        return found

    @cached_property
    def _findings(self) -> dict[tuple[Kind, str], list[tuple[Subject, Finding]]]:
        """Findings by whose ranges they are on, each with that subject of it."""
        found: dict[tuple[Kind, str], list[tuple[Subject, Finding]]] = defaultdict(list)
        for each in (*self._study.findings, *self._study.others):
            for kind in TELLS.get(each.rule, {}):
                for subject in filter(_has_range, each.subjects):
                    for identity in self._owners(kind, subject, each):
                        found[kind, identity].append((subject, each))
        return found

    def _owners(self, kind: Kind, subject: Subject, told: Finding) -> tuple[str, ...]:
        """Ids of those that a subject's range is of: VNets, or a cluster."""
        if kind != "vnet":
            return (subject.id,) if subject.kind == "cluster" else ()
        if subject.kind != "cluster":
            return (_place(subject),)
        cluster = self._study.survey.cluster_by_id.get(subject.id)
        return (
            self._study.survey.homes(cluster) if told.rule == MESH and cluster else ()
        )


def _is_about(subject: Subject, each: Owned) -> bool:
    """Whether a finding on a cluster's range is on this one, or lies in this VNet's."""
    if each.kind != "vnet":
        return subject.cidr == str(each.cidr)
    return Cidr.parse(subject.cidr).overlaps(each.cidr)


def _has_range(subject: Subject) -> bool:
    return bool(subject.cidr)


def _place(subject: Subject) -> str:
    """Id of the VNet of a subnet, or of the subject itself."""
    return parent_of(subject.id) or subject.id


def _found(each: Owned, relation: str, told: list[Finding]) -> Cell:
    """What findings on a range say in one column."""
    effects = {finding.effect for finding in told}
    verdict: Verdict = next(EFFECTS[each] for each in EFFECTS if each in effects)
    others = dict.fromkeys(
        f"{subject.name} {subject.cidr}"
        for finding in told
        for subject in filter(_has_range, finding.subjects)
        if not _is_own(subject, each)
    )
    text = listed(others) or _alone(each.cidr, relation) or told[0].message
    return Cell(verdict, text, tuple(dict.fromkeys(one.rule for one in told)))


def _is_own(subject: Subject, each: Owned) -> bool:
    """Whether a subject is the range itself, or a part of it."""
    if each.kind == "vnet":
        return _place(subject) == each.id
    return subject.id == each.id and subject.cidr == str(each.cidr)


def _alone(cidr: Cidr, relation: str) -> str:
    """What a range meets that is nobody's."""
    if relation == KEPT:
        kept = dict.fromkeys((*RESERVED, *FORBIDDEN))
        return listed(each for each in kept if each.overlaps(cidr))
    if relation == PUBLIC:
        multicast = any(each.overlaps(cidr) for each in MULTICAST)
        return "multicast addresses" if multicast else "public addresses"
    return ""
