"""What we take from Textual's inside is still there, and the whole app on a terminal shows what it should."""

from __future__ import annotations

import inspect
from errno import EIO
from io import StringIO
from queue import Queue
from threading import Thread
from typing import TextIO, cast

import pytest
from rich.console import Console
from rich.text import Text
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.app import App, ComposeResult
from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static

from kubetui.ui._textual_private import DiffedApp, LastingDriver, LastingFile, output_backlog
from kubetui.ui.widgets.live_table import LiveTable
from tests.ui.snapshot import screen_text
from tests.ui.table_source import COLUMNS, ListSource, pod, pods
from tests.ui.terminal import Terminal, on_terminal, settle


class OwnApp(DiffedApp[None]):
    """A table between two lines."""

    def __init__(self, source: ListSource) -> None:
        super().__init__()
        self.source = source
        self.table = LiveTable(highlight=0)

    def compose(self) -> ComposeResult:
        yield Static("aks-prod  live", id="top")
        yield self.table
        yield Input(id="bottom", compact=True)

    def on_mount(self) -> None:
        self.animation_level = "none"
        self.table.set_columns(COLUMNS)
        self.table.set_source(self.source)
        self.table.focus()


class Dialog(ModalScreen[None]):
    def compose(self) -> ComposeResult:
        yield Static("服务器 dialog 🚀 " * 10)


def shown_as_composed(app: OwnApp, terminal: Terminal) -> None:
    """The terminal shows what the compositor composed, and what one whole frame would show, colours and all."""
    own = [line.replace("\u0000", "") for line in terminal.lines]
    assert [line.rstrip() for line in own] == screen_text(app).rstrip("\n").split("\n") + [""] * (
        len(own) - len(screen_text(app).rstrip("\n").split("\n"))
    )
    whole = Terminal(terminal.screen.columns, terminal.screen.lines)
    frame = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert isinstance(frame, LayoutUpdate)
    whole.write(frame.render_segments(app.console))
    assert terminal.cells() == whole.cells()


async def test_a_whole_session_shows_what_was_composed() -> None:
    app = OwnApp(ListSource(pods(500)))
    async with on_terminal(app, Terminal(80, 24)) as terminal:
        shown_as_composed(app, terminal)
        app.source.lines[3] = pod("web-00003", "CrashLoopBackOff", 12)
        app.table.source_changed()
        await settle(app)
        shown_as_composed(app, terminal)
        app.table.page(3)
        app.source.lines[100:100] = [pod("服务器-🚀"), pod("x" * 70)]
        app.table.source_changed()
        await settle(app)
        shown_as_composed(app, terminal)
        app.table.scroll_to(y=90, animate=False)
        app.query_one("#top", Static).update(Text("stale 14s – reconnecting\nsecond line"))
        await settle(app)
        shown_as_composed(app, terminal)
        await app.push_screen(Dialog())
        await settle(app)
        shown_as_composed(app, terminal)
        app.pop_screen()
        app.theme = "textual-light"
        await settle(app)
        shown_as_composed(app, terminal)
        app.source.lines.clear()
        app.table.set_empty("no pods")
        app.table.source_changed()
        await settle(app)
        shown_as_composed(app, terminal)


async def test_a_changed_cell_costs_few_bytes_and_an_unchanged_frame_none() -> None:
    app = OwnApp(ListSource(pods(500)))
    async with on_terminal(app, Terminal(120, 40)) as terminal:
        before = terminal.size
        app.source.lines[3] = pod("web-00003", restarts=1)
        app.table.source_changed()
        await settle(app)
        assert 0 < terminal.size - before <= 80
        before = terminal.size
        app.screen.refresh()
        app.table.refresh()
        await settle(app)
        assert terminal.size == before


async def test_thirty_rows_that_change_once_stay_within_the_budget() -> None:
    app = OwnApp(ListSource(pods(500)))
    async with on_terminal(app, Terminal(120, 40)) as terminal:
        before = terminal.size
        for index in range(30):
            app.source.lines[index] = pod(f"web-{index:05d}", restarts=index + 1)
        app.table.source_changed()
        await settle(app)
        assert terminal.size - before <= 2_500


async def test_what_another_program_wrote_is_painted_over_on_request() -> None:
    app = OwnApp(ListSource(pods(50)))
    async with on_terminal(app, Terminal(80, 24)) as terminal:
        terminal.write("\x1b[2J\x1b[5;5Hwall: the machine goes down")
        app.repaint_terminal()
        await settle(app)
        shown_as_composed(app, terminal)


async def test_taken_back_after_a_suspend_the_terminal_is_painted_whole() -> None:
    app = OwnApp(ListSource(pods(50)))
    async with on_terminal(app, Terminal(80, 24)) as terminal:
        assert app._driver is not None
        terminal.write("\x1b[2J")  # an editor had the terminal
        app._driver._writer_thread = object()  # type: ignore[attr-defined]  # as LinuxDriver does when it takes it
        app.refresh(layout=True)
        app.screen.refresh()
        await settle(app)
        shown_as_composed(app, terminal)


async def test_switched_off_textual_writes_its_own_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBETUI_SPAN_DIFF", "0")
    app = OwnApp(ListSource(pods(50)))
    async with on_terminal(app, Terminal(80, 24)) as terminal:
        shown_as_composed(app, terminal)
        before = terminal.size
        app.table.refresh()
        await settle(app)
        assert terminal.size - before > 1000


async def test_a_fault_in_comparing_falls_back_to_textuals_own_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    app = OwnApp(ListSource(pods(50)))
    async with on_terminal(app, Terminal(80, 24)) as terminal:

        def broken(*_: object) -> str:
            raise IndexError("a fault")

        monkeypatch.setattr("kubetui.ui._textual_private.differences", broken)
        app.source.lines[3] = pod("web-00003", restarts=1)
        app.table.source_changed()
        await settle(app)
        shown_as_composed(app, terminal)
        monkeypatch.undo()
        app.source.lines[4] = pod("web-00004", restarts=2)
        app.table.source_changed()
        await settle(app)
        shown_as_composed(app, terminal)


async def test_without_a_terminal_there_is_no_backlog() -> None:
    app = OwnApp(ListSource(pods(5)))
    async with app.run_test():
        assert app.output_backlog == 0


def test_a_backed_up_writer_is_counted() -> None:
    class Stuck:
        _queue: Queue[str | None] = Queue()

    app = OwnApp(ListSource([]))
    app._driver = type("Driven", (), {"_writer_thread": Stuck()})()
    Stuck._queue.put("frame")
    assert output_backlog(app) == 1


def test_textuals_writer_still_has_its_queue(tmp_path: object) -> None:
    with open(f"{tmp_path}/terminal", "w") as file:
        writer = WriterThread(file)
        writer.write("a")
        writer.write("b")
        assert writer._queue.qsize() == 2
    assert "_writer_thread" in inspect.getsource(LinuxDriver.start_application_mode)
    assert "_queue" in inspect.getsource(WriterThread)


def test_textual_still_hands_frames_to_display() -> None:
    assert list(inspect.signature(App._display).parameters) == ["self", "screen", "renderable"]
    source = inspect.getsource(App._display)
    for used in ("_batch_count", "_running", "_closed", "is_headless", "render_segments", "post_display_hook"):
        assert used in source, f"App._display no longer knows {used}: read it again and adapt DiffedApp"
    assert "app._display(" in inspect.getsource(Screen._compositor_refresh)
    assert list(inspect.signature(LayoutUpdate.__init__).parameters) == ["self", "strips", "region"]
    assert list(inspect.signature(ChopsUpdate.__init__).parameters) == ["self", "chops", "spans", "chop_ends"]
    assert "LayoutUpdate" in inspect.getsource(Compositor.render_full_update)
    assert hasattr(Console(), "_color_system")


class Hung(StringIO):
    """A terminal that was closed."""

    def write(self, text: str) -> int:
        raise OSError(EIO, "Input/output error")

    def flush(self) -> None:
        raise OSError(EIO, "Input/output error")


def test_what_is_written_to_a_terminal_that_went_away_keeps_nobody_waiting() -> None:
    writer = WriterThread(cast("TextIO", LastingFile(Hung())))
    writer.start()

    def write_much() -> None:
        for _ in range(10 * MAX_QUEUED_WRITES):
            writer.write("a frame")
        writer.stop()

    closing = Thread(target=write_much, daemon=True)
    closing.start()
    closing.join(30)
    assert not closing.is_alive()


def test_the_driver_of_a_terminal_writes_to_what_may_go_away() -> None:
    assert OwnApp(ListSource(pods(1))).get_driver_class() is LastingDriver
    assert "WriterThread(self._file)" in inspect.getsource(LinuxDriver.start_application_mode)
    assert "self._file = " in inspect.getsource(LinuxDriver.__init__)
