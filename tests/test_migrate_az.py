"""The script of ``ipplan migrate -o az``, run by bash with an az that only listens."""

import re
import subprocess
from dataclasses import replace

import pytest

from ipplan.documents.migrations import migration_document
from ipplan.emitters.migrations import migration_script
from ipplan.migrations.migrations import migrate
from ipplan.migrations.results import Step
from ipplan.tables import uncommanding
from tests.hostile_names import HOSTILE, hostile_estate
from tests.migration_samples import AS_OF, EVERY, SAVE, bar, found, migration, update

FAKE = """\
#!/bin/sh
printf '%s\\0' "$#" "$@" >> "$AZ_LOG"
test -z "$AZ_FAILS"
"""


@pytest.fixture
def bash(tmp_path):
    """Run a script; what it prints, and the words that az was given."""
    tools, place, log = tmp_path / "tools", tmp_path / "place", tmp_path / "log"
    tools.mkdir()
    place.mkdir()
    (tools / "az").write_text(FAKE)
    (tools / "az").chmod(0o755)

    def run(script, *words, fails="", pasted=False):
        log.write_bytes(b"")
        (tmp_path / "script.sh").write_text(script, encoding="utf-8")
        given = ["-s"] if pasted else [str(tmp_path / "script.sh"), *words]
        done = subprocess.run(
            ["/bin/bash", *given],
            input=script.encode() if pasted else b"",
            env={
                "PATH": f"{tools}:/usr/bin:/bin",
                "AZ_LOG": str(log),
                "AZ_FAILS": fails,
                "LC_ALL": "C.UTF-8",
            },
            cwd=place,
            capture_output=True,
            check=False,
        )
        assert not list(place.iterdir())
        given = log.read_bytes().decode("utf-8", "surrogateescape")
        out, err = done.stdout.decode(), done.stderr.decode()
        return done.returncode, out, err, commands(given)

    return run


def commands(text):
    """The words of every command that was logged."""
    parts, found_ = text.split("\0"), []
    while parts[0]:
        number = int(parts[0])
        found_.append(parts[1 : 1 + number])
        parts = parts[1 + number :]
    return found_


def script(*clusters):
    return migration_script(migration_document(migration(clusters or EVERY), {}))


@pytest.mark.parametrize("pasted", [False, True])
def test_by_itself_it_prints_and_runs_nothing(bash, pasted):
    code, out, err, ran = bash(script(), pasted=pasted)
    assert (code, err, ran) == (0, "", [])
    assert out.splitlines()[:5] == [
        "# 1 shop: the way of shop is as it is",
        "#   can't be undone: nothing leads back to cni-node-subnet",
        "1.1 Save what there is",
        "    az aks show --resource-group rg --name shop",
        (
            "1.2 Update the cluster: all pools are reimaged at once (outage: pods "
            "restart, node after node) (can't be undone)"
        ),
    ]
    assert "#   removable: identity stands in the way" in out


def test_a_step_is_run_by_its_number_and_no_other(bash):
    code, out, err, ran = bash(script(), "1.2")
    assert (code, err, len(ran)) == (0, "", 1)
    assert ran[0][:2] == ["aks", "update"]
    assert ran[0][-2:] == ["--pod-cidr", "10.244.0.0/16"]
    assert out.startswith("1.2 Update the cluster")
    assert bash(script(), "2.1")[3][0][5] == "legacy"


def test_a_step_that_people_decide_runs_nothing(bash):
    code, out, _, ran = bash(script(), "3.1")
    assert (code, out, ran) == (0, "3.1 Lay out a cluster beside it\n", [])


@pytest.mark.parametrize("step", ["9.9", "1", "1.20", "*", "1.?", "$(id)", "yes"])
def test_a_step_that_there_is_not_is_refused(bash, step):
    code, out, err, ran = bash(script(), step)
    assert (code, out, ran) == (2, "", [])
    assert err.startswith("no step ")


def test_a_step_stops_at_the_command_that_fails(bash):
    twice = Step("twice", (("az", "a"), ("az", "b")))
    code, _, _, ran = bash(script(found(steps=(twice,))), "1.1", fails="yes")
    assert code == 1
    assert ran == [["a"]]


def test_what_is_to_be_filled_in_is_not_run(bash):
    words = ("az", "b", "--assignee-object-id", "<principal id>")
    step = Step("look", (("az", "a"), words, ("az", "c")))
    code, out, err, ran = bash(script(found(steps=(step,))), "1.1")
    assert (code, ran) == (3, [["a"]])
    assert out == "1.1 look\n"
    assert err == "fill in \\<principal\\ id\\>\n"


def test_what_needs_nothing_has_no_steps(bash):
    text = script(found("already", open=None))
    assert bash(text)[:2] == (0, "")
    assert "The way of 0 clusters to cni-overlay" in text


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_names(bash, name):
    steps = (Step(name, (("az", "aks", "show", "--name", name),), name), SAVE)
    made = found(
        name=name,
        verdict=name,
        bars=(bar(name=name),),
        irreversible=(name,),
        steps=steps,
    )
    text = script(made)
    assert text.replace("\n", "").isprintable()
    code, out, err, ran = bash(text)
    assert (code, err, ran) == (0, "", [])
    assert out.count("\n") == len(out.split("\n")) - 1
    code, out, err, ran = bash(text, "1.1")
    if name.startswith("<") and name.endswith(">"):
        assert (code, ran) == (3, [])
        return
    assert (code, err) == (0, "")
    if "\0" in name:
        assert not ran
    else:
        told = name.encode("utf-8", "surrogatepass")
        (words,) = ran
        word = words[-1].removeprefix("--name=")
        assert word.encode("utf-8", "surrogateescape") == told


@pytest.mark.parametrize("to", ["cni-overlay", "cni-dynamic", "cilium"])
@pytest.mark.parametrize("model", ["kubenet", "cni-node-subnet", "cni-dynamic"])
def test_an_estate_of_hostile_names_is_only_printed(bash, model, to):
    estate = hostile_estate()
    clusters = tuple(
        replace(each, model=model, network_policy="calico", identity="SystemAssigned")
        for each in estate.clusters
    )
    made = migrate(replace(estate, clusters=clusters), to, as_of=AS_OF)
    document = migration_document(made, {})
    text = migration_script(document)
    assert text.replace("\n", "").isprintable()
    assert uncommanding(text) == text
    code, out, err, ran = bash(text)
    assert (code, err, ran) == (0, "", [])
    steps = [step for each in document["clusters"] for step in each["steps"]]
    numbers = re.findall(r"^\d+\.\d+ ", out, re.MULTILINE)
    assert len(numbers) == len(steps)


def test_what_az_can_not_be_told_is_said(bash):
    step = Step("look", (("az", "aks", "show", "--name", "@file"), ("az", "x")))
    text = script(found(steps=(step,)))
    _, out, _, _ = bash(text)
    assert "# no command: '@file': az takes no NUL" in out
    assert bash(text, "1.1")[3] == [["x"]]
    assert update().commands[0][0] == "az"
