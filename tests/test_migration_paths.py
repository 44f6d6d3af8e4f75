"""The documented ways between models, row by row, and what a case looks up."""

import pytest

from ipplan import MODELS, ArgumentError, Inventory, NodePool
from ipplan.checks.surveys import Survey
from ipplan.cidrs import Cidr
from ipplan.inventory.versions import version_of
from ipplan.migrations.cases import Case
from ipplan.migrations.migrations import migrate
from ipplan.migrations.paths import CILIUM, DESTINATIONS, PATHS, path_of
from tests.check_nouns import AS_OF, cluster, estate

ROWS = [
    # from, to, way: rules 8.1, and a new cluster for all that no page names
    ("cni-node-subnet", "cni-overlay", "in-place"),
    ("kubenet", "cni-overlay", "in-place"),
    ("cni-dynamic", "cni-overlay", "new-cluster"),
    ("cni-static-block", "cni-overlay", "new-cluster"),
    ("none", "cni-overlay", "new-cluster"),
    ("cni-dynamic", "cni-static-block", "new-pool"),
    ("cni-static-block", "cni-dynamic", "new-pool"),
    ("cni-node-subnet", "cni-dynamic", "new-cluster"),
    ("cni-node-subnet", "cni-static-block", "new-cluster"),
    ("cni-node-subnet", "kubenet", "new-cluster"),
    ("kubenet", "cni-node-subnet", "new-cluster"),
    ("kubenet", "cni-dynamic", "new-cluster"),
    ("kubenet", "cni-static-block", "new-cluster"),
    ("cni-dynamic", "cni-node-subnet", "new-cluster"),
    ("cni-dynamic", "kubenet", "new-cluster"),
    ("cni-static-block", "cni-node-subnet", "new-cluster"),
    ("cni-static-block", "kubenet", "new-cluster"),
    ("cni-overlay", "kubenet", "new-cluster"),
    ("cni-overlay", "cni-node-subnet", "new-cluster"),
    ("cni-overlay", "cni-dynamic", "new-cluster"),
    ("cni-overlay", "cni-static-block", "new-cluster"),
    ("cni-overlay", "cilium", "in-place"),
    ("cni-node-subnet", "cilium", "in-place"),
    ("cni-dynamic", "cilium", "in-place"),
    ("cni-static-block", "cilium", "in-place"),
    ("kubenet", "cilium", "in-place"),
    ("none", "cilium", "new-cluster"),
]


@pytest.mark.parametrize(("model", "to", "way"), ROWS)
def test_every_row_of_the_rules_is_the_way(model, to, way):
    assert path_of(model, to).way == way


def test_every_pair_of_models_is_among_them():
    pairs = {(model, to) for model, to, _ in ROWS if model != "none"}
    assert pairs == {
        (model, to) for model in MODELS for to in DESTINATIONS if model != to
    }


@pytest.mark.parametrize(("model", "to", "way"), ROWS)
def test_migrate_goes_the_same_way(model, to, way):
    fields = {"model": model} if model in MODELS else {"model": None}
    plugin = "none" if model == "none" else None
    one = cluster(
        pods="p" if model in {"cni-dynamic", "cni-static-block"} else None,
        kubernetes_version="1.33",
        identity="UserAssigned",
        network_plugin=plugin,
        **fields,
    )
    (found,) = migrate(estate(one), to, as_of=AS_OF).clusters
    assert found.way == way
    in_one_step = (model, to) != ("kubenet", CILIUM)
    assert found.open is (way == "in-place" and in_one_step)


def test_only_kubenet_goes_to_cilium_by_way_of_overlay():
    assert [e.models for e in PATHS if e.first] == [("kubenet",)]
    (found,) = migrate(
        estate(
            cluster(model="kubenet", kubernetes_version="1.33", identity="UserAssigned")
        ),
        CILIUM,
        as_of=AS_OF,
    ).clusters
    assert [(each.id, each.state) for each in found.bars] == [("first", "removable")]
    commands = [word for each in found.steps for line in each.commands for word in line]
    assert commands.index("overlay") < commands.index("cilium")
    updates = [e for s in found.steps for e in s.commands if "update" in e]
    assert not any({"overlay", "cilium"} <= set(each) for each in updates)


def test_every_path_has_its_page():
    assert all(each.source.startswith("https://") and each.words for each in PATHS)


def test_a_destination_that_is_none_is_refused():
    with pytest.raises(ArgumentError, match="one of cni-overlay"):
        migrate(Inventory(), "overlay", as_of=AS_OF)


def test_nothing_to_move_is_nothing():
    assert migrate(Inventory(), as_of=AS_OF).clusters == ()


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("1.27", (1, 27)),
        ("1.27.3", (1, 27)),
        ("v1.9.11-hotfix", (1, 9)),
        ("1.27x", None),
        ("1", None),
        ("1.2345", None),
        ("", None),
        (None, None),
        ("1.٣", None),
    ],
)
def test_versions_of_kubernetes(text, version):
    assert version_of(text) == version


@pytest.mark.parametrize(
    ("to", "fields", "here"),
    [
        ("cni-overlay", {"model": "cni-overlay"}, True),
        ("cilium", {"needs": ("network-policy=cilium",)}, True),
        ("cilium", {"model": "kubenet", "network_policy": "calico"}, False),
        (
            "cni-static-block",
            {
                "model": "cni-dynamic",
                "pools": (NodePool("a", 1), NodePool("b", 1, model="cni-static-block")),
            },
            False,
        ),
    ],
)
def test_what_is_there_already(to, fields, here):
    case = Case(Survey(estate(cluster(**fields)), AS_OF), cluster(**fields), to)
    assert case.here is here
    (found,) = migrate(estate(cluster(**fields)), to, as_of=AS_OF).clusters
    assert (found.way == "already") is here


@pytest.mark.parametrize(
    ("fields", "policy"),
    [
        ({"network_policy": "none"}, ""),
        ({"network_policy": None}, ""),
        ({"network_policy": "Calico"}, "calico"),
        ({"needs": ("windows", "network-policy=azure")}, "azure"),
    ],
)
def test_the_engine_of_network_policies(fields, policy):
    assert Case(Survey(estate(), AS_OF), cluster(**fields), CILIUM).policy == policy


def test_after_a_move_other_ranges_and_max_pods_stay():
    six = Cidr.parse("fd00::/64")
    one = cluster(
        model="kubenet",
        pools=(NodePool("a", 3, 40, pod_subnet="x"),),
        pod_cidrs=(Cidr.parse("10.244.0.0/16"), six),
        assumed=("pod_cidrs", "service_cidrs"),
    )
    new = Cidr.parse("10.9.0.0/16")
    after = Case(Survey(estate(one), AS_OF), one, "cni-overlay").after(new)
    assert after.pod_cidrs == (new, six)
    assert after.assumed == ("service_cidrs",)
    assert [(e.max_pods, e.pod_subnet) for e in after.pools] == [(40, None)]
    same = Case(Survey(estate(one), AS_OF), replace_model(one), CILIUM)
    assert same.after(None) is same.cluster


def replace_model(one):
    return cluster(model="cni-overlay", pools=one.pools)


def test_a_cluster_without_an_id_has_blanks_to_fill_in():
    one = cluster(model="cni-dynamic")
    (found,) = migrate(
        Inventory(clusters=(one.__class__("x", one.pools, "kubenet"),)), as_of=AS_OF
    ).clusters
    words = [word for e in found.steps for line in e.commands for word in line]
    assert "<resource group>" in words
    assert "--subscription" not in words
