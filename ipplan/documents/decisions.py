"""Decisions as plain documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.designs.sentences import decided

if TYPE_CHECKING:
    from ipplan.contracts.reports import (
        DecisionDocument,
        OptionDocument,
        ReasonDocument,
    )
    from ipplan.designs.decisions import Decision, Option
    from ipplan.designs.reasons import Reason


def decision_document(decision: Decision) -> DecisionDocument:
    """A decision as a plain document.

    Parameters
    ----------
    decision : Decision
        As :func:`ipplan.designs.decisions.decisions` gives it.
    """
    chosen, sizing = decision.chosen, decision.sizing
    known = bool(sizing.loads)
    most = {int(each.max_pods) for each in sizing.loads}
    if chosen is None:
        stated = (each.max_pods for each in decision.demand.pools)
        most = {int(each) for each in stated if each is not None}
    return {
        "clusters": list(decision.names),
        "cluster_ids": [each.id for each in decision.clusters],
        "model": chosen.model.name if chosen else None,
        "nodes": int(sizing.nodes) if known else None,
        "surge_nodes": int(sizing.surge_nodes) if known else None,
        "max_pods": sorted(most),
        "needs": list(sizing.needs),
        "words": decided(decision),
        "shared": [_reason(each) for each in decision.shared],
        "planned": list(decision.planned),
        "options": [_option(each) for each in decision.options],
    }


def _option(option: Option) -> OptionDocument:
    sizing, killed = option.sizing, option.killed_by
    return {
        "model": option.model.name,
        "title": option.model.title,
        "chosen": option.chosen,
        "feasible": option.feasible,
        "node_prefixes": [int(each.length) for each in sizing.node_subnets],
        "pod_prefixes": [int(each.length) for each in sizing.pod_ranges],
        "vnet_addresses": int(sizing.vnet_addresses) if sizing.loads else None,
        "killed_by": _reason(killed) if killed else None,
        "reasons": [_reason(each) for each in (*option.kills, *option.others)],
    }


def _reason(reason: Reason) -> ReasonDocument:
    return {"kind": reason.kind, "text": reason.text, "source": reason.source}
