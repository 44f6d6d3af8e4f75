"""The JSON that is promised: one class a document, printed by ``ipplan schema``.

The type checkers hold :mod:`ipplan.documents` to these classes. They are imported at
run time only to make a schema or to read a document back, since making them takes
longer than sizing a cluster does.
"""

from __future__ import annotations

from typing import Any

from ipplan.contracts.checks import CheckDocument
from ipplan.contracts.diagnoses import DiagnosisDocument
from ipplan.contracts.inventories import InventoryDocument
from ipplan.contracts.layouts import LayoutDocument
from ipplan.contracts.maps import MapDocument
from ipplan.contracts.migrations import MigrationDocument
from ipplan.contracts.nexts import NextDocument
from ipplan.contracts.reports import ReportDocument
from ipplan.contracts.rules import RuleDocument
from ipplan.contracts.sizes import FitDocument, SizeDocument
from ipplan.contracts.sweeps import SweepDocument

DOCUMENTS: dict[str, Any] = {
    "size": SizeDocument,
    "fit": FitDocument,
    "sweep": SweepDocument,
    "inventory": InventoryDocument,
    "check": CheckDocument,
    "layout": LayoutDocument,
    "next": NextDocument,
    "map": MapDocument,
    "report": ReportDocument,
    "migrate": MigrationDocument,
    "explain": DiagnosisDocument,
    "rule": RuleDocument,
}
"""Every document by the command that prints it; ``explain`` prints rules as well."""
