"""What a check found, as a plain document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.findings import Effect, Severity
from ipplan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipplan.checks.capacity.capacities import Capacity, Verdict
    from ipplan.checks.checkups import Checkup
    from ipplan.checks.unrelated import Unrelated
    from ipplan.contracts.checks import (
        CheckDocument,
        CheckFindingDocument,
        NotRelevantDocument,
        ReadDocument,
        RoomDocument,
        SummaryDocument,
        VerdictDocument,
    )
    from ipplan.findings import Accepted, Finding
    from ipplan.inventory.estates import Inventory

_ORDER = [each.value for each in Severity]
"""Severities, the worst first."""


def check_document(
    checkup: Checkup,
    accepted: Sequence[Accepted] = (),
    *,
    everything: bool = False,
) -> CheckDocument:
    """What a check found, as the document that ``ipplan check`` prints.

    Parameters
    ----------
    checkup : Checkup
        As :func:`ipplan.check` gives it.
    accepted : sequence of Accepted
        Findings that are not told again, nor what is left of those that group several
        subjects; one that has become worse since is told.
    everything : bool
        Whether overlaps that do not matter are listed rather than counted.

    Examples
    --------
    >>> from datetime import date
    >>> from ipplan import Inventory
    >>> from ipplan.checks.checkups import check
    >>> document = check_document(check(Inventory(), as_of=date(2026, 11, 1)))
    >>> document["as_of"], document["summary"]
    ('2026-11-01', {'error': 0, 'warning': 0, 'note': 0})
    """
    inventory = checkup.inventory
    known: dict[str, list[Accepted]] = {}
    for each in accepted:
        known.setdefault(each.rule, []).append(each)
    told = [e for e in checkup.findings if not _accepted(e, known.get(e.rule, []))]
    return {
        "kind": "ipplan.check",
        "version": __version__,
        "as_of": checkup.as_of.isoformat(),
        "complete": inventory.complete,
        "summary": summary_document(told),
        "accepted": len(checkup.findings) - len(told),
        "inventory": read_document(inventory),
        "findings": [finding_document(each) for each in told],
        "capacity": [_room(each) for each in checkup.capacities],
        "unknown": [{"what": e.what, "why": e.why} for e in checkup.unknown],
        "not_relevant": _not_relevant(checkup.unrelated, everything=everything),
        "skipped": [
            {"where": each.where, "reason": each.reason, "broken": each.broken}
            for each in inventory.skipped
        ],
        "incomplete": list(inventory.incomplete),
        "untried": checkup.untried,
    }


def _accepted(finding: Finding, accepted: list[Accepted]) -> bool:
    """Whether it is in the baseline, whole or as part of a group, and no worse."""
    order = _ORDER.index(finding.severity.value)
    subjects = {(each.id or each.name, each.cidr) for each in finding.subjects}
    return any(
        (finding.fingerprint == each.fingerprint or subjects < each.subjects)
        and order >= _ORDER.index(each.severity)
        for each in accepted
    )


def summary_document(findings: Sequence[Finding]) -> SummaryDocument:
    """How many findings there are of each severity.

    Examples
    --------
    >>> summary_document([])
    {'error': 0, 'warning': 0, 'note': 0}
    """
    severities = [each.severity for each in findings]
    return {
        "error": severities.count(Severity.ERROR),
        "warning": severities.count(Severity.WARNING),
        "note": severities.count(Severity.NOTE),
    }


def read_document(inventory: Inventory) -> ReadDocument:
    """How much was read.

    Examples
    --------
    >>> from ipplan import Inventory
    >>> read_document(Inventory())["clusters"]
    0
    """
    return {
        "vnets": sum(each.seen for each in inventory.vnets),
        "subnets": sum(len(each.subnets) for each in inventory.vnets),
        "peerings": sum(len(each.peerings) for each in inventory.vnets),
        "clusters": sum(each.seen for each in inventory.clusters),
        "external_ranges": len(inventory.external_ranges),
        "subscriptions": len(inventory.coverage.seen),
        "subscriptions_not_seen": len(inventory.coverage.named),
    }


def finding_document(finding: Finding) -> CheckFindingDocument:
    """A finding as a plain document."""
    place = finding.location
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "effect": (finding.effect or Effect.INFORMATION).value,
        "message": finding.message,
        "subjects": [
            {
                "kind": each.kind,
                "name": each.name,
                "id": each.id or None,
                "cidr": each.cidr or None,
            }
            for each in finding.subjects
        ],
        "source": finding.source,
        "fix": finding.fix or None,
        "fingerprint": finding.fingerprint,
        "location": place
        and {"file": place.file, "path": place.path, "line": place.line},
    }


def _not_relevant(unrelated: Unrelated, *, everything: bool) -> NotRelevantDocument:
    return {
        "overlaps": unrelated.overlaps,
        "ranges": [
            {"cidr": str(each.cidr), "names": list(each.names)}
            for each in (unrelated.ranges if everything else ())
        ],
    }


def _room(capacity: Capacity) -> RoomDocument:
    return {
        "name": capacity.name,
        "id": capacity.noun.id,
        "cidrs": [str(each) for each in capacity.cidrs],
        "kind": capacity.kind,
        "room": capacity.room,
        "clusters": list(capacity.clusters),
        "create": _verdict(capacity.create),
        "maximum": _verdict(capacity.maximum),
        "upgrade": _verdict(capacity.upgrade),
        "one_pool": _verdict(capacity.one_pool),
        "rotation": _verdict(capacity.rotation),
        "held": _verdict(capacity.held),
        "nodes_left": capacity.nodes_left,
        "observed": capacity.observed,
        "observed_fits": capacity.observed_fits,
        "unknown": list(capacity.unknown),
    }


def _verdict(verdict: Verdict) -> VerdictDocument:
    return {
        "need": verdict.need,
        "fits": verdict.fits,
        "least": verdict.least,
        "least_fits": verdict.least_fits,
    }
