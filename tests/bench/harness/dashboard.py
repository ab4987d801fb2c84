"""kubetui as it is measured: its command, its surroundings, and what its screen says."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from pathlib import Path

from tests.bench.harness.pty_program import Lines, PtyProgram

ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "kubetui")
_ROW = re.compile(r" \d+/\d+ +[A-Z][A-Za-z]+ ")
_COST = re.compile(r"(\d+) req/min")


def environ(kubeconfig: Path, state: str) -> dict[str, str]:
    """A plain terminal's, with nothing of the caller's own configuration."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": state,
        "XDG_STATE_HOME": state,
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "KUBECONFIG": str(kubeconfig),
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def program(command: Sequence[str], kubeconfig: Path, cores: Set[int] | None = None) -> Iterator[PtyProgram]:
    """``command`` in a terminal, in such surroundings."""
    with tempfile.TemporaryDirectory() as state, PtyProgram(command, environ(kubeconfig, state), cores) as running:
        yield running


@contextmanager
def dashboard(kubeconfig: Path, *arguments: str, cores: Set[int] | None = None) -> Iterator[PtyProgram]:
    """kubetui with ``arguments``."""
    with program([*COMMAND, *arguments], kubeconfig, cores) as running:
        yield running


@contextmanager
def probed(
    kubeconfig: Path, out: Path, *arguments: str, stacks: bool = False, cores: Set[int] | None = None
) -> Iterator[PtyProgram]:
    """kubetui with the probe for stalls, which writes ``out`` when the program was quit."""
    options = ["--stacks"] if stacks else []
    command = [sys.executable, "-m", "tests.bench.harness.stall_probe", str(out), *options, "--", *arguments]
    with program(command, kubeconfig, cores) as running:
        yield running


def framed(lines: Lines) -> bool:
    """The first frame: header and keys."""
    return "req/min" in lines[0] and "quit" in lines[-1]


def has_rows(lines: Lines) -> bool:
    """A row with ready containers and a state word."""
    return any(_ROW.search(line) for line in lines[3:-1])


def is_complete(pods: int) -> Callable[[Lines], bool]:
    """Every object has its row: the title counts them all and the header no longer counts."""
    title = re.compile(rf"· {pods:,}( |$)")

    def complete(lines: Lines) -> bool:
        return bool(title.search(lines[2])) and ("syncing details" in lines[0] or " live " in lines[0])

    return complete


def is_live(lines: Lines) -> bool:
    """In step, all details in."""
    return " live " in lines[0]


def requests_per_minute(lines: str) -> float:
    """What the header says."""
    found = _COST.search(lines)
    if found is None:
        raise ValueError("the header does not say what it costs")
    return float(found[1])
