"""Decisions in a few sentences, as an architect could sign them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.checks.names import listed
from ipplan.counts import counted
from ipplan.features import FEATURES, Support
from ipplan.models import Standing
from ipplan.usages import NO_PLUGIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.designs.decisions import Decision, Option
    from ipplan.designs.reasons import Reason
    from ipplan.sizing.sizings import Sizing


def decided(decision: Decision) -> str:
    """What was decided, what is wrong with it, and why not the other models.

    Parameters
    ----------
    decision : Decision
        As :func:`ipplan.designs.decisions.decisions` gives it.

    Returns
    -------
    str
        What speaks against the chosen model comes first; a model that nothing rules
        out is said to be so.
    """
    parts = (
        *(_wrong, _chosen, _planned, _shared),
        *(_ruled_out, _retiring, _possible, _open, _way),
    )
    return " ".join(text for part in parts for text in part(decision))


def shortly(decision: Decision) -> str:
    """The model, why it is, and a few words on each of the others.

    Parameters
    ----------
    decision : Decision
        As :func:`ipplan.designs.decisions.decisions` gives it.
    """
    chosen = decision.chosen
    if chosen is None:
        return next(_chosen(decision))
    why = f": {listed(_merits(decision, chosen))}" if _merits(decision, chosen) else ""
    parts = [*_wrong(decision), f"{listed(decision.names)}: {chosen.model.title}{why}."]
    parts += _shared(decision)
    parts += [
        f"{each.model.title} {_stands(each)}: {_text(decision, told)}."
        for each in _others(decision)
        if (told := each.against)
    ]
    return " ".join(parts)


def _stands(option: Option) -> str:
    """How firmly something speaks against a model."""
    if option.killed_by:
        return "is ruled out"
    if option.retiring:
        return "is retiring"
    return "is possible" if option.feasible else "is open"


def _merits(decision: Decision, chosen: Option) -> list[str]:
    """What speaks for the chosen model."""
    taken = [int(e.sizing.vnet_addresses) for e in decision.options if e.sizing.loads]
    found: list[str] = []
    if taken and int(chosen.sizing.vnet_addresses) == min(taken):
        found.append(f"the fewest VNet addresses ({min(taken):,})")
    if chosen.model.standing is Standing.RECOMMENDED:
        found.append("recommended by Microsoft in general")
    needs = chosen.sizing.needs
    if needs and all(chosen.model.support(each) is Support.YES for each in needs):
        found.append(f"it has {listed(FEATURES[each].title for each in needs)}")
    return found


def _wrong(decision: Decision) -> Iterator[str]:
    """What rules out what they have, or will."""
    chosen = decision.chosen
    against = chosen and (chosen.killed_by or chosen.retiring)
    if chosen and against:
        retiring = against.kind == "retirement"
        verb = "has to be left" if retiring else "does not hold what is asked of it"
        yield f"{chosen.model.title} {verb}: {_text(decision, against)}."


def _planned(decision: Decision) -> Iterator[str]:
    """What ranges need, and what they have."""
    if decision.planned:
        several = len(decision.names) > 1
        at = f"At {decision.names[0]} the " if several else "The "
        yield f"{at}{'; '.join(decision.planned)}."


def _shared(decision: Decision) -> Iterator[str]:
    """What holds whatever the model."""
    if decision.shared:
        yield f"Whatever the model: {'; '.join(e.text for e in decision.shared)}."


def _retiring(decision: Decision) -> Iterator[str]:
    """Models that nothing rules out yet, and that end."""
    told = [
        f"{each.model.title} ({each.retiring.text})"
        for each in _others(decision)
        if each.retiring and not each.killed_by
    ]
    if told:
        yield f"Retiring: {'; '.join(told)}."


def _chosen(decision: Decision) -> Iterator[str]:
    """What they have, and what that takes."""
    who, chosen = listed(decision.names), decision.chosen
    several = len(decision.names) > 1
    if chosen is None:
        have = "have" if several else "has"
        yield f"Which network model {who} {have} is not known: {_why(decision)}."
        return
    use = "use" if several else "uses"
    taken = _taken(chosen.sizing, each="each takes" if several else "it takes")
    yield f"{who} {use} {_advised(chosen)}: {taken}."


def _advised(option: Option, end: str = "") -> str:
    """The name of a model, and what Microsoft says for it."""
    best = option.model.standing is Standing.RECOMMENDED
    words = f", which Microsoft recommends in general{end}" if best else ""
    return f"{option.model.title}{words}"


def _why(decision: Decision) -> str:
    plugin = (decision.clusters[0].network_plugin or "").lower()
    own = plugin == NO_PLUGIN
    return "a network plugin of its own" if own else "what was read does not say"


def _taken(sizing: Sizing, each: str) -> str:
    """What a cluster takes at its most nodes, while all of its pools are upgraded."""
    if not sizing.loads:
        return "its node count is not known"
    nodes, surge = int(sizing.nodes), int(sizing.surge_nodes)
    more = f" and {surge:,} more while all pools are upgraded" if surge else ""
    vnet = counted(int(sizing.vnet_addresses), "VNet address", "es")
    apart = (e for e in sizing.pod_ranges if e.length and not e.reserved)
    pods = "".join(f" and a pod CIDR of /{e.length}" for e in apart)
    alone = " for nodes and pods alone"
    return f"for {counted(nodes, 'node')}{more} {each} {vnet}{alone}{pods}"


def _text(decision: Decision, reason: Reason) -> str:
    """A reason; of several clusters, the one whose networks it is about."""
    several = len(decision.names) > 1
    example = (
        f", as at {decision.names[0]}" if several and reason.kind == "room" else ""
    )
    return f"{reason.text}{example}"


def _others(decision: Decision) -> Iterator[Option]:
    return (each for each in decision.options if not each.chosen)


def _ruled_out(decision: Decision) -> Iterator[str]:
    """Models that something rules out, with what does."""
    told = [
        f"{each.model.title} ({_text(decision, each.killed_by)})"
        for each in _others(decision)
        if each.killed_by
    ]
    if told:
        yield f"Ruled out: {'; '.join(told)}."


def _possible(decision: Decision) -> Iterator[str]:
    """Models that nothing rules out, with their price."""
    told = [
        f"{_advised(each, end=',')} {each.price.text}"
        for each in _others(decision)
        if each.price and each.feasible and not (each.killed_by or each.retiring)
    ]
    if told:
        yield f"Nothing known rules out the following: {'; '.join(told)}."


def _open(decision: Decision) -> Iterator[str]:
    """Models of which it can't be told, and why."""
    found: dict[str, list[str]] = {}
    for each in _others(decision):
        if each.feasible is None and not (each.killed_by or each.retiring):
            why = next(e.text for e in each.others if e.kind == "unknown")
            found.setdefault(why, []).append(each.model.title)
    for why, titles in found.items():
        yield f"Of {'; '.join(titles)} it can't be told: {why}."


def _way(decision: Decision) -> Iterator[str]:
    """Where clusters that are there can go."""
    words = decision.way
    if words:
        several = len(decision.names) > 1
        subject = "As they exist, they" if several else "As it exists, it"
        yield f"{subject} {words[0].lower()}{words[1:]}"
