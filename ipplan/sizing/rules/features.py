"""Rules on features: what a model lacks, and what ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.features import FEATURES, Support
from ipplan.models import MODELS, RECOMMENDED
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
            "{title} lacks {feature}; {others}",
            {
                "title": sizing.model.title,
                "feature": feature.title,
                "others": lambda need=need: _who_has(need),
            },
            feature.source,
        )


def _who_has(need: str) -> str:
    names = [m.name for m in MODELS.values() if m.support(need) is Support.YES]
    return f"{', '.join(names)} {'has' if len(names) == 1 else 'have'} it"


def features_exclude_each_other(sizing: Sizing) -> Iterator[Hit]:
    """Two features that were asked for do not go together."""
    pairs = [
        (need, other)
        for need in sizing.needs
        for other in FEATURES[need].excludes
        if other in sizing.needs
    ]
    pairs += [pair for pair in sizing.model.excludes if set(pair) <= set(sizing.needs)]
    for one, other in pairs:
        yield Hit(
            ALWAYS,
            "{one} does not go with {other}: use clusters of their own",
            {"one": FEATURES[one].title, "other": FEATURES[other].title},
            FEATURES[one].source,
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
                "{title} ends on {limit:%Y-%m-%d} ({system}): --need {instead}",
                row,
                title=FEATURES[need].title,
                system=row.note,
                instead=FEATURES[need].instead,
            )
