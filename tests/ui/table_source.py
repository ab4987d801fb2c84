"""Rows in a list, for tests and benches of the table."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from textual.app import App, ComposeResult

from kubetui.ui.widgets.live_table import LiveTable, TableMessage
from kubetui.ui.widgets.row_source import Cell, ColumnSpec, Line

COLUMNS = (
    ColumnSpec("name", "NAME", priority=0, max_width=50),
    ColumnSpec("ready", "READY", priority=1),
    ColumnSpec("status", "STATUS", priority=1, max_width=24),
    ColumnSpec("restarts", "RESTARTS", right=True, priority=3),
    ColumnSpec("age", "AGE", right=True, priority=2, quiet=True),
    ColumnSpec("node", "NODE", priority=4),
    ColumnSpec("ip", "IP", priority=5),
)


class ListSource:
    """A row source over a list of lines; counts what it is asked for."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = list(lines)
        self.asked = 0

    def __len__(self) -> int:
        return len(self.lines)

    def line(self, index: int) -> Line:
        self.asked += 1
        return self.lines[index]

    def index_of(self, key: Hashable) -> int | None:
        return next((index for index, line in enumerate(self.lines) if line.key == key), None)


def pod(name: str, status: str = "Running", restarts: int = 0, age: str = "4d2h") -> Line:
    cells = (
        Cell(name, "bold"),
        Cell("1/1" if status == "Running" else "0/1"),
        Cell(status, "" if status == "Running" else "act"),
        Cell(str(restarts), "dim" if not restarts else ""),
        Cell(age),
        Cell("aks-general-12345678-vmss00000v"),
        Cell("10.244.3.17"),
    )
    return Line(key=name, cells=cells)


def pods(count: int) -> list[Line]:
    return [pod(f"web-{index:05d}") for index in range(count)]


class TableApp(App[None]):
    """One table, and the messages it posted as (kind, key or column)."""

    def __init__(self, source: ListSource, table: LiveTable | None = None) -> None:
        super().__init__()
        self.source = source
        self.table = table or LiveTable()
        self.told: list[tuple[str, Hashable]] = []

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.table.set_columns(COLUMNS)
        self.table.set_source(self.source)
        self.table.focus()

    def on_live_table_selected(self, message: TableMessage) -> None:
        self.told.append(("selected", message.key))

    def on_live_table_cursor(self, message: TableMessage) -> None:
        self.told.append(("cursor", message.key))

    def on_live_table_toggled(self, message: TableMessage) -> None:
        self.told.append(("toggled", message.key))

    def on_live_table_header_clicked(self, message: LiveTable.HeaderClicked) -> None:
        self.told.append(("header", message.column_id))
