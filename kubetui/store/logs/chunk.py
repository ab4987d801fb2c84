"""Some thousand entries in one piece: their text as one ``bytes``, times, sources and offsets in arrays.

14 bytes a line beside its text. Searching looks through the whole text at once and finds the lines afterwards.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping, Sequence
from typing import Final

from kubetui.store.logs.entry import LogLine, Mark

_SGR: Final = re.compile(rb"\x1b\[[0-9;:]*m")


class Chunk:
    """Immutable; entries count from 0."""

    __slots__ = ("_plain", "ends", "levels", "marks", "newest", "sources", "text", "times")

    def __init__(
        self, times: Sequence[int], sources: Sequence[int], texts: Sequence[bytes], marks: Mapping[int, Mark]
    ) -> None:
        self.times = array("q", times)
        self.sources = array("I", sources)
        self.text = b"\n".join(texts) + b"\n"
        """Each line with a line end; nothing for marks but the line end."""
        ends, at = array("I"), 0
        for text in texts:
            at += len(text) + 1
            ends.append(at)
        self.ends = ends
        """Where each line ends in ``text``, line end included."""
        self.marks = dict(marks)
        self.newest = max(times)
        self.levels: bytes | None = None
        """One byte a line, once somebody asked for levels (``level.py``)."""
        self._plain = b"\x1b" not in self.text

    def __len__(self) -> int:
        return len(self.times)

    @property
    def size(self) -> int:
        """Bytes held, about."""
        return len(self.text) + 16 * len(self.times) + 200 * len(self.marks)

    def entry(self, index: int) -> LogLine | Mark:
        """The entry at ``index``."""
        return self.marks.get(index) or LogLine(self.times[index], self.sources[index], self.line(index))

    def line(self, index: int) -> bytes:
        """Its text, without the line end."""
        return self.text[self.ends[index - 1] if index else 0 : self.ends[index] - 1]

    def visible(self) -> bytes:
        """All text as a reader sees it: without colours. As many line ends as lines."""
        return self.text if self._plain else _SGR.sub(b"", self.text)

    def lines(self) -> list[bytes]:
        """Each line as a reader sees it."""
        lines = self.visible().split(b"\n")
        lines.pop()
        return lines


def visible(text: bytes) -> bytes:
    """One line without colours."""
    return _SGR.sub(b"", text) if b"\x1b" in text else text
