"""The page of services: their rows, and those of private and service endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blocks import table

from ipplan.layouts.demands.endpoints import ENDPOINTS, SERVICE_ENDPOINTS
from ipplan.layouts.demands.services import MACHINES, SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.layouts.demands.endpoints import EndpointRow
    from ipplan.layouts.demands.services import ServiceRow
    from ipplan.limits import Limit


def services_table() -> str:
    """What every service takes, and how large its subnet is."""
    header = ("kind", "subnet", "takes", "size", "shares its subnet with", "note")
    return table(header, [_service(row) for row in SERVICES.values()])


def _service(row: ServiceRow) -> tuple[str, ...]:
    return (
        f"[{row.kind}]({row.source})",
        f"**{row.subnet}**" if row.imposed else row.subnet,
        _takes(row) or "–",
        "; ".join(_sizes(row)) or "as needed",
        _company(row),
        row.summary,
    )


def _company(row: ServiceRow) -> str:
    """What may stand beside it."""
    if row.company == MACHINES:
        return MACHINES
    others = [
        f"`{each.kind}`"
        for each in SERVICES.values()
        if row.company and each.company == row.company and each.kind != row.kind
    ]
    return ", ".join(others) or ("its own kind" if row.company else "nothing")


def _takes(row: ServiceRow) -> str:
    """What is counted, what each of it takes, and how many there may be."""
    most = f"up to {row.most.value} {row.unit}s" if row.most else ""
    if not row.each:
        return most
    extra = f" + {row.extra}" if row.extra else ""
    return f"{row.each} for each {row.unit}{extra}{most and f', {most}'}"


def _sizes(row: ServiceRow) -> Iterator[str]:
    if row.advised and row.advised != row.least:
        yield f"{_length(row.advised)} advised"
    if row.least:
        yield f"{_length(row.least)} at the least"
    if row.full and row.most:
        yield f"{_length(row.full)} for {row.most.value} {row.unit}s"
    if row.largest:
        yield f"{_length(row.largest)} at the most"
    if row.largest_overlay:
        yield f"{_length(row.largest_overlay)} at the most with CNI Overlay"


def _length(row: Limit[int]) -> str:
    return f"/{row.value}"


def grounds_table() -> str:
    """What may stand on the subnet of a service."""
    header = ("kind", "delegated to", "security group", "0.0.0.0/0", "IPv6")
    rows = [
        (
            f"`{row.kind}`",
            f"`{row.delegation}`" if row.delegation else "–",
            _mark(known=row.security_group),
            _mark(known=row.default_route),
            _mark(known=row.ipv6),
        )
        for row in SERVICES.values()
    ]
    return table(header, rows)


def _mark(*, known: bool) -> str:
    return "✓" if known else "–"


def endpoints_table() -> str:
    """What a private endpoint of every kind takes, and the zones of its names."""
    header = ("kind", "resource and group id", "takes", "private DNS zone", "note")
    return table(header, [_endpoint(row) for row in ENDPOINTS.values()])


def _endpoint(row: EndpointRow) -> tuple[str, ...]:
    more = f" + {row.replica} for each region more" if row.replica else ""
    least = f"; in a /{row.least.value} or larger" if row.least else ""
    return (
        f"`{row.kind}`",
        f"{row.title}: `{row.resource}`, `{row.group}`",
        f"[{row.takes.value}]({row.takes.source}){more}{least}",
        ", ".join(f"[`{zone}`]({row.source})" for zone in row.zones),
        row.note,
    )


def service_endpoints_table() -> str:
    """Services that subnets can have endpoints of."""
    rows = [
        (f"`{row.name}`", row.title, row.note) for row in SERVICE_ENDPOINTS.values()
    ]
    return table(("service", "what it reaches", "note"), rows)
