"""Lines of paths, against a tokenizer that takes one character after the other."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ipplan.readers.lines import lines
from ipplan.readers.readings import path

keys = st.one_of(st.sampled_from("abc"), st.text(max_size=3))
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()
)
documents = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=20,
)
layouts = st.sampled_from(
    [{}, {"indent": 0}, {"indent": 2}, {"indent": "\t", "separators": (" , ", "\n:\n")}]
)


class Tokenizer:
    """Path and line of every value, found one character after the other."""

    def __init__(self, text):
        self.text = text
        self.at = 0
        self.found = {}

    def blanks(self):
        while self.text[self.at : self.at + 1] in {" ", "\t", "\r", "\n"}:
            self.at += 1

    def string(self):
        start = self.at
        self.at += 1
        while self.text[self.at] != '"':
            self.at += 2 if self.text[self.at] == "\\" else 1
        self.at += 1
        return json.loads(self.text[start : self.at])

    def word(self):
        while self.text[self.at : self.at + 1] not in set(",]} \t\r\n") | {""}:
            self.at += 1

    def value(self, steps):
        self.blanks()
        for old in [old for old in self.found if old[: len(steps)] == steps]:
            del self.found[old]
        self.found[steps] = self.text[: self.at].count("\n") + 1
        opening = self.text[self.at]
        if opening in "[{":
            self.members(steps, named=opening == "{")
        elif opening == '"':
            self.string()
        else:
            self.word()
        self.blanks()

    def members(self, steps, *, named):
        self.at += 1
        self.blanks()
        index = 0
        while self.text[self.at] not in "]}":
            key = self.key() if named else index
            self.value((*steps, key))
            index += 1
            self.at += self.text[self.at] == ","
            self.blanks()
        self.at += 1

    def key(self):
        key = self.string()
        self.blanks()
        self.at += 1
        return key


def oracle(text):
    tokenizer = Tokenizer(text)
    tokenizer.value(())
    return {path(steps): line for steps, line in tokenizer.found.items()}


@given(documents, layouts)
def test_every_path_has_the_line_that_the_slow_tokenizer_finds(document, layout):
    text = json.dumps(document, **layout)
    expected = oracle(text)
    assert lines(text, expected) == expected


@given(documents, layouts, st.data())
def test_it_does_not_matter_what_else_is_asked_for(document, layout, data):
    text = json.dumps(document, **layout)
    expected = oracle(text)
    asked = data.draw(st.lists(st.sampled_from(sorted(expected)), unique=True))
    absent = [".nowhere", "[999]", ".a.b.c.d.e.f", '["\\n"].x[0]']
    found = lines(text, [*asked, *absent])
    assert {key: found[key] for key in asked} == {key: expected[key] for key in asked}
    assert all(expected.get(key) == found.get(key) for key in absent)


members = st.lists(
    st.tuples(
        st.sampled_from('ab"'),
        st.sampled_from(["1", '{"a":\n2}', '[\n{"b": 3}]', '{"a": 4,\n"a":\n5}', "{}"]),
    ),
    max_size=6,
)


@given(members)
@example([("a", '{"a":\n2}'), ("a", "{}")])
@example([("a", "{}"), ("a", '{"a":\n2}')])
def test_of_a_repeated_key_the_last_counts_with_what_is_in_it(pairs):
    text = "{" + ",\n".join(f"{json.dumps(key)}: {value}" for key, value in pairs) + "}"
    expected = oracle(text)
    everything = [".a", ".b", ".a.a", ".a[0]", ".a[0].b", ".b.a", '["\\""].a', ""]
    assert lines(text, everything) == {
        key: expected[key] for key in everything if key in expected
    }


def test_a_repeated_key_takes_back_what_was_found_in_the_first():
    assert lines('{"a": {"b": 1},\n"a": {}}', [".a", ".a.b"]) == {".a": 2}


def test_lines_end_in_a_line_feed_with_or_without_a_carriage_return():
    assert lines('{\r\n"a":\r\n1}', [".a"]) == {".a": 3}


def test_a_byte_order_mark_is_no_part_of_the_document():
    assert lines('\ufeff{"a":\n1}', ["", ".a"]) == {"": 1, ".a": 2}


@pytest.mark.parametrize(
    "asked", ["a", ".a.", "[x]", ".a[0", '["\\q"]', '["a]', "[-1]"]
)
def test_what_is_not_spelled_like_a_path_is_nowhere(asked):
    assert lines('{"a": [1], "": 2, "\\\\q": 3}', [asked]) == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{",
        '{"a"',
        '{"a":',
        '{"a": [1, ',
        "[1, 2",
        "{[1]: 2}",
        '{"a": tru}',
        "]",
    ],
)
def test_broken_text_is_no_crash(text):
    assert lines(text, [".b", "[0].x", ".a[7]", "[7]"]) == {}


def test_what_stands_before_the_fault_is_found():
    assert lines('[1,\n{"a": 2,\n!', ["[0]", "[1].a", "[2]"]) == {"[0]": 1, "[1].a": 2}


def test_text_that_nests_without_end_is_no_crash():
    text = '{"first": 1,\n"deep": ' + "[" * 100_000
    asked = [".first", ".deep", ".deep" + "[0]" * 5_000]
    assert lines(text, asked) == {".first": 1, ".deep": 2}


def test_numbers_of_any_length_are_skipped():
    assert lines("[" + "9" * 10_000 + ",\n1e999,\nNaN,\n2]", ["[3]"]) == {"[3]": 4}


def test_a_real_listing_agrees_with_the_slow_tokenizer(corpus):
    file = corpus / "azure-cli-recordings/arm/aks/41-kubenet-dualstack.json"
    text = file.read_text(encoding="utf-8")
    expected = oracle(text)
    assert len(expected) > 100
    assert lines(text, expected) == expected


def test_a_line_that_begins_far_away_is_no_hindrance():
    wide = {"a": ["x" * 50] * 40, "b": [{"c": [1, 2]}], "d": 1}
    text = json.dumps(wide)
    broken = text.replace('"c": [', '"c": [\n  ').replace('"d"', '\n"d"')
    assert lines(broken, [".b[0].c", ".b[0].c[1]", ".d"]) == {
        ".b[0].c": 1,
        ".b[0].c[1]": 2,
        ".d": 3,
    }


def test_what_closes_behind_its_last_value_is_leapt_over_too():
    text = '[\n {\n  "a": 1},\n 2\n]'
    assert lines(text, {"[1]"}) == {"[1]": 4}
