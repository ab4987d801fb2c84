"""Run a program to its end: nothing to read, bounded output, bounded time, no children left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kubetui.cluster.clock import Clock

MOST_OUTPUT = 1024 * 1024
_MOST_ERRORS = 16 * 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program left."""

    code: int | None
    """Exit code, negative for a signal; None if it was stopped by us."""
    output: bytes
    """Standard output, at most 1 MiB and a byte, which shows that there was more."""
    errors: str
    """The end of standard error."""


async def run(
    command: Sequence[str],
    environ: Mapping[str, str],
    limit: float,
    clock: Clock,
    give_up: Callable[[str], bool] = lambda _: False,
) -> Outcome:
    """Run ``command`` (an absolute path and arguments) for at most ``limit`` seconds.

    ``give_up`` sees standard error as it grows and may end the run early. Raises OSError if it can't be started.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        env=dict(environ),
        stdin=asyncio.subprocess.DEVNULL,  # the terminal's keys belong to the dashboard
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        # A session of its own: it can't open /dev/tty to prompt there, and is stopped with all its children.
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    output = bytearray()
    errors = _Tail()
    gave_up = asyncio.Event()
    finished = asyncio.ensure_future(
        _finished(process, _collect(process.stdout, output), _watch(process.stderr, errors, give_up, gave_up))
    )
    ends = [
        finished,
        asyncio.ensure_future(clock.sleep(limit)),
        asyncio.ensure_future(gave_up.wait()),
    ]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        code = finished.result() if finished.done() else None
    finally:
        if not finished.done():
            _kill_group(process.pid)
        for task in ends:
            task.cancel()
        await asyncio.gather(*ends, return_exceptions=True)
        await _reap(process)
    return Outcome(code, bytes(output), errors.text())


async def _finished(process: asyncio.subprocess.Process, *readers: asyncio.Future[None]) -> int:
    await asyncio.gather(*readers)
    return await process.wait()


def _collect(stream: asyncio.StreamReader, into: bytearray) -> asyncio.Future[None]:
    async def read() -> None:
        while chunk := await stream.read(65536):
            into.extend(chunk[: MOST_OUTPUT + 1 - len(into)])

    return asyncio.ensure_future(read())


def _watch(
    stream: asyncio.StreamReader, into: _Tail, give_up: Callable[[str], bool], gave_up: asyncio.Event
) -> asyncio.Future[None]:
    async def read() -> None:
        while chunk := await stream.read(65536):
            into.add(chunk)
            if give_up(into.text()):
                gave_up.set()

    return asyncio.ensure_future(read())


class _Tail:
    """The last bytes of what was added."""

    def __init__(self) -> None:
        self._chunks: deque[bytes] = deque()
        self._size = 0

    def add(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self._size += len(chunk)
        while self._size - len(self._chunks[0]) >= _MOST_ERRORS:
            self._size -= len(self._chunks.popleft())

    def text(self) -> str:
        return b"".join(self._chunks)[-_MOST_ERRORS:].decode("utf-8", "replace")


def _kill_group(leader: int) -> None:
    # The group outlives its leader: a plugin may have ended and left a child that holds the pipes.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


async def _reap(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        await process.wait()
    # The pipes' ends are told a turn or two after the exit; before that the transport counts as open.
    for _ in range(3):
        await asyncio.sleep(0)
