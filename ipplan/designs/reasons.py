"""Why a network model was chosen or not: limits, features, ends of support, prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from ipplan import limits
from ipplan.checks.settings.retirements import severity_on
from ipplan.counts import counted
from ipplan.features import FEATURES, Support
from ipplan.findings import Severity
from ipplan.models import MODELS, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ipplan.limits import Limit
    from ipplan.models import NetworkModel
    from ipplan.sizing.sizings import Sizing

Kind = Literal["limit", "feature", "retirement", "room", "cost", "advice", "unknown"]

_LACKS = "feature-unsupported"
_FEATURES = frozenset({"features-exclude-each-other"})
_ENDS = frozenset({"feature-retirement", "model-retirement"})
"""Rules of sizing that are told in other words here, or of another kind."""


class Reason(NamedTuple):
    """Why a model was chosen or not.

    Parameters
    ----------
    kind : str
        A limit, a feature, an end of support, room, a price, advice, or what can't be
        known.
    text : str
        The reason with its numbers.
    source : str or None
        The page that says so; None where arithmetic does.
    """

    kind: Kind
    text: str
    source: str | None = None


def errors(sizing: Sizing) -> Iterator[Reason]:
    """The limits and missing features that make a sizing infeasible.

    Examples
    --------
    >>> import ipplan
    >>> plan = ipplan.size(9, needs=["windows"])
    >>> [each.text for each in errors(plan["kubenet"])]
    ['lacks Windows node pools']
    """
    for each in sizing.findings:
        if each.severity is Severity.ERROR and each.rule != _LACKS:
            kind: Kind = "feature" if each.rule in _FEATURES else "limit"
            yield Reason(kind, _plain(each.message), each.source)
    for need in sizing.needs:
        if sizing.model.support(need) is Support.NO:
            feature = FEATURES[need]
            yield Reason("feature", f"lacks {feature.title}", feature.source)


def warnings(sizing: Sizing, as_of: date) -> Iterator[Reason]:
    """What is risky about a sizing, the end of support of its model left out."""
    for each in sizing.findings:
        if each.severity is Severity.WARNING and each.rule not in _ENDS:
            yield Reason("limit", _plain(each.message), each.source)
    systems = {each.os for each in sizing.demand.pools}
    for need in sizing.needs:
        feature = FEATURES[need]
        for row in feature.retirements:
            if row.note.lower() in systems:
                best = FEATURES[feature.instead].title
                what = f"{feature.title} ({row.note})"
                text = f"{_ended(row, what, as_of)}: take {best}"
                yield Reason("retirement", text, row.source)


def _ended(row: Limit[date], what: str, as_of: date) -> str:
    """That support ends or has ended."""
    verb = "ends" if as_of < row.value else "ended"
    return f"Microsoft {verb} its support of {what} on {row.value.isoformat()}"


def _plain(message: str) -> str:
    """A message of sizing without the options of its command, models by their titles.

    Examples
    --------
    >>> _plain("AKS asks for 30: more nodes, or a higher --max-pods")
    'AKS asks for 30: more nodes, or a higher max-pods'
    >>> _plain("a VNet holds 65,536; not bound by it: cni-overlay")
    'a VNet holds 65,536; without that limit: Azure CNI Overlay'
    """
    plain = message.replace("; not bound by it: none that can carry this", "")
    plain = plain.replace("not bound by it", "without that limit")
    plain = plain.replace("--need ", "").replace("--", "")
    for name, model in MODELS.items():
        plain = plain.replace(name, model.title)
    return plain


def is_over(model: NetworkModel, as_of: date) -> bool:
    """Whether the end of support of a model rules it out: where ``check`` has an error.

    Examples
    --------
    >>> from datetime import date
    >>> is_over(MODELS["kubenet"], date(2026, 11, 28))
    False
    """
    row = model.retirement
    return row is not None and severity_on(row.value, as_of) is Severity.ERROR


def retirement(model: NetworkModel, as_of: date) -> Iterator[Reason]:
    """The end of support of a model.

    Examples
    --------
    >>> from datetime import date
    >>> (found,) = retirement(MODELS["kubenet"], date(2026, 11, 28))
    >>> found.text
    'Microsoft ends its support of kubenet on 2028-03-31'
    """
    row = model.retirement
    if row:
        yield Reason("retirement", _ended(row, model.title, as_of), row.source)


def silences(sizing: Sizing, nodes_unknown: str = "") -> Iterator[Reason]:
    """Features that no page says whether the model has, and unknown node counts.

    Parameters
    ----------
    sizing : Sizing
        A cluster under the model.
    nodes_unknown : str
        Why its node count is not known; empty where it is.

    Examples
    --------
    >>> import ipplan
    >>> plan = ipplan.size(9, needs=["virtual-nodes"])
    >>> [each.text for each in silences(plan["cni-dynamic"])]
    ['no page says whether it has virtual nodes (ACI)']
    """
    for need in sizing.needs:
        if sizing.model.support(need) is Support.UNKNOWN:
            text = f"no page says whether it has {FEATURES[need].title}"
            yield Reason("unknown", text, sizing.model.source)
    if nodes_unknown:
        yield Reason("unknown", nodes_unknown)


def price(sizing: Sizing, chosen: Sizing | None) -> Iterator[Reason]:
    """What a model takes of VNets, against what the chosen one takes.

    Examples
    --------
    >>> import ipplan
    >>> found = ipplan.size(9, 30)
    >>> next(price(found["cni-node-subnet"], found["cni-overlay"])).text
    'takes 31 times as many VNet addresses (310 against 10)'
    """
    if not sizing.loads:
        return
    own, pods = int(sizing.vnet_addresses), _own_default(sizing)
    taken = counted(own, "VNet address", "es")
    if chosen:
        taken = _compared(own, int(chosen.vnet_addresses))
    yield Reason("cost", f"takes {taken}{pods}")


def _compared(own: int, other: int) -> str:
    against = f"({own:,} against {other:,})"
    if own == other:
        return f"as many VNet addresses ({own:,})"
    if other and own >= 2 * other:
        more = "" if own % other == 0 else "more than "
        return f"{more}{own // other:,} times as many VNet addresses {against}"
    few = "more" if own > other else "fewer"
    return f"{abs(own - other):,} {few} VNet addresses {against}"


def _own_default(sizing: Sizing) -> str:
    """A default that makes models unequal: where max pods are not stated."""
    if all(each.pool.max_pods is not None for each in sizing.loads):
        return ""
    return f", at its own default of {sizing.model.default_max_pods.value} pods a node"


def advice(model: NetworkModel) -> Reason:
    """What Microsoft's pages say of a model in general.

    Examples
    --------
    >>> advice(MODELS["cni-node-subnet"]).text
    'Microsoft calls it legacy'
    """
    texts = {
        Standing.RECOMMENDED: "Microsoft recommends it in general",
        Standing.SUPPORTED: "Microsoft supports it",
        Standing.LEGACY: "Microsoft calls it legacy",
        Standing.RETIRING: "Microsoft retires it",
    }
    return Reason("advice", texts[model.standing], limits.CNI_OVERVIEW)
