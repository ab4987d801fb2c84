"""What the doctor says: lines with a verdict, and the exit code they add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """What a line means."""

    FINE = "fine"
    FINDING = "finding"
    UNKNOWN = "unknown"
    """It could not be told."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at: what was found, and what to do about it."""

    subject: str
    verdict: Verdict
    found: str
    advice: str = ""


def fine(subject: str, found: str, advice: str = "") -> Line:
    """Nothing to do; ``advice`` may still be good to know."""
    return Line(subject, Verdict.FINE, found, advice)


def finding(subject: str, found: str, advice: str) -> Line:
    """Something to do."""
    return Line(subject, Verdict.FINDING, found, advice)


def unknown(subject: str, found: str, advice: str = "") -> Line:
    """It could not be told, and why."""
    return Line(subject, Verdict.UNKNOWN, found, advice)


def exit_code(lines: Iterable[Line]) -> int:
    """0 all fine, 1 something was found, 2 nothing was found but something could not be told."""
    verdicts = {line.verdict for line in lines}
    if Verdict.FINDING in verdicts:
        return 1
    return 2 if Verdict.UNKNOWN in verdicts else 0
