"""Every page that something rests on: what for, and the day it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ipplan.limits import AKS, LIMITS, READ

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


class Source(NamedTuple):
    """A page that something rests on.

    Parameters
    ----------
    url : str
        Its address.
    used_for : tuple of str
        Ids of rules, names of limits, and what else rests on it.
    checked : date or None
        The day as of which it was read; None where that is not written down.
    """

    url: str
    used_for: tuple[str, ...]
    checked: date | None


def sources(uses: Iterable[tuple[str | None, str]]) -> tuple[Source, ...]:
    """The pages behind some uses, each once, by address.

    Parameters
    ----------
    uses : iterable of tuples of str
        A page, or None for what no page says, and what rests on it.

    Examples
    --------
    >>> (found,) = sources([("https://learn.microsoft.com/azure/aks/faq", "a choice")])
    >>> found.used_for, found.checked.isoformat()
    (('a choice', 'node-group-name'), '2026-08-21')
    """
    found: dict[str, dict[str, None]] = {}
    for page, use in uses:
        if page:
            found.setdefault(page, {})[use] = None
    for name, row in LIMITS.items():
        if row.source in found:
            found[row.source][name] = None
    return tuple(
        Source(page, tuple(found[page]), _read_on(page)) for page in sorted(found)
    )


def _read_on(page: str) -> date | None:
    """The day a page was read: the newest that a row says; AKS's pages were together.

    Examples
    --------
    >>> _read_on(f"{AKS}/update-azure-cni").isoformat(), _read_on("https://example.org")
    ('2026-08-21', None)
    """
    days = [row.checked for row in LIMITS.values() if row.source == page]
    days += [READ] if page.startswith(f"{AKS}/") else []
    return max(days, default=None)
