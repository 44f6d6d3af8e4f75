"""Layouts without names: nobody's are left, and every number is."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import ipplan
from ipplan.cidrs import Cidr
from ipplan.designs.relations import relations
from ipplan.designs.studies import study_of_layout
from ipplan.documents.layouts import layout_document
from ipplan.documents.maps import map_document
from ipplan.documents.reports import report_document
from ipplan.layouts.layouts import lay_out
from ipplan.layouts.redacting import redacted_layout
from ipplan.layouts.results import Move
from ipplan.readers.layouts import read_layout_plan
from tests.check_nouns import AS_OF

LAYOUTS = Path(__file__).parent / "data" / "layouts"

ESTATE = """\
ipplan: 1
vnets:
  - name: zebra-old
    resource_group: zebra-net
    ranges: [10.3.0.0/24]
    subnets:
      - {name: zebra-here, ranges: [10.3.0.0/26], network_security_group: zebra-nsg}
security_groups:
  - name: zebra-nsg
    rules:
      - {name: zebra-rule, priority: 100, direction: Inbound, access: Allow,
         sources: [Internet], ports: [80]}
"""

PLAN = """\
ipplan: 1
name: zebra-plan
existing: [zebra-estate.yaml]
on_premises:
  - {name: zebra-dc, ranges: [10.0.0.0/8], attached_to: [zebra-hub], holds: [dns]}
  - {name: zebra-far, ranges: [192.168.0.0/24]}
groups:
  - {name: zebra-mesh, kind: pod-mesh, members: [zebra-shop]}
jump_boxes:
  - {name: zebra-jump, network: zebra-hub, dns_zones: [zebra.internal]}
owned_public_ranges: [20.0.0.0/24]
address_pools:
  - {name: zebra-pool, ranges: [10.64.0.0/12]}
networks:
  - name: zebra-hub
    resource_group: zebra-net
    location: zebraland
    pool: zebra-pool
    services: [{kind: firewall}, {kind: jump-boxes, count: 2, name: zebra-ops}]
    subnets:
      - {name: Zebra-Apps, hosts: 20, delegated_to: Microsoft.Web/serverFarms}
      - {name: zebra-odd, prefix: /28, service_endpoints: [Microsoft.Storage]}
    private_endpoints: [{kind: key-vault}]
    private_endpoint_subnet: zebra-pe
  - name: zebra-old
    resource_group: zebra-net
    subnets: [{name: zebra-here, prefix: /26}, {name: zebra-wide, prefix: /20}]
  - name: zebra-spoke
    hub: zebra-hub
    resource_group: zebra-net
    pinned: {Zebra-Nodes: [10.65.0.0/24]}
    ranges: [10.65.0.0/16]
    failover:
      name: zebra-second
      location: westeurope
      hub: zebra-hub
      ranges: [10.66.0.0/16]
    clusters:
      - name: zebra-shop
        resource_group: zebra-apps
        model: cni-overlay
        subnet: Zebra-Nodes
        pod_cidr: 192.168.0.0/16
        private: true
        private_dns_zone: zebra.privatelink.westeurope.azmk8s.io
        node_resource_group: zebra-nodes
        ingress: {kind: application-gateway, subnet: zebra-gw}
        pools: [{name: zebra1, nodes: 3}, {name: zebra2, nodes: 40, max_pods: 10}]
      - name: zebra-news
        model: cni-dynamic
        twin: blue-green
        pod_subnet: zebra-pods
        pools: [{name: zebra3, nodes: 300}]
private_dns_zones:
  - {name: zebra.internal, linked_to: [zebra-hub]}
"""
"""Every name in it has a zebra; some subnets find no room."""


@pytest.fixture
def zebra(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("zebra-estate.yaml").write_text(ESTATE, "utf-8")
    Path("zebra.yaml").write_text(PLAN, "utf-8")
    layout = lay_out(read_layout_plan("zebra.yaml"))
    ten = (Cidr.parse("10.9.0.0/24"),)
    moves = [
        Move(each.want.id, each.want.name, "subnet", ten, each.prefixes)
        for each in layout.subnets[:1]
    ]
    shop = layout.clusters[0].plan.cluster
    moves.append(Move(shop.id, shop.name, "pod CIDR", ten, ten))
    return replace(layout, moves=tuple(moves))


def studied(layout):
    return study_of_layout(layout, as_of=AS_OF)


def documents(layout):
    found = studied(layout)
    return {
        "map": map_document(found),
        "report": report_document(found),
        "layout": layout_document(layout, found.checkup, {}),
    }


def test_no_name_is_left_in_any_document(zebra):
    for name, each in documents(zebra).items():
        assert "zebra" in json.dumps(each).lower(), name
    for name, each in documents(redacted_layout(zebra)).items():
        assert "zebra" not in json.dumps(each).lower(), name


def test_no_name_is_left_in_pictures_and_pages(zebra):
    found = documents(redacted_layout(zebra))
    pages = [ipplan.draw_map(found["map"], form).decode() for form in ("svg", "html")]
    pages += [
        ipplan.write_report(found["report"], form) for form in ("html", "markdown")
    ]
    assert not [each for each in pages if "zebra" in each.lower()]


def test_no_name_is_left_in_the_layout_itself(zebra):
    assert "zebra" in repr(zebra).lower()
    assert "zebra" not in repr(redacted_layout(zebra)).lower()


def test_what_found_no_room_keeps_its_size_and_no_words(zebra):
    shared = redacted_layout(zebra).unfit

    def sizes(unfit):
        return Counter((e.kind, e.length, e.version, e.largest) for e in unfit)

    assert sizes(shared) == sizes(zebra.unfit)
    assert {(each.where, each.remedy) for each in shared} == {("", "")}
    assert all(each.where for each in zebra.unfit)
    assert {each.name.partition("-")[0] for each in shared} == {"subnet"}
    assert [each.id for each in shared] == sorted(each.id for each in shared)


def test_what_moved_has_the_names_of_what_it_is_now(zebra):
    layout = redacted_layout(zebra)
    ids = {each.want.id: each.want.name for each in layout.subnets}
    subnet, pods = layout.moves
    assert ids[subnet.id] == subnet.name
    clusters = {e.plan.cluster.id: e.plan.cluster.name for e in layout.clusters}
    assert clusters[pods.id] == pods.name


def test_words_that_name_nobody_are_kept(zebra):
    layout = redacted_layout(zebra)
    assert len(layout.assumed) == len(zebra.assumed)
    shared = {*layout.assumed} & {*zebra.assumed}
    assert shared
    assert any("10.0.0.0/8 on premises (network-" in each for each in layout.assumed)
    assert layout.lock is None


def test_the_same_name_is_the_same_everywhere(zebra):
    layout = redacted_layout(zebra)
    vnets = layout.inventory.vnet_by_id
    assert all(each.plan.id in vnets for each in layout.networks)
    assert all(vnets[e.plan.id].name == e.plan.name for e in layout.networks)
    subnets = layout.inventory.subnet_by_id
    for each in layout.subnets:
        if each.prefixes:
            assert subnets[each.want.id].prefixes == each.prefixes
            assert subnets[each.want.id].name == each.want.name
    clusters = {each.id: each.name for each in layout.inventory.clusters}
    assert {e.plan.cluster.id: e.plan.cluster.name for e in layout.clusters} == clusters
    assert {each.network for each in layout.clusters} <= vnets.keys()
    twins = {each.plan.twin for each in layout.clusters if each.plan.twin}
    assert twins
    assert twins <= clusters.keys()


def test_parts_are_in_the_order_of_their_ids(zebra):
    layout = redacted_layout(zebra)
    for ids in (
        [each.plan.id for each in layout.networks],
        [each.want.id for each in layout.subnets],
        [each.plan.cluster.id for each in layout.clusters],
        [each.id for each in layout.plan.networks],
    ):
        assert ids == sorted(ids)


def sizes(layout):
    """Everything of subnets and clusters that is no name."""
    subnets = [
        (
            each.want.purposes,
            each.want.need,
            each.want.kept,
            each.want.length,
            each.want.pinned,
            tuple(share.addresses for share in each.want.shares),
            each.prefixes,
            each.whence,
        )
        for each in layout.subnets
    ]
    clusters = [
        (
            each.plan.growth,
            tuple(pool.nodes for pool in each.plan.cluster.pools),
            each.pod_cidrs,
            each.service_cidrs,
            each.pods_whence,
            len(each.reused_by),
        )
        for each in layout.clusters
    ]
    networks = [(each.prefixes, each.whence, each.added) for each in layout.networks]
    return Counter(subnets), Counter(clusters), Counter(networks)


def outcomes(layout):
    found = studied(layout)
    told = [
        Counter((each.rule, each.severity, each.effect) for each in some)
        for some in (found.findings, found.others)
    ]
    rooms = Counter(
        (
            each.kind,
            each.cidrs,
            each.room,
            each.nodes_left,
            each.maximum[:4],
            each.upgrade[:4],
        )
        for each in found.checkup.capacities
    )
    cells = Counter(
        (row.cidr, row.kind, len(row.owners), tuple(one.verdict for one in row.cells))
        for row in relations(found)
    )
    return told, rooms, cells


def check_equal(layout):
    shared = redacted_layout(layout)
    assert sizes(shared) == sizes(layout)
    assert outcomes(shared) == outcomes(layout)


def test_numbers_and_findings_are_those_of_the_open_one(zebra):
    check_equal(zebra)


@pytest.mark.parametrize(
    "path", sorted(LAYOUTS.glob("*.yaml")), ids=lambda path: path.stem
)
def test_those_of_published_layouts_too(path):
    check_equal(lay_out(read_layout_plan(str(path))))
