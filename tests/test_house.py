import ast
from pathlib import Path

import pytest

import ipplan

PACKAGE = Path(ipplan.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
NAMES = [str(path.relative_to(PACKAGE)) for path in MODULES]
ONLY = {
    "tabulate": {"tables.py"},
    "typer": {"cli"},
    "netaddr": {"prefixes.py"},
    "yaml": {"renderers", "readers"},
    "pydantic": {"readers", "schemas.py"},
    "vl_convert": {"renderers"},
    "PIL": {"renderers"},
    "print": set(),
}
"""Who alone may know a library."""


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_a_module_has_no_more_than_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def functions(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            yield node


def length(node):
    """Lines of a body, its docstring and its parameters not among them."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_a_function_fits_on_a_screen(path):
    long = {node.name: length(node) for node in functions(path) if length(node) > 40}
    assert not long


def test_most_functions_are_short():
    lengths = sorted(length(node) for path in MODULES for node in functions(path))
    assert lengths[len(lengths) // 2] <= 8
    assert lengths[len(lengths) * 9 // 10] <= 25


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_a_module_says_what_it_is(path):
    assert ast.get_docstring(tree(path))


def imported(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("library", [name for name in ONLY if name != "print"])
def test_only_its_own_place_knows_a_library(library):
    homes = {
        path.relative_to(PACKAGE).parts[0]
        for path in MODULES
        if library in imported(path)
    }
    assert homes <= ONLY[library]


def calls(path, name):
    return [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == name
    ]


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_nothing_prints_but_the_command_line(path):
    assert not calls(path, "print")


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_no_module_asks_for_a_model_by_its_name(path):
    if path.name == "models.py":
        return
    names = set(ipplan.MODELS)
    asked = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Compare)
        and any(
            isinstance(part, ast.Constant) and part.value in names
            for part in [node.left, *node.comparators]
        )
    ]
    # The readers tell a cluster's model; "kubenet" is also what Azure calls its plugin.
    assert not asked or path.name == "clusters.py"


@pytest.mark.parametrize("name", ipplan.LIMITS)
def test_every_limit_can_be_looked_up(name):
    assert ipplan.LIMITS[name].source.startswith("https://")
