"""A line for a filter or a search, docked at the bottom, that tells what it matched. It does no matching."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from kubetui.ui.widgets.safe_text import safe


class FilterBar(Horizontal):
    """Hidden until ``open``. Posts ``Changed`` while typing; Enter keeps the text, Esc clears it; both hide it.

    The owner applies the text (at its next tick), answers with ``set_status`` or ``set_error``, and asks ``left``.
    """

    DEFAULT_CSS = """
    FilterBar { dock: bottom; height: 1; display: none; background: $panel; }
    FilterBar.-open { display: block; }
    FilterBar > .filter-bar--prompt { width: auto; color: $accent; text-style: bold; }
    FilterBar > Input { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
    FilterBar > Input:focus { border: none; }
    FilterBar > .filter-bar--status { width: auto; max-width: 60%; padding: 0 1; color: $foreground; }
    FilterBar.-error > .filter-bar--status { color: $text-error; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear", show=False, id="filter.clear"),
    ]

    class Told(Message):
        """What all messages of the bar carry."""

        def __init__(self, bar: FilterBar, text: str) -> None:
            super().__init__()
            self.bar = bar
            self.text = text

        @property
        def control(self) -> FilterBar:
            """The bar, for ``@on`` selectors."""
            return self.bar

    class Changed(Told):
        """The text is another one now; sent for the last keystroke of a burst only."""

    class Kept(Told):
        """Enter: the text stays in force and the bar is gone, unless the text cannot be used: see ``left``."""

    class Cleared(Told):
        """Esc: no filter any more, the bar is gone. Its text is empty."""

    def __init__(self, prompt: str = "/", placeholder: str = "", **kwargs: Any) -> None:
        """``prompt`` stands before the text, ``placeholder`` in its place while it is empty."""
        super().__init__(**kwargs)
        self._prompt = prompt
        self._placeholder = placeholder
        self._told = ""
        self._pending = False

    def compose(self) -> ComposeResult:
        """The prompt, the text and what came of it."""
        yield Static(Text(self._prompt), classes="filter-bar--prompt")
        yield Input(placeholder=self._placeholder, compact=True, select_on_focus=False)
        yield Static("", classes="filter-bar--status")

    @property
    def text(self) -> str:
        """The text as it stands."""
        return self.query_one(Input).value

    @property
    def is_open(self) -> bool:
        """Whether the bar shows."""
        return self.has_class("-open")

    def open(self, text: str | None = None) -> None:
        """Show the bar and type into it; ``text`` replaces what it holds."""
        field = self.query_one(Input)
        if text is not None:
            field.value = self._told = text
            self.set_status("")
        field.cursor_position = len(field.value)
        self.add_class("-open")
        # At once, not a turn later: what is typed on without waiting belongs to the bar.
        self.screen.set_focus(field, scroll_visible=False)

    def close(self) -> None:
        """Hide the bar; its text stays. The owner gives the focus back."""
        self.remove_class("-open")

    def left(self, event: Told) -> bool:
        """Whether the owner has the keys again after ``event``; a kept text that cannot be used brings the bar back."""
        if isinstance(event, self.Kept) and self.has_class("-error"):
            self.open()
            return False
        return isinstance(event, self.Kept | self.Cleared)

    def set_status(self, text: str) -> None:
        """What the text matched: ``218 of 41,210``."""
        self._say(text, error=False)

    def set_error(self, text: str) -> None:
        """Why the text cannot be used: what is wrong with a regular expression."""
        self._say(text, error=True)

    def _say(self, text: str, *, error: bool) -> None:
        self.set_class(error, "-error")
        # The word, not the colour alone, tells an error.
        self.query_one(".filter-bar--status", Static).update(Text(f"✖ {safe(text)}" if error else safe(text)))

    def action_clear(self) -> None:
        """Empty the text and hide the bar."""
        self.query_one(Input).value = ""
        self._told = ""
        self.set_status("")
        self.close()
        self.post_message(self.Cleared(self, ""))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if not self._pending:
            self._pending = True
            self.call_later(self._tell)

    def _tell(self) -> None:
        self._pending = False
        text = self.text
        if text != self._told:
            self._told = text
            self.post_message(self.Changed(self, text))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._tell()
        self.close()
        self.post_message(self.Kept(self, self.text))
