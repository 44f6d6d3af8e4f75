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


def _verdict(row: Limit[Any], as_of: date) -> _Verdict:
    """How bad a retirement is on a day, and in what tense it is told."""
    day: date = row.value
    if as_of >= day:
        return _Verdict(Severity.ERROR, Effect.REFUSED, f"ended on {day}")
    # Compared as numbers: a year before a 29th of February is no date.
    near = (as_of.year + NOTICE, as_of.month, as_of.day) >= (
        day.year,
        day.month,
        day.day,
    )
    severity = Severity.ERROR if near else Severity.WARNING
    return _Verdict(severity, Effect.WORKS_BUT, f"ends on {day}")


@rule(KUBENET_RETIREMENT.source, Severity.ERROR, Severity.WARNING)
def model_retirement(survey: Survey) -> Iterator[Hit]:
    """Support for a network model ends on a day that is set.

    kubenet is retired on 31 March 2028: new clusters of it are no longer made then, and
    those there are get no support. It is a warning until a year before, and an error
    from then on. A cluster can be moved to CNI Overlay as it stands, once, with all its
    pools reimaged; where the route table of its nodes is your own, it needs a
    user-assigned identity for that.
    """
    for model in MODELS.values():
        clusters = [
            each for each in survey.inventory.clusters if each.model == model.name
        ]
        if model.retirement and clusters:
            found = _verdict(model.retirement, survey.as_of)
            yield Hit(
                found.severity,
                found.effect,
                tuple(map(Side, clusters)),
                f"support for {model.title} {found.ends}, and {_who(clusters)} it: "
                f"{called(survey, clusters)}",
                _other_model(clusters),
                model.retirement.source,
            )


def _who(clusters: list[Cluster]) -> str:
    count = len(clusters)
    return "1 cluster uses" if count == 1 else f"{count:,} clusters use"


def _other_model(clusters: list[Cluster]) -> Iterator[Remedy]:
    """The recommended model, which existing clusters can be moved to."""
    title = MODELS[RECOMMENDED].title
    there = any(each.origin.evidence == "observed" for each in clusters)
    what = "az aks update --network-plugin azure --network-plugin-mode overlay"
    yield Remedy(
        f"move to {title}: {what}" if there else f"plan for {title} in its place",
        tuple(Change(each.id, "model", RECOMMENDED) for each in clusters),
    )


@rule(NETWORK_POLICY, Severity.ERROR, Severity.WARNING)
def feature_retirement(survey: Survey) -> Iterator[Hit]:
    """Support for a feature that clusters use ends on a day that is set.

    Azure Network Policy Manager is retired on Windows nodes on 30 September 2026 and on
    Linux nodes on 30 September 2028: from then on it gets no support and no security
    updates. It is a warning until a year before, and an error from then on. On Linux
    nodes the Cilium network policy takes its place, on Windows nodes Calico.
    """
    for need, feature in FEATURES.items():
        for row in feature.retirements:
            clusters = [
                each
                for each in survey.inventory.clusters
                if need in each.needs and row.note.lower() in _systems(each)
            ]
            if clusters:
                yield _feature_hit(survey, need, row, clusters)


def _systems(cluster: Cluster) -> set[System]:
    """Systems of a cluster's nodes; what runs AKS itself is always Linux."""
    return {"linux", *(pool.os for pool in cluster.pools)}


def _feature_hit(
    survey: Survey, need: str, row: Limit[date], clusters: list[Cluster]
) -> Hit:
    feature = FEATURES[need]
    found = _verdict(row, survey.as_of)
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
