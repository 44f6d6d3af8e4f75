"""check(): every rule over one inventory, and for each finding a way out that holds."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ipplan.checks.proofs import Found, proven
from ipplan.checks.surveys import Survey
from ipplan.checks.unknowns import unknowns
from ipplan.checks.unrelated import unrelated
from ipplan.errors import ArgumentError
from ipplan.findings import Effect, Finding, Severity
from ipplan.garbage import uncollected

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from ipplan.checks.capacity.capacities import Capacity
    from ipplan.checks.rules import Rule
    from ipplan.checks.unknowns import Unknown
    from ipplan.checks.unrelated import Unrelated
    from ipplan.inventory.estates import Inventory

FINGERPRINT = 32
"""Hexadecimal digits of a fingerprint. [characters]"""


class Checkup(NamedTuple):
    """What a check found.

    Parameters
    ----------
    inventory : Inventory
        What was checked.
    as_of : date
        The day on which retirements were judged.
    findings : tuple of Finding
        By what happens, the worst first; then by severity, and in the order of rules.
    unknown : tuple of Unknown
        What could not be judged, and why.
    unrelated : Unrelated
        Overlaps that do not matter.
    capacities : tuple of Capacity
        What each subnet and pod CIDR in use holds at creation, at the maximum, during
        an upgrade and while a pool is rotated.
    untried : int
        Findings for which there was no time to try ways out.
    """

    inventory: Inventory
    as_of: date
    findings: tuple[Finding, ...]
    unknown: tuple[Unknown, ...]
    unrelated: Unrelated
    capacities: tuple[Capacity, ...]
    untried: int = 0

    def count(self, severity: Severity) -> int:
        """Findings of a severity."""
        return sum(each.severity is severity for each in self.findings)


def check(
    inventory: Inventory,
    *,
    as_of: date,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> Checkup:
    """Say which overlaps, limits and settings matter, and why.

    Parameters
    ----------
    inventory : Inventory
        As :func:`ipplan.read_inventory` gives it.
    as_of : date
        The day on which retirements are judged.
    select, ignore : iterable of str
        Ids of rules: those alone that are looked at, and those that are not.

    Returns
    -------
    Checkup
        Findings with the fixes that held when they were tried out: after them the
        finding is gone, and no rule finds anything new that has an effect.

    Raises
    ------
    ArgumentError
        For an id that no rule has.

    Examples
    --------
    >>> from datetime import date
    >>> from ipplan import Cidr, Inventory, Subnet, VNet
    >>> home = "/subscriptions/s/resourcegroups/g/providers/microsoft.network"
    >>> home += "/virtualnetworks/spoke"
    >>> outside = Subnet(f"{home}/subnets/aks", "aks", (Cidr.parse("10.2.0.0/24"),))
    >>> vnet = VNet(home, "spoke", (Cidr.parse("10.1.0.0/16"),), (outside,))
    >>> found = check(Inventory((vnet,)), as_of=date(2026, 11, 1))
    >>> [each.rule for each in found.findings]
    ['subnet-outside-vnet']
    """
    survey = Survey(inventory, as_of)
    rules = _chosen(select, ignore)
    with uncollected():
        return _checked(survey, rules)


def _checked(survey: Survey, rules: Collection[Rule]) -> Checkup:
    """What the rules that were chosen find, with fixes that all rules let hold."""
    everything = look(survey)
    found = [each for each in everything if each.rule in rules]
    fixes = proven(survey, found, everything, look)
    findings = worst_first(_findings(survey, found, fixes))
    return Checkup(
        survey.inventory,
        survey.as_of,
        tuple(findings),
        tuple(unknowns(survey)),
        unrelated(survey, everything),
        survey.capacities,
        sum(each is None for each in fixes.values()),
    )


def look(survey: Survey) -> list[Found]:
    """What every rule finds, in their order."""
    from ipplan.checks import RULES

    return [Found(rule, hit) for rule in RULES for hit in rule.hits(survey)]


def _chosen(select: Iterable[str], ignore: Iterable[str]) -> Collection[Rule]:
    from ipplan.checks import RULES

    by_name = {each.name: each for each in RULES}
    wanted, unwanted = list(select), set(ignore)
    for argument, names in (("select", wanted), ("ignore", unwanted)):
        for name in names:
            if name not in by_name:
                allowed = f"a rule: {', '.join(by_name)}"
                raise ArgumentError(argument, repr(name), allowed)
    chosen = [by_name[each] for each in wanted or by_name if each not in unwanted]
    if not chosen:
        raise ArgumentError("ignore", repr(", ".join(unwanted)), "leaves no rule")
    return chosen


def _findings(
    survey: Survey, found: list[Found], fixes: dict[int, str | None]
) -> Iterable[Finding]:
    seen: Counter[str] = Counter()
    for number, (rule, hit) in enumerate(found):
        subjects = tuple(each.subject(survey.called(each.noun)) for each in hit.sides)
        key = found[number].key
        seen[key] += 1
        yield Finding(
            rule=rule.name,
            severity=hit.severity,
            message=hit.message,
            source=hit.source or rule.source,
            effect=hit.told_effect,
            subjects=subjects,
            fix=fixes.get(number) or "",
            fingerprint=_fingerprint(key, seen[key]),
            location=hit.location,
        )


def _fingerprint(key: str, count: int) -> str:
    """A digest of a finding's rule, subjects and ranges; a second one counts on."""
    text = key if count == 1 else f"{key}\n{count}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[
        :FINGERPRINT
    ]


_EFFECTS = {effect: number for number, effect in enumerate(Effect)}
_SEVERITIES = {severity: number for number, severity in enumerate(Severity)}


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by what happens, then by how bad it is.

    Examples
    --------
    >>> worst_first([])
    []
    """
    return sorted(findings, key=_order)


def _order(finding: Finding) -> tuple[int, int]:
    effect = finding.effect or Effect.INFORMATION
    return _EFFECTS[effect], _SEVERITIES[finding.severity]
