"""Run a program to its end: bounded output, bounded time, no children left behind; with or without the terminal."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import signal
import termios
from asyncio.subprocess import Process
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_OUTPUT = 1024 * 1024
_MOST_ERRORS = 16 * 1024
_REAPED_S = 2.0
_TERMINAL = 0
"""Standard input."""


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
    until: Coroutine[Any, Any, None],
    said: Callable[[str], None] = lambda _: None,
    folder: str | None = None,
) -> Outcome:
    """Run ``command`` (an absolute path and arguments), at most ``until`` that is over.

    ``said`` is given standard error as it comes; ``folder`` is where it runs, ours unless given. Raises OSError if it
    can't be started. Cancelled, it leaves nothing running.
    """
    return await _run(
        command,
        environ,
        until,
        said,
        stdin=asyncio.subprocess.DEVNULL,  # the terminal's keys belong to the dashboard
        stderr=asyncio.subprocess.PIPE,
        # A session of its own: it can't open /dev/tty to prompt there, and is stopped with all its children.
        start_new_session=True,
        cwd=folder,
    )


async def run_on_terminal(
    command: Sequence[str],
    environ: Mapping[str, str],
    until: Coroutine[Any, Any, None],
    interrupted: Callable[[], None],
) -> Outcome:
    """Run ``command`` with our standard input and error, which must be a terminal that nobody else uses now.

    Its standard output is kept; what it wrote to the terminal is not. Raises OSError if it can't be started.
    """
    with _terminal_modes(interrupted):
        return await _run(command, environ, until, lambda _: None, stdin=None, stderr=None, process_group=0)


async def _run(
    command: Sequence[str],
    environ: Mapping[str, str],
    until: Coroutine[Any, Any, None],
    said: Callable[[str], None],
    **how: Any,
) -> Outcome:
    """``how``: the streams, and a session or a process group of its own, so that all its children end with it."""
    try:
        process = await _started(command, environ, how)
    except BaseException:
        until.close()
        raise
    assert process.stdout is not None
    output = bytearray()
    errors = _Tail(said)
    readers = [_collect(process.stdout, output)]
    if process.stderr is not None:
        readers.append(_watch(process.stderr, errors))
    finished = asyncio.ensure_future(_finished(process, *readers))
    ends: list[asyncio.Future[Any]] = [finished, asyncio.ensure_future(until)]
    try:
        with _foreground(process.pid) if "process_group" in how else contextlib.nullcontext():
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        code = finished.result() if finished.done() else None
    finally:
        if not finished.done():
            _kill_group(process.pid)
        tasks = [*ends, *readers]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await _reap(process)
    return Outcome(code, bytes(output), errors.text())


async def _started(command: Sequence[str], environ: Mapping[str, str], how: Mapping[str, Any]) -> Process:
    """The process. Cancelled meanwhile, it is ended with its children, which asyncio by itself would not see to."""
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(*command, env=dict(environ), stdout=asyncio.subprocess.PIPE, **how)
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await asyncio.wait([starting])  # some milliseconds
        if starting.exception() is None:
            _kill_group(starting.result().pid)
            await _reap(starting.result())
        raise


async def _finished(process: Process, *readers: asyncio.Future[None]) -> int:
    await asyncio.gather(*readers)
    return await process.wait()


def _collect(stream: asyncio.StreamReader, into: bytearray) -> asyncio.Future[None]:
    async def read() -> None:
        while chunk := await stream.read(65536):
            into.extend(chunk[: MOST_OUTPUT + 1 - len(into)])

    return asyncio.ensure_future(read())


def _watch(stream: asyncio.StreamReader, into: _Tail) -> asyncio.Future[None]:
    async def read() -> None:
        while chunk := await stream.read(65536):
            into.add(chunk)

    return asyncio.ensure_future(read())


class _Tail:
    """The last bytes of what was added; all of it is told as text."""

    def __init__(self, said: Callable[[str], None]) -> None:
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self._said = said
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def add(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self._size += len(chunk)
        while self._size - len(self._chunks[0]) >= _MOST_ERRORS:
            self._size -= len(self._chunks.popleft())
        self._said(self._decoder.decode(chunk))

    def text(self) -> str:
        return b"".join(self._chunks)[-_MOST_ERRORS:].decode("utf-8", "replace")


@contextlib.contextmanager
def _terminal_modes(interrupted: Callable[[], None]) -> Iterator[None]:
    """Around a program on the terminal, from before it starts: ``^z`` stops nobody, ``^c`` does not end us.

    ``interrupted`` is called for a ``^c`` that comes before the program has the terminal.
    """
    if not os.isatty(_TERMINAL):
        yield
        return
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGINT)
    loop.add_signal_handler(signal.SIGINT, interrupted)
    ignored = signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # else taking the terminal back would stop us
    modes = termios.tcgetattr(_TERMINAL)
    try:
        # A program that is stopped could not be told from one that waits.
        unstoppable = [*modes[:6], [*modes[6]]]
        unstoppable[6][termios.VSUSP] = b"\0"
        termios.tcsetattr(_TERMINAL, termios.TCSANOW, unstoppable)
        yield
    finally:
        termios.tcsetattr(_TERMINAL, termios.TCSANOW, modes)
        signal.signal(signal.SIGTTOU, ignored)
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _foreground(group: int) -> Iterator[None]:
    """The terminal is the group's, as a shell does it for a job: ``^c`` reaches it alone."""
    if not os.isatty(_TERMINAL):
        yield
        return
    try:
        with contextlib.suppress(OSError):  # it has ended already, or the terminal is not our controlling one
            os.tcsetpgrp(_TERMINAL, group)
            os.killpg(group, signal.SIGCONT)  # it may have read before the terminal was its own
        yield
    finally:
        with contextlib.suppress(OSError):
            os.tcsetpgrp(_TERMINAL, os.getpgrp())


def _kill_group(leader: int) -> None:
    # The group outlives its leader: a plugin may have ended and left a child that holds the pipes.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


async def _reap(process: Process) -> None:
    # Bounded: a grandchild that left the group may hold the pipes, for which asyncio waits too.
    with contextlib.suppress(ProcessLookupError, TimeoutError):
        async with asyncio.timeout(_REAPED_S):
            await process.wait()
    # The pipes' ends are told a turn or two after the exit; before that the transport counts as open.
    for _ in range(3):
        await asyncio.sleep(0)
