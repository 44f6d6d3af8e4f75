import math
import operator
import pickle
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan import ArgumentError
from ipplan.sweeps.columns import worked_out
from ipplan.sweeps.filters import MOST_DEPTH, MOST_TEXT, filter_of
from ipplan.sweeps.grids import Span
from ipplan.sweeps.sweeps import sweep

NUMBERS = {
    "nodes": [3, 60, 500, 10**8, 61.5, 10**30, -1],
    "max_pods": [30, 250, 300],
    "node_subnet_prefix_length": [0, 19, 22, 28, -5, 2.5e300],
    "pod_range_prefix_length": [0, 16, 20, 24],
    "pod_range_free": [0, 100, -(2**62)],
    "months_left": [0, 12.5, 100],
    "input_growth_per_year": [0, 12.5],
}
LABELS = {
    "model": ["cni-static-block", "kubenet", "cni-node-subnet"],
    "max_surge": ["1", "33%"],
    "pod_range_kind": ["pod-subnet", "pod-cidr"],
    "refused_by": ["cluster-node-limit", "feature-unsupported", "range-too-large"],
    "grows_to_bound_by": ["node-subnet", "routes", "cluster-nodes"],
}
NAMES = [*NUMBERS, *LABELS, "feasible"]
SWEEP = sweep(
    nodes=[3, 60, 500, 10**8],
    max_pods=[30, 250],
    max_surge="1,33%",
    growth_per_year=[0, 12.5],
    needs=["virtual-nodes"],
    model=LABELS["model"],
    columns=NAMES,
)
ROWS = [
    dict(zip(NAMES, row, strict=True))
    for row in zip(*SWEEP.head(SWEEP.cells).values(), strict=True)
]
SIGNS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def kept(text):
    """The numbers of the rows that a filter keeps."""
    found = filter_of(text, SWEEP.grid)
    kept = []
    for span in SWEEP.grid.spans():
        rows = worked_out(found.columns, SWEEP.grid.cells(span))
        mask = found.mask(rows)
        assert (mask.dtype, mask.shape) == (bool, (span.stop - span.start,))
        first = span.model * SWEEP.grid.size
        kept += [first + each for each in mask.nonzero()[0].tolist()]
    return kept


def where(holds):
    return [number for number, row in enumerate(ROWS) if holds(row)]


def compared(one, sign, other):
    """True, false or, without an answer, None."""
    return None if one is None or other is None else SIGNS[sign](one, other)


def opposite(holds):
    return None if holds is None else not holds


def joined(parts, *, every):
    """SQL's `and` and `or` of true, false and None."""
    ends = not every
    if ends in parts:
        return ends
    return None if None in parts else every


@st.composite
def comparisons(draw):  # noqa: PLR0911  # one for each kind
    """A text, and what it says of a row: true, false or None."""
    kind = draw(st.sampled_from(["number", "number", "label", "truth", "both", "in"]))
    sign = draw(st.sampled_from([*SIGNS]))
    equal = draw(st.sampled_from(["==", "!="]))
    name, other = draw(st.tuples(*[st.sampled_from([*NUMBERS])] * 2))
    if kind == "number":
        value = draw(st.sampled_from(NUMBERS[name]))
        if draw(st.booleans()):
            return f"{value!r} {sign} {name}", lambda r: compared(value, sign, r[name])
        return f"{name} {sign} {value!r}", lambda r: compared(r[name], sign, value)
    if kind == "both":
        return f"{name} {sign} {other}", lambda r: compared(r[name], sign, r[other])
    if kind == "truth":
        value = draw(st.sampled_from([True, False, None]))
        if value is None:
            return "feasible", lambda r: r["feasible"]
        spelled = draw(st.sampled_from([str(value), str(value).lower()]))
        return f"feasible {equal} {spelled}", lambda r: compared(
            r["feasible"], equal, value
        )
    known = draw(st.sampled_from([NUMBERS, LABELS])) if kind == "in" else LABELS
    name = draw(st.sampled_from([*known]))
    if kind == "label":
        value = draw(st.sampled_from(LABELS[name]))
        return f"{name} {equal} '{value}'", lambda r: compared(r[name], equal, value)
    values = draw(st.lists(st.sampled_from(known[name]), max_size=3))
    wanted = draw(st.booleans())
    return (
        f"{name} {'in' if wanted else 'not in'} {values!r}",
        lambda r: None if r[name] is None else (r[name] in values) == wanted,
    )


def grown(parts):
    def both(pair):
        (one, first), (other, second) = pair
        return st.sampled_from(
            [
                (
                    f"({one}) and ({other})",
                    lambda r: joined([first(r), second(r)], every=True),
                ),
                (
                    f"({one}) or ({other})",
                    lambda r: joined([first(r), second(r)], every=False),
                ),
                (f"not ({one})", lambda r: opposite(first(r))),
            ]
        )

    return st.tuples(parts, parts).flatmap(both)


@given(st.recursive(comparisons(), grown, max_leaves=8))
def test_a_filter_keeps_what_its_words_say_of_each_row(condition):
    text, holds = condition
    assert kept(text) == where(lambda row: holds(row) is True)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("22 <= node_subnet_prefix_length <= 24", lambda r: 22 <= r <= 24),
        ("not 22 <= node_subnet_prefix_length <= 24", lambda r: not 22 <= r <= 24),
        ("19 < node_subnet_prefix_length != 28 > 3", None),
        ("node_subnet_prefix_length == (22)", lambda r: r == 22),
        ("  node_subnet_prefix_length in {22, 28}  ", lambda r: r in {22, 28}),
        ("node_subnet_prefix_length in (22,)", lambda r: r == 22),
        ("node_subnet_prefix_length > -3", lambda _: True),
        ("node_subnet_prefix_length > - -22.5", lambda r: r > 22.5),
        (f"node_subnet_prefix_length < {'9' * 3_000}", lambda _: True),
        (f"node_subnet_prefix_length < -{'9' * 3_000}", lambda _: False),
    ],
)
def test_chains_and_constants(text, holds):
    if holds is None:
        with pytest.raises(ArgumentError, match="a column on one side"):
            filter_of(text, SWEEP.grid)
        return
    name = "node_subnet_prefix_length"
    assert kept(text) == where(lambda row: row[name] is not None and holds(row[name]))


def test_every_kind_of_answer_is_among_the_rows():
    for name in ("feasible", "refused_by", "pod_range_kind", "months_left"):
        assert None in {row[name] for row in ROWS}
    assert {row["feasible"] for row in ROWS} == {True, False, None}
    assert None in {row["node_subnet_prefix_length"] for row in ROWS}


def test_where_there_is_no_answer_nothing_is_kept_not_even_by_not():
    name = "node_subnet_prefix_length"
    known = where(lambda row: row[name] is not None)
    assert len(known) < len(ROWS)
    assert kept(f"{name} == 22 or {name} != 22") == known
    assert kept(f"not ({name} == 22 and {name} != 22)") == known
    assert kept("feasible or not feasible") == where(
        lambda r: r["feasible"] is not None
    )


def test_a_filter_asks_for_each_column_once_and_can_be_pickled():
    text = "feasible and nodes > 3 and (not feasible or nodes < 99)"
    found = filter_of(text, SWEEP.grid)
    assert [each.name for each in found.columns] == ["feasible", "nodes"]
    assert found.text == text
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301  # our own
    rows = worked_out(found.columns, SWEEP.grid.cells(Span(1, 0, 9)))
    again = pickle.loads(pickle.dumps(found)).mask(rows)  # noqa: S301  # our own
    assert (again == found.mask(rows)).all()


GRAMMAR = "names of columns, ==, !=, <, <=, >, >=, in, not in, and, or, not"
DEEP = "(" * MOST_DEPTH + "feasible" + " and nodes > 3)" * MOST_DEPTH


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("len(model) > 3", "not a call of len(...); a filter has " + GRAMMAR),
        ("__import__('os').system('x')", "not a call of (...)"),
        ("nodes.real > 3", "not an attribute behind a dot"),
        ("model[0] == 'k'", "not a subscript [...]"),
        ("lambda: feasible", "not a lambda"),
        ("(nodes := 3)", "not an assignment :="),
        ("model == f'{nodes}'", "not an f-string"),
        ("nodes if feasible else max_pods", "not an if"),
        ("nodes + 1 > 3", "not arithmetic"),
        ("nodes == 2**9999", "not arithmetic"),
        ("~feasible", "not arithmetic"),
        ("nodes == -feasible", "not arithmetic"),
        ("nodes == -'a'", "not arithmetic"),
        ("nodes == -true", "not arithmetic"),
        ("[feasible]", "not a list, but behind `in`"),
        ("feasible, nodes", "not a tuple, but behind `in`"),
        ("[n for n in nodes]", "not ListComp"),
        ("nodes == 3j", "not a bare 3j"),
        ("nodes == b'a'", "not a bare b'a'"),
        ("nodes == None", "not a bare None"),
        ("nodes == ...", "not a bare Ellipsis"),
        ("3", "not a bare 3"),
        ("nodes is None", "not `is`"),
        ("nodes is not 3", "not `is`"),
        ("nodes", "nodes must be compared with something"),
        ("feasible and model", "model must be compared with something"),
        ("true", "true must be compared with something"),
        ("1 < 2", "a comparison has a column on one side at least"),
        ("3 in nodes", "the left of `in` is a column"),
        ("3 in (3, 4)", "the left of `in` is a column"),
        ("nodes in 3", "the right of `in` is a list such as (22, 23)"),
        ("nodes in (max_pods, 3)", "nodes is compared with a number"),
        ("model > 3", "model is compared by ==, != and in"),
        ("3 < model", "model is compared by ==, != and in"),
        ("feasible >= true", "feasible is compared by ==, != and in"),
        ("feasible == 1", "feasible is compared with true or false"),
        ("feasible in (1,)", "feasible is compared with true or false"),
        ("nodes == true", "nodes is compared with a number"),
        ("nodes == 'a'", "nodes is compared with a number"),
        ("nodes in ('a',)", "nodes is compared with a number"),
        ("nodes == model", "nodes and model are not both numbers"),
        ("feasible == nodes", "feasible and nodes are not both numbers"),
        (
            "model == 'cni-overlay'",
            "model is one of 'cni-static-block', 'kubenet', 'cni-node-subnet'",
        ),
        ("model in ('kubenet', 'x')", "model is one of 'cni-static-block', 'kubenet'"),
        ("max_surge == 1", "max_surge is one of '1', '33%'"),
        ("pod_range_kind == ''", "pod_range_kind is one of 'node-subnet', 'pod-"),
        ("node > 3", "node is no column; it has some of model, nodes,"),
        ("input_growth > 3", "input_growth is no column; it has some of model,"),
        ("x" * 999 + " > 3", "xxx is no column; it has some of"),
        ("nodes > 3 and", "invalid syntax; a filter has " + GRAMMAR),
        ("nodes = 3", "invalid syntax"),
        ("nodes > /22", "invalid syntax"),
        ("", "invalid syntax"),
        ("import os", "invalid syntax"),
        ("nodes > 3\nfeasible", "invalid syntax"),
        ("nodes > '\x1b[2J", "unterminated string literal"),
        ("nodes > 3\0", "; a filter has names of columns"),
        ("nodes > \ud800", "no condition of at most 4,000 characters"),
        ("(" * 300, "too many nested parentheses"),
        ("not " * 990 + "feasible", "at most 50 conditions in each other"),
        (f"({DEEP} or feasible)", "at most 50 conditions in each other"),
        ("nodes == " + "-" * 3_900 + "3", ""),
        ("nodes == " + "9" * 3_990 + "9" * 400, "no condition of at most 4,000"),
        ("feasible or " * 10**6, "no condition of at most 4,000 characters"),
        (5, "no condition of at most 4,000 characters"),
        (None, "no condition of at most 4,000 characters"),
        (b"feasible", "no condition of at most 4,000 characters"),
    ],
)
def test_anything_else_is_refused_in_one_line(text, told):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ArgumentError) as caught:
            filter_of(text, SWEEP.grid)
    message = str(caught.value)
    assert told in message
    assert message.startswith("where ")
    assert len(message) < 1_200
    assert message.isprintable()


def test_as_deep_and_as_long_as_is_allowed():
    every = where(lambda row: row["feasible"] is True and row["nodes"] > 3)
    assert kept(DEEP) == every
    text = "feasible and nodes > 3"
    assert kept(text.ljust(MOST_TEXT)) == every
    with pytest.raises(ArgumentError):
        filter_of(text.ljust(MOST_TEXT + 1), SWEEP.grid)


def test_a_warning_of_pythons_is_not_shown():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ArgumentError, match="is one of"):
            filter_of(r"model == '\d'", SWEEP.grid)


def test_numbers_without_an_end_are_numbers():
    assert kept("nodes < 1e999") == [*range(len(ROWS))]
    assert math.isinf(filter_of("nodes == 1e999", SWEEP.grid).condition.right)
