"""The node's file of a run: what rotation left in it, its last records, and how the kubelet prints them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from kubetui.demo.logs.line import OVERHEAD, SECOND, Line, records, timestamp
from kubetui.demo.logs.run import Run
from kubetui.demo.logs.script import Script
from kubetui.demo.logs.voice import Speaker, Voice

MAX_BYTES = 50_000_000
"""``containerLogMaxSize: 50M`` of AKS."""
MONITOR = 10 * SECOND
"""``containerLogMonitorInterval``: how often the kubelet looks at sizes."""
_SAMPLE = 120
_BATCHES_AT_ONCE = 20
"""Some hundred lines: a millisecond or two."""
CHUNK_BYTES = 64 * 1024
"""About as much as is sent in one piece."""


class Files:
    """Which part of a run's lines is still in its newest file: the only one that the kubelet reads."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._rates: dict[int, float] = {}

    def begin(self, run: Run, now: int) -> int:
        """The moment of the newest file's first line."""
        if run.end is not None:
            now = min(now, run.end)
        begin = run.begin
        voice = self._script.voice(run)
        speed = self._speed(voice, self._script.speaker(run))
        if speed:
            begin = max(begin, _latest(run.begin - run.pod.uid % (3600 * SECOND), speed, now))
        tape = self._script.tape(run)
        if tape is None:
            return begin
        for flood in tape.floods:
            until = now if flood.end is None else min(now, flood.end)
            rotated = _latest(flood.begin, flood.bytes_a_second, until)
            if rotated > flood.begin:
                begin = max(begin, rotated)
        return max([begin, *(rotation for rotation in tape.rotations if rotation <= now)])

    def _speed(self, voice: Voice, speaker: Speaker) -> float:
        """Bytes a second that a program writes into its file, by and large."""
        known = self._rates.get(id(voice))
        if known is None:
            known = self._rates[id(voice)] = _measured(voice, speaker)
        return known


def _measured(voice: Voice, speaker: Speaker) -> float:
    if voice.rate <= 0:
        return 0.0
    rng = Random(1)  # noqa: S311 - a sample of what the program writes
    size = 0
    for number in range(_SAMPLE):
        said = voice.say(rng, speaker, 1_795_262_640.0 + number)
        for text in said if isinstance(said, tuple) else (said,):
            size += len(text) + OVERHEAD
    return voice.rate * size / _SAMPLE


def _latest(begin: int, speed: float, now: int) -> int:
    """The last rotation of a file that grows so fast, ``begin`` if there was none."""
    period = max(MONITOR, -(-int(MAX_BYTES / speed * SECOND) // MONITOR) * MONITOR)
    return begin + max(0, now - begin) // period * period


class Start(NamedTuple):
    """Where the kubelet begins to read."""

    lines: Sequence[Line]
    """The first of them."""
    skip: int
    """Records of the very first line that are not read: the tail began within it."""
    position: int
    """Everything from here on follows."""


async def tail(script: Script, run: Run, begin: int, now: int, count: int) -> Start:
    """The last ``count`` records before ``now``; gives way to others while it looks for them."""
    if count <= 0:
        return Start((), 0, now)
    last = until = now if run.end is None else min(now, run.end + 1)
    batches: list[list[Line]] = []
    have = 0
    while until > begin and have < count:
        first = max(begin, script.before(run, until))
        batch = [line for lines in script.batches(run, first, until) for line in lines]
        batches.append(batch)
        have += sum(line.records for line in batch)
        until = first
        if len(batches) % _BATCHES_AT_ONCE == 0:
            await asyncio.sleep(0)
    found = [line for batch in reversed(batches) for line in batch]
    skip, first_line = have - count, 0
    while first_line < len(found) and skip >= found[first_line].records:
        skip -= found[first_line].records
        first_line += 1
    return Start(found[first_line:], max(0, skip), last)


@dataclass(slots=True)
class Printer:
    """Prints lines as the kubelet does: with timestamps or not, none older than ``since``, up to so many bytes."""

    since: int
    timestamps: bool
    left: int | None = None
    """Bytes that may still be printed; None: any number."""

    @property
    def full(self) -> bool:
        """The limit is reached."""
        return self.left is not None and self.left <= 0

    def print(self, lines: Iterable[Line], skip: int = 0) -> Iterator[bytes]:
        """In pieces; ``skip`` records of the first line are left out."""
        held: list[bytes] = []
        size = 0
        for line in lines:
            printed = self._line(line, skip)
            skip = 0
            held.append(printed)
            size += len(printed)
            if size >= CHUNK_BYTES:
                yield self._limited(b"".join(held))
                held, size = [], 0
            if self.full:
                return
        if held:
            yield self._limited(b"".join(held))

    def _line(self, line: Line, skip: int) -> bytes:
        if line.records == 1:
            if line.stamp < self.since:
                return b""
            return b"%b %b\n" % (timestamp(line.stamp), line.text) if self.timestamps else line.text + b"\n"
        parts: list[bytes] = []
        for number, record in enumerate(records(line, skip)):
            if record.stamp < self.since:
                continue
            if self.timestamps and number == 0:
                parts += (timestamp(record.stamp), b" ")
            parts.append(record.text)
            if record.last:
                parts.append(b"\n")
        return b"".join(parts)

    def _limited(self, printed: bytes) -> bytes:
        if self.left is None:
            return printed
        printed = printed[: max(0, self.left)]
        self.left -= len(printed)
        return printed
