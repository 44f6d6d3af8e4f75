"""The page of a report: its numbers, its escapes, and how Chromium sees it."""

import re
import shutil
import subprocess
from collections import Counter
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

import ipplan
from ipplan.designs import changes as designs_changes
from ipplan.designs.changes import LARGER, Change
from ipplan.designs.studies import study, study_of_layout
from ipplan.documents.checks import check_document
from ipplan.documents.inventories import inventory_document
from ipplan.documents.reports import report_document
from ipplan.errors import ArgumentError
from ipplan.readers.layouts import read_layout_plan
from ipplan.renderers.reports import write_report
from ipplan.renderers.reports.pages import PARTS, report_page
from ipplan.views import changes, designs
from ipplan.views.bars import bar, bars
from tests import browser, hostile_names, large_estates, report_samples

LAYOUTS = Path(__file__).parent / "data" / "layouts"
DAY = date(2026, 11, 28)
PDF_TO_TEXT = shutil.which("pdftotext")
EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta"}
DARK = "--blink-settings=preferredColorScheme=0"
NARROW = "--window-size=400,900"


class Page(HTMLParser):
    """What a page is made of: its elements with the text in each."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "text": "", **dict(attrs)}
        self.elements.append(element)
        if tag not in EMPTY:
            self.open.append((element, []))

    def handle_startendtag(self, tag, attrs):
        self.elements.append({"tag": tag, "text": "", **dict(attrs)})

    def handle_endtag(self, tag):
        while self.open:
            element, parts = self.open.pop()
            element["text"] = "".join(parts)
            if self.open:
                self.open[-1][1].append(element["text"])
            if element["tag"] == tag:
                break

    def handle_data(self, data):
        if self.open:
            self.open[-1][1].append(data)

    def all(self, tag=None, **attributes):
        names = {name.replace("_", "-"): each for name, each in attributes.items()}
        return [
            each
            for each in self.elements
            if tag in {None, each["tag"]}
            and all(
                name in each and value in {True, each[name]}
                for name, value in names.items()
            )
        ]

    def classed(self, name):
        return [e for e in self.elements if name in (e.get("class") or "").split()]


def whole(text):
    """A number out of an attribute; None where there is none."""
    return int(text) if text else None


def shown(text):
    """A number as people read it, read back."""
    found = re.sub(r"[,!\s]", "", text).replace("\N{MINUS SIGN}", "-")
    return int(found) if found not in {"", "?", "–"} else None


@pytest.fixture(scope="module")
def baseline():
    layout = ipplan.lay_out(read_layout_plan(str(LAYOUTS / "aks-baseline.yaml")))
    return study_of_layout(layout, as_of=DAY)


@pytest.fixture(scope="module")
def baseline_document(baseline):
    return report_document(baseline)


@pytest.fixture(scope="module")
def large():
    return study(large_estates.estate(), "estate", as_of=DAY)


@pytest.fixture(scope="module")
def large_document(large):
    return report_document(large)


def documents():
    return {
        "baseline": report_samples.baseline(),
        "troubled": report_samples.troubled(),
    }


def test_rows_of_the_table_have_the_numbers_of_the_document(baseline_document):
    page = Page(report_page(baseline_document))
    rows = page.all("tr", data_room=True)
    assert [e["data-room"] for e in rows] == [
        e["id"] for e in baseline_document["rooms"]
    ]
    for row, room in zip(rows, baseline_document["rooms"], strict=True):
        for key in ("usable", "used", "free"):
            assert whole(row[f"data-{key}"]) == room[key]
    cells = page.all("td", data_stage=True)
    needs = iter(cells)
    for room in baseline_document["rooms"]:
        known = {e["name"]: e["need"] for e in room["stages"]}
        for name in designs.STAGES:
            cell = next(needs)
            assert cell["data-stage"] == name
            assert whole(cell["data-need"]) == known.get(name)
            assert shown(cell["text"]) == known.get(name)


def test_the_table_agrees_with_inventory(baseline, baseline_document):
    page = Page(report_page(baseline_document))
    told = inventory_document(baseline.inventory)
    capacity = {each["id"]: each["capacity"] for each in told["subnets"]}
    rows = page.all("tr", data_kind="subnet")
    assert {each["data-room"] for each in rows} == set(capacity)
    for row in rows:
        of = capacity[row["data-room"]]
        assert whole(row["data-usable"]) == of["usable"]
        if of["clusters"]:
            assert whole(row["data-free"]) == of["usable"] - of["need"]


def test_bars_agree_with_check(baseline, baseline_document):
    page = Page(report_page(baseline_document))
    lines = {
        (e["data-room"], e["data-kind"]): e for e in page.all("li", data_room=True)
    }
    capacity = check_document(baseline.checkup)["capacity"]
    assert capacity
    for each in capacity:
        kind = "pod-cidr" if each["kind"] == "pod-cidr" else "subnet"
        line = lines[each["id"], kind]
        assert whole(line["data-nodes-left"]) == each["nodes_left"]
        assert f"{each['upgrade']['need']:,}" in line["text"]
        assert f"{each['rotation']['need']:,}" in line["text"]


def test_findings_are_counted_and_told_as_check_has_them(large, large_document):
    page = Page(report_page(large_document))
    told = check_document(large.checkup)
    (tally,) = page.all("p", data_errors=True)
    assert [int(tally[f"data-{e}s"]) for e in ("error", "warning", "note")] == list(
        told["summary"].values()
    )
    listed = page.all("li", data_rule=True)
    first = told["findings"][: designs.MOST_FINDINGS]
    assert [each["data-rule"] for each in listed] == [each["rule"] for each in first]
    for element, finding in zip(listed, first, strict=True):
        assert finding["message"] in element["text"]


def test_a_large_estate_fits_in_five_megabytes_and_says_what_it_leaves_out(
    large_document,
):
    page = report_page(large_document)
    assert len(page.encode()) <= 5_000_000
    more = len(large_document["rooms"]) - designs.MOST_ROWS
    assert f"And {more:,} ranges more" in page


@pytest.mark.parametrize("name", documents())
def test_bars_are_to_scale(name):
    document = documents()[name]
    for each in bars(document["rooms"]).rows:
        usable = each.room["usable"]
        needs = [e["need"] for e in each.room["stages"] if e["need"] is not None]
        unit = 100 / max(*needs, usable * 1.25, 1)
        assert each.end == pytest.approx(usable * unit, abs=0.001)
        reached = [e.start + e.width for e in each.segments]
        assert reached == pytest.approx(
            sorted({need * unit for need in needs if need}), abs=0.002
        )
        assert each.over == pytest.approx(max(max(needs) - usable, 0) * unit, abs=0.001)
        assert max(each.end + each.over, *reached) <= 100.002


@pytest.mark.parametrize(("need", "over"), [(250, 0), (251, 0), (252, 1)])
def test_a_bar_goes_beyond_the_end_from_the_first_address_that_lacks(need, over):
    drawn = bar(report_samples.room("n", "10.0.0.0/24", 256, need))
    assert round(drawn.over * 251 / drawn.end) == over
    assert drawn.state == ("bad" if over else "good")


def test_the_binding_step_is_named():
    words = {
        each.room["name"]: (each.words, each.state)
        for each in bars(documents()["troubled"]["rooms"]).rows
    }
    assert words["nodes"] == (
        "No room with the surge of all pools: 281 of 251, 30 too many",
        "bad",
    )
    assert words["rotates"][1] == "warn"
    assert words["part"][0].endswith("unknown: no maximum is said")
    assert words["rest"] == (
        "100 of 251 now; unknown: not every stage is known",
        "unknown",
    )
    assert words["mystery"] == ("No room at the maximum: of unknown size", "bad")
    assert words["tiny"] == ("No room now: 3 of 0, 3 too many", "bad")


def test_a_bar_that_fits_names_its_tightest_step():
    rooms = report_samples.baseline()["rooms"]
    words = {each.room["name"]: each.words for each in bars(rooms).rows}
    assert words["snet-clusternodes"] == (
        "Fits. Tightest: 14 of 1,019 while the largest pool runs twice (blue/green)"
    )
    assert words["snet-apiserver"] == "Fits: 9 of 11"


@pytest.mark.parametrize("name", documents())
def test_headings_landmarks_and_ids_are_in_order(name):
    page = Page(report_page(documents()[name]))
    levels = [int(e["tag"][1]) for e in page.elements if e["tag"] in {"h1", "h2", "h3"}]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    ids = [e["id"] for e in page.elements if "id" in e]
    assert not [each for each, count in Counter(ids).items() if count > 1]
    assert {name for name, _ in PARTS} <= set(ids)
    for link in page.all("a", href=True):
        assert link["href"].startswith("https://") or link["href"][1:] in ids
    assert [len(page.all(tag)) for tag in ("main", "nav")] == [1, 1]
    assert not [e for e in page.elements if any(key.startswith("on") for key in e)]


def test_every_reference_leads_to_its_page():
    document = documents()["baseline"]
    page = Page(report_page(document))
    for each in page.classed("ref"):
        number = int(each["text"].strip("[]"))
        (source,) = page.all(id=f"source-{number}")
        assert document["sources"][number - 1]["url"] in source["text"]


def test_what_is_no_page_of_ours_is_no_link():
    document = documents()["baseline"]
    document["sources"].append(
        {"url": "javascript:alert(1)", "used_for": [], "checked": None}
    )
    page = Page(report_page(document))
    assert not [e for e in page.all("a") if not re.match("#|https:", e["href"])]
    assert "javascript:alert(1)" in page.all("ol")[-1]["text"]


def test_the_matrix_has_a_word_and_a_shape_in_every_cell():
    document = documents()["troubled"]
    text = report_page(document)
    cells = Page(text).all("td", data_verdict=True)
    expected = [cell for row in document["matrix"] for cell in row["cells"]]
    assert [e["data-verdict"] for e in cells] == [e["verdict"] for e in expected]
    for cell, told in zip(cells, expected, strict=True):
        assert designs.VERDICTS[told["verdict"]] in cell["text"]
    shapes = set(re.findall(r'href="#i-([a-z]+)"', text))
    assert shapes <= set(re.findall(r'<symbol id="i-([a-z]+)"', text))


def test_long_lists_are_cut_and_the_worst_stay():
    document = documents()["troubled"]
    (lacking,) = [e for e in document["rooms"] if e["name"] == "nodes"]
    fine = report_samples.room("fine", "10.9.0.0/24", 256, 1)
    document["rooms"] = [*[fine] * designs.MOST_ROWS, lacking]
    page = Page(report_page(document))
    rows = page.all("tr", data_room=True)
    assert len(rows) == designs.MOST_ROWS
    assert rows[-1]["data-room"] == lacking["id"]
    assert page.all("li", data_room=True)[0]["data-room"] == lacking["id"]
    assert "And 1 range more" in " ".join(e["text"] for e in page.classed("more"))


def test_whether_a_range_can_change_is_a_word_that_leads_to_its_sentence():
    document = documents()["baseline"]
    ways = [LARGER.words, "By magic.", LARGER.words]
    document["rooms"] = [
        report_samples.room(f"s{n}", "10.9.0.0/24", 256, 1, change=each)
        for n, each in enumerate(ways)
    ]
    page = Page(report_page(document))
    words = [e["text"] for e in page.all("a") if e["href"].startswith("#change-")]
    assert words == ["grow only", "note 2", "grow only"]
    assert [e["text"] for e in page.all("dt")][-2:] == ["grow only", "note 2"]


def test_every_way_to_change_has_a_word_of_its_own():
    told = {
        each.words
        for each in vars(designs_changes).values()
        if isinstance(each, Change)
    }
    assert set(changes.WORDS) == told
    assert len(set(changes.WORDS.values())) == len(told)


@pytest.mark.parametrize(
    ("sides", "pairs", "words"),
    [
        (2, 1, "1 peering (both directions)"),
        (4, 2, "2 peerings (both directions each)"),
        (1, 1, "1 peering from one side"),
        (3, 2, "3 peerings, of 2 pairs of VNets"),
        (0, 0, "0 peerings"),
    ],
)
def test_two_sides_are_one_peering(sides, pairs, words):
    document = documents()["baseline"]
    document["inventory"]["peerings"] = sides
    document["map"]["peerings"] = [{}] * pairs
    assert designs.read_words(document).endswith(f"1 cluster, {words}")


def test_what_is_not_known_is_told_from_what_there_is_not():
    hub = report_samples.room("hub", "10.9.0.0/26", 64)
    nodes = report_samples.room("n", "10.9.1.0/26", 64, 5, None, clusters=["aks"])
    unsized = report_samples.room("u", "10.9.3.0/26", 64, clusters=["aks"])
    front = report_samples.room("i", "10.9.2.0/28", 16, 5, clusters=["aks"])
    stages = list(designs.STAGES)
    assert [designs.need_cell(hub, e) for e in stages] == ["?", "–", "–", "–"]
    assert [designs.need_cell(nodes, e) for e in stages] == ["5", "?", "?", "?"]
    assert [designs.need_cell(front, e) for e in stages] == ["5", "–", "–", "–"]
    assert [designs.need_cell(unsized, e) for e in stages] == ["?"] * 4
    assert [designs.of_clusters(each, None) for each in (hub, front)] == ["–", "–"]
    assert [designs.of_clusters(nodes, each) for each in (None, 0)] == ["?", "0"]


def test_legends_have_what_occurs():
    document = documents()["baseline"]
    document["rooms"] = [report_samples.room("n", "10.9.0.0/24", 256, 251)]
    legends = [e["text"].split() for e in Page(report_page(document)).classed("legend")]
    assert legends[0] == ["now"]
    assert [each for each in designs.VERDICTS if each in legends[1]] == [
        "reusable",
        "clear",
    ]


@pytest.mark.parametrize(("left", "told"), [(243, 0), (242, 2)])
def test_the_smaller_figure_of_nodes_left_counts(left, told):
    document = documents()["baseline"]
    rooms = [e for e in document["rooms"] if e["nodes_left"] is not None]
    for each in rooms:
        each |= {"clusters": ["aks"], "nodes_left": 243}
    rooms[0]["nodes_left"] = left
    page = report_page(document)
    assert page.count("(the smaller figure counts)") == told
    assert ("the smaller figure counts." in page) == bool(told)


def test_planned_shared_and_reuse_are_shown():
    document = documents()["baseline"]
    (decision,) = document["decisions"]
    decision["shared"] = [report_samples.reason("limit", "five nodes are too many")]
    document["matrix"][1] |= {"reuse": "Others may have it."}
    document["egress"][0]["public_addresses"] = None
    document["assumptions"][1]["as_of"] = "2026-08-21"
    page = Page(report_page(document))
    assert [e["text"] for e in page.classed("planned")] == decision["planned"]
    assert "five nodes are too many" in page.classed("shared")[0]["text"]
    (reuse,) = page.classed("reuse")
    assert reuse["text"] == "pod CIDR 192.168.0.0/16: Others may have it."
    assert [e["text"] for e in page.all("td", data_public=True)] == ["not known"]
    assert next(e["text"] for e in page.classed("day")) == "(2026-08-21)"


def test_a_reason_that_all_share_is_said_once():
    document = documents()["baseline"]
    for each in document["rooms"][:2]:
        each["why"] = ["pinned by the plan", f"of {each['name']}"]
    document["rooms"][3]["why"] = ["pinned by the plan"]
    for form in ("html", "markdown"):
        text = write_report(document, form)
        assert text.count("pinned by the plan") == 1
        assert "of AzureFirewallSubnet" in text
    document["rooms"] = document["rooms"][:1]
    assert "All whose size is explained" not in write_report(document, "html")


def test_every_cell_of_a_card_has_its_label():
    page = Page(report_page(documents()["troubled"]))
    cells = page.all("td", role="cell")
    assert len(cells) > 100
    assert all(each["data-label"] for each in cells)


def test_an_empty_estate_says_so():
    found = report_document(study(ipplan.Inventory(), "nothing", as_of=DAY))
    page = report_page(found)
    assert "No cluster, so nothing was decided." in page
    assert "Of no range the need is known." in page


def test_there_is_no_other_form():
    with pytest.raises(ArgumentError, match="'svg'"):
        write_report(documents()["baseline"], "svg")


@pytest.fixture(scope="module")
def hostile():
    return report_document(
        study(hostile_names.hostile_estate(), hostile_names.HOSTILE[0], as_of=DAY)
    )


def test_hostile_names_are_told_whole_and_obeyed_nowhere(hostile):
    page = Page(report_page(hostile))
    assert Counter(e["tag"] for e in page.elements)["script"] == 1
    assert not [e for e in page.elements if any(key.startswith("on") for key in e)]
    text = page.all("body")[0]["text"]
    words = " ".join(text.split())
    for name in hostile_names.HOSTILE:
        assert " ".join(hostile_names.shown(name).split()) in words


@browser.needs_chromium
def test_hostile_names_do_nothing_in_chromium(hostile, tmp_path):
    said, after = browser.opened(report_page(hostile), tmp_path)
    assert not said
    assert "<title>owned" not in after


@browser.needs_chromium
@pytest.mark.parametrize(
    "options", [(), (DARK,), (NARROW,)], ids=["light", "dark", "narrow"]
)
def test_the_baseline_has_no_violation_and_is_no_wider_than_its_window(
    baseline_document, tmp_path, options
):
    said, violations, _ = browser.judged(
        report_page(baseline_document), tmp_path, *options
    )
    assert not said
    assert not violations


@browser.needs_chromium
def test_what_is_wrong_is_shown_without_violations(tmp_path):
    said, violations, _ = browser.judged(report_page(documents()["troubled"]), tmp_path)
    assert not said
    assert not violations


WIDTH = """
window.addEventListener("load", () => {
  const wide = document.documentElement.scrollWidth;
  document.title = `${wide <= innerWidth} ${wide} ${innerWidth}`;
});
"""

USE = """
window.addEventListener("load", () => {
  const input = document.getElementById("filter");
  const visible = () => [...document.querySelectorAll("#rooms tbody tr")]
    .filter((each) => !each.hidden).map((each) => each.cells[0].firstChild.data.trim());
  input.value = "10.240.7 api";
  input.dispatchEvent(new Event("input"));
  const told = document.getElementById("filtered").textContent;
  const found = `${visible().join()}|${told}`;
  input.value = "";
  input.dispatchEvent(new Event("input"));
  const free = [...document.querySelectorAll("#rooms thead button")]
    .find((each) => each.textContent === "Free after surge");
  free.click();
  const up = visible()[0];
  free.click();
  document.title = [found, up, visible()[0], visible().at(-1)].join("|");
});
"""


def title_of(text):
    return re.search(r"<title>(.*?)</title>", text, re.DOTALL)[1]


@browser.needs_chromium
@pytest.mark.parametrize("name", ["baseline_document", "hostile", "large_document"])
def test_a_narrow_window_does_not_scroll_sideways(name, request, tmp_path):
    page = browser.with_scripts(report_page(request.getfixturevalue(name)), WIDTH)
    said, after = browser.opened(page, tmp_path, NARROW)
    assert not said
    assert title_of(after).startswith("true")


@browser.needs_chromium
def test_the_table_is_filtered_and_sorted(tmp_path):
    page = browser.with_scripts(report_page(documents()["baseline"]), USE)
    _, after = browser.opened(page, tmp_path)
    assert title_of(after).split("|") == [
        "snet-apiserver",
        "1 of 9",
        "snet-apiserver",
        f"pod CIDR of {report_samples.CLUSTER}",
        "AzureBastionSubnet",
    ]


@browser.needs_chromium
@pytest.mark.skipif(not PDF_TO_TEXT, reason="no pdftotext")
def test_on_paper_nothing_is_missing(baseline_document, tmp_path):
    browser.run(
        tmp_path, report_page(baseline_document), f"--print-to-pdf={tmp_path / 'a.pdf'}"
    )
    done = subprocess.run(
        [PDF_TO_TEXT, "-raw", tmp_path / "a.pdf", "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    words = "".join(done.stdout.split())
    for each in baseline_document["rooms"]:
        assert each["name"].replace(" ", "") in words
    for each in baseline_document["sources"]:
        assert each["url"] in words
