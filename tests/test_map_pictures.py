"""Maps as SVG and PNG: sizes read back, hostile names inert, nothing else needed."""

import re
import sys
from collections import defaultdict
from datetime import date
from io import BytesIO
from itertools import combinations, pairwise
from math import isclose
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

import ipplan
from ipplan.cidrs import Cidr
from ipplan.designs.studies import study, study_of_layout
from ipplan.documents.maps import map_document
from ipplan.errors import ArgumentError
from ipplan.readers.layouts import read_layout_plan
from ipplan.renderers.maps import MOST_PIXELS, _scale_of, check_png, draw_map
from ipplan.renderers.maps.pictures import (
    MAP_PATTERNS,
    MAP_STYLE,
    graph_svg,
    map_svg,
    panel_svg,
    ranges_svg,
)
from ipplan.renderers.maps.styles import picture_style
from ipplan.renderers.pages import asset
from ipplan.views.maps.badges import meet
from ipplan.views.maps.places import Box
from ipplan.views.maps.plots import MOST_MEDIUM
from tests import large_estates
from tests.browser import needs_chromium, run
from tests.hostile_names import LONG, hostile_estate, shown
from tests.map_samples import (
    a_range,
    block,
    document,
    fill,
    hub_and_spokes,
    link,
    mark,
    network,
    subnet,
)

TODAY = date(2026, 11, 28)
LAYOUTS = Path(__file__).parent / "data" / "layouts"
CHARTS = "needs vl-convert: pip install ipplan[charts]"
SVG = "{http://www.w3.org/2000/svg}"


def of_plan(name):
    layout = ipplan.lay_out(read_layout_plan(str(LAYOUTS / f"{name}.yaml")))
    return map_document(study_of_layout(layout, as_of=TODAY))


def everything():
    """A map with all that a picture can show."""
    first = block(
        "10.0.0.0/16",
        subnet("10.0.0.0/18", "nodes", fill=fill(5, 900, 400, 15079), marks=[1]),
        subnet("10.0.64.0/18", "unknown", fill=None),
        *(subnet(f"10.0.128.{n}/32", f"tiny{n}") for n in range(3)),
        free=["10.0.192.0/18"],
        marks=[2],
    )
    found = hub_and_spokes(3)
    found["networks"] += [
        network("v", first, block("fd00::/63", subnet("fd00::/64")), marks=[3])
    ]
    found["peerings"][1]["state"] = "broken"
    more = {
        "links": [link("on-premises", "datacentre", "hub"), link("group", "wan", "v")],
        "ranges": [
            a_range("10.244.0.0/16", "pods", "a", "b", marks=[1]),
            a_range("172.16.0.0/16", "services", "a"),
        ],
        "marks": [mark(1), mark(2, fix="move it"), mark(3, severity="warning")],
        "peerings": [
            *found["peerings"],
            {**found["peerings"][1], "networks": ["/v/s0", "/v/v"]},
        ],
    }
    return {**found, **more}


def many():
    """More VNets than get panels with words."""
    networks = [
        network(
            f"n{n}",
            block(
                "10.0.0.0/16",
                subnet("10.0.0.0/18", fill=fill(5, n, 9, 16370 - n)),
                subnet("10.0.64.0/18", fill=None),
                subnet("10.0.128.0/26"),
                marks=[n + 1],
            ),
        )
        for n in range(MOST_MEDIUM + 1)
    ]
    return document(networks)


def parsed(text):
    return ET.fromstring(text)  # noqa: S314  # we have drawn it


def box_of(rect):
    return Box(*(float(rect.get(each, 0)) for each in ("x", "y", "width", "height")))


@pytest.mark.parametrize("name", ["aks-baseline", "shop"])
def test_blocks_of_a_plan_are_as_large_as_their_addresses(name):
    found = of_plan(name)
    for network_ in found["networks"]:
        svg = parsed(panel_svg(network_))
        scales = defaultdict(set)
        rects = [e for e in svg.iter(f"{SVG}rect") if e.get("data-cidr")]
        for rect in rects:
            cidr, box = Cidr.parse(rect.get("data-cidr")), box_of(rect)
            assert box.width / box.height in {1, 2}
            scales[cidr.version].add(round(box.width * box.height / cidr.size, 30))
        enlarged = "as wide" in "".join(svg.itertext())
        for found_scales in scales.values():
            ordered = sorted(found_scales)
            steps = sum(b / a > 1.01 for a, b in pairwise(ordered))
            assert steps == (1 if enlarged else 0)
        drawn = {each.get("data-cidr") for each in rects}
        assert {each["cidr"] for each in network_["blocks"]} <= drawn


def test_fills_are_as_high_as_their_shares():
    one = subnet("10.0.0.0/24", fill=fill(5, 100, 51, 100))
    svg = parsed(panel_svg(network("v", block("10.0.0.0/24", one))))
    highs = {e.get("class"): box_of(e).height for e in svg.iter(f"{SVG}rect")}
    for kind, count in one["fill"].items():
        assert isclose(highs[f"m-{kind}"], 320 * count / 256, abs_tol=1e-3)


def test_a_map_is_one_picture_that_names_itself_and_needs_nothing():
    svg = map_svg(everything())
    root = parsed(svg)
    assert root.get("role") == "img"
    ids = root.get("aria-labelledby").split()
    assert [e.get("id") for e in root[:2]] == ids
    assert root[0].text == "Address map of shop"
    assert root[1].text.endswith("1: finding 1 2: finding 2 3: finding 3")
    assert not [e for e in root.iter() if e.tag.endswith(("script", "image", "a"))]
    assert "href" not in svg
    assert set(re.findall(r"url\(([^)]*)\)", svg)) <= {
        f"#m-{e}" for e in ("reserved", "growth", "space", "unknown", "group")
    }


def test_the_same_map_is_the_same_bytes():
    assert draw_map(everything(), "svg") == draw_map(everything(), "svg")


def test_every_class_has_a_style_and_every_style_a_use():
    sparse = document([network("v", block("10.0.0.0/16", subnet("10.0.0.0/24")))])
    maps = (everything(), many(), hub_and_spokes(61), sparse)
    drawn = "".join(map(map_svg, maps))
    used = {e for text in re.findall(r'class="([^"]*)"', drawn) for e in text.split()}
    styled = set(re.findall(r"\.(m-[a-z-]+)", MAP_STYLE))
    neutral = {"m-bus", "m-connected"}
    assert used - styled <= neutral
    assert styled <= used


def test_pictures_have_plain_colours_of_the_theme_in_light_and_dark():
    style = picture_style()
    assert "var(" not in style
    light, dark = style.split("@media screen and (prefers-color-scheme: dark)")
    assert ".m-used { fill: #0072b2; }" in light
    assert ".m-used { fill: #56b4e9; }" in dark
    assert "--used: #0072b2" in asset("theme.css")


def test_marks_are_outlined_and_numbered_where_they_are_and_explained():
    root = parsed(map_svg(everything()))
    badges = [e.get("data-mark") for e in root.iter() if e.get("data-mark")]
    assert {"1", "2", "3"} <= set(badges)
    told = "".join(root.itertext())
    assert "error · breaks-traffic · some-rule" in told
    assert "Fix: move it" in told
    outlines = [e for e in root.iter() if e.get("class") == "m-marked"]
    assert len(outlines) >= 3


def test_what_is_broken_has_a_word():
    root = parsed(graph_svg(everything()))
    words = [e.text for e in root.iter(f"{SVG}text") if "m-wrong" in e.get("class")]
    assert words == ["peering broken", "peering broken"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: panel_svg(everything()["networks"][-1]),
        lambda: panel_svg(many()["networks"][0], level="small", width=224),
        lambda: panel_svg(many()["networks"][0], level="medium", width=384),
        lambda: graph_svg(everything()),
        lambda: ranges_svg(everything()),
    ],
)
def test_parts_are_pictures_by_themselves_with_a_name(draw):
    root = parsed(draw())
    assert root.get("role") == "img"
    assert root.get("aria-label")
    assert not any(each.get("id") for each in root.iter())
    wide = float(root.get("width"))
    for rect in root.iter(f"{SVG}rect"):
        box = box_of(rect)
        assert box.x >= -2
        assert box.x + box.width <= wide + 10


def test_patterns_are_had_once_and_take_no_room():
    root = parsed(MAP_PATTERNS)
    assert (root.get("width"), root.get("aria-hidden")) == ("0", "true")
    assert len(list(root.iter(f"{SVG}pattern"))) == 5


def test_texts_in_a_panel_do_not_lie_upon_each_other():
    for network_ in of_plan("aks-baseline")["networks"]:
        root = parsed(panel_svg(network_))
        texts = list(root.iter(f"{SVG}text"))
        boxes = [
            Box(
                float(e.get("x")),
                float(e.get("y")) - float(e.get("font-size")) * 0.8,
                len(e.text) * float(e.get("font-size")) * 0.5,
                float(e.get("font-size")) * 0.9,
            )
            for e in texts
        ]
        for (one, a), (other, b) in combinations(zip(texts, boxes, strict=True), 2):
            assert not meet(a, b), (one.text, other.text)


def test_small_panels_have_a_path_for_each_look_of_what_is_in_them():
    svg = map_svg(many())
    last = [e for e in parsed(svg).iter(f"{SVG}g") if e.get("transform")][-1]
    title = next(last.iter(f"{SVG}title")).text
    assert title == "n120: 10.0.0.0/16, 65,536 addresses; 3 subnets"
    paths = [e.get("class") for e in last.iter(f"{SVG}path")]
    looks = ["m-many m-free", "m-many m-plain", "m-many m-group"]
    assert sorted(paths[:-2]) == sorted(looks)
    assert paths[-2:] == ["m-used", "m-p-growth"]


@pytest.fixture(scope="module")
def hostile():
    found = study(hostile_estate(), "</title><script>", as_of=TODAY)
    return map_document(found)


def test_hostile_names_are_inert_and_none_is_lost(hostile):
    svg = map_svg(hostile)
    root = parsed(svg)
    assert not [e for e in root.iter() if e.tag.rpartition("}")[2] in {"script", "a"}]
    for each in root.iter():
        assert not [e for e in each.attrib if e.startswith("on") or "href" in e]
    told = "".join(root.itertext())
    for each in hostile["networks"]:
        assert shown(each["name"])[:300] in told
    assert LONG[:400] in told


@pytest.mark.parametrize("level", ["large", "medium", "small"])
def test_hostile_names_are_inert_in_parts(hostile, level):
    for each in hostile["networks"]:
        root = parsed(panel_svg(each, level=level))
        assert not [e for e in root.iter() if e.tag.endswith("script")]
    for part in (graph_svg(hostile), ranges_svg(hostile)):
        assert not [e for e in parsed(part).iter() if e.tag.endswith("script")]


@needs_chromium
def test_chromium_opens_a_map_and_runs_nothing(hostile, tmp_path):
    dom, told = run(tmp_path, map_svg(hostile), "--dump-dom", suffix=".svg")
    assert not told
    assert "<script" not in dom
    assert "parsererror" not in dom


def test_an_empty_map_can_be_drawn():
    assert parsed(map_svg(document())).get("height")


def test_a_png_has_two_pixels_for_each_of_the_layout():
    pytest.importorskip("vl_convert", reason=CHARTS)
    drawn = draw_map(everything(), "png")
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(drawn[16:20], "big") == 2400


def test_a_png_is_packed_and_none_of_its_dots_changes():
    convert = pytest.importorskip("vl_convert", reason=CHARTS)
    document = everything()
    plain = bytes(convert.svg_to_png(map_svg(document), scale=2))
    found = draw_map(document, "png")
    assert len(found) < len(plain) / 2
    before, after = (Image.open(BytesIO(each)) for each in (plain, found))
    assert (after.mode, after.size) == (before.mode, before.size)
    assert after.tobytes() == before.tobytes()


def test_a_png_of_a_thousand_networks_can_be_sent_around():
    pytest.importorskip("vl_convert", reason=CHARTS)
    large = study(large_estates.estate(), "estate", as_of=date(2026, 11, 28))
    found = draw_map(map_document(large), "png")
    width, height = (int.from_bytes(found[at : at + 4], "big") for at in (16, 20))
    assert 0.99 * MOST_PIXELS < width * height <= MOST_PIXELS
    assert len(found) < 5_000_000


def test_a_png_without_what_makes_it_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(ArgumentError, match=r"pip install ipplan\[charts\]"):
        check_png()
    with pytest.raises(ArgumentError, match="needs vl-convert and Pillow"):
        draw_map(document(), "png")


def test_another_form_is_refused():
    with pytest.raises(ArgumentError, match="'gif'"):
        draw_map(document(), "gif")


def test_a_large_picture_is_no_larger_than_can_be_sent_around():
    small = '<svg width="1200" height="1000">'
    large = '<svg width="1200" height="40000">'
    assert _scale_of(small) == 2
    assert 1200 * 40000 * _scale_of(large) ** 2 == pytest.approx(MOST_PIXELS)
