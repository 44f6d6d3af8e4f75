"""What ``ipplan explain RULE`` prints."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict


class RuleDocument(TypedDict):
    """The page of a rule."""

    kind: Literal["ipplan.rule"]
    """What this document is."""
    version: str
    """The version of ipplan that wrote it."""
    rule: str
    """The rule's id."""
    summary: str
    """What holds."""
    severities: list[Literal["error", "warning", "note"]]
    """How bad a breach can be, the worst first."""
    why: str
    """Why it matters and what Azure does, a blank line between paragraphs."""
    found_by: list[str]
    """The commands that look for it."""
    source: str | None
    """The page that imposes it; null where each finding names its own."""
