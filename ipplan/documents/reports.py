"""What a design document says, as a plain document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipplan.checks import RULES
from ipplan.designs.answers import answers
from ipplan.designs.assumptions import assumptions
from ipplan.designs.decisions import decisions
from ipplan.designs.egresses import egresses
from ipplan.designs.gaps import gaps
from ipplan.designs.margins import margins
from ipplan.designs.permanences import permanences
from ipplan.designs.sources import sources
from ipplan.documents.checks import finding_document, read_document, summary_document
from ipplan.documents.decisions import decision_document
from ipplan.documents.inventories import coverage_document
from ipplan.documents.maps import map_document
from ipplan.documents.relations import relation_documents
from ipplan.documents.rooms import room_documents
from ipplan.limits import RULES_AS_OF
from ipplan.models import MODELS
from ipplan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ipplan.contracts.reports import (
        AssumptionDocument,
        PermanenceDocument,
        RelationDocument,
        ReportDocument,
        SeenAsDocument,
        SourceDocument,
    )
    from ipplan.designs.assumptions import Assumption
    from ipplan.designs.egresses import SeenAs
    from ipplan.designs.permanences import Permanence
    from ipplan.designs.sources import Source
    from ipplan.designs.studies import Study


def report_document(
    study: Study, given: Mapping[str, Any] | None = None
) -> ReportDocument:
    """A study as the document that ``ipplan report`` prints.

    Parameters
    ----------
    study : Study
        A plan that was laid out, or an estate that was read.
    given : mapping of str to object
        The files and options that were given.

    Examples
    --------
    >>> from datetime import date
    >>> from ipplan import Inventory
    >>> from ipplan.designs.studies import study
    >>> found = report_document(study(Inventory(), "all", as_of=date(2026, 11, 28)))
    >>> found["answers"][1]["answer"]
    'There are no clusters.'
    """
    made, kept = decisions(study), permanences(study)
    rooms, seen, taken = room_documents(study), egresses(study), assumptions(study)
    columns, matrix = relation_documents(study)
    missing = gaps(study, made, kept, seen, _blanks(matrix))
    inventory = study.inventory
    document: ReportDocument = {
        "kind": "ipplan.report",
        "version": __version__,
        "as_of": study.checkup.as_of.isoformat(),
        "input": dict(given or {}),
        "rules_as_of": RULES_AS_OF.isoformat(),
        "title": study.title,
        "proposed": study.is_plan,
        "complete": inventory.complete,
        "answers": [
            {"question": e.question, "answer": e.answer, "state": e.state}
            for e in answers(study, made, margins(study), kept, missing)
        ],
        "inventory": read_document(inventory),
        "summary": summary_document(study.findings),
        "decisions": [decision_document(each) for each in made],
        "permanences": [_permanence(each) for each in kept],
        "assumptions": [_assumption(each) for each in taken],
        "rooms": rooms,
        "map": map_document(study, given),
        "relations": columns,
        "matrix": matrix,
        "findings": [finding_document(each) for each in study.findings],
        "others": summary_document(study.others),
        "egress": [_seen_as(each) for each in seen],
        "coverage": coverage_document(inventory.coverage),
        "unknown": [{"what": e.what, "why": e.why} for e in study.checkup.unknown],
        "not_known": list(missing),
        "skipped": len(inventory.skipped),
        "sources": [],
    }
    document["sources"] = [_source(each) for each in sources(_uses(document))]
    return document


def _blanks(matrix: Sequence[RelationDocument]) -> list[str]:
    """Why cells are not known, each once."""
    cells = (cell for row in matrix for cell in row["cells"])
    found = (e["text"] for e in cells if e["verdict"] == "unknown" and e["text"])
    return list(dict.fromkeys(found))


def _permanence(each: Permanence) -> PermanenceDocument:
    return {
        "what": each.what,
        "clusters": list(each.clusters),
        "cluster_ids": list(each.ids),
        "change": each.change,
        "words": each.words,
        "source": each.source,
    }


def _assumption(each: Assumption) -> AssumptionDocument:
    day = each.as_of.isoformat()
    return {"text": each.text, "as_of": day, "source": each.source}


def _seen_as(each: SeenAs) -> SeenAsDocument:
    found = each.egress
    return {
        "cluster": each.cluster,
        "cluster_id": each.id,
        "inside": each.inside,
        "inside_cidrs": [str(cidr) for cidr in each.inside_cidrs],
        "outside": each.outside,
        "outside_cidrs": [str(cidr) for cidr in each.outside_cidrs],
        "outbound_type": each.outbound_type,
        "ports": found.ports if found else None,
        "public_addresses": each.addresses,
        "most_public_addresses": each.most,
        "fits": each.fits,
        "words": each.words,
        "source": found.source if found else each.source,
    }


def _source(each: Source) -> SourceDocument:
    day = each.checked.isoformat() if each.checked else None
    return {"url": each.url, "used_for": list(each.used_for), "checked": day}


def _uses(document: ReportDocument) -> Iterator[tuple[str | None, str]]:
    """Every page that a part of a report names, with what rests on it there."""
    for decision in document["decisions"]:
        yield from ((e["source"], "decisions") for e in decision["shared"])
        for option in decision["options"]:
            yield MODELS[option["model"]].source, "decisions"
            yield from ((e["source"], "decisions") for e in option["reasons"])
    yield from ((e["source"], "permanences") for e in document["permanences"])
    yield from ((e["source"], "assumptions") for e in document["assumptions"])
    for room in document["rooms"]:
        yield from ((room[key], "rooms") for key in ("change_source", "source"))
    yield from ((e["source"], "egress") for e in document["egress"])
    yield from ((e["source"], e["rule"]) for e in document["findings"])
    yield from ((e["reuse_source"], "reuse of ranges") for e in document["matrix"])
    yield from _rules(document["matrix"])


def _rules(matrix: Sequence[RelationDocument]) -> Iterator[tuple[str, str]]:
    """The pages of the rules that found something in a cell."""
    named = {e for row in matrix for cell in row["cells"] for e in cell["rules"]}
    yield from ((rule.source, rule.name) for rule in RULES if rule.name in named)
