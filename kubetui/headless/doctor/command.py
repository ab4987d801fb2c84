"""The command: connect, examine, print, and say by the exit code how it went."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Literal, Protocol

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.errors import ClusterError
from kubetui.cluster.session import Session
from kubetui.cluster.who import Account
from kubetui.headless.doctor.case import Case
from kubetui.headless.doctor.examine import examine
from kubetui.headless.doctor.line import Line, exit_code, finding, unknown
from kubetui.headless.doctor.report import as_json, summary, text
from kubetui.headless.doctor.terminal import terminal

Form = Literal["text", "json"]


class Opened(Protocol):
    """A session and how it signs in."""

    @property
    def session(self) -> Session:
        """Of one context."""

    @property
    def namespace(self) -> str:
        """The context's; ``""`` where it names none."""

    @property
    def account(self) -> Account | None:
        """How it signs in."""


async def doctor(
    connect: Callable[[], Awaitable[Opened]],
    environ: Mapping[str, str],
    namespaces: frozenset[str] | None,
    form: Form,
) -> int:
    """Print what is found; the exit code: 0 all fine, 1 something to look at, 2 something could not be told."""
    lines: list[Line] = []
    is_terminal = sys.stdout.isatty()
    context = ""
    try:
        opened = await connect()
    except ClusterError as error:
        found = [finding("context", f"{error.tried}: {error.answer}", error.advice)]
        found += [unknown(what, "not tried: there is no context") for what in ("server", "sign-in", "rights")]
        for line in found:
            _tell(line, lines, form)
    else:
        context = opened.session.context
        try:
            async with contextlib.aclosing(_examined(opened, environ, namespaces)) as examined:
                async for line in examined:
                    _tell(line, lines, form)
        finally:
            await opened.session.close()
    for line in await asyncio.to_thread(terminal, environ, is_terminal=is_terminal):
        _tell(line, lines, form)
    print(as_json(context, lines) if form == "json" else f"\n{summary(lines)}")  # noqa: T201 – the command's answer
    return exit_code(lines)


async def _examined(
    opened: Opened, environ: Mapping[str, str], namespaces: frozenset[str] | None
) -> AsyncGenerator[Line]:
    assert opened.account is not None
    wanted = namespaces or (frozenset({opened.namespace}) if opened.namespace else None)
    async for line in examine(Case(opened.session, opened.account, wanted, environ, SystemClock())):
        yield line


def _tell(line: Line, lines: list[Line], form: Form) -> None:
    lines.append(line)
    if form == "text":
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
        print(text(line, width), flush=True)  # noqa: T201 – the command's answer
