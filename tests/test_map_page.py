"""The page of a map: what it shows, and that it needs nothing else."""

import pytest

from ipplan.inventory.estates import Inventory
from ipplan.renderers import pages
from ipplan.renderers.maps import draw_map
from ipplan.renderers.maps.figures import figure
from ipplan.renderers.maps.pages import map_page
from ipplan.views.maps.badges import MOST_MARKS
from ipplan.views.maps.plots import MOST_MEDIUM
from tests.map_pages import BASELINE, ESTATE, SHOP, estate_map, map_of, parsed

HEADINGS = {"h1", "h2", "h3", "h4", "h5"}

ESTATES = {"baseline": BASELINE, "shop": SHOP, "estate": ESTATE}
EMPTY = estate_map(Inventory(), "nothing")


@pytest.fixture(params=ESTATES)
def document(request):
    return map_of(ESTATES[request.param])


def number(text):
    return int(text.replace(",", ""))


def subnets_of(network):
    blocks = [each for block in network["blocks"] for each in block["subnets"]]
    return [*blocks, *network["strays"]]


def sections(page):
    return list(parsed(page).all("section", kind="map-network"))


def test_a_page_has_every_network_with_its_space(document):
    found = sections(map_page(document))
    assert [next(each.all("h3")).text for each in found] == [
        each["name"] for each in document["networks"]
    ]
    for section, network in zip(found, document["networks"], strict=True):
        space = next(section.all("p", kind="map-space"))
        spaces = ", ".join(each["cidr"] for each in network["blocks"])
        assert "".join(each.text for each in space.all("code")) == spaces


def test_the_tables_have_the_numbers_of_the_document(document):
    found = sections(map_page(document))
    for section, network in zip(found, document["networks"], strict=True):
        rows = [list(each.all("td")) for each in section.all("tr")]
        rows = [[cell.text for cell in row] for row in rows if row]
        expected = subnets_of(network)
        assert len(rows) == len(expected)
        for row, subnet in zip(rows, expected, strict=True):
            assert row[:2] == [subnet["cidr"], subnet["name"]]
            assert row[8].split() == [str(each) for each in subnet["marks"]]
            fill = subnet["fill"]
            if fill is None:
                kept, used = ("", "") if ":" in subnet["cidr"] else ("5", "unknown")
                assert row[4:8] == [kept, used, "", ""]
                continue
            kinds = ("reserved", "used", "growth", "free")
            counts = [number(each.partition(" lacks ")[0]) for each in row[4:8]]
            assert counts == [fill[each] for each in kinds]
            assert sum(counts) == number(row[3]) == subnet["addresses"]
            lack = row[7].partition(" lacks ")[2]
            assert number(lack or "0") == subnet["over"]
        free = [
            each.text for p in section.all(kind="map-unallocated") for each in p.all()
        ]
        expected = [e for block in network["blocks"] for e in block["free"]]
        assert ", ".join(free) == ", ".join(expected)


def test_in_tiles_without_conflicts_subnets_are_lines_and_keep_what_is_read():
    """One element a subnet; those of a VNet with a conflict stay a table."""
    network = map_of(BASELINE)["networks"][1]
    bad = network | {"id": "/bad", "marks": [1]}
    known, unknown, later = (
        {**network["blocks"][0]["subnets"][0], "cidr": cidr, "fill": fill}
        for cidr, fill in (
            ("10.240.0.0/22", network["blocks"][0]["subnets"][0]["fill"]),
            ("10.240.4.0/30", None),
            ("fd00::/64", None),
        )
    )
    odd = network | {"id": "/odd", "strays": [known, unknown, later], "blocks": []}
    many = [network | {"id": f"/{each}"} for each in range(MOST_MEDIUM)]
    page = map_page(map_of(BASELINE) | {"networks": [bad, odd, *many]})
    found = sections(page)
    assert list(found[0].all("table"))
    assert not list(found[1].all("table"))
    rows = list(found[1].all("li"))
    keys = "data-cidr", "data-fill"
    fill = " ".join(
        str(known["fill"][e]) for e in ("reserved", "used", "growth", "free")
    )
    assert [[e.attributes.get(key) for key in keys] for e in rows] == [
        ["10.240.0.0/22", fill],
        ["10.240.4.0/30", None],
        ["fd00::/64", None],
    ]
    assert [e.text.strip().endswith("use unknown") for e in rows] == [
        False,
        True,
        False,
    ]


def test_only_what_occurs_is_in_the_legend():
    document = map_of(BASELINE)
    told = next(parsed(map_page(document)).all("ul", kind="map-legend")).text
    assert "not known" in told
    assert "conflict" not in told
    bare = document | {"networks": [], "ranges": [], "peerings": []}
    assert next(parsed(map_page(bare)).all("ul", kind="map-legend")).text.strip() == ""


def test_a_page_asks_no_network_and_lets_one_script_run(document):
    page = map_page(document)
    assert page.startswith('<!doctype html>\n<html lang="en">')
    root = parsed(page)
    for each in root.all():
        assert not each.attributes.get("src")
        assert not [name for name in each.attributes if name.startswith("on")]
        target = each.attributes.get("href") or "#"
        allowed = "data:," if each.tag == "link" else ("#", "https://")
        assert target.startswith(allowed)
    policy = next(
        each.attributes["content"]
        for each in root.all("meta")
        if each.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    scripts = [each.content for each in root.all("script")]
    assert policy == pages.policy(*scripts)
    assert len(scripts) == 1
    assert "url(" not in page.replace("url(#", "")
    assert "@import" not in page


def test_ids_of_a_page_are_unique_and_its_links_lead_somewhere(document):
    root = parsed(map_page(document))
    ids = [each.attributes["id"] for each in root.all() if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    linked = [each.attributes.get("href", "") for each in root.all("a")]
    assert {each[1:] for each in linked if each.startswith("#")} <= set(ids)
    named = [each.attributes.get("aria-labelledby") for each in root.all()]
    assert {each for each in named if each} <= set(ids)


def test_a_page_is_the_same_each_time(document):
    assert map_page(document) == map_page(document)
    assert draw_map(document, "html").decode() == map_page(document)


def test_the_line_beneath_the_title_counts():
    header = next(parsed(map_page(map_of(BASELINE))).all("header"))
    assert header.text == (
        "aks-baseline 2 VNets, 8 subnets, 1 cluster, planned; "
        "2% of 65,792 addresses in subnets; 0 errors, 0 warnings"
    )
    header = next(parsed(map_page(EMPTY)).all("header"))
    assert header.text.startswith("nothing 0 VNets, 0 subnets, 0 clusters, as it was ")
    assert "; 0% of 0 addresses in subnets;" in header.text


def test_nothing_is_said_to_be_nothing():
    text = next(parsed(map_page(EMPTY)).all("main")).text
    assert "No VNet was read." in text
    assert "No errors and no warnings." in text


def test_a_figure_has_its_headings_where_they_are_asked_for():
    found = figure(map_of(BASELINE), level=3)
    tags = [each.tag for each in parsed(found.html).all() if each.tag in HEADINGS]
    assert tags[:3] == ["h3", "h3", "h4"]
    assert set(tags) == {"h3", "h4"}
    assert "map-network" in found.style
    assert "ipplanRanges" in found.script
    for each in (found.style, found.script):
        assert "</" not in each.replace("</g", "")


def test_each_conflict_is_told_and_leads_to_its_place_and_back():
    document = map_of(SHOP)
    root = parsed(map_page(document))
    told = list(next(root.all("ol", kind="map-findings")).all("li"))
    assert [each.attributes["id"] for each in told] == [
        f"map-m{each['number']}" for each in document["marks"]
    ]
    places = {
        each.attributes["id"]: each for each in root.all("section", kind="map-network")
    }
    for item, mark in zip(told, document["marks"], strict=True):
        assert mark["message"] in item.content
        assert mark["severity"] in item.text
        assert (f"Fix: {mark['fix']}" in item.content) == (mark["fix"] is not None)
        links = [each.attributes["href"] for each in item.all("a")]
        assert mark["source"] in links
        for link in (each[1:] for each in links if each.startswith("#")):
            back = [each.attributes["href"] for each in places[link].all("a")]
            assert f"#map-m{mark['number']}" in back


def test_of_very_many_conflicts_the_worst_are_told():
    mark = map_of(SHOP)["marks"][0]
    marks = [mark | {"number": each} for each in range(1, MOST_MARKS + 3)]
    first, *others = map_of(SHOP)["networks"]
    networks = [first | {"marks": [1, MOST_MARKS + 1]}, *others]
    root = parsed(map_page(map_of(SHOP) | {"marks": marks, "networks": networks}))
    told = next(root.all("ol", kind="map-findings"))
    assert len(list(told.all("li"))) == MOST_MARKS
    assert (
        "And 2 conflicts more: ipplan check lists all." in next(root.all("main")).text
    )
    marked = next(root.all("p", kind="map-marked"))
    assert marked.text == f"Conflicts 1 {MOST_MARKS + 1}"
    assert len(list(marked.all("a"))) == 1


def test_what_reaches_what_is_a_table_too():
    peering = map_of(BASELINE)["peerings"][0]
    hub, spoke = (each["name"] for each in map_of(BASELINE)["networks"])
    ids = peering["networks"]
    changed = peering | {"one_sided": True, "gateway": True, "forwarded": True}
    links = [
        {"way": "hub", "through": ids[0], "networks": ids},
        {"way": "group", "through": "wan", "networks": [*ids, "elsewhere"]},
        {"way": "on-premises", "through": "dc", "networks": ids},
    ]
    document = map_of(BASELINE) | {"peerings": [changed], "links": links}
    part = next(parsed(map_page(document)).all("section", kind="map-part"))
    rows = [[cell.text for cell in row.all("td")] for row in part.all("tr")][1:]
    names = dict(
        zip(
            (each["id"] for each in map_of(BASELINE)["networks"]),
            (hub, spoke),
            strict=True,
        )
    )
    first, second = (names[each] for each in ids)
    way = "of one side only, through a gateway, lets in what is forwarded"
    assert rows == [
        [f"{first} ↔ {second}", f"peering, {peering['state']}, {way}", ""],
        [f"{first}, {second}", f"through the hub {first}", ""],
        [f"{first}, {second}, elsewhere", "in the group wan", ""],
        [f"{first}, {second}", "through dc on premises", ""],
    ]


def test_what_is_unusual_of_a_network_is_told():
    network = map_of(BASELINE)["networks"][1]
    changed = network | {
        "location": None,
        "role": "alone",
        "seen": False,
        "blocks": [],
        "strays": [network["blocks"][0]["subnets"][0] | {"over": 7, "purpose": []}],
        "clusters": ["a", "b"],
    }
    bare = changed | {"id": "/x", "name": "bare", "strays": [], "clusters": []}
    document = map_of(BASELINE) | {"networks": [changed, bare]}
    first, second = sections(map_page(document))
    assert "1 subnet · not read · clusters a, b" in first.text
    assert "address space unknown" in first.text
    assert "lacks 7" in first.text
    assert list(second.all("details")) == []


@pytest.mark.parametrize(
    ("count", "size"), [(12, "large"), (13, "medium"), (120, "medium"), (121, "small")]
)
def test_panels_become_smaller_where_there_are_many(count, size):
    network = map_of(BASELINE)["networks"][1]
    many = [network | {"id": f"{network['id']}-{each}"} for each in range(count)]
    root = parsed(map_page(map_of(BASELINE) | {"networks": many, "peerings": []}))
    grid = next(root.all("div", kind="map-networks"))
    assert f"map-networks-{size}" in grid.classes
    assert len(list(grid.all("section"))) == count
