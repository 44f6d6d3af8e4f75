"""Every rule on an inventory that breaks it, and on one as near that does not."""

import re
from datetime import date
from pathlib import Path

import pytest

from ipplan import LIMITS, read_inventory
from ipplan.checks import RULES
from ipplan.checks.checkups import check, look
from ipplan.checks.proofs import _fresh
from ipplan.checks.remedies import applied
from ipplan.checks.surveys import Survey
from ipplan.findings import Severity

SAMPLES = Path(__file__).parent.parent / "docs" / "samples" / "rules"
AS_OF = date(2026, 11, 24)
NAMES = [rule.name for rule in RULES]


def files(rule, kind):
    return [str(SAMPLES / rule / kind)]


def read(rule, kind):
    return read_inventory(*files(rule, kind))


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_finds_what_breaks_it(rule):
    found = check(read(rule.name, "breaks"), as_of=AS_OF).findings
    ours = [each for each in found if each.rule == rule.name]
    assert ours
    # What else is found is not worse, so that the sample shows its rule.
    worst = min(list(Severity).index(each.severity) for each in ours)
    others = [each for each in found if each.rule != rule.name]
    assert all(list(Severity).index(each.severity) >= worst for each in others)


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_is_silent_on_what_is_as_near_as_possible(rule):
    found = check(read(rule.name, "holds"), as_of=AS_OF).findings
    assert rule.name not in {each.rule for each in found}
    assert not [each for each in found if each.severity is Severity.ERROR]


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_gives_only_the_severities_that_it_declares(rule):
    for kind in ("breaks", "holds"):
        survey = Survey(read(rule.name, kind), AS_OF)
        assert all(hit.severity in rule.severities for hit in rule.hits(survey))


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_fix_that_is_told_removes_its_finding_and_makes_no_other(rule):
    survey = Survey(read(rule.name, "breaks"), AS_OF)
    told = {each.fix for each in check(survey.inventory, as_of=AS_OF).findings}
    before = look(survey)
    remedies = [
        (each, remedy)
        for each in look(survey)
        for remedy in each.hit.remedies
        if remedy.text in told
    ]
    for found, remedy in remedies:
        after = look(Survey(applied(survey.inventory, remedy.changes), AS_OF))
        assert found.key not in {each.key for each in after}
        assert not _fresh(before, after)
        # All the more: nothing at all that was not there, wherever it was.
        assert not {each.level for each in after} - {each.level for each in before}


ESTATES = [
    *(SAMPLES / name / "breaks" for name in NAMES),
    SAMPLES.parent / "hub-and-spoke" / "before",
    SAMPLES.parent / "estate",
]


@pytest.mark.parametrize("folder", ESTATES, ids=lambda folder: folder.parent.name)
def test_fixes_that_are_told_together_hold_together(folder):
    survey = Survey(read_inventory(str(folder)), AS_OF)
    told = {e.fingerprint: e.fix for e in check(survey.inventory, as_of=AS_OF).findings}
    before = look(survey)
    changes = [
        change
        for found in before
        for remedy in found.hit.remedies
        if remedy.text in told.values()
        for change in remedy.changes
    ]
    assert not _fresh(before, look(Survey(applied(survey.inventory, changes), AS_OF)))


NUMBER = re.compile(r"(?<![\w./-])(?<!RFC )\d{1,3}(?:,\d{3})*\b(?![\w/:%-]|\.\d)")
"""Counts in a text: no prefix lengths, addresses, dates, versions or RFCs."""

WORKED_OUT = {
    "1,001",
    "57,000",
    "58,000",
    "65,534",
    "125",
}
"""Numbers of an example, which follow from rows."""


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_count_in_the_words_of_a_rule_is_that_of_a_row(rule):
    rows = {f"{row.value:,}" for row in LIMITS.values() if isinstance(row.value, int)}
    rows |= {part for row in LIMITS.values() for part in row.text.split(", ")}
    told = {each for each in NUMBER.findall(f"{rule.summary} {rule.why}") if each}
    assert not {each for each in told if len(each) > 2} - rows - WORKED_OUT


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_says_what_holds_and_why(rule):
    assert rule.summary.endswith(".")
    assert rule.source.startswith("https://")
    assert rule.severities == tuple(sorted(rule.severities, key=list(Severity).index))


def test_no_two_rules_have_one_id():
    assert len(set(NAMES)) == len(NAMES)


def test_every_sample_belongs_to_a_rule():
    assert {each.name for each in SAMPLES.iterdir()} == set(NAMES)


def test_a_finding_says_where_its_subject_stands():
    (found,) = check(read("subnet-outside-vnet", "breaks"), as_of=AS_OF).findings
    assert found.location.path == ".vnets[0].subnets[0]"
    assert found.location.line == 5


def test_fingerprints_do_not_change_with_the_place_in_the_file(tmp_path):
    (file,) = Path(files("subnet-outside-vnet", "breaks")[0]).iterdir()
    text = file.read_text()
    moved = tmp_path / "moved.yaml"
    moved.write_text("# a line more\n" + text.replace("ipplan: 1\n", "ipplan: 1\n\n"))
    before = check(read("subnet-outside-vnet", "breaks"), as_of=AS_OF).findings
    after = check(read_inventory(str(moved)), as_of=AS_OF).findings
    name = "<subscription of estate.yaml>"
    assert name in before[0].subjects[0].id
    assert len(before[0].fingerprint) == 32
    assert [each.message for each in before] == [each.message for each in after]
