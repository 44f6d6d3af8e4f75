"""The report of ``ipplan fit``: documents as columns and sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ipplan.tables import Span, Table
from ipplan.views.reports import Report, Section, assumed, findings_shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipplan.contracts.sizes import FitDocument, FitModelDocument


def fit_report(document: FitDocument, *, wide: bool = False) -> Report:
    """The report of ``ipplan fit``."""
    scenario = document["scenarios"][0]
    models = scenario["models"]
    given = document["input"]
    asked = [f"{key.replace('_', ' ')} {_told(value)}" for key, value in given.items()]
    sought = next((each["sought"]["name"] for each in models if each["sought"]), None)
    columns = ["model", "nodes", "without surge", "pods", "stops at"]
    if sought:
        columns.insert(1, f"most {sought.replace('_', ' ')}")
    rows = [_fit_row(each, sought) for each in models]
    sentences = [
        *findings_shown(models, wide=wide),
        assumed(scenario["assumptions"]),
        "nodes: the most that run and can still be upgraded; pods: if they are full",
    ]
    section = Section(", ".join(asked), Table(columns, rows), sentences)
    return Report(document, [section], [_fit_record(each) for each in models])


def _fit_row(each: FitModelDocument, sought: str | None) -> Sequence[Any] | Span:
    errors = [f["message"] for f in each["findings"] if f["severity"] == "error"]
    if errors:
        return Span(each["model"], "no: " + "; ".join(errors))
    if each["unknown"]:
        return Span(each["model"], "unknown: " + "; ".join(each["unknown"]))
    row: list[Any] = [
        each["model"],
        each["max_nodes"],
        each["max_nodes_without_surge"],
        each["max_pods_total"],
        each["bound_by"],
    ]
    if sought and each["sought"]:
        row.insert(1, each["sought"]["value"])
    return row


def _fit_record(each: FitModelDocument) -> dict[str, Any]:
    sought = each["sought"]
    return {
        "model": each["model"],
        "feasible": each["feasible"],
        "max_nodes": each["max_nodes"],
        "max_nodes_without_surge": each["max_nodes_without_surge"],
        "max_pods_total": each["max_pods_total"],
        "bound_by": each["bound_by"],
        "sought_name": sought and sought["name"],
        "sought_value": sought and sought["value"],
        "findings": " ".join(f["rule"] for f in each["findings"]),
    }


def _told(value: Any) -> str:
    if not isinstance(value, list):
        return str(value)
    return ", ".join(str(item) for item in cast("list[Any]", value))
