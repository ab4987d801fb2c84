"""The API server's own checks, ``/readyz`` and ``/livez``, asked gently: readings with what they took.

A managed control plane shows nothing else of itself but leases. Source of the answers:
https://kubernetes.io/docs/reference/using-api/health-checks/.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from kubetui.cluster.clock import Clock
from kubetui.cluster.errors import ApiError, ClusterError, Forbidden, Unauthorized
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request

PERIOD: Final = 15.0
"""Seconds between two readings: four requests a minute, ``/readyz`` and ``/livez`` by turns."""
MOST: Final = 40
"""Readings kept of each: twenty minutes."""
_CHECK: Final = re.compile(r"^\[([+-])\]([\w./-]{1,120})", re.MULTILINE | re.ASCII)


class Check(NamedTuple):
    """One line of a verbose answer."""

    name: str
    """``etcd``, ``poststarthook/rbac/bootstrap-roles``."""
    passed: bool


class Reading(NamedTuple):
    """One answer, or none."""

    at: float
    """When it was asked; Unix seconds."""
    seconds: float | None
    """Until the whole answer was there; None: there was none."""
    ok: bool
    checks: tuple[Check, ...] = ()
    """In the server's order; empty where it told none."""
    error: str = ""
    """What came back instead, in the words of the error."""
    forbidden: bool = False
    """The account may not ask."""
    advice: str = ""
    """What to do where nothing came back."""
    asked: bool = True
    """False: it did not come so far as to ask, for want of a sign-in or of a CA to trust; ``error`` names the step."""

    @property
    def failing(self) -> tuple[str, ...]:
        """The names of the checks that fail."""
        return tuple(check.name for check in self.checks if not check.passed)


def checks_of(text: str) -> tuple[Check, ...]:
    """The checks that a verbose answer lists; text that is none has none."""
    return tuple(Check(name, sign == "+") for sign, name in _CHECK.findall(text))


async def read(session: Session, path: str, clock: Clock) -> Reading:
    """Ask once: ``/readyz`` or ``/livez``, each check by name. Raises nothing but cancellation."""
    at, begun = clock.now(), clock.monotonic()
    request = Request(path, f"get {path}", query=(("verbose", ""),), accept="text/plain, */*")
    try:
        answer = await session.send(request)
    except ApiError as error:
        # A failing check is an answer too: 500, with the list of all.
        checks = checks_of(error.body)
        forbidden = isinstance(error, Forbidden | Unauthorized)
        return Reading(at, clock.monotonic() - begun, False, checks, error.answer, forbidden)
    except ClusterError as error:
        asked = error.tried == request.tried
        words = error.answer if asked else f"{error.tried}: {error.answer}"
        return Reading(at, None, False, error=words, advice=error.advice, asked=asked)
    checks = checks_of(answer.body.decode("utf-8", "replace"))
    return Reading(at, clock.monotonic() - begun, all(check.passed for check in checks), checks)


def _asked_at(reading: Reading) -> float:
    return reading.at


class HealthPoll:
    """Readings of one API server, newest last. ``run`` is its owner's task."""

    def __init__(self, session: Session, clock: Clock, changed: Callable[[], None] = lambda: None) -> None:
        self._session, self._clock, self._changed = session, clock, changed
        self._ready: deque[Reading] = deque(maxlen=MOST)
        self._live: deque[Reading] = deque(maxlen=MOST)

    @property
    def ready(self) -> Reading | None:
        """The last of ``/readyz``."""
        return self._ready[-1] if self._ready else None

    @property
    def live(self) -> Reading | None:
        """The last of ``/livez``."""
        return self._live[-1] if self._live else None

    @property
    def latencies(self) -> Sequence[float | None]:
        """Seconds that each reading took, of both, oldest first; None: no answer."""
        return [reading.seconds for reading in sorted([*self._ready, *self._live], key=_asked_at)]

    @property
    def failing_since(self) -> int:
        """Since when ``/readyz`` has not passed, as far as was seen; 0 while it does."""
        since = 0
        for reading in reversed(self._ready):
            if reading.ok or reading.forbidden:
                break
            since = int(reading.at)
        return since

    async def run(self) -> None:
        """Ask both at once, so that nobody waits for a first answer; then for ever by turns."""
        await asyncio.gather(self._ask("/readyz", self._ready), self._ask("/livez", self._live))
        await self._clock.sleep(PERIOD)  # two were asked: the next is due after twice the time
        while True:
            for path, readings in (("/readyz", self._ready), ("/livez", self._live)):
                await self._clock.sleep(PERIOD)
                await self._ask(path, readings)

    async def _ask(self, path: str, readings: deque[Reading]) -> None:
        readings.append(await read(self._session, path, self._clock))
        self._changed()
