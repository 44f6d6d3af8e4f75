"""A lock: the ranges that an earlier layout gave, which the next one keeps to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ipplan.cidrs import Cidr

VERSION = 1
"""Of the format of lock files."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What an earlier layout of a plan gave.

    Parameters
    ----------
    plan : str
        The name of the plan.
    ranges : mapping of str to tuple of Cidr
        By resource id: the address space of networks, the prefixes of subnets.
    pod_cidrs, service_cidrs : mapping of str to tuple of Cidr
        By the ids of clusters.
    """

    plan: str
    ranges: Mapping[str, tuple[Cidr, ...]] = field(
        default_factory=dict[str, "tuple[Cidr, ...]"]
    )
    pod_cidrs: Mapping[str, tuple[Cidr, ...]] = field(
        default_factory=dict[str, "tuple[Cidr, ...]"]
    )
    service_cidrs: Mapping[str, tuple[Cidr, ...]] = field(
        default_factory=dict[str, "tuple[Cidr, ...]"]
    )
