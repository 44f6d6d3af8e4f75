"""What the document of ``ipplan migrate`` has, and how tables and Markdown tell it."""

import csv
import io
import json
from datetime import date

import jsonschema
import pytest
from markdown_it import MarkdownIt

from ipplan.cidrs import Cidr
from ipplan.documents.migrations import migration_document
from ipplan.limits import KUBENET_RETIREMENT, NODE_POD_CIDR
from ipplan.migrations.results import Bar, Freed, Step
from ipplan.renderers import RENDERERS, render
from ipplan.schemas import json_schema
from ipplan.tables import printable
from ipplan.views import migrations as views
from ipplan.views.migrations import migration_report
from tests.hostile_names import HOSTILE
from tests.migration_samples import (
    EVERY,
    PAGE,
    SAVE,
    bar,
    found,
    migration,
    pods,
    subnet,
    update,
)


def documented(*clusters, **fields):
    return migration_document(migration(clusters or EVERY, **fields), {"to": "x"})


def told(*clusters, output="table", width=80, **fields):
    whole = output in {"wide", "markdown"}
    report = migration_report(documented(*clusters, **fields), wide=whole)
    return render(report, output, width)


def test_the_document_is_what_its_schema_says():
    document = documented()
    jsonschema.validate(document, json_schema("migrate"))
    assert json.loads(json.dumps(document)) == document
    assert (document["input"], document["as_of"]) == ({"to": "x"}, "2026-11-28")


def test_each_cluster_counts_once():
    totals = documented()["totals"]
    assert totals == {
        "clusters": len(EVERY),
        "open": 1,
        "removable": 1,
        "rebuild": 4,
        "already": 1,
        "unknown": 2,
        "freed": 1230 - 40,
    }
    kinds = ("open", "removable", "rebuild", "already", "unknown")
    assert sum(totals[kind] for kind in kinds) == totals["clusters"]


def test_what_is_incomplete_says_so():
    assert documented()["complete"]
    assert not documented(incomplete=("further pages",))["complete"]


@pytest.mark.parametrize(
    ("cidr", "nodes"), [("10.0.0.0/24", 1), ("10.0.0.0/16", 256), ("10.0.0.0/8", 65536)]
)
def test_a_pod_cidr_holds_a_24_a_node(cidr, nodes):
    (each,) = documented(found(pod_cidr=pods(cidr)))["clusters"]
    assert each["pod_cidr"]["nodes"] == nodes
    assert Cidr.parse(cidr).size == nodes * NODE_POD_CIDR.value


def test_unknown_addresses_free_an_unknown_number():
    freed = (Freed(subnet(), 9, 4), Freed(subnet("b"), None, 4))
    document = documented(found(freed=freed))
    (each,) = document["clusters"]
    assert [part["freed"] for part in each["freed"]] == [5, None]
    assert [part["name"] for part in each["freed"]] == ["spoke/nodes", "spoke/b"]
    assert document["totals"]["freed"] == 5
    (row,) = migration_report(document).records
    assert row["freed"] is None


def test_steps_are_numbered_and_their_commands_are_lines():
    (each,) = documented(found(steps=(SAVE, update("it's"))))["clusters"]
    assert [step["number"] for step in each["steps"]] == [1, 2]
    assert each["steps"][0]["commands"] == [
        "az aks show --resource-group rg --name shop"
    ]
    assert r"--name 'it'\''s'" in each["steps"][1]["commands"][0]
    assert each["outages"] == ["pods restart, node after node"]


@pytest.mark.parametrize("word", ["@file", "--name=@file", "nul\0"])
def test_a_command_that_az_can_not_be_told_is_a_comment(word):
    step = Step("look", (("az", "aks", "show", word),))
    (each,) = documented(found(steps=(step,)))["clusters"]
    (line,) = each["steps"][0]["commands"]
    assert line.startswith("# no command: ")
    assert line.isprintable()


# Tables.


def test_the_first_line_restates_the_question():
    first = " ".join(told().split("\n\n")[0].split())
    assert first == (
        "9 clusters to cni-overlay: 1 can move in place now, 1 can when something is "
        "taken away first, 4 need new pools or clusters, 1 is there already, 2 can't "
        "be judged by what was read"
    )
    assert told(found(), found(name="b")).startswith(
        "2 clusters to cni-overlay: 2 can move in place now\n"
    )
    assert told(found()).startswith(
        "1 cluster to cni-overlay: 1 can move in place now\n"
    )


def test_no_cluster_is_said_to_be_none():
    document = migration_document(migration((), ()), {})
    text = render(migration_report(document), "table", 80)
    assert text.splitlines()[0] == "0 clusters to cni-overlay"


def test_a_line_a_cluster():
    rows = migration_report(documented()).sections[0].table.rows
    assert [(row[0], *row[3:]) for row in rows] == [
        ("shop", "yes", "10.244.0.0/16", 1190),
        ("legacy", "after 2", "10.244.0.0/16 kept", 0),
        ("barred", "no", "-", None),
        ("full", "no", "none free", "?"),
        ("asked", "?", "-", None),
        ("flat", "no", "-", "?"),
        ("blocks", "no", "-", None),
        ("there", "", "-", None),
        ("lost", "?", "10.244.0.0/16", "?"),
    ]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2028, 3, 30), "ends on 2028-03-31 (1 day left)"),
        (date(2028, 3, 31), "ends on 2028-03-31 (0 days left)"),
        (date(2028, 4, 1), "ended on 2028-03-31 (1 day ago)"),
    ],
)
def test_when_support_ends_is_told_with_the_days_left(day, words):
    made = [
        found(name=name, model="kubenet", deadline=KUBENET_RETIREMENT)
        for name in ("a", "b")
    ]
    document = documented(*made)
    document["as_of"] = day.isoformat()
    text = render(migration_report(document), "table", 80)
    assert f"support of kubenet {words}: 2 clusters" in text


def test_narrow_tables_leave_out_what_wide_ones_have():
    narrow, wide = told(), told(output="wide", width=120)
    for text in ("\nthere ", PAGE, "different then", "spoke/other", "managedclusters/"):
        assert text in wide
        assert text not in narrow.partition("\n\nshop")[2]


def test_commands_are_folded_where_the_terminal_is_narrow():
    for width in (60, 80, 120):
        lines = told(width=width).partition("\n\nshop")[2].splitlines()
        assert max(map(len, lines)) <= width
    assert (
        " --network-plugin azure \\\n"
        "      --network-plugin-mode overlay --pod-cidr 10.244.0.0/16\n"
    ) in told()
    assert "can't be undone\n    nothing leads back to cni-node-subnet" in told()


def test_short_tables_have_the_commands_that_update_for_good():
    gone = Step("delete it", (("az", "aks", "delete"),), reversible=False)
    text = told(*EVERY, found("new-cluster", name="gone", steps=(gone,)))
    assert "delete it" in text
    assert "az aks delete" not in text
    assert "az aks update" in text
    assert "az aks show" not in text
    more = "all commands, sources and changes: -o wide or markdown; a script: -o az"
    assert more in text
    assert more not in told(found())
    assert "az aks show" in told(output="wide")
    assert more not in told(output="wide")


def test_many_reasons_are_counted(monkeypatch):
    unknown = tuple(f"reason {number}" for number in range(10))
    text = told(found(), unknown=unknown)
    assert "unknown: reason 7\nunknown: and 2 more; -o json has them" in text
    assert "reason 8" not in text
    monkeypatch.setattr(views, "MOST_CLUSTERS", 2)
    assert "and 6 clusters more: -o json has all" in told()


def test_a_row_a_cluster_with_every_column():
    rows = list(csv.DictReader(io.StringIO(told(output="csv"))))
    assert [row["name"] for row in rows] == [each.name for each in EVERY]
    shop, legacy = rows[:2]
    assert (shop["open"], shop["freed"], shop["steps"]) == ("true", "1190", "2")
    assert (legacy["open"], legacy["deadline"]) == ("false", "2028-03-31")
    assert legacy["bars"] == "network-policy; identity"
    assert legacy["pod_cidr_kept"] == "true"
    assert (legacy["pod_cidr_nodes"], legacy["nodes_needed"]) == ("256", "12")


# Names of others.


def hostile(name):
    """A cluster whose every text is a name of somebody else's."""
    return found(
        name=name,
        verdict=name,
        bars=(Bar("policy", "removable", name, PAGE, name),),
        pod_cidr=pods()._replace(words=name),
        freed=(Freed(subnet(name), 9, 4),),
        steps=(Step(name, (("az", "aks", "show", "--name", name),), name),),
        irreversible=(name,),
        changes=(name,),
    )


@pytest.mark.parametrize("output", RENDERERS)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_obey_nothing(name, output):
    text = told(hostile(name), output=output, unknown=(name,))
    lines = text.replace("\t", " ").split("\n")
    assert all(each == printable(each) for each in lines)
    assert not any(each.lstrip().startswith(("::", "##[")) for each in lines)


@pytest.mark.parametrize("name", [*HOSTILE, "```", "`````sh", "  ```\n```", "~~~~"])
def test_markdown_keeps_names_where_they_are(name):
    parser = MarkdownIt("commonmark")
    tokens = parser.parse(told(hostile(name), output="markdown"))
    inner = [each for token in tokens for each in token.children or ()]
    assert not [each for each in (*tokens, *inner) if each.type.startswith("html")]
    assert not [each for each in inner if each.type in {"image", "code_inline"}]
    links = [each.attrs["href"] for each in inner if each.type == "link_open"]
    assert set(links) <= {PAGE}
    (fence,) = [each for each in tokens if each.type == "fence"]
    assert fence.info == "sh"
    assert fence.content.startswith("az aks show") or "no command" in fence.content
    assert [each.tag for each in tokens if each.type == "heading_open"] in (["h2"], [])


def test_markdown_is_a_list_to_tick_off():
    text = told(found(steps=(SAVE, update())), output="markdown")
    assert "\n## shop\n" in text
    assert "- [ ] 1. Save what there is\n\n  ```sh\n  az aks show " in text
    assert text.endswith("  ```")
    assert bar().remedy in told(found(bars=(bar(),)))
