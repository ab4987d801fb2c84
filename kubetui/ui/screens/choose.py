"""A list to choose from, narrowed by typing: contexts, namespaces."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from kubetui.ui.widgets.folding import folded
from kubetui.ui.widgets.live_table import LiveTable
from kubetui.ui.widgets.row_source import Cell, ColumnSpec, Line
from kubetui.ui.widgets.safe_text import safe

MIN_NAME, LONGEST_NAME = 20, 36
"""Cells that names get before the notes beside them; a tenant's id takes 36."""


class Choice(NamedTuple):
    """One entry."""

    value: str
    note: str = ""


class _Choices:
    """The entries that match what was typed, as lines."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        self._all = self._shown = list(choices)

    @property
    def widest(self) -> int:
        return max((len(choice.value) for choice in self._all), default=0)

    def replace(self, choices: Sequence[Choice], text: str) -> None:
        self._all = list(choices)
        self.narrow(text)

    def narrow(self, text: str) -> None:
        self._shown = [choice for choice in self._all if text.lower() in choice.value.lower()]

    def __len__(self) -> int:
        return len(self._shown)

    def line(self, index: int) -> Line:
        choice = self._shown[index]
        return Line(choice.value, (Cell(choice.value, "bold"), Cell(choice.note, "dim")))

    def index_of(self, key: Hashable) -> int | None:
        return next((index for index, choice in enumerate(self._shown) if choice.value == key), None)


class _Typed(Input):
    """What narrows the list. Where no value holds a blank, the space bar is free to mark."""

    blanks = False

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return (self.blanks or key != "space") and super().check_consume_key(key, character)


class ChooseScreen(ModalScreen[frozenset[str] | None]):
    """Gives back what was chosen: one value, or with ``several`` the marked ones; None: nothing (Esc)."""

    CSS = """
    ChooseScreen { align: center middle; background: $background 60%; }
    ChooseScreen > Vertical {
        width: 70; max-width: 90%; height: 70%; max-height: 30; padding: 1 2; background: $surface;
    }
    ChooseScreen .title { height: auto; text-style: bold; }
    ChooseScreen .note { height: auto; margin-top: 1; }
    ChooseScreen .hint { height: 1; color: $foreground 60%; }
    ChooseScreen Input { border: none; height: 1; padding: 0; margin: 1 0; background: $panel; }
    ChooseScreen LiveTable { background: $surface; }
    """
    SCOPED_CSS: ClassVar[bool] = False
    """The rules count for subclasses too; scoped, they would count for the class that is shown alone."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", show=False, id="choose.cancel"),
        Binding("up", "by(-1)", show=False, id="choose.up"),
        Binding("down", "by(1)", show=False, id="choose.down"),
        Binding("pageup", "page(-1)", show=False, id="choose.page_up"),
        Binding("pagedown", "page(1)", show=False, id="choose.page_down"),
        Binding("space", "mark", show=False, id="choose.mark", priority=True),
    ]

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        *,
        several: bool = False,
        current: frozenset[str] = frozenset(),
        free: bool = False,
        note: str = "",
    ) -> None:
        """``free``: where nothing matches, what was typed is the choice. ``note``: what choosing does."""
        super().__init__()
        self._note = note
        self._free = free
        self._title = title
        self._choices = _Choices(choices)
        self._several = several
        self._current = current
        self._empty = "nothing of that name"

    def compose(self) -> ComposeResult:
        """Title, what is typed, the list."""
        with Vertical():
            yield Static(Text(safe(self._title)), classes="title")
            if self._note:
                yield Static(Text(safe(self._note)), classes="note")
            typed = _Typed(placeholder="type to narrow", compact=True)
            typed.blanks = self._free and not self._several
            yield typed
            yield LiveTable()
            hint = "⏎ choose   space marks several   Esc back" if self._several else "⏎ choose   Esc back"
            yield Static(hint, classes="hint")

    def on_mount(self) -> None:
        """The present value under the cursor."""
        table = self.query_one(LiveTable)
        width = max(MIN_NAME, min(self._choices.widest, LONGEST_NAME))
        table.can_focus = False
        table.set_columns((ColumnSpec("name", "NAME", min_width=width, priority=0), ColumnSpec("note", "")))
        table.set_source(self._choices)
        self._fold()
        table.source_changed()
        if self._several and len(self._current) > 1:
            table.marked = self._current
        for value in self._current:
            table.cursor_to_key(value)
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._choices.narrow(event.value.strip())
        self.query_one(LiveTable).source_changed()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._choose()

    @on(LiveTable.Selected)
    def _selected(self, event: LiveTable.Selected) -> None:
        event.stop()
        self._choose()

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Other entries; the cursor stays on its own."""
        first = not len(self._choices)
        self._choices.replace(choices, self.query_one(Input).value.strip())
        table = self.query_one(LiveTable)
        table.source_changed()
        if first:
            for value in self._current:
                table.cursor_to_key(value)

    def say(self, text: str) -> None:
        """Why the list is empty; long lines are folded at words."""
        self._empty = text
        self._fold()

    def _fold(self) -> None:
        table = self.query_one(LiveTable)
        table.set_empty("\n".join(folded(self._empty, max(20, table.line_width - 2))))

    def on_resize(self) -> None:
        """Another width."""
        self.call_after_refresh(self._fold)

    def _choose(self) -> None:
        table = self.query_one(LiveTable)
        typed = self.query_one(Input).value.strip()
        if self._free and typed and not len(self._choices):
            self.dismiss(frozenset({typed}))
            return
        if self._several and table.marked:
            self.dismiss(frozenset(map(str, table.marked)))
        elif table.cursor_key is not None:
            self.dismiss(frozenset({str(table.cursor_key)}))

    def action_by(self, rows: int) -> None:
        """Move the cursor."""
        self.query_one(LiveTable).cursor_by(rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by pages."""
        self.query_one(LiveTable).page(pages)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where blanks may be typed, the space bar is one."""
        return action != "mark" or self._several or not self._free

    def action_mark(self) -> None:
        """Mark or unmark the entry under the cursor."""
        table = self.query_one(LiveTable)
        if self._several and table.cursor_key is not None:
            table.marked = table.marked ^ {table.cursor_key}
            table.cursor_by(1)
            table.source_changed()
