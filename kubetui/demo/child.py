"""The demo in a child process, for the program that opens it: start, wait until it answers, stop."""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import msgspec

from kubetui.demo.command_line import ServeOptions
from kubetui.demo.ready import Ready

_READY_SECONDS = 30.0
_STOP_SECONDS = 5.0
_KEPT_LINES = 50
"""Of the child's standard error, for the message when it fails."""


class DemoFailed(Exception):
    """The demo did not come up, or ended; the message carries what it said last."""


class DemoChild:
    """One demo process: ``async with DemoChild(options) as ready``."""

    def __init__(
        self, options: ServeOptions, *, ready_seconds: float = _READY_SECONDS, module: str = "kubetui.demo"
    ) -> None:
        """``module`` is run with ``python -m``, in the folder that this program runs in."""
        self._options = options
        self._module = module
        self._ready_seconds = ready_seconds
        self._process: asyncio.subprocess.Process | None = None
        self._drains: list[asyncio.Task[None]] = []
        self._said: deque[str] = deque(maxlen=_KEPT_LINES)

    async def __aenter__(self) -> Ready:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> Ready:
        """Start the process and wait until it serves; raises ``DemoFailed``."""
        arguments = ("-m", self._module, *replace(self._options, until_stdin_closes=True).arguments())
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
        )
        assert self._process.stdout is not None  # both are pipes
        assert self._process.stderr is not None
        self._drains.append(asyncio.create_task(self._drain(self._process.stderr)))
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), self._ready_seconds)
        except TimeoutError:
            await self._end(patience=0.0)  # it has nothing to clean up yet, and may be too busy to be asked
            raise DemoFailed(self._failure(f"was not ready after {self._ready_seconds:g} s")) from None
        except BaseException:
            await self.stop()
            raise
        try:
            ready = msgspec.json.decode(line, type=Ready)
        except msgspec.MsgspecError:
            await self.stop()
            raise DemoFailed(self._failure("ended before it was ready")) from None
        self._drains.append(asyncio.create_task(self._drain(self._process.stdout)))
        return ready

    async def stop(self) -> None:
        """End the process: by closing its input, then by SIGTERM, then by SIGKILL. May be called twice."""
        await self._end(patience=_STOP_SECONDS)

    async def _end(self, patience: float) -> None:
        process = self._process
        if process is None:
            return
        self._process = None
        if process.stdin is not None:
            process.stdin.close()
        for end in (process.terminate, process.kill):
            try:
                await asyncio.wait_for(process.wait(), patience)
            except TimeoutError:
                with suppress(ProcessLookupError):
                    end()
        await process.wait()
        await asyncio.gather(*self._drains, return_exceptions=True)
        self._drains.clear()

    async def _drain(self, stream: asyncio.StreamReader) -> None:
        """Keep the pipe empty, whatever the child says."""
        with suppress(ConnectionError):
            while block := await stream.read(64 * 1024):
                self._said.extend(block.decode(errors="replace").splitlines())

    def _failure(self, what: str) -> str:
        said = "\n".join(self._said).strip() or "it said nothing"
        return f"the demo's process {what} ({sys.executable} -m {self._module}, in {Path.cwd()}):\n{said}"
