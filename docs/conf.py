"""How Sphinx builds these pages: no network, and any warning fails the build."""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

import ipplan

if TYPE_CHECKING:
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

project = "ipplan"
author = "The ipplan developers"
project_copyright = "2026, The ipplan developers"
release = version = ipplan.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
]
exclude_patterns = ["_build", "samples"]

html_theme = "furo"
html_title = "ipplan"
html_show_sphinx = False
html_static_path = ["_static"]
html_css_files = ["tables.css"]
pygments_style = "tango"
smartquotes = False  # options are spelled with two hyphens

myst_enable_extensions = ["deflist", "fieldlist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # numpydoc's Parameters have the types, with units
autosummary_generate = False
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

# Pages of other projects are not downloaded, so their names are nobody's here.
nitpick_ignore_regex = [
    (
        r"py:.*",
        r"(numpy|np|netaddr|ipaddress|pandas|pd|enum|datetime|typing|concurrent)\..*",
    ),
    (r"py:class", r"(int|str|bool|IntEnum|NamedTuple|Mapping|Exception|ValueError)"),
]


def public_name(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, shown: Any
) -> Any:
    """Link a name to its entry in the reference, wherever its module is."""
    target = node.get("reftarget", "")
    name = target.rpartition(".")[2]
    try:
        resolve_name(target if "." in target else f"ipplan.{target}")
    except (ImportError, AttributeError, ValueError):
        return None
    domain = env.domains.python_domain
    homes = [each for each in domain.objects if each.rpartition(".")[2] == name]
    if len(homes) != 1:
        return None
    return domain.resolve_xref(
        env, node["refdoc"], app.builder, node["reftype"], homes[0], node, shown
    )


def setup(app: Sphinx) -> None:
    """Register what these pages need of Sphinx."""
    app.connect("missing-reference", public_name)
