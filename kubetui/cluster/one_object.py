"""One object by its name as a Source, for accounts that may ``get`` it and nothing more.

A list with ``metadata.name=`` is allowed by a role's ``resourceNames`` only where the role has ``list``; many have
``get`` alone. So where the list is refused, the object itself is asked for; it is watched where that is allowed, else
asked for again and again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import quote

import msgspec

from kubetui.cluster.clock import Clock
from kubetui.cluster.errors import Forbidden, NotFound, NotKubernetes
from kubetui.cluster.foreground import Foreground
from kubetui.cluster.list_watch import ListWatch, R, Selection
from kubetui.cluster.source import Event, NotWatched, Page
from kubetui.cluster.transport import Request, Transport
from kubetui.cluster.wire import decode_meta
from kubetui.kinds.kind import Kind

POLL_PAUSE: Final = 10.0
"""Seconds between looks at an object that may be got only."""
REFUSED_PAUSE: Final = 300.0
"""Seconds until what was refused is tried again: rights change."""
_BY_NAME: Final = "metadata.name="


def name_in(selection: Selection) -> str:
    """The one name that a selection in one namespace means; ``""`` where it may mean several."""
    alone = selection.fields.startswith(_BY_NAME) and "," not in selection.fields and not selection.labels
    return selection.fields.removeprefix(_BY_NAME) if alone and selection.namespace is not None else ""


class OneObject(ListWatch[R]):
    """As ListWatch, as long as listing is allowed."""

    def __init__(
        self,
        transport: Transport,
        kind: Kind[R],
        selection: Selection,
        clock: Clock,
        foreground: Foreground | None = None,
    ) -> None:
        super().__init__(transport, kind, selection, clock, foreground)
        self._name = name_in(selection)
        self._tried = f"get {kind.resource} {selection.namespace}/{self._name}"
        self._list_again = self._watch_again = -REFUSED_PAUSE
        """When what was refused may be tried again, monotonic seconds."""

    @property
    def _refused(self) -> bool:
        """Whether listing was refused, a while ago at most."""
        return self._clock.monotonic() < self._list_again

    async def page(self, *, limit: int, token: str = "", version: str = "") -> Page[R]:
        """The object as the only one of a list, or none. Raises ClusterError types: what the list met where the
        account may not get the object either.
        """
        if self._refused:
            return await self._get()
        try:
            return await super().page(limit=limit, token=token, version=version)
        except Forbidden as refused:
            try:
                found = await self._get()
            except Forbidden:
                raise refused from None
            self._list_again = self._clock.monotonic() + REFUSED_PAUSE
            return found

    async def _get(self) -> Page[R]:
        try:
            answer = await self._transport.send(Request(f"{self._path}/{quote(self._name, safe='')}", self._tried))
            meta = decode_meta(msgspec.Raw(answer.body)).metadata
        except NotFound:
            return Page("", "", 0, 0, iter(()))
        except msgspec.DecodeError as error:
            raise NotKubernetes(self._tried, f"the answer is no object: {error}") from error
        return Page(meta.resource_version, "", 0, 1, self._rows([msgspec.Raw(answer.body)]))

    @asynccontextmanager
    async def watch(
        self, version: str, *, seconds: float, initial: bool = False
    ) -> AsyncIterator[AsyncIterator[Sequence[Event[R]]]]:
        """As ListWatch; raises NotWatched where watching is not allowed, or nothing was got to begin from."""
        if not version or self._clock.monotonic() < self._watch_again:
            raise NotWatched(POLL_PAUSE)
        entered = False
        try:
            async with super().watch(version, seconds=seconds, initial=initial) as events:
                entered = True
                yield events
        except Forbidden:
            if entered or not self._refused:
                raise
            self._watch_again = self._clock.monotonic() + REFUSED_PAUSE
            raise NotWatched(POLL_PAUSE) from None
