"""The ways of clusters to another model, as a plain document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.errors import ArgumentError
from ipplan.inventory.origins import name_of, parent_of
from ipplan.limits import NODE_POD_CIDR
from ipplan.shells import command_line
from ipplan.tables import printable
from ipplan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ipplan.contracts.migrations import (
        BarDocument,
        ClusterMigrationDocument,
        FreedDocument,
        MigrationDocument,
        MigrationTotalsDocument,
        PodCidrDocument,
        StepDocument,
    )
    from ipplan.migrations.results import (
        Bar,
        ClusterMigration,
        Freed,
        Migration,
        PodCidr,
        Step,
    )


def migration_document(
    migration: Migration, given: Mapping[str, Any]
) -> MigrationDocument:
    """The ways of clusters, as the document that ``ipplan migrate`` prints.

    Parameters
    ----------
    migration : Migration
        What was found.
    given : mapping of str to object
        The files and options that were given.

    Examples
    --------
    >>> from datetime import date
    >>> from ipplan import Inventory
    >>> from ipplan.migrations.results import Migration
    >>> found = Migration(Inventory(), date(2026, 11, 28), "cni-overlay")
    >>> migration_document(found, {})["totals"]["clusters"]
    0
    """
    return {
        "kind": "ipplan.migration",
        "version": __version__,
        "as_of": migration.as_of.isoformat(),
        "input": dict(given),
        "to": migration.to,
        "complete": migration.inventory.complete,
        "totals": _totals(migration.clusters),
        "clusters": [_cluster(each) for each in migration.clusters],
        "unknown": list(migration.unknown),
    }


def _totals(clusters: Sequence[ClusterMigration]) -> MigrationTotalsDocument:
    """Each cluster counts once, and freed addresses where they are known."""
    kinds = [each.kind for each in clusters]
    freed = [e.addresses for each in clusters for e in each.freed]
    return {
        "clusters": len(clusters),
        "open": kinds.count("open"),
        "removable": kinds.count("removable"),
        "rebuild": kinds.count("rebuild"),
        "already": kinds.count("already"),
        "unknown": kinds.count("unknown"),
        "freed": sum(each for each in freed if each is not None),
    }


def _cluster(found: ClusterMigration) -> ClusterMigrationDocument:
    deadline = found.deadline
    return {
        "id": found.cluster.id,
        "name": found.name,
        "model": found.cluster.model,
        "to": found.to,
        "way": found.way,
        "kind": found.kind,
        "open": found.open,
        "verdict": found.verdict,
        "bars": [_bar(each) for each in found.bars],
        "pod_cidr": _pod_cidr(found.pod_cidr) if found.pod_cidr else None,
        "freed": [_freed(each) for each in found.freed],
        "steps": [_step(*each) for each in enumerate(found.steps, 1)],
        "outages": list(found.outages),
        "irreversible": list(found.irreversible),
        "changes": list(found.changes),
        "deadline": deadline.value.isoformat() if deadline else None,
        "sources": list(found.sources),
    }


def _bar(bar: Bar) -> BarDocument:
    return {
        "id": bar.id,
        "state": bar.state,
        "text": bar.text,
        "remedy": bar.remedy or None,
        "source": bar.source,
    }


def _pod_cidr(pods: PodCidr) -> PodCidrDocument:
    return {
        "cidr": str(pods.cidr) if pods.cidr else None,
        "kept": pods.kept,
        "nodes": pods.cidr.size // NODE_POD_CIDR.value if pods.cidr else None,
        "needed": pods.needed,
        "words": pods.words,
        "source": pods.source,
    }


def _freed(freed: Freed) -> FreedDocument:
    identity = freed.subnet.id
    return {
        "subnet": identity,
        "name": f"{name_of(parent_of(identity))}/{freed.subnet.name}",
        "before": freed.before,
        "after": freed.after,
        "freed": freed.addresses,
    }


def _step(number: int, step: Step) -> StepDocument:
    return {
        "number": number,
        "text": step.text,
        "commands": [_line(each) for each in step.commands],
        "outage": step.outage or None,
        "reversible": step.reversible,
        "source": step.source or None,
    }


def _line(words: Sequence[str]) -> str:
    """A command as a shell takes it, or a comment in the place of one that can't be."""
    try:
        return command_line(words)
    except ArgumentError as error:
        return f"# no command: {printable(str(error.value))}: {error.allowed}"
