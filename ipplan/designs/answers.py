"""The questions that everybody asks, answered in a line or two."""

from __future__ import annotations

from collections import Counter
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, NamedTuple

from ipplan.counts import counted
from ipplan.designs.sentences import shortly
from ipplan.findings import Severity
from ipplan.layouts.rules import RULES as LAYOUT_RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipplan.designs.decisions import Decision
    from ipplan.designs.margins import Margin
    from ipplan.designs.permanences import Permanence
    from ipplan.designs.studies import Study
    from ipplan.findings import Finding

State = Literal["good", "bad", "warn", "unknown", "plain"]

MOST = 3
"""The worst few that an answer names."""


FEW = 2
"""Values of one kind that an answer names."""


class Answer(NamedTuple):
    """A question and its answer.

    Parameters
    ----------
    question, answer : str
        As they are asked and told, with numbers.
    state : {"good", "bad", "warn", "unknown", "plain"}
        How it is shown.
    """

    question: str
    answer: str
    state: State


def answers(
    study: Study,
    decisions: Sequence[Decision],
    margins: Sequence[Margin],
    permanences: Sequence[Permanence],
    gaps: Sequence[str],
) -> tuple[Answer, ...]:
    """Which model, how many nodes are left, what stays, what to fix, what is unknown.

    Parameters
    ----------
    study : Study
        A plan or an estate.
    decisions, margins, permanences : sequence
        What :mod:`ipplan.designs` found of it.
    gaps : sequence of str
        What is not known, as :func:`ipplan.designs.gaps.gaps` lists it.
    """
    return (
        _which(decisions),
        _left(margins),
        _lasting(permanences),
        _first(study, margins),
        _unknown(gaps),
    )


_WORST: tuple[State, ...] = ("bad", "warn", "unknown", "good")


def _which(decisions: Sequence[Decision]) -> Answer:
    """The decision where there is one; of many how many, and the worst of them."""
    question = "Which network model, and why not the others?"
    if not decisions:
        return Answer(question, "There are no clusters.", "plain")
    worst = min(decisions, key=lambda each: _WORST.index(_state(each)))
    told = shortly(worst)
    if len(decisions) > 1:
        told = f"{_counted(decisions)}. {told}"
    return Answer(question, told, _state(worst))


def _state(decision: Decision) -> State:
    chosen = decision.chosen
    if chosen is None:
        return "unknown"
    if chosen.killed_by or chosen.feasible is False:
        return "bad"
    if chosen.retiring:
        return "warn"
    unknown = any(each.kind == "unknown" for each in chosen.others)
    return "unknown" if unknown or not chosen.feasible else "good"


def _counted(decisions: Sequence[Decision]) -> str:
    """How many clusters have which model."""
    counts: Counter[str] = Counter()
    for each in decisions:
        title = each.chosen.model.title if each.chosen else "a model that is not known"
        counts[title] += len(each.clusters)
    total = counted(sum(counts.values()), "cluster")
    told = (f"{count:,} with {title}" for title, count in counts.most_common())
    return f"{total}: {', '.join(told)}"


def _left(margins: Sequence[Margin]) -> Answer:
    """The tightest range of each cluster, of many the worst few."""
    question = "How many nodes are left?"
    if not margins:
        return Answer(question, "There are no clusters.", "plain")
    known = [each for each in margins if each.nodes is not None]
    told = "; ".join(map(_margin, (known or margins)[:MOST]))
    more = len(known or margins) - MOST
    told += (
        f"; {counted(more, 'cluster')} more with as many or more" if more > 0 else ""
    )
    unknown = len(margins) - len(known)
    if known and unknown:
        told += f"; of {counted(unknown, 'cluster')} it is not known"
    least = known[0].nodes if known else None
    if least is None:
        return Answer(question, f"{told}.", "unknown")
    return Answer(question, f"{told}.", "bad" if least < 0 else _some(least))


def _some(nodes: int) -> State:
    return "good" if nodes else "warn"


def _margin(margin: Margin) -> str:
    if margin.nodes is None:
        return f"{margin.cluster}: not known, as {margin.binds}"
    if margin.nodes < 0:
        few = counted(-margin.nodes, "node")
        return f"{margin.cluster}: {few} too many, as {margin.binds}"
    many = counted(margin.nodes, "node")
    return f"{margin.cluster}: {many} more in any one pool, until {margin.binds}"


def _lasting(permanences: Sequence[Permanence]) -> Answer:
    """What stays for good, then what takes something new in its place."""
    question = "What can't be changed later?"
    fixed = [each for each in permanences if each.change in {"never", "one-way"}]
    rebuilt = [each for each in permanences if each.change == "rebuild"]
    unknown = [each for each in permanences if each.change == "unknown"]
    if not fixed and not rebuilt and not unknown:
        return Answer(question, "Nothing that was read is fixed.", "plain")
    parts = [
        f"{label}: {'; '.join(_named(some))}."
        for label, some in (
            ("Fixed for good, or with one way out", fixed),
            ("Only by a new pool or subnet", rebuilt),
            ("Not known whether", unknown),
        )
        if some
    ]
    return Answer(question, " ".join(parts), "plain")


def _named(permanences: Sequence[Permanence]) -> list[str]:
    """Each kind with its values, or how many it has where they are more than a few."""
    kinds: dict[str, list[str]] = {}
    for each in permanences:
        kinds.setdefault(each.kind, []).append(each.value)
    return [
        f"{kind} {' and '.join(values)}"
        if len(values) <= FEW
        else _many(kind, len(values))
        for kind, values in kinds.items()
    ]


def _many(kind: str, count: int) -> str:
    """How many values there are of a kind, in the plural."""
    if kind.endswith("s"):
        return f"{count:,} values of {kind}"
    return counted(count, kind)


def _first(study: Study, margins: Sequence[Margin]) -> Answer:
    """The worst finding with its way out; where there is none, what to watch."""
    question = "What is to be fixed first?"
    worse = _distinct(study.worst)
    if worse:
        first = _foremost(worse)
        fix = f" Fix: {first.fix}." if first.fix else " No fix was found that holds."
        more = len(worse) - 1
        rest = f" {counted(more, 'finding')} more." if more else ""
        bad = first.severity is Severity.ERROR
        return Answer(
            question, f"{first.message}.{fix}{rest}", "bad" if bad else "warn"
        )
    known = [each for each in margins if each.nodes is not None]
    watch = f" Watch {_margin(known[0])}." if known else ""
    told = f"Nothing: no error and no warning.{watch}{_fullest(study)}"
    return Answer(question, told, "good")


def _fullest(study: Study) -> str:
    """The subnet of which the least part is free, whatever lives in it."""
    rooms = (
        (each.free / each.usable, each)
        for each in study.rooms
        if each.is_subnet and each.stages and each.usable and each.free is not None
    )
    found = min(rooms, key=itemgetter(0), default=None)
    if found is None:
        return ""
    _, room = found
    ranges = ", ".join(map(str, room.cidrs))
    left = f"{room.free:,} of {room.usable:,} free"
    return f" The fullest subnet is {room.name} {ranges}: {left}."


_OF_LAYOUTS = frozenset(each.name for each in LAYOUT_RULES)
"""Ids of the rules on plans."""


def _distinct(worst: Sequence[Finding]) -> list[Finding]:
    """All but subnets too short of which the rules on clusters tell as well."""
    covered = {
        subject.id
        for each in worst
        if each.rule not in _OF_LAYOUTS
        for subject in each.subjects
    }
    return [
        each
        for each in worst
        if each.rule != "layout-subnet-short"
        or not covered & {subject.id for subject in each.subjects}
    ]


def _foremost(worst: Sequence[Finding]) -> Finding:
    """The first, or one that is as bad and has a way out."""
    first = worst[0]
    peers = (
        e for e in worst if (e.effect, e.severity) == (first.effect, first.severity)
    )
    return next((each for each in peers if each.fix), first)


def _unknown(parts: Sequence[str]) -> Answer:
    """What could not be judged."""
    question = "What is not known?"
    if not parts:
        return Answer(question, "Nothing that the rules ask for.", "good")
    told = "; ".join(parts[:MOST])
    more = len(parts) - MOST
    return Answer(
        question, f"{told}{f'; {more:,} more' if more > 0 else ''}.", "unknown"
    )
