"""Maps of plans and estates, and what is read back out of pages."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import ipplan
from ipplan.designs.studies import study, study_of_layout
from ipplan.documents.maps import map_document

TODAY = date(2026, 11, 28)
BASELINE = "tests/data/layouts/aks-baseline.yaml"
SHOP = "tests/data/layouts/shop.yaml"
ESTATE = "docs/samples/hub-and-spoke"


@cache
def map_of(path):
    """The map of a plan, which is laid out, or of a folder of files."""
    if Path(path).suffix == ".yaml":
        layout = ipplan.lay_out(ipplan.read_layout_plan(path))
        return map_document(study_of_layout(layout, as_of=TODAY))
    return estate_map(ipplan.read_inventory(path))


def estate_map(inventory, title="estate"):
    """The map of an inventory."""
    return map_document(study(inventory, title, as_of=TODAY))


VOID = {"meta", "link", "input", "img", "br", "wbr"}
OPEN = {"tr", "td", "th", "li"}
"""Elements whose ends may be left out."""


@dataclass
class Element:
    """An element of a page: what it has, and what stands in it."""

    tag: str
    attributes: dict[str, str]
    children: list[Any] = field(default_factory=list)

    @property
    def text(self):
        """All text in it, with single blanks."""
        return " ".join(self.content.split())

    @property
    def content(self):
        """All text in it, as it is."""
        return "".join(e if isinstance(e, str) else e.content for e in self.children)

    def all(self, tag=None, *, kind=None):
        """The elements in it of a tag, or with a class."""
        for each in self.children:
            if isinstance(each, Element):
                named = tag in (None, each.tag)
                if named and (kind is None or kind in each.classes):
                    yield each
                yield from each.all(tag, kind=kind)

    @property
    def classes(self):
        """Its classes."""
        return (self.attributes.get("class") or "").split()


class Page(HTMLParser):
    """A page as elements."""

    def __init__(self, text):
        super().__init__()
        self.root = Element("", {})
        self.path = [self.root]
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag in OPEN:
            ends = {"tr": {"tr", "td", "th"}, "li": {"li"}}.get(tag, {"td", "th"})
            while self.path[-1].tag in ends:
                self.path.pop()
        found = Element(tag, dict(attrs))
        self.path[-1].children.append(found)
        if tag not in VOID:
            self.path.append(found)

    def handle_startendtag(self, tag, attrs):
        self.path[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag):
        while self.path[-1].tag != tag:
            assert self.path[-1].tag in OPEN, (tag, self.path[-1].tag)
            self.path.pop()
        self.path.pop()

    def handle_data(self, data):
        self.path[-1].children.append(data)


def parsed(page):
    """The elements of a page."""
    return Page(page).root
