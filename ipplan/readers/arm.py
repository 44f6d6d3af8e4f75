"""ARM templates, and Bicep compiled to them, as the resources they would deploy.

What a template leaves open is named and never guessed: a parameter without a value, a
``uniqueString``, what only Azure knows. A resource whose condition is open is there,
and what it hangs on is told among what was skipped; a resource whose condition is
false is not there.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from ipplan.errors import InventoryError
from ipplan.readers.readings import (
    TYPES,
    Found,
    Resource,
    as_list,
    as_object,
    path,
)
from ipplan.readers.templates.deployments import (
    DEPLOYMENT,
    Deployment,
    given_values,
)
from ipplan.readers.templates.ids import place_of
from ipplan.readers.templates.scopes import Scope, Session
from ipplan.readers.templates.values import ExhaustedError, Unknown, finished

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ipplan.readers.readings import Content
    from ipplan.readers.templates.deployments import Instance

EXPECTED = "an ARM template, or Bicep compiled to one"
"""What a file should be, in words."""

CHILDREN = ("subnets", "virtualNetworkPeerings", "agentPoolProfiles")
"""Properties that are lists of resources."""

_SCHEMA = re.compile(r"/(?P<scope>\w*)deploymentTemplate\.json", re.IGNORECASE)
_PARAMETERS = re.compile(r"/\w*deploymentParameters\.json", re.IGNORECASE)
_PART = re.compile(r"[.\-_]+")


def knows(content: Content) -> bool:
    """Whether a file is a deployment template.

    Examples
    --------
    >>> from ipplan.readers.readings import Content
    >>> knows(Content("a", "", {"contentVersion": "1.0.0.0", "resources": []}))
    True
    """
    fields = as_object(content.document) or {}
    if _SCHEMA.search(str(fields.get("$schema"))):
        return True
    resources = fields.get("resources")
    listed = as_list(resources) is not None or as_object(resources) is not None
    return listed and "contentVersion" in fields


def is_parameters(document: object) -> bool:
    """Whether a JSON document is a parameters file of a deployment.

    Examples
    --------
    >>> is_parameters({"contentVersion": "1", "parameters": {"x": {"value": 1}}})
    True
    """
    fields = as_object(document) or {}
    if _PARAMETERS.search(str(fields.get("$schema"))):
        return True
    given = list((as_object(fields.get("parameters")) or {}).values())
    values = [as_object(one) or {} for one in given]
    known = all("value" in one or "reference" in one for one in values)
    return "resources" not in fields and known and bool(values)


def parameters_for(
    template_file: str, parameter_files: Mapping[str, Any]
) -> Any | None:
    """Parameters file that belongs to a template, by its name.

    It is the one in the same folder that has the template's name and the word
    ``parameters`` for a start or an end (``main.parameters.json``); failing that, the
    only one that has more words (``main.parameters.prod.json``); failing that, the
    only one there is. Of several, none: which one counts is not to be guessed.

    Parameters
    ----------
    template_file : str
    parameter_files : mapping of str to Any
        Decoded documents by the names of their files.

    Returns
    -------
    Any or None

    Examples
    --------
    >>> files = {"main.parameters.json": 1, "main.parameters.prod.json": 2, "x.json": 3}
    >>> parameters_for("main.json", files)
    1
    """
    template = PurePath(template_file)
    near = [
        name for name in parameter_files if PurePath(name).parent == template.parent
    ]
    own = _words(template)
    exact = [name for name in near if _rest(name, own) == []]
    longer = [name for name in near if _rest(name, own)]
    for names in (exact, longer, list(parameter_files)):
        if names:
            return parameter_files[names[0]] if len(names) == 1 else None
    return None


def _words(file: PurePath) -> list[str]:
    return _PART.split(file.name.lower().removesuffix(".json"))


def _rest(name: str, own: list[str]) -> list[str] | None:
    """What a parameters file's name adds to the template's; None if it has another."""
    words = _words(PurePath(name))
    for word in ("parameters", "param", "params"):
        if word in words:
            words.remove(word)
            return words[len(own) :] if words[: len(own)] == own else None
    return None


def read(content: Content, parameters: Mapping[str, Any] | None = None) -> Found:
    """Resources that a template would deploy.

    Parameters
    ----------
    content : Content
    parameters : mapping of str to Any or None
        The decoded parameters file; parameters that it lacks have their defaults.

    Returns
    -------
    Found
        A proposal; ids have ``<subscription of FILE>`` and ``<resource group of FILE>``
        where the template does not say.

    Raises
    ------
    InventoryError
        Where the content is no template.
    """
    if not knows(content):
        raise InventoryError(content.file, [f": expected {EXPECTED}"])
    session = Session(frozenset({*TYPES, DEPLOYMENT}))
    resources: list[Resource] = []
    try:
        resources.extend(_resources(_root(content, parameters, session)))
    except ExhaustedError as error:
        session.note(f"{error}; not all of it was read")
    return Found(resources, list(session.notes), [], proposed=True)


def _root(
    content: Content, parameters: Mapping[str, Any] | None, session: Session
) -> Deployment:
    """The deployment of the whole file."""
    template = as_object(content.document) or {}
    file = PurePath(content.file).name or content.file
    schema = _SCHEMA.search(str(template.get("$schema")))
    place = place_of(file, grouped=not (schema and schema["scope"]))
    given = given_values((parameters or {}).get("parameters", parameters))
    name = Unknown("[deployment().name]", f"<deployment of {file}>")
    scope = Scope(session, template, place, name, given)
    for parameter in given:
        if not scope.declares(parameter):
            reason = f"the template has no parameter {parameter!r}"
            session.note(reason, broken=False)
    return Deployment(template, (), scope.frame, place)


def _resources(root: Deployment) -> Iterator[Resource]:
    for _ in root.walk():
        pass  # nested deployments too must be there before anything refers to them
    for instance in root.walk():
        session = root.session
        session.keys = instance.keys
        if instance.type.lower() in session.wanted:
            _doubt(instance, session)
        if instance.type.lower() in TYPES:
            yield _resource(instance)


def _doubt(instance: Instance, session: Session) -> None:
    condition = instance.condition
    if isinstance(condition, Unknown):
        reason = (
            f"taken as deployed, on a condition that is not settled: {condition.text}"
        )
        session.note(reason, broken=False)


def _resource(instance: Instance) -> Resource:
    session = instance.frame.scope.session
    properties = instance.properties()
    if as_object(properties) is None:
        text = getattr(properties, "text", "not an object")
        session.note(f"its properties are not settled: {text}")
    own = {"name": instance.names[-1], **instance.beside()}
    fields = {**own, **_named(as_object(properties) or {}), **own}
    kind = instance.type.lower()
    finish = finished(fields, session.bounds)
    return Resource(kind, instance.id.lower(), finish, path(instance.keys))


def _named(properties: dict[str, Any]) -> dict[str, Any]:
    """Properties whose children have names as resources have, so that ids meet them."""
    result = dict(properties)
    for key in CHILDREN:
        children = as_list(properties.get(key))
        if children is not None:
            result[key] = [_with_name(child) for child in children]
    return result


def _with_name(child: Any) -> Any:
    fields = as_object(child)
    if fields is None or not isinstance(fields.get("name"), Unknown):
        return child
    return {**fields, "name": fields["name"].spelling}
