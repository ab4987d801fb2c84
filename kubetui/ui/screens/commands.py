"""Commands to copy for one object or several: a list, and the whole line beneath it, ready to be selected."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Static

from kubetui.commands.command import Offer, OfferedSection
from kubetui.commands.managed_by_aks import notes_for
from kubetui.commands.offers import MOST, offers_for
from kubetui.commands.place import ClusterPlace
from kubetui.commands.quoting import command_line, wrapped
from kubetui.commands.subject import Subject
from kubetui.kinds.kind import Meaning
from kubetui.ui.meanings import STYLES, mark
from kubetui.ui.widgets.filter_bar import FilterBar
from kubetui.ui.widgets.live_table import LiveTable
from kubetui.ui.widgets.row_source import Cell, ColumnSpec, Line
from kubetui.ui.widgets.safe_text import safe

Fetch = Callable[[], Awaitable[tuple[Subject, str]]]
"""The subject as the whole object tells it, and what went wrong where it could not be read (``""``: nothing)."""
Copy = Callable[[str, str], None]
"""Puts the first on the clipboard and says that the second is there."""

LONGEST = 7
"""Lines that the command under the cursor may take."""


class _Heading(NamedTuple):
    """The key of a section's line."""

    title: str


class _Lines:
    """The offers under their sections, those alone that match what was typed."""

    def __init__(self) -> None:
        self._sections: Sequence[OfferedSection] = ()
        self._entries: list[OfferedSection | Offer] = []
        self._text = ""

    def replace(self, sections: Sequence[OfferedSection]) -> None:
        self._sections = sections
        self.narrow(self._text)

    def narrow(self, text: str) -> None:
        self._text = text
        self._entries = []
        for section in self._sections:
            offers = [offer for offer in section.offers if text.lower() in _searched(offer)]
            if offers:
                self._entries += [section, *offers]

    def entry(self, key: Hashable) -> OfferedSection | Offer | None:
        index = self.index_of(key)
        return None if index is None else self._entries[index]

    def __len__(self) -> int:
        return len(self._entries)

    def line(self, index: int) -> Line:
        entry = self._entries[index]
        if isinstance(entry, OfferedSection):
            return Line(_Heading(entry.title), (Cell(entry.title, "total"),))
        meaning = entry.effect.meaning
        sign = f"{mark(meaning)} " if meaning is not Meaning.PLAIN else ""
        cells = (
            Cell(entry.title),
            Cell(sign + entry.effect.word, STYLES[meaning] or "dim"),
            Cell(command_line(entry.short), "dim"),
        )
        return Line(entry.id, cells, depth=1)

    def index_of(self, key: Hashable) -> int | None:
        for index, entry in enumerate(self._entries):
            own = _Heading(entry.title) if isinstance(entry, OfferedSection) else entry.id
            if own == key:
                return index
        return None


def _searched(offer: Offer) -> str:
    return f"{offer.title} {offer.effect.word} {command_line(offer.words)}".lower()


class CommandsScreen(ModalScreen[None]):
    """Shows what the rows tell at once; the whole object, once it came, fills in containers and ports."""

    CSS = """
    CommandsScreen { background: $background; }
    CommandsScreen .title { height: 1; padding: 0 1; text-style: bold; background: $panel; }
    CommandsScreen .notes { height: auto; max-height: 6; padding: 0 1; color: $text-warning; }
    CommandsScreen LiveTable { height: 1fr; }
    CommandsScreen .note { height: auto; max-height: 4; padding: 0 1; color: $foreground 80%; }
    CommandsScreen .rule { height: 1; color: $foreground 60%; }
    CommandsScreen .line { height: auto; max-height: 7; text-style: bold; }
    CommandsScreen .hint { height: 1; padding: 0 1; background: $panel; color: $foreground 80%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,m", "back", show=False, id="commands.back"),
        Binding("c", "copy", show=False, id="commands.copy"),
        Binding("slash", "narrow", show=False, id="commands.narrow"),
        Binding("j", "by(1)", show=False, id="commands.down"),
        Binding("k", "by(-1)", show=False, id="commands.up"),
        Binding("g", "to(0)", show=False, id="commands.top"),
        Binding("G", "to(-1)", show=False, id="commands.bottom"),
        Binding("ctrl+f", "page(1)", show=False, id="commands.page_down"),
        Binding("ctrl+b", "page(-1)", show=False, id="commands.page_up"),
    ]

    def __init__(self, subjects: Sequence[Subject], place: ClusterPlace, copy: Copy, fetch: Fetch | None) -> None:
        super().__init__()
        self._subjects, self._place, self._copy, self._fetch = subjects, place, copy, fetch
        self._lines = _Lines()
        self._fetching: asyncio.Task[None] | None = None
        self._trouble = ""
        self.table = LiveTable()
        self.bar = FilterBar(placeholder="part of a name or a command")

    # --- coming and going

    def compose(self) -> ComposeResult:
        """Title, what AKS does by itself, the list, the line."""
        yield Static(Text(safe(self._title()), no_wrap=True, overflow="ellipsis"), classes="title")
        yield Static(classes="notes")
        yield self.table
        yield Static(classes="note")
        yield Static(classes="rule")
        yield Static(classes="line")
        yield Static(Text("Enter c copy   / narrow   Esc back   Shift+drag selects the line", no_wrap=True),
                     classes="hint")  # fmt: skip
        yield self.bar

    def on_mount(self) -> None:
        """What the rows tell, then what the object does."""
        self.table.set_columns(
            (
                ColumnSpec("what", "TO", min_width=20, max_width=44, priority=0),
                ColumnSpec("effect", "EFFECT", min_width=8, max_width=20, priority=1),
                ColumnSpec("line", "COMMAND", min_width=20, max_width=400, priority=2),
            )
        )
        self.table.set_empty("no command of that name")
        self.table.set_source(self._lines)
        self._show()
        self.table.cursor_to(1)
        self.set_focus(self.table)
        if self._fetch is not None:
            self._fetching = asyncio.create_task(self._fill_in(self._fetch), name="read the object")

    def on_unmount(self) -> None:
        """Stop reading."""
        if self._fetching is not None:
            self._fetching.cancel()

    async def _fill_in(self, fetch: Fetch) -> None:
        subject, self._trouble = await fetch()
        self._subjects = (subject,)
        self._show()

    # --- what is shown

    def _title(self) -> str:
        subjects = self._subjects
        what = subjects[0].title if len(subjects) == 1 else f"{len(subjects)} × {subjects[0].kind}"
        return f"{what} · commands to copy, kubetui runs none"

    def _show(self) -> None:
        subjects = self._subjects[:MOST]
        self._lines.replace(offers_for(subjects, self._place))
        self.table.source_changed()
        notes = list(dict.fromkeys(note for subject in subjects for note in notes_for(subject)))
        if len(self._subjects) > MOST:
            notes.insert(0, f"The first {MOST} of {len(self._subjects):,} marked objects: a longer line checks nobody.")
        if self._trouble:
            notes.append(f"{self._trouble}; what only the object tells is left to fill in.")
        shown = self.query_one(".notes", Static)
        shown.display = bool(notes)
        shown.update(Text("\n".join(f"▲ {safe(note)}" for note in notes), overflow="fold"))
        self._show_line()

    @on(LiveTable.Cursor)
    def _moved(self, event: LiveTable.Cursor) -> None:
        event.stop()
        self._show_line()

    def on_resize(self, event: events.Resize) -> None:
        """Another width, other lines."""
        self._show_line()

    def _show_line(self) -> None:
        entry = self._lines.entry(self.table.cursor_key)
        note, lines = "", [""]
        if isinstance(entry, OfferedSection):
            note = entry.note
        elif entry is not None:
            note = " ".join(filter(None, (entry.note, _to_fill_in(entry))))
            lines = wrapped(entry.words, self.size.width)
        if len(lines) > LONGEST:
            lines = [*lines[: LONGEST - 1], f"… {len(lines) - LONGEST + 1} more lines: copy it with c"]
        about = self.query_one(".note", Static)
        about.display = bool(note)
        about.update(Text(safe(note), overflow="fold"))
        self.query_one(".rule", Static).update(Text("─" * self.size.width, no_wrap=True))
        # At the screen's left edge, without a frame: what a terminal selects by lines is the command alone.
        self.query_one(".line", Static).update(Text("\n".join(map(safe, lines)), no_wrap=True))

    # --- keys

    @on(LiveTable.Selected)
    def _selected(self, event: LiveTable.Selected) -> None:
        event.stop()
        self.action_copy()

    def action_copy(self) -> None:
        """Copy the line under the cursor."""
        entry = self._lines.entry(self.table.cursor_key)
        if isinstance(entry, Offer):
            self._copy(command_line(entry.words), _told(entry))

    def action_narrow(self) -> None:
        """Type a part of what is looked for."""
        self.bar.open()

    @on(FilterBar.Changed)
    @on(FilterBar.Kept)
    @on(FilterBar.Cleared)
    def _narrowed(self, event: FilterBar.Told) -> None:
        event.stop()
        self._lines.narrow(event.text)
        self.table.source_changed()
        self.table.cursor_to(1)
        self._show_line()
        if self.bar.left(event):
            self.set_focus(self.table)

    def action_back(self) -> None:
        """Leave; what was narrowed first becomes whole again."""
        if self.bar.text:
            self.bar.action_clear()
        else:
            self.dismiss()

    def action_by(self, rows: int) -> None:
        """Move the cursor."""
        self.table.cursor_by(rows)

    def action_to(self, index: int) -> None:
        """Move the cursor to the first or last line."""
        self.table.cursor_to(index)

    def action_page(self, pages: int) -> None:
        """Move the cursor by pages."""
        self.table.page(pages)


def _to_fill_in(offer: Offer) -> str:
    return f"Fill in {', '.join(offer.missing)}." if offer.missing else ""


def _told(offer: Offer) -> str:
    """What the message after copying calls it; a place to fill in is no command yet."""
    return f"“{offer.title}”" + (f": fill in {', '.join(offer.missing)}" if offer.missing else "")
