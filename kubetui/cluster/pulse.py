"""Notices that the server is gone where the connection itself can't: behind whoever acknowledges for the dead.

TCP's own probes find a dead peer within 35 s, but a proxy, an SSH tunnel or a balancer that ends TCP answers them
itself, and a watch that says nothing looks as one that has nothing to say. So the same way is asked a small question.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from kubetui.cluster.clock import Clock, Late, within
from kubetui.cluster.errors import ClusterError, TimedOut, Unreachable
from kubetui.cluster.transport import Answer, Request

PERIOD_S = 20.0
"""Seconds between questions: three requests a minute."""
PATIENCE_S = 12.0
"""Seconds for an answer; together a dead peer is noticed within 32 s."""
_REQUEST = Request("/readyz", "ask whether the server is there", accept="*/*")


class Pulse:
    """Asks while ``watched`` says that somebody relies on open streams."""

    def __init__(
        self,
        send: Callable[[Request], Awaitable[Answer]],
        watched: Callable[[], bool],
        doubt: Callable[[ClusterError], None],
        clock: Clock,
    ) -> None:
        """``doubt`` is told why, each time there was no answer."""
        self._send, self._watched, self._doubt, self._clock = send, watched, doubt, clock

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._clock.sleep(PERIOD_S)
            if self._watched():
                await self._ask()

    async def _ask(self) -> None:
        try:
            await within(self._send(_REQUEST), self._clock, PATIENCE_S)
        except Late:
            silence = f"no answer within {PATIENCE_S:.0f} s"
            self._doubt(TimedOut(_REQUEST.tried, silence, "is the VPN, proxy or tunnel up?"))
        except Unreachable as error:
            self._doubt(error)
        except ClusterError:
            pass  # it answers, though it refuses or fails: each stream finds out for itself what that means
