"""Moves, tried out: the estate after all of them, and what would be wrong there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from ipplan.checks.checkups import look
from ipplan.checks.proofs import proven
from ipplan.checks.surveys import Survey
from ipplan.findings import Severity
from ipplan.garbage import uncollected
from ipplan.inventory.origins import parent_of
from ipplan.migrations.ranges import MOST_CHOICES, Choice, choices
from ipplan.migrations.results import Bar, Freed
from ipplan.usages import held_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.checks.proofs import Found
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.estates import Inventory
    from ipplan.migrations.cases import Case

    _Kind = tuple[str, frozenset[str], Severity]

_TOLD_BETTER = frozenset(
    {
        "feature-unsupported",
        "features-exclude-each-other",
        "application-gateway-subnet-size",
    }
)
"""Rules of whose findings conditions and steps of the way tell better."""

_GRAVE = frozenset({Severity.ERROR, Severity.WARNING})
ON_POD_CIDRS = frozenset(
    {
        "pod-cidr-full-at-maximum",
        "pod-cidr-full-during-upgrade",
        "pod-cidr-in-vnet",
        "pod-cidr-meets-on-premises",
        "pod-cidr-meets-reachable-network",
        "pod-cidr-meets-service-cidr",
        "pod-cidr-meets-subnet",
        "pod-cidr-public",
        "pod-cidr-reserved",
        "pod-cidr-shared",
        "pod-cidr-too-small",
    }
)
"""Rules that another pod CIDR can satisfy."""

_ROOM = frozenset(
    {
        "subnet-too-small",
        "subnet-full-at-maximum",
        "subnet-full-during-upgrade",
        "observed-exceeds-range",
        "no-room-to-rotate",
    }
)
"""Rules on one thing: what is too small is full at the maximum all the more."""


@dataclass
class Move:
    """What a cluster would be, and what speaks against it.

    Parameters
    ----------
    case : Case
        The cluster.
    rest : iterator of Choice
        Pod CIDRs that would do and were not tried, the best first.
    choice : Choice or None
        The one that is tried, or holds; None where none would do.
    against : tuple of str
        What was found against others.
    bars : tuple of Bar
        What would be wrong afterwards besides.
    """

    case: Case
    rest: Iterator[Choice]
    choice: Choice | None = None
    against: tuple[str, ...] = ()
    bars: tuple[Bar, ...] = ()

    def __post_init__(self) -> None:
        """Begin with the best."""
        self.turn()

    def turn(self) -> None:
        """Try the next pod CIDR."""
        self.choice = next(self.rest, None)

    @property
    def after(self) -> Cluster:
        """The cluster after the move."""
        return self.case.after(self.choice.cidr if self.choice else None)


def moves(survey: Survey, cases: Iterable[Case]) -> dict[str, Move]:
    """The moves of some clusters, all tried out together, by the ids of the clusters.

    A pod CIDR of which a rule says anything at or above a warning gives way to the
    next. What is new besides, and has to do with the cluster, is a bar.

    Parameters
    ----------
    survey : Survey
        What there is.
    cases : iterable of Case
        Clusters that change their model.
    """
    found = {e.cluster.id: Move(e, islice(choices(e), MOST_CHOICES)) for e in cases}
    if not found:
        return found
    with uncollected():
        before = {_kind(each) for each in look(survey)}
        while True:
            moved = Survey(_moved(survey, found), survey.as_of)
            after = look(moved)
            if not _given_up(found, after):
                break
    _tell(found, moved, after, before)
    return found


def _moved(survey: Survey, found: dict[str, Move]) -> Inventory:
    return replace(
        survey.inventory,
        clusters=tuple(
            found[each.id].after if each.id in found else each
            for each in survey.inventory.clusters
        ),
    )


def _given_up(found: dict[str, Move], after: list[Found]) -> bool:
    """Whether some clusters take their next pod CIDR, for what was found of one."""
    wrong: dict[str, list[str]] = {}
    for each in after:
        if each.rule.name in ON_POD_CIDRS and each.hit.severity in _GRAVE:
            for identity in each.ids & found.keys():
                wrong.setdefault(identity, []).append(each.hit.message)
    tried = [identity for identity in wrong if found[identity].choice]
    for identity in tried:
        found[identity].against += tuple(wrong[identity])
        found[identity].turn()
    return bool(tried)


def _tell(
    found: dict[str, Move], moved: Survey, after: list[Found], before: set[_Kind]
) -> None:
    """What would be wrong afterwards, and is not now, of the clusters that move."""
    living: dict[str, list[str]] = {identity: [identity] for identity in found}
    for identity, move in found.items():
        for home in move.case.homes:
            living.setdefault(home, []).append(identity)
    told = [each for each in after if _is_told(each, before)]
    fixes = proven(moved, told, after, look)
    for number, each in enumerate(told):
        for identity in _about(each, found, living):
            found[identity].bars += (_bar(each, fixes.get(number)),)


def _is_told(each: Found, before: set[_Kind]) -> bool:
    """Whether it is new, bad, and told by nothing else."""
    better = each.rule.name in _TOLD_BETTER or each.hit.severity not in _GRAVE
    return not better and _is_new(each, before)


def _kind(found: Found) -> _Kind:
    """What a finding is about, its subjects, and how bad it is.

    A subnet that is full at its maximum, and was too small at once, is no worse than
    it was.
    """
    name = found.rule.name
    return "room" if name in _ROOM else name, found.ids, found.hit.severity


def _is_new(found: Found, before: set[_Kind]) -> bool:
    """Whether nothing as bad was found before of the same thing and subjects."""
    about, ids, severity = _kind(found)
    worse = {severity, Severity.ERROR}
    return not any((about, ids, each) in before for each in worse)


def _about(
    each: Found, found: dict[str, Move], living: dict[str, list[str]]
) -> Iterable[str]:
    """The clusters that a finding is about, else those in the VNet of its subnets."""
    own = each.ids & found.keys()
    near = (one for part in sorted(each.ids) for one in living.get(parent_of(part), ()))
    return sorted(own) or dict.fromkeys(near)


def _bar(found: Found, fix: str | None) -> Bar:
    rule, hit = found.rule, found.hit
    return Bar(
        rule.name,
        "removable",
        f"afterwards {hit.message}",
        hit.source or rule.source,
        _LEAVE.get(
            rule.name, f"{fix or 'settle it first'} (ipplan explain {rule.name})"
        ),
    )


_LEAVE: dict[str, str] = dict.fromkeys(
    ("overlay-in-pod-mesh", "pod-mesh-overlap"),
    "take the cluster out of the pod mesh first: pods of CNI Overlay can't be in one",
)
"""What helps where another range or subnet doesn't."""


def freed(survey: Survey, old: Cluster, new: Cluster | None) -> Iterator[Freed]:
    """What the subnets of a cluster must hold, before its move and after.

    Parameters
    ----------
    survey : Survey
        What there is.
    old, new : Cluster
        One cluster; the others stay as they are. ``new`` is None where it is deleted.
    """
    known = survey.inventory.subnet_by_id
    for identity in _homes(old):
        subnet = known.get(identity)
        if subnet is None:
            continue
        use = survey.usage[identity]
        after = held_after(use, survey.users(identity), old, new)
        yield Freed(subnet, use.need, after.need)


def _homes(cluster: Cluster) -> tuple[str, ...]:
    """Ids of the subnets of its nodes and pods."""
    named = [each for pool in cluster.pools for each in (pool.subnet, pool.pod_subnet)]
    return tuple(dict.fromkeys(each for each in named if each))
