"""The table of the pane on the screen, read as a person reads it: a line of titles, and lines of cells under it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence

from tests.terminal.program import PATIENCE, Program
from tests.terminal.server_rows import Expected

_MARKS = str.maketrans(dict.fromkeys("▌▸▾●▲✖◐▇█", " "))
_PAUSE = 0.5  # seconds between two looks: what changed is asked of the server anew each time


def titles(program: Program, known: Sequence[str]) -> list[str]:
    """The column titles on the screen, in order; ``known`` are those that there could be."""
    line = next(line for line in program.lines if line.split()[:1] and _is_head(line, known))
    longest_first = "|".join(re.escape(title) for title in sorted(known, key=len, reverse=True))
    return re.findall(rf"(?<!\S)(?:{longest_first})(?!\S)", line)


def cells(program: Program, known: Sequence[str]) -> list[str]:
    """Lines under the titles, without marks, blanks made one; the keys' line at the bottom is none."""
    lines = program.lines
    head = next(number for number, line in enumerate(lines) if line.split()[:1] and _is_head(line, known))
    return [" ".join(line.translate(_MARKS).split()) for line in lines[head + 1 : -1] if line.strip()]


def shows(program: Program, expected: Expected, *, of_pools: int = 0) -> list[str]:
    """What is wrong with the screen: rows that are not there and lines that should not be; empty when it is right."""
    known = [column for row in expected.rows[:1] for column in row]
    if not any(_is_head(line, known) for line in program.lines):
        return ["no table on the screen"] if expected.rows else []
    lines = cells(program, known)
    there = titles(program, known)
    missing = []
    for row in expected.rows:
        pattern = expected.pattern(row, there)
        found = next((line for line in lines if pattern.fullmatch(line)), None)
        if found is None:
            missing.append(pattern.pattern)
        else:
            lines.remove(found)
    return [f"missing: {row}" for row in missing] + ([f"too much: {lines}"] if len(lines) != of_pools else [])


def agree(program: Program, ask: Callable[[], Expected], *, of_pools: int = 0, patience: float = PATIENCE) -> Expected:
    """Until the screen says what the server says; both are asked again until they agree."""
    deadline = time.monotonic() + patience
    while True:
        expected = ask()
        program.read_for(_PAUSE)
        wrong = shows(program, expected, of_pools=of_pools)
        if not wrong:
            return expected
        if time.monotonic() > deadline:
            raise AssertionError("\n".join([*wrong, "the screen:", *program.lines]))


def _is_head(line: str, known: Sequence[str]) -> bool:
    """Whether it is the line of titles: no other has that many of them."""
    return sum(title in line.split() for title in known) > 3
