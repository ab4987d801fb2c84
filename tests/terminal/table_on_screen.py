"""The table of the pane on the screen, read as a person reads it: a line of titles, and lines of cells under it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence

from tests.terminal.program import PATIENCE, Program
from tests.terminal.server_rows import Expected

# The cursor, signs that a row can be opened, marks of meaning, the scroll bar: none is part of a cell's text.
_MARKS = str.maketrans(dict.fromkeys("▌▸▾●▲✖◐▇█", " "))
_PAUSE = 0.5  # seconds between two looks: what changed is asked of the server anew each time


def wrong(lines: Sequence[str], expected: Expected, *, of_pools: int = 0) -> list[str]:
    """Rows that a screen of these lines lacks, and lines that it should not have; empty when it is right.

    ``of_pools`` lines stand for several rows, and are not looked at.
    """
    known = [title for row in expected.rows[:1] for title in row]
    head = next((number for number, line in enumerate(lines) if _is_head(line, known)), None)
    if head is None:
        return ["no table on the screen"] if expected.rows else []
    if unexpected := expected.unexpected(lines[head]):
        return [f"nothing is known of the columns {unexpected}: add them to server_rows.py"]
    there = _titles(lines[head], known)
    cells = [" ".join(line.translate(_MARKS).split()) for line in lines[head + 1 : -1] if line.strip()]
    missing = []
    for row in expected.rows:
        pattern = expected.pattern(row, there)
        found = next((line for line in cells if pattern.fullmatch(f"{line} ")), None)
        if found is None:
            missing.append(f"missing: {pattern.pattern}")
        else:
            cells.remove(found)
    return missing + ([f"too much: {cells}"] if len(cells) != of_pools else [])


def agree(program: Program, ask: Callable[[], Expected], *, of_pools: int = 0, patience: float = PATIENCE) -> Expected:
    """Until the screen says what the server says; both are asked again until they agree."""
    deadline = time.monotonic() + patience
    while True:
        expected = ask()
        program.read_for(_PAUSE)
        differences = wrong(program.lines, expected, of_pools=of_pools)
        if not differences:
            return expected
        if time.monotonic() > deadline:
            raise AssertionError("\n".join([*differences, "the screen:", *program.lines]))


def _titles(line: str, known: Sequence[str]) -> list[str]:
    longest_first = "|".join(re.escape(title) for title in sorted(known, key=len, reverse=True))
    return re.findall(rf"(?<!\S)(?:{longest_first})(?!\S)", line)


def _is_head(line: str, known: Sequence[str]) -> bool:
    """Whether it is the line of titles: no other has that many of them."""
    return sum(title in line.split() for title in known) > 3
