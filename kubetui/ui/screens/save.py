"""Where to save: a path to change, why it can't be written, and no file replaced without being asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from kubetui.ui.saved_file import Exists, NotSaved, write
from kubetui.ui.widgets.safe_text import safe

HINT = "⏎ save   Esc back"


class SaveScreen(ModalScreen[Path | None]):
    """Gives back the file that was written; None: nothing (Esc)."""

    CSS = """
    SaveScreen { align: center middle; background: $background 60%; }
    SaveScreen > Vertical { width: 90; max-width: 95%; height: auto; padding: 1 2; background: $surface; }
    SaveScreen .title { height: auto; text-style: bold; }
    SaveScreen .hint { height: auto; color: $foreground 60%; }
    SaveScreen .hint.-error { color: $text-error; text-style: bold; }
    SaveScreen Input { border: none; height: 1; padding: 0; margin: 1 0; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", show=False, id="save.cancel"),
    ]

    def __init__(self, title: str, path: str, text: Callable[[], Awaitable[str | bytes]]) -> None:
        """``text`` is asked for what to write once the person agreed to the path."""
        super().__init__()
        self._title, self._path, self._text = title, path, text
        self._confirmed = ""
        """The path of which the person knows that there is such a file."""
        self._writing: asyncio.Task[None] | None = None

    def compose(self) -> ComposeResult:
        """Title, path, what to press."""
        with Vertical():
            yield Static(Text(safe(self._title)), classes="title")
            yield Input(self._path, compact=True, select_on_focus=False)
            yield Static(HINT, classes="hint")

    def on_mount(self) -> None:
        """The cursor at the end of the name."""
        field = self.query_one(Input)
        field.focus()
        field.cursor_position = len(field.value)

    def on_unmount(self) -> None:
        """Nothing goes on behind a screen that is gone."""
        if self._writing is not None:
            self._writing.cancel()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value.strip() != self._confirmed:
            self._say(HINT)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        path = event.value.strip()
        if not path:
            self._say("type a name", error=True)
        elif self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(path), name="save")

    async def _write(self, path: str) -> None:
        self._say("saving …")
        try:
            text = await self._text()
            # Off the loop: the folder may be on a network.
            written = await asyncio.to_thread(write, path, text, replace=path == self._confirmed)
        except Exists as error:
            self._confirmed = path
            self._say(str(error), error=True)
        except NotSaved as error:
            self._say(str(error), error=True)
        else:
            self.dismiss(written)

    def _say(self, words: str, *, error: bool = False) -> None:
        hint = self.query_one(".hint", Static)
        hint.set_class(error, "-error")
        hint.update(Text(safe(f"✖ {words}" if error else words)))
