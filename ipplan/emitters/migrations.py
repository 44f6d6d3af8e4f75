"""A bash script of the steps of migrations: it tells all, and runs one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.counts import counted
from ipplan.shells import quoted
from ipplan.tables import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipplan.contracts.migrations import (
        ClusterMigrationDocument,
        MigrationDocument,
        StepDocument,
    )

_START = """\
#!/usr/bin/env bash
# {title}, by ipplan {version} as of {as_of}.
# It changes nothing by itself: it prints all steps with their commands. With the number
# of a step, such as 1.2, it runs the commands of that step, and of no other. Review
# them first, and fill in what stands in <>; after each step, look before you go on.

# The body is a shell of its own: pasted into a terminal, it only prints.
main() (
set -euo pipefail
chosen=${{1:-}}
known=

say() {{
  if [[ -z $chosen ]]; then printf '%s\\n' "$1"; fi
}}

step() {{
  here=$1
  if [[ $chosen == "$here" ]]; then known=yes; fi
  if [[ -z $chosen || $chosen == "$here" ]]; then printf '%s %s\\n' "$here" "$2"; fi
}}

run() {{
  if [[ -z $chosen ]]; then
    printf '   '; printf ' %q' "$@"; printf '\\n'
  elif [[ $chosen == "$here" ]]; then
    for word; do
      if [[ $word == '<'*'>' ]]; then printf 'fill in %q\\n' "$word" >&2; exit 3; fi
    done
    "$@"
  fi
}}
"""

_END = """\
if [[ -n $chosen && -z $known ]]; then
  printf 'no step %q\\n' "$chosen" >&2
  exit 2
fi
)

main "$@"
"""


def migration_script(document: MigrationDocument) -> str:
    """The bash script of all steps; it runs none that is not asked for by its number.

    Parameters
    ----------
    document : MigrationDocument
        What ``ipplan migrate`` found.

    Returns
    -------
    str
        The text of one ``.sh`` file, with a newline at its end.
    """
    clusters = document["clusters"]
    told = [each for each in clusters if each["steps"]]
    title = f"The way of {counted(len(told), 'cluster')} to {document['to']}"
    start = _START.format(
        title=title, version=document["version"], as_of=document["as_of"]
    )
    parts = ["\n".join(_cluster(*each)) + "\n" for each in enumerate(told, 1)]
    return "\n".join([start, *parts, _END])


def _cluster(number: int, each: ClusterMigrationDocument) -> Iterator[str]:
    """What is found of a cluster, and its steps."""
    yield _said("say", f"# {number} {each['name']}: {each['verdict']}")
    for bar in each["bars"]:
        yield _said("say", f"#   {bar['state']}: {bar['text']}")
    for text in each["irreversible"]:
        yield _said("say", f"#   can't be undone: {text}")
    for step in each["steps"]:
        yield from _step(f"{number}.{step['number']}", step)


def _step(number: str, step: StepDocument) -> Iterator[str]:
    """A step, what it does not leave working, and its commands."""
    outage = f" (outage: {step['outage']})" if step["outage"] else ""
    undone = "" if step["reversible"] else " (can't be undone)"
    yield _said(f"step {number}", f"{step['text']}{outage}{undone}")
    for command in step["commands"]:
        yield _said("say", command) if command.startswith("#") else f"run {command}"


def _said(word: str, text: str) -> str:
    """A line that tells a text, with nothing in it that a terminal would obey."""
    return f"{word} {quoted(printable(text))}"
