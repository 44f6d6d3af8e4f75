"""What a reader can do with the page of a map, in Chromium."""

import ipaddress
import json
import re
from html import escape, unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipplan import read_inventory
from ipplan.cidrs import Cidr
from ipplan.renderers.maps.pages import map_page
from ipplan.renderers.pages import asset
from ipplan.views.maps.places import place
from tests.browser import judged, needs_chromium, opened, with_scripts
from tests.large_estates import estate
from tests.map_pages import BASELINE, ESTATE, SHOP, estate_map, map_of

HEADINGS = {"h1", "h2", "h3", "h4", "h5"}

ASKED = """
const asked = JSON.parse(document.getElementById("asked").textContent);
const R = ipplanRanges;
const told = asked.map(([inner, outer]) => {
  const [one, two] = [R.range(inner), R.range(outer)];
  return [R.spelled(one), R.holds(two, one), R.meet(one, two), R.same(one, two),
    R.holds(two, one) ? R.place(one, two, 2 ** 20, 2 ** 20) : null];
});
const strange = JSON.parse(document.getElementById("strange").textContent);
const pre = document.createElement("pre");
pre.id = "told";
const read = (each) => R.range(each) && R.spelled(R.range(each));
pre.textContent = JSON.stringify([told, strange.map(read)]);
document.body.append(pre);
"""
STRANGE = [
    *("", "x", "10.0.0", "10.0.0.256", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/-1"),
    *("::/129", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9"),
    *("0x10.0.0.1", "10..0.1", "/24", "10.0.0.0/", ":", "10.0.0.0/8/9"),
]
"""What is no range."""


@st.composite
def pairs(draw):
    """A range, and one that may hold it, as they are spelled."""
    bits = draw(st.sampled_from([32, 32, 128]))
    kind = ipaddress.IPv4Network if bits == 32 else ipaddress.IPv6Network
    length = draw(st.integers(0, bits))
    inner = kind((draw(st.integers(0, 2**bits - 1)), length), strict=False)
    if draw(st.booleans()):
        outer = inner.supernet(new_prefix=draw(st.integers(0, length)))
    else:
        other = draw(st.integers(0, bits))
        outer = kind((draw(st.integers(0, 2**bits - 1)), other), strict=False)
    return str(inner), str(outer)


def told_of(asked, folder):
    """What the script of the page says of pairs of ranges, and of what is none."""
    data = "".join(
        f'<script type="application/json" id="{name}">{json.dumps(each)}</script>'
        for name, each in (("asked", asked), ("strange", STRANGE))
    )
    script = f"<script>{asset('map_ranges.js')}{ASKED}</script>"
    said, document = opened(f"<!doctype html><body>{data}{script}</body>", folder)
    assert said == []
    return json.loads(
        unescape(re.search(r'<pre id="told">(.*?)</pre>', document, re.DOTALL)[1])
    )


@needs_chromium
def test_the_script_counts_with_ranges_as_python_does(tmp_path):
    asked = []

    @settings(max_examples=400, database=None)
    @given(pairs())
    def gather(pair):
        asked.append(pair)

    gather()
    told, strange = told_of(asked, tmp_path)
    for (inner, outer), found in zip(asked, told, strict=True):
        one, two = ipaddress.ip_network(inner), ipaddress.ip_network(outer)
        alike = one.version == two.version
        holds = alike and one.subnet_of(two)
        assert ipaddress.ip_network(found[0]) == one
        assert found[1:4] == [holds, alike and one.overlaps(two), one == two]
        if holds:
            rect = place(Cidr.parse(inner), Cidr.parse(outer))
            spot = [found[4][key] / 2**20 for key in ("x", "y", "width", "height")]
            assert spot == pytest.approx([float(each) for each in rect])
    for text, found in zip(STRANGE, strange, strict=True):
        assert found is None, text


ESTATES = {"baseline": BASELINE, "shop": SHOP, "estate": ESTATE}


@pytest.fixture(params=ESTATES)
def document(request):
    return map_of(ESTATES[request.param])


def subnets_of(network):
    blocks = [each for block in network["blocks"] for each in block["subnets"]]
    return [*blocks, *network["strays"]]


STEPS = """
window.addEventListener("load", async () => {
  const wait = () => new Promise((done) => setTimeout(done, 300));
  const log = [];
  const all = (spot) => [...document.querySelectorAll(spot)];
  const texts = (spot) => all(spot).map((each) => each.textContent);
  const status = () => document.querySelector(".map-status").textContent;
  const shown = () => all(".map-network").filter((each) => !each.hidden)
    .map((each) => each.querySelector(".map-name").textContent);
  const rows = () => all(".map-network:not([hidden]) tbody tr")
    .filter((each) => !each.hidden).map((each) => each.cells[0].textContent);
  const network = (name) => all(".map-network")
    .find((each) => each.querySelector(".map-name").textContent === name);
  const button = (section, text) => [...section.querySelectorAll(".map-zoom button")]
    .find((each) => each.textContent === text);
  const key = (spot, name) => spot.dispatchEvent(
    new KeyboardEvent("keydown", {key: name, bubbles: true, cancelable: true}));
  const type = async (text) => {
    const find = document.querySelector(".map-tools input[type=search]");
    find.value = text;
    find.dispatchEvent(new Event("input", {bubbles: true}));
    await wait();
  };
  const crumbs = (section) => [...section.querySelectorAll(".map-zoom li")]
    .map((each) => each.textContent);
  const boxes = (section) => [...section.querySelectorAll(".map-lens [data-cidr]")]
    .map((each) => {
      const edges = each.querySelectorAll("rect");
      const edge = edges[edges.length - 1];
      return [each.dataset.cidr, +edge.getAttribute("width"),
        +edge.getAttribute("height")];
    });
  await wait();
%s
  const pre = document.createElement("pre");
  pre.id = "told";
  pre.textContent = JSON.stringify(log);
  document.body.append(pre);
});
"""


def done(document, steps, folder):
    """What a reader sees who does something on a page."""
    page = with_scripts(map_page(document), STEPS % steps)
    said, found = opened(page, folder, "--window-size=1280,900")
    assert said == []
    return json.loads(
        unescape(re.search(r'<pre id="told">(.*?)</pre>', found, re.DOTALL)[1])
    )


@needs_chromium
def test_a_network_is_zoomed_into_and_out_of(tmp_path):
    spoke = map_of(BASELINE)["networks"][1]
    told = done(
        map_of(BASELINE),
        """
  const section = network("vnet-spoke-bu0001a0008-00");
  const picture = section.querySelector(".map-panel > svg");
  button(section, "Zoom in").click();
  log.push(crumbs(section), status(), boxes(section), picture.hasAttribute("hidden"));
  log.push([...section.querySelectorAll(".map-lens-label")].map((e) => e.textContent));
  log.push(document.activeElement.getAttribute("aria-label"));
  key(section.querySelector('.map-lens [data-cidr="10.240.4.0/28"]'), "Enter");
  log.push(crumbs(section), status());
  key(document.activeElement, "Enter");
  log.push(crumbs(section));
  key(document.activeElement, "Escape");
  log.push(crumbs(section), document.activeElement.dataset.cidr);
  button(section, "Out").click();
  log.push(crumbs(section));
  button(section, "Whole").click();
  log.push(crumbs(section), status(), section.querySelector(".map-lens") === null,
    picture.hasAttribute("hidden"),
    button(section, "Zoom in") === document.activeElement);
""",
        tmp_path,
    )
    names = {each["cidr"]: each["name"] for each in subnets_of(spoke)}
    crumbs, status, boxes, hidden, labels, focus = told[:6]
    assert crumbs == ["10.240.0.0/16", "10.240.0.0/21"]
    assert status == f"10.240.0.0/21: {len(names)} subnets shown."
    assert hidden is True
    areas = {cidr: width * height for cidr, width, height in boxes}
    assert set(names) < set(areas)
    whole = ipaddress.ip_network("10.240.0.0/22").num_addresses
    for cidr in names:
        share = ipaddress.ip_network(cidr).num_addresses / whole
        assert areas[cidr] == pytest.approx(areas["10.240.0.0/22"] * share, rel=0.15)
    assert {"snet-clusternodes", "1,006 free"} <= set(labels)
    assert focus.startswith("snet-clusternodes 10.240.0.0/22: 5 reserved, 9 used, 4 gr")
    assert told[6:8] == [[*crumbs, "10.240.4.0/25"], "10.240.4.0/25: 2 subnets shown."]
    assert told[8] == [*crumbs, "10.240.4.0/25", "10.240.4.0/28"]
    assert told[9:11] == [[*crumbs, "10.240.4.0/25"], "10.240.4.0/28"]
    assert told[11] == crumbs
    assert told[12:] == [[], "The whole VNet is shown.", True, False, True]


@needs_chromium
def test_a_map_is_filtered_by_name_by_range_and_by_conflict(tmp_path):
    told = done(
        map_of(SHOP),
        """
  log.push(shown());
  for (const text of ["news-nodes", "10.65.35.70", "10.65.32.0/22", "fd00:10:0:9::1",
    "SPOKE-DR", "no such thing"]) {
    await type(text);
    log.push([shown(), rows(), status()]);
  }
  await type("news-nodes");
  log.push(network("spoke").querySelectorAll(".map-dim").length > 5);
  await type("");
  log.push(all(".map-dim").length);
  const only = document.querySelector(".map-tools input[type=checkbox]");
  only.click();
  log.push([shown(), status()]);
""",
        tmp_path,
    )
    every = map_of(SHOP)["networks"]
    subnets = {each["name"]: subnets_of(each) for each in every}
    assert told[0] == [each["name"] for each in every]

    def expected(holds):
        found = {k: [e for e in v if holds(k, e)] for k, v in subnets.items()}
        kept = {name: each for name, each in found.items() if each}
        count = sum(map(len, kept.values()))
        nets, subs = ("" if n == 1 else "s" for n in (len(kept), count))
        status = f"{len(kept)} VNet{nets}, {count} subnet{subs} shown."
        return [list(kept), [e["cidr"] for v in kept.values() for e in v], status]

    def meets(text):
        wanted = ipaddress.ip_network(text)
        ranges = {
            e["cidr"]: ipaddress.ip_network(e["cidr"])
            for v in subnets.values()
            for e in v
        }
        return lambda _, each: (
            wanted.version == ranges[each["cidr"]].version
            and wanted.overlaps(ranges[each["cidr"]])
        )

    assert told[1] == expected(lambda _, each: "news-nodes" in each["name"])
    for found, text in zip(
        told[2:5], ("10.65.35.70", "10.65.32.0/22", "fd00:10:0:9::1"), strict=True
    ):
        assert found == expected(meets(text)), text
    assert told[5][0] == ["spoke-dr"]
    assert told[6] == [[], [], "0 VNets, 0 subnets shown."]
    marked = [
        e["name"] for e in every if e["marks"] or any(s["marks"] for s in subnets_of(e))
    ]
    assert told[7:9] == [True, 0]
    assert told[9][0] == marked


@needs_chromium
@pytest.mark.parametrize(
    "options",
    [(), ("--blink-settings=preferredColorScheme=0",), ("--window-size=400,900",)],
    ids=["light", "dark", "narrow"],
)
def test_a_page_passes_axe_and_says_nothing_to_the_console(options, tmp_path, document):
    said, violations, _ = judged(map_page(document), tmp_path, *options)
    assert said == []
    assert violations == []


@needs_chromium
def test_a_page_that_is_zoomed_passes_axe(tmp_path):
    script = """
document.querySelectorAll("details").forEach((each) => { each.open = true; });
document.querySelectorAll(".map-zoom > button:first-child").forEach((e) => e.click());
"""
    page = with_scripts(map_page(map_of(SHOP)), script)
    said, violations, _ = judged(page, tmp_path)
    assert said == []
    assert violations == []


@needs_chromium
@pytest.mark.parametrize("width", [320, 400, 1280])
def test_nothing_stands_out_of_a_page(width, tmp_path, document):
    frame = f"""<!doctype html><body style="width:2000px"><iframe style="border:0"
width="{width}" height="900" srcdoc="{escape(map_page(document))}"></iframe>
<script>
window.addEventListener("load", () => {{
  const inner = document.querySelector("iframe").contentDocument.documentElement;
  const told = document.createElement("pre");
  told.id = "told";
  told.textContent = JSON.stringify([inner.scrollWidth, inner.clientWidth]);
  document.body.append(told);
}});
</script></body>"""
    _, found = opened(frame, tmp_path)
    told = re.search(r'<pre id="told">(.*?)</pre>', found, re.DOTALL)[1]
    whole, seen = json.loads(told)
    assert whole == seen
    assert width - 20 < seen <= width


@needs_chromium
def test_a_page_of_many_networks_passes_axe(tmp_path):
    said, violations, _ = judged(map_page(estate_map(estate(70, 12))), tmp_path)
    assert said == []
    assert violations == []


@needs_chromium
def test_a_thousand_networks_are_a_page_that_opens(tmp_path):
    document = estate_map(estate())
    assert len(map_page(document).encode()) < 5_000_000
    told = done(
        document,
        """
  log.push(shown().length, status());
  await type("vnet-hub-1");
  log.push(shown());
""",
        tmp_path,
    )
    assert told == [1_000, "", ["vnet-hub-1"]]


@needs_chromium
@pytest.mark.parametrize(
    "file",
    [
        "estates/create-and-update-with-http-proxy-config",
        "tf-plans/zodiac/iac-master-azure.json",
        "assembled/shared/az-graph-query.json",
    ],
)
def test_real_estates_open_and_pass_axe(file, corpus, tmp_path):
    found = estate_map(read_inventory(str(corpus / file)), file)
    said, violations, _ = judged(map_page(found), tmp_path)
    assert said == []
    assert violations == []


@needs_chromium
def test_a_number_in_a_picture_leads_to_its_finding(tmp_path):
    told = done(
        map_of(SHOP),
        """
  for (const each of all("svg [data-mark]")) {
    each.dispatchEvent(new MouseEvent("click", {bubbles: true}));
    await wait();
    const target = document.querySelector(":target");
    log.push([each.dataset.mark, location.hash, target && target.value]);
  }
  log.push(document.querySelector(".map-lens"));
""",
        tmp_path,
    )
    assert len(told) > 2
    assert told.pop() is None
    for number, target, value in told:
        assert (target, value) == (f"#map-m{number}", int(number))
