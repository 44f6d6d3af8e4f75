"""read_inventory(): from files to one inventory, whatever their formats."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ipplan.errors import InventoryError, UnknownError
from ipplan.garbage import uncollected
from ipplan.inventory.merging import Parts, merge
from ipplan.inventory.naming import resolved
from ipplan.inventory.origins import Skipped
from ipplan.readers import arm
from ipplan.readers.decoding import decode
from ipplan.readers.files import expanded, load, same_file
from ipplan.readers.payloads import told

if TYPE_CHECKING:
    from collections.abc import Collection, Generator

    from ipplan.inventory.estates import Inventory
    from ipplan.readers.readings import Content, Found, Page

READERS: dict[str, str] = {
    "what ipplan inventory -o json printed": "saved",
    "lock files of ipplan layout": "locked",
    "ARM templates and compiled Bicep": "arm",
    "Terraform plans and states": "terraform",
    "PowerShell and PSRule exports": "powershell",
    "steampipe rows": "steampipe",
    "az, ARM API and Resource Graph": "azure",
    "CSV": "csv",
    "ipplan's own YAML": "plan",
}
"""The module of every format, in the order in which they are asked."""

EXPECTED = "az, ARM, Resource Graph or Terraform JSON, CSV, or ipplan's own YAML"
"""What a file should be, in words."""


def read_inventory(*paths: str) -> Inventory:
    """Read networks and clusters from files of any format that ipplan knows.

    Parameters
    ----------
    *paths : str
        Files and folders; ``-`` is standard input.

    Returns
    -------
    Inventory
        What has one id is one object. What could not be read is in ``skipped``, each
        with where it stood and why.

    Raises
    ------
    InventoryError
        Where a file that was named can't be read, or holds nothing that ipplan knows:
        every problem of every such file; or where a name fits several objects.

    Examples
    --------
    >>> read_inventory("no-such-file.json")
    Traceback (most recent call last):
    ...
    ipplan.errors.InventoryError: no-such-file.json: No such file or directory
    """
    with uncollected():
        return resolved(merge(read_parts(*paths)))


def read_parts(*paths: str, without: Collection[str] = ()) -> Parts:
    """What files hold, before it is put together.

    Parameters
    ----------
    *paths : str
        Files and folders; ``-`` is standard input.
    without : collection of str
        Files that are passed over where a folder has them.

    Raises
    ------
    InventoryError
        Where a file that was named can't be read, or holds nothing that ipplan knows.
    """
    session = _Session()
    for file, named in expanded(paths):
        if named or not any(same_file(file, each) for each in without):
            session.take(file, named=named)
    session.evaluate()
    if session.failed or not session.read:
        raise InventoryError("", session.failed or session.nothing(paths))
    session.parts.incomplete += session.unfinished()
    return session.parts


@dataclass(slots=True)
class _Session:
    """What has been read so far, and what is still to be read."""

    parts: Parts = field(default_factory=Parts)
    pages: dict[str, Page] = field(default_factory=dict[str, "Page"])
    failed: list[str] = field(default_factory=list[str])
    templates: list[tuple[Content, bool]] = field(
        default_factory=list[tuple["Content", bool]]
    )
    parameters: dict[str, Any] = field(default_factory=dict[str, Any])
    read: int = 0

    def take(self, file: str, *, named: bool) -> None:
        """Read one file; templates wait until all parameter files are known."""
        with self.failing(named=named):
            self.sort(load(file), named=named)

    def sort(self, content: Content, *, named: bool) -> None:
        """Read what can be read at once; templates and parameters wait."""
        if arm.is_parameters(content.document):
            self.parameters[content.file] = content.document
        elif arm.knows(content):
            self.templates.append((content, named))
        else:
            self.add(_read(content), content)

    def evaluate(self) -> None:
        """Read the templates, each with the parameters that belong to it."""
        for content, named in self.templates:
            chosen = arm.parameters_for(content.file, self.parameters)
            with self.failing(named=named):
                self.add(arm.read(content, chosen), content)

    @contextmanager
    def failing(self, *, named: bool) -> Generator[None]:
        """Keep a file's problems: they end the reading where the file was named.

        Of a folder's files those that are none of ipplan's are no problem.
        """
        try:
            yield
        except InventoryError as error:
            if named:
                self.failed += [f"{error.source}{each}" for each in error.problems]
                return
            ours = not isinstance(error, UnknownError)
            self.parts.skipped += [
                Skipped(error.source, each.lstrip(": "), ours)
                for each in error.problems
            ]

    def add(self, found: Found | Parts, content: Content) -> None:
        """Add the nouns of what was found; an error where all of it is broken."""
        if isinstance(found, Parts):
            self.parts.extend(found)
            self.read += 1
            return
        new = Parts()
        read = decode(found, content, new)
        if not read and any(each.broken for each in new.skipped):
            raise InventoryError(content.file, told(new.skipped))
        file = content.file
        new.skipped = [each._replace(where=file + each.where) for each in new.skipped]
        new.incomplete += [f"{file}: {why}" for why in found.incomplete]
        new.deleted += found.deleted
        self.parts.extend(new)
        self.read += 1
        if found.page:
            self.pages[file] = found.page

    def nothing(self, paths: tuple[str, ...]) -> list[str]:
        """That folders hold nothing of ipplan's, and what is wrong with their files."""
        broken = [
            f"{each.where}: {each.reason}" for each in self.parts.skipped if each.broken
        ]
        return broken or [
            f"{' '.join(paths)}: no network or cluster; expected {EXPECTED}"
        ]

    def unfinished(self) -> list[str]:
        """Pages that link to others which were not given."""
        return [
            f"{file} links to further pages: give those too"
            for file, page in self.pages.items()
            if page.more and not _closed(page, self.pages)
        ]


def _read(content: Content) -> Found | Parts:
    for name in READERS.values():
        module = import_module(f"ipplan.readers.{name}")
        if module.knows(content):
            found: Found | Parts = module.read(content)
            return found
    raise UnknownError(content.file, [f": not known; expected {EXPECTED}"])


def _closed(page: Page, pages: dict[str, Page]) -> bool:
    """Whether the other files are the rest of a page, as far as files can tell."""
    if page.total is not None:
        alike = [each for each in pages.values() if each.total == page.total]
        return sum(each.shown or 0 for each in alike) >= page.total
    return any(
        not each.more and (not page.types or not each.types or each.types & page.types)
        for each in pages.values()
    )
