"""Words of bash, read back by bash itself and by Python's own reader of shells."""

import shlex
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipplan.errors import ArgumentError
from ipplan.shells import command_line, folded, quoted
from ipplan.tables import uncommanding
from tests.hostile_names import HOSTILE, LONG

NAMES = [each for each in HOSTILE if "\0" not in each and "\ud800" not in each]


def read_back(text):
    """The words of a command, as bash hands them to a program."""
    script = f"set -- {text}\nprintf '%s\\0' \"$@\""
    done = subprocess.run(
        ["/bin/bash"], input=script.encode(), capture_output=True, check=True
    )
    assert not done.stderr
    return done.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("name", [*NAMES, "##[x]", "\t##vso[task.x]y", "####", "'", ""])
def test_bash_reads_a_word_as_it_was(name):
    assert read_back(quoted(name)) == [name]
    assert quoted(name).isprintable()
    assert uncommanding(f"az {quoted(name)}") == f"az {quoted(name)}"


def test_what_is_no_text_stays_one_word():
    assert quoted("\ud800;id") == r"$'\355\240\200;id'"


def test_a_nul_is_refused():
    with pytest.raises(ArgumentError, match="az takes no NUL"):
        quoted("a\0")


WORDS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
    | st.sampled_from(["a b", "it's", "--yes", "\n", "a\\' --b", "$'x'"])
)


@settings(max_examples=25)
@given(WORDS, st.integers(10, 100))
def test_a_folded_command_is_the_same_command(words, width):
    words = [e for e in words if not e.startswith(("-", "@")) and "=@" not in e]
    line = command_line(["az", "--name", *words])
    assert read_back(line) == ["az", "--name", *words]
    assert read_back("\n".join(folded(line, width))) == ["az", "--name", *words]


def test_a_plain_command_has_no_quotes():
    line = "az aks update --name a-1 --pod-cidr 10.0.0.0/16,fd00::/64 --yes"
    assert command_line(shlex.split(line)) == line


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("az", "--name", "-x"), "az --name=-x"),
        (("az", "--name", "-it's"), r"az --name='-it'\''s'"),
        (("az", "--name=it is"), "az --name='it is'"),
        (("az", "--name=-x", "-g"), "az --name=-x -g"),
        (("az", "x=it is"), "az 'x=it is'"),
        (("az", "--name", "--ids"), "az --name=--ids"),
        (("az", "--name", "--ids=it is"), "az --name=--ids='it is'"),
        (("az", "--name", "--ids", "--ids", "x"), "az --name=--ids --ids x"),
        (("az", "--all", "--ids", "x"), "az --all --ids x"),
        (("--ids", "x"), "--ids x"),
    ],
)
def test_a_value_that_begins_with_a_dash_is_no_option(words, line):
    assert command_line(words) == line


@pytest.mark.parametrize("word", ["@x", "--name=@x", "--"])
def test_a_value_that_az_would_lose_or_read_from_a_file_is_refused(word):
    with pytest.raises(ArgumentError, match="loses one that is --, reads the file"):
        command_line(["az", "--name", word])


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (27, ["az show --name x --debug"]),
        (26, ["az show --name x --debug"]),
        (25, ["az show --name x \\", "  --debug"]),
    ],
)
def test_a_line_is_folded_only_where_it_does_not_fit(width, lines):
    assert folded("az show --name x --debug", width) == lines


def test_what_can_not_be_folded_stays():
    assert folded(f"az {LONG}", 80)[-1].endswith(LONG)
