"""Every number, date or range that Azure or Kubernetes imposes, and no other place.

A row is all there is to correct: its value, its unit, the page that says so and the
day that page was read. ``basis`` tells a documented number from one that was only
observed and from a margin of our own.
"""

from __future__ import annotations

from typing import Any

from ipplan.limits.clusters import *
from ipplan.limits.networks import *
from ipplan.limits.observations import *
from ipplan.limits.rows import *
from ipplan.limits.sources import *

LIMITS: dict[str, Limit[Any]] = {
    name.lower().replace("_", "-"): row
    for name, row in list(globals().items())
    if isinstance(row, Limit)
}
"""Every row by its name, module by module."""

RULES_AS_OF = max(row.checked for row in LIMITS.values())
"""The day of the newest page that these rows come from."""
