"""A report in Markdown: the same content, every name inert."""

import re
from collections import Counter
from datetime import date
from html import unescape

import pytest

from ipplan.designs.studies import study
from ipplan.documents.reports import report_document
from ipplan.renderers.reports import write_report
from ipplan.renderers.reports.lines import drawn
from ipplan.renderers.reports.markdowns import report_markdown
from ipplan.views import designs
from ipplan.views.bars import bars
from tests import hostile_names, report_samples

DAY = date(2026, 11, 28)
BREAK = re.compile(r"(?<!\\)\|")


def rows(text, heading):
    """The cells of the first table below a heading."""
    part = text.split(f"\n{heading}\n", 1)[1]
    found = []
    for line in part.splitlines():
        if line.startswith("|"):
            found.append([cell.strip() for cell in BREAK.split(line)[1:-1]])
        elif found:
            break
    return found[0], found[2:]


def plain(text):
    """Markdown as it is read: without escapes, entities and blanks without width."""
    return unescape(re.sub(r"\\(.)", r"\1", text)).replace("\u200b", "")


def words(text):
    return " ".join(text.split())


@pytest.mark.parametrize("name", ["baseline", "troubled"])
def test_every_table_has_as_many_cells_in_every_row(name):
    text = report_markdown(getattr(report_samples, name)())
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert len(tables) >= 6
    for table in tables:
        assert len({len(BREAK.split(line)) for line in table.splitlines()}) == 1


def test_rooms_have_the_numbers_of_the_document():
    document = report_samples.troubled()
    head, found = rows(report_markdown(document), "### Subnets and pod CIDRs")
    assert len(found) == len(document["rooms"])
    for cells, room in zip(found, document["rooms"], strict=True):
        told = dict(zip(head, cells, strict=True))
        assert told["usable"] == designs.number(room["usable"])
        assert told["free after surge"] == designs.number(room["free"])
        assert told["nodes left"] == designs.of_clusters(room, room["nodes_left"])
        for each in room["stages"]:
            cell = told[designs.SHORT[each["name"]]]
            assert cell.removesuffix(" \\!") == designs.number(each["need"])
            assert cell.endswith("!") == (each["fits"] is False)


def test_bars_are_drawn_as_text():
    rooms = report_samples.troubled()["rooms"]
    lines = {e.room["name"]: drawn(e) for e in bars(rooms).rows}
    assert lines == {
        "nodes": "████████▓▓▓▓▓▓▓▓▓▓▓▓│!!!!",
        "far-over": "███████│!!!!!!!!!!!!!!!!!!",
        "rotates": "████████▓▓▓▓▒▒▒▒░░░░│!",
        "part": "████████············│",
        "rest": "████████············│",
        "mystery": "█···················│",
        "tiny": "│!!!!!!!!!!!!!!!!!!!!!!!!!",
    }


def test_it_says_what_the_page_says():
    text = report_markdown(report_samples.baseline())
    told = words(plain(text))
    for each in report_samples.baseline()["answers"]:
        assert each["question"] in told
        assert each["answer"] in told
    for each in report_samples.OPTIONS:
        assert each["title"] in told
        assert all(reason["text"] in told for reason in each["reasons"])
    for heading in ("What can't be changed later", "Assumptions", "Egress"):
        assert re.search(rf"^###? {heading}$", text, re.MULTILINE)


def test_planned_stands_with_the_chosen_and_what_is_shared_above_the_models():
    document = report_samples.baseline()
    (decision,) = document["decisions"]
    decision["shared"] = [report_samples.reason("limit", "five nodes are too many")]
    document["egress"][0]["public_addresses"] = None
    text = plain(report_markdown(document))
    assert "- whatever the model: five nodes are too many" in text
    (told,) = [each for each in text.splitlines() if decision["planned"][0] in each]
    assert told.startswith("| Azure CNI Overlay")
    assert "| not known |" in text


def test_a_day_is_told_where_it_is_not_the_reports():
    document = report_samples.baseline()
    document["assumptions"][1]["as_of"] = "2026-08-21"
    text = plain(report_markdown(document))
    assert "- every pool at its autoscaler's maximum\n" in text
    assert "- upgrades surge all pools at once (2026-08-21) " in text


def test_reuse_is_told_once_under_the_matrix():
    document = report_samples.baseline()
    pods = document["matrix"][1] | {"reuse": "Others may have it."}
    other = pods | {"cidr": "10.9.0.0/16"}
    document["matrix"] += [pods, other]
    text = plain(report_markdown(document))
    assert "**pod CIDR 192.168.0.0/16, 10.9.0.0/16**: Others may have it." in text


def test_sources_are_numbered_as_they_are_quoted():
    document = report_samples.baseline()
    text = report_markdown(document)
    quoted = set(re.findall(r"\\\[\[(\d+)\]\((https://[^)]*)\)\\\]", text))
    assert quoted
    for number, url in quoted:
        assert f"\n{number}. <{url}>" in text


def test_what_is_no_page_of_ours_is_no_link():
    document = report_samples.troubled()
    document["sources"].append(
        {"url": "javascript:alert(1)", "used_for": [], "checked": None}
    )
    text = report_markdown(document)
    assert "(javascript:" not in text
    assert "<javascript:" not in text
    assert "\\[6\\]" in text


def test_a_decision_that_an_answer_says_is_not_said_twice():
    document = report_samples.baseline()
    said = document["decisions"][0]["words"]
    document["answers"][0]["answer"] = said
    assert words(plain(report_markdown(document))).count(said) == 1


def test_long_lists_are_cut():
    document = report_samples.troubled()
    document["findings"] = [report_samples.finding()] * (designs.MOST_FINDINGS + 2)
    text = report_markdown(document)
    assert text.count("**error**") == designs.MOST_FINDINGS
    assert "And 2 findings more" in text


def test_nothing_was_read():
    text = report_markdown(report_document(study(_nothing(), "nothing", as_of=DAY)))
    assert text.startswith("# nothing\n")
    assert "None was read." in text


def _nothing():
    from ipplan import Inventory

    return Inventory()


def test_hostile_names_are_inert_and_told_whole():
    found = study(hostile_names.hostile_estate(), hostile_names.HOSTILE[0], as_of=DAY)
    text = write_report(report_document(found), "markdown")
    bare = re.sub(r"<https://[^>]*>", "", text)
    assert "<" not in bare
    assert not re.search(r"(?<!\\)!\[", bare)
    links = re.findall(r"(?<!\\)\]\((.*?)\)", bare)
    assert all(each.startswith("https://") for each in links)
    starts = Counter(line[:1] for line in text.splitlines())
    assert set(starts) <= set("#-| `ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789*n\\") | {""}
    told = words(plain(text))
    for name in hostile_names.HOSTILE:
        assert words(hostile_names.shown(name)).replace("\u200b", "") in told
