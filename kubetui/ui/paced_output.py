"""When the screen may be brought up to date: one tick for the whole app, never faster than the terminal drains.

A terminal that is not drained blocks the event loop (Textual's output queue has 30 places), and frames nobody saw
yet are worthless. So changes coalesce until the tick, and the tick waits while output is backed up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

LOCAL_RATE = 10.0
"""Ticks a second at most."""

SSH_RATE = 4.0
"""The same over SSH."""

UNFOCUSED_RATE = 1.0
"""The same while the terminal says that its window has no focus."""

LONGEST_HOLD = 2.0
"""Seconds after which a tick runs even though output is backed up."""

TURN = 0.003
"""Seconds between two pieces of work that was cut short: keys and answers come in between."""


def rate_for(environ: Mapping[str, str]) -> float:
    """Ticks a second that suit the terminal's connection."""
    return SSH_RATE if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY") else LOCAL_RATE


class Pace:
    """The rule of when a tick may run. Pure: all times are the caller's, in seconds of one steady clock."""

    def __init__(self, rate: float = LOCAL_RATE) -> None:
        """``rate``: ticks a second while focused."""
        self._rate = rate
        self._last: float | None = None
        self.focused = True
        """Whether the terminal's window has the focus; unknown counts as yes."""

    @property
    def interval(self) -> float:
        """The least number of seconds between two ticks."""
        return 1.0 / (self._rate if self.focused else min(self._rate, UNFOCUSED_RATE))

    def request(self, now: float) -> float:
        """Seconds from ``now`` until a tick may run; 0 after a quiet time: the first change shows at once."""
        return 0.0 if self._last is None else max(0.0, self._last + self.interval - now)

    def ready(self, now: float, backlog: int) -> bool:
        """Whether the tick that is due may run. ``backlog``: writes the terminal has not taken yet."""
        return backlog <= 0 or self._last is None or now - self._last >= LONGEST_HOLD

    def ran(self, now: float) -> None:
        """A tick ran."""
        self._last = now


class Cancellable(Protocol):
    """What a scheduled call is: ``asyncio.TimerHandle``."""

    def cancel(self) -> None:
        """Don't call any more."""


class PacedTick:
    """Runs one function as often as ``Pace`` allows, when asked to; the owner calls ``close``."""

    def __init__(
        self,
        run: Callable[[], None],
        *,
        pace: Pace,
        now: Callable[[], float],
        call_later: Callable[[float, Callable[[], None]], Cancellable],
        backlog: Callable[[], int],
    ) -> None:
        """In the app ``now`` and ``call_later`` are the event loop's ``time`` and ``call_later``."""
        self._run = run
        self._pace = pace
        self._now = now
        self._call_later = call_later
        self._backlog = backlog
        self._planned: Cancellable | None = None
        self._closed = False

    def request(self) -> None:
        """Something changed: run soon. Many requests make one run."""
        if self._planned is None and not self._closed:
            self._plan(self._pace.request(self._now()), self._due)

    def go_on(self) -> None:
        """The run was cut short, and nothing new is to be seen yet: run again after a turn, whatever the pace says."""
        if not self._closed:
            self._unplan()
            self._plan(TURN, self._hurry)

    def focus(self, focused: bool) -> None:
        """The terminal's window got or lost the focus; a run that waits is planned anew."""
        if focused == self._pace.focused:
            return
        self._pace.focused = focused
        if self._planned is not None:
            self._unplan()
            self.request()

    def close(self) -> None:
        """Run no more."""
        self._closed = True
        self._unplan()

    def _plan(self, delay: float, call: Callable[[], None]) -> None:
        self._planned = self._call_later(delay, call)

    def _unplan(self) -> None:
        if self._planned is not None:
            self._planned.cancel()
            self._planned = None

    def _hurry(self) -> None:
        self._planned = None
        if self._backlog() > 0:  # what comes of it would be painted onto a terminal that is behind
            self.request()
        else:
            self._run()

    def _due(self) -> None:
        self._planned = None
        now = self._now()
        if not self._pace.ready(now, self._backlog()):
            self._plan(min(self._pace.interval, 0.1), self._due)
            return
        self._pace.ran(now)
        self._run()
