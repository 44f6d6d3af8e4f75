"""Start-up: against an empty typer program, and against an empty Python."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.timing import Goal, in_turn, ratio

COMMAND = "size --nodes 300 --max-pods 30"


def process(*words: str) -> None:
    """Run a command to its end, with bytecode written as users have it."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    subprocess.run(words, check=True, env=environment, stdout=subprocess.DEVNULL)


def run(*, quick: bool) -> list[Goal]:
    """Measure whole processes, and hold them to the goals."""
    rounds = 1 if quick else 21
    here = Path(__file__).parent
    python = sys.executable
    script = str(Path(python).parent / "ipplan")
    seconds = in_turn(
        {
            "ipplan": lambda: process(script, *COMMAND.split()),
            "typer": lambda: process(
                python, str(here / "empty_app.py"), "--nodes", "3"
            ),
            "import": lambda: process(python, "-c", "import ipplan"),
            "pass": lambda: process(python, "-c", "pass"),
        },
        rounds,
    )
    return [
        Goal(
            "C1",
            "ipplan size / an empty typer program",
            ratio(seconds, "ipplan", "typer"),
            1.3,
        ),
        Goal(
            "C1",
            "import ipplan / python -c pass",
            ratio(seconds, "import", "pass"),
            2.2,
        ),
    ]
