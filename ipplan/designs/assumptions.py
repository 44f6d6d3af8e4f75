"""What a study takes for granted, with the day on which that was so."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.checks.names import listed
from ipplan.inventory.pools import DEFAULT_SURGE
from ipplan.models import MODELS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ipplan.designs.studies import Study


class Assumption(NamedTuple):
    """Something that was taken for granted.

    Parameters
    ----------
    text : str
        What.
    as_of : date
        The day on which that was so: of what pages say, the day they were read.
    source : str or None
        The page that says so; None where it is ours.
    """

    text: str
    as_of: date
    source: str | None = None


def assumptions(study: Study) -> tuple[Assumption, ...]:
    """What a study takes for granted.

    Parameters
    ----------
    study : Study
        A plan or an estate.
    """
    today = study.checkup.as_of
    own = (Assumption(each, today) for each in _own(study))
    told = (Assumption(each, today) for each in study.assumed)
    return (*own, *_documented(study), *told)


def _own(study: Study) -> Iterator[str]:
    """What we take for granted."""
    direct = [e for e in study.clusters if "direct-pod-access" not in e.needs]
    if direct:
        names = listed(map(study.survey.called, direct))
        yield f"nothing outside has to reach pods by their own addresses: {names}"
    verb = "retirements are judged as of this day"
    yield f"{verb}, by rules as they were read on {limits.RULES_AS_OF.isoformat()}"
    if not study.clusters:
        return
    yield "all pools of a cluster are upgraded at once, each at its most nodes"
    yield "where no fewer pods are stated nodes are full: pods up to max pods"
    by_default = [e for e in study.clusters if e.assumed]
    for cluster in by_default[:_MOST]:
        fields = listed(each.replace("_", " ") for each in cluster.assumed)
        name = study.survey.called(cluster)
        yield f"{name} has AKS's defaults where nothing is said: {fields}"
    if len(by_default) > _MOST:
        yield f"so do {len(by_default) - _MOST:,} more clusters"


_MOST = 10
"""Clusters whose defaults are told one by one."""


def _documented(study: Study) -> Iterator[Assumption]:
    """Defaults that pages state, where pools have them."""
    pools = [(each, pool) for each in study.clusters for pool in each.pools]
    surges = [pool for _, pool in pools if pool.surge == DEFAULT_SURGE]
    if surges:
        row = limits.MAX_SURGE
        text = f"pools that state no other max surge surge by {DEFAULT_SURGE}"
        yield Assumption(text, row.checked, row.source)
    names = [each.model or "" for each, pool in pools if pool.max_pods is None]
    for name in dict.fromkeys(each for each in names if each):
        row = MODELS[name].default_max_pods
        title = MODELS[name].title
        text = f"pools of {title} that state no max pods have {row.value} a node"
        yield Assumption(text, row.checked, row.source)
