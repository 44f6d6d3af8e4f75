"""Real payloads that nobody here wrote: everything reads, and counts as its index says.

The files lie beside the project; where they do not, these tests are skipped and say so.
"""

import csv
import itertools
from dataclasses import replace

import pytest

import ipplan
from ipplan import InventoryError, read_inventory, usage
from ipplan.inventory.origins import name_of

# What differs from the literal counts of the index: VNets, subnets, clusters, peerings
# after evaluation, and why.
DIFFERENT = {
    "arm-misc/snyk-example-01.json": (
        (1, 2, 0, 0), "an inline subnet and one as a child: the index counts one"),
    "assembled/shared/az-graph-query.json": (
        (68, 87, 27, 0), "a cluster without pools: the index counts those with pools"),
    "azure-cli-recordings/arm/aks/35-azure-overlay-cilium-apiserver-vnet-"
    "managednatgateway-0pools.json": ((0, 0, 1, 0), "likewise"),
    "azure-rest-api-specs/network/SubnetCreate.json": (
        (0, 1, 0, 0), "a subnet by itself: the index counts those with delegations"),
    "azure-rest-api-specs/network/SubnetCreateServiceEndpointNetworkIdentifier.json": (
        (0, 1, 0, 0), "likewise"),
    "azure-rest-api-specs/network/SubnetCreateWithSharingScope.json": (
        (0, 1, 0, 0), "likewise"),
    "azure-rest-api-specs/network/SubnetGetWithDelegation.json": (
        (0, 1, 0, 0), "likewise"),
    "azure-rest-api-specs/network/SubnetList.json": ((0, 2, 0, 0), "likewise"),
    "azure-rest-api-specs/resource-graph/ResourcesMgBasicQuery.json": (
        (1, 0, 0, 0), "a row of a VNet without its properties"),
    "azure-rest-api-specs/wrapped/VirtualNetworkCreateSubnetWithAddressPrefixes.json": (
        (1, 1, 0, 0), "the answers 200 and 201 are one VNet, and one is a request"),
    "bicep-compiled/aksc-networkforbyo.json": (
        (1, 3, 0, 0), "its subnets come out of variables"),
    "bicep-compiled/avm-subnet.json": (
        (0, 1, 0, 0), "the VNet exists already and is not deployed"),
    "bicep-compiled/avm-virtual-network.json": (
        (1, 0, 0, 0), "without parameters its loops run no times"),
    "psrule/Resources.AKS.json": (
        (0, 1, 11, 0), "one subnet id five times, with five prefixes: contradictions"),
    "psrule/Tests.Bicep.5.json": (
        (0, 1, 0, 0), "a DNS server that is an object: its VNet is broken"),
    "psrule/vnet.json": (
        (1, 6, 0, 1), "three VNets of one name are one VNet to Azure"),
    "psrule/vnet.tests.json": (
        (4, 7, 0, 0), "subnets inside nested deployments; one has host bits"),
    "quickstarts/hub-and-spoke-sandbox/azuredeploy.json": (
        (3, 5, 0, 4), "four of its eight peerings and a subnet hang on a condition"),
    "steampipe/azure_kubernetes_cluster-test-get-expected.json": (
        (0, 0, 1, 0), "a row of its tests: the index counts none"),
    "steampipe/azure_subnet-test-get-expected.json": ((0, 1, 0, 0), "likewise"),
    "tf-plans/tfplan2md-firewall3.json": (
        (1, 1, 0, 0), "one subnet, inline and as a resource"),
    "tf-plans/zodiac-duplicated/devops-main-infrastructure-azure.json": (
        (1, 4, 1, 0), "two subnets are listed twice (hand-worked case 20)"),
    "tf-state/tfplan2md-firewall3-state.json": (
        (1, 1, 0, 0), "one subnet, inline and as a resource"),
}  # fmt: skip

# Files whose broken objects are broken: Azure itself would refuse them.
BROKEN = {
    "checkov-arm/aksapiserverauthorizedipranges-aks-authIPRanges-preview-FAILED-3.json",
    "checkov-arm/aksmaxpodsminimum-properties_with_maxPods_fail2.json",
    "checkov-arm/aksmaxpodsminimum-properties_without_maxPods_fail.json",
    "psrule/Tests.Bicep.5.json",
    "psrule/vnet.tests.json",
}


def counts(found):
    return (
        sum(each.seen for each in found.vnets),
        len(list(found.subnets)),
        sum(each.seen for each in found.clusters),
        len(list(found.peerings)),
    )


def index(corpus):
    with (corpus / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            path = corpus / row["local file"]
            if path.is_file():
                literal = (
                    row["vnets"],
                    row["subnets"],
                    row["clusters"],
                    row["peerings"],
                )
                yield row["local file"], path, tuple(map(int, literal))


def test_every_payload_reads_and_counts_as_its_index_says(corpus):
    read, refused = 0, []
    for name, path, literal in index(corpus):
        expected, _why = DIFFERENT.get(name, (literal, ""))
        try:
            found = read_inventory(str(path))
        except InventoryError:
            refused.append((name, expected))
            continue
        assert counts(found) == expected, name
        broken = [each for each in found.skipped if each.broken]
        assert bool(broken) == (name in BROKEN), (name, broken)
        usage(found)
        read += 1
    assert read >= 250
    assert {expected for _, expected in refused} <= {(0, 0, 0, 0)}, refused


def test_every_difference_is_one(corpus):
    literal = {name: count for name, _, count in index(corpus)}
    for name, (expected, why) in DIFFERENT.items():
        assert literal[name] != expected, name
        assert why


def test_every_payload_is_shown_by_the_command(corpus, cli):
    full = {
        name.partition("/")[0] for name, _, literal in index(corpus) if any(literal)
    }
    for folder in sorted(each for each in corpus.iterdir() if each.is_dir()):
        code, out, err = cli("inventory", str(folder))
        assert code == (0 if folder.name in full else 3), (folder, err)
        assert bool(out) == (code == 0)


def test_the_whole_corpus_is_one_inventory_that_reads_back(corpus, tmp_path, cli):
    saved = tmp_path / "all.json"
    assert cli("inventory", str(corpus), "-o", "json", "--out", str(saved)).code == 0
    assert read_inventory(str(saved)) == read_inventory(str(corpus))


# The hand-worked cases of the corpus' README, as far as they concern reading.


def one(found, name):
    (subnet,) = (each for each in found.subnets if each.name == name)
    return subnet


def spaces(found):
    return {each.name: [str(p) for p in each.prefixes] for each in found.vnets}


def overlaps(vnets):
    return sum(
        any(a.overlaps(b) for a in first.prefixes for b in second.prefixes)
        for first, second in itertools.combinations(vnets, 2)
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("az-cli/vnet-list/05-68vnets-api2024-05-01.json", (68, 87, 9, 1395)),
        ("az-cli/vnet-list/01-63vnets-api2017-10-01.json", (63, 74, 23, 1086)),
        ("arm/vnet-list/07-51vnets", (51, 60, 18, 903)),
    ],
)
def test_cases_1_and_2_subscription_wide_lists(corpus, path, expected):
    vnets, subnets, held, pairs = expected
    (file,) = (corpus / "azure-cli-recordings").glob(f"{path}*")
    found = read_inventory(str(file))
    assert counts(found) == (vnets, subnets, 0, 0)
    # Subnets of gateways hold a number of addresses that no listing shows.
    assert sum(each.used or 0 for each in found.subnets) == held
    assert overlaps(found.vnets) == pairs
    assert found.reach.links == ()
    assert found.complete


def test_case_1_names_are_no_keys(corpus):
    path = "azure-cli-recordings/az-cli/vnet-list/05-68vnets-api2024-05-01.json"
    found = read_inventory(str(corpus / path))
    assert sum(each.name == "vnet1" for each in found.vnets) == 23
    assert sum(not each.subnets for each in found.vnets) == 8
    fullest = sorted(usage(found), key=lambda use: -use.used)[:2]
    assert [(use.used, use.usable) for use in fullest] == [(2, 251), (2, 251)]
    inside = all(
        any(space.covers(prefix) for space in vnet.prefixes)
        for vnet in found.vnets
        for subnet in vnet.subnets
        for prefix in subnet.prefixes
    )
    assert inside


def test_case_3_an_estate_from_two_spellings(corpus):
    folder = corpus / "estates" / "create-and-update-with-http-proxy-config"
    found = read_inventory(str(folder))
    assert spaces(found) == {"cliakstest000002": ["10.42.0.0/16"]}
    assert [str(each.prefixes[0]) for each in found.subnets] == [
        "10.42.1.0/24",
        "10.42.3.0/24",
    ]
    (cluster,) = found.clusters
    assert (cluster.model, cluster.pools[0].nodes) == ("kubenet", 3)
    assert [str(each) for each in cluster.pod_cidrs] == ["10.244.0.0/16"]
    use = usage(found)[0]
    assert (use.usable, use.need) == (251, 4)
    assert found.contradictions == ()


def zodiac(corpus, name):
    return read_inventory(str(corpus / "tf-plans" / "zodiac" / f"{name}.json"))


def test_case_4_what_a_plan_does_not_say_is_unknown(corpus):
    found = zodiac(corpus, "terraform-aks-eks-clusters-main-terraform-azure")
    (cluster,) = found.clusters
    assert [str(each) for each in cluster.service_cidrs] == ["10.0.1.0/24"]
    assert str(one(found, "test-mind-io-aks-subnet").prefixes[0]) == "10.0.1.0/24"
    assert cluster.pools[0].subnet is None
    assert len(list(found.peerings)) == 2
    assert len(found.unseen) >= 1


def test_case_5_defaults_are_assumed_and_said(corpus):
    found = zodiac(corpus, "iac-master-azure")
    (cluster,) = found.clusters
    assert cluster.model is None
    assert cluster.assumed == ("service_cidrs",)
    assert [str(each) for each in cluster.service_cidrs] == ["10.0.0.0/16"]
    assert cluster.pools[0].subnet == one(found, "sample-subnet").id
    assert "network model is not known" in usage(found)[0].unknown[0]


def test_case_6_links_through_modules_and_variables(corpus):
    found = zodiac(corpus, "infrastructure-main-terraform")
    assert spaces(found) == {
        "ApiVnet": ["10.1.0.0/16"],
        "myClusterVnet": ["10.2.0.0/16"],
    }
    (cluster,) = found.clusters
    assert cluster.pools[0].subnet == one(found, "clusterSubnet").id
    first, second = found.vnets
    assert found.reach.between(first.id, second.id).way == "peering"
    assert len(list(found.peerings)) == 2
    assert found.unseen == ()


def test_case_7_a_node_subnet_of_a_plan(corpus):
    found = zodiac(corpus, "aks-main-terraform")
    (use,) = (use for use in usage(found) if use.clusters)
    (cluster,) = found.clusters
    assert cluster.model == "cni-node-subnet"
    assert (use.subnet.name, use.usable, use.need) == ("aks-sn", 251, 93)


def test_case_8_a_pod_subnet_by_references_only(corpus):
    found = zodiac(corpus, "agw-kv-cert-tf-main")
    (cluster,) = found.clusters
    assert cluster.model == "cni-dynamic"
    (pods,) = (
        use for use in usage(found) if str(use.subnet.prefixes[0]) == "172.0.48.0/20"
    )
    pool = cluster.pools[0]
    assert (pool.pod_subnet, pool.nodes, pods.usable) == (pods.subnet.id, 3, 4091)
    # 272 addresses a node of 250 pods, and one node of surge.
    assert pods.need == 4 * 272
    assert str(one(found, name_of(pool.subnet)).prefixes[0]) == "172.0.32.0/24"


def test_case_9_a_subnet_of_two_prefixes(corpus):
    network = corpus / "azure-rest-api-specs" / "network"
    path = network / "VirtualNetworkCreateSubnetWithAddressPrefixes.json"
    found = read_inventory(str(path))
    assert [str(each) for each in one(found, "test-2").prefixes] == [
        "10.0.0.0/28",
        "10.1.0.0/28",
    ]
    assert list(spaces(found).values()) == [["10.0.0.0/16"]]


def test_case_10_no_prefixes_anywhere(corpus):
    path = "azure-rest-api-specs/network/VirtualNetworkCreateWithIpamPool.request.json"
    found = read_inventory(str(corpus / path))
    (vnet,) = found.vnets
    assert (vnet.prefixes, vnet.requested) == ((), 65536)
    assert (vnet.subnets[0].prefixes, vnet.subnets[0].requested) == ((), 80)
    assert usage(found)[0].usable is None


def test_case_11_a_powershell_export(corpus):
    found = read_inventory(str(corpus / "psrule" / "Resources.AKS.json"))
    need = {"subnet-a": 0, "subnet-c": 0}
    for cluster in found.clusters:
        for pool in cluster.pools:
            if cluster.seen:
                need[name_of(pool.subnet)] += pool.nodes * (1 + pool.max_pods)
    # The README's sums leave out cluster-e, a pool that stands by itself.
    assert need == {"subnet-a": 1098, "subnet-c": 153}
    assert all(use.subnet.name == "subnet-A" for use in usage(found))
    assert found.vnets[0].prefixes == ()


def test_case_12_an_api_servers_subnet(corpus):
    path = corpus / "vijayrod-demo" / "az-subnet-show-apiserver.json"
    (subnet,) = read_inventory(str(path)).subnets
    assert subnet.delegations == ("Microsoft.ContainerService/managedClusters",)
    (use,) = usage(read_inventory(str(path)))
    assert (use.usable, use.used) == (11, 1)
    # The same resource group in capitals is the same resource group.
    (holder,) = subnet.holders
    assert "/resourcegroups/mc_rg_aksapivnet_swedencentral/" in holder.id


def test_case_13_a_peering_of_one_side(corpus):
    (path,) = (corpus / "azure-cli-recordings" / "arm" / "peering").glob("11-*")
    found = read_inventory(str(path))
    (peering,) = found.peerings
    assert (peering.state, peering.sync_level) == ("Initiated", "RemoteNotInSync")
    assert not peering.effective
    assert found.reach.links == ()
    remote = next(each for each in found.unseen if each.id == peering.remote)
    assert [str(each) for each in remote.prefixes] == ["10.0.0.0/16"]


def test_case_14_a_vm_pool(corpus):
    path = "azure-cli-recordings/arm/aks/39-azure-overlay-virtualmachines.json"
    (cluster,) = read_inventory(str(corpus / path)).clusters
    assert [(pool.current, pool.nodes) for pool in cluster.pools] == [(1, 3)]


def test_case_15_no_pools_at_all(corpus):
    (path,) = (corpus / "azure-cli-recordings" / "arm" / "aks").glob("35-*")
    (cluster,) = read_inventory(str(path)).clusters
    assert cluster.pools == ()
    assert "node count" in cluster.unknown[0]


def test_case_16_shared_address_space(corpus):
    path = "azure-cli-recordings/arm/aks/23-azure-overlay.json"
    (cluster,) = read_inventory(str(corpus / path)).clusters
    assert str(cluster.pod_cidr) == "100.64.0.0/10"
    assert cluster.pod_cidr.size // 256 == 16384


def test_case_17_a_template_with_its_defaults(corpus):
    path = corpus / "quickstarts" / "private-aks-cluster" / "azuredeploy.json"
    found = read_inventory(str(path))
    assert list(spaces(found).values()) == [["10.0.0.0/8"]]
    prefixes = {each.name: str(each.prefixes[0]) for each in found.subnets}
    assert prefixes == {
        "AksSubnet": "10.0.0.0/16",
        "VmSubnet": "10.1.0.0/24",
        "AzureBastionSubnet": "10.1.1.0/26",
    }
    (cluster,) = found.clusters
    assert [str(each) for each in cluster.service_cidrs] == ["10.2.0.0/16"]
    (pool,) = cluster.pools
    assert pool.nodes * (1 + pool.max_pods) == 155
    (use,) = (use for use in usage(found) if use.clusters)
    assert (use.subnet.name, use.usable) == ("AksSubnet", 65531)


@pytest.mark.parametrize("parameters", [False, True])
def test_case_18_a_hub_and_spokes_peered_once(corpus, parameters):
    folder = corpus / "quickstarts" / "hub-and-spoke-sandbox"
    found = read_inventory(str(folder if parameters else folder / "azuredeploy.json"))
    assert sorted(spaces(found).values()) == [
        ["10.10.0.0/16"],
        ["10.100.0.0/16"],
        ["192.168.0.0/20"],
    ]
    assert len(list(found.peerings)) == 4
    pairs = [each for each in found.reach.links if each.way == "peering"]
    assert len(pairs) == 2
    for vnet in found.vnets:
        if len(vnet.subnets) == 1:
            assert vnet.subnets[0].prefixes == vnet.prefixes


def test_case_19_a_plan_of_changes_only(corpus):
    found = read_inventory(str(corpus / "tf-plans" / "tfplan2md-comprehensive.json"))
    space = sorted(itertools.chain.from_iterable(spaces(found).values()))
    assert space == ["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"]
    assert "10.1.20.0/24" in {str(p) for each in found.subnets for p in each.prefixes}
    assert "10.1.2.0/24" not in {
        str(p) for each in found.subnets for p in each.prefixes
    }
    assert {each.origin.evidence for each in found.vnets} == {"proposed"}


def test_case_20_what_is_listed_twice_counts_once(corpus):
    path = "tf-plans/zodiac-duplicated/devops-main-infrastructure-azure.json"
    found = read_inventory(str(corpus / path))
    prefixes = sorted(str(each.prefixes[0]) for each in found.subnets)
    assert prefixes == [f"10.1.{number}.0/24" for number in range(1, 5)]
    assert found.contradictions == ()


def test_case_21_a_page_and_the_empty_one_behind_it(corpus):
    folder = corpus / "azure-cli-recordings" / "arm" / "aks-list"
    first = str(folder / "test-aks-create-blb-vmas.json")
    empty = str(folder / "test-aks-create-blb-vmas-emptypage.json")
    assert not read_inventory(first).complete
    both = read_inventory(first, empty)
    assert (both.complete, len(both.clusters)) == (True, 1)


def test_case_22_resource_graph_says_when_there_is_more(corpus):
    shared = corpus / "assembled" / "shared"
    part = read_inventory(str(shared / "arg-rest.json"))
    assert (part.complete, len(part.vnets)) == (False, 40)
    whole = read_inventory(str(shared / "az-graph-query.json"))
    assert (whole.complete, len(whole.vnets), len(whole.clusters)) == (True, 68, 27)


def test_the_csv_files_are_the_list_that_they_were_made_of(corpus):
    path = "azure-cli-recordings/az-cli/vnet-list/05-68vnets-api2024-05-01.json"
    whole = read_inventory(str(corpus / path))
    ranges = sorted(str(p) for each in whole.subnets for p in each.prefixes)
    for file in sorted((corpus / "assembled" / "shared").glob("*.csv")):
        found = read_inventory(str(file))
        assert sorted(str(p) for s in found.subnets for p in s.prefixes) == ranges, file


def test_one_estate_reads_alike_in_every_spelling_of_azures(corpus):
    recordings = corpus / "azure-cli-recordings"
    pairs = 0
    for new in sorted((recordings / "az-cli").rglob("*.json")):
        kind = {"aks-show": "aks", "vnet-show": "vnet", "subnet-show": "subnet"}
        folder = kind.get(new.parent.name, new.parent.name)
        raw = recordings / "arm" / folder / new.name
        if raw.is_file():
            # az follows page links and keeps nothing of them.
            first = replace(read_inventory(str(raw)), incomplete=())
            assert first == read_inventory(str(new)), new
            pairs += 1
    assert pairs >= 40


def test_clusters_of_the_corpus_are_sized_whatever_file_they_came_in(corpus):
    for _, path, literal in index(corpus):
        if not literal[2]:
            continue
        for cluster in read_inventory(str(path)).clusters:
            for sizing in ipplan.size_cluster(cluster).values():
                assert sizing.unknown or sizing.node_subnets
