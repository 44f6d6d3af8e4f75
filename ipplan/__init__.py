"""IP address capacity planning for Azure Kubernetes Service (AKS).

The public names are loaded when they are first used, so ``import ipplan`` costs next
to nothing.
"""

from __future__ import annotations

from ipplan.version import __version__

TYPE_CHECKING = False  # as typing has it, which would cost more than all the rest
if TYPE_CHECKING:
    from typing import Any

    from ipplan.checks.checkups import Checkup, check
    from ipplan.cidrs import (
        Cidr,
        Cidrs,
        aggregate,
        count_overlaps,
        free_blocks,
        has_overlap,
        linked_pairs,
        longest_match,
        overlapping_pairs,
        parse_cidrs,
    )
    from ipplan.designs.studies import Study, study, study_of_layout
    from ipplan.diagnosis.diagnoses import Diagnosis, explain
    from ipplan.documents.maps import map_document
    from ipplan.documents.reports import report_document
    from ipplan.emitters import emit
    from ipplan.errors import ArgumentError, InventoryError, IpplanError
    from ipplan.features import FEATURES
    from ipplan.findings import Finding, Severity
    from ipplan.inventory.clusters import Cluster
    from ipplan.inventory.estates import Inventory
    from ipplan.inventory.externals import AddressPool, Client, ExternalRange, Group
    from ipplan.inventory.networks import Peering, Subnet, VNet
    from ipplan.inventory.pools import NodePool
    from ipplan.inventory.redacting import redacted
    from ipplan.layouts.layouts import lay_out
    from ipplan.layouts.locks import Lock
    from ipplan.layouts.nexts import next_ranges
    from ipplan.layouts.plans import LayoutPlan
    from ipplan.layouts.redacting import redacted_layout
    from ipplan.layouts.results import Layout
    from ipplan.limits import LIMITS, RULES_AS_OF, Limit
    from ipplan.migrations.migrations import migrate
    from ipplan.migrations.results import Migration
    from ipplan.models import MODELS, NetworkModel
    from ipplan.prefixes import place, prefix_for, usable
    from ipplan.readers.estates import read_inventory
    from ipplan.readers.layouts import read_layout_plan
    from ipplan.readers.scenarios import read_scenarios
    from ipplan.renderers.charts import draw
    from ipplan.renderers.maps import draw_map
    from ipplan.renderers.reports import write_report
    from ipplan.sizing.columns import Columns, size_columns
    from ipplan.sizing.combinations import size_cluster, size_pods
    from ipplan.sizing.fits import Fit, Fits, fit
    from ipplan.sizing.growth import Bound
    from ipplan.sizing.plans import Plan, size
    from ipplan.sizing.sizings import Sizing
    from ipplan.surges import Surge
    from ipplan.sweeps.sweeps import Sweep, sweep
    from ipplan.usages import SubnetUse, usage
    from ipplan.views.charts import chart_of
    from ipplan.writers import write_sweep

_HOMES = {
    "AddressPool": "inventory.externals",
    "ArgumentError": "errors",
    "Bound": "sizing.growth",
    "Checkup": "checks.checkups",
    "Cidr": "cidrs",
    "Cidrs": "cidrs",
    "Client": "inventory.externals",
    "Cluster": "inventory.clusters",
    "Columns": "sizing.columns",
    "Diagnosis": "diagnosis.diagnoses",
    "ExternalRange": "inventory.externals",
    "FEATURES": "features",
    "Finding": "findings",
    "Fit": "sizing.fits",
    "Fits": "sizing.fits",
    "Group": "inventory.externals",
    "Inventory": "inventory.estates",
    "InventoryError": "errors",
    "IpplanError": "errors",
    "LIMITS": "limits",
    "Layout": "layouts.results",
    "LayoutPlan": "layouts.plans",
    "Limit": "limits",
    "Lock": "layouts.locks",
    "MODELS": "models",
    "Migration": "migrations.results",
    "NetworkModel": "models",
    "NodePool": "inventory.pools",
    "Peering": "inventory.networks",
    "Plan": "sizing.plans",
    "RULES_AS_OF": "limits",
    "Severity": "findings",
    "Sizing": "sizing.sizings",
    "Study": "designs.studies",
    "Subnet": "inventory.networks",
    "SubnetUse": "usages",
    "Surge": "surges",
    "Sweep": "sweeps.sweeps",
    "VNet": "inventory.networks",
    "aggregate": "cidrs",
    "chart_of": "views.charts",
    "check": "checks.checkups",
    "count_overlaps": "cidrs",
    "draw": "renderers.charts",
    "draw_map": "renderers.maps",
    "emit": "emitters",
    "explain": "diagnosis.diagnoses",
    "fit": "sizing.fits",
    "free_blocks": "cidrs",
    "has_overlap": "cidrs",
    "lay_out": "layouts.layouts",
    "linked_pairs": "cidrs",
    "longest_match": "cidrs",
    "map_document": "documents.maps",
    "migrate": "migrations.migrations",
    "next_ranges": "layouts.nexts",
    "overlapping_pairs": "cidrs",
    "parse_cidrs": "cidrs",
    "place": "prefixes",
    "prefix_for": "prefixes",
    "read_inventory": "readers.estates",
    "read_layout_plan": "readers.layouts",
    "read_scenarios": "readers.scenarios",
    "redacted": "inventory.redacting",
    "redacted_layout": "layouts.redacting",
    "report_document": "documents.reports",
    "size": "sizing.plans",
    "size_cluster": "sizing.combinations",
    "size_columns": "sizing.columns",
    "size_pods": "sizing.combinations",
    "study": "designs.studies",
    "study_of_layout": "designs.studies",
    "sweep": "sweeps.sweeps",
    "usable": "prefixes",
    "usage": "usages",
    "write_report": "renderers.reports",
    "write_sweep": "writers",
}

__all__ = [
    "FEATURES",
    "LIMITS",
    "MODELS",
    "RULES_AS_OF",
    "AddressPool",
    "ArgumentError",
    "Bound",
    "Checkup",
    "Cidr",
    "Cidrs",
    "Client",
    "Cluster",
    "Columns",
    "Diagnosis",
    "ExternalRange",
    "Finding",
    "Fit",
    "Fits",
    "Group",
    "Inventory",
    "InventoryError",
    "IpplanError",
    "Layout",
    "LayoutPlan",
    "Limit",
    "Lock",
    "Migration",
    "NetworkModel",
    "NodePool",
    "Peering",
    "Plan",
    "Severity",
    "Sizing",
    "Study",
    "Subnet",
    "SubnetUse",
    "Surge",
    "Sweep",
    "VNet",
    "__version__",
    "aggregate",
    "chart_of",
    "check",
    "count_overlaps",
    "draw",
    "draw_map",
    "emit",
    "explain",
    "fit",
    "free_blocks",
    "has_overlap",
    "lay_out",
    "linked_pairs",
    "longest_match",
    "map_document",
    "migrate",
    "next_ranges",
    "overlapping_pairs",
    "parse_cidrs",
    "place",
    "prefix_for",
    "read_inventory",
    "read_layout_plan",
    "read_scenarios",
    "redacted",
    "redacted_layout",
    "report_document",
    "size",
    "size_cluster",
    "size_columns",
    "size_pods",
    "study",
    "study_of_layout",
    "sweep",
    "usable",
    "usage",
    "write_report",
    "write_sweep",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        message = f"module 'ipplan' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    value = getattr(import_module(f"ipplan.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Every public name, loaded or not."""
    return sorted(__all__)
