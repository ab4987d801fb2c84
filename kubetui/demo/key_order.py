"""The keys of one resource in the API server's order, cheap to change: a sorted list of names per namespace."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator

Key = tuple[str, str]
"""Namespace (``""`` for cluster-scoped objects) and name."""


def place(key: Key) -> Key:
    """What keys are ordered by: etcd compares ``namespace/name``, so ``team-a/x`` comes before ``team/x``."""
    return (key[0] + "/", key[1])


class KeyOrder:
    """A sorted set of keys."""

    def __init__(self) -> None:
        self._namespaces: list[str] = []
        self._names: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._names.values()))

    def add(self, key: Key) -> None:
        """Insert a key that is not there yet."""
        names = self._names.get(key[0])
        if names is None:
            names = self._names[key[0]] = []
            insort(self._namespaces, key[0] + "/")
        if names and names[-1] < key[1]:
            names.append(key[1])
        else:
            insort(names, key[1])

    def remove(self, key: Key) -> None:
        """Take out a key that is there."""
        names = self._names[key[0]]
        del names[bisect_left(names, key[1])]
        if not names:
            del self._names[key[0]]
            del self._namespaces[bisect_left(self._namespaces, key[0] + "/")]

    def walk(self, namespace: str, start: Key | None) -> Iterator[Key]:
        """Keys of one namespace (``""`` for all) from ``start`` on, ``start`` included, in order."""
        for slashed in self._namespaces_from(namespace, start):
            owner = slashed[:-1]
            names = self._names[owner]
            first = bisect_left(names, start[1]) if start is not None and owner == start[0] else 0
            for position in range(first, len(names)):
                yield (owner, names[position])

    def count(self, namespace: str, start: Key | None) -> int:
        """How many keys ``walk`` would give."""
        total = 0
        for slashed in self._namespaces_from(namespace, start):
            owner = slashed[:-1]
            names = self._names[owner]
            total += len(names)
            if start is not None and owner == start[0]:
                total -= bisect_left(names, start[1])
        return total

    def _namespaces_from(self, namespace: str, start: Key | None) -> list[str]:
        if namespace:
            return [namespace + "/"] if namespace in self._names else []
        first = bisect_left(self._namespaces, start[0] + "/") if start is not None else 0
        return self._namespaces[first:]
