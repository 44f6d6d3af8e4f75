"""migrate(): for each cluster the documented way, what bars it, and what it takes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ipplan.checks.names import listed
from ipplan.checks.surveys import Survey
from ipplan.checks.unknowns import unknowns
from ipplan.counts import counted
from ipplan.errors import ArgumentError
from ipplan.inventory.externals import AddressPool
from ipplan.limits import CNI_OVERVIEW, UPDATE_CNI
from ipplan.migrations.bars import bars_of
from ipplan.migrations.cases import Case
from ipplan.migrations.effects import changes, irreversible
from ipplan.migrations.paths import DESTINATIONS
from ipplan.migrations.ranges import nodes_needed
from ipplan.migrations.rebuilds import (
    OF_THE_WAY,
    PATH,
    new_cluster,
    new_pools,
    remaining,
)
from ipplan.migrations.results import Bar, ClusterMigration, Migration, PodCidr
from ipplan.migrations.steps import FIRST, in_place
from ipplan.migrations.trials import freed, moves
from ipplan.models import MODELS, RECOMMENDED, Home

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ipplan.cidrs import Cidr
    from ipplan.inventory.estates import Inventory
    from ipplan.migrations.paths import Path
    from ipplan.migrations.results import Freed, Step, Way
    from ipplan.migrations.trials import Move

_STATES = ("bars", "unknown", "removable")
"""How much a bar does, the worst first."""
_ORDER: tuple[tuple[Way, bool | None], ...] = (
    ("in-place", True),
    ("in-place", False),
    ("in-place", None),
    ("new-pool", False),
    ("new-cluster", False),
    ("unknown", None),
    ("already", False),
)
"""In which order clusters are told."""


def migrate(
    inventory: Inventory,
    to: str = RECOMMENDED,
    *,
    as_of: date,
    within: tuple[Cidr, ...] = (),
) -> Migration:
    """Say for each cluster whether the way to another model is open, and what it takes.

    Parameters
    ----------
    inventory : Inventory
        As :func:`ipplan.read_inventory` gives it.
    to : str
        A model, or ``cilium`` for the data plane alone.
    as_of : date
        The day on which retirements are judged.
    within : tuple of Cidr
        Ranges that pod CIDRs are drawn from, before address pools that are declared.

    Returns
    -------
    Migration
        Those that can move first, then by name.

    Raises
    ------
    ArgumentError
        For a destination that is none.

    Notes
    -----
    A pod CIDR lies outside all space of the cluster's VNets and of all that they
    reach, of reserved ranges and of its services, in private space, and holds a /24
    for each node at the most, surge among them. It is tried out with every rule of
    ``ipplan check`` on the estate as it is after the moves.

    References
    ----------
    https://learn.microsoft.com/azure/aks/update-azure-cni

    Examples
    --------
    >>> from datetime import date
    >>> from ipplan import Cluster, Inventory, NodePool
    >>> pools = (NodePool("system", 3),)
    >>> cluster = Cluster("shop", pools, "cni-dynamic", kubernetes_version="1.33")
    >>> estate = Inventory(clusters=(cluster,))
    >>> (found,) = migrate(estate, as_of=date(2026, 11, 28)).clusters
    >>> found.way, found.open
    ('new-cluster', False)
    """
    if to not in DESTINATIONS:
        raise ArgumentError("to", repr(to), f"one of {', '.join(DESTINATIONS)}")
    asked = (AddressPool("asked for", within, "pods"),) if within else ()
    pools = (*asked, *inventory.address_pools)
    survey = Survey(replace(inventory, address_pools=pools), as_of)
    cases = [Case(survey, each, to) for each in inventory.clusters]
    tried = moves(survey, [each for each in cases if each.moves])
    found = [_told(each, tried.get(each.cluster.id)) for each in cases]
    return Migration(
        inventory,
        as_of,
        to,
        tuple(sorted(found, key=_place)),
        tuple(f"{each.what}: {each.why}" for each in unknowns(survey)),
    )


def _place(found: ClusterMigration) -> tuple[int, str, str]:
    return _ORDER.index((found.way, found.open)), found.name, found.cluster.id


def _told(case: Case, move: Move | None) -> ClusterMigration:
    """What is found of one cluster."""
    path = case.path
    if path is None:
        return _unknown(case)
    if case.here:
        return _already(case)
    bars = _bars(case, path, move)
    barred = any(each.state == "bars" and each.id != PATH for each in bars)
    way: Way = "new-cluster" if barred else path.way
    pods = _pod_cidr(case, move) if move else None
    free = _freed(case, way, bars, move) if move else ()
    steps = tuple(_steps(case, way, bars, pods, free))
    return ClusterMigration(
        case.cluster,
        case.name,
        case.to,
        way,
        _open(way, bars),
        _verdict(case, way, bars, pods),
        bars,
        pods,
        free,
        steps,
        tuple(irreversible(case, way)),
        tuple(changes(case)),
        case.row.retirement if case.row else None,
        _sources(path, bars, steps, pods),
    )


def _freed(
    case: Case, way: Way, bars: tuple[Bar, ...], move: Move
) -> tuple[Freed, ...]:
    """What is free when all is done: beside a new cluster, what the old one had."""
    after = remaining(case, bars) if way == "new-cluster" else move.after
    return tuple(freed(case.survey, case.cluster, after))


def _unknown(case: Case) -> ClusterMigration:
    """A cluster of which the model is not known."""
    seen = case.cluster.seen
    why = "its network model is not said" if seen else "only parts of it were read"
    bar = Bar(
        "model",
        "unknown",
        why,
        CNI_OVERVIEW,
        "read it with az aks show",
        (case.aks("show"),),
    )
    verdict = f"unknown: {why}"
    return ClusterMigration(
        case.cluster, case.name, case.to, "unknown", None, verdict, (bar,)
    )


def _already(case: Case) -> ClusterMigration:
    """A cluster that is where it is to go."""
    verdict = f"nothing to do: it has {_title(case.to)}"
    return ClusterMigration(
        case.cluster, case.name, case.to, way="already", open=False, verdict=verdict
    )


def _title(to: str) -> str:
    return MODELS[to].title if to in MODELS else "the Cilium data plane"


def _bars(case: Case, path: Path, move: Move | None) -> tuple[Bar, ...]:
    """What stands in the way, the worst first, else in the order in which it is met."""
    found = [*_of_path(path), *bars_of(case)]
    if move is not None:
        found += _of_pod_cidr(move)
        found += move.bars
    unique = {(each.id, each.text): each for each in found}
    return tuple(sorted(unique.values(), key=lambda each: _STATES.index(each.state)))


def _of_path(path: Path) -> Iterator[Bar]:
    """That no way in place is documented, or not in one step."""
    if path.first:
        text = f"it can't go to {_title(path.to)} in one step"
        remedy = f"go to {_title(path.first)} first, as the steps have it"
        yield Bar(FIRST, "removable", text, path.source, remedy)
    elif path.way != "in-place":
        yield Bar(PATH, "bars", path.words, path.source)


def _of_pod_cidr(move: Move) -> Iterator[Bar]:
    """That no pod CIDR would do."""
    goal = move.case.goal
    if move.choice is None and goal is not None and goal.home is Home.POD_CIDR:
        yield Bar(
            "pod-cidr",
            "removable",
            f"no pod CIDR would do: {_against(move)}",
            UPDATE_CNI,
            "free a private range that nothing which the cluster reaches has, or "
            "declare an address pool for pods",
        )


def _against(move: Move) -> str:
    why = tuple(dict.fromkeys(move.against))
    return listed(why) if why else "no private range is free that holds its nodes"


def _pod_cidr(case: Case, move: Move) -> PodCidr:
    """The pod CIDR to ask for, and why."""
    needed = nodes_needed(case.after(None))
    choice = move.choice
    words = choice.words if choice else _against(move)
    if needed is None:
        words += "; how many nodes it must hold is not known"
    if choice and case.unread:
        words += "; whether its VNet meets that is not known, since it was not read"
    if choice and move.against:
        words += f"; another would not do: {listed(dict.fromkeys(move.against))}"
    cidr, kept = (choice.cidr, choice.kept) if choice else (None, False)
    return PodCidr(cidr, kept, needed, words, UPDATE_CNI)


def _steps(
    case: Case,
    way: Way,
    bars: tuple[Bar, ...],
    pods: PodCidr | None,
    free: tuple[Freed, ...],
) -> Iterator[Step]:
    if way == "in-place":
        return in_place(case, bars, pods, free)
    return new_pools(case, bars) if way == "new-pool" else new_cluster(case, bars, pods)


def _open(way: Way, bars: tuple[Bar, ...]) -> bool | None:
    """Whether the way in place is open now; None where what is unknown decides."""
    states = {each.state for each in bars}
    if way != "in-place" or states - {"unknown"}:
        return False
    return None if states else True


def _verdict(
    case: Case,
    way: Way,
    bars: tuple[Bar, ...],
    pods: PodCidr | None,
) -> str:
    """All that in a sentence."""
    to = _title(case.to)
    for_good = [each.text for each in bars if each.state == "bars"]
    if way == "new-pool":
        return f"new pools: {listed(for_good)}"
    if way == "new-cluster":
        lacks = [e.text for e in bars if e.state == "bars" and e.id not in OF_THE_WAY]
        what = ", for what does not need that" if lacks else ""
        return f"a new cluster{what}: {'; '.join(lacks or for_good)}"
    cidr = f" with pod CIDR {pods.cidr}" if pods and pods.cidr else ""
    if not bars:
        return f"open: update it to {to} in place{cidr}"
    first = [each for each in bars if each.state == "removable" and each.id != FIRST]
    open_ = [each for each in bars if each.state == "unknown"]
    parts = [
        f"{counted(len(each), 'thing')} to {words}: {', '.join(_ids(each))}"
        for each, words in ((first, "take away first"), (open_, "find out"))
        if each
    ]
    begin = "not open yet" if first else "not known to be open"
    return f"{begin}: {to} in place{cidr}; {'; '.join(parts)}"


def _ids(bars: list[Bar]) -> Iterable[str]:
    return dict.fromkeys(each.id for each in bars)


def _sources(
    path: Path, bars: tuple[Bar, ...], steps: tuple[Step, ...], pods: PodCidr | None
) -> tuple[str, ...]:
    """The pages that it rests on, each once."""
    found = [path.source, *(each.source for each in bars)]
    found += [*(each.source for each in steps), pods.source if pods else ""]
    return tuple(dict.fromkeys(each for each in found if each))
