"""What the table costs, in milliseconds and bytes: ``python -m tests.bench.widgets_bench``.

The app runs as it does on a terminal, but the driver only counts. A figure is the best of several runs: time spent in
the widget's own update plus the frame that Textual paints for it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from itertools import count
from time import perf_counter
from typing import Any, ClassVar, NamedTuple

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.driver import Driver
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import DataTable

from kubetui.ui._textual_private import SWITCH, DiffedApp
from kubetui.ui.widgets.line_source import TextLines
from kubetui.ui.widgets.line_view import LineView
from kubetui.ui.widgets.live_table import LiveTable
from kubetui.ui.widgets.row_source import Line
from tests.ui.table_source import COLUMNS, pod, pods

SIZE = Size(120, 42)
ROWS = 150_000
RUNS = 7

_restarts = count(1)


class Cost(NamedTuple):
    """Of one update: seconds of the loop, bytes to the terminal."""

    seconds: float
    size: int


class Counting(Driver):
    """Counts bytes."""

    size: ClassVar[int] = 0

    def write(self, data: str) -> None:
        Counting.size += len(data.encode())

    def start_application_mode(self) -> None:
        self._app.call_later(self._app.post_message, events.Resize(SIZE, SIZE))

    def disable_input(self) -> None:
        """There is none."""

    def stop_application_mode(self) -> None:
        """Nothing to restore."""


class Timed(Screen[None]):
    """Adds up the time of its frames."""

    seconds = 0.0

    def _on_timer_update(self) -> None:
        start = perf_counter()
        super()._on_timer_update()
        self.seconds += perf_counter() - start


class BenchApp(DiffedApp[None]):
    """One widget on a screen."""

    def __init__(self, widget: LiveTable | LineView | DataTable[Text]) -> None:
        super().__init__(driver_class=Counting)
        self.widget = widget

    def get_default_screen(self) -> Screen[None]:
        return Timed(id="_default")

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_mount(self) -> None:
        self.animation_level = "none"
        self.widget.focus()


@asynccontextmanager
async def running(app: App[Any]) -> AsyncIterator[None]:
    task = asyncio.create_task(app.run_async(size=(SIZE.width, SIZE.height)))
    while not (app.is_running and app.screen_stack and app.screen.size == SIZE):
        await quiet()
    with app._context():
        await quiet()
        yield
        app.exit()
        await task


async def quiet() -> None:
    """Longer than the timer from which Textual paints."""
    await asyncio.sleep(0.15)


async def cost(app: App[Any], change: Callable[[], object], runs: int = RUNS) -> Cost:
    best = Cost(float("inf"), 0)
    screen = app.screen
    assert isinstance(screen, Timed)
    for _ in range(runs):
        screen.seconds, before, start = 0.0, Counting.size, perf_counter()
        change()
        own = perf_counter() - start
        await quiet()
        best = min(best, Cost(own + screen.seconds, Counting.size - before))
    return best


_report: list[str] = []
"""Printed at the end: a running app keeps what is printed for itself."""


def show(what: str, figure: Cost) -> None:
    _report.append(f"{what:<62}{figure.seconds * 1000:>9.2f} ms{figure.size:>10,} B")


class Numbered:
    """Rows made when they are asked for, so that the bench weighs the table and not a list of rows."""

    def __init__(self) -> None:
        self.restarts: dict[int, int] = {}
        self.reverse = False

    def __len__(self) -> int:
        return ROWS

    def line(self, index: int) -> Line:
        number = ROWS - 1 - index if self.reverse else index
        return pod(f"web-{number:06d}", restarts=self.restarts.get(number, 0))

    def index_of(self, key: Hashable) -> int | None:
        number = int(str(key)[4:])
        return ROWS - 1 - number if self.reverse else number


async def live_table(label: str) -> None:
    source = Numbered()
    table = LiveTable(highlight=0)

    def change(rows: int) -> None:
        source.restarts.update((index, 100 + next(_restarts) % 900) for index in range(rows))
        table.source_changed()

    def page() -> None:
        table.page(1)

    def swap() -> None:
        source.reverse = not source.reverse
        table.set_source(source)

    async with running(app := BenchApp(table)):
        table.set_columns(COLUMNS)
        table.set_source(source)
        change(30)
        await quiet()
        show(f"LiveTable{label}: nothing changed", await cost(app, table.source_changed))
        show(f"LiveTable{label}: one changed cell", await cost(app, lambda: change(1)))
        show(f"LiveTable{label}: 30 rows change one cell", await cost(app, lambda: change(30)))
        table.source_changed()
        table.cursor_to(1000)
        await quiet()
        show(f"LiveTable{label}: cursor one row down", await cost(app, lambda: table.cursor_by(-1)))
        show(f"LiveTable{label}: page jump", await cost(app, page))
        show(f"LiveTable{label}: swap in {ROWS:,} rows", await cost(app, swap))


async def data_table(rows: int) -> None:
    table: DataTable[Text] = DataTable(cursor_type="row")

    def change(changed: int) -> None:
        for index in range(changed):
            table.update_cell(f"web-{index:05d}", "restarts", Text(str(100 + next(_restarts) % 900)))

    async with running(app := BenchApp(table)):
        for spec in COLUMNS:
            table.add_column(spec.title, key=spec.id)
        start = perf_counter()
        for line in pods(rows):
            table.add_row(*(Text(cell.text) for cell in line.cells), key=str(line.key))
        await quiet()
        await quiet()
        _report.append(f"DataTable: {rows:,} rows added in {perf_counter() - start:.2f} s")
        show("DataTable: one changed cell", await cost(app, lambda: change(1)))
        show("DataTable: 30 rows change one cell", await cost(app, lambda: change(30)))


async def line_view() -> None:
    lines = [f"2026-11-21T12:03:58.{i:06d}Z [INFO] 10.244.3.17:5556 A IN ledger.svc" for i in range(200_000)]
    view = LineView(TextLines(lines))
    async with running(app := BenchApp(view)):
        show("LineView: 200,000 lines shown", await cost(app, view.source_changed))
        show("LineView: page down", await cost(app, lambda: view.page(1)))
        view.wrapped = True
        await quiet()
        show("LineView, wrapped: page down", await cost(app, lambda: view.page(1)))
        view.follow = True

        def more() -> None:
            lines.extend(f"2026-11-21T12:04:00.{next(_restarts):06d}Z [INFO] more" for _ in range(1_000))
            view.source_changed()

        await quiet()
        show("LineView, wrapped and following: 1,000 more lines", await cost(app, more))


async def with_switch(value: str, bench: Callable[[], Awaitable[None]]) -> None:
    os.environ[SWITCH] = value
    os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
    await bench()


async def main() -> None:
    await with_switch("1", lambda: live_table(""))
    await with_switch("0", lambda: live_table(" (whole lines)"))
    await with_switch("0", lambda: data_table(1_000))
    await with_switch("1", line_view)
    print("\n".join(_report))


if __name__ == "__main__":
    asyncio.run(main())
