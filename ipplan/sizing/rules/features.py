"""Rules on features: what a model lacks, and what ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.models import FEATURES, RECOMMENDED, Support
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


def model_retirement(sizing: Sizing) -> Iterator[Hit]:
    """Support for the network model ends."""
    if sizing.model.retirement:
        yield hit(
            ALWAYS,
            "{title} support ends on {limit:%Y-%m-%d}: move to {best}",
            sizing.model.retirement,
            title=sizing.model.title,
            best=RECOMMENDED,
        )


def feature_retirement(sizing: Sizing) -> Iterator[Hit]:
    """Support for a feature that was asked for ends."""
    for need in sizing.needs:
        for row in FEATURES[need].retirements:
            yield hit(
                ALWAYS,
                "{title} ends on {limit:%Y-%m-%d} ({system})",
                row,
                title=FEATURES[need].title,
                system=row.note,
            )
