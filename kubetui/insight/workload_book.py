"""Deployments or DaemonSets: kube-system's by name, and all others with something to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from kubetui.insight.aks_components import NAMESPACE
from kubetui.kinds.kind import Key, Meaning, Row

_WELL = frozenset({Meaning.FINE, Meaning.PLAIN})


class Workload(Row, Protocol):
    """What Deployments and DaemonSets have in common here."""

    @property
    def meaning(self) -> Meaning:
        """What its state asks of the reader."""


W = TypeVar("W", bound=Workload)


class WorkloadBook(Generic[W]):
    """Fed with every change of every workload of one kind."""

    def __init__(self) -> None:
        self._of_system: dict[str, W] = {}
        self._notable: dict[Key, W] = {}
        self._keys: set[Key] = set()
        self._noticed: dict[Key, float] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def fold(self, before: W | None, after: W | None, now: float = 0.0) -> None:
        """A workload came, changed or went, at ``now`` (Unix seconds)."""
        row = after or before
        if row is None:
            return
        key = (row.namespace, row.name)
        self._of_system.pop(row.name, None) if row.namespace == NAMESPACE else self._notable.pop(key, None)
        self._keys.discard(key)
        if after is None:
            self._noticed.pop(key, None)
            return
        self._keys.add(key)
        if row.namespace == NAMESPACE:
            self._of_system[row.name] = after
        elif after.meaning not in _WELL:
            self._notable[key] = after
            if before is None or before.meaning is not after.meaning:
                self._noticed[key] = now if before is not None else 0.0
        else:
            self._noticed.pop(key, None)

    @property
    def of_system(self) -> Mapping[str, W]:
        """kube-system's, by name."""
        return self._of_system

    @property
    def noticed(self) -> Mapping[Key, float]:
        """Since when each of ``notable`` is as it is; 0: it was so when it was first seen."""
        return self._noticed

    @property
    def notable(self) -> Sequence[W]:
        """Others that are not well, by namespace and name."""
        return [self._notable[key] for key in sorted(self._notable)]
