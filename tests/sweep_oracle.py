"""Summaries by a plain loop over ``ipplan.size``, one cell after another."""

from collections import Counter
from itertools import product
from math import ceil, floor, inf, isnan

import numpy as np

import ipplan
from ipplan import Severity
from ipplan.models import MODELS
from ipplan.sizing.rules import ERRORS
from ipplan.sweeps.grids import nodes_after

PERCENTS = (5, 25, 50, 75, 95)
STANDINGS = ["recommended", "supported", "legacy", "retiring"]


def spelled(values):
    """An axis as the command line takes it."""
    return ",".join(str(value) for value in values)


def scenarios(axes):
    """Each combination of the axes, the last one fastest."""
    for values in product(*axes.values()):
        yield dict(zip(axes, values, strict=True))


def sized(model, scenario, constants):
    """One cell under one model, and its months from the start until it is outgrown."""
    words = {**scenario, **constants}
    rate, months = words.pop("growth_per_year", 0), words.pop("months", 0)
    words["nodes"] = int(nodes_after(words["nodes"], rate, months))
    found = ipplan.size(model=model, **words)
    return found, months + left(found, words, rate)


def left(found, words, rate):
    """Months until the nodes outgrow the ranges, as documented."""
    if broken(found):
        return 0.0
    if not rate:
        return np.nan
    most = most_nodes(found, words)
    return 12 * np.log(most / found.nodes) / np.log1p(rate / 100)


def most_nodes(found, words):
    """By halving: the most nodes that fit what is there already, or what was chosen."""
    chosen = {each.kind.value.replace("-", "_"): each.length for each in found.ranges}
    stays = {} if any(words.get(name) for name in chosen) else chosen
    rest = {**words, **stays, "add_nodes": 0, "growth": 0}
    low, high = found.nodes, 5_001
    while low < high:
        rest["nodes"] = (low + high + 1) // 2
        if broken(ipplan.size(model=found.model.name, **rest)):
            high = rest["nodes"] - 1
        else:
            low = rest["nodes"]
    return low


def broken(found):
    """The rules that stop a cell, in the order of the rules."""
    said = {f.rule for f in found.findings if f.severity is Severity.ERROR}
    return [rule.name for rule in ERRORS if rule.name in said]


def ranked(values, percent):
    """The nearest rank: the smallest value that so many do not exceed."""
    ordered = sorted(values)
    return ordered[max(ceil(percent * len(ordered) / 100), 1) - 1]


def prefixes(kept):
    """Length, cells, fewest and most nodes of pairs of a length and nodes."""
    by_length = {}
    for length, nodes in kept:
        by_length.setdefault(length, []).append(nodes)
    return tuple(
        (length, len(nodes), min(nodes), max(nodes))
        for length, nodes in sorted(by_length.items(), reverse=True)
    )


def day(months):
    """The day on which so many months have gone."""
    return inf if isnan(months) or months > 1200 else floor(months * 30.436875)


def winner(row):
    """The model that takes the fewest addresses of those that are feasible."""
    fits = [
        (
            found.vnet_addresses,
            STANDINGS.index(MODELS[name].standing.value),
            [*MODELS].index(name),
            name,
        )
        for name, (found, _) in row.items()
        if not broken(found)
    ]
    return min(fits)[-1] if fits else None


def summaries(models, axes, kept=lambda _found: True, **constants):
    """A dict for each model, with the fields of a ModelSummary."""
    rows = [
        {name: sized(name, scenario, constants) for name in models}
        for scenario in scenarios(axes)
    ]
    rows = [{n: cell for n, cell in row.items() if kept(cell[0])} for row in rows]
    wins = Counter(winner(row) for row in rows)
    cells = {name: [row[name] for row in rows if name in row] for name in models}
    found = []
    for name in models:
        first, _ = sized(name, next(scenarios(axes)), constants)
        own = summary(cells[name], timed="growth_per_year" in axes)
        found.append(
            {"model": name, "unknown": first.unknown, "wins": wins[name], **own}
        )
    return found


def summary(cells, *, timed):
    """The fields of one model that its own cells decide."""
    fits = [found for found, _ in cells if not broken(found)]
    first = Counter(broken(found)[0] for found, _ in cells if broken(found))
    addresses = [found.vnet_addresses for found in fits]
    nodes = [found.nodes for found in fits]
    days = [day(months) for _, months in cells]
    told = [ranked(days, p) if days else inf for p in PERCENTS]
    return {
        "cells": len(cells),
        "feasible": len(fits),
        "refused_by": tuple((r.name, first[r.name]) for r in ERRORS if first[r.name]),
        "nodes_least": min(nodes, default=None),
        "nodes_most": max(nodes, default=None),
        "node_prefixes": prefixes((f.node_subnets[0].length, f.nodes) for f in fits),
        "pod_prefixes": prefixes(
            (r.length, f.nodes) for f in fits for r in f.pod_ranges
        ),
        "vnet_addresses": (
            min(addresses),
            tuple(ranked(addresses, p) for p in PERCENTS),
            max(addresses),
        )
        if fits
        else None,
        "outgrown": sum("range-too-small" in broken(found) for found, _ in cells),
        "months_left": (
            tuple(None if d == inf else d for d in told),
            sum(m > 1200 for _, m in cells),
            sum(isnan(m) for _, m in cells),
        )
        if timed
        else None,
    }
