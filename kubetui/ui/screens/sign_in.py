"""What a sign-in says while it runs, to be read and copied: a device code, an address, what it waits for."""

from __future__ import annotations

import textwrap
import time
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from kubetui.cluster.sign_in import Attempt
from kubetui.ui.state_words import span
from kubetui.ui.widgets.line_source import Span, TextLines
from kubetui.ui.widgets.line_view import LineView
from kubetui.ui.widgets.safe_text import safe


class SignInScreen(ModalScreen[bool]):
    """Shows one attempt. Gives back True where the person hid it and it goes on."""

    CSS = """
    SignInScreen { align: center middle; background: $background 60%; }
    SignInScreen > Vertical {
        width: 84; max-width: 96%; height: auto; max-height: 80%; padding: 1 2; background: $surface;
    }
    SignInScreen .title { height: auto; text-style: bold; }
    SignInScreen LineView { height: 8; margin: 1 0; background: $surface; }
    SignInScreen .hint { height: auto; color: $foreground 60%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "decline", "End it", show=False, id="sign_in.end"),
        Binding("c", "copy", "Copy", show=False, id="sign_in.copy"),
        Binding("u", "copy_address", "Copy address", show=False, id="sign_in.address"),
        Binding("t", "terminal", "Terminal", show=False, id="sign_in.terminal"),
        Binding("h", "hide", "Hide", show=False, id="sign_in.hide"),
        # Leaving always works, also while a sign-in waits.
        Binding("C", "app.contexts", "Context", show=False, id="sign_in.context"),
        Binding("q", "app.quit", "Quit", show=False, id="sign_in.quit"),
        Binding("ctrl+c", "app.interrupt", "Quit", show=False, id="sign_in.interrupt", priority=True),
    ]

    def __init__(self, attempt: Attempt, *, can_lend: bool) -> None:
        super().__init__()
        self.attempt = attempt
        self._can_lend = can_lend
        self._lines = LineView()
        self._title = Static(classes="title")
        self._hint = Static(classes="hint")
        self._shown: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """Who signs in, what is said, what can be done."""
        with Vertical():
            yield self._title
            yield self._lines
            yield self._hint

    def on_mount(self) -> None:
        """Its words so far."""
        self._lines.wrapped = True  # what has no blanks to be folded at
        self._lines.focus()
        self.set_interval(1.0, self.show_lines)
        self.show_lines()

    def on_screen_resume(self) -> None:
        """What was open over this is gone; the sign-in may have ended under it."""
        if self.attempt.ended and self.is_current:  # or it ended before this was told, and this is gone already
            self.dismiss(False)

    def show_lines(self) -> None:
        """It said more, or time has passed."""
        if not self.is_mounted:
            return
        attempt = self.attempt
        age = span(time.time() - attempt.began)
        self._title.update(Text(safe(f"{attempt.program} signs in as {attempt.account} · {age}")))
        self._hint.update(Text(self._hints()))
        if attempt.lines != self._shown:
            self._shown = attempt.lines
            width = max(20, (self._lines.content_size.width or 80) - 2)
            folded = [part for line in attempt.lines for part in _fold(line, width)]
            self._lines.set_source(TextLines(folded, self._style))
            self._lines.to_end()
        elif not attempt.lines:
            self._lines.set_empty("It has said nothing yet.")

    def _hints(self) -> str:
        attempt = self.attempt
        copies = []
        if attempt.code:
            copies.append(f"c copies the code {safe(attempt.code)}")
        elif attempt.lines:
            copies.append("c copies this")
        if attempt.address:
            copies.append("u copies the address")
        others = ["t gives it the terminal"] if self._can_lend else []
        others += ["h hides this", "Esc ends it"]
        return "\n".join("   ".join(hints) for hints in (copies, others) if hints)

    def _style(self, line: str) -> tuple[Span, ...]:
        """The code and the address stand out."""
        parts: list[Span] = []
        rest = line
        for wanted in (self.attempt.address, self.attempt.code):
            before, found, after = rest.partition(wanted) if wanted else (rest, "", "")
            if found:
                parts += [Span(before), Span(found, "bold")]
                rest = after
        return (*parts, Span(rest))

    def _copy(self, text: str, what: str) -> None:
        self.app.copy_to_clipboard("\n".join(safe(line) for line in text.split("\n")))
        self.notify(f"copied {what}", timeout=3, markup=False)

    def action_copy(self) -> None:
        """The code, else all of it."""
        attempt = self.attempt
        self._copy(attempt.code or attempt.text, "the code" if attempt.code else "what it said")

    def action_copy_address(self) -> None:
        """The address it named."""
        if self.attempt.address:
            self._copy(self.attempt.address, "the address")

    def action_terminal(self) -> None:
        """Start it again with the terminal."""
        if self._can_lend:
            self.attempt.take_terminal()

    def action_decline(self) -> None:
        """End it."""
        self.attempt.decline()

    def action_hide(self) -> None:
        """It goes on; ^r shows it again."""
        self.dismiss(True)


def _fold(line: str, width: int) -> list[str]:
    """At blanks, so that addresses and codes stay whole."""
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]
