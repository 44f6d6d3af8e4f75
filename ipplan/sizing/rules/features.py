"""Rules on features: what a model lacks, and what ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan import limits
from ipplan.models import FEATURES, Support
from ipplan.sizing.rules.hits import ALWAYS, Hit, hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.sizing.sizings import Sizing


def feature_unsupported(sizing: Sizing) -> Iterator[Hit]:
    """The model lacks a feature that was asked for."""
    for need in sizing.needs:
        feature = FEATURES[need]
        yield Hit(
            sizing.model.support(need) is Support.NO,
            "{title} has no {feature}",
            {"title": sizing.model.title, "feature": feature.title},
            feature.source,
        )


def retirement(sizing: Sizing) -> Iterator[Hit]:
    """Support for the model, or for a feature asked for, ends."""
    if sizing.model.retirement:
        message = "{title} support ends on {limit:%Y-%m-%d}: move to cni-overlay"
        title = sizing.model.title
        yield hit(ALWAYS, message, sizing.model.retirement, title=title)
    if "network-policy=azure" in sizing.needs:
        message = "Azure NPM ends on {limit:%Y-%m-%d} (Windows: 2026-09-30): use Cilium"
        yield hit(ALWAYS, message, limits.NPM_RETIREMENT)
