"""What ``ipplan layout`` and others write, and that nothing that is read is lost."""

import json
import os
import pty
from pathlib import Path

import pytest

from ipplan.readers import locks
from ipplan.readers.files import same_file
from tests.layout_samples import ESTATE, MORE, SHOP

LOCK = "shop.lock.json"
KEEPING = "the lock is not written while there are errors"

SMALL = """\
name: shop
networks:
  - name: hub
    ranges: [10.0.0.0/22]
    services: [{kind: firewall, prefix: /28}]
    subnets: [{name: a, prefix: /28}]
"""
"""A firewall in a subnet that Azure refuses."""

MANY = """\
networks:
  - name: hub
    ranges: [10.0.0.0/22]
    clusters: [{name: c, model: cni-overlay, pools: [{name: system, nodes: 3}]}]
    subnets: [%s]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def plan(folder):
    """Write the plan anew."""

    def write(text, name="shop.yaml"):
        (folder / name).write_text(text, "utf-8")
        return name

    return write


def refused(cli, *words):
    """The line with which a command ends before it has done anything."""
    before = {each: each.read_bytes() for each in Path().iterdir() if each.is_file()}
    code, out, err = cli(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert before == {e: e.read_bytes() for e in Path().iterdir() if e.is_file()}
    return err.removeprefix("error: ").rstrip()


# What is read is not written over.


@pytest.fixture
def linked(plan, folder):
    plan(SHOP)
    (folder / "sub").mkdir()
    Path("soft.yaml").symlink_to("shop.yaml")
    Path("hard.yaml").hardlink_to("shop.yaml")


@pytest.mark.parametrize("language", ["table", "bicep"])
@pytest.mark.parametrize(
    "out", ["shop.yaml", "./shop.yaml", "sub/../shop.yaml", "soft.yaml", "hard.yaml"]
)
@pytest.mark.usefixtures("linked")
def test_the_plan_is_not_written_over(cli, out, language):
    told = refused(cli, "layout", "shop.yaml", "-o", language, "--out", out)
    assert told == f"--out '{out}': is the plan"
    told = refused(cli, "layout", "shop.yaml", "--lock", out)
    assert told == f"--lock '{out}': is the plan"


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.usefixtures("linked")
def test_the_lock_is_not_written_over(cli, there):
    if there:
        cli("layout", "shop.yaml")
    told = refused(cli, "layout", "shop.yaml", "-o", "bicep", "--out", f"sub/../{LOCK}")
    assert told == f"--out 'sub/../{LOCK}': is the lock"
    asked = ("layout", "shop.yaml", "--lock", "mine", "--out", "mine")
    assert refused(cli, *asked) == "--out 'mine': is the lock"
    asked = ("layout", "shop.yaml", "--no-lock", "--out", LOCK)
    assert refused(cli, *asked) == f"--out '{LOCK}': is the lock"


@pytest.mark.parametrize("option", ["--out", "--lock"])
def test_what_exists_is_not_written_over(plan, cli, option):
    plan(ESTATE, "estate.yaml")
    told = refused(cli, "layout", plan(MORE), option, "estate.yaml")
    assert told == f"{option} 'estate.yaml': is one of the files read"


@pytest.mark.parametrize(
    "words",
    [
        ["inventory", "a.yaml"],
        ["inventory", "."],
        ["check", "b.yaml", "a.yaml"],
        ["check", "b.yaml", "--baseline", "a.yaml"],
        ["next", "b.yaml", "a.yaml", "--size", "/24"],
        ["size", "--from", "a.yaml"],
        ["sweep", "--scenarios", "a.yaml", "--nodes", "3"],
    ],
)
def test_no_command_writes_over_what_it_reads(plan, cli, words):
    plan(ESTATE, "a.yaml")
    plan(ESTATE, "b.yaml")
    told = refused(cli, *words, "--out", "./a.yaml")
    assert told == "--out './a.yaml': is one of the files read"


def test_charts_are_not_drawn_over_what_is_read(plan, cli):
    plan("{}", "a.svg")
    asked = ("sweep", "--scenarios", "a.svg", "--nodes", "3", "--chart", "a.svg")
    assert refused(cli, *asked) == "--chart 'a.svg': is one of the files read"


@pytest.mark.usefixtures("folder")
def test_a_terminal_is_read_and_written(cli):
    ours, theirs = pty.openpty()
    terminal = os.ttyname(theirs)
    os.write(ours, b"\x04")
    code, _, err = cli("inventory", terminal, "--out", terminal)
    os.close(ours)
    os.close(theirs)
    assert (code, err) == (3, f"error: {terminal}: empty\n")


def test_standard_input_is_no_file(plan, cli, monkeypatch):
    plan("", "-")
    monkeypatch.setattr("sys.stdin", None)
    code, _, err = cli("inventory", "-", "--out", "-")
    assert (code, err) == (3, "error: -: standard input is closed\n")


def test_a_name_that_can_be_no_file_is_none():
    assert not same_file("a\0b", "c")


# Plans that are none.


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", ": no file is named so"),
        (".", ".: Is a directory"),
        ("..", "..: Is a directory"),
        ("/", "/: Is a directory"),
        ("none/", "none/: No such file or directory"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_is_no_plan_is_told(cli, name, told):
    assert cli("layout", name) == (3, "", f"error: {told}\n")


# Locks that can be none.


@pytest.mark.parametrize("name", ["", "-"])
def test_a_lock_has_a_name(plan, cli, name):
    told = refused(cli, "layout", plan(SHOP), "--lock", name)
    assert told == f"--lock '{name}': the name of a file"


@pytest.mark.parametrize("words", [("--lock", "pipe"), ("--lock", "folder"), ()])
def test_a_lock_is_a_regular_file(plan, cli, words):
    os.mkfifo("pipe")
    Path("folder").mkdir()
    Path(LOCK).symlink_to("pipe")
    told = refused(cli, "layout", plan(SHOP), *words)
    name = words[1] if words else LOCK
    assert told == f"--lock '{name}': a lock must be a regular file"


# What is beside a plan and its own.


def test_what_was_written_into_a_folder_that_is_read_is_not_written_over(plan, cli):
    text = f"existing: [.]\n{SHOP}"
    plan(ESTATE, "estate.yaml")
    asked = ("layout", plan(text), "-o", "arm", "--out", "main.json")
    first = cli(*asked)
    assert (first.code, first.err) == (0, f"wrote {LOCK}\n")
    before = Path("main.json").read_bytes()
    refused = "error: --out 'main.json': is one of the files read\n"
    assert cli(*asked) == (2, "", refused)
    assert cli(*asked, "--no-lock") == (2, "", refused)
    assert Path("main.json").read_bytes() == before


def test_what_is_only_proposed_is_told_once_a_file(plan, cli):
    plan(ESTATE, "estate.yaml")
    for name in ("one", "two"):
        ranges = "10.1.0.0/24" if name == "one" else "10.2.0.0/24"
        plan(f"vnets: [{{name: {name}, ranges: [{ranges}]}}]", f"{name}.yaml")
    several = [f"{{name: n{each}, ranges: [10.3.{each}.0/24]}}" for each in range(7)]
    plan(f"vnets: [{', '.join(several)}]", "seven.yaml")
    names = ", ".join(f"{{name: n{each}}}" for each in range(7))
    text = "existing: [one.yaml, two.yaml, seven.yaml]\nnetworks: [{name: one}, %s]"
    _, _, err = cli("layout", plan(text % f"{{name: two}}, {{name: own}}, {names}"))
    theirs = "their ranges are kept, and the code leaves them out"
    end = "ranges are kept, and the code leaves"
    assert err.splitlines() == [
        f"one is only proposed by one.yaml: its {end} it out",
        f"n0, n1, n2, n3, n4 and 2 more are only proposed by seven.yaml: {theirs}",
        f"two is only proposed by two.yaml: its {end} it out",
        f"wrote {LOCK}",
    ]


# When the lock is written, and what it gives up.


def test_no_lock_keeps_what_azure_refuses(plan, cli):
    code, out, err = cli("layout", plan(SMALL))
    assert (code, err) == (1, f"{KEEPING}\n")
    assert "special-subnet-size" in out
    code, out, err = cli("layout", "shop.yaml", "-o", "bicep", "--fail-on", "never")
    assert code == 0
    assert out
    assert err.endswith(f"(special-subnet-size)\n{KEEPING}\n")
    assert not Path(LOCK).exists()
    mended = cli("layout", plan(SMALL.replace("/28}]\n    sub", "/26}]\n    sub")))
    assert (mended.code, mended.err) == (0, f"wrote {LOCK}\n")


def test_an_error_in_what_is_kept_already_keeps_nothing_back(plan, cli, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("ipplan.cli.locks._has_errors", lambda *_: False)
        assert cli("layout", plan(SMALL)).err == f"wrote {LOCK}\n"
    more = SMALL.replace("name: a,", "name: b, prefix: /28}, {name: a,")
    code, _, err = cli("layout", plan(more))
    assert (code, err) == (1, f"wrote {LOCK}\n")


def test_what_is_given_up_is_told(plan, cli):
    cli("layout", plan(MANY % "{name: k, prefix: /28}, {name: l, prefix: /28}"))
    told = cli("layout", plan(MANY % "{name: l, prefix: /28}")).err
    assert told.startswith(f"wrote {LOCK}; given up: hub/k 10.0.")
    assert told.endswith("/28\n")
    gone = (MANY % "{name: l, prefix: /28}").replace("    clusters", "#")
    told = cli("layout", plan(gone)).err
    assert ", pods of c 100.64.0.0/21" in told
    assert ", services of c 172.16.0.0/16" in told
    assert "more" not in told


@pytest.mark.parametrize(("count", "more"), [(5, ""), (6, ", and 1 more")])
def test_no_more_than_five_are_told_one_by_one(plan, cli, count, more):
    names = [f"{{name: s{each}, prefix: /28}}" for each in range(count)]
    kept = "{name: k, prefix: /28}"
    plan(MANY % ", ".join([*names, kept]))
    cli("layout", "shop.yaml")
    told = cli("layout", plan(MANY % kept)).err.rstrip()
    assert told.count("hub/s") == 5
    assert told.endswith(f"/28{more}")


def test_what_gets_an_id_is_not_given_up(plan, cli):
    cli("layout", plan(MANY % ""))
    named = "resource_group: net\n    name: hub"
    text = (MANY % "{name: k, prefix: /28}").replace("name: hub", named)
    assert cli("layout", plan(text)).err == f"wrote {LOCK}\n"


# Two that run at the same time.


@pytest.mark.parametrize("nth", [2, 3])
@pytest.mark.parametrize("first", [True, False])
def test_a_lock_that_was_changed_meanwhile_is_left(plan, cli, monkeypatch, nth, first):
    if not first:
        cli("layout", plan(MANY % ""))
    plan(MANY % "{name: k, prefix: /28}")
    other = {
        "ipplan_lock": 1,
        "note": "",
        "plan": "shop",
        **{key: {} for key in ("networks", "subnets", "pod_cidrs", "service_cidrs")},
    }
    reads, read_lock = [], locks.read_lock

    def read(file, name):
        reads.append(file)
        if len(reads) == nth:
            Path(LOCK).write_text(json.dumps(other), "utf-8")
        return read_lock(file, name)

    monkeypatch.setattr("ipplan.readers.locks.read_lock", read)
    code, _, err = cli("layout", "shop.yaml", "-o", "az", "--out", "main.sh")
    assert (code, err) == (3, f"error: {LOCK} was changed meanwhile: run again\n")
    assert json.loads(Path(LOCK).read_text("utf-8")) == other
    assert Path("main.sh").exists() == (nth == 3)
    assert cli("layout", "shop.yaml").err.startswith(f"wrote {LOCK}")


def test_a_family_that_is_given_up_is_told(plan, cli):
    text = (
        "address_pools: [{name: a, ranges: [10.0.0.0/16, 'fd00::/56']}]\n"
        "networks: [{name: x, dual_stack: DUAL, subnets: [{name: a, hosts: 3}]}]\n"
    )
    asked = ("layout", plan(text.replace("DUAL", "true")))
    assert cli(*asked).err == f"wrote {LOCK}\n"
    plan(text.replace("DUAL", "false"))
    told = "given up: x fd00::/64, x/a fd00::/64"
    assert cli(*asked).err == f"wrote {LOCK}; {told}\n"
