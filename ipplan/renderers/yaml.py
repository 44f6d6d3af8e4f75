"""YAML: the JSON document in another spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipplan.views.reports import Report


def render(report: Report, _output: str, _width: int) -> str:
    """The document, its keys in the order of the contract."""
    import yaml

    text: str = yaml.safe_dump(report.document, sort_keys=False, allow_unicode=False)
    return text.rstrip("\n").removesuffix("\n...")
