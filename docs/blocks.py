"""What cog puts into the pages: command lines with their real output, and tables.

Run it from the project's root: ``make generated REGENERATE=1``.
"""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import examples

import ipplan
from ipplan.cli import main
from ipplan.diagnosis.codes import CODES
from ipplan.schemas import json_schema
from ipplan.sizing.explanations import explain
from ipplan.sweeps.axes import AXES, SURGE
from ipplan.sweeps.columns import COLUMNS, USUAL, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ipplan.limits import Limit
    from ipplan.models import NetworkModel

SCREEN = {"COLUMNS": "80", "LINES": "24", "NO_COLOR": "1", "TERM": "dumb"}
"""A terminal as narrow as any."""


def run(command: str) -> tuple[int, str]:
    """Run a command line as the reader would: its exit code, and what it prints."""
    program, *words = shlex.split(command.replace("\\\n", " "))
    if program != "ipplan":
        raise ValueError(command)
    screen = io.StringIO()
    with (
        patch.dict(os.environ, SCREEN),
        redirect_stdout(screen),
        redirect_stderr(screen),
    ):
        code = main(words)
    return code, screen.getvalue()


def console(command: str, code: int = 0) -> str:
    """A command line with its output; one that fails shows its exit code too."""
    found, output = run(command)
    if found != code:
        message = f"{command}: exit code {found}, not {code}\n{output}"
        raise ValueError(message)
    told = f"$ echo $?\n{code}\n" if code else ""
    return f"```console\n$ {command}\n{output}{told}```"


def usage(command: str = "") -> str:
    """The help of a command, as a terminal without colours and boxes shows it."""
    words = [*command.split(), "--help"]
    done = subprocess.run(  # noqa: S603  # our own command line
        [sys.executable, "-m", "ipplan", *words],
        env={**os.environ, **SCREEN, "TYPER_USE_RICH": "0"},
        capture_output=True,
        check=True,
        text=True,
    )
    return f"```console\n$ {' '.join(['ipplan', *words])}\n{done.stdout}```"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; a bar in a cell is shown and does not end it."""
    lines = [header, ["---"] * len(header), *rows]
    clean = [[cell.replace("|", "\\|").replace("\n", " ") for cell in r] for r in lines]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in clean)


def link(url: str) -> str:
    """A page by the last words of its address."""
    words = [word for word in url.rstrip("/").split("/") if word]
    numbered = words[-1].isdigit() or words[-1] == "demo"
    name = "/".join(words[-2:]) if numbered else words[-1]
    return f"[{name}]({url})"


def models_table() -> str:
    """Where the pods of every model live, what a node takes, and its ceilings."""
    header = ("model", "pods live in", "block", "spare", "gives a node", "default",
              "nodes", "standing")  # fmt: skip
    return table(header, [_model_row(each) for each in ipplan.MODELS.values()])


def _model_row(model: NetworkModel) -> tuple[str, ...]:
    most = model.route_limit or ipplan.LIMITS["cluster-nodes"]
    standing = model.standing.value
    if model.retirement:
        standing = f"ends {model.retirement.value}"
    return (
        f"[`{model.name}`](#{model.name})",
        model.home.value.replace("-", " ").replace("cidr", "CIDR"),
        f"{model.block}",
        f"{model.spare}",
        model.takes.value,
        f"{model.default_max_pods.value}",
        f"{most.value:,}",
        standing,
    )


def feature_matrix() -> str:
    """Which model has which feature, and the page that says so."""
    marks = {"yes": "✓", "no": "–", "unknown": "?"}
    rows = [
        [
            f"`{need}`",
            f"[{feature.title}]({feature.source})",
            *(marks[row.support(need).value] for row in ipplan.MODELS.values()),
        ]
        for need, feature in ipplan.FEATURES.items()
    ]
    return table(["`--need`", "what it is", *ipplan.MODELS], rows)


def model_sections() -> str:
    """A section for each model: what sets it apart, and its worked example."""
    return "\n\n".join(_model_section(each) for each in ipplan.MODELS.values())


def _model_section(model: NetworkModel) -> str:
    facts = "\n".join(f": {text}" for text in _facts(model))
    return (
        f"### {model.name}\n\n[{model.title}]({model.source})\n{facts}\n\n"
        f"{_worked_example(model)}"
    )


def _facts(model: NetworkModel) -> Iterator[str]:
    max_pods = model.default_max_pods
    said = f" ({max_pods.note})" if max_pods.note else ""
    yield (
        f"Default max pods: {max_pods.value}{said}, "
        f"from {link(max_pods.source)}, checked {max_pods.checked}."
    )
    yield f"The source address that others see: {model.egress_source}."
    for name, limit in _ceilings(model):
        yield f"{name}: {_amount(limit)}, from {link(limit.source)}."
    if model.retirement:
        yield (
            f"Support ends on {model.retirement.value}: "
            f"{link(model.retirement.source)}."
        )


def _ceilings(model: NetworkModel) -> Iterator[tuple[str, Limit[int]]]:
    if model.route_limit:
        yield "Routes, one a node", model.route_limit
    if model.vnet_limit:
        yield "Addresses in a VNet, pods included", model.vnet_limit
    for ceiling in model.pod_ceilings:
        yield "Pods in a cluster (a warning beyond)", ceiling


def _worked_example(model: NetworkModel) -> str:
    sizing = ipplan.size(50, 30, max_surge=1, model=model.name)
    rows = [
        (part, step.value, f"`{step.expression}`", step.why)
        for part, steps in explain(sizing)
        for step in steps
    ]
    return table(("range", "result", "from", "because"), rows)


def limits_table(basis: str) -> str:
    """The rows of one basis: value, unit, what a reader must know, and the page."""
    rows = [
        (
            f"`{name}`",
            _amount(row),
            row.note,
            link(row.source),
            f"`{row.checked}`",
        )
        for name, row in ipplan.LIMITS.items()
        if row.basis == basis
    ]
    return table(("limit", "value", "note", "source", "checked"), rows)


def _amount(row: Limit[Any]) -> str:
    """A value with its unit, where the value does not show it by itself."""
    if row.unit == "prefix length":
        return f"/{row.value}"
    if not isinstance(row.value, int):
        return row.text
    return f"{row.value:,} {row.unit}"


def folded(command: str, width: int = 74) -> str:
    """A command line on as many lines as it takes, with a backslash at their ends."""
    lines = [""]
    for word in command.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("   ")
        lines[-1] += f" {word}" if lines[-1] else word
    return " \\\n".join(lines)


def contract(command: str) -> str:
    """The fields of a command's JSON document, an object a table."""
    schema = json_schema(command)
    return "\n\n".join(_objects(schema, schema, "", set()))


def _objects(
    schema: dict[str, Any], part: dict[str, Any], path: str, seen: set[str]
) -> Iterator[str]:
    """An object's table, then those of the objects in it that were not shown yet."""
    rows, inner = [], []
    for name, field in part["properties"].items():
        reference = _reference(field)
        many = "[]" if field.get("type") == "array" else ""
        rows.append((f"`{name}`", _type(field), field.get("description", "")))
        if reference and reference not in seen:
            seen.add(reference)
            inner.append((schema["$defs"][reference], f"{path}.{name}{many}"))
    title = f"`{path.lstrip('.')}`: " if path else ""
    about = f"{title}{part.get('description', '')}"
    yield f"{about}\n\n{table(('field', 'type', 'meaning'), rows)}"
    for each, where in inner:
        yield from _objects(schema, each, where, seen)


def _reference(field: dict[str, Any]) -> str | None:
    """The name of the object that a field holds, or holds many of."""
    for each in (field, field.get("items", {}), *field.get("anyOf", [])):
        if "$ref" in each:
            return str(each["$ref"]).rpartition("/")[2]
    return None


def _type(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(_type(each) for each in field["anyOf"])
    if "enum" in field or "const" in field:
        words = field.get("enum") or [field["const"]]
        return " or ".join(f'`"{word}"`' for word in words)
    if field.get("type") == "array":
        return f"array of {_type(field['items'])}s"
    return "object" if "$ref" in field else str(field["type"])


def columns_table() -> str:
    """The columns of a plan's table, which are those that it really has."""
    columns = ipplan.size(50, 30).columns()
    rows = [(f"`{name}`", *examples.COLUMNS[name]) for name in columns]
    return table(("column", "unit", "meaning"), rows)


def codes_table() -> str:
    """The errors that ``ipplan explain`` knows: what each means, and who says it."""
    rows = [
        (
            f"[`{row.name}`]({row.source})",
            row.meaning,
            row.checked_by,
            ", ".join(f"`{rule}`" for rule in row.rules),
        )
        for row in CODES
    ]
    return table(("code", "what it means", "who says it", "`ipplan check`"), rows)


def sweep_axes_table() -> str:
    """The axes of a sweep, as their rows have them."""
    rows = [
        (
            f"`--{row.name.replace('_', '-')}`",
            row.unit,
            f"{row.low:,} to {row.high:,}"
            + (", or 0% to 100%" if row.name == SURGE else ""),
            row.meaning,
        )
        for row in AXES.values()
    ]
    return table(("axis", "unit", "allowed", "meaning"), rows)


def sweep_columns_table() -> str:
    """The columns of a sweep; the usual ones are bold."""
    every: dict[str, Any] = dict.fromkeys(AXES, 24)
    grid = ipplan.sweep(**every).grid
    rows = [
        (
            f"**`{each.name}`**" if each.name in USUAL else f"`{each.name}`",
            each.unit,
            each.meaning,
        )
        for each in columns_of(grid, COLUMNS)
    ]
    return table(("column", "unit", "meaning"), rows)


def chart(kind: str, options: str) -> str:
    """A command that draws a chart, and the picture that it drew."""
    words = " ".join(options.split())
    name = f"docs/_static/{kind}.svg"
    code, told = run(f"ipplan sweep {words} --summary --chart {name}")
    if code:
        raise ValueError(told)
    finding = told.partition(f"{name}: ")[2].partition("\n")[0]
    shown = folded(f"ipplan sweep {words} --chart {kind}.svg")
    return f"```sh\n{shown}\n```\n\n![{finding}](_static/{kind}.svg)\n"
