"""What a demand takes under each network model, and what given ranges hold."""

from ipplan.sizing.arguments import demand_of
from ipplan.sizing.demands import Demand
from ipplan.sizing.fits import Fit, Fits, fit
from ipplan.sizing.growth import Bound, Growth
from ipplan.sizing.loads import Load, Range
from ipplan.sizing.plans import Plan, Recommendation, size
from ipplan.sizing.rules import RULES, Rule
from ipplan.sizing.sizings import Observed, Sizing

__all__ = [
    "RULES",
    "Bound",
    "Demand",
    "Fit",
    "Fits",
    "Growth",
    "Load",
    "Observed",
    "Plan",
    "Range",
    "Recommendation",
    "Rule",
    "Sizing",
    "demand_of",
    "fit",
    "size",
]
