"""``python -m benchmarks.address_plan``: write the address plan of an invented company.

It never changes from run to run; the file is committed, so that figures of different
days are figures of the same data.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ipplan.cidrs import Cidr

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).parent / "data" / "address_plan.csv"
ROWS = 10_000

REGIONS = [Cidr(4, 10 << 24 | region << 20, 12) for region in range(16)]
"""Each region has a /12, with its hub in front and spokes behind."""

HUB = (22, [26, 26, 27, 28])
"""A VNet and its subnets: firewall, Bastion, gateway, DNS."""

SPOKES = [
    (23, [26, 28]),
    (22, [24, 26, 27]),
    (22, [25, 26, 27, 28]),
    (21, [24, 25, 26, 28]),
    (20, [22, 24, 26, 27]),
    (20, [23, 24, 26, 27, 28]),
]
"""Kinds of spokes: for virtual machines and databases first, then for AKS."""

SLOT = 1 << 32 - 24
"""A subnet begins where a /24 does, so that it can grow. [addresses]"""


class Plan(NamedTuple):
    """Prefixes of VNets, and their subnets."""

    spaces: list[str]
    subnets: list[str]


def plan() -> Plan:
    """What the file holds."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return Plan(*([cidr for kind, cidr in rows if kind == each] for each in KINDS))


KINDS = ("space", "subnet")


def rows() -> Iterator[tuple[str, Cidr]]:
    """Every VNet with its subnets, region by region, as if one were added at a time."""
    chance = random.Random(2026)  # noqa: S311  # nothing is secret
    ends = [region.first for region in REGIONS]
    while True:
        region = chance.randrange(len(REGIONS))
        new = ends[region] == REGIONS[region].first
        length, subnets = HUB if new else chance.choice(SPOKES)
        size = 1 << 32 - length
        first = -(-ends[region] // size) * size
        # Now and then a space is left for what is to grow.
        ends[region] = first + size * chance.choice([1, 1, 1, 1, 2])
        yield "space", Cidr(4, first, length)
        yield from (("subnet", each) for each in inside(first, subnets, chance))


def inside(first: int, lengths: list[int], chance: random.Random) -> Iterator[Cidr]:
    """Subnets, largest first, each in slots of its own; some were never made."""
    for length in lengths:
        if chance.random() < 0.9:
            yield Cidr(4, first, length)
        first += max(1 << 32 - length, SLOT)


def write() -> None:
    """Write as many rows as the goals are about, in no order."""
    every = rows()
    chosen = [next(every) for _ in range(ROWS)]
    random.Random(2027).shuffle(chosen)  # noqa: S311  # likewise
    FILE.parent.mkdir(exist_ok=True)
    with FILE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(chosen)


if __name__ == "__main__":
    write()
