"""``^z`` gives the terminal back to the shell, and ``fg`` brings the dashboard back as it was."""

from __future__ import annotations

import shlex
import shutil
import sys

import pytest

from tests.terminal.api_server import SmallCluster
from tests.terminal.conftest import Start
from tests.terminal.program import Program

SUSPEND = "\x1a"
PROMPT = "the-shell$ "
TAKES, LEAVES = "\x1b[?1049h", "\x1b[?1049l"
"""What switches to the alternate screen, and back."""


@pytest.fixture
def shell(environ: dict[str, str]) -> Program:
    """A shell with job control."""
    return Program(
        [], {**environ, "PS1": PROMPT}, command=[shutil.which("bash") or "bash", "--norc", "--noprofile", "-i"]
    )


def times(program: Program, text: str, number: int) -> None:
    """Until it was written so often: what stood on the screen before may stand there still."""
    program.wait_until(lambda: program.output.count(text) >= number, f"{text!r} written {number} times")


def test_z_suspends_and_fg_comes_back(small_cluster: SmallCluster, shell: Program) -> None:
    with shell as program:
        times(program, PROMPT, 1)
        program.type(f"{shlex.join([sys.executable, '-m', 'kubetui', '-A', '--pane', 'pods'])}\r")
        program.wait_for("Pods all namespaces · 4", "? help")

        program.type(SUSPEND)
        times(program, PROMPT, 2)
        assert program.output.count(LEAVES) == 1
        program.type("echo still-$((40 + 2))\r")
        times(program, "still-42", 1)
        times(program, PROMPT, 3)

        program.type("fg\r")
        times(program, TAKES, 2)
        program.wait_while("still-42")
        program.wait_for("Pods all namespaces · 4", "? help")
        program.type("/ledger")
        program.wait_for("1 of 4")

        program.type(SUSPEND)  # while something is typed, too
        times(program, PROMPT, 4)
        program.type("fg\r")
        times(program, TAKES, 3)
        program.wait_while(PROMPT.strip())
        program.type("\x03\x03")
        times(program, PROMPT, 5)
        program.type("exit\r")
        program.wait_for_end()


def test_without_a_shell_that_waits_z_stops_nothing_and_says_so(small_cluster: SmallCluster, start: Start) -> None:
    with start("-A") as program:
        program.wait_for("coredns-0")
        program.type(SUSPEND)
        program.wait_for("no shell waits here")
        program.type("q")
        assert program.wait_for_end() == 0
