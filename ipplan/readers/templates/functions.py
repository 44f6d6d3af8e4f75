"""The table of functions, by their names in lower case."""

from __future__ import annotations

from ipplan.readers.templates import (
    arithmetic,
    arrays,
    cidrs,
    ids,
    lambdas,
    lookups,
    texts,
)
from ipplan.readers.templates.signatures import Function, strict
from ipplan.readers.templates.values import Open

_OPEN = strict("", Open)

FUNCTIONS: dict[str, Function] = {
    **arithmetic.FUNCTIONS,
    **arrays.FUNCTIONS,
    **cidrs.FUNCTIONS,
    **ids.FUNCTIONS,
    **lambdas.FUNCTIONS,
    **lookups.FUNCTIONS,
    **texts.FUNCTIONS,
    "deployer": _OPEN,
    "environment": _OPEN,
    "managementgroup": _OPEN,
    "tenant": _OPEN,
}

SETTLED_BY_AZURE = frozenset(
    {
        "datetimeadd",
        "datetimefromepoch",
        "datetimetoepoch",
        "fail",
        "externalinput",
        "getsecret",
        "guid",
        "managementgroupresourceid",
        "newguid",
        "pickzones",
        "providers",
        "tologicalzone",
        "tologicalzones",
        "tophysicalzone",
        "tophysicalzones",
        "uniquestring",
        "utcnow",
    }
)
"""Functions that only a deployment can answer, or none that a network plan needs."""


def settled_by_azure(name: str) -> bool:
    """Whether only a deployment can answer; so it is with every ``list`` function.

    >>> settled_by_azure("listkeys"), settled_by_azure("concat")
    (True, False)
    """
    return name in SETTLED_BY_AZURE or name.startswith("list")
