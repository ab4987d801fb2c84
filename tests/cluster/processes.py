"""The programs of one control plane: started together, watched over, and gone without a trace."""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.cluster.watchdog import GROUPS, INTERFACES

_GRACE_SECONDS = 5.0  # what a program gets between the polite signal and the last one
_KILL_SECONDS = 10.0
_LOG_TAIL = 2500  # characters of a log shown when its program failed

_given: set[int] = set()


class Died(Exception):
    """A program ended though nobody stopped it; the text holds the end of its log."""


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on.

    From below the range that Linux takes for outgoing connections (32768 and up), so that none of those can sit on
    it while a stopped API server is to come back on the same port.
    """
    for _ in range(200):
        port = random.randint(20_000, 32_000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in _given:
            _given.add(port)
            return port
    raise OSError("no free port of 127.0.0.1 between 20000 and 32000")


class Household:
    """A temporary folder and the processes that live in it; ``close`` (or the owner's death) ends both.

    Not for concurrent use by several threads. Logs lie in ``folder / "log"``, one a program, appended to.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kubetui-cluster-"))
        (self.folder / "log").mkdir()
        self._members: dict[str, subprocess.Popen[bytes]] = {}
        self._watchdog = subprocess.Popen(
            [sys.executable, "-S", "-E", str(Path(__file__).with_name("watchdog.py")), str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def log(self, name: str) -> Path:
        """Where this program's output goes."""
        return self.folder / "log" / f"{name}.log"

    def start(self, name: str, command: list[str]) -> None:
        """Start a program; its name must be free, that is, not running."""
        if self.running(name):
            raise ValueError(f"{name} is running already")
        with self.log(name).open("ab") as log:
            self._members[name] = subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=self._watchdog.pid,
            )

    def running(self, name: str) -> bool:
        """Whether the program was started, not stopped, and has not ended by itself."""
        return name in self._members and self._members[name].poll() is None

    def check(self, name: str) -> None:
        """Raise ``Died``, with the end of its log, unless the program runs."""
        if not self.running(name):
            raise Died(f"{name} is not running; {self.log(name)} ends:\n{self.tail(name)}")

    def tail(self, name: str) -> str:
        """The end of a program's log, for messages."""
        log = self.log(name)
        return log.read_text(errors="replace")[-_LOG_TAIL:] if log.exists() else ""

    def stop(self, name: str, *, grace: float = _GRACE_SECONDS) -> None:
        """End a program and wait until it is gone: SIGTERM, and SIGKILL after ``grace`` seconds (0: at once)."""
        member = self._members.pop(name, None)
        if member is None:
            return
        if grace:
            member.terminate()
            try:
                member.wait(grace)
                return
            except subprocess.TimeoutExpired:
                pass  # it had its time; the signal below cannot be refused
        member.kill()
        member.wait(_KILL_SECONDS)

    @property
    def pids(self) -> dict[str, int]:
        """Process ids of the programs that run, by name."""
        return {name: member.pid for name, member in self._members.items() if member.poll() is None}

    def remember_groups(self, folders: Iterable[Path]) -> None:
        """Let the watchdog remove these control groups too, should it come to that."""
        (self.folder / GROUPS).write_text("".join(f"{folder}\n" for folder in folders))

    def remember_interface(self, name: str) -> None:
        """Let the watchdog remove this network interface too, should it come to that."""
        (self.folder / INTERFACES).write_text(f"{name}\n")

    def close(self) -> None:
        """End every program, last started first, then the watchdog, and remove the folder. May be called twice."""
        for name in reversed(list(self._members)):
            self.stop(name, grace=0)
        if self._watchdog.stdin is not None and not self._watchdog.stdin.closed:
            self._watchdog.stdin.close()
        self._watchdog.wait(_KILL_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)
