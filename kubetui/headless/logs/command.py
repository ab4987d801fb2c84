"""``kubetui logs`` into a pipe, a file, or with ``-o``: from the command line to an exit code."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import BinaryIO

from kubetui.cluster.clock import Clock
from kubetui.cluster.errors import ClusterError
from kubetui.cluster.logs.tail import LogTail
from kubetui.cluster.logs.target import BadTarget, LogTarget
from kubetui.cluster.logs.trouble import advice_for
from kubetui.cluster.session import Session
from kubetui.headless.logs.command_line import asked_of
from kubetui.headless.logs.folding import folded
from kubetui.headless.logs.notices import Notices
from kubetui.headless.logs.writer import JsonWriter, TextWriter, Writer
from kubetui.headless.place import Place
from kubetui.store.logs.sources import LogPhase
from kubetui.store.state import Phase

READ, NOT_READ, WRONG, INTERRUPTED, READER_GONE = 0, 1, 2, 130, 141
LONGEST_LINE = 16 * 2**20
"""Bytes of a line that are written; there is no screen to spare."""
LOOK = 0.25
"""Seconds between looks at what goes on beside the lines."""
LIST_WAIT = 30.0
"""Seconds that a list of pods may fail before reading once gives up."""


def run(
    given: argparse.Namespace,
    connect: Callable[[], Awaitable[Place]],
    close: Callable[[], Awaitable[None]],
    environ: Mapping[str, str],
) -> int:
    """Write logs until they end, ^c, or the reader goes away; the exit code."""
    try:
        return asyncio.run(_run(given, connect, close, environ))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # What Python would still flush at its end must not fail again.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE


async def _run(
    given: argparse.Namespace,
    connect: Callable[[], Awaitable[Place]],
    close: Callable[[], Awaitable[None]],
    environ: Mapping[str, str],
) -> int:
    session: Session | None = None
    try:
        place = await connect()
        session = place.session
        asked = asked_of(given)
        options = replace(asked.options, longest_line=LONGEST_LINE, old_lines=0)
        target = asked.target(place.namespace)
        writer = _writer(given, target, sys.stdout.buffer, environ)
        tail = LogTail(session, target, options, writer)
        writer.sources = tail.sources
        return await _follow(tail, session.clock)
    except (BadTarget, ClusterError) as error:
        _say(str(error))
        return WRONG if isinstance(error, BadTarget) else NOT_READ
    finally:
        if session is not None:
            await session.close()
        await close()


async def _follow(tail: LogTail, clock: Clock) -> int:
    """Run the tail and tell on standard error what goes on beside it."""
    notices = Notices(tail, _say)
    running = asyncio.create_task(tail.run())
    trouble = 0.0
    try:
        while not running.done():
            await _wait(running, clock)
            notices.look()
            trouble = trouble + LOOK if tail.state.phase is Phase.FAILED else 0.0
            hopeless = tail.state.phase in (Phase.FORBIDDEN, Phase.NOT_INSTALLED) or trouble >= LIST_WAIT
            if hopeless and not tail.options.follow:
                return NOT_READ
    finally:
        running.cancel()
        await asyncio.wait([running])
        notices.finish()
    running.result()
    return _verdict(tail)


async def _wait(running: asyncio.Task[None], clock: Clock) -> None:
    """Until the tail ends, a moment at most."""
    pause = asyncio.ensure_future(clock.sleep(LOOK))
    try:
        await asyncio.wait([running, pause], return_when=asyncio.FIRST_COMPLETED)
    finally:
        pause.cancel()


def _verdict(tail: LogTail) -> int:
    """After everything was read once."""
    if not tail.pods:
        which = f" with a container that matches {tail.options.containers!r}" if tail.options.containers else ""
        _say(f"no pod matches {tail.target.words} in {tail.target.place}{which}")
        return NOT_READ
    for line in folded((key, _words(error)) for key, error in tail.failures):
        _say(line)
    waiting = tail.sources.count(LogPhase.WAITING)
    return NOT_READ if tail.failures or waiting else READ


def _words(error: ClusterError) -> str:
    advice = advice_for(error)
    return f"{error.tried}: {error.answer}" + (f" – {advice}" if advice else "")


def _writer(given: argparse.Namespace, target: LogTarget, out: BinaryIO, environ: Mapping[str, str]) -> Writer:
    if given.output == "json":
        return JsonWriter(out)
    several = target.namespaces is None or len(target.namespaces) > 1
    return TextWriter(
        out,
        _say,
        prefix=given.prefix,
        namespaces=several,
        timestamps=given.timestamps,
        terminal=out.isatty(),
        colours=not environ.get("NO_COLOR") and environ.get("TERM") != "dumb",
    )


def _say(text: str) -> None:
    from kubetui.headless.logs.terminal_text import terminal_text

    line = terminal_text(text.encode("utf-8", "replace"), colours=False) if sys.stderr.isatty() else text
    with suppress(BrokenPipeError):
        sys.stderr.write(f"kubetui: {line}\n")
        sys.stderr.flush()
