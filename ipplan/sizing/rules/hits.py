"""What a sizing rule is, and what it yields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ipplan.findings import Described, Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ipplan.counts import Mask
    from ipplan.limits import Limit
    from ipplan.sizing.sizings import Sizing

    Body = Callable[["Sizing"], Iterator["Hit"]]

ALWAYS = True
"""Where something holds whatever the numbers are."""


class Hit(NamedTuple):
    """Where a rule is broken, and the message with the numbers to put into it.

    A value that takes long to find is a function: it is only called for a message.
    """

    where: Mask
    message: str
    values: dict[str, Any]
    source: str


@dataclass(frozen=True)
class Rule(Described["Body"]):
    """One rule: its id, the function that finds it, and how bad it is."""

    severity: Severity

    def findings(self, sizing: Sizing) -> Iterator[Finding]:
        """What it finds in one scenario."""
        for hit in self.hits(sizing):
            if hit.where:
                values = {k: v() if callable(v) else v for k, v in hit.values.items()}
                message = hit.message.format(**values)
                yield Finding(self.name, self.severity, message, hit.source)


def hit(where: Mask, message: str, limit: Limit[Any], **values: Any) -> Hit:
    """One place to look at, with the row that imposes it."""
    return Hit(where, message, {"limit": limit.value, **values}, limit.source)
