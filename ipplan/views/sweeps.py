"""The report of ``ipplan sweep``: rows as a table, or what all of them show."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from ipplan.counts import counted
from ipplan.documents.sweeps import UNEQUAL
from ipplan.features import Support
from ipplan.models import MODELS
from ipplan.tables import Span, Table, shortened
from ipplan.views.reports import Report, Section, assumed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ipplan.contracts.sweeps import (
        SweepAxisDocument,
        SweepDocument,
        SweepModelDocument,
        SweepPrefixDocument,
    )

LONGEST = 40
"""The spelling of an axis is shortened beyond it. [characters]"""

LEGEND = (
    "fits: cells that run and can still be upgraded; nodes: the most of those; nodes "
    "in, pods in: the prefixes they take; VNet IPs: 5%, half and 95% of them take no "
    "more (of its own cells: other models fit in others); wins: cells in which it "
    "takes the fewest of the models that fit, and of equals is the recommended one"
)

REACH = "direct-pod-access"
"""The feature that a model may lack and still take the fewest addresses."""

PERCENTILES = ("p5", "p25", "p50", "p75", "p95")

SHORT = {
    "max_surge": "surge",
    "feasible": "fits",
    "node_subnet_prefix_length": "nodes in",
    "pod_range_prefix_length": "pods in",
    "vnet_addresses": "VNet IPs",
    "grows_to_nodes": "grows to",
}
"""Columns by other names than their own with blanks."""

ASIDE = (
    "node_subnet_addresses",
    "pod_range_kind",
    "pod_range_addresses",
    "grows_to_bound_by",
)
"""Usual columns that only wide tables show."""

PREFIXES = (
    "node_subnet_prefix_length",
    "pod_range_prefix_length",
    "input_node_subnet",
    "input_pod_subnet",
    "input_pod_cidr",
)
"""Columns of prefix lengths."""


def sweep_report(document: SweepDocument, *, wide: bool = False) -> Report:
    """The report of ``ipplan sweep``."""
    summary, rows = document["summary"], document["rows"]
    if summary is None:
        return Report(document, [_rows(document, wide=wide)], rows or [])
    models = summary["models"]
    last = [
        assumed(document["assumptions"]),
        _how(searched=summary["by_break_points"]),
    ]
    sections = [
        _overview(document, models, wide=wide),
        *_breaks(models),
        *_stops(models),
        *_exhaustion(document, models, wide=wide),
        Section("", Table([]), last),
    ]
    return Report(document, sections, [_record(each) for each in models])


def _question(document: SweepDocument) -> str:
    """What was asked in one line, so that a mistake in it is seen."""
    dimensions = groupby(document["axes"], key=lambda axis: axis["dimension"])
    factors = [_factor(list(axes)) for _, axes in dimensions]
    models = document["models"]
    factors.append(models[0] if len(models) == 1 else f"{len(models)} models")
    where = document["input"].get("where")
    kept = f", where {shortened(str(where), 2 * LONGEST)}" if where else ""
    pods = f"; {UNEQUAL}" if _unequal(document) else ""
    return f"{' x '.join(factors)}: {counted(document['cells'], 'cell')}{kept}{pods}"


def _unequal(document: SweepDocument) -> bool:
    return any(each.startswith(UNEQUAL) for each in document["assumptions"])


def _factor(axes: Sequence[SweepAxisDocument]) -> str:
    told = " with ".join(
        f"{axis['name'].replace('_', ' ')} {shortened(axis['given'], LONGEST)}"
        for axis in axes
    )
    values = axes[0]["values"]
    return f"{told} ({values:,})" if values > 1 else told


def _rows(document: SweepDocument, *, wide: bool) -> Section:
    """The rows as a table; narrow ones leave out what nobody asked for by name."""
    chosen = wide or "columns" in document["input"]
    aside: set[str] = set() if chosen else _aside(document)
    names = [name for name in document["columns"] if name not in aside]
    table = Table(
        [name.replace("_", " ") if wide else _short(name, names) for name in names],
        [[_cell(n, row[n]) for n in names] for row in document["rows"] or []],
        cut=() if wide else (0,),
    )
    more, where = document["more"], document["input"].get("where")
    what = "more cells, as far as the filter keeps them" if where else "more rows"
    sentences = [
        *([f"and {more:,} {what}: --out FILE.csv has all"] if more else []),
        *(["no cell is kept"] if not table.rows else []),
        assumed(document["assumptions"]),
        *([] if chosen else ["every column: -o wide; what all rows show: --summary"]),
    ]
    return Section(_question(document), table, sentences)


def _aside(document: SweepDocument) -> set[str]:
    """Columns that the first line tells already, or that only wide tables show."""
    values = {axis["name"]: axis["values"] for axis in document["axes"]}
    one = {name for name, count in values.items() if count == 1} - {"nodes"}
    if "max_surge" not in values:
        one.add("max_surge")
    if "input_nodes" in document["columns"]:  # the growth that is asked for is there
        one.add("grows_to_nodes")
    return {*ASIDE, *one, *(f"input_{name}" for name in one)}


def _short(name: str, names: Sequence[str]) -> str:
    """A column's short name, told apart from the axis that it came of."""
    axis = name.removeprefix("input_")
    given = " given" if axis != name and axis in names else ""
    return SHORT.get(name, axis.replace("_", " ") + given)


def _cell(name: str, value: Any) -> Any:
    if name == "feasible" and value is None:
        return "unknown"
    if name in PREFIXES and value is not None:
        return f"/{value}"
    return f"{value:.1f}" if isinstance(value, float) else value


def _overview(
    document: SweepDocument, models: Sequence[SweepModelDocument], *, wide: bool
) -> Section:
    """A row a model: how much of it fits, and what that takes."""
    spread = "0-5-25-50-75-95-100%" if wide else "5-50-95%"
    columns = ["model", "fits", "nodes", "nodes in", "pods in"]
    columns += [f"VNet IPs {spread}", "wins"]
    cells = document["cells"] // len(models)
    rows = [
        [
            each["model"],
            _fits(each),
            each["nodes_most"],
            _ends(each["node_subnet_prefixes"]),
            _ends(each["pod_range_prefixes"]),
            _spread(each, wide=wide),
            _percent(each["wins"], cells),
        ]
        for each in models
    ]
    sentences = [
        LEGEND,
        "",
        *_wins(document, models),
        *_unreachable(models),
        *_outgrown(models),
        *(f"unknown: {each['model']}: {t}" for each in models for t in each["unknown"]),
    ]
    return Section(_question(document), Table(columns, rows), sentences)


def _percent(part: int, whole: int) -> str:
    """A share in whole percents, never 0% of something nor 100% of less than all.

    Examples
    --------
    >>> _percent(1, 3), _percent(1, 1000), _percent(999, 1000), _percent(0, 0)
    ('33%', '<1%', '>99%', '-')
    """
    if not whole:
        return "-"
    rounded = (200 * part + whole) // (2 * whole)
    if part and not rounded:
        return "<1%"
    return ">99%" if part < whole and rounded == 100 else f"{rounded}%"  # noqa: PLR2004  # all


def _fits(each: SweepModelDocument) -> str:
    """The share that fits; no more than it where not all can be known."""
    upto = "up to " if each["unknown"] and each["feasible"] else ""
    return f"{upto}{_percent(each['feasible'], each['cells'])}"


def _ends(prefixes: Sequence[SweepPrefixDocument]) -> str:
    lengths = dict.fromkeys(f"/{each['prefix_length']}" for each in prefixes)
    return "-".join([*lengths][:: max(len(lengths) - 1, 1)])


def _spread(each: SweepModelDocument, *, wide: bool) -> str:
    spread: Any = each["vnet_addresses"]
    if spread is None:
        return ""
    keys = ("least", *PERCENTILES, "most") if wide else ("p5", "p50", "p95")
    return "-".join(f"{spread[key]:,}" for key in keys)


def _wins(document: SweepDocument, models: Sequence[SweepModelDocument]) -> list[str]:
    """Which model takes the fewest addresses where, and where none fits."""
    if len(models) == 1:
        return []
    cells = document["cells"] // len(models)
    best = sorted((m for m in models if m["wins"]), key=lambda m: -m["wins"])
    takes = ["takes the fewest VNet IPs in", *["in"] * (len(best) - 1)]
    told = [
        f"{m['model']} {verb} {_percent(m['wins'], cells)}"
        for m, verb in zip(best, takes, strict=False)
    ]
    left = cells - sum(each["wins"] for each in models)
    kept = " or the filter keeps none" if document["input"].get("where") else ""
    none = f"none fits in {_percent(left, cells)}{kept}" if left else ""
    said = "; ".join(text for text in (", ".join(told), none) if text)
    return [f"of {counted(cells, 'combination')} of the axes: {said}"]


def _unreachable(models: Sequence[SweepModelDocument]) -> list[str]:
    """What the models that win cost, where others were there to choose from."""
    lacking = [
        each["model"]
        for each in models
        if each["wins"] and MODELS[each["model"]].support(REACH) is Support.NO
    ]
    if len(models) == 1 or not lacking:
        return []
    who = " and ".join(lacking)
    told = f"pods of {who} are not reachable from outside the cluster; if they must be"
    return [f"{told}: --need {REACH}"]


def _outgrown(models: Sequence[SweepModelDocument]) -> list[str]:
    """How likely a range that was given is too small."""
    told = [
        f"{each['model']} {_percent(each['outgrown'], each['cells'])}"
        for each in models
        if each["outgrown_share"] is not None
    ]
    return (
        [f"too small a range was given: {', '.join(told)} of the cells"] if told else []
    )


def _breaks(models: Sequence[SweepModelDocument]) -> Iterator[Section]:
    """Where a prefix stops being enough, for the nodes and for the pods."""
    fits = [each for each in models if each["feasible"]]
    parts = {
        "Node subnet": {m["model"]: m["node_subnet_prefixes"] for m in fits},
        "Pod subnet or pod CIDR": {
            m["model"]: m["pod_range_prefixes"] for m in fits if m["pod_range_kind"]
        },
    }
    for what, prefixes in parts.items():
        if prefixes:
            title = f"{what}: fewest-most nodes that take each prefix"
            yield Section(title, _prefixes(prefixes))


def _prefixes(prefixes: dict[str, list[SweepPrefixDocument]]) -> Table:
    nodes = {
        (each["prefix_length"], model): _nodes(each)
        for model, found in prefixes.items()
        for each in found
    }
    lengths = sorted({length for length, _ in nodes}, reverse=True)
    rows = [[f"/{n}", *(nodes.get((n, m), "") for m in prefixes)] for n in lengths]
    return Table(["prefix", *prefixes], rows)


def _nodes(each: SweepPrefixDocument) -> str:
    ends = dict.fromkeys((each["nodes_least"], each["nodes_most"]))
    return "-".join(f"{end:,}" for end in ends)


def _stops(models: Sequence[SweepModelDocument]) -> Iterator[Section]:
    """Which rules stop cells of each model, the most frequent first."""
    rows: list[Span] = []
    for each in models:
        refused = sorted(each["refused_by"], key=lambda row: -row["cells"])
        told = [
            f"{_percent(row['cells'], each['cells'])}: {_lower(row['summary'])}"
            for row in refused
        ]
        rows += [
            Span("" if number else each["model"], text)
            for number, text in enumerate(told)
        ]
    if rows:
        yield Section(
            "What stops cells that do not fit: the first rule of each",
            Table(["model", "cells"], rows),
        )


def _lower(sentence: str) -> str:
    """A sentence as a part of one."""
    return sentence[0].lower() + sentence[1:].removesuffix(".")


def _exhaustion(
    document: SweepDocument, models: Sequence[SweepModelDocument], *, wide: bool
) -> Iterator[Section]:
    """The days by which shares of the cells are outgrown."""
    if any(each["exhaustion"] for each in models):
        rows = [_days(each, document["as_of"], wide=wide) for each in models]
        columns = ["model", *(f"{key[1:]}%" for key in PERCENTILES), "never"]
        title = (
            f"When 5% to 95% of the cells have outgrown, from {document['as_of']} on"
        )
        yield Section(title, Table(columns, rows), [*_dates(models, rows)])


def _dates(
    models: Sequence[SweepModelDocument], rows: list[list[str]]
) -> Iterator[str]:
    """What the words among the days say, and which ranges are outgrown."""
    if any("now" in row for row in rows):
        yield "now: too large already, or it does not run at all"
    if any("later" in row for row in rows):
        yield "later: in more than a hundred years"
    free = [each["model"] for each in models if each["outgrown_share"] is None]
    if free:
        yield (
            f"no range of {', '.join(free)} was given: what is outgrown is the "
            "smallest that holds the nodes"
        )


def _days(each: SweepModelDocument, as_of: str, *, wide: bool) -> list[str]:
    """Months, or days in wide tables; now for what is outgrown already."""
    found: Any = each["exhaustion"]
    days: list[str] = []
    for key in PERCENTILES:
        never = int(key[1:]) * each["cells"] > 100 * (each["cells"] - found["never"])
        day = found[key] or ("never" if never else "later")
        days.append("now" if day == as_of else day if wide else day[: len("2026-09")])
    return [each["model"], *days, _percent(found["never"], each["cells"])]


def _how(*, searched: bool) -> str:
    how = "break points, exact" if searched else "a look at every cell"
    return f"worked out by {how}; the cells one by one: without --summary"


def _record(each: SweepModelDocument) -> dict[str, Any]:
    """A row a model, for spreadsheets."""
    nothing = dict.fromkeys(("least", *PERCENTILES, "most"))
    spread: Any = each["vnet_addresses"] or nothing
    ends = each["exhaustion"] or dict.fromkeys((*PERCENTILES, "beyond", "never"))
    subnets, ranges = each["node_subnet_prefixes"], each["pod_range_prefixes"]
    return {
        "model": each["model"],
        "cells": each["cells"],
        "feasible": each["feasible"],
        "feasible_share": each["feasible_share"],
        "wins": each["wins"],
        "nodes_least": each["nodes_least"],
        "nodes_most": each["nodes_most"],
        "node_subnet_prefixes": " ".join(_step(use) for use in subnets),
        "pod_range_prefixes": " ".join(_step(use) for use in ranges),
        **{f"vnet_addresses_{key}": value for key, value in spread.items()},
        "outgrown": each["outgrown"],
        "outgrown_share": each["outgrown_share"],
        **{f"exhaustion_{key}": value for key, value in ends.items()},
        "refused_by": " ".join(f"{r['rule']}={r['cells']}" for r in each["refused_by"]),
        "unknown": "; ".join(each["unknown"]),
    }


def _step(use: SweepPrefixDocument) -> str:
    return f"/{use['prefix_length']}={use['nodes_least']}-{use['nodes_most']}"
