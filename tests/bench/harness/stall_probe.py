"""Runs kubetui and notes how long its event loop was away from its selector: the stalls a person feels.

``python -m tests.bench.harness.stall_probe OUT.json [--stacks] -- <kubetui's arguments>``. Nothing of kubetui is
changed: asyncio takes its selector from ``selectors.DefaultSelector``, and that is what is measured. ``--stacks``
also samples what the loop's thread did in long turns, which itself costs time: for finding causes, not for figures.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import selectors
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

NOTED = 0.005
"""Seconds; shorter turns are not written down."""
SAMPLED = 0.012
"""Seconds after which a turn's stack is sampled."""


class Turns:
    """The loop's turns: from one select's return to the next select."""

    def __init__(self) -> None:
        self.begun: float | None = None
        self._cpu = self._waited = 0.0
        self._schedule = os.open(f"/proc/self/task/{threading.get_native_id()}/schedstat", os.O_RDONLY)
        self.number = 0
        self.long: list[dict[str, float]] = []
        self.stacks: dict[int, list[str]] = {}
        self.collections: list[tuple[float, float, int]] = []
        self._collecting = 0.0

    def begin(self) -> None:
        self._cpu, self._waited, self.begun = time.thread_time(), self.waited(), time.monotonic()

    def waited(self) -> float:
        """Seconds the loop's thread was ready and had no core, so far."""
        return int(os.pread(self._schedule, 64, 0).split()[1]) / 1e9

    def end(self) -> None:
        if self.begun is None:
            return
        begun, self.begun = self.begun, None
        seconds = time.monotonic() - begun
        if seconds >= NOTED:
            cpu = time.thread_time() - self._cpu
            waited = self.waited() - self._waited
            self.long.append({"at": begun, "seconds": seconds, "cpu": cpu, "waited": waited, "number": self.number})
        self.number += 1

    def sample(self, thread: int) -> None:
        while True:
            time.sleep(0.004)
            begun, number = self.begun, self.number
            if begun is not None and time.monotonic() - begun > SAMPLED:
                frame = sys._current_frames().get(thread)
                if frame is not None:
                    summary = traceback.extract_stack(frame)[-14:]
                    text = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(summary))
                    self.stacks.setdefault(number, []).append(text)

    def collection(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._collecting = time.monotonic()
        else:
            seconds = time.monotonic() - self._collecting
            if seconds > 0.002:
                self.collections.append((self._collecting, seconds, info["generation"]))

    def write(self, out: Path) -> None:
        data: dict[str, Any] = {"turns": self.number, "long": self.long, "collections": self.collections}
        data["stacks"] = {str(number): stacks for number, stacks in self.stacks.items()}
        out.write_text(json.dumps(data))


TURNS = Turns()


class TimedSelector(selectors.EpollSelector):
    """Tells ``TURNS`` when the loop goes and comes."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        TURNS.end()
        ready = super().select(timeout)
        TURNS.begin()
        return ready


def main() -> None:
    """Put the probe in, then run kubetui as its own command would."""
    at = sys.argv.index("--")
    own, arguments = sys.argv[1:at], sys.argv[at + 1 :]
    selectors.DefaultSelector = TimedSelector  # type: ignore[misc, assignment]  # this is the point of the probe
    gc.callbacks.append(TURNS.collection)
    atexit.register(TURNS.write, Path(own[0]))
    if "--stacks" in own:
        threading.Thread(target=TURNS.sample, args=(threading.get_ident(),), daemon=True).start()
    from kubetui.cli import main as kubetui

    kubetui(arguments)


if __name__ == "__main__":
    main()
