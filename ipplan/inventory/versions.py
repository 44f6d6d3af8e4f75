"""Versions of Kubernetes, as Azure spells them."""

from __future__ import annotations

import re

_VERSION = re.compile(r"v?([0-9]{1,3})\.([0-9]{1,3})(\.|$)", re.ASCII)


def version_of(text: str | None) -> tuple[int, int] | None:
    """Major and minor of a version of Kubernetes; None where it says none.

    Examples
    --------
    >>> version_of("1.27.3"), version_of("v1.27"), version_of("rapid"), version_of(None)
    ((1, 27), (1, 27), None, None)
    """
    match = _VERSION.match(text or "")
    return (int(match[1]), int(match[2])) if match else None


def is_from(text: str | None, first: str) -> bool | None:
    """Whether a version of Kubernetes is some other or newer; None if not known.

    Examples
    --------
    >>> [is_from(each, "1.33") for each in ("1.33", "1.32.9", "2.0", None, "latest")]
    [True, False, True, None, None]
    """
    found, least = version_of(text), version_of(first)
    return None if found is None or least is None else found >= least
