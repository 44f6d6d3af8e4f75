"""Features that a cluster uses, and the model that it goes to lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.features import FEATURES, Support
from ipplan.migrations.results import Obstacle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.migrations.cases import Case
    from ipplan.migrations.results import State


def lacks(case: Case, need: str) -> Iterator[Obstacle]:
    """It uses what the model that it goes to lacks, or what no page says that has.

    Parameters
    ----------
    case : Case
        A cluster that is to move.
    need : str
        A feature that the model does not surely have.
    """
    goal = case.goal
    if goal is None or need not in case.cluster.needs:
        return
    title, lacked = FEATURES[need].title, goal.support(need) is Support.NO
    way = _REMEDIES.get(need, _NO_REMEDY)
    verbs = way.verbs if case.path and case.path.way == "in-place" else ()
    says = f"{goal.title} lacks" if lacked else f"no page says {goal.title} has"
    yield Obstacle(
        way.state if lacked else "unknown",
        f"it uses {title}, which {says}",
        way.source or FEATURES[need].source,
        way.text,
        tuple(case.aks(verb, *options) for verb, *options in verbs),
    )


class _Remedy(NamedTuple):
    """How to take away a feature; verbs of az aks with their options."""

    state: State
    text: str = ""
    verbs: tuple[tuple[str, ...], ...] = ()
    source: str = ""


_NO_REMEDY = _Remedy("bars")
_REMEDIES = {
    "virtual-nodes": _Remedy(
        "removable",
        "give up virtual nodes, and run their pods on nodes",
        (("disable-addons", "--addons", "virtual-node"),),
    ),
    "availability-sets": _Remedy(
        "removable",
        "move its availability sets to Virtual Machines node pools first",
        (("update", "--migrate-vmas-to-vms"),),
        limits.AVAILABILITY_SETS,
    ),
}
"""How to take away what a cluster uses; nothing helps where there is no row."""
