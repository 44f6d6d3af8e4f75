"""Marks: findings by number, and the ranges, networks and peerings that they are on."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ipplan.findings import Effect
from ipplan.inventory.origins import parent_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ipplan.contracts.maps import MapMarkDocument
    from ipplan.designs.studies import Study
    from ipplan.findings import Finding, Subject


def mark_documents(findings: Iterable[Finding]) -> list[MapMarkDocument]:
    """Findings with their numbers from 1, in the order that they come in.

    Examples
    --------
    >>> mark_documents([])
    []
    """
    return [
        {
            "number": number,
            "severity": each.severity.value,
            "effect": (each.effect or Effect.INFORMATION).value,
            "rule": each.rule,
            "message": each.message,
            "fix": each.fix or None,
            "source": each.source,
        }
        for number, each in enumerate(findings, 1)
    ]


Place = tuple[str, str]
"""A range of something, by its id and as text; the thing as a whole by no range."""


class Marks:
    """Where findings sit: on the very range that one names, else on what it is about.

    Parameters
    ----------
    study : Study
        What they were found in.
    findings : iterable of Finding
        In the order of their numbers.
    places : collection of tuple of str and str
        What is shown: ranges, and VNets, subnets, peerings and networks elsewhere as
        a whole.

    Notes
    -----
    What is about something in a VNet that is not shown by itself sits on the VNet, and
    what is about clusters and nothing that is shown, on theirs, or on their pod and
    service CIDRs. The rest sits nowhere.
    """

    def __init__(
        self, study: Study, findings: Iterable[Finding], places: Collection[Place]
    ) -> None:
        self._survey, self._shown = study.survey, places
        self._clusters = study.survey.cluster_by_id.keys()
        self._found: dict[Place, list[int]] = defaultdict(list)
        for number, each in enumerate(findings, 1):
            for place in self._places(each):
                self._found[place].append(number)

    def at(self, *places: Place) -> list[int]:
        """Numbers of the findings that sit on any of some places."""
        return sorted({n for each in places for n in self._found.get(each, ())})

    def _places(self, finding: Finding) -> set[Place]:
        found = {place for each in finding.subjects for place in self._place(each)}
        clusters = {each.id for each in finding.subjects} & self._clusters
        return found or {place for each in clusters for place in self._home(each)}

    def _home(self, cluster: str) -> Iterable[Place]:
        """The VNets of a cluster, or where none is shown its own ranges."""
        homes = [(each, "") for each in self._survey.homes_of([cluster])]
        return [each for each in homes if each in self._shown] or [(cluster, "")]

    def _place(self, subject: Subject) -> Iterable[Place]:
        """The range that is named, else the noun, else the VNet that it is in."""
        name = subject.name if subject.kind == "external-range" else ""
        identity = subject.id or name
        ways = (identity, subject.cidr), (identity, ""), (parent_of(identity), "")
        return [each for each in ways if each in self._shown][:1]
