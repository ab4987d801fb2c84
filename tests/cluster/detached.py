"""Control planes that stay until they are taken down: what ``python -m tests.cluster up`` leaves running.

A keeper process owns the control plane, as a test run would, and holds a lock for as long as it lives: whether one
runs is told by the lock, never by a process id that may meanwhile be another's.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import FrameType

from tests.cluster import binaries, control_channel, faults
from tests.cluster.control_channel import ControlChannel
from tests.cluster.quiet import await_quiet
from tests.cluster.wanted import Wanted

_UP_SECONDS = 30 * 60.0  # filling 33,000 pods takes some two minutes; a machine may be slow and busy
_DOWN_SECONDS = 60.0
_POLL_SECONDS = 0.2

Report = Callable[[str], None]


class NotUp(Exception):
    """The keeper ended before its control plane was ready, or keeps another; the text says why."""


class Detached:
    """The control plane kept under one name; its state lies in the cache under ``up/<name>``."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = binaries.cache_folder() / "up" / name
        self.kubeconfig = self.folder / "kubeconfig"
        self._lock = self.folder.with_name(f".{name}.lock")
        self._pid = self.folder / "pid"
        self._wanted = self.folder / "numbers"
        self._control = self.folder / "control"
        self._log = self.folder / "log"

    @property
    def keeper(self) -> int:
        """The process whose children the control plane's programs are."""
        return int(self._pid.read_text())

    def is_running(self) -> bool:
        """Whether a keeper lives, be it still starting."""
        if not self._lock.exists():
            return False
        with self._lock.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def up(self, wanted: Wanted, report: Report, *, quiet: bool = False) -> None:
        """Start one unless it runs, and wait until it is ready (``quiet``: and at rest); raises ``NotUp``."""
        if not self.is_running():
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True, mode=0o700)
            self._wanted.write_text(str(wanted))
            self._start_keeper(wanted, quiet)
        elif (kept := self._wanted.read_text()) != str(wanted):
            raise NotUp(f"{self.name} is up with {kept}; take it down first, or use another --name")
        deadline, told = time.monotonic() + _UP_SECONDS, 0
        while not self.kubeconfig.exists():
            lines = self._log.read_text().splitlines()
            for line in lines[told:]:
                report(line)
            told = len(lines)
            if not self.is_running():
                raise NotUp("\n".join(["the control plane did not come up:", *lines[-30:]]))
            if time.monotonic() > deadline:
                raise NotUp(f"no control plane after {_UP_SECONDS:.0f} s; see {self._log}")
            time.sleep(_POLL_SECONDS)

    def down(self) -> bool:
        """Take it down and leave nothing of it; False if none ran."""
        ran = self.is_running()
        if ran:
            os.kill(int(self._pid.read_text()), signal.SIGTERM)
        deadline = time.monotonic() + _DOWN_SECONDS
        while self.is_running():
            if time.monotonic() > deadline:
                raise TimeoutError(f"still running after {_DOWN_SECONDS:.0f} s; see {self._log}")
            time.sleep(_POLL_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.unlink(missing_ok=True)
        return ran

    def inflict(self, verb: str, words: Sequence[str]) -> str:
        """Let the keeper do a fault's verb, and give its words; raises ``Failed``, ``NotUp``."""
        if not self.kubeconfig.exists():
            raise NotUp(f"no control plane named {self.name} is up")
        return control_channel.ask(Path(self._control.read_text()), verb, words)

    def keep(self, wanted: Wanted, *, quiet: bool = False) -> None:
        """Be the keeper: own a control plane until SIGTERM. Runs in a process of its own."""
        signal.signal(signal.SIGTERM, _exit)
        with self._lock.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._pid.write_text(str(os.getpid()))
            plane = wanted.start(_say)
            try:
                if quiet:
                    await_quiet(plane)
                place = plane.folder / "control"
                channel = ControlChannel(place)
                self._control.write_text(str(place))  # a socket's own path must be short
                with binaries.appearing(self.kubeconfig) as half:
                    shutil.copyfile(plane.admin_kubeconfig, half)
                    half.chmod(0o600)
                channel.serve(partial(faults.inflict, plane))
            finally:
                plane.down()

    def _start_keeper(self, wanted: Wanted, quiet: bool) -> None:
        command = [sys.executable, "-m", "tests.cluster", "keep", "--name", self.name]
        self._lock.touch()
        with self._log.open("wb") as log:
            keeper = subprocess.Popen(
                [*command, *wanted.arguments, *(["--quiet"] if quiet else [])],
                cwd=Path(__file__).parents[2],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # the terminal it was started from may go
            )
        while not self._pid.exists() and keeper.poll() is None:
            time.sleep(_POLL_SECONDS)
        keeper.returncode = keeper.returncode or 0  # it is not waited for: it outlives this process


def _exit(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _say(line: str) -> None:
    print(line, flush=True)
