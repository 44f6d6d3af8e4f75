"""Expressions of ARM templates, ``[concat('a', parameters('b').c[0])]``, as trees."""

from __future__ import annotations

import re
from typing import NamedTuple

from ipplan.errors import IpplanError
from ipplan.limits import ARM_EXPRESSION

MOST_NESTED = 100
"""Calls inside calls; deeper ones are refused, as Python's own stack has an end."""

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?[0-9]{1,19})"
    r"|(?P<word>[A-Za-z_$][\w$]*)|(?P<mark>[().,\[\]]))",
)
_END = "the end"


class MalformedError(IpplanError):
    """Text that is no expression: what was wrong, and where."""


class Literal(NamedTuple):
    """A string or a whole number."""

    value: str | int
    source: str


class Call(NamedTuple):
    """A function by its name in lower case, with its namespace if it has one."""

    name: str
    arguments: tuple[Node, ...]
    source: str


class Access(NamedTuple):
    """A member of a value, ``.key`` or ``['key']``, or an element, ``[0]``."""

    of: Node
    key: Node
    source: str


Node = Literal | Call | Access


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def parse(text: str) -> Node:
    """Read what stands between the brackets of an expression.

    Raises
    ------
    MalformedError
        Where it is no expression, or too long or too deep.

    Examples
    --------
    >>> parse("parameters('hub').name")  # doctest: +NORMALIZE_WHITESPACE
    Access(of=Call(name='parameters',
                   arguments=(Literal(value='hub', source="'hub'"),),
                   source="parameters('hub')"),
           key=Literal(value='name', source='name'),
           source="parameters('hub').name")
    """
    if len(text) > ARM_EXPRESSION.value:
        message = f"longer than {ARM_EXPRESSION.value:,} characters"
        raise MalformedError(message)
    return _Parser(text).whole()


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            message = f"nothing that can be read at {text[position:][:20]!r}"
            raise MalformedError(message)
        start, position = match.span(match.lastgroup)
        tokens.append(_Token(match.lastgroup, text[start:position], start, position))
    return [*tokens, _Token(_END, _END, end, end)]


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self.expression()
        self.expect(_END)
        return node

    def next(self) -> _Token:
        token = self.tokens[self.at]
        self.at += token.kind != _END
        return token

    def ahead(self, mark: str) -> bool:
        return self.tokens[self.at].text == mark

    def expect(self, mark: str) -> _Token:
        token = self.next()
        if token.text != mark:
            message = f"{token.text} where {mark} should be"
            raise MalformedError(message)
        return token

    def since(self, start: int) -> str:
        return self.text[start : self.tokens[self.at - 1].end]

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > MOST_NESTED:
            message = f"nested deeper than {MOST_NESTED}"
            raise MalformedError(message)
        start = self.tokens[self.at].start
        node = self.primary()
        while self.ahead(".") or self.ahead("["):
            key = self.key()
            node = Access(node, key, self.since(start))
        self.depth -= 1
        return node

    def key(self) -> Node:
        if self.next().text == ".":
            word = self.word()
            return Literal(word, word)
        key = self.expression()
        self.expect("]")
        return key

    def word(self) -> str:
        token = self.next()
        if token.kind != "word":
            message = f"{token.text} where a name should be"
            raise MalformedError(message)
        return token.text

    def primary(self) -> Node:
        token = self.tokens[self.at]
        if token.kind == "text":
            self.next()
            return Literal(token.text[1:-1].replace("''", "'"), token.text)
        if token.kind == "number":
            self.next()
            return Literal(int(token.text), token.text)
        return self.call(token.start)

    def call(self, start: int) -> Node:
        name = self.word()
        while self.ahead("."):
            self.next()
            name = f"{name}.{self.word()}"
        self.expect("(")
        arguments: list[Node] = []
        while not self.ahead(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.expression())
        self.next()
        return Call(name.lower(), tuple(arguments), self.since(start))
