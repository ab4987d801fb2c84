"""The pods that a workload selects, or those of one namespace, opened from a list of the one or the other."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from kubetui.cluster.errors import ClusterError
from kubetui.cluster.object_selector import fetch_selector
from kubetui.cluster.session import Scope, Session
from kubetui.kinds.kind import Key, Kind
from kubetui.store.state import Phase, SyncState
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.pods import PodsPane


class NamespacePodsPane(PodsPane):
    """The pods of one namespace, whichever are chosen elsewhere."""

    def __init__(self, desk: Desk, session: Session, namespace: str) -> None:
        super().__init__(desk, session, Scope(frozenset({namespace})))

    def set_scope(self, scope: Scope) -> None:
        """Stays with its namespace."""


class SelectedPodsPane(NamespacePodsPane):
    """The pods that the object under ``key`` selects; its selector is fetched first, and never changes."""

    def __init__(self, desk: Desk, session: Session, kind: Kind[Any], key: Key) -> None:
        super().__init__(desk, session, key[0])
        self._of, self._key = kind, key
        self._asking: asyncio.Task[None] | None = None
        self._asked_state = SyncState(Phase.CONNECTING)

    @property
    def place(self) -> str:
        """The object."""
        return f"{self._of.name.lower()} {'/'.join(self._key)}"

    @property
    def state(self) -> SyncState:
        """How far the selector came, then the pods'."""
        return super().state if self._lease is not None else self._asked_state

    def enter(self) -> None:
        """The selector, then the pods."""
        if self.scope.labels:
            super().enter()
        elif self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask(), name="fetch selector")

    def leave(self) -> None:
        """Stop asking, give the pods back."""
        if self._asking is not None:
            self._asking.cancel()
        super().leave()

    def refetch(self) -> None:
        """``^r``: where the selector did not come, ask again."""
        self.enter()

    async def _ask(self) -> None:
        self._asked_state = SyncState(Phase.CONNECTING)
        try:
            selector = await fetch_selector(self.session, self._of, self._key)
        except ClusterError as error:
            self._asked_state = SyncState(
                Phase.FAILED, reason=f"{error.tried}: {error.answer}", advice=error.advice or "^r tries again"
            )
        else:
            if selector:
                self.scope = replace(self.scope, labels=selector)
                super().enter()
            else:
                self._asked_state = SyncState(
                    Phase.NOT_INSTALLED, reason=f"this {self._of.name} selects no pods", advice="Esc goes back"
                )
        self.desk.request_tick()
