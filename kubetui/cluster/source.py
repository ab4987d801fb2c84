"""What a reflector consumes: pages, Tables and a stream of typed events with the times they came.

The API server is one source (``list_watch.py``); a recording, or a test, can be another.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

from kubetui.cluster.errors import ClusterError
from kubetui.kinds.kind import Key, Row

R = TypeVar("R", bound=Row)

EventType = Literal["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"]


@dataclass(frozen=True, slots=True)
class Event(Generic[R]):
    """One watch event."""

    type: EventType
    at: float
    """When it came, Unix seconds."""
    key: Key = ("", "")
    version: str = ""
    """The object's or bookmark's resourceVersion."""
    row: R | None = None
    """The new row; None for DELETED, BOOKMARK, ERROR, and for an object that can't be read."""
    error: ClusterError | None = None
    """What an ERROR event says."""
    initial_end: bool = False
    """The bookmark that ends a WatchList's initial events (KEP-3157)."""


class Unreadable:
    """Stands for an object that does not have its kind's shape."""


UNREADABLE = Unreadable()


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """One page of a list. ``rows`` decodes while it is read, so that a reader can pause between rows."""

    version: str
    token: str
    """What the next page is asked for with; ``""`` after the last."""
    remaining: int | None
    """How many objects follow this page, where the server says."""
    count: int
    rows: Iterator[R | Unreadable]


class NotWatched(Exception):
    """There is no watch of this kind: list it again after ``pause`` seconds.

    ``words`` say so to the person, ``""`` where nothing need be said.
    """

    def __init__(self, pause: float, words: str = "") -> None:
        super().__init__(words or "not watched")
        self.pause = pause
        self.words = words


class Source(Protocol[R]):
    """Where one kind in one scope comes from. All methods raise ClusterError types."""

    async def page(self, *, limit: int, token: str = "", version: str = "") -> Page[R]:
        """A page; ``version`` "" is the most recent, "0" whatever the server has cached."""

    def watch(
        self, version: str, *, seconds: float, initial: bool = False
    ) -> AbstractAsyncContextManager[AsyncIterator[Sequence[Event[R]]]]:
        """Events after ``version`` in small batches, bookmarks among them; ends after ``seconds``.

        Raises NotWatched on entering where there is no such watch.

        ``initial``: a WatchList, which first sends all objects as ADDED and then a bookmark that ends them.
        """

    async def namespaces(self) -> Sequence[str] | None:
        """The namespaces that Tables are to be asked for; None where Tables can't be used."""

    async def table(self, namespace: str) -> list[R]:
        """Provisional rows of a namespace."""
