"""A table whose rows stand under groups: when its lines are laid out, and the keys that fold them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, ClassVar, TypeVar

from textual import on

from kubetui.kinds.kind import Row
from kubetui.ui.panes.rows_pane import RowsPane
from kubetui.ui.widgets.live_table import LiveTable

R = TypeVar("R", bound=Row)

LAYOUT_PAUSE = 1.0
"""Seconds between two layouts of a large tree; a line itself is always the newest."""


class TreePane(RowsPane[R]):
    """Mixed in before a RowsPane. Subclasses lay out, and know which group a key belongs to."""

    MANY: ClassVar[int] = 300
    """From so many rows on the tree is laid out at most once in ``LAYOUT_PAUSE``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._layout_due = True
        self._laid_out = 0.0

    # --- what a subclass gives

    def lay_out(self) -> None:
        """Build the lines anew."""
        raise NotImplementedError

    def group_of(self, key: Hashable) -> Hashable | None:
        """The group's key: ``key`` itself, or that of the group its row stands under; None where there is none."""
        raise NotImplementedError

    def turn(self, group: Hashable) -> None:
        """Fold the group, or unfold it."""
        raise NotImplementedError

    def turn_all(self) -> None:
        """Fold or unfold all groups."""
        raise NotImplementedError

    # --- layout

    def lay_out_if_due(self, now: float, rows: int) -> None:
        """Lay out, unless a large tree was laid out a moment ago."""
        if self._layout_due and (rows < self.MANY or now - self._laid_out >= LAYOUT_PAUSE):
            self._laid_out, self._layout_due = now, False
            self.lay_out()

    def lay_out_at_once(self) -> None:
        """The person did something: lay out in the next tick, however large the tree."""
        self._laid_out, self._layout_due = 0.0, True
        self.desk.request_tick()

    def rearrange(self) -> None:
        """Another order or filter."""
        super().rearrange()
        self.lay_out_at_once()

    def _sort(self) -> Any:
        # The tree sorts, within each group; its columns may change without the row's changing.
        return None

    @property
    def tree_sort(self) -> Callable[[R], Any] | None:
        """What the rows of a group are sorted by."""
        return self.sort_column.sort if self.sort_column else None

    # --- folding

    def fold(self, group: Hashable) -> None:
        """Turn a group and show it."""
        self.turn(group)
        self.lay_out_at_once()

    @on(LiveTable.Toggled)
    def _toggled(self, event: LiveTable.Toggled) -> None:
        event.stop()
        self.fold(event.key)

    def action_fold(self) -> None:
        """Fold or unfold the group under the cursor, or the one its row stands under."""
        group = self.group_of(self.table.cursor_key)
        if group is not None:
            self.fold(group)

    def action_fold_all(self) -> None:
        """Fold or unfold all groups."""
        self.turn_all()
        self.lay_out_at_once()
