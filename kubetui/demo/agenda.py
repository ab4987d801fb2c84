"""What is to happen when: the simulated cluster's only timer."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count

Action = Callable[[], object]


class Planned:
    """Something on the agenda; ``cancel`` takes it off."""

    __slots__ = ("_action",)

    def __init__(self, action: Action) -> None:
        self._action: Action | None = action

    @property
    def pending(self) -> bool:
        """Neither done nor cancelled."""
        return self._action is not None

    def cancel(self) -> None:
        """It will not happen; harmless when it has happened already."""
        self._action = None

    def happen(self) -> None:
        """Do it, once."""
        action, self._action = self._action, None
        if action is not None:
            action()


class Agenda:
    """Actions by time, those of one moment in the order in which they were planned."""

    def __init__(self, now: float) -> None:
        self.now = now
        """The moment that is being lived; what happens at it sees it, not the clock."""
        self._heap: list[tuple[float, int, Planned]] = []
        self._order = count()

    def __len__(self) -> int:
        return len(self._heap)

    def at(self, moment: float, action: Action) -> Planned:
        """Plan for a moment in Unix seconds; one that is past comes at once."""
        planned = Planned(action)
        heapq.heappush(self._heap, (max(moment, self.now), next(self._order), planned))
        return planned

    def after(self, seconds: float, action: Action) -> Planned:
        """Plan from now."""
        return self.at(self.now + seconds, action)

    def every(self, period: float, action: Action, first: float | None = None) -> Planned:
        """Again and again until cancelled, at first after ``first`` (or ``period``) seconds."""
        repeated = Planned(action)

        def again() -> None:
            if repeated.pending:
                action()
                self.after(period, again)

        self.after(period if first is None else first, again)
        return repeated

    def next_moment(self) -> float | None:
        """When something happens next; None when nothing is planned."""
        return self._heap[0][0] if self._heap else None

    def live(self, until: float, most: int = 1_000_000) -> bool:
        """Do what is due by ``until``, at most so many actions. True: everything, and it is ``until`` now."""
        for _ in range(most):
            if not self._heap or self._heap[0][0] > until:
                self.now = max(self.now, until)
                return True
            moment, _, planned = heapq.heappop(self._heap)
            self.now = max(self.now, moment)
            planned.happen()
        return False
