"""A chart as a web page of its own: it asks no network for anything."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Any

from ipplan.renderers.charts.pictures import described, specification

if TYPE_CHECKING:
    from ipplan.tables import Table
    from ipplan.views.charts import Chart

_SNIPPET = "window.vegaEmbed = vegaEmbed;"
"""What the page takes of Vega's libraries."""

_START = """
const drawn = document.getElementById("chart");
const wanted = JSON.parse(document.getElementById("specification").textContent);
vegaEmbed(drawn, wanted, {actions: false, renderer: "svg", ast: true}).then(() => {
  drawn.querySelector("svg").setAttribute("aria-hidden", "true");
  document.getElementById("picture").remove();
});
"""
"""The same chart with tooltips in the place of the picture; nothing is evaluated."""

_STYLE = """
body { margin: 0; background: #fff; color: #1a1a1a; line-height: 1.45;
  font-family: "Liberation Sans", Arial, Helvetica, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.35rem; line-height: 1.25; margin: .5rem 0; text-wrap: balance; }
h1 span { white-space: nowrap; }
h2 { font-size: 1.05rem; margin: 1.75rem 0 .25rem; }
p { margin: .25rem 0; color: #404040; }
.wide { overflow-x: auto; }
.wide:focus-visible { outline: 2px solid #0072b2; outline-offset: 2px; }
#picture svg { display: block; }
table { border-collapse: collapse; font-size: .9rem; }
th { white-space: nowrap; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top;
  border-bottom: 1px solid #d9d9d9; }
td { white-space: nowrap; }
td:last-child { white-space: normal; min-width: 16rem; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
#vg-tooltip-element { max-width: 20rem; font-size: .85rem; }
"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<main>
<h1>{heading}</h1>
{notes}
<div class="wide" role="region" aria-label="Chart" tabindex="0">
<div id="chart"></div>
<div id="picture">{picture}</div>
</div>
<h2 id="numbers">The same in numbers</h2>
<div class="wide" role="region" aria-labelledby="numbers" tabindex="0">
{table}
</div>
</main>
<script type="application/json" id="specification">{data}</script>
<script>{library}</script>
<script>{start}</script>
</body>
</html>
"""


def page(chart: Chart) -> str:
    """The chart as a page: heading, chart with tooltips, and its numbers as a table.

    Without scripts the picture stays, which is there for print and screen readers.
    """
    drawn = specification(chart)
    del drawn["title"]  # it is the page's own
    library = _library()
    return _PAGE.format(
        policy=_policy(library, _START),
        title=escape(chart.title),
        heading=_unbroken(chart.title),
        style=_STYLE,
        notes="\n".join(f"<p>{escape(note)}</p>" for note in chart.notes),
        picture=described(chart, drawn),
        table=_table(chart.table),
        data=_inert(drawn),
        library=library,
        start=_START,
    )


@cache
def _library() -> str:
    """Vega's libraries as one script, which ends no script element."""
    import vl_convert

    return vl_convert.javascript_bundle(_SNIPPET).replace("</script", "<\\/script")


def _unbroken(text: str) -> str:
    """Text whose words are not parted at their hyphens."""
    words = escape(text).split(" ")
    return " ".join(f"<span>{each}</span>" if "-" in each else each for each in words)


def _policy(*scripts: str) -> str:
    """Nothing is loaded, and these scripts run and no others."""
    sums = [b64encode(sha256(each.encode()).digest()).decode() for each in scripts]
    allowed = " ".join(f"'sha256-{each}'" for each in sums)
    parts = ("default-src 'none'", f"script-src {allowed}")
    return "; ".join((*parts, "style-src 'unsafe-inline'", "img-src data:"))


def _inert(data: Any) -> str:
    """JSON that ends no script element and opens no comment."""
    return json.dumps(data, ensure_ascii=True).replace("<", "\\u003c")


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    rows = "\n".join(_row([str(cell) for cell in row]) for row in table.rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"


def _row(cells: list[str]) -> str:
    cells_told = "".join(
        f'<td class="number">{escape(each)}</td>'
        if each.replace(",", "").isdecimal()
        else f"<td>{escape(each)}</td>"
        for each in cells
    )
    return f"<tr>{cells_told}</tr>"
