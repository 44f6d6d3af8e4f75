"""Fixes that hold: each is tried out before it is told.

A fix holds when, after its changes, its finding is gone and no rule finds anything
that it did not find before, advice left aside. Fixes that have nothing to do with one
another are tried out together.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from ipplan.checks.remedies import applied
from ipplan.checks.surveys import Survey
from ipplan.checks.vicinities import size, vicinity
from ipplan.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ipplan.checks.remedies import Remedy
    from ipplan.checks.rules import Hit, Rule
    from ipplan.inventory.estates import Inventory

    Look = Callable[[Survey], "list[Found]"]

Level = tuple[str, frozenset[str], Severity]
"""A rule, ids of subjects, and how bad it is."""

_ORDER = list(Severity)

CHUNK = 100
"""Findings whose ways out are worked out at a time."""

MOST_CANDIDATES = 4
"""Ways out of one finding that are tried."""

EFFORT = 60_000
"""Nouns looked at in all, the first look included."""

FINDING = 20
"""Nouns that could be looked at in the time that a finding takes."""

PAIR = 3
"""Subjects of a finding on a pair: the two, and what joins them."""

LEAST_EFFORT = 5_000
"""Nouns looked at in trials in any case."""


class Found(NamedTuple):
    """A hit of a rule."""

    rule: Rule
    hit: Hit

    @property
    def key(self) -> str:
        """What makes it the same finding: its rule, its subjects and their ranges."""
        sides = sorted(
            f"{each.id or each.noun.name} {each.cidr}" for each in self.hit.sides
        )
        return "\n".join([self.rule.name, *sides])

    def at(self, severity: Severity) -> Level:
        """Its rule and its subjects, at a severity.

        Their ranges are no part of it: a fix that moves something else moves with it
        what was found of that before.
        """
        return self.rule.name, self.ids, severity

    @property
    def level(self) -> Level:
        """Its rule and its subjects, and how bad it is."""
        return self.at(self.hit.severity)

    def is_part_of(self, other: Found) -> bool:
        """Whether another finding of its rule says the same of more subjects."""
        worse = _ORDER.index(other.hit.severity) <= _ORDER.index(self.hit.severity)
        return worse and self.ids < other.ids

    @property
    def is_advice(self) -> bool:
        """Whether nothing happens: a fix that leaves only advice holds."""
        return self.hit.effect is Effect.INFORMATION

    @property
    def ids(self) -> frozenset[str]:
        """Ids of its subjects."""
        return frozenset(each.id or each.noun.name for each in self.hit.sides)


class _Trial(NamedTuple):
    """A remedy of the finding with a number."""

    number: int
    found: Found
    remedy: Remedy

    @property
    def changed(self) -> frozenset[str]:
        """Ids of what the remedy changes."""
        return frozenset(each.id for each in self.remedy.changes)

    @property
    def ids(self) -> frozenset[str]:
        """Ids of what the remedy changes and of what the finding is about."""
        return self.changed | self.found.ids


def proven(
    survey: Survey, found: list[Found], before: list[Found], look: Look
) -> dict[int, str | None]:
    """The text of the first remedy that holds, by the number of its finding.

    None stands where there was no time to try.

    Parameters
    ----------
    survey : Survey
        What was checked.
    found : list of Found
        Findings that are told; the numbers are places in it.
    before : list of Found
        Those and all others.
    look : function
        What finds, given another survey.

    Notes
    -----
    Each trial looks at the part of the inventory that its changes can matter to. In an
    estate of many thousand networks with as many findings the trials end once so much
    has been looked at, and the findings behind have no fix until those before are
    mended.
    """
    prover = _Prover(survey, look, before)
    fixes: dict[int, str | None] = {}
    for start in range(0, len(found), CHUNK):
        some = dict(enumerate(found[start : start + CHUNK], start))
        if prover.spent:
            prover.untried |= {n for n, each in some.items() if each.hit.remedies}
        else:
            fixes |= _fixes(prover, survey, some)
    return dict.fromkeys(prover.untried) | fixes


def _fixes(prover: _Prover, survey: Survey, found: dict[int, Found]) -> dict[int, str]:
    """The first remedy of each of some findings that holds."""
    fixes: dict[int, str] = {}
    candidates = {
        number: list(islice(each.hit.remedies, MOST_CANDIDATES))
        for number, each in found.items()
    }
    for turn in range(MOST_CANDIDATES):
        trials = [
            _Trial(number, found[number], remedies[turn])
            for number, remedies in candidates.items()
            if number not in fixes and turn < len(remedies)
        ]
        for batch in _apart(survey, trials):
            held = prover.holding(batch)
            fixes |= {each.number: each.remedy.text for each in held}
    return fixes


def _apart(survey: Survey, trials: list[_Trial]) -> list[list[_Trial]]:
    """Batches of trials of one place, of which none changes what another is about."""
    places: dict[str, list[_Batch]] = {}
    for trial in trials:
        batches = places.setdefault(_place(survey, trial), [])
        batch = next((each for each in batches if each.takes(trial)), None)
        if batch is None:
            batch = _Batch()
            batches.append(batch)
        batch.add(trial)
    return [each.trials for batches in places.values() for each in batches]


def _place(survey: Survey, trial: _Trial) -> str:
    """A network in the midst of what a trial looks at: spokes of one hub share it."""
    vnets = survey.homes_of(trial.changed)
    return min((survey.peers.get(each, (each,))[0] for each in vnets), default="")


class _Batch:
    """Trials that are made together."""

    def __init__(self) -> None:
        self.trials: list[_Trial] = []
        self._about: set[str] = set()
        self._changed: dict[str, Remedy] = {}

    def takes(self, trial: _Trial) -> bool:
        """Whether a trial has nothing to do with the others, or changes the same."""
        same = (self._changed.get(each) in {None, trial.remedy} for each in trial.ids)
        return all(same) and not trial.changed & (self._about - self._changed.keys())

    def add(self, trial: _Trial) -> None:
        """Make one more trial together with the others."""
        self.trials.append(trial)
        self._about |= trial.ids
        self._changed |= dict.fromkeys(trial.changed, trial.remedy)


class _Prover:
    """Tries remedies out, as long as there is effort left."""

    def __init__(self, survey: Survey, look: Look, before: list[Found]) -> None:
        self._survey = survey
        self._look = look
        self._left = max(EFFORT - size(survey.inventory), LEAST_EFFORT)
        self._before = before
        self._tried = False
        self.untried: set[int] = set()

    @property
    def spent(self) -> bool:
        """Whether no effort is left."""
        return self._tried and self._left <= 0

    def holding(self, batch: list[_Trial], *, near: bool = True) -> list[_Trial]:
        """Those of a batch that hold; where something new is found, it is split."""
        if not batch:
            return []
        scene = self._scene(batch, near=near)
        if scene is None:
            self.untried |= {each.number for each in batch}
            return []
        inventory, before = scene
        changes = [change for each in batch for change in each.remedy.changes]
        after = self._looked(applied(inventory, changes))
        fresh = _fresh(before, after)
        if not fresh:
            return self._gone(batch, _levels(before), _levels(after), near=near)
        if len(batch) == 1:
            return []
        met = {identity for each in fresh for identity in each.ids}
        guilty = [each for each in batch if each.changed & met]
        if not guilty or len(guilty) == len(batch):
            guilty = batch[: len(batch) // 2]
        others = [each for each in batch if each not in guilty]
        return [
            *self.holding(others, near=near),
            *self.holding(guilty, near=near),
        ]

    def _scene(
        self, batch: list[_Trial], *, near: bool
    ) -> tuple[Inventory, list[Found]] | None:
        """What a batch is tried out on, and what is found there before.

        None where that is more than there is effort for; the first trial there always
        is.
        """
        whole = part = self._survey.inventory
        if near:
            part = vicinity(self._survey, {one for each in batch for one in each.ids})
        cost = min(2 * size(part), size(whole))
        if self._tried and cost > self._left:
            self._left = 0
            return None
        self._tried = True
        if cost < size(whole):
            return part, self._looked(part)
        return whole, self._before

    def _looked(self, inventory: Inventory) -> list[Found]:
        found = self._look(Survey(inventory, self._survey.as_of))
        self._left -= size(inventory) + FINDING * len(found)
        return found

    def _gone(
        self,
        batch: list[_Trial],
        before: Counter[Level],
        after: Counter[Level],
        *,
        near: bool,
    ) -> list[_Trial]:
        """Those whose finding is gone; one that is not told of a part needs the whole.

        A finding that groups many of an estate groups fewer in a part of it.
        """
        lowest = [(each, each.found.at(Severity.NOTE)) for each in batch]
        rest = [each for each, level in lowest if near and not before[level]]
        held = [each for each, level in lowest if after[level] < before[level]]
        return [*held, *self.holding(rest, near=False)]


def _fresh(before: list[Found], after: list[Found]) -> list[Found]:
    """What is new: more of it, or worse; a group of fewer than before is no new one."""
    more = _levels(after) - _levels(before)
    new = [each for each in after if each.level in more and not each.is_advice]
    rules = {each.rule.name for each in new}
    groups: dict[str, list[Found]] = {}
    for each in before:
        if each.rule.name in rules and len(each.hit.sides) > PAIR:
            groups.setdefault(each.rule.name, []).append(each)
    return [
        each
        for each in new
        if not any(each.is_part_of(other) for other in groups.get(each.rule.name, ()))
    ]


def _levels(found: Iterable[Found]) -> Counter[Level]:
    """How many findings of a rule on some subjects are so bad, or worse."""
    return Counter(
        each.at(severity)
        for each in found
        for severity in _ORDER[_ORDER.index(each.hit.severity) :]
    )
