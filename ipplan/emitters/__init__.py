"""Emitters turn a layout into code that deploys it: one language a module, a row each.

What is deployed is the same in all of them: :mod:`ipplan.emitters.deployments` makes
resources out of a layout that know no language, and the emitters only spell them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ipplan.errors import ArgumentError

if TYPE_CHECKING:
    from ipplan.layouts.results import Layout

EMITTERS: dict[str, str] = {
    "bicep": "bicep",
    "terraform": "terraform",
    "arm": "arm",
    "az": "az",
}
"""The module of every language."""


def emit(layout: Layout, language: str) -> str:
    """The code that deploys what a layout plans, in one language.

    Parameters
    ----------
    layout : Layout
        Of a plan, where everything found room.
    language : str
        A key of ``EMITTERS``.

    Returns
    -------
    str
        The text of one file, with a newline at its end.

    Raises
    ------
    ArgumentError
        For another language, and for a layout that the language can't say.

    Examples
    --------
    >>> from ipplan.layouts.plans import LayoutPlan
    >>> from ipplan.layouts.results import Layout
    >>> emit(Layout(LayoutPlan("shop")), "cobol")
    Traceback (most recent call last):
    ...
    ipplan.errors.ArgumentError: language 'cobol': one of bicep, terraform, arm, az
    """
    if language not in EMITTERS:
        raise ArgumentError("language", repr(language), f"one of {', '.join(EMITTERS)}")
    module = import_module(f"ipplan.emitters.{EMITTERS[language]}")
    text: str = module.emit(layout)
    return text
