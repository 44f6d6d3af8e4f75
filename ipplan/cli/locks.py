"""Where the ranges of a plan are kept, and when a lock is written anew."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

from ipplan.cli import printing
from ipplan.errors import ArgumentError, InventoryError
from ipplan.layouts.locks import lock_beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ipplan.cidrs import Cidr
    from ipplan.contracts.layouts import LayoutDocument
    from ipplan.layouts.locks import Lock
    from ipplan.layouts.results import Layout

STANDARD_INPUT = "-"

MOST_GIVEN_UP = 5
"""Of what a new lock gives up, what is told one by one."""


class Kept(NamedTuple):
    """Where ranges are kept, and what is done with them.

    Parameters
    ----------
    path : str or None
        The lock file; None where there is none.
    replan, yes : bool
        Whether it is drawn anew, and whether that is kept.
    """

    path: str | None
    replan: bool
    yes: bool

    @classmethod
    def of(
        cls, plan: str, lock: str | None, *, no_lock: bool, replan: bool, yes: bool
    ) -> Kept:
        """By the options, where they go together."""
        if lock is not None and no_lock:
            raise ArgumentError("--lock", repr(lock), "not with --no-lock")
        if yes and not replan:
            raise ArgumentError("--yes", "given", "with --replan alone")
        if lock in {"", STANDARD_INPUT}:
            raise ArgumentError("--lock", repr(lock), "the name of a file")
        beside = None if plan == STANDARD_INPUT else lock_beside(plan)
        path = None if no_lock else lock or beside
        if replan and path is None:
            allowed = "with a lock: there is nothing that could move without"
            raise ArgumentError("--replan", "given", allowed)
        _refuse(path, plan)
        return cls(path, replan, yes)

    def read(self, plan: str) -> Lock | None:
        """What an earlier layout of a plan gave; None where there is no such lock."""
        from ipplan.readers.locks import read_lock

        return None if self.path is None else read_lock(self.path, plan)

    def keep(
        self, before: Lock | None, found: Layout, document: LayoutDocument
    ) -> None:
        """Write the lock, if that is wanted, it changed, and nothing is wrong in it."""
        if self.path is None or found.lock is None or found.lock == before:
            return
        if self.replan and not self.yes:
            printing.tell("nothing is written: --replan --yes does it")
            return
        if _has_errors(before, found.lock, document):
            printing.tell("the lock is not written while there are errors")
            return
        from ipplan.documents.locks import lock_document

        text = json.dumps(lock_document(found.lock), indent=2) + "\n"
        self.refuse_changes(before, found.lock.plan)
        printing.write(text.encode(), self.path, "--lock")
        printing.tell(f"wrote {self.path}{_given_up(before, found.lock)}")

    def refuse_changes(self, before: Lock | None, plan: str) -> None:
        """Refuse to go on where somebody else has written the lock meanwhile."""
        if self.path is not None and self.read(plan) != before:
            why = " was changed meanwhile: run again"
            raise InventoryError(self.path, [why])


def _refuse(path: str | None, plan: str) -> None:
    """Refuse what can't be a lock: a pipe or a folder, and the plan itself."""
    if path is None:
        return
    from ipplan.readers.files import same_file

    if same_file(path, plan):
        raise ArgumentError("--lock", repr(path), "is the plan")
    # os.path has no quarrel with a name that is too long: reading it says what is wrong
    if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113
        raise ArgumentError("--lock", repr(path), "a lock must be a regular file")


def _entries(lock: Lock | None) -> Iterator[tuple[str, str, Cidr]]:
    """Every range of a lock: whose it is, as what, and the range."""
    if lock is None:
        return
    kinds = ("ranges", ""), ("pod_cidrs", "pods of "), ("service_cidrs", "services of ")
    for name, kind in kinds:
        ranges: Mapping[str, tuple[Cidr, ...]] = getattr(lock, name)
        for identity, found in sorted(ranges.items()):
            yield from ((identity, kind, each) for each in found)


def _has_errors(before: Lock | None, after: Lock, document: LayoutDocument) -> bool:
    """Whether something is wrong with a range that was not kept already.

    Once it is kept, a plan that mends the error does not move it.
    """
    old = {*_entries(before)}
    new = {
        (key, str(one))
        for key, kind, one in _entries(after)
        if (key, kind, one) not in old
    }
    return any(
        (subject["id"], subject["cidr"]) in new
        for each in document["findings"]
        if each["severity"] == "error"
        for subject in each["subjects"]
    )


def _given_up(before: Lock | None, after: Lock) -> str:
    """What nothing is kept for any more, as it is told behind the lock's name."""
    from ipplan.layouts.locks import fitted

    kept = {*_entries(after)}
    old = before and fitted(before, dict.fromkeys(identity for identity, *_ in kept))
    stay = {(identity, kind) for identity, kind, _ in {*_entries(old)} & kept}
    # what has other ranges altogether is told as moved
    moved = {(identity, kind) for identity, kind, _ in kept} - stay
    found = [
        f"{kind}{_label(identity)} {each}"
        for identity, kind, each in _entries(old)
        if (identity, kind, each) not in kept and (identity, kind) not in moved
    ]
    more = len(found) - MOST_GIVEN_UP
    told = [*found[:MOST_GIVEN_UP], *([f"and {more} more"] if more > 0 else [])]
    return f"; given up: {', '.join(told)}" if told else ""


def _label(identity: str) -> str:
    """The name of a network or cluster, or that of a subnet behind its network's."""
    from ipplan.inventory.origins import name_of, parent_of

    home = parent_of(identity)
    return f"{name_of(home)}/{name_of(identity)}" if home else name_of(identity)
