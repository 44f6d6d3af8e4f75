"""The report of ``ipplan size``: documents as columns and sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.counts import counted
from ipplan.features import Support
from ipplan.limits import RESERVED_ADDRESSES
from ipplan.models import MODELS
from ipplan.tables import Span, Table
from ipplan.views.reports import (
    Report,
    Section,
    Sources,
    assumed,
    findings_shown,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipplan.contracts.sizes import (
        RangeDocument,
        SizeDocument,
        SizeModelDocument,
        SizeScenarioDocument,
    )


WIDEST_CELL = 12
"""Beyond it, several prefixes are counted rather than listed. [characters]"""

GROWING = ("growth", "add_nodes", "blue_green")
"""Options that make more nodes than the pods need."""

VERDICTS = ("model-retirement",)
"""Rules whose finding stands in the verdict already."""

MOST_COMBINATIONS = 3
"""Combinations of nodes and max pods that are shown of a model."""


def size_report(document: SizeDocument, *, wide: bool = False) -> Report:
    """The report of ``ipplan size``."""
    scenarios = document["scenarios"]
    pods = document["input"].get("pods")
    explained = any(each["explanation"] for s in scenarios for each in s["models"])
    if pods is not None and not wide and not explained:
        sections = [_combinations(scenarios, pods, document["input"])]
    else:
        sections = [_size_section(each, wide=wide) for each in scenarios]
    records = [
        _size_record(scenario, each)
        for scenario in scenarios
        for each in scenario["models"]
    ]
    return Report(document, sections, records)


def _size_section(scenario: SizeScenarioDocument, *, wide: bool) -> Section:
    models = sorted(
        scenario["models"],
        key=lambda each: (not each["feasible"], each["vnet_addresses"] or 0),
    )
    best = scenario["recommendation"]
    name = best["model"] if best and len(models) > 1 else None
    table = _wide_size(models, name) if wide else _short_size(models, name)
    explained = _explained(models)
    sentences = [
        *([] if explained else findings_shown(models, wide=wide, said=VERDICTS)),
        *(_seen(models) if wide else []),
        *(_unknown(models) if wide else []),
        *explained,
        assumed(scenario["assumptions"]),
        "",
        *_advice(scenario),
    ]
    return Section(_question(scenario), table, sentences)


def _question(scenario: SizeScenarioDocument) -> str:
    """The question in one line, so that a mistake in it is seen."""
    now = f" (now {scenario['current_model']})" if scenario["current_model"] else ""
    name = f"{scenario['cluster']}{now}: " if scenario["cluster"] else ""
    pools = scenario["pools"]
    nodes, surge = (scenario["models"][0][key] for key in ("nodes", "surge_nodes"))
    if nodes is None or surge is None:
        return f"{name}unknown {'; '.join(_unknown_to_all(scenario['models']))}"
    count = f"{len(pools)} pools, " if len(pools) > 1 else ""
    surges = ", ".join(dict.fromkeys(pool["max_surge"] for pool in pools))
    twice = ", every pool twice" if any(pool["copies"] > 1 for pool in pools) else ""
    peak = f"{counted(nodes, 'node')} + {surge:,} at upgrade (surge {surges}{twice})"
    return f"{name}{count}{peak}, {_densities(scenario, nodes)}"


def _densities(scenario: SizeScenarioDocument, nodes: int) -> str:
    stated = {pool["max_pods"] for pool in scenario["pools"]}
    if len(stated) > 1:
        return "max pods as each pool has it"
    used = {each["max_pods"] for each in scenario["models"]}
    most = used.pop()
    if used or most is None:
        return "each model's own default max pods: pods are not equal"
    carried = nodes // scenario["pools"][0]["copies"] * most
    return f"{counted(most, 'pod')} a node: up to {counted(carried, 'pod')}"


def _short_size(models: Sequence[SizeModelDocument], best: str | None) -> Table:
    columns = [
        "model",
        "node subnet",
        "pods live in",
        "VNet IPs",
        "grows to",
        "verdict",
    ]
    rows: list[Sequence[Any] | Span] = []
    shared = _unknown_to_all(models)
    for each in models:
        reason = _why_not(each, shared)
        if reason:
            rows.append(Span(each["model"], reason))
            continue
        subnets = [_subnet(subnet) for subnet in each["node_subnets"]]
        homes = [_home(kept) for kept in each["pod_ranges"]] or ["node subnet"]
        numbers = each["vnet_addresses"], each["grows_to"]["nodes"]
        shown = _several(subnets), _several(homes)
        rows.append([each["model"], *shown, *numbers, _verdict(each, best)])
    return Table(columns, rows)


def _several(texts: Sequence[str]) -> str:
    """One range whole, two by their prefixes, more by their number."""
    if len(texts) == 1:
        return texts[0]
    prefixes = " ".join(text.split()[0] for text in texts)
    return prefixes if len(prefixes) <= WIDEST_CELL else f"{len(texts)} ranges"


def _subnet(subnet: RangeDocument) -> str:
    return (
        f"/{subnet['prefix_length']} {subnet['addresses']:,}+{RESERVED_ADDRESSES.value}"
    )


def _home(kept: RangeDocument) -> str:
    kind = "pod CIDR" if kept["kind"] == "pod-cidr" else "pod subnet"
    return f"/{kept['prefix_length']} {kind}"


def _why_not(each: SizeModelDocument, known: Sequence[str] = ()) -> str:
    """Why a model can't do it, but for what is said of all models in one line."""
    errors = [f["message"] for f in each["findings"] if f["severity"] == "error"]
    if errors:
        return "no: " + "; ".join(errors)
    own = [text for text in each["unknown"] if text not in known]
    return ": ".join(["unknown", *own]) if each["unknown"] else ""


def _unknown_to_all(models: Sequence[SizeModelDocument]) -> list[str]:
    first, *others = models
    return [t for t in first["unknown"] if all(t in each["unknown"] for each in others)]


def _unknown(models: Sequence[SizeModelDocument]) -> list[str]:
    return [
        f"unknown: {each['model']}: {t}" for each in models for t in each["unknown"]
    ]


def _verdict(each: SizeModelDocument, best: str | None) -> str:
    retirement = MODELS[each["model"]].retirement
    if each["model"] == best:
        return "recommended"
    return f"ends {retirement.value:%Y-%m}" if retirement else "ok"


def _wide_size(models: Sequence[SizeModelDocument], best: str | None) -> Table:
    columns = ["model", "range", "needs", "prefix", "usable", "free"]
    columns += ["VNet IPs", "grows to", "bound by", "verdict"]
    shared = _unknown_to_all(models)
    rows: list[Sequence[Any] | Span] = []
    for each in models:
        if not each["node_subnets"]:
            rows.append(Span(each["model"], _why_not(each, shared)))
        verdict = _verdict(each, best)
        if not each["feasible"]:
            verdict = "unknown" if each["feasible"] is None else "no"
        ranges = [*each["node_subnets"], *each["pod_ranges"]]
        grown = each["grows_to"]["nodes"], each["grows_to"]["bound_by"]
        whole = [each["vnet_addresses"], *grown, verdict]
        for index, kept in enumerate(ranges):
            length = kept["prefix_length"]
            prefix = "none" if length is None else f"/{length}"
            numbers = [kept["addresses"], prefix, kept["usable"], kept["free"]]
            first = index == 0
            name = each["model"] if first else ""
            rows.append(
                [name, kept["kind"], *numbers, *(whole if first else [None] * 4)]
            )
    return Table(columns, rows)


def _seen(models: Sequence[SizeModelDocument]) -> list[str]:
    """What only wide reports say: source addresses, and what was observed."""
    egress: dict[str, list[str]] = {}
    for each in models:
        egress.setdefault(each["egress_source"], []).append(each["model"])
    lines = [f"others see {who}: {', '.join(names)}" for who, names in egress.items()]
    for each in models:
        for seen in each["observed"]:
            count = f"{seen['addresses']:,} addresses of the {seen['range']}"
            lines.append(f"{each['model']}: {seen['what']} {count}; {seen['basis']}")
    return lines


def _explained(models: Sequence[SizeModelDocument]) -> list[str]:
    """The whiteboard of every model, and its sources once, by number."""
    sources = Sources()
    lines: list[str] = []
    for each in models:
        for part in each["explanation"]:
            lines += ["", f"{each['model']}, {part['range']}"]
            for step in part["steps"]:
                documented = step["basis"] == "documented"
                why = step["why"] + ("" if documented else f" ({step['basis']})")
                mark = sources.mark(step["source"])
                lines.append(_columns(step["value"], step["expression"], why, mark))
        for seen in each["observed"] if each["explanation"] else ():
            count = f"{seen['addresses']:,} {seen['what']}"
            mark = sources.mark(seen["source"])
            lines.append(_columns(count, seen["range"], seen["basis"], mark))
    return [*lines[1:], "", *sources.lines(), ""] if lines else []


def _columns(value: str, expression: str, why: str, mark: str) -> str:
    return f"  {value:<20} {expression}: {why} {mark}".rstrip()


def _advice(scenario: SizeScenarioDocument) -> list[str]:
    best = scenario["recommendation"]
    if not best:
        unknown = any(each["feasible"] is None for each in scenario["models"])
        return (
            [] if unknown else ["no model asked for can do it: see the reasons above"]
        )
    model = MODELS[best["model"]]
    lines = [f"{best['model']} {best['reason']}"]
    if model.support("direct-pod-access") is Support.NO:
        lines[0] += (
            "; pods are then not reachable from outside the cluster. If they must be: "
            "ipplan size ... --need direct-pod-access"
        )
    placed = [
        p
        for each in scenario["models"]
        if each["model"] == best["model"]
        for p in each["placements"]
    ]
    if placed:
        where = ", ".join(f"{p['range'].replace('-', ' ')} {p['cidr']}" for p in placed)
        lines.append(f"in the free space: {where}")
    lines.append(
        f"+{RESERVED_ADDRESSES.value}: Azure keeps five addresses of every subnet. "
        "Every number: --explain"
    )
    return lines


def _combinations(
    scenarios: Sequence[SizeScenarioDocument], pods: int, given: dict[str, Any]
) -> Section:
    """For each model its cheapest combinations, all in the order of their cost."""
    columns = ["nodes", "max pods", "model", "node subnet", "pods live in", "VNet IPs"]
    everything = [each for scenario in scenarios for each in scenario["models"]]
    found = [each for each in everything if each["feasible"]]
    found.sort(key=lambda each: (each["vnet_addresses"] or 0, each["nodes"] or 0))
    best: dict[str, list[SizeModelDocument]] = {}
    for each in found:
        best.setdefault(each["model"], []).append(each)
    shown = [each for each in found if each in best[each["model"]][:MOST_COMBINATIONS]]
    others = {each["model"]: each for each in everything if each["model"] not in best}
    more = [f"{key.replace('_', ' ')} {given[key]}" for key in GROWING if key in given]
    grown = f" ({', '.join(more)} included)" if more else ""
    title = f"{pods:,} pods: nodes{grown} x max pods that carry them, fewest IPs first"
    sentences = [
        *(f"{name}: {_why_not(each)}" for name, each in others.items()),
        *dict.fromkeys(findings_shown(shown, wide=False, said=VERDICTS)),
        assumed(scenarios[0]["assumptions"]),
        "",
        *_advice(scenarios[0]),
    ]
    for name in best:
        retirement = MODELS[name].retirement
        if retirement:
            sentences.append(f"* {name}: support ends on {retirement.value}")
    return Section(title, Table(columns, [_combination(e) for e in shown]), sentences)


def _combination(each: SizeModelDocument) -> list[Any]:
    homes = [_home(kept) for kept in each["pod_ranges"]] or ["node subnet"]
    name = each["model"] + (" *" if MODELS[each["model"]].retirement else "")
    subnet = _subnet(each["node_subnets"][0])
    cells = [each["nodes"], each["max_pods"], name, subnet, homes[0]]
    return [*cells, each["vnet_addresses"]]


def _size_record(
    scenario: SizeScenarioDocument, each: SizeModelDocument
) -> dict[str, Any]:
    best = scenario["recommendation"]
    record: dict[str, Any] = {
        "cluster": scenario["cluster"],
        "model": each["model"],
        "feasible": each["feasible"],
        "recommended": bool(best and best["model"] == each["model"]),
        "nodes": each["nodes"],
        "surge_nodes": each["surge_nodes"],
        "max_pods": each["max_pods"],
    }
    record |= _range_record("node_subnet", each["node_subnets"])
    record |= _range_record("pod_range", each["pod_ranges"])
    record |= {
        "vnet_addresses": each["vnet_addresses"],
        "grows_to_nodes": each["grows_to"]["nodes"],
        "grows_to_bound_by": each["grows_to"]["bound_by"],
        "findings": " ".join(f["rule"] for f in each["findings"]),
        "unknown": "; ".join(each["unknown"]),
    }
    return record


def _range_record(
    prefix: str, ranges: Sequence[RangeDocument]
) -> dict[str, int | str | None]:
    """One range's numbers, or those of several with a space between."""
    columns: dict[str, list[int | None]] = {
        "addresses": [kept["addresses"] for kept in ranges],
        "addresses_with_reserved": [kept["addresses_with_reserved"] for kept in ranges],
        "prefix_length": [kept["prefix_length"] for kept in ranges],
        "usable": [kept["usable"] for kept in ranges],
        "free": [kept["free"] for kept in ranges],
    }
    return {
        f"{prefix}_{key}": cells[0] if len(cells) == 1 else " ".join(map(str, cells))
        for key, cells in columns.items()
    }
