"""The page of what belongs to a layout: the rules of its network security groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blocks import table

from ipplan.layouts.belongings.allowances import ALLOWANCES

if TYPE_CHECKING:
    from ipplan.layouts.belongings.allowances import Allowance, Who


def allowances_table() -> str:
    """Every rule, with what lives in the subnets that have it."""
    whose: dict[Allowance, list[str]] = {}
    for purpose, rows in ALLOWANCES.items():
        for row in rows:
            whose.setdefault(row, []).append(f"`{purpose}`")
    header = ("subnets of", "rule", "direction", "from", "to", "protocol and ports")
    found = [(", ".join(whose[row]), *_row(row)) for row in whose]
    return table(header, found)


def _row(row: Allowance) -> tuple[str, ...]:
    protocol = {"*": "any", "Tcp": "TCP", "Udp": "UDP"}[row.protocol]
    ports = "" if row.ports == ("*",) else f" {', '.join(row.ports)}"
    return (
        f"[{row.access.lower()} {row.name}]({row.page})",
        row.direction.lower(),
        _side(row.source),
        _side(row.destination),
        f"{protocol}{ports}",
    )


def _side(side: str | Who) -> str:
    return f"`{side}`" if isinstance(side, str) else side.value
