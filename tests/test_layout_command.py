"""``ipplan layout``: what it prints, when it fails, and that no lock is lost."""

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from ipplan import read_inventory
from ipplan.emitters import EMITTERS
from ipplan.readers.locks import read_lock
from ipplan.schemas import json_schema
from tests.layout_samples import ESTATE, FULL, GROWN, MORE, SHOP

LOCK = "shop.lock.json"
MORE_ENDPOINTS = SHOP.replace("{kind: key-vault}", "{kind: key-vault, count: 3}")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("estate.yaml").write_text(ESTATE, "utf-8")
    return tmp_path


@pytest.fixture
def plan(folder):
    """Write the plan anew."""

    def write(text, name="shop.yaml"):
        (folder / name).write_text(text, "utf-8")
        return name

    return write


def ranges(out):
    return {each["id"]: each["ranges"] for each in json.loads(out)["subnets"]}


# What it prints, and the lock.


def test_the_first_layout_writes_the_lock(plan, cli):
    code, out, err = cli("layout", plan(SHOP))
    assert (code, err) == (0, f"wrote {LOCK}\n")
    assert out.startswith("shop: 2 networks, 5 subnets, 1 cluster;")
    lock = read_lock(LOCK, "shop")
    assert lock is not None
    assert len(lock.ranges) == 7


def test_the_second_keeps_to_it_and_writes_nothing(plan, cli):
    first = cli("layout", plan(SHOP), "-o", "json")
    before = Path(LOCK).stat()
    second = cli("layout", "shop.yaml", "-o", "json")
    assert (second.code, second.err) == (0, "")
    assert ranges(second.out) == ranges(first.out)
    assert {e["whence"] for e in json.loads(second.out)["subnets"]} == {"locked"}
    assert Path(LOCK).stat().st_mtime_ns == before.st_mtime_ns
    assert Path(LOCK).stat().st_ino == before.st_ino


def test_json_is_as_promised(plan, cli):
    out = cli("layout", plan(SHOP), "-o", "json", "--as-of", "2026-11-24").out
    document = json.loads(out)
    jsonschema.validate(document, json_schema("layout"))
    assert document["input"] == {"plan": "shop.yaml", "as_of": "2026-11-24"}
    assert document["as_of"] == "2026-11-24"


def test_something_more_moves_nothing(plan, cli):
    before = ranges(cli("layout", plan(SHOP), "-o", "json").out)
    more = SHOP.replace("{kind: bastion}", "{kind: bastion}, {kind: build-agents}")
    after = cli("layout", plan(more), "-o", "json")
    assert after.err == f"wrote {LOCK}\n"
    found = ranges(after.out)
    assert len(found) == len(before) + 1
    assert found.items() >= before.items()


def test_a_lock_can_lie_elsewhere(plan, cli, folder):
    (folder / "locks").mkdir()
    asked = ("layout", plan(SHOP), "--lock", "locks/a.json")
    assert cli(*asked).err == "wrote locks/a.json\n"
    assert not Path(LOCK).exists()
    assert cli(*asked).err == ""


def test_without_a_lock_none_is_read_and_none_written(plan, cli):
    Path(LOCK).write_text("no lock", "utf-8")
    code, out, err = cli("layout", plan(SHOP), "--no-lock")
    assert (code, err) == (0, "")
    assert "(new)" in out
    assert Path(LOCK).read_text("utf-8") == "no lock"


def test_standard_input_has_no_lock(folder, cli, monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(SHOP.encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    code, _, err = cli("layout", "-")
    assert (code, err) == (0, "")
    assert [each.name for each in folder.iterdir()] == ["estate.yaml"]


def test_reasons_and_queries(plan, cli):
    assert "(40 nodes + 4 surge)" in cli("layout", plan(SHOP), "--explain").out
    asked = ("-o", "tsv", "--query", "subnets[].{name: name, range: ranges[0]}")
    out = cli("layout", "shop.yaml", *asked).out
    assert "shop-nodes\t10.64.1.0/26" in out


def test_csv_reads_back(plan, cli):
    assert cli("layout", plan(SHOP), "-o", "csv", "--out", "shop.csv").code == 0
    found = read_inventory("shop.csv")
    assert sum(1 for _ in found.subnets) == 5


def test_what_is_passed_over_is_told(plan, cli):
    home = "/subscriptions/s/resourceGroups/g/providers/Microsoft"
    others = [
        {"id": f"{home}.Storage/storageAccounts/x", "name": "x"},
        {"id": f"{home}.Network/virtualNetworks/y", "name": "y", "addressSpace": {}},
    ]
    Path("estate.json").write_text(json.dumps(others), "utf-8")
    text = MORE.replace("estate.yaml", "estate.json").replace("name: old", "name: new")
    err = cli("layout", plan(text, "more.yaml")).err
    assert "skipped 1" in err or "skipped estate.json" in err


# Laying out anew.


def test_replan_says_what_would_move_and_writes_nothing(plan, cli):
    cli("layout", plan(SHOP))
    before = Path(LOCK).read_bytes()
    code, out, err = cli("layout", plan(GROWN), "--replan")
    assert (code, err) == (0, "nothing is written: --replan --yes does it\n")
    assert "Moved: what stands there has to be made anew" in out
    assert Path(LOCK).read_bytes() == before


def test_replan_with_yes_moves(plan, cli):
    cli("layout", plan(SHOP))
    code, out, err = cli("layout", plan(GROWN), "--replan", "--yes")
    assert (code, err) == (0, f"wrote {LOCK}\n")
    assert "spoke/shop-nodes" in out
    again = cli("layout", "shop.yaml")
    assert (again.code, again.err) == (0, "")


def test_replan_of_what_stays_says_nothing(plan, cli):
    cli("layout", plan(SHOP))
    code, out, err = cli("layout", "shop.yaml", "--replan")
    assert (code, err) == (0, "")
    assert "Moved" not in out


def test_replan_without_an_earlier_layout_moves_nothing(plan, cli):
    code, out, err = cli("layout", plan(SHOP), "--replan")
    assert (code, err) == (0, "nothing is written: --replan --yes does it\n")
    assert "Moved" not in out
    assert not Path(LOCK).exists()


# What does not fit.


def test_what_has_outgrown_its_range_is_named_and_the_lock_stays(plan, cli):
    cli("layout", plan(SHOP))
    before = Path(LOCK).read_bytes()
    code, out, err = cli("layout", plan(GROWN))
    assert (code, err) == (1, "no lock is written: not everything found room\n")
    assert "--replan would move" in out
    assert Path(LOCK).read_bytes() == before


def test_what_does_not_fit_fails_whatever_is_asked(plan, cli):
    code, out, err = cli("layout", plan(FULL), "--fail-on", "never")
    assert (code, err) == (1, "no lock is written: not everything found room\n")
    assert "the largest free block is 10.3.0.32/27" in " ".join(out.split())
    assert not Path(LOCK).exists()


@pytest.mark.parametrize("language", EMITTERS)
def test_no_code_is_written_of_what_does_not_fit(plan, cli, language):
    code, out, err = cli("layout", plan(FULL), "-o", language, "--out", "main")
    assert (code, out) == (1, "")
    first, second = err.splitlines()
    assert first.startswith("error: no /25 for subnet a in fixed (10.3.0.0/26): the ")
    assert first.endswith(" to the ranges of fixed")
    assert second == "no code and no lock is written: not everything found room"
    assert not Path("main").exists()
    assert not Path(LOCK).exists()


def test_what_does_not_fit_and_has_no_remedy_is_told_without(plan, cli, monkeypatch):
    monkeypatch.setattr(
        "ipplan.layouts.layouts._tried",
        lambda each, _: each.unfit._replace(remedy=""),
    )
    err = cli("layout", plan(FULL), "-o", "bicep").err
    assert err.splitlines()[0].endswith("the largest free block is 10.3.0.32/27")


# Code.


@pytest.mark.parametrize("language", EMITTERS)
def test_code_goes_where_it_is_asked_for_and_the_lock_is_written(plan, cli, language):
    code, out, err = cli("layout", plan(SHOP), "-o", language)
    assert (code, err) == (0, f"wrote {LOCK}\n")
    assert "10.64.1.0/26" in out
    assert cli("layout", "shop.yaml", "-o", language, "--out", "main").out == ""
    assert Path("main").read_text("utf-8") == out


def test_what_is_wrong_with_code_is_told_beside_it(plan, cli):
    code, out, err = cli("layout", plan(MORE), "-o", "arm", "--fail-on", "warning")
    short = "subnet a of pins 10.4.0.0/26 holds 59 addresses, and 60 are needed"
    assert json.loads(out)["resources"]
    assert code == 1
    kept = "its ranges are kept, and the code leaves"
    assert err.splitlines() == [
        f"warning: {short} (layout-subnet-short)",
        f"old is only proposed by estate.yaml: {kept} it out",
        f"wrote {LOCK}",
    ]


def test_findings_fail_as_they_are_asked_to(plan, cli):
    assert cli("layout", plan(MORE)).code == 0
    assert cli("layout", "shop.yaml", "--fail-on", "warning").code == 1
    assert cli("layout", "shop.yaml", "--fail-on", "never").code == 0


# Options that do not go together, and files that can't be read.


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--lock", "x", "--no-lock"], "--lock 'x': not with --no-lock"),
        (["--yes"], "--yes given: with --replan alone"),
        (["--replan", "--no-lock"], "--replan given: with a lock:"),
        (
            ["-o", "bicep", "--query", "plan"],
            "--query 'plan': not with -o bicep, which",
        ),
        (["-o", "az", "--replan"], "--output 'az': with --replan only if --yes"),
        (["-o", "sarif"], "--output 'sarif': one of table,"),
        (["-o", "cobol"], "--output 'cobol': one of table,"),
        (["--fail-on", "x"], "--fail-on 'x': one of error,"),
        (["--as-of", "x"], "--as-of 'x': a day such as"),
        (["--query", "["], "--query '[': a JMESPath query"),
    ],
)
def test_what_does_not_go_together_is_refused(plan, cli, words, told):
    code, out, err = cli("layout", plan(SHOP), *words)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {told}")
    assert err.count("\n") == 1
    assert not Path(LOCK).exists()


def test_languages_are_formats_of_this_command_alone(cli):
    code, _, err = cli("size", "--nodes", "3", "-o", "bicep")
    assert code == 2
    assert err.rstrip().endswith("; bicep is a format of ipplan layout")
    _, _, err = cli("size", "--nodes", "3", "-o", "sarif")
    assert err.rstrip().endswith("; sarif is a format of ipplan check")


def test_replan_of_standard_input_is_refused(cli, folder):
    assert cli("layout", "-", "--replan").code == 2
    assert not list(folder.glob("*.json"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "shop.lock.json"),
        ('{"ipplan_lock": 1, "plan": "sh', "shop.lock.json"),
        ("{}", "shop.lock.json: is no lock file of ipplan's"),
        ('{"ipplan_lock": 9}', "shop.lock.json line 1: is of version 9"),
    ],
)
def test_a_lock_that_is_none_is_refused_and_left(plan, cli, text, told):
    Path(LOCK).write_text(text, "utf-8")
    code, out, err = cli("layout", plan(SHOP))
    assert (code, out) == (3, "")
    assert err.startswith(f"error: {told}")
    assert err.count("\n") == 1
    assert Path(LOCK).read_text("utf-8") == text


def test_the_lock_of_another_plan_is_refused_and_left(plan, cli):
    cli("layout", plan(SHOP))
    before = Path(LOCK).read_bytes()
    code, _, err = cli("layout", plan(SHOP.replace("name: shop\na", "name: b\na")))
    assert code == 3
    why = "is the lock of plan 'shop', and this is 'b'"
    assert err == f"error: shop.lock.json line 4: {why}\n"
    assert Path(LOCK).read_bytes() == before


def test_a_plan_that_can_not_be_read_is_told(plan, cli):
    assert cli("layout", "none.yaml").code == 3
    code, _, err = cli("layout", plan(SHOP.replace("hub: hub", "hub: hubb")))
    assert code == 3
    assert "shop.yaml line 9" in err or "shop.yaml line 1" in err
    assert not Path(LOCK).exists()


# A lock is never half-written.


@pytest.fixture
def locked(plan, cli):
    """A plan with a lock, and one thing more that will change it."""
    cli("layout", plan(SHOP))
    more = SHOP.replace("{kind: bastion}", "{kind: bastion}, {kind: build-agents}")
    plan(more)
    return Path(LOCK).read_bytes()


def left(folder):
    return sorted(each.name for each in folder.iterdir())


@pytest.fixture(params=["mkstemp", "write", "chmod", "replace"])
def failing(request, monkeypatch):
    """Let one step of the next write fail with an error."""

    def with_error(error):
        def fail(*_, **__):
            raise error

        if request.param == "mkstemp":
            monkeypatch.setattr("tempfile.mkstemp", fail)
        elif request.param == "write":
            monkeypatch.setattr("os.fdopen", lambda handle, *_: _Full(handle, error))
        else:
            monkeypatch.setattr(Path, request.param, fail)

    return with_error


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_a_write_that_fails_leaves_the_old_lock(locked, folder, cli, failing, code):
    error = OSError(code, os.strerror(code))
    failing(error)
    code, out, err = cli("layout", "shop.yaml")
    assert code == 2
    assert out.startswith("shop: ")
    assert err == f"error: --lock 'shop.lock.json': {error.strerror}\n"
    assert Path(LOCK).read_bytes() == locked
    assert left(folder) == ["estate.yaml", LOCK, "shop.yaml"]


def test_a_write_that_is_interrupted_leaves_the_old_lock(locked, folder, cli, failing):
    failing(KeyboardInterrupt())
    assert cli("layout", "shop.yaml").code == 130
    assert Path(LOCK).read_bytes() == locked
    assert left(folder) == ["estate.yaml", LOCK, "shop.yaml"]


KILLED = """
import os, sys
from pathlib import Path
from ipplan.cli import main
setattr({owner}, "{step}", lambda *_, **__: os._exit(9))
main(["layout", "shop.yaml"])
"""


@pytest.mark.parametrize(
    ("owner", "step"), [("os", "fdopen"), ("Path", "chmod"), ("Path", "replace")]
)
@pytest.mark.usefixtures("folder")
def test_a_process_that_is_killed_leaves_the_old_lock(locked, cli, owner, step):
    code = KILLED.format(owner=owner, step=step)
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 9
    assert Path(LOCK).read_bytes() == locked
    assert cli("layout", "shop.yaml").err == f"wrote {LOCK}\n"


class _Full:
    """A file on a disk that is full."""

    def __init__(self, handle, error):
        self._file = os.open(os.devnull, os.O_WRONLY)
        os.close(handle)
        self._error = error

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self._file)

    def write(self, _):
        raise self._error


def test_code_that_can_not_be_written_leaves_the_old_lock(locked, folder, cli):
    code, _, err = cli("layout", "shop.yaml", "-o", "bicep", "--out", "none/main")
    assert (code, err) == (2, "error: --out 'none/main': No such file or directory\n")
    assert (folder / LOCK).read_bytes() == locked


# A plan that asks for what can't be.

SHARED = """\
networks:
  - name: hub
    services:
      - {kind: application-gateway, name: snet, count: 125}
      - {kind: jump-boxes, name: snet}
"""

MANY = """\
networks:
  - name: hub
    services:
      - {kind: firewall}
      - {kind: application-gateway, count: 126}
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            SHARED,
            (
                "shop.yaml line 5: networks[0].services[1]: subnet snet for "
                "Application Gateway and jump box: a subnet of its own for each"
            ),
        ),
        (
            MANY,
            (
                "shop.yaml line 5: networks[0].services[1]: count of "
                "application-gateway 126: at most 125 instances"
            ),
        ),
    ],
)
@pytest.mark.parametrize("options", [(), ("--replan",)])
def test_what_can_not_be_is_told_with_its_line(plan, cli, text, told, options):
    code, out, err = cli("layout", plan(text), *options)
    assert (code, out, err) == (3, "", f"error: {told}\n")


@pytest.mark.parametrize("feature", ["automatic", "node-auto-provisioning"])
def test_stated_nodes_are_the_most_where_azure_has_no_maximum(plan, cli, feature):
    text = SHOP.replace("model: cni", f"needs: [{feature}]\n        model: cni")
    assert text != SHOP
    found = cli("layout", plan(text), "-o", "json")
    assert found.code == 0
    assert ranges(found.out) == ranges(cli("layout", plan(SHOP), "-o", "json").out)
