"""Tell what checkov read and found; a file of ours that it did not read is a failure.

It says which Terraform and Bicep files it can not parse, but passes over such JSON in
silence: so each file must have something that it checked.
"""

import json
import sys
from collections import Counter
from pathlib import Path

LANGUAGES = {"arm", "bicep", "terraform"}
NOTHING_TO_CHECK = {"two-groups", "amid-existing"}
"""Samples without a cluster, in some languages without anything that checkov knows."""


def checks(report):
    """All checks of a report."""
    results = report["results"]
    return [*results["passed_checks"], *results["failed_checks"]]


def unread(report, folder):
    """Files of one language of which checkov says nothing, or that it can't parse."""
    yield from report["results"].get("parsing_errors", [])
    seen = {each["file_path"].lstrip("/") for each in checks(report)}
    for file in sorted(folder.glob(f"*/{report['check_type']}/*")):
        name = file.relative_to(folder)
        if str(name) not in seen and name.parts[0] not in NOTHING_TO_CHECK:
            yield f"{name}: nothing checked"


def told(report, wrong):
    """What checkov found in one language, which is for information."""
    summary = report["summary"]
    yield (
        f"checkov read {report['check_type']}: {summary['resource_count']} resources, "
        f"{summary['passed']} checks passed, {summary['failed']} did not, "
        f"{len(wrong)} files not read"
    )
    failed = Counter(
        f"{each['check_id']} {each['check_name']}"
        for each in report["results"]["failed_checks"]
    )
    for check, times in failed.most_common():
        yield f"  {times:3} {check}"
    for each in wrong:
        yield f"not read: {each}"


def main(place):
    """Read checkov's reports on the languages."""
    folder = Path(place)
    found = json.loads((folder / "checkov.json").read_text(encoding="utf-8"))
    reports = found if isinstance(found, list) else [found]
    missing = LANGUAGES - {each.get("check_type") for each in reports}
    for each in sorted(missing):
        sys.stdout.write(f"not read: any {each}\n")
    failures = len(missing)
    for report in (each for each in reports if "check_type" in each):
        wrong = list(unread(report, folder))
        failures += len(wrong)
        sys.stdout.write("".join(f"{line}\n" for line in told(report, wrong)))
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
