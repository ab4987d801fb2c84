"""The demo's etcd and watch cache in one: objects by key, one version counter, history, watchers.

Everything happens in the event loop's thread and nothing waits, so a read sees one consistent state.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from kubetui.demo.entry import Entry, Resource
from kubetui.demo.history import Change, EncodedChanges, History
from kubetui.demo.key_order import Key, KeyOrder, place
from kubetui.demo.status import expired
from kubetui.demo.watcher import WATCHER_CAPACITY, Watcher

HISTORY_CAPACITY = 50_000
"""Changes kept per resource; the API server's watch cache keeps 100 to 102,400 that span 75 s or more."""
FIRST_VERSION = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """A consistent piece of a list."""

    entries: Sequence[Entry]
    version: int
    """The list's resourceVersion."""
    next_key: Key | None = None
    """The last key given, when there is more after it."""
    remaining: int = 0
    """How many objects follow in the same state."""


class _Shelf:
    """One resource's objects."""

    def __init__(self, resource: Resource, history: History) -> None:
        self.resource = resource
        self.entries: dict[Key, Entry] = {}
        self.order = KeyOrder()
        self.history = history
        self.watchers: set[Watcher] = set()

    def record(self, change: Change) -> None:
        self.history.append(change)
        for watcher in tuple(self.watchers):
            watcher.offer(change)


class Storage:
    """All objects of the simulated cluster."""

    def __init__(
        self,
        resources: Iterable[Resource] = (),
        *,
        history_capacity: int = HISTORY_CAPACITY,
        watcher_capacity: int = WATCHER_CAPACITY,
    ) -> None:
        self._shelves: dict[tuple[str, str, str], _Shelf] = {}
        self._history_capacity = history_capacity
        self._watcher_capacity = watcher_capacity
        self._version = FIRST_VERSION
        self.encoded = EncodedChanges()
        """Changes' JSON, shared by all watchers."""
        for resource in resources:
            self.register(resource)

    @property
    def version(self) -> int:
        """The newest resourceVersion, over all resources."""
        return self._version

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Everything registered, in order."""
        return tuple(shelf.resource for shelf in self._shelves.values())

    def register(self, resource: Resource) -> None:
        """Serve a kind from now on, in discovery too; ValueError if it is served already."""
        path = (resource.group, resource.version, resource.plural)
        if path in self._shelves:
            raise ValueError(f"{resource.plural} of {resource.group or 'the core group'} is registered already")
        self._shelves[path] = _Shelf(resource, History(self._history_capacity, self._version))

    def unregister(self, resource: Resource) -> None:
        """Serve a kind no more; its watches end."""
        shelf = self._shelves.pop((resource.group, resource.version, resource.plural))
        for watcher in tuple(shelf.watchers):
            watcher.close()

    def find(self, group: str, version: str, plural: str) -> Resource | None:
        """The registered resource, or None."""
        shelf = self._shelves.get((group, version, plural))
        return None if shelf is None else shelf.resource

    def put(self, resource: Resource, entry: Entry) -> int:
        """Create or update the object and tell the watchers; returns its version.

        The entry must not change afterwards, so the same one cannot be put twice: ValueError.
        """
        shelf = self._shelf(resource)
        key = (entry.namespace, entry.name)
        previous = shelf.entries.get(key)
        if previous is entry:
            raise ValueError(f"{resource.plural} {key} is stored already; an update is another entry")
        self._version += 1
        entry.stamp(self._version)
        if previous is None:
            shelf.order.add(key)
        shelf.entries[key] = entry
        shelf.record(Change(self._version, key, entry, previous, deleted=False))
        return self._version

    def delete(self, resource: Resource, namespace: str, name: str) -> Entry | None:
        """Delete the object and tell the watchers; returns its last state, None if there was none."""
        shelf = self._shelf(resource)
        key = (namespace, name)
        previous = shelf.entries.pop(key, None)
        if previous is None:
            return None
        shelf.order.remove(key)
        self._version += 1
        last = copy.copy(previous)
        last.stamp(self._version)
        shelf.record(Change(self._version, key, last, previous, deleted=True))
        return last

    def get(self, resource: Resource, namespace: str, name: str) -> Entry | None:
        """The object, or None."""
        return self._shelf(resource).entries.get((namespace, name))

    def entries(self, resource: Resource, namespace: str = "") -> Iterator[Entry]:
        """The objects of one namespace (``""`` for all), in key order; not while changing them."""
        shelf = self._shelf(resource)
        return map(shelf.entries.__getitem__, shelf.order.walk(namespace, None))

    def count(self, resource: Resource, namespace: str = "") -> int:
        """How many objects there are."""
        return self._shelf(resource).order.count(namespace, None)

    def floor(self, resource: Resource) -> int:
        """The oldest version from which a watch or a list can still start."""
        return self._shelf(resource).history.floor

    def page(self, resource: Resource, namespace: str, *, after: Key | None = None, limit: int = 0) -> Page:
        """The current objects, after a key, at most ``limit`` of them (0 for all)."""
        return self._page(self._shelf(resource), namespace, self._version, {}, after, limit)

    def page_at(
        self, resource: Resource, namespace: str, version: int, *, after: Key | None = None, limit: int = 0
    ) -> Page:
        """The same as it was at ``version``; raises ``ApiError`` 410 when that is forgotten."""
        shelf = self._shelf(resource)
        if version < shelf.history.floor:
            raise expired(f"too old resource version: {version}")
        then: dict[Key, Entry | None] = {}
        for change in shelf.history.since(version):
            then.setdefault(change.key, change.previous)
        return self._page(shelf, namespace, version, then, after, limit)

    def _page(
        self,
        shelf: _Shelf,
        namespace: str,
        version: int,
        then: dict[Key, Entry | None],
        after: Key | None,
        limit: int,
    ) -> Page:
        start = None if after is None else (after[0], after[1] + "\0")
        gone = [
            key
            for key, entry in then.items()
            if entry is not None and key not in shelf.entries and _within(key, namespace, start)
        ]
        unborn = sum(
            1
            for key, entry in then.items()
            if entry is None and key in shelf.entries and _within(key, namespace, start)
        )
        keys: Iterator[Key] = shelf.order.walk(namespace, start)
        if gone:
            keys = merge(keys, sorted(gone, key=place), key=place)
        present = self._present(shelf, keys, then)
        entries = list(islice(present, limit)) if limit else list(present)
        remaining = shelf.order.count(namespace, start) + len(gone) - unborn - len(entries) if limit else 0
        last = (entries[-1].namespace, entries[-1].name) if remaining else None
        return Page(entries, version, last, remaining)

    @staticmethod
    def _present(shelf: _Shelf, keys: Iterable[Key], then: dict[Key, Entry | None]) -> Iterator[Entry]:
        if not then:
            return map(shelf.entries.__getitem__, keys)
        states = (then[key] if key in then else shelf.entries[key] for key in keys)
        return (entry for entry in states if entry is not None)

    def watch(self, resource: Resource, namespace: str, version: int) -> Watcher:
        """Changes after ``version``; raises ``ApiError`` 410 when they are forgotten. Close it after use."""
        shelf = self._shelf(resource)
        floor = shelf.history.floor
        if version < floor:
            words = f"too old resource version: {version} ({floor})"
            raise expired(words if resource.watch_cache else "The resourceVersion for the provided watch is too old.")
        backlog = shelf.history.since(version)
        watcher = Watcher(namespace, version, backlog, shelf.watchers.discard, self._watcher_capacity)
        shelf.watchers.add(watcher)
        return watcher

    def compact(self) -> None:
        """Forget the history: a watch from an old version and an old continue token are Expired from now on."""
        for shelf in self._shelves.values():
            shelf.history.compact(self._version)

    def close_watches(self) -> None:
        """End every watch."""
        for shelf in self._shelves.values():
            for watcher in tuple(shelf.watchers):
                watcher.close()

    def _shelf(self, resource: Resource) -> _Shelf:
        return self._shelves[(resource.group, resource.version, resource.plural)]


def _within(key: Key, namespace: str, start: Key | None) -> bool:
    return (not namespace or key[0] == namespace) and (start is None or place(key) >= place(start))
