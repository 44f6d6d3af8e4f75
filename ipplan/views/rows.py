"""Rows as reports: the models, the limits, and whatever a query leaves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from ipplan.features import FEATURES, Support
from ipplan.limits import CLUSTER_NODES, LIMITS, Limit
from ipplan.models import MODELS, Takes
from ipplan.prefixes import BITS
from ipplan.tables import Table, cell
from ipplan.views.reports import RULES_MONTH, Report, Section, Sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipplan.models import NetworkModel


def models_report(*, wide: bool = False) -> Report:
    """The report of ``ipplan models``."""
    records = [_model_record(model) for model in MODELS.values()]
    if wide:
        return Report(records, [Section("", _whole(records))], records)
    sources = Sources()
    columns = ["model", "pods in", "a node takes", "max pods", "nodes", "", ""]
    keys = ["model", "pods_live_in", "node_takes", "default_max_pods", "most_nodes"]
    rows = [
        [
            *(record[key] for key in keys),
            record["standing"],
            sources.mark(record["source"]),
        ]
        for record in records
    ]
    sentences = [
        "max pods: the default; nodes: the most; features and egress: -o wide",
        *sources.lines(),
        f"rules of {RULES_MONTH}",
    ]
    return Report(records, [Section("", Table(columns, rows), sentences)], records)


def _whole(records: Sequence[dict[str, Any]]) -> Table:
    columns = [column.replace("_", " ") for column in records[0]]
    return Table(columns, [list(record.values()) for record in records])


def _model_record(model: NetworkModel) -> dict[str, Any]:
    limit = model.route_limit
    takes = {
        Takes.NODE: f"a /{BITS + 1 - model.block.bit_length()}",
        Takes.MAX_PODS: f"blocks of {model.block}",
        Takes.RUNNING_PODS: f"batches of {model.block}",
    }[model.takes]
    lacks = [need for need in FEATURES if model.support(need) is Support.NO]
    unsure = [need for need in FEATURES if model.support(need) is Support.UNKNOWN]
    return {
        "model": model.name,
        "title": model.title,
        "pods_live_in": model.home.value,
        "node_takes": "1 + max pods" if model.block == 1 else takes,
        "default_max_pods": model.default_max_pods.value,
        "most_nodes": limit.value if limit else CLUSTER_NODES.value,
        "spare": model.spare,
        "standing": f"ends {model.retirement.value:%Y-%m}"
        if model.retirement
        else model.standing.value,
        "egress_source": model.egress_source,
        "lacks": ", ".join(lacks),
        "unknown": ", ".join(unsure),
        "source": model.source,
    }


def limits_report(names: Sequence[str] = (), *, wide: bool = False) -> Report:
    """The report of ``ipplan limits``; notes are told of the limits that are named."""
    records = [_limit_record(name, LIMITS[name]) for name in names or LIMITS]
    if wide:
        return Report(records, [Section("", _whole(records))], records)
    sources = Sources()
    columns = ["limit", "value", "unit", "basis", ""]
    rows = [
        [
            record["limit"],
            _short(record["value"]),
            record["unit"],
            record["basis"],
            sources.mark(record["source"]),
        ]
        for record in records
    ]
    notes = [f"{r['limit']}: {_said(r)}" for r in records if names and _said(r)]
    sentences = [*notes, *sources.lines(), f"rules of {RULES_MONTH}; notes: -o wide"]
    table = Table(columns, rows, cut=(1, 2))
    return Report(records, [Section("", table, sentences)], records)


def _short(value: Any) -> str:
    """A value as a table shows it: of several ranges the first, and how many more."""
    first, *others = cell(value).split(", ")
    return f"{first} +{len(others)}" if others else first


def _said(record: dict[str, Any]) -> str:
    """What there is to say of a limit: all of several ranges, and its note."""
    value = cell(record["value"])
    parts = [value if ", " in value else "", record["note"]]
    return "; ".join(part for part in parts if part)


def _limit_record(name: str, row: Limit[Any]) -> dict[str, Any]:
    value = row.value if isinstance(row.value, int) else row.text
    return {
        "limit": name,
        "value": value,
        "unit": row.unit,
        "basis": row.basis,
        "checked": row.checked.isoformat(),
        "note": row.note,
        "source": row.source,
    }


def data_report(data: Any) -> Report:
    """Whatever a query leaves, as rows where it has rows."""
    items = cast("list[Any]", data if isinstance(data, list) else [data])
    records: list[dict[str, Any]] = [
        item if isinstance(item, dict) else {"result": item}
        for item in items
        if item is not None
    ]
    columns = list(dict.fromkeys(key for record in records for key in record))
    rows = [[_flat(record.get(key)) for key in columns] for record in records if record]
    flat = [{key: _flat(record.get(key)) for key in columns} for record in records]
    return Report(data, [Section("", Table(columns or ["result"], rows))], flat)


def _flat(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value
