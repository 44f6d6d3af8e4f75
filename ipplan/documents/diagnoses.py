"""Diagnoses of error texts as plain documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.limits import RULES_AS_OF
from ipplan.version import __version__

if TYPE_CHECKING:
    from ipplan.contracts.diagnoses import (
        DiagnosisDocument,
        ErrorDocument,
        ReadingDocument,
    )
    from ipplan.diagnosis.diagnoses import Diagnosis
    from ipplan.diagnosis.readings import Reading
    from ipplan.diagnosis.texts import AzureError


def diagnosis_document(diagnosis: Diagnosis) -> DiagnosisDocument:
    """A diagnosis as the document that ``ipplan explain`` prints.

    Examples
    --------
    >>> from ipplan import explain
    >>> diagnosis_document(explain("(SubnetIsFull)"))["error"]["code"]
    'SubnetIsFull'
    """
    return {
        "kind": "ipplan.explain",
        "version": __version__,
        "rules_as_of": RULES_AS_OF.isoformat(),
        "error": _error(diagnosis.error),
        "checked_by": diagnosis.checked_by,
        "meaning": diagnosis.meaning,
        "readings": [_reading(each) for each in diagnosis.readings],
        "more_readings": diagnosis.more_readings,
        "notes": list(diagnosis.notes),
        "remedies": list(diagnosis.remedies),
        "rules": list(diagnosis.rules),
        "others": list(diagnosis.others),
        "source": diagnosis.source,
    }


def _error(error: AzureError) -> ErrorDocument:
    return {
        "code": error.code,
        "preallocated": error.preallocated,
        "available": error.available,
        "subnet": error.subnet,
        "subnet_name": error.subnet_name,
        "target": error.target,
        "ranges": list(error.ranges),
    }


def _reading(reading: Reading) -> ReadingDocument:
    return {
        "model": reading.models[0],
        "models": list(reading.models),
        "range": reading.home.value,
        "nodes": reading.nodes,
        "max_pods": reading.max_pods,
        "per_node": reading.per_node,
        "pools": [{"nodes": n, "max_pods": pods} for n, pods in reading.pools],
        "formula": reading.formula,
        "period": reading.period,
        "likelihood": reading.likelihood,
        "source": reading.source,
    }
