"""What all entries of ipplan's own YAML have in common."""

from typing import Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ipplan.readers.plan.looks import Name


def _named_once(entries: list[Any]) -> list[Any]:
    """Entries of which no two are called the same."""
    seen: set[str] = set()
    for entry in entries:
        called: str = entry.called()
        if called.lower() in seen:
            message = f"two are called {called}"
            raise ValueError(message)
        seen.add(called.lower())
    return entries


ONCE = AfterValidator(_named_once)
AT_LEAST_ONE = Field(min_length=1)


class Entry(BaseModel):
    """An entry: keys that it does not have are refused."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    def called(self) -> str:
        """What sets it apart among its like."""
        name: str = getattr(self, "name", "")
        return name


class NamedEntry(Entry):
    """A resource that is named by its name or by its id."""

    name: Name | None = None
    """Its name; left out where there is an id."""
    resource_group: Name | None = None
    """Its resource group, where that matters."""

    def called(self) -> str:
        """What sets it apart."""
        identity: str | None = getattr(self, "id", None)
        return identity or f"{self.resource_group or ''}/{self.name}"

    @model_validator(mode="after")
    def named(self) -> Self:
        """A name or an id, and not both."""
        by_id = getattr(self, "id", None) is not None
        if by_id and (self.name or self.resource_group):
            message = "an id has the name and the resource group: leave those out"
            raise ValueError(message)
        if not by_id and not self.name:
            message = "needs a name, or an id"
            raise ValueError(message)
        return self
