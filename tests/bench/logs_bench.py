"""Logs against their budgets, without a server: how fast lines get in, what they take, how fast they are found.

``python -m tests.bench.logs_bench [--lines 1000000]``. Bounds: 100,000 lines/s from 20 pods with room to spare for the
screen; 1,000,000 lines of 120 bytes in 300 MiB (aim 180); a substring or a plain expression over them in 0.5 s, any
expression in 4 s.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from kubetui.cluster.logs.reading import Reading
from kubetui.cluster.logs.resuming import Delivered
from kubetui.store.logs.buffer import LogBuffer
from kubetui.store.logs.entry import NANO
from kubetui.store.logs.level import Level
from kubetui.store.logs.matcher import Matcher
from kubetui.store.logs.merge import Merge
from kubetui.store.logs.view import LogFilter, LogView
from tests.unit.cluster.logs.kubelet_model import stamp

SOURCES = 20
CHUNK = 64 * 1024
START = 1_800_000_000 * NANO
FILTERS = {
    "substring, rare": LogFilter(text=Matcher("line 77777 ")),
    "substring, every line": LogFilter(text=Matcher("NOERROR")),
    "substring, one in ten": LogFilter(text=Matcher('7 "A')),
    "plain expression": LogFilter(text=Matcher("/SERVFAIL|line 99999 /")),
    "expression with classes": LogFilter(text=Matcher("/line \\d+7 .*NOERR/")),
    "levels": LogFilter(levels=frozenset({Level.ERROR})),
}


def chunks(source: int, lines: int) -> list[bytes]:
    """What one pod's stream brings: ``lines`` lines of 120 bytes, a hundred a second of log time."""
    body = bytearray()
    for number in range(lines):
        text = f'[INFO] 10.244.3.{source}:5556 - line {number} "A IN ledger.team-04.svc.cluster.local. udp 54" NOERROR'
        body += stamp(START + number * NANO // 100 + source * 1_000_000) + b" " + text.ljust(120).encode() + b"\n"
    return [bytes(body[at : at + CHUNK]) for at in range(0, len(body), CHUNK)]


def resident() -> float:
    """MiB."""
    text = Path("/proc/self/status").read_text()
    return int(text.partition("VmRSS:")[2].split()[0]) / 1024


def fill(lines: int) -> tuple[LogBuffer, float]:
    """All lines through reading, merge and buffer, as streams bring them; the seconds of CPU that took."""
    merge, buffer = Merge(), LogBuffer(most_lines=max(lines + SOURCES, 1_000_000))
    now = [0.0]

    def putter(source: int) -> Reading:
        def emit(times: object, texts: object) -> None:
            merge.put(source, times, texts, now[0], 1_800_000_000 + now[0])  # type: ignore[arg-type]  # as Reading gives

        return Reading(Delivered(), emit, lambda time, text: None, lambda: 0, resume=False, longest=262_144)

    streams = [(putter(source), chunks(source, lines // SOURCES)) for source in range(1, SOURCES + 1)]
    began = time.process_time()
    for turn in range(max(len(parts) for _, parts in streams)):
        for reading, parts in streams:
            if turn < len(parts):
                reading.feed(parts[turn])
        now[0] += 0.5
        if (entries := merge.take(now[0])) is not None:
            buffer.extend(entries)
    if (entries := merge.take(now[0], all_of_it=True)) is not None:
        buffer.extend(entries)
    return buffer, time.process_time() - began


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--lines", type=int, default=1_000_000)
    lines = arguments.parse_args().lines
    before = resident()
    fill(SOURCES * 100)
    buffer, seconds = fill(lines)
    print(f"in: {lines / seconds:,.0f} lines/s of one core, {seconds / lines * 1e6:.2f} µs a line")
    print(
        f"held: {buffer.size / 2**20:.0f} MiB counted for {len(buffer):,} lines, {resident() - before:.0f} MiB resident"
    )
    for name, wanted in FILTERS.items():
        view = LogView(buffer, wanted)
        longest = 0.0

        def step(view: LogView = view) -> None:
            nonlocal longest
            more = True
            while more:
                began = time.perf_counter()
                more = view.step()
                longest = max(longest, time.perf_counter() - began)

        took = timed(step)
        print(f"filter, {name}: {took:.2f} s, {view.matched:,} found, longest slice {longest * 1000:.1f} ms")


if __name__ == "__main__":
    main()
