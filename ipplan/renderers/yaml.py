"""YAML: the JSON document in another spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.tables import OLD_COMMAND

if TYPE_CHECKING:
    from ipplan.views.reports import Report


def render(report: Report, _output: str, _width: int) -> str:
    """The document, its keys in the order of the contract; no text goes on in a line.

    A build agent that reads along takes the start of a line for a command.
    """
    import yaml

    class Dumper(yaml.SafeDumper):
        """What would end a line, or is a command anywhere, is spelled out."""

    def spelled(_dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        quoted = "\n" in text or OLD_COMMAND.search(text)
        style = '"' if quoted else None
        return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)

    Dumper.add_representer(str, spelled)
    text = yaml.dump(report.document, None, Dumper, sort_keys=False, width=float("inf"))
    return OLD_COMMAND.sub(r"#\\x23", text.rstrip("\n").removesuffix("\n..."))
