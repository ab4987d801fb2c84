"""Terminals that can do less, and settings, as they are met by the whole program."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from tests.terminal.api_server import SmallCluster
from tests.terminal.conftest import Start

# What pyte calls the sixteen colours; what has more is told by six digits.
SIXTEEN = re.compile(r"(bright)?(black|red|green|brown|blue|magenta|cyan|white)|default")
MORE_THAN_SIXTEEN = re.compile(r"\x1b\[(?:[0-9;]*;)?[34]8;[25];[0-9;]*m")


@pytest.mark.parametrize("term", ["xterm-16color", "xterm", "screen"])
def test_sixteen_colours_are_the_terminals_own(
    small_cluster: SmallCluster, environ: dict[str, str], start: Start, term: str
) -> None:
    environ["TERM"] = term
    del environ["COLORTERM"]
    with start() as program:
        program.wait_for("live", "? help")
        assert [colour for colour in program.colours() if not SIXTEEN.fullmatch(colour)] == []
        assert MORE_THAN_SIXTEEN.search(program.output) is None


@pytest.mark.parametrize("locale", [{"LANG": "C"}, {"LC_ALL": "POSIX"}, {"TERM": "linux"}])
def test_where_only_ascii_is_drawn_nothing_else_is_written(
    small_cluster: SmallCluster, environ: dict[str, str], start: Start, locale: dict[str, str]
) -> None:
    environ.update(locale)
    with start("-A") as program:
        program.wait_for("live", "? help")
        program.type("m")
        program.wait_for("commands to copy")
        assert program.output.isascii()


def test_no_colour_is_written_in_any_dialog(small_cluster: SmallCluster, environ: dict[str, str], start: Start) -> None:
    environ["NO_COLOR"] = "1"
    with start("-A") as program:
        program.wait_for("live", "? help")
        program.type("m")
        program.wait_for("commands to copy")
        program.type("\x1b")
        program.wait_for("? help")
        program.type(":")
        program.wait_for("pane, kind, namespace")
        assert program.colours() == set()


def test_a_command_is_copied_through_the_terminal(
    small_cluster: SmallCluster, environ: dict[str, str], start: Start
) -> None:
    with start("-A") as program:
        program.wait_for("live", "? help")
        program.type("m")
        program.wait_for("commands to copy", "describe")
        program.type("c")
        program.wait_for("copied")
    copied = re.findall(r"\x1b\]52;c;([A-Za-z0-9+/=]+)", program.output)
    line = base64.b64decode(copied[-1]).decode()
    assert line.startswith("kubectl --context small ")


def test_the_settings_file_is_read_and_its_mistakes_are_told(
    small_cluster: SmallCluster, environ: dict[str, str], start: Start
) -> None:
    folder = Path(environ["HOME"]) / ".config" / "kubetui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('tehme = "dark"\n[keys]\nquit = "Q"\n')
    with start() as program:
        told = "unknown key tehme; meant perhaps: theme"
        program.wait_until(lambda: told in " ".join(program.flat.replace("▌", "").split()), told)
        program.wait_for("Q quit")
        program.type("Q")
        assert program.wait_for_end() == 0
