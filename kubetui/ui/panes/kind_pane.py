"""A pane of one kind in one scope."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from kubetui.cluster.object_at import object_at
from kubetui.cluster.session import EVERYWHERE, Lease, Scope, Session
from kubetui.commands.subject import Subject, subject_of
from kubetui.kinds.kind import Column, Kind, Row
from kubetui.store.state import Phase, SyncState
from kubetui.ui.panes.described import Described
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.rows_pane import RowsPane
from kubetui.ui.panes.yaml import YamlPane

R = TypeVar("R", bound=Row)

_NO_LABELS = frozenset({Phase.CONNECTING, Phase.SYNCING, Phase.DETAILS})
"""While these last, rows may be made from Tables, which hold no labels."""


class KindPane(RowsPane[R]):
    """Rows of one kind."""

    def __init__(self, desk: Desk, session: Session, kind: Kind[R], scope: Scope = EVERYWHERE, **kwargs: Any) -> None:
        super().__init__(desk, session, **kwargs)
        self.kind = kind
        self.scope = scope
        self._asked = ""

    @property
    def all_columns(self) -> Sequence[Column[R]]:
        """The kind's; the namespace only where several are shown."""
        one = not self.kind.namespaced or (self.scope.namespaces is not None and len(self.scope.namespaces) == 1)
        return [column for column in self.kind.columns if not (one and column.title == "NAMESPACE")]

    @property
    def settings_name(self) -> str:
        """The resource's name."""
        return self.kind.plural

    @property
    def state(self) -> SyncState:
        """The store's; where all namespaces may not be listed, with the way to one that may be."""
        state = super().state
        if state.phase is not Phase.FORBIDDEN or not self.kind.namespaced or self.scope.namespaces is not None:
            return state
        return replace(state, advice=f"n chooses a namespace that you may look at; or {state.advice}")

    @property
    def noun(self) -> str:
        """The resource's name."""
        return self.kind.plural

    @property
    def title(self) -> str:
        """The kind's, in the plural."""
        return self.kind.title

    @property
    def place(self) -> str:
        """The namespaces."""
        if not self.kind.namespaced:
            return ""
        if self.scope.namespaces is None:
            return "all namespaces"
        names = sorted(self.scope.namespaces)
        return ", ".join(names) if len(names) <= 3 else f"{len(names)} namespaces"

    def labels(self, row: R) -> Sequence[tuple[str, str]]:
        """The row's labels, where the kind keeps them."""
        return self.kind.labels(row) if self.kind.labels else ()

    def problem(self, row: R) -> bool:
        """As the kind sees it."""
        return self.kind.problem is None or self.kind.problem(row)

    def take_lease(self) -> Lease[R]:
        """From the session, which keeps the store in step for a while after it is given back."""
        labels = ",".join(part for part in (self.scope.labels, self._asked) if part)
        return self.session.open(self.kind, replace(self.scope, labels=labels))

    def set_filter(self, text: str) -> None:
        """Filter here; by labels that have not come yet, ask the server."""
        super().set_filter(text)
        selector = self.filter.selector if self.filter else ""
        wanted = selector if self._asked or self.state.phase in _NO_LABELS else ""
        if wanted != self._asked and self._lease is not None:
            self.leave()
            self._asked = wanted
            self.enter()

    def set_scope(self, scope: Scope) -> None:
        """Look at other namespaces."""
        if scope == self.scope or not self.kind.namespaced:
            return
        visible = self._lease is not None
        self.leave()
        self.scope = scope
        self.table.marked = frozenset()
        if visible:
            self.enter()
        self._show_columns()

    def subjects(self) -> Sequence[Subject]:
        """The objects of the chosen rows."""
        return [subject_of(self.kind, row) for row in self.chosen_rows()]

    def open_key(self, key: Hashable) -> None:
        """Opening an object shows its YAML, unless the kind's pane knows better."""
        self.action_yaml()

    def described(self) -> Described | None:
        """The object under the cursor; its changes are seen in the store."""
        row = self.row_under_cursor()
        if row is None or self._lease is None:
            return None
        return Described(object_at(self.kind, (row.namespace, row.name)), self._lease.store)

    def action_yaml(self) -> None:
        """The object under the cursor as YAML."""
        row = self.row_under_cursor()
        if row is not None:
            self.desk.open_pane(YamlPane(self.desk, self.session, self.kind, (row.namespace, row.name)))
