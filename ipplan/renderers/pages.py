"""Pages: templates that escape what they show, one theme, and pinned scripts."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ipplan.tables import printable

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment() -> Environment:
    """What fills templates in: everything is escaped, and nothing may be missing."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("ipplan.renderers"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )


def _visible(value: Any) -> Any:
    r"""Text with what would steer its reader, or be no XML, shown rather than obeyed.

    Markup is ours and stays as it is.

    Examples
    --------
    >>> _visible("web" + chr(0x202e)), _visible(7)
    ('web\\u202e', 7)
    """
    return value if type(value) is not str else printable(value)


def filled(template: str, **values: Any) -> str:
    """A template of this package with its blanks filled in.

    Parameters
    ----------
    template : str
        The name of a file in ``templates``.
    **values : object
        By the names that it uses. Text is escaped; what is markup must say so
        (:class:`markupsafe.Markup`).
    """
    return environment().get_template(template).render(**values)


@cache
def asset(name: str) -> str:
    """A style sheet or a script of ours, as it is."""
    path = files("ipplan.renderers") / "templates" / name
    return path.read_text(encoding="utf-8")


def policy(*scripts: str) -> str:
    """A content security policy: nothing is loaded, and these scripts alone run.

    Examples
    --------
    >>> policy()
    "default-src 'none'; script-src 'none'; style-src 'unsafe-inline'; img-src data:"
    """
    sums = [b64encode(sha256(each.encode()).digest()).decode() for each in scripts]
    allowed = " ".join(f"'sha256-{each}'" for each in sums) or "'none'"
    parts = ("default-src 'none'", f"script-src {allowed}")
    return "; ".join((*parts, "style-src 'unsafe-inline'", "img-src data:"))
