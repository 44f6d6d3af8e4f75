"""Clusters that share routes to their pods, and clusters in a pod mesh."""

from dataclasses import replace

import pytest

from ipplan.checks.checkups import check
from ipplan.checks.overlap import meshes
from ipplan.checks.surveys import Survey
from ipplan.checks.unrelated import unrelated
from ipplan.findings import Effect, Severity
from ipplan.inventory.externals import Group
from ipplan.inventory.pools import NodePool
from tests.check_nouns import (
    AS_OF,
    CLUSTERS,
    GROUP,
    cidrs,
    cluster,
    estate,
    id_of,
    look,
    subnet,
    vnet,
    ways_out,
)

TABLES = f"{GROUP}/routetables"


def kubenet(name, own, pod_cidr="10.244.0.0/16", **fields):
    fields = {"model": "kubenet", "planned": True, **fields}
    return cluster(name, subnets=(own,), pod_cidrs=cidrs(pod_cidr), **fields)


def network(**tables):
    """A VNet with a subnet for each name, with a route table or without."""
    return vnet(
        "spoke",
        "10.1.0.0/16",
        *(
            subnet(
                "spoke",
                name,
                f"10.1.{n}.0/24",
                route_table=table and f"{TABLES}/{table}",
            )
            for n, (name, table) in enumerate(tables.items())
        ),
    )


def messages(rule, inventory):
    return [each.message for each in look(rule, inventory)]


def test_kubenet_clusters_with_one_route_table_and_one_pod_cidr_are_an_error():
    pair = [kubenet("blue", "a"), kubenet("green", "b")]
    inventory = estate(*pair, vnets=[network(a="rt", b="rt")])
    (hit,) = look(meshes.pod_cidr_shared, inventory)
    assert (hit.severity, hit.effect) == (Severity.ERROR, Effect.BREAKS_TRAFFIC)
    assert hit.message == (
        "pods of blue 10.244.0.0/16, green 10.244.0.0/16 overlap, and they share the "
        "route table rt"
    )
    assert ways_out(meshes.pod_cidr_shared, inventory) == {
        "give green pod CIDR 10.0.0.0/16": True,
        "give blue pod CIDR 10.2.0.0/16": True,
    }


@pytest.mark.parametrize(
    ("fields", "tables"),
    [
        ({}, {"a": "rt", "b": "rt2"}),
        ({}, {"a": None, "b": None}),
        ({"pod_cidr": "10.245.0.0/16"}, {"a": "rt", "b": "rt"}),
        ({"model": "cni-overlay"}, {"a": "rt", "b": "rt"}),
        ({"model": None}, {"a": "rt", "b": "rt"}),
    ],
)
def test_another_table_another_pod_cidr_or_another_model_is_none(fields, tables):
    inventory = estate(
        kubenet("blue", "a"), kubenet("green", "b", **fields), vnets=[network(**tables)]
    )
    assert look(meshes.pod_cidr_shared, inventory) == []


def test_tables_of_one_name_in_two_groups_are_two():
    other = f"{TABLES.replace('/net/', '/elsewhere/')}/rt"
    place = network(a="rt", b="rt")
    first, second = place.subnets
    place = replace(place, subnets=(first, replace(second, route_table=other)))
    inventory = estate(kubenet("blue", "a"), kubenet("green", "b"), vnets=[place])
    assert look(meshes.pod_cidr_shared, inventory) == []


def test_one_subnet_is_told_once_even_where_it_has_a_route_table():
    pair = [kubenet("blue", "a"), kubenet("green", "a", "10.0.0.0/8")]
    inventory = estate(*pair, vnets=[network(a="rt")])
    (text,) = messages(meshes.pod_cidr_shared, inventory)
    assert text == (
        "pods of blue 10.244.0.0/16, green 10.0.0.0/8 overlap, and they share the "
        "subnet spoke/a"
    )


def test_a_subnet_that_was_not_read_can_be_shared():
    pair = [kubenet("blue", "far"), kubenet("green", "far")]
    inventory = estate(*pair, vnets=[network(a=None)])
    (text,) = messages(meshes.pod_cidr_shared, inventory)
    assert text.endswith("and they share the subnet far")


def test_three_clusters_are_one_finding_and_count_as_told():
    three = [kubenet(name, "a") for name in ("blue", "green", "red")]
    apart = kubenet("grey", "a", "10.9.0.0/16")
    inventory = estate(*three, apart, vnets=[network(a="rt")])
    (hit,) = look(meshes.pod_cidr_shared, inventory)
    assert [each.noun.name for each in hit.sides] == ["blue", "green", "red"]
    assert list(hit.remedies) == []
    from ipplan.checks.proofs import Found

    survey = Survey(inventory, AS_OF)
    assert unrelated(survey, []).overlaps == 3
    assert unrelated(survey, [Found(meshes.pod_cidr_shared, hit)]).overlaps == 0


def test_pools_without_a_subnet_share_nothing():
    pools = (NodePool("a", 3),)
    pair = [kubenet(name, "a", pools=pools) for name in ("blue", "green")]
    inventory = estate(*pair, vnets=[network(a="rt")])
    assert look(meshes.pod_cidr_shared, inventory) == []


# Meshes


def mesh(*names, kind="pod-mesh"):
    return Group("mesh", kind, tuple(f"{CLUSTERS}/managedclusters/{n}" for n in names))


def flat(name, own, pods=None, model="cni-node-subnet"):
    """A cluster in the subnet aks of a VNet of its own."""
    places = [id_of(own, "subnets", each) if each else None for each in ("aks", pods)]
    pool = NodePool("a", 3, 30, subnet=places[0], pod_subnet=places[1])
    return cluster(name, pools=(pool,), model=model)


def places(**ranges):
    return [
        vnet(
            name,
            f"{first}.0.0/16",
            subnet(name, "aks", f"{first}.0.0/24"),
            subnet(name, "pods", f"{first}.16.0/20"),
        )
        for name, first in ranges.items()
    ]


def test_pods_of_a_mesh_do_not_share_addresses():
    group = mesh("prod", "dr", "unread")
    pair = [flat("prod", "a"), flat("dr", "b")]
    for second, count in (("10.1", 1), ("10.2", 0)):
        vnets = places(a="10.1", b=second)
        inventory = estate(*pair, vnets=vnets, groups=(group,))
        pods = "pods of prod 10.1.0.0/24, dr 10.1.0.0/24 overlap"
        text = f"{pods}, and they are in the pod mesh mesh"
        assert messages(meshes.pod_mesh_overlap, inventory) == [text] * count
        rules = {each.rule for each in check(inventory, as_of=AS_OF).findings}
        assert "overlay-in-pod-mesh" not in rules


def test_pods_live_in_pod_subnets_where_a_model_has_them():
    vnets = places(a="10.1", b="10.2")
    nodes = flat("prod", "a")
    for first, count in (("10.1.16.0/22", 1), ("10.1.0.0/24", 0)):
        pods = subnet("b", "own", first)
        other = replace(vnets[1], subnets=(*vnets[1].subnets, pods))
        prod = flat("prod", "a", "pods", "cni-dynamic")
        dr = flat("dr", "b", "own", "cni-static-block")
        inventory = estate(
            prod, dr, vnets=[vnets[0], other], groups=(mesh("prod", "dr"),)
        )
        assert len(look(meshes.pod_mesh_overlap, inventory)) == count
    mixed = estate(
        nodes,
        flat("dr", "b", "pods", "cni-dynamic"),
        vnets=vnets,
        groups=(mesh("prod", "dr"),),
    )
    assert look(meshes.pod_mesh_overlap, mixed) == []


def test_clusters_that_share_a_subnet_share_no_address():
    pair = [flat("prod", "a"), flat("dr", "a")]
    inventory = estate(*pair, vnets=places(a="10.1"), groups=(mesh("prod", "dr"),))
    assert look(meshes.pod_mesh_overlap, inventory) == []


def test_several_pools_in_one_subnet_are_one_range():
    prod = flat("prod", "a")
    prod = replace(prod, pools=(*prod.pools, replace(prod.pools[0], name="b")))
    inventory = estate(
        prod,
        flat("dr", "b"),
        vnets=places(a="10.1", b="10.1"),
        groups=(mesh("prod", "dr"),),
    )
    (hit,) = look(meshes.pod_mesh_overlap, inventory)
    assert [each.noun.name for each in hit.sides] == ["prod", "dr"]
    assert ways_out(meshes.pod_mesh_overlap, inventory) == {}


def test_a_pod_cidr_in_a_mesh_can_be_exchanged_and_does_not_belong_there():
    shop = cluster("prod", planned=True, pod_cidrs=cidrs("10.0.0.0/12"))
    vnets = [*places(b="10.2"), vnet("spoke", "172.20.0.0/16")]
    inventory = estate(shop, flat("dr", "b"), vnets=vnets, groups=(mesh("prod", "dr"),))
    assert ways_out(meshes.pod_mesh_overlap, inventory) == {
        "give prod pod CIDR 10.16.0.0/12": True
    }
    (hit,) = look(meshes.overlay_in_pod_mesh, inventory)
    assert (hit.severity, hit.effect) == (Severity.ERROR, Effect.BREAKS_TRAFFIC)
    assert hit.message == (
        "prod is in the pod mesh mesh, and its model Azure CNI Overlay gives pods no "
        "addresses of the VNet"
    )


def test_models_that_are_not_known_and_other_groups_are_passed_over():
    unknown = cluster("prod", model=None, pod_cidrs=cidrs("10.2.0.0/16"))
    pair = (unknown, flat("dr", "b"))
    inventory = estate(*pair, vnets=places(b="10.2"), groups=(mesh("prod", "dr"),))
    overlay = cluster("prod", pod_cidrs=cidrs("10.2.0.0/16"))
    wan = estate(
        overlay, vnets=places(b="10.2"), groups=(mesh("prod", kind="virtual-wan"),)
    )
    for rule in (meshes.pod_mesh_overlap, meshes.overlay_in_pod_mesh):
        assert look(rule, inventory) == []
        assert look(rule, wan) == []
