"""The comparison of a screen with a server finds what differs."""

from __future__ import annotations

import pytest

from kubetui.kinds.pod import POD
from tests.terminal.server_rows import ANYTHING, Expected, Row, text
from tests.terminal.table_on_screen import wrong

SCREEN = """\
 real  v1.36.3  live                    pods 2
 Pods  team-04 · 2
 NAMESPACE   NAME        READY     STATUS             REASON    NODE
▌team-04     checkout      1/1     Running                      node-a
 team-04     ledger        0/1   ✖ CrashLoopBackOff   Error 2   node-b

 ? help  q quit""".splitlines()


def row(name: str, ready: str, status: str, node: str, reason: str = "") -> Row:
    cells = {"NAMESPACE": "team-04", "NAME": name, "READY": ready, "STATUS": status, "NODE": node}
    return {title: text(cell) for title, cell in cells.items()} | {"REASON": reason}


CHECKOUT = row("checkout", "1/1", "Running", "node-a")
LEDGER = row("ledger", "0/1", "CrashLoopBackOff", "node-b", ANYTHING)


def test_a_screen_that_says_what_the_server_says_is_right() -> None:
    assert wrong(SCREEN, Expected([LEDGER, CHECKOUT], POD)) == []


@pytest.mark.parametrize("title", [title for title in CHECKOUT if CHECKOUT[title]])
def test_one_cell_that_differs_is_found(title: str) -> None:
    (missing, too_much) = wrong(SCREEN, Expected([LEDGER, {**CHECKOUT, title: "another"}], POD))
    assert missing.startswith("missing: (?:")
    assert too_much == "too much: ['team-04 checkout 1/1 Running node-a']"


def test_a_cell_that_should_be_empty_is_found() -> None:
    assert wrong(SCREEN, Expected([{**LEDGER, "REASON": ""}, CHECKOUT], POD))


def test_a_row_too_much_is_found() -> None:
    assert wrong(SCREEN, Expected([CHECKOUT], POD)) == [
        "too much: ['team-04 ledger 0/1 CrashLoopBackOff Error 2 node-b']"
    ]


def test_a_screen_without_a_table_is_wrong_unless_there_is_nothing_to_show() -> None:
    assert wrong(SCREEN[:2], Expected([CHECKOUT], POD)) == ["no table on the screen"]
    assert wrong(SCREEN[:2], Expected([], POD)) == []


def test_a_column_that_nobody_expects_anything_of_is_named() -> None:
    known = {title: pattern for title, pattern in CHECKOUT.items() if title != "NODE"}
    assert Expected([known], POD).unexpected(SCREEN[2]) == ["NODE"]
