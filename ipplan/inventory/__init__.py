"""The nouns: what people have, read from files or stated.

Sizing needs pools alone, so nothing else is imported here.
"""

from ipplan.inventory.pools import (
    DEFAULT_SURGE,
    MOST_MAX_PODS,
    NodePool,
    Priority,
    System,
)

__all__ = ["DEFAULT_SURGE", "MOST_MAX_PODS", "NodePool", "Priority", "System"]
