"""Write every sample in every language, and the distinct shapes of az commands."""

import json
import shlex
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from ipplan import MODELS, read_inventory
from ipplan.documents.migrations import migration_document
from ipplan.emitters import emit
from ipplan.errors import ArgumentError
from ipplan.migrations.migrations import migrate
from tests import az_shapes
from tests.emit_samples import SAMPLES, overlay

NAMES = {"bicep": "main.bicep", "terraform": "main.tf", "arm": "azuredeploy.json"}

MORE = (
    {"needs": ("automatic",)},
    {"needs": ("node-auto-provisioning",), "identity": "SystemAssigned"},
    {"needs": ("static-egress-gateway",), "network_policy": "calico"},
    {"private": True, "private_dns_zone": "none", "public_fqdn": False},
    {"outbound_type": "none", "node_resource_group": "nodes"},
)
"""Clusters of which only the commands are of interest."""

SAMPLE_ESTATES = Path("docs/samples")
"""What clusters migrate from: those of the pages, and of the rules."""

CORPUS = Path("../shared/corpus")
RECORDED = ("estates/*", "azure-cli-recordings/az-cli/aks-show/*.json")
"""Where real samples lie, if they do, and those with clusters."""

AS_OF = date(2026, 11, 28)


def shapes(scripts):
    """One command of each shape: the same words before options, the same options."""
    found = {}
    for script in scripts:
        with TemporaryDirectory() as folder:
            for words in az_shapes.run(script, Path(folder)):
                noun, options = az_shapes.parsed(words)
                several = tuple(sorted((k, len(v) > 1) for k, v in options.items()))
                found.setdefault((noun, several), words)
    return list(found.values())


def estates():
    """Files and folders with clusters that could migrate."""
    found = [Path(SAMPLE_ESTATES, each) for each in ("az", "estate")]
    found += sorted(SAMPLE_ESTATES.glob("rules/*/*"))
    for pattern in RECORDED:
        found += sorted(CORPUS.glob(pattern))
    return found


def steps(files):
    """The commands of all steps of migrations, one of each shape."""
    found = {}
    for file in files:
        inventory = read_inventory(str(file))
        for to in (*MODELS, "cilium"):
            migration = migrate(inventory, to, as_of=AS_OF)
            for cluster in migration_document(migration, {})["clusters"]:
                for step in cluster["steps"]:
                    for line in step["commands"]:
                        words = shlex.split(line, comments=True)
                        shape = [each for each in words if each.startswith("--")]
                        found.setdefault((*words[:5], *shape), words)
    return [words[1:] for words in found.values() if words[:1] == ["az"]]


def write(layout, language, file):
    """Write one file, unless the language can't say the layout."""
    try:
        text = emit(layout, language)
    except ArgumentError as refusal:
        sys.stdout.write(f"{file}: {refusal}\n")
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def main(folder):
    """Fill a folder."""
    for sample, make in SAMPLES.items():
        for language, name in NAMES.items():
            write(make(), language, Path(folder) / sample / language / name)
    every = [make() for make in SAMPLES.values()]
    every += [overlay(**fields) for fields in MORE]
    commands = shapes(emit(made, "az") for made in every)
    commands += steps(estates())
    lines = "".join(f"{json.dumps(words)}\n" for words in commands)
    (Path(folder) / "commands.jsonl").write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
