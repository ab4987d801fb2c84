"""How a container stands: as the tail tells from the watch, and as the API server says when it is asked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from kubetui.cluster.clock import Clock, until_set
from kubetui.cluster.errors import ClusterError
from kubetui.kinds.log_pod import LogContainer

log = logging.getLogger(__name__)


class Standing:
    """``pause`` waits for a change; ``update`` and ``wake`` end it."""

    def __init__(
        self, clock: Clock, container: LogContainer, latest: Callable[[], Awaitable[LogContainer | None]]
    ) -> None:
        """``latest`` asks the API server; None where the pod is gone."""
        self._clock, self._latest = clock, latest
        self._changed = asyncio.Event()
        self.container = container
        """As it was told last."""
        self.gone = False
        """The pod was deleted."""
        self.told_at = 0.0
        """When that, or another run or state, was told: monotonic seconds."""

    def update(self, container: LogContainer | None) -> None:
        """The pod's status changed; None: the pod is gone."""
        before = self.container
        if container is None:
            if not self.gone:
                self.gone, self.told_at = True, self._clock.monotonic()
                self.wake()
            return
        self.container = container
        if (before.run, before.exists, before.state) != (container.run, container.exists, container.state):
            self.told_at = self._clock.monotonic()
            self.wake()

    def wake(self) -> None:
        """Cut a pause short."""
        self._changed.set()

    async def pause(self, seconds: float | None) -> bool:
        """Wait until something changes, or so long; whether something changed."""
        try:
            return await until_set(self._changed, self._clock, seconds)
        finally:
            self._changed.clear()

    async def ask(self) -> None:
        """Ask how the container stands: the watch may be behind. Raises ClusterError types."""
        self.update(await self._latest())

    async def learn(self) -> None:
        """The same, where it does not matter much."""
        try:
            await self.ask()
        except ClusterError as error:
            log.info("%s", error)

    async def is_gone(self) -> bool:
        """Whether the pod itself is not there any more; ``gone`` says so then."""
        try:
            self.gone = self.gone or await self._latest() is None
        except ClusterError as error:
            log.info("%s", error)
        return self.gone
