"""Overlaps that do not matter: counted, so that silence means that they were seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.cidrs.indexes import CidrIndex, chains
from ipplan.inventory.clusters import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ipplan.checks.proofs import Found
    from ipplan.checks.surveys import Survey
    from ipplan.cidrs import Cidr


MOST_PAIRS = 1_000_000
"""Of more pairs, it is not looked at whether some are told twice."""

PAIR = 2
"""Sides of an overlap."""


class Shared(NamedTuple):
    """A range that several have that have nothing to do with one another.

    Parameters
    ----------
    cidr : Cidr
        The largest of their ranges: it covers the others.
    names : tuple of str
        Whose it is, each with what range it is: ``spoke-a 10.0.0.0/16``.
    """

    cidr: Cidr
    names: tuple[str, ...]


Owners = dict["Cidr", dict[str, Any]]
"""Those that have a range, by their ids."""


class Kind(NamedTuple):
    """Ranges of one kind, whose they are, what people call them, and which matter."""

    owners: Owners
    words: str
    related: frozenset[frozenset[str]]


@dataclass(frozen=True)
class Unrelated:
    """Overlaps that do not matter.

    Parameters
    ----------
    overlaps : int
        Pairs that overlap: of VNets that nothing joins, and of clusters in their pod
        CIDRs or service CIDRs where no finding tells of it. [pairs]
    survey : Survey
        Where names are looked up.
    kinds : tuple of Kind
        All ranges: of VNets, pods and services.
    """

    overlaps: int
    survey: Survey
    kinds: tuple[Kind, ...]

    @property
    def ranges(self) -> tuple[Shared, ...]:
        """The ranges that several have, VNets first, each with those inside it."""
        return tuple(each for kind in self.kinds for each in _shared(self.survey, kind))


def unrelated(survey: Survey, found: Iterable[Found]) -> Unrelated:
    """Overlaps of VNets, of pod CIDRs and of service CIDRs that have no effect."""
    clusters, told = survey.inventory.clusters, _told(found)
    kinds = (
        Kind(_owners(survey.vnets.values(), "prefixes"), "", survey.related),
        Kind(_owners(clusters, "pod_cidrs"), "'s pod CIDR", told),
        Kind(_owners(clusters, "service_cidrs"), "'s service CIDR", told),
    )
    overlaps = sum(
        count_pairs(kind.owners) - _count_between(kind.owners, kind.related)
        for kind in kinds
    )
    return Unrelated(overlaps, survey, kinds)


def count_pairs(owners: Owners) -> int:
    """Pairs of owners with ranges that overlap, none of them made.

    Of more than a million, owners that overlap in two places count twice.

    Examples
    --------
    >>> from ipplan import Cidr
    >>> ten = Cidr.parse("10.0.0.0/8")
    >>> count_pairs({ten: {"a": "", "b": ""}, Cidr.parse("10.1.0.0/16"): {"c": ""}})
    3
    """
    count = 0
    for *outer, cidr in chains(owners):
        own = owners[cidr]
        count += len(own) * (len(own) - 1) // 2
        for each in outer:
            above = owners[each]
            count += len(own) * len(above) - len(own.keys() & above.keys())
    return count if count > MOST_PAIRS else count - _told_twice(owners, _ranges(owners))


def _told_twice(owners: Owners, ranges: dict[str, list[Cidr]]) -> int:
    """Pairs of owners beyond the first, where two overlap in more than one place."""
    index = CidrIndex((cidr, own) for cidr, own in owners.items())
    several = {key for key, cidrs in ranges.items() if len(cidrs) > 1}
    count = 0
    for key in several:
        met = Counter(
            other
            for cidr in ranges[key]
            for _, own in index.overlapping(cidr)
            for other in own
            if other not in several or other > key
        )
        count += sum(times - 1 for times in met.values())
    return count


def _count_between(owners: Owners, related: Iterable[frozenset[str]]) -> int:
    """Pairs of owners with ranges that overlap, of those that are related."""
    ranges = _ranges(owners)
    return sum(
        any(a.overlaps(b) for a in ranges.get(one, ()) for b in ranges.get(two, ()))
        for one, two in map(sorted, related)
    )


def _ranges(owners: Owners) -> dict[str, list[Cidr]]:
    """Ranges by whose they are."""
    ranges: dict[str, list[Cidr]] = defaultdict(list)
    for cidr, own in owners.items():
        for key in own:
            ranges[key].append(cidr)
    return ranges


def _shared(survey: Survey, kind: Kind) -> Iterator[Shared]:
    """The ranges of one kind that several have, each with those inside it."""
    owners = kind.owners
    groups: dict[Cidr, list[Cidr]] = defaultdict(list)
    for chain in chains(owners):
        groups[chain[0]].append(chain[-1])
    for first, cidrs in groups.items():
        if _has_other(owners, cidrs, kind.related):
            names = (
                f"{survey.called(noun)}{kind.words} {cidr}"
                for cidr in cidrs
                for noun in owners[cidr].values()
            )
            yield Shared(first, tuple(names))


def _has_other(
    owners: Owners, cidrs: list[Cidr], related: frozenset[frozenset[str]]
) -> bool:
    """Whether two owners of nested ranges are not related, among the first of many."""
    found = [(cidr, key) for cidr in cidrs for key in owners[cidr]]
    pairs = combinations(found, PAIR)
    return any(
        a != b and one.overlaps(two) and frozenset((a, b)) not in related
        for (one, a), (two, b) in islice(pairs, MOST_PAIRS)
    )


def _owners(nouns: Iterable[Any], field: str) -> Owners:
    owners: Owners = defaultdict(dict)
    for noun in nouns:
        for cidr in getattr(noun, field):
            owners[cidr][noun.id] = noun
    return owners


def _told(found: Iterable[Found]) -> frozenset[frozenset[str]]:
    """Pairs of clusters whose ranges findings tell of."""
    return frozenset(
        frozenset(pair)
        for each in found
        for pair in combinations(sorted(_clusters(each)), PAIR)
    )


def _clusters(found: Found) -> set[str]:
    """Ids of the clusters that a finding is about, each with a range."""
    sides = (each for each in found.hit.sides if each.cidr and each.id)
    return {each.id for each in sides if isinstance(each.noun, Cluster)}
