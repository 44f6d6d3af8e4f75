"""What every reader gives: what a file held, and what of it could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipplan.inventory import Cluster


@dataclass(frozen=True, slots=True)
class Skipped:
    """An object that could not be read: where it stood, and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file held.

    Parameters
    ----------
    clusters : tuple of Cluster
        In the order of the file.
    skipped : tuple of Skipped
        Objects that are no clusters, or broken ones.
    complete : bool
        False where the file says that more pages follow, or a cluster is broken.
    """

    clusters: tuple[Cluster, ...]
    skipped: tuple[Skipped, ...]
    complete: bool
