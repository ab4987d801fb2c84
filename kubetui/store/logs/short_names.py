"""Short names for sources: as few words of a pod's name as tell all of them apart.

``coredns-589d84f7d9-7kq2x`` is ``7kq2x`` among its siblings, ``coredns-7kq2x`` beside ``kube-proxy-x2lpv``, and its
whole name where even that is ambiguous. The container's name follows where a pod has several.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Final

Key = tuple[str, str, str]
"""(namespace, pod, container)."""

_HASHED: Final = re.compile(r"(?:-(?=[a-z0-9]*[0-9])[a-z0-9]{6,10}|-[bcdfghjklmnpqrstvwxz2456789]{6,10})?"
                            r"-(?P<own>[bcdfghjklmnpqrstvwxz2456789]{5})$")  # fmt: skip
"""A ReplicaSet's hash and a pod's own five letters, from the alphabet of apimachinery's ``util/rand``."""


def _own(pod: str) -> str:
    """The five letters that are a pod's own; its whole name where it has none (StatefulSets, bare pods)."""
    found = _HASHED.search(pod)
    return found["own"] if found and found.start() else pod


def _owner_and_own(pod: str) -> str:
    found = _HASHED.search(pod)
    return f"{pod[: found.start()]}-{found['own']}" if found and found.start() else pod


_LEVELS: Final[tuple[Callable[[str, str], str], ...]] = (
    lambda namespace, pod: _own(pod),
    lambda namespace, pod: _owner_and_own(pod),
    lambda namespace, pod: pod,
    lambda namespace, pod: f"{namespace}/{pod}",
)


class ShortNames:
    """Names for a growing set of sources. A name gets longer when it must, never shorter."""

    def __init__(self) -> None:
        self._pods: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._taken: Counter[str] = Counter()
        self._owners: set[str] = set()
        self._level = 0
        self._containers = False
        self._names: dict[Key, str] = {}
        self.width = 0
        """Characters of the longest name given so far."""

    def add(self, key: Key) -> None:
        """One more source."""
        namespace, pod, container = key
        place = (namespace, pod)
        fresh = place not in self._pods
        self._pods[place].add(container)
        before = (self._level, self._containers)
        if fresh and not self._level:
            self._owners.add(_owner_and_own(pod).removesuffix(_own(pod)))
        if fresh:
            self._take(place)
        self._containers = self._containers or len(self._pods[place]) > 1
        if (self._level, self._containers) != before:
            self._names.clear()
        self.of(key)

    def remove(self, key: Key) -> None:
        """It is not shown any more."""
        namespace, pod, container = key
        place = (namespace, pod)
        self._names.pop(key, None)
        self._pods[place].discard(container)
        if not self._pods[place]:
            del self._pods[place]
            name = _LEVELS[self._level](namespace, pod)
            self._taken[name] -= 1
            if not self._taken[name]:
                del self._taken[name]

    def of(self, key: Key) -> str:
        """The source's short name now."""
        name = self._names.get(key)
        if name is None:
            namespace, pod, container = key
            name = _LEVELS[self._level](namespace, pod)
            if self._containers:
                name = f"{name}/{container}"
            self._names[key] = name
            self.width = max(self.width, len(name))
        return name

    def _take(self, place: tuple[str, str]) -> None:
        """Count the pod's name at the present level; go up a level until all names differ."""
        if self._level == 0 and len(self._owners) > 1:
            self._level = 1
            self._recount()
        else:
            self._taken[_LEVELS[self._level](*place)] += 1
        # Each level tells apart what the one before did: only the new name can be taken already.
        while self._level < len(_LEVELS) - 1 and self._taken[_LEVELS[self._level](*place)] > 1:
            self._level += 1
            self._recount()

    def _recount(self) -> None:
        self._taken = Counter(_LEVELS[self._level](*place) for place in self._pods)
