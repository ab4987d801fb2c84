"""How far a store is in step with the server: the one state word of a pane, with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Phase(Enum):
    """Where a store stands."""

    CONNECTING = "connecting"
    SYNCING = "syncing"
    DETAILS = "syncing details"
    """Every object has a row; some rows are still made from a server-side Table."""
    LIVE = "live"
    STALE = "stale"
    FORBIDDEN = "forbidden"
    NOT_INSTALLED = "not installed"
    FAILED = "failed"
    """The first attempt did not succeed and another follows."""


@dataclass(frozen=True, slots=True)
class SyncState:
    """What a pane says about its data. Times are Unix seconds."""

    phase: Phase
    held: int = 0
    """Objects held so far, while syncing."""
    total: int | None = None
    """About how many there are, as the server last said."""
    since: float | None = None
    """When the last word from the server came, while stale."""
    reason: str = ""
    """What was tried and what came back."""
    advice: str = ""
    """What the person can do."""
    next_try: float | None = None
    """When the next attempt starts."""
    word: str = ""
    """What a first attempt that failed is called where there is a better word than "no connection"."""
    missing: str = ""
    """The verb and resource that the account lacks: ``list nodes``."""
    unreadable: int = 0
    """Objects that do not have their kind's shape and are not shown."""
