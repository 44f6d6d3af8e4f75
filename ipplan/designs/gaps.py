"""Gaps: everything that a report could not know, in one list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.checks.names import listed
from ipplan.counts import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.designs.decisions import Decision
    from ipplan.designs.egresses import SeenAs
    from ipplan.designs.permanences import Permanence
    from ipplan.designs.rooms import Room
    from ipplan.designs.studies import Study


def gaps(
    study: Study,
    decisions: Iterable[Decision],
    permanences: Iterable[Permanence],
    seen: Iterable[SeenAs],
    blanks: Iterable[str],
) -> tuple[str, ...]:
    """What could not be judged, each once.

    Parameters
    ----------
    study : Study
        A plan or an estate.
    decisions, permanences, seen : iterable
        What :mod:`ipplan.designs` found of it.
    blanks : iterable of str
        Why cells of the matrix are not known.
    """
    found = (
        *study.inventory.incomplete,
        *_unjudged(study),
        *(f"{each}{_MAY_COLLIDE}" for each in blanks),
        *_grouped((each.cluster, told) for each in seen for told in each.unknown),
        *(told for each in decisions for told in _silences(each)),
        *_grouped((e.what, "whether it can change") for e in permanences if _open(e)),
        *_grouped((e.name, "how much is in use") for e in study.rooms if _dim(e)),
    )
    return tuple(dict.fromkeys(found))


_MAY_COLLIDE = ": what is there may collide"


def _unjudged(study: Study) -> Iterator[str]:
    """What the rules could not see."""
    lacking = {
        subject.id
        for each in study.findings
        if each.rule == "layout-no-room"
        for subject in each.subjects
    }
    yield from _grouped(
        (each.what, "no room was found" if each.id in lacking else each.reason)
        for each in study.checkup.unknown
    )
    skipped = len(study.inventory.skipped)
    if skipped:
        yield f"{counted(skipped, 'object')} skipped"


def _grouped(told: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Those of which the same is not known in one line."""
    found: dict[str, list[str]] = {}
    for name, what in told:
        found.setdefault(what, []).append(name)
    return (f"{listed(names)}: {what}" for what, names in found.items())


def _silences(decision: Decision) -> Iterator[str]:
    """What is not known of the model that clusters have."""
    for each in decision.chosen.others if decision.chosen else ():
        if each.kind == "unknown":
            yield f"{listed(decision.names)}: {each.text}"


def _dim(each: Room) -> bool:
    """Whether neither Azure nor a plan says what is in a subnet that there is."""
    return bool(each.usable) and not each.stages and each.used is None


def _open(each: Permanence) -> bool:
    return each.change == "unknown"
