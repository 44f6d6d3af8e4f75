"""Names and ids as other tools spell them, in the spelling of the ARM API."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from ipplan.inventory.origins import normal_id, resource_group_of
from ipplan.readers.readings import Skipped, step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SNAKE = re.compile(r"_([A-Za-z0-9])")
_CAPITALS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]")
_CUT_OFF = re.compile(
    r"@\{.*|\s+|(?:System\.(?:Object|Collections|String)"
    r"|Microsoft\.(?:Azure|WindowsAzure)\.[A-Z])[^/]*",
    re.DOTALL,
)


def camel(name: str) -> str:
    """A PascalCase or snake_case name in camelCase; abbreviations are one word.

    Examples
    --------
    >>> camel("VnetSubnetID"), camel("APIServerAccessProfile"), camel("IPRules")
    ('vnetSubnetID', 'apiServerAccessProfile', 'ipRules')
    >>> camel("max_pods"), camel("addressPrefix"), camel("ID")
    ('maxPods', 'addressPrefix', 'id')
    """
    joined = _SNAKE.sub(lambda match: match[1].upper(), name)
    first = _CAPITALS.match(joined)
    return joined if first is None else first[0].lower() + joined[first.end() :]


def is_cut_off(text: str) -> bool:
    """Whether PowerShell wrote a type in the place of a value it had no room for.

    Examples
    --------
    >>> is_cut_off("System.Collections.Generic.List`1[System.String]")
    True
    >>> is_cut_off("Microsoft.Network/virtualNetworks"), is_cut_off("10.0.0.0/8")
    (False, False)

    Windows PowerShell leaves nothing but blanks of an object in a list.

    >>> is_cut_off("@{AddressPrefixes=System.Object[]}"), is_cut_off("  ")
    (True, True)
    """
    return _CUT_OFF.fullmatch(text) is not None


def type_of(identity: object) -> str:
    """The resource type that an id says, in lower case; nothing where it is no id.

    Examples
    --------
    >>> type_of("/subscriptions/s/resourceGroups/g/providers/Microsoft.Network"
    ...         "/virtualNetworks/hub/subnets/aks")
    'microsoft.network/virtualnetworks/subnets'

    An extension of a cluster is no cluster.

    >>> type_of("/subscriptions/s/resourcegroups/g/providers/Microsoft.ContainerService"
    ...         "/managedClusters/a/providers/Microsoft.Insights/diagnosticSettings/d")
    'microsoft.insights/diagnosticsettings'
    """
    text = normal_id(identity) if isinstance(identity, str) else ""
    _, found, last = text.rpartition("/providers/")
    namespace, *pairs = last.split("/")
    whole = found and all([namespace, *pairs]) and len(pairs) % 2 == 0 and pairs
    return "/".join([namespace, *pairs[::2]]) if whole else ""


def id_of(kind: str, names: Sequence[str], subscription: str, group: str) -> str:
    """A resource id in lower case, made of names.

    Parameters
    ----------
    kind : str
        The resource type.
    names : sequence of str
        Of the resource, after those of its parents: one for each part of the type.
    subscription, group : str
        Ids or names, or words that stand for them.

    Returns
    -------
    str
        A slash in a name, which no Azure name has, is an underscore in it.

    Examples
    --------
    >>> id_of("Microsoft.Network/virtualNetworks", ["Hub"], "s1", "rg")
    '/subscriptions/s1/resourcegroups/rg/providers/microsoft.network/virtualnetworks/hub'
    """
    namespace, *types = kind.split("/")
    flat = [name.replace("/", "_") for name in (subscription, group, *names)]
    pairs = "".join(
        f"/{each}/{name}" for each, name in zip(types, flat[2:], strict=True)
    )
    made = f"/subscriptions/{flat[0]}/resourcegroups/{flat[1]}/providers/{namespace}"
    return f"{made}{pairs}".lower()


def unsaid(what: str, file: str) -> str:
    """Words that stand for what a file does not say.

    Examples
    --------
    >>> unsaid("subscription", "exports/vnets.csv")
    '<subscription of vnets.csv>'
    """
    return f"<{what} of {PurePath(file).name}>"


def said_group(identity: str) -> str:
    """The resource group of an id, where that is not what a file does not say.

    Examples
    --------
    >>> said_group("/subscriptions/s/resourcegroups/rg/providers/x")
    'rg'
    >>> said_group("/subscriptions/s/resourcegroups/<resource group of a>/providers/x")
    ''
    """
    group = resource_group_of(identity) or ""
    return "" if "<" in group else group


def other(where: str, kind: str) -> Skipped:
    """A resource of a type that is none of ipplan's business."""
    return Skipped(where, f"a {kind}, not a network or cluster")


def indexed(items: Iterable[object], where: str = "") -> Iterator[tuple[str, object]]:
    """Each item with its JSON path.

    Examples
    --------
    >>> list(indexed("ab", ".value"))
    [('.value[0]', 'a'), ('.value[1]', 'b')]
    """
    return ((where + step(index), item) for index, item in enumerate(items))
