"""Write every sample in every language, and the distinct shapes of az commands."""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from ipplan.emitters import emit
from ipplan.errors import ArgumentError
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
    lines = "".join(f"{json.dumps(words)}\n" for words in commands)
    (Path(folder) / "commands.jsonl").write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
