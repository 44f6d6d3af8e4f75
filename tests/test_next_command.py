"""``ipplan next``: plain ranges for scripts, and what there is to say beside them."""

import json

import jsonschema
import pytest

from ipplan.schemas import json_schema

POOLS = """\
ipplan: 1
address_pools:
  - {name: azure, ranges: [10.0.0.0/16, "fd00::/48"]}
vnets:
  - {name: hub, ranges: [10.0.0.0/24]}
  - {name: spoke, ranges: [10.0.9.0/24]}
"""


@pytest.fixture
def plan(tmp_path):
    """A file of ipplan's own YAML."""

    def write(text=POOLS, name="pools.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_a_range_a_line_goes_to_standard_output_and_the_rest_beside(cli, plan):
    done = cli("next", "--size", "/24", "--count", "2", plan())
    assert (done.code, done.out) == (0, "10.0.1.0/24\n10.0.2.0/24\n")
    assert done.err.splitlines() == [
        (
            "pool azure 10.0.0.0/16 has 64,512 addresses left, the largest block "
            "10.0.128.0/17"
        ),
        "clear of 2 ranges of VNets",
    ]


def test_near_a_network_it_says_which_clusters_do_not_count(cli, plan):
    done = cli("next", "--size", "24", "--near", "SPOKE", plan())
    assert (done.code, done.out) == (0, "10.0.8.0/24\n")
    assert done.err.splitlines()[-1] == (
        "clusters that spoke does not reach do not count"
    )


def test_ipv6_is_counted_in_subnets(cli, plan):
    done = cli("next", "--size", "/63", plan())
    assert done.out == "fd00::/63\n"
    assert done.err == (
        "pool azure fd00::/48 has 65,534 /64s left, the largest block "
        "fd00:0:0:8000::/49\n"
    )
    done = cli("next", "--size", "/64", "-o", "wide", plan())
    assert done.out.splitlines()[:2] == [
        "range      pool   holds",
        "fd00::/64  azure  1 /64",
    ]


def test_fewer_than_asked_for_are_printed_and_exit_with_1(cli, plan):
    done = cli("next", "--size", "/17", "--count", "2", plan())
    assert (done.code, done.out) == (1, "10.0.128.0/17\n")
    assert done.err.startswith(
        "found 1 of 2: no further /17 is free; the largest free block is 10.0.64.0/18\n"
    )


def test_where_none_is_free_nothing_is_printed(cli, plan):
    done = cli("next", "--size", "/16", plan())
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(
        "found 0 of 1: no /16 is free; the largest free block is 10.0.128.0/17\n"
    )
    done = cli("next", "--size", "/16", "-o", "csv", plan())
    assert (done.code, done.out.strip()) == (1, "")
    assert "csv has a row for each range: there is none\n" in done.err


def test_a_pool_that_is_full_says_so(cli, plan):
    text = "address_pools: [{name: a, ranges: [10.0.0.0/28]}]\n"
    taken = "vnets: [{name: hub, ranges: [10.0.0.0/28]}]\n"
    done = cli("next", "--size", "/29", plan(text + taken))
    assert done.err.splitlines() == [
        "found 0 of 1: no /29 is free; nothing else is",
        "pool a 10.0.0.0/28 has 0 addresses left",
        "clear of 1 range of VNets",
    ]
    done = cli("next", "--size", "/29", "--count", "3", plan(text))
    assert done.err.splitlines() == [
        "found 2 of 3: no further /29 is free; nothing else is",
        "pool a 10.0.0.0/28 has 0 addresses left",
    ]


def test_an_aggregate_on_premises_is_told(cli, plan):
    text = 'on_premises: [{name: "=dc", ranges: [10.0.0.0/8, 10.0.1.0/24]}]\n'
    done = cli("next", "--size", "/24", plan(POOLS + text))
    assert done.out == "10.0.2.0/24\n"
    assert done.err.splitlines()[1:] == [
        "clear of 2 ranges of VNets, 1 range on premises",
        (
            "not clear of 10.0.0.0/8 on premises (=dc): it is larger than a range of "
            "the pools, and more specific routes win over it"
        ),
    ]


@pytest.mark.parametrize("options", [[], ["--near", "hub"], ["--count", "300"]])
def test_its_json_is_as_its_schema_says(cli, plan, options):
    done = cli("next", "--size", "/24", "-o", "json", *options, plan())
    document = json.loads(done.out)
    jsonschema.validate(document, json_schema("next"))
    given = {"near": "hub"} if "--near" in options else {}
    count = 300 if "300" in options else 1
    assert document["input"] == {"size": "/24", "count": count, **given}
    assert (document["near"] is None) == (not given)
    assert len(document["ranges"]) == min(count, 254)
    assert document["ranges"][0] == {
        "cidr": "10.0.1.0/24", "pool": "azure", "addresses": 256
    }  # fmt: skip
    (room,) = document["pools"]
    assert room["addresses"] == 2**16
    assert room["free"] == 2**16 - 512 - 256 * len(document["ranges"])
    assert document["complete"] is True


def test_its_tables_name_the_pool(cli, plan):
    wide = cli("next", "--size", "/24", "-o", "wide", plan())
    assert wide.err == ""
    assert wide.out == (
        "range        pool   holds\n"
        "10.0.1.0/24  azure  256 addresses\n\n"
        "pool azure 10.0.0.0/16 has 64,768 addresses left, the largest block\n"
        "10.0.128.0/17\n"
        "clear of 2 ranges of VNets\n"
    )
    table = cli("next", "--size", "/24", "-o", "markdown", plan()).out
    assert "| 10.0.1.0/24 | azure | 256 addresses |" in table
    assert cli("next", "--size", "/24", "-o", "csv", plan()).out == (
        "cidr,pool,addresses\n10.0.1.0/24,azure,256\n"
    )


def test_a_name_that_is_hostile_stays_in_its_cell(cli, plan):
    text = "address_pools: [{name: '=1|`x', ranges: [10.0.0.0/16]}]\n"
    file = plan(text)
    assert (
        "10.0.0.0/24,'=1|`x,256" in cli("next", "--size", "24", "-o", "csv", file).out
    )
    table = cli("next", "--size", "24", "-o", "markdown", file).out
    assert "=1\\|\\`x" in table


def test_it_is_queried_and_written_like_the_others(cli, plan, tmp_path):
    out = tmp_path / "next.txt"
    done = cli("next", "--size", "/24", "--out", str(out), plan())
    assert (done.code, done.out, out.read_text("utf-8")) == (0, "", "10.0.1.0/24\n")
    done = cli("next", "--size", "/24", "--query", "ranges[].cidr", plan())
    assert "10.0.1.0/24" in done.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--size", "/30"], "--size '/30': /2 to /29 of IPv4, or /33 to /64 of IPv6"),
        (["--size", "/24", "--count", "0"], "--count 0: a whole number of 1 to 10,000"),
        (["--size", "/24", "--count", "x"],
         "--count 'x': a whole number of 1 to 10,000"),
        (["--size", "/24", "--near", "x"],
         "--near 'x': a VNet that was read, such as hub, spoke"),
        (["--size", "/24", "--pool", "x"], "--pool 'x': one for VNets: azure"),
    ],
)  # fmt: skip
def test_what_is_impossible_is_refused_in_one_line(cli, plan, options, message):
    done = cli("next", *options, plan())
    assert (done.code, done.out, done.err) == (2, "", f"error: {message}\n")


def test_without_a_pool_it_says_how_to_declare_one(cli, plan):
    done = cli(
        "next", "--size", "/24", plan("vnets: [{name: a, ranges: [10.0.0.0/8]}]")
    )
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "error: address pool for VNets missing: declare one in ipplan's own YAML, and "
        "name that file as well: address_pools: [{name: azure, ranges: "
        "[10.64.0.0/12]}]\n"
    )


def test_what_was_not_read_is_told(cli, plan):
    home = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network"
    vnets = [
        {
            "id": f"{home}/virtualNetworks/v{index}",
            "addressSpace": {"addressPrefixes": [prefix]},
        }
        for index, prefix in enumerate(["10.0.1.7/24", "10.0.2.0/24"])
    ]
    files = plan(), plan(json.dumps(vnets), "vnets.json")
    done = cli("next", "--size", "/24", "-o", "json", *files)
    assert (done.code, json.loads(done.out)["complete"]) == (0, False)
    assert "skipped" in done.err
    done = cli("next", "--size", "/24", "--strict", *files)
    assert (done.code, done.out) == (3, "10.0.1.0/24\n")


def test_the_same_file_gives_the_same_pools_from_what_inventory_prints(
    cli, plan, tmp_path
):
    saved = tmp_path / "saved.json"
    assert cli("inventory", "-o", "json", "--out", str(saved), plan()).code == 0
    asked = ("next", "--size", "/22", "--count", "3")
    assert cli(*asked, str(saved)).out == cli(*asked, plan()).out


# Beside layouts.

PLAN = """\
ipplan: 1
existing: [pools.yaml]
networks:
  - name: shop
    subnets: [{name: apps, hosts: 200}]
    clusters: [{name: web, model: cni-overlay, pools: [{name: a, nodes: 3}]}]
"""


def test_what_a_layout_promised_is_kept_clear_of(cli, plan):
    pools = plan()
    shop = plan(PLAN, "shop.yaml")
    laid = json.loads(cli("layout", shop, "-o", "json").out)
    (network,) = laid["networks"]
    assert network["ranges"] == ["10.0.2.0/23"]
    lock = shop.replace(".yaml", ".lock.json")
    without = cli("next", "--size", "/23", pools)
    beside = cli("next", "--size", "/23", pools, lock)
    assert (without.out, beside.out) == ("10.0.2.0/23\n", "10.0.4.0/23\n")
    assert "2 pod and service CIDRs" in beside.err


def test_a_layout_keeps_clear_of_what_another_promised(cli, plan):
    plan()
    cli("layout", plan(PLAN, "shop.yaml"))
    text = PLAN.replace("shop", "news").replace("web", "press")
    news = plan(text.replace("yaml]", "yaml, shop.lock.json]"), "news.yaml")
    found = json.loads(cli("layout", news, "-o", "json").out)
    assert found["networks"][0]["ranges"] == ["10.0.10.0/23"]
    alone = json.loads(cli("layout", plan(text, "alone.yaml"), "-o", "json").out)
    assert alone["networks"][0]["ranges"] == ["10.0.2.0/23"]


def test_a_plan_of_networks_says_to_give_its_lock(cli, plan):
    done = cli("next", "--size", "/23", plan(PLAN, "shop.yaml"))
    assert done.code == 3
    assert "networks: is laid out and checked by ipplan layout: give its lock" in (
        done.err
    )
    assert "keep address_pools in a file of their own" in done.err
