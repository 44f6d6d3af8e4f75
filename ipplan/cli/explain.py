"""``ipplan explain``: what an error text of AKS or of Azure's network says."""

from __future__ import annotations

import json
import re
import sys
from typing import Annotated, TextIO, cast

import typer

from ipplan.cli import options, printing
from ipplan.errors import ArgumentError

STANDARD_INPUT = "-"

_LIKE_A_RULE = re.compile(r"[A-Za-z]+([-_][A-Za-z]+){1,9}", re.ASCII)
"""One word of several parts."""


def explain(
    text: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TEXT...]",
            help="The error text, or the name of a rule; - for standard input.",
        ),
    ] = None,
    output: options.Output = "table",
    out: options.Out = None,
    query: options.Query = None,
) -> None:
    """Say what an error of AKS or of Azure's network means, and the way out.

    TEXT is what was printed: a message, JSON, what az or Terraform print, or a whole
    log. The name of a rule gives its page.
    """
    from ipplan.documents.rules import rule_document

    printing.check_output(output)
    words = " ".join(text or [STANDARD_INPUT])
    rule = rule_document(words)
    if rule:
        from ipplan.views.pages import rule_report

        return printing.emit(rule_report(rule), output, out, query)
    near = near_rule(words)
    if near:
        raise ArgumentError("TEXT", repr(words), f"no rule: did you mean {near}?")
    from ipplan.diagnosis.diagnoses import explain as explain_text
    from ipplan.documents.diagnoses import diagnosis_document
    from ipplan.views.diagnoses import diagnosis_report

    told = _standard_input(text) if words == STANDARD_INPUT else words
    document = diagnosis_document(explain_text(told))
    report = diagnosis_report(document, wide=output == "wide")
    return printing.emit(report, output, out, query)


def near_rule(words: str) -> str | None:
    """The rule whose name is nearly what was written; None where none is.

    >>> near_rule("POD_CIDR_IN_VNETS"), near_rule("SubnetIsFull")
    ('pod-cidr-in-vnet', None)
    """
    from difflib import get_close_matches

    from ipplan.checks import RULES
    from ipplan.layouts.rules import RULES as LAYOUT_RULES

    if not _LIKE_A_RULE.fullmatch(words):
        return None
    asked = words.lower().replace("_", "-")
    names = [*(e.name for e in RULES), *(e.name for e in LAYOUT_RULES)]
    return next(iter(get_close_matches(asked, names, 1, 0.8)), None)


def _standard_input(text: list[str] | None) -> str:
    """What is piped in, and no more than an error text can have."""
    from ipplan.diagnosis.texts import LONGEST

    stdin = cast("TextIO | None", sys.stdin)
    if stdin is None or (not text and stdin.isatty()):
        allowed = "an error text in quotes, a rule's name, or - and a pipe"
        raise ArgumentError("TEXT", "left out", allowed)
    data = stdin.buffer.read(4 * LONGEST + 1)
    return data.decode(json.detect_encoding(data), "replace")
