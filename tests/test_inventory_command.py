"""``ipplan inventory``: what it prints, reads back, and says of what it can't read."""

import csv
import gc
import io
import json
import os
from dataclasses import fields
from pathlib import Path

import jsonschema
import pytest
import yaml

from ipplan import InventoryError, read_inventory
from ipplan.inventory.redacting import redacted
from ipplan.readers import saved
from ipplan.readers.estates import READERS
from ipplan.schemas import json_schema

SUB = "/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks"
AKS = "/subscriptions/s/resourceGroups/aks/providers/Microsoft.ContainerService"


def subnet(vnet, name, prefix, **words):
    return {
        "id": f"{SUB}/{vnet}/subnets/{name}",
        "name": name,
        "addressPrefix": prefix,
        "type": "Microsoft.Network/virtualNetworks/subnets",
        **words,
    }


def peering(vnet, remote, prefix, state="Connected", **words):
    return {
        "id": f"{SUB}/{vnet}/virtualNetworkPeerings/to-{remote}",
        "name": f"to-{remote}",
        "peeringState": state,
        "peeringSyncLevel": "FullyInSync",
        "remoteVirtualNetwork": {"id": f"{SUB}/{remote}"},
        "remoteAddressSpace": {"addressPrefixes": [prefix]},
        "allowForwardedTraffic": True,
        **words,
    }


def vnet(name, prefix, subnets=(), peerings=(), **words):
    return {
        "id": f"{SUB}/{name}",
        "name": name,
        "type": "Microsoft.Network/virtualNetworks",
        "location": "westeurope",
        "addressSpace": {"addressPrefixes": [prefix]},
        "subnets": list(subnets),
        "virtualNetworkPeerings": list(peerings),
        **words,
    }


def cluster(name="shop", **words):
    return {
        "id": f"{AKS}/managedClusters/{name}",
        "name": name,
        "type": "Microsoft.ContainerService/ManagedClusters",
        "location": "westeurope",
        "nodeResourceGroup": "MC_aks_shop_westeurope",
        "identity": {"type": "UserAssigned"},
        "agentPoolProfiles": [
            {
                "name": "system",
                "count": 3,
                "maxPods": 30,
                "mode": "System",
                "vnetSubnetId": f"{SUB}/spoke-a/subnets/aks",
                "upgradeSettings": {"maxSurge": "33%"},
            }
        ],
        "networkProfile": {
            "networkPlugin": "azure",
            "serviceCidr": "172.16.0.0/16",
            "dnsServiceIp": "172.16.0.10",
            "outboundType": "userDefinedRouting",
        },
        "apiServerAccessProfile": {"authorizedIpRanges": ["20.1.2.3", "20.2.0.0/24"]},
        **words,
    }


VNETS = [
    vnet(
        "hub",
        "10.0.0.0/16",
        [subnet("hub", "AzureFirewallSubnet", "10.0.0.0/26")],
        [
            peering("hub", "spoke-a", "10.1.0.0/16"),
            peering("hub", "spoke-b", "10.2.0.0/16"),
            peering("hub", "far", "10.9.0.0/16", "Initiated"),
        ],
    ),
    vnet(
        "spoke-a",
        "10.1.0.0/16",
        [
            subnet(
                "spoke-a",
                "aks",
                "10.1.0.0/24",
                ipConfigurations=[{"id": f"/a/b/c/d/e/f/g/h/{i}"} for i in range(5)],
            )
        ],
        [peering("spoke-a", "hub", "10.0.0.0/16")],
    ),
    vnet("spoke-b", "10.2.0.0/16", [], [peering("spoke-b", "hub", "10.0.0.0/16")]),
]


@pytest.fixture
def write(tmp_path):
    def run(document, name="vnets.json"):
        path = tmp_path / name
        text = document if isinstance(document, str) else json.dumps(document, indent=1)
        path.write_text(text, encoding="utf-8")
        return str(path)

    return run


@pytest.fixture
def estate(write):
    return write(VNETS), write([cluster()], "clusters.json")


# What it shows.


def test_networks_subnets_clusters_peerings_and_reach_are_shown(cli, estate):
    code, out, err = cli("inventory", *estate)
    assert (code, err) == (0, "")
    assert out.startswith("3 VNets, 2 subnets, 5 peerings, 1 cluster of 1 subscription")
    for needle in (
        "not seen: far, named by hub; its recorded space is 10.9.0.0/16",
        "through hub hub: spoke-a, spoke-b",
        "peered: hub, spoke-a",
        "cni-node-subnet",
        "172.16.0.0/16  public",
    ):
        assert needle in out
    # 3 nodes and a surge of one of 31 addresses, beside five others: 251 - 5 - 124.
    (row,) = (line for line in out.splitlines() if line.startswith("aks "))
    assert row.split() == [
        "aks",
        "spoke-a",
        "10.1.0.0/24",
        "251",
        "124",
        "5",
        "246",
        "2",
    ]


def test_no_line_is_wider_than_the_terminal(cli, write):
    long = "a-network-with-quite-a-long-name-of-its-own"
    inner = [subnet(long, long, "192.168.100.128/25")]
    sides = [peering(long, f"{long}2", "192.168.200.0/22")]
    path = write([vnet(long, "192.168.100.0/22", inner, sides)])
    code, out, _ = cli("inventory", path)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    assert "192.168.100.128/25" in out


def test_wide_shows_where_everything_comes_from(cli, estate):
    code, out, _ = cli("inventory", *estate, "-o", "wide")
    assert code == 0
    for needle in (
        "vnets.json line 2",
        "clusters.json line 2",
        "userDefinedRouting",
        "UserAssigned",
        "20.1.2.3/32",
        "spoke-a/aks",
        "forwarded traffic",
        "Node pools",
        "33%",
    ):
        assert needle in out


def test_the_document_is_as_its_schema_promises(cli, estate):
    code, out, _ = cli("inventory", *estate, "-o", "json")
    document = json.loads(out)
    jsonschema.validate(document, json_schema("inventory"))
    assert code == 0
    assert document["kind"] == "ipplan.inventory"
    assert document["complete"]
    subnets = {each["name"]: each for each in document["subnets"]}
    assert subnets["aks"]["capacity"]["nodes_left"] == 2
    assert subnets["aks"]["origin"]["path"] == "[1].subnets[0]"
    line = subnets["aks"]["origin"]["line"]
    text = Path(estate[0]).read_text(encoding="utf-8").splitlines()
    assert text[line - 1].strip() == "{"
    assert "spoke-a/subnets/aks" in text[line]
    assert document["coverage"]["networks_not_seen"][0]["prefixes"] == ["10.9.0.0/16"]
    assert len([each for each in document["reach"] if each["way"] == "peering"]) == 2


def test_yaml_is_the_same_document(cli, estate):
    _, as_json, _ = cli("inventory", *estate, "-o", "json")
    _, as_yaml, _ = cli("inventory", *estate, "-o", "yaml")
    assert yaml.safe_load(as_yaml) == json.loads(as_json)


@pytest.mark.parametrize(("output", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_a_row_is_a_subnet_or_a_network_without_any(cli, estate, output, delimiter):
    _, out, _ = cli("inventory", *estate, "-o", output)
    rows = list(csv.DictReader(io.StringIO(out), delimiter=delimiter))
    assert [(row["vnet"], row["subnet"]) for row in rows] == [
        ("hub", "AzureFirewallSubnet"),
        ("spoke-a", "aks"),
        ("spoke-b", ""),
    ]
    assert rows[1]["need"] == "124"


def test_a_query_selects(cli, estate):
    query = "subnets[?capacity.nodes_left < `3`].name"
    code, out, _ = cli("inventory", *estate, "-o", "json", "--query", query)
    assert (code, json.loads(out)) == (0, ["aks"])


def test_markdown_has_a_table_a_kind(cli, estate):
    _, out, _ = cli("inventory", *estate, "-o", "markdown")
    assert out.count("|:--") >= 4


def test_many_peered_pairs_are_counted(cli, write):
    spokes = [f"s{number}" for number in range(30)]
    hub = vnet(
        "hub", "10.0.0.0/16", (), [peering("hub", s, "10.1.0.0/16") for s in spokes]
    )
    _, out, _ = cli("inventory", write([hub]))
    assert "and 10 more peered pairs" in out


def test_a_long_table_says_how_much_more_there_is(cli, write):
    inner = [
        subnet("hub", f"s{i}", f"10.0.{i >> 4}.{(i & 15) << 4}/28") for i in range(1005)
    ]
    path = write([vnet("hub", "10.0.0.0/16", inner)])
    _, out, _ = cli("inventory", path)
    assert "and 5 more rows: -o csv and -o json have them all" in out
    assert len(cli("inventory", path, "-o", "csv").out.splitlines()) == 1006


def test_names_that_repeat_come_with_their_group(cli, write):
    other = {**vnet("hub", "10.5.0.0/16"), "id": f"{SUB}/hub".replace("/net/", "/lab/")}
    spoke = vnet("spoke", "10.1.0.0/16", (), [peering("spoke", "hub", "10.0.0.0/16")])
    _, out, _ = cli("inventory", write([vnet("hub", "10.0.0.0/16"), other, spoke]))
    assert "peered: net/hub, spoke" in out


# Several files.


def test_standard_input_and_files_are_one_estate(cli, estate, monkeypatch):
    data = io.BytesIO(Path(estate[1]).read_bytes())
    monkeypatch.setattr("sys.stdin", type("In", (), {"buffer": data}))
    code, out, _ = cli("inventory", "-", estate[0])
    assert code == 0
    assert "1 cluster of" in out


def test_the_same_file_twice_is_read_once(cli, estate):
    once = cli("inventory", *estate, "-o", "json")
    assert cli("inventory", *estate, estate[0], "-o", "json") == once


@pytest.mark.usefixtures("estate")
def test_a_folder_is_all_that_is_in_it(cli, write, tmp_path):
    write("{", "broken.json")
    write({"name": "a-package"}, "package.json")
    write("# notes", "notes.md")
    code, out, err = cli("inventory", str(tmp_path), "-o", "json")
    document = json.loads(out)
    assert code == 0
    assert len(document["vnets"]) == 3
    assert len(document["clusters"]) == 1
    assert not document["complete"]
    assert "broken.json: line 1 column 1: not JSON" in err
    assert "package.json" in err
    assert "notes.md" not in err


def test_every_file_that_can_not_be_read_is_told(cli, estate, write):
    bad = [write("{", "a.json"), write("[5", "b.json"), "/nowhere/c.json"]
    code, out, err = cli("inventory", *bad, *estate)
    assert (code, out) == (3, "")
    assert [line.split(":")[0] for line in err.splitlines()] == ["error"] * 3
    for path in bad:
        assert path in err


def test_contradictions_are_told(cli, write):
    first = write([vnet("hub", "10.0.0.0/16")], "a.json")
    second = write([vnet("hub", "10.7.0.0/16")], "b.json")
    code, out, err = cli("inventory", first, second, "-o", "json")
    assert code == 0
    assert json.loads(out)["contradictions"][0]["field"] == "prefixes"
    assert "10.0.0.0/16" in err
    assert "b.json" in err


def test_many_contradictions_are_counted(cli, write):
    first = write([vnet(f"v{i}", "10.0.0.0/16") for i in range(25)], "a.json")
    second = write([vnet(f"v{i}", "10.7.0.0/16") for i in range(25)], "b.json")
    _, _, err = cli("inventory", first, second)
    assert len(err.splitlines()) == 21
    assert err.splitlines()[-1] == "contradiction: and 5 more"


# Reading back.


@pytest.mark.parametrize("redact", [False, True])
def test_what_it_prints_it_reads_back_to_the_same(cli, estate, tmp_path, redact):
    saved = str(tmp_path / "saved.json")
    words = ["--redact"] if redact else []
    assert cli("inventory", *estate, "-o", "json", "--out", saved, *words).code == 0
    if not redact:
        assert read_inventory(saved) == read_inventory(*estate)
    again = cli("inventory", saved, "-o", "json")
    assert json.loads(again.out) == json.loads(Path(saved).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"vnets": 5}, ".vnets"),
        ({"subnets": [{"id": 5}]}, ".subnets[0].id"),
        ({"owned": ["10.0.0.0/33"]}, "10.0.0.0/33"),
        ({"complete": "yes"}, ".complete"),
    ],
)
def test_an_inventory_that_somebody_broke_is_refused(cli, estate, write, change, says):
    _, out, _ = cli("inventory", *estate, "-o", "json")
    path = write({**json.loads(out), **change}, "saved.json")
    code, out, err = cli("inventory", path)
    assert (code, out) == (3, "")
    assert says in err


def test_a_range_that_is_none_is_refused_with_its_place(cli, estate, write):
    _, out, _ = cli("inventory", *estate, "-o", "json")
    document = json.loads(out)
    document["vnets"][1]["prefixes"] = ["10.0.0.7/16"]
    code, _, err = cli("inventory", write(document, "saved.json"))
    assert code == 3
    assert ".vnets[1]" in err
    assert "did you mean 10.0.0.0/16?" in err


DERIVED = {
    "subnets": {"vnet", "capacity"},
    "peerings": {"vnet"},
    "clusters": {"unknown"},
}
"""What documents say besides the fields of nouns."""


@pytest.mark.parametrize("name", saved.NOUNS)
def test_every_field_of_a_noun_is_promised(name):
    schema = json_schema("inventory")
    reference = schema["properties"][name]["items"]["$ref"].rpartition("/")[2]
    promised = set(schema["$defs"][reference]["properties"])
    elsewhere = {"subnets", "peerings"} if name == "vnets" else set()
    own = {each.name for each in fields(saved.NOUNS[name])} - elsewhere
    assert promised == own | DERIVED.get(name, set())


def test_what_an_older_release_printed_is_read(cli, estate, write):
    _, out, _ = cli("inventory", *estate, "-o", "json")
    document = json.loads(out)
    for name, kind in saved.NOUNS.items():
        for plain in document[name]:
            for each in fields(kind):
                value = plain.get(each.name)
                value = tuple(value) if isinstance(value, list) else value
                if value == each.default and each.name in plain:
                    del plain[each.name]
    del document["groups"], document["contradictions"], document["reach"]
    assert read_inventory(write(document, "old.json")) == read_inventory(*estate)


def test_what_no_release_left_out_is_asked_for(cli, estate, write):
    _, out, _ = cli("inventory", *estate, "-o", "json")
    document = json.loads(out)
    del document["subnets"][0]["name"]
    code, _, err = cli("inventory", write(document, "old.json"))
    assert code == 3
    assert ".subnets[0].name: Field required" in err


# Redaction.


def test_redacted_output_names_nobody(cli, estate):
    for output in ("table", "wide", "json", "csv", "markdown"):
        code, out, err = cli("inventory", *estate, "--redact", "-o", output)
        assert code == 0
        for name in ("spoke-a", "shop", "vnets.json", "/s/"):
            assert name not in out + err
        assert "10.1.0.0/24" in out


def test_csv_without_a_row_is_explained(cli, write):
    code, _, err = cli("inventory", write([cluster()]), "-o", "csv")
    assert code == 0
    assert "csv has a row for each subnet and VNet: there is none" in err


def test_what_was_not_seen_is_counted_beyond_a_few(cli, write):
    sides = [peering("hub", f"s{i}", "10.1.0.0/16") for i in range(14)]
    _, out, _ = cli("inventory", write([vnet("hub", "10.0.0.0/16", (), sides)]))
    assert out.count("not seen: ") == 11
    assert "not seen: and 4 more; -o json has them" in out


def test_clusters_of_one_name_are_told_apart(cli, write):
    other = {**cluster(), "id": f"{AKS}/managedClusters/shop".replace("/aks/", "/lab/")}
    _, out, _ = cli("inventory", write([cluster(), other]))
    assert "aks/shop" in out
    assert "lab/shop" in out


# What is broken.


BROKEN = vnet("bad", "10.0.0.7/16", [subnet("bad", "x", "10.0.0.0/24"),
                                     subnet("bad", "y", "10.0.1.0/33"), 5])  # fmt: skip


def test_a_broken_object_is_skipped_and_the_rest_goes_on(cli, write):
    path = write([*VNETS, BROKEN])
    code, out, err = cli("inventory", path, "-o", "json")
    document = json.loads(out)
    assert code == 0
    assert not document["complete"]
    assert [each["seen"] for each in document["vnets"] if each["name"] == "bad"] == [
        False
    ]
    assert [s["name"] for s in document["subnets"] if "/bad/" in s["id"]] == ["x"]
    lines = err.splitlines()
    meant = "no host bits: did you mean 10.0.0.0/16?"
    place = "[3].addressSpace.addressPrefixes[0]"
    assert any(f"{place}: {meant}" in line for line in lines)
    assert any("[3].subnets[1].addressPrefix" in line for line in lines)
    assert any("[3].subnets[2]: not an object: 5" in line for line in lines)


def test_strict_makes_it_exit_3_and_prints_all_the_same(cli, write):
    code, out, _ = cli("inventory", write([*VNETS, BROKEN]), "--strict", "-o", "json")
    assert (code, bool(out)) == (3, True)
    nic = {"name": "n", "type": "Microsoft.Network/networkInterfaces"}
    assert cli("inventory", write([*VNETS, nic]), "--strict").code == 0


def test_a_file_in_which_all_is_broken_is_refused(cli, write):
    code, out, err = cli("inventory", write([vnet("a", "10.0.0.0/99")]))
    assert (code, out) == (3, "")
    assert "addressPrefixes[0]" in err


def test_further_pages_are_told(cli, write):
    page = {"value": VNETS, "nextLink": "https://management.azure.com/next"}
    code, out, err = cli("inventory", write(page), "-o", "json")
    assert (code, json.loads(out)["complete"]) == (0, False)
    assert "links to further pages" in err


@pytest.mark.parametrize(
    ("first", "second", "complete"),
    [
        ({"value": VNETS[:1], "nextLink": "x"}, {"value": VNETS[1:]}, True),
        ({"value": VNETS[:1], "nextLink": "x"}, {"value": [cluster()]}, False),
        ({"data": VNETS[:1], "count": 1, "totalRecords": 3},
         {"data": VNETS[1:], "count": 2, "totalRecords": 3}, True),
        ({"data": VNETS[:1], "count": 1, "total_records": 3, "skip_token": "x"},
         {"data": VNETS[1:2], "count": 1, "total_records": 3}, False),
        ({"data": VNETS, "resultTruncated": "true"}, {"data": []}, True),
        ({"data": VNETS, "resultTruncated": "false"}, [cluster()], True),
    ],
)  # fmt: skip
def test_pages_that_were_all_given_are_complete(write, first, second, complete):
    found = read_inventory(write(first, "1.json"), write(second, "2.json"))
    assert found.complete is complete


def test_many_broken_objects_are_counted(cli, write):
    bad = [vnet(f"v{i}", "10.0.0.0/99") for i in range(25)]
    _, _, err = cli("inventory", write([*VNETS, *bad]))
    assert len(err.splitlines()) == 21
    assert err.splitlines()[-1] == "skipped 5 more"


# Shapes of az and of Resource Graph.


def test_the_examples_of_the_specification_are_read(write):
    answers = {"200": {"body": VNETS[0]}, "202": {}, "204": {"body": None}}
    assert counted_vnets(read_inventory(write({"responses": answers}))) == ["hub"]


def counted_vnets(found):
    return [each.name for each in found.vnets]


def test_a_delegation_without_a_service_is_none(write):
    inner = subnet("hub", "x", "10.0.0.0/24", delegations=[{"name": "0"}, 5, None])
    found = read_inventory(write([vnet("hub", "10.0.0.0/16", [inner])]))
    assert next(found.subnets).delegations == ()


def test_a_service_endpoint_without_a_service_is_none(write):
    given = [{"service": "Microsoft.Sql"}, {"service": 5}, {}, "Microsoft.Web", None]
    given += [{"service": "Microsoft.KeyVault"}, {"service": "Microsoft.Sql"}]
    inner = subnet("hub", "x", "10.0.0.0/24", serviceEndpoints=given)
    found = read_inventory(write([vnet("hub", "10.0.0.0/16", [inner])]))
    services = ("Microsoft.KeyVault", "Microsoft.Sql")
    assert next(found.subnets).service_endpoints == services


def test_a_collector_that_rests_goes_on_resting(write):
    path = write(VNETS)
    gc.disable()
    try:
        read_inventory(path)
        assert not gc.isenabled()
    finally:
        gc.enable()
    read_inventory(path)
    assert gc.isenabled()


def test_what_was_declared_is_shown(cli, estate, write):
    declared = """\
ipplan: 1
on_premises:
  - {name: dc, ranges: [10.64.0.0/12]}
owned_public_ranges: [20.50.0.0/16]
groups:
  - {name: wan, kind: virtual-wan, members: [hub, spoke-a]}
build_agents:
  - {name: agents, network: dc}
"""
    code, out, _ = cli("inventory", *estate, write(declared, "more.yaml"))
    assert code == 0
    for line in (
        "1 network elsewhere",
        "dc 10.64.0.0/12 reaches every VNet",
        "wan virtual-wan joins hub, spoke-a",
        "agents build-agent in dc",
        "owned public ranges 20.50.0.0/16",
        "group wan: hub, spoke-a",
    ):
        assert line in " ".join(out.split())


def test_a_pool_of_a_subnet_that_has_no_vnet_names_nothing(write):
    odd = cluster()
    odd["agentPoolProfiles"][0]["vnetSubnetId"] = "/subscriptions/s/odd"
    assert read_inventory(write([odd])).unseen == ()


def test_a_table_of_resource_graph_is_read(write):
    rows = [[each["id"], each["name"], each["type"], each] for each in VNETS]
    columns = [{"name": name} for name in ("id", "name", "type", "properties")]
    found = read_inventory(write({"data": {"columns": columns, "rows": [*rows, 5]}}))
    assert len(found.vnets) == 3
    assert len(list(found.subnets)) == 2
    assert found.skipped[0].where.endswith(".data.rows[3]")


def test_usage_figures_are_read(write):
    usages = {"value": [{"currentValue": 17.0, "limit": 251.0, "unit": "Count",
                         "id": f"{SUB}/spoke-a/subnets/aks",
                         "name": {"value": "SubnetSpace"}}]}  # fmt: skip
    found = read_inventory(write(VNETS), write(usages, "usage.json"))
    used = {each.name: each.used for each in found.subnets}
    assert used == {"AzureFirewallSubnet": 0, "aks": 17}


def test_what_az_network_vnet_create_prints_is_read(write):
    assert read_inventory(write({"newVNet": VNETS[0]})).vnets[0].name == "hub"


def test_pools_beside_their_cluster_belong_to_it(write):
    pool = {
        "id": f"{AKS}/managedClusters/shop/agentPools/web",
        "name": "web",
        "type": "Microsoft.ContainerService/managedClusters/agentPools",
        "count": 5,
        "maxPods": 50,
        "podSubnetId": f"{SUB}/spoke-a/subnets/pods",
    }
    broken = {**pool, "name": "bad", "count": "many",
              "id": f"{AKS}/managedClusters/shop/agentPools/bad"}  # fmt: skip
    again = {**cluster()["agentPoolProfiles"][0], "count": 9,
             "id": f"{AKS}/managedClusters/shop/agentPools/system"}  # fmt: skip
    found = read_inventory(write([cluster(), pool, broken, again]))
    (shop,) = found.clusters
    assert [each.name for each in shop.pools] == ["system", "web"]
    assert shop.model == "cni-dynamic"
    assert found.skipped[0].where.endswith("[2].count")
    apart = read_inventory(write([cluster()], "c.json"), write([pool], "p.json"))
    assert [each.name for each in apart.clusters[0].pools] == ["system", "web"]
    alone = read_inventory(write([pool]))
    assert (alone.clusters[0].seen, alone.clusters[0].pools[0].nodes) == (False, 5)


def test_a_resource_without_an_id_gets_one_by_its_place(write):
    bare = {"name": "hub", "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
            "subnets": [{"name": "x", "addressPrefix": "10.0.0.0/24"}, {}]}  # fmt: skip
    found = read_inventory(write([bare, bare]))
    assert len(found.vnets) == 2
    assert [len(each.subnets) for each in found.vnets] == [2, 2]
    assert found.coverage.seen == ()


def test_what_a_resource_is_is_told_by_its_id_or_its_fields(write):
    untyped = [{k: v for k, v in each.items() if k != "type"} for each in VNETS]
    loose = {"name": "p", "remoteVirtualNetwork": {"id": f"{SUB}/x"}}
    found = read_inventory(write([*untyped, loose]))
    assert len([each for each in found.vnets if each.seen]) == 3
    assert len(list(found.peerings)) == 6


def test_ids_that_differ_only_in_case_are_one(write):
    shouted = {**VNETS[0], "id": VNETS[0]["id"].upper()}
    found = read_inventory(write([VNETS[0], shouted]))
    assert len(found.vnets) == 1
    assert found.contradictions == ()


def test_a_peering_has_the_space_of_now_and_that_of_the_last_sync(write):
    side = peering(
        "hub",
        "spoke",
        "10.1.0.0/16",
        remoteVirtualNetworkAddressSpace={"addressPrefixes": ["10.0.0.0/15"]},
    )
    (found,) = read_inventory(write([side])).peerings
    assert [str(each) for each in found.remote_prefixes] == ["10.0.0.0/15"]
    assert [str(each) for each in found.synced_prefixes] == ["10.1.0.0/16"]


@pytest.mark.parametrize("name", READERS.values())
def test_every_reader_knows_and_reads(name):
    from importlib import import_module

    module = import_module(f"ipplan.readers.{name}")
    assert callable(module.knows)
    assert callable(module.read)


# Hostile names and files.

NASTY = '\x1b[2J=cmd|"<script>\n\u202e|`evil`'


@pytest.mark.parametrize("output", ["table", "wide", "csv", "tsv", "markdown"])
def test_names_are_inert_in_every_output(cli, write, output):
    nasty = {**VNETS[0], "name": NASTY, "subnets": [], "virtualNetworkPeerings": []}
    code, out, err = cli("inventory", write([nasty]), "-o", output)
    assert code == 0
    assert "\x1b" not in out + err
    assert "\u202e" not in out + err
    assert "<script>" not in out or output != "markdown"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n",
        b"7",
        b"NaN",
        b"[" * 5000,
        b'[{"addressSpace":' * 5000,
        b"[1, 2",
        b'{"value": {"a": 1}}',
        b"\x00\x01\x02",
        b"\xff\xfe\x00",
        b"[\x00]",
        b'{"$schema": "https://x/deploymentTemplate.json#", "resources": 5}',
        b'{"format_version": "1.0", "planned_values": 5}',
        b'{"version": 4, "resources": {"a": 1}}',
        b"a,b,c\n1,2\n",
        b"ipplan: 1\nfoo: !!python/object/apply:os.system [id]\n",
        b"a: &a [x]\nb: *a\n",
    ],
)
def test_a_hostile_file_is_one_clear_line(cli, tmp_path, data):
    path = tmp_path / "hostile.json"
    path.write_bytes(data)
    code, out, err = cli("inventory", str(path))
    assert code == 3 or (code == 0 and "0 VNets" in out)
    assert len(err.splitlines()) <= 3
    assert "Traceback" not in err
    assert all(line.startswith(("error: ", "skipped ")) for line in err.splitlines())


@pytest.mark.parametrize(
    "value", [5, -1, 1.5, True, "x", [], {}, [5], [[]], {"a": 1}, None, "\x00", 10**30]
)
def test_a_wrong_type_anywhere_is_told_and_never_a_crash(write, value):
    def places(node, path=()):
        if isinstance(node, dict):
            for key, each in node.items():
                yield (*path, key)
                yield from places(each, (*path, key))
        elif isinstance(node, list):
            for index, each in enumerate(node):
                yield from places(each, (*path, index))

    whole = [*VNETS[:2], cluster()]
    for place in places(whole):
        broken = json.loads(json.dumps(whole))
        node = broken
        for step in place[:-1]:
            node = node[step]
        node[place[-1]] = value
        try:
            found = read_inventory(write(broken))
        except InventoryError as error:
            assert str(error)  # noqa: PT017  # either is right
        else:
            assert all(each.reason for each in found.skipped)


def test_every_address_there_is_is_a_network_like_another(write):
    (found,) = read_inventory(write([vnet("all", "0.0.0.0/0")])).vnets
    assert [str(each) for each in found.prefixes] == ["0.0.0.0/0"]


def test_of_keys_that_repeat_the_last_counts(write):
    text = json.dumps([VNETS[2]]).replace(
        '"name": "spoke-b"', '"name": "a", "name": "b"'
    )
    assert read_inventory(write(text)).vnets[0].name == "b"


def test_nothing_is_written_where_nothing_can_be_read(cli, write, tmp_path):
    out = tmp_path / "out.json"
    out.write_text("before")
    assert cli("inventory", write("{"), "--out", str(out)).code == 3
    assert out.read_text() == "before"
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "out.json",
        "vnets.json",
    ]


# What a hostile user found.


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.yaml", "ipplan: 1\nvnets:\n- {name: a, range: [x]}\n- {name: b}\n"),
        ("p.yml", "ipplan: 1\nvnets: [\n"),
        ("v.json", json.dumps([vnet("a", "10.0.0.0/33")])),
        ("s.json", json.dumps({"kind": "ipplan.inventory", "vnets": 5})),
    ],
)
def test_a_broken_file_of_ipplans_in_a_folder_is_no_stranger(
    cli, write, tmp_path, name, text
):
    write(VNETS)
    write(text, name)
    code, out, err = cli("inventory", str(tmp_path), "--strict", "-o", "json")
    assert code == 3
    assert not json.loads(out)["complete"]
    assert name in err


@pytest.mark.parametrize(
    "identity",
    ["/subscriptions/<named in x>", "/subscriptions/<named in x>/b", "/x", "BackEnd"],
)
def test_odd_ids_are_ids_like_others(cli, write, identity):
    odd = cluster(apiServerAccessProfile={"subnetId": identity})
    odd["agentPoolProfiles"][0]["vnetSubnetId"] = identity
    network = vnet("v", "10.0.0.0/16", [subnet("v", "x", "10.0.0.0/24")],
                   [peering("v", "y", "10.1.0.0/16",
                            remoteVirtualNetwork={"id": identity})])  # fmt: skip
    network["id"] = network["subnets"][0]["id"] = identity
    path = write([odd, network])
    for words in ([], ["--redact"]):
        code, out, err = cli("inventory", path, "-o", "wide", *words)
        assert (code, err) == (0, "")
        assert "10.0.0.0/24" in out


@pytest.mark.parametrize(
    ("place", "value_and_says"),
    [
        (("clusters", 0, "model"), ("no-such", "no-such")),
        (("clusters", 0, "pools", 0, "model"), ("no-such", "no-such")),
        (("clusters", 0, "pools", 0, "max_pods"), (-1, "max_pods")),
        (("clusters", 0, "pools", 0, "nodes"), (10**18, "nodes")),
        (("clusters", 0, "needs"), (["x"], "'x'")),
        (("subnets", 0, "usage"), (-5, "usage")),
        (("subnets", 0, "id"), ("x/y", "x/y")),
        (("vnets", 0, "id"), ("", "a resource id")),
        (("vnets", 0, "prefixes"), (["10.0.0.7/16"], "10.0.0.0/16")),
    ],
)
def test_a_saved_value_that_no_reader_gives_is_refused(
    cli, estate, write, place, value_and_says
):
    value, says = value_and_says
    _, out, _ = cli("inventory", *estate, "-o", "json")
    document = json.loads(out)
    node = document
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = value
    path = write(document, "saved.json")
    for command in (("inventory",), ("size", "--from")):
        code, out, err = cli(*command, path)
        assert (code, out) == (3, "")
        assert f".{place[0]}[0]" in err
        assert says in err


def test_a_name_without_end_is_told_and_not_multiplied(write):
    long = "x" * 100_000
    inner = [{"name": f"{i}", "addressPrefix": "10.0.0.0/24"} for i in range(3)]
    huge = {**vnet("v", "10.0.0.0/16", inner), "id": f"{SUB}/{long}", "name": long}
    found = read_inventory(write([huge, VNETS[0]]))
    assert "its id has more than 2,048 characters" in found.skipped[0].reason
    named = vnet("v", "10.0.0.0/16", [{"name": long, "addressPrefix": "10.0.0.0/24"}])
    (inner,) = read_inventory(write([named])).subnets
    assert len(inner.id) < 300


def test_many_pools_without_their_cluster_are_one_cluster(write):
    home = f"{AKS}/managedClusters/shop/agentPools"
    pools = [
        {"id": f"{home}/p{i % 500}", "name": f"p{i % 500}", "count": 3 + (i >= 500)}
        for i in range(501)
    ]
    found = read_inventory(write(pools))
    assert len(found.clusters[0].pools) == 500
    assert [each.field for each in found.contradictions] == ["nodes", "current"]


def test_a_folder_that_nests_without_end_is_read(cli, write, tmp_path):
    write(VNETS)
    deep = tmp_path
    for _ in range(1200):
        deep /= "d"
        deep.mkdir()
    try:
        assert cli("inventory", str(tmp_path)).code == 0
    finally:
        while deep != tmp_path:  # too deep for those who clean up by recursion
            deep.rmdir()
            deep = deep.parent


def test_a_folder_that_can_not_be_looked_into_is_told(
    cli, write, tmp_path, monkeypatch
):
    write(VNETS)
    (tmp_path / "closed").mkdir()
    real = os.scandir

    def scan(place):
        if str(place).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return real(place)

    monkeypatch.setattr(os, "scandir", scan)
    code, _, err = cli("inventory", str(tmp_path), "--strict")
    assert code == 3
    assert "closed: " in err


def test_no_name_is_no_folder(cli):
    code, out, err = cli("inventory", "")
    assert (code, out) == (3, "")
    assert "no file is named so" in err


def test_a_file_without_end_is_refused(cli, monkeypatch, tmp_path):
    monkeypatch.setattr("ipplan.readers.files.LARGEST", 100)
    path = tmp_path / "long.json"
    path.write_text("[" + " " * 200 + "]", encoding="utf-8")
    assert "larger than 100 bytes" in cli("inventory", str(path)).err
    data = io.BytesIO(path.read_bytes())
    monkeypatch.setattr("sys.stdin", type("In", (), {"buffer": data}))
    assert "larger than 100 bytes" in cli("inventory", "-").err


def test_a_csv_in_which_every_row_is_broken_is_refused(cli, write):
    text = "VNet Name,Resource Group,Address Space,Subnet,Subnet Prefix\nhub\nspoke\n"
    code, out, err = cli("inventory", write(text, "v.csv"))
    assert (code, out) == (3, "")
    assert len(err.splitlines()) == 2


def test_errors_that_nobody_hears_keep_their_code(monkeypatch):
    from ipplan.cli import main

    class Full(io.StringIO):
        def write(self, _):
            raise OSError(28, "No space left on device")

    for stderr in (None, Full()):
        monkeypatch.setattr("sys.stderr", stderr)
        assert main(["inventory", "no-such-file"]) == 3


def test_markdown_makes_no_links_and_calls_nobody(cli, write):
    name = "~~x~~ https://evil.example/a www.evil.example @org/team #1 $x$"
    nasty = {**VNETS[0], "name": name, "subnets": [], "virtualNetworkPeerings": []}
    _, out, _ = cli("inventory", write([nasty]), "-o", "markdown")
    for mark in ("https:/", "~~x", " www.", " @org", " #1", " $x"):
        assert mark not in out


def test_lines_of_a_file_without_ends_of_lines_are_found_in_time(write):
    items = ",".join(
        f' {{\n  "id":"{SUB}/v{i}","addressSpace":{{}},"subnets":[]}}'
        for i in range(3000)
    )
    found = read_inventory(write(f"[{items}]"))
    assert {each.origin.line for each in found.vnets} >= {1, 2, 3000}


def test_redaction_keeps_the_order_that_an_inventory_has(estate):
    found = redacted(read_inventory(*estate))
    for nouns in (found.vnets, found.clusters, found.vnets[0].subnets):
        assert [each.id for each in nouns] == sorted(each.id for each in nouns)
