"""Rules on what Azure retires: one finding for a whole estate, judged by the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.checks.names import called
from ipplan.checks.remedies import Change, Remedy
from ipplan.checks.rules import Hit, Side, rule
from ipplan.checks.settings.features import alternatives
from ipplan.features import FEATURES
from ipplan.findings import Effect, Severity
from ipplan.limits import KUBENET_RETIREMENT, NETWORK_POLICY
from ipplan.models import MODELS, RECOMMENDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ipplan.checks.surveys import Survey
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.pools import System
    from ipplan.limits import Limit

NOTICE = 1
"""From so long before a retirement on, it is an error. [years]"""


class _Verdict(NamedTuple):
    severity: Severity
    effect: Effect
    ends: str
    clusters: list[Cluster]


def _verdicts(
    row: Limit[Any], clusters: list[Cluster], as_of: date
) -> Iterator[_Verdict]:
    """How bad a retirement is on a day, in what tense it is told, and of whom.

    Until the day all clusters are told as one. From then on a plan is refused, while
    what is there goes on without support: those are two findings.
    """
    day: date = row.value
    if as_of < day:
        ends = f"ends on {day}"
        yield _Verdict(severity_on(day, as_of), Effect.WORKS_BUT, ends, clusters)
        return
    for effect, proposed in ((Effect.REFUSED, True), (Effect.WORKS_BUT, False)):
        found = [each for each in clusters if Side(each).proposed == proposed]
        if found:
            yield _Verdict(Severity.ERROR, effect, f"ended on {day}", found)


def severity_on(day: date, as_of: date) -> Severity:
    """How bad a retirement is on a day: from a year before on, it is an error.

    Examples
    --------
    >>> from datetime import date
    >>> severity_on(date(2028, 3, 31), date(2027, 3, 30)).value
    'warning'
    >>> severity_on(date(2028, 3, 31), date(2027, 3, 31)).value
    'error'
    """
    # Compared as numbers: a year before a 29th of February is no date.
    near = (as_of.year + NOTICE, as_of.month, as_of.day) >= (
        day.year,
        day.month,
        day.day,
    )
    return Severity.ERROR if near else Severity.WARNING


@rule(KUBENET_RETIREMENT.source, Severity.ERROR, Severity.WARNING)
def model_retirement(survey: Survey) -> Iterator[Hit]:
    """Support for a network model ends on a day that is set.

    kubenet is retired on 31 March 2028: new clusters of it are no longer made then, and
    those there are run on without support. It is a warning until a year before, and an
    error from then on. A cluster can be moved to CNI Overlay as it stands, once, with
    all its pools reimaged; where the route table of its nodes is your own, it needs a
    user-assigned identity for that.
    """
    for model in MODELS.values():
        clusters = [
            each for each in survey.inventory.clusters if each.model == model.name
        ]
        row = model.retirement
        if row is None or not clusters:
            continue
        for found in _verdicts(row, clusters, survey.as_of):
            yield Hit(
                found.severity,
                found.effect,
                tuple(map(Side, found.clusters)),
                f"support for {model.title} {found.ends}, and {_who(found.clusters)} "
                f"it: {called(survey, found.clusters)}",
                _other_model(found.clusters),
                row.source,
            )


def _who(clusters: list[Cluster]) -> str:
    count = len(clusters)
    return "1 cluster uses" if count == 1 else f"{count:,} clusters use"


def _other_model(clusters: list[Cluster]) -> Iterator[Remedy]:
    """The recommended model, which existing clusters can be moved to."""
    title = MODELS[RECOMMENDED].title
    there = any(not each.origin.proposed for each in clusters)
    how = "az aks update with --network-plugin azure --network-plugin-mode overlay"
    yield Remedy(
        f"move to {title}: {how}" if there else f"plan for {title} in its place",
        tuple(Change(each.id, "model", RECOMMENDED) for each in clusters),
    )


@rule(NETWORK_POLICY, Severity.ERROR, Severity.WARNING)
def feature_retirement(survey: Survey) -> Iterator[Hit]:
    """Support for a feature that clusters use ends on a day that is set.

    Azure Network Policy Manager is retired on Windows nodes on 30 September 2026 and on
    Linux nodes on 30 September 2028: from then on it gets no support and no security
    updates, and a plan with it is refused. It is a warning until a year before, and an
    error from then on. On Linux nodes the Cilium network policy takes its place, on
    Windows nodes Calico.
    """
    for need, feature in FEATURES.items():
        for row in feature.retirements:
            clusters = [
                each
                for each in survey.inventory.clusters
                if need in each.needs and row.note.lower() in _systems(each)
            ]
            for found in _verdicts(row, clusters, survey.as_of) if clusters else ():
                yield _feature_hit(survey, need, row, found)


def _systems(cluster: Cluster) -> set[System]:
    """Systems of a cluster's nodes; what runs AKS itself is always Linux."""
    return {"linux", *(pool.os for pool in cluster.pools)}


def _feature_hit(survey: Survey, need: str, row: Limit[date], found: _Verdict) -> Hit:
    feature, clusters = FEATURES[need], found.clusters
    return Hit(
        found.severity,
        found.effect,
        tuple(map(Side, clusters)),
        f"support for {feature.title} on {row.note} nodes {found.ends}, and "
        f"{_who(clusters)} it: {called(survey, clusters)}",
        _other_feature(need, clusters),
        row.source,
    )


def _other_feature(need: str, clusters: list[Cluster]) -> Iterator[Remedy]:
    for other in alternatives(need):
        yield Remedy(
            f"move to {FEATURES[other].title}",
            tuple(
                Change(
                    each.id,
                    "needs",
                    tuple(other if one == need else one for one in each.needs),
                )
                for each in clusters
            ),
        )
