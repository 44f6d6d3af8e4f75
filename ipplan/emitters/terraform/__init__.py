"""Terraform for azurerm 4: one file, formatted as ``terraform fmt`` does.

What azurerm can't say, as node pools whose pods take static blocks, is azapi's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipplan.emitters.resources import CLUSTER, Kind, Resource
from ipplan.emitters.terraform import clusters, networks
from ipplan.emitters.terraform.hcl import Block, Expression, Value, quoted, written
from ipplan.emitters.terraform.spelling import (
    GROUP,
    alias,
    observed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ipplan.emitters.resources import Deployment, Parameter
    from ipplan.layouts.results import Layout

_SPELT: dict[Kind, Callable[[Resource], Iterator[Block]]] = {
    **networks.SPELT,
    CLUSTER: clusters.cluster,
}
"""How the resources of a type are written."""

_PROVIDERS = {
    "azapi": ("azure/azapi", "~> 2.0"),
    "azurerm": ("hashicorp/azurerm", "~> 4.46"),
}
"""Where a provider is from, and the releases that know all that is written here.

The first azurerm 4 that has API Server VNet Integration is 4.46.
"""


def emit(layout: Layout) -> str:
    r"""The Terraform configuration that deploys what a layout plans.

    Parameters
    ----------
    layout : Layout
        Of a plan, where everything found room.

    Returns
    -------
    str
        The text of one ``.tf`` file.

    Examples
    --------
    >>> from ipplan.layouts.plans import LayoutPlan
    >>> from ipplan.layouts.results import Layout
    >>> print(emit(Layout(LayoutPlan("shop"))).partition("\n\n")[0])
    terraform {
      required_providers {
        azurerm = {
          source  = "hashicorp/azurerm"
          version = "~> 4.46"
        }
      }
    }
    """
    from ipplan.emitters.deployments import deployment_of

    found = deployment_of(layout)
    resources = [block for each in found.resources for block in _resource(each)]
    azapi = any(block.head.startswith('resource "azapi_') for block in resources)
    return written([*_head(found, azapi=azapi), *_variables(found), *resources])


def _resource(resource: Resource) -> Iterator[Block]:
    if resource.existing:
        return iter([observed(resource)])
    return _SPELT[resource.kind](resource)


def _head(found: Deployment, *, azapi: bool) -> Iterator[Block]:
    names = [name for name in _PROVIDERS if azapi or name != "azapi"]
    needed = [
        Block(f"{name} =", {"source": source, "version": version})
        for name, (source, version) in _PROVIDERS.items()
        if name in names
    ]
    required = Block("required_providers", {}, needed)
    yield Block("terraform", {}, [required], found.comments)
    for name in names:
        yield from _providers(found, name)
    if azapi:
        yield Block('data "azurerm_client_config" "current"', {})


def _providers(found: Deployment, name: str) -> Iterator[Block]:
    """A provider for each subscription: the first is that of the home group."""
    others = dict.fromkeys(each.place.subscription for each in found.resources)
    features = [Block("features", {})] if name == "azurerm" else []
    head = f"provider {quoted(name)}"
    home = found.home.subscription
    comments = () if home else (_SUBSCRIPTION,)
    yield Block(head, {"subscription_id": home}, features, comments)
    for each in filter(None, others):
        given: dict[str, Value | None] = {"alias": alias(each), "subscription_id": each}
        yield Block(head, given, features)


_SUBSCRIPTION = "Of the subscription that ARM_SUBSCRIPTION_ID names."
"""Where azurerm 4 and azapi are told of a subscription that the plan does not name."""


def _variables(found: Deployment) -> Iterator[Block]:
    group = "Resource group that everything is deployed into, if nothing else is said."
    yield _variable(GROUP, "string", group, found.home.group)
    yield from (_declared(each) for each in found.parameters)


def _declared(one: Parameter) -> Block:
    return _variable(one.snake, one.type, one.description, one.default)


def _variable(name: str, kind: str, description: str, default: Value | None) -> Block:
    return Block(
        f"variable {quoted(name)}",
        {"type": Expression(kind), "description": description, "default": default},
    )
