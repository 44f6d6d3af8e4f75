"""The pages show what the program does now, and leave nothing out."""

import re
import shlex
import sys
from pathlib import Path

import pytest
from cogapp import Cog
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from ipplan.cli import COMMANDS
from ipplan.features import FEATURES
from ipplan.limits import LIMITS
from ipplan.models import MODELS
from ipplan.sizing.rules import RULES

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(
    r"^\$ (ipplan .*(?:\\\n.*)*?(?<!\\))$(?:\n(?!\$).*)*(?:\n\$ echo \$\?\n(\d+))?",
    re.MULTILINE,
)


def page(name):
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def headings(name):
    return re.findall(r"^#+ (.*)$", page(name), re.MULTILINE)


def shown():
    """Every command line in a console block, with the exit code that it states."""
    for path in PAGES:
        for block in CONSOLE.findall(path.read_text(encoding="utf-8")):
            for command, code in COMMAND.findall(block):
                line = command.replace("\\\n", " ")
                yield pytest.param(line, int(code or 0), id=f"{path.stem}: {line}")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_heading(command):
    assert f"ipplan {command}" in headings("cli.md")


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_every_rule_has_a_section(rule):
    assert rule in headings("rules.md")


@pytest.mark.parametrize("limit", LIMITS)
def test_every_limit_has_a_row_with_its_source(limit):
    assert f"| `{limit}` |" in page("limits.md")
    assert f"]({LIMITS[limit].source})" in page("limits.md")


@pytest.mark.parametrize("model", MODELS)
def test_every_model_has_a_section(model):
    assert model in headings("models.md")


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_has_a_row(feature):
    assert f"| `{feature}` |" in page("models.md")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_what_is_generated_is_up_to_date(path, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "path", [str(ROOT / "docs"), *sys.path])
    code = Cog().main(["cog", "--check", str(path)])
    assert code == 0, capsys.readouterr().out + "run: make generated REGENERATE=1"


@pytest.mark.parametrize(("command", "code"), [*shown()])
def test_a_command_exits_as_the_page_says(command, code, cli, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert cli(*shlex.split(command)[1:]).code == code


def test_pages_show_failing_commands_too():
    codes = {param.values[1] for param in shown()}
    assert codes == {0, 1, 2, 3}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_example_runs(path):
    document = Sybil([PythonCodeBlockParser()], path=str(ROOT)).parse(path)
    for example in document.examples():
        example.evaluate()


@pytest.mark.parametrize("name", ["README.md", "docs/library.md"])
def test_there_are_examples_to_run(name):
    document = Sybil([PythonCodeBlockParser()], path=str(ROOT)).parse(ROOT / name)
    assert list(document.examples())
