"""The hand-worked answers for real payloads, and what others published."""

import json
from datetime import date

import pytest

from ipplan import (
    Cidr,
    Inventory,
    InventoryError,
    Severity,
    Subnet,
    VNet,
    read_inventory,
)
from ipplan.checks.checkups import check
from ipplan.findings import Effect
from tests.test_check_core import cluster, cs, vnet

AS_OF = date(2026, 11, 24)
TF = "tf-plans/zodiac"
AZ = "azure-cli-recordings"


def checked(corpus, *files):
    return check(read_inventory(*(str(corpus / each) for each in files)), as_of=AS_OF)


def rules(found, *severities):
    """Rules of findings, how bad each is, without retirements."""
    return sorted(
        (each.severity.value, each.rule)
        for each in found.findings
        if not each.rule.endswith("-retirement")
        and (not severities or each.severity in severities)
    )


@pytest.mark.parametrize(
    ("file", "pairs", "notes"),
    [
        ("az-cli/vnet-list/05-68vnets-api2024-05-01.json", 1395, 2),
        ("az-cli/vnet-list/01-63vnets-api2017-10-01.json", 1086, 2),
        ("arm/vnet-list/07-51vnets-api2023-11-01.json", 903, 0),
    ],
)
def test_cases_1_and_2_networks_that_nothing_joins_may_overlap(
    corpus, file, pairs, notes
):
    (path,) = (corpus / AZ).glob(file[: file.index("vnets-") + 6] + "*")
    found = checked(corpus, str(path))
    assert found.unrelated.overlaps == pairs
    assert rules(found) == [("note", "vnet-public-range")] * notes


def test_case_3_an_estate_that_is_clean(corpus):
    found = checked(corpus, "estates/create-and-update-with-http-proxy-config")
    assert rules(found, Severity.ERROR, Severity.WARNING) == []


def test_case_4_a_service_cidr_that_a_peered_network_has(corpus):
    found = checked(
        corpus, f"{TF}/terraform-aks-eks-clusters-main-terraform-azure.json"
    )
    assert rules(found, Severity.ERROR) == []
    assert (
        "warning",
        "service-cidr-meets-reachable-network",
    ) in rules(found)
    assert any("not read" in each.why for each in found.unknown)


def test_case_5_the_default_service_cidr_in_a_vnet_that_is_too_large(corpus):
    found = checked(corpus, f"{TF}/iac-master-azure.json")
    assert rules(found, Severity.ERROR) == []
    assert ("warning", "service-cidr-in-vnet") in rules(found)


def test_case_6_two_networks_that_are_peered_and_apart(corpus):
    found = checked(corpus, f"{TF}/infrastructure-main-terraform.json")
    assert rules(found, Severity.ERROR, Severity.WARNING) == []


def test_case_7_a_service_cidr_between_the_subnets(corpus):
    found = checked(corpus, f"{TF}/aks-main-terraform.json")
    assert rules(found, Severity.ERROR, Severity.WARNING) == [
        ("warning", "service-cidr-in-vnet")
    ]


def test_case_8_public_space_is_a_note(corpus):
    found = checked(corpus, f"{TF}/agw-kv-cert-tf-main.json")
    assert rules(found, Severity.ERROR) == []
    assert ("note", "vnet-public-range") in rules(found)


def test_case_9_a_subnet_outside_its_vnet(corpus):
    file = "VirtualNetworkCreateSubnetWithAddressPrefixes.json"
    found = checked(corpus, f"azure-rest-api-specs/network/{file}")
    (error,) = [each for each in found.findings if each.severity is Severity.ERROR]
    assert error.rule == "subnet-outside-vnet"
    assert "10.1.0.0/28" in error.message


def test_case_10_what_an_ipam_pool_gives_is_unknown(corpus):
    file = "VirtualNetworkCreateWithIpamPool.request.json"
    found = checked(corpus, f"azure-rest-api-specs/network/{file}")
    assert found.findings == ()
    assert len(found.unknown) >= 2
    assert found.unrelated.overlaps == 0


def test_case_11_the_network_of_clusters_that_was_not_read_is_unknown(corpus):
    found = checked(corpus, "psrule/Resources.AKS.json")
    assert any("not read" in each.why for each in found.unknown)


def test_case_13_a_peering_of_one_side(corpus):
    (path,) = (corpus / AZ / "arm/peering").glob("11-*")
    found = checked(corpus, str(path))
    assert rules(found) == [("warning", "peering-not-connected")]


@pytest.mark.parametrize(
    "file", ["39-azure-overlay-virtualmachines", "23-azure-overlay"]
)
def test_cases_14_and_16_overlay_clusters_are_clean(corpus, file):
    found = checked(corpus, f"{AZ}/arm/aks/{file}.json")
    assert rules(found, Severity.ERROR, Severity.WARNING) == []


def test_case_15_a_cluster_without_pools_is_unknown(corpus):
    (path,) = (corpus / AZ / "arm/aks").glob("35-*-0pools.json")
    found = checked(corpus, str(path))
    assert rules(found, Severity.ERROR) == []
    assert any("node count" in each.why for each in found.unknown)


def test_case_17_a_service_cidr_in_a_vnet_of_a_sample(corpus):
    found = checked(corpus, "quickstarts/private-aks-cluster")
    assert rules(found, Severity.ERROR) == []
    assert ("warning", "service-cidr-in-vnet") in rules(found)


def test_case_18_a_hub_and_two_spokes_are_clean(corpus):
    found = checked(corpus, "quickstarts/hub-and-spoke-sandbox")
    assert rules(found, Severity.ERROR, Severity.WARNING) == []


def test_case_19_a_plan_without_overlaps(corpus):
    found = checked(corpus, "tf-plans/tfplan2md-comprehensive.json")
    assert not [each for each in found.findings if "overlap" in each.rule]
    assert "decom" not in " ".join(each.message for each in found.findings)


def test_case_20_what_is_listed_twice_does_not_overlap_itself(corpus):
    path = "tf-plans/zodiac-duplicated/devops-main-infrastructure-azure.json"
    found = checked(corpus, path)
    assert "subnets-overlap" not in {each.rule for each in found.findings}


def test_cases_21_and_22_what_is_incomplete_says_so(corpus):
    for file in (
        f"{AZ}/arm/aks-list/test-aks-create-blb-vmas.json",
        "assembled/shared/arg-rest.json",
    ):
        assert not checked(corpus, file).inventory.complete


def test_every_payload_is_checked_and_none_ends_in_a_traceback(corpus):
    with (corpus / "INDEX.tsv").open(encoding="utf-8") as lines:
        files = [line.split("\t")[0] for line in lines][1:]
    count = 0
    for file in files:
        try:
            inventory = read_inventory(str(corpus / file))
        except InventoryError:
            continue  # what can't be read has its own tests
        found = check(inventory, as_of=AS_OF)
        count += 1
        # What Azure has accepted it will not refuse now.
        planned = any(
            each.origin.evidence == "proposed"
            for each in (
                *inventory.vnets,
                *inventory.clusters,
                *inventory.subnets,
                *inventory.peerings,
            )
        )
        effects = {each.effect for each in found.findings}
        assert planned or Effect.REFUSED not in effects
        assert all(each.location for each in found.findings)
    assert count > 200


# Answers that Azure gave


def oracle(corpus, number):
    (path,) = (corpus / "azure-error-oracles").glob(f"{number}-*.json")
    return json.loads(path.read_text(encoding="utf-8"))


def found_in(*args, **more):
    vnets = tuple(sorted(args, key=lambda each: each.id))
    clusters = tuple(more.pop("clusters", ()))
    return check(Inventory(vnets, clusters, **more), as_of=AS_OF)


def test_oracle_13_a_pod_cidr_in_its_vnet_is_a_warning_today(corpus):
    # Refused before 2024-10-25; since then the subnets alone are compared.
    given = oracle(corpus, 13)["scenario"]
    spoke = vnet("spoke", given["vnet"], subnets=[("aks", "10.240.0.0/22")])
    shop = cluster("shop", "spoke/subnets/aks", pod_cidrs=cs(given["podCidr"]))
    found = found_in(spoke, clusters=[shop])
    overlaps = [each for each in rules(found) if "in-vnet" in each[1]]
    assert overlaps == [("warning", "pod-cidr-in-vnet")]


def test_oracle_15_an_absent_service_cidr_is_10_0_0_0_16(corpus):
    given = oracle(corpus, 15)["scenario"]
    spoke = vnet("spoke", given["vnet"], subnets=[("aks", given["subnet"])])
    services = cs(given["serviceCidr_default"])
    shop = cluster(
        "shop",
        "spoke/subnets/aks",
        service_cidrs=services,
        assumed=("service_cidrs",),
        pod_cidrs=cs("192.168.0.0/16"),
    )
    found = found_in(spoke, clusters=[shop])
    assert ("error", "service-cidr-meets-subnet") in rules(found)


def test_oracle_17_a_stale_peering_blocks_its_range(corpus, tmp_path):
    given = oracle(corpus, 17)
    shared = given["observed"]["overlap"]
    home = "/subscriptions/s/resourcegroups/net/providers/microsoft.network"
    file = {
        "id": f"{home}/virtualNetworks/{given['scenario']['peer']}",
        "name": given["scenario"]["peer"],
        "type": "Microsoft.Network/virtualNetworks",
        "addressSpace": {"addressPrefixes": ["10.1.0.0/22"]},
        "subnets": [],
        "virtualNetworkPeerings": [
            {
                "name": state,
                "peeringState": state,
                "remoteVirtualNetwork": {"id": f"{home}/virtualNetworks/{name}"},
                "remoteAddressSpace": {"addressPrefixes": [shared]},
            }
            for name, state in (
                (given["scenario"]["already"], "Disconnected"),
                (given["scenario"]["new"], "Initiated"),
            )
        ],
    }
    path = tmp_path / "hub.json"
    path.write_text(json.dumps(file))
    found = check(read_inventory(str(path)), as_of=AS_OF)
    assert ("error", "vnet-second-hop-overlap") in rules(found)


def test_oracle_19_subnets_of_one_vnet_do_not_overlap(corpus):
    given = oracle(corpus, 19)["scenario"]
    names = enumerate(given["subnets"])
    dmz = vnet("dmz", given["vnet"], subnets=[(f"s{n}", each) for n, each in names])
    assert rules(found_in(dmz)) == [("error", "subnets-overlap")]


def test_oracle_23_ranges_of_one_first_address_overlap(corpus):
    one, two = map(Cidr.parse, oracle(corpus, 23)["scenario"]["vnets"])
    assert one.overlaps(two)
    a, b = vnet("a", str(one), peers=["b"]), vnet("b", str(two))
    assert ("error", "peered-vnets-overlap") in rules(found_in(a, b))
    assert rules(found_in(vnet("a", str(one)), b)) == []


def test_oracle_9_a_pod_cidr_and_a_service_cidr_that_are_neighbours(corpus):
    given = oracle(corpus, "09")["scenario"]
    shop = cluster(
        "shop",
        pod_cidrs=cs(given["podCidr"]),
        service_cidrs=cs(given["serviceCidr"]),
    )
    assert rules(found_in(clusters=[shop]), Severity.ERROR) == []


def test_a_subnet_by_itself_is_in_no_vnet_that_could_be_judged():
    lone = VNet("/x/virtualnetworks/v", "v", seen=False)
    lone = VNet(lone.id, "v", (), (Subnet(f"{lone.id}/subnets/s", "s"),), seen=False)
    assert found_in(lone).findings == ()
