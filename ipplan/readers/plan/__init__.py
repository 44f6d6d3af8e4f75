"""ipplan's own YAML: what people write beside the files that Azure gives."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, TypeVar

from ipplan.errors import InventoryError

if TYPE_CHECKING:
    from ipplan.inventory.merging import Parts
    from ipplan.readers.plan.entries import PlanFile
    from ipplan.readers.plan.trees import Loc
    from ipplan.readers.readings import Content

SUFFIXES = frozenset({".yaml", ".yml"})

KEYS = (
    "ipplan",
    "on_premises",
    "owned_public_ranges",
    "address_pools",
    "groups",
    "jump_boxes",
    "build_agents",
    "vnets",
    "peerings",
    "clusters",
    "security_groups",
    "route_tables",
    "firewalls",
    "nat_gateways",
    "private_dns_zones",
)
"""What a file may have at its top; one of them tells that it is ipplan's."""

File = TypeVar("File", bound="PlanFile")

_KEY = re.compile(rf"^(?:{'|'.join(KEYS)})[ \t]*:(?:\s|$)", re.MULTILINE)
_KUBERNETES = re.compile(r"^apiVersion[ \t]*:", re.MULTILINE)


def knows(content: Content) -> bool:
    """Whether it is YAML with a key of ipplan's own, or is called YAML and is none.

    Kubernetes' files, some of which have ``clusters`` too, are passed over.
    """
    if content.document is not None or _KUBERNETES.search(content.text):
        return False
    if _KEY.search(content.text):
        return True
    return PurePath(content.file).suffix.lower() in SUFFIXES and _may_be(content)


def _may_be(content: Content) -> bool:
    """Whether a key of ipplan's stands where only YAML's parser finds it."""
    from ipplan.readers.plan.trees import LARGEST, top_keys

    if len(content.text) > LARGEST:
        return False
    try:
        return not set(KEYS).isdisjoint(top_keys(content.file, content.text))
    except InventoryError:
        return True  # so that reading it says what is wrong


def read(content: Content) -> Parts:
    """Read everything that a file holds.

    Parameters
    ----------
    content : Content
        Text; it is never executed.

    Returns
    -------
    Parts
        All of it proposed, each with its line. References by name stand in ids as
        :mod:`ipplan.inventory.naming` has them.

    Raises
    ------
    InventoryError
        Every problem of the file, each with its line.
    """
    from ipplan.readers.plan.entries import PlanFile
    from ipplan.readers.plan.nouns import Nouns

    plan, lines = parsed(content, PlanFile)
    return Nouns(content.file, lines).parts(plan)


def parsed(content: Content, file: type[File]) -> tuple[File, dict[Loc, int]]:
    """What a file holds by the keys of its kind, and the lines of that.

    Raises
    ------
    InventoryError
        Every problem of the file, each with its line.
    """
    from pydantic import ValidationError

    from ipplan.readers.plan.problems import problems
    from ipplan.readers.plan.trees import tree

    found = tree(content.file, content.text)
    plan, wrong = None, None
    try:
        plan = file.model_validate(found.value)
    except ValidationError as error:
        wrong = error
    if plan is None or found.problems:
        raise InventoryError(content.file, problems(found, wrong, file))
    return plan, found.lines


def plan_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of ipplan's own YAML, for editors.

    Examples
    --------
    >>> schema = plan_schema()
    >>> schema["additionalProperties"], list(schema["properties"])[:2]
    (False, ['ipplan', 'on_premises'])
    """
    from ipplan.readers.plan.entries import schema_of

    return schema_of()


def layout_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a plan of networks, for editors.

    Examples
    --------
    >>> layout_schema()["required"]
    ['networks']
    """
    from ipplan.readers.plan.entries import schema_of
    from ipplan.readers.plan.networks import LayoutFile

    return schema_of(LayoutFile)
