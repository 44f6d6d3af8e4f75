"""Where a noun comes from, what was passed over, and what a resource id says."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Evidence = Literal["observed", "proposed"]
"""What Azure has accepted, or a plan of what will be."""


class Origin(NamedTuple):
    """Where a noun was read.

    Parameters
    ----------
    file : str
        As it was named; ``-`` is standard input.
    path : str
        JSON path in it, such as ``[3].subnets[0]``.
    line : int or None
        The line on which it starts, where that can be had.
    evidence : {"observed", "proposed"}
        Whether Azure has accepted it (az, Resource Graph, Terraform state), or it is
        a plan (template, Terraform plan, YAML).
    """

    file: str = ""
    path: str = ""
    line: int | None = None
    evidence: Evidence = "observed"

    @property
    def proposed(self) -> bool:
        """Whether it is planned rather than there."""
        return self.evidence == "proposed"


class Skipped(NamedTuple):
    """An object that was not read.

    Parameters
    ----------
    where : str
        File and JSON path; readers leave the file out.
    reason : str
        What came, and what is allowed.
    broken : bool
        Whether it should have been read, rather than being none of ipplan's business.
    """

    where: str
    reason: str
    broken: bool = False


class Contradiction(NamedTuple):
    """Two files that say different things of one object.

    Parameters
    ----------
    id : str
        The object's resource id.
    field : str
        What they differ in.
    kept, other : str
        The value that counts, and the one that does not, each with where it stood.
    """

    id: str
    field: str
    kept: str
    other: str


_SUBSCRIPTION = re.compile(r"/subscriptions/([^/]+)")
_GROUP = re.compile(r"/resourcegroups/([^/]+)", re.IGNORECASE)
_CHILDREN = frozenset({"subnets", "virtualnetworkpeerings", "agentpools"})
"""Types whose resources are part of another."""


LONGEST_ID = 2_048
"""Ids beyond it are a mistake in a file. [characters]"""

_WHOLE = re.compile(
    r"/subscriptions/[^/]+/resourcegroups/[^/]+/providers/[^/]+(?:/[^/]+/[^/]+)+"
)


def is_resource_id(identity: str) -> bool:
    """Whether an id in lower case names one resource: pairs of types and names.

    Examples
    --------
    >>> home = "/subscriptions/s/resourcegroups/g/providers/microsoft.network"
    >>> is_resource_id(f"{home}/virtualnetworks/v"), is_resource_id(home)
    (True, False)
    """
    return len(identity) <= LONGEST_ID and bool(_WHOLE.fullmatch(identity))


def normal_id(text: str) -> str:
    """A resource id as ids are compared: in lower case, without a slash at its end.

    Examples
    --------
    >>> normal_id("/subscriptions/S/resourceGroups/RG/")
    '/subscriptions/s/resourcegroups/rg'
    """
    return text.strip().rstrip("/").lower()


def subscription_of(identity: str) -> str | None:
    """The subscription of a resource id; None where it says none, or stands for one.

    Examples
    --------
    >>> subscription_of("/subscriptions/s1/resourcegroups/rg"), subscription_of("x")
    ('s1', None)
    """
    match = _SUBSCRIPTION.match(identity)
    return None if match is None or "<" in match[1] else match[1]


def resource_group_of(identity: str) -> str | None:
    """The resource group of a resource id; None where it says none.

    Examples
    --------
    >>> resource_group_of("/subscriptions/s1/resourcegroups/rg/providers/x")
    'rg'
    """
    match = _GROUP.search(identity)
    return match[1] if match else None


def name_of(identity: str) -> str:
    """The last part of a resource id.

    Examples
    --------
    >>> name_of("/subscriptions/s1/resourcegroups/rg")
    'rg'
    """
    return identity.rpartition("/")[2]


def parent_of(identity: str) -> str:
    """The VNet or cluster of the id of a subnet, peering or pool; else nothing.

    Examples
    --------
    >>> parent_of("/providers/microsoft.network/virtualnetworks/hub/subnets/aks")
    '/providers/microsoft.network/virtualnetworks/hub'
    """
    parent, _, kind = identity.rpartition("/")[0].rpartition("/")
    return parent if kind in _CHILDREN else ""


def zone_of(identity: str) -> str:
    """The private DNS zone of the id of a virtual network link; else nothing.

    Examples
    --------
    >>> zone_of("/x/privatednszones/contoso.internal/virtualnetworklinks/hub")
    '/x/privatednszones/contoso.internal'
    """
    zone, found, _ = identity.partition("/virtualnetworklinks/")
    return zone if found else ""
