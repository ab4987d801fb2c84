"""The cluster autoscaler's own status for panes about pools: one small GET a minute while one is looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from typing import Final

from kubetui.cluster.autoscaler_status import CONFIG_MAP, NAMESPACE, AutoscalerStatus, read_autoscaler
from kubetui.cluster.errors import ClusterError, Forbidden
from kubetui.cluster.session import Session
from kubetui.insight.node_groups import PoolGroups, groups_of_pools, silence
from kubetui.kinds.age import human_duration
from kubetui.kinds.node_row import NodeRow

PERIOD: Final = 60.0
"""Seconds between two readings."""
SELDOM: Final = 600.0
"""Seconds until it is asked again where there is no autoscaler, or no right to read of it."""
_STEP: Final = 15


class PoolAutoscaler:
    """Of one session. Nothing is asked but from ``follow``, which only a pane that is looked at calls."""

    def __init__(self, session: Session, changed: Callable[[], None]) -> None:
        self._session, self._changed = session, changed
        self._task: asyncio.Task[None] | None = None
        self._due = 0.0
        self._came = False
        self.status: AutoscalerStatus | None = None
        """None: there is no autoscaler, or it was not read yet."""
        self.error: ClusterError | None = None
        """Of the last reading; ``status`` is older then."""
        self.groups: Mapping[str, PoolGroups] = {}
        """By pool."""

    def follow(self, nodes: Collection[NodeRow], *, moved: bool) -> None:
        """Read where that is due; ``moved``: nodes changed. ``groups`` is another object where anything changed."""
        due = self._task is None and self._session.clock.monotonic() >= self._due
        if due and any(node.pool for node in nodes):
            self._task = asyncio.create_task(self._read(), name="autoscaler status")
        if self._came or moved:
            self._came = False
            groups = groups_of_pools(self.status, nodes) if self.status is not None else {}
            if groups != self.groups:
                self.groups = groups

    def retry_now(self) -> None:
        """A person asks."""
        self._due = 0.0

    def rest(self) -> None:
        """Nobody looks."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _read(self) -> None:
        pause = PERIOD
        try:
            self.status, self.error = await read_autoscaler(self._session), None
        except ClusterError as error:
            self.error = error
            pause = SELDOM if isinstance(error, Forbidden) else PERIOD
        else:
            pause = PERIOD if self.status is not None else SELDOM
        self._due = self._session.clock.monotonic() + pause
        self._task, self._came = None, True
        self._changed()

    # --- what is said

    def age(self, now: float) -> str:
        """``15s ago`` the autoscaler wrote it, in steps, or ``just now``; ``""`` where it does not say."""
        if self.status is None or not self.status.at:
            return ""
        seconds = max(0.0, now - self.status.at)
        return f"{human_duration(seconds // _STEP * _STEP)} ago" if seconds >= _STEP else "just now"

    def source(self, now: float) -> str:
        """``cluster-autoscaler-status, 15s ago``, or that it has stopped; ``""`` where there is no autoscaler."""
        if self.status is None:
            return ""
        age = self.age(now)
        return silence(self.status, now) or (f"{CONFIG_MAP}, {age}" if age else CONFIG_MAP)

    @property
    def unread(self) -> str:
        """Why the status is not known; ``""`` where it is, or there is none."""
        if self.error is None or self.status is not None:
            return ""
        right = f"your account may not get configmaps in {NAMESPACE}"
        return f"{CONFIG_MAP} was not read: {right if isinstance(self.error, Forbidden) else self.error.answer}"

    def words(self, now: float, *, needed: bool) -> str:
        """For a heading; ``needed``: Azure gives no limits, so that these stand for them."""
        if self.status is not None and (stopped := silence(self.status, now)):
            return stopped
        if not needed:
            return ""
        if self.status is not None and self.groups:
            return f"limits from {CONFIG_MAP} {self.age(now)}".rstrip()
        if isinstance(self.error, Forbidden):
            return f"limits need get configmaps in {NAMESPACE}"
        return ""
