"""Commands of ``ipplan migrate`` read back by argparse, as az reads them."""

import argparse
import re
import shlex
from dataclasses import replace

import pytest

from ipplan.documents.migrations import migration_document
from ipplan.inventory.pools import NodePool
from ipplan.migrations.migrations import migrate
from ipplan.migrations.paths import DESTINATIONS
from ipplan.shells import SWITCHES
from tests.check_nouns import AS_OF, cidrs, cluster, estate, id_of, spoke, vnet

AKS = id_of("spoke", "subnets", "aks")
OPTION_LIKE = ("--name", "--ids=x", "--resource-group", "-g", "-", "--yes")

PRIVATE = {"private": True, "public_fqdn": False, "vnet_integration": True}
KINDS = (
    {"model": "kubenet", "identity": "ServicePrincipal"},
    {"model": "kubenet", "identity": "UserAssigned", "network_policy": "calico"},
    {"model": "cni-node-subnet", "needs": ("availability-sets", "virtual-nodes")},
    {"model": "cni-dynamic", "kubernetes_version": "1.20", **PRIVATE},
)
"""Clusters that take every kind of command between them."""


def lines(name, fields, to):
    """Commands of a cluster in which all that can be is called by a name."""
    pools = (
        NodePool(name, 9, subnet=AKS, current=3, mode="system"),
        NodePool(f"{name}s", 0, subnet=AKS, unknown=f"{name} stands", stopped=True),
    )
    one = cluster(name, pools=pools, **fields)
    group = f"/subscriptions/{name}/resourcegroups/{name}/providers"
    where = f"{group}/microsoft.containerservice/managedclusters/{name}"
    home = spoke(network_security_group=name, route_table=name)
    found = migrate(
        estate(replace(one, id=where), vnets=(home, vnet("far", "10.9.0.0/16"))),
        to,
        as_of=AS_OF,
        within=cidrs("100.64.0.0/10"),
    )
    (document,) = migration_document(found, {})["clusters"]
    return [e for step in document["steps"] for e in step["commands"]]


def options(line):
    return re.findall(r"(?<= )(--[a-z][a-z-]*)(?=[ =]|$)", line)


def az(known):
    """A parser with the options of plain commands."""
    parser = argparse.ArgumentParser(allow_abbrev=False, exit_on_error=False)
    parser.add_argument("words", nargs="+")
    for each in sorted(known):
        action = "store_true" if each in SWITCHES else "store"
        parser.add_argument(each, action=action)
    return parser


@pytest.mark.parametrize("name", OPTION_LIKE)
@pytest.mark.parametrize("to", DESTINATIONS)
@pytest.mark.parametrize("fields", KINDS)
def test_a_name_that_looks_like_an_option_is_a_name(fields, to, name):
    plain = lines("shop", fields, to)
    parser = az({option for line in plain for option in options(line)})
    named = lines(name, fields, to)
    assert len(named) == len(plain)
    for line, usual in zip(named, plain, strict=True):
        found, wanted = (parser.parse_args(shlex.split(e)) for e in (line, usual))
        told = {k: v for k, v in vars(wanted).items() if v}
        assert {k: v for k, v in vars(found).items() if v}.keys() == told.keys()
        for key, value in told.items():
            if value == "shop":
                assert getattr(found, key) == name


def test_what_takes_no_value_is_known():
    every = [
        shlex.split(line)
        for fields in KINDS
        for to in DESTINATIONS
        for line in lines("shop", fields, to)
    ]
    bare = {
        word
        for words in every
        for word, following in zip(words, [*words[1:], "--"], strict=True)
        if word.startswith("--") and "=" not in word and following.startswith("--")
    }
    assert bare <= SWITCHES
    joined = {w for words in every for w in words if re.match("--.*=-", w)}
    assert joined == set()
