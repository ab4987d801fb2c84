"""The terminal itself: sizes, colours, how it is left behind, and doing without one."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal.api_server import SmallCluster
from tests.terminal.conftest import Start, kubeconfig
from tests.terminal.program import CHECKOUT, PATIENCE, Program

ALTERNATE_SCREEN, NORMAL_SCREEN = "\x1b[?1049h", "\x1b[?1049l"
MOUSE_ON, MOUSE_OFF = "\x1b[?1000h", "\x1b[?1000l"


def assert_restored(program: Program) -> None:
    """As it was before: modes, screen, cursor, mouse, bracketed paste."""
    assert program.terminal_settings() == program.terminal_before
    for switched_on, switched_off in (
        (ALTERNATE_SCREEN, NORMAL_SCREEN),
        ("\x1b[?25l", "\x1b[?25h"),
        (MOUSE_ON, MOUSE_OFF),
        ("\x1b[?1006h", "\x1b[?1006l"),
        ("\x1b[?2004h", "\x1b[?2004l"),
    ):
        assert program.output.rfind(switched_off) >= program.output.rfind(switched_on), repr(switched_on)


def test_q_quits_and_leaves_the_terminal_as_it_was(small_cluster: SmallCluster, start: Start) -> None:
    with start() as program:
        program.wait_for("? help")
        program.type("q")
        assert program.wait_for_end() == 0
        assert_restored(program)


def test_control_c_quits_when_pressed_twice(small_cluster: SmallCluster, start: Start) -> None:
    with start("-A") as program:
        program.wait_for("coredns-0")
        program.type("\x03")
        program.wait_for("^c again quits")
        assert program.process.poll() is None

        program.type("\x03\x03")
        assert program.wait_for_end() == 0
        assert_restored(program)


def test_q_quits_before_the_server_has_answered(start: Start, environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and says nothing
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        environ["KUBECONFIG"] = str(kubeconfig(Path(environ["HOME"], "kubeconfig"), url))
        with start("-A") as program:
            program.wait_for("connecting")
            program.type("q")
            assert program.wait_for_end() == 0
            assert_restored(program)


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (200, 60)])
def test_frame_rows_and_keys_fit_the_usual_sizes(
    small_cluster: SmallCluster, start: Start, width: int, height: int
) -> None:
    with start("-A", width=width, height=height) as program:
        program.wait_for("small", "live", "coredns-0", "? help q quit")
        assert program.lines[0].startswith(" small")
        assert "q quit" in program.lines[height - 1]


def test_a_resized_terminal_is_filled_anew(small_cluster: SmallCluster, start: Start) -> None:
    with start("-A", width=120, height=40) as program:
        program.wait_for("coredns-0", "vmss000000")

        program.resize(80, 24)
        program.wait_until(lambda: "q quit" in program.lines[23], "keys in the last line of 24")
        program.wait_while("vmss000000")  # the NODE column left, being of lower priority
        assert "coredns-0" in program.text

        program.resize(160, 50)
        program.wait_until(lambda: "q quit" in program.lines[49], "keys in the last line of 50")
        program.wait_for("coredns-0", "vmss000000")


def test_a_terminal_too_small_for_anything_does_not_end_the_program(small_cluster: SmallCluster, start: Start) -> None:
    with start("-A") as program:
        program.wait_for("coredns-0")
        for width, height in ((20, 5), (1, 1), (120, 40)):
            program.resize(width, height)
            program.wait_for_output()
        program.wait_until(lambda: "q quit" in program.lines[39], "keys in the last line of 40")
        program.wait_for("coredns-0")


def test_no_color_means_no_colour(small_cluster: SmallCluster, environ: dict[str, str], start: Start) -> None:
    environ["NO_COLOR"] = "1"
    del environ["COLORTERM"]
    with start("-A") as program:
        program.wait_for("small v1.36.3 live", "✖ CrashLoop")
        assert program.colours() <= {"000000"}


def test_no_mouse_leaves_the_mouse_to_the_terminal(small_cluster: SmallCluster, start: Start) -> None:
    with start("-A", "--no-mouse") as program:
        program.wait_for("coredns-0")
        assert MOUSE_ON not in program.output


def test_the_terminal_is_restored_when_the_program_is_told_to_end(small_cluster: SmallCluster, start: Start) -> None:
    with start("-A") as program:
        program.wait_for("coredns-0")
        program.interrupt_by_signal(signal.SIGTERM)
        program.wait_for_end()
        assert_restored(program)


def test_a_terminal_that_goes_away_ends_the_program(small_cluster: SmallCluster, start: Start) -> None:
    with start("-A") as program:
        program.wait_for("coredns-0")
        program.type("54" * 40)  # it is busy drawing
        program.hang_up()
        program.process.wait(PATIENCE)  # raises where it stays


def test_without_a_terminal_it_says_so_and_ends(environ: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "kubetui"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environ,
        cwd=CHECKOUT,
        timeout=PATIENCE,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("kubetui: a terminal is needed")
    assert "Traceback" not in ended.stderr
