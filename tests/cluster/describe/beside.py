"""kubectl's text beside ours: which of its fields and values ours does not have.

Both are read as lines of cells: a cell ends at two blanks, the first also at ``: ``. kubetui's own notes, which begin
with a mark, do not count, and ages are alike whatever they say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_NOTE = re.compile(r"  [–▲✖◐] .*$")
_AGE = re.compile(r"\b(?:\d+[smhdy])+\b")
_LABEL = re.compile(r"([^\s:][^:]*:) (\S.*)")
_RULE = re.compile(r"[-=\s]+")


class Deviation(NamedTuple):
    """A line of kubectl that ours does not have, and why."""

    line: str
    """A regular expression that the whole line matches, blanks folded."""
    reason: str


def cells(line: str) -> tuple[str, ...]:
    """One line's cells."""
    text = _AGE.sub("AGE", _NOTE.sub("", line).strip())
    first, *rest = re.split(r"\s{2,}|\t", text)
    label = _LABEL.fullmatch(first)
    return (*(label.groups() if label else (first,)), *rest)


def missing(theirs: str, ours: str, deviations: Sequence[Deviation], *, ordered: bool = True) -> list[str]:
    """Lines of kubectl whose cells no line of ours has; ``ordered``: looked for in kubectl's order."""
    told = [frozenset(cells(line)) for line in _lines(ours)]
    at, found = 0, []
    for line in _lines(theirs):
        if any(re.fullmatch(one.line, " ".join(line.split())) for one in deviations):
            continue
        wanted = frozenset(cells(line))
        here = next((index for index in range(at, len(told)) if wanted <= told[index]), None)
        if here is None:
            found.append(line)
        elif ordered:
            at = here + 1
    return found


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not _RULE.fullmatch(line)]
