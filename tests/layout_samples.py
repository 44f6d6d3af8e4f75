"""Plans to lay out, as people write them, and layouts of names nobody would write."""

from dataclasses import replace
from datetime import date

from ipplan.checks.checkups import check
from ipplan.documents.layouts import layout_document
from ipplan.layouts.layouts import lay_out
from ipplan.layouts.moves import moves_between
from ipplan.readers.layouts import read_layout_plan

TODAY = date(2026, 11, 24)

POOLS = """\
ipplan: 1
name: shop
address_pools:
  - {name: azure, ranges: [10.64.0.0/12, "fd00:10::/40"]}
  - {name: pods, ranges: [100.64.0.0/10, "fd00:20::/40"], use: pods}
  - {name: services, ranges: [172.20.0.0/14, "fd00:30::/40"], use: services}
"""

HUB = """\
  - name: hub
    location: westeurope
    services: [{kind: firewall}, {kind: bastion}, {kind: jump-boxes, count: 2}]
"""

SPOKE = """\
  - name: spoke
    hub: hub
    location: westeurope
    private_endpoints: [{kind: registry}, {kind: key-vault}]
    clusters:
      - name: shop
        model: cni-overlay
        pools: [{name: system, nodes: 3, mode: system}, {name: web, nodes: 40}]
        private: true
"""

SHOP = f"{POOLS}networks:\n{HUB}{SPOKE}"
"""A hub, and a spoke with a private cluster."""

GROWN = SHOP.replace("nodes: 40", "nodes: 400")
"""The same with more nodes than an earlier layout has room for."""

TWINS = f"""{POOLS}networks:
  - name: twins
    location: westeurope
    dual_stack: true
    clusters:
      - name: shop
        model: cni-overlay
        needs: [dual-stack]
        twin: blue-green
        pools: [{{name: system, nodes: 3, mode: system}}]
"""
"""Two clusters that have one pod CIDR, of both families."""

ESTATE = """\
ipplan: 1
vnets:
  - name: old
    ranges: [10.1.0.0/24]
    subnets: [{name: apps, ranges: [10.1.0.0/26]}]
  - {name: lab, ranges: [10.2.0.0/24], subnets: [{name: out, ranges: [10.9.0.0/24]}]}
"""
"""What exists: in lab is an error that is none of a plan's business."""

MORE = """\
ipplan: 1
name: more
existing: [estate.yaml]
networks:
  - name: old
    subnets: [{name: big, hosts: 200}, {name: little, prefix: /28}]
  - name: pins
    ranges: [10.4.0.0/26]
    subnets: [{name: a, hosts: 60}]
    pinned: {a: [10.4.0.0/26]}
"""
"""More subnets for a network that exists, and one pinned that is an address short."""

FULL = """\
ipplan: 1
name: full
networks:
  - name: fixed
    ranges: [10.3.0.0/26]
    subnets: [{name: a, hosts: 60}, {name: b, hosts: 2}]
"""
"""A network without room for all that is asked of it."""

BUSY = f"""{POOLS}networks:
  - name: busy
    location: westeurope
    clusters:
      - name: shop
        model: cni-overlay
        ports_per_node: 60000
        pools: [{{name: system, nodes: 1200, mode: system}}]
"""
"""A cluster whose SNAT ports take more public IPs than it can have."""


def laid_out(folder, text, lock=None):
    """The layout of a plan in a folder, beside the estate."""
    (folder / "estate.yaml").write_text(ESTATE, "utf-8")
    (folder / "plan.yaml").write_text(text, "utf-8")
    return lay_out(read_layout_plan(str(folder / "plan.yaml")), lock)


def document_of(layout, given=None):
    """The document of a layout, judged on one day."""
    return layout_document(layout, check(layout.inventory, as_of=TODAY), given)


def replanned(folder, before, after):
    """A layout drawn anew after an earlier one, with what moved."""
    lock = laid_out(folder, before).lock
    found = laid_out(folder, after)
    return replace(found, moves=moves_between(lock, found))


def renamed(layout, name):
    """A layout in which everything has one name, and each text is that."""
    network = replace(layout.networks[-1].plan, name=name, location=name)
    networks = (
        *layout.networks[:-1],
        layout.networks[-1]._replace(plan=network),
    )
    subnets = tuple(
        each._replace(want=replace(each.want, name=name, delegation=name))
        for each in layout.subnets
    )
    clusters = tuple(
        each._replace(
            plan=replace(each.plan, cluster=replace(each.plan.cluster, name=name)),
            reused_by=(name,),
        )
        for each in layout.clusters
    )
    return replace(
        layout,
        plan=replace(layout.plan, name=name),
        networks=networks,
        subnets=subnets,
        clusters=clusters,
        unfit=tuple(
            each._replace(name=name, where=name, remedy=name) for each in layout.unfit
        ),
        moves=tuple(each._replace(name=name) for each in layout.moves),
        assumed=(name,),
    )
