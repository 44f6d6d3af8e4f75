"""What a rule of ``ipplan check`` is, and what it yields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.findings import Described, Effect, Location, Severity, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ipplan.checks.remedies import Remedy
    from ipplan.checks.surveys import Survey
    from ipplan.cidrs import Cidr
    from ipplan.inventory.clusters import Cluster

    Body = Callable[["Survey"], Iterator["Hit"]]

KINDS = {
    "VNet": "vnet",
    "Subnet": "subnet",
    "Peering": "peering",
    "Cluster": "cluster",
    "ExternalRange": "external-range",
    "Group": "group",
    "Client": "client",
    "SecurityGroup": "network-security-group",
    "RouteTable": "route-table",
    "Outlet": "outlet",
    "NodeInterface": "node-interface",
    "LoadBalancer": "load-balancer",
}
"""What a subject is called, by the class of its noun."""

DECLARED = frozenset({"ExternalRange", "Group", "Client"})
"""Classes of nouns that are stated rather than planned."""


class Side(NamedTuple):
    """A noun that a hit is about, and the range of it that matters, if one does."""

    noun: Any
    cidr: Cidr | None = None

    @property
    def id(self) -> str:
        """Its resource id; nothing where it has none."""
        return getattr(self.noun, "id", "")

    @property
    def declared(self) -> bool:
        """Whether it is a fact that somebody stated of the world outside Azure."""
        return type(self.noun).__name__ in DECLARED

    @property
    def proposed(self) -> bool:
        """Whether it is planned rather than there."""
        return not self.declared and self.noun.origin.proposed

    def subject(self, name: str) -> Subject:
        """As findings have it, under the name that people call it."""
        kind = KINDS[type(self.noun).__name__]
        return Subject(kind, name, self.id, "" if self.cidr is None else str(self.cidr))


class Hit(NamedTuple):
    """Where a rule is broken.

    Parameters
    ----------
    severity : Severity
        One of those that its rule declares.
    effect : Effect
        ``REFUSED`` is told as the refusal of the next change where all sides exist.
    sides : tuple of Side
        Whom it is about, the one to change first.
    message : str
        What was found; it quotes the ranges and their owners.
    remedies : iterable of Remedy
        Ways out, the best first; of those the first that holds when it is tried out is
        told. A generator is only run for hits that are told.
    source : str
        The page that says so, where it is not the rule's own.
    planned : bool
        Whether something is planned that is no side, such as a peering of them.
    """

    severity: Severity
    effect: Effect
    sides: tuple[Side, ...]
    message: str
    remedies: Iterable[Remedy] = ()
    source: str = ""
    planned: bool = False

    @property
    def told_effect(self) -> Effect:
        """What happens: to a plan now, to what exists with the next change of it."""
        planned = self.planned or any(each.proposed for each in self.sides)
        if self.effect is Effect.REFUSED and not planned:
            return Effect.NEXT_CHANGE_REFUSED
        return self.effect

    @property
    def location(self) -> Location | None:
        """Where the first side that was read stands: a plan, else what is there."""
        read = [each for each in self.sides if each.noun.origin.file]
        planned = [each for each in read if each.proposed]
        there = [each for each in read if not each.declared]
        for side in (*planned, *there, *read):
            origin = side.noun.origin
            return Location(origin.file, origin.path, origin.line)
        return None


@dataclass(frozen=True)
class Rule(Described["Body"]):
    """One rule: its id, its function, its page, and the severities that it gives."""

    source: str
    severities: tuple[Severity, ...]


def standing(cluster: Cluster) -> tuple[Severity, Effect]:
    """How bad it is that a cluster has what pages call unsupported.

    A plan is refused. A cluster that is there runs, since Azure has accepted it: what
    pages say today was perhaps not so then.
    """
    if Side(cluster).proposed:
        return Severity.ERROR, Effect.REFUSED
    return Severity.WARNING, Effect.WORKS_BUT


def rule(source: str, *severities: Severity) -> Callable[[Body], Rule]:
    """Make a rule of a function: its name, with hyphens, is the rule's id.

    Parameters
    ----------
    source : str
        The page that imposes it.
    *severities : Severity
        Those that its hits can have, the worst first.
    """

    def made(body: Body) -> Rule:
        name = body.__name__
        return Rule(name.replace("_", "-"), body, source, severities)

    return made
