"""How a log stands as a whole: what its streams say, where none of them can be read. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kubetui.store.logs.sources import LogPhase, LogState
from kubetui.store.state import Phase, SyncState

_READ: Final = frozenset({LogPhase.LIVE, LogPhase.OPENING, LogPhase.ENDED})
_NOT_DUE: Final = frozenset({LogPhase.WAITING, LogPhase.GONE})
"""Nothing is there to be read: that says nothing about how the others do."""


def stands(pods: SyncState, tail: Sequence[LogState]) -> SyncState:
    """``pods`` is how the list of pods stands; where that is fine and no stream can be read, why that is so."""
    streams = [one for one in tail if one.phase not in _NOT_DUE or one.missing]
    if pods.phase is not Phase.LIVE or not streams or any(one.phase in _READ and not one.missing for one in streams):
        return pods
    forbidden = next((one for one in streams if one.phase is LogPhase.FORBIDDEN), None)
    if forbidden is not None:
        return SyncState(
            Phase.FORBIDDEN,
            reason=forbidden.reason,
            advice=forbidden.advice,
            missing=forbidden.missing or "get pods/log",
        )
    first = streams[0]
    tries = [one.next_try for one in streams if one.next_try is not None]
    return SyncState(
        Phase.STALE,
        since=min(one.since for one in streams),
        reason=first.reason,
        advice=first.advice,
        next_try=min(tries, default=None),
        word="no logs, reconnecting",
    )
