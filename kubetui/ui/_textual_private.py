"""The only module that touches what Textual does not promise to keep (8.2.8 is pinned for it).

Each touch has a test in ``tests/ui/test_textual_private.py`` that fails when Textual changes:

- ``App._display(screen, renderable)`` hands a frame to the driver, ``LayoutUpdate`` and ``ChopsUpdate`` are frames;
- ``App.suspend`` stops the driver's writer and starts another, but not after an exception in its body;
- ``App._driver``, ``_batch_count``, ``_running``, ``_closed`` say whether a frame is written;
- ``LinuxDriver._file`` is what its writer's thread writes to, and does not survive an error of;
- ``LinuxDriver._writer_thread`` is a new ``WriterThread`` each time the terminal is taken, ``_queue`` its output;
- ``Console._color_system`` is what Textual brings colours down to.
"""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Generic, TextIO, TypeVar, cast

from rich.color import ColorSystem
from rich.console import Console, RenderableType
from textual import events
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Offset, Size
from textual.screen import Screen

from kubetui.ui.screen_cells import ScreenCells, cells_of

ReturnType = TypeVar("ReturnType")

SWITCH = "KUBETUI_SPAN_DIFF"
"""Environment variable; ``0`` lets Textual write its frames as it does by itself."""

_log = logging.getLogger(__name__)


class LastingFile:
    """A terminal that may go away: what can't be written to it any more is dropped.

    Textual's writer ends with the first error. Nobody takes its queue's entries then, and who waits for room in it
    waits for ever: the program would stay after its terminal was closed.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Write, or drop."""
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        """Flush what can be."""
        with suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        """The terminal's."""
        return self._file.fileno()


class LastingDriver(LinuxDriver):
    """Textual's own, with a writer that outlives its terminal."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """As the driver's own."""
        super().__init__(*arguments, **named)
        if self._file is not None:
            self._file = cast("Any", LastingFile(self._file))


class DiffedApp(App[ReturnType], Generic[ReturnType]):
    """An app that writes to the terminal only the cells that changed, and knows how far the terminal is behind."""

    __cells: ScreenCells | None = None
    __taken: object | None = None
    __cursor: Offset | None = None
    __lent = False

    def get_driver_class(self) -> type[Driver]:
        """Textual's own for a terminal, with a writer that lasts."""
        found = super().get_driver_class()
        return LastingDriver if found is LinuxDriver else found

    @property
    def output_backlog(self) -> int:
        """Writes that wait for the terminal to take them; 0 where that is not known."""
        return output_backlog(self)

    def repaint_terminal(self) -> None:
        """Write every cell again: for when something else wrote to the terminal."""
        self.__forget()
        self.refresh(layout=True)
        self.screen.refresh()

    @property
    def can_lend_terminal(self) -> bool:
        """Whether there is a terminal that another program could use meanwhile."""
        return self._driver is not None and self._driver.can_suspend

    @asynccontextmanager
    async def lent_terminal(self) -> AsyncIterator[None]:
        """The terminal is somebody else's while this is open; the app goes on, but draws nothing and reads no keys."""
        self.__lent = True
        failure: BaseException | None = None
        try:
            with self.suspend():
                try:
                    yield
                except BaseException as error:  # suspend() would not take the terminal back
                    failure = error
        finally:
            self.__lent = False
        self.repaint_terminal()
        if failure is not None:
            raise failure

    async def on_event(self, event: events.Event) -> None:
        """A resize may have reflowed the terminal's lines even where its size is the same again."""
        if isinstance(event, events.Resize):
            self.__forget()
        await super().on_event(event)
        if isinstance(event, events.Resize):
            # Textual paints nothing where the size is the same again; the terminal may have reflowed meanwhile.
            self.call_after_refresh(self.repaint_terminal)

    def __forget(self) -> None:
        self.__cursor = None
        if self.__cells is not None:
            self.__cells.forget()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if self.__lent:
            return  # nobody takes the driver's output now: its queue would fill up and block the loop
        driver = self._driver
        if renderable is None or driver is None or not self.__writes(driver):
            super()._display(screen, renderable)
            return
        text = self.__differences(driver, renderable)
        if text is None:
            self.__cursor = None
            super()._display(screen, renderable)
            return
        cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
        if not text and cursor == self.__cursor:
            self.post_display_hook()
            return
        self.__cursor = cursor
        super()._display(screen, _Written(text))

    def __writes(self, driver: Driver) -> bool:
        """Whether ``App._display`` would write the frame to a terminal that is ours alone."""
        return (
            self._running
            and not self._closed
            and not self._batch_count
            and not driver.is_headless
            and not driver.is_inline
            and not driver.is_web
            and os.environ.get(SWITCH) != "0"
        )

    def __differences(self, driver: Driver, frame: RenderableType) -> str | None:
        """What to write for a frame; None where it must be written as Textual does, all cells then being unknown."""
        if self.__cells is None:
            self.__cells = ScreenCells()
        taken = getattr(driver, "_writer_thread", driver)
        if taken is not self.__taken:  # the terminal was given away and taken back: nothing of ours is on it
            self.__taken = taken
            self.__forget()
        try:
            text = differences(self.__cells, frame, self.size, self.console)
        except Exception:
            # A boundary: what only saves bytes must never take the screen away. Textual's own way always works.
            _log.exception("comparing a frame with the screen failed; the frame is written whole")
            text = None
        if text is None:
            self.__cells = None
        return text


def output_backlog(app: App[ReturnType]) -> int:
    """Writes in the queue between the app and the terminal; 0 where the driver has no such queue."""
    thread = getattr(app._driver, "_writer_thread", None)
    queue = getattr(thread, "_queue", None)
    return queue.qsize() if queue is not None else 0


def differences(cells: ScreenCells, frame: RenderableType, size: Size, console: Console) -> str | None:
    """What to write to a terminal that shows ``cells`` so that it shows ``frame``; None for what is not a frame of
    lines, or holds control codes."""
    cells.resize(size.width, size.height)
    cells.book.use(console._color_system or ColorSystem.TRUECOLOR)
    if isinstance(frame, LayoutUpdate):
        known = _put_layout(cells, frame)
    elif isinstance(frame, ChopsUpdate):
        known = _put_chops(cells, frame)
    else:
        return None
    return cells.finish() if known else None


def _put_layout(cells: ScreenCells, frame: LayoutUpdate) -> bool:
    for y, strips in enumerate(frame.strips, frame.region.y):
        x = frame.region.x
        for strip in strips:
            painted = cells_of(strip, cells.book)
            if painted is None:
                return False
            cells.put(y, x, painted)
            x += len(painted[0])
    return True


def _put_chops(cells: ScreenCells, frame: ChopsUpdate) -> bool:
    for y, x1, x2 in frame.spans:
        for end, (x, strip) in zip(frame.chop_ends[y], frame.chops[y].items(), strict=False):
            if strip is None or x > x2 or end <= x1:
                continue
            shown = strip if x >= x1 and x < x2 and end <= x2 else strip.crop(0, min(end, x2) - x)
            painted = cells_of(shown, cells.book)
            if painted is None:
                return False
            cells.put(y, x, painted)
    return True


class _Written(CompositorUpdate):
    """A frame that is written already, as far as it differs."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render_segments(self, console: Console) -> str:
        """The text, whatever the console."""
        return self._text

    def __rich__(self) -> str:
        """Nothing for Rich itself to draw; Textual's ``_display`` takes ``render_segments``."""
        return ""
