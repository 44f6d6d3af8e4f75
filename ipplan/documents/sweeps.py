"""Sweeps, their rows and their summaries as plain documents."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, cast

from ipplan.inventory import DEFAULT_SURGE
from ipplan.limits import RULES_AS_OF
from ipplan.models import MODELS, Home
from ipplan.sizing.rules import ERRORS
from ipplan.sweeps.axes import AXES, SURGE
from ipplan.sweeps.columns import default_pods
from ipplan.sweeps.dimensions import Samples
from ipplan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ipplan.contracts.sweeps import (
        SweepAxisDocument,
        SweepDocument,
        SweepExhaustionDocument,
        SweepModelDocument,
        SweepPrefixDocument,
        SweepSpreadDocument,
        SweepSummaryDocument,
    )
    from ipplan.sweeps.dimensions import Dimension, Values
    from ipplan.sweeps.grids import Grid
    from ipplan.sweeps.outcomes import (
        Exhaustion,
        ModelSummary,
        PrefixUse,
        Spread,
        Summary,
    )
    from ipplan.sweeps.sweeps import Sweep

UNEQUAL = "each model's own default max pods, so pods are not equal"
"""What is assumed where models are compared at other max pods than each other's."""

FEW = 5
"""Values that are told one by one."""


def sweep_document(  # noqa: PLR0913  # all but the first two go by name
    sweep: Sweep,
    given: Mapping[str, Any],
    *,
    rows: Mapping[str, list[Any]] | None,
    more: int,
    summary: Summary | None,
    as_of: date,
) -> SweepDocument:
    """A sweep as the document that ``ipplan sweep`` prints.

    Parameters
    ----------
    sweep : Sweep
        What was asked.
    given : mapping
        The options, as they were spelled.
    rows : mapping of str to list, or None
        The rows to show, by column.
    more : int
        Cells behind them. [-]
    summary : Summary or None
        What all rows show.
    as_of : date
        The day that months count from.

    Examples
    --------
    >>> from datetime import date
    >>> from ipplan.sweeps.sweeps import sweep
    >>> found = sweep(nodes="10,20", model="kubenet", columns=["nodes"])
    >>> sweep_document(found, {"nodes": "10,20"}, rows=found.head(2), more=0,
    ...                summary=None, as_of=date(2026, 9, 1))["rows"]
    [{'nodes': 10}, {'nodes': 20}]
    """
    grid = sweep.grid
    columns = [] if rows is None else [*rows]
    return {
        "kind": "ipplan.sweep",
        "version": __version__,
        "rules_as_of": RULES_AS_OF.isoformat(),
        "as_of": as_of.isoformat(),
        "input": dict(given),
        "cells": sweep.cells,
        "models": [model.name for model in grid.models],
        "axes": [*_axes(grid, given)],
        "assumptions": [*_assumptions(grid)],
        "columns": columns,
        "rows": None
        if rows is None
        else [
            dict(zip(columns, row, strict=True))
            for row in zip(*rows.values(), strict=True)
        ],
        "more": more,
        "summary": None if summary is None else _summary(summary, grid, as_of),
    }


def _axes(grid: Grid, given: Mapping[str, Any]) -> Iterator[SweepAxisDocument]:
    for number, each in enumerate(grid.dimensions):
        for name in each.names:
            came = given.get(name)
            yield {
                "name": name,
                "unit": AXES[name].unit,
                "values": each.size,
                "given": came if isinstance(came, str) else _told(grid, each, name),
                "dimension": number,
            }


def _told(grid: Grid, dimension: Dimension, name: str) -> str:
    """Values that came otherwise than as text: all of a few, the ends of many."""
    if isinstance(dimension, Samples):
        return str(dict(dimension.distributions)[name])
    values: Any = cast("Values", dimension).flat[name]
    if name == SURGE and grid.surges is not None:
        labels = [grid.surges.labels[int(code)] for code in values[:FEW]]
        return ",".join(labels) + (",..." if values.size > FEW else "")
    if values.size > FEW:
        return f"{values.min()} to {values.max()}"
    return ",".join(str(value) for value in values.tolist())


def _default_pods(grid: Grid) -> Iterator[str]:
    own = default_pods(grid)
    if len(own) == 1:
        yield f"max pods {own[0]} (the model's default)"
    elif own:
        yield f"{UNEQUAL}: compare with --max-pods"


def _assumptions(grid: Grid) -> Iterator[str]:
    names, constants = grid.names, grid.constants
    yield from _default_pods(grid)
    if SURGE not in names:
        yield f"surge {DEFAULT_SURGE} (AKS default)"
    if "pods_per_node" not in names:
        yield "full nodes"
    if "host_network_pods" not in names:
        yield "no host-network pods"
    if "extra_addresses" not in names:
        yield "no other resources in the subnets"
    if constants.get("blue_green"):
        yield "every pool twice (blue/green)"
    if constants.get("other_routes"):
        yield f"{constants['other_routes']} other routes in the route table"
    for each in grid.dimensions:
        if isinstance(each, Samples):
            yield f"{each.count:,} samples of seed {each.seed}"


def _summary(summary: Summary, grid: Grid, as_of: date) -> SweepSummaryDocument:
    return {
        "by_break_points": summary.by_break_points,
        "models": [_model(each, grid, as_of) for each in summary.models],
    }


def _model(each: ModelSummary, grid: Grid, as_of: date) -> SweepModelDocument:
    summaries = {rule.name: rule.summary for rule in ERRORS}
    home = MODELS[each.model].home
    ranges = {Home.NODE_SUBNET, home}  # which have axes of their names
    bounded = any(kind.value.replace("-", "_") in grid.names for kind in ranges)
    spread, left = each.vnet_addresses, each.months_left
    return {
        "model": each.model,
        "cells": each.cells,
        "feasible": each.feasible,
        "feasible_share": _share(each.feasible, each.cells),
        "unknown": list(each.unknown),
        "refused_by": [
            {"rule": name, "summary": summaries[name], "cells": cells}
            for name, cells in each.refused_by
        ],
        "wins": each.wins,
        "nodes_least": each.nodes_least,
        "nodes_most": each.nodes_most,
        "node_subnet_prefixes": [_prefix(use) for use in each.node_prefixes],
        "pod_range_kind": _KINDS.get(home),
        "pod_range_prefixes": [_prefix(use) for use in each.pod_prefixes],
        "vnet_addresses": None if spread is None else _spread(spread),
        "outgrown": each.outgrown,
        "outgrown_share": _share(each.outgrown, each.cells) if bounded else None,
        "exhaustion": None if left is None else _exhaustion(left, as_of),
    }


_KINDS: dict[Home, Literal["pod-subnet", "pod-cidr"]] = {
    Home.POD_SUBNET: "pod-subnet",
    Home.POD_CIDR: "pod-cidr",
}


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _prefix(use: PrefixUse) -> SweepPrefixDocument:
    return {
        "prefix_length": use.length,
        "cells": use.cells,
        "nodes_least": use.nodes_least,
        "nodes_most": use.nodes_most,
    }


def _spread(spread: Spread) -> SweepSpreadDocument:
    p5, p25, p50, p75, p95 = spread.percentiles
    return {
        "least": spread.least,
        "p5": p5,
        "p25": p25,
        "p50": p50,
        "p75": p75,
        "p95": p95,
        "most": spread.most,
    }


def _exhaustion(left: Exhaustion, as_of: date) -> SweepExhaustionDocument:
    p5, p25, p50, p75, p95 = (
        None if days is None else _day(as_of, days) for days in left.days
    )
    return {
        "p5": p5,
        "p25": p25,
        "p50": p50,
        "p75": p75,
        "p95": p95,
        "beyond": left.beyond,
        "never": left.never,
    }


def _day(as_of: date, days: int) -> str | None:
    """So many days later; None behind the last day that has a date."""
    try:
        return (as_of + timedelta(days)).isoformat()
    except OverflowError:
        return None
