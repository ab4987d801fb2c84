"""Watch: changes as they happen, bookmarks between, until the timeout or until either side leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random

from kubetui.demo.call import Answer, Call
from kubetui.demo.clock import Clock
from kubetui.demo.entry import Entry, Resource
from kubetui.demo.forms import included, negotiate
from kubetui.demo.freshness import until_version
from kubetui.demo.list_options import ListOptions, parse_version, read_options
from kubetui.demo.rendering import EventRenderer
from kubetui.demo.status import ApiError
from kubetui.demo.storage import Storage
from kubetui.demo.watcher import Watcher

_BATCH = 128
"""Events rendered and sent at a time, so that other requests get their turn."""
_BOOKMARK_PERIOD = 60.0
"""The world's seconds between bookmarks; jittered by a quarter."""
_BOOKMARK_BEFORE_END = 2.0
_LEAST_TIMEOUT = 1800.0
"""Without ``timeoutSeconds`` a watch lasts once to twice as long: the flag ``--min-request-timeout``."""


@dataclass(frozen=True, slots=True)
class _Start:
    """How a watch begins."""

    after: int
    entries: Sequence[Entry]
    end_marked: bool
    """A bookmark says where the initial events end."""


class _Alarms:
    """Wakes a watcher when its next moment comes; owned by one watch, which cancels it."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def set(self, name: str, clock: Clock, seconds: float) -> None:
        if name in self._tasks:
            self._tasks[name].cancel()
        self._tasks[name] = asyncio.create_task(self._ring(clock, seconds))

    async def _ring(self, clock: Clock, seconds: float) -> None:
        await clock.sleep(max(0.0, seconds))
        self._watcher.wake()

    def cancel(self) -> None:
        for task in self._tasks.values():
            task.cancel()


class Watches:
    """Answers watches from the storage."""

    def __init__(self, storage: Storage, clock: Clock, pace: Clock, random: Random) -> None:
        """``clock`` is the world's, for bookmarks and ages; ``pace`` the client's, for timeouts."""
        self._storage = storage
        self._clock = clock
        self._pace = pace
        self._random = random

    async def watch(self, call: Call, resource: Resource) -> Answer:
        """A stream of events. What is wrong with the request is refused; what is wrong with its version is an
        ERROR event in a 200 stream, as upstream's cacher does it.
        """
        form = negotiate(call.accept)
        include = included(call.query, form)
        options = read_options(call.query, resource, watch=True)
        try:
            version = parse_version(options.version)
        except ValueError as problem:
            raise ApiError(500, "", str(problem)) from None
        namespace = call.info.namespace if resource.namespaced else ""
        renderer = EventRenderer(resource, form, include, options.selection, self._storage.encoded)
        return Answer(self._stream(resource, namespace, options, version, renderer))

    async def _stream(
        self, resource: Resource, namespace: str, options: ListOptions, version: int, renderer: EventRenderer
    ) -> AsyncGenerator[bytes, None]:
        try:
            if _initial_events(options):
                await until_version(self._storage, self._pace, version, cached=True)
            start = self._start(resource, namespace, options, version)
            watcher = self._storage.watch(resource, namespace, start.after)
        except ApiError as refusal:
            yield renderer.error(refusal.body())
            return
        try:
            for piece in self._initial(start, options, renderer):
                yield piece
            async for piece in self._follow(watcher, resource, options, renderer):
                yield piece
        finally:
            watcher.close()

    def _start(self, resource: Resource, namespace: str, options: ListOptions, version: int) -> _Start:
        if _initial_events(options):
            entries = self._storage.page(resource, namespace).entries
            return _Start(self._storage.version, entries, end_marked=options.bookmarks and _marks_end(options))
        return _Start(version or self._storage.version, (), end_marked=False)

    def _initial(self, start: _Start, options: ListOptions, renderer: EventRenderer) -> Iterator[bytes]:
        selected = (entry for entry in start.entries if not options.selection or options.selection.matches(entry))
        while events := [renderer.added(entry, self._clock.now()) for entry in islice(selected, _BATCH)]:
            yield b"".join(events)
        if start.end_marked:
            yield renderer.bookmark(start.after, initial_events_end=True)

    async def _follow(
        self, watcher: Watcher, resource: Resource, options: ListOptions, renderer: EventRenderer
    ) -> AsyncGenerator[bytes, None]:
        timeout = options.timeout_seconds or self._random.uniform(_LEAST_TIMEOUT, 2 * _LEAST_TIMEOUT)
        deadline = self._pace.now() + timeout
        bookmarks = _Bookmarks(self._clock, self._pace, self._random, deadline)
        alarms = _Alarms(watcher)
        alarms.set("end", self._pace, timeout)
        wants_bookmarks = options.bookmarks and resource.watch_cache
        if wants_bookmarks:
            bookmarks.schedule(alarms)
        try:
            while not watcher.closed:
                if changes := watcher.take(_BATCH):
                    now = self._clock.now()
                    if events := b"".join([renderer.change(change, now) for change in changes]):
                        yield events
                elif self._pace.now() >= deadline:
                    return
                elif wants_bookmarks and bookmarks.due():
                    yield renderer.bookmark(self._storage.version, initial_events_end=False)
                    bookmarks.schedule(alarms)
                else:
                    await watcher.wait()
        finally:
            alarms.cancel()


class _Bookmarks:
    """When the next bookmark is due: about every minute, and once just before the end."""

    def __init__(self, clock: Clock, pace: Clock, random: Random, deadline: float) -> None:
        self._clock = clock
        self._pace = pace
        self._random = random
        self._last_call: float | None = deadline - _BOOKMARK_BEFORE_END
        self._next = 0.0

    def schedule(self, alarms: _Alarms) -> None:
        wait = _BOOKMARK_PERIOD * self._random.uniform(0.75, 1.25)
        self._next = self._clock.now() + wait
        alarms.set("bookmark", self._clock, wait)
        if self._last_call is not None:
            alarms.set("last bookmark", self._pace, self._last_call - self._pace.now())

    def due(self) -> bool:
        if self._last_call is not None and self._pace.now() >= self._last_call:
            self._last_call = None
            return True
        return self._clock.now() >= self._next


def _initial_events(options: ListOptions) -> bool:
    """Whether the watch begins with the current state."""
    if options.send_initial_events is not None:
        return options.send_initial_events
    return options.version in ("", "0")


def _marks_end(options: ListOptions) -> bool:
    """From "" or "0" with bookmarks, SetListOptionsDefaults of k8s.io/apimachinery asks for initial events."""
    return options.send_initial_events is not False
