"""What follows a failure: how the pane calls it and how long to wait. Pure, but for the backoff's own state."""

from __future__ import annotations

from dataclasses import dataclass

from kubetui.cluster.backoff import Backoff
from kubetui.cluster.errors import (
    ApiError,
    ClusterError,
    Forbidden,
    NotFound,
    SignInFailed,
    TooLargeResourceVersion,
    Unauthorized,
)
from kubetui.store.state import Phase

REFUSED_PAUSE = 60.0
"""Seconds between attempts while the account may not list, or the server does not serve the kind."""
SIGN_IN_PAUSE = 30.0
LAGGING_PAUSE = 1.0
"""The API server itself waited 3 s before it said that it lags, and suggests 1 s (Retry-After)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The state word while waiting, the wait in seconds, and the right that is missing (``list nodes``)."""

    phase: Phase
    pause: float
    missing: str = ""
    word: str = ""
    """A better word for the state: ``not signed in``."""


def plan_for(error: ClusterError, *, held: bool, resource: str, backoff: Backoff) -> Plan:
    """What to do after ``error``; ``held``: old rows are there to be shown meanwhile."""
    waiting = Phase.STALE if held else Phase.FAILED
    if isinstance(error, Forbidden):
        return Plan(Phase.FORBIDDEN, REFUSED_PAUSE, f"list {resource}")
    if isinstance(error, NotFound):
        return Plan(Phase.NOT_INSTALLED, REFUSED_PAUSE)
    if isinstance(error, SignInFailed | Unauthorized):
        return Plan(waiting, SIGN_IN_PAUSE, word="not signed in")
    if isinstance(error, TooLargeResourceVersion):
        return Plan(waiting, error.retry_after or LAGGING_PAUSE)
    asked = error.retry_after if isinstance(error, ApiError) else None
    return Plan(waiting, max(backoff.next(), asked or 0.0))
