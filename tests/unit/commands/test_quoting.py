"""A line that is copied is read back by a shell as the words it was made from."""

from __future__ import annotations

import shutil
import subprocess
from unicodedata import east_asian_width

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubetui.commands.quoting import command_line, quote, wrapped

WORDS = st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40), max_size=6)
SHELLS = [shell for shell in ("bash", "zsh") if shutil.which(shell)]
PROCESSES = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def words_read_by(shell: str, line: str) -> list[str]:
    """The arguments that a command gets when ``line`` follows its name."""
    script = f"words() {{ printf '%s\\0' \"$@\"; }}; words {line}"
    quiet = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    ended = subprocess.run([shell, *quiet, "-c", script], capture_output=True, timeout=60, check=True)
    return ended.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("shell", SHELLS)
@PROCESSES
@given(words=WORDS)
def test_a_shell_reads_back_the_words(shell: str, words: list[str]) -> None:
    assert words_read_by(shell, command_line(["first", *words])) == ["first", *words]


@pytest.mark.parametrize("shell", SHELLS)
@PROCESSES
@given(words=WORDS, width=st.integers(30, 60))
def test_a_shell_reads_the_wrapped_lines_as_the_same_command(shell: str, words: list[str], width: int) -> None:
    assert words_read_by(shell, "\n".join(wrapped(["first", *words], width))) == ["first", *words]


@given(words=WORDS, width=st.integers(30, 200))
def test_wrapped_lines_fit_and_end_in_their_last_cell(words: list[str], width: int) -> None:
    *before, last = wrapped(["first", *words], width)
    cells = [sum(2 if east_asian_width(one) in "WF" else 1 for one in line) for line in (*before, last)]
    assert max(cells) <= width
    assert all(line.endswith("\\") for line in before)


@given(word=st.text())
def test_what_is_quoted_can_be_shown_as_it_is(word: str) -> None:
    assert quote(word).isprintable()


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_reads_back_what_is_printable() -> None:
    words = ["{app=x}", "a b", "it's", "$HOME", "*", "ünïcode", '{"spec":{"suspend":true}}', "a=b;c", "<group>", "~"]
    script = f"for word in {command_line(words)}; echo $word; end"
    ended = subprocess.run(
        ["fish", "--no-config", "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stdout.splitlines() == words


@pytest.mark.parametrize(
    ("word", "quoted"),
    [
        ("aks-prod", "aks-prod"),
        ("<resource-group>", "'<resource-group>'"),
        ("a\x1b]52;c;x\x07", "$'a\\x1b]52;c;x\\x07'"),
        ("two\nlines", "$'two\\nlines'"),
        ("\u202eevil", "$'\\xe2\\x80\\xaeevil'"),
    ],
)
def test_what_a_terminal_would_obey_is_spelled_out(word: str, quoted: str) -> None:
    assert quote(word) == quoted


def test_a_short_command_is_one_line() -> None:
    assert wrapped(["kubectl", "get", "pods"], 80) == ["kubectl get pods"]


def test_a_long_one_breaks_between_words() -> None:
    assert wrapped(["kubectl", "--context", "aks-prod", "get", "pods"], 24) == [
        "kubectl --context      \\",
        "aks-prod get pods",
    ]
