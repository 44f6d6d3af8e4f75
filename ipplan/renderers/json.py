"""JSON: the document as it is promised."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipplan.views.reports import Report


def render(report: Report, _output: str, _width: int) -> str:
    """The document, indented."""
    return json.dumps(report.document, indent=2, ensure_ascii=True)
