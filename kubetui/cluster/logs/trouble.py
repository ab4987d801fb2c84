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

_TUNNEL = ("no agent available", "error dialing backend", "dial timeout", "proxy error", "tunnel")
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
    advice = error.advice
    if not isinstance(error, NotFound) and any(word in error.answer.lower() for word in _TUNNEL):
        advice = _TUNNEL_ADVICE
    return Trouble(LogPhase.RECONNECTING, pause, advice)
