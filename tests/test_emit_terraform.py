import base64
import json
import os
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from functools import partial

import hcl2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan import check
from ipplan.emitters import emit
from ipplan.emitters.terraform.hcl import Block, Expression, quoted, written
from ipplan.inventory.estates import Inventory
from ipplan.inventory.pools import NodePool
from tests.emit_reading import REFERENCES, deployable, expected, found, laid_out, read
from tests.emit_samples import (
    HOSTILE,
    SAMPLES,
    Place,
    amid_existing,
    hostile,
    hub_and_spoke,
    layout,
    overlay,
    pod_subnets,
    two_groups,
)
from tests.estates import estates
from tests.hcl_shapes import literal, planned

AS_OF = date(2026, 8, 21)
TERRAFORM = shutil.which("terraform")
GIVEN = {
    "resource_group_name": "home",
    "cluster_identity": "/identity",
    "location": "west",
}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def read_back(made, folder):
    plan = planned(emit(made, "terraform"), **GIVEN)
    inventory = read(folder, json.dumps(plan))
    assert not inventory.skipped
    return inventory


@pytest.mark.parametrize("name", SAMPLES)
def test_a_configuration_reads_back_as_the_same_nouns(name, tmp_path):
    made = SAMPLES[name]()
    assert found(read_back(made, tmp_path), made) == expected(made)


@pytest.mark.parametrize("name", REFERENCES)
def test_published_layouts_read_back_as_they_were_laid_out(name, tmp_path):
    made = laid_out(name)
    assert found(read_back(made, tmp_path), made) == expected(made)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "kubenet"])
def test_nothing_is_wrong_with_what_is_read_back(name, tmp_path):
    assert not check(read_back(SAMPLES[name](), tmp_path), as_of=AS_OF).findings


@given(estates())
def test_any_estate_reads_back_as_it_was(tmp_path_factory, estate):
    made = layout(deployable(estate))
    folder = tmp_path_factory.mktemp("terraform")
    assert found(read_back(made, folder), made) == expected(made)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_names(name, tmp_path):
    made = hostile(name)
    assert found(read_back(made, tmp_path), made) == expected(made)


@given(TEXTS)
def test_any_text_is_only_a_text(text):
    said = quoted(text)
    assert said.isprintable()
    assert literal(said) == text
    assert hcl2.loads(f"a = {said}\n") == {"a": said}


@given(TEXTS, TEXTS)
def test_no_text_ends_its_attribute(first, second):
    block = Block("locals", {"a": first, "b": [second, Expression("var.x")]})
    body = hcl2.loads(written([block]))["locals"][0]
    assert literal(body["a"]) == first
    assert [literal(body["b"][0]), body["b"][1]] == [second, "${var.x}"]


def terraform(folder, *words, given=""):
    return subprocess.run(
        [TERRAFORM, *words],
        input=given,
        cwd=folder,
        env={"TF_CLI_CONFIG_FILE": os.devnull, "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.mark.skipif(not TERRAFORM, reason="no terraform binary on the path")
def test_terraform_would_format_nothing_otherwise(tmp_path):
    makers = [*SAMPLES.values(), *(partial(hostile, name) for name in HOSTILE)]
    for number, make in enumerate(makers):
        file = tmp_path / f"{number}.tf"
        file.write_text(emit(make(), "terraform"), encoding="utf-8")
    assert not terraform(tmp_path, "fmt", "-check", "-diff")


@pytest.mark.skipif(not TERRAFORM, reason="no terraform binary on the path")
def test_terraform_reads_every_hostile_text_as_it_was(tmp_path):
    texts = [*HOSTILE, "$${x}", "%%{x}", "$", "$$", "\\${x}", "a\u00a0b\U000e0001"]
    (tmp_path / "main.tf").write_text(
        written([Block("locals", {"texts": texts})]), encoding="utf-8"
    )
    shown = terraform(
        tmp_path, "console", given="base64encode(jsonencode(local.texts))"
    )
    assert json.loads(base64.b64decode(shown.strip().strip('"'))) == texts


def resources(made):
    document = hcl2.loads(emit(made, "terraform"))
    return {
        f"{literal(kind)}.{literal(name)}": body
        for each in document["resource"]
        for kind, named in each.items()
        for name, body in named.items()
    }


def test_nothing_that_exists_is_made_again():
    names = {
        literal(each["name"])
        for each in resources(amid_existing()).values()
        if each.get("name")
    }
    assert names == {"spoke", "aks", "to-hub", "more", "ops", "to-spoke"}


def test_what_a_network_must_get_first_is_said_at_the_top():
    first, _ = emit(amid_existing(), "terraform").split("\n", 1)
    assert first == ("# Before: add 10.9.0.0/24 to the address space of VNet Hub.")


def test_every_size_says_why():
    text = emit(hub_and_spoke(), "terraform")
    assert "# 20 addresses + 5 that Azure keeps: a /26 (64)\n" in text


def test_another_subscription_has_a_provider_of_its_own():
    text = emit(two_groups(), "terraform")
    assert (
        'provider "azurerm" {\n'
        '  alias           = "subscription_11111111_2222"\n'
        '  subscription_id = "11111111-2222"\n\n'
        "  features {}\n"
        "}\n"
    ) in text
    hub = resources(two_groups())["azurerm_virtual_network.vnet_hub"]
    assert hub["provider"] == "${azurerm.subscription_11111111_2222}"


def test_what_azurerm_can_not_say_is_left_to_azapi():
    kinds = {each.partition(".")[0] for each in resources(pod_subnets())}
    assert "azapi_resource" in kinds
    assert "azurerm_kubernetes_cluster" not in kinds
    assert "azapi" not in emit(overlay(), "terraform")


def test_nodes_wait_for_the_routes_of_their_subnets():
    cluster = resources(hub_and_spoke())["azurerm_kubernetes_cluster.cluster_shop"]
    waits = [each.split(".")[0].removeprefix("${") for each in cluster["depends_on"]]
    assert "azurerm_subnet_route_table_association" in waits
    assert "azurerm_subnet_nat_gateway_association" in waits


def cluster_of(made):
    return resources(made)["azurerm_kubernetes_cluster.cluster_shop"]


def pool(name, **fields):
    return NodePool(name, 3, 30, current=3, **fields)


def test_a_cluster_begins_with_its_first_system_pool_on_linux():
    pools = (
        pool("web", mode="user"),
        pool("spot", mode="system", priority="spot"),
        pool("main", mode="system"),
    )
    first = cluster_of(overlay(pools=pools))["default_node_pool"][0]
    assert literal(first["name"]) == "main"


def test_a_cluster_without_such_a_pool_is_left_to_azapi():
    made = overlay(pools=(pool("win", mode="system", os="windows"),))
    assert "azapi_resource.cluster_shop" in resources(made)


@pytest.mark.parametrize(
    "needs", ["automatic", "node-auto-provisioning", "static-egress-gateway"]
)
def test_a_feature_that_azurerm_can_not_say_is_left_to_azapi(needs):
    assert "azapi_resource.cluster_shop" in resources(overlay(needs=(needs,)))


def test_the_words_of_azurerm_for_zones_that_aks_keeps():
    zones = {"system": "System", "none": "None"}
    for own, word in zones.items():
        cluster = cluster_of(overlay(private=True, private_dns_zone=own))
        assert literal(cluster["private_dns_zone_id"]) == word


def test_a_system_assigned_identity_names_nothing():
    identity = cluster_of(overlay(identity="SystemAssigned"))["identity"][0]
    assert identity["type"] == '"SystemAssigned"'
    assert "identity_ids" not in identity


def test_public_addresses_that_aks_makes_are_counted():
    profile = cluster_of(overlay())["network_profile"][0]["load_balancer_profile"][0]
    assert profile["managed_outbound_ip_count"] == 1
    nat = cluster_of(overlay(outbound_type="managedNATGateway"))["network_profile"][0]
    assert nat["nat_gateway_profile"][0]["managed_outbound_ip_count"] == 1


def test_an_empty_block_stands_in_one_line():
    assert written([Block("features", {}), Block("x =", {"a": None})]) == (
        "features {}\n\nx = {}\n"
    )


def test_virtual_nodes_and_the_way_to_the_hub_are_there_before_the_cluster():
    waits = cluster_of(hub_and_spoke())["depends_on"]
    assert {
        "${azurerm_subnet.subnet_spoke_shop_virtual_nodes}",
        "${azurerm_virtual_network_peering.peering_hub_to_spoke}",
        "${azurerm_virtual_network_peering.peering_spoke_to_hub}",
    } <= set(waits)


def test_virtual_nodes_wait_for_the_routes_of_their_subnet():
    made = hub_and_spoke()
    table = made.planned.route_tables[0].id
    spoke = made.planned.vnets[1]
    subnets = tuple(replace(each, route_table=table) for each in spoke.subnets)
    vnets = (made.planned.vnets[0], replace(spoke, subnets=subnets))
    waits = cluster_of(layout(replace(made.planned, vnets=vnets)))["depends_on"]
    kind = "azurerm_subnet_route_table_association"
    assert f"${{{kind}.subnet_spoke_shop_virtual_nodes}}" in waits


def test_a_cluster_that_starts_from_a_cache_is_left_to_azapi():
    (cluster,) = (
        each
        for name, each in resources(overlay(outbound_type="none")).items()
        if name == "azapi_resource.cluster_shop"
    )
    profile = cluster["body"]["properties"]["bootstrapProfile"]
    assert literal(profile["artifactSource"]) == "Cache"


def test_security_groups_count_for_private_endpoints():
    subnet = resources(hub_and_spoke())["azurerm_subnet.subnet_hub_snet_pe"]
    policies = literal(subnet["private_endpoint_network_policies"])
    assert policies == "NetworkSecurityGroupEnabled"


def test_whence_the_subscription_comes_is_said_where_the_plan_says_none():
    words = "# Of the subscription that ARM_SUBSCRIPTION_ID names."
    assert emit(overlay(), "terraform").count(words) == 1
    assert emit(pod_subnets(), "terraform").count(words) == 2
    here = Place("net", "1111-2222")
    named = layout(Inventory(vnets=(here.vnet("hub", "10.0.0.0/24"),)))
    assert words not in emit(named, "terraform")
