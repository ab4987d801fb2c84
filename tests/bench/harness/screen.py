"""A terminal in memory whose lines are read often: only lines that changed are read anew."""

from __future__ import annotations

import pyte


class TerminalScreen:
    """A screen of ``columns`` × ``lines`` cells."""

    def __init__(self, columns: int, lines: int) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._lines = [""] * lines

    def feed(self, data: bytes) -> None:
        """Take what a program wrote."""
        self._stream.feed(data)

    @property
    def lines(self) -> list[str]:
        """The text of each line."""
        screen = self._screen
        for index in screen.dirty:
            if index < screen.lines:
                row = screen.buffer[index]
                self._lines[index] = "".join(row[column].data for column in range(screen.columns)).rstrip()
        screen.dirty.clear()
        return self._lines
