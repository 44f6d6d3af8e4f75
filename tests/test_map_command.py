"""``ipplan map``: the forms of a map, what it says on the side, and when it fails."""

import io
import json
import sys
from pathlib import Path

import jsonschema
import pytest

from ipplan.schemas import json_schema
from tests.layout_samples import ESTATE, SHOP
from tests.map_pages import parsed

ROOT = Path(__file__).parent.parent

BROKEN = """\
ipplan: 1
vnets:
  - name: contoso-a
    ranges: [10.0.0.0/16]
    subnets: [{name: contoso-x, ranges: [10.0.1.0/24]}]
  - {name: contoso-b, ranges: [10.0.0.0/16]}
peerings: [{between: [contoso-a, contoso-b]}]
"""
"""Two VNets that are to be peered, and overlap."""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("estate.yaml").write_text(ESTATE, "utf-8")
    Path("shop.yaml").write_text(SHOP, "utf-8")
    Path("secret.yaml").write_text(SECRET, "utf-8")
    Path("broken.yaml").write_text(BROKEN, "utf-8")
    Path("nothing.json").write_text("[]", "utf-8")
    return tmp_path


class Terminal(io.StringIO):
    def isatty(self):
        return True


SECRET = (
    SHOP.replace("name: hub", "name: contoso-hub")
    .replace("hub: hub", "hub: contoso-hub")
    .replace("name: spoke", "name: contoso-spoke")
    .replace("name: shop", "name: contoso-shop")
)
"""A plan whose names are nobody's business."""

STARTS = {
    "map.svg": b"<svg ",
    "map.png": b"\x89PNG",
    "map.html": b"<!doctype html>",
    "MAP.HTML": b"<!doctype html>",
    "map.json": b"{",
}


@pytest.mark.parametrize("name", STARTS)
def test_the_ending_of_the_file_chooses_the_form(name, cli, folder):
    before = {each.name for each in folder.iterdir()}
    code, out, err = cli("map", "shop.yaml", "--out", name)
    assert (code, out) == (0, "")
    assert err == f"wrote {name}: 2 VNets, 5 subnets, 0 errors, 0 warnings\n"
    assert Path(name).read_bytes().startswith(STARTS[name])
    assert {each.name for each in folder.iterdir()} == before | {name}


@pytest.mark.parametrize("form", ["svg", "html"])
def test_a_picture_is_printed_as_it_is_written(form, cli):
    assert cli("map", "broken.yaml", "--out", f"map.{form}").code == 0
    code, out, err = cli("map", "broken.yaml", "-o", form)
    assert code == 0
    assert out == Path(f"map.{form}").read_text("utf-8")
    assert err == "map: 2 VNets, 1 subnet, 1 error, 0 warnings\n"


def test_a_format_outdoes_the_ending(cli):
    assert cli("map", "shop.yaml", "-o", "html", "--out", "map.txt").code == 0
    assert Path("map.txt").read_bytes().startswith(b"<!doctype html>")


def test_a_picture_in_dots_goes_into_a_pipe_and_not_to_a_terminal(capfdbinary):
    from ipplan.cli import main

    assert main(["map", "shop.yaml", "-o", "png"]) == 0
    assert capfdbinary.readouterr().out.startswith(b"\x89PNG")


def test_a_terminal_is_spared_a_picture_in_dots(cli, monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal())
    code, _, err = cli("map", "shop.yaml", "-o", "png")
    assert code == 2
    assert err == "error: --output 'png': not to a terminal: --out map.png\n"


def test_without_a_standard_output_it_says_so(cli, monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    code, _, err = cli("map", "shop.yaml", "-o", "png")
    assert (code, err) == (2, "error: -o 'png': standard output is closed\n")


def test_json_obeys_its_schema_and_is_queried(cli):
    code, out, _ = cli("map", "shop.yaml", "-o", "json", "--as-of", "2026-11-28")
    document = json.loads(out)
    jsonschema.validate(document, json_schema("map"))
    assert (code, document["title"], document["as_of"]) == (0, "shop", "2026-11-28")
    query = "networks[].name"
    code, out, _ = cli("map", "shop.yaml", "-o", "json", "--query", query)
    assert json.loads(out) == [each["name"] for each in document["networks"]]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "--out missing: a file in .svg, .png, .html, .json"),
        (["--out", "map"], "--out 'map': a file in .svg"),
        (["--out", "map.pdf"], "--out 'map.pdf': a file in .svg"),
        (["-o", "table"], "--output 'table': one of svg, png, html, json"),
        (["--out", "map.md"], "--out 'map.md': a file in .svg"),
        (["-o", "svg", "--query", "x"], "--query 'x': not with -o svg"),
        (["-o", "svg", "--fail-on", "x"], "--fail-on 'x': one of error, warning"),
        (["-o", "svg", "--as-of", "x"], "--as-of 'x': a day such as"),
        (["-o", "svg", "--out", "shop.yaml"], "--out 'shop.yaml': is one of the files"),
        (["--out", "no/such/map.svg"], "--out 'no/such/map.svg': No such file"),
    ],
)
def test_what_is_asked_for_wrongly_is_one_line(words, told, cli):
    before = sorted(Path().iterdir())
    code, out, err = cli("map", "shop.yaml", *words)
    assert (code, out) == (2, "")
    assert f"error: {told}" in err
    assert err.count("\n") <= 2
    assert sorted(Path().iterdir()) == before


def test_a_lock_is_for_a_plan_and_is_kept_to(cli):
    code, _, err = cli("map", "broken.yaml", "-o", "svg", "--lock", "x.lock.json")
    assert code == 2
    assert err.startswith("error: --lock 'x.lock.json': with one plan of networks")
    assert cli("layout", "shop.yaml").code == 0
    first = json.loads(cli("map", "shop.yaml", "-o", "json").out)
    Path("shop.lock.json").rename("other.json")
    moved = cli("map", "shop.yaml", "-o", "json", "--lock", "other.json")
    given = {"files": ["shop.yaml"], "lock": "other.json"}
    assert json.loads(moved.out) == first | {"input": given}
    assert not Path("shop.lock.json").exists()


def test_a_missing_file_is_one_line(cli):
    code, _, err = cli("map", "none.yaml", "-o", "svg")
    assert code == 3
    assert err == "error: none.yaml: No such file or directory\n"


def test_errors_fail_where_that_is_asked_for(cli):
    for severity, code in (("never", 0), ("error", 1), ("warning", 1), ("note", 1)):
        found = cli("map", "broken.yaml", "--out", "map.svg", "--fail-on", severity)
        assert found.code == code
    assert Path("map.svg").read_bytes().startswith(b"<svg ")


@pytest.mark.parametrize("form", ["svg", "html", "json"])
def test_nothing_that_was_read_is_told(form, cli):
    code, out, err = cli("map", "nothing.json", "-o", form)
    assert code == 0
    assert out
    assert err.splitlines()[-2:] == [
        "map: 0 VNets, 0 subnets, 0 errors, 0 warnings",
        "nothing to draw: no network and no cluster was read",
    ]


@pytest.mark.parametrize("file", ["broken.yaml", "secret.yaml"])
@pytest.mark.parametrize("form", ["svg", "html", "json"])
def test_redacted_names_do_not_show_and_ranges_do(file, form, cli):
    document = json.loads(cli("map", file, "-o", "json").out)
    text = cli("map", file, "-o", form, "--redact").out
    if form == "html":
        text = next(parsed(text).all("body")).content
    assert "contoso" in json.dumps(document)
    assert "contoso" not in text
    for network in document["networks"]:
        assert all(block["cidr"] in text for block in network["blocks"])


def test_a_missing_extra_is_one_line_before_any_work(cli, monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    code, _, err = cli("map", "none.yaml", "--out", "map.png")
    assert code == 2
    assert "pip install ipplan[charts]" in err


def test_the_picture_of_the_pages_is_what_is_drawn(cli):
    plan, picture = "docs/samples/layout/shop.yaml", "docs/_static/map-shop.svg"
    found = cli("map", str(ROOT / plan), "--as-of", "2026-11-24", "--out", "map.svg")
    assert found.code == 0
    assert Path("map.svg").read_bytes() == (ROOT / picture).read_bytes()


@pytest.mark.parametrize("command", ["map", "report", "layout"])
def test_a_name_that_is_too_long_is_one_line(cli, command):
    form = () if command == "layout" else ("-o", "json")
    found = cli(command, "a" * 300, *form)
    assert found.code == 3
    assert found.err == f"error: {'a' * 300}: File name too long\n"


@pytest.mark.parametrize("command", ["map", "report"])
def test_json_says_what_was_given_and_nothing_where_names_are_replaced(command, cli):
    words = (command, "shop.yaml", "-o", "json", "--as-of", "2026-11-28")
    plain, hidden = (json.loads(cli(*words, *more).out) for more in ([], ["--redact"]))
    assert plain["input"] == {"files": ["shop.yaml"], "as_of": "2026-11-28"}
    assert hidden["input"] == {}
    assert plain["complete"] is True
    assert "shop" not in json.dumps(hidden)
