"""What ``ipplan sweep`` prints."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict


class SweepAxisDocument(TypedDict):
    """What varies."""

    name: str
    """As the columns spell it."""
    unit: str
    """Of its values; empty where they have none."""
    values: int
    """How many there are."""
    given: str
    """As they were spelled, or from the least to the most."""
    dimension: int
    """Axes of one dimension go together row by row; others multiply."""


class SweepRefusalDocument(TypedDict):
    """What stops cells."""

    rule: str
    """The rule's id."""
    summary: str
    """What it says."""
    cells: int
    """Cells that it is the first to stop."""


class SweepPrefixDocument(TypedDict):
    """A prefix length that feasible cells take."""

    prefix_length: int
    """The smallest range that fits, or the one given."""
    cells: int
    """Feasible cells that take it."""
    nodes_least: int
    """Fewest nodes of those cells, growth included."""
    nodes_most: int
    """Most nodes of those cells: one more may take the next larger range."""


class SweepSpreadDocument(TypedDict):
    """How addresses are spread over feasible cells."""

    least: int
    """The cheapest cell."""
    p5: int
    """5 percent of the cells take no more; by nearest rank, as the others."""
    p25: int
    """25 percent take no more."""
    p50: int
    """Half of them take no more."""
    p75: int
    """75 percent take no more."""
    p95: int
    """95 percent take no more."""
    most: int
    """The dearest cell."""


class SweepExhaustionDocument(TypedDict):
    """The days by which shares of the cells outgrow their ranges."""

    p5: str | None
    """5 percent have by then; null where never, or in more than a hundred years."""
    p25: str | None
    """25 percent have by then."""
    p50: str | None
    """Half of them have by then."""
    p75: str | None
    """75 percent have by then."""
    p95: str | None
    """95 percent have by then."""
    beyond: int
    """Cells that do in more than a hundred years."""
    never: int
    """Cells that never do."""


class SweepModelDocument(TypedDict):
    """All cells of one network model in a few numbers."""

    model: str
    """The name of the model."""
    cells: int
    """Cells that the filter keeps."""
    feasible: int
    """Cells that no rule stops."""
    feasible_share: float | None
    """Feasible of all; null where there is no cell."""
    unknown: list[str]
    """What can't be known, each with what to state."""
    refused_by: list[SweepRefusalDocument]
    """What stops the others, in the order of the rules."""
    wins: int
    """Cells in which it takes the fewest VNet addresses of the models that fit."""
    nodes_least: int | None
    """Fewest nodes of feasible cells, growth included; null where there is none."""
    nodes_most: int | None
    """Most nodes of feasible cells."""
    node_subnet_prefixes: list[SweepPrefixDocument]
    """Of feasible cells, the smallest subnet first."""
    pod_range_kind: Literal["pod-subnet", "pod-cidr"] | None
    """Null where pods live in the node subnet."""
    pod_range_prefixes: list[SweepPrefixDocument]
    """Of feasible cells, the smallest range first."""
    vnet_addresses: SweepSpreadDocument | None
    """Addresses of nodes, pods and extras in the VNet; null where nothing fits."""
    outgrown: int
    """Cells that a range that was given is too small for."""
    outgrown_share: float | None
    """The probability of outgrowing it; null where none was given, or no cell."""
    exhaustion: SweepExhaustionDocument | None
    """Null where no growth a year was given."""


class SweepSummaryDocument(TypedDict):
    """What all cells show."""

    by_break_points: bool
    """Whether it took no look at every cell; it is exact either way."""
    models: list[SweepModelDocument]
    """One for each model."""


class SweepDocument(TypedDict):
    """What ``ipplan sweep -o json`` prints."""

    kind: Literal["ipplan.sweep"]
    """Tells this document from others."""
    version: str
    """Of ipplan."""
    rules_as_of: str
    """The day of the newest page behind the rules."""
    as_of: str
    """The day that months count from."""
    input: dict[str, Any]
    """The options that were given."""
    cells: int
    """Combinations of all axes and models, before any filter."""
    models: list[str]
    """The network models, the slowest of the axes."""
    axes: list[SweepAxisDocument]
    """What varies besides; the last one is the fastest."""
    assumptions: list[str]
    """What was taken for granted."""
    columns: list[str]
    """Keys of the rows; empty where there are none."""
    rows: list[dict[str, Any]] | None
    """A row a cell that the filter keeps; null beside a summary."""
    more: int
    """Cells behind the rows shown: with a filter some of them may be no rows."""
    summary: SweepSummaryDocument | None
    """Null unless asked for."""
