"""What one stream says: its lines, its marks, its state word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kubetui.cluster.clock import Clock
from kubetui.cluster.logs.outlet import Outlet
from kubetui.kinds.log_pod import LogContainer
from kubetui.store.logs.entry import NANO, Mark, MarkKind
from kubetui.store.logs.sources import LogPhase, LogState

_BROKEN: Final = frozenset({LogPhase.RECONNECTING, LogPhase.THROTTLED, LogPhase.FORBIDDEN})


class Voice:
    """Speaks for the source with this index. Times are ns; 0 where there is none: then it is now."""

    def __init__(self, out: Outlet, index: int, clock: Clock) -> None:
        self._out, self._index, self._clock = out, index, clock

    def now(self) -> int:
        """Nanoseconds since the epoch, by our own clock."""
        return int(self._clock.now() * NANO)

    def lines(self, times: Sequence[int], texts: Sequence[bytes]) -> None:
        """New lines."""
        self._out.lines(self._index, times, texts)

    def node_said(self, time: int, text: bytes) -> None:
        """The kubelet wrote this into the stream."""
        self._mark(MarkKind.NODE_SAID, time, text=text.decode("utf-8", "replace"))

    def reconnected(self, last: int, seconds: float) -> None:
        """Nothing was lost."""
        self._mark(MarkKind.RECONNECTED, last, seconds=seconds)

    def gap(self, last: int, why: str, seconds: float = 0.0) -> None:
        """Lines are missing after ``last``."""
        self._mark(MarkKind.GAP, last, text=why, seconds=seconds)

    def restarted(self, container: LogContainer, lines: int = 0) -> None:
        """The present run begins; ``lines`` of the one before stand above, 0 where all that are new do."""
        known = container.ended_run == container.run - 1
        self._mark(
            MarkKind.RESTARTED,
            container.started * NANO,
            lines=lines,
            exit_code=container.exit_code if known else None,
            text=container.ended_reason if known else "",
        )

    def ended(self, container: LogContainer, last: int) -> None:
        """It has ended for good."""
        time = container.ended * NANO or last
        self._mark(MarkKind.ENDED, time, exit_code=container.exit_code, text=container.ended_reason)

    def joined(self, container: LogContainer) -> None:
        """A new pod's container: since it runs, or from now on."""
        self._mark(MarkKind.JOINED, container.started * NANO)

    def gone(self) -> None:
        """The pod was deleted; when exactly, nobody tells."""
        self._mark(MarkKind.GONE, 0)
        self.say(LogPhase.GONE)

    @property
    def broken(self) -> bool:
        """The last try failed, and no answer came since."""
        return self._out.sources.state(self._index).phase in _BROKEN

    def opening(self) -> None:
        """It is asked for. A further try tells nothing new: why the last one failed stands until an answer comes."""
        if not self.broken:
            self.say(LogPhase.OPENING)

    def say(
        self,
        phase: LogPhase,
        reason: str = "",
        advice: str = "",
        *,
        next_try: float | None = None,
        missing: str = "",
    ) -> None:
        """The stream stands so."""
        before = self._out.sources.state(self._index)
        if phase is not LogPhase.LIVE or before.phase is not LogPhase.LIVE:
            since = before.since if before.phase is phase and before.since else self._clock.now()
            self._out.state(self._index, LogState(phase, since, reason, advice, next_try, missing))

    def _mark(
        self,
        kind: MarkKind,
        time: int,
        *,
        seconds: float = 0.0,
        lines: int = 0,
        exit_code: int | None = None,
        text: str = "",
    ) -> None:
        self._out.mark(Mark(kind, time or self.now(), self._index, seconds, lines, exit_code, text))
