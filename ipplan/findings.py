"""What any layer may return about a plan that is legal and bad."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Severity(Enum):
    """How bad it is: refused or certain to break, risky, or worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Finding(NamedTuple):
    """One thing that a rule found.

    Parameters
    ----------
    rule : str
        The rule's id, as ``docs/rules.md`` has it.
    severity : Severity
        An error makes a sizing infeasible; the others do not.
    message : str
        What was found, with its numbers, and a way out.
    source : str
        The page that imposes it.
    """

    rule: str
    severity: Severity
    message: str
    source: str
