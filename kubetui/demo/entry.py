"""What the demo's API server serves: resources, and entries that render themselves.

An entry holds the few values that make it different; its JSON is rendered from a shared template when asked
for, so that 150,000 pods fit in memory and a page of 500 is written as fast as an API server writes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol


class TableColumn(NamedTuple):
    """A column definition of ``meta.k8s.io/v1`` Tables, as the API server declares it."""

    name: str
    type: str = "string"
    format: str = ""
    priority: int = 0
    description: str = ""


class Subresource(NamedTuple):
    """What hangs below an object, as discovery shows it: ``log``, ``status``, ``proxy``."""

    name: str
    kind: str
    verbs: tuple[str, ...] = ("get",)


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind that the demo serves, as discovery shows it."""

    kind: str
    plural: str
    group: str
    """``""`` for the core group."""
    version: str
    namespaced: bool
    short_names: tuple[str, ...] = ()
    singular: str | None = None
    """None: the kind in lower case; metrics-server says ``""``."""
    categories: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ("get", "list", "watch")
    columns: tuple[TableColumn, ...] = (TableColumn("Name", format="name"), TableColumn("Age"))
    subresources: tuple[Subresource, ...] = ()
    watch_cache: bool = True
    """False for events: no bookmarks between, as upstream."""


class Entry(Protocol):
    """One state of one object. Once put it never changes: an update is another entry (``copy.copy``, change, put).

    So the history of events and the snapshots behind continue tokens hold entries, and their JSON is rendered
    only when somebody asks. The storage calls ``stamp`` at the put; everything else only reads. It must survive
    ``copy.copy``: the last state of a deleted object is a copy stamped with the deletion's version.
    """

    @property
    def namespace(self) -> str:
        """``""`` for a cluster-scoped object."""

    @property
    def name(self) -> str:
        """The object's name."""

    @property
    def labels(self) -> Mapping[str, str]:
        """For label selectors."""

    @property
    def version(self) -> int:
        """The resourceVersion of the last write."""

    def stamp(self, version: int) -> None:
        """Take the resourceVersion of this write."""

    def encode(self) -> bytes:
        """The whole object as compact JSON, apiVersion and kind included."""

    def field(self, path: str) -> str:
        """The value that a field selector sees: ``metadata.name``, ``spec.nodeName``, ``status.phase``."""

    def cells(self, now: float) -> Sequence[Any]:
        """Table cells, as the API server prints them at ``now`` (Unix seconds)."""
