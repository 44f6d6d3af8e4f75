"""Options that commands share, and the text of options as values."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, get_args

import typer

from ipplan.emitters import EMITTERS
from ipplan.errors import ArgumentError
from ipplan.features import FEATURES
from ipplan.findings import Severity
from ipplan.inventory import NodePool, Priority, System
from ipplan.limits import MAX_MAX_PODS, MIN_MAX_PODS
from ipplan.models import MODELS, model_named
from ipplan.renderers import RENDERERS, SCANS
from ipplan.sizing.arguments import max_pods_count
from ipplan.surges import Surge

_WHOLE = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_POWER = re.compile(r"([0-9]{1,9})e([0-9])", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PERCENT = re.compile(r"([0-9]{1,6})%?", re.ASCII)

Nodes = Annotated[
    str | None,
    typer.Option(metavar="N", help="Nodes in all, the autoscaler's maximum."),
]
MaxPods = Annotated[
    str | None,
    typer.Option(
        metavar="N",
        help=f"Pods a node can run, {MIN_MAX_PODS.value} to {MAX_MAX_PODS.value}.",
    ),
]
MaxSurge = Annotated[
    str | None,
    typer.Option(metavar="N|N%", help="Nodes that an upgrade adds.  [default: 10%]"),
]
PodsPerNode = Annotated[
    str | None,
    typer.Option(metavar="N", help="Pods on a node that need an address."),
]
HostNetworkPods = Annotated[
    str | None,
    typer.Option(metavar="N", help="Pods on a node that use the node's address."),
]
OtherRoutes = Annotated[
    str | None,
    typer.Option(metavar="N", help="Routes of the kubenet route table besides nodes'."),
]
Model = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help=f"Network model, repeatable: {', '.join(MODELS)} or all.",
        autocompletion=lambda: [*MODELS, "all"],
    ),
]
Need = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FEATURE",
        help=f"What the cluster needs, repeatable: {', '.join(FEATURES)}.",
        autocompletion=lambda: list(FEATURES),
    ),
]
Files = Annotated[
    list[str],
    typer.Argument(metavar="FILES...", help="Files and folders; - for standard input."),
]
PlanLock = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="What keeps ranges of a plan.  [default: beside the plan]",
    ),
]
Redact = Annotated[
    bool,
    typer.Option(
        "--redact", help="Replace names and ids, and keep ranges: fit to be shared."
    ),
]
Output = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="FORMAT",
        help=f"One of {', '.join(RENDERERS)}.",
        autocompletion=lambda: list(RENDERERS),
    ),
]
ScanOutput = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="FORMAT",
        help=f"One of {', '.join([*RENDERERS, *SCANS])}.",
        autocompletion=lambda: [*RENDERERS, *SCANS],
    ),
]
CodeOutput = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="FORMAT",
        help=f"One of {', '.join(RENDERERS)}; code in {', '.join(EMITTERS)}.",
        autocompletion=lambda: [*RENDERERS, *EMITTERS],
    ),
]
Out = Annotated[
    str | None,
    typer.Option(metavar="PATH", help="Write to a file instead of standard output."),
]
Query = Annotated[
    str | None,
    typer.Option(metavar="JMESPATH", help="Show only what a JMESPath query selects."),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help="The day on which retirements are judged.  [default: today]",
    ),
]
FailOn = Annotated[
    str,
    typer.Option(
        metavar="SEVERITY",
        help="Exit with 1 at findings this bad: error, warning, note or never.",
        autocompletion=lambda: [*(each.value for each in Severity), "never"],
    ),
]


def number(text: str | None) -> Any:
    """Text as the whole number it is; the library says what else is wrong with it.

    >>> number("300"), number("abc")
    (300, 'abc')
    """
    if text is None or not _WHOLE.fullmatch(text):
        return text
    return int(text)


def large(text: str | None) -> Any:
    """Text as the whole number it is, which may be spelled ``1e6`` too.

    >>> large("1e6"), large("10000"), large("1e99")
    (1000000, 10000, '1e99')
    """
    match = _POWER.fullmatch(text or "")
    return int(match[1]) * 10 ** int(match[2]) if match else number(text)


def percentage(text: str | None) -> Any:
    """Growth such as ``20%``.

    >>> percentage("20%")
    20
    """
    match = _PERCENT.fullmatch("0" if text is None else text)
    if not match:
        allowed = "a whole percentage such as 20%"
        raise ArgumentError("--growth", repr(text), allowed)
    return int(match[1])


def day(text: str | None) -> date:
    """A day such as ``2027-04-01``; today where none is given.

    >>> day("2027-04-01")
    datetime.date(2027, 4, 1)
    """
    if text is None:
        return date.today()  # noqa: DTZ011  # the day where the reader is
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        allowed = "a day such as 2027-04-01"
        raise ArgumentError("--as-of", repr(text), allowed) from None


def listed(texts: list[str] | None) -> list[str]:
    """Names that were given one by one or with commas, each once.

    >>> listed(["subnet-size,subnets-overlap", "subnet-size"])
    ['subnet-size', 'subnets-overlap']
    """
    names = [name.strip() for text in texts or [] for name in text.split(",")]
    return list(dict.fromkeys(names))


def names(models: list[str] | None) -> list[str] | None:
    """The models asked for; None for all of them.

    >>> names(["all"]), names(["kubenet", "kubenet"])
    (None, ['kubenet'])
    """
    asked = [model_named(name).name for name in models or [] if name != "all"]
    return None if not models or "all" in models else list(dict.fromkeys(asked))


def given(**options: Any) -> dict[str, Any]:
    """The options that were given, for the echo of the input.

    >>> given(nodes=3, max_pods=None, need=[])
    {'nodes': 3}
    """
    left_out = (None, False)
    return {
        key: value
        for key, value in options.items()
        if value != [] and not any(value is each for each in left_out)
    }


def pool(text: str, usual: NodePool) -> NodePool:
    """A pool such as ``web:nodes=3,max-pods=30``; what it leaves out is as usual.

    >>> pool("web:nodes=3,os=windows", NodePool("", None)).os
    'windows'
    """
    name, colon, rest = text.partition(":")
    pairs = [part.partition("=") for part in rest.split(",")] if rest else []
    keys = [key for key, _, _ in pairs]
    doubled = len(set(keys)) < len(keys)
    if not name or not colon or doubled or not set(keys) <= set(_POOL_KEYS):
        allowed = f"NAME:nodes=N, then any of {', '.join(_POOL_KEYS)} once, with commas"
        raise ArgumentError("--pool", repr(text), allowed)
    values = {_POOL_KEYS[key]: _value(text, key, value) for key, _, value in pairs}
    if values.get("nodes") is None:
        raise ArgumentError("--pool", repr(text), "needs nodes=N")
    return replace(usual, name=name, **values)


_POOL_KEYS = {
    "nodes": "nodes",
    "max-pods": "max_pods",
    "max-surge": "max_surge",
    "os": "os",
    "priority": "priority",
    "subnet": "subnet",
    "pod-subnet": "pod_subnet",
    "pods-per-node": "pods_per_node",
    "host-network-pods": "host_network_pods",
}


def _value(text: str, key: str, value: str) -> Any:
    words = {"os": get_args(System), "priority": get_args(Priority)}.get(key)
    if words and value not in words:
        allowed = f"{key} is {' or '.join(words)}"
        raise ArgumentError("--pool", repr(text), allowed)
    try:
        if key == "max-pods":
            return max_pods_count(number(value))
        return Surge.parse(value) if key == "max-surge" else number(value)
    except ArgumentError as error:
        raise ArgumentError("--pool", repr(text), f"{key}: {error.allowed}") from None
