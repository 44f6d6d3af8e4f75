"""The page of systems: each plan with the addresses that it takes, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blocks import link, run, table

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = Path("docs/samples/systems")


def system(name: str) -> str:
    """A plan as its reader would write it, and the subnets and CIDRs that it gets."""
    path = SAMPLES / f"{name}.yaml"
    document = _laid_out(path)
    plan = path.read_text(encoding="utf-8").rstrip()
    parts = [
        f"```yaml\n{plan}\n```",
        table(("subnet", "range", "holds", "why"), list(_subnets(document))),
        table(("cluster", "pod CIDR", "service CIDR", "leaves through"),
              list(_clusters(document))),
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part.count("\n") > 1)


def _laid_out(path: Path) -> Any:
    _, output = run(f"ipplan layout {path} --no-lock --fail-on never -o json")
    return json.loads(output[output.index("{") :])


def _subnets(document: Any) -> Iterator[tuple[str, ...]]:
    for each in document["subnets"]:
        yield (
            f"{each['network']} / {each['name']}",
            ", ".join(each["ranges"]),
            f"{each['need']:,}\u00a0+\u00a0{each['kept']}" if each["need"] else "–",
            _why(each),
        )


def _why(subnet: Any) -> str:
    """What adds up to it, the row that makes it larger, and their pages."""
    _, *told = subnet["why"]  # the sum stands in a column of its own
    pages = [each for each in told if each.startswith("https://")]
    words = [each for each in told if each not in pages]
    links = f" ({', '.join(map(link, pages))})" if pages else ""
    return "; ".join(words) + links


def _clusters(document: Any) -> Iterator[tuple[str, ...]]:
    for each in document["clusters"]:
        yield (
            each["name"],
            ", ".join(each["pod_cidrs"]) or "–",
            ", ".join(each["service_cidrs"]),
            each["egress"]["words"],
        )
