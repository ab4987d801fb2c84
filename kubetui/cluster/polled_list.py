"""A kind that can't be watched, as a Source: listed again and again, at the pace of its data."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

import msgspec

from kubetui.cluster.clock import Clock
from kubetui.cluster.foreground import Foreground
from kubetui.cluster.list_watch import ListWatch, R, Selection
from kubetui.cluster.polling import Polling
from kubetui.cluster.source import Event, NotWatched, Page, Unreadable
from kubetui.cluster.transport import Transport
from kubetui.kinds.kind import Kind


class PolledList(ListWatch[R]):
    """The API server as a Source of samples. A row's ``version`` is its sample's time."""

    def __init__(
        self,
        transport: Transport,
        kind: Kind[R],
        selection: Selection,
        clock: Clock,
        foreground: Foreground | None = None,
    ) -> None:
        super().__init__(transport, kind, selection, clock, foreground)
        self._words = selection.words(kind.resource)
        self._polling = Polling()

    async def read_page(self, body: bytes, tried: str) -> Page[R]:
        """A list's body; metrics come in one page. Raises NotKubernetes where it is none."""
        page = await super().read_page(body, tried)
        self._polling.begin(page.count)
        return page

    def _rows(self, items: list[msgspec.Raw]) -> Iterator[R | Unreadable]:
        # Short, because 150,000 come at once; ``_row`` says what is wrong with those that can't be read.
        decoded, row_of, newest = self._decoder.decode, self._kind.row, 0
        for item in items:
            try:
                row = row_of(decoded(item))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                yield self._row(item)
                continue
            if row.version > newest:
                newest = row.version
                self._polling.saw(newest)
            yield row

    @asynccontextmanager
    async def watch(
        self, version: str, *, seconds: float, initial: bool = False
    ) -> AsyncIterator[AsyncIterator[Sequence[Event[R]]]]:
        """Raises NotWatched, always."""
        raise NotWatched(self._polling.pause())
        yield  # type: ignore[unreachable]  # what makes this a generator, as a context manager's function has to be
