"""What a map shows at a size: places, tiles, panels, the graph, ranges, the sheet."""

from fractions import Fraction
from itertools import combinations, pairwise
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan.cidrs import Cidr
from ipplan.views.maps.badges import MOST_MARKS, badges, meet, numbers
from ipplan.views.maps.blocks import LEAST, MOST_APART, MOST_TITLED, figure, labels_of
from ipplan.views.maps.graphs import FEW, WIDEST, graph
from ipplan.views.maps.joints import MOST_ELSEWHERE, MOST_SPOKES, joints
from ipplan.views.maps.panels import panel
from ipplan.views.maps.places import Box, place, side_of
from ipplan.views.maps.plots import MOST_LARGE, MOST_MEDIUM
from ipplan.views.maps.ranges import MOST, ranges
from ipplan.views.maps.sheets import (
    MARGIN,
    MOST_NOTABLE,
    sheet,
)
from ipplan.views.maps.words import (
    ELLIPSIS,
    label_in,
    shortened,
    spanned,
    width_of,
    wrapped,
)
from tests.map_samples import (
    a_range,
    block,
    document,
    fill,
    hub_and_spokes,
    link,
    mark,
    network,
    peering,
    subnet,
)

BLOCK = Cidr.parse("10.0.0.0/16")


def cidrs(within=BLOCK):
    def within_it(length):
        count = 2 ** (length - within.length)
        step = 2 ** (within.bits - length)
        return st.integers(0, count - 1).map(
            lambda n: Cidr(within.version, within.first + n * step, length)
        )

    return st.integers(within.length, within.bits).flatmap(within_it)


def covers(one, other):
    return (
        one.x <= other.x
        and one.y <= other.y
        and other.x + other.width <= one.x + one.width
        and other.y + other.height <= one.y + one.height
    )


@given(cidrs(), st.booleans())
def test_area_is_the_share_of_the_addresses(cidr, wide):
    rect = place(cidr, BLOCK, wide=wide)
    assert rect.width * rect.height == Fraction(cidr.size, BLOCK.size)
    assert covers(place(BLOCK, BLOCK), rect)
    aspect = rect.width / rect.height * (2 if wide else 1)
    assert aspect in {1, 2}


@given(cidrs(), cidrs(), st.booleans())
def test_ranges_that_nest_nest_and_others_are_apart(one, other, wide):
    a, b = place(one, BLOCK, wide=wide), place(other, BLOCK, wide=wide)
    assert covers(a, b) == one.covers(other)
    assert meet(Box(*a), Box(*b)) == one.overlaps(other)


def test_halves_of_a_whole_stand_above_each_other_and_of_a_half_beside():
    first, last = (Cidr.parse(e) for e in ("10.0.0.0/17", "10.0.128.0/17"))
    assert place(first, BLOCK)[:2] == (0, 0)
    assert place(last, BLOCK)[:2] == (0, Fraction(1, 2))
    assert place(last, BLOCK, wide=True)[:2] == (Fraction(1, 2), 0)


def test_sides_halve_in_turn():
    assert [side_of(16 + n, 16, 64) for n in range(4)] == [
        (64, 64),
        (64, 32),
        (32, 32),
        (32, 16),
    ]


@pytest.mark.parametrize("text", ["snet-clusternodes", "WWWWWWWW", "iiii", "網路網路"])
@pytest.mark.parametrize("room", [0, 5, 20, 60, 200])
def test_what_is_shortened_fits_and_is_as_long_as_it_can_be(text, room):
    shown = shortened(text, 11, room)
    assert width_of(shown, 11) <= room
    if shown != text:
        longer = text[: len(shown)] + ELLIPSIS
        assert width_of(longer, 11) > room or not shown


def test_a_label_that_is_shortened_has_all_of_it_as_its_title():
    assert label_in("web", 0, 0, 11, 100).title == ""
    assert label_in("snet-clusternodes", 0, 0, 11, 60).title == "snet-clusternodes"


def test_marks_upon_letters_take_no_room_and_foreign_letters_some():
    assert width_of("e\u0301", 10) == width_of("e", 10)
    assert width_of("ü", 10) > width_of("u", 10)


def test_lines_fit_and_lose_nothing_but_blanks():
    text = "a pod CIDR " + "x" * 100 + " overlaps"
    lines = wrapped(text, 11, 120)
    assert all(width_of(each, 11) <= 120 for each in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert wrapped("WW", 11, 1) == ["W", "W"]


def test_numbers_of_addresses_can_be_read():
    assert spanned(2**32) == "4,294,967,296 addresses"
    assert spanned(1) == "1 address"
    assert spanned(2**64) == "2^64 addresses"


def test_badges_stand_apart_and_tell_how_many_more():
    box = Box(0, 0, 40, 40)
    found = badges([(box, (1,)), (box, (2,)), (Box(0, 0, 4, 4), (3,))])
    assert not any(meet(a.box, b.box) for a, b in combinations(found, 2))
    assert [each.worst for each in found] == [1, 2, 3]
    assert numbers(range(1, 6)) == "1 2 3 +2"


def test_tiles_are_as_large_as_their_addresses_and_apart():
    subnets = [subnet("10.0.0.0/18"), subnet("10.0.64.0/20"), subnet("10.0.128.0/24")]
    drawn = figure(block("10.0.0.0/16", *subnets), BLOCK, Box(0, 0, 320, 320))
    for tile in drawn.tiles:
        size = Cidr.parse(tile.cidr).size
        share = tile.box.width * tile.box.height / 320 / 320
        assert share == size / BLOCK.size
        for part in tile.shares:
            part_of = part.box.height / tile.box.height
            known = subnet(tile.cidr)["fill"]
            assert isclose(part_of, known[part.kind] / size)
    assert not any(meet(a.box, b.box) for a, b in combinations(drawn.tiles, 2))


def test_shares_stand_upon_each_other_and_fill_the_tile():
    one = subnet("10.0.0.0/24", fill=fill(5, 100, 51, 100))
    drawn = figure(
        block("10.0.0.0/24", one), Cidr.parse(one["cidr"]), Box(0, 0, 64, 64)
    )
    shares = drawn.tiles[0].shares
    assert [each.kind for each in shares] == ["reserved", "used", "growth", "free"]
    assert isclose(shares[0].box.y + shares[0].box.height, 64)
    assert isclose(sum(each.box.height for each in shares), 64)


@pytest.mark.parametrize(
    ("length", "kind"), [(25, "subnet"), (26, "subnet"), (27, "group")]
)
def test_subnets_too_small_to_see_are_drawn_together(length, kind):
    """A /26 of a /16 is 10 pixels high at 320, a /27 but 5."""
    step = 2 ** (32 - length)
    subnets = [subnet(str(Cidr(4, BLOCK.first + n * step, length))) for n in range(2)]
    drawn = figure(block("10.0.0.0/16", *subnets), BLOCK, Box(0, 0, 320, 320))
    assert {each.kind for each in drawn.tiles} == {kind}
    assert len(drawn.tiles) == (1 if kind == "group" else 2)
    if kind == "group":
        assert drawn.tiles[0].title.startswith("2 subnets in 10.0.0.0/26: web 10.0.0")


@pytest.mark.parametrize("length", [26, 27, 32])
@pytest.mark.parametrize("is_last", [False, True])
def test_a_subnet_with_a_conflict_is_drawn_by_itself_however_small(length, is_last):
    """A group has the others, and what is drawn can be seen within the block."""
    step = 2 ** (32 - length)
    first = BLOCK.first + (BLOCK.size - 2 * step) * is_last
    good, bad = (subnet(str(Cidr(4, first + n * step, length))) for n in range(2))
    bad["marks"] = [3]
    drawn = figure(block("10.0.0.0/16", good, bad), BLOCK, Box(0, 0, 320, 320))
    tile = next(each for each in drawn.tiles if each.marks)
    assert (tile.kind, tile.cidr, tile.marks) == ("subnet", bad["cidr"], (3,))
    assert min(tile.box.width, tile.box.height) >= LEAST
    assert tile.box.x + tile.box.width <= 320
    assert tile.box.y + tile.box.height <= 320
    assert all(good["cidr"] in e.title for e in drawn.tiles if e.kind == "group")
    assert drawn.badges[0].text == "3"


@pytest.mark.parametrize("count", [MOST_APART, MOST_APART + 1])
def test_so_many_small_conflicts_stand_apart_and_the_rest_in_marked_groups(count):
    subnets = [subnet(str(Cidr(4, BLOCK.first + n * 8, 29))) for n in range(count)]
    for each in subnets:
        each["marks"] = [5]
    drawn = figure(block("10.0.0.0/16", *subnets), BLOCK, Box(0, 0, 320, 320))
    kinds = [each.kind for each in drawn.tiles]
    assert kinds.count("subnet") == MOST_APART
    assert kinds.count("group") == count - MOST_APART
    assert all(each.marks == (5,) for each in drawn.tiles)


def test_a_group_names_so_many_and_counts_the_others():
    subnets = [
        subnet(str(Cidr(4, BLOCK.first + n * 4, 30))) for n in range(MOST_TITLED + 2)
    ]
    drawn = figure(block("10.0.0.0/16", *subnets), BLOCK, Box(0, 0, 320, 320))
    assert drawn.tiles[0].title.endswith("and 2 more")
    one = figure(block("10.0.0.0/16", *subnets[:1]), BLOCK, Box(0, 0, 320, 320))
    assert one.tiles[0].name.startswith("1 subnet in")


def test_what_is_in_no_subnet_is_drawn_where_it_can_be_seen():
    whole = block("10.0.0.0/16", free=["10.0.0.0/17", "10.0.128.0/30"])
    drawn = figure(whole, BLOCK, Box(0, 0, 320, 320))
    assert [(e.kind, e.cidr) for e in drawn.tiles] == [("space", "10.0.0.0/17")]
    part = figure(whole, Cidr.parse("10.0.128.0/17"), Box(0, 0, 320, 160))
    assert not part.tiles


def test_the_title_of_a_subnet_says_all():
    one = subnet("10.0.0.0/24", over=3, purpose=["nodes"], clusters=["a", "b"])
    none = subnet("10.0.1.0/24", fill=None)
    six = subnet("fd00::/64")
    drawn = figure(block("10.0.0.0/16", one, none), BLOCK, Box(0, 0, 320, 320))
    assert drawn.tiles[0].title == (
        "web 10.0.0.0/24: 256 addresses, 5 reserved, 1 used, 0 for maximum and "
        "upgrades, 250 free, 3 short, for nodes, clusters a, b"
    )
    assert drawn.tiles[1].title.endswith("what is used is not known")
    region = Cidr.parse("fd00::/64")
    whole = figure(block("fd00::/64", six), region, Box(0, 0, 64, 64))
    assert whole.tiles[0].title == "web fd00::/64: 2^64 addresses"


def test_labels_are_within_their_tiles_and_beside_badges():
    names = ["web", "snet-with-a-long-name", "W" * 50]
    lengths = [17, 20, 22, 24, 25, 26]
    for name in names:
        for length in lengths:
            one = subnet(f"10.0.0.0/{length}", name, marks=[1])
            drawn = figure(block("10.0.0.0/16", one), BLOCK, Box(0, 0, 320, 320))
            tile = drawn.tiles[0]
            for each in labels_of(tile):
                assert tile.box.x <= each.x
                assert each.x + each.width <= tile.box.x + tile.box.width
                assert each.y <= tile.box.y + tile.box.height
                assert each.y - each.size >= tile.box.y - 4


def spoke():
    """The spoke of the AKS baseline: a /16 of which little is used."""
    names = {
        "10.240.0.0/22": "snet-clusternodes",
        "10.240.4.0/28": "snet-clusteringressservices",
        "10.240.4.32/28": "snet-privatelinkendpoints",
        "10.240.5.0/24": "snet-applicationgateway",
    }
    return network(
        "spoke", block("10.240.0.0/16", *(subnet(c, n) for c, n in names.items()))
    )


def texts(labels):
    return [each.text for each in labels]


def test_what_is_dense_is_enlarged_and_says_how_much():
    drawn = panel(spoke(), "large", 1152)
    whole, inset = drawn.plots
    assert (whole.figure.cidr, inset.figure.cidr) == ("10.240.0.0/16", "10.240.0.0/21")
    small, large = (
        next(t.box for t in plot.figure.tiles if t.cidr == "10.240.0.0/22")
        for plot in drawn.plots
    )
    factor = large.width / small.width
    assert texts(inset.captions) == [f"10.240.0.0/21, {round(factor)} times as wide"]
    assert whole.figure.box.width == 160
    assert len(inset.lines) == 2
    assert "a  10.240.4.0/28  snet-clusteringressservices, 10 free" in texts(
        drawn.words
    )


def test_an_enlargement_says_it_shorter_where_there_is_less_room():
    one = network("v", block("10.0.0.0/16", subnet("10.0.0.0/24")))
    inset = panel(one, "medium", 1152).plots[1]
    assert texts(inset.captions) == ["10.0.0.0/24, 64×"]


def test_an_enlargement_stands_beneath_where_there_is_no_room_beside():
    drawn = panel(spoke(), "large", 352)
    whole, inset = (each.figure.box for each in drawn.plots)
    assert inset.y > whole.y + whole.height
    assert drawn.width <= 352
    assert panel(spoke(), "large", 200).width <= 200


def test_a_square_is_enlarged_to_a_square():
    one = network("v", block("10.0.0.0/16", subnet("10.0.0.0/24")))
    box = panel(one, "large", 1152).plots[1].figure.box
    assert box.width == box.height == 320


@pytest.mark.parametrize(("length", "plots"), [(19, 1), (20, 2)])
def test_what_fills_more_than_a_sixteenth_is_not_enlarged(length, plots):
    one = network("v", block("10.0.0.0/16", subnet(f"10.0.0.0/{length}")))
    assert len(panel(one, "large", 1152).plots) == plots


def test_blocks_of_a_family_have_one_scale_and_do_not_meet():
    lengths = [18, 17, 16, 16, 20]
    blocks = [block(f"10.{n}.0.0/{length}") for n, length in enumerate(lengths)]
    strays = [subnet("192.0.2.0/24", "stray")]
    one = network("v", *blocks, block("fd00::/56", subnet("fd00::/57")), strays=strays)
    drawn = panel(one, "large", 700)
    scales = set()
    for plot in drawn.plots:
        cidr, box = Cidr.parse(plot.figure.cidr), plot.figure.box
        if cidr.version == 4:
            scales.add(box.width * box.height / cidr.size)
    assert len(scales) == 1
    boxes = [each.figure.box for each in drawn.plots]
    assert not any(meet(a, b) for a, b in combinations(boxes, 2))
    assert texts(drawn.words)[:2] == [
        "the largest square is a /16, 65,536 addresses",
        "the largest square is a /56, 2^72 addresses",
    ]
    assert "192.0.2.0/24" in [each.figure.cidr for each in drawn.plots]


def test_a_network_without_known_space_says_so():
    drawn = panel(network("v", seen=False, role="spoke"), "large", 400)
    assert texts(drawn.words) == ["address space not known"]
    assert texts(drawn.headings)[1] == "0 subnets · spoke · westeurope · not read"


def test_letters_are_explained_and_those_beyond_the_most_counted():
    subnets = [subnet(str(Cidr(4, BLOCK.first + n * 256, 24))) for n in range(40)]
    subnets[1]["fill"] = None
    group = [subnet(f"10.0.255.{n * 8}/29") for n in range(2)]
    one = network("v", block("10.0.0.0/16", *subnets, *group), marks=[2])
    for each in subnets:
        each["name"] = "a-name-that-does-not-fit"
    drawn = panel(one, "large", 1152)
    words = texts(drawn.words)
    assert words[1:3] == [
        "a  10.0.0.0/24  a-name-that-does-not-fit, 250 free",
        "b  10.0.1.0/24  a-name-that-does-not-fit",
    ]
    assert words[-1] == "and 27 more that have letters"
    letters = [t for f in drawn.plots for e in f.figure.tiles for t in texts(e.labels)]
    assert letters[25:27] == ["z", "aa"]
    assert [each.text for each in drawn.badges] == ["2"]
    few = network("v", block("10.0.0.0/16", subnet("10.0.0.0/17", "web"), *group))
    assert texts(panel(few, "large", 1152).words)[1].startswith("a  2 subnets in 10.0")


def test_small_panels_have_no_words_and_one_badge():
    marked = subnet("10.0.0.0/18", marks=[4])
    one = network("v", block("10.0.0.0/16", marked, marks=[7]), marks=[9])
    drawn = panel(one, "small", 1152)
    assert not (drawn.headings)
    assert not (drawn.words)
    assert not (drawn.plots[0].captions)
    assert [each.text for each in drawn.badges] == ["4 7 9"]
    assert (drawn.width, drawn.height) == (48, 48)
    assert drawn.subnets == 1
    assert not panel(one, "large", 1152, is_headed=False).badges


def boxes_of(drawn, kind):
    return [each for each in drawn.nodes if each.kind == kind]


@pytest.mark.parametrize("count", [1, 2, 7, MOST_SPOKES])
@pytest.mark.parametrize("room", [200, 1152])
def test_boxes_of_the_graph_do_not_meet_and_all_are_drawn(count, room):
    drawn = graph(hub_and_spokes(count), room)
    assert len(boxes_of(drawn, "spoke")) == count
    boxes = [each.box for each in drawn.nodes]
    assert not any(meet(a, b) for a, b in combinations(boxes, 2))
    assert all(b.x >= 0 and b.x + b.width <= room for b in boxes)
    assert all(b.y + b.height <= drawn.height for b in boxes)


def test_many_spokes_are_one_box_and_those_with_conflicts_their_own():
    found = hub_and_spokes(MOST_SPOKES + 1)
    found["networks"][3]["marks"] = [5]
    found["networks"][4]["blocks"][0]["marks"] = [6]
    found["peerings"][7]["state"] = "broken"
    found["peerings"][8]["one_sided"] = True
    found["peerings"][9]["marks"] = [8]
    found["networks"] += [network(f"a{n}") for n in range(3)]
    drawn = graph(found, 1152)
    named = {each.id: each for each in boxes_of(drawn, "spoke")}
    assert set(named) == {"/v/s2", "/v/s3", "/v/s7", "/v/s8", "/v/s9"}
    assert [e.labels[0].text for e in boxes_of(drawn, "more")] == [
        "56 more spokes",
        "3 VNets",
    ]
    assert named["/v/s7"].labels[1].text == "peering broken"
    assert named["/v/s8"].labels[1].text == "one side missing"
    assert named["/v/s9"].marks == (8,)
    assert [each.state for each in drawn.edges].count("broken") == 2


def test_other_peerings_are_curves_and_broken_ones_have_a_word():
    names = ["a", "b", "c"]
    networks = [network(e, block("10.0.0.0/24"), block("10.9.0.0/24")) for e in names]
    peerings = [
        peering("a", "b", gateway=True, forwarded=True),
        peering("b", "c", state="broken"),
        peering("a", "z"),
        peering("z", "y"),
    ]
    drawn = graph(document(networks, peerings=peerings), 1152)
    assert [(e.state, e.word and e.word.text) for e in drawn.edges] == [
        ("connected", None),
        ("broken", "peering broken"),
    ]
    assert drawn.edges[0].title == (
        "a and b: peering, connected, through a gateway, lets in what is forwarded"
    )
    assert drawn.nodes[0].labels[1].text == "10.0.0.0/24 +1"


def test_peerings_within_a_box_of_many_are_not_drawn_and_others_once():
    networks = [network(f"n{n}") for n in range(MOST_SPOKES + 1)]
    networks[0]["marks"] = [1]
    peerings = [peering("n1", "n2"), peering("n0", "n1"), peering("n0", "n2")]
    drawn = graph(document(networks, peerings=peerings), 1152)
    assert len(drawn.edges) == 1


def test_networks_elsewhere_are_joined_to_hubs_and_not_to_what_is_behind_them():
    links = [
        link("on-premises", "datacentre", "hub", "s0", "s1", "z"),
        link("group", "wan", "s1"),
        link("hub", "/v/hub", "s0", "s1"),
    ]
    drawn = graph(hub_and_spokes(2, links=links), 1152)
    told = [each.title for each in drawn.edges if each.state == "link"]
    assert told == ["wan: s1", "datacentre: hub"]
    assert len(boxes_of(drawn, "group")) == len(boxes_of(drawn, "on-premises")) == 1


def test_many_networks_elsewhere_are_one_box():
    many = [link("on-premises", f"p{n:02}", "hub") for n in range(MOST_ELSEWHERE + 3)]
    found = joints(hub_and_spokes(1, links=many))
    assert [each.name for each in found.elsewhere][-1] == "3 more"
    assert len(found.elsewhere) == MOST_ELSEWHERE + 1


def test_ranges_are_to_scale_and_stand_in_those_that_cover_them():
    found = [
        a_range("10.244.0.0/16", "pods", "a", "b", "c", "d"),
        a_range("10.244.128.0/17", "pods", "e", marks=[1], fill=fill(0, 1, 1, 32766)),
        a_range("172.16.0.0/18", "services", "a"),
        a_range("fd00::/64", "services", "a"),
        a_range("192.168.0.0/17", "on-premises", "dc", "other"),
    ]
    drawn = ranges(document(ranges=found), 1152)
    spots = {each.cidr: each for each in drawn.spots}
    outer, inner = spots["10.244.0.0/16"].box, spots["10.244.128.0/17"].box
    assert covers(outer, inner)
    assert inner.width * inner.height * 2 == outer.width * outer.height
    assert spots["10.244.0.0/16"].is_shared
    assert [each.kind for each in spots["10.244.128.0/17"].shares] == [
        "used",
        "growth",
        "free",
    ]
    told = {each.text: each.title for each in drawn.words}
    assert told["shared by a, b and 2 more"] == "a, b, c, d"
    assert told["shared by dc and other"] == ""
    assert [each.worst for each in drawn.badges] == [1]


def test_ranges_stand_below_each_other_where_it_is_narrow():
    found = [
        a_range("10.244.0.0/16", "pods", "a"),
        a_range("172.16.0.0/16", "services", "a"),
    ]
    wide, narrow = (ranges(document(ranges=found), room) for room in (1152, 352))
    assert wide.spots[0].box.y == wide.spots[1].box.y
    assert narrow.spots[0].box.x == narrow.spots[1].box.x
    assert narrow.height > wide.height


def test_many_ranges_are_counted_and_those_with_conflicts_are_drawn():
    found = [a_range(f"10.{n}.0.0/16", "pods", "a") for n in range(MOST + 3)]
    found[-1]["marks"] = [1]
    drawn = ranges(document(ranges=found), 1152)
    assert len(drawn.spots) == MOST + 1
    assert drawn.spots[-1].marks == (1,)
    assert "and 2 more" in texts(drawn.words)


def levels(drawn):
    return [each.panel.level for each in drawn.panels]


@pytest.mark.parametrize(
    ("count", "level"),
    [
        (1, "large"),
        (MOST_LARGE, "large"),
        (MOST_LARGE + 1, "medium"),
        (MOST_MEDIUM, "medium"),
        (MOST_MEDIUM + 1, "small"),
    ],
)
def test_panels_are_as_large_as_their_number_lets_them(count, level):
    networks = [network(f"n{n}", block("10.0.0.0/16")) for n in range(count)]
    assert set(levels(sheet(document(networks), 1200))) == {level}


def test_among_many_hubs_conflicts_and_crowded_ones_are_larger():
    networks = [
        network(f"n{n}", block("10.0.0.0/24", subnet("10.0.0.0/25")))
        for n in range(MOST_MEDIUM + 1)
    ]
    networks[7]["role"] = "hub"
    networks[8]["blocks"][0]["subnets"][0]["fill"] = fill(5, 120, 0, 3)
    networks[9]["blocks"][0]["subnets"][0]["fill"] = None
    for each in networks[20:30]:
        each["marks"] = [1]
    drawn = sheet(document(networks), 1200)
    larger = [e.panel.network["name"] for e in drawn.panels if e.panel.level != "small"]
    assert larger == ["n7", "n8", "n20", "n21"]
    assert len(drawn.panels) == len(networks)


def test_larger_panels_among_many_are_not_more_than_some():
    networks = [
        network(f"n{n}", block("10.0.0.0/24"), marks=[n + 1])
        for n in range(MOST_MEDIUM + 1)
    ]
    assert levels(sheet(document(networks), 1200)).count("medium") == MOST_NOTABLE


@pytest.mark.parametrize("width", [400, 800, 1200])
def test_nothing_on_a_sheet_meets_or_leaves_it(width):
    networks = [spoke(), network("v", block("10.0.0.0/24", subnet("10.0.0.0/25")))]
    marks = [mark(1, fix="give it another range " * 9), mark(2)]
    found = document(
        networks,
        marks=marks,
        notes=3,
        unknown=["VNet x: not read"],
        ranges=[a_range("10.244.0.0/16", "pods", "a")],
        peerings=[peering("spoke", "v")],
        proposed=True,
    )
    drawn = sheet(found, width)
    boxes = [Box(e.x, e.y, e.panel.width, e.panel.height) for e in drawn.panels]
    assert not any(meet(a, b) for a, b in combinations(boxes, 2))
    written = [*drawn.titles, *drawn.headings, *drawn.words]
    written += [e for note in drawn.notes for e in (note.head, *note.lines)]
    assert all(e.x + e.width <= width - MARGIN + 1 for e in written)
    assert all(e.y < drawn.height for e in written)
    rows = sorted({each.y for each in drawn.words + drawn.headings})
    assert all(b - a > 10 for a, b in pairwise(rows))


def test_findings_beyond_the_most_are_counted():
    marks = [mark(n + 1) for n in range(MOST_MARKS + 2)]
    drawn = sheet(document(marks=marks), 1200)
    assert len(drawn.notes) == MOST_MARKS
    assert "and 2 more; ipplan check lists all" in texts(drawn.words)


def test_an_empty_map_is_a_title_and_a_legend():
    drawn = sheet(document(), 1200)
    assert not (drawn.panels)
    assert not (drawn.graph)
    assert not (drawn.ranges)
    assert not (drawn.headings)


@pytest.mark.parametrize(("count", "wide"), [(FEW, 150 + 1), (FEW + 1, 150)])
def test_boxes_are_as_wide_as_their_names_where_they_are_few(count, wide):
    name = "vnet-spoke-of-a-business-unit"
    networks = [network(f"{name}{n:02}") for n in range(count)]
    drawn = graph(document(networks), 1152)
    assert all(each.box.width >= wide for each in drawn.nodes)
    cut = [e for e in drawn.nodes if e.labels[0].text.endswith("…")]
    assert len(cut) == (0 if count == FEW else count)


def test_a_box_is_no_wider_than_it_may_be():
    drawn = graph(document([network("w" * 200)]), 1152)
    assert drawn.nodes[0].box.width == WIDEST


@pytest.mark.parametrize(
    ("use", "length", "told"),
    [
        ("services", 16, ["not divided"]),
        ("services", 17, ["not divided"]),
        ("services", 18, []),
        ("pods", 16, []),
    ],
)
def test_a_range_that_nothing_divides_says_so_where_there_is_room(use, length, told):
    largest = a_range("10.0.0.0/16", "services", "a")
    one = a_range(f"172.16.0.0/{length}", use, "b")
    drawn = ranges(document(ranges=[largest, one]), 1152)
    spot = next(each for each in drawn.spots if each.cidr == one["cidr"])
    assert texts(spot.labels) == told
