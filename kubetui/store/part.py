"""One namespace's share of a store of several: what its reflector writes, and the state all of them make."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import TypeVar

from kubetui.kinds.kind import Key, Row
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store

R = TypeVar("R", bound=Row)

_WORST_FIRST = (
    Phase.STALE,
    Phase.FAILED,
    Phase.FORBIDDEN,
    Phase.NOT_INSTALLED,
    Phase.CONNECTING,
    Phase.SYNCING,
    Phase.DETAILS,
    Phase.LIVE,
)


def combined(states: Iterable[SyncState]) -> SyncState:
    """The state of a store of several parts: the worst one's, with what all of them hold."""
    all_states = list(states)
    worst = min(all_states, key=lambda state: _WORST_FIRST.index(state.phase))
    if worst.phase is not Phase.SYNCING:
        return worst
    totals = [state.total for state in all_states if state.phase is Phase.SYNCING]
    total = sum(total for total in totals if total is not None) if None not in totals else None
    return SyncState(Phase.SYNCING, held=sum(state.held for state in all_states), total=total)


class Part(Store[R]):
    """Writes rows of one namespace into ``whole``; ``states`` is shared by all parts of it."""

    def __init__(self, whole: Store[R], namespace: str, states: dict[str, SyncState]) -> None:
        super().__init__()
        self._whole, self._namespace, self._states = whole, namespace, states
        self._keys: set[Key] = set()
        states[namespace] = self._state

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def state(self) -> SyncState:
        """This namespace's state; setting it makes the whole store's anew."""
        return self._states[self._namespace]

    @state.setter
    def state(self, state: SyncState) -> None:
        self._states[self._namespace] = state
        self._whole.state = combined(self._states.values())

    def get(self, key: Key) -> R | None:
        """The row held under ``key``."""
        return self._whole.get(key)

    def apply(self, changes: Iterable[tuple[Key, R | None]]) -> None:
        """Apply changes in order."""
        held = list(changes)
        for key, row in held:
            (self._keys.discard if row is None else self._keys.add)(key)
        self._whole.apply(held)

    def keep_only(self, keys: Container[Key]) -> None:
        """Remove all rows of this namespace but these."""
        self.remove([key for key in self._keys if key not in keys])


def parts_of(whole: Store[R], namespaces: Iterable[str]) -> Mapping[str, Part[R]]:
    """A part for each namespace."""
    states: dict[str, SyncState] = {}
    return {namespace: Part(whole, namespace, states) for namespace in namespaces}
