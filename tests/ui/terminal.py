"""A terminal in memory and a driver that writes to it: the whole way from a widget to cells on a screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import pyte
from textual import events
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size


class Terminal:
    """A pyte screen; counts what was written."""

    def __init__(self, width: int, height: int) -> None:
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self.screen)
        self.written: list[str] = []
        self._stream.feed("\x1b[?7l")  # no line wrap, as Textual's driver sets it

    def write(self, text: str) -> None:
        self.written.append(text)
        self._stream.feed(text)

    @property
    def size(self) -> int:
        """Bytes written."""
        return sum(len(text.encode()) for text in self.written)

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]

    def cells(self) -> list[list[Any]]:
        """All cells with their colours and attributes."""
        screen = self.screen
        return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]


class TerminalDriver(Driver):
    """Writes to ``TerminalDriver.terminal``; takes no input."""

    terminal: ClassVar[Terminal]

    def write(self, data: str) -> None:
        self.terminal.write(data)

    def start_application_mode(self) -> None:
        size = Size(self.terminal.screen.columns, self.terminal.screen.lines)
        self._app.call_later(self._app.post_message, events.Resize(size, size))

    def disable_input(self) -> None:
        """There is none."""

    def stop_application_mode(self) -> None:
        """Nothing to restore."""


@asynccontextmanager
async def on_terminal(app: App[Any], terminal: Terminal) -> AsyncIterator[Terminal]:
    """Run ``app`` on ``terminal`` as it runs on a real one."""
    TerminalDriver.terminal = terminal
    app.driver_class = TerminalDriver
    size = (terminal.screen.columns, terminal.screen.lines)
    task = asyncio.create_task(app.run_async(size=size))
    while not (app.is_running and app.screen_stack and app.screen.size == size):
        assert not task.done(), "the app ended before it showed anything"
        await asyncio.sleep(0.01)
    with app._context():
        await settle(app)
        try:
            yield terminal
        finally:
            app.exit()
            await asyncio.wait_for(task, 10)


async def settle(app: App[Any]) -> None:
    """Wait until nothing is left to be painted."""
    for _ in range(3):
        await asyncio.sleep(0)
        done = asyncio.Event()
        app.screen.call_after_refresh(done.set)
        await asyncio.wait_for(done.wait(), 10)
        await asyncio.sleep(0.03)  # Textual paints from a timer of its own, 60 times a second
