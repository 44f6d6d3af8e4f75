"""The command line: the one place where exceptions become messages and exit codes."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import Annotated

import typer
from typer.exceptions import TyperException

from ipplan.cli.printing import UNREADABLE, tell
from ipplan.errors import ArgumentError, InventoryError
from ipplan.version import __version__

COMMANDS = (
    "size",
    "fit",
    "sweep",
    "inventory",
    "check",
    "layout",
    "next",
    "map",
    "report",
    "migrate",
    "explain",
    "models",
    "limits",
    "schema",
)
"""Every command: a module of this package, and the function of its name in it."""

LONGEST_VALUE = 120
"""Of a value, what an error quotes. [characters]"""

USAGE = 2


def _version(asked: bool) -> None:  # typer calls it so
    if asked:
        typer.echo(f"ipplan {__version__}")
        raise typer.Exit


def _ipplan(
    version: Annotated[  # its callback prints it
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print it."),
    ] = False,
) -> None:
    """Plan IP address capacity for Azure Kubernetes Service (AKS).

    Exit codes: 0 answered, 1 findings at or above --fail-on, 2 usage, 3 unreadable
    input.
    """


def application(commands: tuple[str, ...] = COMMANDS) -> typer.Typer:
    """The application with some of its commands; one is faster to build than all."""
    app = typer.Typer(
        name="ipplan",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_ipplan)
    for command in commands:
        module = import_module(f"ipplan.cli.{command}")
        app.command(command)(getattr(module, command))
    return app


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    words = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    alone = words[:1] if words[:1] and words[0] in COMMANDS else list(COMMANDS)
    try:
        app = application(tuple(alone))
        return app(words, prog_name="ipplan", standalone_mode=False) or 0
    except TyperException as error:
        return _fail([error.format_message()], error.exit_code)
    except ArgumentError as error:
        return _fail([_as_option(error)], USAGE)
    except InventoryError as error:
        return _fail([f"{error.source}{each}" for each in error.problems], UNREADABLE)


def run() -> None:
    """Run the command line and exit; nothing lives long enough to be collected."""
    gc.disable()
    sys.exit(main())


def _as_option(error: ArgumentError) -> str:
    name = error.argument
    bare = name[:1] in "-NCD" or " " in name
    option = name if bare else "--" + name.replace("_", "-")
    value = str(error.value)
    if len(value) > LONGEST_VALUE:
        value = f"{value[:LONGEST_VALUE]}..."
    return f"{option} {value}: {error.allowed}"


def _fail(messages: list[str], code: int) -> int:
    for message in messages:
        tell("error: " + " ".join(message.split()))
    return code
