"""What a report says that it doesn't know, and what is to be fixed first."""

from dataclasses import replace

import pytest

from ipplan import Inventory, Severity
from ipplan.checks.unknowns import Unknown
from ipplan.designs.answers import answers
from ipplan.designs.decisions import decisions
from ipplan.designs.egresses import egresses
from ipplan.designs.gaps import gaps
from ipplan.designs.permanences import permanences
from ipplan.designs.studies import study, study_of_layout
from ipplan.documents.reports import report_document
from ipplan.findings import Effect, Finding, Subject
from ipplan.layouts.layouts import lay_out
from ipplan.readers.layouts import read_layout_plan
from tests.test_check_core import cs
from tests.test_decisions import AS_OF, cluster, option, pool, studied, texts

PLAN = """
ipplan: 1
name: shop
address_pools:
  - {{name: pods, ranges: [100.64.0.0/10], use: pods}}
  - {{name: services, ranges: [172.20.0.0/16], use: services}}
networks:
  - name: spoke
    location: westeurope
    ranges: [10.1.0.0/24]
    clusters:
      - name: c
        model: {model}
        pools:
          - {{name: s, nodes: {nodes}, max_pods: {most}}}
    {pinned}
"""
PINNED = "pinned: {c-nodes: [10.1.0.0/24]}"


def planned(tmp_path, nodes, *, most=28, model="cni-node-subnet", pinned=PINNED):
    path = tmp_path / "shop.yaml"
    path.write_text(
        PLAN.format(nodes=nodes, most=most, model=model, pinned=pinned), "utf-8"
    )
    return study_of_layout(lay_out(read_layout_plan(str(path))), as_of=AS_OF)


def answered(found):
    told = report_document(found)["answers"]
    keys = ("which", "left", "lasting", "first", "unknown")
    return dict(zip(keys, told, strict=True))


def listed(found, blanks=()):
    return gaps(found, decisions(found), permanences(found), egresses(found), blanks)


@pytest.mark.parametrize(
    ("nodes", "kind", "state"),
    [(7, None, "good"), (8, "unknown", "unknown"), (9, "room", "bad")],
)
def test_between_two_counts_a_model_is_not_ruled_out(tmp_path, nodes, kind, state):
    """Max pods 28: (8 + 1) × 29 = 261 and, as AKS counts, 243 of 251; with 7 nodes 232
    of both; with 9 nodes 290 and 270."""
    found = planned(tmp_path, nodes)
    (decision,) = decisions(found)
    chosen = decision.chosen
    assert bool(chosen.kills) is (kind == "room")
    told = [e for e in (*chosen.kills, *chosen.others) if "must hold" in e.text]
    assert [each.kind for each in told] == ([kind] if kind else [])
    assert all(("not for the documented" in e.text) is not chosen.kills for e in told)
    assert answered(found)["which"]["state"] == state


def test_a_subnet_that_is_short_is_told_once_by_the_rules_on_clusters(tmp_path):
    found = planned(tmp_path, 8)
    assert "layout-subnet-short" in {each.rule for each in found.worst}
    first = answered(found)["first"]["answer"]
    assert first.startswith("spoke/c-nodes 10.1.0.0/24 has 251 addresses for c")
    assert "finding more" not in first


def test_without_room_all_parts_say_so(tmp_path):
    found = planned(tmp_path, 80, pinned="")
    (decision,) = decisions(found)
    assert decision.chosen.killed_by.kind == "room"
    assert decision.chosen.killed_by.text.startswith("no room was found: no /20 for ")
    assert "spoke/c-nodes: no room was found" in listed(found)
    assert answered(found)["which"]["state"] == "bad"
    assert not decision.planned


@pytest.mark.parametrize(("nodes", "killed"), [(2, False), (3, True)])
def test_pinned_subnets_of_a_plan_make_room_for_another_model(tmp_path, nodes, killed):
    """A /24 all pinned to nodes: (2 + 1) × 32 + 32 = 128 take a /25 beside the nodes;
    one node more takes the /24."""
    found = planned(tmp_path, nodes, model="cni-overlay")
    (decision,) = decisions(found)
    block = option(decision, "cni-static-block")
    assert bool(block.kills) is killed
    assert len(texts((*block.kills, *block.others), "room")) == 1


def finding(effect, severity, *, rule="x", fix="", subject="s"):
    where = (Subject("subnet", subject, subject),)
    return Finding(rule, severity, f"{rule} of {subject}", "", effect, where, fix)


def first_of(*found):
    made = replace(study(Inventory(), "all", as_of=AS_OF), findings=found)
    return answers(made, (), (), (), ())[3].answer


def test_the_worst_is_named_whatever_the_order():
    refused = finding(Effect.REFUSED, Severity.ERROR, rule="refused")
    works = finding(Effect.WORKS_BUT, Severity.ERROR, rule="works")
    warned = finding(Effect.REFUSED, Severity.WARNING, rule="warned")
    for order in ((refused, works, warned), (warned, works, refused)):
        assert first_of(*order).startswith("refused of s. No fix")
    fixed = finding(Effect.REFUSED, Severity.ERROR, rule="fixed", fix="do it")
    assert first_of(refused, fixed).startswith("fixed of s. Fix: do it.")
    later = finding(Effect.REFUSED, Severity.WARNING, rule="later", fix="do it")
    assert first_of(refused, later).startswith("refused of s. No fix")


def test_a_short_subnet_of_nobody_else_is_told():
    short = finding(None, Severity.WARNING, rule="layout-subnet-short")
    other = finding(None, Severity.WARNING, rule="x", subject="t")
    assert first_of(short, other).startswith("layout-subnet-short of s.")


def test_gaps_name_what_the_matrix_and_the_ways_out_leave_open():
    clusters = [
        cluster("a", pools=(pool(),), kubernetes_version="1.33"),
        cluster("b", pools=(pool(),), kubernetes_version="1.33"),
        cluster("c", pools=(pool(),), outbound_type="new", egress_prefixes=()),
        cluster("d", pools=(pool(None, unknown="pool a: a parameter"),)),
    ]
    told = listed(studied(clusters=clusters), ["no network on premises was stated"])
    assert "no network on premises was stated: what is there may collide" in told
    assert "a, b, d: the public IPs of its load balancer" in told
    assert "c: as whom the internet sees it" in told
    assert any(each.startswith("d: SNAT ports, ") for each in told)
    assert len(set(told)) == len(told)
    known = cluster("e", pools=(pool(),), egress_prefixes=cs("20.1.1.0/31"))
    assert not [e for e in listed(studied(clusters=[known])) if "public IPs" in e]


def test_what_to_state_is_no_gap_of_a_report():
    """What a command is told, as ``state --nodes N``, stands in ``ipplan check``."""
    open_ = cluster("a", pools=(pool(None, unknown="pool a: a parameter"),))
    found = studied(clusters=[open_])
    why = "node count: pool a: a parameter"
    assert f"{why}; state --nodes N" in {each.why for each in found.checkup.unknown}
    told = listed(found)
    assert f"a: {why}" in told
    assert not [each for each in told if "; state " in each]


def test_a_network_of_the_name_of_one_without_room_has_its_own_reason(tmp_path):
    """Of two subnets of one name, one found no room, and the other has no range."""
    found = planned(tmp_path, 80, pinned="")
    twin = "elsewhere/subnets/c-nodes"
    named = Unknown("other/c-nodes", "not in the file", id=twin)
    checkup = found.checkup._replace(unknown=(*found.checkup.unknown, named))
    told = listed(replace(found, checkup=checkup))
    assert "spoke/c-nodes: no room was found" in told
    assert "other/c-nodes: not in the file" in told


def test_silences_of_the_chosen_model_are_gaps():
    shop = cluster(
        "shop", model="cni-dynamic", pools=(pool(),), needs=("virtual-nodes",)
    )
    silent = "shop: no page says whether it has virtual nodes (ACI)"
    assert silent in listed(studied(clusters=[shop]))
    none = replace(shop, model=None)
    assert silent not in listed(studied(clusters=[none]))
