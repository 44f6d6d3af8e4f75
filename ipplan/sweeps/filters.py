"""Which rows of a sweep are kept: a small language, read and never run as code."""

from __future__ import annotations

import ast
import math
import operator
import warnings
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from ipplan.errors import ArgumentError
from ipplan.sweeps.columns import Column, columns_of, missing
from ipplan.tables import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ipplan.sweeps.grids import Grid

WHERE = "where"
"""The argument that errors name."""

MOST_TEXT = 4_000
"""A longer filter is no question that somebody asks. [characters]"""

MOST_DEPTH = 50
"""Conditions in conditions. [-]"""

EXACT = 2**53
"""Below it lies everything that is counted; numbers beyond are as good as endless."""

GRAMMAR = "names of columns, ==, !=, <, <=, >, >=, in, not in, and, or, not"
"""What a filter may have, in words."""


class Compared(NamedTuple):
    """A column beside a constant or another column."""

    left: Column
    sign: str
    right: float | Column

    def mask(self, rows: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        """Where it holds; nowhere without an answer."""
        right = self.right
        if not isinstance(right, Column):
            hits = _SIGNS[self.sign](rows[self.left.name], right)
            return _answered(self.left, rows, hits)
        hits = _SIGNS[self.sign](rows[self.left.name], rows[right.name])
        return _answered(right, rows, _answered(self.left, rows, hits))


class Among(NamedTuple):
    """A column beside a list of constants."""

    column: Column
    values: tuple[float, ...]
    wanted: bool

    def mask(self, rows: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        """Where it holds; nowhere without an answer."""
        import numpy as np

        there = np.isin(rows[self.column.name].astype(float), self.values)
        return _answered(self.column, rows, there == self.wanted)


class Joined(NamedTuple):
    """Conditions of which all must hold, or any."""

    every: bool
    parts: tuple[Any, ...]

    def mask(self, rows: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        """Where they hold."""
        import numpy as np

        join = np.logical_and if self.every else np.logical_or
        return reduce(join, [each.mask(rows) for each in self.parts])


Condition = Compared | Among | Joined


@dataclass(frozen=True)
class Filter:
    """Which rows are kept; it can be pickled.

    Parameters
    ----------
    text : str
        As it was written.
    columns : tuple of Column
        Those that it asks for.
    condition : Compared, Among or Joined
        What it was read as.
    """

    text: str
    columns: tuple[Column, ...]
    condition: Condition

    def mask(self, rows: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        """Which rows are kept, of their :attr:`columns` as they are kept.

        Returns
        -------
        ndarray of bool, shape (rows,)
        """
        return self.condition.mask(rows)


def filter_of(text: str, grid: Grid) -> Filter:
    """Read a filter such as ``feasible and node_subnet_prefix_length >= 22``.

    A comparison without an answer on either side does not hold, whichever it is, and
    neither does its ``not``, as in SQL: ``not x == 1`` is ``x != 1``.

    Parameters
    ----------
    text : str
        Columns, compared with numbers, text or each other by ``==``, ``!=``, ``<``,
        ``<=``, ``>``, ``>=``, ``in`` and ``not in``, and joined by ``and``, ``or``
        and ``not``.
    grid : Grid
        Whose columns and labels are meant.

    Raises
    ------
    ArgumentError
        For anything else; it says which part is not allowed.
    """
    reader = _Reader(text, grid)
    try:
        condition = reader.condition(_parsed(text), wanted=True, depth=0)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        if isinstance(error, ArgumentError):
            raise
        known = error.msg if isinstance(error, SyntaxError) else ""
        why = known or f"no condition of at most {MOST_TEXT:,} characters"
        reader.refuse(f"{why}; a filter has {GRAMMAR}")
    return Filter(text, tuple(reader.columns.values()), condition)


def _parsed(text: Any) -> ast.expr:
    if not isinstance(text, str) or len(text) > MOST_TEXT:
        raise ValueError
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is refused anyway
        return ast.parse(text.strip(), mode="eval").body


class _Reader:
    """Reads one filter, and keeps the columns that it meets."""

    def __init__(self, text: Any, grid: Grid) -> None:
        self.text = text
        self.grid = grid
        self.columns: dict[str, Column] = {}

    def refuse(self, allowed: str) -> NoReturn:
        head = self.text[:MOST_TEXT] if isinstance(self.text, str) else self.text
        raise ArgumentError(WHERE, shortened(repr(head), 60), allowed)

    def condition(self, node: ast.expr, *, wanted: bool, depth: int) -> Condition:
        """A condition, or its opposite where that is wanted."""
        if depth > MOST_DEPTH:
            self.refuse(f"at most {MOST_DEPTH} conditions in each other")
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.condition(node.operand, wanted=not wanted, depth=depth + 1)
        if isinstance(node, ast.BoolOp):
            parts = [
                self.condition(each, wanted=wanted, depth=depth + 1)
                for each in node.values
            ]
            return Joined(isinstance(node.op, ast.And) == wanted, tuple(parts))
        if isinstance(node, ast.Compare):
            return self._comparisons(node, wanted)
        if isinstance(node, ast.Name):
            return self._bare(node, wanted)
        return self._not_allowed(node)

    def _bare(self, node: ast.Name, wanted: bool) -> Condition:  # noqa: FBT001  # private
        column = self._side(node)
        if not isinstance(column, Column) or column.kind != "truth":
            self.refuse(f"{_short(node.id)} must be compared with something")
        return Compared(column, "==", int(wanted))

    def _comparisons(self, node: ast.Compare, wanted: bool) -> Condition:  # noqa: FBT001  # private
        """One comparison, or a chain of them that must all hold."""
        sides = [node.left, *node.comparators]
        parts = [
            self._comparison(left, type(sign), right, wanted)
            for left, sign, right in zip(sides, node.ops, sides[1:], strict=False)
        ]
        return parts[0] if len(parts) == 1 else Joined(wanted, tuple(parts))

    def _comparison(
        self,
        left: ast.expr,
        sign: type[ast.cmpop],
        right: ast.expr,
        wanted: bool,  # noqa: FBT001  # private
    ) -> Condition:
        if sign in {ast.In, ast.NotIn}:
            return self._among(left, right, (sign is ast.In) == wanted)
        if sign not in _SPELLED:
            self.refuse(f"not `is`; a filter has {GRAMMAR}")
        spelled = _SPELLED[sign] if wanted else _OPPOSITE[_SPELLED[sign]]
        one, other = self._side(left), self._side(right)
        if isinstance(one, Column):
            return self._compared(one, spelled, other)
        if isinstance(other, Column):
            return self._compared(other, _TURNED.get(spelled, spelled), one)
        return self.refuse("a comparison has a column on one side at least")

    def _among(self, left: ast.expr, right: ast.expr, wanted: bool) -> Condition:  # noqa: FBT001  # private
        column = self._side(left)
        if not isinstance(column, Column):
            self.refuse("the left of `in` is a column")
        if not isinstance(right, ast.Tuple | ast.List | ast.Set):
            self.refuse('the right of `in` is a list such as (22, 23) or ("a", "b")')
        sides = [self._side(each) for each in right.elts]
        values = [self._value(column, each) for each in sides]
        return Among(column, tuple(values), wanted)

    def _compared(self, left: Column, sign: str, right: Side) -> Condition:
        if left.kind in {"label", "truth"} and sign not in {"==", "!="}:
            self.refuse(f"{left.name} is compared by ==, != and in")
        if not isinstance(right, Column):
            return Compared(left, sign, self._value(left, right))
        if {left.kind, right.kind} & {"label", "truth"}:
            self.refuse(f"{left.name} and {right.name} are not both numbers")
        return Compared(left, sign, right)

    def _value(self, column: Column, side: Side) -> float:
        """A constant as the column keeps it."""
        if column.kind == "label":
            known = [label for label in column.labels if label]
            if side not in known:
                spelled = ", ".join(repr(label) for label in known)
                self.refuse(f"{column.name} is one of {shortened(spelled, 1_000)}")
            return column.labels.index(str(side))
        if isinstance(side, bool) == (column.kind == "truth") and isinstance(
            side, int | float
        ):
            endless = math.inf if side > 0 else -math.inf
            return side if abs(side) < EXACT else endless
        kinds = "true or false" if column.kind == "truth" else "a number"
        return self.refuse(f"{column.name} is compared with {kinds}")

    def _side(self, node: ast.expr) -> Side:
        """A column or a constant."""
        if isinstance(node, ast.Name):
            truth = _TRUTHS.get(node.id)
            return self._column(node.id) if truth is None else truth
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            number = self._side(node.operand)
            if isinstance(number, int | float) and not isinstance(number, bool):
                return -number
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float | str):
            return node.value
        return self._not_allowed(node)

    def _column(self, name: str) -> Column:
        if name not in self.columns:
            try:
                (self.columns[name],) = columns_of(self.grid, [name])
            except ArgumentError as error:
                self.refuse(f"{_short(name)} is no column; it has {error.allowed}")
        return self.columns[name]

    def _not_allowed(self, node: ast.expr) -> NoReturn:
        self.refuse(f"not {_words(node)}; a filter has {GRAMMAR}")


Side = Column | float | str
"""Of a comparison; truths are ints to the type checker."""

_TRUTHS = {"true": True, "false": False}

_SIGNS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_SPELLED: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
"""What holds where a sign does not."""

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""What holds with the sides turned round."""


def _answered(
    column: Column, rows: Mapping[str, NDArray[Any]], hits: NDArray[Any]
) -> NDArray[Any]:
    gaps = missing(column, rows[column.name])
    return hits if gaps is None else hits & ~gaps


def _words(node: ast.expr) -> str:
    """What a part of a filter is called."""
    if isinstance(node, ast.Call):
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        return f"a call of {_short(called)}(...)"
    if isinstance(node, ast.Constant):
        return f"a bare {_short(repr(node.value))}"
    return _NAMES.get(type(node), type(node).__name__)


_NAMES: dict[type[ast.expr], str] = {
    ast.Attribute: "an attribute behind a dot",
    ast.Subscript: "a subscript [...]",
    ast.Lambda: "a lambda",
    ast.NamedExpr: "an assignment :=",
    ast.JoinedStr: "an f-string",
    ast.BinOp: "arithmetic",
    ast.UnaryOp: "arithmetic",
    ast.IfExp: "an if",
    ast.List: "a list, but behind `in`",
    ast.Tuple: "a tuple, but behind `in`",
}


def _short(text: str) -> str:
    return shortened(text, 40)
