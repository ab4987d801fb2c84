"""Runs kubetui and checks each line that reaches the log buffer: which of a flood's numbers are missing or come twice.

``python -m tests.bench.harness.log_probe OUT.json -- <kubetui's arguments>``. ``OUT.json`` is written whenever a source
has said ``the end``, and at the end; the longest turns of the event loop are in it too (``stall_probe.py``).
"""

from __future__ import annotations

import atexit
import json
import selectors
import sys
import time
from pathlib import Path

from tests.bench.harness.stall_probe import TURNS, TimedSelector

END = b"the end"
_FLOOD = b"flood seq="
_DIGITS = slice(len(_FLOOD), len(_FLOOD) + 10)


class Checked:
    """What came of a flood."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._next: dict[int, int] = {}
        self.lines = self.lost = self.twice = self.ends = 0
        self.first = self.last = 0.0

    def take(self, sources: list[int], texts: list[bytes]) -> None:
        """Lines in the order in which they are shown."""
        expected, ended = self._next, self.ends
        for source, text in zip(sources, texts, strict=True):
            if text.startswith(_FLOOD):
                number = int(text[_DIGITS])
                missing = number - expected.get(source, number)
                if missing > 0:
                    self.lost += missing
                elif missing:
                    self.twice += 1
                    continue
                expected[source] = number + 1
                self.lines += 1
            elif text == END:
                self.ends += 1
        self.last = time.monotonic()
        self.first = self.first or (self.last if self.lines else 0.0)
        if self.ends != ended:
            self.write()

    def write(self) -> None:
        """To the file, whole."""
        found = {name: getattr(self, name) for name in ("lines", "lost", "twice", "ends", "first", "last")}
        half = self._out.with_suffix(".half")
        half.write_text(json.dumps({**found, "longest": max((turn["seconds"] for turn in TURNS.long), default=0.0)}))
        half.rename(self._out)


def main() -> None:
    """Put the probe in, then run kubetui as its own command would."""
    at = sys.argv.index("--")
    checked = Checked(Path(sys.argv[1]))
    selectors.DefaultSelector = TimedSelector  # type: ignore[misc, assignment]  # this is the point of the probe
    from kubetui.store.logs.buffer import LogBuffer
    from kubetui.store.logs.entry import Entries

    extend = LogBuffer.extend

    def seen(buffer: LogBuffer, entries: Entries) -> None:
        checked.take([*entries.sources], [*entries.texts])
        extend(buffer, entries)

    setattr(LogBuffer, "extend", seen)  # noqa: B010 – so is this, which mypy would not have as an assignment
    atexit.register(checked.write)
    from kubetui.cli import main as kubetui

    kubetui(sys.argv[at + 1 :])


if __name__ == "__main__":
    main()
