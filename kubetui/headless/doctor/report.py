"""The doctor's lines as text or JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable

from kubetui.cluster.status_errors import printable
from kubetui.headless.doctor.line import Line, Verdict, exit_code

_WORDS = {Verdict.FINE: "ok", Verdict.FINDING: "!!", Verdict.UNKNOWN: "??"}
_SUBJECT = 22
_LEAST_WIDTH = 60


def text(line: Line, width: int = 0) -> str:
    """What was found, and under it what to do; folded at blanks to ``width`` cells, 0: not folded."""
    begin, under = f"{_WORDS[line.verdict]}  {line.subject:<{_SUBJECT}}", " " * (_SUBJECT + 4)
    parts = _folded(printable(line.found), begin, under, width)
    if line.advice:
        parts += _folded(printable(line.advice), f"{under}→ ", f"{under}  ", width)
    return "\n".join(parts)


def _folded(words: str, begin: str, under: str, width: int) -> list[str]:
    if width < _LEAST_WIDTH:
        return [begin + words]
    return textwrap.wrap(words, width, initial_indent=begin, subsequent_indent=under, break_on_hyphens=False) or [begin]


def summary(lines: Iterable[Line]) -> str:
    """The last line of the text."""
    counted = [line.verdict for line in lines]
    found, open_ = counted.count(Verdict.FINDING), counted.count(Verdict.UNKNOWN)
    if not found and not open_:
        return "all fine"
    parts = [f"{found} to look at" if found else "", f"{open_} could not be told" if open_ else ""]
    return ", ".join(part for part in parts if part)


def as_json(context: str, lines: list[Line]) -> str:
    """One document; the exit code in it is the program's."""
    items = [
        {"subject": one.subject, "verdict": one.verdict.value, "found": one.found, "advice": one.advice}
        for one in lines
    ]
    return json.dumps({"context": context, "exitCode": exit_code(lines), "lines": items}, indent=2, ensure_ascii=False)
