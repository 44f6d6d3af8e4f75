"""What ipplan raises; a legal but bad plan is a Finding and never an exception."""

from __future__ import annotations


class IpplanError(Exception):
    """Any error that is ipplan's own."""


class ArgumentError(IpplanError, ValueError):
    """An impossible argument: its name, the value that came and what is allowed.

    >>> raise ArgumentError("nodes", -1, "a whole number of at least 1")
    Traceback (most recent call last):
    ...
    ipplan.errors.ArgumentError: nodes -1: a whole number of at least 1
    """

    def __init__(self, argument: str, value: object, allowed: str) -> None:
        self.argument = argument
        self.value = value
        self.allowed = allowed
        super().__init__(f"{argument} {value}: {allowed}")


class InventoryError(IpplanError):
    """A file that no reader understands: every problem, each with where it stood."""

    def __init__(self, source: str, problems: list[str]) -> None:
        self.source = source
        self.problems = problems
        super().__init__(source, problems)

    def __str__(self) -> str:
        """A line a problem."""
        return "\n".join(f"{self.source}{problem}" for problem in self.problems)


class UnknownError(InventoryError):
    """A file that is none of ipplan's: no reader knows it, or finds anything in it."""
