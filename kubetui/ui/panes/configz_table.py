"""What the Configz panes' tables share: rows made anew from a survey, searched by key and value."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final, TypeVar

from kubetui.insight.kubelet.search import SearchError, parse_search
from kubetui.kinds.kind import Row
from kubetui.store.filter import Filter
from kubetui.ui.panes.table_pane import TablePane
from kubetui.ui.row_tree import RowTree
from kubetui.ui.widgets.filter_bar import FilterBar
from kubetui.ui.widgets.row_source import Cell, RowSource

R = TypeVar("R", bound=Row)


NO_OBJECTS: Final = frozenset({"namespace", "namespace.all", "yaml", "logs"})
"""Keys of tables that do nothing where a line is no object of a namespace."""


class ConfigzTable(TablePane[R]):
    """Lines by key. Subclasses lay them out and paint a key's cells."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._tree = RowTree(self.cells)
        self._due = True
        self.filter_bar = FilterBar(placeholder="text in keys and values  /regex/  maxPods=30  pool=general  !not")

    def cells(self, key: Hashable) -> Sequence[Cell]:
        """A line's."""
        raise NotImplementedError

    def searched(self, text: str, keeps: Callable[[Any], bool] | None) -> None:
        """Another search."""

    def enter(self) -> None:
        """Show the lines."""
        self.table.set_source(self._tree)
        self._due = True
        self.desk.request_tick()

    def set_filter(self, text: str) -> None:
        """Search; one that can't be understood leaves the lines as they are and says why."""
        try:
            keeps = parse_search(text)
        except SearchError as error:
            self.filter_bar.set_error(str(error))
            return
        self.filter = Filter(text, keeps) if keeps is not None else None  # type: ignore[arg-type]  # kept for its text; rows are searched before they are rows
        self.filter_bar.set_status("")
        self.searched(text, keeps)
        self.rearrange()
        self.desk.request_tick()

    def rearrange(self) -> None:
        """Lay out anew in the next tick."""
        self._due = True

    def columns_changed(self) -> None:
        """Paint other columns."""
        self._due = True

    def row_source(self) -> RowSource | None:
        """The lines."""
        return self._tree

    def table_rows(self) -> Sequence[Any]:
        """The lines."""
        return self._tree.keys

    def shown_keys(self) -> Sequence[Hashable]:
        """All lines."""
        return self._tree.keys

    def action_yaml(self) -> None:
        """There is no object behind a line."""
        self.desk.say("a kubelet's configuration is no object: ^s saves it, c copies it")
