"""The machine that the node runs on: namespaces of this one, which vanish with their first process.

Nothing of it can be left behind: mounts, interfaces and packet filter rules belong to its namespaces. Outside there
are only its folder, one end of a virtual cable that goes with the other one, and control groups.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from tests.cluster.processes import Household
from tests.cluster.real.subnet import Subnet
from tests.cluster.watchdog import remove_interface

_HOLDER = "machine"
_START_SECONDS = 30.0
_END_SECONDS = 30.0
_RUN_SECONDS = 60.0
_POLL_SECONDS = 0.05
_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class MachineFailed(Exception):
    """A part of the machine could not be set up, or a command in it failed; the text holds its output."""


class Machine:
    """Programs started by ``start`` run inside all of its namespaces; ``enter_network`` leads into one of them."""

    def __init__(self, household: Household, subnet: Subnet) -> None:
        self._household = household
        self._subnet = subnet
        self.folder = household.folder / "machine"
        self.log_folder = self.folder / "var-log"

    # -- life

    def boot(self) -> None:
        """Make the namespaces and lay the cable."""
        for part in ("var-lib", "var-log", "sysctl"):
            (self.folder / part).mkdir(parents=True)
        namespaces = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--propagation", "private"]
        init = Path(__file__).with_name("machine_init.sh")
        self._household.start(_HOLDER, ["unshare", *namespaces, "sh", str(init), str(self.folder)])
        self._await_ready()
        self._lay_cable()

    def halt(self) -> None:
        """End every process of the machine and wait until they are gone; may be called twice."""
        holder = self._household.pids.get(_HOLDER)
        first = _children(holder) if holder else []
        self._household.stop(_HOLDER, grace=0)
        deadline = time.monotonic() + _END_SECONDS
        while any(map(_alive, first)):
            if time.monotonic() > deadline:
                raise MachineFailed(f"processes of the machine are left after {_END_SECONDS:.0f} s")
            time.sleep(_POLL_SECONDS)
        remove_interface(self._subnet.interface)

    # -- programs

    @property
    def enter_network(self) -> tuple[str, ...]:
        """What makes a command run in the machine's network, and else here."""
        return ("nsenter", f"--net={self.namespace('net')}", "--")

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a program that goes on; its log is the household's."""
        self._household.start(name, [*self._enter(), *command])

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send the program itself a signal, and wait for its end; nothing happens where it does not run.

        What stands for it in the household only waits for it, across the border of its process namespace.
        """
        waiting = self._household.pids.get(name)
        for program in _children(waiting) if waiting else []:
            os.kill(program, number)
        self._household.stop(name, grace=_END_SECONDS if number != signal.SIGKILL else 1.0)

    def run(self, command: Sequence[str], *, seconds: float = _RUN_SECONDS) -> str:
        """Run a command to its end and give its output; raises ``MachineFailed``."""
        return _run([*self._enter(), *command], seconds)

    # -- inside

    def _enter(self) -> list[str]:
        kinds = (("mount", "mnt"), ("net", "net"), ("pid", "pid_for_children"))
        entered = [f"--{option}={self.namespace(file)}" for option, file in kinds]
        return ["nsenter", *entered, "--", "env", f"PATH={_SYSTEM_PATH}"]

    def namespace(self, file: str) -> str:
        """The path of one of its namespaces, as ``/proc`` calls them."""
        self._household.check(_HOLDER)
        return f"/proc/{self._household.pids[_HOLDER]}/ns/{file}"

    def _await_ready(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not (self.folder / "ready").exists():
            self._household.check(_HOLDER)
            if time.monotonic() > deadline:
                raise MachineFailed(f"the machine is not ready:\n{self._household.tail(_HOLDER)}")
            time.sleep(_POLL_SECONDS)

    def _lay_cable(self) -> None:
        here, subnet = self._subnet.interface, self._subnet
        self._household.remember_interface(here)
        holder = str(self._household.pids[_HOLDER])
        _run(["ip", "link", "add", here, "type", "veth", "peer", "name", "eth0", "netns", holder])
        _run(["ip", "address", "add", f"{subnet.host}/24", "dev", here])
        _run(["ip", "link", "set", here, "up"])
        self.run(["ip", "address", "add", f"{subnet.node}/24", "dev", "eth0"])
        self.run(["ip", "link", "set", "eth0", "up"])
        self.run(["ip", "route", "add", "default", "via", subnet.host])


def _run(command: Sequence[str], seconds: float = _RUN_SECONDS) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired as late:
        raise MachineFailed(f"{' '.join(command)} took longer than {seconds:.0f} s") from late
    if done.returncode:
        raise MachineFailed(f"{' '.join(command)} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
    return done.stdout


def _children(pid: int) -> list[int]:
    """Process ids, as this machine sees them, of a process's children."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while being looked at
        if parent == pid:
            found.append(int(stat.parent.name))
    return found


def _alive(pid: int) -> bool:
    """Whether it runs; one that ended and was not yet collected by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
