"""Levels by the lines' own words, in the formats that components of a cluster write."""

from __future__ import annotations

import pytest

from kubetui.store.logs.chunk import Chunk
from kubetui.store.logs.level import Level, level_of, levels_of


@pytest.mark.parametrize(
    ("line", "level"),
    [
        (b"E1121 07:39:28.223545       1 proxier.go:794] \"failed\"", Level.ERROR),
        (b"I1121 07:39:28.223545       1 proxier.go:794] error in the words only", Level.INFO),
        (b'{"ts":1,"level":"warn","msg":"error ahead"}', Level.WARNING),
        (b'{"severity":"ERROR","message":"x"}', Level.ERROR),
        (b'{"level":50,"msg":"pino"}', Level.ERROR),
        (b'time="2026-11-21T07:39:28Z" level=error msg="x"', Level.ERROR),
        (b"ts=2026 caller=main.go lvl=dbug msg=x level=debug", Level.DEBUG),
        (b"[INFO] 10.244.3.17:5556 - 42621 \"A IN x. udp 54 false 512\" NOERROR", Level.INFO),
        (b"[ERROR] plugin/errors: 2 api.example.com. A: i/o timeout", Level.ERROR),
        (b"2026-11-21 07:39:28,223 WARN  [main] com.example.App - slow", Level.WARNING),
        (b"2026/11/21 07:39:28 [error] 31#31: *1 open() failed", Level.ERROR),
        (b"panic: runtime error: index out of range", Level.FATAL),
        (b"Error: cannot find module", Level.ERROR),
        (b"\x1b[31mERROR\x1b[0m coloured", Level.ERROR),
        (b"GET /info/error HTTP/1.1 200", Level.UNKNOWN),
        (b"no word of it", Level.UNKNOWN),
        (b"", Level.UNKNOWN),
        (b"\xff\xfe\x00 ERROR", Level.ERROR),
        (b"{" * 5_000, Level.UNKNOWN),
    ],
)  # fmt: skip
def test_levels(line: bytes, level: Level) -> None:
    assert level_of(line) is level


def test_lines_that_are_set_in_belong_to_the_one_before_of_their_source() -> None:
    texts = [b"ERROR boom", b"INFO other", b"\tat com.example.App", b"plain"]
    chunk = Chunk([1, 2, 3, 4], [1, 2, 1, 1], texts, {})
    assert [*levels_of(chunk)] == [Level.ERROR, Level.INFO, Level.ERROR, Level.UNKNOWN]
