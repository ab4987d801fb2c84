"""What the control calls put into one container's log: exact lines, floods with numbers, silence, skew, rotation."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kubetui.demo.logs.line import OVERHEAD, SECOND, Line

MOST_BYTES = 64 * 1024 * 1024
"""Of written lines in one container."""


class TapeFull(ValueError):
    """Too many lines were written by control."""


@dataclass(eq=False)
class Flood:
    """Lines at a steady pace, numbered from ``first``; they are computed, never stored."""

    begin: int
    """Nanoseconds."""
    rate: float
    """Lines a second."""
    size: int
    """Bytes of each line, at least."""
    end: int | None = None
    first: int = 1

    def count(self, moment: int) -> int:
        """How many lines were written before a moment."""
        until = moment if self.end is None else min(moment, self.end)
        return max(0, -(-(until - self.begin) * self._scaled // (SECOND * 1000)))

    @property
    def _scaled(self) -> int:
        return max(1, round(self.rate * 1000))

    def lines(self, first: int, until: int) -> Sequence[Line]:
        """Those of ``first <= at < until``."""
        begin, scaled, pad = self.begin, self._scaled, b"." * self.size
        size = self.size
        made = []
        for place in range(self.count(max(first, begin)), self.count(until)):
            at = begin + place * SECOND * 1000 // scaled
            text = b"flood seq=%010d " % (self.first + place)
            made.append(Line(at, at, text + pad[len(text) :] if size > len(text) else text))
        return made

    @property
    def bytes_a_second(self) -> float:
        """Written into the node's file."""
        return self.rate * (max(self.size, 21) + OVERHEAD)


class Skew(NamedTuple):
    """The node's clock, as this container's timestamps show it, from ``begin`` on."""

    begin: int
    offset: int
    """Nanoseconds: positive is ahead of the true time."""


class Silence(NamedTuple):
    """From ``begin`` on the program writes nothing by itself, or (``over``) it does again."""

    begin: int
    over: bool


@dataclass(eq=False)
class Tape:
    """One container's."""

    lines: list[Line] = field(default_factory=list)
    floods: list[Flood] = field(default_factory=list)
    skews: list[Skew] = field(default_factory=list)
    silences: list[Silence] = field(default_factory=list)
    rotations: list[int] = field(default_factory=list)
    size: int = 0
    """Bytes of the lines."""

    def write(self, now: int, texts: Sequence[bytes], *, same_instant: bool = False) -> None:
        """Write lines, now; raises ``TapeFull``."""
        size = sum(map(len, texts))
        if self.size + size > MOST_BYTES:
            raise TapeFull(f"no more than {MOST_BYTES} bytes can be written into one container's log")
        at = max(now, self.lines[-1].at + 1 if self.lines else 0)
        for text in texts:
            self.lines.append(Line(at, at, text))
            at += 0 if same_instant else 1
        self.size += size

    def flood(self, now: int, rate: float, size: int) -> None:
        """Begin a flood after the one that runs; its numbers go on. ``rate`` 0: no flood."""
        first = 1
        if self.floods:
            last = self.floods[-1]
            if last.end is None:
                last.end = now
            first = last.first + last.count(now)
        if rate > 0:
            self.floods.append(Flood(now, rate, size, first=first))

    def skew(self, now: int, offset: int) -> None:
        """Timestamps from now on are so far ahead, or behind."""
        self.skews.append(Skew(now, offset))

    def mute(self, now: int, on: bool) -> None:
        """Let the program be silent, or write again."""
        self.silences.append(Silence(now, not on))

    def offset(self, at: int) -> int:
        """The clock's error at a time."""
        return next((skew.offset for skew in reversed(self.skews) if skew.begin <= at), 0)

    def silent(self, at: int) -> bool:
        """Whether the program writes nothing by itself then."""
        return next((not silence.over for silence in reversed(self.silences) if silence.begin <= at), False)

    def written(self, first: int, until: int) -> list[Line]:
        """What control put there in ``first <= at < until``, in order."""
        begin = bisect_left(self.lines, first, key=lambda line: line.at)
        end = bisect_left(self.lines, until, key=lambda line: line.at)
        found = self.lines[begin:end]
        for flood in self.floods:
            if flood.begin < until and (flood.end is None or flood.end > first):
                found.extend(flood.lines(first, until))
        return found

    def fastest(self, first: int, until: int) -> float:
        """Lines a second of the floods that touch a time."""
        return sum(
            flood.rate for flood in self.floods if flood.begin < until and (flood.end is None or flood.end > first)
        )
