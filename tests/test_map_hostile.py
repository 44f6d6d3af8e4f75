"""Names that mean harm are text in every form of a map, and all of it is kept."""

import json
import re
import xml.etree.ElementTree as ET
from html import unescape
from pathlib import Path

import pytest

from ipplan.renderers.maps import draw_map
from ipplan.renderers.maps.pages import map_page
from ipplan.tables import OBEYED, printable
from tests.browser import needs_chromium, opened, with_scripts
from tests.hostile_names import HOSTILE, LONG, hostile_az, hostile_estate, shown
from tests.map_pages import estate_map, parsed

MAP = estate_map(hostile_estate())
PAGE = map_page(MAP)

PROVOKE = """
window.addEventListener("load", () => setTimeout(() => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  document.querySelectorAll(".map-zoom > button:first-child").forEach((each) => {
    each.click();
  });
  const kinds = ["mouseover", "mouseenter", "focus", "focusin", "load", "error"];
  document.querySelectorAll("*").forEach((each) => {
    kinds.forEach((kind) => each.dispatchEvent(new Event(kind, {bubbles: true})));
  });
  const find = document.querySelector(".map-tools input");
  find.value = "<img src=x onerror=\\"document.title='owned'\\">";
  find.dispatchEvent(new Event("input", {bubbles: true}));
  find.value = "";
  find.dispatchEvent(new Event("input", {bubbles: true}));
  const told = document.createElement("pre");
  told.id = "told";
  told.textContent = JSON.stringify([...document.querySelectorAll("*")].flatMap(
    (each) => [...each.attributes].map((attribute) => attribute.name)
      .filter((name) => name.startsWith("on") || name === "srcdoc")));
  document.body.append(told);
}, 300));
"""
"""Everything that a reader may do to a page, and which handlers it has."""


def title_of(document):
    return unescape(re.search(r"<title[^>]*>(.*?)</title>", document, re.DOTALL)[1])


def lines(text):
    return " ".join(text.split())


@needs_chromium
def test_no_script_of_a_name_runs_in_a_page(tmp_path):
    said, document = opened(with_scripts(PAGE, PROVOKE), tmp_path)
    assert said == []
    assert title_of(document) == "estate: address map"
    told = re.search(r'<pre id="told">(.*?)</pre>', document, re.DOTALL)[1]
    assert json.loads(unescape(told)) == []
    assert "map-lens" in document
    tags = {each.tag for each in parsed(PAGE).all()}
    assert not tags & {"img", "iframe", "object", "embed", "b:x", "form", "base"}


@needs_chromium
def test_no_script_of_a_name_runs_in_a_picture(tmp_path):
    picture = draw_map(MAP, "svg").decode()
    said, document = opened(picture, tmp_path, suffix=".svg")
    assert said == []
    before = ET.fromstring(picture)  # noqa: S314  # what ipplan itself has drawn
    title = next(each for each in before if each.tag.endswith("}title"))
    assert title_of(document) == title.text != "owned"


def test_no_text_of_a_name_is_lost_in_a_page():
    main = next(parsed(PAGE).all("main"))
    text = main.content
    for name in HOSTILE:
        assert text.count(shown(name)) >= 4, ascii(name)
    sections = list(parsed(PAGE).all("section", kind="map-network"))
    for section, network in zip(sections, MAP["networks"], strict=True):
        assert next(section.all("h3")).content == printable(network["name"])
        subnets = [list(each.all("td")) for each in section.all("tr")][1:]
        for row in subnets:
            assert row[1].content == printable(network["name"])


def test_no_text_of_a_name_is_lost_in_a_picture():
    root = ET.fromstring(draw_map(MAP, "svg"))  # noqa: S314  # our own
    text = " ".join(root.itertext())
    for name in HOSTILE:
        assert shown(name) in text, ascii(name)
    tags = {each.tag.rpartition("}")[2] for each in root.iter()}
    assert not tags & {"script", "foreignObject", "image", "a:href", "animate", "set"}
    names = {name for each in root.iter() for name in each.attrib}
    assert not [name for name in names if name.startswith("on")]


def test_nothing_that_steers_a_reader_is_left():
    import unicodedata

    for text in (PAGE, draw_map(MAP, "svg").decode()):
        steering = {each for each in text if unicodedata.category(each) in OBEYED}
        assert steering <= {"\n"}


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: ascii(name)[:40])
def test_a_hostile_title_is_text(name):
    document = MAP | {"title": name, "networks": MAP["networks"][:1]}
    root = parsed(map_page(document))
    assert next(root.all("h1")).content == shown(name)
    assert lines(next(root.all("title")).content).startswith(lines(shown(name)))
    assert len(list(root.all("script"))) == 1
    picture = ET.fromstring(draw_map(document, "svg"))  # noqa: S314  # our own
    assert shown(name) in " ".join(picture.itertext())


@pytest.mark.parametrize("form", ["svg", "html", "json"])
def test_hostile_files_are_drawn(form, cli, tmp_path):
    path = tmp_path / "vnets.json"
    path.write_text(json.dumps(hostile_az()), "utf-8")
    out = tmp_path / f"map.{form}"
    code, _, err = cli("map", str(path), "--out", str(out))
    assert code == 0
    assert "wrote " in err
    text = Path(out).read_bytes().decode("utf-8")
    if form == "json":
        names = {each["name"] for each in json.loads(text)["networks"]}
        assert LONG in names
        return
    root = parsed(text)
    names = {name for each in root.all() for name in each.attributes}
    assert not [name for name in names if name.startswith("on")]
    assert LONG in root.content
