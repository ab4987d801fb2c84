"""The containers a tail shows: who they are, how they are called in short, how their stream stands, how much they say.

One registry a tail. The screen reads it; the streams write it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from kubetui.store.logs.rate import Rate
from kubetui.store.logs.short_names import ShortNames

MOST_GONE = 5_000
"""Sources that are remembered after their pod is gone; of older ones only the lines are left."""


class LogPhase(Enum):
    """Where a stream stands; the value is the word for the person."""

    OPENING = "opening"
    LIVE = "live"
    WAITING = "waiting"
    """The container has not started; ``reason`` says what for: ``ImagePullBackOff``."""
    RECONNECTING = "reconnecting"
    """Since ``since``, because of ``reason``; the next attempt is at ``next_try``."""
    THROTTLED = "throttled"
    """The API server asks for a pause (429)."""
    FORBIDDEN = "forbidden"
    """``missing`` names the right: ``get pods/log``."""
    ENDED = "ended"
    """All was read: the container is over, or nothing more was asked for."""
    GONE = "gone"
    """The pod was deleted."""


@dataclass(frozen=True, slots=True)
class LogState:
    """How one stream stands. Times are Unix seconds."""

    phase: LogPhase
    since: float = 0.0
    """Since when it is so."""
    reason: str = ""
    """What was tried and what came back. Not sanitised."""
    advice: str = ""
    next_try: float | None = None
    missing: str = ""
    """The verb and resource that the account lacks."""


class SourceKey(NamedTuple):
    """One container of one pod; a pod made anew under its old name is the same source."""

    namespace: str
    pod: str
    container: str


@dataclass(frozen=True, slots=True)
class LogSource:
    """One container of one pod. ``index`` is what lines carry, and what colours are chosen by."""

    index: int
    key: SourceKey
    kind: str = "container"
    """``init``, ``sidecar``, ``container``, ``ephemeral``."""
    node: str = ""


class LogSources:
    """All sources of one tail, by index and by key, with state, short name and lines a second.

    Indexes count from 1 in order of appearance and are never used twice.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._by_index: dict[int, LogSource] = {}
        self._by_key: dict[SourceKey, LogSource] = {}
        self._states: dict[int, LogState] = {}
        self._rates: dict[int, Rate] = {}
        self._names = ShortNames()
        self._next = 1
        self._wakers: list[Callable[[], None]] = []
        self.revision = 0
        """Grows with every change of a source or a state."""

    def __len__(self) -> int:
        return len(self._by_index)

    def __iter__(self) -> Iterator[LogSource]:
        """In order of appearance."""
        return iter(tuple(self._by_index.values()))

    def get(self, index: int) -> LogSource | None:
        """The source with this index; None for 0, and for one gone long ago."""
        return self._by_index.get(index)

    def find(self, key: SourceKey) -> LogSource | None:
        """The source of this container."""
        return self._by_key.get(key)

    def short(self, index: int) -> str:
        """Its short name, unique among the sources: ``7kq2x``, ``coredns-7kq2x/metrics``; ``–`` for none.

        Names become longer when a new source makes them ambiguous, never shorter.
        """
        source = self._by_index.get(index)
        return "–" if source is None else self._names.of(source.key)

    @property
    def width(self) -> int:
        """Characters of the longest short name."""
        return self._names.width

    def state(self, index: int) -> LogState:
        """How its stream stands."""
        return self._states.get(index, _UNKNOWN)

    def rate(self, index: int) -> float:
        """Lines a second over the last ten seconds."""
        rate = self._rates.get(index)
        return 0.0 if rate is None else rate.per_second(self._monotonic())

    @property
    def total_rate(self) -> float:
        """Lines a second of all."""
        now = self._monotonic()
        return sum(rate.per_second(now) for rate in self._rates.values())

    def lines(self, index: int) -> int:
        """How many lines it has delivered."""
        rate = self._rates.get(index)
        return 0 if rate is None else rate.total

    def count(self, *phases: LogPhase) -> int:
        """How many streams stand so."""
        return sum(state.phase in phases for state in self._states.values())

    def on_change(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Call ``wake`` when a source joins or a state changes; returns what ends that."""
        self._wakers.append(wake)
        return lambda: self._wakers.remove(wake) if wake in self._wakers else None

    # --- written by the tail

    def add(self, key: SourceKey, kind: str, node: str) -> LogSource:
        """The source of this container, made on first asking."""
        known = self._by_key.get(key)
        if known is not None and (known.kind, known.node) == (kind, node):
            return known
        index = self._next if known is None else known.index
        self._next += known is None
        source = LogSource(index, key, kind, node)
        self._by_index[index] = self._by_key[key] = source
        self._rates.setdefault(index, Rate())
        self._names.add(key)
        self._changed()
        return source

    def set_state(self, index: int, state: LogState) -> None:
        """Its stream stands otherwise now."""
        if self._states.get(index) != state:
            self._states[index] = state
            if state.phase is LogPhase.GONE:
                self._forget_oldest()
            self._changed()

    def heard(self, index: int, lines: int, past: int = 0) -> None:
        """``lines`` more came from it, ``past`` of them written before the seconds that rates are of."""
        self._rates[index].add(self._monotonic(), lines, past)

    def _forget_oldest(self) -> None:
        gone = [index for index, state in self._states.items() if state.phase is LogPhase.GONE]
        for index in gone[: max(0, len(gone) - MOST_GONE)]:
            source = self._by_index.pop(index)
            del self._by_key[source.key], self._states[index], self._rates[index]
            self._names.remove(source.key)

    def _changed(self) -> None:
        self.revision += 1
        for wake in tuple(self._wakers):
            wake()


_UNKNOWN = LogState(LogPhase.OPENING)


def ordered(sources: Sequence[LogSource]) -> list[LogSource]:
    """By namespace, pod, container."""
    return sorted(sources, key=lambda source: source.key)
