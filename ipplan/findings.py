"""What any layer may return about a plan that is legal and bad."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Generic, NamedTuple, TypeVar

Hits = TypeVar("Hits")
"""The function of a rule, by what it looks at."""


class Severity(Enum):
    """How bad it is: refused or certain to break, risky, or worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Effect(Enum):
    """What happens, the worst first."""

    REFUSED = "refused"
    NEXT_CHANGE_REFUSED = "next-change-refused"
    BREAKS_TRAFFIC = "breaks-traffic"
    WORKS_BUT = "works-but"
    INFORMATION = "information"

    @property
    def words(self) -> str:
        """As a heading says it."""
        return _WORDS[self]


_WORDS = {
    Effect.REFUSED: "Azure will refuse this",
    Effect.NEXT_CHANGE_REFUSED: "the next change will be refused",
    Effect.BREAKS_TRAFFIC: "it breaks traffic",
    Effect.WORKS_BUT: "works, but",
    Effect.INFORMATION: "for your information",
}


def described(function: object) -> tuple[str, str]:
    """What a rule's docstring says: in its first line, and behind it.

    Parameters
    ----------
    function : callable
        The rule's function.

    Returns
    -------
    tuple of str
        The summary, and why it matters, a blank line between paragraphs.
    """
    first, _, rest = (function.__doc__ or "").partition("\n")
    parts = [" ".join(each.split()) for each in rest.split("\n\n")]
    return first, "\n\n".join(part for part in parts if part)


@dataclass(frozen=True)
class Described(Generic[Hits]):
    """A rule, of whatever kind: its id, and its function, which describes it.

    Parameters
    ----------
    name : str
        The rule's id.
    hits : callable
        What finds where it is broken; its docstring says what holds, and why.
    """

    name: str
    hits: Hits

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return described(self.hits)[0]

    @property
    def why(self) -> str:
        """The rest of the docstring, a blank line between its paragraphs."""
        return described(self.hits)[1]


class Subject(NamedTuple):
    """What a finding is about.

    Parameters
    ----------
    kind : str
        ``vnet``, ``subnet``, ``peering``, ``cluster``, ``external-range`` and the like.
    name, id : str
        As people call it, and its resource id; the id is empty where it has none.
    cidr : str
        The range of it that matters; empty where none does.
    """

    kind: str
    name: str
    id: str = ""
    cidr: str = ""


class Location(NamedTuple):
    """Where the first subject of a finding stands.

    Parameters
    ----------
    file, path : str
        As the file was named, and the JSON path in it.
    line : int or None
        The line on which it starts, where that can be had.
    """

    file: str
    path: str
    line: int | None = None


class Accepted(NamedTuple):
    """A finding of an earlier run that is not to be told again.

    Parameters
    ----------
    rule, severity, fingerprint : str
        As that run printed them.
    subjects : frozenset of tuples of str
        Id, or name where there is none, and range of each subject.
    """

    rule: str
    severity: str
    fingerprint: str
    subjects: frozenset[tuple[str, str]]


class Finding(NamedTuple):
    """One thing that a rule found.

    Parameters
    ----------
    rule : str
        The rule's id, as ``docs/rules.md`` has it.
    severity : Severity
        An error makes a sizing infeasible; the others do not.
    message : str
        What was found, with its numbers; of a sizing, with a way out.
    source : str
        The page that imposes it.
    effect : Effect or None
        What happens to a network that exists or is planned; a sizing has none.
    subjects : tuple of Subject
        Whom it is about; a sizing is about itself.
    fix : str
        A way out of it that was tried out; empty where none held.
    fingerprint : str
        The same for the same finding, whatever else changes; empty for a sizing.
    location : Location or None
        Where the first subject stands, if that was read from a file.
    """

    rule: str
    severity: Severity
    message: str
    source: str
    effect: Effect | None = None
    subjects: tuple[Subject, ...] = ()
    fix: str = ""
    fingerprint: str = ""
    location: Location | None = None
