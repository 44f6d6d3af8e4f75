"""Baselines: the findings of an earlier ``ipplan check -o json``, to be accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.errors import InventoryError
from ipplan.findings import Accepted, Severity
from ipplan.readers.files import load
from ipplan.readers.readings import as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND = "ipplan.check"

_SEVERITIES = [each.value for each in Severity]


def read_baseline(file: str) -> tuple[Accepted, ...]:
    """The findings in a baseline.

    Parameters
    ----------
    file : str
        What ``ipplan check -o json`` printed; ``-`` is standard input.

    Raises
    ------
    InventoryError
        Where it can't be read, or is something else.
    """
    document = as_object(load(file).document) or {}
    findings = as_list(document.get("findings"))
    if document.get("kind") != KIND or findings is None:
        wrong = f": no baseline: what ipplan check -o json prints has kind {KIND!r}"
        raise InventoryError(file, [wrong])
    return tuple(_accepted(file, findings))


def _accepted(file: str, findings: list[Any]) -> Iterator[Accepted]:
    for number, each in enumerate(findings):
        finding = as_object(each) or {}
        fingerprint, severity = finding.get("fingerprint"), finding.get("severity")
        if not isinstance(fingerprint, str) or severity not in _SEVERITIES:
            wrong = f" .findings[{number}]: no fingerprint, or no severity"
            raise InventoryError(file, [wrong])
        subjects = [as_object(e) or {} for e in as_list(finding.get("subjects")) or ()]
        yield Accepted(
            str(finding.get("rule")),
            severity,
            fingerprint,
            frozenset(
                (str(e.get("id") or e.get("name")), str(e.get("cidr") or ""))
                for e in subjects
            ),
        )
