"""``kubetui configz``: from the command line to an exit code."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from kubetui.cluster.errors import ClusterError
from kubetui.cluster.kubelet_config import KubeletConfigs
from kubetui.cluster.session import Session
from kubetui.headless.configz.report import Report, write
from kubetui.headless.place import Place
from kubetui.insight.kubelet.survey import Surveyor, in_order
from kubetui.kinds.node import NODE
from kubetui.kinds.node_row import NodeRow
from kubetui.store.state import Phase, SyncState

READ, DIFFERS, NOT_READ, INTERRUPTED, READER_GONE = 0, 1, 2, 130, 141
LIST_WAIT: Final = 30.0
"""Seconds that the list of nodes may take."""
_THERE: Final = frozenset({Phase.LIVE, Phase.STALE, Phase.DETAILS})


class _NotListed(Exception):
    """The nodes could not be listed; the text says why."""


def run(
    given: argparse.Namespace, connect: Callable[[], Awaitable[Place]], close: Callable[[], Awaitable[None]]
) -> int:
    """Ask, write, and tell by the exit code how it went."""
    try:
        return asyncio.run(_run(given, connect, close))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # What Python would still flush at its end must not fail again.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE


async def _run(
    given: argparse.Namespace, connect: Callable[[], Awaitable[Place]], close: Callable[[], Awaitable[None]]
) -> int:
    session: Session | None = None
    try:
        session = (await connect()).session
        return await _answer(given, session)
    except (ClusterError, _NotListed) as error:
        _say(str(error))
        return NOT_READ
    finally:
        if session is not None:
            await session.close()
        await close()


async def _answer(given: argparse.Namespace, session: Session) -> int:
    rows = await _wanted(given, session)
    if not rows:
        raise _NotListed(f"there are no nodes{' of pool ' + ', '.join(given.pool) if given.pool else ''}")
    configs = KubeletConfigs(session)
    wanted = {row.name for row in rows}
    if given.diff and given.nodes:
        # A node is compared with its pool: so the pool has to be known.
        pools = {row.pool for row in rows}
        rows = [row for row in await _listed(session, given) if row.pool in pools] or rows
    try:
        configs.fetch(in_order(rows))
        await configs.wait()
    finally:
        await configs.close()
    report = Report(session.context, rows, frozenset(wanted), configs, Surveyor().survey(rows, configs))
    write(report, given.output, diff=given.diff, single=len(given.nodes) == 1, out=sys.stdout)
    for line in report.failures():
        _say(line)
    if configs.stopped is not None or any(name in configs.failures for name in wanted):
        return NOT_READ
    return DIFFERS if given.diff and report.differing() else READ


async def _wanted(given: argparse.Namespace, session: Session) -> list[NodeRow]:
    try:
        listed = await _listed(session, given)
    except _NotListed as error:
        if not given.nodes:
            raise
        _say(f"{error}; compared with nothing")
        return [NodeRow(name, 0) for name in given.nodes]
    rows = [row for row in listed if row.name in given.nodes or row.pool in given.pool]
    if not given.nodes and not given.pool:
        return listed
    missing = [name for name in given.nodes if name not in {row.name for row in listed}]
    if missing:
        raise _NotListed(f"there is no node {', '.join(missing)}")
    return rows


async def _listed(session: Session, given: argparse.Namespace) -> list[NodeRow]:
    """All nodes. Raises _NotListed."""
    lease = session.open(NODE)
    changed = asyncio.Event()
    unwatch = lease.store.on_change(changed.set)
    deadline = session.clock.monotonic() + LIST_WAIT
    try:
        while lease.store.state.phase not in _THERE:
            state = lease.store.state
            if state.phase in (Phase.FORBIDDEN, Phase.NOT_INSTALLED) or session.clock.monotonic() > deadline:
                raise _NotListed(_why(state))
            changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await changed.wait()
        return sorted(lease.store, key=lambda row: row.name)
    finally:
        unwatch()
        lease.close()


def _why(state: SyncState) -> str:
    words = state.reason or f"the list of nodes did not come within {LIST_WAIT:.0f} s"
    return f"{words} – {state.advice}" if state.advice else words


def _say(text: str) -> None:
    from kubetui.headless.logs.terminal_text import terminal_text

    line = terminal_text(text.encode("utf-8", "replace"), colours=False) if sys.stderr.isatty() else text
    with suppress(BrokenPipeError):
        sys.stderr.write(f"kubetui: {line}\n")
        sys.stderr.flush()
