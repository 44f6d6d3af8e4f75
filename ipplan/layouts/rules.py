"""What a layout itself can have wrong, besides what ``ipplan check`` looks for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from ipplan import limits
from ipplan.findings import Effect, Finding, Location, Severity, Subject, described
from ipplan.layouts.demands.egress import egress
from ipplan.layouts.demands.holds import holds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ipplan.inventory.origins import Origin
    from ipplan.layouts.results import Layout, Unfit

    Body = Callable[[Layout], Iterator["Hit"]]

DIGITS = 32
"""Hexadecimal digits of a fingerprint. [characters]"""


class Hit(NamedTuple):
    """Where a layout has something wrong.

    Parameters
    ----------
    subject : Subject
        Whom it is about.
    message, fix : str
        What was found, and a way out; empty where none is known.
    source : str
        The page that says so; empty for the rule's own.
    origin : Origin or None
        Where it stands in the plan.
    """

    subject: Subject
    message: str
    fix: str = ""
    source: str = ""
    origin: Origin | None = None


class Rule(NamedTuple):
    """One rule: its id, its page, how bad a breach is, what happens, its function."""

    name: str
    source: str
    severity: Severity
    effect: Effect
    hits: Body

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return described(self.hits)[0]

    @property
    def why(self) -> str:
        """The rest of the docstring, a blank line between its paragraphs."""
        return described(self.hits)[1]

    def finding(self, hit: Hit) -> Finding:
        """A hit as it is told."""
        key = f"{self.name}\n{hit.subject.kind}\n{hit.subject.id}"
        where = hit.origin
        return Finding(
            self.name,
            self.severity,
            hit.message,
            hit.source or self.source,
            self.effect,
            (hit.subject,),
            hit.fix,
            hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS],
            Location(where.file, where.path, where.line)
            if where and where.file
            else None,
        )


def findings(layout: Layout) -> tuple[Finding, ...]:
    """What a layout has wrong, by rule.

    Parameters
    ----------
    layout : Layout
        As :func:`ipplan.lay_out` gives it.

    Examples
    --------
    >>> from ipplan.layouts.plans import LayoutPlan
    >>> from ipplan.layouts.results import Layout, Unfit
    >>> findings(Layout(LayoutPlan("shop")))
    ()
    """
    return tuple(rule.finding(hit) for rule in RULES for hit in rule.hits(layout))


def _no_room(layout: Layout) -> Iterator[Hit]:
    """Everything that a plan asks for has a range.

    Ranges are aligned to their size, so a network can have more free addresses than
    something needs and yet no block of that size. What the plan pins, what exists and
    what an earlier layout gave stays where it is.

    Nothing is emitted of a layout that lacks a range, and its lock is not written.
    """
    origins = {each.id: each.origin for each in layout.plan.networks}
    origins |= {e.cluster.id: e.cluster.origin for _, e in layout.plan.clusters}
    for each in layout.unfit:
        home = each.id.partition("/subnets/")[0]
        yield Hit(
            Subject(each.kind.lower().replace(" ", "-"), each.name, each.id),
            _without(each),
            each.remedy,
            origin=origins.get(home),
        )


def _without(unfit: Unfit) -> str:
    """What has no range: for want of a block, or since it has outgrown its own."""
    largest, length = unfit.largest, unfit.length
    what = f"{unfit.kind} {unfit.name}"
    where = f" in {unfit.where}" if unfit.where else ""
    if largest and largest.length <= length:
        return f"{what}{where} can't keep its range, and needs a /{length}"
    free = f"the largest free block is {largest}" if largest else "nothing is free"
    return f"no /{length} for {what}{where}: {free}"


def _short(layout: Layout) -> Iterator[Hit]:
    """A subnet holds what the plan says will stand in it, growth included.

    A range that is pinned or exists is kept, and so is a prefix length that is asked
    for, even where it is too small. A subnet in use can't be resized.
    """
    origins = {each.id: each for each in layout.plan.networks}
    for each in layout.subnets:
        want, room = each.want, holds(each)
        if each.prefixes and room < want.need:
            network = origins[want.network]
            ranges = " ".join(map(str, each.prefixes))
            yield Hit(
                Subject("subnet", f"{network.name}/{want.name}", want.id, ranges),
                f"subnet {want.name} of {network.name} {ranges} holds {room:,} "
                f"addresses, and {want.need:,} are needed",
                origin=network.origin,
            )


def _egress(layout: Layout) -> Iterator[Hit]:
    """A cluster gets the public IPs and SNAT ports that its nodes take at the most.

    A load balancer sets ports aside for every node, those of an upgrade among them; a
    node without ports can't be added.
    """
    for each in layout.clusters:
        cluster, found = each.plan.cluster, egress(each.plan)
        if not found.fits:
            yield Hit(
                Subject("cluster", cluster.name, cluster.id),
                f"{cluster.name} leaves through {found.words}",
                source=found.source,
                origin=cluster.origin,
            )


RULES = (
    Rule(
        "layout-no-room",
        limits.IP_PLANNING,
        Severity.ERROR,
        Effect.REFUSED,
        _no_room,
    ),
    Rule(
        "layout-subnet-short",
        limits.IP_PLANNING,
        Severity.WARNING,
        Effect.NEXT_CHANGE_REFUSED,
        _short,
    ),
    Rule(
        "layout-egress-short",
        limits.BALANCER,
        Severity.ERROR,
        Effect.REFUSED,
        _egress,
    ),
)
"""Every rule of a layout, in the order of its findings."""
