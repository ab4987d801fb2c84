"""Descriptions and saving on a real terminal: ``^s`` is flow control there until the program asks for raw keys."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.terminal.api_server import SmallCluster
from tests.terminal.conftest import Start

ENTER, ESC = "\r", "\x1b"
CLEAR_LINE = "\x15"


def test_a_description_is_opened_and_left(small_cluster: SmallCluster, start: Start) -> None:
    with start("-n", "team-04") as program:
        program.wait_for("ledger-0")
        program.type("jd")
        program.wait_for("Pod team-04/ledger-0 described", "main: CrashLoopBackOff, restarted 14 times")

        small_cluster.delete("pods", "team-04", "ledger-0")
        program.wait_for("gone since", "main: CrashLoopBackOff")

        program.type(ESC)
        program.wait_for("Pods team-04 · 1")


@pytest.mark.parametrize("key", ["\x13", "S"], ids=["^s", "S"])
def test_a_table_is_saved_where_its_user_says(
    key: str, small_cluster: SmallCluster, start: Start, tmp_path: Path
) -> None:
    path = tmp_path / "pods.txt"
    with start("-n", "team-04") as program:
        program.wait_for("checkout-0")
        program.type(key)
        program.wait_for("small/Pods/team-04.txt")
        program.type(CLEAR_LINE)
        program.wait_while("small/Pods/team-04.txt")
        program.type(f"{path}{ENTER}")
        program.wait_until(path.exists, "a file")
        program.wait_while("saving …")

    assert "checkout-0" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
