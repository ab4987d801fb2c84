"""What follows when a log can't be read: what the stream is called meanwhile and how long it waits. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from kubetui.cluster.backoff import Backoff
from kubetui.cluster.errors import ApiError, ClusterError, Forbidden, NotFound, SignInFailed, Unauthorized
from kubetui.store.logs.sources import LogPhase

FORBIDDEN_PAUSE = 60.0
SIGN_IN_PAUSE = 30.0
NOT_STARTED_PAUSE = 30.0
"""Seconds until the log of a container that has not started is asked for again; the pod's events come sooner."""

_TUNNEL = ("no agent available", "error dialing backend", "dial timeout", "dial tcp", "proxy error", "tunnel")
_NO_RUN_BEFORE = "previous terminated container"
_NO_RUN_BEFORE_ADVICE = "no run before this one is kept; without -p the present one's log is read"
_TUNNEL_ADVICE = "the API server does not get through to the node: look at konnectivity-agent and at the kubelet"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Phase, seconds to wait, what to do, the right that is missing."""

    phase: LogPhase
    pause: float
    advice: str = ""
    missing: str = ""
    final: bool = False
    """Waiting may help, but who reads a log once does not wait for a right or a container."""


def trouble_of(error: ClusterError, backoff: Backoff) -> Trouble:
    """What to do after ``error``."""
    if isinstance(error, Forbidden):
        return Trouble(LogPhase.FORBIDDEN, FORBIDDEN_PAUSE, error.advice, "get pods/log", final=True)
    if isinstance(error, SignInFailed | Unauthorized):
        return Trouble(LogPhase.RECONNECTING, SIGN_IN_PAUSE, error.advice, final=True)
    if isinstance(error, ApiError) and error.status == 400:
        return Trouble(LogPhase.WAITING, NOT_STARTED_PAUSE, error.advice, final=True)
    pause = backoff.next()
    if isinstance(error, ApiError) and error.status == 429:
        return Trouble(LogPhase.THROTTLED, max(pause, error.retry_after or 0.0), error.advice)
    if isinstance(error, ApiError) and error.retry_after:
        pause = max(pause, error.retry_after)
    return Trouble(LogPhase.RECONNECTING, pause, advice_for(error))


def advice_for(error: ClusterError) -> str:
    """What the person can do after ``error``; ``""`` where nothing is known."""
    answer = error.answer.lower()
    if isinstance(error, ApiError) and error.status == 400 and _NO_RUN_BEFORE in answer:
        return error.advice or _NO_RUN_BEFORE_ADVICE
    refused = isinstance(error, NotFound | Forbidden | Unauthorized)
    return _TUNNEL_ADVICE if not refused and any(word in answer for word in _TUNNEL) else error.advice
