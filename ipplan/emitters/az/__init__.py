"""A bash script of az commands, one a resource, in the order in which they must run."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

from ipplan.emitters.az import clusters, networks
from ipplan.emitters.az.shell import word
from ipplan.emitters.az.words import id_of
from ipplan.emitters.resources import CLUSTER, Parameter, Ref, values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ipplan.emitters.resources import Deployment, Kind, Resource
    from ipplan.layouts.results import Layout

_MAKES: dict[Kind, Callable[[Resource], Iterator[str]]] = {
    **networks.MAKES,
    CLUSTER: clusters.cluster,
}
"""The commands that make the resources of a type."""

_START = """\
#!/usr/bin/env bash
{comments}# It can be run again for one plan: what is there is kept, or set once more.
set -euo pipefail
"""

_GROUP = "Resource group that everything is deployed into, if nothing else is said."


def emit(layout: Layout) -> str:
    """The bash script that deploys what a layout plans.

    Parameters
    ----------
    layout : Layout
        Of a plan, where everything found room.

    Returns
    -------
    str
        The text of one ``.sh`` file.

    Raises
    ------
    ArgumentError
        For names that az can't be told, and clusters that it can't make.

    Examples
    --------
    >>> from ipplan.layouts.plans import LayoutPlan
    >>> from ipplan.layouts.results import Layout
    >>> print(emit(Layout(LayoutPlan("shop"))).splitlines()[2])
    set -euo pipefail
    """
    from ipplan.emitters.deployments import deployment_of

    found = deployment_of(layout)
    comments = "".join(f"# {each}\n" for each in found.comments)
    parts = [_START.format(comments=comments), *_variables(found), *_body(found)]
    return "\n".join(parts)


def _variables(found: Deployment) -> Iterator[str]:
    """What whoever deploys can set in the environment."""
    home = found.home
    group = Parameter("resourceGroup", "string", _GROUP, home.group)
    yield "".join(map(_variable, [group, *found.parameters]))
    which = word(home.subscription) if home.subscription else _ASKED
    yield f"subscription={which}\n"


_ASKED = '"$(az account show --query=id --output=tsv)"'


def _variable(one: Parameter) -> str:
    name, default = one.snake, one.default
    if default is None:
        otherwise = f":?{word(one.description)}"
    else:
        otherwise = (
            f":-{word(str(default).lower() if default is True else str(default))}"
        )
    return f"# {one.description}\n{name}=${{{name.upper()}{otherwise}}}\n"


def _body(found: Deployment) -> Iterator[str]:
    """Commands; an id that others name stands in a variable."""
    every = [value for each in found.resources for value in values_of(each)]
    named = {each.resource for each in every if isinstance(each, Ref)}
    for each in found.resources:
        lines = list(_lines(each, named=each in named))
        if lines:
            yield "\n".join(lines) + "\n"


def _lines(resource: Resource, *, named: bool) -> Iterator[str]:
    yield from (f"# {each}" for each in resource.comments)
    if named:
        yield f"{resource.symbol}={word(id_of(resource))}"
    if resource.existing:
        return
    makes = _MAKES[resource.kind](resource)
    if resource.condition is None:
        yield from makes
        return
    yield f'if [[ "${{{resource.condition.snake}}}" == true ]]; then'
    # No quoted text has more than one line: what is indented is only space.
    yield from (indent(each, "  ") for each in makes)
    yield "fi"
