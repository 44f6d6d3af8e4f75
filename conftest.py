"""How every test runs: how hard Hypothesis tries, and what tests share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parent

collect_ignore = ["tests/iac"]
"""What runs in the virtual environments of ``make check-iac``."""

CORPUS = ROOT.parent / "shared" / "corpus"

SLOW = [HealthCheck.too_slow]
settings.register_profile(
    "quick", max_examples=50, deadline=None, suppress_health_check=SLOW
)
settings.register_profile(
    "thorough", max_examples=100, deadline=None, suppress_health_check=SLOW
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


class Outcome(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Real samples that lie beside the project, where they do."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real samples is not at ../shared/corpus")
    return CORPUS


@pytest.fixture
def untraced() -> Iterator[None]:
    """Runs a test without the tracer of coverage: what it runs is run elsewhere too.

    Being watched takes such a test three times as long.
    """
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


@pytest.fixture
def cli(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Outcome]:
    """Run the command line in this process, on a terminal of 80 columns."""
    from ipplan.cli import main

    monkeypatch.setenv("COLUMNS", "80")

    def run(*words: str) -> Outcome:
        capsys.readouterr()
        code = main(list(words))
        return Outcome(code, *capsys.readouterr())

    return run


@pytest.fixture
def fresh_python() -> Callable[[str], str]:
    """Run code in a Python of its own and give back what it printed."""

    def run(code: str) -> str:
        done = subprocess.run(  # noqa: S603  # tests write the code
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    return run
