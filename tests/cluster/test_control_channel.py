"""What is asked of a keeper from outside is done, and what went wrong is said to who asked."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.cluster.control_channel import ControlChannel, Failed, ask


def inflict(verb: str, words: Sequence[str]) -> str:
    if verb == "by-kubectl":
        raise subprocess.CalledProcessError(1, ["kubectl"], stderr="error: there is no such node\n")
    if verb == "explode":
        raise ValueError("not that")
    return f"{verb} {' '.join(words)}"


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Path]:
    """A channel that is served."""
    path = tmp_path / "control"
    served = ControlChannel(path)
    keeper = threading.Thread(target=served.serve, args=(inflict,))  # as if it were another process
    keeper.start()
    yield path
    served.close()
    keeper.join()


def test_a_verb_is_done_and_its_words_come_back(channel: Path) -> None:
    assert ask(channel, "rotate-log", ["team-04", "ledger-0"]) == "rotate-log team-04 ledger-0"


def test_what_failed_is_told_and_the_next_verb_is_done(channel: Path) -> None:
    with pytest.raises(Failed, match="not that"):
        ask(channel, "explode", [])
    with pytest.raises(Failed, match="error: there is no such node"):
        ask(channel, "by-kubectl", [])
    assert ask(channel, "cordon", ["node-a"]) == "cordon node-a"


def test_who_asks_and_goes_away_disturbs_nobody(channel: Path) -> None:
    with socket.socket(socket.AF_UNIX) as gone:
        gone.connect(str(channel))
    assert ask(channel, "cordon", ["node-a"]) == "cordon node-a"


def test_what_is_no_request_is_answered_too(channel: Path) -> None:
    with socket.socket(socket.AF_UNIX) as other:
        other.connect(str(channel))
        other.sendall(b"\xff not JSON\n")
        assert b"failed" in other.recv(1000)


def test_nobody_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        ask(tmp_path / "control", "cordon", [])
