"""Debian's Chromium for tests that open pages: without a network, and with axe."""

import json
import re
import shutil
import subprocess
from base64 import b64encode
from hashlib import sha256
from html import unescape
from importlib.util import find_spec
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium")
AXE = find_spec("axe_core_python")

needs_chromium = pytest.mark.skipif(
    not (CHROMIUM and AXE), reason="no chromium, or no axe-core-python"
)

_AXE_RUN = """
window.addEventListener("load", () => setTimeout(async () => {
  const wanted = {
    runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"],
    resultTypes: ["violations"],  // what passes is counted, not told node by node
  };
  const found = await axe.run(document, wanted);
  const told = document.createElement("pre");
  told.id = "axe-result";
  told.textContent = JSON.stringify({
    passes: found.passes.length,
    violations: found.violations.map((each) => [each.impact, each.id,
      each.nodes.map((node) => node.html.slice(0, 200))]),
  });
  document.body.append(told);
}, 500));
"""


def with_scripts(page, *scripts):
    """A page that runs some scripts more, and says so in its policy."""
    sums = [b64encode(sha256(each.encode()).digest()).decode() for each in scripts]
    allowed = " ".join(f"'sha256-{each}'" for each in sums)
    page = page.replace("script-src 'none'", "script-src", 1)
    page = page.replace("script-src", f"script-src {allowed}", 1)
    body, _, end = page.rpartition("</body>")
    told = "".join(f"<script>{each}</script>" for each in scripts)
    return f"{body}{told}</body>{end}"


def run(folder, page, *options, suffix=".html"):
    """Chromium's output and console lines on a page that is written into a folder."""
    path = folder / f"page{suffix}"
    path.write_text(page, encoding="utf-8")
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={folder / 'profile'}",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--enable-logging=stderr",
        *options,
        path.as_uri(),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=180, check=True
    )
    return done.stdout, [e for e in done.stderr.splitlines() if "CONSOLE" in e]


def opened(page, folder, *options, suffix=".html"):
    """What Chromium says of a page: its console, and the document after scripts."""
    options = ("--virtual-time-budget=3000", "--dump-dom", *options)
    document, said = run(folder, page, *options, suffix=suffix)
    return said, document


def judged(page, folder, *options):
    """The console of a page, axe's violations, and the document after scripts.

    ``--blink-settings=preferredColorScheme=0`` asks for the dark theme, and
    ``--window-size=400,900`` for a narrow window.
    """
    axe = (Path(AXE.origin).parent / "axe.min.js").read_text(encoding="utf-8")
    said, document = opened(with_scripts(page, axe, _AXE_RUN), folder, *options)
    told = re.search(r'<pre id="axe-result">(.*?)</pre>', document, re.DOTALL)[1]
    found = json.loads(unescape(told))
    assert found["passes"] > 10
    return said, found["violations"], document
