"""The matrix of ranges and what is around them, as documents have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.designs.cells import RELATIONS
from ipplan.designs.relations import relations

if TYPE_CHECKING:
    from ipplan.contracts.reports import CellDocument, RelationDocument
    from ipplan.designs.cells import Cell, Row
    from ipplan.designs.studies import Study


def relation_documents(study: Study) -> tuple[list[str], list[RelationDocument]]:
    """The columns of the matrix, and its rows.

    Parameters
    ----------
    study : Study
        What it is about.

    Examples
    --------
    >>> from datetime import date
    >>> from ipplan import Inventory
    >>> from ipplan.designs.studies import study
    >>> columns, rows = relation_documents(
    ...     study(Inventory(), "nothing", as_of=date(2026, 11, 28))
    ... )
    >>> columns[0], rows
    ('own VNet', [])
    """
    return list(RELATIONS), [_row(each) for each in relations(study)]


def _row(row: Row) -> RelationDocument:
    cells = zip(RELATIONS, row.cells, strict=True)
    return {
        "cidr": "" if row.cidr is None else str(row.cidr),
        "kind": row.kind,
        "owners": list(row.owners),
        "cells": [_cell(name, each) for name, each in cells],
        "reuse": row.reuse.text,
        "reuse_source": row.reuse.source,
    }


def _cell(relation: str, cell: Cell) -> CellDocument:
    return {
        "relation": relation,
        "verdict": cell.verdict,
        "text": cell.text,
        "rules": list(cell.rules),
    }
