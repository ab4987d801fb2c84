"""A ConfigMap's or a Secret's keys: size and type of each. Enter: the value, a Secret's masked until asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Sequence
from typing import Any

from kubetui.cluster.errors import ClusterError
from kubetui.cluster.object_at import object_at
from kubetui.cluster.object_data import fetch_data
from kubetui.cluster.session import Lease, Scope, Session
from kubetui.commands.subject import Subject, resource_of
from kubetui.kinds.data_key import DATA_KEY_COLUMNS, DataKeyRow, ObjectData
from kubetui.kinds.kind import Column, Key, Kind, Row
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store
from kubetui.ui.panes.data_value import DataValuePane
from kubetui.ui.panes.described import Described
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.rows_pane import RowsPane
from kubetui.ui.panes.yaml import YamlPane
from kubetui.ui.state_words import count

PAUSE = 0.5
"""Seconds between two fetches at least."""
RETRY = 30.0
"""Seconds until a fetch that failed is tried again."""


class DataKeysPane(RowsPane[DataKeyRow]):
    """The keys of the object under ``key``. The object is watched without its values, and fetched when it changed."""

    def __init__(self, desk: Desk, session: Session, kind: Kind[Any], key: Key) -> None:
        super().__init__(desk, session)
        self._kind, self._key = kind, key
        self._following: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._data = ObjectData(())

    @property
    def all_columns(self) -> Sequence[Column[DataKeyRow]]:
        """A key's."""
        return DATA_KEY_COLUMNS

    @property
    def noun(self) -> str:
        """As people call them."""
        return "keys"

    def take_lease(self) -> Lease[DataKeyRow]:
        """A store of this pane's own, filled from the one object."""
        namespace, name = self._key
        about = self.session.open(self._kind, Scope(frozenset({namespace}), fields=f"metadata.name={name}"))
        store: Store[DataKeyRow] = Store()
        unwatch = about.store.on_change(self._changed.set)
        self._changed.set()
        self._following = asyncio.create_task(self._follow(about.store, store), name="keys")

        def release() -> None:
            unwatch()
            about.close()
            if self._following is not None:
                self._following.cancel()

        return Lease(store, release)

    async def _follow(self, about: Store[Row], store: Store[DataKeyRow]) -> None:
        seen, failed = -1, False
        while True:
            await self._woken(RETRY if failed else None)
            failed = False
            now = about.get(self._key)
            if about.state.phase is not Phase.LIVE:
                store.state = about.state
            elif now is None:
                store.keep_only(())
                store.state = SyncState(
                    Phase.NOT_INSTALLED, reason=f"the {self._kind.name} is gone", advice="Esc goes back"
                )
            elif now.version != seen:
                failed = not await self._fetch(store)
                seen = seen if failed else now.version
            await asyncio.sleep(PAUSE)

    async def _woken(self, within: float | None) -> None:
        """Until the object changed or a person asks; at most so many seconds."""
        try:
            async with asyncio.timeout(within):
                await self._changed.wait()
        except TimeoutError:
            return
        self._changed.clear()

    async def _fetch(self, store: Store[DataKeyRow]) -> bool:
        try:
            self._data = await fetch_data(self.session, self._kind, self._key)
        except ClusterError as error:
            reason, again = f"{error.tried}: {error.answer}", self.desk.now() + RETRY
            store.state = SyncState(Phase.FAILED, reason=reason, advice=error.advice, next_try=again)
            return False
        store.put(self._data.rows)
        store.keep_only({(row.namespace, row.name) for row in self._data.rows})
        store.state = SyncState(Phase.LIVE)
        return True

    def refetch(self) -> None:
        """Look at the object again."""
        self._changed.set()

    # --- lines

    def open_key(self, key: Hashable) -> None:
        """The value."""
        row = self.row(key)
        if row is not None:
            self.desk.open_pane(DataValuePane(self.desk, self.session, self._kind, self._key, row))

    def subjects(self) -> Sequence[Subject]:
        """The object."""
        return [Subject(resource_of(self._kind), self._key[1], self._key[0])]

    def described(self) -> Described | None:
        """The object."""
        return Described(object_at(self._kind, self._key))

    def action_yaml(self) -> None:
        """The whole object."""
        self.desk.open_pane(YamlPane(self.desk, self.session, self._kind, self._key))

    # --- what is said

    @property
    def heading(self) -> str:
        """The object, a Secret's type, how many keys."""
        held = len(self._lease.store) if self._lease is not None else 0
        amount = count(held) if held or self.state.phase is Phase.LIVE else "–"
        parts = [
            f"{self._kind.name} {'/'.join(self._key)}  {amount} {'key' if held == 1 else 'keys'}",
            self._data.type,
            "immutable" if self._data.immutable else "",
            *self._arrangement(),
        ]
        return " · ".join(part for part in parts if part)

    def empty_text(self) -> str:
        """Empty is an answer."""
        if self.state.phase is Phase.LIVE and self.filter is None and not self.problems_only:
            return f"no keys: this {self._kind.name} holds nothing"
        return super().empty_text()
