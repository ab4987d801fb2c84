"""Azure's view of the machines, read again each minute while somebody looks, with its own visible backoff."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol

from kubetui.azure.machines import Machines, Place
from kubetui.cluster.clock import Clock, until_set
from kubetui.cluster.errors import ClusterError, Forbidden, Overloaded, SignInFailed
from kubetui.cluster.token import TokenSource

if TYPE_CHECKING:
    from kubetui.azure.resource_manager import ResourceManager

PERIOD = 60.0
"""Seconds between two looks. The allowance of reads is shared with the cluster's own autoscaler and cloud provider:
who reads greedily can stop a cluster from scaling."""
UNSEEN = 10.0
"""Seconds after which nobody looks: the pane is open below another, and says nothing of being painted."""
LONGEST = 600.0
"""Seconds that the pause grows to while Azure refuses."""

Wanted = Mapping[Place, frozenset[str]]
"""Node resource groups, each with the machines without a scale set that nodes run on."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to reach a cloud's resource manager."""

    endpoint: str
    tokens: TokenSource


class Offer(Protocol):
    """Finds how to sign in without asking anybody; None where a person would have to. May read files."""

    def __call__(self) -> SignIn | None:
        """The way."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is known now, and what comes next. Times are Unix seconds."""

    machines: Machines | None = None
    error: ClusterError | None = None
    """Of the last look, if it failed; ``machines`` are older then."""
    next_at: float = 0.0
    """When Azure is asked again after a failure."""
    signed_out: bool = False
    """There is no credential that asks nobody."""


class MachineFeed:
    """One cluster's machines, for all panes together. ``follow`` begins, ``rest`` ends; what was read stays, with its
    age."""

    def __init__(self, offer: Offer, clock: Clock) -> None:
        self.look = Look()
        self.offer, self._clock = offer, clock
        self._sign_in: SignIn | None = None
        self._wanted: Wanted = {}
        self._followers: dict[object, tuple[Wanted, Callable[[], None]]] = {}
        self._task: asyncio.Task[None] | None = None
        self._again = asyncio.Event()
        self._read_at: float | None = None
        self._seen_at = 0.0
        self._looked = asyncio.Event()

    def follow(self, wanted: Wanted, changed: Callable[[], None], who: object = None) -> None:
        """Read ``wanted`` now, if that is not known, and each minute; other places are read at once.

        ``who`` follows: a pane that is open below another one goes on when that rests. All share one look.
        """
        self._followers[who] = wanted, changed
        self.seen()
        together = self._together()
        if not together:
            return
        if together.keys() - self._wanted.keys():
            self._again.set()
        self._wanted = together
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run(), name="Azure machines")

    def _together(self) -> dict[Place, frozenset[str]]:
        found: dict[Place, frozenset[str]] = {}
        for wanted, _ in self._followers.values():
            for place, singles in wanted.items():
                found[place] = found.get(place, frozenset()) | singles
        return found

    def seen(self) -> None:
        """Somebody looks at the machines now; without this nothing more is read."""
        self._seen_at = self._clock.monotonic()
        self._looked.set()

    def rest(self, who: object = None) -> None:
        """``who`` looks no more; nothing is read once nobody does."""
        self._followers.pop(who, None)
        if not self._followers and self._task is not None:
            self._task.cancel()
            self._task = None

    def retry_now(self) -> None:
        """A person asks; not before the time that Azure named."""
        throttled = isinstance(self.look.error, Overloaded) and self.look.error.retry_after is not None
        if not throttled or self._clock.now() >= self.look.next_at:
            self._again.set()

    async def _run(self) -> None:
        failures = 0
        while True:
            await self._not_too_soon()
            await self._somebody()
            self._again.clear()
            self._read_at = self._clock.monotonic()
            try:
                look, pause = await self._next_look(), PERIOD
                failures = 0
            except ClusterError as error:
                failures += 1
                pause = pause_after(error, failures)
                look = Look(self.look.machines, error, self._clock.now() + pause)
            self.look = look
            for _, changed in tuple(self._followers.values()):
                changed()
            await until_set(self._again, self._clock, pause)

    async def _not_too_soon(self) -> None:
        """Who leaves and comes back within the minute sees what was read then."""
        if self._read_at is None or self._again.is_set():
            return
        left = max(self._read_at + PERIOD - self._clock.monotonic(), self.look.next_at - self._clock.now())
        if left > 0:
            await until_set(self._again, self._clock, min(left, LONGEST))

    async def _somebody(self) -> None:
        while self._clock.monotonic() - self._seen_at > UNSEEN:
            self._looked.clear()
            await self._looked.wait()

    async def _next_look(self) -> Look:
        if self._sign_in is None:
            self._sign_in = await asyncio.to_thread(self.offer)
        if self._sign_in is None:
            return Look(signed_out=True)
        # Half a second of imports, in a thread: the panes go on meanwhile.
        await asyncio.to_thread(import_module, "kubetui.azure.scale_sets")
        from kubetui.azure.quiet import log_to_our_file
        from kubetui.azure.resource_manager import ResourceManager
        from kubetui.azure.scale_sets import read_machines

        log_to_our_file()
        azure: ResourceManager
        # Connections for one look alone: none of them would last the minute until the next.
        async with ResourceManager(self._sign_in.endpoint, self._sign_in.tokens) as azure:
            return Look(await read_machines(azure, self._wanted, self._clock.now()))


_SLOWLY: Final = (Forbidden, SignInFailed)
"""What a person has to mend: asking each minute would only start ``az`` again and again."""


def pause_after(error: ClusterError, failures: int) -> float:
    """Seconds until Azure is asked again: twice as long after each failure, and never less than it asks for."""
    grown: float = min(PERIOD * 2 ** (failures - 1), LONGEST)
    if isinstance(error, _SLOWLY):
        return LONGEST
    if isinstance(error, Overloaded) and error.retry_after is not None:
        return max(error.retry_after, grown)
    return grown
