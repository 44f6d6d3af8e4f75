"""What emitted code deploys, read back as nouns, beside what a layout plans."""

import re
from dataclasses import fields, is_dataclass, replace

import ipplan
from ipplan.emitters.deployments import deployment_of
from ipplan.layouts.layouts import lay_out
from ipplan.models import MODELS
from ipplan.readers.layouts import read_layout_plan
from tests.estates import SUBSCRIPTIONS

_PLACE = re.compile(r"/subscriptions/[^/]*/resourcegroups/([^/]*)")
_KINDS = (
    "vnets",
    "clusters",
    "security_groups",
    "route_tables",
    "public_addresses",
    "outlets",
    "zone_links",
)


def home_of(made):
    """The resource group that a layout is deployed into."""
    return deployment_of(made).home.group or "home"


def estate(inventory, home):
    """All that is deployed, without subscriptions; what says no group is at home."""
    return {
        kind: sorted(_plain(getattr(inventory, kind), home), key=lambda one: one["id"])
        for kind in _KINDS
    }


def _plain(value, home):
    if isinstance(value, str):
        return _PLACE.sub(lambda match: _group(match[1], home), value)
    if is_dataclass(value):
        # What uses a subnet is listed of what is there, and of no plan.
        known = [e for e in fields(value) if e.compare and e.name != "holders"]
        return {
            "noun": type(value).__name__,
            **{each.name: _plain(getattr(value, each.name), home) for each in known},
        }
    if isinstance(value, tuple):
        return [_plain(each, home) for each in value]
    return value


def _group(name, home):
    return f"/{home if name.startswith('<') else name}"


def read(tmp_path, text, name="deployed.json"):
    """Nouns of a file."""
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return ipplan.read_inventory(str(file))


def found(inventory, made):
    """What was read; that a region is that of the resource group is no matter."""
    shown = estate(inventory, home_of(made))
    for kind in ("clusters", "security_groups", "route_tables"):
        for each in shown[kind]:
            each["unresolved"] = [
                words for words in each["unresolved"] if "location" not in words
            ]
    for each in shown["clusters"]:
        each["needs"].sort()
    return shown


def expected(made):
    """Nouns of a layout as they are read from what deploys it."""
    home = home_of(made)
    there = made.plan.inventory.vnet_by_id
    shown = estate(made.planned, home)
    for vnet, each in zip(
        sorted(made.planned.vnets, key=lambda one: _plain(one.id, home)),
        shown["vnets"],
        strict=True,
    ):
        if getattr(there.get(vnet.id), "prefixes", ()):
            # Only what is added to it is in the file.
            each.update(
                name=vnet.name.lower(),
                location=None,
                prefixes=[],
                dns_servers=[],
                seen=False,
            )
    shown["outlets"] = [e for e in shown["outlets"] if e["kind"] == "nat-gateway"]
    for each in shown["clusters"]:
        each["needs"].sort()
        each["identity"] = each["identity"] or "UserAssigned"
        if not each["network_plugin"] and each["model"]:
            kubenet = each["model"] == "kubenet"
            each["network_plugin"] = "kubenet" if kubenet else "azure"
        for pool in each["pools"]:
            pool["current"] = (
                pool["nodes"] if pool["current"] is None else pool["current"]
            )
            if pool["mode"] == "system":
                pool["current"] = max(pool["current"], 1)
            if pool["max_pods"] is None:
                row = MODELS[pool["model"] or each["model"]]
                pool["max_pods"] = row.default_max_pods.value
    return shown


def max_pods_of(pool, model):
    """What a pool is sized for: the default of its model, where it says nothing."""
    default = MODELS[pool.model or model].default_max_pods.value
    return default if pool.max_pods is None else pool.max_pods


REFERENCES = ("aks-baseline", "aks-baseline-regulated", "aks-landing-zone")
"""Plans of layouts that others published."""


def laid_out(name):
    """The layout of a plan file."""
    return lay_out(read_layout_plan(f"tests/data/layouts/{name}.yaml"))


def deployable(estate_):
    """What of a random estate can be planned, in one subscription of it.

    Nothing that only Azure knows, and no secrets; ids without subscriptions are unique
    then.
    """
    kept = {kind: tuple(filter(_is_in_one, getattr(estate_, kind))) for kind in _KINDS}
    kept["vnets"] = tuple(map(_network, kept["vnets"]))
    kept["clusters"] = tuple(
        replace(one, identity=None) if one.identity == "ServicePrincipal" else one
        for one in kept["clusters"]
    )
    kept["public_addresses"] = tuple(
        replace(one, prefix=None) for one in kept["public_addresses"]
    )
    return replace(estate_, node_interfaces=(), load_balancers=(), **kept)


def _is_in_one(noun):
    return noun.id.startswith(f"/subscriptions/{SUBSCRIPTIONS[0]}/")


def _network(vnet):
    unseen = {"state": None, "sync_level": None}
    unseen |= {"remote_prefixes": (), "synced_prefixes": ()}
    return replace(
        vnet,
        subnets=tuple(replace(one, holders=None) for one in vnet.subnets),
        peerings=tuple(replace(one, **unseen) for one in vnet.peerings),
    )
