"""Rules on features: what a network model lacks, and what does not go together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.checks.choices import free_range
from ipplan.checks.remedies import Change, Remedy
from ipplan.checks.rules import Hit, Side, rule, standing
from ipplan.features import FEATURES, Support
from ipplan.findings import Severity
from ipplan.models import MODELS, Home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.checks.surveys import Survey
    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster
    from ipplan.models import NetworkModel

POD_CIDR_LENGTH = 16
"""Prefix length of the pod CIDR of a cluster that had none, as by default. [bits]"""


@rule(limits.CNI_OVERVIEW, Severity.ERROR, Severity.WARNING)
def feature_unsupported(survey: Survey) -> Iterator[Hit]:
    """A cluster uses only features that its network model has.

    Windows pools, virtual nodes, dual stack, network policy engines and others work
    with some network models only. Of a cluster whose pools differ in their model, each
    model counts; Windows is asked of the models of Windows pools alone. An existing
    cluster with such a feature is a warning: it runs, and no page supports it.
    """
    for cluster in survey.inventory.clusters:
        for need in cluster.needs:
            for model in _models(cluster, need):
                if model.support(need) is Support.NO:
                    feature = FEATURES[need]
                    yield Hit(
                        *standing(cluster),
                        (Side(cluster),),
                        f"{survey.called(cluster)} uses {feature.title}, which "
                        f"{model.title} lacks",
                        _other_models(survey, cluster),
                        feature.source,
                    )


def _models(cluster: Cluster, need: str) -> list[NetworkModel]:
    """The models of the pools that a need is about."""
    pools = [each for each in cluster.pools if each.os == need] or cluster.pools
    names = [pool.model or cluster.model for pool in pools] or [cluster.model]
    return [MODELS[each] for each in dict.fromkeys(names) if each]


@rule(limits.CNI_OVERVIEW, Severity.ERROR, Severity.WARNING)
def features_exclude_each_other(survey: Survey) -> Iterator[Hit]:
    """Some features don't go together in one cluster.

    Dual stack does not go with Azure NPM, Calico, virtual nodes, static egress gateway
    and node auto-provisioning, Cilium not with Windows pools, nor Azure NPM with
    Windows pools in CNI Overlay. An existing cluster that has both is a warning.
    """
    for cluster in survey.inventory.clusters:
        for one, other in _excluded(cluster):
            yield Hit(
                *standing(cluster),
                (Side(cluster),),
                f"{survey.called(cluster)} uses {FEATURES[one].title} and "
                f"{FEATURES[other].title}, which don't go together",
                _apart(cluster, one, other),
                FEATURES[one].source,
            )


def _excluded(cluster: Cluster) -> Iterator[tuple[str, str]]:
    needs = cluster.needs
    for one in needs:
        yield from ((one, other) for other in FEATURES[one].excludes if other in needs)
    if cluster.model:
        pairs = MODELS[cluster.model].excludes
        yield from (pair for pair in pairs if set(pair) <= set(needs))


def _apart(cluster: Cluster, one: str, other: str) -> Iterator[Remedy]:
    """Another of the same kind in the place of one, or clusters of their own."""
    for wrong in (one, other):
        for name in alternatives(wrong):
            needs = tuple(name if each == wrong else each for each in cluster.needs)
            text = f"use {FEATURES[name].title} in place of {FEATURES[wrong].title}"
            yield Remedy(text, (Change(cluster.id, "needs", needs),))
    yield Remedy(
        f"use clusters of their own for {FEATURES[one].title} and "
        f"{FEATURES[other].title}",
        (
            Change(cluster.id, "needs", tuple(e for e in cluster.needs if e != other)),
            Change(
                cluster.id, "pools", tuple(e for e in cluster.pools if e.os != other)
            ),
        ),
    )


def alternatives(need: str) -> list[str]:
    """Features in the place of one: what pages name, then others of its kind.

    Examples
    --------
    >>> alternatives("network-policy=azure"), alternatives("windows")
    (['network-policy=cilium', 'network-policy=calico'], [])
    """
    kind, several, _ = need.partition("=")
    alike = [each for each in FEATURES if several and each.startswith(f"{kind}=")]
    found = dict.fromkeys([FEATURES[need].instead, *alike])
    return [each for each in found if each not in {need, ""}]


def _other_models(survey: Survey, cluster: Cluster) -> Iterator[Remedy]:
    """Models that have all that the cluster uses, in the node subnets that it has."""
    verb = "use" if cluster.origin.proposed else "build it anew with"
    pools = tuple(replace(pool, model=None, pod_subnet=None) for pool in cluster.pools)
    for model in MODELS.values():
        has_all = all(model.support(each) is Support.YES for each in cluster.needs)
        pods = _pod_cidrs(survey, cluster, model)
        if not has_all or model.retirement or pods is None:
            continue
        words = f" and pod CIDR {pods[0]}" if pods and not cluster.pod_cidrs else ""
        yield Remedy(
            f"{verb} {model.title}{words}",
            (
                Change(cluster.id, "model", model.name),
                Change(cluster.id, "pod_cidrs", pods),
                Change(cluster.id, "pools", pools),
            ),
        )


def _pod_cidrs(
    survey: Survey, cluster: Cluster, model: NetworkModel
) -> tuple[Cidr, ...] | None:
    """The pod CIDRs of a cluster under another model; None where there is no room."""
    if model.home is not Home.POD_CIDR:
        return () if model.home is Home.NODE_SUBNET else None
    if cluster.pod_cidrs:
        return cluster.pod_cidrs
    free = free_range(survey, cluster, POD_CIDR_LENGTH, use="pod_cidrs")
    return (free,) if free else None
