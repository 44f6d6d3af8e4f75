"""JSON Schema of the documents, made from their classes."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, TypeAdapter

from ipplan.contracts import (
    DOCUMENTS,
    checks,
    diagnoses,
    externals,
    inventories,
    layouts,
    maps,
    migrations,
    nexts,
    origins,
    reports,
    rules,
    sizes,
    sweeps,
    traffic,
)


def json_schema(command: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of the document that a command prints.

    Parameters
    ----------
    command : str
        A key of :data:`ipplan.contracts.DOCUMENTS`.

    Examples
    --------
    >>> json_schema("size")["title"]
    'SizeDocument'
    """
    adapter: TypeAdapter[Any] = TypeAdapter(DOCUMENTS[command])
    schema = adapter.json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


for _module in (
    checks,
    diagnoses,
    layouts,
    maps,
    migrations,
    nexts,
    reports,
    rules,
    sizes,
    sweeps,
    origins,
    traffic,
    externals,
    inventories,
):
    for _name, _class in vars(_module).items():
        if _name.endswith("Document") and _class.__module__ == _module.__name__:
            _class.__pydantic_config__ = ConfigDict(use_attribute_docstrings=True)
