"""``kubetui top``: read once, write, and say by the exit code whether all was there."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from kubetui.cluster.errors import ClusterError
from kubetui.cluster.session import EVERYWHERE, Lease, Scope, Session
from kubetui.headless.place import Place
from kubetui.headless.top.said import beside
from kubetui.headless.top.written import objects, ordered, text
from kubetui.insight.usage import UsageRow
from kubetui.insight.usage_book import Level, UsageBook
from kubetui.kinds.kind import Kind
from kubetui.kinds.node import NODE
from kubetui.kinds.node_metrics import NODE_METRICS
from kubetui.kinds.pod import POD
from kubetui.kinds.pod_metrics import POD_METRICS
from kubetui.store.state import Phase, SyncState

TOLD, NOT_READ, READER_GONE = 0, 1, 141
PATIENCE: Final = 60.0
"""Seconds until what has not come by then is given up."""
LOOK: Final = 0.05
LEVELS: Final[Mapping[str, Level]] = {
    "nodes": Level.NODES, "pods": Level.PODS, "containers": Level.CONTAINERS, "pools": Level.POOLS,
    "namespaces": Level.NAMESPACES, "workloads": Level.WORKLOADS,
}  # fmt: skip
_READ: Final = frozenset({Phase.LIVE})
_HOPELESS: Final = frozenset({Phase.FORBIDDEN, Phase.NOT_INSTALLED, Phase.FAILED})


def run(
    given: argparse.Namespace,
    connect: Callable[[], Awaitable[Place]],
    close: Callable[[], Awaitable[None]],
) -> int:
    """Write who uses what; the exit code."""
    try:
        return asyncio.run(_run(given, connect, close))
    except BrokenPipeError:
        # What Python would still flush at its end must not fail again.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE


async def _run(
    given: argparse.Namespace,
    connect: Callable[[], Awaitable[Place]],
    close: Callable[[], Awaitable[None]],
) -> int:
    session: Session | None = None
    try:
        place = await connect()
        session = place.session
        level = LEVELS[given.level]
        scope = _scope(level, given, place.namespace)
        rows, missing = await read(session, level, scope)
        kept = ordered(rows, given.sort)
        if given.output == "json":
            sys.stdout.write(objects(kept, level))
        elif kept:  # a heading above nothing answers nobody
            sys.stdout.write(text(kept, level, session.clock.now()))
        sys.stdout.flush()
        # A namespace may have none but new pods; a cluster without any sample has a reason for it.
        whole = level.of_nodes or scope.namespaces is None
        blank = whole and all(row.usage is None for row in kept)
        for words in beside(level, scope, missing, rows=bool(kept), blank=blank):
            _say(words)
        return NOT_READ if missing or (kept and blank) else TOLD
    except ClusterError as error:
        _say(str(error))
        return NOT_READ
    finally:
        if session is not None:
            await session.close()
        await close()


def _scope(level: Level, given: argparse.Namespace, of_context: str) -> Scope:
    """Where pods are looked at. Who asks for namespaces means all of them, unless some are named."""
    if given.all_namespaces or (level is Level.NAMESPACES and not given.namespace):
        return EVERYWHERE
    return Scope(frozenset(given.namespace or [of_context or "default"]))


async def read(
    session: Session, level: Level, scope: Scope
) -> tuple[Sequence[UsageRow], Sequence[tuple[Kind[Any], SyncState]]]:
    """The rows of a level once everything is in; and what did not come, as it stands."""
    where = EVERYWHERE if level.of_nodes else scope
    pods, pod_samples = session.open(POD, where), session.open(POD_METRICS, where)
    nodes, node_samples = session.open(NODE), session.open(NODE_METRICS)
    # A total over nodes needs the pods for what they ask of each; rows of pods need no nodes.
    needed: dict[Kind[Any], Lease[Any]] = (
        {NODE: nodes, NODE_METRICS: node_samples, POD: pods}
        if level.of_nodes
        else {POD: pods, POD_METRICS: pod_samples}
    )
    book = UsageBook(pods.store, nodes.store, pod_samples.store, node_samples.store, level, session.clock.now)
    try:
        await _settled(session, list(needed.values()))
        # All at once: there is no screen that would wait.
        while book.step():
            pass
        states = [(kind, lease.store.state) for kind, lease in needed.items()]
        return list(book.rows), [(kind, state) for kind, state in states if state.phase not in _READ]
    finally:
        book.close()
        for lease in (pods, pod_samples, nodes, node_samples):
            lease.close()


async def _settled(session: Session, leases: Sequence[Lease[Any]]) -> None:
    """Until each store is in or will not come, ``PATIENCE`` seconds at most."""
    end = session.clock.monotonic() + PATIENCE
    while session.clock.monotonic() < end:
        if all(lease.store.state.phase in _READ | _HOPELESS for lease in leases):
            return
        await session.clock.sleep(LOOK)


def _say(words: str) -> None:
    sys.stderr.write(f"kubetui: {words}\n")
