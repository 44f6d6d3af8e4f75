import inspect
import json

import pytest

import ipplan

HEAVY = (
    "numpy",
    "netaddr",
    "typer",
    "tabulate",
    "pydantic",
    "yaml",
    "jmespath",
    "click",
)


def test_importing_the_package_imports_nothing_heavy(fresh_python):
    code = f"import sys, ipplan; print([m for m in {HEAVY} if m in sys.modules])"
    assert fresh_python(code) == "[]"


def test_looking_at_the_package_imports_nothing_heavy(fresh_python):
    code = (
        "import sys, ipplan; dir(ipplan);"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    assert fresh_python(code) == "[]"


def test_every_public_name_comes_alone_from_a_fresh_start(fresh_python):
    code = (
        "import json, ipplan;"
        "print(json.dumps([hasattr(ipplan, name) for name in ipplan.__all__]))"
    )
    assert set(json.loads(fresh_python(code))) == {True}


def test_public_names_are_distinct_and_sorted_where_shown():
    assert len(set(ipplan.__all__)) == len(ipplan.__all__)
    assert dir(ipplan) == sorted(ipplan.__all__)


@pytest.mark.parametrize("name", ipplan.__all__)
def test_every_public_name_is_there_and_documented(name):
    value = getattr(ipplan, name)
    if callable(value):
        assert inspect.getdoc(value)
        assert value.__module__.startswith("ipplan")


@pytest.mark.parametrize(
    "name", ["size", "fit", "place", "prefix_for", "usable", "size_columns",
             "read_inventory"]
)  # fmt: skip
def test_every_public_function_says_what_it_takes_and_gives(name):
    text = inspect.getdoc(getattr(ipplan, name))
    assert "Parameters\n---" in text
    assert "Returns\n---" in text


def test_a_name_that_is_not_there_is_not_there():
    with pytest.raises(AttributeError, match="nothing"):
        ipplan.nothing  # noqa: B018  # asking is the point


def test_the_version_is_one_of_numbers():
    assert all(part.isdigit() for part in ipplan.__version__.split("."))


def test_what_is_impossible_is_a_value_error_of_ipplans_own():
    assert issubclass(ipplan.ArgumentError, ValueError)
    assert issubclass(ipplan.ArgumentError, ipplan.IpplanError)
    error = ipplan.ArgumentError("nodes", -1, "at least 1")
    assert str(error) == "nodes -1: at least 1"


def test_rows_can_not_be_changed():
    for row in (ipplan.MODELS["kubenet"], ipplan.LIMITS["routes"], ipplan.Surge(1),
                ipplan.NodePool("a", 3), ipplan.Cluster("a", ())):  # fmt: skip
        field = next(name for name in dir(row) if not name.startswith("_")
                     and not callable(getattr(row, name)))  # fmt: skip
        with pytest.raises(AttributeError):
            setattr(row, field, None)
