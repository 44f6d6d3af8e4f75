import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipplan import ArgumentError, check
from ipplan.emitters import emit
from ipplan.emitters.az.shell import Option, Variable, command, word
from ipplan.inventory.pools import NodePool
from tests.az_shapes import listed, parsed, run
from tests.emit_reading import REFERENCES, deployable, expected, found, laid_out, read
from tests.emit_samples import (
    HOSTILE,
    SAMPLES,
    amid_existing,
    hostile,
    hub_and_spoke,
    layout,
    overlay,
)
from tests.estates import estates

AS_OF = date(2026, 8, 21)
REFUSED = ("@{x}", "@file", "nul\0byte")
"""Names that az has no way to be told."""


def read_back(made, folder, **environment):
    commands = run(emit(made, "az"), folder, **environment)
    inventory = read(folder, json.dumps(listed(commands)))
    assert not any(each.broken for each in inventory.skipped)
    return inventory


@pytest.mark.parametrize("name", SAMPLES)
def test_a_script_reads_back_as_the_same_nouns(name, tmp_path):
    made = SAMPLES[name]()
    assert found(read_back(made, tmp_path), made) == expected(made)


@pytest.mark.parametrize("name", REFERENCES)
def test_published_layouts_read_back_as_they_were_laid_out(name, tmp_path):
    made = laid_out(name)
    assert found(read_back(made, tmp_path), made) == expected(made)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "kubenet"])
def test_nothing_is_wrong_with_what_is_read_back(name, tmp_path):
    assert not check(read_back(SAMPLES[name](), tmp_path), as_of=AS_OF).findings


@settings(max_examples=10)
@given(estates())
def test_any_estate_reads_back_as_it_was(tmp_path_factory, estate):
    made = layout(deployable(estate))
    folder = tmp_path_factory.mktemp("az")
    planned = expected(made)
    for each in planned["clusters"]:
        # az has no word for what is so in any case.
        each["public_fqdn"] = each["public_fqdn"] and None
    assert found(read_back(made, folder), made) == planned


@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in REFUSED])
def test_hostile_names_are_only_names(name, tmp_path):
    made = hostile(name)
    assert found(read_back(made, tmp_path), made) == expected(made)


@pytest.mark.parametrize("name", REFUSED)
def test_names_that_az_can_not_be_told_are_refused(name):
    with pytest.raises(ArgumentError, match="az takes no NUL in a value"):
        emit(hostile(name), "az")


@settings(max_examples=10)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_bash_reads_every_word_as_it_was(tmp_path_factory, texts):
    texts = [each.replace("\0", "") for each in texts]
    script = f"az x {' '.join(map(word, texts))}"
    assert run(script, tmp_path_factory.mktemp("bash")) == [["x", *texts]]


def test_a_word_of_several_parts_is_one(tmp_path):
    parts = ("a ", Variable("x"), "'")
    assert run(f"x='b c'; az {word(parts)}", tmp_path) == [["a b c'"]]


@pytest.mark.parametrize("first", ["-", "@"])
def test_an_item_of_a_list_is_neither_an_option_nor_a_file(first):
    with pytest.raises(ArgumentError, match=f"--tags '{first}x'"):
        command("az x", [Option("tags", values=("a", f"{first}x"))])


def test_a_value_may_begin_with_a_dash():
    assert command("az x", [Option("name", "--y")]) == "az x \\\n  --name='--y'"


def nouns(made, folder, **environment):
    return [parsed(words)[0] for words in run(emit(made, "az"), folder, **environment)]


def test_what_is_there_is_not_made_again(tmp_path):
    made = nouns(hub_and_spoke(), tmp_path, AZ_THERE="1")
    assert {each for each in made if each.endswith((" create", " add"))} == {
        "network nsg rule create",
        "network route-table route create",
        "network public-ip create",
        "network public-ip prefix create",
        "network nat gateway create",
        "network vnet subnet create",
        "network vnet peering create",
    }


def test_clusters_can_wait(tmp_path):
    made = nouns(hub_and_spoke(), tmp_path, DEPLOY_CLUSTERS="false")
    assert not [each for each in made if each.startswith("aks")]


def test_what_whoever_deploys_sets_is_used(tmp_path):
    commands = run(emit(hub_and_spoke(), "az"), tmp_path, VM_SIZE="it's; $(id)")
    sizes = {
        size for words in commands for size in parsed(words)[1].get("node-vm-size", ())
    }
    assert sizes == {"it's; $(id)"}


def test_nothing_that_exists_is_made(tmp_path):
    made = nouns(amid_existing(), tmp_path)
    assert made.count("network vnet create") == 1


def test_every_size_says_why():
    text = emit(hub_and_spoke(), "az")
    assert "\n# 20 addresses + 5 that Azure keeps: a /26 (64)\n" in text


def options_of(made, folder):
    commands = map(parsed, run(emit(made, "az"), folder))
    return next(options for noun, options in commands if noun == "aks create")


def pool(name, **fields):
    return NodePool(name, 3, 30, current=3, **fields)


def test_a_cluster_begins_with_its_first_system_pool_on_linux(tmp_path):
    pools = (
        pool("web", mode="user"),
        pool("spot", mode="system", priority="spot"),
        pool("main", mode="system"),
    )
    assert options_of(overlay(pools=pools), tmp_path)["nodepool-name"] == ["main"]


def test_a_cluster_without_such_a_pool_is_refused():
    made = overlay(pools=(pool("win", mode="system", os="windows"),))
    with pytest.raises(ArgumentError) as refusal:
        emit(made, "az")
    assert str(refusal.value) == (
        "pools of cluster 'shop' win (System): a system pool on Linux, with which az "
        "makes one"
    )


def test_a_system_assigned_identity_names_nothing(tmp_path):
    given = options_of(overlay(identity="SystemAssigned"), tmp_path)
    assert "enable-managed-identity" in given
    assert "assign-identity" not in given


@pytest.mark.parametrize(
    ("needs", "option", "values"),
    [
        ("automatic", "sku", ["Automatic"]),
        ("node-auto-provisioning", "node-provisioning-mode", ["Auto"]),
        ("static-egress-gateway", "enable-static-egress-gateway", []),
    ],
)
def test_a_feature_has_its_option(needs, option, values, tmp_path):
    assert options_of(overlay(needs=(needs,)), tmp_path)[option] == values


def test_a_cluster_that_reaches_nothing_starts_from_a_cache(tmp_path):
    given = options_of(overlay(outbound_type="none"), tmp_path)
    assert given["outbound-type"] == ["none"]
    assert given["bootstrap-artifact-source"] == ["Cache"]


def test_security_groups_count_for_private_endpoints(tmp_path):
    commands = map(parsed, run(emit(hub_and_spoke(), "az"), tmp_path))
    (given,) = (
        each
        for noun, each in commands
        if noun == "network vnet subnet create" and each["name"] == ["snet-pe"]
    )
    policies = given["private-endpoint-network-policies"]
    assert policies == ["NetworkSecurityGroupEnabled"]


def test_a_cluster_comes_after_all_that_it_waits_for(tmp_path):
    made = nouns(hub_and_spoke(), tmp_path)
    cluster = made.index("aks create")
    for noun in ("network vnet subnet create", "network vnet peering create"):
        assert max(at for at, each in enumerate(made) if each == noun) < cluster
