"""JSON: the document as it is promised."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ipplan.tables import OLD_COMMAND

if TYPE_CHECKING:
    from ipplan.views.reports import Report


def render(report: Report, _output: str, _width: int) -> str:
    """The document, indented."""
    return dumped(report.document)


def dumped(document: Any) -> str:
    r"""JSON of which a build agent that reads along takes nothing for a command.

    Examples
    --------
    >>> print(dumped("##vso[task.x]"))
    "#\u0023vso[task.x]"
    """
    text = json.dumps(document, indent=2, ensure_ascii=True)
    return OLD_COMMAND.sub(r"#\\u0023", text)
