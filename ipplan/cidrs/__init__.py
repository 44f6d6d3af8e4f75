"""CIDRs read strictly, one or many: IPv4 and IPv6, as whole numbers and as arrays.

A CIDR has one spelling of its prefix length and no host bits, and an IPv4 address one
spelling: what is refused here is what other programs read in two ways.
"""

from ipplan.cidrs.aggregates import aggregate, free_blocks
from ipplan.cidrs.cidr import Cidr
from ipplan.cidrs.columns import Cidrs, parse_cidrs
from ipplan.cidrs.joins import linked_pairs
from ipplan.cidrs.nexts import next_free
from ipplan.cidrs.overlaps import (
    count_overlaps,
    has_overlap,
    longest_match,
    overlapping_pairs,
)
from ipplan.cidrs.spellings import IPV4

__all__ = [
    "IPV4",
    "Cidr",
    "Cidrs",
    "aggregate",
    "count_overlaps",
    "free_blocks",
    "has_overlap",
    "linked_pairs",
    "longest_match",
    "next_free",
    "overlapping_pairs",
    "parse_cidrs",
]
