"""Whether ranges can change later, in a word or two; notes have the sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.designs import changes

if TYPE_CHECKING:
    from collections.abc import Iterable

WORDS = {
    changes.EMPTY.words: "resizable",
    changes.FULL.words: "not while in use",
    changes.PLANNED.words: "until it is in use",
    changes.UNSEEN.words: "only while empty",
    changes.FOR_GOOD.words: "never",
    changes.NODES.words: "new node subnet",
    changes.NODES_WITH_PODS.words: "new subnet for nodes and pods",
    changes.PODS.words: "new pod subnet",
    changes.LARGER.words: "grow only",
    changes.WITH_WINDOWS.words: "no: Windows",
    changes.SEVERAL.words: "no: several ranges",
    changes.ROUTED.words: "only with the model",
    changes.OPEN.words: "unknown",
}
"""Each sentence in a word or two."""


def notes(sentences: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Each sentence once, with its place and its word.

    Examples
    --------
    >>> from ipplan.designs.changes import LARGER
    >>> list(notes([LARGER.words, "By magic.", LARGER.words, ""]).values())
    [(0, 'grow only'), (1, 'note 2')]
    """
    once = dict.fromkeys(filter(None, sentences))
    return {
        each: (place, WORDS.get(each, f"note {place + 1}"))
        for place, each in enumerate(once)
    }
