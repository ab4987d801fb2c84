"""What a terminal shows, cell by cell, and what to write so that it shows something else.

Textual writes whole lines of a widget where one cell changed. Here a frame's strips are compared with the cells the
terminal has, and only runs that differ are written. The memory is one screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import split_graphemes
from rich.segment import Segment

from kubetui.ui.terminal_style import PLAIN, Looks, LooksBook

_CERTAIN = frozenset(
    chr(code)
    for first, last in ((0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x2FF), (0x370, 0x482), (0x2500, 0x25FC), (0x2800, 0x28FF))
    for code in range(first, last + 1)
)
"""Characters that every terminal draws in one cell. After others the cursor is placed anew."""

_SHORT_GAP = 3
"""Equal cells between two different ones that cost no more written again than jumped over."""

Cells = tuple[list[str], list[Looks]]
"""Characters and looks, one entry a cell; the second cell of a wide character is ``""``."""


class _Line:
    """The cells of one screen line; None: not known what the terminal shows there."""

    __slots__ = ("characters", "looks")

    def __init__(self, width: int) -> None:
        self.characters: list[str | None] = [None] * width
        self.looks: list[Looks] = [PLAIN] * width


class ScreenCells:
    """The cells of one terminal screen. ``put`` what a frame paints, then ``finish`` gives what to write."""

    def __init__(self) -> None:
        self.book = LooksBook()
        self._width = 0
        self._lines: list[_Line] = []
        self._out: list[str] = []
        self._looks = PLAIN
        self._at: tuple[int, int] | None = None

    def resize(self, width: int, height: int) -> None:
        """The screen has this size, in cells; another size than before makes all cells unknown."""
        if (width, height) != (self._width, len(self._lines)):
            self._width = width
            self._lines = [_Line(width) for _ in range(height)]

    def forget(self) -> None:
        """Something else wrote to the terminal: no cell is known."""
        self._lines = [_Line(self._width) for _ in self._lines]

    def put(self, y: int, x: int, cells: Cells) -> None:
        """Show these cells from column ``x`` of line ``y``; what lies outside the screen is left out."""
        if not 0 <= y < len(self._lines) or x < 0:
            return
        characters, looks = cells
        room = self._width - x
        if len(characters) > room:
            characters, looks = _cropped(characters, room), looks[:room]
        end = x + len(characters)
        line = self._lines[y]
        if line.characters[x:end] == characters and line.looks[x:end] == looks:
            return
        for start, stop in _differences(line, x, characters, looks):
            self._write(y, x + start, characters[start:stop], looks[start:stop])
        self._forget_halves(line, x, end, characters)
        line.characters[x:end] = characters
        line.looks[x:end] = looks

    def finish(self) -> str:
        """What to write for everything put since the last ``finish``; the terminal ends with plain looks."""
        self._out.append(self.book.change(self._looks, PLAIN))
        text = "".join(self._out)
        self._out.clear()
        self._looks = PLAIN
        self._at = None
        return text

    def _forget_halves(self, line: _Line, x: int, end: int, characters: Sequence[str]) -> None:
        """A terminal clears the other half of a wide character that is half overwritten."""
        if x and characters and line.characters[x] == "":
            line.characters[x - 1] = None
        if end < self._width and line.characters[end] == "":
            line.characters[end] = None

    def _write(self, y: int, x: int, characters: Sequence[str], looks: Sequence[Looks]) -> None:
        self._move(y, x)
        start = 0
        for index in range(1, len(characters) + 1):
            if index < len(characters) and looks[index] is looks[start]:
                continue
            self._out.append(self.book.change(self._looks, looks[start]))
            self._looks = looks[start]
            self._write_run(y, x + start, characters[start:index])
            start = index
        if self._at is not None and self._at[1] >= self._width:
            self._at = None  # at the right edge terminals differ in where the cursor is

    def _write_run(self, y: int, x: int, characters: Sequence[str]) -> None:
        text = "".join(characters)
        if text.isascii() or _CERTAIN.issuperset(text):
            self._out.append(text)
            self._at = (y, x + len(characters))
            return
        for index, character in enumerate(characters):
            if character:
                self._move(y, x + index)
                self._out.append(character)
                certain = character in _CERTAIN
                self._at = (y, x + index + 1) if certain else None

    def _move(self, y: int, x: int) -> None:
        at = self._at
        if at == (y, x):
            return
        if at is not None and at[0] == y and at[1] < x:
            steps = x - at[1]
            self._out.append(f"\x1b[{steps}C" if steps > 1 else "\x1b[C")
        else:
            self._out.append(f"\x1b[{y + 1};{x + 1}H")
        self._at = (y, x)


def _differences(line: _Line, x: int, characters: Sequence[str], looks: Sequence[Looks]) -> Iterable[tuple[int, int]]:
    """Ranges of cells that differ from the line's; never half a wide character, short gaps bridged."""
    old_characters = line.characters[x : x + len(characters)]
    old_looks = line.looks[x : x + len(characters)]
    different = [
        index
        for index, (new, old, look, old_look) in enumerate(
            zip(characters, old_characters, looks, old_looks, strict=True)
        )
        if new != old or (look is not old_look and look != old_look)
    ]
    start = stop = -1
    for index in different:
        if start < 0:
            start, stop = index, index + 1
        elif index <= stop or (index - stop <= _SHORT_GAP and _alike(looks, stop - 1, index)):
            stop = index + 1
        else:
            yield _whole(characters, start, stop)
            start, stop = index, index + 1
    if start >= 0:
        yield _whole(characters, start, stop)


def _alike(looks: Sequence[Looks], first: int, last: int) -> bool:
    return all(looks[index] is looks[first] for index in range(first + 1, last + 1))


def _whole(characters: Sequence[str], start: int, stop: int) -> tuple[int, int]:
    while start > 0 and characters[start] == "":
        start -= 1
    while stop < len(characters) and characters[stop] == "":
        stop += 1
    return start, stop


def _cropped(characters: list[str], room: int) -> list[str]:
    """The first ``room`` cells; a wide character cut in half becomes a blank."""
    kept = characters[: max(0, room)]
    if kept and len(characters) > room and characters[room] == "":
        kept[-1] = " "
    return kept


def cells_of(segments: Iterable[Segment], book: LooksBook) -> Cells | None:
    """The cells that segments paint; None where they hold control codes, whose effect is not known."""
    characters: list[str] = []
    looks: list[Looks] = []
    for text, style, control in segments:
        if control:
            return None
        look = book.of(style)
        if (text.isascii() and text.isprintable()) or _CERTAIN.issuperset(text):
            characters.extend(text)
            looks.extend([look] * len(text))
        else:
            _add_graphemes(characters, text)
            looks.extend([look] * (len(characters) - len(looks)))
    return characters, looks


def _add_graphemes(characters: list[str], text: str) -> None:
    for start, end, width in split_graphemes(text)[0]:
        grapheme = "".join(c for c in text[start:end] if c.isprintable() or c == "\u200d")
        if width:
            characters.append(grapheme or " ")
            characters.extend([""] * (width - 1))
        elif characters and grapheme:
            last = next(index for index in range(len(characters) - 1, -1, -1) if characters[index] or index == 0)
            characters[last] += grapheme
