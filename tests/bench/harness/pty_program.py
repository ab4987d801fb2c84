"""A program under a pseudo-terminal: what it writes, when, and what that shows.

A thread reads and stamps; the terminal in memory, which is slower, is fed when somebody looks.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import signal
import struct
import termios
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence, Set
from types import TracebackType
from typing import Self

from tests.bench.harness.process import waited_for_core
from tests.bench.harness.screen import TerminalScreen

COLUMNS, LINES = 120, 40
_ANSWERS = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[?2048$p": b"\x1b[?2048;0$y", b"\x1b[c": b"\x1b[?62;22c"}
_QUERIES = re.compile(b"|".join(re.escape(query) for query in _ANSWERS))
"""What terminals are asked, and what most of them say: frames can be synchronized, sizes are not told in band."""

Lines = Sequence[str]


class NotSeen(Exception):
    """The screen did not come to show what was waited for; the text is what it shows."""


class PtyProgram:
    """Runs ``command`` from entering to leaving the context. Times are ``time.monotonic``'s."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], cores: Set[int] | None = None) -> None:
        """``cores``: where it may run; None: anywhere."""
        self._cores = cores
        self._command, self._environ = list(command), dict(environ)
        self._chunks: deque[tuple[float, float, bytes]] = deque()
        self._arrived = threading.Event()
        self._screen = TerminalScreen(COLUMNS, LINES)
        self.pid = 0
        self.started = 0.0
        self.written = 0
        """Bytes so far."""
        self.waited = 0.0
        """Seconds that the main thread had waited for a core until the last write that was looked at."""
        self.ended = False
        self.drain = 0
        """Bytes a second that the terminal takes; 0: as fast as they come."""

    def __enter__(self) -> Self:
        self.started = time.monotonic()
        self.pid, self._terminal = os.forkpty()
        if self.pid == 0:
            self._become()
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for number, patience in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0)):
            if self._gone(0.0):
                break
            os.kill(self.pid, number)
            if self._gone(patience):
                break
        self._reader.join(3.0)
        os.close(self._terminal)

    def quit(self, keys: bytes, patience: float = 10.0) -> None:
        """Let it end by itself, so that it can write what it measured."""
        self.send(keys)
        if not self._gone(patience):
            raise NotSeen(f"still running {patience} s after its keys to quit:\n{self.text}")

    def send(self, keys: bytes) -> float:
        """Type; when that was done."""
        os.write(self._terminal, keys)
        return time.monotonic()

    @property
    def text(self) -> str:
        """What the screen shows now."""
        self._feed_all()
        return "\n".join(self._screen.lines)

    def wait_for(self, shows: Callable[[Lines], object], patience: float, what: str) -> float:
        """When the write came after which ``shows`` holds. Raises NotSeen."""
        deadline = time.monotonic() + patience
        if shows(self._screen.lines):
            return time.monotonic()
        while True:
            while self._chunks:
                at = self._feed_one()
                if shows(self._screen.lines):
                    return at
            self._arrived.clear()
            if self._chunks:
                continue
            left = deadline - time.monotonic()
            if left <= 0 or self.ended:
                raise NotSeen(f"{' '.join(self._command)}: no {what} within {patience} s:\n{self.text}")
            self._arrived.wait(left)

    def _become(self) -> None:
        try:
            if self._cores is not None:
                os.sched_setaffinity(0, self._cores)
            os.execvpe(self._command[0], self._command, self._environ)
        finally:
            os._exit(127)

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # EIO: the program closed its side
            while data := self._taken():
                self._chunks.append((time.monotonic(), waited_for_core(self.pid), data))
                self.written += len(data)
                self._arrived.set()
                for query in _QUERIES.findall(data):
                    os.write(self._terminal, _ANSWERS[query])
        self.ended = True
        self._arrived.set()

    def _taken(self) -> bytes:
        drain = self.drain
        if not drain:
            return os.read(self._terminal, 65536)
        data = os.read(self._terminal, max(1, drain // 20))
        time.sleep(len(data) / drain)
        return data

    def _feed_one(self) -> float:
        at, self.waited, data = self._chunks.popleft()
        self._screen.feed(data)
        return at

    def _feed_all(self) -> None:
        while self._chunks:
            self._feed_one()

    def _gone(self, patience: float) -> bool:
        if self.pid < 0:
            return True
        deadline = time.monotonic() + patience
        while True:
            with contextlib.suppress(ChildProcessError):
                if os.waitpid(self.pid, os.WNOHANG) == (0, 0):
                    if time.monotonic() >= deadline:
                        return False
                    time.sleep(0.01)
                    continue
            self.pid = -1
            return True
