"""Nouns in a sentence: the first of them by name, and how many more there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ipplan.checks.surveys import Survey

MOST_NAMES = 5
"""Names that one sentence lists."""


def listed(texts: Iterable[object]) -> str:
    """The first five of some texts, and how many follow.

    Examples
    --------
    >>> listed(["a", "b"]), listed("abcdefg")
    ('a, b', 'a, b, c, d, e and 2 more')
    """
    every = list(texts)
    more = len(every) - MOST_NAMES
    told = ", ".join(map(str, every[:MOST_NAMES]))
    return f"{told} and {more:,} more" if more > 0 else told


def called(survey: Survey, nouns: Sequence[object]) -> str:
    """What people call some nouns, in a sentence."""
    told = [survey.called(each) for each in nouns[:MOST_NAMES]]
    return listed([*told, *nouns[MOST_NAMES:]])
