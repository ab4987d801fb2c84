"""A table of one store's rows: a view of it, filtered, sorted, followed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar, cast

from kubetui.cluster.session import Lease
from kubetui.kinds.kind import Key, Row
from kubetui.store.state import Phase, SyncState
from kubetui.store.view import Tally, View
from kubetui.ui.panes.table_pane import TablePane
from kubetui.ui.state_words import count, words_for
from kubetui.ui.view_source import ViewSource
from kubetui.ui.widgets.row_source import RowSource
from kubetui.ui.work import is_left

R = TypeVar("R", bound=Row)

_NOT_KNOWN = frozenset({Phase.CONNECTING, Phase.SYNCING, Phase.FORBIDDEN, Phase.NOT_INSTALLED, Phase.FAILED})
"""While one of these lasts, no rows does not mean that there are none."""


class RowsPane(TablePane[R]):
    """Subclasses say which store, which columns, and how the rows are called."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lease: Lease[R] | None = None
        self._view: View[R] | None = None
        self._source: ViewSource[R] | None = None
        self._unwatch: Callable[[], None] = lambda: None

    # --- what a subclass gives

    def take_lease(self) -> Lease[R]:
        """The store to look at."""
        raise NotImplementedError

    @property
    def noun(self) -> str:
        """How the rows are called: ``pods``."""
        raise NotImplementedError

    @property
    def title(self) -> str:
        """How the heading calls them: ``Pods``."""
        return self.noun.capitalize()

    @property
    def place(self) -> str:
        """Where they are: ``team-04``, ``all namespaces``; ``""`` where there is nothing to say."""
        return ""

    def problem(self, row: R) -> bool:
        """Whether 'problems only' keeps ``row``."""
        return True

    def new_tally(self) -> Tally[R] | None:
        """What is kept in step with the rows shown, empty; None where nothing is."""
        return None

    # --- coming and going

    @property
    def state(self) -> SyncState:
        """The store's."""
        return self._lease.store.state if self._lease else SyncState(Phase.CONNECTING)

    def enter(self) -> None:
        """Take the store and look at it."""
        if self._lease is not None:
            return
        self._lease = self.take_lease()
        store = self._lease.store
        self._unwatch = store.on_change(self.desk.request_tick)
        self._view = View(store, sort=self._sort(), reverse=self.reverse, keep=self._keep(), tally=self.new_tally)
        self._source = ViewSource(self._view, self.columns)
        self.table.set_source(self.source())
        self.desk.request_tick()

    def leave(self) -> None:
        """Give the store back."""
        if self._lease is not None and self._view is not None:
            self._unwatch()
            self._view.close()
            self._lease.close()
        self._lease = self._view = self._source = None

    # --- rows

    def source(self) -> RowSource:
        """What the table paints."""
        assert self._source is not None
        return self._source

    def row_source(self) -> RowSource | None:
        """What the table paints, while there is a store."""
        return self.source() if self._view is not None else None

    @property
    def save_parts(self) -> Sequence[str]:
        """``Pods``, ``team-04.txt``; ``Nodes.txt`` where there is no place to name."""
        place = self.place.replace(" ", "-")
        return (self.title, f"{place}.txt") if place else (f"{self.title}.txt",)

    def refresh_rows(self, now: float) -> None:
        """Follow the store, a piece at a time."""
        if self._view is None or self._source is None:
            return
        self._source.now = now
        if is_left(self._view.step):
            if self._view.building:
                self.desk.go_on()
            else:
                self.desk.request_tick()

    def rearrange(self) -> None:
        """Another order or filter."""
        if self._view is not None:
            self._view.reverse = self.reverse
            self._view.arrange(sort=self._sort(), keep=self._keep())

    def columns_changed(self) -> None:
        """Paint other columns."""
        if self._source is not None:
            self._source.columns = self.columns

    def _sort(self) -> Any:
        return self.sort_column.sort if self.sort_column else None

    def _keep(self) -> Any:
        if not self.problems_only:
            return self.filter.keep if self.filter else None
        return lambda row: self.problem(row) and self.keep(row)

    def table_rows(self) -> Sequence[Any]:
        """The view."""
        return cast(Sequence[Any], self._view) if self._view is not None else ()

    def shown_keys(self) -> Sequence[Hashable]:
        """All rows of the view."""
        return [(row.namespace, row.name) for row in self._view] if self._view is not None else ()

    def row(self, key: Hashable) -> R | None:
        """The row held under ``key``."""
        return self._lease.store.get(cast(Key, key)) if self._lease and isinstance(key, tuple) else None

    def row_under_cursor(self) -> R | None:
        """The row under the cursor."""
        return self.row(self.table.cursor_key)

    def chosen_rows(self) -> list[R]:
        """The marked rows that are still there, or the one under the cursor."""
        rows = [row for key in self.table.marked if (row := self.row(key)) is not None]
        under = None if rows else self.row_under_cursor()
        return sorted(rows, key=lambda row: (row.namespace, row.name)) if under is None else [under]

    # --- what is said

    @property
    def heading(self) -> str:
        """``Pods  team-04 · 214 of 33,000 · filter /x/``."""
        parts = [self.place, self.amount, *self._arrangement()]
        if self.table.marked:
            parts.append(f"{count(len(self.table.marked))} marked")
        return f"{self.title}  " + " · ".join(part for part in parts if part)

    @property
    def amount(self) -> str:
        """How many rows are shown, of how many."""
        shown = len(self._view) if self._view is not None else 0
        held = len(self._lease.store) if self._lease else 0
        if not held and self.state.phase in _NOT_KNOWN:
            return "–"
        return count(shown) if shown == held else f"{count(shown)} of {count(held)}"

    def _arrangement(self) -> list[str]:
        parts = []
        if self.filter is not None:
            parts.append(f"filter {self.filter.text}")
        if self.problems_only:
            parts.append("problems only")
        if self.sort_column is not None:
            parts.append(f"by {self.sort_column.title} {'▼' if self.reverse else '▲'}")
        return parts

    def empty_text(self) -> str:
        """What the table says instead of rows."""
        if self.state.phase in (Phase.CONNECTING, Phase.SYNCING):
            return f"{words_for(self.state, 0.0).word} …"
        noun, held = self.noun, len(self._lease.store) if self._lease else 0
        where = f" in {self.place}" if self.place else ""
        if held and self.filter is not None:
            return f"no {noun} match “{self.filter.text}”{where}; {count(held)} hidden by the filter · Esc clears it"
        if held and self.problems_only:
            return f"no {noun} with problems{where}; {count(held)} are fine · Esc shows them"
        return f"no {noun}{where}"
