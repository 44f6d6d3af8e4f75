"""Let the az CLI's own parser read commands, without a call to Azure.

Run by the Python that azure-cli is installed for, with a folder of its own as
AZURE_CONFIG_DIR; on standard input a list of words a line, as JSON. az goes its own way
until it has parsed them, and is stopped there; what a command's own types make of their
values is tried as well.
"""

import json
import os
import re
import sys
from pathlib import Path

from azure.cli.core import get_default_cli
from azure.cli.core.aaz import AAZCommand, _command_ctx
from azure.cli.core.commands.validators import IterateValue
from knack.events import EVENT_INVOKER_POST_PARSE_ARGS

_OPTION = "--subscription "
_WITH_ID = re.compile(r"/subscriptions/([^/ ]+)/")


class Parsed(Exception):  # noqa: N818 - it is no error
    """What az has parsed, on its way out."""


def stop(_, args, **_others):
    """Let az go no further."""
    raise Parsed(args)


def accepted(cli, words):
    """Why az does not take a command; nothing if it does."""
    cli.invocation = cli.invocation_cls(
        cli_ctx=cli,
        parser_cls=cli.parser_cls,
        commands_loader_cls=cli.commands_loader_cls,
        help_cls=cli.help_cls,
    )
    try:
        cli.invocation.execute(words)
    except SystemExit as refusal:
        return f"refused with {refusal.code}"
    except Parsed as done:
        return tried(cli, done.args[0])
    return "not parsed"


def tried(cli, found):
    """What a command's own types say of its values."""
    if not isinstance(found.func, AAZCommand):
        return ""
    schema = found.func.get_arguments_schema()
    # Of several ids az makes a call each; here there is one.
    given = {
        name: value[0] if isinstance(value, IterateValue) else value
        for name, value in vars(found).items()
    }
    context = _command_ctx.AAZCommandCtx(cli, schema, given)
    try:
        context.format_args()
    except Exception as refusal:  # noqa: BLE001 - whatever it says is told
        return f"{type(refusal).__name__}: {refusal}"
    return ""


def pretend(every):
    """Make a profile in which somebody has the subscriptions that are named."""
    joined = [" ".join(words).replace("--subscription=", _OPTION) for words in every]
    named = {each.split()[0] for text in joined for each in text.split(_OPTION)[1:]}
    named |= {each for text in joined for each in _WITH_ID.findall(text)}
    fields = {"state": "Enabled", "environmentName": "AzureCloud", "tenantId": "none"}
    user = {"user": {"name": "nobody", "type": "user"}}
    profile = {
        "subscriptions": [
            {"id": each, "name": each, "isDefault": not number, **fields, **user}
            for number, each in enumerate(sorted(named))
        ]
    }
    folder = Path(os.environ["AZURE_CONFIG_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "azureProfile.json").write_text(json.dumps(profile), encoding="utf-8")


def main():
    """Tell of every command whether az takes it."""
    every = [json.loads(line) for line in sys.stdin]
    pretend(every)
    cli = get_default_cli()
    # Where a command names no region, az asks Azure for that of the group.
    _command_ctx.get_resource_group_location = lambda *_: "westeurope"
    cli.register_event(EVENT_INVOKER_POST_PARSE_ARGS, stop)
    refused = [(words, why) for words in every if (why := accepted(cli, words))]
    for words, why in refused:
        sys.stdout.write(f"refused: {' '.join(words)}: {why}\n")
    taken = len(every) - len(refused)
    sys.stdout.write(f"az took {taken} of {len(every)} shapes of commands\n")
    return min(len(refused), 1)


if __name__ == "__main__":
    sys.exit(main())
