"""The whole program in a pseudo-terminal: keys in, a screen out, and how it left the terminal behind.

Every wait is for something on the screen or for the program's end, with a deadline that only a failure reaches.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyte

PATIENCE = 30.0
"""Seconds until a wait has failed: generous, since a loaded machine of two cores takes seconds to start Python."""
CHECKOUT = Path(__file__).parents[2]

# A program gets its terminal's signals (SIGWINCH) only if that is its controlling terminal; a process can take one
# only for itself. `preexec_fn` would do it, but is unsafe in a process with threads.
_TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)

_KITTY_POP = re.compile(r"\x1b\[[<>=][0-9;]*u")
"""Keyboard protocol requests, which pyte would print."""


class Program:
    """``python -m kubetui`` with ``arguments`` on a terminal of ``width`` × ``height`` cells; a context manager."""

    def __init__(
        self,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        *,
        width: int = 120,
        height: int = 40,
        command: Sequence[str] = (sys.executable, "-m", "kubetui"),
    ) -> None:
        """``command``: another program than ours."""
        self._command = command
        self._arguments, self._environ = arguments, environ
        self._screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self._screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.output = ""
        """Everything it wrote, control sequences included."""

    def __enter__(self) -> Self:
        self._ours, self._its = pty.openpty()
        self._set_size()
        self.terminal_before = self.terminal_settings()
        command = [*self._command, *self._arguments]
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-E", "-c", _TAKE_TERMINAL, *command],
            stdin=self._its,
            stdout=self._its,
            stderr=self._its,
            env=dict(self._environ),
            cwd=CHECKOUT,
            start_new_session=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._ours)
        os.close(self._its)

    # --- keys and size

    def type(self, keys: str) -> None:
        """Send characters as if typed; ``"\\x1b"`` is Esc, ``"\\r"`` Enter, ``"\\x03"`` ^c."""
        os.write(self._ours, keys.encode())

    def resize(self, width: int, height: int) -> None:
        """Another size of the terminal; the kernel tells the program."""
        self._screen.resize(lines=height, columns=width)
        self._set_size()

    def _set_size(self) -> None:
        size = struct.pack("HHHH", self._screen.lines, self._screen.columns, 0, 0)
        fcntl.ioctl(self._its, termios.TIOCSWINSZ, size)

    # --- the screen

    @property
    def lines(self) -> list[str]:
        """What the screen shows, trailing blanks removed."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    @property
    def flat(self) -> str:
        """The screen's words, a blank between them wherever a line was folded."""
        return " ".join(self.text.split())

    def colours(self) -> set[str]:
        """Every foreground and background colour on the screen, ``default`` apart."""
        screen = self._screen
        cells = [screen.buffer[y][x] for y in range(screen.lines) for x in range(screen.columns)]
        return {colour for cell in cells for colour in (cell.fg, cell.bg)} - {"default"}

    def line_with(self, text: str) -> str:
        """The first line of the screen that holds ``text``."""
        return next(line for line in self.lines if text in line)

    def wait_for(self, *texts: str, patience: float = PATIENCE) -> None:
        """Until the screen shows all of these, wherever lines are folded."""
        self.wait_until(lambda: all(text in self.flat for text in texts), f"{texts} on the screen", patience)

    def wait_while(self, text: str) -> None:
        """Until the screen shows this no more."""
        self.wait_until(lambda: text not in self.flat, f"{text!r} gone from the screen")

    def wait_until(self, true: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        """Until ``true``, looked at whenever the program wrote."""
        deadline = time.monotonic() + patience
        while not true():
            if not self._read(deadline):
                raise AssertionError(f"no {what}\n{self._situation()}")

    def wait_for_output(self) -> None:
        """Until the program wrote anything more."""
        written = len(self.output)
        self.wait_until(lambda: len(self.output) > written, "further output")

    def read_for(self, seconds: float) -> None:
        """Take in what the program writes for so long."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if not self._read(time.monotonic() + left):
                return

    def wait_for_end(self) -> int:
        """Until the program ended; its exit code."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                raise AssertionError(f"the program did not end\n{self._situation()}")
            self._read(time.monotonic() + 0.05)
        while self._read(time.monotonic()):
            pass
        return self.process.returncode

    def interrupt_by_signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Take the terminal away, as a connection that is cut or a window that is closed does."""
        os.close(self._ours)
        self._ours = os.open(os.devnull, os.O_RDWR)

    def terminal_settings(self) -> list[Any]:
        """The terminal's modes, as termios tells them."""
        return termios.tcgetattr(self._its)

    def _read(self, deadline: float) -> bool:
        """Take in what the program wrote next; False when there was nothing until the deadline."""
        ready, _, _ = select.select([self._ours], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return False
        text = self._decoder.decode(os.read(self._ours, 65_536))
        self.output += text
        self._stream.feed(_KITTY_POP.sub("", text))
        return True

    def _situation(self) -> str:
        ended = self.process.poll()
        state = "the program runs" if ended is None else f"the program ended with {ended}"
        return f"{state}; the screen:\n" + "\n".join(f"|{line}" for line in self.lines)
