"""What stops a sizing or is worth knowing about it: one function a rule.

A rule's name is its id and its first docstring line its summary; it yields where it
is broken and with which numbers, for one scenario and for arrays of them alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.findings import Severity
from ipplan.sizing.rules import features, nodes, pods, ranges
from ipplan.sizing.rules.hits import Rule

if TYPE_CHECKING:
    from ipplan.sizing.rules.hits import Body


def _rules(severity: Severity, *bodies: Body) -> tuple[Rule, ...]:
    return tuple(
        Rule(body.__name__.replace("_", "-"), body, severity) for body in bodies
    )


RULES: tuple[Rule, ...] = (
    *_rules(
        Severity.ERROR,
        pods.max_pods_out_of_range,
        pods.pods_exceed_max_pods,
        pods.pool_pods_minimum,
        nodes.pool_node_limit,
        nodes.cluster_node_limit,
        nodes.kubenet_route_limit,
        ranges.no_node_subnet_fits,
        ranges.no_pod_range_fits,
        ranges.range_too_small,
        ranges.range_too_large,
        ranges.vnet_address_limit,
        ranges.vnet_free_too_small,
        features.feature_unsupported,
        features.features_exclude_each_other,
    ),
    *_rules(
        Severity.WARNING,
        features.model_retirement,
        features.feature_retirement,
        nodes.azure_npm_node_limit,
        nodes.pool_count_limit,
        nodes.no_nodes,
        pods.pod_ceiling,
        ranges.observed_exceeds_range,
    ),
    *_rules(
        Severity.NOTE,
        ranges.observed_needs_less,
        pods.pods_may_exceed_ceiling,
        pods.windows_max_pods,
        pods.wasteful_max_pods,
        nodes.pools_spread,
        nodes.surge_of_zero,
    ),
)
"""Every rule, in the order in which findings are reported."""

ERRORS = tuple(rule for rule in RULES if rule.severity is Severity.ERROR)
"""The rules that make a sizing infeasible."""
