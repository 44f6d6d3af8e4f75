"""Tables of networks, against the list of VNets that the corpus made its tables of."""

import csv as plain
import io
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipplan.readers import csv
from ipplan.readers.listings import BLANK, NO_COLUMN, NO_VALUES
from ipplan.readers.readings import CLUSTER, SUBNET, VNET, Content, Found, Skipped

PROVIDERS = "/subscriptions/s1/resourcegroups/rg/providers"
HUB = f"{PROVIDERS}/microsoft.network/virtualnetworks/hub"
AKS = f"{PROVIDERS}/microsoft.containerservice/managedclusters/prod"
UNSAID = "/subscriptions/<subscription of t.csv>/resourcegroups"
TABLES = [
    ("arg-explorer.csv", 68, 87),
    ("vnets-per-subnet.csv", 60, 87),
    ("vnets-semicolon-bom.csv", 68, 87),
    ("vnets-subnets-dns.csv", 60, 87),
]
NAMES = [name for name, _, _ in TABLES]


def content(text, file="t.csv"):
    return Content(file, text)


def found(text):
    return csv.read(content(text))


def table(*rows, delimiter=","):
    text = io.StringIO()
    plain.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def of(read, kind):
    return [each for each in read.resources if each.type == kind]


def ranges(read):
    """Name, address space and prefixes of subnets of each VNet, with repetition."""
    below = {}
    for each in of(read, SUBNET):
        vnet = each.id.rpartition("/subnets/")[0]
        below.setdefault(vnet, []).extend(each.fields["addressPrefixes"])
    for each in of(read, VNET):
        for subnet in each.fields.get("subnets", []):
            below.setdefault(each.id, []).append(subnet["properties"]["addressPrefix"])
    return Counter(
        (each.fields["name"], spaces(each), tuple(sorted(below.get(each.id, []))))
        for each in of(read, VNET)
    )


def spaces(vnet):
    space = vnet.fields["addressSpace"]
    return "unknown" if space == NO_COLUMN else tuple(space["addressPrefixes"])


@pytest.fixture
def shared(corpus):
    def read(name):
        file = corpus / "assembled/shared" / name
        with file.open(encoding="utf-8", newline="") as stream:
            return content(stream.read(), name)

    return read


@pytest.fixture(scope="session")
def truth(corpus):
    file = "azure-cli-recordings/az-cli/vnet-list/05-68vnets-api2024-05-01.json"
    return json.loads((corpus / file).read_text(encoding="utf-8"))


def true_ranges(vnets):
    return Counter(
        (
            vnet["name"],
            tuple(vnet["addressSpace"]["addressPrefixes"]),
            tuple(sorted(subnet["addressPrefix"] for subnet in vnet["subnets"])),
        )
        for vnet in vnets
    )


@pytest.mark.parametrize(("name", "vnets", "subnets"), TABLES)
def test_the_tables_of_the_corpus_have_as_many_networks_as_its_index_says(
    shared, name, vnets, subnets
):
    assert csv.knows(shared(name))
    read = csv.read(shared(name))
    nested = sum(len(vnet.fields.get("subnets", [])) for vnet in of(read, VNET))
    assert len(of(read, VNET)) == len({vnet.id for vnet in of(read, VNET)}) == vnets
    assert len(of(read, SUBNET)) + nested == subnets
    assert len({each.id for each in read.resources}) == len(read.resources)
    assert read.skipped == []
    assert not read.proposed


@pytest.mark.parametrize("name", ["arg-explorer.csv", "vnets-semicolon-bom.csv"])
def test_tables_of_vnets_have_every_range_of_the_list_they_come_from(
    shared, truth, name
):
    assert ranges(csv.read(shared(name))) == true_ranges(truth)


def test_a_table_of_subnets_has_every_range_of_the_vnets_that_have_subnets(
    shared, truth
):
    with_subnets = [vnet for vnet in truth if vnet["subnets"]]
    read = csv.read(shared("vnets-per-subnet.csv"))
    assert ranges(read) == true_ranges(with_subnets)


def test_a_table_without_address_space_has_the_rest(shared, truth):
    read = csv.read(shared("vnets-subnets-dns.csv"))
    rest = true_ranges([vnet for vnet in truth if vnet["subnets"]])
    expected = Counter()
    for (name, _, subnets), count in rest.items():
        expected[name, "unknown", subnets] += count
    assert ranges(read) == expected


def test_ids_of_a_table_that_has_resource_groups_are_those_of_the_list(shared, truth):
    read = csv.read(shared("vnets-subnets-dns.csv"))
    expected = {
        vnet["id"].lower().partition("/resourcegroups/")[2]
        for vnet in truth
        if vnet["subnets"]
    }
    made = {vnet.id.partition("/resourcegroups/")[2] for vnet in of(read, VNET)}
    assert made == expected
    assert all(vnet.id.startswith("/subscriptions/sub-a/") for vnet in of(read, VNET))


def test_the_23_vnets_that_are_called_vnet1_stay_apart(shared):
    read = csv.read(shared("vnets-semicolon-bom.csv"))
    same = [vnet for vnet in of(read, VNET) if vnet.fields["name"] == "vnet1"]
    groups = {vnet.id.split("/")[4] for vnet in same}
    assert len(same) == len(groups) == 23
    assert f"<row{same[0].where.removeprefix(' row')} of vnets-" in same[0].id
    (why,) = read.incomplete
    assert why.startswith("no resource group for 46 VNets that share their names")


def test_subnets_that_have_no_name_are_numbered():
    read = found("Name;Vnet;Subnets\nhub;10.0.0.0/8;10.0.0.0/24, 10.0.1.0/24\n")
    group = f"{UNSAID}/<resource group of t.csv>"
    hub = f"{group}/providers/microsoft.network/virtualnetworks/hub"
    assert [each.id for each in read.resources] == [
        hub,
        f"{hub}/subnets/<subnet 1>",
        f"{hub}/subnets/<subnet 2>",
    ]
    assert read.resources[2].fields["addressPrefixes"] == ["10.0.1.0/24"]


def test_what_a_table_cannot_say_is_said():
    per_subnet = found("VNET,RG,Subnet,Prefix,Subnet CIDR\nhub,rg,a,,10.0.0.0/24\n")
    assert per_subnet.incomplete == [
        "no column for the address space: prefixes of VNets are unknown",
        "a subnet a row: VNets without subnets are not in it",
        "no column for peerings: which VNets are peered is unknown",
    ]
    peered = found(
        "name,addressspace,peering\nhub,10.0.0.0/8,to-spoke\nb,11.0.0.0/8,\n"
    )
    assert peered.incomplete == ["1 rows name peerings, but not what they join"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("above", ["", "#TYPE Selected.PSCustomObject\n", "sep=;\r\n"])
@pytest.mark.parametrize(
    "heading",
    [
        ["VNET", "VNET_AddressSpace", "Subnet_Name", "Subnet_AddressPrefix"],
        ["vnet name", "ADDRESS SPACE", "subnet-name", "Subnet Prefix"],
        ["virtual_network_name", "address_prefixes", "subnet", "cidr"],
        ["VirtualNetwork", "VNet.CIDR", "SubnetName", "AddressPrefix"],
    ],
)
def test_headings_and_delimiters_are_known_in_many_spellings(
    delimiter, mark, above, heading
):
    row = ["Hub", "10.0.0.0/16 10.9.0.0/16", "a", "10.0.0.0/24, fd00::/64"]
    text = mark + above + table(heading, row, delimiter=delimiter)
    read = found(text)
    vnet, subnet = read.resources
    assert csv.knows(content(text))
    assert vnet.fields["addressSpace"]["addressPrefixes"] == row[1].split()
    assert subnet.fields == {
        "name": "a",
        "addressPrefixes": ["10.0.0.0/24", "fd00::/64"],
    }
    assert vnet.where == subnet.where == (" row 3" if above else " row 2")


def test_a_subnet_may_be_called_name_beside_the_name_of_its_vnet():
    vnet, subnet = found("Name,VNet,AddressPrefix\na,hub,10.0.0.0/24\n").resources
    assert vnet.fields["name"] == "hub"
    assert subnet.fields["name"] == "a"


def test_cells_may_have_line_breaks_and_quotes_and_other_delimiters():
    text = 'vnet,space,addressSpace\n"hub","a;""b""\nc","10.0.0.0/16\n10.1.0.0/16"\n'
    vnet = found(text).resources[0]
    assert vnet.fields["addressSpace"] == {
        "addressPrefixes": ["10.0.0.0/16", "10.1.0.0/16"]
    }


@pytest.mark.parametrize(
    "cell",
    [
        "{10.0.0.0/16, 10.1.0.0/16}",
        '["10.0.0.0/16","10.1.0.0/16"]',
        "10.0.0.0/16|10.1.0.0/16",
    ],
)
def test_lists_that_powershell_or_json_wrote_are_lists(cell):
    vnet = found(table(["vnet", "address space"], ["hub", cell])).resources[0]
    assert spaces(vnet) == ("10.0.0.0/16", "10.1.0.0/16")


def test_types_and_blanks_in_the_place_of_prefixes_are_unresolved():
    text = table(
        ["Vnet", "AddressSpace", "Subnet", "Subnet Prefix"],
        ["a", "System.Collections.Generic.List`1[System.String]", "s", ""],
        ["b", "", "s", "System.Object[]"],
    )
    read = found(text)
    assert [vnet.fields["addressSpace"] for vnet in of(read, VNET)] == [
        NO_VALUES,
        BLANK,
    ]
    assert [each.fields["addressPrefixes"] for each in of(read, SUBNET)] == [
        BLANK,
        NO_VALUES,
    ]


def test_a_type_in_the_place_of_the_address_space_is_no_name():
    read = found(table(["Name", "VNet", "Subnets"], ["hub", "System.Object[]", ""]))
    assert read.resources[0].fields == {"name": "hub", "addressSpace": NO_VALUES}


def test_subnets_may_be_named_without_prefixes():
    read = found("Name;AddressSpace;Subnets\nhub;10.0.0.0/8;aks, db\n")
    assert [each.fields for each in of(read, SUBNET)] == [
        {"name": "aks", "addressPrefixes": NO_COLUMN},
        {"name": "db", "addressPrefixes": NO_COLUMN},
    ]


def test_a_subnet_without_a_name_is_numbered_and_a_row_without_a_subnet_is_a_vnet():
    text = table(
        ["id", "vnet", "subnet", "subnet prefix"],
        [HUB, "hub", "", "10.0.0.0/24"],
        [HUB.upper(), "hub", "", "10.0.1.0/24"],
        [f"{HUB}2", "hub2", "", ""],
    )
    read = found(text)
    assert [each.id for each in read.resources] == [
        HUB,
        f"{HUB}/subnets/<subnet 1>",
        f"{HUB}/subnets/<subnet 2>",
        f"{HUB}2",
    ]


def test_rows_of_one_subscription_and_group_are_one_vnet_wherever_they_stand():
    text = table(
        ["Subscription", "RG", "VNet", "Address Space", "Subnet", "Subnet Prefix"],
        ["s1", "rg", "hub", "10.0.0.0/16", "a", "10.0.0.0/24"],
        ["s1", "rg", "spoke", "10.1.0.0/16", "a", "10.1.0.0/24"],
        ["S1", "RG", "HUB", "10.9.0.0/16", "b", "10.9.0.0/24"],
        ["s1", "rg", "hub", "10.0.0.0/16", "A", "fd00::/64"],
    )
    read = found(text)
    hub, spoke = of(read, VNET)
    assert hub.id == HUB
    assert spaces(hub) == ("10.0.0.0/16", "10.9.0.0/16")
    assert spaces(spoke) == ("10.1.0.0/16",)
    assert [(each.id[len(HUB) :], each.where) for each in of(read, SUBNET)][:2] == [
        ("/subnets/a", " row 2"),
        ("/subnets/b", " row 4"),
    ]
    assert of(read, SUBNET)[0].fields["addressPrefixes"] == ["10.0.0.0/24", "fd00::/64"]
    assert not any("share their names" in why for why in read.incomplete)


def test_without_groups_a_vnet_ends_where_a_subnet_comes_again_or_its_space_changes():
    text = table(
        ["VNet", "Address Space", "Subnet", "Subnet Prefix"],
        ["hub", "10.0.0.0/16", "a", "10.0.0.0/24"],
        ["hub", "10.0.0.0/16", "b", "10.0.1.0/24"],
        ["hub", "10.0.0.0/16", "a", "10.0.2.0/24"],
        ["hub", "10.9.0.0/16", "b", "10.9.0.0/24"],
        ["spoke", "10.1.0.0/16", "a", "10.1.0.0/24"],
    )
    read = found(text)
    groups = [vnet.id.split("/")[4] for vnet in of(read, VNET)]
    assert groups == [
        "<row 2 of t.csv>",
        "<row 4 of t.csv>",
        "<row 5 of t.csv>",
        "<resource group of t.csv>",
    ]
    assert len(of(read, SUBNET)) == 5


def test_without_subscriptions_it_is_they_that_are_told_apart():
    text = table(
        ["VNet", "RG", "Address Space"],
        ["hub", "rg", "10.0.0.0/16"],
        ["hub", "rg", "10.1.0.0/16"],
    )
    read = found(text)
    assert [vnet.id for vnet in read.resources] == [
        HUB.replace("/s1/", "/<row 2 of t.csv>/"),
        HUB.replace("/s1/", "/<row 3 of t.csv>/"),
    ]
    assert read.incomplete[-1].startswith("no subscription for 2 VNets")


def test_ids_of_subnets_say_in_which_vnet_they_are():
    text = table(
        ["id", "name", "address prefix", "type"],
        [f"{HUB}/subnets/A", "a", "10.0.0.0/24", SUBNET.upper()],
        [f"{HUB}/subnets/B", "", "10.0.1.0/24", ""],
        [AKS, "prod", "", "Microsoft.ContainerService/managedClusters"],
    )
    read = found(text)
    assert [each.id for each in read.resources] == [
        HUB,
        f"{HUB}/subnets/a",
        f"{HUB}/subnets/b",
    ]
    assert [each.fields["name"] for each in read.resources] == ["hub", "a", "b"]
    assert read.skipped == [Skipped(" row 4", f"a {CLUSTER}, not a network or cluster")]


def test_slashes_in_names_do_not_break_ids():
    text = table(
        ["Subscription", "RG", "VNet", "Subnet", "CIDR"], ["a/b", "r", "v", "s/t", ""]
    )
    assert found(text).resources[1].id == (
        "/subscriptions/a_b/resourcegroups/r/providers/"
        "microsoft.network/virtualnetworks/v/subnets/s_t"
    )


def test_ragged_rows_are_skipped_with_their_row_and_blank_ones_are_not_told():
    text = (
        "vnet,address space\nhub,10.0.0.0/8\n\nshort\n , \n,10.0.0.0/8\na,b,c\nd,e,,\n"
    )
    read = found(text)
    assert [vnet.fields["name"] for vnet in read.resources] == ["hub", "d"]
    cells = "2 cells expected, as in the heading, got"
    assert read.skipped == [
        Skipped(" row 4", f"{cells} 1", broken=True),
        Skipped(" row 7", f"{cells} 3", broken=True),
        Skipped(" row 6", "no VNet name", broken=True),
    ]


def test_resource_graph_rows_have_all_of_a_cluster():
    sku = '{"name": "Automatic"}'
    properties = '{"agentPoolProfiles": [{"name": "sys"}], "networkProfile": {}}'
    text = table(
        ["ID", "NAME", "TYPE", "LOCATION", "SKU", "PROPERTIES"],
        [AKS.upper(), "prod", CLUSTER, "westeurope", sku, properties],
    )
    cluster = found(text).resources[0]
    assert (cluster.type, cluster.id, cluster.where) == (CLUSTER, AKS, " row 2")
    assert cluster.fields["agentPoolProfiles"] == [{"name": "sys"}]
    assert cluster.fields["sku"] == {"name": "Automatic"}
    assert cluster.fields["identity"] is None
    assert cluster.fields["location"] == "westeurope"


def test_resource_graph_rows_without_ids_have_them_made():
    text = table(
        ["name", "type", "resourceGroup", "subscriptionId", "properties"],
        ["hub", "Microsoft.Network/virtualNetworks", "rg", "s1", "{}"],
        ["hub/a", SUBNET, "", "", "{}"],
        ["a", SUBNET, "rg", "s1", "{}"],
        ["x", "microsoft.web/sites", "rg", "s1", "{}"],
        ["x", "", "rg", "s1", "{}"],
    )
    read = found(text)
    assert read.resources[0].id == HUB
    assert read.resources[1].id.startswith(f"{UNSAID}/<resource group of t.csv>/")
    assert read.resources[1].fields["name"] == "a"
    assert read.skipped == [
        Skipped(" row 4", f"a {SUBNET} without id and name", broken=True),
        Skipped(" row 5", "a microsoft.web/sites, not a network or cluster"),
        Skipped(" row 6", "no id and no type"),
    ]


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("", ""),
        ("null", ""),
        ("[1]", ""),
        ('{"a": ', ""),
        ("[" * 32_767, "; Excel cuts a cell after 32,767 characters"),
    ],
)
def test_properties_that_are_no_object_are_skipped(cell, hint):
    read = found(table(["id", "properties"], [HUB, cell]))
    reason = f"its properties are no JSON object{hint}"
    assert read.skipped == [Skipped(" row 2", reason, broken=True)]


def test_a_cell_longer_than_csv_allows_is_read_and_the_limit_stays():
    before = plain.field_size_limit()
    properties = {"subnets": [{"name": f"s{i}"} for i in range(20_000)]}
    read = found(table(["id", "properties"], [HUB, json.dumps(properties)]))
    assert len(read.resources[0].fields["subnets"]) == 20_000
    assert plain.field_size_limit() == before


def test_a_quote_that_is_never_closed_ends_in_one_skipped_row():
    text = 'vnet,address space\n"hub,10.0.0.0/8\n' + "a,10.0.0.0/8\n" * 50_000
    read = found(text)
    assert read.resources == []
    assert [each.where for each in read.skipped] == [" row 2"]


@pytest.mark.parametrize("cell", ["1" * 10**6, "1" * 10**6 + "/", "[" * 10**6])
def test_a_long_cell_takes_no_longer_than_its_length(cell):
    vnet = of(found(f"name,address space,subnets\nhub,10.0.0.0/8,{cell}\n"), VNET)
    assert len(vnet) == 1


def test_zero_bytes_are_characters_like_others():
    read = found("vnet,address space\nh\0b,10.0.0.0/8\n\0,\0\n")
    assert [each.fields["name"] for each in read.resources] == ["h\0b", "\0"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ufeff",
        "null",
        "name,age\nada,36\n",
        "name,cidr\noffice,10.0.0.0/8\n",
        "vnet,name\nhub,a\n",
        "properties\n{}\n",
        "vnet: hub\nsubnets: []\n",
        '"' * 9,
        "\0",
    ],
)
def test_other_text_is_not_known(text):
    assert not csv.knows(content(text))
    assert csv.read(content(text)) == Found([], [], [])


def test_json_is_not_known():
    assert not csv.knows(Content("t.json", "vnet,address space", {}))


HEADINGS = [
    "id", "type", "subscription", "rg", "location", "vnet", "name", "address space",
    "subnet", "subnet prefix", "subnets", "peering", "properties", "sku", "other",
]  # fmt: skip
cells = st.one_of(
    st.text(max_size=6),
    st.sampled_from(["hub", "10.0.0.0/24", HUB, f"{HUB}/subnets/a", SUBNET, "{}", " "]),
)


@given(st.permutations(HEADINGS), st.lists(st.lists(cells, max_size=15)), st.text())
def test_whatever_is_in_the_cells_nothing_breaks(heading, rows, rest):
    for some in (heading, heading[:8]):
        text = table(some, *([*row, *[""] * len(some)][: len(some)] for row in rows))
        read = found(text + rest)
        assert all(each.id.startswith("/") for each in read.resources)


@given(st.text())
def test_any_text_is_read_or_left_alone(text):
    assert csv.knows(content(text)) or not found(text).resources
